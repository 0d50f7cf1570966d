"""Batches for ``fit`` of a Keras 3 model, on any of its backends."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.datasets.loading.batches import Batches
from sori.errors import MissingExtra, ParameterError

try:
    import keras
except ImportError as absent:
    raise MissingExtra("Keras loaders need Keras: pip install 'sori[keras]'") from absent

__all__ = ["KerasLoader"]


class KerasLoader(keras.utils.PyDataset):  # type: ignore[misc]
    """Batches as Keras asks for them, ``(samples, targets)``: one epoch, then the next.

    Parameters
    ----------
    batches
        What to give; it decides the order, so ``fit`` is called with ``shuffle=False``.
    **options
        Those of `keras.utils.PyDataset`: ``workers`` (threads) and ``max_queue_size``.

    Raises
    ------
    ParameterError
        For ``use_multiprocessing``: processes would not know which epoch it is, and threads are fast enough.

    Examples
    --------
    >>> loader = KerasLoader(Batches(store, batch_size=32, crop_s=3.0, targets="class"))  # doctest: +SKIP
    >>> model.fit(loader, epochs=10, shuffle=False)  # doctest: +SKIP
    """

    def __init__(self, batches: Batches, **options: Any) -> None:
        if options.get("use_multiprocessing"):
            raise ParameterError("use_multiprocessing=True: batches are read by threads; give workers alone")
        super().__init__(**options)
        self.batches = batches
        self._furthest = -1

    def __len__(self) -> int:
        """Return how many batches an epoch has."""
        return len(self.batches)

    def __getitem__(self, batch: int) -> tuple[NDArray[np.float32], ...]:
        """Return a batch of this epoch."""
        self._furthest = max(self._furthest, batch)
        made = self.batches.make(self.batches.epoch, batch)
        return (made.samples,) if made.targets is None else (made.samples, made.targets)

    def on_epoch_end(self) -> None:
        """Go to the next epoch, but not after the single batch by which Keras learns the shapes."""
        if self._furthest >= min(1, len(self) - 1):
            self.batches.epoch += 1
        self._furthest = -1

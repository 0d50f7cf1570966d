"""Batches as PyTorch tensors, read by worker processes; and clips for a `DataLoader` of one's own.

A worker is told (epoch, batch) and makes that batch, whole: nothing is drawn in workers, nothing is put
together twice, and how many there are changes no number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from sori.datasets.loading.batches import Batch, Batches
from sori.errors import MissingExtra

try:
    import torch
    from torch import Tensor
    from torch.utils.data import DataLoader, Dataset
except ImportError as absent:
    raise MissingExtra("PyTorch loaders need PyTorch: pip install 'sori[torch]'") from absent

__all__ = ["ClipDataset", "TensorBatch", "TorchLoader"]


class TensorBatch(NamedTuple):
    """`Batch` as tensors, sharing its memory."""

    samples: Tensor
    targets: Tensor | None
    rows: Tensor
    starts: Tensor
    lengths: Tensor

    def pin_memory(self) -> TensorBatch:
        """Return it in memory that a GPU copies from while the processor goes on."""
        return _each(self, lambda part: part.pin_memory())


def _tensors(made: Batch) -> TensorBatch:
    return _each(made, torch.from_numpy)


def _each(parts: tuple[Any, ...], change: Callable[[Any], Tensor]) -> TensorBatch:
    changed: Any = [None if part is None else change(part) for part in parts]
    return TensorBatch(*changed)


class ClipDataset(Dataset[tuple[Tensor, Tensor | None]]):
    """The clips of an epoch as a map-style dataset: item ``i`` is ``(samples, target)``.

    For a `DataLoader` with samplers of one's own; `TorchLoader` is faster, and can go on in the middle of an
    epoch.

    Parameters
    ----------
    batches
        What decides crops and targets; its batch size and order do not matter here.

    Examples
    --------
    >>> dataset = ClipDataset(Batches(store, batch_size=1, crop_s=3.0, targets="class"))  # doctest: +SKIP
    >>> loader = DataLoader(dataset, batch_size=32, shuffle=True)  # doctest: +SKIP
    """

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Take the crops of another epoch; before each loop, because workers copy this then."""
        self._epoch = epoch

    def __len__(self) -> int:
        """Return how many items an epoch has."""
        return self._batches.n_items

    def __getitem__(self, item: int) -> tuple[Tensor, Tensor | None]:
        """Return the samples ``(channels, time)`` and the target of an item."""
        if not -len(self) <= item < len(self):
            raise IndexError(f"item {item} of {len(self)}")
        made = _tensors(self._batches.of_items(self._epoch, [item % len(self)]))
        return made.samples[0], None if made.targets is None else made.targets[0]


class _BatchDataset(Dataset[TensorBatch]):
    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __getitem__(self, which: tuple[int, int]) -> TensorBatch:
        return _tensors(self._batches.make(*which))


class _Rest:
    """The numbers of the batches of an epoch that are left."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    def __iter__(self) -> Iterator[tuple[int, int]]:
        for batch in range(self._batches.batch, len(self._batches)):
            yield self._batches.epoch, batch

    def __len__(self) -> int:
        return len(self._batches) - self._batches.batch


class TorchLoader:
    """An endless supply of epochs in tensors: each loop over it is one.

    Parameters
    ----------
    batches
        What to give.
    workers
        Processes that read ahead; 0 reads in this one. They are started once, by *forkserver* or *spawn*, and
        map the store for themselves.
    ahead
        Batches that each worker is ahead.
    pin_memory
        Whether batches are put where a GPU can copy them from.

    Examples
    --------
    >>> loader = TorchLoader(Batches(store, batch_size=32, crop_s=3.0, targets="class"))  # doctest: +SKIP
    >>> for samples, targets, *_ in loader:  # doctest: +SKIP
    ...     ...
    """

    def __init__(
        self, batches: Batches, *, workers: int = 0, ahead: int = 2, pin_memory: bool = False
    ) -> None:
        self.batches = batches
        options: dict[str, Any] = {}
        if workers:
            methods = torch.multiprocessing.get_all_start_methods()
            method = "forkserver" if "forkserver" in methods else "spawn"
            options = {
                "multiprocessing_context": method,
                "persistent_workers": True,
                "prefetch_factor": ahead,
            }
        self._loader: DataLoader[TensorBatch] = DataLoader(
            _BatchDataset(batches),
            sampler=_Rest(batches),
            batch_size=None,
            num_workers=workers,
            pin_memory=pin_memory,
            **options,
        )

    def __len__(self) -> int:
        """Return how many batches an epoch has."""
        return len(self.batches)

    def __iter__(self) -> Iterator[TensorBatch]:
        """Give the batches of this epoch that are left; then the epoch is the next."""
        for made in self._loader:
            self.batches.batch += 1
            yield made
        self.batches.epoch, self.batches.batch = self.batches.epoch + 1, 0

    def state_dict(self) -> dict[str, int]:
        """Return where this is, counting what was given and not what was read ahead."""
        return self.batches.state_dict()

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on where `state_dict` was taken; before a loop begins."""
        self.batches.load_state_dict(state)

"""Batches as JAX arrays: moved as 16-bit integers, made floats there, one ahead of what is computed."""

from __future__ import annotations

from collections.abc import Iterator

from sori.datasets.loading.batches import Batch, Batches
from sori.errors import MissingExtra, ParameterError
from sori.signal.quantization import from_integer

try:
    import jax
except ImportError as absent:
    raise MissingExtra("JAX loaders need JAX: pip install 'sori[jax]'") from absent

__all__ = ["on_device"]


def on_device(batches: Batches, *, device: jax.Device | None = None) -> Iterator[Batch]:
    """Give one epoch of batches whose samples and targets are arrays on a device.

    Moving does not wait for computing, so the next batch is on its way while the model works on this one.

    Parameters
    ----------
    batches
        What to give, with ``floats=False``: half the bytes go over.
    device
        Where to; by default where JAX puts things.

    Raises
    ------
    ParameterError
        The batches are floats already.
    """
    if batches.floats:
        raise ParameterError("the batches are made of floats; give Batches(..., floats=False)")
    return _on_device(batches, device)


def _on_device(batches: Batches, device: jax.Device | None) -> Iterator[Batch]:
    ahead = None if batches.batch >= len(batches) else _moved(batches, batches.batch, device)
    while ahead is not None:
        batches.batch += 1
        given = ahead
        ahead = None if batches.batch >= len(batches) else _moved(batches, batches.batch, device)
        yield given
    batches.epoch, batches.batch = batches.epoch + 1, 0


def _moved(batches: Batches, which: int, device: jax.Device | None) -> Batch:
    made = batches.make(batches.epoch, which)
    samples, targets = jax.device_put((made.samples, made.targets), device)
    return made._replace(samples=from_integer(samples), targets=targets)

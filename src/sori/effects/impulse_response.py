"""A place that was recorded: its impulse response on another sound."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, waveform
from sori.effects.drawing import choice, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column, placed
from sori.effects.recordings import checked_paths, listed, recording
from sori.signal.fir import fir_filter

__all__ = ["ImpulseResponse", "convolve_each", "direct_first"]


def direct_first(response: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return an impulse response from its highest peak on, of energy 1: what comes first is not delayed.

    >>> direct_first(np.array([0.0, 0.1, 3.0, 4.0 / 3.0])).round(2).tolist()
    [0.91, 0.41]
    """
    found = response[int(np.argmax(np.abs(response))) :]
    return np.asarray(found / max(float(np.sqrt(np.sum(np.square(found, dtype=np.float64)))), 1e-30))


def convolve_each(x: Array, responses: Sequence[NDArray[np.floating]], *, mix: Numbers = 1.0) -> Array:
    """Return items, each with an impulse response of its own.

    Parameters
    ----------
    x : (items, ..., time) real
    responses : sequence of (taps,) NumPy arrays, one for each item
        The longest says how much is computed.
    mix : float or (items,)
        0 the sound alone, 1 the convolution alone.

    Returns
    -------
    As ``x``; what rings on ends where it ends.
    """
    _, x = waveform(x)
    n = x.shape[-1]
    if n == 0:
        return x
    length = min(n, max(len(one) for one in responses))
    dtype = str(x.dtype).rpartition(".")[2]
    taps = np.zeros((len(responses), *(1,) * (x.ndim - 2), length), dtype)
    for row, one in zip(taps, responses, strict=True):
        row[..., : min(len(one), length)] = one[:length]
    return column(1.0 - mix, x) * x + column(mix, x) * fir_filter(x, placed(taps, x))


@lru_cache(maxsize=256)
def _place(path: str, sample_rate: int) -> NDArray[np.floating]:
    return direct_first(recording(path, sample_rate))


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImpulseResponse(Effect):
    """A place, a loudspeaker or a microphone that was recorded, drawn from files.

    Parameters
    ----------
    paths : sequence of str
        Recordings of impulse responses, or folders of them. Several channels are mixed; the highest peak
        comes first, so that nothing is delayed; each has energy 1.
    min_mix, max_mix : float
        0 the sound alone, 1 the place alone.
    p : float
        How likely it is to take part.
    """

    paths: tuple[str, ...]
    min_mix: float = 0.3
    max_mix: float = 1.0
    p: float = 1.0

    _LIMITS = (("mix", 0.0, 1.0),)

    def __post_init__(self) -> None:
        """Keep the paths as strings."""
        super().__post_init__()
        object.__setattr__(self, "paths", checked_paths(self.paths))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"path": choice(rng, listed(self.paths)), "mix": uniform(rng, self.min_mix, self.max_mix)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        responses = [_place(path, int(sample_rate)) for path in drawn["path"]]
        return convolve_each(x, responses, mix=drawn["mix"])

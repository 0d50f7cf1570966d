"""Earlier and later."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers
from sori.effects.moved_events import retimed
from sori.effects.reading import read_from

__all__ = ["TimeShift", "time_shift"]


def time_shift(x: Array, *, sample_rate: float, shift_s: Numbers, wrap: bool = False) -> Array:
    """Return a signal moved in time by whole samples, as long as it was.

    Parameters
    ----------
    x : (items, ..., time) or (time,) real
    sample_rate : float
        Hz.
    shift_s : float or (items,)
        Later by so many seconds, earlier below 0; rounded to a sample.
    wrap : bool
        What leaves at one end comes in at the other; else silence does.

    Returns
    -------
    As ``x``

    Examples
    --------
    >>> time_shift(np.array([1.0, 2.0, 3.0]), sample_rate=2, shift_s=0.5).tolist()
    [0.0, 1.0, 2.0]
    """
    _, x = waveform(x)
    if x.shape[-1] == 0:
        return x
    starts = -np.round(np.atleast_1d(np.asarray(shift_s, np.float64)) * sample_rate)
    starts = starts.astype(np.int64)
    if len(starts) == 1 and (x.ndim == 1 or x.shape[0] != 1):
        return read_from(x[None, ...], starts, wrap=wrap)[0, ...]
    return read_from(x, starts, wrap=wrap)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeShift(Effect):
    """Earlier or later by a drawn time: for what must not depend on where in an excerpt something happens.

    Parameters
    ----------
    min_s, max_s : float
        Shift, seconds; below 0 earlier.
    wrap : bool
        What leaves at one end comes in at the other; else silence does.
    p : float
        How likely it is to take part.
    """

    min_s: float = -0.5
    max_s: float = 0.5
    wrap: bool = False
    p: float = 1.0

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"shift_s": uniform(rng, self.min_s, self.max_s)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return time_shift(x, sample_rate=sample_rate, shift_s=drawn["shift_s"], wrap=self.wrap)

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        return retimed(event, shift_s=drawn["shift_s"], duration_s=duration_s, wrap=self.wrap)

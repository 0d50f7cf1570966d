"""Later, and channels apart in time."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sori.arrays import Array, namespace, waveform
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns
from sori.effects.moved_events import retimed
from sori.effects.reading import read_from
from sori.errors import ParameterError

__all__ = ["Delay", "delay"]


def delay(x: Array, *, sample_rate: float, delay_s: ArrayLike) -> Array:
    """Return items whose channels come later, as long as they were: silence comes first.

    Parameters
    ----------
    x : (items, ..., channels, time) real
    sample_rate : float
        Hz.
    delay_s : (items, channels) or (items, 1)
        Seconds, not below 0; rounded to a sample.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    late = np.asarray(delay_s, np.float64)
    if late.ndim != 2 or late.shape[0] != x.shape[0] or not (late >= 0).all():
        raise ParameterError(f"delay_s={delay_s!r}: want (items, channels or 1) seconds, not below 0")
    lead = tuple(x.shape[:-1])
    late = late.reshape(len(late), *(1,) * (len(lead) - 2), *((-1,) if len(lead) > 1 else ()))
    starts = -np.round(np.broadcast_to(late, lead) * sample_rate).astype(np.int64).reshape(-1)
    xp = namespace(x)
    rows = xp.reshape(x, (math.prod(lead), x.shape[-1]))
    return xp.reshape(read_from(rows, starts), x.shape)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Delay(Effect):
    """Later by a drawn time, all channels together or each by its own: microphones at different distances.

    Parameters
    ----------
    min_s, max_s : float
        Delay, seconds.
    linked : bool
        All channels by the same.
    p : float
        How likely it is to take part.
    """

    min_s: float = 0.0
    max_s: float = 0.02
    linked: bool = True
    p: float = 1.0

    _LIMITS = (("s", 0.0, 3600.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        channels = 1 if self.linked or len(shape) < 2 else shape[-2]
        return {"delay_s": [uniform(rng, self.min_s, self.max_s) for _ in range(channels)]}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return delay(x, sample_rate=sample_rate, delay_s=drawn["delay_s"])

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        mean = sum(drawn["delay_s"]) / len(drawn["delay_s"])
        return retimed(event, shift_s=mean, duration_s=duration_s)

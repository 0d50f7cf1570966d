"""Faster and higher, slower and lower: a record at another speed."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from sori.arrays import Array, fix_length, waveform
from sori.arrays.framing import check_numbers
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns
from sori.effects.moved_events import retimed, transposed
from sori.errors import ParameterError
from sori.signal.resampling import resample

__all__ = ["Speed", "speed"]

_PARTS = 100  # a rate is a whole number of hundredths: few filters, each used again and again


def speed(x: Array, *, rate: float, quality: str = "medium") -> Array:
    """Return a signal played ``rate`` times as fast: shorter, and higher by ``12 log2(rate)`` semitones.

    Parameters
    ----------
    x : (..., time) real
    rate : float
        0.01 to 100, rounded to a hundredth.
    quality : str
        See `sori.signal.resampling.resample`.

    Returns
    -------
    (..., about time / rate) real

    Examples
    --------
    >>> speed(np.zeros(8000), rate=1.25).shape
    (6400,)
    """
    _, x = waveform(x)
    check_numbers(rate=rate)
    parts = round(rate * _PARTS)
    if not 1 <= parts <= _PARTS**2:
        raise ParameterError(f"rate={rate}: want {1 / _PARTS} to {_PARTS}")
    return resample(x, orig_sr=parts, target_sr=_PARTS, quality=quality)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Speed(Effect):
    """A record at a drawn speed: tempo and pitch together.

    Beat times and segments move, pitches, keys and chords too.

    Parameters
    ----------
    min_rate, max_rate : float
        1 leaves everything as it is; drawn in steps of a hundredth.
    keep_length : bool
        Cut what is too long, and let silence follow what is too short, as a batch needs it.
    p : float
        How likely it is to take part.
    """

    min_rate: float = 0.9
    max_rate: float = 1.1
    keep_length: bool = True
    p: float = 1.0

    _ALIKE = ("rate",)
    _LIMITS = (("rate", 0.1, 10.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"rate": round(uniform(rng, self.min_rate, self.max_rate) * _PARTS) / _PARTS}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        y = speed(x, rate=float(drawn["rate"][0]))
        return fix_length(y, x.shape[-1]) if self.keep_length else y

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        rate = drawn["rate"]
        after_s = self.duration_after(duration_s, dict(drawn))
        return transposed(retimed(event, rate=rate, duration_s=after_s), 12 * math.log2(rate))

    def duration_after(self, duration_s: float, parameters: Parameters | None) -> float:
        """Return the length at the drawn speed, seconds."""
        return duration_s if self.keep_length or parameters is None else duration_s / parameters["rate"]

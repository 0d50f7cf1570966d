"""Faster and slower at the same pitch."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from sori.arrays import Array, fix_length
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.frames import frame_length
from sori.effects.items import Columns
from sori.effects.moved_events import retimed
from sori.spectral.phase_vocoder import time_stretch

__all__ = ["TimeStretch"]

_PARTS = 100  # a rate is a whole number of hundredths


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeStretch(Effect):
    """A drawn tempo at the same pitch; beat times and segments move along.

    Parameters
    ----------
    min_rate, max_rate : float
        1 leaves everything as it is; drawn in steps of a hundredth.
    keep_length : bool
        Cut what is too long, and let silence follow what is too short, as a batch needs it.
    p : float
        How likely it is to take part.
    """

    min_rate: float = 0.8
    max_rate: float = 1.25
    keep_length: bool = True
    p: float = 1.0

    _ALIKE = ("rate",)
    _LIMITS = (("rate", 0.1, 10.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"rate": round(uniform(rng, self.min_rate, self.max_rate) * _PARTS) / _PARTS}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        rate = float(drawn["rate"][0])
        if rate == 1.0:
            return x
        n_fft = frame_length(sample_rate)
        y = time_stretch(x, rate=rate, n_fft=n_fft)
        return fix_length(y, x.shape[-1]) if self.keep_length else y

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        after_s = self.duration_after(duration_s, dict(drawn))
        return retimed(event, rate=drawn["rate"], duration_s=after_s)

    def duration_after(self, duration_s: float, parameters: Parameters | None) -> float:
        """Return the length at the drawn rate, seconds."""
        return duration_s if self.keep_length or parameters is None else duration_s / parameters["rate"]

"""A stage driven too hard, softly."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column
from sori.signal.level import rms

__all__ = ["Overdrive", "overdrive"]


def overdrive(x: Array, *, drive_db: Numbers) -> Array:
    """Return ``tanh(gain x)``, as loud as it was: odd harmonics, more where it is louder.

    Parameters
    ----------
    x : (items, ..., time) real
    drive_db : float or (items,)
        Gain before the bend, dB.

    Returns
    -------
    As ``x``, each item with the RMS that it had.
    """
    xp, x = waveform(x)
    y = xp.tanh(column(10.0 ** (drive_db / 20), x) * x)
    before, after = (rms(xp.reshape(one, (one.shape[0], -1))) for one in (x, y))
    heard = after > 0
    gain = before / xp.where(heard, after, xp.ones_like(after))
    return xp.reshape(gain, (-1, *(1,) * (x.ndim - 1))) * y


@dataclasses.dataclass(frozen=True, kw_only=True)
class Overdrive(Effect):
    """A drawn amount of soft distortion: valves, tape, a guitar amplifier.

    Parameters
    ----------
    min_drive_db, max_drive_db : float
        Gain before the bend, dB.
    p : float
        How likely it is to take part.
    """

    min_drive_db: float = 0.0
    max_drive_db: float = 30.0
    p: float = 1.0

    _LIMITS = (("drive_db", -20.0, 80.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"drive_db": uniform(rng, self.min_drive_db, self.max_drive_db)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return overdrive(x, drive_db=drawn["drive_db"])

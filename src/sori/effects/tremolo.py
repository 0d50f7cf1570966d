"""Loudness that swings."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, namespace, waveform
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column
from sori.effects.swing import WAVES, swing
from sori.errors import ParameterError

__all__ = ["Tremolo", "tremolo"]


def tremolo(
    x: Array,
    *,
    sample_rate: float,
    rate_hz: Numbers,
    depth: Numbers,
    phase: Numbers = 0.0,
    wave: str = "sine",
) -> Array:
    """Return items whose loudness swings between full and ``1 - depth``.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    rate_hz, depth, phase : float or (items,)
        How often a second, how far (0 to 1), and where it begins (0 to 1).
    wave : str
        See `sori.effects.swing.swing`.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    if x.shape[-1] == 0:
        return x
    up = swing(x, rate_hz=rate_hz, phase=phase, sample_rate=sample_rate, wave=wave)
    gain = 1.0 - column(depth, up) * (1.0 - up)
    return namespace(x).reshape(gain, (-1, *(1,) * (x.ndim - 2), x.shape[-1])) * x


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tremolo(Effect):
    """Loudness that swings at a drawn rate.

    Parameters
    ----------
    min_rate_hz, max_rate_hz : float
        How often a second.
    min_depth, max_depth : float
        How far down, 0 to 1.
    wave : str
        sine, triangle or square.
    p : float
        How likely it is to take part.
    """

    min_rate_hz: float = 1.0
    max_rate_hz: float = 8.0
    min_depth: float = 0.2
    max_depth: float = 0.8
    wave: str = "sine"
    p: float = 1.0

    _LIMITS = (("rate_hz", 0.01, 100.0), ("depth", 0.0, 1.0))

    def __post_init__(self) -> None:
        """Refuse waves that there are not."""
        super().__post_init__()
        if self.wave not in WAVES:
            raise ParameterError(f"wave={self.wave!r}: want one of {', '.join(WAVES)}")

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "rate_hz": geometric(rng, self.min_rate_hz, self.max_rate_hz),
            "depth": uniform(rng, self.min_depth, self.max_depth),
            "phase": uniform(rng, 0.0, 1.0),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return tremolo(
            x,
            sample_rate=sample_rate,
            rate_hz=drawn["rate_hz"],
            depth=drawn["depth"],
            phase=drawn["phase"],
            wave=self.wave,
        )

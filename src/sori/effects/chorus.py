"""Several of the same, never quite together."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, waveform
from sori.arrays.framing import check_counts
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column, largest
from sori.effects.reading import read_back
from sori.effects.swing import swing

__all__ = ["Chorus", "chorus"]


def chorus(
    x: Array,
    *,
    sample_rate: float,
    rate_hz: Numbers,
    depth_s: Numbers,
    delay_s: Numbers,
    mix: Numbers,
    phase: Numbers = 0.0,
    voices: int = 2,
) -> Array:
    """Return items beside voices of themselves whose delays swing, each out of step with the others.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    rate_hz, depth_s, phase : float or (items,)
        How often a second, how far (seconds) and from where (0 to 1) the delays swing.
    delay_s : float or (items,)
        The shortest delay, seconds.
    mix : float or (items,)
        0 the sound alone, 1 its voices alone.
    voices : int
        How many.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    if x.shape[-1] == 0:
        return x
    longest = (largest(delay_s) + largest(depth_s)) * sample_rate
    total = None
    for voice in range(voices):
        up = swing(x, rate_hz=rate_hz, phase=phase + voice / voices, sample_rate=sample_rate)
        late = column(delay_s * sample_rate, up) + column(depth_s * sample_rate, up) * up
        one = read_back(x, late, longest=longest)
        total = one if total is None else total + one
    return column(1.0 - mix, x) * x + column(mix / voices**0.5, x) * total


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chorus(Effect):
    """One player becomes a section: voices with delays of 10 to 30 ms that swing.

    Parameters
    ----------
    min_rate_hz, max_rate_hz : float
        How often a second the delays swing.
    min_depth_s, max_depth_s : float
        How far they swing, seconds.
    min_delay_s, max_delay_s : float
        The shortest delay, seconds.
    min_mix, max_mix : float
        0 the sound alone, 1 its voices alone.
    voices : int
        How many.
    p : float
        How likely it is to take part.
    """

    min_rate_hz: float = 0.3
    max_rate_hz: float = 2.0
    min_depth_s: float = 0.001
    max_depth_s: float = 0.004
    min_delay_s: float = 0.01
    max_delay_s: float = 0.025
    min_mix: float = 0.3
    max_mix: float = 0.6
    voices: int = 2
    p: float = 1.0

    _LIMITS = (("rate_hz", 0.01, 50.0), ("depth_s", 0.0, 0.1), ("delay_s", 0.0, 1.0), ("mix", 0.0, 1.0))

    def __post_init__(self) -> None:
        """Refuse a number of voices that is none."""
        super().__post_init__()
        check_counts(voices=self.voices)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "rate_hz": geometric(rng, self.min_rate_hz, self.max_rate_hz),
            "depth_s": uniform(rng, self.min_depth_s, self.max_depth_s),
            "delay_s": uniform(rng, self.min_delay_s, self.max_delay_s),
            "mix": uniform(rng, self.min_mix, self.max_mix),
            "phase": uniform(rng, 0.0, 1.0),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        names = ("rate_hz", "depth_s", "delay_s", "mix", "phase")
        return chorus(x, sample_rate=sample_rate, voices=self.voices, **{name: drawn[name] for name in names})

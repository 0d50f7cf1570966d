"""A comb that sweeps."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column, largest
from sori.effects.reading import read_back
from sori.effects.swing import swing

__all__ = ["Flanger", "flanger"]

_STRONGEST = 0.999
_FAINT = 1e-4  # what is fed back so often that this is left of it is left out


def flanger(
    x: Array,
    *,
    sample_rate: float,
    rate_hz: Numbers,
    depth_s: Numbers,
    delay_s: Numbers,
    feedback: Numbers,
    mix: Numbers,
    phase: Numbers = 0.0,
) -> Array:
    """Return items beside themselves a swinging moment ago, some of which is fed back.

    What is fed back is a sum over one, two, three ... delays. The terms of a sum twice as long are those of
    the sum, and again from so many delays ago: so a few readings do for all of them, without a loop over
    samples.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    rate_hz, depth_s, phase : float or (items,)
        How often a second, how far (seconds) and from where (0 to 1) the delay swings.
    delay_s : float or (items,)
        The shortest delay, seconds.
    feedback : float or (items,)
        How much of the delayed sound is delayed again, between -1 and 1.
    mix : float or (items,)
        0 the sound alone, 1 the delayed sound alone; in the middle the comb is deepest.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    if x.shape[-1] == 0:
        return x
    up = swing(x, rate_hz=rate_hz, phase=phase, sample_rate=sample_rate)
    late = column(delay_s * sample_rate, up) + column(depth_s * sample_rate, up) * up
    longest = (largest(delay_s) + largest(depth_s)) * sample_rate
    fed = _fed_back(x, late, feedback, longest)
    return column(1.0 - mix, x) * x + column(mix, x) * read_back(fed, late, longest=longest)


def _fed_back(x: Array, late: Array, feedback: Numbers, longest: float) -> Array:
    """Return ``y(t) = x(t) + feedback y(t - late(t))``."""
    size = np.clip(np.abs(np.atleast_1d(np.asarray(feedback, np.float64))), 1e-9, _STRONGEST)
    doublings = np.ceil(np.log2(np.maximum(np.log(_FAINT) / np.log(size), 1e-3)))
    most = int(doublings.max(initial=0))
    for number in range(most):
        # An item has as many terms as it needs, whatever others are beside it.
        again = np.where(number < doublings, np.asarray(feedback, np.float64) ** 2**number, 0.0)
        x = x + column(again, x) * read_back(x, late, longest=longest)
        if number + 1 < most:
            late = late + read_back(late, late, longest=longest)
            longest *= 2
    return x


@dataclasses.dataclass(frozen=True, kw_only=True)
class Flanger(Effect):
    """A comb of notches that sweeps through the spectrum: a passing jet, two tapes that drift apart.

    Parameters
    ----------
    min_rate_hz, max_rate_hz : float
        How often a second the delay swings.
    min_depth_s, max_depth_s : float
        How far it swings, seconds.
    min_delay_s, max_delay_s : float
        The shortest delay, seconds.
    min_feedback, max_feedback : float
        How much of the delayed sound is delayed again, -0.9 to 0.9.
    min_mix, max_mix : float
        0 the sound alone, 1 the delayed sound alone.
    p : float
        How likely it is to take part.
    """

    min_rate_hz: float = 0.1
    max_rate_hz: float = 1.0
    min_depth_s: float = 0.001
    max_depth_s: float = 0.005
    min_delay_s: float = 0.0005
    max_delay_s: float = 0.002
    min_feedback: float = 0.0
    max_feedback: float = 0.7
    min_mix: float = 0.3
    max_mix: float = 0.5
    p: float = 1.0

    _LIMITS = (
        ("rate_hz", 0.01, 50.0),
        ("depth_s", 0.0, 0.1),
        ("delay_s", 0.0, 0.1),
        ("feedback", -0.9, 0.9),
        ("mix", 0.0, 1.0),
    )

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "rate_hz": geometric(rng, self.min_rate_hz, self.max_rate_hz),
            "depth_s": uniform(rng, self.min_depth_s, self.max_depth_s),
            "delay_s": uniform(rng, self.min_delay_s, self.max_delay_s),
            "feedback": uniform(rng, self.min_feedback, self.max_feedback),
            "mix": uniform(rng, self.min_mix, self.max_mix),
            "phase": uniform(rng, 0.0, 1.0),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        names = ("rate_hz", "depth_s", "delay_s", "feedback", "mix", "phase")
        return flanger(x, sample_rate=sample_rate, **{name: drawn[name] for name in names})

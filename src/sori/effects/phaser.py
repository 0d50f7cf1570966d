"""Notches that sweep."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, waveform
from sori.arrays.framing import check_counts
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.frames import frame_length
from sori.effects.items import Columns, Numbers, column
from sori.effects.swing import swing
from sori.spectral.magnitude import complex_of
from sori.spectral.stft import istft, stft

__all__ = ["Phaser", "phaser"]

_HIGHEST = 0.45  # of the sample rate


def phaser(
    x: Array,
    *,
    sample_rate: float,
    rate_hz: Numbers,
    low_hz: Numbers,
    high_hz: Numbers,
    feedback: Numbers,
    mix: Numbers,
    phase: Numbers = 0.0,
    stages: int = 4,
) -> Array:
    """Return items beside themselves after a row of all-pass filters whose frequency swings.

    The filters move slowly beside a frame of 46 ms, so in each frame they are a factor for every frequency,
    feedback and all: no sample waits for the one before it.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    rate_hz, phase : float or (items,)
        How often a second the filters swing, and from where (0 to 1).
    low_hz, high_hz : float or (items,)
        Between which frequencies, evenly in octaves.
    feedback : float or (items,)
        How much comes back to the first filter, between -1 and 1.
    mix : float or (items,)
        0 the sound alone, 1 the filtered sound alone; in the middle the notches are deepest.
    stages : int
        All-pass filters of first order; two make a notch.

    Returns
    -------
    As ``x``
    """
    xp, x = waveform(x)
    n = x.shape[-1]
    if n == 0:
        return x
    n_fft = frame_length(sample_rate)
    hop = n_fft // 4
    S = stft(x, n_fft=n_fft, hop_length=hop)
    frames = S.shape[-1]
    up = swing(x, rate_hz=rate_hz, phase=phase, sample_rate=sample_rate, hop=hop)
    up = up[:, :frames] if up.shape[-1] >= frames else xp.concat([up, up[:, -1:]], axis=-1)
    low, high = (
        np.log(np.minimum(np.asarray(one, np.float64), _HIGHEST * sample_rate)) for one in (low_hz, high_hz)
    )
    turning = xp.exp(column(low, up) + column(high - low, up) * up) * (math.pi / sample_rate)
    tangent = xp.sin(turning) / xp.cos(turning)
    # Each filter turns a frequency by 2 atan(tan(w / 2) / tan(w_c / 2)), the bilinear image of an RC pair.
    bins = constant(_half_tangents, like=x, n_fft=n_fft)
    angle = -2.0 * stages * xp.atan(bins / tangent[:, None, :])
    response = _response(xp.cos(angle), xp.sin(angle), feedback, mix)
    shape = (response.shape[0], *(1,) * (x.ndim - 2), *response.shape[1:])
    return istft(S * xp.reshape(response, shape), n_fft=n_fft, hop_length=hop, length=n)


def _response(re: Array, im: Array, feedback: Numbers, mix: Numbers) -> Array:
    """Return ``1 - mix + mix A / (1 - feedback A)`` of a turn ``A = re + i im``, scaled to keep the level."""
    back = column(feedback, re)
    # A / (1 - f A) = A (1 - f A*) / |1 - f A|^2 = (A - f) / |1 - f A|^2
    scale = column(mix * (1.0 - np.abs(feedback)), re) / (1.0 - 2.0 * back * re + back * back)
    real, imaginary = column(1.0 - mix, re) + scale * (re - back), scale * im
    return complex_of(real, imaginary)


def _half_tangents(*, n_fft: int) -> NDArray[np.float64]:
    at = np.arange(n_fft // 2 + 1) / n_fft
    return np.tan(np.pi * np.minimum(at, 0.4999))[:, None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Phaser(Effect):
    """Notches that sweep up and down, a few, not evenly spaced as a flanger's.

    Parameters
    ----------
    min_rate_hz, max_rate_hz : float
        How often a second.
    min_low_hz, max_low_hz, min_high_hz, max_high_hz : float
        Between which frequencies they sweep.
    min_feedback, max_feedback : float
        How sharp they are, -0.9 to 0.9.
    min_mix, max_mix : float
        0 the sound alone, 1 the filtered sound alone.
    stages : int
        Two for each notch.
    p : float
        How likely it is to take part.
    """

    min_rate_hz: float = 0.1
    max_rate_hz: float = 1.5
    min_low_hz: float = 200.0
    max_low_hz: float = 500.0
    min_high_hz: float = 1000.0
    max_high_hz: float = 4000.0
    min_feedback: float = 0.0
    max_feedback: float = 0.6
    min_mix: float = 0.3
    max_mix: float = 0.5
    stages: int = 4
    p: float = 1.0

    _LIMITS = (
        ("rate_hz", 0.01, 5.0),
        ("low_hz", 20.0, 1e5),
        ("high_hz", 20.0, 1e5),
        ("feedback", -0.9, 0.9),
        ("mix", 0.0, 1.0),
    )

    def __post_init__(self) -> None:
        """Refuse a number of filters that is none."""
        super().__post_init__()
        check_counts(stages=self.stages)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "rate_hz": geometric(rng, self.min_rate_hz, self.max_rate_hz),
            "low_hz": geometric(rng, self.min_low_hz, self.max_low_hz),
            "high_hz": geometric(rng, self.min_high_hz, self.max_high_hz),
            "feedback": uniform(rng, self.min_feedback, self.max_feedback),
            "mix": uniform(rng, self.min_mix, self.max_mix),
            "phase": uniform(rng, 0.0, 1.0),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        names = ("rate_hz", "low_hz", "high_hz", "feedback", "mix", "phase")
        return phaser(x, sample_rate=sample_rate, stages=self.stages, **{name: drawn[name] for name in names})

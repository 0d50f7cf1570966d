"""Periods a frame may have: `yin_candidates`, the array part of pitch tracking.

YIN compares a frame with itself a lag later and looks for lags at which little differs. Here both
copies lie under one window around the same centre, so that neither the estimate nor its time leans
with the lag, and the difference is divided by the energy of both copies (McLeod & Wyvill), so that
it is 0 for a perfect period and 1 for noise, at every lag.

Source: de Cheveigné & Kawahara, "YIN", JASA 111(4), 2002; McLeod & Wyvill, "A smarter way to find
pitch", ICMC 2005; Mauch & Dixon, "pYIN", ICASSP 2014 (several candidates a frame).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, irfft, pad, product, rfft, waveform
from sori.arrays.framing import check_counts, check_numbers, frame
from sori.arrays.kinds import is_jax
from sori.errors import ParameterError
from sori.spectral.windows import window

__all__ = ["Candidates", "frame_length_of", "yin_candidates"]

_PERIODS = 4.2  # of the lowest pitch in a frame: fewer blur neighbouring lags, more blur glides
_SHORTEST_S = 0.046
_LOWPASS_HZ, _LOWPASS = 2000.0, 0.65  # of fmax if higher: above are breath, noise, and partials out of tune
_FINER = 2  # lags between samples: peaks of bright sounds are narrower than a sample
_OCTAVE_COST = 0.05  # every multiple of a period is a period: the shortest that explains as much is meant
_ENERGY_LAGS = 17
_LOWEST = 0.05  # similarity; what is less periodic is nothing
_REACH = 60.0  # lags (of the finer grid, in units of ~1/22 kHz) to which a short period is multiplied


class Candidates(NamedTuple):
    """What `yin_candidates` finds; ``n`` candidates a frame, the best first, ``hz`` 0 where there are fewer.

    Attributes
    ----------
    hz : (..., frames, n)
        Frequencies.
    difference : (..., frames, n)
        Normalised difference at each: 0 a perfect period, 1 none. 1 where there is no candidate.
    half, double : (..., frames, n)
        The difference at half and at twice the period.
    shorter : (..., frames, n)
        The smallest difference at any period that is shorter by more than a fifth.
    power : (..., frames)
        Mean square under the window, below about 2 kHz.
    """

    hz: Array
    difference: Array
    half: Array
    double: Array
    shorter: Array
    power: Array


def frame_length_of(*, sample_rate: float, fmin: float) -> int:
    """Return how many samples a frame holds: a little over four periods of ``fmin``, at least 46 ms."""
    return 2 * round(max(_PERIODS / fmin, _SHORTEST_S) * sample_rate / 2)


def yin_candidates(
    x: Array,
    *,
    sample_rate: float,
    fmin: float = 60.0,
    fmax: float = 2100.0,
    hop_length: int,
    n_candidates: int = 8,
    center: bool = True,
) -> Candidates:
    """Return the likeliest fundamental frequencies of every frame of one voice.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        In Hz; at least four times ``fmax``.
    fmin, fmax : float
        Where the pitch may lie, Hz.
    hop_length : int
        Samples from one frame to the next.
    n_candidates : int
        How many a frame.
    center : bool
        Frame ``t`` is centred on sample ``t * hop_length``, zeros around the signal; otherwise it
        begins there.

    Returns
    -------
    Candidates
        ``1 + time // hop_length`` frames when centred.

    Raises
    ------
    ParameterError
        For a range that is none, a sample rate too low for it, NaN, infinity and integers.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 220 * np.arange(11025) / 11025)
    >>> found = yin_candidates(x, sample_rate=11025, hop_length=110)
    >>> float(found.hz[50, 0].round(1))
    220.0
    """
    xp, x = waveform(x, squared=True)
    check_numbers(sample_rate=sample_rate, fmin=fmin, fmax=fmax)
    check_counts(hop_length=hop_length, n_candidates=n_candidates)
    if not 0 < fmin < fmax or sample_rate < 4 * fmax:
        raise ParameterError(
            f"fmin={fmin}, fmax={fmax} at {sample_rate} Hz: want 0 < fmin < fmax <= sample_rate / 4"
        )
    size = frame_length_of(sample_rate=sample_rate, fmin=fmin)
    if center:
        x = pad(x, size // 2, size // 2)
    elif x.shape[-1] < size:
        raise ParameterError(f"{x.shape[-1]} samples are fewer than a frame of {size}: take center=True")
    frames = frame(x, frame_length=size, hop_length=hop_length)
    similarity, power = _similarity(xp, frames, sample_rate, fmin, max(_LOWPASS_HZ, _LOWPASS * fmax))
    rate = _FINER * sample_rate
    return _peaks(xp, similarity, power, rate, fmin, fmax, n_candidates)


def _similarity(
    xp: Any, frames: Array, sample_rate: float, fmin: float, lowpass_hz: float
) -> tuple[Array, Array]:
    """Return one minus the normalised difference at lags of half samples, and the power of each frame."""
    size = frames.shape[-1]
    longest = _longest(sample_rate, fmin)
    n_fft = _fast_length(size + longest)
    taper = constant(_taper, like=frames, size=size)
    spectrum = rfft(frames * taper, n=n_fft)
    passed = constant(
        _passed,
        like=frames,
        n_fft=n_fft,
        sample_rate=float(sample_rate),
        fmin=float(fmin),
        lowpass_hz=float(lowpass_hz),
    )
    energy = (xp.real(spectrum) ** 2 + xp.imag(spectrum) ** 2) * passed
    n_lags = _FINER * longest + 1
    together = irfft(_as_complex(xp, energy), n=_FINER * n_fft)[..., :n_lags] * _FINER
    both = constant(_energy_of_both, like=frames, size=size, longest=longest)
    either = product(product(frames * frames, both), constant(_between, like=frames, longest=longest))
    power = together[..., :1]
    silence = 1e-10 * size
    # The normaliser is of the unfiltered frame; scaled to what passed, it is 1 at lag 0.
    scale = power / at_least(either[..., :1], silence)
    similarity = together / at_least(either * scale, silence)
    return similarity, power[..., 0] / constant(_taper_power, like=frames, size=size)


def _as_complex(xp: Any, x: Array) -> Array:
    return xp.astype(x, xp.complex128 if x.dtype == xp.float64 else xp.complex64)


def _peaks(
    xp: Any, similarity: Array, power: Array, rate: float, fmin: float, fmax: float, count: int
) -> Candidates:
    low = max(2, int(rate / fmax))
    a, b, c = similarity[..., low - 1 : -2], similarity[..., low:-1], similarity[..., low + 1 :]
    away, height = _vertex(xp, a, b, c)
    is_peak = (b > a) & (b >= c) & (height > _LOWEST)
    height = xp.where(is_peak, height, xp.zeros_like(height))
    costs = constant(_costs, like=similarity, low=low, n=height.shape[-1])
    score = xp.where(is_peak, height - costs, xp.full_like(height, -9.0))
    steps = constant(_steps, like=similarity, n=height.shape[-1])
    places = []
    for _ in range(count):
        at = xp.argmax(score, axis=-1)[..., None]
        places.append(at)
        score = xp.where(steps == at, xp.full_like(score, -9.0), score)
    at = xp.concat(places, axis=-1)
    peak = _at(xp, height, at)
    lag = at + _at(xp, away, at) + low
    last = similarity.shape[-1] - 2
    hz = rate / _refined(xp, similarity, lag, peak, last)
    there = (peak > _LOWEST) & (hz >= fmin * 0.995) & (hz <= fmax * 1.005)
    half = xp.where(lag >= 2 * low, _highest_near(xp, similarity, 0.5 * lag, last), xp.zeros_like(lag))
    double = xp.where(2 * lag <= last, _highest_near(xp, similarity, 2.0 * lag, last), peak)
    index = at_least(xp.floor(0.8 * lag) - low, 0.0)
    shorter = _at(xp, _running_best(xp, height), _whole(xp, index))
    none = xp.zeros_like(peak)
    return Candidates(
        xp.where(there, hz, none),
        1 - xp.where(there, peak, none),
        1 - half,
        1 - double,
        1 - xp.where(0.8 * lag > low, shorter, none),
        power,
    )


def _vertex(xp: Any, a: Array, b: Array, c: Array) -> tuple[Array, Array]:
    """Return where and how high a parabola through three neighbours is highest."""
    slope = 0.5 * (c - a)
    away = xp.clip(slope / at_least(b + b - a - c, 1e-7), -0.5, 0.5)
    return away, xp.clip(b + 0.5 * slope * away, -1.0, 1.0)


def _at(xp: Any, values: Array, index: Array) -> Array:
    """Return ``values`` ``(..., n)`` at whole ``index`` ``(..., k)``; as `take_along_axis`, but quick."""
    n = values.shape[-1]
    rows = math.prod(values.shape[:-1])
    index = xp.reshape(index, (rows, -1))
    starts = constant(_row_starts, like=values, rows=rows, n=n)
    found = xp.take(xp.reshape(values, (-1,)), xp.reshape(index + starts, (-1,)), axis=0)
    return xp.reshape(found, (*values.shape[:-1], index.shape[-1]))


def _whole(xp: Any, x: Array) -> Array:
    """Return ``x`` as indices; of JAX, which has no wider ones unless told, of 32 bits."""
    return xp.astype(x, xp.int32 if is_jax(x) else xp.int64)


def _refined(xp: Any, similarity: Array, lag: Array, peak: Array, last: int) -> Array:
    """Return a short period as a fraction of a multiple of it, where an error counts for less."""
    times = xp.minimum(xp.clip(xp.round(_REACH * _FINER / lag), 1.0, 16.0), xp.floor((last - 2) / lag))
    times = at_least(times, 1.0)
    around = xp.round(times * lag)
    index = _whole(xp, at_least(xp.minimum(around, xp.full_like(around, last - 1.0)), 2.0))
    values = [_at(xp, similarity, index + k) for k in (-2, -1, 0, 1, 2)]
    # The multiple of an error of half a step may be a step off: the highest of three is the peak.
    before, after = values[1] > values[2], values[3] > values[2]
    a, b, c = (xp.where(before, values[k - 1], xp.where(after, values[k + 1], values[k])) for k in (1, 2, 3))
    shift = xp.where(before, -xp.ones_like(b), xp.where(after, xp.ones_like(b), xp.zeros_like(b)))
    away, _ = _vertex(xp, a, b, c)
    is_peak = (b >= a) & (b >= c) & (b > peak - 0.15) & (times > 1.5)
    return xp.where(is_peak, (around + shift + away) / times, lag)


def _highest_near(xp: Any, similarity: Array, lag: Array, last: int) -> Array:
    """Return the highest of the three values nearest to a lag between samples."""
    around = _whole(xp, at_least(xp.minimum(xp.round(lag), xp.full_like(lag, float(last))), 1.0))
    sides = [_at(xp, similarity, around + k) for k in (-1, 0, 1)]
    return xp.maximum(xp.maximum(sides[0], sides[1]), sides[2])


def _running_best(xp: Any, height: Array) -> Array:
    """Return the highest of all values up to each, by doubling."""
    shift = 1
    while shift < height.shape[-1]:
        height = xp.maximum(height, pad(height[..., :-shift], shift, 0))
        shift *= 2
    return height


def _steps(*, n: int) -> NDArray[np.int64]:
    return np.arange(n)


def _row_starts(*, rows: int, n: int) -> NDArray[np.int64]:
    return n * np.arange(rows)[:, None]


def _longest(sample_rate: float, fmin: float) -> int:
    return int(np.ceil(sample_rate / fmin)) + 3


def _fast_length(n: int) -> int:
    """Return the next length that is 2, 3 or 5 times a power of two: transforms are fast there."""
    return min(k << max(0, int(np.ceil(np.log2(n / k)))) for k in (4, 5, 6))


def _taper(*, size: int) -> NDArray[np.float64]:
    return window("sine", size)


def _taper_power(*, size: int) -> NDArray[np.float64]:
    return np.array(np.sum(_taper(size=size) ** 2))


def _passed(*, n_fft: int, sample_rate: float, fmin: float, lowpass_hz: float) -> NDArray[np.float64]:
    """Return the gain (of energy) of each bin: gently less above a limit, nothing below the lowest pitch."""
    hz = np.arange(n_fft // 2 + 1) * sample_rate / n_fft
    rumble = (hz / (0.6 * fmin)) ** 8
    return rumble / (1 + rumble) / (1 + (hz / lowpass_hz) ** 4)


def _coarse_lags(longest: int) -> NDArray[np.float64]:
    return np.round(np.linspace(0, longest, _ENERGY_LAGS))


def _energy_of_both(*, size: int, longest: int) -> NDArray[np.float64]:
    """Return what makes of squares the energy of both copies at a few lags, ``(size, lags)``, over 2."""
    taper = _taper(size=size)
    lags = _coarse_lags(longest).astype(int)
    either = [
        np.concatenate([taper[lag:], np.zeros(lag)]) + np.concatenate([np.zeros(lag), taper[: size - lag]])
        for lag in lags
    ]
    return np.asarray(0.5 * taper[:, None] * np.stack(either, axis=1))


def _between(*, longest: int) -> NDArray[np.float64]:
    """Return the weights that draw straight lines between the few lags, ``(lags, n)``."""
    lags = _coarse_lags(longest)
    at = np.arange(_FINER * longest + 1) / _FINER
    return np.stack([np.interp(at, lags, row) for row in np.eye(len(lags))])


def _costs(*, low: int, n: int) -> NDArray[np.float64]:
    return _OCTAVE_COST * np.log2(np.arange(low, low + n) / low)

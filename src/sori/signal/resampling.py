"""Another sample rate: `resample`.

A signal is band-limited, so its value between samples is a sum of sincs; a window makes the sum short, and a
lower cutoff than half the lower of the two rates keeps what the new rate cannot hold from folding back.

============  ============  ==============  =========================  ==================
``quality``   pass band     stop band       alias rejection, ripple    samples in each sum
============  ============  ==============  =========================  ==================
``"high"``    91 %          from 100 %      120 dB, below 0.001 dB     176
``"medium"``  87 %          from 100 %      80 dB, below 0.002 dB      80
``"low"``     75 %          from 100 %      50 dB, below 0.06 dB       26
============  ============  ==============  =========================  ==================

(Per cent of half the lower rate; samples of the lower rate.) The tests hold these figures. In single
precision rounding ends every rejection at about 130 dB.

Two ways lead to the same sums. Between rates in a ratio of moderate numbers (44.1 to 48 kHz is 160 to 147)
the outputs fall on a few phases, each a fixed row of weights; some outputs and the samples they need are one
matrix product. Between others (44 100 to 44 101 Hz would have 44 101 phases) the weights are polynomials of
the position between two samples: some polynomials' worth of fixed filters, then one evaluation per output.
"""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, fix_length, frame, is_numpy, namespace, pad, product, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.fir import kaiser_beta

__all__ = ["phase_weights", "polynomial_filters", "position_powers", "resample"]

# What passes, and the attenuation that is designed for: a little above the one that is promised.
_QUALITIES = {"high": (0.91, 121.0), "medium": (0.87, 82.0), "low": (0.75, 53.0)}
_SOXR = {"high": "VHQ", "medium": "HQ", "low": "LQ"}
_GROUP = 32  # outputs computed by one product, at least
_MOST_PHASES = 1280  # beyond, polynomials take fewer numbers
_ROW = 64  # samples in a row of the polynomials' product
_LARGEST = 1_000_000  # of the numbers whose ratio stands for that of the rates
_ROWS = 1024  # rows that NumPy works on together

Floats = NDArray[np.float64]


def resample(
    x: Array, *, orig_sr: float, target_sr: float, quality: str = "high", method: str = "auto"
) -> Array:
    """Return the signal at another sample rate.

    Parameters
    ----------
    x : (..., time) real
        The signal; silence lies around it.
    orig_sr, target_sr : float
        Sample rates of ``x`` and of the result, Hz. Any numbers; their ratio is taken to a part in 1e12.
    quality : "high", "medium" or "low"
        See the module's table.
    method : "auto", "sinc" or "soxr"
        ``"soxr"``: the SoX resampler, for NumPy only. ``"sinc"``: our own, for every kind of array, with
        gradients. ``"auto"``: the first for NumPy, the second for the others; up to 70 % of half the lower
        rate they agree to 1e-4 of full scale (medium 2e-4, low 0.025).

    Returns
    -------
    (..., ceil(time * target_sr / orig_sr)) real
        Sample ``m`` is the signal at ``m / target_sr`` seconds: no delay. Levels stay.

    Raises
    ------
    ParameterError
        For rates that are not positive, ratios above 1000, another quality or method.

    Examples
    --------
    >>> import numpy as np
    >>> resample(np.ones(44100), orig_sr=44100, target_sr=16000).shape
    (16000,)
    """
    _, x = waveform(x)
    if quality not in _QUALITIES:
        raise ParameterError(f"quality={quality!r}: want 'high', 'medium' or 'low'")
    if method not in ("auto", "sinc", "soxr"):
        raise ParameterError(f"method={method!r}: want 'auto', 'sinc' or 'soxr'")
    if method == "soxr" and not is_numpy(x):
        raise ParameterError("method='soxr' takes NumPy arrays: want method='sinc' for this kind of array")
    up, down = _ratio(orig_sr, target_sr)
    length = (x.shape[-1] * up + down - 1) // down  # not -(-n // d): exports round that towards 0
    if up == down or x.shape[-1] == 0:
        return x
    if is_numpy(x) and method != "sinc":
        return _by_soxr(x, up, down, _SOXR[quality], length)
    passed, attenuation_db = _QUALITIES[quality]
    few = up <= _MOST_PHASES and down <= 8 * _MOST_PHASES
    way = _by_phases if few else _by_polynomials
    return way(x, length, up=up, down=down, passed=passed, attenuation_db=attenuation_db)


def _ratio(orig_sr: float, target_sr: float) -> tuple[int, int]:
    for name, rate in (("orig_sr", orig_sr), ("target_sr", target_sr)):
        check_numbers(**{name: rate})
        if not rate > 0:
            raise ParameterError(f"{name}={rate}: want a positive number of Hz")
    if not 1e-3 <= target_sr / orig_sr <= 1e3:
        raise ParameterError(f"orig_sr={orig_sr}, target_sr={target_sr}: want a ratio of at most 1000")
    if isinstance(orig_sr, int) and isinstance(target_sr, int):
        shared = math.gcd(orig_sr, target_sr)
        if max(orig_sr, target_sr) // shared <= _LARGEST:
            return target_sr // shared, orig_sr // shared
    return _rational(float(orig_sr), float(target_sr))


def _rational(orig_sr: float, target_sr: float) -> tuple[int, int]:
    ratio = (Fraction(target_sr) / Fraction(orig_sr)).limit_denominator(_LARGEST)
    return ratio.numerator, ratio.denominator


def _by_soxr(x: NDArray[Any], up: int, down: int, quality: str, length: int) -> NDArray[Any]:
    import soxr

    flat = x.reshape(-1, x.shape[-1])
    rows = [fix_length(soxr.resample(row, down, up, quality=quality), length) for row in flat]
    return (
        np.stack(rows).reshape(*x.shape[:-1], length) if rows else np.zeros((*x.shape[:-1], length), x.dtype)
    )


def _by_phases(x: Array, length: int, *, up: int, down: int, passed: float, attenuation_db: float) -> Array:
    """Compute groups of outputs, each from the samples that all of a group need."""
    xp = namespace(x)
    half, _, _ = _kernel(up, down, passed, attenuation_db)
    # A period is so many outputs that the next one needs the same weights, some inputs later.
    # Groups that span half a window of samples: smaller ones copy, larger ones multiply too much.
    wanted = max(_GROUP, half * up // down)
    repeat = max(1, -(-wanted // up))
    outputs, inputs = up * repeat, down * repeat
    groups = max(1, round(outputs / wanted))
    periods = (length + outputs - 1) // outputs
    bounds = [outputs * g // groups for g in range(groups + 1)]
    reach = (outputs - 1) * down // up + 2 * half + 2
    after = max(0, (periods - 1) * inputs + reach - half - x.shape[-1])
    padded = pad(x, half, after)
    parts = []
    for begin, end in itertools.pairwise(bounds):
        weights = constant(
            phase_weights,
            like=x,
            up=up,
            down=down,
            passed=passed,
            attenuation_db=attenuation_db,
            begin=begin,
            end=end,
        )
        first = begin * down // up
        lines = frame(padded[..., first:], frame_length=weights.shape[0], hop_length=inputs)
        parts.append(_multiplied(lines[..., :periods, :], weights))
    y = parts[0] if groups == 1 else xp.concat(parts, axis=-1)
    return xp.reshape(y, (*x.shape[:-1], periods * outputs))[..., :length]


def _multiplied(lines: Array, weights: Array) -> Array:
    """Return ``lines @ weights``; NumPy copies overlapping rows piece by piece, not all of them at once."""
    if not is_numpy(lines):
        return product(lines, weights)
    out = np.empty((*lines.shape[:-1], weights.shape[-1]), lines.dtype)
    for row, into in zip(
        lines.reshape(-1, *lines.shape[-2:]) if lines.ndim > 2 else lines[None],
        out.reshape(-1, *out.shape[-2:]),
        strict=True,
    ):
        for begin in range(0, len(row), _ROWS):
            part = slice(begin, begin + _ROWS)
            np.matmul(np.ascontiguousarray(row[part]), weights, out=into[part])
    return out


def _by_polynomials(
    x: Array, length: int, *, up: int, down: int, passed: float, attenuation_db: float
) -> Array:
    """Filter by one filter for each power of the position between samples; evaluate where outputs fall."""
    xp = namespace(x)
    half, _, _ = _kernel(up, down, passed, attenuation_db)
    design = {"up": up, "down": down, "passed": passed, "attenuation_db": attenuation_db}
    filters = constant(polynomial_filters, like=x, **design)
    powers = filters.shape[-1] // _ROW
    period = min(up, length)  # outputs in a period, or all there are
    periods = (length + period - 1) // period
    needed = (periods - 1) * down + (period - 1) * down // up + 1
    rows = (max(needed, x.shape[-1]) + _ROW - 1) // _ROW
    padded = pad(x, half, rows * _ROW + half + 1 - x.shape[-1])
    lines = frame(padded, frame_length=_ROW + 2 * half + 1, hop_length=_ROW)[..., :rows, :]
    filtered = xp.reshape(_multiplied(lines, filters), (*x.shape[:-1], rows, powers, _ROW))
    at = constant(_positions, like=x, up=up, down=down, count=period)
    fraction = constant(position_powers, like=x, up=up, down=down, count=period)
    y = None
    for power in range(powers):
        one = xp.reshape(filtered[..., power, :], (*x.shape[:-1], rows * _ROW))
        if periods > 1:
            span = (period - 1) * down // up + 1
            one = frame(one, frame_length=span, hop_length=down)[..., :periods, :]
            at_power = xp.take(one, at, axis=-1)
        else:
            at_power = xp.take(one, at, axis=-1)[..., None, :]
        # Horner's rule, from the highest power down
        y = at_power if y is None else y * fraction + at_power
    return xp.reshape(y, (*x.shape[:-1], periods * period))[..., :length]


def _kernel(up: int, down: int, passed: float, attenuation_db: float) -> tuple[int, float, float]:
    """Return half the length of the windowed sinc in input samples, its cutoff and the window's parameter.

    The cutoff (half the gain) is in the middle of the transition, as a part of half the input rate.
    """
    lower = min(1.0, up / down)
    width = math.pi * (1 - passed) * lower
    half = math.ceil((attenuation_db - 7.95) / (2.285 * width) / 2)
    return half, (1 + passed) / 2 * lower, kaiser_beta(attenuation_db)


def _sinc(distance: Floats, half: int, cutoff: float, beta: float) -> Floats:
    """Return the windowed sinc at distances in input samples."""
    inside = np.maximum(0.0, 1 - (distance / (half + 1)) ** 2)
    window = np.where(inside > 0, np.i0(beta * np.sqrt(inside)) / np.i0(beta), 0.0)
    return np.asarray(cutoff * np.sinc(cutoff * distance) * window)


def phase_weights(
    *, up: int, down: int, passed: float, attenuation_db: float, begin: int, end: int
) -> Floats:
    """Return the weights (samples, outputs) of the outputs ``begin`` to ``end`` of a period.

    Row 0 belongs to the sample ``half`` before the one at or before output ``begin``. Every column adds up
    to 1, so that a constant stays one.
    """
    half, cutoff, beta = _kernel(up, down, passed, attenuation_db)
    first, last = begin * down // up, (end - 1) * down // up
    samples = np.arange(first - half, last + half + 2)
    # Positions of outputs m are m * down / up, their distances to samples exact in whole numbers.
    outputs = np.arange(begin, end)
    distance = (outputs * down - samples[:, None] * up) / up
    weights = _sinc(distance, half, cutoff, beta)
    return np.asarray(weights / weights.sum(axis=0))


def polynomial_filters(*, up: int, down: int, passed: float, attenuation_db: float) -> Floats:
    """Return a band matrix (row + 2 half + 1, powers * row): one filter for each power, the highest first.

    Between two samples each weight of the windowed sinc is a smooth function of the position, band-limited as
    the signal is; Chebyshev's polynomials meet it to the attenuation that is asked for.
    """
    half, cutoff, beta = _kernel(up, down, passed, attenuation_db)
    count = 12 if attenuation_db > 100 else 9 if attenuation_db > 60 else 6
    nodes = np.cos(
        np.pi * (np.arange(count) + 0.5) / count
    )  # on -1 to 1: a position of 0 to 1 is (1 + t) / 2
    lags = np.arange(-half, half + 2)
    weights = _sinc((nodes[:, None] + 1) / 2 - lags, half, cutoff, beta)
    weights = weights / weights.sum(axis=1, keepdims=True)
    series = np.polynomial.chebyshev.chebfit(nodes, weights, count - 1)
    powers = np.stack([_in_powers(column) for column in series.T], axis=1)[::-1]
    band = np.zeros((_ROW + 2 * half + 1, count, _ROW))
    for column in range(_ROW):
        band[column : column + 2 * half + 2, :, column] = powers.T
    return band.reshape(len(band), -1)


def _in_powers(series: Floats) -> Floats:
    found = np.polynomial.chebyshev.cheb2poly(series)
    return np.pad(found, (0, len(series) - len(found)))


def _positions(*, up: int, down: int, count: int) -> NDArray[np.int64]:
    """Return the sample at or before each of ``count`` outputs."""
    return np.arange(count, dtype=np.int64) * down // up


def position_powers(*, up: int, down: int, count: int) -> Floats:
    """Return how far each output lies between two samples, -1 to 1."""
    return np.asarray(2 * ((np.arange(count, dtype=np.int64) * down % up) / up) - 1)

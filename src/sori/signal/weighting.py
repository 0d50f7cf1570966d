"""Frequency weightings of sound level meters, A and C: as curves, on signals, on spectrograms.

The standard gives both as analogue filters, by their poles. Taken to a digital filter by the bilinear
transform they fall short towards half the sample rate, by 10 dB and more at 16 kHz and 44.1 kHz. Here the
poles are taken over exactly (``exp(-2π f / sample_rate)``), the zeros stand at 0 Hz as they should, and a
numerator of six more zeros is fitted to what is missing. Against the analogue curve, at any rate of 8 kHz and
more, that errs by less than

    0.02 dB up to 80 %, 0.05 dB up to 90 %, 0.17 dB up to 95 %, 0.8 dB up to 100 % of half the sample rate,

where the standard's best instruments may err by 0.7 dB and more; it is causal, and a single recursive filter.

Source: IEC 61672-1:2013, Annex E (poles) and table 3 (acceptance limits).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import Array, constant, spectrogram
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.biquad import check_frequency
from sori.signal.filtering import Sections, filter_designed

__all__ = [
    "a_weight",
    "a_weighting_db",
    "c_weight",
    "c_weighting_db",
    "weighted_level_db",
    "weighting_sections",
]

# Hz; the first and the last are double poles
_LOW, _A_LOW, _A_HIGH, _HIGH = 20.598997, 107.65265, 737.86223, 12194.217
_SLOWEST_HZ = 1.0  # below, the curves stay: a level of minus infinity helps nobody
_FITTED = 6  # zeros of the fitted numerator
_POINTS = 256  # where it is fitted

Floats = NDArray[np.float64]


def a_weighting_db(frequencies_hz: ArrayLike) -> Floats:
    """Return the A-weighting of frequencies in Hz, dB: the ear's lesser sense for low ones at low levels.

    0 dB at 1 kHz. Below 1 Hz the value at 1 Hz, -148.6 dB, stands.

    >>> a_weighting_db([100.0, 1000.0, 10000.0]).round(1).tolist()
    [-19.1, 0.0, -2.5]
    """
    return _curve_db(frequencies_hz, "A")


def c_weighting_db(frequencies_hz: ArrayLike) -> Floats:
    """Return the C-weighting of frequencies in Hz, dB: nearly level, for loud sounds and peaks.

    >>> c_weighting_db([31.5, 1000.0, 10000.0]).round(1).tolist()
    [-3.0, 0.0, -4.4]
    """
    return _curve_db(frequencies_hz, "C")


def a_weight(x: Array, *, sample_rate: float) -> Array:
    """Return the A-weighted signal, whose mean square is the sound level in dB(A).

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz, at least 2000.

    Returns
    -------
    (..., time) real
        Causal; the module states the errors.

    Raises
    ------
    ParameterError
        For a sample rate below 2000 Hz, at which 1 kHz, the reference, does not exist.
    """
    check_numbers(sample_rate=sample_rate)
    return filter_designed(x, weighting_sections, weighting="A", sample_rate=sample_rate)


def c_weight(x: Array, *, sample_rate: float) -> Array:
    """Return the C-weighted signal; see `a_weight`."""
    check_numbers(sample_rate=sample_rate)
    return filter_designed(x, weighting_sections, weighting="C", sample_rate=sample_rate)


def weighted_level_db(level_db: Array, *, frequencies_hz: Sequence[float], weighting: str = "A") -> Array:
    """Return levels ``(..., frequency, time)`` in dB, each frequency weighted.

    Parameters
    ----------
    level_db : (..., frequency, time) real
        A spectrogram in dB.
    frequencies_hz : (frequency,)
        What its rows stand for.
    weighting : "A" or "C"

    Returns
    -------
    (..., frequency, time) real, dB

    Raises
    ------
    ParameterError
        For another number of frequencies than rows.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_level_db(np.zeros((2, 1)), frequencies_hz=(100.0, 1000.0)).round(1).tolist()
    [[-19.1], [0.0]]
    """
    _, level_db = spectrogram(level_db, name="level_db")
    _check(weighting)
    frequencies = tuple(float(hz) for hz in frequencies_hz)
    if len(frequencies) != level_db.shape[-2]:
        raise ParameterError(
            f"{len(frequencies)} frequencies for {level_db.shape[-2]} rows of level_db: want as many"
        )
    return level_db + constant(_column, like=level_db, frequencies_hz=frequencies, weighting=weighting)


def weighting_sections(*, weighting: str, sample_rate: float) -> Sections:
    """Return the A- or C-weighting as second-order sections, for `sori.signal.filtering.filter_sections`.

    Raises
    ------
    ParameterError
        As `a_weight`.
    """
    _check(weighting)
    check_frequency(sample_rate)
    if not sample_rate >= 2000:
        raise ParameterError(
            f"sample_rate={sample_rate}: want at least 2000 Hz, to hold 1 kHz, the reference"
        )
    poles = [math.exp(-2 * math.pi * hz / sample_rate) for hz in _poles(weighting)]
    at_zero = 4 if weighting == "A" else 2
    # Fitted where Chebyshev would sample cos(w), more closely at low frequencies: the analogue curve has a
    # kink at half the rate that no filter follows, and the error is pushed there.
    w = np.pi * (np.arange(_POINTS) + 0.5) / _POINTS
    missing = 10 ** (_curve_db(w * sample_rate / (2 * np.pi), weighting) / 10) / _power(w, poles, at_zero)
    trust = 1 - 0.999 * (w / np.pi) ** 2
    terms = np.cos(np.outer(w, np.arange(_FITTED + 1)))
    fit, *_ = np.linalg.lstsq(terms * (trust / missing)[:, None], trust, rcond=None)
    zeros = _minimum_phase(fit)
    numerators = [(1.0, -2.0, 1.0)] * (at_zero // 2) + zeros
    denominators = [(-a - b, a * b) for a, b in zip(poles[::2], poles[1::2], strict=True)]
    denominators += [(0.0, 0.0)] * (len(numerators) - len(denominators))
    sections = list(zip(numerators, denominators, strict=True))
    level = 1.0
    for b, a in sections:
        z = np.exp(-2j * np.pi * 1000 / sample_rate)
        level *= abs((b[0] + b[1] * z + b[2] * z * z) / (1 + a[0] * z + a[1] * z * z))
    (b0, b1, b2), first = sections[0]
    return (((b0 / level, b1 / level, b2 / level), first), *sections[1:])


def _check(weighting: str) -> None:
    if weighting not in ("A", "C"):
        raise ParameterError(f"weighting={weighting!r}: want 'A' or 'C'")


def _poles(weighting: str) -> tuple[float, ...]:
    middle = (_A_LOW, _A_HIGH) if weighting == "A" else ()
    return (_LOW, _LOW, *middle, _HIGH, _HIGH)


def _analogue_db(hz: Floats, weighting: str) -> Floats:
    zeros = 4 if weighting == "A" else 2
    level = 20 * zeros * np.log10(hz)
    for pole in _poles(weighting):
        level = level - 10 * np.log10(hz * hz + pole * pole)
    return np.asarray(level)


def _curve_db(frequencies_hz: ArrayLike, weighting: str) -> Floats:
    hz = np.asarray(frequencies_hz, np.float64)
    if not (np.isfinite(hz) & (hz >= 0)).all():
        raise ParameterError("frequencies_hz: want finite numbers of at least 0")
    reference = _analogue_db(np.array(1000.0), weighting)
    return np.asarray(_analogue_db(np.maximum(hz, _SLOWEST_HZ), weighting) - reference)


def _column(*, frequencies_hz: tuple[float, ...], weighting: str) -> Floats:
    return _curve_db(frequencies_hz, weighting)[:, None]


def _power(w: Floats, poles: list[float], at_zero: int) -> Floats:
    """Return the power response of zeros at 0 Hz and of real poles."""
    z = np.exp(-1j * w)
    found = np.abs(1 - z) ** (2 * at_zero)
    for pole in poles:
        found = found / np.abs(1 - pole * z) ** 2
    return np.asarray(found)


def _minimum_phase(fit: Floats) -> list[tuple[float, float, float]]:
    """Return quadratics in 1/z, together of the power response ``Σ fit[k] cos(k w)`` but for a factor."""
    roots = np.polynomial.chebyshev.chebroots(fit).astype(complex)  # of cos(w) = (z + 1/z) / 2
    z = roots + np.sqrt(roots * roots - 1)
    z = np.where(np.abs(z) > 1, 1 / z, z)
    pairs = [(1.0, -2 * zero.real, abs(zero) ** 2) for zero in z[z.imag > 1e-12]]
    real = np.sort(z[np.abs(z.imag) <= 1e-12].real)
    pairs += [(1.0, -a - b, a * b) for a, b in zip(real[::2], real[1::2], strict=True)]
    return [(float(b0), float(b1), float(b2)) for b0, b1, b2 in pairs]

"""Equal loudness after ISO 226:2023: how strong a tone must be to sound as loud as one of 1 kHz.

A loudness level of N phon is that of a tone of 1 kHz at N dB SPL. The standard gives, for 29 frequencies, the
exponent of loudness, the level's transfer to the inner ear and the threshold of hearing; between these
frequencies it defines nothing, and here the three follow cubics over the logarithm of frequency (ours). It
holds from 20 Hz to 12.5 kHz and from 20 to 90 phon, above 4 kHz to 80 phon.

Recordings do not say how loud they are played: where that matters, ``full_scale_db_spl`` says which sound
pressure level 0 dB of full scale is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import Array, at_least, constant, namespace, spectrogram, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.biquad import check_frequency
from sori.signal.fir import fir_filter, response_taps

__all__ = [
    "equal_loudness_contour_db",
    "equal_loudness_taps",
    "equal_loudness_weight",
    "equal_loudness_weighting_db",
    "loudness_levels",
    "phon_of_tone",
]

# ISO 226:2023, table 1: Hz, exponent of loudness, transfer at 1 kHz's level in dB, threshold in dB SPL
_TABLE = np.array([
    (20, 0.635, -31.5, 78.1), (25, 0.602, -27.2, 68.7), (31.5, 0.569, -23.1, 59.5), (40, 0.537, -19.3, 51.1),
    (50, 0.509, -16.1, 44.0), (63, 0.482, -13.1, 37.5), (80, 0.456, -10.4, 31.5), (100, 0.433, -8.2, 26.5),
    (125, 0.412, -6.3, 22.1), (160, 0.391, -4.6, 17.9), (200, 0.373, -3.2, 14.4), (250, 0.357, -2.1, 11.4),
    (315, 0.343, -1.2, 8.6), (400, 0.330, -0.5, 6.2), (500, 0.320, 0.0, 4.4), (630, 0.311, 0.4, 3.0),
    (800, 0.303, 0.5, 2.2), (1000, 0.300, 0.0, 2.4), (1250, 0.295, -2.7, 3.5), (1600, 0.292, -4.2, 1.7),
    (2000, 0.290, -1.2, -1.3), (2500, 0.290, 1.4, -4.2), (3150, 0.289, 2.3, -6.0), (4000, 0.289, 1.0, -5.4),
    (5000, 0.289, -2.3, -1.5), (6300, 0.293, -7.2, 6.0), (8000, 0.303, -11.2, 12.6),
    (10000, 0.323, -10.9, 13.9), (12500, 0.354, -3.5, 12.3),
])  # fmt: skip
_PRESSURE = 4e-10  # the threshold at 1 kHz as squared pressure
_AT_THRESHOLD = 10**0.072
_QUIETEST, _LOUDEST, _LOUDEST_ABOVE, _ABOVE_HZ = 20.0, 90.0, 80.0, 4000.0  # phon, and Hz
_TAPS_S = 0.25  # length of the filter: 8 Hz on either side of a frequency melt together

Floats = NDArray[np.float64]


def equal_loudness_contour_db(phon: ArrayLike, frequencies_hz: ArrayLike) -> Floats:
    """Return the sound pressure levels at which tones have a loudness level.

    Parameters
    ----------
    phon : float or array
        Loudness levels.
    frequencies_hz : float or array
        Of the tones, Hz; its shape meets that of ``phon``.

    Returns
    -------
    ndarray, dB SPL

    Raises
    ------
    ParameterError
        Outside the range of the standard; see the module.

    Examples
    --------
    >>> equal_loudness_contour_db(40.0, [100.0, 1000.0, 4000.0]).round(1).tolist()
    [64.2, 40.0, 36.7]
    """
    level, hz = np.broadcast_arrays(np.asarray(phon, np.float64), np.asarray(frequencies_hz, np.float64))
    _check_range(level, hz)
    return _contour(level, hz)


def phon_of_tone(level_db_spl: ArrayLike, frequencies_hz: ArrayLike) -> Floats:
    """Return the loudness levels of tones of given sound pressure levels: `equal_loudness_contour_db` solved.

    Raises
    ------
    ParameterError
        For tones outside the range of the standard; see the module.

    >>> round(float(phon_of_tone(64.24, 100.0)), 1)
    40.0
    """
    level, hz = np.broadcast_arrays(np.asarray(level_db_spl, np.float64), np.asarray(frequencies_hz))
    _check_hz(hz)
    slope, offset, scale, lost = _inverse_terms(hz)
    inside = np.maximum((10 ** (slope * level + offset) - lost) * scale + _AT_THRESHOLD, 1e-30)
    phon = 100 / 3 * np.log10(inside)
    _check_range(phon, hz)
    return np.asarray(phon)


def equal_loudness_weighting_db(phon: float, frequencies_hz: ArrayLike) -> Floats:
    """Return the contour turned over: how much less than 1 kHz each frequency counts at a loudness level, dB.

    For filters, so frequencies outside 20 Hz to 12.5 kHz are given the weight at that end (ours), and levels
    up to 90 phon are taken at all frequencies.

    >>> equal_loudness_weighting_db(40.0, [100.0, 1000.0]).round(1).tolist()
    [-24.2, 0.0]
    """
    check_numbers(phon=phon)
    if not _QUIETEST <= phon <= _LOUDEST:
        raise ParameterError(f"phon={phon}: want {_QUIETEST:g} to {_LOUDEST:g}, the range of ISO 226")
    hz = np.asarray(frequencies_hz, np.float64)
    if np.isnan(hz).any():
        raise ParameterError("frequencies_hz: NaN, want numbers of Hz")
    hz = np.clip(hz, _TABLE[0, 0], _TABLE[-1, 0])
    reference = _contour(np.asarray(phon), np.asarray(1000.0))
    return np.asarray(reference - _contour(np.full(hz.shape, float(phon)), hz))


def equal_loudness_weight(x: Array, *, sample_rate: float, phon: float = 60.0) -> Array:
    """Return the signal as loud at each frequency as it sounds, played so that 1 kHz has ``phon`` phon.

    A symmetric filter of a quarter of a second, its delay taken away; within 0.5 dB of the contour from 25 Hz
    (2 dB at 20 Hz).

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz.
    phon : float
        20 to 90; the lower, the less count low frequencies.

    Returns
    -------
    (..., time) real
    """
    _, x = waveform(x)
    taps = constant(equal_loudness_taps, like=x, sample_rate=sample_rate, phon=phon)
    return fir_filter(x, taps, delay="same")


def equal_loudness_taps(*, sample_rate: float, phon: float) -> Floats:
    """Return the filter of `equal_loudness_weight`, symmetric."""
    check_frequency(sample_rate)
    frequencies = np.geomspace(5.0, max(sample_rate / 2, 10.0), 2000)
    gains = 10 ** (equal_loudness_weighting_db(phon, frequencies) / 20)
    n_taps = 2 * int(_TAPS_S * sample_rate / 2) + 1
    return response_taps(frequencies, gains, sample_rate=sample_rate, n_taps=n_taps)


def loudness_levels(
    level_db: Array, *, frequencies_hz: Sequence[float], full_scale_db_spl: float = 100.0
) -> Array:
    """Return a spectrogram's levels as loudness levels, as if each of its values were a tone alone.

    Parameters
    ----------
    level_db : (..., frequency, time) real
        dB below full scale.
    frequencies_hz : (frequency,)
        What the rows stand for; outside 20 Hz to 12.5 kHz the terms at that end are taken (ours).
    full_scale_db_spl : float
        The sound pressure level of 0 dB.

    Returns
    -------
    (..., frequency, time) real, phon
        Below 20 and above 90 phon the formula is followed beyond its range; what is below 0 phon is 0.

    Raises
    ------
    ParameterError
        For another number of frequencies than rows.

    Examples
    --------
    >>> import numpy as np
    >>> loudness_levels(np.full((2, 1), -40.0), frequencies_hz=(100.0, 1000.0)).round(1).tolist()
    [[34.3], [60.0]]
    """
    _, level_db = spectrogram(level_db, name="level_db")
    check_numbers(full_scale_db_spl=full_scale_db_spl)
    frequencies = tuple(float(hz) for hz in frequencies_hz)
    if any(hz != hz for hz in frequencies):
        raise ParameterError("frequencies_hz: NaN, want numbers of Hz")
    if len(frequencies) != level_db.shape[-2]:
        raise ParameterError(
            f"{len(frequencies)} frequencies for {level_db.shape[-2]} rows of level_db: want as many"
        )
    xp = namespace(level_db)
    terms = constant(_columns, like=level_db, frequencies_hz=frequencies)
    slope, offset, scale, lost = (terms[k, :, :] for k in range(4))
    power = 10.0 ** (slope * (level_db + full_scale_db_spl) + offset)
    return 100 / 3 * xp.log10(at_least((power - lost) * scale + _AT_THRESHOLD, 1.0))


def _columns(*, frequencies_hz: tuple[float, ...]) -> Floats:
    hz = np.clip(np.array(frequencies_hz), _TABLE[0, 0], _TABLE[-1, 0])
    return np.stack(_inverse_terms(hz))[:, :, None]


def _inverse_terms(hz: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what turns a level into phon: slope and offset of an exponent, scale, loss at threshold."""
    exponent, transfer, threshold = _parameters(hz)
    slope = exponent / 10
    return slope, slope * transfer, _PRESSURE ** (exponent - 0.3), 10 ** (slope * (threshold + transfer))


def _contour(phon: Floats, hz: Floats) -> Floats:
    exponent, transfer, threshold = _parameters(hz)
    heard = _PRESSURE ** (0.3 - exponent) * (10 ** (0.03 * phon) - _AT_THRESHOLD)
    inside = heard + 10 ** (exponent * (threshold + transfer) / 10)
    return np.asarray(10 / exponent * np.log10(inside) - transfer)


def _parameters(hz: Floats) -> tuple[Floats, Floats, Floats]:
    """Return exponent, transfer and threshold: cubics over log frequency, smooth where they meet."""
    at = np.log(_TABLE[:, 0])
    rows = np.gradient(_TABLE[:, 1:], at, axis=0)
    x = np.log(hz)
    low = np.clip(np.searchsorted(at, x, side="right") - 1, 0, len(at) - 2)
    step = (at[low + 1] - at[low])[..., None]
    t = (x - at[low])[..., None] / step
    values = (
        (1 + 2 * t) * (1 - t) ** 2 * _TABLE[low, 1:]
        + t * t * (3 - 2 * t) * _TABLE[low + 1, 1:]
        + step * t * (1 - t) * ((1 - t) * rows[low] - t * rows[low + 1])
    )
    return values[..., 0], values[..., 1], values[..., 2]


def _check_hz(hz: Floats) -> None:
    if not ((hz >= _TABLE[0, 0]) & (hz <= _TABLE[-1, 0])).all():
        raise ParameterError(
            f"frequencies_hz: got {hz.min():g} to {hz.max():g}, want 20 to 12500 Hz, the range of ISO 226"
        )


def _check_range(phon: Floats, hz: Floats) -> None:
    _check_hz(hz)
    most = np.where(hz > _ABOVE_HZ, _LOUDEST_ABOVE, _LOUDEST)
    slack = 1e-9
    if not ((phon >= _QUIETEST - slack) & (phon <= most + slack)).all():
        raise ParameterError(
            f"got {np.min(phon):g} to {np.max(phon):g} phon, want 20 to 90 up to 4 kHz and 20 to 80 above, "
            "the range of ISO 226"
        )

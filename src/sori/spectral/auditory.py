"""Filter banks of the ear: `bark_spectrogram` (critical bands) and `erb_spectrogram` (gammatone filters).

Both weigh the power spectrum of each frame, as mel bands do; a gammatone filter's energy is that of its
magnitude response by Parseval's theorem, without running the filter over the samples.

Source: Zwicker, "Subdivision of the audible frequency range into critical bands", JASA 33, 1961;
Patterson et al., "Complex sounds and auditory images", 1992; Slaney, "An efficient implementation of the
Patterson-Holdsworth auditory filter bank", Apple Technical Report 35, 1993; for the bandwidths Glasberg &
Moore, Hearing Research 47, 1990.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, namespace
from sori.arrays.framing import check_counts
from sori.errors import ParameterError
from sori.spectral.bands import band_energies, band_limits, raised, triangles
from sori.spectral.stft import Framing, framed
from sori.units import bark_to_hz, erb_rate_to_hz, hz_to_bark, hz_to_erb_rate

__all__ = [
    "bark_centres_hz",
    "bark_filterbank",
    "bark_spectrogram",
    "erb_centres_hz",
    "erb_filterbank",
    "erb_spectrogram",
    "erb_width_hz",
]

_GAMMATONE_WIDTH = (
    1.019  # of a fourth-order gammatone, in bandwidths of the rectangle that lets as much through
)


def bark_centres_hz(*, n_bands: int, fmin: float, fmax: float) -> NDArray[np.float64]:
    """Return the centre frequency of each band of `bark_filterbank`, Hz."""
    return _bark_edges(n_bands, fmin, fmax)[1:-1]


def _bark_edges(n_bands: int, fmin: float, fmax: float) -> NDArray[np.float64]:
    check_counts(n_bands=n_bands)
    edges = bark_to_hz(np.linspace(float(hz_to_bark(fmin)), float(hz_to_bark(fmax)), n_bands + 2))
    return np.asarray(edges, np.float64)


def bark_filterbank(
    *,
    sample_rate: float,
    n_fft: int,
    n_bands: int = 24,
    fmin: float = 0.0,
    fmax: float | None = None,
    norm: str | None = "slaney",
) -> NDArray[np.float64]:
    """Return triangular bands that are evenly spaced in bark, the rate of critical bands.

    Parameters
    ----------
    sample_rate : float
        Hz.
    n_fft : int
        Length of the transform whose frequencies the bands weigh.
    n_bands : int
        Bands; 24 is how many critical bands there are up to 15.5 kHz.
    fmin, fmax : float
        Where the first band starts and the last one ends, Hz; ``fmax`` is half the sample rate if not given.
    norm : "slaney" or None
        Unit area, or unit height.

    Returns
    -------
    (n_bands, n_fft // 2 + 1) float64

    Raises
    ------
    ParameterError
        For frequencies out of order or above half the sample rate.
    """
    check_counts(n_fft=n_fft)
    fmax = band_limits(sample_rate, fmin, fmax)
    bins = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    return triangles(_bark_edges(n_bands, fmin, fmax), bins, norm=norm)


def erb_width_hz(hz: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the equivalent rectangular bandwidth of hearing at frequencies in Hz.

    >>> round(float(erb_width_hz(1000.0)), 2)
    132.64
    """
    return np.asarray(24.7 * (1 + 4.37e-3 * np.asarray(hz, np.float64)))


def erb_centres_hz(*, n_bands: int, fmin: float, fmax: float) -> NDArray[np.float64]:
    """Return the centre frequency of each filter of `erb_filterbank`, Hz.

    Evenly spaced in bandwidths: the first is ``fmin``, the last lies one step below ``fmax`` (Slaney 1993).

    >>> erb_centres_hz(n_bands=3, fmin=100.0, fmax=8000.0).round().tolist()
    [100.0, 733.0, 2584.0]
    """
    check_counts(n_bands=n_bands)
    rates = np.linspace(float(hz_to_erb_rate(fmin)), float(hz_to_erb_rate(fmax)), n_bands + 1)
    return np.asarray(erb_rate_to_hz(rates)[:-1], np.float64)


def erb_filterbank(
    *,
    sample_rate: float,
    n_fft: int,
    n_bands: int = 64,
    fmin: float = 50.0,
    fmax: float | None = None,
    exponent: float = 2.0,
    norm: str | None = "slaney",
) -> NDArray[np.float64]:
    """Return the magnitude responses of gammatone filters, raised to ``exponent``.

    Four two-pole resonators at the same frequency, each with a zero of its own: the impulse response is
    ``t³ exp(-2 pi b t) cos(2 pi f t)`` with ``b`` 1.019 equivalent rectangular bandwidths.

    Parameters
    ----------
    sample_rate : float
        Hz.
    n_fft : int
        Length of the transform whose frequencies the bands weigh.
    n_bands : int
        Filters.
    fmin, fmax : float
        See `erb_centres_hz`; ``fmax`` is half the sample rate if not given.
    exponent : float
        2 to weigh powers, 1 to weigh magnitudes.
    norm : "slaney" or None
        Unit area over Hz (divided by the sum over the transform's frequencies), as for mel bands; or 1 at the
        centre frequency.

    Returns
    -------
    (n_bands, n_fft // 2 + 1) float64

    Raises
    ------
    ParameterError
        For frequencies out of order or above half the sample rate.
    """
    check_counts(n_fft=n_fft)
    fmax = band_limits(sample_rate, fmin, fmax)
    if norm not in ("slaney", None):
        raise ParameterError(f"norm={norm!r}: want 'slaney' (unit area) or None (1 at the centre)")
    centres = erb_centres_hz(n_bands=n_bands, fmin=fmin, fmax=fmax)[:, None] / sample_rate
    bins = np.arange(n_fft // 2 + 1) / n_fft
    decay = np.exp(-2 * np.pi * _GAMMATONE_WIDTH * erb_width_hz(centres * sample_rate) / sample_rate)
    response = _gammatone(bins, centres, decay) / _gammatone(centres, centres, decay)
    bank = response**exponent
    return bank / (bank.sum(axis=1, keepdims=True) * sample_rate / n_fft) if norm == "slaney" else bank


def _gammatone(
    at: NDArray[np.float64], centre: NDArray[np.float64], decay: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the magnitude response at frequencies in cycles per sample.

    The poles are at the centre frequency, ``decay`` from 0. The zeros are on the real axis at ``decay`` times
    ``cos ± sqrt(3 ± 2 sqrt 2) sin`` of the centre's angle: those of the Laplace transform of the impulse
    response, brought over by impulse invariance (Slaney 1993, section 3).
    """
    z = np.exp(-2j * np.pi * at)
    cos, sin = np.cos(2 * np.pi * centre), np.sin(2 * np.pi * centre)
    poles = 1 - 2 * decay * cos * z + (decay * z) ** 2
    zeros = np.ones_like(poles)
    for sign in (1, -1):
        for inner in (1, -1):
            zeros = zeros * (1 - decay * (cos + sign * np.sqrt(3 + inner * np.sqrt(8)) * sin) * z)
    return np.asarray(np.abs(zeros) / np.abs(poles) ** 4)


def bark_spectrogram(
    x: Array,
    *,
    sample_rate: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    n_bands: int = 24,
    fmin: float = 0.0,
    fmax: float | None = None,
    norm: str | None = "slaney",
    exponent: float = 2.0,
    **framing: Unpack[Framing],
) -> Array:
    """Return the energy in bands that are evenly spaced in bark, frame by frame.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    n_fft, hop_length, **framing
        See `sori.spectral.stft.stft`.
    n_bands, fmin, fmax, norm
        See `bark_filterbank`.
    exponent : float
        Of the magnitudes that the bands add up: 2 for energy, 1 for amplitude.

    Returns
    -------
    (..., n_bands, frames) real

    Raises
    ------
    ParameterError
        As `bark_filterbank` and `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> bark_spectrogram(np.zeros(22050), sample_rate=22050).shape
    (24, 44)
    """
    bank = {"n_fft": n_fft, "n_bands": n_bands, "fmin": fmin, "fmax": fmax, "norm": norm}

    def bands(spectrum: Array) -> Array:
        powers = raised(spectrum, exponent)
        return band_energies(powers, bark_filterbank, sample_rate=sample_rate, **bank)

    found = framed(x, n_fft=n_fft, hop_length=hop_length, then=bands, **framing)
    return namespace(found).matrix_transpose(found)


def erb_spectrogram(
    x: Array,
    *,
    sample_rate: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    n_bands: int = 64,
    fmin: float = 50.0,
    fmax: float | None = None,
    norm: str | None = "slaney",
    exponent: float = 2.0,
    **framing: Unpack[Framing],
) -> Array:
    """Return the energy of gammatone filters that are evenly spaced in bandwidths, frame by frame.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    n_fft, hop_length, **framing
        See `sori.spectral.stft.stft`. Low filters are narrower than the frequencies of a short transform.
    n_bands, fmin, fmax, norm
        See `erb_filterbank`.
    exponent : float
        Of the magnitudes and of the responses that weigh them: 2 for energy, 1 for amplitude.

    Returns
    -------
    (..., n_bands, frames) real

    Raises
    ------
    ParameterError
        As `erb_filterbank` and `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> erb_spectrogram(np.zeros(22050), sample_rate=22050).shape
    (64, 44)
    """
    bank = {"n_fft": n_fft, "n_bands": n_bands, "fmin": fmin, "fmax": fmax, "norm": norm}

    def bands(spectrum: Array) -> Array:
        powers = raised(spectrum, exponent)
        return band_energies(powers, erb_filterbank, sample_rate=sample_rate, exponent=exponent, **bank)

    found = framed(x, n_fft=n_fft, hop_length=hop_length, then=bands, **framing)
    return namespace(found).matrix_transpose(found)

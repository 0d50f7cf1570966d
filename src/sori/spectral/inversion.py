"""From mel spectrograms and cepstra back: `mel_to_magnitude`, `mfcc_to_mel`, `mel_to_audio`, `mfcc_to_audio`.

Fewer bands than frequencies have lost something. What is found is a spectrum without negative values whose
bands hold what was given, with each band spread over its frequencies; the phases are those of
`sori.spectral.griffin_lim.griffin_lim`.
"""

from __future__ import annotations

from typing import Any, Required, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, product, spectrogram, tiny
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.cepstrum import idct, unlifter
from sori.spectral.griffin_lim import griffin_lim
from sori.spectral.log_mel import Compression, expanded
from sori.spectral.mel import mel_filterbank
from sori.spectral.stft import Framing

__all__ = [
    "MelBands",
    "MelSound",
    "mel_to_audio",
    "mel_to_magnitude",
    "mel_to_stft_power",
    "mfcc_to_audio",
    "mfcc_to_mel",
]


class MelBands(TypedDict, total=False):
    """What `mel_to_stft_power` takes; ``sample_rate`` and ``n_fft`` are required."""

    sample_rate: Required[float]
    n_fft: Required[int]
    fmin: float
    fmax: float | None
    scale: str
    norm: str | None
    n_iter: int


class MelSound(Framing, total=False):
    """What `mel_to_audio` takes, with its defaults, beside ``sample_rate``."""

    n_fft: int
    hop_length: int | None
    fmin: float
    fmax: float | None
    scale: str
    norm: str | None
    exponent: float
    n_iter: int
    length: int | None
    rng: np.random.Generator | None


_STRIDE = 1.5  # exponent of each correction: 1 is Richardson's, below 2 it still arrives, and sooner
_MOST = 1e3  # what a correction multiplies by at most, so that nothing overflows


def _even_bands(**bank: Any) -> NDArray[np.float64]:
    """Return the bands, each with weights that add up to 1."""
    return mel_filterbank(**bank) * _evening(**bank)


def _evening(**bank: Any) -> NDArray[np.float64]:
    return _inverse(mel_filterbank(**bank).sum(axis=1, keepdims=True))


def _shares(**bank: Any) -> NDArray[np.float64]:
    """Return how much each band has to say at each frequency, ``(n_fft // 2 + 1, n_mels)``: 1 together."""
    bands = _even_bands(**bank).T
    return bands * _inverse(bands.sum(axis=1, keepdims=True))


def _inverse(total: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(total > 0, 1 / np.where(total > 0, total, 1.0), 0.0)


def mel_to_stft_power(
    mel: Array,
    *,
    sample_rate: float,
    n_fft: int,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: str = "slaney",
    norm: str | None = "slaney",
    n_iter: int = 32,
) -> Array:
    """Return a spectrogram without negative values whose mel bands are those given, or nearly.

    Each frequency is multiplied by how much too little the bands over it hold, on average, again and again:
    the search for the least Kullback-Leibler divergence, which heeds quiet bands beside loud ones.

    Parameters
    ----------
    mel : (..., n_mels, time) real
        As from `sori.spectral.mel.mel_spectrogram`.
    sample_rate, n_fft, fmin, fmax, scale, norm
        As given there.
    n_iter : int
        Steps, always as many.

    Returns
    -------
    (..., n_fft // 2 + 1, time) real
        Powers where ``mel`` was made with ``exponent=2``. Frequencies under no band are 0.

    Raises
    ------
    ParameterError
        For what `sori.spectral.mel.mel_filterbank` refuses.

    Source
    ------
    Richardson, "Bayesian-based iterative method of image restoration", J. Opt. Soc. Am. 62(1), 1972; Lee &
    Seung, "Algorithms for non-negative matrix factorization", NIPS 2000.

    Examples
    --------
    >>> import numpy as np
    >>> mel_to_stft_power(np.ones((40, 10)), sample_rate=22050, n_fft=1024).shape
    (513, 10)
    """
    xp, mel = spectrogram(mel, name="mel")
    check_counts(n_iter=n_iter)
    bank: dict[str, Any] = {
        "sample_rate": sample_rate,
        "n_fft": n_fft,
        "n_mels": mel.shape[-2],
        "fmin": fmin,
        "fmax": fmax,
        "scale": scale,
        "norm": norm,
    }
    bands, shares = constant(_even_bands, like=mel, **bank), constant(_shares, like=mel, **bank)
    wanted = at_least(mel, 0.0) * constant(_evening, like=mel, **bank)
    least = wanted / _MOST + tiny(mel) ** 0.5
    found = product(shares, wanted)
    for _ in range(n_iter):
        lacking = wanted / xp.maximum(product(bands, found), least)
        found = found * product(shares, lacking) ** _STRIDE
    return found


def mel_to_magnitude(mel: Array, *, exponent: float = 2.0, **bank: Unpack[MelBands]) -> Array:
    """Return magnitudes ``(..., n_fft // 2 + 1, time)`` whose mel bands are ``mel``, or nearly.

    Parameters
    ----------
    mel, **bank
        See `mel_to_stft_power`.
    exponent : float
        As given to `sori.spectral.mel.mel_spectrogram`.

    Raises
    ------
    ParameterError
        As `mel_to_stft_power`, and for an exponent that is not positive.
    """
    check_numbers(exponent=exponent)
    if not exponent > 0:
        raise ParameterError(f"exponent={exponent}: want a positive number, 2 for energy")
    xp, mel = spectrogram(mel, name="mel")
    raised = mel_to_stft_power(mel, **bank)
    if exponent == 1:
        return raised
    # The slope of a root at 0 is infinite: turn away before it.
    least = tiny(raised)
    root = at_least(raised, least) ** (1 / exponent)
    return xp.where(raised > least, root, xp.zeros_like(root))


def mfcc_to_mel(
    cepstra: Array,
    *,
    n_mels: int = 128,
    kind: int = 2,
    norm_dct: str | None = "ortho",
    lifter_length: float | None = None,
    lifter_first: int = 0,
    compression: Compression = "db",
    ref: float = 1.0,
    offset: float = 0.0,
) -> Array:
    """Return the mel spectrogram of mel-frequency cepstra, smoothed by what the missing coefficients held.

    Parameters
    ----------
    cepstra : (..., n_mfcc, time) real
        As from `sori.spectral.cepstrum.mfcc`.
    n_mels : int
        Bands to return.
    kind, norm_dct, lifter_length, lifter_first, compression, ref, offset
        As given to `sori.spectral.cepstrum.mfcc`.

    Returns
    -------
    (..., n_mels, time) real

    Raises
    ------
    ParameterError
        As `sori.spectral.cepstrum.idct` and `sori.spectral.cepstrum.unlifter`.

    Examples
    --------
    >>> import numpy as np
    >>> mfcc_to_mel(np.zeros((20, 5)), n_mels=40).shape
    (40, 5)
    """
    _, cepstra = spectrogram(cepstra, name="cepstra")
    if lifter_length is not None:
        cepstra = unlifter(cepstra, length=lifter_length, first=lifter_first)
    levels = idct(cepstra, n_out=n_mels, kind=kind, norm=norm_dct, axis=-2)
    return expanded(levels, compression=compression, ref=ref, offset=offset)


def mel_to_audio(
    mel: Array,
    *,
    sample_rate: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    fmin: float = 0.0,
    fmax: float | None = None,
    scale: str = "slaney",
    norm: str | None = "slaney",
    exponent: float = 2.0,
    n_iter: int = 32,
    length: int | None = None,
    rng: np.random.Generator | None = None,
    **framing: Unpack[Framing],
) -> Array:
    """Return a signal whose mel spectrogram is ``mel``, or nearly.

    Parameters
    ----------
    mel : (..., n_mels, time) real
        As from `sori.spectral.mel.mel_spectrogram`.
    sample_rate, n_fft, hop_length, fmin, fmax, scale, norm, exponent, **framing
        As given there.
    n_iter : int
        Steps of the search for the spectrum, and again of that for its phases.
    length, rng
        See `sori.spectral.griffin_lim.griffin_lim`.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        As `mel_to_magnitude` and `sori.spectral.griffin_lim.griffin_lim`.

    Examples
    --------
    >>> import numpy as np
    >>> mel_to_audio(np.zeros((40, 9)), sample_rate=22050, n_fft=1024, length=2000).shape
    (2000,)
    """
    S = mel_to_magnitude(
        mel,
        exponent=exponent,
        sample_rate=sample_rate,
        n_fft=n_fft,
        fmin=fmin,
        fmax=fmax,
        scale=scale,
        norm=norm,
        n_iter=n_iter,
    )
    return griffin_lim(
        S, n_fft=n_fft, hop_length=hop_length, n_iter=n_iter, length=length, rng=rng, **framing
    )


def mfcc_to_audio(
    cepstra: Array,
    *,
    sample_rate: float,
    n_mels: int = 128,
    kind: int = 2,
    norm_dct: str | None = "ortho",
    lifter_length: float | None = None,
    lifter_first: int = 0,
    compression: Compression = "db",
    ref: float = 1.0,
    offset: float = 0.0,
    **sound: Unpack[MelSound],
) -> Array:
    """Return a signal whose mel-frequency cepstra begin with ``cepstra``, or nearly.

    Parameters
    ----------
    cepstra : (..., n_mfcc, time) real
        As from `sori.spectral.cepstrum.mfcc`.
    n_mels, kind, norm_dct, lifter_length, lifter_first, compression, ref, offset
        See `mfcc_to_mel`.
    sample_rate, **sound
        See `mel_to_audio`.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        As `mfcc_to_mel` and `mel_to_audio`.
    """
    found = mfcc_to_mel(
        cepstra,
        n_mels=n_mels,
        kind=kind,
        norm_dct=norm_dct,
        lifter_length=lifter_length,
        lifter_first=lifter_first,
        compression=compression,
        ref=ref,
        offset=offset,
    )
    return mel_to_audio(found, sample_rate=sample_rate, **sound)

"""The front ends of speech recognisers: `kaldi_fbank`, `kaldi_mfcc`, `htk_fbank`, `htk_mfcc`.

Numbers as Kaldi and HTK compute them, without dither. They differ from `sori.spectral.cepstrum` in that each
frame loses its mean and is pre-emphasised by itself, frames lie inside the signal and are filled up with
zeros at their end to a power of two, bands are triangles over mels instead of Hz, and samples count as 16-bit
integers (``scale``).

Source: Povey et al., "The Kaldi speech recognition toolkit", ASRU 2011, feat/feature-*; Young et al., The HTK
Book 3.4, chapter 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, frame, is_numpy, namespace, rfft, waveform
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.bands import band_energies, band_limits, raised, triangles
from sori.spectral.cepstrum import dct, lifter_weights
from sori.spectral.windows import window as samples_of
from sori.units import hz_to_mel

__all__ = ["SpeechFrames", "htk_fbank", "htk_mfcc", "kaldi_fbank", "kaldi_mfcc", "speech_filterbank"]

_EPSILON = 2.0**-23  # Kaldi's floor under logarithms, that of single precision
_AT_ONCE = 128  # frames that NumPy works on together, so that they stay in the cache


class SpeechFrames(TypedDict, total=False):
    """How speech is cut into frames; the defaults are Kaldi's, those of HTK in brackets.

    ``win_length``, ``hop_length`` (int): samples; 25 and 10 ms if not given.
    ``n_fft`` (int): transform length; the next power of two if not given.
    ``window`` (str, default ``"povey"`` [``"hamming"``]): one of `sori.spectral.windows.WINDOWS`, symmetric.
    ``preemphasis`` (float, default 0.97): times the sample before is taken from each sample of a frame.
    ``remove_dc`` (bool, default true [false]): each frame loses its mean first.
    ``snip_edges`` (bool, default true): only whole frames; if false the signal is mirrored at its ends and
    there is a frame for each hop.
    ``scale`` (float, default 32768): times the signal, so that [-1, 1] is the range of 16-bit samples.
    """

    win_length: int | None
    hop_length: int | None
    n_fft: int | None
    window: str
    preemphasis: float
    remove_dc: bool
    snip_edges: bool
    scale: float


def speech_filterbank(
    *, sample_rate: float, n_fft: int, n_mels: int, fmin: float, fmax: float | None = None
) -> NDArray[np.float64]:
    """Return bands ``(n_mels, n_fft // 2 + 1)`` that are triangles of unit height over mels (HTK's scale).

    Over Hz their sides are bent: `sori.spectral.mel.mel_filterbank` has straight ones.

    Raises
    ------
    ParameterError
        For frequencies out of order or above half the sample rate.
    """
    check_counts(n_fft=n_fft, n_mels=n_mels)
    fmax = band_limits(sample_rate, fmin, fmax)
    low, high = (float(hz_to_mel(hz, scale="htk")) for hz in (fmin, fmax))
    bins = hz_to_mel(np.arange(n_fft // 2 + 1) * (sample_rate / n_fft), scale="htk")
    return triangles(np.linspace(low, high, n_mels + 2), bins, norm=None)


def kaldi_fbank(
    x: Array,
    *,
    sample_rate: float,
    n_mels: int = 23,
    fmin: float = 20.0,
    fmax: float | None = None,
    exponent: float = 2.0,
    log: bool = True,
    energy: Literal["first", "last"] | None = None,
    raw_energy: bool = True,
    energy_floor: float = 0.0,
    **frames: Unpack[SpeechFrames],
) -> Array:
    """Return log mel energies as Kaldi's ``compute-fbank-feats --dither=0``.

    Parameters
    ----------
    x : (..., time) real
        The signal, in [-1, 1]; see ``scale`` of `SpeechFrames`.
    sample_rate : float
        Hz.
    n_mels, fmin, fmax
        See `speech_filterbank`; Kaldi's ``--high-freq=-400`` is ``fmax=sample_rate / 2 - 400``.
    exponent : float
        Of the magnitudes that the bands add up: 2 for energy, 1 for amplitude (``--use-power=false``).
    log : bool
        Whether natural logarithms are taken (of at least 2^-23).
    energy : "first", "last" or None
        Where the logarithm of the frame's energy is put beside the bands (``--use-energy``).
    raw_energy : bool
        Whether that is measured before pre-emphasis and window, or after.
    energy_floor : float
        What that energy is at least, unless it is 0.
    **frames
        See `SpeechFrames`.

    Returns
    -------
    (..., n_mels, frames) real
        One row more with ``energy``.

    Raises
    ------
    ParameterError
        For a signal shorter than a frame, and for what `speech_filterbank` refuses.

    Examples
    --------
    >>> import numpy as np
    >>> kaldi_fbank(np.zeros(16000), sample_rate=16000, n_mels=80).shape
    (80, 98)
    """
    bands = {"sample_rate": sample_rate, "n_mels": n_mels, "fmin": fmin, "fmax": fmax}

    def levels(spectrum: Array, loudness: Array) -> Array:
        found = _energies(spectrum, exponent, **bands)
        found = _logarithm(found, _EPSILON) if log else found
        return _beside(found, _logarithm(loudness, _floor(energy_floor)), energy)

    return _spoken(x, sample_rate, levels, raw_energy=raw_energy, **frames)


def kaldi_mfcc(
    x: Array,
    *,
    sample_rate: float,
    n_mfcc: int = 13,
    n_mels: int = 23,
    fmin: float = 20.0,
    fmax: float | None = None,
    lifter_length: float | None = 22.0,
    use_energy: bool = True,
    raw_energy: bool = True,
    energy_floor: float = 0.0,
    **frames: Unpack[SpeechFrames],
) -> Array:
    """Return mel-frequency cepstra as Kaldi's ``compute-mfcc-feats --dither=0``.

    Parameters
    ----------
    x, sample_rate, n_mels, fmin, fmax, raw_energy, energy_floor, **frames
        See `kaldi_fbank`.
    n_mfcc : int
        Coefficients, with the first, which says how much there is of all.
    lifter_length : float, optional
        See `sori.spectral.cepstrum.lifter`.
    use_energy : bool
        Whether the first coefficient is replaced by the logarithm of the frame's energy.

    Returns
    -------
    (..., n_mfcc, frames) real

    Raises
    ------
    ParameterError
        As `kaldi_fbank`, and for more coefficients than bands.

    Examples
    --------
    >>> import numpy as np
    >>> kaldi_mfcc(np.zeros(16000), sample_rate=16000).shape
    (13, 98)
    """
    bands = {"sample_rate": sample_rate, "n_mels": n_mels, "fmin": fmin, "fmax": fmax}

    def cepstra(spectrum: Array, loudness: Array) -> Array:
        found = dct(_logarithm(_energies(spectrum, 2.0, **bands), _EPSILON), n_out=n_mfcc)
        if lifter_length is not None:
            found = found * constant(lifter_weights, like=found, n=n_mfcc, length=lifter_length)
        if not use_energy:
            return found
        return _beside(found[..., 1:], _logarithm(loudness, _floor(energy_floor)), "first")

    return _spoken(x, sample_rate, cepstra, raw_energy=raw_energy, **frames)


def htk_fbank(
    x: Array,
    *,
    sample_rate: float,
    n_mels: int = 26,
    fmin: float = 0.0,
    fmax: float | None = None,
    exponent: float = 1.0,
    **frames: Unpack[SpeechFrames],
) -> Array:
    """Return log mel amplitudes as HTK's ``FBANK``: Hamming window, means kept, bands of at least 1.

    Parameters
    ----------
    x, sample_rate, n_mels, fmin, fmax, exponent, **frames
        See `kaldi_fbank`; HTK's NUMCHANS, LOFREQ, HIFREQ, USEPOWER (2), and `SpeechFrames`.

    Returns
    -------
    (..., n_mels, frames) real

    Raises
    ------
    ParameterError
        As `kaldi_fbank`.
    """
    bands = {"sample_rate": sample_rate, "n_mels": n_mels, "fmin": fmin, "fmax": fmax}

    def levels(spectrum: Array, loudness: Array) -> Array:
        return _logarithm(_energies(spectrum, exponent, **bands), 1.0)

    return _spoken(x, sample_rate, levels, **_of_htk(frames))


def htk_mfcc(
    x: Array,
    *,
    sample_rate: float,
    n_mfcc: int = 12,
    n_mels: int = 26,
    fmin: float = 0.0,
    fmax: float | None = None,
    exponent: float = 1.0,
    lifter_length: float | None = 22.0,
    last: Literal["c0", "energy"] | None = None,
    **frames: Unpack[SpeechFrames],
) -> Array:
    """Return mel-frequency cepstra as HTK's ``MFCC``, ``MFCC_0`` or ``MFCC_E``.

    Parameters
    ----------
    x, sample_rate, n_mels, fmin, fmax, exponent, **frames
        See `htk_fbank`.
    n_mfcc : int
        Coefficients, from the second one of the cosine transform on: HTK's NUMCEPS.
    lifter_length : float, optional
        See `sori.spectral.cepstrum.lifter`; HTK's CEPLIFTER.
    last : "c0", "energy" or None
        Whether the first coefficient of the transform, or the logarithm of the frame's energy before
        pre-emphasis (not normalised: ENORMALISE=F), follows as the last row.

    Returns
    -------
    (..., n_mfcc, frames) real
        One row more with ``last``.

    Raises
    ------
    ParameterError
        As `kaldi_mfcc`.
    """
    bands = {"sample_rate": sample_rate, "n_mels": n_mels, "fmin": fmin, "fmax": fmax}
    if last not in ("c0", "energy", None):
        raise ParameterError(f"last={last!r}: want 'c0', 'energy' or None")

    def cepstra(spectrum: Array, loudness: Array) -> Array:
        found = _logarithm(_energies(spectrum, exponent, **bands), 1.0)
        found = dct(found, n_out=_one_more(n_mfcc), norm="htk")
        if lifter_length is not None:
            found = found * constant(lifter_weights, like=found, n=n_mfcc + 1, length=lifter_length)
        level = found[..., 0] if last == "c0" else _logarithm(loudness, _EPSILON)
        return _beside(found[..., 1:], level, "last" if last else None)

    return _spoken(x, sample_rate, cepstra, **_of_htk(frames))


def _of_htk(frames: SpeechFrames) -> SpeechFrames:
    theirs: SpeechFrames = {"window": "hamming", "remove_dc": False}
    return {**theirs, **frames}


def _energies(spectrum: Array, exponent: float, **bands: Any) -> Array:
    n_fft = 2 * (spectrum.shape[-1] - 1)
    return band_energies(raised(spectrum, exponent), speech_filterbank, n_fft=n_fft, **bands)


def _logarithm(energy: Array, floor: float) -> Array:
    return namespace(energy).log(at_least(energy, floor))


def _beside(rows: Array, level: Array, where: str | None) -> Array:
    if where is None:
        return rows
    if where not in ("first", "last"):
        raise ParameterError(f"energy={where!r}: want 'first', 'last' or None")
    xp = namespace(rows)
    level = xp.expand_dims(level, axis=-1)
    return xp.concat([level, rows] if where == "first" else [rows, level], axis=-1)


def _floor(energy_floor: float) -> float:
    check_numbers(energy_floor=energy_floor)
    return max(energy_floor, _EPSILON)


def _one_more(n_mfcc: int) -> int:
    check_counts(n_mfcc=n_mfcc)
    return n_mfcc + 1


def _spoken(
    x: Array,
    sample_rate: float,
    then: Callable[[Array, Array], Array],
    *,
    raw_energy: bool = True,
    win_length: int | None = None,
    hop_length: int | None = None,
    n_fft: int | None = None,
    window: str = "povey",
    preemphasis: float = 0.97,
    remove_dc: bool = True,
    snip_edges: bool = True,
    scale: float = 32768.0,
) -> Array:
    """Return ``then(spectra, energies)`` of the frames of ``x``, turned to ``(..., anything, time)``."""
    xp, x = waveform(x, squared=True)
    check_numbers(sample_rate=sample_rate, preemphasis=preemphasis, scale=scale)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    win_length = int(sample_rate * 0.025) if win_length is None else win_length
    hop_length = int(sample_rate * 0.010) if hop_length is None else hop_length
    check_counts(win_length=win_length, hop_length=hop_length)
    n_fft = 1 << (win_length - 1).bit_length() if n_fft is None else n_fft
    check_counts(n_fft=n_fft)
    if win_length > n_fft or n_fft % 2:
        raise ParameterError(f"n_fft={n_fft}: want an even number of at least win_length={win_length}")
    x = x if snip_edges else _mirrored(x, win_length, hop_length)
    if x.shape[-1] < win_length:
        raise ParameterError(
            f"{x.shape[-1]} samples are fewer than a frame of {win_length}: snip_edges=False mirrors them"
        )
    shape = constant(_symmetric, like=x, name=window, n=win_length)

    def heard(frames: Array) -> Array:
        frames = frames * scale
        frames = frames - xp.mean(frames, axis=-1, keepdims=True) if remove_dc else frames
        loudness = xp.sum(frames * frames, axis=-1) if raw_energy else None
        if preemphasis:
            before = xp.concat([frames[..., :1], frames[..., :-1]], axis=-1)
            frames = frames - preemphasis * before
        frames = frames * shape
        loudness = xp.sum(frames * frames, axis=-1) if loudness is None else loudness
        return then(rfft(frames, n=n_fft), loudness)

    frames = frame(x, frame_length=win_length, hop_length=hop_length)
    return xp.matrix_transpose(_part_by_part(frames, heard))


def _part_by_part(frames: Array, heard: Callable[[Array], Array]) -> Array:
    if not is_numpy(frames) or frames.size == 0:
        return heard(frames)
    count = frames.shape[-2]
    parts: list[Any] = [heard(frames[..., at : at + _AT_ONCE, :]) for at in range(0, count, _AT_ONCE)]
    return np.concatenate(parts, axis=-2)


def _symmetric(*, name: str, n: int) -> NDArray[np.float64]:
    return samples_of(name, n, periodic=False)


def _mirrored(x: Array, win_length: int, hop_length: int) -> Array:
    """Return ``x``, ends mirrored as ``b a | a b``, so that frame ``t`` is around the middle of hop ``t``."""
    n = x.shape[-1]
    count = (n + hop_length // 2) // hop_length
    if count == 0:
        raise ParameterError(f"{n} samples are fewer than half a hop of {hop_length}: there is no frame")
    first = hop_length // 2 - win_length // 2
    last = first + (count - 1) * hop_length + win_length
    if max(-first, last - n) > n:  # so short that it is mirrored again and again
        at = constant(_there_and_back, like=x, n=n, first=first, last=last)
        return namespace(x).take(x, at, axis=-1)
    xp = namespace(x)
    head, tail = x[..., : max(0, -first)], x[..., n - max(0, last - n) :]
    kept = x[..., max(0, first) : min(n, last)]
    return xp.concat([xp.flip(head, axis=-1), kept, xp.flip(tail, axis=-1)], axis=-1)


def _there_and_back(*, n: int, first: int, last: int) -> NDArray[np.int64]:
    at = np.arange(first, last) % (2 * n)
    return np.minimum(at, 2 * n - 1 - at)

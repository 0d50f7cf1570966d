"""Chroma: how much of each pitch class sounds, whatever the octave.

`chroma_stft` weighs the frequencies of a short-time spectrum, `chroma_cqt` adds up the octaves of a
constant-Q transform, `cens` makes of either what matching of recordings needs: coarse in level, slow in time.

The octave may be divided into any number of classes: 12, 24 for quarter tones, 53, or the 5 or 7 equal steps
of slendro and Thai tunings. Class 0 is C; class ``c`` lies ``c / n_chroma`` of an octave above.
"""

from __future__ import annotations

import math
from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, namespace, pad, product, spectrogram
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.bands import band_limits
from sori.spectral.constant_q import cqt_magnitude
from sori.spectral.constant_q_chain import strided
from sori.spectral.magnitude import power
from sori.spectral.stft import Framing, framed
from sori.spectral.windows import window
from sori.units import hz_to_midi

__all__ = [
    "cens",
    "chroma_cqt",
    "chroma_filterbank",
    "chroma_fold",
    "chroma_stft",
    "octave_fold",
    "scaled_frames",
]

_STEPS = (0.4, 0.2, 0.1, 0.05)  # a class with more of the whole than this gains a level


def chroma_filterbank(
    *,
    sample_rate: float,
    n_fft: int,
    n_chroma: int = 12,
    tuning: float = 0.0,
    centre_octave: float | None = 5.0,
    octave_width: float = 2.0,
    norm: float | None = 2,
    base_c: bool = True,
) -> NDArray[np.float64]:
    """Return what each frequency of a spectrum counts for each pitch class: Gaussian bumps.

    A bump is as wide as a class, or as the spacing of frequencies where that is wider (half of it being the
    standard deviation). All of it is weighed by another Gaussian over the octaves.

    Parameters
    ----------
    sample_rate : float
        Hz.
    n_fft : int
        Length of the transform.
    n_chroma : int
        Classes in an octave.
    tuning : float
        By how much the instruments are above A4 = 440 Hz, in fractions of a class.
    centre_octave, octave_width : float
        Which octave counts most (0 begins at 27.5 Hz, so 5 at 880 Hz) and how quickly that fades, in octaves
        of standard deviation; ``centre_octave=None`` counts all alike.
    norm : 1, 2, inf or None
        What is made 1 for each frequency before that: sum, root of the squares, maximum, nothing.
    base_c : bool
        Class 0 is C; otherwise A.

    Returns
    -------
    (n_chroma, n_fft // 2 + 1) float64

    Raises
    ------
    ParameterError
        For counts, widths and rates that are not positive.

    Source: Ellis, "Chroma feature analysis and synthesis", 2007.
    """
    check_counts(n_fft=n_fft, n_chroma=n_chroma)
    band_limits(sample_rate, 0, None)
    check_numbers(tuning=tuning, octave_width=octave_width, centre_octave=centre_octave or 0.0)
    if not octave_width > 0:
        raise ParameterError(f"octave_width={octave_width}: want a positive number of octaves")
    hz = np.arange(1, n_fft // 2 + 2) * (sample_rate / n_fft)
    place = n_chroma * np.log2(hz / 27.5) - tuning  # in classes above A0
    # What 0 Hz would be is made up: an octave and a half below the first frequency, out of every class's way.
    place = np.concatenate([[place[0] - 1.5 * n_chroma], place])
    width = np.maximum(np.diff(place), 1.0)
    place = place[:-1]
    classes = np.arange(n_chroma)[:, None] + (n_chroma / 4 if base_c else 0)  # C is a quarter octave above A
    half = n_chroma // 2 + (n_chroma % 4 == 3)  # rounded, halves to even, as the numbers of others are made
    apart = np.remainder(place - classes + half, n_chroma) - half
    bank = np.exp(-0.5 * (2 * apart / width) ** 2)
    if norm is not None:
        bank = bank / np.linalg.norm(bank, _order(norm), axis=0)
    if centre_octave is not None:
        bank = bank * np.exp(-0.5 * ((place / n_chroma - centre_octave) / octave_width) ** 2)
    return np.asarray(bank)


def chroma_stft(
    x: Array,
    *,
    sample_rate: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    n_chroma: int = 12,
    tuning: float = 0.0,
    centre_octave: float | None = 5.0,
    octave_width: float = 2.0,
    base_c: bool = True,
    norm: float | None = np.inf,
    floor: float = 1e-10,
    **framing: Unpack[Framing],
) -> Array:
    """Return the chroma of the short-time power spectrum.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    n_fft, hop_length, **framing
        See `sori.spectral.stft.stft`. Semitones below 140 Hz are closer than the frequencies of
        ``n_fft=2048`` at 22050 Hz; `chroma_cqt` tells them apart.
    n_chroma, tuning, centre_octave, octave_width, base_c
        See `chroma_filterbank`.
    norm, floor
        See `scaled_frames`.

    Returns
    -------
    (..., n_chroma, frames) real

    Raises
    ------
    ParameterError
        As `chroma_filterbank` and `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> chroma_stft(x, sample_rate=22050)[:, 20].argmax().item()  # A is nine semitones above C
    9
    """

    def classes(spectrum: Array) -> Array:
        bank = constant(
            chroma_filterbank,
            like=namespace(spectrum).real(spectrum),
            sample_rate=sample_rate,
            n_fft=n_fft,
            n_chroma=n_chroma,
            tuning=tuning,
            centre_octave=centre_octave,
            octave_width=octave_width,
            base_c=base_c,
        )
        return product(power(spectrum), namespace(bank).matrix_transpose(bank))

    found = framed(x, n_fft=n_fft, hop_length=hop_length, then=classes, **framing)
    return scaled_frames(namespace(found).matrix_transpose(found), norm=norm, floor=floor)


def octave_fold(
    *, n_bins: int, n_chroma: int = 12, bins_per_octave: int = 36, fmin: float | None = None
) -> NDArray[np.float64]:
    """Return the matrix ``(n_chroma, n_bins)`` that adds up the bands of a constant-Q transform.

    Each class takes the bands around its own frequency, ``bins_per_octave / n_chroma`` of them. ``fmin`` is
    the frequency of the lowest band (C1 if not given) and is taken to be of the nearest class.

    >>> octave_fold(n_bins=6, n_chroma=3, bins_per_octave=3).astype(int).tolist()
    [[1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]]
    """
    check_counts(n_bins=n_bins, n_chroma=n_chroma, bins_per_octave=bins_per_octave)
    if bins_per_octave % n_chroma:
        raise ParameterError(
            f"bins_per_octave={bins_per_octave} is no multiple of n_chroma={n_chroma}: "
            f"want {n_chroma}, {2 * n_chroma}, {3 * n_chroma} or so"
        )
    merged = bins_per_octave // n_chroma
    above_c = 0.0 if fmin is None else float(hz_to_midi(fmin)) / 12
    first = round((above_c - math.floor(above_c)) * n_chroma)
    belongs = (first + (np.arange(n_bins) + merged // 2) // merged) % n_chroma
    return np.asarray(belongs == np.arange(n_chroma)[:, None], np.float64)


def chroma_fold(
    C: Array,  # noqa: N803 -- the field's name for a constant-Q transform
    *,
    n_chroma: int = 12,
    bins_per_octave: int = 36,
    fmin: float | None = None,
    norm: float | None = np.inf,
    floor: float = 1e-10,
) -> Array:
    """Return the chroma ``(..., n_chroma, frames)`` of constant-Q magnitudes ``(..., n_bins, frames)``.

    See `octave_fold` for ``n_chroma``, ``bins_per_octave`` and ``fmin``, `scaled_frames` for the others.
    """
    _, C = spectrogram(C, name="C")
    fold = constant(
        octave_fold,
        like=C,
        n_bins=C.shape[-2],
        n_chroma=n_chroma,
        bins_per_octave=bins_per_octave,
        fmin=fmin,
    )
    return scaled_frames(product(fold, C), norm=norm, floor=floor)


def chroma_cqt(
    x: Array,
    *,
    sample_rate: float,
    hop_length: int = 512,
    n_chroma: int = 12,
    bins_per_octave: int = 36,
    n_octaves: int = 7,
    fmin: float | None = None,
    tuning: float = 0.0,
    norm: float | None = np.inf,
    floor: float = 1e-10,
    pad_mode: str = "constant",
) -> Array:
    """Return the chroma of a constant-Q transform: its octaves added up.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    hop_length, fmin, tuning, pad_mode
        See `sori.spectral.constant_q.cqt`; ``tuning`` in fractions of a band, of which there are
        ``bins_per_octave``.
    n_chroma : int
        Classes in an octave.
    bins_per_octave : int
        Bands in an octave, a multiple of ``n_chroma``: three to a class tell a tone in its middle from
        one between two.
    n_octaves : int
        How many are added up, from ``fmin`` on.
    norm, floor
        See `scaled_frames`.

    Returns
    -------
    (..., n_chroma, frames) real

    Raises
    ------
    ParameterError
        As `sori.spectral.constant_q.cqt`, and where bands and classes do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> chroma_cqt(x, sample_rate=22050)[:, 20].argmax().item()
    9
    >>> chroma_cqt(x, sample_rate=22050, n_chroma=5, bins_per_octave=15).shape  # slendro
    (5, 44)
    """
    check_counts(n_octaves=n_octaves, bins_per_octave=bins_per_octave)
    # Refuse what does not fit before the work, not after it.
    octave_fold(n_bins=1, n_chroma=n_chroma, bins_per_octave=bins_per_octave, fmin=fmin)
    size = cqt_magnitude(
        x,
        sample_rate=sample_rate,
        hop_length=hop_length,
        pad_mode=pad_mode,
        fmin=fmin,
        n_bins=n_octaves * bins_per_octave,
        bins_per_octave=bins_per_octave,
        tuning=tuning,
    )
    return chroma_fold(
        size, n_chroma=n_chroma, bins_per_octave=bins_per_octave, fmin=fmin, norm=norm, floor=floor
    )


def cens(
    chroma: Array,
    *,
    smoothing: int = 41,
    window_name: str = "hann",
    norm: float | None = 2,
    floor: float = 1e-10,
) -> Array:
    """Return chroma energy normalised statistics: coarse levels, smoothed over time.

    Each frame is made to sum to 1; a class gains a quarter for each of 0.05, 0.1, 0.2 and 0.4 that it
    exceeds; a window smooths that over time, and each frame is scaled again. Dynamics, timbre and
    articulation are gone, harmony is left: recordings of the same piece become alike. Where the levels are
    cut there is no gradient: it is 0.

    Parameters
    ----------
    chroma : (..., n_chroma, frames) real
        Of any scaling, not negative: ``chroma_cqt(x, ..., norm=None)``.
    smoothing : int
        Frames under the window; 1 smooths nothing.
    window_name : str
        See `sori.spectral.windows.window`; symmetric, without the zeros at its ends.
    norm, floor
        See `scaled_frames`.

    Returns
    -------
    (..., n_chroma, frames) real

    Source: Müller & Ewert, "Chroma toolbox", ISMIR 2011.

    Examples
    --------
    >>> import numpy as np
    >>> cens(np.array([[0.6], [0.25], [0.15]]), smoothing=1, norm=None).tolist()
    [[1.0], [0.75], [0.5]]
    """
    xp, chroma = spectrogram(chroma, name="chroma")
    check_counts(smoothing=smoothing)
    part = scaled_frames(chroma, norm=1, floor=floor)
    level = sum((xp.astype(part > step, part.dtype) for step in _STEPS), start=0.0 * part) / len(_STEPS)
    if smoothing > 1 and level.shape[-1]:
        before = smoothing // 2
        column = constant(_smoothing, like=level, name=window_name, n=smoothing)
        count = level.shape[-1]
        level = strided(pad(level, before, smoothing - 1 - before), column, begin=0, step=1, count=count)
        level = level[..., 0]
    return scaled_frames(level, norm=norm, floor=floor)


def scaled_frames(S: Array, *, norm: float | None = np.inf, floor: float = 1e-10) -> Array:
    """Return each frame divided by its norm, so that loud and soft frames compare.

    Parameters
    ----------
    S : (..., n, frames) real
    norm : 1, 2, inf or None
        What becomes 1: the sum of magnitudes, the root of the sum of squares, the largest; ``None``: nothing.
    floor : float
        Frames with a smaller norm are divided by this: what is nearly silent fades, and silence stays.

    >>> import numpy as np
    >>> scaled_frames(np.array([[3.0, 0.0], [4.0, 0.0]]), norm=2).tolist()
    [[0.6, 0.0], [0.8, 0.0]]
    """
    xp, S = spectrogram(S)
    check_numbers(floor=floor)
    if not floor > 0:
        raise ParameterError(f"floor={floor}: want a positive number")
    if norm is None or 0 in S.shape:
        return S
    order = _order(norm)
    if order == 2:
        size = xp.sqrt(at_least(xp.sum(S * S, axis=-2, keepdims=True), floor * floor))
    elif order == 1:
        size = at_least(xp.sum(xp.abs(S), axis=-2, keepdims=True), floor)
    else:
        size = at_least(xp.max(xp.abs(S), axis=-2, keepdims=True), floor)
    return S / size


def _order(norm: float) -> float:
    if norm not in (1, 2, np.inf):
        raise ParameterError(f"norm={norm!r}: want 1, 2, inf or None")
    return norm


def _smoothing(*, name: str, n: int) -> NDArray[np.float64]:
    shape = window(name, n + 2, periodic=False)[1:-1]
    return np.asarray((shape / shape.sum())[::-1, None])

"""Cepstra: the shape of a spectrum in a few numbers, `dct` and `mfcc`, and their inverses.

The cosine transform of a log spectrum gathers its smooth outline in the first coefficients and leaves the
fine structure, such as the harmonics of a pitch, to the later ones.

Source: Davis & Mermelstein, "Comparison of parametric representations for monosyllabic word recognition",
IEEE ASSP 28(4), 1980; sinusoidal lifter: Juang, Rabiner & Wilpon, IEEE ASSP 35(7), 1987.
"""

from __future__ import annotations

from typing import Unpack

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, namespace, product, real, spectrogram
from sori.arrays.algebra import move_axis
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.log_mel import LogMelOptions, log_mel_spectrogram

__all__ = ["cosines", "dct", "idct", "lifter", "lifter_weights", "mfcc", "mfcc_from_log_mel", "unlifter"]

_INVERSE = {1: 1, 2: 3, 3: 2, 4: 4}


def cosines(*, n: int, n_out: int, kind: int = 2, norm: str | None = "ortho") -> NDArray[np.float64]:
    """Return the first ``n_out`` rows of the cosine transform of ``n`` values; arguments as `dct`."""
    check_counts(n=n, n_out=n_out)
    if kind not in _INVERSE:
        raise ParameterError(f"kind={kind}: want 1, 2, 3 or 4")
    if norm not in ("ortho", "htk", None):
        raise ParameterError(f"norm={norm!r}: want 'ortho', 'htk' or None")
    if n_out > n:
        raise ParameterError(f"{n_out} coefficients of {n} values: want at most {n}")
    if kind == 1 and n < 2:
        raise ParameterError("kind=1 needs at least 2 values")
    k, m = np.arange(n_out)[:, None], np.arange(n)
    # Even kinds mirror halfway between samples, odd kinds at a sample; kinds 3 and 4 shift the output, too.
    angle = (k + (0.5 if kind > 2 else 0.0)) * (m + (0.5 if kind in (2, 4) else 0.0))
    matrix = 2 * np.cos(np.pi * angle / (n - 1 if kind == 1 else n))
    ends = [0, n - 1] if kind == 1 else [0]
    if kind in (1, 3):
        matrix[:, ends] /= 2
    if norm is None:
        return matrix
    matrix *= np.sqrt(0.5 / (n - 1 if kind == 1 else n))
    if norm == "ortho":
        if kind in (1, 3):
            matrix[:, ends] *= np.sqrt(2)
        if kind in (1, 2):
            matrix[[end for end in ends if end < n_out]] /= np.sqrt(2)
    return matrix


def _inverse_cosines(*, n: int, n_out: int, kind: int, norm: str | None) -> NDArray[np.float64]:
    """Return the matrix ``(n_out, n)`` from the first ``n`` coefficients to the ``n_out`` values."""
    check_counts(n=n, n_out=n_out)
    if n > n_out:
        raise ParameterError(f"{n} coefficients of {n_out} values: want at most {n_out}")
    if norm == "ortho":
        return cosines(n=n_out, n_out=n_out, kind=kind, norm=norm)[:n].T
    plain = cosines(n=n_out, n_out=n_out, kind=_INVERSE.get(kind, kind), norm=None)[:, :n]
    plain = plain / (2 * (n_out - 1 if kind == 1 else n_out))
    return plain if norm is None else plain / np.sqrt(0.5 / (n_out - 1 if kind == 1 else n_out))


def dct(
    x: Array, *, n_out: int | None = None, kind: int = 2, norm: str | None = "ortho", axis: int = -1
) -> Array:
    """Return the discrete cosine transform of one axis, as a product with a constant matrix.

    Parameters
    ----------
    x : real array
        Of at least one dimension.
    n_out : int, optional
        How many coefficients, from the lowest; all if not given.
    kind : 1, 2, 3 or 4
        Which of the four. The second, ``2 sum x[m] cos(pi k (2m + 1) / 2n)``, is that of cepstra, the third
        its inverse.
    norm : "ortho", "htk" or None
        Lengths are kept; all rows are scaled by ``sqrt(1 / 2n)``, so that coefficient 0 is ``sqrt(2)`` times
        that of ``"ortho"``; or nothing is scaled.
    axis : int
        Which axis: -2 for the frequencies of a spectrogram.

    Returns
    -------
    As ``x``, with ``n_out`` values along ``axis``

    Raises
    ------
    ParameterError
        For an unknown kind or norm, and for more coefficients than values.

    Examples
    --------
    >>> import numpy as np
    >>> dct(np.array([1.0, 1.0, 1.0, 1.0])).tolist()[0]
    2.0
    """
    _, x = real(x)
    _check_axis(x, axis)
    n = x.shape[axis]
    matrix = constant(cosines, like=x, n=n, n_out=n if n_out is None else n_out, kind=kind, norm=norm)
    return _along(x, matrix, axis)


def idct(
    cepstra: Array, *, n_out: int | None = None, kind: int = 2, norm: str | None = "ortho", axis: int = -1
) -> Array:
    """Return the values whose `dct` of the same ``kind`` and ``norm`` begins so and goes on with zeros.

    Parameters
    ----------
    cepstra : real array
        Coefficients, from the lowest.
    n_out : int, optional
        How many values there were; as many as coefficients if not given.
    kind, norm, axis
        As given to `dct`.

    Returns
    -------
    As ``cepstra``, with ``n_out`` values along ``axis``

    Raises
    ------
    ParameterError
        As `dct`.

    Examples
    --------
    >>> import numpy as np
    >>> idct(dct(np.array([3.0, 1.0, 2.0]), kind=1), kind=1).round(9).tolist()
    [3.0, 1.0, 2.0]
    """
    _, cepstra = real(cepstra, name="cepstra")
    _check_axis(cepstra, axis)
    n = cepstra.shape[axis]
    n_out = n if n_out is None else n_out
    matrix = constant(_inverse_cosines, like=cepstra, n=n, n_out=n_out, kind=kind, norm=norm)
    return _along(cepstra, matrix, axis)


def _check_axis(x: Array, axis: int) -> None:
    if not hasattr(axis, "__index__") or not -x.ndim <= axis < x.ndim:
        raise ParameterError(f"axis={axis!r} of an array of shape {tuple(x.shape)}: want one that it has")


def _along(x: Array, matrix: Array, axis: int) -> Array:
    xp = namespace(x)
    if axis == -2 and x.ndim > 1:
        return product(matrix, x)
    moved = product(move_axis(x, axis, -1), xp.matrix_transpose(matrix))
    return move_axis(moved, -1, axis)


def lifter_weights(*, n: int, length: float, first: int = 0) -> NDArray[np.float64]:
    """Return ``1 + length / 2 * sin(pi k / length)`` for ``k`` from ``first`` on."""
    check_numbers(length=length, first=first)
    if not length > 0:
        raise ParameterError(f"length={length}: want a positive length of the lifter")
    if not hasattr(first, "__index__"):
        raise ParameterError(f"first={first}: want a whole number, 0 or 1")
    k = np.arange(first, first + n)
    return np.asarray(1 + length / 2 * np.sin(np.pi * k / length))


def lifter(cepstra: Array, *, length: float, first: int = 0) -> Array:
    """Return cepstra ``(..., coefficient, time)`` with the high coefficients raised to vary as the low do.

    Coefficient ``k`` is multiplied by ``1 + length / 2 * sin(pi k / length)``.

    Parameters
    ----------
    cepstra : (..., coefficient, time) real
    length : float
        Where the sine ends; speech recognisers take 22 for 13 coefficients.
    first : int
        Number of the first coefficient in the sine: 0 in HTK and Kaldi, 1 in librosa.

    Raises
    ------
    ParameterError
        For a length that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> lifter(np.ones((3, 1)), length=2.0)[:, 0].round(9).tolist()
    [1.0, 2.0, 1.0]
    """
    xp, cepstra = spectrogram(cepstra, name="cepstra")
    weights = constant(lifter_weights, like=cepstra, n=cepstra.shape[-2], length=length, first=first)
    return cepstra * xp.expand_dims(weights, axis=-1)


def unlifter(cepstra: Array, *, length: float, first: int = 0) -> Array:
    """Return cepstra as they were before `lifter` with the same arguments.

    Raises
    ------
    ParameterError
        Also when a weight is 0 or nearly so, which nothing can take back.
    """
    xp, cepstra = spectrogram(cepstra, name="cepstra")
    weights = constant(_unlifter_weights, like=cepstra, n=cepstra.shape[-2], length=length, first=first)
    return cepstra * xp.expand_dims(weights, axis=-1)


def _unlifter_weights(*, n: int, length: float, first: int) -> NDArray[np.float64]:
    weights = lifter_weights(n=n, length=length, first=first)
    if n and np.abs(weights).min() < 1e-6:
        raise ParameterError(f"a lifter of length={length} made one of {n} coefficients 0: it is lost")
    return 1 / weights


def mfcc_from_log_mel(
    log_mel: Array,
    *,
    n_mfcc: int = 20,
    kind: int = 2,
    norm: str | None = "ortho",
    lifter_length: float | None = None,
    lifter_first: int = 0,
) -> Array:
    """Return mel-frequency cepstral coefficients of a log-mel spectrogram.

    Parameters
    ----------
    log_mel : (..., n_mels, time) real
        Levels in dB or natural logarithms.
    n_mfcc, kind, norm
        How many coefficients, and of which transform: ``n_out``, ``kind`` and ``norm`` of `dct`.
    lifter_length, lifter_first
        ``length`` and ``first`` of `lifter`; none if not given.

    Returns
    -------
    (..., n_mfcc, time) real

    Raises
    ------
    ParameterError
        As `dct` and `lifter`.
    """
    _, log_mel = spectrogram(log_mel, name="log_mel")
    cepstra = dct(log_mel, n_out=n_mfcc, kind=kind, norm=norm, axis=-2)
    return cepstra if lifter_length is None else lifter(cepstra, length=lifter_length, first=lifter_first)


def mfcc(
    x: Array,
    *,
    sample_rate: float,
    n_mfcc: int = 20,
    kind: int = 2,
    norm_dct: str | None = "ortho",
    lifter_length: float | None = None,
    lifter_first: int = 0,
    top_db: float | None = 80.0,
    **log_mel: Unpack[LogMelOptions],
) -> Array:
    """Return mel-frequency cepstral coefficients: the cosine transform of the log-mel spectrogram.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    n_mfcc, kind, lifter_length, lifter_first
        See `mfcc_from_log_mel`.
    norm_dct
        ``norm`` of `dct`; ``norm`` alone is that of the mel bands.
    top_db, **log_mel
        ``compression``, ``ref``, ``amin``, ``offset``: see `sori.spectral.log_mel.compressed`; ``n_fft`` and
        so on: see `sori.spectral.mel.mel_spectrogram`.

    Returns
    -------
    (..., n_mfcc, frames) real

    Raises
    ------
    ParameterError
        As `sori.spectral.log_mel.log_mel_spectrogram` and `mfcc_from_log_mel`.

    Examples
    --------
    >>> import numpy as np
    >>> mfcc(np.zeros(22050), sample_rate=22050, n_mfcc=13).shape
    (13, 44)
    """
    return mfcc_from_log_mel(
        log_mel_spectrogram(x, sample_rate=sample_rate, top_db=top_db, **log_mel),
        n_mfcc=n_mfcc,
        kind=kind,
        norm=norm_dct,
        lifter_length=lifter_length,
        lifter_first=lifter_first,
    )

"""Mel spectrograms as loud as they sound: `log_mel_spectrogram`, and the compression alone, both ways.

Loudness follows ratios, so energies are compressed: to decibels (``"db"``), to natural logarithms
(``"log"``), or to ``ln(1 + S / ref)`` (``"log1p"``), which is linear for what is small and 0 for silence.
"""

from __future__ import annotations

import math
from typing import Literal, Unpack

from sori.arrays import Array, at_least, real, tiny
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.spectral.decibels import db_to_power, power_to_db
from sori.spectral.mel import mel_spectrogram
from sori.spectral.stft import Framing

__all__ = ["Compression", "LogMelOptions", "MelOptions", "compressed", "expanded", "log_mel_spectrogram"]

Compression = Literal["db", "log", "log1p"]
"""How powers become levels: ``10 log10``, natural logarithm, or the natural logarithm of one more."""


class MelOptions(Framing, total=False):
    """What `sori.spectral.mel.mel_spectrogram` takes, with its defaults, beside the sample rate."""

    n_fft: int
    hop_length: int | None
    n_mels: int
    fmin: float
    fmax: float | None
    scale: str
    norm: str | None
    exponent: float


class LogMelOptions(MelOptions, total=False):
    """What `log_mel_spectrogram` takes beside the sample rate and ``top_db``, whose default differs."""

    compression: Compression
    ref: float | Literal["max"]
    amin: float
    offset: float


def compressed(
    S: Array,
    *,
    compression: Compression = "db",
    ref: float | Literal["max"] = 1.0,
    amin: float = 1e-10,
    offset: float = 0.0,
    top_db: float | None = None,
) -> Array:
    """Return powers as levels.

    Parameters
    ----------
    S : (..., frequency, time) real
        Powers, not negative.
    compression : "db", "log" or "log1p"
        ``10 log10(S / ref)``, ``ln(S / ref)`` or ``ln(1 + S / ref)``.
    ref : float or "max"
        The power that is 0 (for ``"log1p"``: the knee); ``"max"``: the largest of each spectrogram.
    amin : float
        Powers below are taken for this one.
    offset : float
        Added to the powers first: ``ln(S + 1e-6)`` is what many networks are trained on.
    top_db : float, optional
        Powers further than this below the largest of their spectrogram are taken for that one.

    Returns
    -------
    As ``S``

    Raises
    ------
    ParameterError
        For an unknown compression, ``amin`` or ``ref`` not above 0, ``offset`` or ``top_db`` below 0.

    Examples
    --------
    >>> import numpy as np
    >>> compressed(np.array([[1.0, 0.01]]), compression="log").round(4).tolist()
    [[0.0, -4.6052]]
    """
    xp, S = real(S, name="S")
    check_numbers(offset=offset)
    if offset < 0:
        raise ParameterError(f"offset={offset}: want at least 0")
    S = S + offset if offset else S
    if compression == "db":
        return power_to_db(S, ref=ref, amin=amin, top_db=top_db)
    _check(compression, ref, amin, top_db)
    floored = at_least(S, max(amin, tiny(S)))
    axes = tuple(range(-min(S.ndim, 2), 0))
    if 0 in S.shape[-len(axes) :]:
        return floored
    largest = xp.max(floored, axis=axes, keepdims=True)
    if top_db is not None:
        floored = xp.maximum(floored, largest * 10.0 ** (-top_db / 10))
    if compression == "log1p":
        return xp.log1p(floored / (largest if ref == "max" else ref))
    return xp.log(floored) - (xp.log(largest) if ref == "max" else math.log(ref))


def expanded(
    level: Array, *, compression: Compression = "db", ref: float = 1.0, offset: float = 0.0
) -> Array:
    """Return the powers of levels: the inverse of `compressed` with the same arguments, above its floor.

    Examples
    --------
    >>> import numpy as np
    >>> expanded(np.array([[0.0, -20.0]])).tolist()
    [[1.0, 0.01]]
    """
    xp, level = real(level, name="level")
    if compression == "db":
        S = db_to_power(level, ref=ref)
    else:
        _check(compression, ref, 1.0, None)
        S = ref * (xp.expm1(level) if compression == "log1p" else xp.exp(level))
    return at_least(S - offset, 0.0) if offset else S


def _check(compression: str, ref: float | str, amin: float, top_db: float | None) -> None:
    if compression not in ("log", "log1p"):
        raise ParameterError(f"compression={compression!r}: want 'db', 'log' or 'log1p'")
    check_numbers(amin=amin, top_db=0 if top_db is None else top_db)
    if not amin > 0:
        raise ParameterError(f"amin={amin}: want a positive power")
    if ref != "max" and not (isinstance(ref, float | int) and 0 < ref < math.inf):
        raise ParameterError(f"ref={ref!r}: want a positive power or 'max'")
    if top_db is not None and top_db < 0:
        raise ParameterError(f"top_db={top_db}: want at least 0")


def log_mel_spectrogram(
    x: Array,
    *,
    sample_rate: float,
    compression: Compression = "db",
    ref: float | Literal["max"] = 1.0,
    amin: float = 1e-10,
    offset: float = 0.0,
    top_db: float | None = None,
    **mel: Unpack[MelOptions],
) -> Array:
    """Return a mel spectrogram whose energies are compressed to levels.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    compression, ref, amin, offset, top_db
        See `compressed`.
    **mel
        See `sori.spectral.mel.mel_spectrogram`.

    Returns
    -------
    (..., n_mels, frames) real

    Raises
    ------
    ParameterError
        As `compressed` and `sori.spectral.mel.mel_spectrogram`.

    Examples
    --------
    >>> import numpy as np
    >>> log_mel_spectrogram(np.zeros(22050), sample_rate=22050).max()
    np.float64(-100.0)
    """
    S = mel_spectrogram(x, sample_rate=sample_rate, **mel)
    return compressed(S, compression=compression, ref=ref, amin=amin, offset=offset, top_db=top_db)

"""Decibels, both ways: `amplitude_to_db`, `power_to_db`, `db_to_amplitude`, `db_to_power`.

0 dB is the reference: an absolute number, or each spectrogram's own maximum. The floor says what silence
becomes, so that no logarithm of nothing escapes; below it the gradient is 0.
"""

from __future__ import annotations

import math
from typing import Literal

from sori.arrays import Array, at_least, real, tiny
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError

__all__ = ["amplitude_to_db", "db_to_amplitude", "db_to_power", "power_to_db"]


def power_to_db(
    S: Array,
    *,
    ref: float | Literal["max"] = 1.0,
    amin: float = 1e-10,
    top_db: float | None = None,
) -> Array:
    """Return ``10 log10(S / ref)`` of powers.

    Parameters
    ----------
    S : (..., frequency, time) real, or any shape of at least one dimension
        Powers, not negative.
    ref : float or "max"
        What is 0 dB; ``"max"``: the largest value of each spectrogram (of the last two axes), so that a
        batch gives what its members give alone.
    amin : float
        Powers below are taken for this one.
    top_db : float, optional
        Nothing is further than this below the largest value of its spectrogram.

    Returns
    -------
    As ``S``, dB

    Raises
    ------
    ParameterError
        For complex input, ``amin`` or ``ref`` not above 0, ``top_db`` below 0.

    Examples
    --------
    >>> import numpy as np
    >>> power_to_db(np.array([1.0, 0.01, 0.0]), top_db=80).tolist()
    [0.0, -20.0, -80.0]
    """
    xp, S = real(S, name="S")
    check_numbers(amin=amin, top_db=0 if top_db is None else top_db)
    if not amin > 0:
        raise ParameterError(f"amin={amin}: want a positive power")
    amin = max(amin, tiny(S))
    floored = at_least(S, amin)
    level = 10 * xp.log10(floored)
    # The whole spectrogram, or all of a single curve: never a neighbour in the batch.
    axes = tuple(range(-min(S.ndim, 2), 0))
    empty = 0 in S.shape[-len(axes) :]
    if ref == "max":
        level = level if empty else level - xp.max(level, axis=axes, keepdims=True)
    elif isinstance(ref, float | int) and 0 < ref < math.inf:
        level = level - 10 * math.log10(max(ref, amin))
    else:
        raise ParameterError(f"ref={ref!r}: want a positive power or 'max'")
    if top_db is None or empty:
        return level
    if top_db < 0:
        raise ParameterError(f"top_db={top_db}: want at least 0")
    return xp.maximum(level, xp.max(level, axis=axes, keepdims=True) - top_db)


def amplitude_to_db(
    S: Array,
    *,
    ref: float | Literal["max"] = 1.0,
    amin: float = 1e-5,
    top_db: float | None = None,
) -> Array:
    """Return ``20 log10(S / ref)`` of magnitudes; see `power_to_db`, with amplitudes in place of powers."""
    _, S = real(S, name="S")
    if ref != "max":
        check_numbers(ref=ref)
    check_numbers(amin=amin)
    return power_to_db(S * S, ref="max" if ref == "max" else ref * ref, amin=amin * amin, top_db=top_db)


def db_to_power(level_db: Array, *, ref: float = 1.0) -> Array:
    """Return the powers of levels in dB, ``ref`` at 0 dB."""
    _, level_db = real(level_db, name="level_db")
    check_numbers(ref=ref)
    return ref * 10.0 ** (level_db / 10)


def db_to_amplitude(level_db: Array, *, ref: float = 1.0) -> Array:
    """Return the magnitudes of levels in dB, ``ref`` at 0 dB."""
    _, level_db = real(level_db, name="level_db")
    check_numbers(ref=ref)
    return ref * 10.0 ** (level_db / 20)

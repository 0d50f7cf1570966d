"""Per-channel energy normalisation: loudness that adapts to each band, in place of a logarithm.

Each band is divided by its own recent level, then compressed: steady noise sinks, onsets stand out, and near
and far sound alike. All of it is differentiable, so gain, bias, power and the coefficient can be learned.

Source: Wang, Getreuer, Hughes, Lyon & Saurous, "Trainable frontend for robust and far-field keyword
spotting", ICASSP 2017; Lostanlen et al., "Per-channel energy normalization: why and how", IEEE Signal
Processing Letters 26(1), 2019.
"""

from __future__ import annotations

import math
from typing import Any

from sori.arrays import Array, at_least, running_max, spectrogram, tiny
from sori.arrays.framing import check_counts, check_numbers, pad
from sori.arrays.kinds import may_look
from sori.errors import ParameterError
from sori.signal.filtering import smooth

__all__ = ["pcen", "pcen_coefficient"]


def pcen_coefficient(*, sample_rate: float, hop_length: int, time_constant_s: float) -> float:
    """Return the step of the smoother whose response falls by 3 dB at one over the time constant.

    >>> round(pcen_coefficient(sample_rate=22050, hop_length=512, time_constant_s=0.4), 4)
    0.0564
    """
    check_counts(hop_length=hop_length)
    check_numbers(sample_rate=sample_rate, time_constant_s=time_constant_s)
    if not sample_rate > 0 or not time_constant_s > 0:
        raise ParameterError(
            f"sample_rate={sample_rate}, time_constant_s={time_constant_s}: want positive numbers"
        )
    frames = time_constant_s * sample_rate / hop_length
    return (math.sqrt(1 + 4 * frames**2) - 1) / (2 * frames**2)


def pcen(
    S: Array,
    *,
    sample_rate: float,
    hop_length: int,
    gain: float | Array = 0.98,
    bias: float | Array = 2.0,
    power: float | Array = 0.5,
    time_constant_s: float = 0.4,
    coefficient: float | Array | None = None,
    eps: float = 1e-6,
    max_size: int = 1,
    initial: float | Array | None = None,
    return_final: bool = False,
) -> Array | tuple[Array, Array]:
    """Return ``(S / (eps + M)^gain + bias)^power - bias^power``, ``M`` being ``S`` smoothed along time.

    Parameters
    ----------
    S : (..., band, time) real
        Energies or magnitudes, not negative. The defaults fit the scale of 32-bit integers: multiply the
        spectrogram of a signal between -1 and 1 by ``2**31``.
    sample_rate, hop_length
        Of the signal and the spectrogram: they make frames of ``time_constant_s``.
    gain, bias, power : float or (band,) array
        How much of the level is taken away (0 to 1), what keeps silence quiet, and how much is compressed;
        a power of 0 is a logarithm, ``log(1 + S / (eps + M)^gain)``.
    time_constant_s : float
        How long the level is remembered, seconds.
    coefficient : float or (band,) array, optional
        The smoother's step, ``M[t] = (1 - c) M[t-1] + c S[t]``, in place of what the time constant gives.
    eps : float
        Added to the level.
    max_size : int
        Smooth the largest of this many neighbouring bands, so that a moving partial finds its level waiting.
    initial : float or (..., band, 1) array, optional
        ``M`` before the first frame: what the block before returned as its final one. The first frame itself
        if not given, so that nothing fades in; 1.0 is librosa's.
    return_final : bool
        Also return ``M`` after the last frame, ``(..., band, 1)``, for the next block of a stream.

    Returns
    -------
    (..., band, time) real, or with ``return_final`` that and the level

    Raises
    ------
    ParameterError
        For numbers out of their range.

    Examples
    --------
    >>> import numpy as np
    >>> steady = pcen(np.full((2, 50), 1e6), sample_rate=22050, hop_length=512)
    >>> steady.round(3)[0, ::49].tolist()
    [0.407, 0.407]
    """
    xp, S = spectrogram(S)
    check_counts(max_size=max_size)
    check_numbers(eps=eps)
    if not eps > 0:
        raise ParameterError(f"eps={eps}: want a positive number")
    for name, value, least in (("gain", gain, 0.0), ("bias", bias, 0.0), ("power", power, 0.0)):
        if isinstance(value, float | int) and not value >= least:
            raise ParameterError(f"{name}={value}: want at least {least:g}")
    if coefficient is None:
        coefficient = pcen_coefficient(
            sample_rate=sample_rate, hop_length=hop_length, time_constant_s=time_constant_s
        )
    if may_look(S) and 0 not in S.shape and bool(xp.min(S) < 0):
        raise ParameterError(
            "S holds negative numbers, want energies: take mel_spectrogram, not its decibels"
        )
    level, final = _level(xp, S, _column(coefficient), max_size, initial)
    # Relative to eps, so that a level far below it changes nothing and the logarithm is never of nothing.
    quieted = xp.exp(-_column(gain) * (math.log(eps) + xp.log1p(level / eps)))
    found = _compressed(xp, S * quieted, _column(bias), _column(power))
    return (found, final) if return_final else found


def _level(
    xp: Any, S: Array, coefficient: float | Array, max_size: int, initial: float | Array | None
) -> tuple[Array, Array]:
    """Return the smoothed bands, and their last frame."""
    reference = S
    if max_size > 1 and S.shape[-2]:
        rows = pad(xp.matrix_transpose(S), max_size // 2, 0, mode="edge")
        reference = xp.matrix_transpose(running_max(rows, max_size)[..., : S.shape[-2]])
    if initial is None:
        start = reference[..., :1]
    elif isinstance(initial, float | int):
        start = xp.full_like(reference[..., :1], float(initial))
    else:
        start = xp.broadcast_to(initial, (*S.shape[:-1], 1))
    if S.shape[-1] == 0:
        return S, start
    level = smooth(reference, coefficient, initial=start)
    return level, level[..., -1:]


def _compressed(xp: Any, S: Array, bias: float | Array, power: float | Array) -> Array:
    """Return ``(S + bias)^power - bias^power`` without the loss of digits of a difference."""
    plain = isinstance(power, float | int)
    if plain and power == 0:
        return xp.log1p(S)
    if isinstance(bias, float | int):
        if bias == 0:
            there = tiny(S) < S
            return xp.where(there, xp.where(there, S, xp.ones_like(S)) ** power, xp.zeros_like(S))
        root = bias**power
    else:
        bias = at_least(bias, tiny(S))
        root = bias**power
    return root * xp.expm1(power * xp.log1p(S / bias))


def _column(value: float | Array) -> Any:
    """Return one number a band as a column, which meets every frame."""
    if isinstance(value, float | int):
        return value
    return value[:, None] if value.ndim == 1 else value

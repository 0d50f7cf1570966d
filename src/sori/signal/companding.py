"""Companding: loud parts squeezed before few bits are spent, and stretched again after.

The continuous mu-law of any strength, its quantised form as neural models of waveforms use it, and the
telephone's G.711, bit by bit.

Source: ITU-T Recommendation G.711 (11/1988), tables 1a to 2b; 16-bit samples are taken for the 14 (mu-law)
and 13 (A-law) bits of its tables by dropping the lowest ones, as the usual software does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, is_numpy, namespace, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError

__all__ = [
    "g711_alaw_decode",
    "g711_alaw_encode",
    "g711_mulaw_decode",
    "g711_mulaw_encode",
    "mu_law_compress",
    "mu_law_decode",
    "mu_law_encode",
    "mu_law_expand",
]


def mu_law_compress(x: Array, *, mu: float = 255.0) -> Array:
    """Return ``sign(x) ln(1 + mu |x|) / ln(1 + mu)``: -1 to 1 stays -1 to 1, and quiet becomes loud.

    Parameters
    ----------
    x : (..., time) real
    mu : float
        Strength, above 0.

    Returns
    -------
    As ``x``; the slope at 0 is ``mu / ln(1 + mu)``, for gradients too.

    Examples
    --------
    >>> import numpy as np
    >>> mu_law_compress(np.array([0.0, 0.01, -1.0])).round(3).tolist()
    [0.0, 0.228, -1.0]
    """
    xp, x = waveform(x)
    _check_mu(mu)
    size = xp.abs(x)
    # Near 0 the logarithm is its argument, to the last bit: written without the sign, which has no slope.
    small = mu * size < float(xp.finfo(x.dtype).eps)
    away = xp.where(small, xp.ones_like(x), size)
    return xp.where(small, mu * x, xp.sign(x) * xp.log1p(mu * away)) / math.log1p(mu)


def mu_law_expand(y: Array, *, mu: float = 255.0) -> Array:
    """Return ``sign(y) ((1 + mu)^|y| - 1) / mu``: what `mu_law_compress` came from.

    >>> import numpy as np
    >>> mu_law_expand(mu_law_compress(np.array([0.25]))).round(12).tolist()
    [0.25]
    """
    xp, y = waveform(y, name="y")
    _check_mu(mu)
    rate = math.log1p(mu)
    # What is far beyond full scale stays a number.
    size = xp.clip(rate * xp.abs(y), 0.0, math.log(float(xp.finfo(y.dtype).max)) - 1)
    small = size < float(xp.finfo(y.dtype).eps)
    away = xp.where(small, xp.ones_like(y), size)
    return xp.where(small, rate * y, xp.sign(y) * xp.expm1(away)) / mu


def mu_law_encode(x: Array, *, levels: int = 256) -> Array:
    """Return the number of the mu-law step that each sample falls on, 0 to ``levels - 1``, int32.

    The signal -1 to 1 is compressed with ``mu = levels - 1`` and rounded: silence is ``levels / 2``. This is
    the code of WaveNet and its followers, and not that of telephones (`g711_mulaw_encode`).

    Parameters
    ----------
    x : (..., time) real
        Beyond -1 and 1 the outermost steps are taken.
    levels : int
        Steps, at least 2.

    Examples
    --------
    >>> import numpy as np
    >>> mu_law_encode(np.array([-1.0, 0.0, 0.01, 1.0, 2.0])).tolist()
    [0, 128, 157, 255, 255]
    """
    xp, x = waveform(x)
    mu = _mu_of(levels)
    found = xp.floor((mu_law_compress(x, mu=mu) + 1) * (0.5 * mu) + 0.5)
    return xp.astype(xp.clip(found, 0.0, mu), xp.int32)


def mu_law_decode(codes: Array, *, levels: int = 256, double: bool = False) -> Array:
    """Return the signal of `mu_law_encode`, float32 or, if ``double``, float64.

    Numbers beyond the steps there are stand for the outermost ones.

    Raises
    ------
    ParameterError
        For numbers that are not integers.
    """
    xp, codes = _integers(codes, "codes")
    mu = _mu_of(levels)
    steps = xp.clip(xp.astype(codes, xp.float64 if double else xp.float32), 0.0, mu)
    return mu_law_expand(steps * (2 / mu) - 1, mu=mu)


def g711_mulaw_encode(samples: Array) -> Array:
    """Return the G.711 mu-law octets (uint8) of 16-bit samples (int16).

    >>> import numpy as np
    >>> g711_mulaw_encode(np.array([0, 32767, -32768], np.int16)).tolist()
    [255, 128, 0]
    """
    return _looked_up(samples, _mulaw_octets, "int16", 32768)


def g711_mulaw_decode(octets: Array) -> Array:
    """Return the 16-bit samples (int16) of G.711 mu-law octets (uint8).

    >>> import numpy as np
    >>> g711_mulaw_decode(np.array([255, 128, 0], np.uint8)).tolist()
    [0, 32124, -32124]
    """
    return _looked_up(octets, _mulaw_samples, "uint8", 0)


def g711_alaw_encode(samples: Array) -> Array:
    """Return the G.711 A-law octets (uint8, even bits inverted) of 16-bit samples (int16).

    >>> import numpy as np
    >>> g711_alaw_encode(np.array([0, 32767, -32768], np.int16)).tolist()
    [213, 170, 42]
    """
    return _looked_up(samples, _alaw_octets, "int16", 32768)


def g711_alaw_decode(octets: Array) -> Array:
    """Return the 16-bit samples (int16) of G.711 A-law octets (uint8).

    >>> import numpy as np
    >>> g711_alaw_decode(np.array([213, 170, 42], np.uint8)).tolist()
    [8, 32256, -32256]
    """
    return _looked_up(octets, _alaw_samples, "uint8", 0)


def _mulaw_octets() -> NDArray[np.uint8]:
    """Return the octet of every 16-bit sample, the lowest first."""
    sample = np.arange(-32768, 32768) >> 2
    # A bias of 33 makes segment s the magnitudes from 2^(s + 5), sixteen steps of 2^(s + 1) in each.
    biased = np.minimum(np.abs(sample), 8158) + 33
    segment = _highest_bit(biased) - 5
    code = (segment << 4) | ((biased >> (segment + 1)) & 0xF)
    return np.asarray(np.where(sample < 0, 0x7F ^ code, 0xFF ^ code), np.uint8)


def _mulaw_samples() -> NDArray[np.int16]:
    """Return the sample of every octet: the middle of its step, on the 16-bit scale."""
    code = np.arange(256) ^ 0xFF
    size = ((((code & 0xF) << 1) + 33 << ((code >> 4) & 7)) - 33) * 4
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _alaw_octets() -> NDArray[np.uint8]:
    """Return the octet of every 16-bit sample, the lowest first."""
    sample = np.arange(-32768, 32768) >> 3
    size = np.where(sample < 0, -1 - sample, sample)
    segment = np.maximum(_highest_bit(np.maximum(size, 1)) - 4, 0)
    code = (segment << 4) | ((size >> np.maximum(segment, 1)) & 0xF)
    return np.asarray(np.where(sample < 0, code, code | 0x80) ^ 0x55, np.uint8)


def _alaw_samples() -> NDArray[np.int16]:
    """Return the sample of every octet: the middle of its step, on the 16-bit scale."""
    code = np.arange(256) ^ 0x55
    segment, step = (code >> 4) & 7, code & 0xF
    size = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0)) * 8
    return np.where(code & 0x80, size, -size).astype(np.int16)


def _highest_bit(values: NDArray[Any]) -> NDArray[Any]:
    """Return the place of the highest bit of positive integers, exactly."""
    return np.asarray(np.frexp(values)[1], np.int64) - 1


def _looked_up(values: Array, build: Any, dtype: str, offset: int) -> Array:
    xp, values = _integers(values, "samples" if dtype == "int16" else "octets")
    if values.dtype != getattr(xp, dtype):
        raise ParameterError(f"got {values.dtype}, want {dtype}: see sori.signal.quantization.to_integer")
    at = xp.astype(values, xp.int32) + offset
    table = constant(build, like=values)
    return xp.reshape(xp.take(table, xp.reshape(at, (-1,)), axis=0), values.shape)


def _integers(values: Array, name: str) -> tuple[Any, Array]:
    xp = namespace(values)
    values = np.asarray(values) if is_numpy(values) else values
    if not xp.isdtype(values.dtype, "integral"):
        raise ParameterError(f"{name} holds {values.dtype}, want integers")
    return xp, values


def _check_mu(mu: float) -> None:
    check_numbers(mu=mu)
    if not mu > 0:
        raise ParameterError(f"mu={mu}: want a positive number, 255 in telephones")


def _mu_of(levels: int) -> float:
    if not isinstance(levels, int) or not 2 <= levels <= 1 << 16:
        raise ParameterError(f"levels={levels!r}: want a whole number from 2 to 65536")
    return float(levels - 1)

"""Samples as integers and as numbers from -1 to 1: both ways, and how the rounding sounds.

``n`` bits hold ``-2^(n-1)`` to ``2^(n-1) - 1``, and full scale is ``2^(n-1)``: every integer becomes a number
and comes back as itself, and 1.0, one step beyond the highest integer, becomes that one.

Rounding alone follows the signal and is heard as distortion. Dither, noise added before rounding, makes of it
a steady hiss; triangular dither of two steps' width leaves neither the error nor its strength to follow the
signal. Noise shaping moves the hiss up to where it is heard less.

Source: Lipshitz, Wannamaker & Vanderkooy, "Quantization and dither: a theoretical survey", Journal of the
Audio Engineering Society 40(5), 1992.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, like, namespace, waveform
from sori.arrays.kinds import may_look
from sori.errors import ParameterError

__all__ = ["Dither", "from_integer", "requantize", "to_integer"]

_FINE_BITS = 24  # of a step, in which noise shaping adds up what was rounded off

Dither = Literal["none", "rectangular", "triangular"]
"""Noise added before rounding: none, even over one step, or triangular over two (the sum of two such)."""


def from_integer(samples: Array, *, bits: int | None = None, double: bool = False) -> Array:
    """Return integer samples as numbers from -1 to just below 1.

    Parameters
    ----------
    samples : any shape, int8, uint8, int16 or int32
        Unsigned bytes have silence at 128.
    bits : int, optional
        How many bits the samples use, when that is fewer than their type has: 24 for 24-bit samples in int32.
    double : bool
        Return float64; float32 holds 25 bits, so it rounds samples of more.

    Raises
    ------
    ParameterError
        For any other kind of number, and for more bits than the type has.

    Examples
    --------
    >>> import numpy as np
    >>> from_integer(np.array([-32768, 0, 16384], np.int16)).tolist()
    [-1.0, 0.0, 0.5]
    """
    xp = namespace(samples)
    samples = np.asarray(samples) if is_numpy(samples) else samples
    kinds = {"int8": 8, "uint8": 8, "int16": 16, "int32": 32}
    name = next((name for name in kinds if samples.dtype == getattr(xp, name)), None)
    if name is None:
        raise ParameterError(f"got {samples.dtype}, want int8, uint8, int16 or int32 samples")
    bits = kinds[name] if bits is None else bits
    if not (isinstance(bits, int) and 2 <= bits <= kinds[name]):
        raise ParameterError(f"bits={bits!r}: want 2 to {kinds[name]} for {name}")
    x = xp.astype(samples, xp.float64 if double else xp.float32)
    scale = 2.0 ** (1 - bits)
    return (x - 128.0) * scale if name == "uint8" else x * scale


def to_integer(
    x: Array,
    *,
    bits: int = 16,
    dither: Dither = "none",
    rng: np.random.Generator | None = None,
    shaping: bool = False,
    over: Literal["error", "saturate"] = "error",
    unsigned: bool = False,
) -> Array:
    """Return samples as integers.

    Parameters
    ----------
    x : (..., time) real
        Full scale is 1.
    bits : int
        2 to 32. Up to 8 become int8, up to 16 int16, more int32. float32 holds 25 bits.
    dither : "none", "rectangular" or "triangular"
        See `Dither`.
    rng : numpy.random.Generator, optional
        Where the dither comes from; needed for any. In a trace it is drawn once and stays.
    shaping : bool
        First-order noise shaping: what was rounded off is taken from the next sample, so that the error is
        the difference of neighbours: nothing at 0 Hz, 6 dB more at the top.
    over : "error" or "saturate"
        What to do with samples beyond full scale: refuse them, or take the outermost integers. Inside a trace
        and on an accelerator samples cannot be looked at to refuse them: they saturate; nothing ever wraps.
    unsigned : bool
        Add half the range, for 8 bits as WAV files have them (uint8).

    Raises
    ------
    ParameterError
        For samples beyond full scale, dither without ``rng``, and a number of bits out of range.

    Examples
    --------
    >>> import numpy as np
    >>> to_integer(np.array([-1.0, 0.0, 0.25, 1.0])).tolist()
    [-32768, 0, 8192, 32767]
    """
    if unsigned and bits != 8:
        raise ParameterError(f"unsigned=True with bits={bits}: want 8, the only unsigned samples in use")
    xp, steps = _steps(x, bits=bits, dither=dither, rng=rng, shaping=shaping, over=over)
    if unsigned:
        return xp.astype(steps + 128.0, xp.uint8)
    return xp.astype(steps, xp.int8 if bits <= 8 else xp.int16 if bits <= 16 else xp.int32)


def requantize(
    x: Array,
    *,
    bits: int,
    dither: Dither = "none",
    rng: np.random.Generator | None = None,
    shaping: bool = False,
    over: Literal["error", "saturate"] = "error",
) -> Array:
    """Return a signal as it sounds with ``bits`` bits, still floating point; see `to_integer`.

    The gradient is 0: steps are flat.

    >>> import numpy as np
    >>> requantize(np.array([0.1, 0.3, -0.6]), bits=3).tolist()
    [0.0, 0.25, -0.5]
    """
    _, steps = _steps(x, bits=bits, dither=dither, rng=rng, shaping=shaping, over=over)
    return steps * 2.0 ** (1 - bits)


def _steps(
    x: Array, *, bits: int, dither: str, rng: np.random.Generator | None, shaping: bool, over: str
) -> tuple[Any, Array]:
    """Return the namespace and the whole numbers, as floats, that ``x`` is rounded to."""
    xp, x = waveform(x)
    if not (isinstance(bits, int) and 2 <= bits <= 32):
        raise ParameterError(f"bits={bits!r}: want a whole number from 2 to 32")
    if over not in ("error", "saturate"):
        raise ParameterError(f"over={over!r}: want 'error' or 'saturate'")
    if over == "error" and may_look(x) and math.prod(x.shape) and bool(xp.any(xp.abs(x) > 1)):
        highest = float(xp.max(xp.abs(x)))
        raise ParameterError(
            f"samples reach {highest:g} times full scale: want at most 1: lower them "
            f"(sori.signal.level.normalize_peak), or take over='saturate'"
        )
    full = 2.0 ** (bits - 1)
    scaled = x * full
    noise = _dither(dither, rng, x)
    if shaping:
        steps = _shaped(scaled, noise)
    else:
        steps = xp.round(scaled if noise is None else scaled + noise)
    # The highest integer, or where the dtype has no such number the nearest one below full scale.
    gap = full * float(xp.finfo(x.dtype).eps) / 2
    return xp, xp.clip(steps, -full, full - max(1.0, gap))


def _dither(dither: str, rng: np.random.Generator | None, x: Array) -> Array | None:
    """Return noise in steps, or nothing."""
    if dither == "none":
        return None
    if dither not in ("rectangular", "triangular"):
        raise ParameterError(f"dither={dither!r}: want 'none', 'rectangular' or 'triangular'")
    if rng is None:
        raise ParameterError(f"dither={dither!r} wants rng=numpy.random.default_rng(...)")
    if not isinstance(rng, np.random.Generator):
        raise ParameterError(f"rng={rng!r}: want numpy.random.default_rng(...)")
    drawn: NDArray[np.float64] = rng.random(x.shape) - 0.5
    return like(drawn if dither == "rectangular" else drawn + (rng.random(x.shape) - 0.5), x)


def _shaped(scaled: Array, noise: Array | None) -> Array:
    """Round with the error fed back: ``y[n] = round(x[n] - e[n-1] + d[n])``, ``e[n] = e[n-1] + y[n] - x[n]``.

    The errors add up to the difference of the running sums of ``y`` and ``x``, and a running sum of whole
    numbers passes through the rounding, so no sample waits for the one before it:
    ``y[0] + ... + y[n] = round(x[0] + ... + x[n] + d[n])``. Only the rests are added up, as whole numbers of
    a fine unit: these are exact however long the signal, and where they run over they do so in whole steps,
    which the difference of two neighbours, always small, does not see.
    """
    xp = namespace(scaled)
    whole = xp.round(scaled)
    rest = xp.astype(xp.round((scaled - whole) * 2.0**_FINE_BITS), xp.int32)
    total = np.cumsum(rest, axis=-1) if is_numpy(rest) else xp.cumulative_sum(rest, axis=-1)
    if noise is not None:
        total = total + xp.astype(xp.round(noise * 2.0**_FINE_BITS), xp.int32)
    sums = (total + (1 << (_FINE_BITS - 1))) >> _FINE_BITS
    more = sums - xp.concat([xp.zeros_like(sums[..., :1]), sums[..., :-1]], axis=-1)
    return whole + xp.astype(((more + 128) & 255) - 128, whole.dtype)

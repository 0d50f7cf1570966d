"""The ends of a signal: fades, silence taken away, and a length brought about."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, namespace, pad, to_numpy, waveform
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError

__all__ = [
    "CROP",
    "SHAPES",
    "SHORT",
    "Trimmed",
    "fade",
    "fade_curve",
    "fade_in",
    "fade_out",
    "fix_length",
    "rising",
    "trim_silence",
]

SHAPES = ("linear", "equal_power", "cosine", "exponential")
SHORT = ("end", "centre", "start", "loop", "error")
CROP = ("start", "centre", "end", "random")

_EXPONENTIAL_RANGE = 1000.0  # 60 dB


class Trimmed(NamedTuple):
    """A signal without its silent ends, and where in the original it lies: ``[start, end)`` in samples."""

    samples: Array
    start: int
    end: int


def fade_curve(*, n: int, shape: str = "linear") -> NDArray[np.float64]:
    """Return ``n`` gains that rise from 0 to 1, sampled at the middle of each step.

    With the same curve reversed ``"linear"`` and ``"cosine"`` add up to 1 (for a crossfade of what is alike),
    and the squares of ``"equal_power"`` do (for what is not). ``"exponential"`` rises evenly in loudness,
    over 60 dB.

    Examples
    --------
    >>> fade_curve(n=4).tolist()
    [0.125, 0.375, 0.625, 0.875]
    """
    return np.asarray(rising((np.arange(n) + 0.5) / max(n, 1), shape=shape))


def rising(at: Array, *, shape: str) -> Array:
    """Return the gains of `fade_curve` at places ``at`` on the way, 0 to 1."""
    xp = namespace(at)
    if shape not in SHAPES:
        raise ParameterError(f"shape={shape!r}: want one of {', '.join(SHAPES)}")
    if shape == "linear":
        return at
    if shape == "equal_power":
        return xp.sin(0.5 * math.pi * at)
    if shape == "cosine":
        return 0.5 - 0.5 * xp.cos(math.pi * at)
    return (_EXPONENTIAL_RANGE**at - 1) / (_EXPONENTIAL_RANGE - 1)


def fade(
    x: Array, *, sample_rate: float, in_s: float = 0.0, out_s: float = 0.0, shape: str = "linear"
) -> Array:
    """Return a signal that begins and ends gently.

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz.
    in_s, out_s : float
        How long it takes to come and to go, seconds; at most the signal's length each.
    shape : str
        One of `SHAPES`: see `fade_curve`.

    Returns
    -------
    As ``x``

    Raises
    ------
    ParameterError
        For negative times and an unknown shape.

    Examples
    --------
    >>> import numpy as np
    >>> fade(np.ones(5), sample_rate=1, in_s=2, out_s=2).tolist()
    [0.25, 0.75, 1.0, 0.75, 0.25]
    """
    xp, x = waveform(x)
    check_numbers(sample_rate=sample_rate, in_s=in_s, out_s=out_s)
    if not (sample_rate > 0 and in_s >= 0 and out_s >= 0):
        raise ParameterError(
            f"sample_rate={sample_rate}, in_s={in_s}, out_s={out_s}: want a positive rate, no negative time"
        )
    if shape not in SHAPES:
        raise ParameterError(f"shape={shape!r}: want one of {', '.join(SHAPES)}")
    total = x.shape[-1]
    coming, going = (min(total, round(seconds * sample_rate)) for seconds in (in_s, out_s))
    if coming:
        curve = constant(fade_curve, like=x, n=coming, shape=shape)
        x = xp.concat([x[..., :coming] * curve, x[..., coming:]], axis=-1)
    if going:
        curve = xp.flip(constant(fade_curve, like=x, n=going, shape=shape), axis=-1)
        x = xp.concat([x[..., : total - going], x[..., total - going :] * curve], axis=-1)
    return x


def fade_in(x: Array, *, sample_rate: float, duration_s: float, shape: str = "linear") -> Array:
    """Return a signal that begins gently; see `fade`."""
    return fade(x, sample_rate=sample_rate, in_s=duration_s, shape=shape)


def fade_out(x: Array, *, sample_rate: float, duration_s: float, shape: str = "linear") -> Array:
    """Return a signal that ends gently; see `fade`."""
    return fade(x, sample_rate=sample_rate, out_s=duration_s, shape=shape)


def trim_silence(
    x: Array,
    *,
    threshold_db: float = -60.0,
    relative_to: Literal["full_scale", "peak"] = "full_scale",
    margin: int = 0,
) -> Trimmed:
    """Return a signal without the silence before and after it; for arrays that can be looked at.

    The length depends on the values, so there is no such function inside a trace. All signals of a batch,
    and all channels, keep the same stretch: what is left out is silent in each.

    Parameters
    ----------
    x : (..., time) real
    threshold_db : float
        Samples at or below this level are silent.
    relative_to : "full_scale" or "peak"
        What is 0 dB: a value of 1, or the largest sample of each signal.
    margin : int
        Samples of silence to keep at each end.

    Returns
    -------
    Trimmed
        Samples and where they were; nothing, at 0, of what is silent throughout.

    Examples
    --------
    >>> import numpy as np
    >>> trim_silence(np.array([0.0, 0.0, 0.5, 0.0, -0.5, 0.0]))
    Trimmed(samples=array([ 0.5,  0. , -0.5]), start=2, end=5)
    """
    _, x = waveform(x)
    if relative_to not in ("full_scale", "peak"):
        raise ParameterError(f"relative_to={relative_to!r}: want 'full_scale' or 'peak'")
    check_numbers(threshold_db=threshold_db)
    if not isinstance(margin, int | np.integer) or margin < 0:
        raise ParameterError(f"margin={margin!r}: want a whole number of samples, at least 0")
    size = np.abs(to_numpy(x)).reshape(math.prod(x.shape[:-1]), x.shape[-1])
    threshold = 10 ** (threshold_db / 20)
    if relative_to == "peak":
        heard = size > threshold * size.max(axis=-1, initial=0.0, keepdims=True)
    else:
        heard = size > threshold
    sounding = np.flatnonzero(heard.any(axis=0))
    if not len(sounding):
        return Trimmed(x[..., :0], 0, 0)
    start = max(0, int(sounding[0]) - margin)
    end = min(x.shape[-1], int(sounding[-1]) + 1 + margin)
    return Trimmed(x[..., start:end], start, end)


def fix_length(
    x: Array,
    length: int,
    *,
    short: str = "end",
    crop: str = "start",
    rng: np.random.Generator | None = None,
) -> Array:
    """Return a signal of exactly ``length`` samples.

    Parameters
    ----------
    x : (..., time) real
    length : int
        Samples.
    short : str
        What is done with a shorter signal: silence at its ``"end"``, its ``"start"`` or evenly around it
        (``"centre"``), the signal again and again (``"loop"``), or refuse it (``"error"``).
    crop : str
        Which part of a longer one is kept: its ``"start"``, ``"centre"`` or ``"end"``, or a ``"random"`` one,
        the same for a whole batch.
    rng : numpy.random.Generator, optional
        Where randomness comes from, for ``crop="random"``.

    Raises
    ------
    ParameterError
        For an unknown option, a random crop without ``rng``, and as ``short`` says.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, 2.0, 3.0])
    >>> fix_length(x, 5, short="loop").tolist(), fix_length(x, 1, crop="centre").tolist()
    ([1.0, 2.0, 3.0, 1.0, 2.0], [2.0])
    """
    xp, x = waveform(x)
    check_counts(length=length)
    if short not in SHORT or crop not in CROP:
        raise ParameterError(
            f"short={short!r}, crop={crop!r}: want one of {', '.join(SHORT)}, and of {', '.join(CROP)}"
        )
    if crop == "random" and rng is None:
        raise ParameterError("crop='random' wants rng=numpy.random.default_rng(...)")
    n = x.shape[-1]
    missing = length - n
    if missing <= 0:
        begin = {"start": 0, "centre": -missing // 2, "end": -missing}.get(crop)
        if begin is None:
            assert rng is not None  # looked at above
            begin = int(rng.integers(1 - missing))
        return x[..., begin : begin + length]
    if short == "error":
        raise ParameterError(f"got {n} samples, want at least {length}: choose short='end' or 'loop'")
    if short == "loop" and n:
        return xp.concat([x] * -(-length // n), axis=-1)[..., :length]
    before = {"start": missing, "centre": missing // 2}.get(short, 0)
    return pad(x, before, missing - before)

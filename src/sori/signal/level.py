"""How loud a signal is in plain numbers, and bringing it to a level: peaks and RMS.

0 dBFS is a value of 1: a full-scale sine peaks at 0 dBFS and has an RMS of -3.01 dBFS. Each signal
``(..., time)`` has its own level and takes its own gain; with ``linked`` the axis before time holds the
channels of one signal, which have one level and keep their balance.
"""

from __future__ import annotations

import math
from typing import Any, Literal

from sori.arrays import Array, at_least, namespace, tiny, waveform
from sori.arrays.framing import check_numbers
from sori.arrays.kinds import may_look
from sori.errors import ParameterError

__all__ = [
    "Over",
    "normalize_peak",
    "normalize_rms",
    "peak",
    "peak_level",
    "rms",
    "rms_level",
    "within_full_scale",
]

Over = Literal["error", "reduce", "allow"]
"""What to do with a gain that takes a signal beyond full scale: refuse, take less, or let it."""


def peak(x: Array, *, linked: bool = False) -> Array:
    """Return the largest magnitude of each signal, full scale being 1; 0 for an empty one.

    Parameters
    ----------
    x : (..., time) real
    linked : bool
        The axis before time holds channels of one signal.

    Returns
    -------
    (...) real
        Without the axis of channels, too, when ``linked``.

    Examples
    --------
    >>> import numpy as np
    >>> peak(np.array([[0.5, -0.75], [0.1, 0.0]])).tolist()
    [0.75, 0.1]
    """
    xp, x = waveform(x)
    axes = _axes(x, linked)
    if 0 in x.shape[x.ndim - len(axes) :]:
        return xp.sum(x, axis=axes)  # the sum of nothing
    return xp.reshape(xp.max(xp.abs(x), axis=axes, keepdims=True), x.shape[: -len(axes)])


def rms(x: Array, *, linked: bool = False) -> Array:
    """Return the root of the mean square of each signal, full scale being 1; see `peak`.

    The gradient at silence is 0.
    """
    xp, x = waveform(x)
    axes = _axes(x, linked)
    count = max(1, math.prod(x.shape[x.ndim - len(axes) :]))
    mean = xp.reshape(xp.sum(x * x, axis=axes, keepdims=True), x.shape[: -len(axes)]) / count
    heard = mean > 0
    return xp.where(heard, xp.sqrt(xp.where(heard, mean, xp.ones_like(mean))), xp.zeros_like(mean))


def peak_level(x: Array, *, linked: bool = False, floor_dbfs: float = -120.0) -> Array:
    """Return `peak` in dBFS; silence reads ``floor_dbfs``."""
    return _dbfs(peak(x, linked=linked), floor_dbfs)


def rms_level(x: Array, *, linked: bool = False, floor_dbfs: float = -120.0) -> Array:
    """Return `rms` in dBFS, -3.01 for a full-scale sine; silence reads ``floor_dbfs``.

    >>> import numpy as np
    >>> rms_level(np.array([0.1, -0.1])).round(2).item()
    -20.0
    """
    return _dbfs(rms(x, linked=linked), floor_dbfs)


def normalize_peak(
    x: Array, *, target_dbfs: float = -1.0, linked: bool = False, over: Over = "error"
) -> Array:
    """Return each signal with a gain that brings its largest sample to ``target_dbfs``.

    Parameters
    ----------
    x : (..., time) real
    target_dbfs : float
        At most 0, unless ``over="allow"``. The waveform between the samples reaches higher, by up to 3 dB:
        see `sori.signal.loudness_target.normalize_loudness` for a ceiling that holds there.
    linked : bool
        The axis before time holds channels of one signal and takes one gain.
    over : "error", "reduce" or "allow"
        When the target is above full scale: refuse it, take 0 dBFS, or go there.

    Returns
    -------
    As ``x``; silence stays as it is.

    Raises
    ------
    ParameterError
        For a target above 0 dBFS.

    Examples
    --------
    >>> import numpy as np
    >>> normalize_peak(np.array([0.1, -0.25, 0.0]), target_dbfs=0.0).tolist()
    [0.4, -1.0, 0.0]
    """
    _, x = waveform(x)
    _check_over(over)
    check_numbers(target_dbfs=target_dbfs)
    if target_dbfs > 0 and over == "error":
        raise ParameterError(
            f"target_dbfs={target_dbfs}: samples would go beyond full scale, want at most 0 or over='allow'"
        )
    target = 10 ** ((min(target_dbfs, 0.0) if over == "reduce" else target_dbfs) / 20)
    return _spread(_gain(peak(x, linked=linked), target), x, linked) * x


def normalize_rms(
    x: Array, *, target_dbfs: float = -20.0, linked: bool = False, over: Over = "error"
) -> Array:
    """Return each signal with a gain that brings its RMS to ``target_dbfs``.

    Parameters
    ----------
    x : (..., time) real
    target_dbfs : float
        A value of 1 throughout is 0 dBFS, a full-scale sine -3.01.
    linked : bool
        The axis before time holds channels of one signal and takes one gain.
    over : "error", "reduce" or "allow"
        For a signal whose peaks the gain would take beyond full scale: refuse, take the gain that just
        reaches full scale, or go there. Nothing is ever clipped. Inside a trace (``jit``, ``compile``) and
        on an accelerator the values cannot be looked at to refuse them: ``"error"`` then means ``"reduce"``.

    Returns
    -------
    As ``x``; silence stays as it is.

    Raises
    ------
    ParameterError
        With ``over="error"``, when a signal would go beyond full scale.

    Examples
    --------
    >>> import numpy as np
    >>> normalize_rms(np.array([0.2, -0.2]), target_dbfs=-20.0).round(6).tolist()
    [0.1, -0.1]
    """
    _, x = waveform(x)
    check_numbers(target_dbfs=target_dbfs)
    gain = _gain(rms(x, linked=linked), 10 ** (target_dbfs / 20))
    gain = within_full_scale(gain, peak(x, linked=linked), over=over)
    return _spread(gain, x, linked) * x


def within_full_scale(gain: Array, highest: Array, *, over: Over, ceiling: float = 1.0) -> Array:
    """Return gains that keep peaks at or below a ceiling, as ``over`` says: see `normalize_rms`.

    Parameters
    ----------
    gain, highest : (...) real
        The gain that is wanted, and the largest magnitude of what it will multiply.
    over : "error", "reduce" or "allow"
    ceiling : float
        The largest magnitude allowed.

    Raises
    ------
    ParameterError
        With ``over="error"``, where a peak would pass the ceiling and the values can be seen.
    """
    _check_over(over)
    if over == "allow":
        return gain
    xp = namespace(gain)
    reached = gain * highest
    rounding = 1 + 8 * float(xp.finfo(gain.dtype).eps)
    if over == "error" and may_look(gain) and bool(xp.any(reached > ceiling * rounding)):
        above = 20 * math.log10(float(xp.max(reached)) / ceiling)
        limit = "full scale" if ceiling == 1 else "the ceiling"
        raise ParameterError(
            f"the gain would take peaks {above:.2f} dB beyond {limit}: "
            f"want a lower target, over='reduce', or a limiter (sori.signal.dynamics.limiter)"
        )
    passes = reached > ceiling
    return xp.where(passes, ceiling / xp.where(passes, highest, xp.ones_like(highest)), gain)


def _gain(level: Array, target: float) -> Array:
    """Return ``target / level``; 1 for what is silent, of which nothing can be made."""
    xp = namespace(level)
    heard = level > tiny(level)
    return xp.where(heard, target / xp.where(heard, level, xp.ones_like(level)), xp.ones_like(level))


def _spread(gain: Array, x: Array, linked: bool) -> Array:
    """Return a gain for each signal with the axes of the signals."""
    return namespace(x).reshape(gain, (*gain.shape, *(1,) * len(_axes(x, linked))))


def _dbfs(level: Array, floor_dbfs: float) -> Array:
    xp = namespace(level)
    # Written with an axis, so that a single level stays an array.
    heard = at_least(xp.reshape(level, (*level.shape, 1)), max(10 ** (floor_dbfs / 20), tiny(level)))
    return xp.reshape(20 * xp.log10(heard), level.shape)


def _axes(x: Array, linked: bool) -> tuple[int, ...]:
    if linked and x.ndim < 2:
        raise ParameterError(f"linked=True wants (..., channels, time), got shape {tuple(x.shape)}")
    return (-2, -1) if linked else (-1,)


def _check_over(over: Any) -> None:
    if over not in ("error", "reduce", "allow"):
        raise ParameterError(f"over={over!r}: want 'error', 'reduce' or 'allow'")

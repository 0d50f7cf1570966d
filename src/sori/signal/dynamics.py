"""Gains that follow the level: `compressor`, `limiter`, `gate`, all of them without a loop over samples.

A level detector is a recursion, and those here are of the two kinds that need no loop: a peak that fades,
``y[n] = max(x[n], a y[n - 1])``, which is associative, and a linear one (`sori.signal.filtering.smooth`).
So they run on any array, in a trace, and gradients flow through the signal and its gain.

Times are time constants: after one of them a gain has gone 63 % of its way.

Source: Giannoulis, Massberg & Reiss, "Digital dynamic range compressor design: a tutorial and analysis",
Journal of the Audio Engineering Society 60(6), 2012: the feed-forward design in the logarithmic domain with
the decoupled peak detector.
"""

from __future__ import annotations

import math

from sori.arrays import Array, at_least, cumulative_decay, namespace, pad, running_max, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.filtering import smooth
from sori.signal.running_sum import running_sum
from sori.signal.true_peak import CONTEXT, peak_around, true_peak

__all__ = ["compressor", "gate", "limiter"]

_QUIET = 1e-6  # -120 dB: what a logarithm makes of silence


def compressor(
    x: Array,
    *,
    sample_rate: float,
    threshold_db: float | Array = -20.0,
    ratio: float | Array = 4.0,
    attack_s: float = 0.005,
    release_s: float = 0.1,
    knee_db: float = 6.0,
    makeup_db: float | Array = 0.0,
    linked: bool = False,
) -> Array:
    """Return a signal with less difference between loud and soft.

    Above the threshold the level rises by 1 dB where it rose by ``ratio`` dB. Threshold, ratio and make-up
    may be arrays of the kind of ``x``, of a shape that meets it, such as ``(items, 1, 1)``; their values are
    not checked.

    Parameters
    ----------
    x : (..., time) real
        Full scale is 1.
    sample_rate : float
        Hz.
    threshold_db : float
        Sample magnitude from which the gain falls, dB of full scale.
    ratio : float
        At least 1; ``math.inf`` lets nothing above the threshold (for steady sounds; see `limiter` for all).
    attack_s, release_s : float
        How fast the gain falls and comes back.
    knee_db : float
        Width of the bend at the threshold; 0 is a corner.
    makeup_db : float
        Gain afterwards.
    linked : bool
        The axis before time holds channels of one signal, which share the gain of the loudest.

    Returns
    -------
    As ``x``. With ``makeup_db`` it can go beyond full scale: nothing is clipped.

    Raises
    ------
    ParameterError
        For a ratio below 1 and negative times or widths.

    Examples
    --------
    >>> import numpy as np
    >>> loud = np.ones(48000)  # 20 dB above the threshold: 15 dB come off
    >>> compressor(loud, sample_rate=48000)[-1].round(4).item()
    0.1778
    """
    xp, x = waveform(x)
    plain = {"threshold_db": threshold_db, "knee_db": knee_db, "makeup_db": makeup_db, "ratio": ratio}
    plain = {name: value for name, value in plain.items() if not hasattr(value, "shape")}
    lowest = plain.get("ratio", 1.0)
    if lowest == math.inf:
        del plain["ratio"]
    check_numbers(**plain)
    if not (lowest >= 1 and knee_db >= 0):
        raise ParameterError(f"ratio={ratio}, knee_db={knee_db}: want at least 1, and at least 0")
    release, attack = _decay(sample_rate, release_s, "release_s"), _decay(sample_rate, attack_s, "attack_s")
    if x.shape[-1] == 0:
        return x
    above = 20 * xp.log10(at_least(_size(x, linked), _QUIET)) - threshold_db
    slope = 1 - 1 / ratio
    reduction = slope * at_least(above, 0.0)
    if knee_db:
        bend = slope / (2 * knee_db) * at_least(above + knee_db / 2, 0.0) ** 2
        reduction = xp.where(above > knee_db / 2, reduction, bend)
    reduction = smooth(cumulative_decay(reduction, release), 1 - attack)
    return 10.0 ** ((makeup_db - reduction) / 20) * x


def limiter(
    x: Array,
    *,
    sample_rate: float,
    ceiling_dbtp: float = -1.0,
    lookahead_s: float = 0.005,
    release_s: float = 0.1,
    linked: bool = False,
) -> Array:
    """Return a signal whose true peak is at or below a ceiling, however loud it comes in.

    The gain is down before a peak arrives: what each moment needs is held over the look-ahead, fades with the
    release, and is averaged over the look-ahead again. An average of gains that are all low enough is low
    enough, so the gain moves smoothly and is never above what is needed. The signal is not delayed.

    Parameters
    ----------
    x : (..., time) real
        Full scale is 1.
    sample_rate : float
        Hz.
    ceiling_dbtp : float
        Highest true peak of the result as `sori.signal.true_peak.true_peak` measures it (BS.1770-5).
    lookahead_s : float
        How long the gain takes on its way down.
    release_s : float
        Time constant of its way back, in dB.
    linked : bool
        The axis before time holds channels of one signal, which share one gain.

    Returns
    -------
    As ``x``; unchanged where nothing near comes close to the ceiling.

    Notes
    -----
    A gain that moves under the interpolator of the meter can still leave a peak a little above the ceiling
    (hundredths of a dB): the whole of such a signal is lowered by that much at the end.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.signal.true_peak import true_peak_dbtp
    >>> x = 3 * np.sin(np.arange(4800) ** 2 / 3000)
    >>> true_peak_dbtp(limiter(x, sample_rate=48000)).round(3).item()
    -1.0
    """
    xp, x = waveform(x)
    release = _decay(sample_rate, release_s, "release_s")
    check_numbers(ceiling_dbtp=ceiling_dbtp, lookahead_s=lookahead_s)
    if not lookahead_s >= 0:
        raise ParameterError(f"lookahead_s={lookahead_s}: want at least 0 seconds")
    if x.shape[-1] == 0:
        return x
    ahead = round(lookahead_s * sample_rate)
    ceiling = 10 ** (ceiling_dbtp / 20)
    peaks = peak_around(x)
    if linked:
        peaks = _loudest(peaks)
    needed = 20 * xp.log10(at_least(peaks / ceiling, 1.0))
    # A value between samples is made of the CONTEXT samples before it: they all are lowered as it needs.
    held = running_max(pad(needed, ahead, 0), CONTEXT + 1 + ahead)
    held = cumulative_decay(held, release)
    # Two averages of half the length each: a triangle, whose corners the ear does not find.
    half = ahead // 2
    for size in (half + 1, ahead - half + 1):
        held = running_sum(held, size) / size
    y = 10.0 ** (held / -20) * x
    highest = true_peak(y, linked=linked)
    passes = highest > ceiling
    ceiling *= 1 - 8 * float(xp.finfo(x.dtype).eps)  # so that rounding the product does not pass it either
    rest = xp.where(passes, ceiling / xp.where(passes, highest, xp.ones_like(highest)), xp.ones_like(highest))
    return rest[(..., *(None,) * (1 + linked))] * y


def gate(
    x: Array,
    *,
    sample_rate: float,
    threshold_db: float = -50.0,
    hysteresis_db: float = 6.0,
    attack_s: float = 0.001,
    hold_s: float = 0.03,
    release_s: float = 0.1,
    range_db: float = 80.0,
    linked: bool = False,
) -> Array:
    """Return a signal that is turned down where it is soft.

    The gate opens when a sample passes the threshold, and closes when none has been above ``threshold_db -
    hysteresis_db`` for ``hold_s``. Whether it is open is the last of these two events at each moment, and
    "the last that happened" is associative: so hysteresis, too, needs no loop.

    Parameters
    ----------
    x : (..., time) real
        Full scale is 1.
    sample_rate : float
        Hz.
    threshold_db, hysteresis_db : float
        Sample magnitude that opens, and how much lower the one is that keeps it open.
    attack_s, release_s : float
        How fast the gain rises on opening and falls on closing.
    hold_s : float
        At least half a period of the lowest tone, or the gate shuts between its crests.
    range_db : float
        How far a closed gate turns down.
    linked : bool
        The axis before time holds channels of one signal, which open together.

    Returns
    -------
    As ``x``. Opening is a step: gradients flow through what is let through, not through the decision.

    Examples
    --------
    >>> import numpy as np
    >>> hiss = np.full(48000, 1e-4)
    >>> gate(hiss, sample_rate=48000)[-1].round(12).item()
    1e-08
    """
    xp, x = waveform(x)
    release, attack = _decay(sample_rate, release_s, "release_s"), _decay(sample_rate, attack_s, "attack_s")
    check_numbers(threshold_db=threshold_db, hysteresis_db=hysteresis_db, hold_s=hold_s, range_db=range_db)
    if not (hysteresis_db >= 0 and hold_s >= 0 and range_db >= 0):
        raise ParameterError(
            f"hysteresis_db={hysteresis_db}, hold_s={hold_s}, range_db={range_db}: want at least 0 each"
        )
    if x.shape[-1] == 0:
        return x
    hold = round(hold_s * sample_rate)
    level = running_max(pad(_size(x, linked), hold, 0), hold + 1)[..., : x.shape[-1]]
    one, zero = xp.ones_like(level), xp.zeros_like(level)
    closes = xp.where(level < 10 ** ((threshold_db - hysteresis_db) / 20), -one, zero)
    event = xp.where(level > 10 ** (threshold_db / 20), one, closes)
    shift = 1
    while shift < x.shape[-1]:  # what has not happened here is what happened before, ever further back
        event = xp.where(event == 0, pad(event[..., :-shift], shift, 0), event)
        shift *= 2
    opened = smooth(cumulative_decay(at_least(event, 0.0), release), 1 - attack)
    return 10.0 ** ((opened - 1) * (range_db / 20)) * x


def _size(x: Array, linked: bool) -> Array:
    """Return the magnitude that a detector sees, with an axis of one where channels are linked."""
    size = namespace(x).abs(x)
    return _loudest(size) if linked else size


def _loudest(size: Array) -> Array:
    if size.ndim < 2:
        raise ParameterError(f"linked=True wants (..., channels, time), got shape {tuple(size.shape)}")
    return namespace(size).max(size, axis=-2, keepdims=True)


def _decay(sample_rate: float, seconds: float, name: str) -> float:
    """Return the factor from one sample to the next of what fades with a time constant."""
    check_numbers(sample_rate=sample_rate, **{name: seconds})
    if not (sample_rate > 0 and seconds >= 0):
        raise ParameterError(
            f"sample_rate={sample_rate}, {name}={seconds}: want a positive rate and at least 0 seconds"
        )
    return math.exp(-1 / (seconds * sample_rate)) if seconds else 0.0

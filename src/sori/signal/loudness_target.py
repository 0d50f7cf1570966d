"""Signals brought to a loudness, under a true-peak ceiling: `normalize_loudness`."""

from __future__ import annotations

from typing import Literal

from sori.arrays import Array, namespace, waveform
from sori.arrays.framing import check_numbers
from sori.arrays.kinds import may_look
from sori.errors import ParameterError
from sori.signal.dynamics import limiter
from sori.signal.gated_loudness import integrated_lufs
from sori.signal.level import within_full_scale
from sori.signal.true_peak import true_peak

__all__ = ["normalize_loudness"]

_SILENT_LUFS = -70.0
_LOUDEST_LUFS = 20.0
_TRIES = 8  # gains that are tried before a limiter
_NEAR_LU = 0.01  # where no better one is looked for
_MOST_DB = 24.0  # of gain to make up for what limited peaks carried
_FLATTEST = 0.2  # LU gained by a dB of gain, at least: what a look at two gains is believed


def normalize_loudness(
    x: Array,
    *,
    sample_rate: float,
    target_lufs: float,
    true_peak_ceiling_dbtp: float = -1.0,
    over: Literal["error", "reduce", "limit"] = "error",
) -> Array:
    """Return each signal with a gain that brings its integrated loudness to a target.

    Parameters
    ----------
    x : (time,) or (..., channels, time) real
        See `sori.signal.gated_loudness.integrated_lufs`. All channels take one gain.
    sample_rate : float
        Hz.
    target_lufs : float
        -23 in broadcasting (EBU R 128), -14 on streaming services.
    true_peak_ceiling_dbtp : float
        What no sample, nor the waveform between samples, may pass, as `sori.signal.true_peak` measures it.
    over : "error", "reduce" or "limit"
        When the gain would take peaks beyond the ceiling: refuse, take the gain that just reaches it (so the
        signal stays softer than the target), or hold peaks down with `sori.signal.dynamics.limiter`. Of what
        they carried the rest then takes up to 24 dB more gain, so that the target is met to 0.1 LU where that
        is enough; a few gains are tried, which takes longer. Nothing is clipped. Inside a trace and on an
        accelerator values cannot be looked at: ``"error"`` then means ``"reduce"``.

    Returns
    -------
    As ``x``; what is below the absolute gate (-70 LUFS), silence too, stays as it is.

    Raises
    ------
    ParameterError
        As ``over`` says, and as `sori.signal.gated_loudness.integrated_lufs`.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.signal.gated_loudness import integrated_lufs
    >>> x = 0.01 * np.random.default_rng(1).standard_normal(48000)
    >>> y = normalize_loudness(x, sample_rate=48000, target_lufs=-23.0)
    >>> round(integrated_lufs(y, sample_rate=48000).item(), 3)
    -23.0
    """
    xp, x = waveform(x)
    if over not in ("error", "reduce", "limit"):
        raise ParameterError(f"over={over!r}: want 'error', 'reduce' or 'limit'")
    check_numbers(target_lufs=target_lufs, true_peak_ceiling_dbtp=true_peak_ceiling_dbtp)
    if target_lufs > _LOUDEST_LUFS:
        raise ParameterError(f"target_lufs={target_lufs}: want at most {_LOUDEST_LUFS:g}, and -14 as a rule")
    read = integrated_lufs(x, sample_rate=sample_rate)
    heard = read > _SILENT_LUFS
    gain_db = xp.where(heard, target_lufs - read, xp.zeros_like(read))
    linked = x.ndim > 1
    spread = (..., *(None,) * (1 + linked))
    if over == "limit":
        return xp.where(
            heard[spread], _limited(x, sample_rate, gain_db, target_lufs, true_peak_ceiling_dbtp), x
        )
    gain = 10.0 ** (gain_db / 20)
    lowered = within_full_scale(
        xp.where(heard, gain, xp.zeros_like(gain)),
        true_peak(x, linked=linked),
        over=over,
        ceiling=10 ** (true_peak_ceiling_dbtp / 20),
    )
    return xp.where(heard, lowered, xp.ones_like(gain))[spread] * x


def _limited(x: Array, sample_rate: float, gain_db: Array, target_lufs: float, ceiling_dbtp: float) -> Array:
    """Return the signal behind a limiter, the gain before it found by secants.

    Loudness rises with the gain, more and more slowly: a line through two gains tried reaches the target too
    early, so that the next one comes closer from the same side. Each signal stops when it is near.
    """
    xp = namespace(x)
    spread = (..., *(None,) * (1 + (x.ndim > 1)))
    gain, most = gain_db, gain_db + _MOST_DB
    gain_before = lufs_before = None
    for tried in range(1, _TRIES + 1):
        y = 10.0 ** (gain[spread] / 20) * x
        y = limiter(y, sample_rate=sample_rate, ceiling_dbtp=ceiling_dbtp, linked=x.ndim > 1)
        if tried == _TRIES:
            break
        lufs = integrated_lufs(y, sample_rate=sample_rate)
        missing = target_lufs - lufs
        moving = (xp.abs(missing) > _NEAR_LU) & (lufs > _SILENT_LUFS) & ((gain < most) | (missing < 0))
        if may_look(x) and not bool(xp.any(moving)):
            break
        slope = xp.ones_like(gain)
        if lufs_before is not None:
            moved = gain - gain_before
            apart = xp.abs(moved) > 0
            slope = xp.where(apart, (lufs - lufs_before) / xp.where(apart, moved, slope), slope)
            slope = xp.clip(slope, _FLATTEST, 1.0)
        gain_before, lufs_before = gain, lufs
        further = gain + missing / slope
        gain = xp.where(moving, xp.where(further < most, further, most), gain)
    return y

"""Signals brought to a loudness, under a true-peak ceiling: `normalize_loudness`."""

from __future__ import annotations

from typing import Literal

from sori.arrays import Array, waveform
from sori.errors import ParameterError
from sori.signal.dynamics import limiter
from sori.signal.gated_loudness import integrated_lufs
from sori.signal.level import within_full_scale
from sori.signal.true_peak import true_peak

__all__ = ["normalize_loudness"]

_SILENT_LUFS = -70.0


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
        signal stays softer than the target), or hold peaks down with `sori.signal.dynamics.limiter` (so that
        only they are softer; the result falls short of the target by what they carried). Nothing is clipped.
        Inside a trace and on an accelerator values cannot be looked at: ``"error"`` then means ``"reduce"``.

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
    read = integrated_lufs(x, sample_rate=sample_rate)
    heard = read > _SILENT_LUFS
    gain = 10.0 ** (xp.where(heard, target_lufs - read, xp.zeros_like(read)) / 20)
    linked = x.ndim > 1
    if over != "limit":
        ceiling = 10 ** (true_peak_ceiling_dbtp / 20)
        lowered = within_full_scale(
            xp.where(heard, gain, xp.zeros_like(gain)),
            true_peak(x, linked=linked),
            over=over,
            ceiling=ceiling,
        )
        return xp.where(heard, lowered, xp.ones_like(gain))[(..., *(None,) * (1 + linked))] * x
    y = gain[(..., *(None,) * (1 + linked))] * x
    found = limiter(y, sample_rate=sample_rate, ceiling_dbtp=true_peak_ceiling_dbtp, linked=linked)
    return xp.where(heard[(..., *(None,) * (1 + linked))], found, x)

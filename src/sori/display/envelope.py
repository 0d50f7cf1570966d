"""How loud a signal is over time: its peak and its root mean square, part by part."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sori.arrays import Array, to_numpy
from sori.arrays import waveform as checked
from sori.display.axes import DARK, LIGHT, axes, check_rate, labelled, seconds
from sori.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["envelope"]

_SILENCE = 1e-10


def envelope(
    x: Array,
    *,
    sample_rate: float,
    frame_s: float = 0.05,
    unit: str = "dB",
    floor_db: float = -60.0,
    start_s: float = 0.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw the peak and the RMS level of a signal over time, over all its channels together.

    Parameters
    ----------
    x : (time,) or (channels, time) real
        The signal.
    sample_rate : float
        Hz.
    frame_s : float
        Seconds that one step takes together.
    unit : "dB" or "amplitude"
        dB against full scale (a sine of peak 1 has a peak of 0 and an RMS of -3 dB), or linear.
    floor_db : float
        Where the picture ends below.
    start_s : float
        What the first sample's time is.
    ax : matplotlib Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ParameterError
        For another unit, an array of more than two dimensions or no samples, NaN or infinity.
    """
    check_rate(sample_rate)
    _, x = checked(x)
    lanes = np.atleast_2d(to_numpy(x))
    if lanes.ndim > 2 or lanes.size == 0:
        raise ParameterError(f"x has shape {lanes.shape}, want (time,) or (channels, time) with a sample")
    if unit not in ("dB", "amplitude"):
        raise ParameterError(f"unit={unit!r}: want 'dB' or 'amplitude'")
    if not (frame_s > 0 and floor_db < 0 and math.isfinite(frame_s)):
        raise ParameterError(f"frame_s={frame_s}, floor_db={floor_db}: want above 0, and below 0")
    step = max(1, round(frame_s * sample_rate))
    starts = np.arange(0, lanes.shape[-1], step)
    counts = np.diff(np.append(starts, lanes.shape[-1]))
    peak = np.maximum.reduceat(np.abs(lanes).max(axis=0), starts).astype(np.float64)
    mean = np.add.reduceat(np.mean(np.square(lanes, dtype=np.float64), axis=0), starts) / counts
    rms = np.sqrt(mean)
    # Only a full-scale square wave has an RMS as high as its peak; rounding must not lift it above.
    rms = np.minimum(rms, peak)
    bottom = 0.0
    if unit == "dB":
        peak, rms = (20 * np.log10(np.maximum(level, _SILENCE)) for level in (peak, rms))
        peak, rms, bottom = np.maximum(peak, floor_db), np.maximum(rms, floor_db), floor_db
    ax = axes(ax, height=3.0)
    edges = start_s + np.append(starts, lanes.shape[-1]) / sample_rate
    ax.stairs(peak, edges, baseline=bottom, fill=True, color=LIGHT, label="peak")
    ax.stairs(rms, edges, baseline=bottom, fill=True, color=DARK, label="RMS")
    ax.set_ylim(bottom, max(float(peak.max()) * 1.05, 1e-3) if unit != "dB" else max(0.0, float(peak.max())))
    seconds(ax, start_s, float(edges[-1]))
    labelled(ax, y="level (dBFS)" if unit == "dB" else "amplitude")
    ax.grid(axis="y", color="0.5", alpha=0.25, linewidth=0.6)
    ax.set_axisbelow(False)
    ax.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, fontsize=10, frameon=False)
    return ax

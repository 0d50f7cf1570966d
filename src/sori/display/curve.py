"""One value over time, alone or drawn over a spectrogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from sori.arrays import Array, to_numpy
from sori.arrays.framing import check_counts
from sori.display.axes import DARK, axes, check_rate, labelled, seconds
from sori.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["curve"]


def curve(
    values: Array,
    *,
    name: str,
    unit: str = "",
    sample_rate: float | None = None,
    hop_length: int | None = None,
    times_s: ArrayLike | None = None,
    start_s: float = 0.0,
    side: str = "left",
    color: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one value over time: pitch, brightness, loudness, a novelty.

    Over a spectrogram (``ax`` of one) a curve in Hz lies on the axis that is there (``side="left"``); any
    other takes an axis of its own, ``side="right"``.

    Parameters
    ----------
    values : (frames,) real
        NaN leaves a gap: unvoiced, unknown.
    name, unit : str
        What it is, and in what: beside the axis, or in the legend over a spectrogram.
    sample_rate, hop_length : float, int
        Hz and samples between frames, or
    times_s : (frames,)
        the time of each value.
    start_s : float
        The time of the first frame, where ``times_s`` is not given.
    side : "left" or "right"
        Whose scale it takes.
    color : str, optional
        Of the line.
    ax : matplotlib Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib Axes
        The one with the curve's scale: a new twin for ``side="right"``.

    Raises
    ------
    ParameterError
        For more than one dimension, infinity, or times that are missing or not as many.
    """
    shown = np.asarray(to_numpy(values))
    if shown.ndim != 1 or shown.size == 0 or shown.dtype.kind not in "fiu":
        raise ParameterError(
            f"values are {shown.dtype} of shape {shown.shape}, want real numbers (frames,): "
            "draw one, values[0]"
        )
    if np.isinf(shown).any():
        raise ParameterError("values hold infinity, want numbers, or NaN where there is none")
    if side not in ("left", "right"):
        raise ParameterError(f"side={side!r}: want 'left' or 'right'")
    at = _times(len(shown), sample_rate, hop_length, times_s, start_s)
    over = ax is not None
    whole = f"{name} ({unit})" if unit else name
    drawn = axes(ax, height=2.8)
    if side == "right":
        drawn = drawn.twinx()
    from matplotlib import patheffects

    halo = [patheffects.Stroke(linewidth=4, foreground="white", alpha=0.9), patheffects.Normal()]
    (line,) = drawn.plot(
        at,
        shown,
        color=color or (DARK if not over else "#00796b"),
        linewidth=1.8 if over else 1.5,
        marker="." if _lonely(shown) else None,
        label=whole,
        path_effects=halo if over else None,
    )
    if over and side == "left":
        drawn.legend(loc="upper right", fontsize=10, framealpha=0.9)
        return drawn
    labelled(drawn, y=whole)
    if side == "right":
        drawn.yaxis.label.set_color(line.get_color())
        drawn.tick_params(axis="y", colors=line.get_color())
        return drawn
    drawn.grid(color="0.5", alpha=0.25, linewidth=0.6)
    seconds(drawn, float(at[0]), float(at[-1]))
    return drawn


def _times(
    count: int, sample_rate: float | None, hop_length: int | None, times_s: ArrayLike | None, start_s: float
) -> np.ndarray:
    if times_s is not None:
        at = np.asarray(times_s, np.float64)
        if at.shape != (count,) or not np.isfinite(at).all():
            raise ParameterError(f"times_s has shape {at.shape}, want a time for each of {count} values")
        return at
    if sample_rate is None or hop_length is None:
        raise ParameterError("no times: give sample_rate and hop_length, or times_s")
    check_rate(sample_rate)
    check_counts(hop_length=hop_length)
    return start_s + np.arange(count) * (hop_length / sample_rate)


def _lonely(shown: np.ndarray) -> bool:
    """Say whether a value stands between two gaps, where a line alone would not show it."""
    there = np.pad(~np.isnan(shown.astype(np.float64)), 1)
    return bool((there[1:-1] & ~there[:-2] & ~there[2:]).any())

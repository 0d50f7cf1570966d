"""What the rows of a picture stand for: where each lies, on which scale, and what is written beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.display.axes import hertz, labelled, note_ticks, octave_ticks, seconds
from sori.errors import ParameterError
from sori.units import PITCH_CLASSES, hz_to_mel, mel_to_hz

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["AXES", "edges_between", "fewer", "row_positions", "write_rows"]

AXES = ("linear", "log", "mel", "note", "chroma", "tempo", "time", "number")
"""What rows can stand for; see `sori.display.spectrogram.spectrogram`."""

C1_HZ = 440.0 * 2 ** (-45 / 12)
_MEL_TICKS = (0, 250, 500, 1000, 2000, 4000, 8000, 16000)
_LOWEST_HZ = 20.0  # where hearing begins; a logarithm would give as much room to what lies below it
_LOG_STEPS = (1, 2, 5)

Floats = NDArray[np.float64]


def row_positions(
    count: int,
    *,
    axis: str,
    sample_rate: float,
    hop_length: int,
    fmin: float | None,
    fmax: float | None,
    bins_per_octave: int,
    scale: str,
    rows_at: ArrayLike | None,
) -> Floats:
    """Return where each of ``count`` rows lies: Hz, BPM, seconds, or its number; see the callers' pages."""
    if axis not in AXES:
        raise ParameterError(f"axis={axis!r}: want one of {', '.join(AXES)}")
    if rows_at is not None:
        return _given(rows_at, count, axis)
    if axis in ("linear", "log"):
        top = sample_rate / 2 if fmax is None else fmax
        return np.linspace(0.0 if fmin is None else fmin, top, count)
    if axis == "mel":
        low, high = 0.0 if fmin is None else fmin, sample_rate / 2 if fmax is None else fmax
        if not 0 <= low < high:
            raise ParameterError(f"fmin={low}, fmax={high}: want 0 <= fmin < fmax, those of the bands")
        mels = np.linspace(hz_to_mel(low, scale=scale), hz_to_mel(high, scale=scale), count + 2)
        return np.asarray(mel_to_hz(mels, scale=scale)[1:-1])
    if axis == "note":
        return np.asarray((C1_HZ if fmin is None else fmin) * 2.0 ** (np.arange(count) / bins_per_octave))
    if axis == "chroma":
        if count % 12:
            raise ParameterError(f"S has {count} rows, want a multiple of 12 for axis='chroma'")
        return np.asarray(np.arange(count) * (12 / count))
    if axis == "time":
        return np.asarray(np.arange(count) * (hop_length / sample_rate))
    if axis == "tempo":
        raise ParameterError("axis='tempo' needs rows_at: the tempo of each row, BPM")
    return np.arange(count, dtype=np.float64)


def _given(rows_at: ArrayLike, count: int, axis: str) -> Floats:
    rows = np.asarray(rows_at, np.float64)
    if rows.shape != (count,):
        raise ParameterError(f"rows_at has shape {rows.shape}, want one value for each of {count} rows")
    if not np.isfinite(rows).all() or (np.diff(rows) <= 0).any():
        raise ParameterError("rows_at does not rise from row to row: sort the rows, and leave out infinity")
    if axis in ("log", "note", "tempo") and len(rows) > 1 and rows[1] <= 0:
        raise ParameterError(f"rows_at holds {rows[1]:g}, want positive values for axis={axis!r}")
    return rows


def edges_between(rows: Floats, *, axis: str, scale: str) -> Floats:
    """Return where rows end, one more than there are: half way to the next, as the scale counts."""
    if axis in ("log", "note", "tempo"):
        usable = np.maximum(rows, 1e-9)
        first = 0 if rows[0] > 0 else 1  # 0 Hz has no place on a logarithm: it is left below the picture
        if len(rows) - first < 2:
            return np.array([*usable[:1] * 2**-0.5, *usable * 2**0.5])
        found = np.exp2(_mid(np.log2(usable[first:])))
        return np.concatenate([found[:1] / 2] * first + [found])
    if axis == "mel":
        found = mel_to_hz(_mid(np.asarray(hz_to_mel(rows, scale=scale), np.float64)), scale=scale)
        return np.asarray(np.maximum(found, 0.0))
    if axis == "linear":
        return np.maximum(_mid(rows), 0.0)
    return _mid(rows)


def _mid(rows: Floats) -> Floats:
    if len(rows) < 2:
        return np.concatenate([rows - 0.5, rows + 0.5])
    between = (rows[:-1] + rows[1:]) / 2
    return np.concatenate([[2 * rows[0] - between[0]], between, [2 * rows[-1] - between[-1]]])


def fewer(
    values: NDArray[Any], edges: Floats, *, along: int, cells: int, measure: Callable[[Floats], Floats]
) -> tuple[NDArray[Any], Floats]:
    """Return the largest of neighbouring rows (or columns) that would share one of ``cells`` even cells.

    A picture cannot show more lines than it has pixels, and the largest is what must not be lost.
    """
    if values.shape[along] <= cells:
        return values, edges
    at = measure(edges)
    cell = np.floor((at[:-1] - at[0]) / (at[-1] - at[0]) * cells)
    starts = np.flatnonzero(np.diff(cell, prepend=-1.0))
    return np.maximum.reduceat(values, starts, axis=along), np.append(edges[starts], edges[-1])


def write_rows(ax: Axes, edges: Floats, *, axis: str, scale: str, row_name: str) -> None:
    """Give the y axis its scale, its limits, and names beside its ticks."""
    low, high = float(edges[0]), float(edges[-1])
    if axis in ("log", "note", "tempo"):
        low = max(low, _LOWEST_HZ) if axis == "log" and high > 2 * _LOWEST_HZ else low
        ax.set_yscale("log", base=2)
    elif axis == "mel":
        ax.set_yscale(
            "function",
            functions=(lambda hz: hz_to_mel(hz, scale=scale), lambda mel: mel_to_hz(mel, scale=scale)),
        )
    ax.set_ylim(low, high)
    ax.yaxis.minorticks_off()
    if axis == "log":
        ax.set_yticks(_decades(low, high))
        hertz(ax)
    elif axis == "mel":
        ax.set_yticks([hz for hz in _MEL_TICKS if low <= hz <= high])
        hertz(ax)
    elif axis == "linear":
        hertz(ax)
    elif axis == "note":
        ax.set_yticks(*note_ticks(low, high))
        labelled(ax, y="note")
    elif axis == "chroma":
        ax.set_yticks(range(12), PITCH_CLASSES)
        labelled(ax, y="pitch class")
    elif axis == "tempo":
        ticks = octave_ticks(low, high, start=60.0)
        ax.set_yticks(ticks, [f"{bpm:g}" for bpm in ticks])
        labelled(ax, y="tempo (BPM)")
    elif axis == "time":
        seconds(ax, low, high, along="y")
    else:
        from matplotlib.ticker import MaxNLocator

        ax.yaxis.set_major_locator(MaxNLocator(nbins=9, integer=True))
        labelled(ax, y=row_name)


def _decades(low: float, high: float) -> list[float]:
    found = [
        step * 10.0**decade
        for decade in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        for step in _LOG_STEPS
    ]
    return [hz for hz in found if low <= hz <= high]

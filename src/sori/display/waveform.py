"""A waveform: the samples themselves, or the smallest and largest of each column where they are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, to_numpy
from sori.arrays import waveform as checked
from sori.display.axes import DARK, axes, check_rate, labelled, seconds
from sori.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["extremes", "waveform"]

_COLUMNS = 1800  # two for each pixel of a figure nine inches wide
_DOTS = 150  # so few samples are drawn as dots, too
_MOST_LANES = 16


def extremes(x: NDArray[np.floating[Any]], columns: int) -> NDArray[np.floating[Any]]:
    """Return the smallest and largest of even parts of ``x`` ``(..., time)``: ``(..., 2, columns)``.

    No peak is lost, however short. There must be a sample for each column.

    >>> extremes(np.array([0.0, 1.0, -1.0, 0.5]), 2).tolist()
    [[0.0, -1.0], [1.0, 0.5]]
    """
    starts = np.arange(columns) * x.shape[-1] // columns
    low, high = (f.reduceat(x, starts, axis=-1) for f in (np.minimum, np.maximum))
    return np.stack([low, high], axis=-2)


def waveform(
    x: Array,
    *,
    sample_rate: float,
    start_s: float = 0.0,
    channel_names: tuple[str, ...] | None = None,
    color: str = DARK,
    ax: Axes | None = None,
) -> Axes:
    """Draw a signal over time, channels one below the other.

    A long signal is drawn by its smallest and largest sample in each column, so that no peak is lost; zooming
    in (in a window, or with ``ax.set_xlim``) draws it anew, down to the single samples.

    Parameters
    ----------
    x : (time,) or (channels, time) real
        The signal, at most 16 channels.
    sample_rate : float
        Hz.
    start_s : float
        What the first sample's time is.
    channel_names : tuple of str, optional
        Beside each lane; left and right for two channels, otherwise numbers.
    color : str
        Of the line.
    ax : matplotlib Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ParameterError
        For an array of more than two dimensions or no samples, NaN or infinity.
    MissingExtra
        Without matplotlib.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("Agg")
    >>> waveform(np.zeros((2, 22050)), sample_rate=22050).get_xlabel()
    'time (s)'
    """
    check_rate(sample_rate)
    lanes = _lanes(x)
    count, n = lanes.shape
    ax = axes(ax, height=max(2.4, 1.0 + 1.3 * count))
    peak = float(np.abs(lanes).max())
    half = _rounded_up(peak) if 0 < peak <= 0.9 else max(peak, 1.0)
    centres = np.asarray(-2.5 * half * np.arange(count))
    lines = []
    for at, centre in enumerate(centres):
        ax.axhline(centre, color="0.75", linewidth=0.8, zorder=0)
        lines += ax.plot([], [], color=color, linewidth=0.8, solid_joinstyle="round", zorder=2 + at / 100)

    def draw(of: Axes) -> None:
        low, high = of.get_xlim()
        first = int(np.clip((low - start_s) * sample_rate, 0, n - 1))
        last = int(np.clip((high - start_s) * sample_rate + 2, first + 1, n))
        times, values = _visible(lanes[:, first:last])
        for line, centre, some in zip(lines, centres, values, strict=True):
            line.set_data(start_s + (first + times) / sample_rate, some + centre)
            line.set_marker("." if last - first <= _DOTS else "")

    ax.callbacks.connect("xlim_changed", draw)
    seconds(ax, start_s, start_s + max(n - 1, 1) / sample_rate)
    ax.set_ylim(centres[-1] - 1.08 * half, 1.08 * half)
    names = channel_names or (("left", "right") if count == 2 else tuple(map(str, range(1, count + 1))))
    if len(names) != count:
        raise ParameterError(f"{len(names)} channel_names for {count} channels: want one for each")
    _amplitudes(ax, centres, half)
    labelled(ax, y="amplitude")
    if count > 1:
        for centre, name in zip(centres, names, strict=True):
            ax.annotate(
                name,
                (1.005, centre),
                xycoords=("axes fraction", "data"),
                rotation=-90,
                va="center",
                fontsize=10,
            )
    return ax


def _lanes(x: Array) -> NDArray[np.floating[Any]]:
    _, x = checked(x)
    lanes = to_numpy(x)
    if lanes.ndim > 2 or 0 in lanes.shape or (lanes.ndim == 2 and len(lanes) > _MOST_LANES):
        raise ParameterError(
            f"x has shape {lanes.shape}, want (time,) or (channels, time) with a sample and at most "
            f"{_MOST_LANES} channels: pass one recording of the batch, x[0]"
        )
    return np.atleast_2d(lanes)


def _visible(part: NDArray[np.floating[Any]]) -> tuple[NDArray[np.float64], NDArray[np.floating[Any]]]:
    """Return sample positions and values to join by a line: all, or low and high of each column in turn."""
    n = part.shape[-1]
    if n <= 2 * _COLUMNS:
        return np.arange(n, dtype=np.float64), part
    ends = extremes(part, _COLUMNS)
    values = np.swapaxes(ends, -1, -2).reshape(len(part), -1)
    return (np.arange(2 * _COLUMNS) + 0.5) * (n / (2 * _COLUMNS)), values


def _rounded_up(peak: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    decade = 10.0 ** np.floor(np.log10(peak))
    return float(decade * next(step for step in (1, 2, 5, 10) if step * decade >= peak * 0.999))


def _amplitudes(ax: Axes, centres: NDArray[np.float64], half: float) -> None:
    """Write each lane's own amplitudes: 0 and, near its edges, how large a sample is there."""
    full = half if half <= 1 else 1.0  # beyond full scale the lane is taller, and ±1 stays marked
    marks = (full, 0.0, -full)
    ax.set_yticks(
        [centre + mark for centre in centres for mark in marks],
        [f"{mark:.3g}".replace("-", "−") for _ in centres for mark in marks],
    )

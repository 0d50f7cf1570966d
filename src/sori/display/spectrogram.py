"""A spectrogram, or anything else that has rows over time, as a picture with units on every axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import Array, to_numpy
from sori.arrays import spectrogram as checked
from sori.arrays.framing import check_counts
from sori.display.axes import axes, check_rate, seconds
from sori.display.rows import Floats, edges_between, fewer, row_positions, write_rows
from sori.errors import ParameterError
from sori.units import hz_to_mel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["VALUES", "grid", "paint", "spectrogram"]

VALUES = ("power", "magnitude", "db", "plain")
_MOST_COLUMNS, _MOST_ROWS = 1800, 800  # about the pixels of the figures made here


def spectrogram(
    S: Array,
    *,
    values: str,
    sample_rate: float,
    hop_length: int,
    axis: str = "linear",
    range_db: float = 80.0,
    limits: tuple[float, float] | None = None,
    unit: str = "",
    fmin: float | None = None,
    fmax: float | None = None,
    bins_per_octave: int = 12,
    scale: str = "slaney",
    rows_at: ArrayLike | None = None,
    row_name: str = "row",
    start_s: float = 0.0,
    cmap: str = "magma",
    color_bar: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw rows over time in colours of even steps, with a bar that says what they mean.

    Every axis is in its own unit (Hz, not bins), so that a curve in Hz can be drawn over it. Where there are
    more columns or rows than pixels the largest of neighbours is shown.

    Parameters
    ----------
    S : (rows, frames) real
        What to draw; of a batch or of channels pass one, ``S[0]``.
    values : "power", "magnitude", "db" or "plain"
        What the numbers are: powers and magnitudes are drawn in dB below their largest, levels in dB as they
        are, and plain numbers (PCEN, chroma, similarity) as they are.
    sample_rate, hop_length : float, int
        Hz, and samples from one frame to the next: what makes seconds of frames.
    axis : str
        What rows are: ``"linear"`` and ``"log"`` (from 20 Hz): the frequencies of `sori.spectral.stft.stft`;
        ``"mel"``: bands of a mel spectrogram; ``"note"``: a constant-Q transform; ``"chroma"``: pitch classes
        from C; ``"tempo"``: BPM, with ``rows_at``; ``"time"``: frames, of a self-similarity; ``"number"``.
    range_db : float
        Of powers, magnitudes and levels: how far below the largest the darkest colour lies.
    limits : (float, float), optional
        The darkest and brightest value, in place of ``range_db``.
    unit : str
        Of plain values, on the colour bar.
    fmin, fmax : float, optional
        What the rows were made with, Hz: 0 and half the sample rate if not given; C1 for ``"note"``.
    bins_per_octave, scale : int, str
        What the notes and the mel bands were made with.
    rows_at : (rows,), optional
        Where each row lies, in the unit of the axis, rising; in place of what ``axis`` makes of the above.
    row_name : str
        What stands beside the rows of ``axis="number"``.
    start_s : float
        The time of the first frame's centre.
    cmap : str
        A colour map of matplotlib's.
    color_bar : bool
        Whether to draw the bar.
    ax : matplotlib Axes, optional
        Where to draw; a new figure without it.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ParameterError
        For complex numbers, NaN, more than two axes, no rows or frames, powers below 0, an unknown name.
    MissingExtra
        Without matplotlib.

    Examples
    --------
    >>> import matplotlib; matplotlib.use("Agg")
    >>> power = np.random.default_rng(0).random((40, 100))
    >>> ax = spectrogram(power, values="power", axis="mel", sample_rate=22050, hop_length=512)
    >>> ax.get_ylabel()
    'frequency (Hz)'
    """
    shown, unit = _levels(_picture(S), values, unit)
    low, high = _limits(shown, values, range_db, limits)
    rows, columns = grid(
        shown.shape,
        axis=axis,
        sample_rate=sample_rate,
        hop_length=hop_length,
        fmin=fmin,
        fmax=fmax,
        bins_per_octave=bins_per_octave,
        scale=scale,
        rows_at=rows_at,
        start_s=start_s,
    )
    ax = axes(ax, height=6.4 if axis == "time" else 4.0)
    mesh = paint(ax, shown, rows, columns, axis=axis, scale=scale, row_name=row_name, cmap=cmap)
    mesh.set_clim(low, high)
    if color_bar:
        bar = ax.figure.colorbar(mesh, ax=ax, pad=0.015, extend=_cut(shown, low, high))
        bar.ax.tick_params(labelsize=10)
        bar.set_label(unit, fontsize=11)
    return ax


def grid(
    shape: tuple[int, ...],
    *,
    axis: str,
    sample_rate: float,
    hop_length: int,
    start_s: float,
    scale: str = "slaney",
    **rows: Any,
) -> tuple[Floats, Floats]:
    """Return the edges of rows and of columns; `spectrogram` explains the arguments."""
    check_rate(sample_rate)
    check_counts(hop_length=hop_length)
    at = row_positions(
        shape[0], axis=axis, sample_rate=sample_rate, hop_length=hop_length, scale=scale, **rows
    )
    columns = np.asarray(start_s + (np.arange(shape[1] + 1) - 0.5) * (hop_length / sample_rate))
    return edges_between(at, axis=axis, scale=scale), columns


def paint(
    ax: Axes,
    values: NDArray[Any],
    rows: Floats,
    columns: Floats,
    *,
    axis: str,
    scale: str,
    row_name: str,
    cmap: Any,
    thin: bool = True,
) -> Any:
    """Draw values between edges, name both axes, and return matplotlib's mesh."""
    # From the first frame's centre to the last one's: the edges lie half a frame further out.
    half = (columns[1] - columns[0]) / 2
    start_s, stop_s = float(columns[0] + half), float(columns[-1] - (half if len(columns) > 2 else 0))
    if thin:
        values, columns = fewer(values, columns, along=1, cells=_MOST_COLUMNS, measure=lambda t: t)

        def height(at: Floats) -> Floats:
            if axis == "mel":
                return np.asarray(hz_to_mel(at, scale=scale), np.float64)
            return np.asarray(np.log2(at)) if axis == "log" else at

        values, rows = fewer(values, rows, along=0, cells=_MOST_ROWS, measure=height)
    # Scale before mesh: matplotlib then knows that the limits are of this scale.
    write_rows(ax, rows, axis=axis, scale=scale, row_name=row_name)
    limits = ax.get_ylim()
    mesh = ax.pcolormesh(columns, rows, values, cmap=cmap, rasterized=True, shading="flat")
    ax.set_ylim(limits)
    seconds(ax, start_s, stop_s)
    if axis == "time":
        ax.set_aspect("equal")
    return mesh


def _picture(S: Array) -> NDArray[Any]:
    _, S = checked(S)
    shown = to_numpy(S)
    if shown.ndim != 2 or 0 in shown.shape:
        raise ParameterError(
            f"S has shape {shown.shape}, want (rows, frames), at least one of each: draw one, S[0]"
        )
    if not np.isfinite(shown).all():  # on a device this was not looked at
        raise ParameterError("S holds NaN or infinity, want finite numbers: numpy.nan_to_num")
    return shown


def _levels(shown: NDArray[Any], values: str, unit: str) -> tuple[NDArray[Any], str]:
    if values not in VALUES:
        raise ParameterError(f"values={values!r}: want one of {', '.join(VALUES)}")
    if values in ("plain", "db"):
        return shown, unit or ("level (dB)" if values == "db" else "value")
    if shown.min() < 0:
        raise ParameterError(
            f"S reaches {shown.min():.3g}, and a {values} is never below 0: "
            "levels are drawn with values='db', other numbers with values='plain'"
        )
    factor, smallest = (10, 1e-20) if values == "power" else (20, 1e-10)
    largest = float(shown.max())
    level = factor * np.log10(np.maximum(shown / (largest or 1.0), smallest))
    return level, unit or "level (dB, largest 0)"


def _limits(
    shown: NDArray[Any], values: str, range_db: float, limits: tuple[float, float] | None
) -> tuple[float, float]:
    if limits is not None:
        low, high = limits
        if not low < high:
            raise ParameterError(f"limits={limits}: want (darkest, brightest), rising")
        return float(low), float(high)
    if not range_db > 0:
        raise ParameterError(f"range_db={range_db}: want above 0")
    low, high = float(shown.min()), float(shown.max())
    if values != "plain":
        high = 0.0 if values != "db" else high
        low = high - range_db
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def _cut(shown: NDArray[Any], low: float, high: float) -> str:
    """Return at which ends of the colour bar values lie beyond it."""
    below, above = bool(shown.min() < low), bool(shown.max() > high)
    return {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}[below, above]

"""The phase of a spectrogram on a colour wheel, where -π and π are the same colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sori.arrays import Array, to_numpy
from sori.arrays import spectrogram as checked
from sori.display.axes import axes
from sori.display.spectrogram import grid, paint
from sori.errors import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["phase"]

_MOST_COLUMNS = 1800  # about the pixels of the figures made here; of more frames every second, third, ...


def phase(
    S: Array,
    *,
    sample_rate: float,
    hop_length: int,
    axis: str = "linear",
    relative: bool = True,
    range_db: float | None = 60.0,
    start_s: float = 0.0,
    cmap: str = "twilight",
    color_bar: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the angle of each bin over time.

    Parameters
    ----------
    S : (n_fft // 2 + 1, frames) complex
        As from `sori.spectral.stft.stft`, with ``n_fft`` even.
    sample_rate, hop_length : float, int
        Hz, samples.
    axis : "linear" or "log"
        Of frequency.
    relative : bool
        Tell the phase at the middle of the frame, and take off the turning of a tone in the middle of each
        bin (``2π k hop_length / n_fft`` a frame), so that a steady tone has one colour or changes it slowly;
        ``False`` shows the angles as they are.
    range_db : float, optional
        Bins further below the largest are left grey: the phase of next to nothing is noise. ``None`` shows
        all.
    start_s, cmap, color_bar, ax
        As in `sori.display.spectrogram.spectrogram`; the colour map should be cyclic.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ParameterError
        For a real array, more than two axes, another frequency axis.
    """
    _, S = checked(S, complex_valued=True)
    shown = to_numpy(S)
    if shown.ndim != 2 or 0 in shown.shape:
        raise ParameterError(f"S has shape {shown.shape}, want (frequencies, frames): draw one, S[0]")
    if axis not in ("linear", "log"):
        raise ParameterError(f"axis={axis!r}: want 'linear' or 'log'")
    every = -(-shown.shape[1] // _MOST_COLUMNS)  # angles cannot be thinned by their largest
    shown, hop_length = shown[:, ::every], hop_length * every
    rows, columns = grid(
        shown.shape,
        axis=axis,
        sample_rate=sample_rate,
        hop_length=hop_length,
        start_s=start_s,
        fmin=None,
        fmax=None,
        bins_per_octave=12,
        rows_at=None,
    )
    count, frames = shown.shape
    angle = np.angle(shown)
    if relative and count > 1:
        # In whole numbers first: cos and sin lose their last digits at an hour's worth of turns.
        turns = np.arange(count)[:, None] * hop_length * np.arange(frames) % (2 * (count - 1))
        # A transform counts phase from its first sample, half a frame before the middle: π for every bin.
        half = np.pi * (np.arange(count) % 2)[:, None]
        angle = np.angle(np.exp(1j * (angle + half - np.pi * turns / (count - 1))))
    if range_db is not None:
        size = np.abs(shown)
        angle = np.where(size >= max(float(size.max()), 1e-300) * 10 ** (-range_db / 20), angle, np.nan)
    ax = axes(ax)
    from matplotlib import colormaps

    colors = colormaps[cmap].with_extremes(bad="0.62")
    mesh = paint(ax, angle, rows, columns, axis=axis, scale="slaney", row_name="", cmap=colors, thin=False)
    mesh.set_clim(-np.pi, np.pi)
    if color_bar:
        bar = ax.figure.colorbar(mesh, ax=ax, pad=0.015, ticks=[-np.pi, -np.pi / 2, 0, np.pi / 2, np.pi])
        bar.ax.set_yticklabels(["−π", "−π/2", "0", "π/2", "π"], fontsize=10)
        bar.set_label("phase (rad)", fontsize=11)
    return ax

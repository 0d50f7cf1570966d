"""What all pictures share: axes to draw on, seconds along them, frequencies and notes beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import MissingExtra, ParameterError
from sori.units import PITCH_CLASSES, hz_to_midi, midi_to_hz

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "DARK",
    "LIGHT",
    "axes",
    "check_rate",
    "clock",
    "hertz",
    "labelled",
    "note_name",
    "note_ticks",
    "octave_ticks",
    "seconds",
]

DARK, LIGHT = "#1b4f8a", "#9dbfe3"
"""One hue for curves and fills; apart in lightness, so that a print in grey tells them apart, too."""

_LABEL, _TICK = 11, 10  # points, on a figure nine inches wide
_STEPS_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200)
_LONG_S = 60.0


def axes(ax: Axes | None, *, height: float = 4.0) -> Axes:
    """Return ``ax``, or the axes of a new pyplot figure nine inches wide.

    Raises
    ------
    MissingExtra
        When matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise MissingExtra(
            'pictures need matplotlib, which is not installed: pip install "sori[display]"'
        ) from None
    return pyplot.subplots(figsize=(9.0, height), dpi=100, layout="constrained")[1]


def check_rate(sample_rate: float) -> None:
    """Raise `ParameterError` for a sample rate that is not a positive number of Hz."""
    if not (sample_rate > 0 and math.isfinite(sample_rate)):
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")


def labelled(ax: Axes, *, x: str | None = None, y: str | None = None) -> None:
    """Write the axes' names, and all ticks in a size that can be read."""
    if x is not None:
        ax.set_xlabel(x, fontsize=_LABEL)
    if y is not None:
        ax.set_ylabel(y, fontsize=_LABEL)
    ax.tick_params(labelsize=_TICK)


def clock(at_s: float) -> str:
    """Return a time as ``m:ss`` or ``h:mm:ss``, with the decimals it needs.

    >>> clock(75), clock(3600), clock(61.5), clock(-5)
    ('1:15', '1:00:00', '1:01.5', '-0:05')
    """
    sign, tenths = "-" if at_s < 0 else "", round(abs(at_s) * 1000)
    whole, rest = divmod(tenths, 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    fraction = f"{rest / 1000:.3f}"[1:].rstrip("0").rstrip(".")
    text = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{sign}{text}{fraction}"


def seconds(ax: Axes, start_s: float, stop_s: float, *, along: str = "x") -> None:
    """Make the x axis (or y) one of time: seconds, or m:ss as long as more than a minute is seen."""
    from matplotlib.ticker import AutoLocator, FuncFormatter, MultipleLocator, ScalarFormatter

    axis = ax.xaxis if along == "x" else ax.yaxis
    was: dict[str, bool] = {}

    def tick(of: Axes) -> None:
        low, high = sorted(of.get_xlim() if along == "x" else of.get_ylim())
        long = high - low > _LONG_S
        if long:
            step = next(
                (s for s in _STEPS_S if (high - low) / s <= 10), _STEPS_S[-1] * math.ceil(high / 72000)
            )
            axis.set_major_locator(MultipleLocator(step))
        if was.get("long") is long:
            return
        was["long"] = long
        if long:
            axis.set_major_formatter(FuncFormatter(lambda at, _: clock(at)))
        else:
            axis.set_major_locator(AutoLocator())
            axis.set_major_formatter(ScalarFormatter(useOffset=False))
        labelled(ax, **{along: "time (m:ss)" if long else "time (s)"})

    if stop_s > start_s:
        (ax.set_xlim if along == "x" else ax.set_ylim)(start_s, stop_s)
    tick(ax)
    ax.callbacks.connect(f"{along}lim_changed", tick)


def hertz(ax: Axes) -> None:
    """Write the y axis in Hz, thousands as k: 500, 1k, 2.5k."""
    from matplotlib.ticker import FuncFormatter, NullFormatter

    ax.yaxis.set_major_formatter(FuncFormatter(lambda hz, _: _short(hz)))
    ax.yaxis.set_minor_formatter(NullFormatter())
    labelled(ax, y="frequency (Hz)")


def _short(hz: float) -> str:
    return f"{hz / 1000:g}k" if abs(hz) >= 1000 else f"{hz:g}"


def octave_ticks(low: float, high: float, *, start: float) -> NDArray[np.float64]:
    """Return ``start`` doubled as often as it stays within the limits, from the first one inside.

    >>> octave_ticks(100, 1000, start=62.5).tolist()
    [125.0, 250.0, 500.0, 1000.0]
    """
    first = math.ceil(math.log2(low / start) - 1e-9)
    last = math.floor(math.log2(high / start) + 1e-9)
    return np.asarray(start * 2.0 ** np.arange(first, last + 1))


def note_name(midi: int) -> str:
    """Return a note's name with its octave: 69 is A4.

    >>> note_name(69), note_name(60), note_name(70)
    ('A4', 'C4', 'Bb4')
    """
    return f"{PITCH_CLASSES[midi % 12]}{midi // 12 - 1}"


def note_ticks(low_hz: float, high_hz: float) -> tuple[list[float], list[str]]:
    """Return where to write which notes: every C over several octaves, every white key over few."""
    low, high = math.ceil(float(hz_to_midi(low_hz))), math.floor(float(hz_to_midi(high_hz)))
    span = high - low
    kept: Any = range(12) if span <= 14 else (0, 2, 4, 5, 7, 9, 11) if span <= 26 else (0, 7)
    kept = (0,) if span > 42 else kept
    notes = [note for note in range(low, high + 1) if note % 12 in kept]
    return [float(midi_to_hz(note)) for note in notes], [note_name(note) for note in notes]

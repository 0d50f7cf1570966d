"""Lanes beside a picture: spans of time with their names, and numbers, which give way for want of room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sori.display.fonts import lettering

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = ["bare", "chord_color", "key_color", "section_colors", "spans", "thin_out"]

Span = tuple[float, float, str, str]
"""Start and end in seconds, name, colour."""

_SILENT = "#e6e6e6"
_FONT, _SMALL = 9.0, 7.0  # points
_LETTER = 0.62  # of a letter's height: its mean width, wide letters considered


def bare(ax: Axes, *, name: str) -> None:
    """Leave of axes only the name on their left, and heights from 0 to 1."""
    ax.set_ylim(0.0, 1.0)
    ax.set_yticks([])
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    ax.set_xlabel("")
    for side in ("top", "right", "bottom", "left"):
        ax.spines[side].set_visible(False)
    ax.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=10, labelpad=6)


def spans(ax: Axes, found: Sequence[Span]) -> None:
    """Draw spans as boxes of their colours; a name is shown while its box has room for it."""
    from matplotlib.collections import PolyCollection

    boxes = [[(start, 0.04), (end, 0.04), (end, 0.96), (start, 0.96)] for start, end, _, _ in found]
    colors = [color for *_, color in found]
    ax.add_collection(
        PolyCollection(boxes, facecolors=colors, edgecolors="white", linewidths=0.6), autolim=False
    )
    lettered = [(start, end, lettering(name), color) for start, end, name, color in found]
    texts = [
        ax.text((start + end) / 2, 0.48, shown, ha="center", va="center", fontsize=_FONT, color=_ink(color),
                clip_on=True, **options)
        for start, end, (shown, options), color in lettered
    ]  # fmt: skip
    widths = [(end - start) for start, end, _, _ in found]
    names = [name for _, _, name, _ in found]

    def fit(of: Axes) -> None:
        low, high = of.get_xlim()
        per_s = _width_px(of) / max(high - low, 1e-9)
        for text, (start, end, *_), width, name in zip(texts, found, widths, names, strict=True):
            shown = min(end, high) - max(start, low)
            size, turn = _fitting(of, name, shown * per_s)
            text.set_visible(shown > 0 and size > 0)
            text.set(fontsize=size or _SMALL, rotation=turn)
            if shown < width:
                text.set_x((min(end, high) + max(start, low)) / 2)

    fit(ax)
    ax.callbacks.connect("xlim_changed", fit)


def thin_out(ax: Axes, texts: Sequence[Text], at_s: Sequence[float]) -> None:
    """Show as many of evenly following texts as there is room for: all, or every second, fourth, ..."""

    def fit(of: Axes) -> None:
        low, high = of.get_xlim()
        inside = [second for second in at_s if low <= second <= high]
        room = _width_px(of) / max(len(inside), 1)
        step = 1
        while step * room < 1.6 * _FONT * _scale(of) * 2 and step < 1024:
            step *= 2
        for number, text in enumerate(texts):
            text.set_visible(number % step == 0)

    fit(ax)
    ax.callbacks.connect("xlim_changed", fit)


def _scale(ax: Axes) -> float:
    """Return how many pixels a point is."""
    return float(ax.figure.dpi) / 72.0


def _width_px(ax: Axes) -> float:
    """Return the width of the axes in pixels, before the layout is made nearly so."""
    return float(ax.get_window_extent().width)


def _fitting(ax: Axes, name: str, room_px: float) -> tuple[float, float]:
    """Return the size and rotation of a name in a box of some width; size 0 where it does not fit at all."""
    for size in (_FONT, _SMALL):
        if _name_px(ax, name, size) < room_px:
            return size, 0.0
    upright = _name_px(ax, name, _SMALL) < ax.get_window_extent().height
    return (_SMALL, 90.0) if upright and 1.3 * _SMALL * _scale(ax) < room_px else (0.0, 0.0)


def _name_px(ax: Axes, name: str, size: float) -> float:
    wide = sum(2.0 if ord(letter) > 0x1100 else 1.0 for letter in name)  # East Asian letters are square
    return (wide * _LETTER + 0.4) * size * _scale(ax)


def chord_color(root: int | None, *, minor: bool) -> str:
    """Return a colour for a root (0 is C): neighbours on the circle of fifths look alike, minor is darker."""
    return _SILENT if root is None else _color(0.55 if minor else 0.83, 0.10, _fifths(root))


def key_color(root: int | None, *, minor: bool) -> str:
    """Return the colour of a key: that of its tonic chord, paler."""
    return _SILENT if root is None else _color(0.80 if minor else 0.92, 0.05, _fifths(root))


def section_colors(labels: Sequence[str]) -> list[str]:
    """Return a colour for each label, the same for the same: neighbours are apart in lightness, too."""
    names = list(dict.fromkeys(labels))
    return [
        _color(0.90 - 0.09 * (names.index(label) % 3), 0.06, 250.0 + 137.5 * names.index(label))
        for label in labels
    ]


def _fifths(root: int) -> float:
    """Return the hue of a root in degrees."""
    return 30.0 + 30.0 * (root * 7 % 12)


def _color(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour of OKLCH as ``#rrggbb``: equal numbers look equally light and strong.

    Source: Ottosson, A perceptual color space for image processing, 2020.
    """
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    light = (min(max(part, 0.0), 1.0) for part in linear)
    encoded = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in light)
    return "#" + "".join(f"{round(255 * part):02x}" for part in encoded)


def _ink(color: str) -> str:
    """Return black or white, whichever is read more easily on a colour."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return "black" if 0.3 * red + 0.59 * green + 0.11 * blue > 0.5 else "white"

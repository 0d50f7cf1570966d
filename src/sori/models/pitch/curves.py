"""How a training run went, as a picture: losses and agreement over steps, in SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sori.models.pitch.training import Check

__all__ = ["curves"]

_WIDTH, _HEIGHT, _EDGE = 640, 320, 48
_COLOURS = {"loss": "#1f77b4", "on files kept back": "#d62728", "views that agree": "#2ca02c"}


def curves(history: Sequence[Check], *, title: str) -> str:
    """Return an SVG of loss (left scale, logarithmic) and of the share of views that agree (right scale)."""
    if not history:
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"/>\n'
    losses = [value for check in history for value in (check.loss, check.validation_loss)]
    low, high = math.log(max(1e-9, min(losses))), math.log(max(1e-9, *losses))
    high = max(high, low + 0.05)
    last = history[-1].step

    def across(step: int) -> float:
        return _EDGE + (_WIDTH - 2 * _EDGE) * step / last

    def up(share: float) -> float:
        return _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share

    def log_up(value: float) -> float:
        return up((math.log(max(1e-9, value)) - low) / (high - low))

    lines = {
        "loss": [(across(c.step), log_up(c.loss)) for c in history],
        "on files kept back": [(across(c.step), log_up(c.validation_loss)) for c in history],
        "views that agree": [(across(c.step), up(c.agreed)) for c in history],
    }
    frame = f"M{_EDGE},{up(1):.1f} V{up(0):.1f} H{_WIDTH - _EDGE} V{up(1):.1f}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_WIDTH / 2, 18, title, "middle"),
        f'<path d="{frame}" fill="none" stroke="#888"/>',
        _text(_EDGE, _HEIGHT - _EDGE + 16, "0", "middle"),
        _text(_WIDTH - _EDGE, _HEIGHT - _EDGE + 16, f"{last} steps", "middle"),
    ]
    for share in (0.0, 0.5, 1.0):
        parts.append(_text(_WIDTH - _EDGE + 6, up(share) + 4, f"{share:.0%}", "start"))
        parts.append(_text(_EDGE - 6, up(share) + 4, f"{math.exp(low + share * (high - low)):.2f}", "end"))
    for number, (name, points) in enumerate(lines.items()):
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{way}" fill="none" stroke="{_COLOURS[name]}" stroke-width="1.5"/>')
        x = _EDGE + 10 + 170 * number
        parts.append(f'<rect x="{x}" y="{_HEIGHT - 20}" width="12" height="3" fill="{_COLOURS[name]}"/>')
        parts.append(_text(x + 18, _HEIGHT - 15, name, "start"))
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, said: str, anchor: str) -> str:
    said = said.replace("&", "&amp;").replace("<", "&lt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{said}</text>'

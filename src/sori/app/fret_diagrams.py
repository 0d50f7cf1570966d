"""How to hold chords, drawn in letters: strings stand upright, the numbers on them are fingers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sori.app.output import table

__all__ = ["shapes"]

_FRETS = 4
_COLUMNS = 76
_GAP = 4


def shapes(fingerings: Sequence[dict[str, Any]]) -> list[str]:
    """Return lines for the ``fingerings`` of a chord sheet; none for none.

    A fretted chord has its name, its frets from the lowest string to the highest, and a diagram from
    the nut (or the fret named beside it) down: ``x`` is muted, ``o`` open.
    """
    if not fingerings:
        return []
    if fingerings[0]["instrument"] == "piano":
        rows = [(each["name"], _keys(each["left"]), _keys(each["right"])) for each in fingerings]
        return ["", *table([("", "left hand", "right hand"), *rows])]
    drawn = [_diagram(each) for each in fingerings]
    width = max(len(line) for diagram in drawn for line in diagram) + _GAP
    beside = max(_COLUMNS // width, 1)
    out = []
    for first in range(0, len(drawn), beside):
        row = drawn[first : first + beside]
        out.append("")
        out += ["".join(line.ljust(width) for line in each).rstrip() for each in zip(*row, strict=True)]
    return out


def _keys(notes: Sequence[int]) -> str:
    from sori.units import PITCH_CLASSES

    return " ".join(f"{PITCH_CLASSES[note % 12]}{note // 12 - 1}" for note in notes)


def _diagram(shape: dict[str, Any]) -> list[str]:
    frets: list[int | None] = shape["frets"]
    fingers: list[int | None] = shape["fingers"]
    words = ["x" if fret is None else str(fret) for fret in frets]
    out = [shape["name"], ("-" if any(len(word) > 1 for word in words) else "").join(words)]
    out.append(" ".join("x" if fret is None else "o" if fret == 0 else " " for fret in frets))
    base = shape["base_fret"]
    barred = {(b["fret"], string) for b in shape["barres"] for string in range(b["first"], b["last"] + 1)}
    for fret in range(base, base + _FRETS):
        row = []
        for string, pressed in enumerate(frets):
            finger = str(fingers[string] or 1) if pressed == fret else "|"
            row.append("1" if finger == "|" and (fret, string) in barred else finger)
        beside = f" {fret} fr" if base > 1 and fret == base else ""
        out.append(" ".join(row) + beside)
    return out

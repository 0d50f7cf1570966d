"""What one recording does, as lines for people or as the documented JSON."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sori.app.output import SCHEMA, clock, json_text, lines, printable, table, write

__all__ = ["show"]

Answer = dict[str, Any]


def show(subject: str, answer: Answer, *, as_json: bool) -> None:
    """Write the answer to a question of `sori.app.actions.music.SUBJECTS`."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
        return
    lines(_LINES[subject](answer))
    if answer.get("corrected"):
        said = "; ".join(f"{stage}: {how}" for stage, how in answer["corrected"].items())
        lines([f"sori: corrected by hand: {printable(said)}"], to=sys.stderr)


def _beats(answer: Answer) -> list[str]:
    if answer["tempo_bpm"] is None:
        return ["nothing pulses"]
    others = ", ".join(f"{c['bpm']:.1f} ({c['relation']})" for c in answer["tempo_alternatives"][:3])
    curve, metre, cycle = answer["tempo_curve"], answer["metre"], answer["cycle"]
    rows = [("tempo", f"{answer['tempo_bpm']:.1f} BPM  ({answer['tempo_confidence']:.0%} sure)")]
    if others:
        rows.append(("", f"or {others}"))
    if curve["bpm"] and not curve["steady"]:
        rows.append(("", f"moves between {min(curve['bpm']):.0f} and {max(curve['bpm']):.0f} BPM"))
    if metre["beats_per_bar"]:
        sure = f"({metre['confidence']:.0%} sure)"
        rows.append(("metre", f"{metre['beats_per_bar']} beats to the bar  {sure}"))
    if cycle["period_s"]:
        said = f"{cycle['period_pulses']} pulses, {cycle['period_s']:.2f} s  ({cycle['confidence']:.0%} sure)"
        rows.append(("cycle", said))
    return [*table(rows), "", *_bars(answer["beats_s"], metre["positions"])]


def _bars(times: Sequence[float], positions: Sequence[int]) -> Iterable[str]:
    """Return a line per bar with the times of its beats; without bars, eight beats to a line."""
    if len(positions) != len(times):
        groups = [list(times[k : k + 8]) for k in range(0, len(times), 8)]
    else:
        groups = []
        for time, position in zip(times, positions, strict=True):
            if position == 1 or not groups:
                groups.append([])
            groups[-1].append(time)
    upbeat = bool(groups) and len(positions) == len(times) and positions[0] != 1
    rows = [(str(bar), *(f"{t:.2f}" for t in group)) for bar, group in enumerate(groups, 0 if upbeat else 1)]
    width = max(map(len, rows), default=0)
    return table([(*row, *[""] * (width - len(row))) for row in rows], right=frozenset(range(width)))


def _chords(answer: Answer) -> list[str]:
    rows = []
    for chord in answer["chords"]:
        others = ", ".join(other["name"] for other in chord["alternatives"][:2])
        rows.append(
            (
                _moment(chord["start_s"]),
                chord["name"],
                f"{chord['confidence']:.0%}",
                f"or {others}" if others else "",
            )
        )
    out = table(rows, right=frozenset({0, 2}))
    for shape in answer.get("fingerings", []):
        out += ["", *_shape(shape)]
    if answer["capo_positions"]:
        out += _capos(answer["capo_positions"])
    return out


def _shape(shape: Answer) -> list[str]:
    if shape["instrument"] == "piano":
        return [f"{shape['name']}: left {shape['left']}, right {shape['right']} (MIDI notes)"]
    frets = " ".join("x" if fret is None else str(fret) for fret in shape["frets"])
    return [f"{shape['name']}: {frets}"]


def _capos(places: Sequence[Answer]) -> list[str]:
    best = places[0]
    if best["fret"] == 0:
        return []
    shapes = dict.fromkeys(shape["plays"] for shape in best["shapes"])
    return ["", f"easiest on a guitar with a capo at fret {best['fret']}: {', '.join(list(shapes)[:8])}"]


def _key(answer: Answer) -> list[str]:
    key = answer["key"]
    if key["tonic"] is None:
        return ["nothing is pitched"]
    others = ", ".join(
        f"{c['tonic']} {c['mode']} ({c['confidence']:.0%})" for c in answer["key_alternatives"][:3]
    )
    rows = [("key", f"{key['tonic']} {key['mode']}  ({key['confidence']:.0%} sure)"), ("", f"or {others}")]
    spans = answer["local_keys"]["spans"]
    if len(spans) > 1:
        rows += [
            ("from" if k == 0 else "", f"{_moment(s['start_s'])}  {s['tonic']} {s['mode']}")
            for k, s in enumerate(spans)
        ]
    if answer["tuning_hz"]:
        rows.append(("tuning", f"A4 = {answer['tuning_hz']:.1f} Hz ({answer['tuning_cents']:+.0f} cents)"))
    scale = answer["scale"]
    if scale["tonic_hz"]:
        degrees = " ".join(f"{degree['cents']:.0f}" for degree in scale["degrees"])
        rows.append(("scale", f"{degrees}  cents above {scale['tonic_hz']:.1f} Hz"))
        near = ", ".join(f"{m['name']} ({m['error_cents']:.0f} cents off)" for m in scale["nearest"][:3])
        if near:
            rows.append(("nearest", near))
    return table(rows)


def _sections(answer: Answer) -> list[str]:
    rows = [
        (_moment(s["start_s"]), _moment(s["end_s"]), s["label"], f"{s['end_s'] - s['start_s']:.0f} s")
        for s in answer["sections"]
    ]
    out = table(rows, right=frozenset({0, 1, 3}))
    if answer["chorus"]:
        out.append(f"returns most (a chorus?): {_span(answer['chorus'])}")
    return [*out, f"stands for all: {_span(answer['thumbnail'])}"]


def _span(excerpt: Answer) -> str:
    return f"{_moment(excerpt['start_s'])} to {_moment(excerpt['end_s'])}"


def _pitch(answer: Answer) -> list[str]:
    notes = answer["notes"]
    if not notes:
        return ["no single voice is heard"]
    rows = [
        (_moment(note["onset_s"]), f"{note['offset_s'] - note['onset_s']:.2f} s", _note(note["pitch_midi"]))
        for note in notes
    ]
    description = answer["contour"]["description"]
    return [*table(rows, right=frozenset({0, 1})), *([description] if description else [])]


def _melody(answer: Answer) -> list[str]:
    heard = zip(answer["times_s"], answer["hz"], answer["voiced"], strict=True)
    rows = []
    for name, group in itertools.groupby(
        heard, key=lambda at: _note(_midi(at[1])).split()[0] if at[2] else ""
    ):
        first = next(group)[0]
        if name:
            rows.append((_moment(first), name))
    return table(rows, right=frozenset({0})) or ["no melody is heard"]


def _midi(hz: float) -> float:
    from sori.units import hz_to_midi

    return float(hz_to_midi(hz)) if hz > 0 else 0.0


def _note(midi: float) -> str:
    """Return a pitch as people name it: ``A4 +12`` is 12 cents above A4."""
    from sori.units import PITCH_CLASSES

    nearest = round(midi)
    cents = round(100 * (midi - nearest))
    return f"{PITCH_CLASSES[nearest % 12]}{nearest // 12 - 1} {cents:+d}"


def _moment(seconds: float) -> str:
    """Return a time as people read it to the tenth: ``1:02.5``."""
    tenths = round(seconds * 10)
    return f"{clock(tenths // 10)}.{tenths % 10}"


_LINES: dict[str, Callable[[Answer], list[str]]] = {
    "beats": _beats,
    "chords": _chords,
    "key": _key,
    "sections": _sections,
    "pitch": _pitch,
    "melody": _melody,
}

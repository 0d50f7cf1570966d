"""What one recording does, as lines for people or as the documented JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sori.app.fret_diagrams import shapes
from sori.app.output import SCHEMA, clock, json_text, lines, printable, table, write

__all__ = ["by_hand", "show"]

Answer = dict[str, Any]

_IN_A_LINE = 8
_DRIFT_CENTS = 10.0
_RIVAL = 0.1  # share from which another metre is worth a word
_HARDLY = 0.01


def show(subject: str, answer: Answer, *, as_json: bool) -> None:
    """Write the answer to a question of `sori.app.actions.music.SUBJECTS`."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
        return
    lines(_LINES[subject](answer))
    if said := by_hand(answer.get("corrected") or {}):
        lines([f"sori: corrected by hand: {printable(said)}"], to=sys.stderr)


def by_hand(corrected: Mapping[str, str]) -> str:
    """Return in words what a person corrected, given how by stage; empty for nothing.

    >>> by_hand({"beats": "tempo x2", "metre": "tempo x2", "key": "C minor"})
    'beats: tempo x2; key: C minor'
    """
    return "; ".join(f"{name}: {corrected[name]}" for name in ("beats", "key", "chords") if name in corrected)


def _beats(answer: Answer) -> list[str]:
    if answer["tempo_bpm"] is None:
        return ["nothing pulses"]
    others = ", ".join(f"{c['bpm']:.1f} ({c['relation']})" for c in answer["tempo_alternatives"][:3])
    curve, metre, cycle = answer["tempo_curve"], answer["metre"], answer["cycle"]
    times, starts = answer["beats_s"], metre["downbeats_s"]
    rows = [("tempo", f"{answer['tempo_bpm']:.1f} BPM{_sure(answer['tempo_confidence'])}")]
    if others:
        rows.append(("", f"or {others}"))
    if curve["bpm"] and not curve["steady"]:
        rows.append(("", f"moves between {min(curve['bpm']):.0f} and {max(curve['bpm']):.0f} BPM"))
    if metre["beats_per_bar"]:
        rows.append(("metre", f"{metre['beats_per_bar']} beats to the bar{_sure(metre['confidence'])}"))
        rivals = [other for other in metre["alternatives"] if other["confidence"] >= _RIVAL]
        if rivals:
            said = ", ".join(f"{other['beats_per_bar']} ({other['confidence']:.0%})" for other in rivals)
            rows.append(("", f"or {said}"))
    if cycle["period_s"]:
        said = f"{cycle['period_pulses']} pulses, {cycle['period_s']:.2f} s{_sure(cycle['confidence'])}"
        rows.append(("cycle", said))
    if times:
        rows.append(("beats", f"{len(times)}, from {_moment(times[0])} to {_moment(times[-1])}"))
    out = table(rows)
    if starts:
        out += ["", "bars start at", *_rows_of(starts)]
    elif times:
        out += ["", "beats at", *_rows_of(times)]
    return out


def _rows_of(times: Sequence[float]) -> list[str]:
    """Return times, eight to a line, each line with the number of its first."""
    rows = []
    for first in range(0, len(times), _IN_A_LINE):
        moments = [_moment(time) for time in times[first : first + _IN_A_LINE]]
        rows.append([str(first + 1), *moments, *[""] * (_IN_A_LINE - len(moments))])
    return table(rows, right=frozenset(range(_IN_A_LINE + 1)))


def _chords(answer: Answer) -> list[str]:
    out = [_heading(answer)] if answer["key"] else []
    rows = []
    for chord in answer["chords"]:
        others = ", ".join(other["name"] for other in chord["alternatives"][:2])
        sure = "by hand" if "chords" in answer["corrected"] and not others else f"{chord['confidence']:.0%}"
        rows.append((_moment(chord["start_s"]), chord["name"], sure, f"or {others}" if others else ""))
    out += table(rows, right=frozenset({0, 2}))
    out += shapes(answer["fingerings"])
    instrument = answer["fingerings"][0]["instrument"] if answer["fingerings"] else "guitar"
    if answer["capo_positions"] and instrument == "guitar":
        out += _capos(answer["capo_positions"])
    return out


def _heading(answer: Answer) -> str:
    said = [f"in {answer['key']['name']}"]
    if answer["transpose"]:
        said.append(f"{answer['transpose']:+d} semitones")
    if answer["capo"]:
        said.append(f"shapes behind a capo at fret {answer['capo']}")
    return ", ".join(said)


def _capos(places: Sequence[Answer]) -> list[str]:
    from sori.theory.lead_sheet import chord_name

    best = places[0]
    if best["fret"] == 0:
        return []
    played = dict.fromkeys(chord_name(shape["plays"]) for shape in best["shapes"])
    return ["", f"easiest on a guitar with a capo at fret {best['fret']}: {', '.join(list(played)[:8])}"]


def _key(answer: Answer) -> list[str]:
    key = answer["key"]
    if key["tonic"] is None:
        return ["nothing is pitched"]
    rivals = [c for c in answer["key_alternatives"][:3] if c["confidence"] >= _HARDLY]
    others = ", ".join(f"{c['tonic']} {c['mode']} ({c['confidence']:.0%})" for c in rivals)
    rows = [("key", f"{key['tonic']} {key['mode']}{_sure(key['confidence'])}")]
    rows += [("", f"or {others}")] if others else []
    spans = answer["local_keys"]["spans"]
    if len(spans) > 1:
        rows += [
            ("" if k else "from", f"{_moment(s['start_s'])}  {s['tonic']} {s['mode']}")
            for k, s in enumerate(spans)
        ]
    if answer["tuning_hz"]:
        rows.append(("tuning", f"A4 = {answer['tuning_hz']:.1f} Hz ({answer['tuning_cents']:+.0f} cents)"))
    return table([*rows, *_scale(answer["scale"])])


def _scale(scale: Answer) -> list[tuple[str, str]]:
    if not scale["tonic_hz"]:
        return []
    degrees = " ".join(f"{degree['cents']:.0f}" for degree in scale["degrees"])
    rows = [("scale", f"{degrees}  (cents above {scale['tonic_hz']:.1f} Hz)")]
    rows += [("", "over a drone")] if scale["drone"] else []
    for k, near in enumerate(scale["nearest"][:3]):
        rows.append(
            ("" if k else "nearest", f"{near['name']}, {near['error_cents']:.0f} cents off on average")
        )
    moved = scale["drift"]["total_cents"]
    if abs(moved) >= _DRIFT_CENTS:
        rows.append(("drift", f"{moved:+.0f} cents from start to end"))
    return rows


def _sections(answer: Answer) -> list[str]:
    rows = [
        (_moment(s["start_s"]), _moment(s["end_s"]), s["label"], f"{s['end_s'] - s['start_s']:.0f} s")
        for s in answer["sections"]
    ]
    out = table(rows, right=frozenset({0, 1, 3}))
    kept = [("returns most", _span(answer["chorus"]) + "  (a chorus?)")] if answer["chorus"] else []
    return [*out, "", *table([*kept, ("stands for all", _span(answer["thumbnail"]))])]


def _span(excerpt: Answer) -> str:
    return f"{_moment(excerpt['start_s'])} to {_moment(excerpt['end_s'])}"


def _pitch(answer: Answer) -> list[str]:
    if not answer["notes"]:
        return ["no single voice is heard; --melody follows the leading one of many"]
    said = answer["contour"]["description"]
    if not answer["single_voice"]:
        said = "more than one voice sounds: these notes may be nobody's; --melody follows the leading voice"
    return [*_notes(answer), *(["", said] if said else [])]


def _melody(answer: Answer) -> list[str]:
    return _notes(answer) or ["no melody is heard"]


def _notes(answer: Answer) -> list[str]:
    rows = [
        (_moment(note["onset_s"]), f"{note['offset_s'] - note['onset_s']:.2f} s", *_note(note["pitch_midi"]))
        for note in answer["notes"]
    ]
    return table(rows, right=frozenset({0, 1, 3}))


def _note(midi: float) -> tuple[str, str]:
    """Return a pitch as people name it: ``A4`` and ``+12 cents``."""
    from sori.units import PITCH_CLASSES

    nearest = round(midi)
    cents = round(100 * (midi - nearest))
    return f"{PITCH_CLASSES[nearest % 12]}{nearest // 12 - 1}", f"{cents:+d} cents"


def _sure(confidence: float) -> str:
    return f"  ({confidence:.0%} sure)"


def _moment(seconds: float) -> str:
    """Return a time as people read it to the tenth: ``1:02.5``."""
    tenths = round(seconds * 10)
    return f"{clock(tenths // 10)}.{tenths % 10}"


_LINES: dict[str, Callable[[Answer], list[str]]] = {
    "beats": _beats,
    "chords": _chords,
    "free_chords": _chords,
    "key": _key,
    "sections": _sections,
    "pitch": _pitch,
    "melody": _melody,
}

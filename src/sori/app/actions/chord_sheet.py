"""The chords of a recording as somebody wants to read and play them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sori.errors import ParameterError
from sori.library.track import Track

if TYPE_CHECKING:
    from sori.theory.chords import ChordSymbol
    from sori.theory.keys import KeyName

__all__ = ["STYLES", "check", "chord_sheet", "instruments", "moved"]

STYLES = ("lead", "harte", "german", "latin", "french", "spanish", "korean", "roman", "nashville")
"""How chords can be named."""

_CAPOS = 3
_FURTHEST = 24  # semitones


def check(*, names: str, transpose: int, capo: int, fingerings: str | None, form: str | None = None) -> None:
    """Refuse a style or an instrument that there is none of, and what goes into no file of a ``form``."""
    if names not in STYLES:
        raise ParameterError(f"--names came as {names!r}; choose one of {', '.join(STYLES)}")
    if fingerings is not None and fingerings not in instruments():
        raise ParameterError(f"--fingerings came as {fingerings!r}; choose one of {', '.join(instruments())}")
    if abs(transpose) > _FURTHEST:
        raise ParameterError(f"--transpose came as {transpose}; two octaves, 24 semitones, are the most")
    if form is not None and (names != "lead" or fingerings is not None):
        raise ParameterError("--names and --fingerings are for the screen and --json; files have labels")
    if form == "sound" and transpose != capo:
        raise ParameterError(
            "the recording stays in its key; leave --transpose and --capo out to hear chords"
        )


def instruments() -> tuple[str, ...]:
    """Return what fingerings are known for."""
    from sori.theory.fingerings import TUNINGS

    return (*TUNINGS, "piano")


def moved(
    track: Track, stages: Sequence[str], *, transpose: int = 0, capo: int = 0, **_: Any
) -> dict[str, Any]:
    """Return these stages with chords and key moved by semitones, or as the shapes behind a capo."""
    told = {name: track.results[name] for name in stages}
    if transpose == capo:
        return told
    from sori.theory.spelling import note_pitch_class
    from sori.theory.transposition import transpose_chords
    from sori.units import PITCH_CLASSES

    before, key = _keys(track, transpose - capo)
    heard = told["chords"]["chords"]
    labels = transpose_chords([chord["label"] for chord in heard], transpose - capo, key=before)
    chords = [
        {**c, "label": symbol.label, "alternatives": []} for c, symbol in zip(heard, labels, strict=True)
    ]
    told["chords"] = {**told["chords"], "chords": chords}
    if key is not None:
        told["key"] = {**told["key"], "tonic": PITCH_CLASSES[note_pitch_class(key.tonic)], "alternatives": []}
    return told


def _keys(track: Track, by: int) -> tuple[KeyName | None, KeyName | None]:
    """Return the key that was heard, and the same moved by semitones; ``None`` for none."""
    from sori.theory.keys import parse_key
    from sori.theory.transposition import transpose_key

    heard = track.results["key"]
    if heard["tonic"] is None:
        return None, None
    key = parse_key((heard["tonic"], heard["mode"]))
    return key, transpose_key(key, by)


def chord_sheet(
    track: Track, *, names: str = "lead", transpose: int = 0, capo: int = 0, fingerings: str | None = None
) -> dict[str, Any]:
    """Return the chords, named in a style, moved by semitones, or as the shapes behind a capo."""
    from sori.theory.capo import capo_positions
    from sori.theory.chords import as_chord
    from sori.theory.names import LANGUAGES, key_in
    from sori.theory.transposition import transpose_chords

    heard = track.results["chords"]["chords"]
    before, key = _keys(track, transpose - capo)
    spoken = _namer(names, key)

    def named(labels: list[str]) -> list[dict[str, str]]:
        by = transpose - capo
        symbols = transpose_chords(labels, by, key=before) if by else map(as_chord, labels)
        return [{"label": symbol.label, "name": spoken(symbol)} for symbol in symbols]

    chords = []
    for chord, name in zip(heard, named([chord["label"] for chord in heard]), strict=True):
        others = named([other["label"] for other in chord["alternatives"]])
        alternatives = [
            {**other, "confidence": candidate["confidence"]}
            for other, candidate in zip(others, chord["alternatives"], strict=True)
        ]
        chords.append({**chord, **name, "alternatives": alternatives})
    labels = [chord["label"] for chord in chords]
    durations = [chord["end_s"] - chord["start_s"] for chord in chords]
    places = capo_positions(labels, durations=durations, key=key) if labels and not capo else ()
    language = names if names in LANGUAGES else "english"
    return {
        "path": track.path,
        "title": track.title,
        "artist": track.artist,
        "duration_s": track.duration_s,
        "key": None if key is None else {"tonic": key.tonic, "mode": key.mode, "name": key_in(key, language)},
        "transpose": transpose,
        "capo": capo,
        "chords": chords,
        "capo_positions": [
            {
                "fret": place.fret,
                "key": None if place.key is None else str(place.key),
                "difficulty": round(place.difficulty, 3),
                "shapes": [{"sounds": shape.sounds, "plays": shape.plays} for shape in place.shapes],
            }
            for place in places[:_CAPOS]
        ],
        "fingerings": [] if fingerings is None else _shapes(chords, fingerings),
        "corrected": {s: how for s, how in track.corrected.items() if s in ("chords", "key")},
    }


def _namer(style: str, key: KeyName | None) -> Callable[[ChordSymbol], str]:
    from sori.theory.lead_sheet import chord_name
    from sori.theory.names import chord_in
    from sori.theory.roman import nashville, roman

    if style == "harte":
        return lambda symbol: symbol.label
    if style in ("roman", "nashville"):
        if key is None:
            raise ParameterError(f"no key was heard, so chords have no {style} numbers; leave --names out")
        return lambda symbol: (roman if style == "roman" else nashville)(symbol, key)
    return chord_name if style == "lead" else lambda symbol: chord_in(symbol, style)


def _shapes(chords: list[dict[str, Any]], instrument: str) -> list[dict[str, Any]]:
    """Return how to play each different chord, in order of first use."""
    from sori.theory.fingerings import fingerings
    from sori.theory.piano import piano_fingering

    out = []
    for label, name in dict.fromkeys((chord["label"], chord["name"]) for chord in chords):
        shape: dict[str, Any] = {"instrument": instrument, "label": label, "name": name}
        if instrument == "piano":
            if (hands := piano_fingering(label)).midi:
                out.append({**shape, "left": list(hands.left), "right": list(hands.right)})
            continue
        found = fingerings(label, tuning=instrument, limit=1)
        if found:
            grip = found[0]
            barres = [{"fret": b.fret, "first": b.first, "last": b.last} for b in grip.barres]
            out.append(
                {
                    **shape,
                    "frets": list(grip.frets),
                    "fingers": list(grip.fingers),
                    "barres": barres,
                    "base_fret": grip.base_fret,
                }
            )
    return out

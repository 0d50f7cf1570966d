"""Chord names as lead sheets write them: ``Cm7b5``, ``F#maj7``, ``Bb7sus4``, ``Dm7/C``, ``N.C.``

There is no standard; names are written one way and read many. What is written reads back as the same sound.
"""

from __future__ import annotations

import functools
import re

from sori.errors import ParameterError
from sori.theory.chords import NO_CHORD, UNKNOWN_CHORD, ChordLike, ChordSymbol, as_chord
from sori.theory.spelling import degree_above, degree_semitones, parse_note

__all__ = ["chord_name", "chord_suffix", "parse_chord_name", "parse_chord_suffix"]

_SUFFIXES = {
    "maj": "",
    "min": "m",
    "dim": "dim",
    "aug": "aug",
    "maj7": "maj7",
    "min7": "m7",
    "7": "7",
    "dim7": "dim7",
    "hdim7": "m7b5",
    "minmaj7": "m(maj7)",
    "aug7": "7#5",
    "maj6": "6",
    "min6": "m6",
    "9": "9",
    "maj9": "maj9",
    "min9": "m9",
    "11": "11",
    "maj11": "maj11",
    "min11": "m11",
    "13": "13",
    "maj13": "maj13",
    "min13": "m13",
    "sus2": "sus2",
    "sus4": "sus4",
    "5": "5",
    "1": "(no3,no5)",
    "": "(no3,no5)",
}
_ALTERED = ("b9", "#9", "b5", "#5")
# Chords that Harte writes with degrees and lead sheets with a name of their own.
_NAMED: dict[tuple[str, tuple[str, ...], tuple[str, ...]], str] = {
    ("sus4", ("b7",), ()): "7sus4",
    ("sus2", ("b7",), ()): "7sus2",
    ("sus4", ("b7", "9"), ()): "9sus4",
    ("sus4", ("b7", "9", "13"), ()): "13sus4",
    ("sus4", ("7",), ()): "maj7sus4",
    ("sus2", ("7",), ()): "maj7sus2",
    ("aug", ("b7",), ()): "7#5",
    ("aug", ("7",), ()): "maj7#5",
    ("maj6", ("9",), ()): "6/9",
    ("min6", ("9",), ()): "m6/9",
    ("maj", ("9",), ()): "add9",
    ("min", ("9",), ()): "m(add9)",
    ("7", ("b5",), ("5",)): "7b5",
    ("maj", ("b5",), ("5",)): "(b5)",
    ("7", _ALTERED, ("5",)): "7alt",
    ("minmaj7", ("9",), ()): "m(maj9)",
}
_FOUND = {name: parts for parts, name in reversed(_NAMED.items())}
_MAJOR = r"(?:maj|Maj|MAJ|ma|Ma|M|major|j|Δ|△|\^)"
_MINOR = r"(?:min|Min|MIN|mi|minor|m|-)"
_BASES: tuple[tuple[str, str], ...] = (
    (rf"{_MINOR}[ (/]?{_MAJOR}7?\)?", "minmaj7"),
    (rf"{_MINOR}?7(?:b5|♭5|-5|\(b5\)|\(♭5\))(?<=[mni-]7b5)", "hdim7"),
    (r"(?:ø|Ø|hdim|h)7?", "hdim7"),
    (r"(?:dim|°|o|º)7", "dim7"),
    (r"(?:dim|°|o|º)", "dim"),
    (r"(?:aug|\+)7", "aug7"),
    (r"(?:aug|\+)", "aug"),
    (rf"{_MAJOR}7?(?P<n1>9|11|13)", "maj{n1}"),
    (rf"(?:{_MAJOR}7|Δ|△|\^|j)", "maj7"),
    (rf"{_MAJOR}?6", "maj6"),
    (rf"{_MINOR}(?P<n2>13|11|9|7|6)", "min{n2}"),
    (_MINOR, "min"),
    (_MAJOR, "maj"),
    (r"(?:dom)?(?P<n3>13|11|9|7)", "{n3}"),
    (r"5", "5"),
    (r"", "maj"),
)
_BASE_PATTERNS = tuple((re.compile(pattern), name) for pattern, name in _BASES)
_MODIFIER = re.compile(
    r"[(),\s/]*(?:(?P<sus>sus[24]?)|(?P<omit>(?:no|omit)\.?\s?(?P<gone>[b#♭♯]?\d+))|(?P<alt>alt)"
    rf"|(?P<seventh>{_MAJOR}7)|(?P<add>add\.?)?\s?(?P<degree>[b#♭♯+-]?\d+))[)\s]*"
)
_ROOT = re.compile(r"([A-G](?:#|b|♯|♭)*)(.*?)(?:/([A-G](?:#|b|♯|♭)*))?")
_SAME_DEGREE = str.maketrans({"♭": "b", "♯": "#", "+": "#", "-": "b"})


def chord_suffix(chord: ChordLike) -> str:
    """Return what stands after the root on a lead sheet.

    >>> chord_suffix("C:hdim7"), chord_suffix("C:sus4(b7)"), chord_suffix("C:7(b9,#11)"), chord_suffix("C")
    ('m7b5', '7sus4', '7(b9,#11)', '')
    """
    symbol = as_chord(chord)
    if symbol.root is None:
        return ""
    base, rest, omitted = _SUFFIXES[symbol.shorthand], symbol.added, symbol.omitted
    for count in range(len(symbol.added), -1, -1):
        name = _NAMED.get((symbol.shorthand, symbol.added[:count], symbol.omitted))
        if name is not None:
            base, rest, omitted = name, symbol.added[count:], ()
            break
    seventh = symbol.shorthand not in ("", "1") and bool({"b7", "7", "bb7"} & set(symbol.degrees))
    parts = [_modifier(degree, symbol, seventh=seventh) for degree in rest]
    parts += ["no" + degree for degree in omitted]
    return base + (f"({','.join(parts)})" if parts else "")


def _modifier(degree: str, symbol: ChordSymbol, *, seventh: bool) -> str:
    """A degree added, as lead sheets say it: an altered tension of a seventh chord stands bare."""
    bare = seventh and degree[-1:] in "913" and degree not in symbol.omitted and degree_semitones(degree) > 12
    return degree if bare else "add" + degree


def chord_name(chord: ChordLike) -> str:
    """Return a chord as lead sheets write it; ``N`` is ``"N.C."`` and ``X`` ``"?"``.

    >>> chord_name("F#:maj7"), chord_name("C:maj/3"), chord_name("D:min7/b7"), chord_name("B:hdim7")
    ('F#maj7', 'C/E', 'Dm7/C', 'Bm7b5')
    """
    symbol = as_chord(chord)
    if symbol.root is None:
        return "N.C." if symbol == NO_CHORD else "?"
    bass = "" if symbol.bass == "1" else f"/{symbol.bass_note}"
    return symbol.root + chord_suffix(symbol) + bass


@functools.lru_cache(maxsize=4096)
def parse_chord_name(name: str) -> ChordSymbol:
    """Read a chord as lead sheets write it.

    Raises
    ------
    ParameterError
        The name, or part of it, is not understood.

    >>> parse_chord_name("Cm7b5").label, parse_chord_name("Bbsus4").label, parse_chord_name("C/E").label
    ('C:hdim7', 'Bb:sus4', 'C:maj/3')
    """
    text = name.strip()
    if text.upper().replace(" ", "") in ("N.C.", "NC", "N", "N.C"):
        return NO_CHORD
    if text in ("?", "X"):
        return UNKNOWN_CHORD
    found = _ROOT.fullmatch(text)
    if found is None:
        raise ParameterError(
            f"chord {name!r} does not start with a root A to G; write it like 'F#m7' or 'C/E'"
        )
    try:
        shorthand, added, omitted = parse_chord_suffix(found[2])
    except ParameterError as error:
        raise ParameterError(f"chord {name!r}: {error}") from None
    root = parse_note(found[1])
    bass = degree_above(root, parse_note(found[3])) if found[3] else "1"
    return ChordSymbol(root, shorthand, added, omitted, bass)


@functools.lru_cache(maxsize=4096)
def parse_chord_suffix(suffix: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Read what stands after a root as Harte's shorthand, degrees added and degrees omitted.

    >>> parse_chord_suffix("maj9#11"), parse_chord_suffix("7b5")
    (('maj9', ('#11',), ()), ('7', ('b5',), ('5',)))
    """
    text = suffix.strip()
    if text in _FOUND:
        return _FOUND[text]
    for pattern, name in _BASE_PATTERNS:
        base = pattern.match(text)
        if base is None:
            continue
        numbers = {key: value for key, value in base.groupdict().items() if value}
        shorthand = name.format(**numbers)
        changes = _read_modifiers(text[base.end() :])
        if changes is not None:
            return _canonical(shorthand, *changes)
    raise ParameterError(
        f"{suffix!r} is not a chord's name; write it like 'm7', 'maj7', '7sus4', 'm7b5' or '7(b9)'"
    )


def _read_modifiers(text: str) -> tuple[list[str], list[str], str] | None:
    """Degrees added, degrees omitted and suspension in a row of modifiers; ``None`` when one is not known."""
    added: list[str] = []
    omitted: list[str] = []
    suspended = ""
    place = 0
    while place < len(text):
        found = _MODIFIER.match(text, place)
        if found is None:
            return None
        place = found.end()
        if found["sus"]:
            suspended = "sus2" if found["sus"] == "sus2" else "sus4"
        elif found["omit"]:
            omitted.append(found["gone"].translate(_SAME_DEGREE))
        elif found["alt"]:
            added += _ALTERED
            omitted.append("5")
        elif found["seventh"]:
            added.append("7")
        elif not _read_degree(found["degree"].translate(_SAME_DEGREE), bool(found["add"]), added, omitted):
            return None
    return added, omitted, suspended


def _read_degree(degree: str, is_added: bool, added: list[str], omitted: list[str]) -> bool:
    """Put one degree where it belongs; say whether there is such a degree."""
    if not (1 if is_added else 2) <= int(degree.lstrip("b#")) <= 13:
        return False
    added.append(degree)
    if degree in ("b5", "#5") and not is_added and "5" not in omitted:
        omitted.append("5")
    return True


def _canonical(
    shorthand: str, added: list[str], omitted: list[str], suspended: str
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The same chord in the form that Harte's shorthands have for it."""
    if suspended:
        carried = [d for d in _sevenths_of(shorthand) if d not in omitted]
        return suspended, tuple(carried + added), tuple(d for d in omitted if d not in ("3", "b3"))
    if shorthand == "aug7":
        shorthand, added = "aug", ["b7", *added]
    if "5" in omitted:
        for altered, kinds in _WITH_ALTERED_FIFTH.items():
            if altered in added and shorthand in kinds and not ({"b5", "#5"} - {altered}) & set(added):
                rest = [degree for degree in added if degree != altered]
                gone = tuple(degree for degree in omitted if degree != "5")
                shorthand, more = kinds[shorthand]
                return shorthand, (*more, *rest), gone
    if shorthand == "maj6" and added == ["9"]:
        return "maj6", ("9",), tuple(omitted)
    return shorthand, tuple(added), tuple(omitted)


_WITH_ALTERED_FIFTH: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "b5": {"min7": ("hdim7", ()), "min": ("dim", ())},
    "#5": {
        "maj": ("aug", ()),
        "7": ("aug", ("b7",)),
        "maj7": ("aug", ("7",)),
        "9": ("aug", ("b7", "9")),
        "maj9": ("aug", ("7", "9")),
    },
}


def _sevenths_of(shorthand: str) -> tuple[str, ...]:
    """What a chord has above its triad."""
    if shorthand in ("maj", "min", "5"):
        return ()
    degrees = ChordSymbol("C", shorthand).degrees
    return tuple(degree for degree in degrees if degree not in ("1", "3", "b3", "5", "#5", "b5", "11"))

"""Chords as numbers of a key: Roman numerals and Nashville numbers, written and read.

A Roman numeral says the degree of the root, upper case for a major third and lower for a minor one, ``o`` for
diminished, ``ø`` for half-diminished, ``+`` for augmented. Degrees count in the scale of the mode: A minor
has ``i III iv v VI VII``. Accidentals move from there, but a diminished seventh degree of minor stands
on the leading note, as everybody writes it: ``viio7`` in A minor is G#. A slash and a numeral is a chord
borrowed from the key of that degree (``V7/V``), a slash and a number the degree in the bass.
"""

from __future__ import annotations

import dataclasses
import re

from sori.errors import ParameterError
from sori.theory.chords import NO_CHORD, UNKNOWN_CHORD, ChordLike, ChordSymbol, as_chord
from sori.theory.keys import KeyLike, KeyName, parse_key, relative, scale_notes, scale_pitch_classes
from sori.theory.lead_sheet import chord_suffix, parse_chord_suffix
from sori.theory.spelling import degree_above, degree_semitones, note_above, note_pitch_class, spell

__all__ = ["INVERSIONS", "nashville", "parse_nashville", "parse_roman", "roman"]

#: Ways to write what lies in the bass: figured bass (``V65``), a degree (``V7/3``), not at all.
INVERSIONS = ("figured", "slash", "none")

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_TRIADS = ("maj", "min", "dim", "aug")
_SEVENTHS = ("maj7", "min7", "7", "dim7", "hdim7", "minmaj7")
_TRIAD_FIGURES = {"3": "6", "5": "64"}
_SEVENTH_FIGURES = {"3": "65", "5": "43", "7": "42"}
# Lead sheets' suffixes that numerals write otherwise: the case says minor, and a 6 alone is an inversion.
_SUFFIXES = {
    "dim": "o",
    "dim7": "o7",
    "m7b5": "ø7",
    "aug": "+",
    "7#5": "+7",
    "maj7#5": "+maj7",
    "m(maj7)": "maj7",
    "m(maj9)": "maj9",
    "6": "(add6)",
    "m6": "(add6)",
    "6/9": "(add6,add9)",
    "m6/9": "(add6,add9)",
}
_NUMERAL = re.compile(r"([b#♭♯]*)(VII|VI|IV|V|III|II|I|vii|vi|iv|v|iii|ii|i)(.*)")
_FIGURED = re.compile(r"(.*?)(64|65|43|42|6|2)")
_BASS = re.compile(r"[b#]*(?:1[0-3]|[1-9])")
_NUMBER = re.compile(r"([b#♭♯]*)([1-7])(.*?)(?:/([b#♭♯]*[1-7]))?")
_SIGNS = str.maketrans({"♭": "b", "♯": "#", "°": "o", "Ø": "ø"})


def roman(
    chord: ChordLike,
    key: KeyLike,
    *,
    inversions: str = "figured",
    secondary: bool = True,
    from_major: bool = False,
) -> str:
    """Return a chord as a Roman numeral of a key; ``N`` is ``"N.C."`` and ``X`` ``"?"``.

    Parameters
    ----------
    chord, key
        The chord or its label; the key in any form that `parse_key` takes.
    inversions
        One of `INVERSIONS`. Figures stand where a triad or a seventh chord has one of its own notes in the
        bass; everything else takes the slash.
    secondary
        Name dominants and diminished chords that are foreign to the key by the degree they lead to.
    from_major
        Count degrees in the major scale of the tonic in every mode: A minor is then ``i bIII iv v bVI bVII``.

    >>> [roman(chord, "C major") for chord in ("C:maj", "D:min7", "G:7/3", "A:7", "Bb:maj", "B:hdim7")]
    ['I', 'ii7', 'V65', 'V7/ii', 'bVII', 'viiø7']
    >>> [roman(chord, "A minor") for chord in ("A:min/b3", "E:7", "G:maj", "G#:dim7", "B:7")]
    ['i6', 'V7', 'VII', 'viio7', 'V7/V']
    """
    symbol, name = as_chord(chord), parse_key(key)
    if inversions not in INVERSIONS:
        raise ParameterError(f"inversions={inversions!r}: want one of {', '.join(INVERSIONS)}")
    if symbol.root_pitch_class is None:
        return "N.C." if symbol == NO_CHORD else "?"
    target = _leads_to(symbol, name) if secondary else None
    if target is not None:
        step = 5 if _is_dominant(symbol) else 7
        numeral = "V" if step == 5 else "vii"
        return (
            numeral
            + _quality(symbol, inversions)
            + "/"
            + _target_numeral(name, target, from_major=from_major)
        )
    accidentals, step = _degree(symbol, name, from_major=from_major)
    return accidentals + _cased(_NUMERALS[step], symbol) + _quality(symbol, inversions)


def _is_diminished(symbol: ChordSymbol) -> bool:
    tones = symbol.chord_tones
    return {3, 6} <= tones and not {4, 7} & tones


def _is_dominant(symbol: ChordSymbol) -> bool:
    """Whether it is a major triad with nothing but a minor seventh and what stands on it."""
    tones = symbol.chord_tones
    return (
        4 in tones
        and not {3, 11, 8} & (tones - {3 if 10 in tones else -1})
        and (10 in tones or tones == {0, 4, 7})
    )


def _cased(numeral: str, symbol: ChordSymbol) -> str:
    return numeral.lower() if _is_minor(symbol) else numeral


def _is_minor(symbol: ChordSymbol) -> bool:
    return symbol.shorthand in ("min", "dim", "minmaj7") or symbol.shorthand.startswith(
        ("min", "dim", "hdim")
    )


def _offsets(key: KeyName, *, from_major: bool) -> tuple[int, ...]:
    """Semitones of the degrees above the tonic."""
    if from_major:
        return _MAJOR
    tonic = note_pitch_class(key.tonic)
    return tuple((pitch - tonic) % 12 for pitch in scale_pitch_classes(key))


def _raises_seventh(key: KeyName, *, from_major: bool) -> bool:
    """Whether the seventh degree of a diminished chord is the leading note and not the scale's own."""
    return not from_major and key.mode in ("minor", "aeolian")


def _degree(symbol: ChordSymbol, key: KeyName, *, from_major: bool) -> tuple[str, int]:
    """Accidentals and step, 0 to 6, of a chord's root; a diminished chord leads upwards and takes sharps."""
    pitch_class = symbol.root_pitch_class or 0
    offsets = _offsets(key, from_major=from_major)
    offset = (pitch_class - note_pitch_class(key.tonic)) % 12
    if offset in offsets:
        step = offsets.index(offset)
    else:
        degree = degree_above(key.tonic, spell(pitch_class, tonic=key.tonic, double=True))
        step = int(degree[-1]) - 1 - (degree.startswith("b") and _is_diminished(symbol))
    alteration = (offset - offsets[step] + 6) % 12 - 6
    if step == 6 and _is_diminished(symbol) and _raises_seventh(key, from_major=from_major):
        alteration -= 1
    return "#" * alteration + "b" * -alteration, step


def _leads_to(symbol: ChordSymbol, key: KeyName) -> int | None:
    """The step, 0 to 6, that a chord foreign to the key is dominant or leading note of, if of any."""
    dominant = _is_dominant(symbol)
    root = symbol.root_pitch_class or 0
    if not dominant and not _is_diminished(symbol):
        return None
    forms = ("natural", "harmonic", "melodic") if key.mode in ("minor", "aeolian") else ("natural",)
    heard = {(root + tone) % 12 for tone in symbol.chord_tones if dominant or tone in (0, 3, 6, 9, 10)}
    if any(heard <= set(scale_pitch_classes(key, form=form)) for form in forms):
        return None
    tonic = note_pitch_class(key.tonic)
    if root == tonic and symbol.chord_tones == {0, 4, 7}:
        return None  # the major tonic at the end of a piece in minor
    scale = scale_pitch_classes(key)
    to = (root + (5 if dominant else 1)) % 12
    if to == tonic or to not in scale:
        return None
    step = scale.index(to)
    fifth = (scale[(step + 4) % 7] - to) % 12
    return step if fifth == 7 else None


def _target_numeral(key: KeyName, step: int, *, from_major: bool) -> str:
    """The triad of the scale on a step; the fifth of minor is its major dominant."""
    scale = scale_pitch_classes(key)
    minor = (scale[(step + 2) % 7] - scale[step]) % 12 == 3
    shorthand = "min" if minor and not (step == 4 and key.mode in ("minor", "aeolian")) else "maj"
    symbol = ChordSymbol(scale_notes(key)[step], shorthand)
    accidentals, counted = _degree(symbol, key, from_major=from_major)
    return accidentals + _cased(_NUMERALS[counted], symbol)


def _quality(symbol: ChordSymbol, inversions: str) -> str:
    """What stands after a numeral: the kind of chord and its inversion."""
    written = chord_suffix(symbol)
    if _is_minor(symbol) and written not in _SUFFIXES and written.startswith("m"):
        written = written[1:]
    written = _SUFFIXES.get(written, written)
    if symbol.bass == "1" or inversions == "none":
        return written
    plain = not symbol.added and not symbol.omitted and symbol.bass in symbol.degrees
    if inversions == "figured" and plain:
        if symbol.shorthand in _TRIADS:
            return written + _TRIAD_FIGURES[symbol.bass[-1]]
        if symbol.shorthand in _SEVENTHS:
            return written[:-1] + _SEVENTH_FIGURES[symbol.bass[-1]]
    return f"{written}/{symbol.bass}"


def parse_roman(numeral: str, key: KeyLike, *, from_major: bool = False) -> ChordSymbol:
    """Read a Roman numeral of a key as a chord; the opposite of `roman`.

    Raises
    ------
    ParameterError
        The numeral, or part of it, is not understood.

    >>> [parse_roman(numeral, "Eb major").label for numeral in ("V65/V", "iv", "bVII", "IV/5", "viio7")]
    ['F:7/3', 'Ab:min', 'Db:maj', 'Ab:maj/5', 'D:dim7']
    """
    name = parse_key(key)
    text = numeral.strip().translate(_SIGNS)
    if text in ("N.C.", "N", "?", "X"):
        return NO_CHORD if text.startswith("N") else UNKNOWN_CHORD
    head, *tails = text.split("/")
    bass = "1"
    for tail in reversed(tails):
        if _BASS.fullmatch(tail):
            bass = tail
        else:
            target = parse_roman(tail, name, from_major=from_major)
            name = KeyName(str(target.root), "minor" if _is_minor(target) else "major")
    found = _NUMERAL.fullmatch(head)
    if found is None:
        raise ParameterError(f"numeral {numeral!r} is not understood; write it like 'ii7', 'V65/V' or 'bVII'")
    try:
        shorthand, added, omitted, figured = _read_quality(found[3], minor=found[2].islower())
    except ParameterError as error:
        raise ParameterError(f"numeral {numeral!r}: {error}") from None
    symbol = ChordSymbol("C", shorthand, added, omitted)
    step = _NUMERALS.index(found[2].upper())
    raised = step == 6 and _is_diminished(symbol) and _raises_seventh(name, from_major=from_major)
    above_major = _offsets(name, from_major=from_major)[step] - _MAJOR[step] + raised
    alteration = above_major + found[1].count("#") - found[1].count("b")
    root = note_above(name.tonic, "#" * alteration + "b" * -alteration + str(step + 1))
    return dataclasses.replace(symbol, root=root, bass=figured if bass == "1" else bass)


def _read_quality(text: str, *, minor: bool) -> tuple[str, tuple[str, ...], tuple[str, ...], str]:
    """Shorthand, degrees added and omitted, and the degree that a figure puts in the bass."""
    figure = _FIGURED.fullmatch(text)
    number = ""
    if figure and (figure[1] in ("", "o", "ø", "+", "maj") or figure[1] == "+maj"):
        text, number = figure[1], figure[2]
        text += "7" if number in ("65", "43", "42", "2") else ""
    if text == "ø":
        text = "ø7"
    alone = not minor or text[:1] in ("o", "ø")
    shorthand, added, omitted = parse_chord_suffix(text if alone else "m" + text)
    if shorthand in ("maj", "min") and added[:1] == ("6",):
        shorthand, added = shorthand + "6", added[1:]
    place = {"6": "3", "65": "3", "64": "5", "43": "5", "42": "7", "2": "7"}.get(number)
    if place is None:
        return shorthand, added, omitted, "1"
    degrees = ChordSymbol("C", shorthand, added, omitted).degrees
    bass = next((degree for degree in degrees if degree.lstrip("b#") == place), None)
    if bass is None:
        raise ParameterError(f"the figure {number} asks for a {place} in the bass, which this chord has not")
    return shorthand, added, omitted, bass


def nashville(chord: ChordLike, key: KeyLike, *, minor_as_six: bool = True) -> str:
    """Return a chord as a Nashville number: a degree of the major scale, ``-`` for minor, the bass likewise.

    With ``minor_as_six`` a minor key is charted in its relative major, as is usual, and its tonic is ``6-``;
    without, the tonic is ``1-``.

    >>> [nashville(chord, "G major") for chord in ("G:maj", "E:min7", "D:7", "G:maj/3", "F:maj", "N")]
    ['1', '6-7', '57', '1/3', 'b7', 'N.C.']
    """
    symbol = as_chord(chord)
    tonic = _charted(key, minor_as_six=minor_as_six)
    if symbol.root_pitch_class is None:
        return "N.C." if symbol == NO_CHORD else "?"
    root = spell(symbol.root_pitch_class, tonic=tonic, double=True)
    suffix = chord_suffix(symbol)
    if suffix.startswith("m") and not suffix.startswith("maj"):
        suffix = "-" + suffix[1:]
    bass = ""
    if symbol.bass != "1":
        low = spell((symbol.root_pitch_class + degree_semitones(symbol.bass)) % 12, tonic=tonic, double=True)
        bass = "/" + degree_above(tonic, low)
    return degree_above(tonic, root) + suffix + bass


def parse_nashville(number: str, key: KeyLike, *, minor_as_six: bool = True) -> ChordSymbol:
    """Read a Nashville number of a key as a chord; the opposite of `nashville`.

    >>> [parse_nashville(number, "D major").label for number in ("1", "2-7", "b7", "5/7", "4maj7")]
    ['D:maj', 'E:min7', 'C:maj', 'A:maj/3', 'G:maj7']
    """
    tonic = _charted(key, minor_as_six=minor_as_six)
    text = number.strip()
    if text in ("N.C.", "N", "?", "X"):
        return NO_CHORD if text.startswith("N") else UNKNOWN_CHORD
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise ParameterError(f"number {number!r} is not understood; write it like '1', '6-7', 'b7' or '5/7'")
    root = note_above(tonic, found[1].translate(_SIGNS) + found[2])
    try:
        shorthand, added, omitted = parse_chord_suffix(found[3])
    except ParameterError as error:
        raise ParameterError(f"number {number!r}: {error}") from None
    bass = degree_above(root, note_above(tonic, found[4].translate(_SIGNS))) if found[4] else "1"
    return ChordSymbol(root, shorthand, added, omitted, bass)


def _charted(key: KeyLike, *, minor_as_six: bool) -> str:
    """The note that is 1."""
    name = parse_key(key)
    return relative(name).tonic if minor_as_six and name.mode not in ("major", "ionian") else name.tonic

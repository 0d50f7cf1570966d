"""Names of notes: spelling a pitch class as a key asks, and moving names by intervals.

Names stand on the line of fifths (... Bb F C G D A E B F# ...): C is 0, G is 1, F is -1, and a sharp is seven
steps up. Keys, intervals and degrees of chords are sums on this line, so the letters come out right.
A note name is a letter A to G with any number of ``#`` or ``b``.
"""

from __future__ import annotations

import re

from sori.errors import ParameterError

__all__ = [
    "degree_above",
    "degree_semitones",
    "interval_fifths",
    "line_of_fifths",
    "note_above",
    "note_at",
    "note_pitch_class",
    "parse_note",
    "spell",
]

_LINE = "FCGDAEB"
_NOTE = re.compile(r"([A-Ga-g])((?:#|b|x|♯|♭|𝄪|𝄫|♮)*)")
_PLAIN = str.maketrans({"♯": "#", "♭": "b", "x": "##", "𝄪": "##", "𝄫": "bb", "♮": ""})
_DEGREE = re.compile(r"(b*|#*)([1-9]|1[0-3])")
_DEGREE_FIFTHS = (0, 2, 4, -1, 1, 3, 5)  # first to seventh of the major scale
_DEGREE_SEMITONES = (0, 2, 4, 5, 7, 9, 11)
_INTERVAL = re.compile(r"(-?)([PMmAd]+?)(\d+)")
_FLATTEST, _SHARPEST = -8, 12  # Fb and B#: the ends of the line without double accidentals


def parse_note(text: str) -> str:
    """Return a note name in plain letters: ``"f♯"`` is ``"F#"``, ``"Gx"`` is ``"G##"``."""
    found = _NOTE.fullmatch(text.strip()) if isinstance(text, str) else None
    accidentals = found[2].translate(_PLAIN) if found else ""
    if found is None or len(set(accidentals)) > 1:
        raise ParameterError(f"note {text!r} is not a name: write a letter A to G and then # or b")
    return found[1].upper() + accidentals


def line_of_fifths(note: str) -> int:
    """Return where a note stands on the line of fifths, C being 0.

    >>> [line_of_fifths(note) for note in ("F", "C", "G", "F#", "Bb")]
    [-1, 0, 1, 6, -2]
    """
    name = parse_note(note)
    return _LINE.index(name[0]) - 1 + 7 * (name.count("#") - name.count("b"))


def note_at(position: int) -> str:
    """Return the note at a position on the line of fifths; the opposite of `line_of_fifths`."""
    sharps, letter = divmod(position + 1, 7)
    return _LINE[letter] + ("#" * sharps if sharps > 0 else "b" * -sharps)


def note_pitch_class(note: str) -> int:
    """Return the pitch class of a note, C being 0.

    >>> note_pitch_class("Cb"), note_pitch_class("F##")
    (11, 7)
    """
    return line_of_fifths(note) * 7 % 12


def spell(pitch_class: int, *, tonic: str = "C", double: bool = False) -> str:
    """Name a pitch class as a key with this tonic asks, major or minor.

    The twelve names run from the lowered second, five steps down the line of fifths from the tonic, to the
    raised fourth, six steps up; they hold every note of major and of all three minor scales. With ``double``
    they may carry double accidentals (the leading note of G# minor is ``F##``); without, the plainer name of
    the same key of a piano is taken.

    >>> spell(10, tonic="F"), spell(10, tonic="B"), spell(8, tonic="A"), spell(7, tonic="G#", double=True)
    ('Bb', 'A#', 'G#', 'F##')
    """
    first = line_of_fifths(tonic) - 5
    position = first + (pitch_class * 7 - first) % 12
    if not double:
        position += 12 * ((position < _FLATTEST) - (position > _SHARPEST))
    return note_at(position)


def _degree_parts(degree: str) -> tuple[int, int]:
    """Alteration in semitones and number, 1 to 13, of a degree such as ``"b3"``."""
    found = _DEGREE.fullmatch(degree) if isinstance(degree, str) else None
    if found is None:
        raise ParameterError(f"degree {degree!r}: want 1 to 13 with # or b before it, such as 'b7'")
    return found[1].count("#") - found[1].count("b"), int(found[2])


def degree_semitones(degree: str) -> int:
    """Return the semitones from a root up to a degree of its major scale, not folded to an octave.

    >>> degree_semitones("b3"), degree_semitones("#11"), degree_semitones("13")
    (3, 18, 21)
    """
    alteration, number = _degree_parts(degree)
    octaves, step = divmod(number - 1, 7)
    return 12 * octaves + _DEGREE_SEMITONES[step] + alteration


def note_above(root: str, degree: str) -> str:
    """Return the note on a degree above a root, spelt as the degree says.

    >>> note_above("C", "b3"), note_above("C#", "3"), note_above("Gb", "b7")
    ('Eb', 'E#', 'Fb')
    """
    alteration, number = _degree_parts(degree)
    return note_at(line_of_fifths(root) + _DEGREE_FIFTHS[(number - 1) % 7] + 7 * alteration)


def degree_above(root: str, note: str) -> str:
    """Return the degree, 1 to 7 with accidentals, of a note above a root; the opposite of `note_above`.

    >>> degree_above("D", "C"), degree_above("A", "C#")
    ('b7', '3')
    """
    sharps, step = divmod(line_of_fifths(note) - line_of_fifths(root) + 1, 7)
    number = _DEGREE_FIFTHS.index(step - 1) + 1
    return ("#" * sharps if sharps > 0 else "b" * -sharps) + str(number)


def interval_fifths(interval: str) -> int:
    """Return an interval as steps on the line of fifths: ``"P5"`` is 1, ``"m3"`` -3, ``"-M2"`` -2.

    Qualities are P, M, m, A (augmented) and d (diminished), also doubled; a minus goes down.
    """
    found = _INTERVAL.fullmatch(interval) if isinstance(interval, str) else None
    number = int(found[3]) if found else 0
    step = (number - 1) % 7
    perfect = step in (0, 3, 4)
    sizes = {"P": 0, "A": 1, "AA": 2, "d": -1, "dd": -2} if perfect else {"M": 0, "m": -1, "A": 1, "d": -2}
    if found is None or number < 1 or found[2] not in sizes:
        raise ParameterError(
            f"interval {interval!r}: want a quality and a number such as 'm3', 'P5' or '-A4'"
        )
    fifths = _DEGREE_FIFTHS[step] + 7 * sizes[found[2]]
    return -fifths if found[1] else fifths

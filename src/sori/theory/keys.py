"""Keys: tonic and mode, their signatures, scales, relatives, and the names DJs give them."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from sori.errors import ParameterError
from sori.theory.spelling import line_of_fifths, note_at, note_pitch_class, parse_note

__all__ = [
    "MODES",
    "KeyLike",
    "KeyName",
    "camelot",
    "conventional_key",
    "dominant",
    "open_key",
    "parallel",
    "parse_key",
    "relative",
    "scale_notes",
    "scale_pitch_classes",
    "signature",
    "signature_notes",
    "subdominant",
]

#: Steps on the line of fifths from the major scale with the same notes up to the mode's tonic.
MODES = {
    "major": 0,
    "minor": 3,
    "ionian": 0,
    "dorian": 2,
    "phrygian": 4,
    "lydian": -1,
    "mixolydian": 1,
    "aeolian": 3,
    "locrian": 5,
}
_SHORT_MODES = {
    "": "major",
    "maj": "major",
    "M": "major",
    "m": "minor",
    "min": "minor",
    "dor": "dorian",
    "phr": "phrygian",
    "lyd": "lydian",
    "mix": "mixolydian",
    "loc": "locrian",
}
_KEY = re.compile(r"([A-Ga-g](?:#|b|♯|♭)*)[\s:-]*(\w*)")
_CODE = re.compile(r"(1[0-2]|[1-9])([ABabdm])")
_RAISED = {"natural": (), "harmonic": (6,), "melodic": (5, 6)}


class KeyName(NamedTuple):
    """A key: tonic, a note name, and mode, one of `MODES`. It equals the plain pair ``(tonic, mode)``."""

    tonic: str
    mode: str

    def __str__(self) -> str:
        return f"{self.tonic} {self.mode}"

    @property
    def label(self) -> str:
        """The key in the manner of Harte's chord labels: ``"F#:min"``; modes are written out."""
        return f"{self.tonic}:{ {'major': 'maj', 'minor': 'min'}.get(self.mode, self.mode) }"

    @property
    def is_minor(self) -> bool:
        """Whether the third above the tonic is minor."""
        return MODES[self.mode] >= 2


KeyLike: TypeAlias = str | tuple[str, str]


def parse_key(key: KeyLike) -> KeyName:
    """Read ``"A minor"``, ``"Am"``, ``"F#:min"``, ``"Bb"``, ``"D dorian"`` or a code: ``"8A"``, ``"1m"``.

    The codes are those of the Camelot wheel (A, B) and of Open Key (d, m). A pair (tonic, mode) is
    checked and returned.

    Raises
    ------
    ParameterError
        Anything else.

    >>> parse_key("F#m"), str(parse_key("8A"))
    (KeyName(tonic='F#', mode='minor'), 'A minor')
    """
    if not isinstance(key, str):
        if not isinstance(key, tuple) or len(key) != 2:
            raise ParameterError(f"key {key!r}: want a name such as 'F# minor', or a pair (tonic, mode)")
        tonic, mode = key
        if mode not in MODES:
            raise ParameterError(f"mode {mode!r}: want one of {', '.join(MODES)}")
        return KeyName(parse_note(tonic), mode)
    code = _CODE.fullmatch(key.strip())
    if code:
        return _from_code(int(code[1]), code[2])
    found = _KEY.fullmatch(key.strip())
    word = found[2] if found else "?"
    mode = _SHORT_MODES.get(word) or _SHORT_MODES.get(word.lower()) or word.lower()
    if found is None or mode not in MODES:
        raise ParameterError(f"key {key!r} is not known; write a note and a mode, such as 'F# minor' or 'Bb'")
    return KeyName(parse_note(found[1]), mode)


def _from_code(number: int, letter: str) -> KeyName:
    """Key of a Camelot (A, B) or Open Key (m, d) code."""
    circle = number - 8 if letter in "ABab" else number - 1
    minor = letter in "Aam"
    return conventional_key((circle + (3 if minor else 0)) * 7 % 12, "minor" if minor else "major")


def conventional_key(pitch_class: int, mode: str) -> KeyName:
    """Name the key on a pitch class with the fewest accidentals; F# major and Eb minor where two are level.

    >>> str(conventional_key(1, "major")), str(conventional_key(1, "minor"))
    ('Db major', 'C# minor')
    """
    if mode not in MODES:
        raise ParameterError(f"mode {mode!r}: want one of {', '.join(MODES)}")
    flats = MODES[mode] >= 2
    accidentals = (pitch_class * 7 - MODES[mode] + 5 + flats) % 12 - 5 - flats
    return KeyName(note_at(accidentals + MODES[mode]), mode)


def signature(key: KeyLike) -> int:
    """Return how many accidentals a key has: sharps above zero, flats below.

    >>> signature("A major"), signature("C minor"), signature("D dorian")
    (3, -3, 0)
    """
    name = parse_key(key)
    return line_of_fifths(name.tonic) - MODES[name.mode]


def signature_notes(key: KeyLike) -> tuple[str, ...]:
    """Return the altered notes of the key signature in the order they are written.

    >>> signature_notes("Eb major")
    ('Bb', 'Eb', 'Ab')
    """
    count = signature(key)
    if count >= 0:
        return tuple(note_at(6 + step) for step in range(count))
    return tuple(note_at(-2 - step) for step in range(-count))


def scale_notes(key: KeyLike, *, form: str = "natural") -> tuple[str, ...]:
    """Return the seven notes of the key, spelt, from the tonic up.

    ``form`` is of minor keys: ``"natural"``, ``"harmonic"`` (seventh raised), ``"melodic"`` (also the sixth).

    >>> scale_notes("A minor", form="harmonic")
    ('A', 'B', 'C', 'D', 'E', 'F', 'G#')
    """
    name = parse_key(key)
    if form not in _RAISED:
        raise ParameterError(f"form={form!r}: want one of {', '.join(_RAISED)}")
    if form != "natural" and name.mode not in ("minor", "aeolian"):
        raise ParameterError(f"form={form!r} is of minor keys, and this is {name}; leave it out")
    first = signature(name) - 1
    start = "CDEFGAB".index(name.tonic[0])
    by_letter = {note_at(first + step)[0]: first + step for step in range(7)}
    positions = [by_letter["CDEFGAB"[(start + step) % 7]] for step in range(7)]
    raised = _RAISED[form]
    return tuple(note_at(position + 7 * (step in raised)) for step, position in enumerate(positions))


def scale_pitch_classes(key: KeyLike, *, form: str = "natural") -> tuple[int, ...]:
    """Return the pitch classes of `scale_notes`."""
    return tuple(note_pitch_class(note) for note in scale_notes(key, form=form))


def relative(key: KeyLike) -> KeyName:
    """Return the key with the same notes in the other mode; of a church mode, its major key.

    >>> str(relative("Eb major")), str(relative("E minor"))
    ('C minor', 'G major')
    """
    name = parse_key(key)
    mode = "minor" if name.mode in ("major", "ionian") else "major"
    return KeyName(note_at(signature(name) + MODES[mode]), mode)


def parallel(key: KeyLike) -> KeyName:
    """Return the key with the same tonic in the other mode, spelt to be readable.

    >>> str(parallel("C minor")), str(parallel("Db major"))
    ('C major', 'C# minor')
    """
    name = parse_key(key)
    other = KeyName(name.tonic, "major" if name.is_minor else "minor")
    return other if abs(signature(other)) <= 7 else conventional_key(note_pitch_class(name.tonic), other.mode)


def dominant(key: KeyLike) -> KeyName:
    """Return the key in the same mode a fifth up."""
    name = parse_key(key)
    return KeyName(note_at(line_of_fifths(name.tonic) + 1), name.mode)


def subdominant(key: KeyLike) -> KeyName:
    """Return the key in the same mode a fifth down."""
    name = parse_key(key)
    return KeyName(note_at(line_of_fifths(name.tonic) - 1), name.mode)


def camelot(key: KeyLike) -> str:
    """Name a key on the Camelot wheel: ``8B`` is C major, ``8A`` A minor; a fifth up adds one.

    Church modes stand where the major or minor key with the same notes does.

    >>> camelot("A minor"), camelot("Eb major")
    ('8A', '5B')
    """
    return f"{(signature(key) + 7) % 12 + 1}{'A' if parse_key(key).is_minor else 'B'}"


def open_key(key: KeyLike) -> str:
    """Name a key in Open Key notation: ``1d`` is C major, ``1m`` A minor.

    >>> open_key("C major"), open_key("B minor")
    ('1d', '3m')
    """
    return f"{signature(key) % 12 + 1}{'m' if parse_key(key).is_minor else 'd'}"

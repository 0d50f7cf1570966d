"""Chord symbols in Harte's syntax: reading, writing, what sounds in them, and simpler chords like them.

A label is ``root:shorthand(degrees)/bass``: ``"F#:min7"``, ``"C:maj(9)/3"``, ``"G:7(*5,b9)"``; ``N`` is no
chord and ``X`` a chord that has no name. Degrees count from the root's major scale, an asterisk omits one.
Source: Harte, Sandler, Abdallah & Gómez, "Symbolic representation of musical chords", ISMIR 2005, with the
ninths, elevenths and thirteenths that the field has added since.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable

from sori.errors import ParameterError
from sori.theory.spelling import degree_semitones, note_above, note_pitch_class, parse_note, spell

__all__ = [
    "NO_CHORD",
    "SHORTHANDS",
    "UNKNOWN_CHORD",
    "ChordLike",
    "ChordSymbol",
    "as_chord",
    "chords_of_notes",
    "parse_chord",
    "reduce_chord",
    "same_sound",
    "simplify",
]

#: The degrees each shorthand stands for.
SHORTHANDS: dict[str, tuple[str, ...]] = {
    "maj": ("1", "3", "5"),
    "min": ("1", "b3", "5"),
    "dim": ("1", "b3", "b5"),
    "aug": ("1", "3", "#5"),
    "maj7": ("1", "3", "5", "7"),
    "min7": ("1", "b3", "5", "b7"),
    "7": ("1", "3", "5", "b7"),
    "dim7": ("1", "b3", "b5", "bb7"),
    "hdim7": ("1", "b3", "b5", "b7"),
    "minmaj7": ("1", "b3", "5", "7"),
    "aug7": ("1", "3", "#5", "b7"),
    "maj6": ("1", "3", "5", "6"),
    "min6": ("1", "b3", "5", "6"),
    "9": ("1", "3", "5", "b7", "9"),
    "maj9": ("1", "3", "5", "7", "9"),
    "min9": ("1", "b3", "5", "b7", "9"),
    "11": ("1", "3", "5", "b7", "9", "11"),
    "maj11": ("1", "3", "5", "7", "9", "11"),
    "min11": ("1", "b3", "5", "b7", "9", "11"),
    "13": ("1", "3", "5", "b7", "9", "11", "13"),
    "maj13": ("1", "3", "5", "7", "9", "11", "13"),
    "min13": ("1", "b3", "5", "b7", "9", "11", "13"),
    "sus2": ("1", "2", "5"),
    "sus4": ("1", "4", "5"),
    "5": ("1", "5"),
    "1": ("1",),
    "": ("1",),
}
_LABEL = re.compile(r"([A-G](?:b*|#*))(?::([a-z]*\d*)?(?:\(([^()]*)\))?)?(?:/((?:b*|#*)\d+))?")
_TRIADS = {(4, 7): "maj", (3, 7): "min", (3, 6): "dim", (4, 8): "aug", (5, 7): "sus4", (2, 7): "sus2"}
_SEVENTHS = {
    ("maj", 10): "7",
    ("maj", 11): "maj7",
    ("min", 10): "min7",
    ("min", 11): "minmaj7",
    ("dim", 10): "hdim7",
    ("dim", 9): "dim7",
    ("aug", 10): "aug(b7)",
    ("aug", 11): "aug(7)",
    ("sus4", 10): "sus4(b7)",
    ("sus2", 10): "sus2(b7)",
    ("sus4", 11): "sus4(7)",
    ("sus2", 11): "sus2(7)",
}
_VOCABULARIES = ("majmin", "triads", "sevenths")
# Shapes that a set of notes may be, the plainest first.
_NAMES_OF_NOTES = (
    *("maj", "min", "7", "min7", "maj7", "sus4", "sus2", "dim", "aug", "5", "maj6", "min6", "hdim7", "dim7"),
    *("sus4(b7)", "minmaj7", "9", "min9", "maj9", "maj(9)", "min(9)", "maj6(9)", "aug(b7)", "7(b9)", "7(#9)"),
    *("7(*5,b5)", "sus4(b7,9)", "7(#11)", "maj7(#11)", "11", "min11", "13", "maj13", "min13", "maj7(*5)"),
    *("7(*5)", "min7(*5)", "sus4(9)", "1"),
)


@dataclasses.dataclass(frozen=True)
class ChordSymbol:
    """A chord: spelt root, shorthand, degrees added and omitted, and the degree in the bass.

    ``root`` is ``None`` for no chord (shorthand ``"N"``) and for a chord without a name (``"X"``).
    """

    root: str | None
    shorthand: str = "maj"
    added: tuple[str, ...] = ()
    omitted: tuple[str, ...] = ()
    bass: str = "1"

    def __post_init__(self) -> None:
        if self.root is None:
            if self.shorthand not in ("N", "X") or self.added or self.omitted or self.bass != "1":
                raise ParameterError("a chord without a root is 'N' or 'X' and nothing more")
            return
        parse_note(self.root)
        if self.shorthand not in SHORTHANDS:
            raise ParameterError(
                f"shorthand {self.shorthand!r}: want one of {', '.join(filter(None, SHORTHANDS))}"
            )
        for degree in (*self.added, *self.omitted, self.bass):
            degree_semitones(degree)

    @property
    def label(self) -> str:
        """The chord in Harte's syntax; equal records have equal labels.

        >>> ChordSymbol("C", "min", added=("9",), bass="b3").label
        'C:min(9)/b3'
        """
        if self.root is None:
            return self.shorthand
        degrees = ",".join([*self.added, *("*" + degree for degree in self.omitted)])
        quality = self.shorthand + (f"({degrees})" if degrees else "")
        return f"{self.root}:{quality or '1'}" + (f"/{self.bass}" if self.bass != "1" else "")

    def __str__(self) -> str:
        return self.label

    @property
    def degrees(self) -> tuple[str, ...]:
        """The degrees that sound, the lowest first, without a bass that is foreign to the chord."""
        own = {
            degree: degree_semitones(degree) for degree in (*SHORTHANDS.get(self.shorthand, ()), *self.added)
        }
        gone = {degree_semitones(degree) % 12 for degree in self.omitted}
        kept = [d for d, semitones in own.items() if semitones % 12 not in gone or d in self.added]
        return tuple(sorted(kept, key=lambda degree: own[degree]))

    @property
    def chord_tones(self) -> frozenset[int]:
        """Semitones above the root, folded to an octave, of `degrees`."""
        return frozenset(degree_semitones(degree) % 12 for degree in self.degrees)

    @property
    def intervals(self) -> frozenset[int]:
        """`chord_tones` and the bass, which always sounds."""
        return self.chord_tones | ({self.bass_interval} if self.root is not None else set())

    @property
    def bass_interval(self) -> int:
        """Semitones from the root up to the bass, 0 to 11."""
        return degree_semitones(self.bass) % 12

    @property
    def root_pitch_class(self) -> int | None:
        """The root, C being 0; ``None`` without one."""
        return None if self.root is None else note_pitch_class(self.root)

    @property
    def bass_pitch_class(self) -> int | None:
        """The lowest note, C being 0; ``None`` without a chord."""
        return None if self.root is None else (note_pitch_class(self.root) + self.bass_interval) % 12

    @property
    def bass_note(self) -> str | None:
        """The lowest note, spelt from the root."""
        return None if self.root is None else note_above(self.root, self.bass)

    @property
    def pitch_classes(self) -> frozenset[int]:
        """All that sounds, C being 0; empty for ``N`` and ``X``."""
        root = self.root_pitch_class
        return frozenset() if root is None else frozenset((root + step) % 12 for step in self.intervals)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of `degrees`, spelt, from the root up.

        >>> parse_chord("C#:maj7").notes
        ('C#', 'E#', 'G#', 'B#')
        """
        return () if self.root is None else tuple(note_above(self.root, degree) for degree in self.degrees)

    def with_root(self, root: str) -> ChordSymbol:
        """The same chord on another root."""
        return self if self.root is None else dataclasses.replace(self, root=parse_note(root))


ChordLike = str | ChordSymbol
NO_CHORD = ChordSymbol(None, "N")
UNKNOWN_CHORD = ChordSymbol(None, "X")


def as_chord(chord: ChordLike) -> ChordSymbol:
    """Return a chord as it is, or read its label."""
    return chord if isinstance(chord, ChordSymbol) else parse_chord(chord)


@functools.lru_cache(maxsize=4096)
def parse_chord(label: str) -> ChordSymbol:
    """Read a label in Harte's syntax.

    A root alone is major; degrees without a shorthand stand on the bare root.

    Raises
    ------
    ParameterError
        The label is not one.

    >>> parse_chord("G:7/b7").bass_note, sorted(parse_chord("C:sus4(b7)").intervals)
    ('F', [0, 5, 7, 10])
    """
    if label in ("N", "X"):
        return NO_CHORD if label == "N" else UNKNOWN_CHORD
    found = _LABEL.fullmatch(label) if isinstance(label, str) else None
    if found is None or (found[2] == "" and found[3] is None):
        raise ParameterError(
            f"{label!r} is not a chord in Harte's syntax, such as 'C:maj', 'F#:min7/b3' or 'N'"
        )
    root, shorthand, degrees, bass = found.groups()
    if shorthand is None:
        shorthand = "maj"
    parts = [part.strip() for part in degrees.split(",")] if degrees is not None else []
    return ChordSymbol(
        root,
        shorthand,
        added=tuple(part for part in parts if not part.startswith("*")),
        omitted=tuple(part[1:] for part in parts if part.startswith("*")),
        bass=bass or "1",
    )


def same_sound(a: ChordLike, b: ChordLike, *, bass: bool = True) -> bool:
    """Say whether two chords have the same pitch classes and, unless told otherwise, the same bass.

    >>> same_sound("C:maj6/6", "A:min7"), same_sound("C#:maj", "Db:maj"), same_sound("C:maj", "C:maj/3")
    (True, True, False)
    """
    one, other = as_chord(a), as_chord(b)
    if one.root is None or other.root is None:
        return one == other
    return one.pitch_classes == other.pitch_classes and (
        not bass or one.bass_pitch_class == other.bass_pitch_class
    )


def _bass_kept(chord: ChordSymbol, kind: ChordSymbol) -> ChordSymbol:
    return dataclasses.replace(kind, bass=chord.bass) if chord.bass_interval in kind.chord_tones else kind


def reduce_chord(chord: ChordLike, *, vocabulary: str = "majmin", inversions: bool = False) -> ChordSymbol:
    """Return the chord's class as evaluations count it, or ``X`` where the vocabulary has none.

    ``"majmin"`` looks at what lies within a fifth above the root and wants it to be a major or minor triad;
    ``"triads"`` also takes dim, aug, sus2 and sus4 in the same way; ``"sevenths"`` wants exactly maj, min,
    maj7, 7 or min7, ninths and more not counted. The first and last are mir_eval's rules of the same names.

    >>> reduce_chord("D:min9/b3").label, reduce_chord("D:sus4").label
    ('D:min', 'X')
    """
    symbol = as_chord(chord)
    _check_vocabulary(vocabulary)
    if symbol.root is None:
        return symbol
    heard = {degree_semitones(degree) for degree in symbol.degrees}
    within = {semitones % 12 for semitones in heard if semitones < 12} | {symbol.bass_interval}
    names: tuple[str, ...] = ("maj", "min", "maj7", "7", "min7")
    if vocabulary != "sevenths":
        top = 8 if vocabulary == "majmin" else 9
        within = {semitones for semitones in within if semitones < top}
        names = ("maj", "min") if vocabulary == "majmin" else tuple(_TRIADS.values())
    for name in names:
        kind = ChordSymbol(symbol.root, name)
        if kind.intervals == within:
            if not inversions:
                return kind
            return dataclasses.replace(kind, bass=symbol.bass)
    return UNKNOWN_CHORD


def simplify(chord: ChordLike, *, vocabulary: str = "majmin", inversions: bool = False) -> ChordSymbol:
    """Return the plain chord to play instead; every chord has one.

    ``"majmin"``: minor where the third is minor, else major. ``"triads"``: also dim, aug, sus2, sus4.
    ``"sevenths"``: the triad with its seventh or sixth. ``inversions`` keeps the bass where the plain chord
    has that note.

    >>> simplify("C:7(b9)").label, simplify("B:hdim7").label, simplify("B:hdim7", vocabulary="triads").label
    ('C:maj', 'B:min', 'B:dim')
    """
    symbol = as_chord(chord)
    _check_vocabulary(vocabulary)
    if symbol.root is None:
        return symbol
    tones = symbol.chord_tones
    if vocabulary == "majmin":
        name = "min" if 3 in tones and 4 not in tones else "maj"
    else:
        name = _triad(tones)
        if vocabulary == "sevenths":
            name = _tetrad(name, tones)
    kind = parse_chord(f"{symbol.root}:{name}")
    return _bass_kept(symbol, kind) if inversions else kind


def _triad(tones: frozenset[int]) -> str:
    """The triad nearest to some chord tones."""
    for (third, fifth), name in _TRIADS.items():
        if third in tones and fifth in tones:
            return name
    return "min" if 3 in tones and 4 not in tones else "maj"


def _tetrad(triad: str, tones: frozenset[int]) -> str:
    """The triad with the seventh or sixth that sounds in it."""
    for seventh in (10, 11, 9):
        if seventh in tones and (triad, seventh) in _SEVENTHS:
            return _SEVENTHS[triad, seventh]
    if 9 in tones and triad in ("maj", "min"):
        return triad + "6"
    return triad


def _check_vocabulary(vocabulary: str) -> None:
    if vocabulary not in _VOCABULARIES:
        raise ParameterError(f"vocabulary={vocabulary!r}: want one of {', '.join(_VOCABULARIES)}")


def chords_of_notes(
    pitch_classes: Iterable[int], *, bass: int | None = None, tonic: str = "C"
) -> tuple[ChordSymbol, ...]:
    """Name the chords that are exactly these pitch classes, the likeliest first; empty when none is.

    Chords whose root is in the bass come before inversions, plain ones before crowded ones.

    >>> [chord.label for chord in chords_of_notes([0, 4, 7, 9], bass=9)]
    ['A:min7', 'C:maj6/6']
    """
    heard = frozenset(pitch % 12 for pitch in pitch_classes)
    found = []
    for root in sorted(heard):
        above = frozenset((pitch - root) % 12 for pitch in heard)
        note = spell(root, tonic=tonic)
        for rank, name in enumerate(_NAMES_OF_NOTES):
            symbol = parse_chord(f"{note}:{name}")
            if symbol.chord_tones != above:
                continue
            low = (root if bass is None else bass) % 12
            degree = next((d for d in symbol.degrees if (degree_semitones(d) + root - low) % 12 == 0), None)
            if degree is not None:
                octave_lower = {"9": "2", "11": "4", "13": "6"}.get(degree, degree)
                found.append((low != root, rank, dataclasses.replace(symbol, bass=octave_lower)))
                break
    return tuple(symbol for _, _, symbol in sorted(found, key=lambda each: each[:2]))

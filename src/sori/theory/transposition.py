"""Moving chords and keys to another pitch with the spelling that the new key asks for."""

from __future__ import annotations

from collections.abc import Sequence

from sori.errors import ParameterError
from sori.theory.chords import ChordLike, ChordSymbol, as_chord
from sori.theory.keys import KeyLike, KeyName, conventional_key, parse_key, scale_pitch_classes, signature
from sori.theory.spelling import interval_fifths, line_of_fifths, note_at, note_pitch_class, spell

__all__ = [
    "respell",
    "respell_chords",
    "spelling_key",
    "transpose",
    "transpose_chords",
    "transpose_key",
    "transpose_note",
]


def transpose_note(note: str, interval: str) -> str:
    """Move a note by an interval, the letter with it.

    >>> transpose_note("E", "m3"), transpose_note("E", "A2"), transpose_note("C", "-M2")
    ('G', 'F##', 'Bb')
    """
    return note_at(line_of_fifths(note) + interval_fifths(interval))


def transpose_key(key: KeyLike, by: int | str) -> KeyName:
    """Move a key by semitones, to its conventional name, or by an interval, exactly.

    >>> str(transpose_key("C major", 1)), str(transpose_key("C major", "A1")), str(transpose_key("Am", -1))
    ('Db major', 'C# major', 'G# minor')
    """
    name = parse_key(key)
    if isinstance(by, str):
        return KeyName(transpose_note(name.tonic, by), name.mode)
    return conventional_key((note_pitch_class(name.tonic) + _whole(by)) % 12, name.mode)


def respell(chord: ChordLike, key: KeyLike) -> ChordSymbol:
    """Name a chord's root as a key asks; the sound stays.

    >>> respell("G#:maj", "Eb major").label, respell("Bb:min", "B major").label
    ('Ab:maj', 'A#:min')
    """
    symbol = as_chord(chord)
    pitch_class = symbol.root_pitch_class
    if pitch_class is None:
        return symbol
    return symbol.with_root(spell(pitch_class, tonic=parse_key(key).tonic))


def respell_chords(chords: Sequence[ChordLike], key: KeyLike | None = None) -> tuple[ChordSymbol, ...]:
    """Name the roots of a song's chords as its key asks; without one, as `spelling_key` does."""
    symbols = _row(chords)
    asked = spelling_key(symbols) if key is None else parse_key(key)
    return tuple(respell(symbol, asked) for symbol in symbols)


def transpose(chord: ChordLike, by: int | str, *, key: KeyLike | None = None) -> ChordSymbol:
    """Move a chord by semitones or by an interval.

    By an interval (``"m3"``, ``"-P4"``) the letter moves with it. By semitones the root is spelt for the key
    it arrives in, when the key it comes from is given; else with the fewest accidentals.

    >>> transpose("E:min7/b7", 3).label, transpose("A:maj", 1, key="D major").label
    ('G:min7/b7', 'Bb:maj')
    """
    return transpose_chords([chord], by, key=key)[0]


def transpose_chords(
    chords: Sequence[ChordLike], by: int | str, *, key: KeyLike | None = None
) -> tuple[ChordSymbol, ...]:
    """Move a song's chords by semitones or by an interval; as `transpose`, spelt together.

    >>> [chord.label for chord in transpose_chords(["C:maj", "A:min", "F:maj", "G:7"], -1)]
    ['B:maj', 'G#:min', 'E:maj', 'F#:7']
    """
    symbols = _row(chords)
    if isinstance(by, str):
        return tuple(
            symbol if symbol.root is None else symbol.with_root(transpose_note(symbol.root, by))
            for symbol in symbols
        )
    steps = _whole(by)
    moved = tuple(
        symbol
        if symbol.root_pitch_class is None
        else symbol.with_root(spell((symbol.root_pitch_class + steps) % 12))
        for symbol in symbols
    )
    return respell_chords(moved, None if key is None else transpose_key(key, steps))


def spelling_key(chords: Sequence[ChordLike]) -> KeyName:
    """Return the major key that holds most of the notes of some chords, to spell them by.

    Among keys that hold as many the one with the fewest accidentals is taken. This chooses names; it is not
    an estimate of the key, for it does not ask what the tonic is.

    >>> str(spelling_key(["G:min", "D:7", "Eb:maj"]))
    'Bb major'
    """
    heard = [0] * 12
    for symbol in _row(chords):
        for pitch_class in symbol.pitch_classes:
            heard[pitch_class] += 1
    keys = [conventional_key(tonic, "major") for tonic in range(12)]
    return max(keys, key=lambda key: (sum(heard[p] for p in scale_pitch_classes(key)), -abs(signature(key))))


def _row(chords: Sequence[ChordLike]) -> list[ChordSymbol]:
    if isinstance(chords, str):
        raise ParameterError(f"chords={chords!r} is one chord: want a row of chords, such as [{chords!r}]")
    return [as_chord(chord) for chord in chords]


def _whole(by: int) -> int:
    if isinstance(by, bool) or not isinstance(by, int):
        raise ParameterError(f"by={by!r}: want whole semitones, or an interval such as 'm3'")
    return by

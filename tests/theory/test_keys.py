"""Keys: what they contain, which are near, and their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from sori.errors import ParameterError
from sori.library import compatible
from sori.theory.keys import (
    MODES,
    KeyName,
    camelot,
    conventional_key,
    dominant,
    open_key,
    parallel,
    parse_key,
    relative,
    scale_notes,
    scale_pitch_classes,
    signature,
    signature_notes,
    subdominant,
)
from sori.theory.spelling import line_of_fifths, note_at, note_pitch_class

KEYS = [conventional_key(pitch, mode) for pitch in range(12) for mode in MODES]
PATTERNS = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "ionian": (0, 2, 4, 5, 7, 9, 11),
    "aeolian": (0, 2, 3, 5, 7, 8, 10),
}


def test_scales_have_their_pattern_and_every_letter_once() -> None:
    for key in KEYS:
        tonic = note_pitch_class(key.tonic)
        assert tuple((pitch - tonic) % 12 for pitch in scale_pitch_classes(key)) == PATTERNS[key.mode]
        notes = scale_notes(key)
        assert sorted(note[0] for note in notes) == list("ABCDEFG")
        assert notes[0] == key.tonic
        altered = {note for note in notes if len(note) > 1}
        assert altered == set(signature_notes(key))
        assert abs(signature(key)) == len(altered) <= 6


def test_forms_of_minor() -> None:
    assert scale_notes("G# minor", form="harmonic")[-1] == "F##"
    assert scale_notes("C minor", form="melodic") == ("C", "D", "Eb", "F", "G", "A", "B")
    with pytest.raises(ParameterError, match="minor"):
        scale_notes("C major", form="harmonic")
    with pytest.raises(ParameterError, match="form"):
        scale_notes("C minor", form="jazz")


def test_conventional_keys_have_the_fewest_accidentals() -> None:
    for pitch in range(12):
        for mode in MODES:
            key = conventional_key(pitch, mode)
            assert note_pitch_class(key.tonic) == pitch
            other = (note_at(line_of_fifths(key.tonic) + step) for step in (-12, 12))
            assert all(abs(signature((tonic, mode))) >= abs(signature(key)) for tonic in other)
    assert " ".join(conventional_key(p, "major").tonic for p in range(12)) == "C Db D Eb E F F# G Ab A Bb B"
    assert " ".join(conventional_key(p, "minor").tonic for p in range(12)) == "C C# D Eb E F F# G G# A Bb B"
    with pytest.raises(ParameterError, match="mode"):
        conventional_key(0, "blues")


def test_neighbours() -> None:
    for key in KEYS:
        assert set(scale_pitch_classes(relative(key))) == set(scale_pitch_classes(key))
        assert relative(key).is_minor == (key.mode in ("major", "ionian"))
        assert len(set(scale_pitch_classes(dominant(key))) & set(scale_pitch_classes(key))) == 6
        assert subdominant(dominant(key)) == key
        assert note_pitch_class(parallel(key).tonic) == note_pitch_class(key.tonic)
        assert parallel(key).is_minor != key.is_minor
        assert abs(signature(parallel(key))) <= 7
        if key.mode in ("major", "minor"):
            assert relative(relative(key)) == key
    assert dominant("A minor") == ("E", "minor")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("C", "C major"),
        ("c#", "C# major"),
        ("Am", "A minor"),
        ("A minor", "A minor"),
        ("Bb:min", "Bb minor"),
        ("F♯ Minor", "F# minor"),
        ("Ebmaj", "Eb major"),
        ("D dorian", "D dorian"),
        ("e-phrygian", "E phrygian"),
        ("8A", "A minor"),
        ("8b", "C major"),
        ("12B", "E major"),
        ("1m", "A minor"),
        ("3d", "D major"),
        ("C M", "C major"),
        ("CM", "C major"),
        ("Cm", "C minor"),
        (("Db", "major"), "Db major"),
    ],
)
def test_keys_are_read(text: str, key: str) -> None:
    assert str(parse_key(text)) == key


@pytest.mark.parametrize(
    "wrong",
    ["", "H", "C blues", "13A", "0B", "Amm", "A minor key", ("C", "Major"), ("H", "major"), None, 3, ("C",)],
)
def test_what_is_no_key_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError):
        parse_key(wrong)


def test_keys_are_written_and_read_back() -> None:
    for key in KEYS:
        assert parse_key(str(key)) == key == parse_key(key)
        assert parse_key(key.label) == key
        if key.mode in ("major", "minor"):
            assert parse_key(camelot(key)) == key == parse_key(open_key(key))
    assert KeyName("C", "major") == ("C", "major")
    assert KeyName("F#", "minor").label == "F#:min"


def test_codes_of_the_wheel_agree_with_the_library() -> None:
    for pitch in range(12):
        for mode in ("major", "minor"):
            key = conventional_key(pitch, mode)
            assert camelot(key) == compatible.camelot(*key)
            for text in (str(key), camelot(key), key.tonic + ("m" if mode == "minor" else "")):
                tonic, their_mode = compatible.parse_key(text)
                ours = parse_key(text)
                assert (note_pitch_class(ours.tonic), ours.mode) == (note_pitch_class(tonic), their_mode)
    wheel = {camelot(conventional_key(pitch, mode)) for pitch in range(12) for mode in ("major", "minor")}
    assert wheel == {f"{number}{letter}" for number in range(1, 13) for letter in "AB"}
    assert (open_key("A minor"), open_key("F major"), open_key("Db major")) == ("1m", "12d", "8d")


def test_keys_of_the_scores_are_read(data: Path) -> None:
    files = sorted((data / "pop909").rglob("key_audio.txt"))
    labels = {line.split()[2] for file in files for line in file.read_text().splitlines() if line.strip()}
    assert labels
    for label in labels:
        assert parse_key(label).label == label

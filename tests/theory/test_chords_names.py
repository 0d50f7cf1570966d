"""Chords on lead sheets; notes, keys and chords in other languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_chords import labels, of_the_scores

from sori.errors import ParameterError
from sori.theory.chords import SHORTHANDS, parse_chord, same_sound
from sori.theory.keys import MODES, conventional_key, parse_key
from sori.theory.lead_sheet import chord_name, parse_chord_name
from sori.theory.names import (
    LANGUAGES,
    chord_in,
    key_in,
    note_in,
    parse_chord_in,
    parse_key_in,
    parse_note_in,
)
from sori.theory.spelling import note_at

NAMES = {
    "maj": "C Cmaj CM",
    "min": "Cm Cmin C- Cmi",
    "7": "C7 Cdom7",
    "maj7": "Cmaj7 CM7 CΔ CΔ7 Cma7 C^7 Cj7",
    "min7": "Cm7 Cmin7 C-7 Cmi7",
    "minmaj7": "CmM7 Cm(maj7) Cm/maj7 C-Δ7 CmMaj7",
    "hdim7": "Cm7b5 Cø Cø7 C-7b5 Cm7(b5) Cm7-5 Ch7",
    "dim": "Cdim C° Co",
    "dim7": "Cdim7 C°7 Co7",
    "aug": "Caug C+",
    "aug(b7)": "C7#5 C+7 Caug7 C7+5",
    "aug(7)": "Cmaj7#5",
    "maj6": "C6 Cmaj6",
    "min6": "Cm6 C-6",
    "maj6(9)": "C6/9 C69",
    "min6(9)": "Cm6/9 Cm69",
    "9": "C9",
    "maj9": "Cmaj9 CM9",
    "min9": "Cm9",
    "11": "C11",
    "13": "C13",
    "maj13": "Cmaj13",
    "sus4": "Csus4 Csus",
    "sus2": "Csus2",
    "sus4(b7)": "C7sus4 C7sus",
    "sus4(b7,9)": "C9sus4 C9sus",
    "sus4(b7,9,13)": "C13sus4",
    "maj(9)": "Cadd9 C(add9)",
    "min(9)": "Cmadd9 Cm(add9)",
    "7(b9)": "C7b9 C7(b9) C7-9",
    "7(#9)": "C7#9 C7+9",
    "7(b9,#11)": "C7b9#11 C7(b9,#11)",
    "7(b5,*5)": "C7b5",
    "maj7(#11)": "Cmaj7#11",
    "5": "C5",
    "maj(*3)": "Cno3 C(no3)",
    "minmaj7(9)": "Cm(maj9)",
    "maj/3": "C/E",
    "min7/b7": "Cm7/Bb",
    "maj6(9)/3": "C6/9/E",
    "maj/2": "C/D",
}


@pytest.mark.parametrize(("kind", "names"), NAMES.items())
def test_names_are_read(kind: str, names: str) -> None:
    for name in names.split():
        assert parse_chord_name(name).label == f"C:{kind}", name


def test_no_chord_has_names_too() -> None:
    for name in ("N.C.", "NC", "N", "n.c."):
        assert parse_chord_name(name).label == "N"
    assert (chord_name("N"), chord_name("X"), parse_chord_name("?").label) == ("N.C.", "?", "X")


@pytest.mark.parametrize("wrong", ["", "H7", "c", "C/", "C/H", "Cfoo", "C7b", "C m x", "C1", "C(add14)"])
def test_what_is_no_name_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError, match="chord"):
        parse_chord_name(wrong)


def test_names_of_everything_read_back_as_the_same_sound(data: Path) -> None:
    for label in [*labels(), *of_the_scores(data)]:
        chord = parse_chord(label)
        if "1" in chord.omitted or label in ("N", "X"):
            continue
        name = chord_name(chord)
        assert same_sound(parse_chord_name(name), chord), (label, name)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("A:min7", "Am7"),
        ("Bb:maj7/7", "Bbmaj7/A"),
        ("F#:hdim7", "F#m7b5"),
        ("E:aug(b7,#9)", "E7#5(#9)"),
        ("D:sus4(b7,b9)", "D7sus4(b9)"),
        ("C:maj(9)/3", "Cadd9/E"),
        ("C:7(13)", "C7(13)"),
        ("C:maj(4)", "C(add4)"),
    ],
)
def test_names_are_the_usual_ones(label: str, name: str) -> None:
    assert chord_name(label) == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_reads_what_it_writes(language: str) -> None:
    for position in range(-15, 20):
        note = note_at(position)
        assert parse_note_in(note_in(note, language), language) == note
        assert (
            parse_note_in(note_in(note, language).upper() if language != "english" else note, language)
            == note
        )
    for pitch in range(12):
        for mode in MODES:
            key = conventional_key(pitch, mode)
            assert parse_key_in(key_in(key, language), language) == key
    for root in (note_at(position) for position in range(-8, 13)):
        for shorthand in SHORTHANDS:
            for bass in ("", "/3", "/b7", "/5"):
                chord = parse_chord(f"{root}:{shorthand or '1'}{bass}")
                written = chord_in(chord, language)
                assert same_sound(parse_chord_in(written, language), chord), written
    assert parse_chord_in(chord_in("N", language), language).label == "N"


def test_german_has_h() -> None:
    assert (note_in("B", "german"), note_in("Bb", "german"), note_in("Ab", "german")) == ("H", "B", "As")
    assert (key_in("B minor", "german"), key_in("Eb major", "german")) == ("h-Moll", "Es-Dur")
    assert (chord_in("F#:min", "german"), chord_in("Bb:7/3", "german")) == ("Fism", "B7/D")
    assert [parse_chord_in(name, "german").label for name in ("H7", "B", "Esus4", "F#m", "As", "Asus2")] == [
        *("B:7", "Bb:maj", "E:sus4", "F#:min", "Ab:maj", "A:sus2")
    ]
    assert parse_key_in("Fis-Dur", "german") == ("F#", "major")


def test_latin_has_syllables() -> None:
    assert parse_note_in("si bemolle", "latin") == "Bb"
    assert parse_note_in("ré dièse", "french") == "D#"
    assert parse_note_in("Ut", "french") == "C"
    assert parse_note_in("fa sostenido", "spanish") == "F#"
    assert key_in("F minor", "spanish") == "Fa menor"
    assert key_in("F major", "french") == "Fa majeur"
    assert parse_chord_in("Sol#m7b5", "latin").label == "G#:hdim7"
    assert parse_chord_in("Dom7", "latin").label == "C:min7"


def test_korean_names_keys() -> None:
    assert key_in("C major", "korean") == "다장조"
    assert key_in("A minor", "korean") == "가단조"
    assert key_in("F# minor", "korean") == "올림바단조"
    assert parse_key_in("내림나 장조", "korean") == ("Bb", "major")
    assert chord_in("C:min7", "korean") == "Cm7"


def test_what_is_not_of_the_language_is_refused() -> None:
    for read, text in ((parse_note_in, "Do"), (parse_key_in, "C major"), (parse_chord_in, "Dom7")):
        with pytest.raises(ParameterError, match="german"):
            read(text, "german")
    with pytest.raises(ParameterError, match="language"):
        note_in("C", "klingon")
    with pytest.raises(ParameterError, match="Korean"):
        note_in("C###", "korean")
    assert parse_key("C") == ("C", "major")

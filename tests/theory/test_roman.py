"""Chords as numbers of a key, there and back."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from sori.errors import ParameterError
from sori.theory.chords import SHORTHANDS, parse_chord, same_sound
from sori.theory.keys import MODES, conventional_key, parse_key, scale_notes
from sori.theory.roman import INVERSIONS, nashville, parse_nashville, parse_roman, roman
from sori.theory.transposition import transpose, transpose_key
from sori.units import PITCH_CLASSES

KEYS = [conventional_key(pitch, mode) for pitch in range(12) for mode in MODES]
EXTRAS = ["7(b9)", "sus4(b7)", "maj(9)", "min(9)", "aug(b7)", "maj6(9)", "7(b5,*5)", "maj(*3)", "maj(2)"]
KINDS = [name or "1" for name in SHORTHANDS] + EXTRAS


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("C major", "C:maj I D:min ii E:min iii F:maj IV G:maj V A:min vi B:dim viio"),
        ("C major", "C:maj7 Imaj7 D:min7 ii7 F:maj7 IVmaj7 G:7 V7 B:hdim7 viiø7 B:dim7 viio7"),
        (
            "C major",
            "D:7 V7/V A:maj V/ii E:7(b9) V7(b9)/vi B:7 V7/iii C:7 V7/IV F#:dim7 viio7/V G#:dim viio/vi",
        ),
        ("C major", "F:min iv Bb:maj bVII Ab:maj bVI Eb:maj bIII Db:maj bII G:min v F#:maj #IV G#:aug bVI+"),
        ("C major", "C:maj/3 I6 C:maj/5 I64 G:7/3 V65 G:7/5 V43 G:7/b7 V42 D:min7/b3 ii65 F:maj7/7 IVmaj42"),
        ("C major", "C:maj/2 I/2 G:9/3 V9/3 C:maj(9)/3 Iadd9/3 G:sus4/5 Vsus4/5 D:7/3 V65/V A:7/2 V7/2/ii"),
        ("C major", "C:maj6 I(add6) A:min6 vi(add6) G:sus4(b7) V7sus4 C:5 I5 A:minmaj7 vimaj7 C:sus2 Isus2"),
        ("A minor", "A:min i B:dim iio C:maj III D:min iv E:min v F:maj VI G:maj VII"),
        ("A minor", "E:maj V E:7 V7 G#:dim7 viio7 G#:dim viio C:aug III+ B:hdim7 iiø7 Bb:maj/3 bII6 A:maj I"),
        (
            "A minor",
            "B:7 V7/V A:7 V7/iv C:7 V7/VI D#:dim7 viio7/V D:maj IV F#:hdim7 #viø7 G:7 VII7 G:dim bviio",
        ),
        ("Eb major", "Bb:7 V7 G:7 V7/vi Cb:maj bVI A:dim7 viio7/V F:7 V7/V Gb:maj bIII"),
        ("F# minor", "E#:dim7 viio7 C#:7 V7 G:maj bII D:maj VI"),
        ("D dorian", "D:min i G:maj IV C:maj VII A:min v"),
    ],
)
def test_numerals(key: str, row: str) -> None:
    words = row.split()
    for label, numeral in zip(words[::2], words[1::2], strict=True):
        assert roman(label, key) == numeral
        assert same_sound(parse_roman(numeral, key), label)


def test_numerals_of_every_chord_read_back() -> None:
    for key in KEYS[::11]:
        for root, kind in itertools.product(PITCH_CLASSES, KINDS):
            chord = parse_chord(f"{root}:{kind}")
            numeral = roman(chord, key)
            assert same_sound(parse_roman(numeral, key), chord), (key, chord, numeral)
            numeral = roman(chord, key, from_major=True)
            assert same_sound(parse_roman(numeral, key, from_major=True), chord), (key, chord, numeral)
            plain = roman(chord, key, secondary=False)
            assert same_sound(parse_roman(plain, key), chord), (key, chord, plain)


def test_inversions_read_back() -> None:
    for key, root, kind in itertools.product(("G major", "C# minor"), PITCH_CLASSES[::2], KINDS):
        for bass in ("/3", "/b3", "/5", "/b5", "/b7", "/7", "/bb7", "/2", "/4", "/6"):
            chord = parse_chord(f"{root}:{kind}{bass}")
            for inversions in ("figured", "slash"):
                numeral = roman(chord, key, inversions=inversions)
                assert same_sound(parse_roman(numeral, key), chord), (key, chord, numeral)
    assert [roman("G:7/3", "C", inversions=way) for way in INVERSIONS] == ["V65", "V7/3", "V7"]


def test_numbers_do_not_depend_on_the_key() -> None:
    for key, steps in itertools.product(("C major", "A minor"), range(12)):
        there = transpose_key(key, steps)
        for root, kind in itertools.product(PITCH_CLASSES, ("maj", "min7", "7/3", "dim7")):
            chord = parse_chord(f"{root}:{kind}")
            moved = transpose(chord, steps, key=key)
            assert roman(moved, there) == roman(chord, key)
            assert nashville(moved, there) == nashville(chord, key)


def test_roots_are_spelt_as_the_function_asks() -> None:
    for key in KEYS:
        for step, numeral in enumerate(("I", "II", "III", "IV", "V", "VI", "VII")):
            assert parse_roman(numeral, key).root == scale_notes(key)[step]
    assert parse_roman("viio7", "G# minor").root == "F##"
    assert parse_roman("bVI", "Db major").root == "Bbb"
    assert parse_roman("V/V/V", "C major").label == "A:maj"
    assert parse_roman("vii°7", "C").label == "B:dim7"
    assert parse_roman("♭VII", "C").label == "Bb:maj"
    assert parse_roman("V7", "c minor").label == "G:7"
    assert parse_roman("iiø65", "C minor").label == "D:hdim7/b3"
    assert parse_roman("IV6", "C").label == "F:maj/3"


@pytest.mark.parametrize(
    "wrong", ["", "VIII", "Iv", "IIII", "Vfoo", "V/H", "I42x", "1", "Vsus465", "V65/", "b"]
)
def test_what_is_no_numeral_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError, match="numeral"):
        parse_roman(wrong, "C major")


def test_nashville_numbers() -> None:
    row = "G:maj 1 A:min 2- C:maj 4 D:7 57 E:min7 6-7 G:maj/3 1/3 F:maj b7 F#:hdim7 7-7b5 D:sus4 5sus4"
    for label, number in zip(row.split()[::2], row.split()[1::2], strict=True):
        assert nashville(label, "G major") == number
        assert same_sound(parse_nashville(number, "G major"), label)
    assert nashville("A:min", "A minor") == "6-"
    assert nashville("A:min", "A minor", minor_as_six=False) == "1-"
    assert parse_nashville("1-", "A minor", minor_as_six=False).label == "A:min"
    assert parse_nashville("1m", "A major").label == "A:min"
    for wrong in ("", "8", "0", "x", "5foo"):
        with pytest.raises(ParameterError, match="number"):
            parse_nashville(wrong, "C")


def test_nashville_numbers_of_every_chord_read_back() -> None:
    for key, root, kind in itertools.product(("F major", "C# minor", "E dorian"), PITCH_CLASSES, KINDS):
        for bass in ("", "/3", "/b7"):
            chord = parse_chord(f"{root}:{kind}{bass}")
            for minor_as_six in (True, False):
                number = nashville(chord, key, minor_as_six=minor_as_six)
                assert same_sound(parse_nashville(number, key, minor_as_six=minor_as_six), chord), (
                    key,
                    number,
                )


def test_no_chord_has_no_number() -> None:
    for write, read in ((roman, parse_roman), (nashville, parse_nashville)):
        assert [write(label, "C") for label in ("N", "X")] == ["N.C.", "?"]
        assert [read(text, "C").label for text in ("N.C.", "?")] == ["N", "X"]
    with pytest.raises(ParameterError, match="inversions"):
        roman("C:maj", "C", inversions="baroque")


def test_songs_of_the_scores_have_numerals(data: Path) -> None:
    for folder in sorted((data / "pop909").iterdir())[:25]:
        if not (folder / "chord_midi.txt").is_file() or not (folder / "key_audio.txt").is_file():
            continue
        key = parse_key((folder / "key_audio.txt").read_text().split()[2])
        labels = {
            line.split()[2] for line in (folder / "chord_midi.txt").read_text().splitlines() if line.strip()
        }
        for label in labels:
            for inversions in ("figured", "slash"):
                numeral = roman(label, key, inversions=inversions)
                assert same_sound(parse_roman(numeral, key), label), (label, numeral)
            assert same_sound(parse_nashville(nashville(label, key), key), label)

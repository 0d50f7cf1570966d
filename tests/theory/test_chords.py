"""Chord labels: read and written as the field does, and reduced by its rules."""

from __future__ import annotations

import itertools
import warnings
from pathlib import Path

import mir_eval
import numpy as np
import pytest

from sori.errors import ParameterError
from sori.theory.chords import (
    NO_CHORD,
    SHORTHANDS,
    UNKNOWN_CHORD,
    ChordSymbol,
    chords_of_notes,
    parse_chord,
    reduce_chord,
    same_sound,
    simplify,
)
from sori.theory.spelling import note_pitch_class

ROOTS = [letter + accidental for letter in "ABCDEFG" for accidental in ("", "#", "b", "##", "bb")]
DEGREES = [accidental + str(number) for number in range(1, 14) for accidental in ("", "b", "#")]
BASSES = [accidental + str(number) for number in range(1, 8) for accidental in ("", "b", "#")]
OTHERS_KNOW = [name for name in SHORTHANDS if name not in ("", "aug7", "maj11")]
EXTRAS = ["", "(9)", "(b9,#11)", "(*5)", "(*3,4)", "(b7)", "(*5,b5)", "(13)", "(2)", "(*1)"]


def labels() -> list[str]:
    """Return every shorthand with degrees and basses, the roots in turn."""
    roots = itertools.cycle(ROOTS)
    plain = [f"{root}:{name}" for root in ROOTS for name in OTHERS_KNOW]
    inverted = [f"{next(roots)}:{name}/{bass}" for name in OTHERS_KNOW for bass in BASSES]
    altered = [
        f"{next(roots)}:{name}{extra}{bass}"
        for name in OTHERS_KNOW
        for extra in EXTRAS[1:]
        for bass in ("", "/3", "/b7", "/2")
    ]
    bare = [f"{next(roots)}:({a},{b})" for a in DEGREES for b in DEGREES if a != b]
    return [*ROOTS, *plain, *inverted, *altered, *bare, "C/3", "N", "X"]


def of_the_scores(data: Path) -> list[str]:
    """Return every different chord label of the scores in the test data."""
    files = sorted((data / "pop909").rglob("chord_midi.txt")) + sorted(
        (data / "pop909").rglob("chord_audio.txt")
    )
    assert files
    return sorted(
        {line.split()[2] for file in files for line in file.read_text().splitlines() if line.strip()}
    )


def test_sounds_and_basses_are_those_of_mir_eval() -> None:
    for label in labels():
        root, bitmap, bass = mir_eval.chord.encode(label, reduce_extended_chords=True)
        chord = parse_chord(label)
        if chord.root is None:
            assert not chord.pitch_classes
            continue
        assert chord.root_pitch_class == root, label
        assert chord.bass_interval == bass, label
        assert chord.intervals == set(np.flatnonzero(bitmap).tolist()), label
        assert chord.pitch_classes == {(root + step) % 12 for step in chord.intervals}


def test_labels_of_the_scores_are_read_and_written_back(data: Path) -> None:
    for label in of_the_scores(data):
        assert parse_chord(label).label == label
        if label != "N":
            root, bitmap, bass = mir_eval.chord.encode(label, reduce_extended_chords=True)
            chord = parse_chord(label)
            assert (chord.root_pitch_class, chord.bass_interval) == (root, bass)
            assert chord.intervals == set(np.flatnonzero(bitmap).tolist())


def test_reading_what_was_written_gives_the_same_record() -> None:
    for label in labels():
        chord = parse_chord(label)
        assert parse_chord(chord.label) == chord
        assert str(chord) == chord.label
        if chord.root is not None:
            mir_eval.chord.validate_chord_label(chord.label)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "H",
        "c:maj",
        "C:",
        "C:major",
        "C:maj/",
        "C:/3",
        "C:()",
        "C:maj(14)",
        "C:maj/0",
        "C#b",
        "C:maj(9",
        "n",
        "Cm",
        "C:maj/E",
    ],
)
def test_what_is_no_label_is_refused(wrong: str) -> None:
    with pytest.raises(ParameterError):
        parse_chord(wrong)
    with pytest.raises(mir_eval.chord.InvalidChordException):
        mir_eval.chord.encode(wrong)


@pytest.mark.parametrize("wrong", [None, 3, float("nan"), ("C", "maj")])
def test_what_is_no_text_is_refused(wrong: object) -> None:
    with pytest.raises(ParameterError, match="Harte"):
        same_sound(wrong, "C:maj")  # type: ignore[arg-type]


def test_a_record_is_checked_when_made() -> None:
    for arguments in (("C", "major"), ("H", "maj"), (None, "maj"), ("C", "maj", ("19",))):
        with pytest.raises(ParameterError):
            ChordSymbol(*arguments)  # type: ignore[arg-type]
    with pytest.raises(ParameterError):
        ChordSymbol(None, "N", bass="3")


def test_notes_are_spelt_by_thirds() -> None:
    assert parse_chord("Ab:min7").notes == ("Ab", "Cb", "Eb", "Gb")
    assert parse_chord("G#:7").notes == ("G#", "B#", "D#", "F#")
    assert parse_chord("B:dim7").notes == ("B", "D", "F", "Ab")
    assert parse_chord("D:min/b3").bass_note == "F"
    assert parse_chord("C:13").notes == ("C", "E", "G", "Bb", "D", "F", "A")
    for label in labels():
        chord = parse_chord(label)
        heard = {note_pitch_class(note) for note in chord.notes}
        assert heard <= chord.pitch_classes
        if chord.bass_note is not None:
            assert note_pitch_class(chord.bass_note) == chord.bass_pitch_class
            assert heard | {chord.bass_pitch_class} == chord.pitch_classes


@pytest.mark.parametrize(("vocabulary", "metric"), [("majmin", "majmin"), ("sevenths", "sevenths")])
def test_reduction_is_what_evaluation_counts(vocabulary: str, metric: str) -> None:
    names = [label for label in labels() if label != "X"]
    reduced = [reduce_chord(label, vocabulary=vocabulary).label for label in names]
    kept = [(name, kind) for name, kind in zip(names, reduced, strict=True) if kind != "X"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        score = getattr(mir_eval.chord, metric)
        np.testing.assert_array_equal(
            score(names, names) >= 0, np.array([kind != "X" for kind in reduced]), err_msg=vocabulary
        )
        assert np.all(score([name for name, _ in kept], [kind for _, kind in kept]) == 1)
        turned = [reduce_chord(name, vocabulary=vocabulary, inversions=True).label for name, _ in kept]
        inverted = getattr(mir_eval.chord, metric + "_inv")
        scores = inverted([name for name, _ in kept], turned)
    assert np.all(scores[scores >= 0] == 1)
    assert np.mean(scores >= 0) > 0.9


def test_triads_are_a_larger_vocabulary() -> None:
    for name in ("maj", "min", "dim", "aug", "sus2", "sus4"):
        assert reduce_chord(f"E:{name}", vocabulary="triads").label == f"E:{name}"
    assert reduce_chord("E:hdim7", vocabulary="triads").label == "E:dim"
    assert reduce_chord("E:7(b9)", vocabulary="triads").label == "E:maj"
    assert reduce_chord("E:5", vocabulary="triads") == UNKNOWN_CHORD


def test_every_chord_has_a_plain_one() -> None:
    allowed = {"majmin": {"maj", "min"}, "triads": {"maj", "min", "dim", "aug", "sus2", "sus4"}}
    for label in labels():
        chord = parse_chord(label)
        for vocabulary, names in allowed.items():
            plain = simplify(chord, vocabulary=vocabulary, inversions=True)
            assert plain.root == chord.root
            assert chord.root is None or plain.shorthand in names
            assert plain.bass_interval in (0, chord.bass_interval)
            assert simplify(plain, vocabulary=vocabulary, inversions=True) == plain
    for name in ("7", "maj7", "min7", "minmaj7", "dim7", "hdim7", "maj6", "min6", "sus4(b7)", "aug(b7)"):
        assert simplify(f"F:{name}", vocabulary="sevenths").label == f"F:{name}"
    assert simplify("F:13", vocabulary="sevenths").label == "F:7"
    assert simplify("F:maj(9)/3", vocabulary="sevenths", inversions=True).label == "F:maj/3"
    assert simplify("F:maj/2", inversions=True).label == "F:maj"
    assert simplify("N") == NO_CHORD
    with pytest.raises(ParameterError, match="vocabulary"):
        simplify("F:maj", vocabulary="tetrads")


def test_sound_is_compared_by_pitch_classes_and_bass() -> None:
    assert same_sound("C:aug", "E:aug", bass=False)
    assert not same_sound("C:aug", "E:aug")
    assert same_sound("B#:maj/3", "C:maj/3")
    assert same_sound("N", "N")
    assert not same_sound("N", "X")
    assert not same_sound("N", "C:maj")


def test_notes_find_their_chords() -> None:
    for root, name in itertools.product(range(12), ("maj", "min", "7", "maj7", "hdim7", "sus4(b7)", "9")):
        chord = parse_chord(f"{ROOTS[0]}:{name}").with_root(
            ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")[root]
        )
        found = chords_of_notes(chord.pitch_classes, bass=root)
        assert same_sound(found[0], chord)
        assert found[0].shorthand + "".join(found[0].added) == chord.shorthand + "".join(chord.added)
    assert chords_of_notes([0, 4, 7], bass=4)[0].label == "C:maj/3"
    assert chords_of_notes([1, 5, 8], tonic="F")[0].root == "Db"
    assert [chord.root for chord in chords_of_notes([0, 3, 6, 9])] == ["C", "Eb", "F#", "A"]
    assert chords_of_notes([0, 1, 2]) == ()
    assert chords_of_notes([]) == ()

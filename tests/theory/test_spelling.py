"""Names of notes on the line of fifths."""

from __future__ import annotations

import itertools

import pytest

from sori.errors import ParameterError
from sori.theory.keys import scale_notes
from sori.theory.spelling import (
    degree_above,
    degree_semitones,
    interval_fifths,
    line_of_fifths,
    note_above,
    note_at,
    note_pitch_class,
    parse_note,
    spell,
)
from sori.units import PITCH_CLASSES

TONICS = [note_at(position) for position in range(-8, 13)]


def test_the_project_s_names_are_where_they_should_be() -> None:
    assert [note_pitch_class(name) for name in PITCH_CLASSES] == list(range(12))


def test_every_place_on_the_line_has_one_name() -> None:
    for position in range(-30, 31):
        assert line_of_fifths(note_at(position)) == position
        assert note_pitch_class(note_at(position)) == position * 7 % 12


@pytest.mark.parametrize(
    ("text", "name"), [("c", "C"), (" f♯ ", "F#"), ("B♭", "Bb"), ("Gx", "G##"), ("d𝄫", "Dbb"), ("E♮", "E")]
)
def test_notes_are_read_in_any_hand(text: str, name: str) -> None:
    assert parse_note(text) == name


@pytest.mark.parametrize("wrong", ["", "H", "C#b", "Do", "C4", "#", None, 3])
def test_what_is_no_note_is_refused(wrong: object) -> None:
    with pytest.raises(ParameterError, match="note"):
        parse_note(wrong)  # type: ignore[arg-type]


def test_spelling_names_the_sound_asked_for() -> None:
    for tonic, pitch_class, double in itertools.product(TONICS, range(12), (False, True)):
        name = spell(pitch_class, tonic=tonic, double=double)
        assert note_pitch_class(name) == pitch_class
        assert double or len(name) <= 2
    assert spell(-2, tonic="C") == "Bb"


def test_the_notes_of_a_key_are_spelt_as_its_scale() -> None:
    for tonic in (note_at(position) for position in range(-7, 8)):
        for note in scale_notes((tonic, "major")):
            assert spell(note_pitch_class(note), tonic=tonic) == note
    for tonic in (note_at(position) for position in range(-4, 11)):
        for form in ("natural", "harmonic", "melodic"):
            for note in scale_notes((tonic, "minor"), form=form):
                assert spell(note_pitch_class(note), tonic=tonic, double=True) == note


def test_chromatic_notes_follow_the_key() -> None:
    assert " ".join(spell(pitch, tonic="C") for pitch in range(12)) == "C Db D Eb E F F# G Ab A Bb B"
    assert " ".join(spell(pitch, tonic="E") for pitch in range(12)) == "C C# D D# E F F# G G# A A# B"
    assert " ".join(spell(pitch, tonic="Db") for pitch in range(12)) == "C Db D Eb Fb F Gb G Ab A Bb Cb"


def test_degrees_and_notes_are_opposites() -> None:
    for root, number, accidental in itertools.product(TONICS, range(1, 8), ("", "b", "#", "bb")):
        degree = accidental + str(number)
        note = note_above(root, degree)
        assert degree_above(root, note) == degree
        assert (note_pitch_class(root) + degree_semitones(degree)) % 12 == note_pitch_class(note)
    assert note_above("C", "9") == "D"
    for wrong in ("", "0", "14", "b", "3b", "#b3", None):
        with pytest.raises(ParameterError, match="degree"):
            degree_semitones(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interval", "fifths", "semitones"),
    [
        ("P1", 0, 0),
        ("m2", -5, 1),
        ("M2", 2, 2),
        ("m3", -3, 3),
        ("M3", 4, 4),
        ("P4", -1, 5),
        ("A4", 6, 6),
        ("d5", -6, 6),
        ("P5", 1, 7),
        ("m6", -4, 8),
        ("M6", 3, 9),
        ("m7", -2, 10),
        ("M7", 5, 11),
        ("P8", 0, 0),
        ("d7", -9, 9),
        ("A2", 9, 3),
        ("m10", -3, 3),
        ("-P5", -1, 5),
        ("-m3", 3, 9),
    ],
)
def test_intervals_are_steps_on_the_line(interval: str, fifths: int, semitones: int) -> None:
    assert interval_fifths(interval) == fifths
    assert fifths * 7 % 12 == semitones


@pytest.mark.parametrize("wrong", ["", "5", "P3", "M5", "m0", "X2", "P", None])
def test_what_is_no_interval_is_refused(wrong: object) -> None:
    with pytest.raises(ParameterError, match="interval"):
        interval_fifths(wrong)  # type: ignore[arg-type]

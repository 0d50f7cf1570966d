"""Songs in other keys, and behind a capo."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from sori.errors import ParameterError
from sori.theory.capo import capo_positions
from sori.theory.chords import SHORTHANDS, parse_chord, same_sound
from sori.theory.keys import conventional_key, scale_notes, scale_pitch_classes
from sori.theory.spelling import note_pitch_class
from sori.theory.transposition import (
    respell,
    respell_chords,
    spelling_key,
    transpose,
    transpose_chords,
    transpose_key,
    transpose_note,
)
from sori.units import PITCH_CLASSES

SONG = ["C:maj", "A:min7", "F:maj/3", "D:min7", "G:sus4(b7)", "N", "G:7/b7"]
INTERVALS = ["P1", "m2", "M2", "m3", "M3", "P4", "A4", "P5", "m6", "M6", "m7", "M7"]


def test_sound_moves_by_semitones() -> None:
    for root, kind, steps in itertools.product(PITCH_CLASSES, SHORTHANDS, (-13, -1, 0, 3, 6, 12)):
        chord = parse_chord(f"{root}:{kind or '1'}/3")
        moved = transpose(chord, steps)
        assert moved.pitch_classes == {(pitch + steps) % 12 for pitch in chord.pitch_classes}
        assert moved.bass_pitch_class == (chord.bass_pitch_class + steps) % 12
        assert (moved.shorthand, moved.bass) == (chord.shorthand, chord.bass)


def test_there_and_back() -> None:
    for steps in range(-11, 12):
        there = transpose_chords(SONG, steps, key="C major")
        back = transpose_chords(there, -steps, key=transpose_key("C major", steps))
        assert [chord.label for chord in back] == SONG
        assert all(len(chord.root or "") <= 2 for chord in there)
    for interval in INTERVALS:
        there = transpose_chords(SONG, interval)
        assert [chord.label for chord in transpose_chords(there, "-" + interval)] == SONG
        steps = INTERVALS.index(interval)
        for one, other in zip(there, transpose_chords(SONG, steps), strict=True):
            assert same_sound(one, other)


def test_roots_are_spelt_for_the_key() -> None:
    for steps in range(12):
        key = transpose_key("C major", steps)
        diatonic = set(scale_notes(key))
        for chord in transpose_chords(
            ["C:maj", "D:min", "E:min", "F:maj", "G:7", "A:min"], steps, key="C major"
        ):
            assert chord.root in diatonic
    assert [c.root for c in transpose_chords(["C:maj", "F:min", "Ab:maj"], 4, key="C minor")] == [
        "E",
        "A",
        "C",
    ]
    assert [c.label for c in respell_chords(["A#:maj", "D#:maj", "F:7"])] == ["Bb:maj", "Eb:maj", "F:7"]
    assert respell("C#:7", "F minor").label == "Db:7"
    assert respell("N", "C").label == "N"


def test_keys_and_notes_move() -> None:
    for pitch, steps in itertools.product(range(12), range(-12, 13)):
        for mode in ("major", "minor"):
            moved = transpose_key(conventional_key(pitch, mode), steps)
            assert moved == conventional_key((pitch + steps) % 12, mode)
    assert transpose_note("F#", "P5") == "C#"
    assert transpose_note("Bb", "m3") == "Db"
    for wrong in (1.5, True, None):
        with pytest.raises(ParameterError, match="semitones"):
            transpose_key("C", wrong)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="row"):
        transpose_chords("C:maj", 1)


def test_the_key_to_spell_by_holds_the_notes() -> None:
    for pitch in range(12):
        key = conventional_key(pitch, "major")
        tonic, fourth, fifth = (scale_notes(key)[step] for step in (0, 3, 4))
        assert spelling_key([f"{tonic}:maj", f"{fourth}:maj", f"{fifth}:7"]) == key
    assert str(spelling_key([])) == "C major"


def test_songs_of_the_scores_move_without_loss(data: Path) -> None:
    for file in sorted((data / "pop909").rglob("chord_midi.txt"))[:20]:
        labels = [line.split()[2] for line in file.read_text().splitlines() if line.strip()]
        for steps in (-5, 2):
            moved = transpose_chords(labels, steps)
            for label, chord in zip(labels, moved, strict=True):
                was = parse_chord(label)
                assert chord.pitch_classes == {(pitch + steps) % 12 for pitch in was.pitch_classes}
        held = set(scale_pitch_classes(spelling_key(labels)))
        roots = [note_pitch_class(label.split(":")[0]) for label in labels if label != "N"]
        assert sum(root in held for root in roots) / len(roots) > 0.6


def test_a_capo_makes_open_shapes() -> None:
    best = capo_positions(["Ab:maj", "F:min", "Db:maj", "Eb:maj"], key="Ab major")[0]
    assert (best.fret, str(best.key), best.open_share) == (1, "G major", 1.0)
    assert [shape.plays for shape in best.shapes] == ["G:maj", "E:min", "C:maj", "D:maj"]
    assert best.shapes[0].fingering is not None
    assert best.shapes[0].fingering.text == "320003"
    assert capo_positions(["G:maj", "E:min", "C:maj", "D:maj"])[0].fret == 0


def test_every_place_sounds_the_same() -> None:
    song = ["B:maj", "F#:7/3", "G#:min7", "E:maj(9)", "N", "B:maj"]
    places = capo_positions(song, key="B major")
    assert sorted(place.fret for place in places) == list(range(12))
    for place in places:
        assert [shape.sounds for shape in place.shapes] == [*song[:4]]
        for shape in place.shapes:
            assert same_sound(transpose(shape.plays, place.fret), shape.sounds)
            assert shape.fingering is not None
            sounding = {(note + place.fret) % 12 for note in shape.fingering.midi}
            assert sounding <= parse_chord(shape.sounds).pitch_classes
        assert 0 <= place.open_share <= 1
    assert places[0].difficulty <= next(place.difficulty for place in places if place.fret == 0)


def test_what_lasts_counts_more() -> None:
    chords = ["F:maj", "C:maj"]
    long_f = {place.fret: place for place in capo_positions(chords, durations=[9, 1])}
    long_c = {place.fret: place for place in capo_positions(chords, durations=[1, 9])}
    assert long_f[0].difficulty > long_c[0].difficulty
    assert long_f[0].open_share == pytest.approx(0.1)
    assert long_c[0].open_share == pytest.approx(0.9)


def test_wrong_arguments_of_the_capo() -> None:
    for durations in ([1], [1, -1], [1, float("nan")], [1, float("inf")]):
        with pytest.raises(ParameterError, match="durations"):
            capo_positions(["C:maj", "F:maj"], durations=durations)
    with pytest.raises(ParameterError, match="highest"):
        capo_positions(["C:maj"], highest=12)
    nothing = capo_positions(["N"])
    assert [place.fret for place in nothing] == list(range(12))
    assert nothing[0].shapes == ()
    assert len(capo_positions(["C:maj"], tuning="ukulele", highest=4)) == 5

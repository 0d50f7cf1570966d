"""Chords under two hands: the notes are the chord's, the fingers in order, the movement small."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from sori.errors import ParameterError
from sori.theory.chords import SHORTHANDS, parse_chord
from sori.theory.piano import piano_fingering, piano_fingerings, voice_chords
from sori.units import PITCH_CLASSES

LABELS = [
    f"{root}:{kind or '1'}{bass}"
    for root in PITCH_CLASSES
    for kind in SHORTHANDS
    for bass in ("", "/3", "/5", "/b7", "/2")
]


def test_both_hands_play_the_chord() -> None:
    for label in LABELS:
        chord = parse_chord(label)
        for hands in (piano_fingering(chord), *piano_fingerings([chord])):
            assert hands.left[0] % 12 == chord.bass_pitch_class == min(hands.midi) % 12
            heard = {note % 12 for note in hands.midi}
            assert heard <= chord.pitch_classes
            if len(chord.pitch_classes) <= 5:
                assert heard == chord.pitch_classes or len(chord.pitch_classes) == 5, label
            assert list(hands.right) == sorted(set(hands.right))
            assert hands.right[-1] - hands.right[0] < 12
            assert len(hands.right) <= 4
            assert len(hands.left_fingers) == len(hands.left)
            assert len(hands.right_fingers) == len(hands.right)
            assert list(hands.right_fingers) == sorted(set(hands.right_fingers))


def test_a_chord_is_learned_in_root_position() -> None:
    assert piano_fingering("A:min").right == (69, 72, 76)
    assert piano_fingering("G:7").right == (67, 71, 74, 77)
    assert piano_fingering("G:7").right_fingers == (1, 2, 3, 5)
    assert piano_fingering("C:maj/5").left == (43,)
    assert piano_fingering("N").midi == ()


def test_voices_move_little(data: Path) -> None:
    file = sorted((data / "pop909").rglob("chord_midi.txt"))[0]
    labels = [line.split()[2] for line in file.read_text().splitlines() if line.strip()]
    labels = [label for label in labels if label != "N"]
    voiced = voice_chords(labels)
    blocks = [(0, *sorted(piano_fingering(label).right)) for label in labels]

    def moved(row: list[tuple[int, ...]] | tuple[tuple[int, ...], ...]) -> float:
        steps = [
            abs(a - b) for one, two in itertools.pairwise(row) for a, b in zip(one[1:], two[1:], strict=False)
        ]
        return sum(steps) / len(steps)

    assert moved(voiced) < 0.6 * moved(blocks)
    assert moved(voiced) < 2.5


def test_the_least_movement_is_found() -> None:
    assert voice_chords(["C:maj", "A:min"])[1][1:] == (60, 64, 69)
    there = voice_chords(["C:maj", "G:maj", "C:maj"])
    assert there[0][1:] == there[2][1:]
    assert voice_chords(["C:maj"] * 3) == (voice_chords(["C:maj"])[0],) * 3


def test_the_hand_waits_where_nothing_sounds() -> None:
    with_rest = voice_chords(["N", "C:maj", "N", "X", "A:min", "N"])
    assert with_rest[::2] == ((), (), voice_chords(["C:maj", "A:min"])[1])
    assert voice_chords(["C:maj", "A:min"]) == (with_rest[1], with_rest[4])
    assert voice_chords([]) == ()
    assert voice_chords(["N"]) == ((),)
    with pytest.raises(ParameterError, match="row"):
        voice_chords("C:maj")

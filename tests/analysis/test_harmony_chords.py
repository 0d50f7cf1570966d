"""Chords that must be heard in sounds whose notes are known."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import pytest

from sori.analysis.harmony.chord_belief import ChordBelief, belief_by_templates, chord_belief
from sori.analysis.harmony.chords import chords
from sori.analysis.harmony.chroma import tuning
from sori.analysis.harmony.vocabulary import N_CHORDS, NO_CHORD, QUALITIES, chord_label, templates
from sori.analysis.material import condense
from sori.audio import Audio
from sori.errors import ParameterError
from sori.events import Key
from sori.spectral.partials import Partials, partials
from sori.units import PITCH_CLASSES

RATE = 22050
QUALITIES_AT = {name: number for number, name in enumerate(QUALITIES)}
METHODS = [belief_by_templates, chord_belief]
Method = Callable[[Partials, float], ChordBelief]


def tones(notes: list[float], seconds: float, a4: float = 440.0) -> np.ndarray:
    """Notes with eight harmonics, struck and fading."""
    t = np.arange(round(seconds * RATE)) / RATE
    envelope = np.exp(-t * 0.8) * np.minimum(t / 0.01, 1)
    waves = [
        np.sin(2 * np.pi * a4 * 2 ** ((note - 69) / 12) * h * t + h) / h**1.4
        for note in notes
        for h in range(1, 9)
    ]
    return np.asarray(0.08 * envelope * np.sum(waves, axis=0))


def voiced(root: int, quality: str, bass: int | None = None) -> list[float]:
    """A bass note and a close chord above middle C."""
    return [36 + (root if bass is None else bass) % 12] + [
        60 + (root + step) % 12 for step in QUALITIES[quality]
    ]


def believe(x: np.ndarray, method: Method) -> ChordBelief:
    material = condense([Audio(np.atleast_2d(x).astype(np.float32), RATE)])
    found = partials(material.peaks)
    return method(found, tuning(found).cents or 0.0)


def test_every_chord_has_its_notes_and_a_label_of_its_own() -> None:
    labels = [chord_label(i) for i in range(N_CHORDS)]
    assert len(set(labels)) == N_CHORDS
    rows = templates()
    assert rows[labels.index("D:min7")].nonzero()[0].tolist() == [0, 2, 5, 9]
    assert not rows[NO_CHORD].any()


@pytest.mark.parametrize(
    ("tonic", "mode", "wanted"),
    [
        ("F", "major", ["F:maj", "Bb:maj", "C:maj"]),
        ("B", "major", ["B:maj", "E:maj", "F#:maj"]),
        ("C#", "major", ["Db:maj", "Gb:maj", "Ab:maj"]),
        ("C", "minor", ["C:maj", "F:maj", "G:maj"]),
    ],
)
def test_roots_are_spelt_as_the_key_asks(tonic: str, mode: str, wanted: list[str]) -> None:
    key = Key(tonic, mode, 1.0, ())
    root = PITCH_CLASSES.index(tonic)
    x = np.concatenate([tones(voiced((root + up) % 12, "maj"), 2.0) for up in (0, 5, 7)])
    found = chords(believe(x, belief_by_templates), duration_s=6.0, beats_s=[0, 2, 4], key=key)
    assert [c.label for c in found.chords] == wanted


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("root", [0, 3, 6, 11])
@pytest.mark.parametrize("cents", [0.0, 35.0])
def test_a_progression_in_any_key_and_tuning(method: Method, root: int, cents: float) -> None:
    wanted = [(0, "maj"), (9, "min"), (5, "maj"), (7, "maj")]
    a4 = 440 * 2 ** (cents / 1200)
    x = np.concatenate([tones(voiced((root + up) % 12, q), 2.0, a4) for up, q in wanted * 2])
    found = chords(believe(x, method), duration_s=16.0, beats_s=np.arange(0, 16, 0.5).tolist())
    middle = [
        next(c.label for c in found.chords if c.start_s <= t < c.end_s) for t in np.arange(1.0, 16.0, 2.0)
    ]
    assert middle == [
        chord_label(((root + up) % 12) * len(QUALITIES) + list(QUALITIES).index(q)) for up, q in wanted * 2
    ]
    ends = [c.start_s for c in found.chords[1:]]
    assert all(math.isclose(t * 2, round(t * 2), abs_tol=1e-6) for t in ends)


@pytest.mark.parametrize("method", METHODS)
def test_chords_without_beats_change_where_the_sound_does(method: Method) -> None:
    x = np.concatenate([tones(voiced(root, "maj"), 1.7) for root in (0, 5, 7, 2)])
    found = chords(believe(x, method), duration_s=6.8)
    assert [c.label for c in found.chords] == ["C:maj", "F:maj", "G:maj", "D:maj"]
    changes = [c.start_s for c in found.chords[1:]]
    assert changes == pytest.approx([1.7, 3.4, 5.1], abs=0.2)
    assert not found.beat_synchronous
    assert found.chords[0].start_s == 0
    assert found.chords[-1].end_s == 6.8
    assert all(a.end_s == b.start_s for a, b in zip(found.chords, found.chords[1:], strict=False))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_without_beats_a_chord_begins_where_it_overtakes_between_frames(share: float) -> None:
    rate = 5.0
    major, minor = 0, QUALITIES_AT["min"]
    lead = np.where(np.arange(40) < 20, -2.0, 2.0)
    lead[19], lead[20] = -share, 1 - share  # of the new chord over the old, in nats: nothing in between
    rows = np.full((40, N_CHORDS), -12.0, np.float32)
    rows[:, minor], rows[:, major] = 0.5 * lead, -0.5 * lead
    belief = ChordBelief(rate, 0.0, rows - 0.7, np.full((40, 12), np.log(1 / 12), np.float32))
    found = chords(belief, duration_s=8.0)
    assert [c.label for c in found.chords] == ["C:maj", "C:min"]
    middle_of_the_last_old_s = 19.5 / rate
    assert found.chords[1].start_s == pytest.approx(middle_of_the_last_old_s + share / rate, abs=0.001)


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([(0, "maj"), (9, "min"), (5, "maj"), (7, "7")], "major"),
        ([(0, "min"), (8, "maj"), (5, "min"), (7, "7")], "minor"),
    ],
)
@pytest.mark.parametrize("tonic", [1, 7])
def test_the_network_hears_the_key_too(steps: list[tuple[int, str]], wanted: str, tonic: int) -> None:
    x = np.concatenate([tones(voiced((tonic + up) % 12, quality), 1.5) for up, quality in steps * 4])
    heard = believe(x, chord_belief).key
    assert heard is not None
    assert np.allclose(np.exp(heard).sum(axis=1), 1, atol=1e-4)
    best = int(np.exp(heard).mean(axis=0).argmax())
    assert (best % 12, ("major", "minor")[best // 12]) == (tonic, wanted)


def test_the_bass_names_the_inversion() -> None:
    x = np.concatenate(
        [tones(voiced(root, "maj", bass), 2.0) for root, bass in ((0, 0), (0, 4), (5, 9), (7, 7))]
    )
    found = chords(believe(x, chord_belief), duration_s=8.0, beats_s=[0, 2, 4, 6])
    assert [c.label for c in found.chords] == ["C:maj", "C:maj/3", "F:maj/3", "G:maj"]


def test_slow_beats_may_be_halved_and_too_few_are_none() -> None:
    x = np.concatenate([tones(voiced(root, "maj"), 1.0) for root in (0, 5, 7, 2, 9, 4)])
    found = chords(believe(x, chord_belief), duration_s=6.0, beats_s=[0, 2, 4])
    assert [c.label for c in found.chords] == ["C:maj", "F:maj", "G:maj", "D:maj", "A:maj", "E:maj"]
    assert found.beat_synchronous
    assert not chords(believe(x, chord_belief), duration_s=6.0, beats_s=[3.0]).beat_synchronous


@pytest.mark.parametrize("quality", ["7", "maj7", "min7", "dim", "aug", "sus4", "hdim7"])
@pytest.mark.parametrize("root", [2, 8])
def test_qualities_are_told_apart(quality: str, root: int) -> None:
    x = np.concatenate([tones(voiced((root + up) % 12, quality), 2.0) for up in (0, 5, 2)])
    found = chords(believe(x, chord_belief), duration_s=6.0, beats_s=[0, 1, 2, 3, 4, 5])
    wanted = [((root + up) % 12, quality) for up in (0, 5, 2)]
    same = [
        next(c.label for c in found.chords if c.start_s <= t < c.end_s).partition("/")[0]
        == chord_label(up * len(QUALITIES) + list(QUALITIES).index(name))
        for t, (up, name) in zip((0.9, 2.9, 4.9), wanted, strict=True)
    ]
    assert sum(same) >= 2


def test_a_transposition_turns_the_belief() -> None:
    rng = np.random.default_rng(5)
    found = Partials(
        64,
        11025 / 1024,
        np.repeat(np.arange(64, dtype=np.int32), 6),
        rng.integers(45, 80, 64 * 6).astype(np.float32),
        rng.random(64 * 6).astype(np.float32),
    )
    up = dataclasses.replace(found, midi=found.midi + 12)
    here, there = chord_belief(found, 0.0), chord_belief(up, 1200 - 300.0)
    turned = np.roll(here.chord[:, :-1], 3 * len(QUALITIES), axis=1)
    # Three semitones also move through the registers, so the belief is the same only about.
    assert np.corrcoef(np.exp(turned).ravel(), np.exp(there.chord[:, :-1]).ravel())[0, 1] > 0.8
    assert np.allclose(np.exp(here.chord).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("method", METHODS)
def test_nothing_and_silence(method: Method) -> None:
    silent = believe(np.zeros(5 * RATE), method)
    assert [c.label for c in chords(silent, duration_s=5.0).chords] == ["N"]
    assert [c.label for c in chords(silent, duration_s=5.0, beats_s=[]).chords] == ["N"]
    one = believe(np.array([0.3]), method)
    assert len(chords(one, duration_s=1 / RATE).chords) <= 1
    empty = ChordBelief(5.4, 0.0, np.zeros((0, N_CHORDS), np.float32), np.zeros((0, 12), np.float32))
    assert chords(empty, duration_s=0.0).chords == ()
    with pytest.raises(ParameterError, match="NaN"):
        chords(silent, duration_s=5.0, beats_s=[1.0, math.nan])


def test_the_next_best_are_ranked_and_the_belief_is_shared() -> None:
    found = chords(believe(tones(voiced(0, "maj7"), 3.0), belief_by_templates), duration_s=3.0)
    (only,) = found.chords
    shares = [other.confidence for other in only.alternatives]
    assert shares == sorted(shares, reverse=True)
    assert 0 < only.confidence + sum(shares) <= 1.001
    assert only.label not in [other.label for other in only.alternatives]


def test_one_doubtful_beat_is_no_change_of_chord() -> None:
    rate, n = 5.0, 100
    major, minor = 0, QUALITIES_AT["min"]
    share = np.full((n, N_CHORDS), 1e-4, np.float32)
    share[:, major], share[:, minor] = 0.6, 0.4
    share[50:53, major], share[50:53, minor] = 0.45, 0.55
    bass = np.full((n, 12), 1e-3, np.float32)
    bass[:, 0] = 1.0
    belief = ChordBelief(rate, 0.0, np.log(share), np.log(bass))
    found = chords(belief, duration_s=20.0, beats_s=np.arange(0.0, 20.0, 0.5))
    assert [chord.label for chord in found.chords] == ["C:maj"]
    twice = chords(belief, duration_s=20.0, beats_s=[3.0, 3.0])
    assert twice.chords[-1].end_s == 20.0

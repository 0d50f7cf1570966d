"""Keys of music whose key is known, and where it changes."""

from __future__ import annotations

import dataclasses
import itertools
import math

import numpy as np
import pytest

from sori.analysis.harmony.chord_belief import ChordBelief
from sori.analysis.harmony.key import chord_notes, key
from sori.analysis.harmony.local_keys import local_keys
from sori.analysis.harmony.vocabulary import N_CHORDS, NO_CHORD, QUALITIES, templates
from sori.errors import ParameterError
from sori.events import Key

NAMES = list(QUALITIES)
RATE = 4.0
MAJOR = [(0, "maj"), (9, "min"), (5, "maj"), (7, "maj")]
MINOR = [(0, "min"), (8, "maj"), (5, "min"), (7, "maj")]


def believed(chords: list[tuple[int, str]], *, seconds: float = 2.0, doubt: float = 0.3) -> ChordBelief:
    """A belief in chords one after another, each with its share of doubt."""
    frames = round(seconds * RATE)
    rows = np.full((len(chords) * frames, N_CHORDS), doubt / N_CHORDS, np.float32)
    bass = np.full((len(chords) * frames, 12), doubt / 12, np.float32)
    for k, (root, quality) in enumerate(chords):
        span = slice(k * frames, (k + 1) * frames)
        rows[span, root * len(NAMES) + NAMES.index(quality)] += 1 - doubt
        bass[span, root] += 1 - doubt
    return ChordBelief(RATE, 0.0, np.log(rows), np.log(bass))


def moved(chords: list[tuple[int, str]], tonic: int) -> list[tuple[int, str]]:
    return [((tonic + up) % 12, quality) for up, quality in chords]


def spans(chords: list[tuple[int, str]]) -> list[tuple[str, str]]:
    belief = believed(chords)
    found = local_keys(belief, duration_s=2.0 * len(chords))
    assert found.spans[0].start_s == 0
    assert found.spans[-1].end_s == 2.0 * len(chords)
    assert all(a.end_s == b.start_s for a, b in zip(found.spans, found.spans[1:], strict=False))
    return [(span.tonic, span.mode) for span in found.spans]


@pytest.mark.parametrize("tonic", range(0, 12, 5))
def test_one_key_stays_one_key(tonic: int) -> None:
    name = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")[tonic]
    assert spans(moved(MAJOR, tonic) * 6) == [(name, "major")]
    assert spans(moved(MINOR, tonic) * 6) == [(name, "minor")]


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (moved(MAJOR, 0), moved(MAJOR, 2), [("C", "major"), ("D", "major")]),
        (moved(MAJOR, 7), moved(MAJOR, 8), [("G", "major"), ("Ab", "major")]),
        (moved(MINOR, 9), moved(MAJOR, 9), [("A", "minor"), ("A", "major")]),
        (moved(MAJOR, 5), moved(MAJOR, 0), [("F", "major"), ("C", "major")]),
    ],
)
def test_a_modulation_is_heard_where_it_is(
    first: list[tuple[int, str]], second: list[tuple[int, str]], wanted: list[tuple[str, str]]
) -> None:
    chords = first * 5 + second * 5
    found = local_keys(believed(chords), duration_s=80.0, changes_s=np.arange(0, 80, 2.0))
    assert [(span.tonic, span.mode) for span in found.spans] == wanted
    assert found.modulations_s == pytest.approx([40.0], abs=2.5)
    assert found.modulations_s[0] % 2 == 0
    assert all(0 < span.confidence <= 1 for span in found.spans)


def test_a_chord_from_elsewhere_is_no_modulation() -> None:
    chords = [*MAJOR * 4, (10, "maj"), (5, "maj"), *MAJOR * 4]
    assert spans(chords) == [("C", "major")]


def test_the_key_of_the_whole_decides_between_relatives() -> None:
    belief = believed([(0, "maj"), (9, "min"), (5, "maj"), (7, "maj")] * 5)
    for tonic, mode in (("C", "major"), ("A", "minor")):
        found = local_keys(belief, duration_s=40.0, whole=Key(tonic, mode, 0.5, ()))
        assert [(span.tonic, span.mode) for span in found.spans] == [(tonic, mode)]


def test_nothing_has_no_key() -> None:
    silent = np.full((40, N_CHORDS), 1e-6, np.float32)
    silent[:, NO_CHORD] = 1
    belief = ChordBelief(RATE, 0.0, np.log(silent), np.log(np.full((40, 12), 1 / 12, np.float32)))
    assert local_keys(belief, duration_s=10.0).spans == ()
    empty = ChordBelief(RATE, 0.0, np.zeros((0, N_CHORDS), np.float32), np.zeros((0, 12), np.float32))
    assert local_keys(empty, duration_s=0.0).modulations_s == ()
    with pytest.raises(ParameterError, match="seconds"):
        local_keys(belief, duration_s=math.nan)


def test_chords_tell_the_key_where_the_spectrum_is_noisy() -> None:
    """Pitch classes that drums have filled say little; the chords heard decide."""
    rng = np.random.default_rng(3)
    noisy = rng.random((320, 12))
    assert key(noisy, noisy).tonic != "E"
    told = key(noisy, noisy, belief=believed(moved(MINOR, 4) * 10))
    assert (told.tonic, told.mode) == ("E", "minor")


def test_what_the_network_says_of_keys_decides_between_keys_of_the_same_notes() -> None:
    notes = np.tile(np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1.0]), (80, 1))
    plain = believed([*MAJOR, (2, "min"), (4, "min")] * 2)
    heard = np.full((len(plain.chord), 24), np.log(0.01), np.float32)
    for at, tonic, mode in ((0, "C", "major"), (12 + 9, "A", "minor")):
        sure = heard.copy()
        sure[:, at] = np.log(0.77)
        told = key(notes, notes, belief=dataclasses.replace(plain, key=sure))
        assert (told.tonic, told.mode) == (tonic, mode)


def test_the_notes_of_a_belief_are_those_of_its_chords() -> None:
    notes, bass = chord_notes(believed([(2, "min7")], doubt=0.001))
    assert notes[0].round(2).tolist() == templates()[2 * len(NAMES) + NAMES.index("min7")].tolist()
    assert bass[0].argmax() == 2


def test_spans_of_keys_never_run_backwards() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        rows = rng.dirichlet(np.full(N_CHORDS, 0.01), 12).astype(np.float32).repeat(40, axis=0) + 1e-6
        bass = np.full((len(rows), 12), 1 / 12, np.float32)
        belief = ChordBelief(RATE, 0.0, np.log(rows), np.log(bass))
        changes = np.sort(rng.uniform(0, len(rows) / RATE, 20))
        spans = local_keys(belief, duration_s=len(rows) / RATE, changes_s=changes).spans
        assert all(span.start_s < span.end_s for span in spans)
        assert all(a.end_s == b.start_s for a, b in itertools.pairwise(spans))

"""Notes, contour and the tune among other voices."""

from __future__ import annotations

import itertools
from pathlib import Path

import mir_eval
import numpy as np
import pytest

from sori.analysis.melody import contour, melody, notes, pitch
from sori.analysis.melody.contour import interval_in_words
from sori.audio import load
from sori.errors import ParameterError
from sori.events import Note, Notes, Pitch
from sori.signal.synthesis import harmonic_tone, sawtooth, sine
from sori.units import midi_to_hz

SR = 22050


def played(tune: list[tuple[float, float, float]], *, decay: float = 4.0) -> np.ndarray:
    """Return plucked notes of (onset, offset, MIDI)."""
    out = np.zeros(round((tune[-1][1] + 0.3) * SR), np.float32)
    for onset, offset, midi in tune:
        tone = harmonic_tone(float(midi_to_hz(midi)), sample_rate=SR, duration_s=offset - onset)
        time = np.arange(len(tone)) / SR
        tone = (
            tone
            * np.exp(-decay * time)
            * np.clip(time / 0.005, 0, 1)
            * np.clip((offset - onset - time) / 0.01, 0, 1)
        )
        begin = round(onset * SR)
        out[begin : begin + len(tone)] += 0.4 * tone.astype(np.float32)
    return out


TUNE = [
    (0.2, 0.6, 60.0),
    (0.6, 1.0, 60.0),
    (1.0, 1.2, 62.3),
    (1.2, 1.7, 64.0),
    (2.0, 2.5, 67.0),
    (2.5, 3.2, 55.0),
]


def test_notes_are_found_with_their_repeats() -> None:
    x = played(TUNE)
    found = notes(pitch(x, sample_rate=SR), x, sample_rate=SR).notes
    truth = np.array([(a, b) for a, b, _ in TUNE])
    guess = np.array([(n.onset_s, n.offset_s) for n in found])
    truth_hz, guess_hz = (
        np.asarray(midi_to_hz(np.array(m))) for m in ([m for *_, m in TUNE], [n.pitch_midi for n in found])
    )
    _, _, f, _ = mir_eval.transcription.precision_recall_f1_overlap(
        truth, truth_hz, guess, guess_hz, offset_ratio=None
    )
    assert f == 1.0
    assert abs(found[2].pitch_midi - 62.3) < 0.1  # not rounded
    assert all(1 <= n.velocity <= 127 and 0 <= n.confidence <= 1 for n in found)


def test_vibrato_is_one_note_and_a_glide_no_third() -> None:
    time = np.arange(4 * SR) / SR
    midi = np.where(time < 2, 69 + 0.7 * np.sin(2 * np.pi * 5.5 * time), 74.0)
    midi = np.convolve(np.pad(midi, 1200, mode="edge"), np.ones(2401) / 2401, mode="valid")
    x = 0.4 * sawtooth(midi_to_hz(midi), sample_rate=SR)
    found = notes(pitch(x, sample_rate=SR), x, sample_rate=SR).notes
    assert [round(n.pitch_midi) for n in found] == [69, 74]
    assert abs(found[1].onset_s - 2.0) < 0.1


def test_a_louder_note_has_a_higher_velocity() -> None:
    x = played([(0.2, 0.7, 60.0), (0.9, 1.4, 64.0)])
    x[: round(0.8 * SR)] *= 0.25
    first, second = notes(pitch(x, sample_rate=SR), x, sample_rate=SR).notes
    assert second.velocity == 110
    assert 45 < first.velocity < 65  # a quarter of the amplitude is half the velocity


def test_no_notes_in_silence_and_refusals() -> None:
    silence = np.zeros(SR, np.float32)
    assert notes(pitch(silence, sample_rate=SR), silence, sample_rate=SR) == Notes(())
    assert notes(Pitch((), (), (), ()), np.zeros(0, np.float32), sample_rate=SR) == Notes(())
    uneven = Pitch((0.0, 0.01, 0.05), (440.0,) * 3, (1.0,) * 3, (True,) * 3)
    with pytest.raises(ParameterError, match="uneven"):
        notes(uneven, silence, sample_rate=SR)
    with pytest.raises(ParameterError, match="mono"):
        notes(uneven, np.zeros((2, SR), np.float32), sample_rate=SR)


def test_a_contour_in_words() -> None:
    tune = [60, 67, 65, 64, 60]
    given = Notes(tuple(Note(k * 0.5, k * 0.5 + 0.5, float(m), 80, 0.9) for k, m in enumerate(tune)))
    found = contour(given)
    assert found.description == "rises a fifth, falls back a fifth, ends where it began"
    assert found.times_s[0] == 0.0
    assert found.times_s[-1] == 2.5
    assert contour(given, most_lines=2).times_s.__len__() == 3
    assert contour(Notes(given.notes[:1])).description == "stays on one pitch"


def test_a_contour_of_a_track_has_few_lines() -> None:
    times = np.arange(400) * 0.01
    midi = 60 + 7 * np.minimum(times, 4 - times) / 2 + 0.3 * np.sin(2 * np.pi * 6 * times)
    track = Pitch(tuple(times), tuple(midi_to_hz(midi)), (1.0,) * 400, (True,) * 400)
    found = contour(track, tolerance=0.6)
    assert len(found.times_s) == 3
    assert abs(found.times_s[1] - 2.0) < 0.2
    assert found.description.startswith("rises a fifth, falls back a fifth")


def test_a_contour_of_nothing_and_refusals() -> None:
    assert contour(Pitch((), (), (), ())).times_s == ()
    assert contour(Pitch((0.0,), (440.0,), (0.1,), (False,))).description == "no pitch"
    with pytest.raises(ParameterError, match="most_lines"):
        contour(Notes(()), most_lines=0)


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (0.3, "a hair"),
        (2, "a step"),
        (-4, "a third"),
        (6, "a tritone"),
        (-12, "an octave"),
        (40, "more than two octaves"),
    ],
)
def test_intervals_have_names(size: float, name: str) -> None:
    assert interval_in_words(size) == name


def test_the_tune_over_chords() -> None:
    tune = [72, 74, 76, 79, 77, 76, 74, 72]
    n = round(0.5 * SR)
    lead = np.concatenate([harmonic_tone(float(midi_to_hz(m)), sample_rate=SR, duration_s=0.5) for m in tune])
    chord = sum(harmonic_tone(float(midi_to_hz(m)), sample_rate=SR, duration_s=4.0) for m in (48, 52, 55))
    x = (0.3 * lead + 0.08 * chord[: len(lead)]).astype(np.float32)
    found = melody(x, sample_rate=SR)
    times = np.array(found.times_s)
    truth = np.asarray(midi_to_hz(np.array(tune)))[np.minimum((times * SR).astype(int) // n, 7)]
    inside = (times < 3.95) & ((times % 0.5) > 0.06) & ((times % 0.5) < 0.44)
    right = np.abs(1200 * np.log2(np.maximum(found.hz, 1.0) / truth)) < 50
    assert np.mean(right[inside]) > 0.9
    assert np.mean(np.array(found.voiced)[inside]) > 0.9


def test_the_tune_of_silence_and_of_nothing() -> None:
    assert melody(np.zeros(0, np.float32), sample_rate=SR) == Pitch((), (), (), ())
    assert not any(melody(np.zeros(SR, np.float32), sample_rate=SR).voiced)
    with pytest.raises(ParameterError, match="8000"):
        melody(sine(200.0, sample_rate=4000, duration_s=1.0), sample_rate=4000)


def test_a_sax_phrase_has_notes(data: Path) -> None:
    samples, sample_rate = load(data / "pitch" / "freesound" / "sax-phrase-short.wav")
    x = samples.mean(axis=0)
    found = notes(pitch(x, sample_rate=sample_rate), x, sample_rate=sample_rate).notes
    assert len(found) >= 3
    assert all(40 < n.pitch_midi < 90 and n.offset_s > n.onset_s for n in found)
    assert all(a.offset_s <= b.onset_s + 1e-6 for a, b in itertools.pairwise(found))

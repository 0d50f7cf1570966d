"""What is played along sounds when and as high as it says, and never clicks by itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sori.display.sonification import beat_clicks, chord_tones, note_tones, pitch_tone, sonify
from sori.errors import ParameterError
from sori.events import Beats, Chord, Chords, Metre, Note, Notes, Pitch, Tuning
from sori.formats import Results
from sori.units import midi_to_hz

RATE = 16000
LENGTH = {"sample_rate": RATE, "duration_s": 2.0}


def strongest_hz(part: np.ndarray) -> float:
    """Return the strongest frequency of a part, between the bins of its spectrum."""
    size = 8 * len(part)
    return float(np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part)), size))) * RATE / size)


def level(x: np.ndarray, hz: float) -> float:
    """Return how strongly a frequency sounds."""
    wave = np.exp(-2j * np.pi * hz * np.arange(len(x)) / RATE)
    return float(2 * abs(np.mean(x * np.hanning(len(x)) * 2 * wave)))


class TestClicks:
    def test_downbeats_are_an_octave_higher(self) -> None:
        metre = Metre(2, 1.0, (0.5,), (2, 1, 2), ())
        out = beat_clicks(Beats((0.25, 0.5, 1.0)), metre, **LENGTH)
        heard = [strongest_hz(out[round(at * RATE) : round((at + 0.05) * RATE)]) for at in (0.25, 0.5, 1.0)]
        assert heard == pytest.approx([880.0, 1760.0, 880.0], abs=15.0)
        assert not out[: round(0.25 * RATE)].any()
        assert not out[round(1.1 * RATE) :].any()

    def test_beats_outside_are_left_out(self) -> None:
        assert not beat_clicks(Beats((2.5, 3.0)), **LENGTH).any()
        assert len(beat_clicks(Beats(()), **LENGTH)) == 2 * RATE


class TestChords:
    def test_the_chord_s_notes_sound_while_it_lasts(self) -> None:
        chords = Chords((Chord(0.0, 1.0, "A:min", 1.0, ()), Chord(1.0, 2.0, "N", 1.0, ())), False)
        out = chord_tones(chords, **LENGTH)
        assert not out[RATE:].any()
        inside = out[RATE // 4 : 3 * RATE // 4]
        spectrum = np.abs(np.fft.rfft(inside * np.hanning(len(inside)), 8 * RATE))
        classes = np.zeros(12)
        for midi in range(40, 80):
            classes[midi % 12] += spectrum[round(float(midi_to_hz(midi)) * 8)]
        assert set(np.argsort(classes)[-3:]) == {9, 0, 4}

    def test_they_are_tuned_as_asked(self) -> None:
        chords = Chords((Chord(0.0, 2.0, "A:1", 1.0, ()),), False)
        out = chord_tones(chords, a4_hz=452.0, **LENGTH)
        assert level(out, 226.0) > 10 * level(out, 220.0)

    def test_no_clicks(self) -> None:
        chords = Chords(tuple(Chord(k / 5, k / 5 + 0.2, "F:maj7", 1.0, ()) for k in range(10)), False)
        out = chord_tones(chords, **LENGTH)
        assert np.abs(np.diff(out)).max() < 0.3 * np.abs(out).max()
        assert np.abs(out).max() <= 1.0

    @pytest.mark.parametrize(
        "chords", [(), (Chord(5.0, 6.0, "C", 1.0, ()),), (Chord(1.0, 1.0, "C", 1.0, ()),)]
    )
    def test_nothing_to_hear(self, chords: tuple[Chord, ...]) -> None:
        assert not chord_tones(Chords(chords, False), **LENGTH).any()


class TestTune:
    def track(self, hz: np.ndarray, voiced: np.ndarray | None = None) -> Pitch:
        at = np.arange(len(hz)) * 0.01
        there = np.ones(len(hz), bool) if voiced is None else voiced
        return Pitch(tuple(at.tolist()), tuple(hz.tolist()), (1.0,) * len(hz), tuple(there.tolist()))

    def test_it_follows_a_glide(self) -> None:
        out = pitch_tone(self.track(np.geomspace(220.0, 880.0, 200)), **LENGTH)
        for second in (0.5, 1.0, 1.5):
            around = out[round((second - 0.02) * RATE) : round((second + 0.02) * RATE)]
            assert strongest_hz(around) == pytest.approx(220.0 * 4 ** (second / 1.99), rel=0.01)

    def test_its_phase_never_jumps(self) -> None:
        hz = np.where(np.arange(200) < 100, 300.0, 400.0)
        out = pitch_tone(self.track(hz), **LENGTH)
        assert np.abs(np.diff(out)).max() < 1.05 * 2 * np.pi * 400.0 / RATE

    def test_it_is_silent_where_it_is_unvoiced(self) -> None:
        voiced = np.arange(200) >= 100
        voiced[150:152] = False  # too short a gap to be heard as one
        out = pitch_tone(self.track(np.full(200, 300.0), voiced), **LENGTH)
        assert not out[: round(0.95 * RATE)].any()
        assert np.abs(out[round(1.49 * RATE) : round(1.53 * RATE)]).max() > 0.9

    def test_notes_sound_at_their_pitch_and_velocity(self) -> None:
        out = note_tones(Notes((Note(0.2, 0.8, 69.5, 127, 1.0), Note(1.2, 1.8, 60.0, 32, 1.0))), **LENGTH)
        first, second = out[round(0.3 * RATE) : round(0.7 * RATE)], out[round(1.3 * RATE) : round(1.7 * RATE)]
        assert strongest_hz(first) == pytest.approx(440.0 * 2 ** (0.5 / 12), abs=1.0)
        assert np.abs(first).max() == pytest.approx(np.abs(second).max() * 127 / 32, rel=0.05)

    @pytest.mark.parametrize("hz", [np.zeros(0), np.zeros(200), np.full(200, 9000.0)])
    def test_nothing_to_hear(self, hz: np.ndarray) -> None:
        assert not pitch_tone(self.track(hz), **LENGTH).any()


class TestSonify:
    @pytest.fixture
    def results(self) -> Results:
        return Results(
            duration_s=2.0,
            tuning=Tuning(440.0, 0.0),
            beats=Beats((0.5, 1.0)),
            chords=Chords((Chord(0.0, 2.0, "C:maj", 1.0, ()),), False),
        )

    def test_the_recording_is_as_loud_as_asked(self, results: Results) -> None:
        x = 0.3 * np.sin(2 * np.pi * 3000 * np.arange(2 * RATE) / RATE)
        out = sonify(x, results, sample_rate=RATE, recording_db=-20.0)
        assert out.dtype == np.float32
        assert len(out) == len(x)
        assert level(out, 3000.0) == pytest.approx(0.1 * _scale(x, results), rel=0.03)
        silent = sonify(x, results, sample_rate=RATE, recording_db=-np.inf)
        assert level(silent, 3000.0) < 1e-3

    def test_parts_can_be_chosen(self, results: Results) -> None:
        out = sonify(np.zeros(2 * RATE), results, sample_rate=RATE, parts=["beats"])
        assert not out[: round(0.5 * RATE)].any()
        assert out[round(0.5 * RATE) : round(0.51 * RATE)].any()

    def test_it_never_clips_and_does_not_care_about_channels(self, results: Results) -> None:
        rng = np.random.default_rng(0)
        x = rng.uniform(-1, 1, (2, 2 * RATE))
        out = sonify(x, results, sample_rate=RATE, recording_db=6.0)
        assert np.abs(out).max() <= 1.0
        np.testing.assert_allclose(out, sonify(x.mean(axis=0), results, sample_rate=RATE, recording_db=6.0))

    def test_silence_and_nothing_heard(self, results: Results) -> None:
        assert not sonify(np.zeros(100), Results(), sample_rate=RATE).any()
        assert len(sonify(np.zeros(1), results, sample_rate=RATE)) == 1

    def test_what_cannot_be_heard_is_said(self, results: Results) -> None:
        with pytest.raises(ParameterError, match="hold beats, chords"):
            sonify(np.zeros(9), results, sample_rate=RATE, parts=["melody"])
        with pytest.raises(ParameterError, match="want some of"):
            sonify(np.zeros(9), dataclasses.replace(results, beats=None), sample_rate=RATE, parts=["songs"])
        for bad in (np.full(9, np.nan), np.zeros((1, 2, 9))):
            with pytest.raises(ParameterError):
                sonify(bad, results, sample_rate=RATE)
        with pytest.raises(ParameterError, match="dB"):
            sonify(np.zeros(9), results, sample_rate=RATE, recording_db=np.nan)


def _scale(x: np.ndarray, results: Results) -> float:
    """Return by how much the whole was turned down to stay below full scale."""
    added = sonify(x, results, sample_rate=RATE, recording_db=-np.inf)
    mixed = 0.1 * x / np.abs(x).max() + added / np.abs(added).max()
    return min(1.0, 0.99 / float(np.abs(mixed).max()))

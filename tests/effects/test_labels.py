"""Labels are where the sound is: times, pitches, keys and chords after an effect."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from sori import effects, events
from sori.effects import Chain, Effect
from sori.events import Beats, Chord, Chords, Key, KeySpan, LocalKeys, Metre, Note, Notes, Section, Sections
from sori.events.levels import Excerpt

BEATS = Beats((0.5, 1.0, 1.5, 2.0))
NOTES = Notes((Note(0.5, 1.0, 60.0, 80, 0.9), Note(1.0, 1.6, 64.5, 80, 0.9)))
CHORDS = Chords(
    (Chord(0.0, 1.0, "C:maj", 0.9, ()), Chord(1.0, 2.0, "N", 0.9, ()), Chord(2.0, 3.0, "A:min7/b3", 1.0, ())),
    True,
)
SECTIONS = Sections(
    (Section(0.0, 2.0, "A", 0.9), Section(2.0, 4.0, "B", 0.9)), Excerpt(2.0, 4.0), Excerpt(1.0, 2.0)
)


def moved(effect: Effect, event: Any, duration_s: float = 4.0, **parameters: Any) -> Any:
    return effect.move(event, parameters, duration_s=duration_s)


def near(values: Any) -> Any:
    return pytest.approx(values, abs=1e-9)


class TestTimes:
    def test_a_shift_moves_and_leaves_out(self) -> None:
        assert moved(effects.TimeShift(), BEATS, shift_s=2.25).times_s == near((2.75, 3.25, 3.75))
        assert moved(effects.TimeShift(), BEATS, shift_s=-1.0).times_s == near((0.0, 0.5, 1.0))

    def test_what_leaves_comes_in_again(self) -> None:
        assert moved(effects.TimeShift(wrap=True), BEATS, shift_s=2.75).times_s == near(
            (0.25, 0.75, 3.25, 3.75)
        )
        chords = moved(effects.TimeShift(wrap=True), CHORDS, 3.0, shift_s=0.5).chords
        assert [(chord.start_s, chord.end_s, chord.label) for chord in chords] == [
            (0.0, 0.5, "A:min7/b3"),
            (0.5, 1.5, "C:maj"),
            (1.5, 2.5, "N"),
            (2.5, 3.0, "A:min7/b3"),
        ]

    def test_stretching_moves_apart(self) -> None:
        slow = effects.TimeStretch(keep_length=False)
        assert moved(slow, BEATS, rate=0.5).times_s == near((1.0, 2.0, 3.0, 4.0))
        assert moved(effects.TimeStretch(), BEATS, rate=0.5).times_s == near((1.0, 2.0, 3.0))
        assert moved(slow, events.Tempo(120.0, 1.0, ()), rate=0.5).bpm == near(60.0)
        sections = moved(effects.TimeStretch(), SECTIONS, rate=0.5)
        assert [(one.start_s, one.end_s) for one in sections.sections] == [(0.0, 4.0)]
        assert sections.chorus is None
        assert sections.thumbnail == Excerpt(2.0, 4.0)

    def test_what_is_beside_a_time_stays_beside_it(self) -> None:
        onsets = events.Onsets((0.5, 1.5, 3.5), (0.3, 1.0, 0.5))
        assert moved(effects.TimeShift(), onsets, shift_s=-1.0).strengths == (1.0, 0.5)

    def test_bars_move_and_forget_the_numbers_of_beats(self) -> None:
        metre = Metre(2, 0.9, (0.5, 1.5), (1, 2, 1, 2), ())
        after = moved(effects.TimeShift(), metre, shift_s=0.5)
        assert after.downbeats_s == near((1.0, 2.0))
        assert after.positions == ()

    def test_a_warp_moves_as_the_frames_do(self) -> None:
        warp = effects.TimeWarp()
        after = moved(warp, BEATS, 4.0, centre=20, shift=10, frames=41)
        assert after.times_s == near((0.75, 1.5, 2.25, 3.0))
        S = np.zeros((1, 41))
        S[0, 10] = 1.0  # at 1 s
        y = warp.apply(S, {"centre": 20, "shift": 10, "frames": 41})
        assert int(y[0].argmax()) == 15

    def test_a_delay_moves(self) -> None:
        assert moved(effects.Delay(), BEATS, delay_s=[0.1, 0.3]).times_s == near((0.7, 1.2, 1.7, 2.2))


class TestPitches:
    def test_a_pitch_shift_transposes(self) -> None:
        shift = effects.PitchShift()
        assert [note.pitch_midi for note in moved(shift, NOTES, semitones=2.5).notes] == near([62.5, 67.0])
        key = Key("F#", "minor", 0.9, (events.KeyCandidate("A", "major", 0.1),))
        assert moved(shift, key, semitones=3.0) == Key(
            "A", "minor", 0.9, (events.KeyCandidate("C", "major", 0.1),)
        )
        labels = [chord.label for chord in moved(shift, CHORDS, semitones=-1.0).chords]
        assert labels == ["B:maj", "N", "G#:min7/b3"]
        pitch = events.Pitch((0.0, 0.1), (440.0, 0.0), (1.0, 0.0), (True, False))
        assert moved(shift, pitch, semitones=12.0).hz == near((880.0, 0.0))
        assert moved(shift, Key(None, None, 0.0, ()), semitones=3.0).tonic is None

    def test_keys_of_places_move_too(self) -> None:
        keys = LocalKeys((KeySpan(0.0, 2.0, "C", "major", 0.9), KeySpan(2.0, 4.0, "G", "major", 0.8)), (2.0,))
        after = moved(effects.Speed(), keys, rate=2.0 ** (2 / 12))
        assert [span.tonic for span in after.spans] == ["D", "A"]
        assert after.modulations_s == near((2.0 / 2.0 ** (2 / 12),))

    def test_tuning_takes_what_is_left_of_a_semitone(self) -> None:
        tuning = moved(effects.PitchShift(), events.Tuning(440.0, 0.0), semitones=2.25)
        assert tuning.cents == near(25.0)
        assert tuning.a4_hz == near(440.0 * 2 ** (0.25 / 12))

    def test_a_scale_goes_round(self) -> None:
        histogram = events.PitchHistogram(tuple(float(k == 0) for k in range(240)))
        assert moved(effects.PitchShift(), histogram, semitones=-0.5).weights.index(1.0) == 230


def test_labels_are_where_the_sound_is() -> None:
    """Clicks are found where their labels have gone, through a whole chain."""
    rate = 8000
    chain = Chain(
        [
            effects.TimeShift(min_s=-0.3, max_s=0.3),
            effects.Speed(min_rate=0.8, max_rate=1.25),
            effects.Polarity(p=1.0),
            effects.Gain(),
        ]
    )
    beats = Beats(tuple(np.arange(0.25, 4.0, 0.5).tolist()))
    x = np.zeros((1, 4 * rate))
    x[0, np.round(np.array(beats.times_s) * rate).astype(int)] = 1.0
    for seed in range(5):
        drawn = chain.draw(np.random.default_rng(seed), x, sample_rate=rate)
        size = np.abs(chain.apply(x, drawn, sample_rate=rate)[0])
        after = chain.move(beats, drawn, duration_s=4.0)
        assert len(after.times_s) >= 5
        for time in after.times_s:
            at = round(time * rate)
            window = size[max(0, at - 3) : at + 4]
            if at < len(size) - 4:
                assert window.max() > 0.5 * size.max()


@pytest.mark.parametrize("effect", [effects.Polarity(), effects.Gain(), effects.Noise(), effects.Reverb()])
def test_other_effects_leave_labels(effect: Effect) -> None:
    drawn = effect.draw(np.random.default_rng(0), np.zeros((1, 100)), sample_rate=8000)
    for event in (BEATS, NOTES, CHORDS, SECTIONS, "anything"):
        assert effect.move(event, drawn, duration_s=4.0) == event


def test_every_record_of_events_can_move() -> None:
    """No record is read wrongly or left behind: a twice as fast, then a twice as slow one is the first."""
    for name in events.__all__:
        record = getattr(events, name)
        if name == "as_dict":
            continue
        made = example(record)
        fast = effects.Speed(keep_length=False)
        there = fast.move(made, {"rate": 2.0}, duration_s=100.0)
        back = fast.move(there, {"rate": 0.5}, duration_s=50.0)
        if record is Metre:
            back = dataclasses.replace(back, positions=made.positions)
        assert flat(back) == near(flat(made)), name


NAMED: dict[str, Any] = {"end_s": 9.0, "offset_s": 9.0, "tonic": "C", "mode": "major", "tonic_hz": 300.0}
PLAIN: dict[str, Any] = {"float": 2.5, "int": 3, "bool": True, "str": "word"}


def example(record: type) -> Any:
    """Return a record with a plausible value for every field, by its name or its type."""
    values: dict[str, Any] = {}
    for number, field in enumerate(dataclasses.fields(record)):
        kind = str(field.type).partition(" ")[0].removeprefix("tuple[").partition(",")[0]
        one = PLAIN[kind] if kind in PLAIN else example(getattr(events, kind))
        many = str(field.type).startswith("tuple[")
        pair = (1.0 + number, 2.0 + number) if kind in ("float", "int") else (one,)
        values[field.name] = NAMED.get(field.name, pair if many else one)
    if record in (Chord, events.ChordCandidate):
        values["label"] = "C:maj"
    if record is events.PitchHistogram:
        values["weights"] = tuple(range(240))
    return record(**values)


def flat(value: Any) -> list[float]:
    """Return all numbers of a record in order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [one for field in dataclasses.fields(value) for one in flat(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [one for part in value for one in flat(part)]
    return [float(value)] if isinstance(value, int | float) else []

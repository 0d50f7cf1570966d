"""A MIDI file keeps the music's time: bars where the music has them, every event within a tick."""

from __future__ import annotations

import dataclasses
import io
import itertools
from pathlib import Path
from typing import Any

import mido
import numpy as np
import pytest

from sori.errors import ParameterError
from sori.events import Beats, Chord, Chords, Key, Metre, Note, Notes, Tempo
from sori.formats import Results, read, render
from sori.formats.midi import from_midi, to_midi
from sori.formats.results import metre_of
from sori.theory.chords import parse_chord


def parsed(results: Results) -> mido.MidiFile:
    return mido.MidiFile(file=io.BytesIO(render(results, form="midi")), charset="utf-8")


def timed(file: mido.MidiFile, track: int) -> list[tuple[int, float, Any]]:
    """Return (tick, seconds, message), the seconds from the file's own tempo map."""
    changes = [(0, 500_000)]
    now = 0
    for message in file.tracks[0]:
        now += message.time
        if message.type == "set_tempo":
            changes.append((now, message.tempo))

    starts, tempi = np.array(changes).T
    passed = np.concatenate([[0.0], np.cumsum(np.diff(starts) * tempi[:-1])])

    def seconds(tick: int) -> float:
        at = int(np.searchsorted(starts, tick, side="right")) - 1
        return float(passed[at] + (tick - starts[at]) * tempi[at]) / 1e6 / file.ticks_per_beat

    ticks = list(itertools.accumulate(message.time for message in file.tracks[track]))
    return [(tick, seconds(tick), message) for tick, message in zip(ticks, file.tracks[track], strict=True)]


def bar_lines(file: mido.MidiFile, end_s: float) -> list[float]:
    """Return the bar lines that a sequencer draws, in seconds."""
    conductor = timed(file, 0)
    signatures = [(tick, m.numerator * 4 * file.ticks_per_beat // m.denominator)
                  for tick, _, m in conductor if m.type == "time_signature"]  # fmt: skip
    places, tick = [], 0
    while True:
        length = [length for start, length in signatures if start <= tick][-1]
        assert not any(tick < start < tick + length for start, _ in signatures), "a signature inside a bar"
        places.append(tick)
        tick += length
        if len(places) > 1 and tick > 10**6:
            break
    tempi = [(at, s, m.tempo) for at, s, m in conductor if m.type == "set_tempo"]
    found = []
    for place in places:
        at, s, tempo = [one for one in tempi if one[0] <= place][-1]
        found.append(s + (place - at) * tempo / 1e6 / file.ticks_per_beat)
    return [second for second in found if second <= end_s]


def steady(first: float, period: float, positions: tuple[int, ...]) -> Results:
    beats = tuple((first + period * np.arange(len(positions))).tolist())
    return Results(duration_s=beats[-1] + period, beats=Beats(beats), metre=metre_of(beats, positions))


class TestTempoMap:
    def test_bar_lines_fall_on_downbeats(self, song: Results) -> None:
        assert song.metre is not None
        lines = bar_lines(parsed(song), song.duration_s)
        for downbeat in song.metre.downbeats_s:
            assert np.min(np.abs(np.array(lines) - downbeat)) < 1e-4
        assert len(lines) == len(song.metre.downbeats_s) + 1  # and the start of the file

    @pytest.mark.parametrize("first", [0.0, 0.004, 0.03, 0.2, 0.49, 0.75, 1.0, 2.1, 7.3, 61.0])
    @pytest.mark.parametrize(
        "positions", [(1, 2, 3) * 6, (2, 3, *(1, 2, 3) * 5), (4, 5, *(1, 2, 3, 4, 5) * 4)]
    )
    def test_any_start_and_any_pickup(self, first: float, positions: tuple[int, ...]) -> None:
        results = steady(first, 0.5, positions)
        file = parsed(results)
        assert results.metre is not None
        lines = np.array(bar_lines(file, results.duration_s))
        for downbeat in results.metre.downbeats_s:
            assert np.min(np.abs(lines - downbeat)) < 1e-3
        tempi = [mido.tempo2bpm(m.tempo) for _, _, m in timed(file, 0) if m.type == "set_tempo"]
        assert tempi[1] == pytest.approx(120.0, abs=0.01)
        if first >= 0.03:
            assert 0.65 < tempi[0] / 120 < 1.5, "the lead-in has nearly the music's tempo"
        signatures = [(m.numerator, m.denominator) for m in file.tracks[0] if m.type == "time_signature"]
        assert first < 0.05 or max(denominator for _, denominator in signatures) <= 16

    def test_rounding_does_not_add_up(self) -> None:
        beats = tuple(np.cumsum(np.full(5000, 0.3333333)).tolist())
        results = Results(duration_s=beats[-1], beats=Beats(beats))
        chords = Chords(tuple(Chord(a, b, "C:maj", 1.0, ()) for a, b in itertools.pairwise(beats)), True)
        file = parsed(dataclasses.replace(results, chords=chords))
        onsets = [s for _, s, m in timed(file, 1) if m.type == "lyrics"]
        np.testing.assert_allclose(onsets, beats[:-1], atol=1e-4)

    def test_silence_between_beats_is_kept(self) -> None:
        beats = (0.5, 1.0, 1.5, 61.5, 62.0, 62.5)
        results = Results(
            duration_s=63.0,
            beats=Beats(beats),
            metre=metre_of(beats, (1, 2, 3, 1, 2, 3)),
            notes=Notes((Note(62.0, 62.4, 60.0, 80, 1.0),)),
        )
        onsets = [s for _, s, m in timed(parsed(results), 1) if m.type == "note_on" and m.velocity]
        assert onsets == pytest.approx([62.0], abs=1e-3)
        assert np.min(np.abs(np.array(bar_lines(parsed(results), 63.0)) - 61.5)) < 1e-3

    @pytest.mark.parametrize("bpm", [None, 90.0])
    def test_without_beats_the_tempo_holds(self, bpm: float | None) -> None:
        results = Results(
            duration_s=4.0, tempo=Tempo(bpm, 0.5, ()), notes=Notes((Note(3.0, 4.0, 60.0, 80, 1.0),))
        )
        file = parsed(results)
        assert [round(mido.tempo2bpm(m.tempo)) for m in file.tracks[0] if m.type == "set_tempo"] == [
            bpm or 120
        ]
        assert read_back(results).notes[0].onset_s == pytest.approx(3.0, abs=2e-3)


def read_back(results: Results) -> Notes:
    again = from_midi(to_midi(results), track="melody")
    assert again.notes is not None
    return again.notes


class TestContents:
    def test_type_tracks_and_texts(self, song: Results) -> None:
        file = parsed(song)
        assert file.type == 1
        assert [track.name for track in file.tracks] == ["아리랑 제1절", "Chords", "Melody"]
        markers = [m.text for m in file.tracks[0] if m.type == "marker"]
        assert markers == ["intro", "A", "후렴 B"]
        lyrics = [m.text for m in file.tracks[1] if m.type == "lyrics"]
        assert lyrics[:4] == ["N.C.", "C", "G/B", "Am7"]
        keys = [m.key for m in file.tracks[0] if m.type == "key_signature"]
        assert keys == ["C", "Ebm"]
        assert file.length == pytest.approx(song.duration_s, abs=0.01)

    @pytest.mark.parametrize(
        ("tonic", "mode", "name"),
        [
            ("D", "dorian", "Am"),
            ("G#", "major", "Ab"),
            ("D#", "minor", "D#m"),
            ("F", "lydian", "C"),
            ("Cb", "minor", "Bm"),
        ],
    )
    def test_any_key_has_a_signature(self, tonic: str, mode: str, name: str) -> None:
        file = parsed(Results(duration_s=1.0, key=Key(tonic, mode, 1.0, ())))
        assert [m.key for m in file.tracks[0] if m.type == "key_signature"] == [name]

    def test_events_lie_within_a_tick(self, song: Results) -> None:
        assert song.chords is not None
        lyrics = [s for _, s, m in timed(parsed(song), 1) if m.type == "lyrics"]
        np.testing.assert_allclose(lyrics, [chord.start_s for chord in song.chords.chords], atol=0.002)

    def test_notes_come_back_with_their_bends(self, song: Results) -> None:
        assert song.notes is not None
        for wanted, found in zip(song.notes.notes, read_back(song).notes, strict=True):
            assert found.onset_s == pytest.approx(wanted.onset_s, abs=2e-3)
            assert found.offset_s == pytest.approx(wanted.offset_s, abs=2e-3)
            assert found.pitch_midi == pytest.approx(wanted.pitch_midi, abs=1e-3)
            assert found.velocity == wanted.velocity

    def test_on_the_semitone_nothing_bends(self) -> None:
        notes = Notes(tuple(Note(t, t + 0.4, 60.0 + t, 80, 1.0) for t in range(5)))
        file = parsed(Results(duration_s=5.0, notes=notes))
        assert not [m for m in file.tracks[1] if m.type == "pitchwheel"]

    def test_overlapping_notes_of_one_voice_do_not_hang(self) -> None:
        notes = (Note(0.0, 2.0, 60.0, 80, 1.0), Note(0.5, 1.0, 60.4, 80, 1.0), Note(0.7, 3.0, 60.0, 80, 1.0))
        found = read_back(Results(duration_s=3.0, notes=Notes(notes)))
        assert [round(note.offset_s, 2) for note in found.notes] == [0.5, 0.7, 3.0]

    def test_silence_is_a_valid_file(self, empty: Results) -> None:
        assert [track.name for track in parsed(empty).tracks] == ["Sori", "Chords", "Melody"]
        assert parsed(empty).length == pytest.approx(3.0, abs=0.01)

    def test_pop909_melody_reads(self, data: Path) -> None:
        path = sorted((data / "pop909").rglob("*.mid"))[0]
        results = read(path)
        assert results.notes is not None
        at = np.cumsum([message.time for message in mido.MidiFile(path)])
        onsets = [
            second
            for second, message in zip(at, mido.MidiFile(path), strict=True)
            if message.type == "note_on" and message.velocity > 0
        ]
        np.testing.assert_allclose([note.onset_s for note in results.notes.notes], onsets, atol=1e-6)


class TestChords:
    def test_voices_sound_while_the_chord_does_and_move_little(self, song: Results) -> None:
        assert song.chords is not None
        pressed: dict[int, list[int]] = {}
        released: dict[int, list[int]] = {}
        for tick, _, message in timed(parsed(song), 1):
            if message.type == "note_on":
                (pressed if message.velocity else released).setdefault(tick, []).append(message.note)
        sounding = [chord for chord in song.chords.chords if chord.label != "N"]
        assert len(pressed) == len(sounding)
        for notes, chord in zip(pressed.values(), sounding, strict=True):
            symbol = parse_chord(chord.label)
            assert {note % 12 for note in notes} <= symbol.pitch_classes
            assert min(notes) % 12 == symbol.bass_pitch_class
        assert [sorted(notes) for notes in pressed.values()] == [sorted(notes) for notes in released.values()]
        tops = [max(notes) for notes in pressed.values()]
        assert np.mean(np.abs(np.diff(tops))) < 4, "the top voice leaps as blocks in root position do"

    def test_a_label_of_another_syntax_is_refused(self) -> None:
        chords = Chords((Chord(0.0, 1.0, "riff", 1.0, ()),), False)
        with pytest.raises(ParameterError, match="riff"):
            to_midi(Results(duration_s=1.0, chords=chords))


def test_a_metre_without_downbeats_is_no_metre() -> None:
    assert metre_of((), ()) is None
    found = metre_of((0.5, 1.0), (2, 3))
    assert isinstance(found, Metre)
    assert found.downbeats_s == ()

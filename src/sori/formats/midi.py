"""Results as a MIDI file of type 1, and notes of MIDI files as events.

Tracks: tempo map, time and key signatures, sections as markers; chords, voiced, their names as lyrics; the
melody, with pitch bends where it lies between the semitones. Text is UTF-8.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sori.errors import DataError
from sori.events import Chord, Note, Notes
from sori.formats.results import Results, key_spans
from sori.formats.tempo_map import TICKS, TempoMap, tempo_map
from sori.formats.text import one_line, sheet_name
from sori.theory.keys import conventional_key, parse_key, signature
from sori.theory.piano import voice_chords
from sori.theory.spelling import note_at, note_pitch_class

if TYPE_CHECKING:
    from mido import MidiTrack

__all__ = ["from_midi", "to_midi"]

_BEND_RANGE = 2  # semitones up and down that the whole bend stands for; said in the file, too
_CHORDS, _MELODY = 0, 1  # channels
_MOST_ACCIDENTALS = 7
_PIANO, _FLUTE = 0, 73  # programs
_CHORD_VELOCITY = 64
_RELEASE, _PRESS, _SAID, _SOUND = 0, 3, 1, 2  # the order of what falls on one tick

Timed = tuple[int, int, Any]  # tick, order on it, message


def to_midi(results: Results) -> bytes:
    """Return a MIDI file: beats as its tempo map, chords and notes as they are there.

    The melody is the notes of the single voice; where there are none, those of the leading voice of many.

    Bar lines of a sequencer fall on the downbeats; every event lies within a tick of its time.

    Raises
    ------
    ParameterError
        For a chord label that is not in Harte's syntax, and for a key that is none.
    """
    import mido

    file = mido.MidiFile(type=1, ticks_per_beat=TICKS, charset="utf-8")
    clock = tempo_map(results)
    end = clock.tick(results.duration_s)
    file.tracks.append(_track(results.title or "Sori", _conductor(results, clock), end))
    if results.chords is not None:
        file.tracks.append(_track("Chords", _chords(results.chords.chords, clock), end))
    tune = results.notes if results.notes is not None else results.melody_notes
    if tune is not None:
        file.tracks.append(_track("Melody", _melody(tune.notes, clock), end))
    out = io.BytesIO()
    file.save(file=out)
    return out.getvalue()


def _track(name: str, events: Iterable[Timed], end: int) -> MidiTrack:
    import mido

    track = mido.MidiTrack([mido.MetaMessage("track_name", name=one_line(name))])
    now = 0
    for tick, _, message in sorted(events, key=lambda timed: timed[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track", time=max(end - now, 0)))
    return track


def _conductor(results: Results, clock: TempoMap) -> Iterable[Timed]:
    import mido

    for tick, numerator, denominator in clock.signatures:
        fields = {"numerator": numerator, "denominator": denominator}
        yield tick, _SAID, mido.MetaMessage("time_signature", **fields)
    for tick, tempo in clock.tempi:
        yield tick, _SAID, mido.MetaMessage("set_tempo", tempo=tempo)
    for span in key_spans(results) or ():
        key = _key_signature(span.tonic, span.mode)
        yield clock.tick(span.start_s), _SAID, mido.MetaMessage("key_signature", key=key)
    for section in results.sections.sections if results.sections is not None else ():
        yield clock.tick(section.start_s), _SAID, mido.MetaMessage("marker", text=one_line(section.label))


def _key_signature(tonic: str, mode: str) -> str:
    """Return the signature of a key as mido names it: that of the major or minor key with the same notes."""
    key = parse_key((tonic, mode))
    if abs(signature(key)) > _MOST_ACCIDENTALS:
        key = conventional_key(note_pitch_class(key.tonic), mode)
    return note_at(signature(key) + 3) + "m" if key.is_minor else note_at(signature(key))


def _chords(chords: Sequence[Chord], clock: TempoMap) -> Iterable[Timed]:
    import mido

    yield 0, _SAID, mido.Message("program_change", channel=_CHORDS, program=_PIANO)
    for chord, notes in zip(chords, voice_chords([chord.label for chord in chords]), strict=True):
        start, end = clock.tick(chord.start_s), clock.tick(chord.end_s)
        if end <= start:
            continue
        yield start, _SAID, mido.MetaMessage("lyrics", text=sheet_name(chord.label))
        for note in notes:
            yield start, _PRESS, _note_on(_CHORDS, note, _CHORD_VELOCITY)
            yield end, _RELEASE, _note_on(_CHORDS, note, 0)


def _melody(notes: Sequence[Note], clock: TempoMap) -> Iterable[Timed]:
    """Yield one voice: a note ends where the next begins, so that each has its bend to itself."""
    import mido

    yield 0, _SAID, mido.Message("program_change", channel=_MELODY, program=_FLUTE)
    for control, value in ((101, 0), (100, 0), (6, _BEND_RANGE), (38, 0), (101, 127), (100, 127)):
        yield 0, _SAID, mido.Message("control_change", channel=_MELODY, control=control, value=value)
    bend = 0
    ordered = sorted(notes, key=lambda note: note.onset_s)
    for note, after in itertools.zip_longest(ordered, ordered[1:]):
        start, end = clock.tick(note.onset_s), clock.tick(note.offset_s)
        end = end if after is None else min(end, clock.tick(after.onset_s))
        number = min(max(round(note.pitch_midi), 0), 127)
        if end <= start:
            continue
        wanted = round((note.pitch_midi - number) / _BEND_RANGE * 8192)
        wanted = min(max(wanted, -8192), 8191)
        if wanted != bend:
            yield start, _SOUND, mido.Message("pitchwheel", channel=_MELODY, pitch=wanted)
            bend = wanted
        yield start, _PRESS, _note_on(_MELODY, number, min(max(note.velocity, 1), 127))
        yield end, _RELEASE, _note_on(_MELODY, number, 0)


def _note_on(channel: int, note: int, velocity: int) -> Any:
    import mido

    return mido.Message("note_on", channel=channel, note=note, velocity=velocity)


def from_midi(data: bytes, *, track: str | None = None) -> Results:
    """Return the notes of a MIDI file, bends included.

    Parameters
    ----------
    data : bytes
        The file.
    track : str, optional
        Only tracks whose name holds this, letter case aside; of a file that Sori has written, ``"melody"``.

    Raises
    ------
    DataError
        For what is no MIDI file.
    """
    import mido

    try:
        file = mido.MidiFile(file=io.BytesIO(data), charset="latin1", clip=True)
    except (OSError, EOFError, ValueError, LookupError, TypeError, mido.KeySignatureError) as error:
        raise DataError(f"{error or 'it ends too early'}; want a MIDI file") from error
    if file.type == 2 or file.ticks_per_beat <= 0:
        raise DataError("the tracks share no time in quarters; want a MIDI file of type 0 or 1")
    chosen = [one for one in file.tracks if track is None or re.search(re.escape(track), one.name, re.I)]
    tempi = _tempo_changes(file)
    notes: list[Note] = []
    for one in chosen:
        notes += _notes(one, tempi, file.ticks_per_beat)
    ordered = sorted(notes, key=lambda note: (note.onset_s, note.pitch_midi))
    return Results(duration_s=max((n.offset_s for n in ordered), default=0.0), notes=Notes(tuple(ordered)))


def _tempo_changes(file: Any) -> list[tuple[int, float, int]]:
    """Return (tick, seconds, microseconds of a quarter) from all tracks."""
    changes = {0: 500_000}
    for track in file.tracks:
        ticks = itertools.accumulate(message.time for message in track)
        changes |= {
            tick: message.tempo
            for tick, message in zip(ticks, track, strict=True)
            if message.type == "set_tempo"
        }
    found: list[tuple[int, float, int]] = []
    for tick, tempo in sorted(changes.items()):
        found.append((tick, _at(found, tick, file.ticks_per_beat) if found else 0.0, tempo))
    return found


def _at(tempi: Sequence[tuple[int, float, int]], tick: int, ticks_per_beat: int) -> float:
    low, high = 0, len(tempi)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if tempi[middle][0] <= tick else (low, middle)
    start, second, tempo = tempi[low]
    return second + (tick - start) * tempo / 1e6 / ticks_per_beat


def _notes(track: Any, tempi: Sequence[tuple[int, float, int]], ticks_per_beat: int) -> list[Note]:
    """Return a track's notes; a note still held at the end of the track ends there."""
    open_notes: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
    bends: dict[int, float] = {}
    ranges: dict[int, float] = {}
    chosen: dict[int, dict[int, int]] = {}
    found, now = [], 0

    def end(key: tuple[int, int]) -> None:
        onset, pitch, velocity = open_notes[key].pop(0)
        found.append(Note(onset, _at(tempi, now, ticks_per_beat), pitch, velocity, 1.0))

    for message in track:
        now += message.time
        if message.type == "pitchwheel":
            bends[message.channel] = message.pitch / 8192
        elif message.type == "control_change":
            controls = chosen.setdefault(message.channel, {})
            controls[message.control] = message.value
            if message.control == 6 and (controls.get(101), controls.get(100)) == (0, 0):
                ranges[message.channel] = float(message.value)
        elif message.type == "note_on" and message.velocity > 0:
            bend = bends.get(message.channel, 0.0) * ranges.get(message.channel, 2.0)
            started = (_at(tempi, now, ticks_per_beat), message.note + bend, message.velocity)
            open_notes.setdefault((message.channel, message.note), []).append(started)
        elif message.type in ("note_on", "note_off") and open_notes.get((message.channel, message.note)):
            end((message.channel, message.note))
    for key, held in open_notes.items():
        while held:
            end(key)
    return found

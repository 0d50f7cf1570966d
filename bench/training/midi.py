"""A piece as a MIDI file: programs, volumes, places, fine tuning, notes."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np

from bench.training.compose import DRUMS
from bench.training.performance import Piece

TICKS_PER_S = 960


def write_midi(path: Path, piece: Piece) -> None:
    """Write a piece as a MIDI file of one tempo."""
    events: list[tuple[float, int, mido.Message]] = []
    rng = np.random.default_rng(len(piece.notes))
    for channel, program in piece.programs.items():
        fine = round(8192 + 8192 * (piece.cents if channel != DRUMS else 0) / 100)
        pan = int(np.clip(rng.normal(64, 22), 0, 127))
        controls = [
            (7, piece.volumes[channel]),
            (10, pan),
            (101, 0),
            (100, 1),
            (6, fine >> 7),
            (38, fine & 127),
        ]
        events.append((0.0, 0, mido.Message("program_change", channel=channel, program=program)))
        events += [
            (0.0, 0, mido.Message("control_change", channel=channel, control=c, value=v)) for c, v in controls
        ]
    for note in piece.notes:
        on = mido.Message("note_on", channel=note.channel, note=note.pitch, velocity=note.velocity)
        events.append((note.start_s, 2, on))
        events.append((note.end_s, 1, mido.Message("note_off", channel=note.channel, note=note.pitch)))
    file = mido.MidiFile(ticks_per_beat=TICKS_PER_S // 2)  # at the default tempo of two beats a second
    track = mido.MidiTrack()
    file.tracks.append(track)
    now = 0
    for at, _, message in sorted(events, key=lambda event: event[:2]):
        tick = round(at * TICKS_PER_S)
        track.append(message.copy(time=tick - now))
        now = tick
    file.save(path)

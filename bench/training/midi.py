"""A piece as MIDI messages: programs, volumes, places, fine tuning, notes."""

from __future__ import annotations

import mido
import numpy as np

from bench.fluidsynth import Timed
from bench.training.compose import DRUMS
from bench.training.performance import Piece


def events_of(piece: Piece) -> list[Timed]:
    """Return what a piece is played from, at one tempo."""
    events: list[Timed] = []
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
    return events

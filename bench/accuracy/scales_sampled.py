"""Notes of any pitch on sampled instruments: FluidSynth, every note bent on a channel of its own."""

from __future__ import annotations

from collections.abc import Sequence

import mido
import numpy as np

from bench.accuracy.scales_note import Note
from bench.fluidsynth import font, play

_CHANNELS = [channel for channel in range(16) if channel != 9]
FONTS = {
    False: "FluidR3_GM.sf2",  # to develop with
    True: "TimGM6mb.sf2",  # held out
}
PROGRAMS = {
    "melody": (0, 4, 11, 24, 40, 42, 52, 56, 65, 68, 71, 73, 75, 104, 107),
    "chord": (0, 4, 19, 24, 48, 89),
    "bass": (32, 33, 35, 43),
    "drone": (20, 42, 48, 104),
}


def play_sampled(
    rng: np.random.Generator, notes: Sequence[Note], tonic_hz: float, drift: float, *, held: bool, rate: int
) -> np.ndarray:
    """Play notes, ``drift`` cents higher at the end than at the start, as mono samples."""
    end = max(note.start + note.length for note in notes)
    program = {part: int(rng.choice(choice)) for part, choice in PROGRAMS.items()}
    events: list[tuple[float, int, mido.Message]] = []
    for index, note in enumerate(sorted(notes, key=lambda note: note.start)):
        channel = _CHANNELS[index % len(_CHANNELS)]
        cents = note.cents + drift * (note.start + note.length / 2) / end
        pitch = 69 + 12 * np.log2(tonic_hz / 440) + cents / 100
        key = int(np.clip(round(pitch), 12, 115))
        bend = int(np.clip(round(8192 * (pitch - key) / 2), -8192, 8191))  # two semitones either way
        velocity = int(np.clip(round(40 + 120 * note.gain), 1, 110))
        events += [
            (note.start, 1, mido.Message("program_change", channel=channel, program=program[note.part])),
            (note.start, 2, mido.Message("pitchwheel", channel=channel, pitch=bend)),
            (note.start, 3, mido.Message("note_on", channel=channel, note=key, velocity=velocity)),
            (note.start + note.length, 0, mido.Message("note_off", channel=channel, note=key)),
        ]
    return np.asarray(play(events, font(FONTS[held]), sample_rate=rate).mean(axis=1), np.float64)

"""Pieces played and recorded: sound fonts, a singer, an amplifier, wavering tapes, a room, noise, codecs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import mido
import numpy as np
from numpy.typing import NDArray

from bench.training.chords_pieces import BASS, CHORDS, DRUMS, MELODY, PAD, SECOND, Note, Piece
from bench.training.chords_synth import synth
from bench.training.chords_voice import sing
from bench.training.spoil import spoil

__all__ = ["FONTS", "RATE", "Manner", "draw_manner", "play"]

FONTS = (
    Path("/usr/share/sounds/sf2/FluidR3_GM.sf2"),
    Path("/usr/share/sounds/sf3/MuseScore_General_Lite.sf3"),
)
RATE = 22_050
# General MIDI programs (from 0).
_PROGRAMS = {
    MELODY: (0, 4, 22, 24, 26, 27, 29, 30, 40, 42, 52, 53, 54, 56, 57, 60, 64, 65, 66, 68, 71, 73, 75, 80, 81,
             85),
    SECOND: (0, 4, 11, 24, 26, 40, 48, 52, 56, 61, 65, 71, 73, 81),
    BASS: (32, 33, 34, 35, 36, 38, 39, 43, 58),
    CHORDS: (0, 0, 1, 2, 4, 5, 6, 7, 11, 16, 17, 18, 19, 21, 24, 25, 25, 26, 27, 28, 29, 30, 46, 48, 61, 62,
             81),
    PAD: (48, 49, 50, 52, 88, 89, 90, 91, 94, 16, 19, 61),
    DRUMS: (0, 0, 8, 16, 24, 25, 32, 40),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Manner:
    """How a piece is played: sounds by channel, levels, and what stands between them and the tape."""

    font: Path
    programs: dict[int, int]
    levels: dict[int, int]
    cents: float
    bends: float
    sung: float
    amplified: float
    wow_cents: float
    doubled: float


def draw_manner(rng: np.random.Generator, piece: Piece, fonts: tuple[Path, ...] = FONTS) -> Manner:
    """Draw how to play; a piece that knows its instruments keeps them."""
    programs = {channel: int(rng.choice(choice)) for channel, choice in _PROGRAMS.items()}
    detuned = float(rng.uniform(-49, 49)) if rng.random() < 0.4 else float(rng.normal(0, 4))
    return Manner(
        font=fonts[int(rng.integers(len(fonts)))],
        programs={**programs, **piece.programs},
        levels={channel: int(rng.integers(55, 127)) for channel in _PROGRAMS},
        cents=detuned,
        bends=float(rng.uniform(0, 0.6)) if rng.random() < 0.5 else 0.0,
        sung=float(10 ** (rng.uniform(-8, 6) / 20)) if rng.random() < 0.45 else 0.0,
        amplified=float(np.exp(rng.uniform(0.7, 3.2))) if rng.random() < 0.2 else 0.0,
        wow_cents=float(rng.uniform(2, 20)) if rng.random() < 0.15 else 0.0,
        doubled=float(rng.uniform(0.3, 1.0)) if rng.random() < 0.12 else 0.0,
    )


def play(piece: Piece, manner: Manner, rng: np.random.Generator, *, seconds: float) -> NDArray[np.float32]:
    """Return the piece as mono samples at RATE, as a recording of it may sound."""
    player = synth(manner.font, RATE)
    notes = [note for note in piece.notes if note.start_s < seconds]
    apart = {CHORDS} if manner.amplified else set()
    voice = [note for note in notes if note.channel == MELODY] if manner.sung else []
    band = [note for note in notes if note.channel not in apart and not (voice and note.channel == MELODY)]
    out = player.play(_events(band, manner, rng), seconds)
    if manner.amplified:
        guitar = player.play(_events([n for n in notes if n.channel == CHORDS], manner, rng), seconds)
        loud = max(float(np.quantile(np.abs(guitar), 0.995)), 1e-6)
        out = out + loud * np.tanh(manner.amplified * guitar / loud) * float(rng.uniform(0.3, 1.0))
    if voice:
        high = _into_range(voice, manner.cents)
        loud = float(np.sqrt(np.mean(np.square(out))))
        out = out + (loud or 0.1) * manner.sung * sing(high, seconds=seconds, rate=RATE, rng=rng)
    if manner.wow_cents:
        out = _wavering(out, manner.wow_cents, rng)
    if manner.doubled:
        late = round(rng.uniform(0.01, 0.03) * RATE)
        other = np.pad(_wavering(out, float(rng.uniform(4, 15)), rng), (late, 0))[: len(out)]
        out = out + manner.doubled * other
    harmed, _ = spoil(np.asarray(out[None], np.float32), RATE, rng)
    return np.asarray(harmed[0], np.float32)


def _into_range(notes: Sequence[Note], cents: float) -> list[Note]:
    """Move a tune by octaves to where people sing, and to the tuning of the others."""
    middle = float(np.median([note.pitch for note in notes]))
    octaves = round((62 - middle) / 12)
    return [dataclasses.replace(n, pitch=n.pitch + 12 * octaves + cents / 100) for n in notes]


def _wavering(x: NDArray[np.float32], cents: float, rng: np.random.Generator) -> NDArray[np.float32]:
    """Play a little too fast and too slow in turns; within milliseconds of where it was."""
    rate = rng.uniform(0.4, 3.0)
    t = np.arange(len(x)) / RATE
    depth_s = cents / 1200 * np.log(2) / (2 * np.pi * rate)
    return np.interp(t + depth_s * np.sin(2 * np.pi * rate * t + rng.uniform(0, 6)), t, x).astype(np.float32)


def _events(
    notes: Sequence[Note], manner: Manner, rng: np.random.Generator
) -> list[tuple[float, mido.Message]]:
    events: list[tuple[float, int, mido.Message]] = []
    fine = round(8192 + 8191 * manner.cents / 100)
    for channel, program in manner.programs.items():
        controls = [(7, manner.levels[channel])]
        if channel != DRUMS:
            controls += [(101, 0), (100, 1), (6, fine >> 7), (38, fine & 127)]
        events.append((0.0, 0, mido.Message("program_change", channel=channel, program=program)))
        for control, value in controls:
            change = mido.Message("control_change", channel=channel, control=control, value=value)
            events.append((0.0, 0, change))
    for note in notes:
        pitch, velocity = int(np.clip(note.pitch, 0, 127)), int(np.clip(note.velocity, 1, 127))
        on = mido.Message("note_on", channel=note.channel, note=pitch, velocity=velocity)
        off = mido.Message("note_off", channel=note.channel, note=pitch)
        events += [(note.start_s, 2, on), (max(note.end_s, note.start_s + 0.03), 1, off)]
        if note.channel == MELODY and manner.bends and note.end_s - note.start_s > 0.25:
            events += _bent(note, manner.bends, rng)
    return [(time, message) for time, _, message in sorted(events, key=lambda event: event[:2])]


def _bent(note: Note, bends: float, rng: np.random.Generator) -> list[tuple[float, int, mido.Message]]:
    """Return the wheel's turns that give a note vibrato, and now and then a slide into it."""
    rate, depth = rng.uniform(4, 7), bends * rng.random()
    slide = rng.uniform(-1.5, 0) * (rng.random() < 0.4)
    out = []
    for t in np.arange(0, note.end_s - note.start_s, 0.02):
        bend = depth * np.sin(2 * np.pi * rate * t) * min(1, t / 0.3) + slide * max(0, 1 - t / 0.12)
        turn = int(np.clip(bend * 4096, -8192, 8191))
        out.append((note.start_s + float(t), 2, mido.Message("pitchwheel", channel=MELODY, pitch=turn)))
    return out

"""``python -m bench.training.beats_sounds``: composed pieces as mel power, without rendering each.

The training sound fonts' notes and drums are rendered once, one by one; a piece is then the sum of their
mel power, a few thousand times faster than sound. Phases are lost, which mel power hardly knows.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import tempfile
from pathlib import Path

import mido
import numpy as np

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.training.beats_pieces import FOLDER, RATE, keep
from bench.training.compose import BASS, COMP, DRUMS, LEAD, PAD, Piece, compose, order
from bench.training.corpus import TRAINING_FONTS
from bench.training.grooves import DRUMS as HITS
from bench.training.songs import song
from bench.training.synth import synthesiser
from sori.analysis.material import condense
from sori.audio import Audio

SOUNDS = FOLDER / "sounds"
PITCHES = range(28, 101, 6)
VELOCITIES = (50, 110)  # of drums; notes are struck once and scaled
SAMPLE_RATE = 22_050
SPACE, HELD, BEFORE = 2.0, 1.6, 2  # seconds from note to note, seconds held, frames before the note
FRAMES = round(SPACE * RATE)
RELEASE = 0.6  # power left from frame to frame after the end
LONGEST_S = 75.0
PIECES, TAKES, SEED = 1000, 2, 77  # composed; takes of each of POP909's development songs


def record(font: Path, channel: int, program: int) -> np.ndarray:
    """Return mel power of the notes of a program, ``(notes, FRAMES, 40)`` float16 square roots."""
    notes = (
        [(pitch, 100) for pitch in PITCHES]
        if channel != DRUMS
        else [(drum, velocity) for drum in sorted(set(HITS.values())) for velocity in VELOCITIES]
    )
    file = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack([mido.Message("program_change", channel=channel, program=program)])
    file.tracks.append(track)
    for number, (pitch, velocity) in enumerate(notes):
        wait = round((SPACE - HELD) * 960) if number else 960 // 10
        track.append(mido.Message("note_on", channel=channel, note=pitch, velocity=velocity, time=wait))
        track.append(mido.Message("note_off", channel=channel, note=pitch, time=round(HELD * 960)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes.mid"
        file.save(path)
        samples = synthesiser(font, SAMPLE_RATE).play(path)
    mel = np.sqrt(condense([Audio(samples, SAMPLE_RATE)]).mel)
    starts = np.rint((0.1 + SPACE * np.arange(len(notes))) * RATE).astype(int) - BEFORE
    mel = np.pad(mel, ((0, FRAMES), (0, 0)))
    return np.stack([mel[start : start + FRAMES] for start in starts]).astype(np.float32)


@functools.cache
def sounds(font: Path, channel: int, program: int) -> np.ndarray:
    """Return what `record` made, kept as a file, as power."""
    path = SOUNDS / f"{font.stem}-{channel}-{program}.npy"
    if not path.exists():
        SOUNDS.mkdir(parents=True, exist_ok=True)
        np.save(path, record(font, channel, program))
    return np.asarray(np.load(path) ** 2, dtype=np.float32)


def mel_of(piece: Piece, font: Path, *, most_s: float = LONGEST_S) -> np.ndarray:
    """Return mel power of the beginning of a piece, ``(frames, 40)``."""
    n = int(min(piece.truth["beats_s"][-1] + 3.0, most_s) * RATE)
    power = np.zeros((n + FRAMES + 8, 40), np.float32)
    drums = {drum: k for k, drum in enumerate(sorted(set(HITS.values())))}
    for note in piece.notes:
        if note.start_s * RATE >= n:
            break
        response = sounds(font, 0 if note.channel != DRUMS else DRUMS, piece.programs[note.channel])
        gain = (piece.volumes[note.channel] / 100) ** 4
        if note.channel == DRUMS:
            if note.pitch not in drums:
                continue
            loud = note.velocity >= 80
            shape = response[2 * drums[note.pitch] + loud]
            gain *= (note.velocity / VELOCITIES[loud]) ** 4
        else:
            shape = response[int(np.clip(round((note.pitch - PITCHES[0]) / 6), 0, len(PITCHES) - 1))]
            gain *= (note.velocity / 100) ** 4
        frame = round(note.start_s * RATE)
        held = int((note.end_s - note.start_s) * RATE) + BEFORE + 1
        shape = shape.copy() * np.float32(gain)
        if held < FRAMES:
            shape[held:] = shape[held] * np.float32(RELEASE) ** np.arange(1, FRAMES - held + 1)[:, None]
            shape = shape[: held + 14]
        begin = max(frame - BEFORE, 0)
        shape = shape[begin - (frame - BEFORE) :]
        power[begin : begin + len(shape)] += shape
    return power[:n]


def loosened(piece: Piece, rng: np.random.Generator) -> Piece:
    """Return a composed piece as people may play it: fewer of them, a lead that pays the beat no heed."""
    chance, there = rng.random(), {note.channel for note in piece.notes}
    if chance < 0.12:
        kept = there - {DRUMS}
    elif chance < 0.20:  # one or two alone
        kept = there & {COMP, int(rng.choice([LEAD, BASS, PAD, COMP]))}
    elif chance < 0.24:
        kept = there - {BASS}
    else:
        kept = there
    lag, spread = (rng.normal(0.015, 0.025), rng.uniform(0.01, 0.05)) if rng.random() < 0.35 else (0.0, 0.0)
    everybody = rng.uniform(0.005, 0.02) if rng.random() < 0.25 else 0.0
    notes = []
    for note in piece.notes:
        if note.channel not in (kept or there):
            continue
        by = rng.normal(0, everybody) + (lag + rng.normal(0, spread)) * (note.channel == LEAD)
        start = max(0.0, note.start_s + by)
        notes.append(note._replace(start_s=start, end_s=max(note.end_s + by, start + 0.04)))
    return dataclasses.replace(piece, notes=sorted(notes))


def in_a_room(power: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return mel power with a decaying room and a little of everything everywhere."""
    if rng.random() < 0.5:
        left = 0.001 ** (1 / (rng.uniform(0.2, 2.0) * RATE))
        share = rng.uniform(0.0, 0.15)
        from scipy.signal import lfilter

        power = power + share * lfilter([1 - left], [1, -left], power, axis=0)
    return power + 1e-7 * power.max()


def wanted() -> dict[str, tuple[int, functools.partial[Piece]]]:
    """Return what is made: by name, a number to draw with and how to write it."""
    found = {
        f"summed-{k:04d}-{genre.name.replace(' ', '_')}": (k, functools.partial(compose, genre=genre))
        for k, genre in enumerate(order(PIECES, SEED))
    }
    for take in range(TAKES):
        for number in (number for number in pop909.songs() if not held_out(number)):
            write = functools.partial(song, number=number, take=take)
            found[f"pop-{number}-{take}"] = (10_000 + 1000 * take + int(number), write)
    return found


def main() -> None:
    """Make what is missing."""
    os.nice(5)
    for done, (name, (number, write)) in enumerate(wanted().items()):
        path = FOLDER / "pieces" / f"{name}.npz"
        if not path.exists():
            make(path, write(name), np.random.default_rng([SEED, number]))
        if done % 100 == 0:
            print(done, flush=True)


def make(path: Path, piece: Piece, rng: np.random.Generator) -> None:
    """Keep a piece as mel power with its truth."""
    if piece.truth["kind"] == "composed":
        piece = loosened(piece, rng)
    font = TRAINING_FONTS[int(rng.integers(len(TRAINING_FONTS)))]
    mel = in_a_room(mel_of(piece, font), rng)
    if not mel.max() > 0:
        raise SystemExit(f"{path.stem} came out silent; draw other sounds")
    within = len(mel) / RATE
    beats, bars = ([t for t in piece.truth[key] if t < within - 0.5] for key in ("beats_s", "downbeats_s"))
    keep(
        path,
        tune=piece.truth["song"],
        mel=mel,
        reference=float(np.quantile(mel.max(axis=1), 0.9)),
        beats_s=beats,
        downbeats_s=bars,
    )


if __name__ == "__main__":
    main()

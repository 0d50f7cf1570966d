"""``python -m bench.training.beats_sounds``: composed pieces as mel power, without rendering each.

The training sound fonts' notes and drums are rendered once, one by one; a piece is then the sum of their
mel power, a few thousand times faster than sound. Phases are lost, which mel power hardly knows.
"""

from __future__ import annotations

import argparse
import functools
import os
import tempfile
from pathlib import Path

import mido
import numpy as np

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.training.beats import FOLDER
from bench.training.beats_pieces import RATE, keep
from bench.training.compose import DRUMS, Piece, compose, order
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


def in_a_room(power: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return mel power with a decaying room and a little of everything everywhere."""
    if rng.random() < 0.5:
        left = 0.001 ** (1 / (rng.uniform(0.2, 2.0) * RATE))
        share = rng.uniform(0.0, 0.15)
        from scipy.signal import lfilter

        power = power + share * lfilter([1 - left], [1, -left], power, axis=0)
    return power + 1e-7 * power.max()


def main() -> None:
    """Make pieces until there are enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pieces", type=int, default=1200)
    parser.add_argument("--takes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=77)
    arguments = parser.parse_args()
    os.nice(5)
    (FOLDER / "pieces").mkdir(parents=True, exist_ok=True)
    genres = order(arguments.pieces, arguments.seed)
    wanted = [
        (k, f"summed-{k:04d}-{genre.name.replace(' ', '_')}", functools.partial(compose, genre=genre))
        for k, genre in enumerate(genres)
    ]
    songs = [number for number in pop909.songs() if not held_out(number)]
    wanted += [
        (
            10_000 + 1000 * take + int(number),
            f"pop-{number}-{take}",
            functools.partial(song, number=number, take=take),
        )
        for take in range(arguments.takes)
        for number in songs
    ]
    np.random.default_rng(arguments.seed).shuffle(wanted)
    for done, (number, name, written) in enumerate(wanted):
        path = FOLDER / "pieces" / f"{name}.npz"
        if path.exists():
            continue
        piece = written(name)
        rng = np.random.default_rng([arguments.seed, number])
        font = TRAINING_FONTS[int(rng.integers(len(TRAINING_FONTS)))]
        mel = in_a_room(mel_of(piece, font), rng)
        if not mel.max() > 0:
            continue
        reference = float(np.quantile(mel.max(axis=1), 0.9))
        within = len(mel) / RATE
        beats, bars = (
            [t for t in piece.truth[key] if t < within - 0.5] for key in ("beats_s", "downbeats_s")
        )
        if len(beats) > 8:
            keep(
                path, tune=piece.truth["song"], mel=mel, reference=reference, beats_s=beats, downbeats_s=bars
            )
        if done % 100 == 0:
            print(done, flush=True)


if __name__ == "__main__":
    main()

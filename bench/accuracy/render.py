"""Scores made audible: FluidSynth with varied instruments, drums, tuning, room and noise.

POP909's songs, and pieces composed by `bench.training.compose` under names that no training uses. Songs and
fonts are held out together: what the page reports was played with sound fonts that nothing was fitted to.

``python -m bench.accuracy.render --songs 60`` only renders. Everything is drawn from the seed, the song
and the version, so that the same files come out anywhere the same sound fonts are installed.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import mido
import numpy as np
import soundfile
from scipy.signal import oaconvolve

from bench.accuracy import pop909
from bench.accuracy.score_form import sections_of_score
from bench.collection import CACHE, made_whole
from bench.fluidsynth import Timed, font, play
from sori.signal.noise import pink_noise

RENDERS = CACHE / "accuracy" / "renders"
SAMPLE_RATE = 44_100
EXCERPT_S = 90.0
SEED = 909
MAX_VERSIONS = 2
_VERSION = 2  # of the renders: a change makes the old ones stale

TRAINING_FONTS = ("FluidR3_GM.sf2", "MuseScore_General_Lite.sf3")
HELD_OUT_FONTS = ("TimGM6mb.sf2", "sf_GMbank.sf2")

# General MIDI programs (from 0) for melody, second voice and accompaniment.
INSTRUMENTS = (
    (0, 4, 11, 24, 25, 26, 40, 52, 56, 65, 71, 73, 80, 81),
    (0, 4, 11, 24, 46, 48, 50, 61),
    (0, 0, 1, 4, 5, 24, 25, 27, 6, 16),
)
KICK, SNARE, HAT = 36, 38, 42


@dataclasses.dataclass(frozen=True)
class Render:
    """One file to make; version 0 is the song itself, others are its other arrangements."""

    song: str
    version: int
    seed: int

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.song}-{self.version}-{self.seed}-{_VERSION}"


@dataclasses.dataclass(frozen=True)
class Manner:
    """How a score is played, drawn at random."""

    font: Path
    programs: tuple[int, ...]
    drums: str | None
    cents: float
    semitones: int
    speed: float
    room_s: float
    wet: float
    noise_db: float


def wanted(n_songs: int, seed: int = SEED) -> list[Render]:
    """Return the renders of a seeded sample of songs: each song, and at most two other arrangements."""
    names = pop909.songs()
    drawn = np.random.default_rng(seed).permutation(names)[:n_songs]
    return [
        Render(str(song), version, seed)
        for song in sorted(drawn)
        for version in range(1 + min(MAX_VERSIONS, len(pop909.versions(str(song)))))
    ]


def sound_fonts(*, held_out: bool) -> list[Path]:
    """Return the sound fonts of the songs held out, or of the others; stop with the line to install them."""
    return [font(name) for name in (HELD_OUT_FONTS if held_out else TRAINING_FONTS)]


def draw_manner(render: Render, fonts: list[Path]) -> Manner:
    """Draw how to play: a song as it is, another arrangement in another key and tempo too."""
    rng = np.random.default_rng([render.seed, int(render.song), render.version])
    other = render.version > 0
    manner = Manner(
        font=fonts[int(rng.integers(len(fonts)))],
        programs=tuple(int(rng.choice(choice)) for choice in INSTRUMENTS),
        drums=str(rng.choice(["rock", "four", "ballad"])),
        cents=float(rng.uniform(-40, 40)) if rng.random() < 0.4 else 0.0,
        semitones=int(rng.integers(-5, 7)),
        speed=float(rng.uniform(0.9, 1.1)),
        room_s=float(rng.uniform(0.2, 1.8)),
        wet=float(rng.uniform(0.0, 0.35)),
        noise_db=float(rng.uniform(-75, -45)),
    )
    drums = manner.drums if rng.random() < 0.5 else None
    return dataclasses.replace(
        manner, drums=drums, semitones=manner.semitones if other else 0, speed=manner.speed if other else 1.0
    )


def make(render: Render) -> tuple[Path, dict[str, Any]]:
    """Render one file unless it is there; return it and what is true of it."""
    audio, about = RENDERS / f"{render.name}.flac", RENDERS / f"{render.name}.json"
    if audio.exists() and about.exists():
        return audio, json.loads(about.read_text(encoding="utf-8"))
    manner = draw_manner(render, sound_fonts(held_out=pop909.held_out(render.song)))
    score = pop909.folder(render.song) / f"{render.song}.mid"
    original = pop909.read_notes(score)
    path = pop909.versions(render.song)[render.version - 1] if render.version else score
    notes = original if path == score else pop909.read_notes(path)
    beats = pop909.read_beats(render.song)
    if abs(notes[-1].end_s - original[-1].end_s) > 0.2:  # the beats are another file's: no drums on them
        manner = dataclasses.replace(manner, drums=None)
    samples = play(events_of(notes, beats, manner), manner.font, sample_rate=SAMPLE_RATE)
    rng = np.random.default_rng([render.seed, int(render.song), render.version, 1])
    truth = truth_of(render, original, beats, manner)
    write(audio, in_a_room(samples[: round(EXCERPT_S * SAMPLE_RATE)], manner, rng), truth)
    return audio, truth


def write(audio: Path, samples: np.ndarray, truth: dict[str, Any]) -> None:
    """Write sound and, when it is whole, its truth beside it."""
    with made_whole(audio) as part:
        soundfile.write(part, samples, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    with made_whole(audio.with_suffix(".json")) as part:
        part.write_text(json.dumps(truth), encoding="utf-8")


def events_of(notes: list[pop909.ScoreNote], beats: list[pop909.Beat], manner: Manner) -> list[Timed]:
    """Return what an excerpt is played from, at one tempo: programs, tuning, notes and drums."""
    events: list[Timed] = []
    for channel, program in enumerate(manner.programs):
        events.append((0.0, 0, mido.Message("program_change", channel=channel, program=program)))
        # Registered parameter 1 is fine tuning: 8192 is none, 0 and 16383 are a semitone down and up.
        fine = round(8192 + 8192 * manner.cents / 100)
        for control, value in ((101, 0), (100, 1), (6, fine >> 7), (38, fine & 127)):
            events.append(
                (0.0, 0, mido.Message("control_change", channel=channel, control=control, value=value))
            )
    played = [
        (n.start_s, n.end_s, n.part, min(127, max(0, n.pitch + manner.semitones)), n.velocity) for n in notes
    ]
    played += [(t, t + 0.1, 9, drum, velocity) for t, drum, velocity in drum_hits(beats, manner.drums)]
    for start, end, channel, pitch, velocity in played:
        if start / manner.speed >= EXCERPT_S:
            continue
        on = mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)
        off = mido.Message("note_off", channel=channel, note=pitch)
        events.append((start / manner.speed, 2, on))
        events.append((max(end, start + 0.02) / manner.speed, 1, off))
    return events


def drum_hits(beats: list[pop909.Beat], pattern: str | None) -> list[tuple[float, int, int]]:
    """Return (time, drum, velocity) of a plain drum part on the annotated beats."""
    if pattern is None:
        return []
    fours = any(beat.starts_four for beat in beats)
    hits, place = [], 0
    for beat, following in itertools.pairwise(beats):
        starts = beat.starts_four if fours else beat.starts_two
        place = 0 if starts else place + 1
        middle = 0.5 * (beat.time_s + following.time_s)
        backbeat = place % 4 == 2 if pattern == "ballad" else place % 2 == 1
        if pattern == "four" or not backbeat:
            hits.append((beat.time_s, KICK, 100 if place == 0 else 88))
        if backbeat:
            hits.append((beat.time_s, SNARE, 92))
        hits += [(beat.time_s, HAT, 70), (middle, HAT, 52)]
    return hits


def in_a_room(samples: np.ndarray, manner: Manner, rng: np.random.Generator) -> np.ndarray:
    """Return (time, 2) samples with reverberation and a noise floor, peak -2 dBFS."""
    n = round(manner.room_s * SAMPLE_RATE)
    decay = np.exp(-np.log(1000) * np.arange(n) / n)
    out = np.empty_like(samples)
    for channel in range(2):
        response = rng.standard_normal(n) * decay
        response *= manner.wet / np.sqrt(np.sum(response**2))
        response[0] += 1.0
        out[:, channel] = oaconvolve(samples[:, channel], response)[: len(samples)]
    out *= 10 ** (-2 / 20) / max(float(np.abs(out).max()), 1e-9)
    noise = pink_noise(len(out) / SAMPLE_RATE, sample_rate=SAMPLE_RATE, rng=rng)
    return np.clip(out + 4 * 10 ** (manner.noise_db / 20) * noise[:, None], -1, 1)


def truth_of(
    render: Render, original: list[pop909.ScoreNote], beats: list[pop909.Beat], manner: Manner
) -> dict[str, Any]:
    """Return what is true of a render, under the names that the demo library's truth has too."""
    times = np.array([beat.time_s for beat in beats]) / manner.speed
    times = times[times < EXCERPT_S]
    steps = np.diff(times)
    steady = len(steps) > 8 and float(np.ptp(np.quantile(steps, [0.1, 0.9])) / np.median(steps)) < 0.08
    key = pop909.confirmed_key(render.song, original)
    return {
        "song": render.song,
        "version": render.version,
        "tempo_bpm": float(60 / np.median(steps)) if steady else None,
        "beats_s": [round(float(t), 4) for t in times],
        **bars_and_chords(render.song, original, manner),
        "key": None if key is None else {"tonic": pop909.key_name(key[0] + manner.semitones), "mode": key[1]},
        "tuning_hz": 440 * 2 ** (manner.cents / 1200),
        "drums": manner.drums,
        "programs": manner.programs,
        "sound_font": manner.font.name,
    }


def bars_and_chords(song: str, notes: list[pop909.ScoreNote], manner: Manner) -> dict[str, Any]:
    """Return metre, downbeats, chords and sections as the render has them."""
    bars, confirmed = pop909.downbeats(song), pop909.confirmed_downbeats(song)
    end = EXCERPT_S * manner.speed

    def spans(rows: list[tuple[float, float, str]]) -> list[list[Any]]:
        cut = [(a, min(b, end), label) for a, b, label in rows if a < end]
        return [[round(a / manner.speed, 4), round(b / manner.speed, 4), label] for a, b, label in cut]

    chords = [(a, b, pop909.moved(label, manner.semitones)) for a, b, label in pop909.read_chords(song)]
    return {
        "metre": None if confirmed is None else pop909.metre(song),
        "downbeats_s": [round(t / manner.speed, 4) for t in confirmed or [] if t < end],
        "chords": spans(chords),
        "sections": spans(sections_of_score(notes, bars)),
    }


def make_all(n_songs: int, workers: int) -> list[tuple[Path, dict[str, Any]]]:
    """Render what is missing, showing progress, and return every file with its truth."""
    renders = wanted(n_songs)
    RENDERS.mkdir(parents=True, exist_ok=True)
    made = []
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number, result in enumerate(pool.map(make, renders), start=1):
            made.append(result)
            if number % 20 == 0 or number == len(renders):
                print(f"  rendered {number} of {len(renders)}", flush=True)
    return made


def main() -> None:
    """Render from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--songs", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    make_all(arguments.songs, arguments.workers)
    print(f"  in {RENDERS}")


if __name__ == "__main__":
    main()

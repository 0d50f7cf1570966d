"""Tunes of POP909 as sound: the melody alone played by FluidSynth, and the truth of whole renders."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import mido
import numpy as np
import soundfile

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.accuracy.render import RENDERS
from bench.collection import CACHE, made_whole
from bench.fluidsynth import Timed, font, play
from sori.audio import load
from sori.signal.resampling import resample

SAMPLE_RATE = 22050
_RENDER_RATE = 44100
FONTS = ("TimGM6mb.sf2", "sf_GMbank.sf2")  # none of them has fitted anything
LENGTH_S = 20.0
# General MIDI programs, from 0, of one voice and a pitch: piano, vibraphone, organ, guitars, bass, strings,
# brass, reeds, pipes, leads. Those that are two voices out of tune with each other are left out.
ORGAN = 19  # its stops sound together in octaves: in which of them a tune is, the score alone says
PROGRAMS = (0, 4, 11, ORGAN, 24, 26, 33, 40, 42, 56, 60, 65, 68, 71, 73, 79)


class Line(NamedTuple):
    """A tune as sound, mono at SAMPLE_RATE, and its notes as (onset, offset, MIDI pitch)."""

    name: str
    program: int
    samples: np.ndarray
    notes: tuple[tuple[float, float, float], ...]


def lines(count: int) -> list[Line]:
    """Return the melody tracks of held-out songs, each with its own program and sound font."""
    songs = [song for song in pop909.songs() if held_out(song)][:count]
    return [line(song, number, FONTS) for number, song in enumerate(songs)]


def line(song: str, number: int, fonts: tuple[str, ...]) -> Line:
    """Return the melody track of a song, played with the program and the font of a number."""
    notes = [n for n in pop909.read_notes(pop909.folder(song) / f"{song}.mid") if n.part == 0]
    start = notes[0].start_s - 0.2
    played = [
        (n.start_s - start, min(n.end_s, after.start_s if after else np.inf) - start, float(n.pitch))
        for n, after in zip(notes, [*notes[1:], None], strict=True)
    ]
    played = [note for note in played if note[1] < LENGTH_S and note[1] > note[0]]
    program, name = PROGRAMS[number % len(PROGRAMS)], fonts[number // 2 % len(fonts)]
    down = 24 if program == 33 else 0  # a bass plays it where basses play
    played = [(a, b, midi - down) for a, b, midi in played]
    path = CACHE / "accuracy" / "lines" / f"{song}-{program}-{Path(name).stem}.flac"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with made_whole(path) as part:
            soundfile.write(
                part, _rendered(played, program, name), SAMPLE_RATE, format="FLAC", subtype="PCM_16"
            )
    samples, _ = soundfile.read(path, dtype="float32")
    return Line(f"{song} program {program}", program, samples, tuple(played))


def _rendered(played: list[tuple[float, float, float]], program: int, name: str) -> np.ndarray:
    events: list[Timed] = [(0.0, 0, mido.Message("program_change", program=program))]
    for onset, offset, midi in played:
        events.append((onset, 2, mido.Message("note_on", note=int(midi), velocity=90)))
        events.append((offset, 1, mido.Message("note_off", note=int(midi), velocity=90)))
    stereo = play(events, font(name), sample_rate=_RENDER_RATE)
    mono = np.asarray(resample(stereo.mean(axis=1), orig_sr=_RENDER_RATE, target_sr=SAMPLE_RATE))
    mono = mono[: round(LENGTH_S * SAMPLE_RATE)]
    return 0.5 * mono / max(1e-9, float(np.abs(mono).max()))


def whole_songs(count: int) -> list[tuple[str, np.ndarray, np.ndarray, np.ndarray]]:
    """Return (name, mono samples, times, frequency of the melody) of held-out renders that are there."""
    import json

    found = []
    for about in sorted(RENDERS.glob("*-0-909-*.json")):
        truth: dict[str, Any] = json.loads(about.read_text(encoding="utf-8"))
        if not held_out(truth["song"]) or len(found) == count:
            continue
        stereo, rate = load(about.with_suffix(".flac"))
        mono = np.asarray(resample(stereo.mean(axis=0), orig_sr=rate, target_sr=SAMPLE_RATE), np.float32)
        times = np.arange(int(len(mono) / SAMPLE_RATE * 100)) / 100
        hz = np.zeros(len(times))
        for note in pop909.read_notes(pop909.folder(truth["song"]) / f"{truth['song']}.mid"):
            if note.part == 0:
                inside = (times >= note.start_s) & (times < note.end_s)
                hz[inside] = truth["tuning_hz"] * 2 ** ((note.pitch - 69) / 12)
        found.append((truth["song"], mono, times, hz))
    return found

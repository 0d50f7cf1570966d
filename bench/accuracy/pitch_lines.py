"""Tunes of POP909 as sound: the melody alone played by FluidSynth, and the truth of whole renders."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import mido
import numpy as np
import soundfile

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.accuracy.render import APT, FONT_FOLDERS, RENDERS, TICKS_PER_S
from bench.collection import CACHE, made_whole
from sori.audio import load
from sori.signal.resampling import resample

SAMPLE_RATE = 22050
FONTS = ("TimGM6mb.sf2", "sf_GMbank.sf2")  # none of them has fitted anything
LENGTH_S = 20.0
# General MIDI programs, from 0, of one voice and a pitch: piano, vibraphone, organ, guitars, bass, strings,
# brass, reeds, pipes, leads. Those that are two voices out of tune with each other are left out.
PROGRAMS = (0, 4, 11, 19, 24, 26, 33, 40, 42, 56, 60, 65, 68, 71, 73, 79)


class Line(NamedTuple):
    """A tune as sound, mono at SAMPLE_RATE, and its notes as (onset, offset, MIDI pitch)."""

    name: str
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
    program, font = PROGRAMS[number % len(PROGRAMS)], fonts[number // 2 % len(fonts)]
    down = 24 if program == 33 else 0  # a bass plays it where basses play
    played = [(a, b, midi - down) for a, b, midi in played]
    path = CACHE / "accuracy" / "lines" / f"{song}-{program}-{Path(font).stem}.flac"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with made_whole(path) as part:
            soundfile.write(
                part, _rendered(played, program, font), SAMPLE_RATE, format="FLAC", subtype="PCM_16"
            )
    samples, _ = soundfile.read(path, dtype="float32")
    return Line(f"{song} program {program}", samples, tuple(played))


def _rendered(played: list[tuple[float, float, float]], program: int, font: str) -> np.ndarray:
    file = next((folder / font for folder in FONT_FOLDERS if (folder / font).is_file()), None)
    if file is None:
        raise SystemExit(f"the sound font {font} is missing; install it: {APT}")
    track = mido.MidiTrack([mido.Message("program_change", program=program)])
    events = [(a, 1, "note_on", midi) for a, _, midi in played] + [
        (b, 0, "note_off", midi) for _, b, midi in played
    ]
    now = 0
    for time, _, kind, midi in sorted(events):
        tick = round(time * TICKS_PER_S)
        track.append(mido.Message(kind, note=int(midi), velocity=90, time=tick - now))
        now = tick
    score = mido.MidiFile(ticks_per_beat=TICKS_PER_S // 2)
    score.tracks.append(track)
    with tempfile.TemporaryDirectory() as folder:
        midi_path, wave = Path(folder) / "line.mid", Path(folder) / "line.wav"
        score.save(midi_path)
        command = ["fluidsynth", "-n", "-i", "-q", "-r", "44100", "-g", "0.6", "-R", "0", "-C", "0"]
        subprocess.run(
            [*command, "-F", str(wave), str(file), str(midi_path)], check=True, capture_output=True
        )
        stereo, rate = soundfile.read(wave, dtype="float32", always_2d=True)
    mono = np.asarray(resample(stereo.mean(axis=1), orig_sr=rate, target_sr=SAMPLE_RATE))
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

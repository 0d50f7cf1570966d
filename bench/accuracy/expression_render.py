"""Phrases played in a known way: by FluidSynth from notes, bends and programs, and by our own synthesis.

Everything is drawn from a seed. Sound comes back as one channel at 22,050 Hz, as the listeners of
expression take it.
"""

from __future__ import annotations

import dataclasses
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import mido
import numpy as np
import soundfile
import soxr

SAMPLE_RATE = 22_050
_RENDER_RATE = 44_100
_TICKS_PER_S = 960
_FOLDERS = (Path("/usr/share/sounds/sf2"), Path("/usr/share/sounds/sf3"), Path("/usr/share/soundfonts"))
FONTS = ("FluidR3_GM.sf2", "MuseScore_General_Lite.sf3", "TimGM6mb.sf2", "sf_GMbank.sf2")
DRUMS = 9


@dataclasses.dataclass(frozen=True)
class Played:
    """A note as played: MIDI number, velocity and channel."""

    onset_s: float
    offset_s: float
    pitch: int
    velocity: int = 90
    channel: int = 0


@dataclasses.dataclass(frozen=True)
class Bend:
    """From ``time_s`` on, a channel sounds this many cents off, at most 200."""

    time_s: float
    cents: float
    channel: int = 0


def fonts() -> list[Path]:
    """Return the sound fonts that are installed."""
    found = [folder / name for name in FONTS for folder in _FOLDERS if (folder / name).is_file()]
    if not found:
        raise SystemExit("rendering needs FluidSynth and General MIDI sound fonts")
    return found


def fluid(
    notes: Sequence[Played], font: Path, programs: Mapping[int, int], bends: Sequence[Bend] = ()
) -> np.ndarray:
    """Return what FluidSynth plays, dry: (time,) float32 at SAMPLE_RATE."""
    events: list[tuple[float, int, mido.Message]] = [
        (0.0, 0, mido.Message("program_change", channel=channel, program=program))
        for channel, program in programs.items()
    ]
    events += [
        (
            bend.time_s,
            1,
            mido.Message("pitchwheel", channel=bend.channel, pitch=round(bend.cents * 8191 / 200)),
        )
        for bend in bends
    ]
    for note in notes:
        on = mido.Message("note_on", channel=note.channel, note=note.pitch, velocity=note.velocity)
        off = mido.Message("note_off", channel=note.channel, note=note.pitch)
        events += [(note.onset_s, 3, on), (note.offset_s, 2, off)]
    file = mido.MidiFile(ticks_per_beat=_TICKS_PER_S // 2)  # at the default tempo of two beats a second
    track = mido.MidiTrack()
    file.tracks.append(track)
    now = 0
    for time, _, message in sorted(events, key=lambda event: event[:2]):
        tick = round(time * _TICKS_PER_S)
        track.append(message.copy(time=tick - now))
        now = tick
    with tempfile.TemporaryDirectory() as folder:
        midi, wave = Path(folder) / "score.mid", Path(folder) / "score.wav"
        file.save(midi)
        command = ["fluidsynth", "-n", "-i", "-q", "-r", str(_RENDER_RATE), "-g", "0.5", "-R", "0", "-C", "0"]
        subprocess.run([*command, "-F", str(wave), str(font), str(midi)], check=True, capture_output=True)
        samples, _ = soundfile.read(wave, dtype="float32", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), _RENDER_RATE, SAMPLE_RATE), np.float32)


def in_a_room(
    samples: np.ndarray, rng: np.random.Generator, *, room_s: float, wet: float, snr_db: float | None = None
) -> np.ndarray:
    """Return a dry sound with an exponential room and, if asked, white noise at an SNR."""
    from scipy.signal import oaconvolve

    n = max(2, round(room_s * SAMPLE_RATE))
    response = rng.standard_normal(n) * np.exp(-np.log(1000) * np.arange(n) / n)
    response *= wet / np.sqrt(np.sum(response**2))
    response[0] += 1.0
    out = oaconvolve(samples, response)[: len(samples)]
    if snr_db is not None:
        noise = rng.standard_normal(len(out))
        out = out + noise * np.sqrt(np.mean(out**2)) * 10 ** (-snr_db / 20)
    return np.asarray(out * (0.7 / max(float(np.abs(out).max()), 1e-9)), np.float32)


def sung(
    cents: np.ndarray,
    hz: float,
    rng: np.random.Generator,
    *,
    rate: float,
    amplitudes: Sequence[float] | None = None,
) -> np.ndarray:
    """Return a voice of 20 partials whose pitch is ``cents`` off ``hz`` at each sample, peak 0.5."""
    del rate
    step = hz * 2 ** (cents / 1200) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(step)
    amplitudes = amplitudes or [1 / (k * (1 + 0.3 * rng.random())) for k in range(1, 21)]
    top = hz * 2 ** (float(np.max(cents, initial=0)) / 1200)
    out = sum(
        a * np.sin(k * phase) for k, a in enumerate(amplitudes, start=1) if k * top < 0.48 * SAMPLE_RATE
    )
    return np.asarray(out * (0.5 / max(float(np.abs(out).max()), 1e-9)), np.float32)

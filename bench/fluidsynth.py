"""FluidSynth from the command line: timed messages as a MIDI file, and what a sound font makes of it.

Training holds the synthesiser open instead (`bench.training.synth`): it plays thousands of pieces.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

import mido
import numpy as np
import soundfile

__all__ = ["FONT_FOLDERS", "TICKS_PER_S", "Timed", "font", "play", "played", "score"]

TICKS_PER_S = 960
FONT_FOLDERS = tuple(Path("/usr/share") / name for name in ("sounds/sf2", "sounds/sf3", "soundfonts"))
APT = (
    "sudo apt-get install fluidsynth fluid-soundfont-gm musescore-general-soundfont-small timgm6mb-soundfont"
    " csound-soundfont"
)

Timed = tuple[float, int, mido.Message]
"""Seconds, what comes first at the same time, the message."""


def font(name: str) -> Path:
    """Return where a sound font is; stop with the line that installs it where it, or FluidSynth, is not."""
    found = next((folder / name for folder in FONT_FOLDERS if (folder / name).is_file()), None)
    if found is None or shutil.which("fluidsynth") is None:
        raise SystemExit(f"rendering needs FluidSynth and {name}; install them: {APT}")
    return found


def score(events: Iterable[Timed]) -> mido.MidiFile:
    """Return timed messages as one track at the default tempo of two beats a second."""
    file = mido.MidiFile(ticks_per_beat=TICKS_PER_S // 2)
    track = mido.MidiTrack()
    file.tracks.append(track)
    now = 0
    for time, _, message in sorted(events, key=lambda event: event[:2]):
        tick = round(time * TICKS_PER_S)
        track.append(message.copy(time=tick - now))
        now = tick
    return file


def played(midi: Path, font: Path, *, sample_rate: int, gain: float = 0.6) -> np.ndarray:
    """Return a MIDI file as ``(time, 2)`` samples, without effects."""
    with tempfile.TemporaryDirectory() as folder:
        wave = Path(folder) / "score.wav"
        command = ["fluidsynth", "-n", "-i", "-q", "-r", str(sample_rate), "-g", str(gain), "-R", "0"]
        # Only the patches that are played are read.
        command += ["-C", "0", "-o", "synth.dynamic-sample-loading=1", "-F", str(wave), str(font), str(midi)]
        subprocess.run(command, check=True, capture_output=True)
        return np.asarray(soundfile.read(wave, dtype="float32", always_2d=True)[0])


def play(events: Iterable[Timed], font: Path, *, sample_rate: int, gain: float = 0.6) -> np.ndarray:
    """Return timed messages as ``(time, 2)`` samples, without effects."""
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "score.mid"
        score(events).save(midi)
        return played(midi, font, sample_rate=sample_rate, gain=gain)

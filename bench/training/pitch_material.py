"""``python -m bench.training.pitch_material``: audio of one voice, to learn pitch from without labels.

Voices and instruments made from numbers, of seeds that no table and no other fit uses, and the tunes of
POP909's development songs by the sound fonts kept for training. Only the sound is written.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import soundfile

from bench.accuracy import pitch_lines, pitch_sounds, pop909
from bench.accuracy.pop909 import held_out
from bench.accuracy.render import TRAINING_FONTS
from bench.collection import CACHE, made_whole

FOLDER = CACHE / "training" / "pitch"
FIRST_SEED = 50_000
COUNTS = {"sung": 80, "spoken": 50, "bowed and blown": 70, "plucked": 50}
STRUCK, LINES = 80, 60


def write(path: Path, samples: np.ndarray) -> None:
    """Write mono samples, whole or not at all."""
    with made_whole(path) as part:
        soundfile.write(part, samples, pitch_sounds.SAMPLE_RATE, format="FLAC", subtype="PCM_16")


def main() -> None:
    """Write what is not there yet."""
    parser = argparse.ArgumentParser(prog="python -m bench.training.pitch_material", description=__doc__)
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder")
    folder = parser.parse_args().to
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(max(COUNTS.values())):
        for kind, count in COUNTS.items():
            path = folder / f"{kind.split()[0]}-{number:03d}.flac"
            if number < count and not path.exists():
                write(path, pitch_sounds.clip(kind, FIRST_SEED + number).samples)
    for number in range(STRUCK):
        path = folder / f"struck-{number:03d}.flac"
        if not path.exists():
            write(path, pitch_sounds.struck(FIRST_SEED + number).samples)
    songs = [song for song in pop909.songs() if not held_out(song)][:LINES]
    for number, song in enumerate(songs):
        path = folder / f"line-{number:03d}.flac"
        if not path.exists():
            write(path, pitch_lines.line(song, 5 * number, TRAINING_FONTS).samples)


if __name__ == "__main__":
    main()

"""Files in every format, made once from one known recording."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from recordings import FFMPEG, RATE, SAVED, SNDFILE, chirps, encode

from sori import audio


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One recording in every format; Opus at 48 kHz, all else at 44.1."""
    folder = tmp_path_factory.mktemp("formats")
    samples, made = chirps(RATE), {}
    for name in SAVED:
        rate = 48000 if name == "opus" else RATE
        made[name] = folder / f"saved.{name}"
        audio.save(made[name], chirps(rate), sample_rate=rate)
    for name, (container, subtype) in SNDFILE.items():
        made[name] = folder / name
        soundfile.write(made[name], samples.T, RATE, subtype, format=container)
    for name, (codec, sample_format) in FFMPEG.items():
        made[name] = folder / name
        encode(made[name], samples, RATE, codec, sample_format)
    return made

"""A small data set of real sound files, and stores made of it once."""

from __future__ import annotations

import pytest
import soundfile
from small_sounds import RATE, tone

from sori.datasets import Clip, Manifest, Store, open_store, prepare


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """Return twelve clips, WAV at the store's rate, FLAC and Ogg in stereo at another, and two cut out."""
    root = tmp_path_factory.mktemp("small")
    clips = []
    for number in range(12):
        ending = ("wav", "flac", "ogg")[number % 3]
        rate, channels = (RATE, 1) if ending == "wav" else (16000, 2)
        seconds = 0.5 + 0.25 * number
        soundfile.write(
            root / f"{number:02}.{ending}",
            tone(seconds, 200 + 40 * number, rate=rate, channels=channels),
            rate,
        )
        clips.append(
            Clip(
                f"clip-{number:02}",
                f"{number:02}.{ending}",
                labels=(("low", "high")[number // 6],),
                group=f"g{number // 2}",
                split="test" if number % 4 == 3 else "train",
            )
        )
    clips.append(Clip("cut-0", "09.wav", 0.5, 1.0, ("high",), split="train"))
    clips.append(Clip("cut-1", "09.wav", 1.25, None, ("high",), split="train"))
    return Manifest(clips, root=root, name="small")


@pytest.fixture(scope="session")
def stores(small: Manifest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    """Return the same clips as mono at 8 kHz, packed both ways."""
    folder = tmp_path_factory.mktemp("stores")
    for encoding in ("pcm", "flac"):
        packed = prepare(small, folder / encoding, sample_rate=RATE, mono=True, encoding=encoding, jobs=2)
        assert packed.failures == []
    return {encoding: open_store(folder / encoding) for encoding in ("pcm", "flac")}

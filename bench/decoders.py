"""What each decoder costs per format, and what `sori.audio` adds: the reasons for its choice of decoders.

Run ``python bench/decoders.py [SECONDS]``. It makes a stereo recording out of the test music (or of tones and
noise where that is absent), encodes it in every format, and prints the best of five runs: milliseconds of
processor time for libsndfile and FFmpeg bare, for `sori.audio.blocks` and `identify`, and how far the samples
are from libsndfile's.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

import sori.audio as audio

RUNS = 5
BLOCK = 1 << 18


def music(seconds: float) -> tuple[np.ndarray, int]:
    """Stereo music at 44.1 kHz from the test data, or tones and noise."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("SORI_TEST_DATA") or root.parent / "shared" / "data") / "music" / "opensurge"
    n, parts = int(seconds * 44100), []
    for path in sorted(folder.glob("*.ogg")):
        samples, rate = audio.load(path)
        if rate == 44100 and samples.shape[0] == 2:
            parts.append(samples)
        if sum(p.shape[1] for p in parts) >= n:
            return np.clip(np.concatenate(parts, axis=1)[:, :n], -1, 1), 44100
    rng = np.random.default_rng(0)
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(n) / 44100)
    return (tone + 0.1 * rng.standard_normal((2, n))).clip(-1, 1).astype(np.float32), 44100


def bare_libsndfile(path: Path) -> int:
    """Read into one buffer, again and again."""
    with soundfile.SoundFile(path) as file:
        buffer, total = np.empty((BLOCK, file.channels), np.float32), 0
        while n := file.buffer_read_into(buffer, "float32"):
            total += n
    return total


def bare_ffmpeg(path: Path) -> int:
    """Decode every packet and leave the samples where they are."""
    with av.open(str(path)) as source:
        stream = source.streams.audio[0]
        stream.thread_type = "NONE"
        return sum(frame.samples for frame in source.decode(stream))


def ours(path: Path) -> int:
    """Stream through `sori.audio.blocks`."""
    return sum(block.samples.shape[1] for block in audio.blocks(path, block_frames=BLOCK))


def best_ms(task: Callable[[Path], Any], path: Path) -> str:
    """Processor time of the fastest run, or a dash where the decoder does not know the format."""
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        try:
            task(path)
        except (soundfile.SoundFileError, av.error.FFmpegError):
            return "-"
        times.append(time.process_time() - start)
    return f"{1e3 * min(times):.0f}"


def disagreement(path: Path) -> str:
    """Greatest difference between the two decoders' samples."""
    try:
        theirs = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    except soundfile.SoundFileError:
        return "-"
    samples = audio.load(path).samples
    if theirs.shape != samples.shape:
        return f"{theirs.shape[1] - samples.shape[1]:+d} frames"
    return f"{np.abs(theirs - samples).max():.1e}"


def main(seconds: float) -> None:
    """Print the table."""
    samples, rate = music(seconds)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, options in (
            ("wav", {"subtype": "PCM_16"}),
            ("24.wav", {"subtype": "PCM_24"}),
            ("float.wav", {}),
            ("aiff", {"subtype": "PCM_16"}),
            ("flac", {"subtype": "PCM_16"}),
            ("mp3", {"bit_rate_bps": 192000}),
            ("ogg", {}),
            ("m4a", {"bit_rate_bps": 192000}),
        ):
            files.append(Path(folder, f"music.{name}"))
            audio.save(files[-1], samples, sample_rate=rate, **options)
        resampled = audio.load(files[2], sample_rate=48000)  # which Opus stores
        files.append(Path(folder, "music.opus"))
        audio.save(files[-1], resampled.samples, sample_rate=48000, bit_rate_bps=128000)
        print(f"{seconds:.0f} s of stereo; milliseconds of processor time, best of {RUNS}\n")
        print(
            "| file | libsndfile | FFmpeg, samples not fetched | sori.audio.blocks | identify | difference |"
        )
        print("|---|---|---|---|---|---|")
        for path in files:
            cells = [best_ms(task, path) for task in (bare_libsndfile, bare_ffmpeg, ours, audio.identify)]
            print(f"| {path.name.removeprefix('music.')} | {' | '.join(cells)} | {disagreement(path)} |")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 240.0)

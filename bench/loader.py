"""Random crops from the prepared store beside other ways to keep the same samples, one process, in turns.

``python -m bench.loader crops`` prints one round after another; ``busy`` and ``manifest`` the other figures.
Everybody reads the same crops of the same recordings, mono at 22.05 kHz, whose bytes are in the page cache:
this measures what a format costs, not what a disk does.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import psutil
import soundfile

from bench.collection import CACHE, made_whole, recordings
from bench.process import Figures
from bench.report import Ledger, median_ratio, table
from sori.audio import load
from sori.datasets import Batches, Clip, Manifest, Store, open_manifest, open_store, prepare

RATE = 22_050
CROP_S = 3.0
CROP = round(CROP_S * RATE)
BATCH = 32
ROUNDS = 9
# So many crops a turn: the slow ways need few to be timed.
CROPS = {"fast": 3200, "slow": 320, "decoding": 64}
CLIPS = 100_000
BUSY_STEPS = 60


def crops_folder() -> Path:
    """Return the recordings kept in each way, made once."""
    folder = CACHE / "loader"
    if not folder.exists():
        with made_whole(folder) as part:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            _keep(part)
    return folder


def _keep(folder: Path) -> None:
    clips = [Clip(f"{i:02}", os.fspath(path)) for i, path in enumerate(recordings())]
    manifest = Manifest(clips, root="/", name="recordings")
    for encoding in ("pcm", "flac"):
        prepare(manifest, folder / encoding, sample_rate=RATE, mono=True, encoding=encoding, jobs=2)
    store = open_store(folder / "pcm")
    with (folder / "raw.bin").open("wb") as raw, h5py.File(folder / "all.h5", "w") as hdf5:
        for row in range(len(store)):
            samples = store.read(row)[0]
            raw.write(samples.tobytes())
            hdf5.create_dataset(f"{row:02}", data=samples)
            np.save(folder / f"{row:02}.npy", samples)
            for ending in ("wav", "mp3"):
                soundfile.write(folder / f"{row:02}.{ending}", samples, RATE)


class Ways:
    """Every way to read crops: each takes rows and starts, and fills int16 ``(crops, time)``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pcm, self.flac = open_store(folder / "pcm"), open_store(folder / "flac")
        self.raw = np.memmap(folder / "raw.bin", np.int16, mode="r")
        self.begins = np.concatenate([[0], np.cumsum(self.pcm.n_frames)])
        self.hdf5 = h5py.File(folder / "all.h5", "r")

    def floor(self, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        """Copy the bytes out of a mapped file whose places are known."""
        for at, row, start in zip(out, rows, starts, strict=True):
            begin = self.begins[row] + start
            at[:] = self.raw[begin : begin + CROP]

    def npy(self, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        """Map a file for each crop, as `np.load` does."""
        for at, row, start in zip(out, rows, starts, strict=True):
            at[:] = np.load(self.folder / f"{row:02}.npy", mmap_mode="r")[start : start + CROP]

    def hdf5_slices(self, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        """Read slices of datasets of one open HDF5 file."""
        for at, row, start in zip(out, rows, starts, strict=True):
            at[:] = self.hdf5[f"{row:02}"][start : start + CROP]

    def _seek(self, ending: str, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        for at, row, start in zip(out, rows, starts, strict=True):
            with soundfile.SoundFile(self.folder / f"{row:02}.{ending}") as file:
                file.seek(start)
                at[:] = file.read(CROP, dtype="int16")

    def wav_seek(self, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        """Open a WAV file, seek and read, as most training code does."""
        self._seek("wav", rows, starts, out)

    def mp3_seek(self, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        """Open an MP3 file with libsndfile, seek and read."""
        self._seek("mp3", rows, starts, out)

    def mp3_load(self, rows: list[int], starts: list[int], out: np.ndarray) -> None:
        """Load the segment of the MP3 file with `sori.load`, which gives it exactly."""
        for at, row, start in zip(out, rows, starts, strict=True):
            audio = load(self.folder / f"{row:02}.mp3", start_s=start / RATE, duration_s=CROP_S, mono=True)
            at[: len(audio.samples)] = audio.samples[:CROP] * 32767


def batches_of(store: Store, **options: Any) -> Batches:
    """Return endless batches of random crops, enough of each clip to fill an epoch."""
    return Batches(store, batch_size=BATCH, crop_s=CROP_S, crops_per_clip=200, drop_last=True, **options)


def crops_round(ways: Ways, seed: int) -> Iterator[tuple[str, float]]:
    """Give each way's crops per second, one after another, on the same crops."""
    kinds: dict[str, tuple[str, Callable[..., None]]] = {
        "bytes copied out of a mapped file": ("fast", ways.floor),
        "`.npy` files, mapped for each crop": ("slow", ways.npy),
        "HDF5 (h5py), slices": ("slow", ways.hdf5_slices),
        "WAV, soundfile seeks": ("slow", ways.wav_seek),
        "MP3, soundfile seeks": ("decoding", ways.mp3_seek),
        "MP3, `sori.load` of the segment": ("decoding", ways.mp3_load),
    }
    loaders = {
        "Sori's store, pcm, int16": ("fast", ways.pcm, False),
        "Sori's store, pcm, float32": ("fast", ways.pcm, True),
        "Sori's store, flac, int16": ("slow", ways.flac, False),
    }
    for name, (speed, store, floats) in loaders.items():
        batches = batches_of(store, seed=seed, floats=floats)
        batches.make(0, 0)  # the plan of an epoch is made once
        count = CROPS[speed] // BATCH
        clock = time.perf_counter()
        for number in range(count):
            batches.make(0, number)
        yield name, count * BATCH / (time.perf_counter() - clock)
    plan = batches_of(ways.pcm, seed=seed, floats=False)
    for name, (speed, read) in kinds.items():
        wanted = [plan.make(0, number)[2:4] for number in range(CROPS[speed] // BATCH)]
        places = [(rows.tolist(), starts.tolist()) for rows, starts in wanted]
        clock = time.perf_counter()
        for rows, starts in places:
            read(rows, starts, np.empty((BATCH, CROP), np.int16))
        yield name, CROPS[speed] / (time.perf_counter() - clock)


def print_crops() -> None:
    """Print rounds as JSON: crops per second of each way."""
    ways = Ways(crops_folder())
    for name, seen in crops_round(ways, -1):
        print(f"  warming up: {name}: {seen:.0f}", file=sys.stderr)
    print(json.dumps([dict(crops_round(ways, seed)) for seed in range(ROUNDS)]))


def print_busy() -> None:
    """Print, for numbers of workers, steps per second and the share of the time that a network waits."""
    import torch

    from sori.datasets.loading.torch_loader import TorchLoader
    from sori.layers.modules import LogMelSpectrogram

    torch.set_num_threads(1)
    store = open_store(crops_folder() / "pcm")
    network = torch.nn.Sequential(
        LogMelSpectrogram(sample_rate=RATE, n_mels=64),
        torch.nn.Conv2d(1, 16, 3, stride=2),
        torch.nn.ReLU(),
        torch.nn.Conv2d(16, 32, 3, stride=2),
        torch.nn.ReLU(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
        torch.nn.Linear(32, len(store)),
    )
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01)
    figures = {}
    for workers in (0, 1, 2):
        waiting, begin = 0.0, 0.0
        loader = iter(TorchLoader(batches_of(store), workers=workers))
        for step in range(-5, BUSY_STEPS):  # the workers start in the first steps
            if step == 0:
                waiting, begin = 0.0, time.perf_counter()
            clock = time.perf_counter()
            made = next(loader)
            waiting += time.perf_counter() - clock
            loss = torch.nn.functional.cross_entropy(network(made.samples), made.rows)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        spent = time.perf_counter() - begin
        figures[f"{workers}: steps/s"] = BUSY_STEPS / spent
        figures[f"{workers}: waiting"] = waiting / spent
    print(json.dumps(figures))


def print_manifest() -> None:
    """Print seconds and memory of opening a manifest of many clips, in each format."""
    kind, path = sys.argv[2], Path(sys.argv[3])
    process = psutil.Process()
    before = process.memory_info().rss
    clock = time.perf_counter()
    manifest = open_manifest(path)
    seconds = time.perf_counter() - clock
    held = process.memory_info().rss
    assert len(manifest) == CLIPS, kind
    peak = next(
        int(line.split()[1]) / 1024
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        if line.startswith("VmHWM")
    )
    print(json.dumps({"s": seconds, "held, MiB": (held - before) / 2**20, "peak, MiB": peak}))


def _in_process(*arguments: str) -> Any:
    """Return what this program says; what decoders print of the MP3 files is not shown."""
    command = [sys.executable, "-m", "bench.loader", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def _crops() -> Figures:
    rounds = _in_process("crops")
    floor = [each["bytes copied out of a mapped file"] for each in rounds]
    figures = {}
    for name in rounds[0]:
        speeds = [each[name] for each in rounds]
        figures[f"{name}: crops/s"] = statistics.median(speeds)
        figures[f"{name}: of floor"] = median_ratio(floor, speeds)
        store = [each["Sori's store, pcm, int16"] for each in rounds]
        figures[f"{name}: ours"] = median_ratio(store, speeds)
    return figures


def _manifest(ending: str) -> Figures:
    clips = (
        Clip(
            f"clip-{i:06}",
            f"class {i % 50:02}/recording {i:06}.flac",
            labels=(f"class {i % 50:02}",),
            group=f"artist {i % 3000}",
            split="test" if i % 10 == 0 else "train",
        )
        for i in range(CLIPS)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"many{ending}"
        Manifest(clips, root=folder).save(path)
        taken = [_in_process("manifest", ending, str(path)) for _ in range(5)]
    return {key: statistics.median(each[key] for each in taken) for key in taken[0]}


def measure_loader(ledger: Ledger) -> str:
    """Measure in processes of their own and return what the page says about it."""
    crops = ledger.measure("crops", _crops)
    names = [key.removesuffix(": crops/s") for key in crops if key.endswith(": crops/s")]
    rows = []
    for name in names:
        ratios = (f"{crops[f'{name}: {to}']:.2f}" for to in ("of floor", "ours"))
        rows.append([name, f"{crops[f'{name}: crops/s']:,.0f}", *ratios])
    busy = ledger.measure("busy", functools.partial(_in_process, "busy"))
    busy_rows = [
        [str(workers), f"{busy[f'{workers}: steps/s']:.1f}", f"{busy[f'{workers}: waiting']:.1%}"]
        for workers in (0, 1, 2)
    ]
    opened = []
    for ending in (".csv", ".jsonl", ".json"):
        taken = ledger.measure(f"manifest {ending}", functools.partial(_manifest, ending))
        memory = (f"{taken[key]:.0f}" for key in ("held, MiB", "peak, MiB"))
        opened.append([ending, f"{taken['s']:.2f}", *memory])
    return "\n\n".join(
        [
            f"Random crops of {CROP_S:g} s, mono at 22.05 kHz, in batches of {BATCH}, one process; medians "
            f"of {ROUNDS} rounds. The floor copies the same bytes out of a mapped file.",
            table(["way", "crops/s", "time, × the floor", "time, × Sori's pcm store"], rows),
            "A small network (log-mel, two convolutions, one thread) trained on such batches by "
            "`TorchLoader`: the share of the time that it waits for data.",
            table(["workers", "steps/s", "waiting"], busy_rows),
            f"A manifest of {CLIPS:,} clips opened, beside a process that has loaded the rest.",
            table(["format", "s", "it holds, MiB", "peak of the whole process, MiB"], opened),
        ]
    )


if __name__ == "__main__":
    {"crops": print_crops, "busy": print_busy, "manifest": print_manifest}[sys.argv[1]]()

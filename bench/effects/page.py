"""The page of effects: which are compared, how they differ where they do, and the tables."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bench.collection import CACHE, ROOT
from bench.environment import peers_python
from bench.report import Ledger, table
from bench.transforms.beside import Stand
from bench.transforms.page import SAMPLE_RATE, excerpt

HERE = Path(__file__).parent
ITEMS, SECONDS, ROUNDS = 16, 1.8, 11
SOUNDS = CACHE / "effects"
SAME = "the same"

# effect, what it is there, how the two differ
AUDIOMENTATIONS: tuple[tuple[str, str, str], ...] = (
    ("Gain", "Gain", SAME),
    ("Polarity", "PolarityInversion", SAME),
    ("TimeShift", "Shift", "theirs fades the seam, ours does not"),
    ("LowPass", "LowPassFilter", "Butterworth, 12 dB per octave, both"),
    ("HighPass", "HighPassFilter", "the same"),
    ("BandPass", "BandPassFilter", "the same, on either side"),
    ("BandStop", "BandStopFilter", "the same, on either side"),
    ("LowShelf", "LowShelfFilter", "the same cookbook"),
    ("HighShelf", "HighShelfFilter", "the same cookbook"),
    ("PeakEqualiser", "PeakingFilter", "the same cookbook"),
    ("Noise, white", "AddGaussianSNR", SAME),
    ("Noise, pink", "AddColorNoise", SAME),
    ("Background", "AddBackgroundNoise", "recordings stay decoded in both"),
    ("ImpulseResponse", "ApplyImpulseResponse", "ours takes the delay off"),
    ("TimeStretch", "TimeStretch", "theirs is Signalsmith Stretch, ours a phase vocoder with locked phases"),
    ("PitchShift", "PitchShift", "the same two"),
    ("Overdrive", "TanhDistortion", "theirs asks for a percentile, ours for decibels"),
    ("Clipping", "ClippingDistortion", "the same"),
    ("BitCrush", "BitCrush", SAME),
    ("Codec, MP3", "Mp3Compression", "LAME under both; ours takes the delay off by its tags"),
)
TORCH_AUDIOMENTATIONS: tuple[tuple[str, str, str], ...] = (
    ("Gain", "Gain", SAME),
    ("Polarity", "PolarityInversion", SAME),
    ("TimeShift", "Shift", SAME),
    ("LowPass", "LowPassFilter", "theirs is a windowed sinc, ours the Butterworth filter of NumPy"),
    ("HighPass", "HighPassFilter", "as the low-pass"),
    ("BandPass", "BandPassFilter", "as the low-pass"),
    ("BandStop", "BandStopFilter", "as the low-pass"),
    ("Noise, pink", "AddColoredNoise", SAME),
    ("PitchShift, whole", "PitchShift", "a phase vocoder in both; ours locks the phases around a peak"),
)
HEADER = ("effect", "theirs", "one: ms", "× as long", "batch: ms", "× as long", "how they differ")


@dataclasses.dataclass(frozen=True)
class Side:
    """What an effect costs beside another's, one sound and a batch; ratios are medians over the rounds."""

    one_ms: float
    one_ratio: float
    batch_ms: float
    batch_ratio: float


def measure_effects(ledger: Ledger) -> str:
    """Measure every pair, and return what the page says."""
    parts = [
        f"{ITEMS} parts of {SECONDS} s of a song at {SAMPLE_RATE} Hz, one channel, float32, one core. Every"
        " call draws new numbers and applies them, as training does. *One*: the first part alone; *batch*:"
        f" all of them, each with numbers of its own. Both sides warm and in turns, medians of {ROUNDS}"
        " rounds. *× as long*: their time over ours."
    ]
    with stands() as (ours, theirs):
        for mine, library, rows in (
            ("numpy", "audiomentations", AUDIOMENTATIONS),
            ("torch", "torch-audiomentations", TORCH_AUDIOMENTATIONS),
        ):
            taken = {}
            for name, other, _ in rows:
                take = functools.partial(measure, ours, theirs, mine, library, name)
                taken[name] = ledger.measure(f"{mine}:{name} beside {library}'s {other}", take)
            parts += [f"## {'NumPy' if mine == 'numpy' else 'PyTorch'}, beside {library}", shown(rows, taken)]
            parts.append(summary(taken, library))
    parts.append(
        "Not compared: torch-audiomentations' `AddBackgroundNoise` and `ApplyImpulseResponse` read their"
        " files with functions that torchaudio no longer has."
    )
    return "\n\n".join(parts)


def measure(ours: Stand, theirs: Stand, mine: str, library: str, name: str) -> dict[str, float]:
    """Time one effect on both sides in turns."""
    found: dict[str, float] = {}
    for many in ("one", "batch"):
        own, other = f"{mine}:{many}:{name}", f"{library}:{many}:{name}"
        ours.ask("time", own), theirs.ask("time", other)
        taken = [(ours.ask("time", own), theirs.ask("time", other)) for _ in range(ROUNDS)]
        found[f"{many}_ms"] = 1000 * statistics.median(time for time, _ in taken)
        found[f"{many}_ratio"] = statistics.median(their / our for our, their in taken)
    return dataclasses.asdict(Side(**found))


def shown(rows: tuple[tuple[str, str, str], ...], taken: dict[str, dict[str, float]]) -> str:
    """Return the table of one library."""
    lines = []
    for name, other, how in rows:
        got = taken[name]
        one = [f"{got['one_ms']:.3f}", f"{got['one_ratio']:.2f}"]
        lines.append([name, other, *one, f"{got['batch_ms']:.2f}", f"**{got['batch_ratio']:.2f}**", how])
    return table(HEADER, lines)


def summary(taken: dict[str, dict[str, float]], library: str) -> str:
    """Return one sentence over all effects: the geometric mean, in which every effect counts the same."""
    one, batch = (
        math.exp(statistics.fmean(math.log(got[f"{many}_ratio"]) for got in taken.values()))
        for many in ("one", "batch")
    )
    return (
        f"Over all of them (geometric mean) {library} takes **{batch:.2f}** times as long in a batch, "
        f"{one:.2f} times for one sound."
    )


@contextlib.contextmanager
def stands() -> Iterator[tuple[Stand, Stand]]:
    """Start both programs on the same batch and the same recordings, ours first."""
    batch = sounds()
    os.environ["SORI_BENCH_SOUNDS"] = str(SOUNDS)
    ours = Stand(sys.executable, str(HERE / "ours.py"), batch, SAMPLE_RATE, (ROOT, ROOT / "src"))
    theirs = Stand(peers_python("effects"), str(HERE / "peers.py"), batch, SAMPLE_RATE)
    try:
        yield ours, theirs
    finally:
        ours.close()
        theirs.close()


def sounds() -> Path:
    """Return the file of the batch; beside it lie a noise and the response of a place."""
    from sori import save

    SOUNDS.mkdir(parents=True, exist_ok=True)
    whole: np.ndarray = np.load(excerpt())
    length = round(SECONDS * SAMPLE_RATE)
    path = SOUNDS / "batch.npy"
    np.save(path, whole[: ITEMS * length].reshape(ITEMS, 1, length))
    rng = np.random.default_rng(0)
    t = np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE
    place = 0.1 * rng.standard_normal(len(t)) * np.exp(-8 * t)
    noise = 0.1 * rng.standard_normal(10 * SAMPLE_RATE)
    for name, sound in (("place", place), ("noise", noise)):
        save(SOUNDS / f"{name}.wav", sound.astype(np.float32), sample_rate=SAMPLE_RATE)
    return path

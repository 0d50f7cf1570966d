"""Our effects by name: drawn and applied anew at every call, as training does it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sori import effects as fx

HERE = Path(os.environ["SORI_BENCH_SOUNDS"])


def effects() -> dict[str, fx.Effect]:
    """Return every effect that another library has too, with the ranges that theirs have here."""
    cutoff = {"min_cutoff_hz": 500.0, "max_cutoff_hz": 5000.0}
    gain = {"min_gain_db": -12.0, "max_gain_db": 12.0}
    centre = {"min_centre_hz": 500.0, "max_centre_hz": 4000.0}
    return {
        "Gain": fx.Gain(min_db=-12.0, max_db=12.0),
        "Polarity": fx.Polarity(p=1.0),
        "TimeShift": fx.TimeShift(min_s=-0.5, max_s=0.5, wrap=True),
        "LowPass": fx.LowPass(**cutoff),
        "HighPass": fx.HighPass(**cutoff),
        "BandPass": fx.BandPass(**centre, min_octaves=1.0, max_octaves=2.0),
        "BandStop": fx.BandStop(**centre, min_octaves=1.0, max_octaves=2.0),
        "LowShelf": fx.LowShelf(min_cutoff_hz=50.0, max_cutoff_hz=4000.0, **gain),
        "HighShelf": fx.HighShelf(min_cutoff_hz=300.0, max_cutoff_hz=7500.0, **gain),
        "PeakEqualiser": fx.PeakEqualiser(**centre, **gain),
        "Noise, white": fx.Noise(colours=("white",)),
        "Noise, pink": fx.Noise(colours=("pink",)),
        "Background": fx.Background(paths=(str(HERE / "noise.wav"),)),
        "ImpulseResponse": fx.ImpulseResponse(paths=(str(HERE / "place.wav"),), min_mix=1.0),
        "TimeStretch": fx.TimeStretch(min_rate=0.8, max_rate=1.25),
        "PitchShift": fx.PitchShift(min_semitones=-4.0, max_semitones=4.0),
        "PitchShift, whole": fx.PitchShift(min_semitones=-4.0, max_semitones=4.0, whole=True),
        "Overdrive": fx.Overdrive(),
        "Clipping": fx.Clipping(),
        "BitCrush": fx.BitCrush(),
        "Codec, MP3": fx.Codec(codecs=("mp3",), bit_rates_bps=(32_000, 64_000)),
    }


def calls(batch: np.ndarray, sample_rate: int) -> dict[str, Callable[[], Any]]:
    """Return every call by ``library:one or batch:effect``."""
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    tensor = torch.from_numpy(batch)
    found: dict[str, Callable[[], Any]] = {}
    for name, effect in effects().items():
        for library, samples in (("numpy", batch), ("torch", tensor)):
            found[f"{library}:one:{name}"] = _one(effect, samples[0], sample_rate, rng)
            found[f"{library}:batch:{name}"] = _batch(effect, samples, sample_rate, rng)
    return found


def _one(effect: fx.Effect, x: Any, sample_rate: int, rng: np.random.Generator) -> Callable[[], Any]:
    return lambda: effect(x, sample_rate=sample_rate, rng=rng)


def _batch(effect: fx.Effect, x: Any, sample_rate: int, rng: np.random.Generator) -> Callable[[], Any]:
    def call() -> Any:
        drawn = effect.draw_batch(rng, x, sample_rate=sample_rate)
        return effect.apply_batch(x, drawn, sample_rate=sample_rate)

    return call

"""The same effects of other libraries, in their own environment, with p = 1 and the same ranges."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

SOUNDS = os.environ["SORI_BENCH_SOUNDS"]


def calls(batch: np.ndarray, sample_rate: int) -> dict[str, Callable[[], Any]]:
    """Return every call by ``library:one or batch:effect``."""
    return {**audiomentations_calls(batch, sample_rate), **torch_calls(batch, sample_rate)}


def audiomentations_calls(batch: np.ndarray, sample_rate: int) -> dict[str, Callable[[], Any]]:
    """Return audiomentations': it takes one sound at a time, so a batch is a loop."""
    import audiomentations as am

    cutoff = {"min_cutoff_freq": 500.0, "max_cutoff_freq": 5000.0, "min_rolloff": 12, "max_rolloff": 12}
    centre = {"min_center_freq": 500.0, "max_center_freq": 4000.0}
    band = {
        **centre,
        "min_bandwidth_fraction": 0.7,
        "max_bandwidth_fraction": 1.5,
        "min_rolloff": 12,
        "max_rolloff": 12,
    }
    gain = {"min_gain_db": -12.0, "max_gain_db": 12.0}
    transforms = {
        "Gain": am.Gain(**gain, p=1.0),
        "Polarity": am.PolarityInversion(p=1.0),
        "TimeShift": am.Shift(min_shift=-0.5, max_shift=0.5, shift_unit="seconds", p=1.0),
        "LowPass": am.LowPassFilter(**cutoff, p=1.0),
        "HighPass": am.HighPassFilter(**cutoff, p=1.0),
        "BandPass": am.BandPassFilter(**band, p=1.0),
        "BandStop": am.BandStopFilter(**band, p=1.0),
        "LowShelf": am.LowShelfFilter(**{**centre, "min_center_freq": 50.0}, **gain, p=1.0),
        "HighShelf": am.HighShelfFilter(min_center_freq=300.0, max_center_freq=7500.0, **gain, p=1.0),
        "PeakEqualiser": am.PeakingFilter(**centre, **gain, p=1.0),
        "Noise, white": am.AddGaussianSNR(min_snr_db=5.0, max_snr_db=40.0, p=1.0),
        "Noise, pink": am.AddColorNoise(
            min_snr_db=5.0, max_snr_db=40.0, min_f_decay=-3.01, max_f_decay=-3.01, p=1.0
        ),
        "Background": am.AddBackgroundNoise(f"{SOUNDS}/noise.wav", min_snr_db=3.0, max_snr_db=30.0, p=1.0),
        "ImpulseResponse": am.ApplyImpulseResponse(f"{SOUNDS}/place.wav", p=1.0),
        "TimeStretch": am.TimeStretch(min_rate=0.8, max_rate=1.25, p=1.0),
        "PitchShift": am.PitchShift(min_semitones=-4.0, max_semitones=4.0, p=1.0),
        "Overdrive": am.TanhDistortion(p=1.0),
        "Clipping": am.ClippingDistortion(p=1.0),
        "BitCrush": am.BitCrush(min_bit_depth=5, max_bit_depth=12, p=1.0),
        "Codec, MP3": am.Mp3Compression(min_bitrate=32, max_bitrate=64, p=1.0),
    }
    found: dict[str, Callable[[], Any]] = {}
    for name, transform in transforms.items():
        given = batch[:, 0] if name == "Background" else batch  # that one takes (time,) only
        found[f"audiomentations:one:{name}"] = _one(transform, given[0], sample_rate)
        found[f"audiomentations:batch:{name}"] = _loop(transform, given, sample_rate)
    return found


def _one(transform: Any, x: np.ndarray, sample_rate: int) -> Callable[[], Any]:
    return lambda: transform(x, sample_rate=sample_rate)


def _loop(transform: Any, batch: np.ndarray, sample_rate: int) -> Callable[[], Any]:
    return lambda: np.stack([transform(x, sample_rate=sample_rate) for x in batch])


def torch_calls(batch: np.ndarray, sample_rate: int) -> dict[str, Callable[[], Any]]:
    """Return torch-audiomentations', on the processor, every item with numbers of its own."""
    import torch
    import torch_audiomentations as ta

    torch.set_num_threads(1)
    cutoff = {"min_cutoff_freq": 500.0, "max_cutoff_freq": 5000.0}
    band = {
        "min_center_frequency": 500.0,
        "max_center_frequency": 4000.0,
        "min_bandwidth_fraction": 0.7,
        "max_bandwidth_fraction": 1.5,
    }
    common: dict[str, Any] = {"p": 1.0, "sample_rate": sample_rate, "output_type": "tensor"}
    transforms = {
        "Gain": ta.Gain(min_gain_in_db=-12.0, max_gain_in_db=12.0, **common),
        "Polarity": ta.PolarityInversion(**common),
        "TimeShift": ta.Shift(min_shift=-0.5, max_shift=0.5, shift_unit="seconds", **common),
        "LowPass": ta.LowPassFilter(**cutoff, **common),
        "HighPass": ta.HighPassFilter(**cutoff, **common),
        "BandPass": ta.BandPassFilter(**band, **common),
        "BandStop": ta.BandStopFilter(**band, **common),
        "Noise, pink": ta.AddColoredNoise(
            min_snr_in_db=5.0, max_snr_in_db=40.0, min_f_decay=1.0, max_f_decay=1.0, **common
        ),
        "PitchShift, whole": ta.PitchShift(
            min_transpose_semitones=-4.0, max_transpose_semitones=4.0, **common
        ),
    }
    tensor = torch.from_numpy(batch)
    found: dict[str, Callable[[], Any]] = {}
    for name, transform in transforms.items():
        found[f"torch-audiomentations:one:{name}"] = _call(transform, tensor[:1])
        found[f"torch-audiomentations:batch:{name}"] = _call(transform, tensor)
    return found


def _call(transform: Any, x: Any) -> Callable[[], Any]:
    return lambda: transform(x)

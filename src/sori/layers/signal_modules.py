"""What `sori.signal` does to waveforms as PyTorch modules, each named after its function.

>>> import torch
>>> layer = LowPass(sample_rate=22050, cutoff_hz=2000.0)
>>> layer(torch.zeros(2, 22050)).shape
torch.Size([2, 22050])
"""

from __future__ import annotations

from sori.layers.transform import Transform
from sori.signal import (
    biquad,
    butterworth,
    companding,
    dynamics,
    edges,
    emphasis,
    gated_loudness,
    level,
    loudness_target,
    mixing,
    resampling,
    weighting,
)

__all__ = [
    "AWeight",
    "AllPass",
    "BandPass",
    "BandStop",
    "CWeight",
    "Compressor",
    "Deemphasis",
    "Fade",
    "Gate",
    "HighPass",
    "HighShelf",
    "KWeighted",
    "LeftRight",
    "Limiter",
    "LowPass",
    "LowShelf",
    "MidSide",
    "MixAtSnr",
    "MuLawCompress",
    "MuLawExpand",
    "NormalizeLoudness",
    "NormalizePeak",
    "NormalizeRms",
    "Notch",
    "Peaking",
    "Preemphasis",
    "Resample",
    "ToMono",
]


class AllPass(Transform, of=biquad.all_pass): ...


class HighShelf(Transform, of=biquad.high_shelf): ...


class LowShelf(Transform, of=biquad.low_shelf): ...


class Notch(Transform, of=biquad.notch): ...


class Peaking(Transform, of=biquad.peaking): ...


class BandPass(Transform, of=butterworth.band_pass): ...


class BandStop(Transform, of=butterworth.band_stop): ...


class HighPass(Transform, of=butterworth.high_pass): ...


class LowPass(Transform, of=butterworth.low_pass): ...


class MuLawCompress(Transform, of=companding.mu_law_compress): ...


class MuLawExpand(Transform, of=companding.mu_law_expand, takes="wave"): ...


class Compressor(Transform, of=dynamics.compressor): ...


class Gate(Transform, of=dynamics.gate): ...


class Limiter(Transform, of=dynamics.limiter): ...


class Fade(Transform, of=edges.fade): ...


class Deemphasis(Transform, of=emphasis.deemphasis): ...


class Preemphasis(Transform, of=emphasis.preemphasis): ...


class KWeighted(Transform, of=gated_loudness.k_weighted): ...


class NormalizePeak(Transform, of=level.normalize_peak): ...


class NormalizeRms(Transform, of=level.normalize_rms): ...


class NormalizeLoudness(Transform, of=loudness_target.normalize_loudness): ...


class LeftRight(Transform, of=mixing.left_right, takes="channels"): ...


class MidSide(Transform, of=mixing.mid_side, takes="channels"): ...


class MixAtSnr(Transform, of=mixing.mix_at_snr, takes="wave"): ...


class ToMono(Transform, of=mixing.to_mono, takes="channels"): ...


class Resample(Transform, of=resampling.resample): ...


class AWeight(Transform, of=weighting.a_weight): ...


class CWeight(Transform, of=weighting.c_weight): ...

"""What `sori.signal` does to waveforms as layers of Keras 3, each named after its function."""

from __future__ import annotations

from sori.layers.keras_transform import KerasTransform
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


class AllPass(KerasTransform, of=biquad.all_pass): ...


class HighShelf(KerasTransform, of=biquad.high_shelf): ...


class LowShelf(KerasTransform, of=biquad.low_shelf): ...


class Notch(KerasTransform, of=biquad.notch): ...


class Peaking(KerasTransform, of=biquad.peaking): ...


class BandPass(KerasTransform, of=butterworth.band_pass): ...


class BandStop(KerasTransform, of=butterworth.band_stop): ...


class HighPass(KerasTransform, of=butterworth.high_pass): ...


class LowPass(KerasTransform, of=butterworth.low_pass): ...


class MuLawCompress(KerasTransform, of=companding.mu_law_compress): ...


class MuLawExpand(KerasTransform, of=companding.mu_law_expand, takes="wave"): ...


class Compressor(KerasTransform, of=dynamics.compressor): ...


class Gate(KerasTransform, of=dynamics.gate): ...


class Limiter(KerasTransform, of=dynamics.limiter): ...


class Fade(KerasTransform, of=edges.fade): ...


class Deemphasis(KerasTransform, of=emphasis.deemphasis): ...


class Preemphasis(KerasTransform, of=emphasis.preemphasis): ...


class KWeighted(KerasTransform, of=gated_loudness.k_weighted): ...


class NormalizePeak(KerasTransform, of=level.normalize_peak): ...


class NormalizeRms(KerasTransform, of=level.normalize_rms): ...


class NormalizeLoudness(KerasTransform, of=loudness_target.normalize_loudness): ...


class LeftRight(KerasTransform, of=mixing.left_right, takes="channels"): ...


class MidSide(KerasTransform, of=mixing.mid_side, takes="channels"): ...


class MixAtSnr(KerasTransform, of=mixing.mix_at_snr, takes="wave"): ...


class ToMono(KerasTransform, of=mixing.to_mono, takes="channels"): ...


class Resample(KerasTransform, of=resampling.resample): ...


class AWeight(KerasTransform, of=weighting.a_weight): ...


class CWeight(KerasTransform, of=weighting.c_weight): ...

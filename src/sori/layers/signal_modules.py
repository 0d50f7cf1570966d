"""What `sori.signal` does to waveforms as PyTorch modules, each named after its function.

>>> import torch
>>> layer = LowPass(sample_rate=22050, cutoff_hz=2000.0)
>>> layer(torch.zeros(2, 22050)).shape
torch.Size([2, 22050])
"""

from __future__ import annotations

from sori.layers.transform import Transform
from sori.signal.biquad import all_pass, high_shelf, low_shelf, notch, peaking
from sori.signal.butterworth import band_pass, band_stop, high_pass, low_pass
from sori.signal.companding import mu_law_compress, mu_law_expand
from sori.signal.dynamics import compressor, gate, limiter
from sori.signal.edges import fade
from sori.signal.emphasis import deemphasis, preemphasis
from sori.signal.gated_loudness import k_weighted
from sori.signal.level import normalize_peak, normalize_rms
from sori.signal.loudness_target import normalize_loudness
from sori.signal.mixing import left_right, mid_side, mix_at_snr, to_mono
from sori.signal.resampling import resample
from sori.signal.weighting import a_weight, c_weight

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


class AllPass(Transform, of=all_pass): ...


class HighShelf(Transform, of=high_shelf): ...


class LowShelf(Transform, of=low_shelf): ...


class Notch(Transform, of=notch): ...


class Peaking(Transform, of=peaking): ...


class BandPass(Transform, of=band_pass): ...


class BandStop(Transform, of=band_stop): ...


class HighPass(Transform, of=high_pass): ...


class LowPass(Transform, of=low_pass): ...


class MuLawCompress(Transform, of=mu_law_compress): ...


class MuLawExpand(Transform, of=mu_law_expand, takes="wave"): ...


class Compressor(Transform, of=compressor): ...


class Gate(Transform, of=gate): ...


class Limiter(Transform, of=limiter): ...


class Fade(Transform, of=fade): ...


class Deemphasis(Transform, of=deemphasis): ...


class Preemphasis(Transform, of=preemphasis): ...


class KWeighted(Transform, of=k_weighted): ...


class NormalizePeak(Transform, of=normalize_peak): ...


class NormalizeRms(Transform, of=normalize_rms): ...


class NormalizeLoudness(Transform, of=normalize_loudness): ...


class LeftRight(Transform, of=left_right, takes="channels"): ...


class MidSide(Transform, of=mid_side, takes="channels"): ...


class MixAtSnr(Transform, of=mix_at_snr, takes="wave"): ...


class ToMono(Transform, of=to_mono, takes="channels"): ...


class Resample(Transform, of=resample): ...


class AWeight(Transform, of=a_weight): ...


class CWeight(Transform, of=c_weight): ...

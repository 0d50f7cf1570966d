"""What `sori.signal` does to waveforms as layers of Keras 3, each named after its function."""

from __future__ import annotations

from sori.layers.keras_transform import KerasTransform
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


class AllPass(KerasTransform, of=all_pass): ...


class HighShelf(KerasTransform, of=high_shelf): ...


class LowShelf(KerasTransform, of=low_shelf): ...


class Notch(KerasTransform, of=notch): ...


class Peaking(KerasTransform, of=peaking): ...


class BandPass(KerasTransform, of=band_pass): ...


class BandStop(KerasTransform, of=band_stop): ...


class HighPass(KerasTransform, of=high_pass): ...


class LowPass(KerasTransform, of=low_pass): ...


class MuLawCompress(KerasTransform, of=mu_law_compress): ...


class MuLawExpand(KerasTransform, of=mu_law_expand, takes="wave"): ...


class Compressor(KerasTransform, of=compressor): ...


class Gate(KerasTransform, of=gate): ...


class Limiter(KerasTransform, of=limiter): ...


class Fade(KerasTransform, of=fade): ...


class Deemphasis(KerasTransform, of=deemphasis): ...


class Preemphasis(KerasTransform, of=preemphasis): ...


class KWeighted(KerasTransform, of=k_weighted): ...


class NormalizePeak(KerasTransform, of=normalize_peak): ...


class NormalizeRms(KerasTransform, of=normalize_rms): ...


class NormalizeLoudness(KerasTransform, of=normalize_loudness): ...


class LeftRight(KerasTransform, of=left_right, takes="channels"): ...


class MidSide(KerasTransform, of=mid_side, takes="channels"): ...


class MixAtSnr(KerasTransform, of=mix_at_snr, takes="wave"): ...


class ToMono(KerasTransform, of=to_mono, takes="channels"): ...


class Resample(KerasTransform, of=resample): ...


class AWeight(KerasTransform, of=a_weight): ...


class CWeight(KerasTransform, of=c_weight): ...

"""The transforms as PyTorch modules, each named after its function.

>>> import torch
>>> layer = MelSpectrogram(sample_rate=22050, n_mels=40)
>>> layer(torch.zeros(2, 22050)).shape
torch.Size([2, 40, 44])
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
)
from sori.spectral import (
    auditory,
    cepstrum,
    constant_q,
    decibels,
    delta,
    descriptors,
    exchange,
    flux,
    frame_level,
    gansynth,
    griffin_lim,
    instantaneous,
    log_mel,
    magnitude,
    mel,
    phase_vocoder,
    separation,
    speech,
    stft,
)

__all__ = [
    "AllPass",
    "AmplitudeToDb",
    "BandPass",
    "BandStop",
    "BarkSpectrogram",
    "Compressed",
    "Compressor",
    "Cqt",
    "CqtMagnitude",
    "DbToAmplitude",
    "DbToPower",
    "Dct",
    "Deemphasis",
    "Delta",
    "ErbSpectrogram",
    "ExchangePhase",
    "Expanded",
    "Fade",
    "FromGansynthRepresentation",
    "FromPolar",
    "GansynthRepresentation",
    "Gate",
    "GriffinLim",
    "HighPass",
    "HighShelf",
    "Hpss",
    "HpssMasks",
    "HpssWaveform",
    "HtkFbank",
    "HtkMfcc",
    "Icqt",
    "Idct",
    "InstantaneousFrequency",
    "Istft",
    "Ivqt",
    "KWeighted",
    "KaldiFbank",
    "KaldiMfcc",
    "LeftRight",
    "Lifter",
    "Limiter",
    "LogMelSpectrogram",
    "LowPass",
    "LowShelf",
    "Magnitude",
    "MelSpectrogram",
    "Mfcc",
    "MfccFromLogMel",
    "MidSide",
    "MixAtSnr",
    "MuLawCompress",
    "MuLawExpand",
    "NormalizeLoudness",
    "NormalizePeak",
    "NormalizeRms",
    "Notch",
    "Peaking",
    "Phase",
    "PhaseVocoder",
    "Power",
    "PowerToDb",
    "Preemphasis",
    "RegressionDelta",
    "Rms",
    "RmsFromSpectrogram",
    "SoftMask",
    "SpectralBandwidth",
    "SpectralCentroid",
    "SpectralContrast",
    "SpectralFlatness",
    "SpectralFlux",
    "SpectralRolloff",
    "Stft",
    "TimeStretch",
    "ToMono",
    "Unlifter",
    "Unwrap",
    "Vqt",
    "ZeroCrossingRate",
]


class BarkSpectrogram(Transform, of=auditory.bark_spectrogram): ...


class ErbSpectrogram(Transform, of=auditory.erb_spectrogram): ...


class Dct(Transform, of=cepstrum.dct, takes="mel"): ...


class Idct(Transform, of=cepstrum.idct, takes="mel"): ...


class Lifter(Transform, of=cepstrum.lifter, takes="mel"): ...


class Mfcc(Transform, of=cepstrum.mfcc): ...


class MfccFromLogMel(Transform, of=cepstrum.mfcc_from_log_mel, takes="mel"): ...


class Unlifter(Transform, of=cepstrum.unlifter, takes="mel"): ...


class Cqt(Transform, of=constant_q.cqt): ...


class CqtMagnitude(Transform, of=constant_q.cqt_magnitude): ...


class Icqt(Transform, of=constant_q.icqt, takes="cqt"): ...


class Ivqt(Transform, of=constant_q.ivqt, takes="cqt"): ...


class Vqt(Transform, of=constant_q.vqt): ...


class AmplitudeToDb(Transform, of=decibels.amplitude_to_db): ...


class DbToAmplitude(Transform, of=decibels.db_to_amplitude, takes="mel"): ...


class DbToPower(Transform, of=decibels.db_to_power, takes="mel"): ...


class PowerToDb(Transform, of=decibels.power_to_db): ...


class Delta(Transform, of=delta.delta, takes="mel"): ...


class RegressionDelta(Transform, of=delta.regression_delta, takes="mel"): ...


class SpectralBandwidth(Transform, of=descriptors.spectral_bandwidth): ...


class SpectralCentroid(Transform, of=descriptors.spectral_centroid): ...


class SpectralContrast(Transform, of=descriptors.spectral_contrast): ...


class SpectralFlatness(Transform, of=descriptors.spectral_flatness): ...


class SpectralRolloff(Transform, of=descriptors.spectral_rolloff): ...


class ExchangePhase(Transform, of=exchange.exchange_phase, takes="wave"): ...


class SpectralFlux(Transform, of=flux.spectral_flux): ...


class Rms(Transform, of=frame_level.rms): ...


class RmsFromSpectrogram(Transform, of=frame_level.rms_from_spectrogram): ...


class ZeroCrossingRate(Transform, of=frame_level.zero_crossing_rate): ...


class FromGansynthRepresentation(Transform, of=gansynth.from_gansynth_representation, takes="gansynth"): ...


class GansynthRepresentation(Transform, of=gansynth.gansynth_representation): ...


class GriffinLim(Transform, of=griffin_lim.griffin_lim): ...


class InstantaneousFrequency(Transform, of=instantaneous.instantaneous_frequency, takes="complex"): ...


class Unwrap(Transform, of=instantaneous.unwrap, takes="mel"): ...


class Compressed(Transform, of=log_mel.compressed, takes="mel"): ...


class Expanded(Transform, of=log_mel.expanded, takes="mel"): ...


class LogMelSpectrogram(Transform, of=log_mel.log_mel_spectrogram): ...


class FromPolar(Transform, of=magnitude.from_polar, takes="magnitude"): ...


class Magnitude(Transform, of=magnitude.magnitude, takes="complex"): ...


class Phase(Transform, of=magnitude.phase, takes="complex"): ...


class Power(Transform, of=magnitude.power, takes="complex"): ...


class MelSpectrogram(Transform, of=mel.mel_spectrogram): ...


class PhaseVocoder(Transform, of=phase_vocoder.phase_vocoder, takes="complex"): ...


class TimeStretch(Transform, of=phase_vocoder.time_stretch): ...


class Hpss(Transform, of=separation.hpss): ...


class HpssMasks(Transform, of=separation.hpss_masks): ...


class HpssWaveform(Transform, of=separation.hpss_waveform): ...


class SoftMask(Transform, of=separation.soft_mask, takes="magnitude"): ...


class HtkFbank(Transform, of=speech.htk_fbank): ...


class HtkMfcc(Transform, of=speech.htk_mfcc): ...


class KaldiFbank(Transform, of=speech.kaldi_fbank): ...


class KaldiMfcc(Transform, of=speech.kaldi_mfcc): ...


class Istft(Transform, of=stft.istft, takes="complex"): ...


class Stft(Transform, of=stft.stft): ...


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

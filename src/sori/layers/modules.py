"""The transforms of `sori.spectral` as PyTorch modules, each named after its function.

>>> import torch
>>> layer = MelSpectrogram(sample_rate=22050, n_mels=40)
>>> layer(torch.zeros(2, 22050)).shape
torch.Size([2, 40, 44])
"""

from __future__ import annotations

from sori.layers.transform import Transform
from sori.spectral import (
    auditory,
    cepstrum,
    chroma,
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
    inversion,
    log_mel,
    magnitude,
    mel,
    phase_vocoder,
    scaling,
    separation,
    speech,
    stft,
    tonnetz,
)

__all__ = [
    "AmplitudeToDb",
    "BarkSpectrogram",
    "Cens",
    "ChromaCqt",
    "ChromaFold",
    "ChromaStft",
    "Compressed",
    "Cqt",
    "CqtMagnitude",
    "DbToAmplitude",
    "DbToPower",
    "Dct",
    "Delta",
    "ErbSpectrogram",
    "ExchangePhase",
    "Expanded",
    "FromGansynthRepresentation",
    "FromPolar",
    "FromRange",
    "GansynthRepresentation",
    "GriffinLim",
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
    "KaldiFbank",
    "KaldiMfcc",
    "Lifter",
    "LogMelSpectrogram",
    "Magnitude",
    "MelSpectrogram",
    "MelToAudio",
    "MelToMagnitude",
    "MelToStftPower",
    "Mfcc",
    "MfccFromLogMel",
    "MfccToAudio",
    "MfccToMel",
    "Phase",
    "PhaseVocoder",
    "Power",
    "PowerToDb",
    "RegressionDelta",
    "Rms",
    "RmsFromSpectrogram",
    "ScaledFrames",
    "SoftMask",
    "SpectralBandwidth",
    "SpectralCentroid",
    "SpectralContrast",
    "SpectralFlatness",
    "SpectralFlux",
    "SpectralRolloff",
    "Standardize",
    "Stft",
    "TimeStretch",
    "ToRange",
    "Tonnetz",
    "Unlifter",
    "Unstandardize",
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


class Cens(Transform, of=chroma.cens, takes="chroma"): ...


class ChromaCqt(Transform, of=chroma.chroma_cqt): ...


class ChromaFold(Transform, of=chroma.chroma_fold, takes="cqt_magnitude"): ...


class ChromaStft(Transform, of=chroma.chroma_stft): ...


class ScaledFrames(Transform, of=chroma.scaled_frames, takes="mel"): ...


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


class MelToAudio(Transform, of=inversion.mel_to_audio, takes="mel"): ...


class MelToMagnitude(Transform, of=inversion.mel_to_magnitude, takes="mel"): ...


class MelToStftPower(Transform, of=inversion.mel_to_stft_power, takes="mel"): ...


class MfccToAudio(Transform, of=inversion.mfcc_to_audio, takes="mfcc"): ...


class MfccToMel(Transform, of=inversion.mfcc_to_mel, takes="mfcc"): ...


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


class FromRange(Transform, of=scaling.from_range, takes="mel"): ...


class Standardize(Transform, of=scaling.standardize, takes="mel"): ...


class ToRange(Transform, of=scaling.to_range, takes="mel"): ...


class Unstandardize(Transform, of=scaling.unstandardize, takes="mel"): ...


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


class Tonnetz(Transform, of=tonnetz.tonnetz): ...

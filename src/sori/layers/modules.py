"""The transforms of `sori.spectral` as PyTorch modules, each named after its function.

>>> import torch
>>> layer = MelSpectrogram(sample_rate=22050, n_mels=40)
>>> layer(torch.zeros(2, 22050)).shape
torch.Size([2, 40, 44])
"""

from __future__ import annotations

from sori.layers.transform import Transform
from sori.spectral.auditory import bark_spectrogram, erb_spectrogram
from sori.spectral.cepstrum import dct, idct, lifter, mfcc, mfcc_from_log_mel, unlifter
from sori.spectral.chroma import cens, chroma_cqt, chroma_fold, chroma_stft, scaled_frames
from sori.spectral.constant_q import cqt, cqt_magnitude, icqt, ivqt, vqt
from sori.spectral.decibels import amplitude_to_db, db_to_amplitude, db_to_power, power_to_db
from sori.spectral.delta import delta, regression_delta
from sori.spectral.descriptors import (
    spectral_bandwidth,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
)
from sori.spectral.exchange import exchange_phase
from sori.spectral.flux import spectral_flux
from sori.spectral.frame_level import rms, rms_from_spectrogram, zero_crossing_rate
from sori.spectral.gansynth import from_gansynth_representation, gansynth_representation
from sori.spectral.griffin_lim import griffin_lim
from sori.spectral.instantaneous import instantaneous_frequency, unwrap
from sori.spectral.inversion import (
    mel_to_audio,
    mel_to_magnitude,
    mel_to_stft_power,
    mfcc_to_audio,
    mfcc_to_mel,
)
from sori.spectral.log_mel import compressed, expanded, log_mel_spectrogram
from sori.spectral.magnitude import from_polar, magnitude, phase, power
from sori.spectral.mel import mel_spectrogram
from sori.spectral.pcen import pcen
from sori.spectral.phase_vocoder import phase_vocoder, pitch_shift, time_stretch
from sori.spectral.scaling import from_range, standardize, to_range, unstandardize
from sori.spectral.self_similarity import cross_similarity, self_similarity, stack_memory
from sori.spectral.separation import hpss, hpss_masks, hpss_waveform, soft_mask
from sori.spectral.speech import htk_fbank, htk_mfcc, kaldi_fbank, kaldi_mfcc
from sori.spectral.stft import istft, stft
from sori.spectral.tempogram import beat_spectrum, fourier_tempogram, onset_strength, tempogram
from sori.spectral.tonnetz import tonnetz

__all__ = [
    "AmplitudeToDb",
    "BarkSpectrogram",
    "BeatSpectrum",
    "Cens",
    "ChromaCqt",
    "ChromaFold",
    "ChromaStft",
    "Compressed",
    "Cqt",
    "CqtMagnitude",
    "CrossSimilarity",
    "DbToAmplitude",
    "DbToPower",
    "Dct",
    "Delta",
    "ErbSpectrogram",
    "ExchangePhase",
    "Expanded",
    "FourierTempogram",
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
    "OnsetStrength",
    "Pcen",
    "Phase",
    "PhaseVocoder",
    "PitchShift",
    "Power",
    "PowerToDb",
    "RegressionDelta",
    "Rms",
    "RmsFromSpectrogram",
    "ScaledFrames",
    "SelfSimilarity",
    "SoftMask",
    "SpectralBandwidth",
    "SpectralCentroid",
    "SpectralContrast",
    "SpectralFlatness",
    "SpectralFlux",
    "SpectralRolloff",
    "StackMemory",
    "Standardize",
    "Stft",
    "Tempogram",
    "TimeStretch",
    "ToRange",
    "Tonnetz",
    "Unlifter",
    "Unstandardize",
    "Unwrap",
    "Vqt",
    "ZeroCrossingRate",
]


class BarkSpectrogram(Transform, of=bark_spectrogram): ...


class ErbSpectrogram(Transform, of=erb_spectrogram): ...


class Dct(Transform, of=dct, takes="mel"): ...


class Idct(Transform, of=idct, takes="mel"): ...


class Lifter(Transform, of=lifter, takes="mel"): ...


class Mfcc(Transform, of=mfcc): ...


class MfccFromLogMel(Transform, of=mfcc_from_log_mel, takes="mel"): ...


class Unlifter(Transform, of=unlifter, takes="mel"): ...


class Cens(Transform, of=cens, takes="chroma"): ...


class ChromaCqt(Transform, of=chroma_cqt): ...


class ChromaFold(Transform, of=chroma_fold, takes="cqt_magnitude"): ...


class ChromaStft(Transform, of=chroma_stft): ...


class ScaledFrames(Transform, of=scaled_frames, takes="mel"): ...


class Cqt(Transform, of=cqt): ...


class CqtMagnitude(Transform, of=cqt_magnitude): ...


class Icqt(Transform, of=icqt, takes="cqt"): ...


class Ivqt(Transform, of=ivqt, takes="cqt"): ...


class Vqt(Transform, of=vqt): ...


class AmplitudeToDb(Transform, of=amplitude_to_db): ...


class DbToAmplitude(Transform, of=db_to_amplitude, takes="mel"): ...


class DbToPower(Transform, of=db_to_power, takes="mel"): ...


class PowerToDb(Transform, of=power_to_db): ...


class Delta(Transform, of=delta, takes="mel"): ...


class RegressionDelta(Transform, of=regression_delta, takes="mel"): ...


class SpectralBandwidth(Transform, of=spectral_bandwidth): ...


class SpectralCentroid(Transform, of=spectral_centroid): ...


class SpectralContrast(Transform, of=spectral_contrast): ...


class SpectralFlatness(Transform, of=spectral_flatness): ...


class SpectralRolloff(Transform, of=spectral_rolloff): ...


class ExchangePhase(Transform, of=exchange_phase, takes="wave"): ...


class SpectralFlux(Transform, of=spectral_flux): ...


class Rms(Transform, of=rms): ...


class RmsFromSpectrogram(Transform, of=rms_from_spectrogram): ...


class ZeroCrossingRate(Transform, of=zero_crossing_rate): ...


class FromGansynthRepresentation(Transform, of=from_gansynth_representation, takes="gansynth"): ...


class GansynthRepresentation(Transform, of=gansynth_representation): ...


class GriffinLim(Transform, of=griffin_lim): ...


class InstantaneousFrequency(Transform, of=instantaneous_frequency, takes="complex"): ...


class Unwrap(Transform, of=unwrap, takes="mel"): ...


class MelToAudio(Transform, of=mel_to_audio, takes="mel"): ...


class MelToMagnitude(Transform, of=mel_to_magnitude, takes="mel"): ...


class MelToStftPower(Transform, of=mel_to_stft_power, takes="mel"): ...


class MfccToAudio(Transform, of=mfcc_to_audio, takes="mfcc"): ...


class MfccToMel(Transform, of=mfcc_to_mel, takes="mfcc"): ...


class Compressed(Transform, of=compressed, takes="mel"): ...


class Expanded(Transform, of=expanded, takes="mel"): ...


class LogMelSpectrogram(Transform, of=log_mel_spectrogram): ...


class FromPolar(Transform, of=from_polar, takes="magnitude"): ...


class Magnitude(Transform, of=magnitude, takes="complex"): ...


class Phase(Transform, of=phase, takes="complex"): ...


class Power(Transform, of=power, takes="complex"): ...


class MelSpectrogram(Transform, of=mel_spectrogram): ...


class Pcen(Transform, of=pcen, takes="mel"): ...


class PhaseVocoder(Transform, of=phase_vocoder, takes="complex"): ...


class PitchShift(Transform, of=pitch_shift): ...


class TimeStretch(Transform, of=time_stretch): ...


class FromRange(Transform, of=from_range, takes="mel"): ...


class Standardize(Transform, of=standardize, takes="mel"): ...


class ToRange(Transform, of=to_range, takes="mel"): ...


class Unstandardize(Transform, of=unstandardize, takes="mel"): ...


class CrossSimilarity(Transform, of=cross_similarity, takes="mel"): ...


class SelfSimilarity(Transform, of=self_similarity, takes="mel"): ...


class StackMemory(Transform, of=stack_memory, takes="mel"): ...


class Hpss(Transform, of=hpss): ...


class HpssMasks(Transform, of=hpss_masks): ...


class HpssWaveform(Transform, of=hpss_waveform): ...


class SoftMask(Transform, of=soft_mask, takes="magnitude"): ...


class HtkFbank(Transform, of=htk_fbank): ...


class HtkMfcc(Transform, of=htk_mfcc): ...


class KaldiFbank(Transform, of=kaldi_fbank): ...


class KaldiMfcc(Transform, of=kaldi_mfcc): ...


class Istft(Transform, of=istft, takes="complex"): ...


class Stft(Transform, of=stft): ...


class BeatSpectrum(Transform, of=beat_spectrum, takes="mel"): ...


class FourierTempogram(Transform, of=fourier_tempogram, takes="curve"): ...


class OnsetStrength(Transform, of=onset_strength): ...


class Tempogram(Transform, of=tempogram, takes="curve"): ...


class Tonnetz(Transform, of=tonnetz): ...

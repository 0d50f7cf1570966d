"""The transforms of `sori.spectral` as layers of Keras 3, on PyTorch or JAX, each named after its function.

::

    model = keras.Sequential([
        keras.Input((22050,)),
        LogMelSpectrogram(sample_rate=22050, n_mels=64),
        keras.layers.GlobalAveragePooling1D(data_format="channels_first"),
    ])
"""

from __future__ import annotations

from sori.layers.keras_transform import KerasTransform
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
from sori.spectral.scaling import from_range, to_range
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
    "Stft",
    "Tempogram",
    "TimeStretch",
    "ToRange",
    "Tonnetz",
    "Unlifter",
    "Unwrap",
    "Vqt",
    "ZeroCrossingRate",
]


class BarkSpectrogram(KerasTransform, of=bark_spectrogram): ...


class ErbSpectrogram(KerasTransform, of=erb_spectrogram): ...


class Dct(KerasTransform, of=dct, takes="mel"): ...


class Idct(KerasTransform, of=idct, takes="mel"): ...


class Lifter(KerasTransform, of=lifter, takes="mel"): ...


class Mfcc(KerasTransform, of=mfcc): ...


class MfccFromLogMel(KerasTransform, of=mfcc_from_log_mel, takes="mel"): ...


class Unlifter(KerasTransform, of=unlifter, takes="mel"): ...


class Cens(KerasTransform, of=cens, takes="chroma"): ...


class ChromaCqt(KerasTransform, of=chroma_cqt): ...


class ChromaFold(KerasTransform, of=chroma_fold, takes="cqt_magnitude"): ...


class ChromaStft(KerasTransform, of=chroma_stft): ...


class ScaledFrames(KerasTransform, of=scaled_frames, takes="mel"): ...


class Cqt(KerasTransform, of=cqt): ...


class CqtMagnitude(KerasTransform, of=cqt_magnitude): ...


class Icqt(KerasTransform, of=icqt, takes="cqt"): ...


class Ivqt(KerasTransform, of=ivqt, takes="cqt"): ...


class Vqt(KerasTransform, of=vqt): ...


class AmplitudeToDb(KerasTransform, of=amplitude_to_db): ...


class DbToAmplitude(KerasTransform, of=db_to_amplitude, takes="mel"): ...


class DbToPower(KerasTransform, of=db_to_power, takes="mel"): ...


class PowerToDb(KerasTransform, of=power_to_db): ...


class Delta(KerasTransform, of=delta, takes="mel"): ...


class RegressionDelta(KerasTransform, of=regression_delta, takes="mel"): ...


class SpectralBandwidth(KerasTransform, of=spectral_bandwidth): ...


class SpectralCentroid(KerasTransform, of=spectral_centroid): ...


class SpectralContrast(KerasTransform, of=spectral_contrast): ...


class SpectralFlatness(KerasTransform, of=spectral_flatness): ...


class SpectralRolloff(KerasTransform, of=spectral_rolloff): ...


class ExchangePhase(KerasTransform, of=exchange_phase, takes="wave"): ...


class SpectralFlux(KerasTransform, of=spectral_flux): ...


class Rms(KerasTransform, of=rms): ...


class RmsFromSpectrogram(KerasTransform, of=rms_from_spectrogram): ...


class ZeroCrossingRate(KerasTransform, of=zero_crossing_rate): ...


class FromGansynthRepresentation(KerasTransform, of=from_gansynth_representation, takes="gansynth"): ...


class GansynthRepresentation(KerasTransform, of=gansynth_representation): ...


class GriffinLim(KerasTransform, of=griffin_lim): ...


class InstantaneousFrequency(KerasTransform, of=instantaneous_frequency, takes="complex"): ...


class Unwrap(KerasTransform, of=unwrap, takes="mel"): ...


class MelToAudio(KerasTransform, of=mel_to_audio, takes="mel"): ...


class MelToMagnitude(KerasTransform, of=mel_to_magnitude, takes="mel"): ...


class MelToStftPower(KerasTransform, of=mel_to_stft_power, takes="mel"): ...


class MfccToAudio(KerasTransform, of=mfcc_to_audio, takes="mfcc"): ...


class MfccToMel(KerasTransform, of=mfcc_to_mel, takes="mfcc"): ...


class Compressed(KerasTransform, of=compressed, takes="mel"): ...


class Expanded(KerasTransform, of=expanded, takes="mel"): ...


class LogMelSpectrogram(KerasTransform, of=log_mel_spectrogram): ...


class FromPolar(KerasTransform, of=from_polar, takes="magnitude"): ...


class Magnitude(KerasTransform, of=magnitude, takes="complex"): ...


class Phase(KerasTransform, of=phase, takes="complex"): ...


class Power(KerasTransform, of=power, takes="complex"): ...


class MelSpectrogram(KerasTransform, of=mel_spectrogram): ...


class Pcen(KerasTransform, of=pcen, takes="mel"): ...


class PhaseVocoder(KerasTransform, of=phase_vocoder, takes="complex"): ...


class PitchShift(KerasTransform, of=pitch_shift): ...


class TimeStretch(KerasTransform, of=time_stretch): ...


class FromRange(KerasTransform, of=from_range, takes="mel"): ...


class ToRange(KerasTransform, of=to_range, takes="mel"): ...


class CrossSimilarity(KerasTransform, of=cross_similarity, takes="mel"): ...


class SelfSimilarity(KerasTransform, of=self_similarity, takes="mel"): ...


class StackMemory(KerasTransform, of=stack_memory, takes="mel"): ...


class Hpss(KerasTransform, of=hpss): ...


class HpssMasks(KerasTransform, of=hpss_masks): ...


class HpssWaveform(KerasTransform, of=hpss_waveform): ...


class SoftMask(KerasTransform, of=soft_mask, takes="magnitude"): ...


class HtkFbank(KerasTransform, of=htk_fbank): ...


class HtkMfcc(KerasTransform, of=htk_mfcc): ...


class KaldiFbank(KerasTransform, of=kaldi_fbank): ...


class KaldiMfcc(KerasTransform, of=kaldi_mfcc): ...


class Istft(KerasTransform, of=istft, takes="complex"): ...


class Stft(KerasTransform, of=stft): ...


class BeatSpectrum(KerasTransform, of=beat_spectrum, takes="mel"): ...


class FourierTempogram(KerasTransform, of=fourier_tempogram, takes="curve"): ...


class OnsetStrength(KerasTransform, of=onset_strength): ...


class Tempogram(KerasTransform, of=tempogram, takes="curve"): ...


class Tonnetz(KerasTransform, of=tonnetz): ...

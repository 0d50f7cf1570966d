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
    "Stft",
    "TimeStretch",
    "ToRange",
    "Tonnetz",
    "Unlifter",
    "Unwrap",
    "Vqt",
    "ZeroCrossingRate",
]


class BarkSpectrogram(KerasTransform, of=auditory.bark_spectrogram): ...


class ErbSpectrogram(KerasTransform, of=auditory.erb_spectrogram): ...


class Dct(KerasTransform, of=cepstrum.dct, takes="mel"): ...


class Idct(KerasTransform, of=cepstrum.idct, takes="mel"): ...


class Lifter(KerasTransform, of=cepstrum.lifter, takes="mel"): ...


class Mfcc(KerasTransform, of=cepstrum.mfcc): ...


class MfccFromLogMel(KerasTransform, of=cepstrum.mfcc_from_log_mel, takes="mel"): ...


class Unlifter(KerasTransform, of=cepstrum.unlifter, takes="mel"): ...


class Cens(KerasTransform, of=chroma.cens, takes="chroma"): ...


class ChromaCqt(KerasTransform, of=chroma.chroma_cqt): ...


class ChromaFold(KerasTransform, of=chroma.chroma_fold, takes="cqt_magnitude"): ...


class ChromaStft(KerasTransform, of=chroma.chroma_stft): ...


class ScaledFrames(KerasTransform, of=chroma.scaled_frames, takes="mel"): ...


class Cqt(KerasTransform, of=constant_q.cqt): ...


class CqtMagnitude(KerasTransform, of=constant_q.cqt_magnitude): ...


class Icqt(KerasTransform, of=constant_q.icqt, takes="cqt"): ...


class Ivqt(KerasTransform, of=constant_q.ivqt, takes="cqt"): ...


class Vqt(KerasTransform, of=constant_q.vqt): ...


class AmplitudeToDb(KerasTransform, of=decibels.amplitude_to_db): ...


class DbToAmplitude(KerasTransform, of=decibels.db_to_amplitude, takes="mel"): ...


class DbToPower(KerasTransform, of=decibels.db_to_power, takes="mel"): ...


class PowerToDb(KerasTransform, of=decibels.power_to_db): ...


class Delta(KerasTransform, of=delta.delta, takes="mel"): ...


class RegressionDelta(KerasTransform, of=delta.regression_delta, takes="mel"): ...


class SpectralBandwidth(KerasTransform, of=descriptors.spectral_bandwidth): ...


class SpectralCentroid(KerasTransform, of=descriptors.spectral_centroid): ...


class SpectralContrast(KerasTransform, of=descriptors.spectral_contrast): ...


class SpectralFlatness(KerasTransform, of=descriptors.spectral_flatness): ...


class SpectralRolloff(KerasTransform, of=descriptors.spectral_rolloff): ...


class ExchangePhase(KerasTransform, of=exchange.exchange_phase, takes="wave"): ...


class SpectralFlux(KerasTransform, of=flux.spectral_flux): ...


class Rms(KerasTransform, of=frame_level.rms): ...


class RmsFromSpectrogram(KerasTransform, of=frame_level.rms_from_spectrogram): ...


class ZeroCrossingRate(KerasTransform, of=frame_level.zero_crossing_rate): ...


class FromGansynthRepresentation(
    KerasTransform,
    of=gansynth.from_gansynth_representation,
    takes="gansynth",
): ...


class GansynthRepresentation(KerasTransform, of=gansynth.gansynth_representation): ...


class GriffinLim(KerasTransform, of=griffin_lim.griffin_lim): ...


class InstantaneousFrequency(KerasTransform, of=instantaneous.instantaneous_frequency, takes="complex"): ...


class Unwrap(KerasTransform, of=instantaneous.unwrap, takes="mel"): ...


class MelToAudio(KerasTransform, of=inversion.mel_to_audio, takes="mel"): ...


class MelToMagnitude(KerasTransform, of=inversion.mel_to_magnitude, takes="mel"): ...


class MelToStftPower(KerasTransform, of=inversion.mel_to_stft_power, takes="mel"): ...


class MfccToAudio(KerasTransform, of=inversion.mfcc_to_audio, takes="mfcc"): ...


class MfccToMel(KerasTransform, of=inversion.mfcc_to_mel, takes="mfcc"): ...


class Compressed(KerasTransform, of=log_mel.compressed, takes="mel"): ...


class Expanded(KerasTransform, of=log_mel.expanded, takes="mel"): ...


class LogMelSpectrogram(KerasTransform, of=log_mel.log_mel_spectrogram): ...


class FromPolar(KerasTransform, of=magnitude.from_polar, takes="magnitude"): ...


class Magnitude(KerasTransform, of=magnitude.magnitude, takes="complex"): ...


class Phase(KerasTransform, of=magnitude.phase, takes="complex"): ...


class Power(KerasTransform, of=magnitude.power, takes="complex"): ...


class MelSpectrogram(KerasTransform, of=mel.mel_spectrogram): ...


class PhaseVocoder(KerasTransform, of=phase_vocoder.phase_vocoder, takes="complex"): ...


class TimeStretch(KerasTransform, of=phase_vocoder.time_stretch): ...


class FromRange(KerasTransform, of=scaling.from_range, takes="mel"): ...


class ToRange(KerasTransform, of=scaling.to_range, takes="mel"): ...


class Hpss(KerasTransform, of=separation.hpss): ...


class HpssMasks(KerasTransform, of=separation.hpss_masks): ...


class HpssWaveform(KerasTransform, of=separation.hpss_waveform): ...


class SoftMask(KerasTransform, of=separation.soft_mask, takes="magnitude"): ...


class HtkFbank(KerasTransform, of=speech.htk_fbank): ...


class HtkMfcc(KerasTransform, of=speech.htk_mfcc): ...


class KaldiFbank(KerasTransform, of=speech.kaldi_fbank): ...


class KaldiMfcc(KerasTransform, of=speech.kaldi_mfcc): ...


class Istft(KerasTransform, of=stft.istft, takes="complex"): ...


class Stft(KerasTransform, of=stft.stft): ...


class Tonnetz(KerasTransform, of=tonnetz.tonnetz): ...

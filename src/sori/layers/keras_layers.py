"""The transforms as layers of Keras 3, on PyTorch or JAX, each named after its function.

::

    model = keras.Sequential([
        keras.Input((22050,)),
        LogMelSpectrogram(sample_rate=22050, n_mels=64),
        keras.layers.GlobalAveragePooling1D(data_format="channels_first"),
    ])
"""

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


class BarkSpectrogram(KerasTransform, of=auditory.bark_spectrogram): ...


class ErbSpectrogram(KerasTransform, of=auditory.erb_spectrogram): ...


class Dct(KerasTransform, of=cepstrum.dct, takes="mel"): ...


class Idct(KerasTransform, of=cepstrum.idct, takes="mel"): ...


class Lifter(KerasTransform, of=cepstrum.lifter, takes="mel"): ...


class Mfcc(KerasTransform, of=cepstrum.mfcc): ...


class MfccFromLogMel(KerasTransform, of=cepstrum.mfcc_from_log_mel, takes="mel"): ...


class Unlifter(KerasTransform, of=cepstrum.unlifter, takes="mel"): ...


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
    KerasTransform, of=gansynth.from_gansynth_representation, takes="gansynth"
): ...


class GansynthRepresentation(KerasTransform, of=gansynth.gansynth_representation): ...


class GriffinLim(KerasTransform, of=griffin_lim.griffin_lim): ...


class InstantaneousFrequency(KerasTransform, of=instantaneous.instantaneous_frequency, takes="complex"): ...


class Unwrap(KerasTransform, of=instantaneous.unwrap, takes="mel"): ...


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

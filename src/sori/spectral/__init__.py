"""From signal to time and frequency, and back. Names are given here; each group is a file of that name.

::

    stft               istft stft
    windows            window
    magnitude          from_polar magnitude phase power
    decibels           amplitude_to_db db_to_amplitude db_to_power power_to_db
    mel                mel_centres_hz mel_filterbank mel_spectrogram
    log_mel            log_mel_spectrogram
    auditory           bark_filterbank bark_spectrogram erb_filterbank erb_spectrogram
    cepstrum           dct idct lifter mfcc mfcc_from_log_mel unlifter
    delta              delta regression_delta
    speech             htk_fbank htk_mfcc kaldi_fbank kaldi_mfcc
    constant_q         cqt cqt_magnitude icqt ivqt vqt
    chroma             cens chroma_cqt chroma_filterbank chroma_fold chroma_stft
    tonnetz            tonnetz
    descriptors        spectral_bandwidth spectral_centroid spectral_contrast spectral_flatness
                       spectral_rolloff
    flux               spectral_flux
    frame_level        rms rms_from_spectrogram zero_crossing_rate
    pcen               pcen
    separation         hpss hpss_masks hpss_waveform soft_mask
    tempogram          beat_spectrum fourier_tempo_frequencies fourier_tempogram onset_strength
                       tempo_frequencies tempogram
    self_similarity    cross_similarity lag_matrix recurrence self_similarity stack_memory
    most_repeated      most_repeated most_repeated_excerpt
    phase_vocoder      phase_vocoder pitch_shift time_stretch
    instantaneous      instantaneous_frequency unwrap
    gansynth           from_gansynth_representation gansynth_representation
    griffin_lim        griffin_lim
    inversion          mel_to_audio mel_to_magnitude mel_to_stft_power mfcc_to_audio mfcc_to_mel
    exchange           exchange_phase
    scaling            BandStatistics from_range standardize to_range unstandardize
    streaming          in_blocks signal_blocks
"""

from __future__ import annotations

from sori.spectral.auditory import bark_filterbank, bark_spectrogram, erb_filterbank, erb_spectrogram
from sori.spectral.cepstrum import dct, idct, lifter, mfcc, mfcc_from_log_mel, unlifter
from sori.spectral.chroma import cens, chroma_cqt, chroma_filterbank, chroma_fold, chroma_stft
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
from sori.spectral.log_mel import log_mel_spectrogram
from sori.spectral.magnitude import from_polar, magnitude, phase, power
from sori.spectral.mel import mel_centres_hz, mel_filterbank, mel_spectrogram
from sori.spectral.most_repeated import most_repeated, most_repeated_excerpt
from sori.spectral.pcen import pcen
from sori.spectral.phase_vocoder import phase_vocoder, pitch_shift, time_stretch
from sori.spectral.scaling import BandStatistics, from_range, standardize, to_range, unstandardize
from sori.spectral.self_similarity import (
    cross_similarity,
    lag_matrix,
    recurrence,
    self_similarity,
    stack_memory,
)
from sori.spectral.separation import hpss, hpss_masks, hpss_waveform, soft_mask
from sori.spectral.speech import htk_fbank, htk_mfcc, kaldi_fbank, kaldi_mfcc
from sori.spectral.stft import istft, stft
from sori.spectral.streaming import in_blocks, signal_blocks
from sori.spectral.tempogram import (
    beat_spectrum,
    fourier_tempo_frequencies,
    fourier_tempogram,
    onset_strength,
    tempo_frequencies,
    tempogram,
)
from sori.spectral.tonnetz import tonnetz
from sori.spectral.windows import window

__all__ = [
    "BandStatistics",
    "amplitude_to_db",
    "bark_filterbank",
    "bark_spectrogram",
    "beat_spectrum",
    "cens",
    "chroma_cqt",
    "chroma_filterbank",
    "chroma_fold",
    "chroma_stft",
    "cqt",
    "cqt_magnitude",
    "cross_similarity",
    "db_to_amplitude",
    "db_to_power",
    "dct",
    "delta",
    "erb_filterbank",
    "erb_spectrogram",
    "exchange_phase",
    "fourier_tempo_frequencies",
    "fourier_tempogram",
    "from_gansynth_representation",
    "from_polar",
    "from_range",
    "gansynth_representation",
    "griffin_lim",
    "hpss",
    "hpss_masks",
    "hpss_waveform",
    "htk_fbank",
    "htk_mfcc",
    "icqt",
    "idct",
    "in_blocks",
    "instantaneous_frequency",
    "istft",
    "ivqt",
    "kaldi_fbank",
    "kaldi_mfcc",
    "lag_matrix",
    "lifter",
    "log_mel_spectrogram",
    "magnitude",
    "mel_centres_hz",
    "mel_filterbank",
    "mel_spectrogram",
    "mel_to_audio",
    "mel_to_magnitude",
    "mel_to_stft_power",
    "mfcc",
    "mfcc_from_log_mel",
    "mfcc_to_audio",
    "mfcc_to_mel",
    "most_repeated",
    "most_repeated_excerpt",
    "onset_strength",
    "pcen",
    "phase",
    "phase_vocoder",
    "pitch_shift",
    "power",
    "power_to_db",
    "recurrence",
    "regression_delta",
    "rms",
    "rms_from_spectrogram",
    "self_similarity",
    "signal_blocks",
    "soft_mask",
    "spectral_bandwidth",
    "spectral_centroid",
    "spectral_contrast",
    "spectral_flatness",
    "spectral_flux",
    "spectral_rolloff",
    "stack_memory",
    "standardize",
    "stft",
    "tempo_frequencies",
    "tempogram",
    "time_stretch",
    "to_range",
    "tonnetz",
    "unlifter",
    "unstandardize",
    "unwrap",
    "vqt",
    "window",
    "zero_crossing_rate",
]

"""Mel spectrograms, their logarithms, cepstra, deltas and what undoes them, under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.auditory import bark_spectrogram, erb_spectrogram
from sori.spectral.cepstrum import dct, idct, lifter, mfcc, mfcc_from_log_mel, unlifter
from sori.spectral.delta import delta, regression_delta
from sori.spectral.inversion import (
    mel_to_audio,
    mel_to_magnitude,
    mel_to_stft_power,
    mfcc_to_audio,
    mfcc_to_mel,
)
from sori.spectral.log_mel import compressed, expanded, log_mel_spectrogram
from sori.spectral.mel import mel_spectrogram
from sori.spectral.speech import htk_fbank, htk_mfcc, kaldi_fbank, kaldi_mfcc

CHAOTIC = "the search for phases divides by magnitudes near 0 and carries their rounding on"

CASES = {
    "sori.spectral.auditory.bark_spectrogram": [
        Case(lambda x: bark_spectrogram(x, sample_rate=22050, exponent=1.0), "wave"),
    ],
    "sori.spectral.auditory.erb_spectrogram": [
        Case(lambda x: erb_spectrogram(x, sample_rate=22050), "wave"),
        Case(lambda x: erb_spectrogram(x, sample_rate=22050, n_fft=512, n_bands=20, norm=None), "wave"),
    ],
    "sori.spectral.mel.mel_spectrogram": [
        Case(lambda x: mel_spectrogram(x, sample_rate=22050), "wave"),
        Case(
            lambda x: mel_spectrogram(
                x, sample_rate=22050, n_fft=512, n_mels=20, scale="htk", norm=None, exponent=1.0, center=False
            ),
            "wave",
        ),
    ],
    "sori.spectral.log_mel.compressed": [
        Case(lambda S: compressed(S, ref="max", top_db=80), "mel"),
        Case(lambda S: compressed(S, compression="log", ref="max", top_db=60), "mel"),
        Case(lambda S: compressed(S, compression="log", offset=1e-6), "mel"),
        Case(lambda S: compressed(S, compression="log1p", ref=0.01), "mel"),
    ],
    "sori.spectral.log_mel.expanded": [
        Case(expanded, "level_db"),
        Case(lambda level: expanded(level, compression="log", offset=1.5), "mel"),
        Case(lambda level: expanded(level, compression="log1p", ref=0.5), "mel"),
    ],
    "sori.spectral.log_mel.log_mel_spectrogram": [
        Case(lambda x: log_mel_spectrogram(x, sample_rate=22050, top_db=80), "wave"),
        Case(lambda x: log_mel_spectrogram(x, sample_rate=22050, compression="log1p"), "wave"),
    ],
    "sori.spectral.cepstrum.dct": [
        Case(dct, "level_db"),
        Case(lambda S: dct(S, n_out=13, kind=3, norm=None, axis=-2), "mel"),
    ],
    "sori.spectral.cepstrum.idct": [Case(lambda S: idct(S, n_out=64, axis=-2), "mel")],
    "sori.spectral.cepstrum.lifter": [Case(lambda S: lifter(S, length=22), "mel")],
    "sori.spectral.cepstrum.unlifter": [Case(lambda S: unlifter(S, length=91), "mel")],
    "sori.spectral.cepstrum.mfcc": [
        Case(lambda x: mfcc(x, sample_rate=22050), "wave"),
        Case(
            lambda x: mfcc(
                x, sample_rate=22050, n_fft=512, n_mels=26, compression="log", lifter_length=22, top_db=None
            ),
            "wave",
        ),
    ],
    "sori.spectral.cepstrum.mfcc_from_log_mel": [Case(mfcc_from_log_mel, "level_db")],
    "sori.spectral.delta.delta": [
        Case(delta, "level_db"),
        Case(lambda S: delta(S, width=5, order=2, mode="reflect"), "level_db"),
    ],
    "sori.spectral.delta.regression_delta": [Case(lambda S: regression_delta(S, order=2), "level_db")],
    "sori.spectral.inversion.mel_to_stft_power": [
        Case(lambda S: mel_to_stft_power(S, sample_rate=22050, n_fft=1024), "mel"),
    ],
    "sori.spectral.inversion.mel_to_magnitude": [
        Case(lambda S: mel_to_magnitude(S, sample_rate=22050, n_fft=512, n_iter=4, scale="htk"), "mel"),
        Case(lambda S: mel_to_magnitude(S, exponent=1, sample_rate=22050, n_fft=512, n_iter=4), "mel"),
    ],
    "sori.spectral.inversion.mfcc_to_mel": [
        Case(lambda S: mfcc_to_mel(S, lifter_length=91, n_mels=64), "mel"),
        Case(lambda S: mfcc_to_mel(S, compression="log", norm_dct="htk"), "mel"),
    ],
    "sori.spectral.inversion.mel_to_audio": [
        Case(
            lambda S: mel_to_audio(S, sample_rate=22050, n_fft=512, n_iter=2),
            "mel",
            float32_tolerance=1e-2,
            note=CHAOTIC,
        ),
    ],
    "sori.spectral.inversion.mfcc_to_audio": [
        Case(
            lambda S: mfcc_to_audio(S, sample_rate=22050, n_fft=512, n_mels=64, n_iter=2),
            "mel",
            float32_tolerance=1e-2,
            note=CHAOTIC,
        ),
    ],
    "sori.spectral.speech.kaldi_fbank": [
        Case(lambda x: kaldi_fbank(x, sample_rate=22050), "wave"),
        Case(
            lambda x: kaldi_fbank(x, sample_rate=22050, snip_edges=False, energy="last", raw_energy=False),
            "wave",
        ),
        Case(lambda x: kaldi_fbank(x, sample_rate=22050, exponent=1, log=False, energy="first"), "wave"),
    ],
    "sori.spectral.speech.kaldi_mfcc": [
        Case(lambda x: kaldi_mfcc(x, sample_rate=22050), "wave"),
        Case(lambda x: kaldi_mfcc(x, sample_rate=22050, use_energy=False, preemphasis=0.0), "wave"),
    ],
    "sori.spectral.speech.htk_fbank": [Case(lambda x: htk_fbank(x, sample_rate=22050), "wave")],
    "sori.spectral.speech.htk_mfcc": [Case(lambda x: htk_mfcc(x, sample_rate=22050, last="c0"), "wave")],
}

NUMPY_ONLY = {
    "sori.spectral.auditory.bark_centres_hz": "takes numbers",
    "sori.spectral.auditory.bark_filterbank": "builds a constant",
    "sori.spectral.auditory.erb_centres_hz": "takes numbers",
    "sori.spectral.auditory.erb_filterbank": "builds a constant",
    "sori.spectral.auditory.erb_width_hz": "takes numbers",
    "sori.spectral.bands.band_energies": "a step of transforms that have checked",
    "sori.spectral.bands.band_limits": "takes numbers",
    "sori.spectral.bands.raised": "a step of transforms that have checked",
    "sori.spectral.bands.triangles": "builds a constant",
    "sori.spectral.cepstrum.cosines": "builds a constant",
    "sori.spectral.cepstrum.lifter_weights": "builds a constant",
    "sori.spectral.delta.delta_weights": "builds a constant",
    "sori.spectral.inversion.MelBands": "names options",
    "sori.spectral.inversion.MelSound": "names options",
    "sori.spectral.log_mel.LogMelOptions": "names options",
    "sori.spectral.log_mel.MelOptions": "names options",
    "sori.spectral.mel.mel_centres_hz": "builds a constant",
    "sori.spectral.mel.mel_filterbank": "builds a constant",
    "sori.spectral.speech.SpeechFrames": "names options",
    "sori.spectral.speech.speech_filterbank": "builds a constant",
}

"""The calls of other libraries, in their own environment; each library is imported when first called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

N_FFT, HOP = 2048, 512


def calls(y: np.ndarray, sr: int) -> dict[str, Callable[[], Any]]:
    """Return every call by ``library:transform``."""
    return {**librosa_calls(y, sr), **torch_calls(y, sr), **other_calls(y, sr)}


def librosa_calls(y: np.ndarray, sr: int) -> dict[str, Callable[[], Any]]:
    """Return librosa's, with its defaults unless the two libraries' defaults differ."""
    import librosa as lib

    S = lib.stft(y)
    magnitude = np.abs(S)
    mel = lib.feature.melspectrogram(y=y, sr=sr)
    onsets = lib.onset.onset_strength(y=y, sr=sr)
    features = lib.feature
    found: dict[str, Callable[[], Any]] = {
        "stft": lambda: lib.stft(y),
        "istft": lambda: lib.istft(S, length=len(y)),
        "mel_spectrogram": lambda: features.melspectrogram(y=y, sr=sr),
        "log_mel_spectrogram": lambda: lib.power_to_db(features.melspectrogram(y=y, sr=sr)),
        "mfcc": lambda: features.mfcc(y=y, sr=sr),
        "delta": lambda: features.delta(mel),
        "cqt": lambda: lib.cqt(y, sr=sr),
        "vqt": lambda: lib.vqt(y, sr=sr),
        "chroma_stft": lambda: features.chroma_stft(y=y, sr=sr, tuning=0.0),
        "chroma_cqt": lambda: features.chroma_cqt(y=y, sr=sr, tuning=0.0),
        "cens": lambda: features.chroma_cens(y=y, sr=sr, tuning=0.0),
        "centroid": lambda: features.spectral_centroid(S=magnitude, sr=sr),
        "bandwidth": lambda: features.spectral_bandwidth(S=magnitude, sr=sr),
        "contrast": lambda: features.spectral_contrast(S=magnitude, sr=sr),
        "flatness": lambda: features.spectral_flatness(S=magnitude),
        "rolloff": lambda: features.spectral_rolloff(S=magnitude, sr=sr),
        "zero_crossing_rate": lambda: features.zero_crossing_rate(y),
        "rms": lambda: features.rms(y=y, pad_mode="constant"),
        "pcen": lambda: lib.pcen(mel * 2**31, sr=sr),
        "hpss": lambda: lib.decompose.hpss(S),
        "hpss_waveform": lambda: lib.effects.hpss(y),
        "tempogram": lambda: features.tempogram(onset_envelope=onsets, sr=sr),
        "fourier_tempogram": lambda: features.fourier_tempogram(onset_envelope=onsets, sr=sr),
        "griffin_lim": lambda: lib.griffinlim(magnitude, n_iter=8, random_state=0),
        "phase_vocoder": lambda: lib.phase_vocoder(S, rate=1.25),
        "time_stretch": lambda: lib.effects.time_stretch(y, rate=1.25),
        "pitch_shift": lambda: lib.effects.pitch_shift(y, sr=sr, n_steps=2),
        "resample": lambda: lib.resample(y, orig_sr=sr, target_sr=16000),
        "preemphasis": lambda: lib.effects.preemphasis(y),
    }
    return {f"librosa:{name}": call for name, call in found.items()}


def torch_calls(y: np.ndarray, sr: int) -> dict[str, Callable[[], Any]]:
    """Return torchaudio's transforms, made once as a model makes them, and torch's own."""
    import torch
    import torchaudio

    torch.set_num_threads(1)
    x = torch.from_numpy(y)
    t, f = torchaudio.transforms, torchaudio.functional
    window = torch.hann_window(N_FFT)
    mel_options: dict[str, Any] = {"n_fft": N_FFT, "hop_length": HOP, "n_mels": 128}
    mel = t.MelSpectrogram(sr, **mel_options, norm="slaney", mel_scale="slaney", pad_mode="constant")
    to_db = t.AmplitudeToDB("power", 80.0)
    mfcc = t.MFCC(sr, n_mfcc=20, melkwargs=mel_options)
    spectrum = torch.stft(x, N_FFT, HOP, window=window, pad_mode="constant", return_complex=True)
    inverse = t.GriffinLim(N_FFT, n_iter=8, hop_length=HOP, power=1.0)
    advance = torch.linspace(0, torch.pi * HOP, N_FFT // 2 + 1)[..., None]
    to_16k = t.Resample(sr, 16000)
    found: dict[str, Callable[[], Any]] = {
        "stft": lambda: torch.stft(x, N_FFT, HOP, window=window, pad_mode="constant", return_complex=True),
        "istft": lambda: torch.istft(spectrum, N_FFT, HOP, window=window, length=len(x)),
        "mel_spectrogram": lambda: mel(x),
        "log_mel_spectrogram": lambda: to_db(mel(x)),
        "mfcc": lambda: mfcc(x),
        "griffin_lim": lambda: inverse(spectrum.abs()),
        "phase_vocoder": lambda: f.phase_vocoder(spectrum, 1.25, advance),
        "resample": lambda: to_16k(x),
    }
    return {f"torchaudio:{name}": call for name, call in found.items()}


def other_calls(y: np.ndarray, sr: int) -> dict[str, Callable[[], Any]]:
    """Return those of libraries that do one thing."""
    import kaldi_native_fbank as kaldi
    import pyloudnorm
    from scipy import signal

    sections = signal.butter(4, 1000, fs=sr, output="sos")
    meter = pyloudnorm.Meter(sr)

    def features(online: type, options: Any) -> np.ndarray:
        options.frame_opts.samp_freq, options.frame_opts.dither = sr, 0
        computer = online(options)
        computer.accept_waveform(sr, (y * 32768).tolist())
        computer.input_finished()
        return np.stack([computer.get_frame(i) for i in range(computer.num_frames_ready)], axis=-1)

    return {
        "kaldi:fbank": lambda: features(kaldi.OnlineFbank, kaldi.FbankOptions()),
        "kaldi:mfcc": lambda: features(kaldi.OnlineMfcc, kaldi.MfccOptions()),
        "pyloudnorm:loudness": lambda: meter.integrated_loudness(y),
        "scipy:filter": lambda: signal.sosfilt(sections, y),
    }

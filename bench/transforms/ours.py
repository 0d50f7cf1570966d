"""Our calls, and the floor of each; NumPy's by ``numpy:transform``, PyTorch's by ``torch:transform``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench.transforms.floor import Floor

N_FFT, HOP = 2048, 512
Calls = dict[str, Callable[[], Any]]


def calls(y: np.ndarray, sr: int) -> Calls:
    """Return every call, and every floor."""
    import torch

    torch.set_num_threads(1)
    found = {f"numpy:{name}": call for name, call in transforms(y, sr).items()}
    found |= {f"torch:{name}": call for name, call in transforms(torch.from_numpy(y), sr).items()}
    return found | {f"floor:{name}": floor for name, floor in floors(y).items()}


def transforms(y: Any, sr: int) -> Calls:
    """Return our transforms of an array of any library."""
    return {**spectrograms(y, sr), **descriptions(y, sr), **changes(y, sr)}


def spectrograms(y: Any, sr: int) -> Calls:
    """Return what makes a spectrogram of a signal, and back."""
    from sori import spectral

    S = spectral.stft(y)
    return {
        "stft": lambda: spectral.stft(y),
        "istft": lambda: spectral.istft(S, length=len(y)),
        "mel_spectrogram": lambda: spectral.mel_spectrogram(y, sample_rate=sr),
        "mel_spectrogram, HTK": lambda: spectral.mel_spectrogram(y, sample_rate=sr, **TORCHAUDIO_MEL),
        "log_mel_spectrogram": lambda: spectral.log_mel_spectrogram(y, sample_rate=sr, top_db=80),
        "mfcc": lambda: spectral.mfcc(y, sample_rate=sr),
        "mfcc, HTK": lambda: spectral.mfcc(y, sample_rate=sr, **TORCHAUDIO_MEL),
        "kaldi_fbank": lambda: spectral.kaldi_fbank(y, sample_rate=sr),
        "kaldi_mfcc": lambda: spectral.kaldi_mfcc(y, sample_rate=sr),
        "cqt": lambda: spectral.cqt(y, sample_rate=sr),
        "vqt": lambda: spectral.vqt(y, sample_rate=sr),
        "chroma_stft": lambda: spectral.chroma_stft(y, sample_rate=sr),
        "chroma_cqt": lambda: spectral.chroma_cqt(y, sample_rate=sr),
        "cens": lambda: spectral.cens(spectral.chroma_cqt(y, sample_rate=sr, norm=None)),
    }


TORCHAUDIO_MEL: dict[str, Any] = {"scale": "htk", "norm": None, "pad_mode": "reflect"}


def descriptions(y: Any, sr: int) -> Calls:
    """Return what is read off a spectrogram."""
    from sori import spectral

    S = spectral.stft(y)
    magnitude = spectral.magnitude(S)
    mel = spectral.mel_spectrogram(y, sample_rate=sr)
    onsets = spectral.onset_strength(y, sample_rate=sr)
    return {
        "delta": lambda: spectral.delta(mel),
        "centroid": lambda: spectral.spectral_centroid(magnitude, sample_rate=sr),
        "bandwidth": lambda: spectral.spectral_bandwidth(magnitude, sample_rate=sr),
        "contrast": lambda: spectral.spectral_contrast(magnitude, sample_rate=sr),
        "flatness": lambda: spectral.spectral_flatness(magnitude),
        "rolloff": lambda: spectral.spectral_rolloff(magnitude, sample_rate=sr),
        "zero_crossing_rate": lambda: spectral.zero_crossing_rate(y),
        "rms": lambda: spectral.rms(y),
        "pcen": lambda: spectral.pcen(mel * 2.0**31, sample_rate=sr, hop_length=HOP, initial=1.0),
        "tempogram": lambda: spectral.tempogram(onsets),
        "fourier_tempogram": lambda: spectral.fourier_tempogram(onsets),
        "hpss": lambda: spectral.hpss(S),
        "hpss_waveform": lambda: spectral.hpss_waveform(y),
    }


def changes(y: Any, sr: int) -> Calls:
    """Return what makes a signal of a signal."""
    from sori import signal, spectral

    S = spectral.stft(y)
    magnitude = spectral.magnitude(S)
    sections = signal.butterworth_sections(sample_rate=sr, order=4, high_hz=1000)
    return {
        "griffin_lim": lambda: spectral.griffin_lim(magnitude, n_iter=8, rng=np.random.default_rng(0)),
        "phase_vocoder": lambda: spectral.phase_vocoder(S, rate=1.25),
        "time_stretch": lambda: spectral.time_stretch(y, rate=1.25),
        "pitch_shift": lambda: spectral.pitch_shift(y, semitones=2),
        "resample": lambda: signal.resample(y, orig_sr=sr, target_sr=16000),
        "resample, sinc": lambda: signal.resample(y, orig_sr=sr, target_sr=16000, method="sinc"),
        "filter": lambda: signal.filter_sections(y, sections),
        "loudness": lambda: signal.integrated_lufs(y, sample_rate=sr),
        "preemphasis": lambda: signal.preemphasis(y),
    }


def floors(y: np.ndarray) -> dict[str, Floor]:
    """Return what each cannot do without; where no transform is needed, reading and writing alone."""
    frames, bins = 1 + len(y) // HOP, N_FFT // 2 + 1
    speech = len(y) // 220  # 10 ms
    spectrum = np.zeros(2 * bins * frames, np.float32)
    magnitude = np.zeros(bins * frames, np.float32)
    mel = np.zeros(128 * frames, np.float32)

    def framed(rows: int, given: np.ndarray = y, times: int = 1) -> Floor:
        return Floor(given, frames=times * frames, n_fft=N_FFT, out_bytes=4 * rows * frames)

    def moved(given: np.ndarray, values: int) -> Floor:
        return Floor(given, out_bytes=4 * values)

    n = len(y)
    return {
        "stft": framed(2 * bins),
        "istft": Floor(spectrum, frames=frames, n_fft=N_FFT, out_bytes=4 * n),
        **dict.fromkeys(("mel_spectrogram", "mel_spectrogram, HTK", "log_mel_spectrogram"), framed(128)),
        **dict.fromkeys(("mfcc", "mfcc, HTK"), framed(20)),
        **dict.fromkeys(
            ("kaldi_fbank", "kaldi_mfcc"), Floor(y, frames=speech, n_fft=1024, out_bytes=92 * speech)
        ),
        # Constant Q needs no more than one transform of the whole.
        **dict.fromkeys(("cqt", "vqt"), Floor(y, frames=1, n_fft=n, out_bytes=8 * 84 * frames)),
        **dict.fromkeys(("chroma_cqt", "cens"), Floor(y, frames=1, n_fft=n, out_bytes=48 * frames)),
        "chroma_stft": framed(12),
        "delta": moved(mel, len(mel)),
        **dict.fromkeys(("centroid", "bandwidth", "flatness", "rolloff"), moved(magnitude, frames)),
        "contrast": moved(magnitude, 7 * frames),
        **dict.fromkeys(("zero_crossing_rate", "rms"), moved(y, frames)),
        "pcen": moved(mel, len(mel)),
        **dict.fromkeys(
            ("tempogram", "fourier_tempogram"),
            Floor(y[:frames], frames=frames, n_fft=768, out_bytes=1536 * frames),
        ),
        "hpss": moved(spectrum, 2 * len(spectrum)),
        "hpss_waveform": Floor(y, frames=3 * frames, n_fft=N_FFT, out_bytes=8 * n),
        "griffin_lim": Floor(magnitude, frames=17 * frames, n_fft=N_FFT, out_bytes=4 * n),
        "phase_vocoder": moved(spectrum, int(len(spectrum) / 1.25)),
        **dict.fromkeys(("time_stretch", "pitch_shift"), framed(HOP, times=2)),
        **dict.fromkeys(("resample", "resample, sinc"), moved(y, 16000 * 30)),
        **dict.fromkeys(("filter", "preemphasis"), moved(y, n)),
        "loudness": moved(y, 1),
    }

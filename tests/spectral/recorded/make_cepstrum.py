"""Write what librosa and torchaudio make of `sound`: ``python make_cepstrum.py`` where they are installed.

librosa 0.11.0, torchaudio 2.11.0. Every 7th frame is kept, which is all that the tests compare.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
EVERY = 7


def sound(sample_rate: int, *, seconds: float = 1.0) -> NDArray[np.float32]:
    """Return tones, a sweep, clicks and a rough noise, by formula, so that any machine makes the same."""
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    tones = 0.3 * np.sin(2 * np.pi * 220 * t) + 0.2 * np.sin(2 * np.pi * 1234.5 * t + 1)
    sweep = 0.2 * np.sin(2 * np.pi * (100 + 2000 * t) * t)
    clicks = 0.5 * np.exp(-((t * 8 % 1) * 60)) * np.sin(2 * np.pi * 3000 * t)
    noise = np.modf(1e4 * np.sin(12.9898 * np.arange(len(t))))[0]
    return ((tones + sweep + clicks + 0.05 * noise) * (0.2 + 0.8 * t)).astype(np.float32)


def of_librosa() -> dict[str, NDArray[np.float32]]:
    import librosa

    x = sound(22050)
    mel, feature = librosa.feature.melspectrogram, librosa.feature
    cepstra = feature.mfcc(y=x, sr=22050)
    return {
        "librosa_mel": mel(y=x, sr=22050),
        "librosa_mel_htk": mel(y=x, sr=22050, htk=True, norm=None, n_mels=40, fmin=20, fmax=8000, power=1),
        "librosa_mel_odd": mel(y=x, sr=22050, n_fft=1024, win_length=800, hop_length=200, center=False),
        "librosa_db_max": librosa.power_to_db(mel(y=x, sr=22050), ref=np.max),
        "librosa_mfcc": cepstra,
        "librosa_mfcc_htk": feature.mfcc(y=x, sr=22050, n_mfcc=13, htk=True, lifter=22),
        "librosa_mfcc_3": feature.mfcc(y=x, sr=22050, dct_type=3),
        "librosa_mfcc_plain": feature.mfcc(y=x, sr=22050, norm=None),
        "librosa_delta": feature.delta(cepstra),
        "librosa_delta_2": feature.delta(cepstra, order=2, width=11),
        "librosa_delta_nearest": feature.delta(cepstra, mode="nearest"),
    }


def of_torchaudio() -> dict[str, NDArray[np.float32]]:
    import torch
    from torchaudio import functional, transforms

    x = torch.from_numpy(sound(16000))
    few = {"n_fft": 512, "hop_length": 160, "n_mels": 64}
    made = {
        "torchaudio_mel": transforms.MelSpectrogram(n_mels=80)(x),
        "torchaudio_mel_slaney": transforms.MelSpectrogram(norm="slaney", mel_scale="slaney", **few)(x),
        "torchaudio_mfcc": transforms.MFCC(melkwargs=few)(x),
        "torchaudio_mfcc_log": transforms.MFCC(log_mels=True, melkwargs=few)(x),
        "torchaudio_deltas": functional.compute_deltas(transforms.MFCC(melkwargs=few)(x)),
    }
    return {name: value.numpy() for name, value in made.items()}


if __name__ == "__main__":
    kept = {name: value[:, ::EVERY] for name, value in (of_librosa() | of_torchaudio()).items()}
    np.savez_compressed(HERE / "cepstrum.npz", **kept)

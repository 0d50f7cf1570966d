"""Our calls, and the floor of each; NumPy's by ``numpy:transform``, PyTorch's by ``torch:transform``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bench.transforms.floor import Floor

N_FFT, HOP = 2048, 512


def calls(y: np.ndarray, sr: int) -> dict[str, Callable[[], Any]]:
    """Return every call, and every floor."""
    import torch

    torch.set_num_threads(1)
    x = torch.from_numpy(y)
    found = {f"numpy:{name}": call for name, call in transforms(y, sr).items()}
    found |= {f"torch:{name}": call for name, call in transforms(x, sr).items()}
    return found | {f"floor:{name}": floor for name, floor in floors(y).items()}


def transforms(y: Any, sr: int) -> dict[str, Callable[[], Any]]:
    """Return our transforms of an array of any library."""
    from sori.spectral.decibels import power_to_db
    from sori.spectral.mel import mel_spectrogram
    from sori.spectral.stft import istft, stft

    S = stft(y)
    return {
        "stft": lambda: stft(y),
        "istft": lambda: istft(S, length=len(y)),
        "mel_spectrogram": lambda: mel_spectrogram(y, sample_rate=sr),
        "log_mel_spectrogram": lambda: power_to_db(mel_spectrogram(y, sample_rate=sr), top_db=80),
    }


def floors(y: np.ndarray) -> dict[str, Floor]:
    """Return what each cannot do without."""
    frames = 1 + len(y) // HOP
    bins = N_FFT // 2 + 1

    def framed(rows: int, times: int = 1) -> Floor:
        return Floor(y, frames=times * frames, n_fft=N_FFT, out_bytes=4 * rows * frames)

    return {
        "stft": framed(2 * bins),
        "istft": Floor(
            np.zeros(2 * bins * frames, np.float32), frames=frames, n_fft=N_FFT, out_bytes=4 * len(y)
        ),
        "mel_spectrogram": framed(128),
        "log_mel_spectrogram": framed(128),
    }

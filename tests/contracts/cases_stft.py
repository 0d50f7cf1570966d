"""The short-time Fourier transform, windows, magnitudes and decibels under contract."""

from __future__ import annotations

from contracts.case import Case
from sori.spectral.decibels import power_to_db
from sori.spectral.stft import istft, stft

CASES = {
    "sori.spectral.stft.stft": [
        Case(lambda x: stft(x, n_fft=1024), "wave"),
        Case(lambda x: stft(x, n_fft=1000, win_length=800, hop_length=333, pad_mode="reflect"), "wave"),
    ],
    "sori.spectral.stft.istft": [Case(lambda S: istft(S, hop_length=256), "complex")],
    "sori.spectral.decibels.power_to_db": [Case(lambda S: power_to_db(S, ref="max", top_db=80), "power")],
}

"""The transforms as PyTorch modules.

>>> import torch
>>> layer = MelSpectrogram(sample_rate=22050, n_mels=40)
>>> layer(torch.zeros(2, 22050)).shape
torch.Size([2, 40, 44])
"""

from __future__ import annotations

from sori.layers.transform import Transform
from sori.spectral import decibels, magnitude, mel, stft

__all__ = [
    "AmplitudeToDb",
    "DbToAmplitude",
    "DbToPower",
    "Istft",
    "Magnitude",
    "MelSpectrogram",
    "Phase",
    "Power",
    "PowerToDb",
    "Stft",
]


class Stft(Transform, of=stft.stft): ...


class Istft(Transform, of=stft.istft, takes="complex"): ...


class Magnitude(Transform, of=magnitude.magnitude, takes="complex"): ...


class Power(Transform, of=magnitude.power, takes="complex"): ...


class Phase(Transform, of=magnitude.phase, takes="complex"): ...


class MelSpectrogram(Transform, of=mel.mel_spectrogram): ...


class PowerToDb(Transform, of=decibels.power_to_db): ...


class AmplitudeToDb(Transform, of=decibels.amplitude_to_db): ...


class DbToPower(Transform, of=decibels.db_to_power): ...


class DbToAmplitude(Transform, of=decibels.db_to_amplitude): ...

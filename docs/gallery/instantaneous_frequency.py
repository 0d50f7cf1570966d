"""Instantaneous frequency: between two bins the phase knows where a tone with vibrato really is."""

import numpy as np
from sounds import RATE, out

from sori.display.curve import curve
from sori.display.spectrogram import spectrogram
from sori.signal.synthesis import sine
from sori.spectral.instantaneous import instantaneous_frequency
from sori.spectral.stft import stft

frames = {"sample_rate": RATE, "hop_length": 256}
meant = 440 * 2 ** (0.4 / 12 * np.sin(2 * np.pi * 3 * np.arange(3 * RATE) / RATE))
S = stft(0.5 * sine(meant, sample_rate=RATE), n_fft=2048, hop_length=256)
loudest = np.abs(S).argmax(axis=0)[None]
hz = np.take_along_axis(instantaneous_frequency(S, **frames), loudest, axis=0)[0]
low, high = 36, 47
ax = spectrogram(
    np.abs(S[low:high]), values="magnitude", rows_at=np.arange(low, high) * RATE / 2048, range_db=60, **frames
)
curve(
    np.where(np.abs(S).max(axis=0) > 1, hz, np.nan),
    name="instantaneous frequency",
    unit="Hz",
    ax=ax,
    **frames,
)
ax.figure.savefig(out())

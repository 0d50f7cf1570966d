"""One sound, four scales of frequency: linear, logarithmic, mel, and notes."""

import numpy as np
from matplotlib import pyplot
from sounds import RATE, out, part

from sori.display.spectrogram import spectrogram
from sori.spectral.constant_q import cqt_magnitude
from sori.spectral.mel import mel_spectrogram
from sori.spectral.stft import stft

x = part("strings")
power = np.abs(stft(x, n_fft=2048, hop_length=512)) ** 2
drawn = {
    "linear": (power, "power"),
    "log": (power, "power"),
    "mel": (mel_spectrogram(x, sample_rate=RATE, hop_length=512), "power"),
    "note": (cqt_magnitude(x, sample_rate=RATE, hop_length=512), "magnitude"),
}
figure, panels = pyplot.subplots(2, 2, figsize=(12, 7), layout="constrained")
for ax, (axis, (S, values)) in zip(panels.flat, drawn.items(), strict=True):
    spectrogram(S, values=values, axis=axis, sample_rate=RATE, hop_length=512, ax=ax)
    ax.set_title(axis)
figure.savefig(out())

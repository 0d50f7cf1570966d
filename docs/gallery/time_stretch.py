"""The phase vocoder: the same notes in one and a half times the time."""

import numpy as np
from matplotlib import pyplot
from sounds import RATE, out, part

from sori.display.spectrogram import spectrogram
from sori.spectral.phase_vocoder import time_stretch
from sori.spectral.stft import stft

x = part("strings", "CF")
figure, panels = pyplot.subplots(2, 1, figsize=(9, 7), layout="constrained", sharex=True)
for ax, (name, y) in zip(
    panels, {"as it was": x, "stretched": time_stretch(x, rate=1 / 1.5)}.items(), strict=True
):
    S = np.abs(stft(y, n_fft=2048, hop_length=512))
    spectrogram(S, values="magnitude", axis="log", range_db=70, sample_rate=RATE, hop_length=512, ax=ax)
    ax.set_title(name)
    ax.set_facecolor("black")
    ax.label_outer()
panels[0].set_xlim(0, len(x) * 1.5 / RATE)
figure.savefig(out())

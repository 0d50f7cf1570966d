"""Harmonic and percussive parts: what lasts, and what is struck."""

import numpy as np
from matplotlib import pyplot
from sounds import RATE, band, out

from sori.display.spectrogram import spectrogram
from sori.spectral.separation import hpss
from sori.spectral.stft import stft

S = np.abs(stft(band("CA"), n_fft=2048, hop_length=512))
parts = hpss(S)
top = float(20 * np.log10(S.max()))
figure, panels = pyplot.subplots(3, 1, figsize=(9, 9), layout="constrained", sharex=True)
for ax, (name, shown) in zip(
    panels, {"mix": S, "harmonic": parts.harmonic, "percussive": parts.percussive}.items(), strict=True
):
    level = 20 * np.log10(np.maximum(shown, 1e-6))
    spectrogram(
        level, values="db", axis="log", limits=(top - 70, top), sample_rate=RATE, hop_length=512, ax=ax
    )
    ax.set_title(name)
    ax.label_outer()
figure.savefig(out())

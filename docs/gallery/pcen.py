"""Per-channel energy normalisation: faint chirps come out of a hum that decibels leave standing."""

import numpy as np
from matplotlib import pyplot
from sounds import RATE, out

from sori.display.spectrogram import spectrogram
from sori.signal.synthesis import chirp, sawtooth
from sori.spectral.mel import mel_spectrogram
from sori.spectral.pcen import pcen

rng = np.random.default_rng(0)
x = 0.3 * sawtooth(60.0, sample_rate=RATE, duration_s=6) + 0.02 * rng.standard_normal(6 * RATE)
for start_s in (1.0, 2.2, 3.4, 4.6):
    bird = chirp(2500, 5000, sample_rate=RATE, duration_s=0.25) * np.hanning(round(0.25 * RATE))
    x[round(start_s * RATE) :][: len(bird)] += 0.05 * bird
frames = {"sample_rate": RATE, "hop_length": 256}
S = mel_spectrogram(x, n_fft=1024, **frames)
figure, panels = pyplot.subplots(2, 1, figsize=(9, 7), layout="constrained", sharex=True)
spectrogram(S, values="power", axis="mel", range_db=60, ax=panels[0], **frames)
# Its constants suit samples as 16-bit integers.
spectrogram(pcen(S * 2.0**31, **frames), values="plain", axis="mel", unit="PCEN", ax=panels[1], **frames)
for ax, name in zip(panels, ("decibels", "per-channel energy normalisation"), strict=True):
    ax.set_title(name)
    ax.label_outer()
figure.savefig(out())

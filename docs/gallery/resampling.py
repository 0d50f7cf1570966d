"""Resampling a sweep from 44.1 to 22.05 kHz: what folds back when samples are just left out, and ours."""

import numpy as np
from matplotlib import pyplot
from sounds import out

from sori.display.spectrogram import spectrogram
from sori.signal.resampling import resample
from sori.signal.synthesis import chirp
from sori.spectral.stft import stft

x = chirp(50, 21500, sample_rate=44100, duration_s=4, sweep="linear")
made = {"every second sample": x[::2], "low": None, "high": None}
figure, panels = pyplot.subplots(3, 1, figsize=(9, 9), layout="constrained", sharex=True)
for ax, (name, y) in zip(panels, made.items(), strict=True):
    y = resample(x, orig_sr=44100, target_sr=22050, quality=name, method="sinc") if y is None else y
    S = np.abs(stft(y, n_fft=1024, hop_length=256, window="blackmanharris"))
    level = 20 * np.log10(np.maximum(S / 180, 1e-9))
    spectrogram(level, values="db", limits=(-140, 0), sample_rate=22050, hop_length=256, ax=ax)
    ax.set_title(name if name == "every second sample" else f'quality="{name}"')
    ax.label_outer()
figure.savefig(out())

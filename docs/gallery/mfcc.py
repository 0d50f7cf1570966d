"""Cepstral coefficients: the outline of the spectrum in a few numbers, which change with the instrument."""

import numpy as np
from sounds import RATE, out, part

from sori.display.spectrogram import spectrogram
from sori.spectral.cepstrum import mfcc

frames = {"sample_rate": RATE, "hop_length": 512}
x = np.concatenate([part(which, "C") for which in ("strings", "bass", "drums")])
ax = spectrogram(
    mfcc(x, n_mfcc=20, **frames)[1:],
    values="plain",
    axis="number",
    rows_at=np.arange(1, 20),
    row_name="coefficient",
    unit="dB",
    limits=(-80, 80),
    cmap="RdBu_r",
    **frames,
)
ax.set_title("strings, then bass, then drums")
ax.figure.savefig(out())

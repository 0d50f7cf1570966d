"""A tempogram: clicks that go from 80 to 160 a minute, and the tempo that was meant."""

import numpy as np
from sounds import RATE, out

from sori.display.curve import curve
from sori.display.spectrogram import spectrogram
from sori.signal.synthesis import clicks
from sori.spectral.tempogram import onset_strength, tempo_frequencies, tempogram

meant = np.linspace(80, 160, 30_000)  # over thirty seconds
beats = np.cumsum(meant / 60) * 1e-3
x = clicks(
    np.interp(np.arange(1, beats[-1]), beats, np.arange(30_000) / 1000), sample_rate=RATE, duration_s=30
)
frames = {"sample_rate": RATE, "hop_length": 256}
found = tempogram(onset_strength(x, **frames), win_length=512)
bpm = tempo_frequencies(512, **frames)
rising = np.flatnonzero((bpm >= 30) & (bpm <= 400))[::-1]
ax = spectrogram(
    found[rising],
    values="plain",
    axis="tempo",
    rows_at=bpm[rising],
    unit="autocorrelation",
    limits=(0, 1),
    **frames,
)
curve(meant[::500], name="tempo", unit="BPM", times_s=np.arange(0, 30, 0.5), ax=ax)
ax.figure.savefig(out())

"""Chroma: which pitch classes sound, in whatever octave; the chords are C, A minor, F and G."""

from sounds import RATE, out, part

from sori.display.spectrogram import spectrogram
from sori.spectral.chroma import chroma_cqt

x = part("strings") + part("bass")
frames = {"sample_rate": RATE, "hop_length": 512}
ax = spectrogram(
    chroma_cqt(x, **frames), values="plain", axis="chroma", unit="share of the largest", **frames
)
ax.figure.savefig(out())

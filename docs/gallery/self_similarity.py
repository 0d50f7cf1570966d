"""Self-similarity: a song in the form A A B A; what comes back is a line beside the diagonal."""

from sounds import RATE, band, out

from sori.display.spectrogram import spectrogram
from sori.spectral.chroma import cens, chroma_cqt
from sori.spectral.self_similarity import self_similarity

x = band("CAFG" + "CAFG" + "FFGG" + "CAFG", beat_s=0.4)
chroma = cens(chroma_cqt(x, sample_rate=RATE, hop_length=512), smoothing=9)[:, ::4]
spectrogram(
    self_similarity(chroma, metric="correlation", n_steps=10),
    values="plain",
    axis="time",
    unit="correlation",
    limits=(0, 1),
    sample_rate=RATE,
    hop_length=2048,
).figure.savefig(out())

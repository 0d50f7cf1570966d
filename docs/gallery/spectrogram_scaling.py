"""The same energies as magnitudes, decibels, ln(1 + S) and the range from -1 to 1 that networks take."""

from matplotlib import pyplot
from sounds import RATE, band, out

from sori.display.spectrogram import spectrogram
from sori.spectral.decibels import power_to_db
from sori.spectral.log_mel import compressed
from sori.spectral.mel import mel_spectrogram
from sori.spectral.scaling import to_range

frames = {"sample_rate": RATE, "hop_length": 512}
S = mel_spectrogram(band("CA"), **frames)
level = power_to_db(S, ref="max", top_db=80)
shown = {
    "magnitude": (S**0.5, "amplitude"),
    "decibels": (level, "dB"),
    "ln(1 + 1000 S)": (compressed(S, compression="log1p", ref=1e-3), "ln(1 + 1000 S)"),
    "-1 to 1": (to_range(level, "-1..1"), "-1 to 1"),
}
figure, panels = pyplot.subplots(2, 2, figsize=(12, 7), layout="constrained")
for ax, (name, (values, unit)) in zip(panels.flat, shown.items(), strict=True):
    spectrogram(values, values="plain", axis="mel", unit=unit, ax=ax, **frames)
    ax.set_title(name)
figure.savefig(out())

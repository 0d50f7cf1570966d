"""A mel spectrogram, with the brightness of the sound drawn over it in Hz."""

import numpy as np
from sounds import RATE, band, out

from sori.display.curve import curve
from sori.display.spectrogram import spectrogram
from sori.spectral.descriptors import spectral_centroid
from sori.spectral.mel import mel_spectrogram
from sori.spectral.stft import stft

x = band()
frames = {"sample_rate": RATE, "hop_length": 512}
ax = spectrogram(mel_spectrogram(x, **frames), values="power", axis="mel", **frames)
brightness = spectral_centroid(np.abs(stft(x, hop_length=512)), sample_rate=RATE)
curve(brightness, name="spectral centroid", unit="Hz", ax=ax, **frames)
ax.figure.savefig(out())

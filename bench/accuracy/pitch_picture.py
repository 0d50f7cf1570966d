"""``python -m bench.accuracy.pitch_picture`` draws ``docs/pitch-sung.png``: a sung phrase and its pitch.

The recording is freesound.org's, CC BY 4.0; nothing learned from it.
"""

from __future__ import annotations

import numpy as np

from bench.collection import ROOT, test_data
from sori.analysis.melody import pitch
from sori.audio import load
from sori.display.curve import curve
from sori.display.spectrogram import spectrogram
from sori.spectral.stft import stft

PICTURE = ROOT / "docs" / "pitch-sung.png"
RECORDING = "vignesh"
N_FFT, HOP = 2048, 256


def main() -> None:
    """Draw it."""
    import matplotlib as mpl

    mpl.use("Agg")
    samples, rate = load(str(test_data() / "pitch" / "freesound" / f"{RECORDING}.wav"))
    mono = np.asarray(samples.mean(axis=0) if samples.ndim > 1 else samples, np.float32)
    found = pitch(mono, sample_rate=rate, method="learned")
    hz = np.where(found.voiced, found.hz, np.nan)
    transform = stft(mono, n_fft=N_FFT, hop_length=HOP)
    ax = spectrogram(np.abs(transform), values="magnitude", sample_rate=rate, hop_length=HOP)
    ax.set_ylim(0, 2000)
    curve(hz, name="pitch", unit="Hz", times_s=found.times_s, color="white", ax=ax)
    ax.figure.savefig(PICTURE, dpi=90)


if __name__ == "__main__":
    main()

"""Record what librosa says of a chord: run in an environment with librosa 0.11, beside this file.

python tests/spectral/recorded/make_constant_q.py
"""

from pathlib import Path

import librosa
import numpy as np

RATE = 22050
FRAMES = slice(10, 80, 10)


def chord() -> np.ndarray:
    """Return two seconds of three notes with eight harmonics, and a little noise."""
    t = np.arange(2 * RATE) / RATE
    rng = np.random.default_rng(20)
    x = 0.01 * rng.standard_normal(len(t))
    for hz in (130.81, 164.81, 196.0):
        x += sum(0.3 / h * np.sin(2 * np.pi * h * hz * t + h) for h in range(1, 9))
    return x


def main() -> None:
    x = chord()
    chroma = np.random.default_rng(21).random((12, 60)) ** 2
    # Its quantisation and smoothing alone: given magnitudes that fold to this chroma.
    cens = librosa.feature.chroma_cens(C=chroma, bins_per_octave=12)
    bank = {
        f"bank_{n}": librosa.filters.chroma(sr=RATE, n_fft=2048, n_chroma=n, tuning=0.1, dtype=np.float64)[
            :, ::24
        ]
        for n in (12, 24)
    }
    np.savez_compressed(
        Path(__file__).with_name("constant_q.npz"),
        cqt=np.abs(librosa.cqt(x, sr=RATE))[:, FRAMES],
        vqt=np.abs(librosa.vqt(x, sr=RATE))[:, FRAMES],
        chroma_stft=librosa.feature.chroma_stft(y=x, sr=RATE, tuning=0.0)[:, FRAMES],
        chroma_cqt=librosa.feature.chroma_cqt(y=x, sr=RATE, tuning=0.0)[:, FRAMES],
        fold=librosa.filters.cq_to_chroma(100, bins_per_octave=36, fmin=110.0),
        cens=cens,
        tonnetz=librosa.feature.tonnetz(chroma=chroma),
        **bank,
    )


if __name__ == "__main__":
    main()

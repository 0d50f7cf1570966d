"""Record what librosa and SciPy give of a short signal: run in an environment that has both.

    python tests/spectral/recorded/make_stft.py

Writes ``stft.npz`` beside this file. The signal is in it, so that nothing depends on a random generator.
"""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
import scipy.signal


def main() -> None:
    rng = np.random.default_rng(5)
    x = np.sin(0.3 * np.arange(400)) + 0.1 * rng.standard_normal(400)
    S = librosa.stft(x, n_fft=64, hop_length=16)
    found = {
        "x": x,
        "stft": S,
        "stft_reflect": librosa.stft(
            x, n_fft=60, hop_length=25, win_length=40, window="hamming", pad_mode="reflect"
        ),
        "stft_not_centred": librosa.stft(x, n_fft=63, hop_length=16, center=False, window="blackman"),
        # Not the transform of any signal: the least-squares answer is what there is to compare.
        "istft_of_conjugate": librosa.istft(S[:, ::-1].conj(), hop_length=16),
        "istft_hamming": librosa.istft(S, hop_length=24, win_length=50, window="hamming", length=500),
        "griffin_lim": librosa.griffinlim(np.abs(S), n_iter=8, hop_length=16, init=None),
        "phase_vocoder": librosa.phase_vocoder(S, rate=0.7, hop_length=16),
        "power_db": librosa.power_to_db(np.abs(S) ** 2, ref=np.max, top_db=60),
        "amplitude_db": librosa.amplitude_to_db(np.abs(S), ref=0.5, amin=1e-3, top_db=None),
    }
    for name, asked in {
        "hann": "hann",
        "hamming": "hamming",
        "blackman": "blackman",
        "nuttall": "nuttall",
        "blackmanharris": "blackmanharris",
        "flattop": "flattop",
        "bartlett": "bartlett",
        "boxcar": "boxcar",
        "kaiser": ("kaiser", 8.6),
        "gaussian": ("gaussian", 5.0),
    }.items():
        for n in (1, 2, 9):
            for periodic in (True, False):
                key = f"window_{name}_{n}_{'periodic' if periodic else 'symmetric'}"
                found[key] = scipy.signal.get_window(asked, n, fftbins=periodic)
    np.savez_compressed(Path(__file__).with_name("stft.npz"), **found)


if __name__ == "__main__":
    main()

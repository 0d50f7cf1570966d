"""Record what librosa makes of a short made-up signal: run in an environment that has librosa 0.11.

python make_descriptors.py     (writes descriptors.npz beside it)
"""

from pathlib import Path

import librosa
import numpy as np

RATE = 22050


def signal() -> np.ndarray:
    """Two chords, clicks and some noise, one second; the tests make the same."""
    t = np.arange(RATE) / RATE
    tones = sum(0.2 * np.sin(2 * np.pi * hz * (1 + (t > 0.5)) * t) for hz in (220.0, 277.2, 330.0))
    clicks = np.where(np.arange(RATE) % 4410 == 2000, 0.8, 0.0)
    return tones + clicks + 0.01 * np.random.default_rng(0).standard_normal(RATE)


def main() -> None:
    y = signal()
    S = np.abs(librosa.stft(y, n_fft=1024, hop_length=512))
    mel = librosa.feature.melspectrogram(y=y, sr=RATE, n_fft=1024, n_mels=24)
    onsets = librosa.onset.onset_strength(y=y, sr=RATE)
    frames = {
        "centroid": librosa.feature.spectral_centroid(S=S, sr=RATE)[0],
        "bandwidth": librosa.feature.spectral_bandwidth(S=S, sr=RATE)[0],
        "bandwidth_3": librosa.feature.spectral_bandwidth(S=S, sr=RATE, p=3)[0],
        "contrast": librosa.feature.spectral_contrast(S=S, sr=RATE),
        "contrast_linear": librosa.feature.spectral_contrast(S=S, sr=RATE, linear=True, quantile=0.1),
        "flatness": librosa.feature.spectral_flatness(S=S)[0],
        "rolloff": librosa.feature.spectral_rolloff(S=S, sr=RATE)[0],
        "rms": librosa.feature.rms(y=y)[0],
        "zero_crossing_rate": librosa.feature.zero_crossing_rate(y)[0],
        "pcen": librosa.pcen(mel * 2**31, sr=RATE, hop_length=512),
        "pcen_max": librosa.pcen(mel * 2**31, sr=RATE, hop_length=512, max_size=3, power=0.25, bias=10),
        "onset_strength": onsets,
        "superflux": librosa.onset.onset_strength(y=y, sr=RATE, lag=2, max_size=3),
        "tempogram": librosa.feature.tempogram(onset_envelope=onsets, sr=RATE, win_length=20),
        "fourier_tempogram": librosa.feature.fourier_tempogram(onset_envelope=onsets, sr=RATE, win_length=20),
        "stacked": librosa.feature.stack_memory(mel[:4], n_steps=3, delay=2),
    }
    for name, options in {
        "hpss": {},
        "hpss_margin": {"margin": (1.0, 3.0), "kernel_size": (9, 17), "power": 1.0},
        "hpss_hard": {"margin": 2.0, "power": np.inf},
    }.items():
        harmonic, percussive = librosa.decompose.hpss(S, **options)
        frames[f"{name}_harmonic"], frames[f"{name}_percussive"] = harmonic[::16], percussive[::16]
    np.savez_compressed(
        Path(__file__).parent / "descriptors.npz",
        **{k: v.astype(np.complex64 if np.iscomplexobj(v) else np.float32) for k, v in frames.items()},
    )


if __name__ == "__main__":
    main()

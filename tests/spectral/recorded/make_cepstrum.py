"""Write what librosa, torchaudio and Kaldi make of `sound`: ``python make_cepstrum.py`` where they are.

librosa 0.11.0, torchaudio 2.11.0, kaldi_native_fbank 1.22.5 (Kaldi's computation as a library). Every 7th
frame is kept, which is all that the tests compare.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
EVERY = 7


def sound(sample_rate: int, *, seconds: float = 1.0) -> NDArray[np.float32]:
    """Return tones, a sweep, clicks and a rough noise, by formula, so that any machine makes the same."""
    t = np.arange(round(seconds * sample_rate)) / sample_rate
    tones = 0.3 * np.sin(2 * np.pi * 220 * t) + 0.2 * np.sin(2 * np.pi * 1234.5 * t + 1)
    sweep = 0.2 * np.sin(2 * np.pi * (100 + 2000 * t) * t)
    clicks = 0.5 * np.exp(-((t * 8 % 1) * 60)) * np.sin(2 * np.pi * 3000 * t)
    noise = np.modf(1e4 * np.sin(12.9898 * np.arange(len(t))))[0]
    return ((tones + sweep + clicks + 0.05 * noise) * (0.2 + 0.8 * t)).astype(np.float32)


def of_librosa() -> dict[str, NDArray[np.float32]]:
    import librosa

    x = sound(22050)
    mel, feature = librosa.feature.melspectrogram, librosa.feature
    cepstra = feature.mfcc(y=x, sr=22050)
    return {
        "librosa_mel": mel(y=x, sr=22050),
        "librosa_mel_htk": mel(y=x, sr=22050, htk=True, norm=None, n_mels=40, fmin=20, fmax=8000, power=1),
        "librosa_mel_odd": mel(y=x, sr=22050, n_fft=1024, win_length=800, hop_length=200, center=False),
        "librosa_db_max": librosa.power_to_db(mel(y=x, sr=22050), ref=np.max),
        "librosa_mfcc": cepstra,
        "librosa_mfcc_htk": feature.mfcc(y=x, sr=22050, n_mfcc=13, htk=True, lifter=22),
        "librosa_mfcc_3": feature.mfcc(y=x, sr=22050, dct_type=3),
        "librosa_mfcc_plain": feature.mfcc(y=x, sr=22050, norm=None),
        "librosa_delta": feature.delta(cepstra),
        "librosa_delta_2": feature.delta(cepstra, order=2, width=11),
        "librosa_delta_nearest": feature.delta(cepstra, mode="nearest"),
    }


def of_torchaudio() -> dict[str, NDArray[np.float32]]:
    import torch
    from torchaudio import functional, transforms

    x = torch.from_numpy(sound(16000))
    few = {"n_fft": 512, "hop_length": 160, "n_mels": 64}
    made = {
        "torchaudio_mel": transforms.MelSpectrogram(n_mels=80)(x),
        "torchaudio_mel_slaney": transforms.MelSpectrogram(norm="slaney", mel_scale="slaney", **few)(x),
        "torchaudio_mfcc": transforms.MFCC(melkwargs=few)(x),
        "torchaudio_mfcc_log": transforms.MFCC(log_mels=True, melkwargs=few)(x),
        "torchaudio_deltas": functional.compute_deltas(transforms.MFCC(melkwargs=few)(x)),
    }
    return {name: value.numpy() for name, value in made.items()}


def of_kaldi() -> dict[str, NDArray[np.float32]]:
    """HTK has no library: its computation is Kaldi's with other options and bands of at least 1."""
    import kaldi_native_fbank

    def features(
        kind: str, *, rate: int = 16000, scale: float = 32768, **options: object
    ) -> NDArray[np.float32]:
        chosen = getattr(kaldi_native_fbank, f"{kind}Options")()
        chosen.frame_opts.samp_freq = rate
        chosen.frame_opts.dither = 0
        for name, value in options.items():
            *where, last = name.split("__")
            setattr(getattr(chosen, where[0]) if where else chosen, last, value)
        computer = getattr(kaldi_native_fbank, f"Online{kind}")(chosen)
        computer.accept_waveform(rate, (scale * (sound(rate) + 0.01)).tolist())
        computer.input_finished()
        return np.stack([computer.get_frame(t) for t in range(computer.num_frames_ready)], axis=1)

    htk = {
        "frame_opts__window_type": "hamming",
        "frame_opts__remove_dc_offset": False,
        "mel_opts__low_freq": 0,
        "mel_opts__num_bins": 26,
        "htk_compat": True,
    }
    return {
        "kaldi_fbank": features("Fbank", mel_opts__num_bins=80),
        "kaldi_fbank_all": features("Fbank", mel_opts__num_bins=40, frame_opts__snip_edges=False),
        "kaldi_fbank_8k": features("Fbank", rate=8000, mel_opts__high_freq=-400, use_energy=True),
        "kaldi_fbank_wet": features(
            "Fbank", use_energy=True, raw_energy=False, energy_floor=1e9, htk_compat=True
        ),
        "kaldi_fbank_unit": features("Fbank", scale=1, frame_opts__window_type="hanning"),
        "kaldi_mfcc": features("Mfcc"),
        "kaldi_mfcc_c0": features(
            "Mfcc", use_energy=False, num_ceps=20, mel_opts__num_bins=40, cepstral_lifter=0
        ),
        "htk_fbank": features("Fbank", use_power=False, **htk),
        "htk_mfcc_power": features("Mfcc", use_energy=False, **htk),
        "htk_mfcc_power_e": features("Mfcc", **htk),
    }


if __name__ == "__main__":
    kept = {name: value[:, ::EVERY] for name, value in (of_librosa() | of_torchaudio() | of_kaldi()).items()}
    np.savez_compressed(HERE / "cepstrum.npz", **kept)

"""With which arguments the mel spectrograms and cepstra are those of librosa and torchaudio.

`recorded/make_cepstrum.py` says how the numbers were made. Both sides compute in float32, with Fourier
transforms that round differently (torchaudio rounds its constants, too): powers agree to some 1e-6 of the
largest, and a level in dB to what that is of the quietest power that it shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sori.spectral.cepstrum import mfcc
from sori.spectral.delta import delta, regression_delta
from sori.spectral.log_mel import log_mel_spectrogram
from sori.spectral.mel import mel_spectrogram
from spectral.recorded.make_cepstrum import EVERY, sound

RECORDED = np.load(Path(__file__).parent / "recorded" / "cepstrum.npz")

LIBROSA: dict[str, Any] = {}  # our defaults are those of librosa: 2048, a quarter of it, Hann, zeros outside
LIBROSA_HTK: dict[str, Any] = {"scale": "htk"}  # htk=True changes the scale, not the unit area of the bands
LIBROSA_LIFTER: dict[str, Any] = {"lifter_length": 22, "lifter_first": 1}  # lifter=22, which counts from 1
TORCHAUDIO: dict[str, Any] = {
    "n_fft": 400,
    "hop_length": 200,  # half of n_fft
    "n_mels": 128,
    "scale": "htk",
    "norm": None,
    "pad_mode": "reflect",
}
TORCHAUDIO_MFCC: dict[str, Any] = TORCHAUDIO | {"n_mfcc": 40}  # top_db=80 of the whole batch, ours of each
TORCHAUDIO_MFCC_LOG: dict[str, Any] = TORCHAUDIO_MFCC | {  # log_mels=True
    "compression": "log",
    "offset": 1e-6,
    "top_db": None,
}
FEW: dict[str, Any] = {"n_fft": 512, "hop_length": 160, "n_mels": 64}


def assert_same(name: str, got: NDArray[np.float32], tolerance: float) -> None:
    """Compare with what was recorded, in the unit of both, and of the largest value for ``_mel``.

    So too for ``_plain``: sums without a norm go to thousands, where float32 itself steps by 0.0005.
    """
    want = RECORDED[name]
    assert got.dtype == np.float32
    scale = np.abs(want).max() if "_mel" in name or "_plain" in name else 1.0
    error = np.abs(got[:, ::EVERY] - want).max() / scale
    assert error < tolerance, f"{name}: differs by {error:.2e}"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("librosa_mel", LIBROSA),
        (
            "librosa_mel_htk",
            LIBROSA_HTK | {"norm": None, "n_mels": 40, "fmin": 20, "fmax": 8000, "exponent": 1.0},
        ),
        ("librosa_mel_odd", {"n_fft": 1024, "win_length": 800, "hop_length": 200, "center": False}),
    ],
)
def test_mel_of_librosa(name: str, options: dict[str, Any]) -> None:
    assert_same(name, mel_spectrogram(sound(22050), sample_rate=22050, **options), 2e-6)


def test_decibels_of_librosa() -> None:
    got = log_mel_spectrogram(sound(22050), sample_rate=22050, ref="max", top_db=80)
    assert_same("librosa_db_max", got, 1e-3)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("librosa_mfcc", LIBROSA),
        ("librosa_mfcc_htk", LIBROSA_HTK | LIBROSA_LIFTER | {"n_mfcc": 13}),
        ("librosa_mfcc_3", {"kind": 3}),
        ("librosa_mfcc_plain", {"norm_dct": None}),
    ],
)
def test_cepstra_of_librosa(name: str, options: dict[str, Any]) -> None:
    assert_same(name, mfcc(sound(22050), sample_rate=22050, **options), 1e-3)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("librosa_delta", {}),
        ("librosa_delta_2", {"order": 2, "width": 11}),
        ("librosa_delta_nearest", {"mode": "edge"}),
    ],
)
def test_deltas_of_librosa(name: str, options: dict[str, Any]) -> None:
    assert_same(name, delta(mfcc(sound(22050), sample_rate=22050), **options), 1e-3)


def test_mel_of_torchaudio() -> None:
    x = sound(16000)
    assert_same("torchaudio_mel", mel_spectrogram(x, sample_rate=16000, **TORCHAUDIO | {"n_mels": 80}), 1e-5)
    slaney = TORCHAUDIO | FEW | {"scale": "slaney", "norm": "slaney"}
    assert_same("torchaudio_mel_slaney", mel_spectrogram(x, sample_rate=16000, **slaney), 1e-5)


def test_cepstra_of_torchaudio() -> None:
    x = sound(16000)
    got = mfcc(x, sample_rate=16000, **TORCHAUDIO_MFCC | FEW)
    assert_same("torchaudio_mfcc", got, 1e-3)
    assert_same("torchaudio_deltas", regression_delta(got, reach=2), 1e-3)  # win_length=5
    got = mfcc(x, sample_rate=16000, **TORCHAUDIO_MFCC_LOG | FEW)
    assert_same("torchaudio_mfcc_log", got, 1e-3)

from pathlib import Path

import numpy as np
import pytest

from sori.audio.stream import load
from sori.errors import ParameterError
from sori.spectral.griffin_lim import griffin_lim
from sori.spectral.stft import stft

RECORDED = np.load(Path(__file__).parent / "recorded" / "stft.npz")


def error_db(S: np.ndarray, x: np.ndarray, **framing: object) -> float:
    """Return the spectral convergence: how far the magnitudes of ``x`` are from those that were asked for."""
    found = abs(stft(x, **framing))[:, : S.shape[1]]
    return 20 * np.log10(np.linalg.norm(found - S[:, : found.shape[1]]) / np.linalg.norm(S))


def test_from_phases_of_zero_it_goes_librosas_way() -> None:
    S = abs(RECORDED["stft"])
    np.testing.assert_allclose(griffin_lim(S, hop_length=16, n_iter=8), RECORDED["griffin_lim"], atol=1e-9)


def test_music_is_rebuilt(data: Path) -> None:
    path = data / "music" / "librosa" / "Kevin_MacLeod_-_Vibe_Ace.ogg"
    x = load(path, sample_rate=22050, mono=True, start_s=5, duration_s=5).samples
    S = abs(stft(x))
    # librosa 0.11 reaches -24 dB in 32 steps on this recording.
    found = griffin_lim(S, rng=np.random.default_rng(0), length=len(x))
    assert found.dtype == np.float32
    assert error_db(S, found) < -22
    assert error_db(S, griffin_lim(S, length=len(x))) < -21


def test_momentum_arrives_sooner_and_more_steps_further() -> None:
    t = np.arange(20_000) / 22050
    S = abs(stft(np.sin(2 * np.pi * (300 * t + 400 * t**2)), n_fft=512))
    plain, fast = (griffin_lim(S, momentum=m, n_iter=32) for m in (0.0, 0.99))
    assert error_db(S, fast, n_fft=512) < error_db(S, plain, n_fft=512)
    assert error_db(S, fast, n_fft=512) < error_db(S, griffin_lim(S, n_iter=4), n_fft=512)


def test_the_same_start_gives_the_same_signal() -> None:
    S = abs(RECORDED["stft"])
    one, same, other = (griffin_lim(S, rng=np.random.default_rng(seed), n_iter=4) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert abs(one - other).max() > 0.01


@pytest.mark.parametrize(
    "framing",
    [
        {"n_fft": 63, "hop_length": 20},
        {"n_fft": 64, "win_length": 50, "window": "hamming"},
        {"center": False},
    ],
)
def test_any_framing_will_do(framing: dict) -> None:
    kind = {"n_fft": 64, "hop_length": 16} | framing
    S = abs(stft(RECORDED["x"], **kind))
    x = griffin_lim(S, n_iter=60, rng=np.random.default_rng(0), length=400, **kind)
    assert x.shape == (400,)
    assert error_db(S, x, **kind) < -12


def test_silence_stays_silent() -> None:
    assert not griffin_lim(np.zeros((33, 10)), n_iter=3).any()


def test_what_is_asked_for_is_checked() -> None:
    S = abs(RECORDED["stft"])
    for wrong in ({"momentum": 1.0}, {"momentum": -0.1}, {"n_iter": 0}, {"n_fft": 70}):
        with pytest.raises(ParameterError):
            griffin_lim(S, **wrong)
    with pytest.raises(ParameterError, match="magnitude"):
        griffin_lim(RECORDED["stft"])

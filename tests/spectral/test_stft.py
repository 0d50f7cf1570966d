from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.magnitude import power
from sori.spectral.stft import framed, istft, stft
from sori.spectral.windows import window

RECORDED = np.load(Path(__file__).parent / "recorded" / "stft.npz")
X = RECORDED["x"]


def noise(n: int, *, seed: int = 0, channels: int | None = None) -> np.ndarray:
    size = n if channels is None else (channels, n)
    return np.random.default_rng(seed).standard_normal(size)


def test_the_numbers_are_librosas() -> None:
    np.testing.assert_allclose(stft(X, n_fft=64, hop_length=16), RECORDED["stft"], atol=1e-12)
    got = stft(X, n_fft=60, hop_length=25, win_length=40, window="hamming", pad_mode="reflect")
    np.testing.assert_allclose(got, RECORDED["stft_reflect"], atol=1e-12)
    got = stft(X, n_fft=63, hop_length=16, center=False, window="blackman")
    np.testing.assert_allclose(got, RECORDED["stft_not_centred"], atol=1e-12)


def test_the_inverse_of_what_is_no_transform_is_librosas() -> None:
    S = RECORDED["stft"]
    got = istft(S[:, ::-1].conj(), hop_length=16)
    np.testing.assert_allclose(got, RECORDED["istft_of_conjugate"], atol=1e-10)
    got = istft(S, hop_length=24, win_length=50, window="hamming", length=500)
    np.testing.assert_allclose(got, RECORDED["istft_hamming"], atol=1e-10)


def test_the_numbers_are_torchs() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(noise(2000, channels=2))
    shape = torch.from_numpy(window("hann", 256))
    want = torch.stft(x, 256, 100, window=shape, return_complex=True)  # reflects
    np.testing.assert_allclose(
        stft(x.numpy(), n_fft=256, hop_length=100, pad_mode="reflect"), want, atol=1e-11
    )
    back = torch.istft(want, 256, 100, window=shape, length=2000)
    np.testing.assert_allclose(istft(want.numpy(), hop_length=100, length=2000), back, atol=1e-11)


@pytest.mark.parametrize(
    ("n_fft", "hop", "win", "name"),
    [
        (512, 128, 512, "hann"),
        (512, 200, 512, "hann"),
        (512, 100, 301, "hamming"),
        (511, 128, 511, "blackman"),
        (33, 7, 20, ("kaiser", 8.0)),
        (256, 256, 256, "boxcar"),
        (255, 255, 255, "boxcar"),
        (64, 32, 64, "sine"),
        (1, 1, 1, "hann"),
    ],
)
@pytest.mark.parametrize("n", [1, 2, 700, 5000])
def test_there_and_back(n_fft: int, hop: int, win: int, name: str, n: int) -> None:
    x = noise(n, channels=2)
    kind = {"hop_length": hop, "win_length": win, "window": name}
    # The last frame may start up to a hop before the end: silence behind brings its neighbour in.
    S = stft(np.pad(x, ((0, 0), (0, hop))), n_fft=n_fft, **kind)
    back = istft(S, n_fft=n_fft, length=n, **kind)
    np.testing.assert_allclose(back, x, atol=1e-10)


def test_single_precision_loses_a_millionth() -> None:
    x = noise(30_000).astype(np.float32)
    back = istft(stft(x), length=len(x))
    assert back.dtype == np.float32
    assert 10 * np.log10(np.sum(x**2) / np.sum((back - x) ** 2)) > 130


def test_without_centring_only_the_first_and_last_samples_are_lost() -> None:
    x = noise(4096)
    back = istft(stft(x, n_fft=256, center=False), center=False)
    assert len(back) == 4096
    # Hann is 0 at its first sample: no window reaches sample 0.
    assert back[0] == 0
    np.testing.assert_allclose(back[1:-1], x[1:-1], atol=1e-8)


def test_the_number_of_frames() -> None:
    for n in (0, 1, 63, 64, 65, 1000):
        assert stft(np.zeros(n), n_fft=128, hop_length=64).shape == (65, 1 + n // 64)
    assert stft(np.zeros(1000), n_fft=128, hop_length=64, center=False).shape == (65, 1 + (1000 - 128) // 64)


def test_a_frame_is_centred_on_a_multiple_of_the_hop() -> None:
    x = np.zeros(2000)
    x[1000] = 1
    energy = power(stft(x, n_fft=256, hop_length=100)).sum(axis=0)
    assert energy.argmax() == 10
    np.testing.assert_allclose(energy[9], energy[11])
    np.testing.assert_allclose(stft(x, n_fft=256, hop_length=100)[:, 10].real, (-1.0) ** np.arange(129))


def test_parseval() -> None:
    """A frame's energy is that of its spectrum, the bins between 0 and the last counted twice."""
    x = noise(3000)
    shape = window("hann", 512)
    S = stft(x, n_fft=512, center=False)
    twice = np.full(257, 2.0)
    twice[[0, -1]] = 1
    for t in (0, 7):
        energy = np.sum((x[t * 128 : t * 128 + 512] * shape) ** 2)
        np.testing.assert_allclose(np.sum(twice * power(S[:, t])) / 512, energy)


def test_a_full_scale_sine_is_half_the_sum_of_the_window() -> None:
    x = np.sin(2 * np.pi * 20 / 256 * np.arange(4096))
    assert abs(stft(x, n_fft=256)[20, 30]) == pytest.approx(window("hann", 256).sum() / 2)


def test_delay_by_a_hop_moves_the_columns() -> None:
    x = noise(4000)
    late = np.concatenate([np.zeros(64), x])
    np.testing.assert_allclose(
        stft(late, n_fft=256, hop_length=64)[:, 10:40], stft(x, n_fft=256, hop_length=64)[:, 9:39], atol=1e-12
    )


def test_what_is_made_of_frames_in_the_cache_is_what_is_made_of_all() -> None:
    x = noise(100_000, channels=2)
    got = framed(x, n_fft=512, hop_length=100, then=power)
    np.testing.assert_allclose(np.swapaxes(got, -1, -2), power(stft(x, n_fft=512, hop_length=100)))


@pytest.mark.parametrize(("hop", "name"), [(257, "boxcar"), (256, "hann"), (300, "boxcar")])
def test_gaps_that_no_window_covers_are_refused(hop: int, name: str) -> None:
    S = stft(noise(3000), n_fft=256, hop_length=hop, window=name)
    with pytest.raises(ParameterError, match="no window covers"):
        istft(S, hop_length=hop, window=name)


def test_what_is_asked_for_is_checked() -> None:
    x = noise(500)
    for wrong in ({"hop_length": 0}, {"win_length": 0}, {"pad_mode": "mirror"}, {"hop_length": 1.5}):
        with pytest.raises(ParameterError):
            stft(x, n_fft=64, **wrong)
    with pytest.raises(ParameterError, match="fewer than n_fft"):
        stft(x, n_fft=501, center=False)
    with pytest.raises(ParameterError, match="want 34 for n_fft=66"):
        istft(stft(x, n_fft=64), n_fft=66)


def test_no_frames_are_no_signal() -> None:
    S = np.zeros((2, 65, 0), complex)
    assert istft(S).shape == (2, 0)
    assert istft(S, length=10).tolist() == np.zeros((2, 10)).tolist()

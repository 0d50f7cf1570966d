from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.stft import stft
from sori.spectral.windows import WINDOWS, frame_window, window

RECORDED = np.load(Path(__file__).parent / "recorded" / "stft.npz")
WITH_PARAMETER = {"kaiser": ("kaiser", 8.6), "gaussian": ("gaussian", 5.0)}
EVERY = [WITH_PARAMETER.get(name, name) for name in WINDOWS]
SAMPLED_AT_THE_EDGE = [name for name in EVERY if name != "sine"]  # which is sampled half a sample inside


@pytest.mark.parametrize("key", [key for key in RECORDED if key.startswith("window_")])
def test_windows_are_scipys(key: str) -> None:
    _, name, n, kind = key.split("_")
    got = window(WITH_PARAMETER.get(name, name), int(n), periodic=kind == "periodic")
    np.testing.assert_allclose(got, RECORDED[key], atol=1e-12)


def test_povey_is_hanns_raised_to_085() -> None:
    np.testing.assert_allclose(window("povey", 400), window("hann", 400) ** 0.85, atol=1e-15)


@pytest.mark.parametrize("name", SAMPLED_AT_THE_EDGE)
@pytest.mark.parametrize("n", [2, 8, 9])
def test_a_periodic_window_is_a_symmetric_one_without_its_last_sample(name: str, n: int) -> None:
    np.testing.assert_allclose(window(name, n), window(name, n + 1, periodic=False)[:-1], atol=1e-12)
    symmetric = window(name, n, periodic=False)
    np.testing.assert_allclose(symmetric, symmetric[::-1], atol=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_one_sample_is_let_through(name: str) -> None:
    """A window of one sample that is 0 would silence what it is for."""
    assert window(name, 1).tolist() == [1.0]


def test_windows_that_add_up_to_one() -> None:
    for name, hops in (("hann", 2), ("bartlett", 2), ("blackman", 3), ("boxcar", 1), ("hamming", 2)):
        folded = window(name, 24).reshape(hops, -1).sum(axis=0)
        np.testing.assert_allclose(folded, folded[0], rtol=1e-12)
    squared = (window("sine", 24) ** 2).reshape(2, -1).sum(axis=0)
    np.testing.assert_allclose(squared, 1, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "below_db"),
    [("boxcar", 13), ("hann", 31), ("hamming", 42), ("blackman", 58), ("blackmanharris", 92)],
)
def test_side_lobes_are_as_low_as_harris_says(name: str, below_db: float) -> None:
    n, fine = 64, 64
    level = 20 * np.log10(np.maximum(1e-12, abs(np.fft.rfft(window(name, n), n * fine))))
    level -= level[0]
    falls = np.diff(level) < 0
    first_null = int(np.argmin(falls))  # where the main lobe ends
    assert -level[first_null:].max() == pytest.approx(below_db, abs=1.5)


def test_a_window_stands_in_the_middle_of_its_frame() -> None:
    shape = frame_window("hann", win_length=5, n_fft=8, like_array=np.zeros(1, np.float32))
    assert shape.dtype == np.float32
    np.testing.assert_allclose(shape[1:6], window("hann", 5), atol=1e-7)
    assert shape[[0, 6, 7]].tolist() == [0, 0, 0]


def test_own_samples_are_a_window_too() -> None:
    x = np.random.default_rng(0).standard_normal(500)
    np.testing.assert_array_equal(
        stft(x, n_fft=64, window=window("hann", 64)), stft(x, n_fft=64, window="hann")
    )


@pytest.mark.parametrize("wrong", ["hanning", "kaiser", ("hann", 3.0), ("tukey", 0.5), ""])
def test_an_unknown_window_is_refused_with_the_names(wrong: str) -> None:
    with pytest.raises(ParameterError, match="blackman"):
        window(wrong, 8)


def test_a_window_longer_than_its_frame_is_refused() -> None:
    with pytest.raises(ParameterError, match="longer than n_fft"):
        stft(np.zeros(99), n_fft=16, win_length=17)
    with pytest.raises(ParameterError, match="win_length or n_fft"):
        stft(np.zeros(99), n_fft=16, window=np.ones(15))

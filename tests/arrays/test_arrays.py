"""The primitives in which array libraries differ: each against its definition, on every library."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from sori.arrays import (
    at_least,
    constant,
    constants_from,
    cumulative_decay,
    fix_length,
    frame,
    namespace,
    overlap_add,
    pad,
    product,
    real,
    recorded,
    running_max,
    running_median,
    spectra,
    spectrogram,
    to_numpy,
    waveform,
)
from sori.errors import ParameterError

LIBRARIES = ("numpy", "torch", "jax.numpy", "array_api_strict")


@pytest.fixture(params=LIBRARIES)
def make(request: pytest.FixtureRequest) -> Any:
    """Return what makes an array of each library out of NumPy's."""
    return pytest.importorskip(request.param).asarray


def rand(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


@pytest.mark.parametrize("mode", ["constant", "reflect", "edge", "wrap"])
@pytest.mark.parametrize("n", [1, 2, 3, 9])
def test_padding_is_numpys_whatever_the_lengths(make: Any, mode: str, n: int) -> None:
    x = rand(2, n)
    for before, after in ((0, 0), (1, 0), (0, 3), (5, 11)):
        got = to_numpy(pad(make(x), before, after, mode=mode))
        assert np.array_equal(got, np.pad(x, ((0, 0), (before, after)), mode=mode))


def test_padding_refuses_what_has_no_meaning() -> None:
    with pytest.raises(ParameterError, match="'mirror'"):
        pad(rand(3), 1, 1, mode="mirror")
    with pytest.raises(ParameterError, match="empty"):
        pad(rand(0), 1, 1, mode="reflect")


@pytest.mark.parametrize(("length", "hop"), [(8, 2), (8, 8), (7, 3), (3, 5), (1, 1)])
def test_frames_start_every_hop(make: Any, length: int, hop: int) -> None:
    x = rand(2, 3, 40)
    got = to_numpy(frame(make(x), frame_length=length, hop_length=hop))
    want = np.stack([x[..., s : s + length] for s in range(0, 40 - length + 1, hop)], axis=-2)
    assert np.array_equal(got, want)


def test_a_signal_shorter_than_a_frame_has_none(make: Any) -> None:
    assert frame(make(rand(2, 5)), frame_length=6, hop_length=2).shape == (2, 0, 6)


@pytest.mark.parametrize(("length", "hop"), [(8, 2), (8, 8), (7, 3), (3, 5)])
def test_overlapping_frames_add_up(make: Any, length: int, hop: int) -> None:
    frames = rand(2, 6, length)
    want = np.zeros((2, 5 * hop + length), np.float32)
    for t in range(6):
        want[:, t * hop : t * hop + length] += frames[:, t]
    np.testing.assert_allclose(to_numpy(overlap_add(make(frames), hop_length=hop)), want, atol=1e-6)


def test_fixed_length_cuts_and_fills(make: Any) -> None:
    x = rand(5)
    assert np.array_equal(to_numpy(fix_length(make(x), 3)), x[:3])
    assert np.array_equal(to_numpy(fix_length(make(x), 7)), np.append(x, [0, 0]))


@pytest.mark.parametrize("size", [1, 3, 7, 9, 17, 31, 45, 99, 201])
def test_running_median_is_the_median_of_each_window(make: Any, size: int) -> None:
    x = rand(2, 50)
    around = np.pad(x, ((0, 0), (size // 2, size // 2)), mode="symmetric")
    want = np.median(np.lib.stride_tricks.sliding_window_view(around, size, axis=-1), axis=-1)
    assert np.array_equal(to_numpy(running_median(make(x), size)), want)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 64])
def test_running_max_looks_ahead(make: Any, size: int) -> None:
    x = rand(2, 40)
    want = np.stack([x[:, n : n + size].max(axis=-1) for n in range(40)], axis=-1)
    assert np.array_equal(to_numpy(running_max(make(x), size)), want)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.99, 0.99999])
def test_decay_is_the_recursion(make: Any, factor: float) -> None:
    x = np.abs(rand(300)) * (rand(300, seed=1) > 1)
    want, y = [], 0.0
    for value in x:
        y = max(float(value), factor * y)
        want.append(y)
    np.testing.assert_allclose(to_numpy(cumulative_decay(make(x), factor)), want, rtol=1e-5)


def test_a_floor_keeps_what_is_above(make: Any) -> None:
    assert to_numpy(at_least(make(np.float32([-1, 0.5, 2])), 1.0)).tolist() == [1, 1, 2]


def test_spectra_of_parts_are_those_of_the_whole() -> None:
    """NumPy works on a few frames at a time: nobody may notice."""
    x, window = rand(2, 50_000), np.hanning(512).astype(np.float32)
    whole = np.fft.rfft(frame(x, frame_length=512, hop_length=100) * window)
    np.testing.assert_allclose(spectra(x, window, hop_length=100, n_fft=512), whole, atol=1e-4)
    then = spectra(x, window, hop_length=100, n_fft=512, then=lambda s: abs(s[..., :3]))
    np.testing.assert_allclose(then, abs(whole[..., :3]), atol=1e-4)


def bank(*, n: int, height: float) -> np.ndarray:
    return np.full((n, 2), height)


def test_constants_are_made_once_and_in_the_precision_asked_for(make: Any) -> None:
    single = constant(bank, like=make(rand(3)), n=3, height=1 / 3)
    assert "float32" in str(single.dtype)
    np.testing.assert_array_equal(to_numpy(single), np.full((3, 2), np.float32(1 / 3)))
    if make is np.asarray:
        assert constant(bank, like=rand(3), n=3, height=1 / 3) is single
        with pytest.raises(ValueError, match="read-only"):
            single[0] = 0


def test_a_layer_learns_its_constants_and_brings_its_own() -> None:
    x = rand(3)
    with recorded() as found:
        constant(bank, like=x, n=1, height=2.0)
    ((key, values),) = found.items()
    assert values.tolist() == [[2.0, 2.0]]
    with constants_from({key: x}):
        assert constant(bank, like=x, n=1, height=2.0) is x
    assert constant(bank, like=x, n=1, height=2.0) is not x


def test_a_product_keeps_its_precision_in_mixed_precision() -> None:
    torch = pytest.importorskip("torch")
    a, b = (torch.from_numpy(rand(64, 64, seed=s)) for s in (0, 1))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        got = product(a, b)
        assert (a @ b).dtype == torch.bfloat16
    assert got.dtype == torch.float32
    np.testing.assert_allclose(to_numpy(got), to_numpy(a) @ to_numpy(b), rtol=1e-4, atol=1e-4)


def test_half_precision_is_computed_in_single(make: Any) -> None:
    if make.__module__.startswith("array_api_strict"):
        pytest.skip("the standard has no half precision")
    _, x = real(make(np.float16([1, 2])))
    assert "float32" in str(x.dtype)


def test_lists_are_numpys_and_strangers_are_refused() -> None:
    assert namespace([1.0]) is np
    with pytest.raises(ParameterError, match="dict"):
        namespace({})


@pytest.mark.parametrize(
    ("x", "says"),
    [
        (np.zeros(3, np.int16), "int16"),
        (np.zeros(3, np.complex64), "complex"),
        (np.float32(1), "single number"),
        (np.zeros((44_100, 2), np.float32), r"\(time, channels\)"),
        (np.float32([0, np.nan]), "NaN"),
        (np.float32([0, -np.inf]), "NaN or infinity"),
    ],
)
def test_what_is_no_signal_is_refused(make: Any, x: np.ndarray, says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        waveform(make(x))


def test_large_numbers_are_finite(make: Any) -> None:
    """Their sum overflows, and still each of them is a number."""
    waveform(make(np.float32([3e38, 3e38])))


def test_spectrograms_are_told_from_signals(make: Any) -> None:
    with pytest.raises(ParameterError, match="frequency, time"):
        spectrogram(make(rand(5)))
    with pytest.raises(ParameterError, match="magnitude"):
        spectrogram(make(rand(5, 4).astype(np.complex64)))
    with pytest.raises(ParameterError, match="stft"):
        spectrogram(make(rand(5, 4)), complex_valued=True)


def test_numpy_alone_does_not_load_the_others() -> None:
    import subprocess

    code = (
        "import sys, numpy as np; from sori.spectral.mel import mel_spectrogram;"
        "mel_spectrogram(np.zeros(4096), sample_rate=22050);"
        "print(*{'torch', 'jax', 'array_api_compat', 'keras', 'matplotlib'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == []

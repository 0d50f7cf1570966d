import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.quantization import Dither, from_integer, requantize, to_integer

STEP = 2.0**-15


def slow_sine(n: int, size: float) -> np.ndarray:
    return size * np.sin(2 * np.pi * 37 * np.arange(n) / n)


@pytest.mark.parametrize("kind", [np.int8, np.int16])
def test_every_integer_comes_back(kind: type) -> None:
    info = np.iinfo(kind)
    every = np.arange(info.min, info.max + 1).astype(kind)
    for double in (False, True):
        back = to_integer(from_integer(every, double=double), bits=info.bits)
        assert back.dtype == kind
        np.testing.assert_array_equal(back, every)


def test_bytes_of_wav_files_have_silence_at_128() -> None:
    every = np.arange(256).astype(np.uint8)
    x = from_integer(every)
    assert x[128] == 0
    assert x[0] == -1
    np.testing.assert_array_equal(to_integer(x, bits=8, unsigned=True), every)


def test_24_bits_come_back_through_single_precision() -> None:
    samples = np.random.default_rng(1).integers(-(2**23), 2**23, 100_000).astype(np.int32)
    samples[:4] = [-(2**23), 2**23 - 1, 0, -1]
    np.testing.assert_array_equal(to_integer(from_integer(samples, bits=24), bits=24), samples)


def test_32_bits_come_back_through_double_precision_and_never_wrap() -> None:
    samples = np.random.default_rng(1).integers(-(2**31), 2**31, 100_000).astype(np.int32)
    np.testing.assert_array_equal(to_integer(from_integer(samples, double=True), bits=32), samples)
    ends = to_integer(np.array([1.0, -1.0], np.float32), bits=32)
    assert ends[0] > 2**31 - 200
    assert ends[1] == -(2**31)


def test_beyond_full_scale_is_refused_or_saturates() -> None:
    x = np.array([0.0, 1.5, -2.0])
    with pytest.raises(ParameterError, match="samples reach 2 times full scale"):
        to_integer(x)
    assert to_integer(x, over="saturate").tolist() == [0, 32767, -32768]
    assert to_integer(np.array([1.0, -1.0])).tolist() == [32767, -32768]


@pytest.mark.parametrize("bits", [4, 8, 16])
def test_six_decibels_a_bit(bits: int) -> None:
    limit = 1 - 2.0 ** (1 - bits)
    x = np.random.default_rng(8).uniform(-limit, limit, 100_000)
    error = requantize(x, bits=bits) - x
    snr_db = 10 * np.log10(np.mean(x**2) / np.mean(error**2))
    assert snr_db == pytest.approx(6.0206 * bits + 20 * np.log10(limit), abs=0.05)


def error_of(dither: Dither, x: np.ndarray, bits: int = 8) -> np.ndarray:
    rng = None if dither == "none" else np.random.default_rng(3)
    return (requantize(x, bits=bits, dither=dither, rng=rng) - x) * 2 ** (bits - 1)


def test_rounding_follows_the_signal_and_dither_does_not() -> None:
    """A sine of 0.7 steps: its rounding is a square wave; the error with dither knows nothing of the sine."""
    x = slow_sine(200_000, 0.7 / 128)
    correlation = {d: np.corrcoef(error_of(d, x), x)[0, 1] for d in ("none", "rectangular", "triangular")}
    assert abs(correlation["none"]) > 0.3
    assert abs(correlation["rectangular"]) < 0.01
    assert abs(correlation["triangular"]) < 0.01
    # Its strength knows something of it with rectangular dither, and nothing with triangular.
    strength = {d: np.corrcoef(error_of(d, x) ** 2, x**2)[0, 1] for d in ("rectangular", "triangular")}
    assert abs(strength["rectangular"]) > 0.1
    assert abs(strength["triangular"]) < 0.01


def test_dither_costs_what_theory_says() -> None:
    x = np.random.default_rng(9).uniform(-0.5, 0.5, 200_000)
    for dither, power in (("none", 1 / 12), ("rectangular", 2 / 12), ("triangular", 3 / 12)):
        assert np.mean(error_of(dither, x) ** 2) == pytest.approx(power, rel=0.02)


def test_what_is_below_a_step_survives_in_dither() -> None:
    x = slow_sine(200_000, 0.3 / 128)
    assert not requantize(x, bits=8).any()
    heard = requantize(x, bits=8, dither="triangular", rng=np.random.default_rng(4))
    amplitude = 2 * np.abs(np.fft.rfft(heard)[37]) / len(x)
    assert amplitude * 128 == pytest.approx(0.3, abs=0.02)


@pytest.mark.parametrize("dither", ["none", "triangular"])
def test_noise_shaping_is_the_recursion_it_replaces(dither: Dither) -> None:
    x = 0.4 * np.random.default_rng(5).standard_normal(3000).clip(-2, 2)
    rng = np.random.default_rng(6)
    noise = np.zeros(len(x)) if dither == "none" else rng.random(len(x)) + rng.random(len(x)) - 1
    error, want = 0.0, []
    for value, disturbance in zip(x * 32, noise, strict=True):
        want.append(np.round(value - error + disturbance))
        error += want[-1] - value
    got = requantize(x, bits=6, dither=dither, rng=np.random.default_rng(6), shaping=True, over="saturate")
    np.testing.assert_array_equal(got * 32, want)


def test_noise_shaping_moves_noise_up() -> None:
    x = slow_sine(1 << 16, 0.5)
    plain, shaped = (
        np.abs(
            np.fft.rfft(
                requantize(x, bits=8, dither="triangular", rng=np.random.default_rng(7), shaping=s) - x
            )
        )
        ** 2
        for s in (False, True)
    )
    low, high = slice(1, 3000), slice(-3000, None)
    assert 10 * np.log10(shaped[low].mean() / plain[low].mean()) < -15
    assert 10 * np.log10(shaped[high].mean() / plain[high].mean()) == pytest.approx(6.0, abs=0.3)


def test_single_precision_keeps_a_long_shaped_signal() -> None:
    x = np.full(500_000, 0.3 / 128, np.float32)  # the worst for running sums: the same rest for ever
    got = requantize(x, bits=8, shaping=True)
    assert got.mean(dtype=np.float64) * 128 == pytest.approx(0.3, abs=1e-5)
    assert set(np.unique(got * 128)) == {0.0, 1.0}


def test_wrong_arguments_are_refused() -> None:
    with pytest.raises(ParameterError, match="rng=numpy"):
        to_integer(np.zeros(3), dither="triangular")
    with pytest.raises(ParameterError, match="bits=33"):
        to_integer(np.zeros(3), bits=33)
    with pytest.raises(ParameterError, match="want int8, uint8, int16 or int32"):
        from_integer(np.zeros(3))
    with pytest.raises(ParameterError, match="bits=24: want 2 to 16"):
        from_integer(np.zeros(3, np.int16), bits=24)
    with pytest.raises(ParameterError, match="unsigned"):
        to_integer(np.zeros(3), bits=16, unsigned=True)

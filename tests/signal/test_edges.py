import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.edges import SHAPES, fade, fade_curve, fade_in, fade_out, fix_length, trim_silence

ONES = np.ones(1000)


@pytest.mark.parametrize("shape", SHAPES)
def test_fades_rise_from_nothing_to_all(shape: str) -> None:
    y = fade(ONES, sample_rate=1000, in_s=0.2, out_s=0.3, shape=shape)
    assert (np.diff(y[:201]) > 0).all()
    assert (y[200:700] == 1).all()
    assert (np.diff(y[699:]) < 0).all()
    assert 0 < y[0] < 0.005
    assert y[-1] < 0.005


@pytest.mark.parametrize(("shape", "power"), [("linear", 1), ("cosine", 1), ("equal_power", 2)])
def test_crossfades_add_up(shape: str, power: int) -> None:
    rising = fade_curve(n=77, shape=shape)
    np.testing.assert_allclose(rising**power + rising[::-1] ** power, 1.0, atol=1e-12)


def test_exponential_is_even_in_decibels() -> None:
    level = 20 * np.log10(fade_curve(n=1000, shape="exponential"))
    steps = np.diff(level)[200:]
    assert steps == pytest.approx(np.full(len(steps), 0.06), abs=0.02)


def test_one_end_at_a_time_and_no_longer_than_the_signal() -> None:
    assert (fade_in(ONES, sample_rate=1000, duration_s=0.1)[100:] == 1).all()
    assert (fade_out(ONES, sample_rate=1000, duration_s=0.1)[:900] == 1).all()
    np.testing.assert_array_equal(fade_in(ONES[:3], sample_rate=1000, duration_s=9), fade_curve(n=3))
    np.testing.assert_array_equal(fade(ONES, sample_rate=1000), ONES)
    for wrong in ({"in_s": -1.0}, {"out_s": 1.0, "shape": "steep"}):
        with pytest.raises(ParameterError, match="want"):
            fade(ONES, sample_rate=1000, **wrong)  # type: ignore[arg-type]


def test_what_is_trimmed_is_silent_and_what_is_left_begins_with_sound() -> None:
    rng = np.random.default_rng(1)
    x = 1e-4 * rng.standard_normal((2, 5000)).clip(-4, 4)
    x[0, 1000:3000] += 0.1
    x[1, 1500:3500] += 0.1
    samples, start, end = trim_silence(x)
    assert (start, end) == (1000, 3500)
    np.testing.assert_array_equal(samples, x[:, 1000:3500])
    assert trim_silence(x, margin=100)[1:] == (900, 3600)
    assert trim_silence(x, margin=9999)[1:] == (0, 5000)


def test_trimming_relative_to_the_peak_follows_the_gain() -> None:
    x = np.concatenate([np.full(100, 1e-3), np.full(50, 0.9), np.full(70, 1e-3)])
    for gain in (1.0, 1e-3):
        assert trim_silence(gain * x, threshold_db=-40, relative_to="peak")[1:] == (100, 150)
    assert trim_silence(1e-3 * x, threshold_db=-40)[1:] == (0, 0)
    assert trim_silence(np.zeros((2, 0))).samples.shape == (2, 0)
    with pytest.raises(ParameterError, match="relative_to"):
        trim_silence(x, relative_to="rms")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="margin"):
        trim_silence(x, margin=-1)


def test_trimming_keeps_the_kind() -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor([0.0, 0.5, 0.0], requires_grad=True)
    trimmed = trim_silence(x).samples
    trimmed.sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0]


X = np.arange(1.0, 6.0)


@pytest.mark.parametrize(
    ("short", "expected"),
    [
        ("end", [1, 2, 3, 4, 5, 0, 0, 0]),
        ("start", [0, 0, 0, 1, 2, 3, 4, 5]),
        ("centre", [0, 1, 2, 3, 4, 5, 0, 0]),
        ("loop", [1, 2, 3, 4, 5, 1, 2, 3]),
    ],
)
def test_short_signals_are_filled(short: str, expected: list[int]) -> None:
    assert fix_length(X, 8, short=short).tolist() == expected


@pytest.mark.parametrize(("crop", "expected"), [("start", [1, 2]), ("centre", [2, 3]), ("end", [4, 5])])
def test_long_signals_are_cut(crop: str, expected: list[int]) -> None:
    assert fix_length(X, 2, crop=crop).tolist() == expected


def test_random_crops_reach_every_place_and_follow_the_generator() -> None:
    rng = np.random.default_rng(2)
    firsts = {fix_length(X, 3, crop="random", rng=rng)[0].item() for _ in range(100)}
    assert firsts == {1.0, 2.0, 3.0}
    one, again = (fix_length(X, 2, crop="random", rng=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one, again)


def test_lengths_are_refused_clearly() -> None:
    with pytest.raises(ParameterError, match="got 5 samples, want at least 8"):
        fix_length(X, 8, short="error")
    with pytest.raises(ParameterError, match="rng"):
        fix_length(X, 2, crop="random")
    with pytest.raises(ParameterError, match="short='fill'"):
        fix_length(X, 8, short="fill")
    with pytest.raises(ParameterError, match="length=0"):
        fix_length(X, 0)
    assert fix_length(X[:0], 3, short="loop").tolist() == [0, 0, 0]

"""Recursive filters as matrix products: the same as sample by sample, wherever the poles lie."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from sori.errors import ParameterError
from sori.signal.filtering import checked_sections, filter_block, filter_both_ways, filter_sections, smooth


def resonance(centre_hz: float, rate: float, q: float) -> np.ndarray:
    turn = 2 * np.pi * centre_hz / rate
    alpha = np.sin(turn) / (2 * q)
    return np.array([[alpha, 0, -alpha, 1 + alpha, -2 * np.cos(turn), 1 - alpha]]) / (1 + alpha)


FILTERS = {
    "first order": signal.butter(1, 100, fs=44100, output="sos"),
    "fourth order": signal.butter(4, 1000, fs=44100, output="sos"),
    "ripples": signal.ellip(7, 0.1, 80, 5000, fs=44100, output="sos"),
    "narrow": signal.cheby1(6, 1, [300, 310], "bandpass", fs=44100, output="sos"),
    "low resonance": resonance(20, 192000, 30),
    "low high-pass": signal.butter(2, 20, "high", fs=192000, output="sos"),
    "low eighth order": signal.butter(8, 20, fs=192000, output="sos"),
    "double pole": np.array([[1e-6, 0, 0, 1, -2 * 0.999, 0.999**2]]),
    "sum": np.array([[1.0, 0, 0, 1, -1, 0]]),
    "no poles": np.array([[0.5, -0.25, 0.125, 1, 0, 0]]),
    "alternating": np.array([[1.0, 0, 0, 1, 1.7, 0.72]]),
}


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 100_000])
def test_equals_the_recursion_sample_by_sample(name: str, n: int) -> None:
    x = np.random.default_rng(0).standard_normal((2, n))
    want = signal.sosfilt(FILTERS[name], x)
    scale = np.abs(want).max()
    assert np.abs(filter_sections(x, FILTERS[name]) - want).max() < 1e-10 * scale
    single = x.astype(np.float32)
    want = signal.sosfilt(FILTERS[name], single.astype(np.float64))
    got = filter_sections(single, FILTERS[name])
    assert got.dtype == np.float32
    # Of the largest value: the signal's, where the filter takes nearly all of it away.
    assert np.abs(got - want).max() < 1e-6 * max(np.abs(want).max(), np.abs(single).max() * 1e-3)


def test_a_low_narrow_resonance_keeps_single_precision() -> None:
    """What defeats a direct form in float32: Q = 30 at 20 Hz and 192 kHz, at the right pitch for a second."""
    sos = resonance(20, 192000, 30)
    x = np.zeros(192000, np.float32)
    x[0] = 1
    want = signal.sosfilt(sos, x.astype(np.float64))
    error = np.abs(filter_sections(x, sos) - want).max() / np.abs(want).max()
    direct = np.abs(signal.sosfilt(sos.astype(np.float32), x) - want).max() / np.abs(want).max()
    assert error < 1e-6
    assert direct > 1e-2


def test_blocks_of_a_stream_make_the_whole() -> None:
    x = np.random.default_rng(1).standard_normal((2, 20_000))
    whole = filter_sections(x, FILTERS["ripples"])
    state, parts = None, []
    for block in np.split(x, [0, 1, 5, 64, 128, 129, 9000], axis=-1):
        part, state = filter_block(block, FILTERS["ripples"], state=state)
        parts.append(part)
    np.testing.assert_allclose(np.concatenate(parts, axis=-1), whole, atol=1e-12)
    _, middle = filter_block(x[:, :777], FILTERS["ripples"])
    np.testing.assert_allclose(
        filter_sections(x[:, 777:], FILTERS["ripples"], initial=middle), whole[:, 777:], atol=1e-12
    )


@pytest.mark.parametrize("name", ["first order", "fourth order", "ripples", "low high-pass"])
def test_both_ways_has_no_delay_and_equals_the_reference(name: str) -> None:
    x = np.cumsum(np.random.default_rng(2).standard_normal((2, 3000)), axis=-1)
    want = signal.sosfiltfilt(FILTERS[name], x)
    np.testing.assert_allclose(filter_both_ways(x, FILTERS[name]), want, atol=1e-9 * np.abs(want).max())
    assert np.argmax(filter_both_ways(np.eye(1, 2001, 1000)[0], FILTERS["fourth order"])) == 1000


def test_both_ways_leaves_a_level_alone() -> None:
    np.testing.assert_allclose(filter_both_ways(np.full(50, 3.0), FILTERS["fourth order"]), 3.0, rtol=1e-12)


def test_both_ways_refuses_what_never_settles() -> None:
    with pytest.raises(ParameterError, match="for ever"):
        filter_both_ways(np.ones(9), FILTERS["sum"])


def test_smoothing_forgets_exponentially() -> None:
    x = np.random.default_rng(3).random((3, 500))
    np.testing.assert_allclose(smooth(x, 0.1), signal.lfilter([0.1], [1, -0.9], x), atol=1e-14)
    level = np.full((3, 100), 0.7)
    np.testing.assert_allclose(smooth(level, 0.025, initial=level[:, :1]), 0.7, rtol=1e-12)
    np.testing.assert_array_equal(smooth(x, 1.0), x)
    whole = smooth(x, 0.2)
    np.testing.assert_allclose(smooth(x[:, 123:], 0.2, initial=whole[:, 122:123]), whole[:, 123:])


def test_a_learned_coefficient_smooths_the_same_and_has_a_gradient() -> None:
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(4).random((3, 200))
    learned = torch.tensor([[0.1], [0.5], [1.0]], dtype=torch.float64, requires_grad=True)
    got = smooth(torch.from_numpy(x), learned, initial=torch.from_numpy(x[:, :1]))
    for row, coefficient, one in zip(x, (0.1, 0.5, 1.0), got, strict=True):
        np.testing.assert_allclose(one.detach(), smooth(row, coefficient, initial=row[:1]), atol=1e-13)
    assert torch.autograd.gradcheck(lambda c: smooth(torch.from_numpy(x[:, :9]), c), (learned,))


def test_compiles_in_one_piece() -> None:
    torch = pytest.importorskip("torch")
    sections = checked_sections(FILTERS["fourth order"])
    x = torch.from_numpy(np.random.default_rng(5).standard_normal((2, 1000)))
    compiled = torch.compile(lambda x: filter_sections(x, sections), fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), filter_sections(x, sections))


@pytest.mark.parametrize(
    "sections",
    [
        [],
        [[1.0, 0, 0, 1, 0]],
        [[1.0, 0, 0, 0, 0, 0]],
        (((1.0, 0.0, 0.0), (-1.1, 0.0)),),
        (((1.0, 0.0, 0.0), (0.0, 1.1)),),
        (((1.0, 0.0), (0.0, 0.1)),),
        (((float("nan"), 0.0, 0.0), (0.0, 0.1)),),
    ],
)
def test_what_is_no_stable_filter_is_refused(sections: object) -> None:
    with pytest.raises(ParameterError):
        filter_sections(np.zeros(10), sections)  # type: ignore[arg-type]


@pytest.mark.parametrize("coefficient", [0.0, -0.1, 1.1])
def test_a_step_past_the_value_is_refused(coefficient: float) -> None:
    with pytest.raises(ParameterError, match="coefficient"):
        smooth(np.zeros(10), coefficient)

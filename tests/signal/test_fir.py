"""Filters without recursion: convolution, and designs that keep what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.fir import fir_filter, fir_taps, kaiser_beta, kaiser_window, response_taps

RATE = 44100.0


def gain(taps: np.ndarray, hz: np.ndarray, rate: float = RATE) -> np.ndarray:
    n = np.arange(len(taps)) - len(taps) // 2
    return np.cos(2 * np.pi * np.outer(hz, n) / rate) @ taps


@pytest.mark.parametrize("k", [1, 2, 16, 17, 101, 128, 129, 1000, 5001])
@pytest.mark.parametrize("n", [1, 50, 4096, 40_000])
def test_is_the_convolution_whatever_the_lengths(k: int, n: int) -> None:
    rng = np.random.default_rng(0)
    x, taps = rng.standard_normal((2, n)), rng.standard_normal(k)
    want = np.stack([np.convolve(row, taps) for row in x])
    np.testing.assert_allclose(fir_filter(x, taps, delay="full"), want, atol=1e-11 * np.abs(want).max())
    np.testing.assert_allclose(fir_filter(x, taps), want[:, :n], atol=1e-11 * np.abs(want).max())
    same = fir_filter(x, taps, delay="same")
    np.testing.assert_allclose(same, want[:, (k - 1) // 2 :][:, :n], atol=1e-11 * np.abs(want).max())
    single = fir_filter(x.astype(np.float32), taps)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, want[:, :n], atol=3e-6 * np.abs(want).max())


@pytest.mark.parametrize("k", [5, 300])
def test_taps_can_be_learned_and_differ_over_a_batch(k: int) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    x, taps = rng.standard_normal((2, 20_000)), rng.standard_normal((2, k))
    learned = torch.from_numpy(taps).requires_grad_()
    got = fir_filter(torch.from_numpy(x), learned)
    for row, own, one in zip(x, taps, got, strict=True):
        np.testing.assert_allclose(one.detach(), np.convolve(row, own)[:20_000], atol=1e-9)
    got.sum().backward()
    want = np.stack([row[: 20_000 - at].sum() for row in x for at in range(k)]).reshape(2, k)
    np.testing.assert_allclose(learned.grad, want, atol=1e-8)


@pytest.mark.parametrize("k", [3, 100])
def test_compiles_in_one_piece(k: int) -> None:
    torch = pytest.importorskip("torch")
    x, taps = torch.from_numpy(np.random.default_rng(2).standard_normal(3000)), (0.5, 0.25) * k
    compiled = torch.compile(lambda x: fir_filter(x, taps), fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), fir_filter(x, taps))


@pytest.mark.parametrize("attenuation_db", [15.0, 30.0, 60.0, 80.0, 120.0])
def test_a_designed_filter_keeps_its_bands(attenuation_db: float) -> None:
    transition, hz = 400.0, np.linspace(0, RATE / 2, 3000)
    ripple = 10 ** (-attenuation_db / 20)
    for low, high, stop in [
        (None, 3000, False),
        (5000, None, False),
        (2000, 9000, False),
        (2000, 9000, True),
    ]:
        taps = fir_taps(
            sample_rate=RATE,
            low_hz=low,
            high_hz=high,
            transition_hz=transition,
            attenuation_db=attenuation_db,
            stop=stop,
        )
        edges = np.array([edge for edge in (low, high) if edge is not None])
        wanted = (hz > (low or -1)) & (hz < (high or RATE))
        clear = (np.abs(hz[:, None] - edges) > transition / 2).all(axis=1)
        error = np.abs(gain(taps, hz) - (wanted != stop))[clear].max()
        assert error < 1.3 * ripple * len(edges)
        np.testing.assert_allclose(gain(taps, edges), 0.5, atol=0.01 + ripple)
        np.testing.assert_allclose(taps, taps[::-1], atol=1e-15)


def test_a_tone_comes_out_where_it_went_in() -> None:
    t = np.arange(20_000) / RATE
    low, high = np.sin(2 * np.pi * 500 * t), np.sin(2 * np.pi * 4000 * t)
    taps = fir_taps(sample_rate=RATE, high_hz=2000.0, transition_hz=1000.0)
    np.testing.assert_allclose(fir_filter(low + high, taps, delay="same")[500:-500], low[500:-500], atol=2e-4)


def test_a_wanted_response_is_met() -> None:
    hz, wanted = np.array([0.0, 500.0, 2000.0, 8000.0]), np.array([0.2, 1.0, 0.5, 2.0])
    taps = response_taps(hz, wanted, sample_rate=RATE, n_taps=1001)
    at = np.array([100.0, 250.0, 800.0, 1500.0, 3000.0, 6000.0, 15_000.0])
    np.testing.assert_allclose(gain(taps, at), np.interp(at, hz, wanted), rtol=0.01)
    np.testing.assert_allclose(taps, taps[::-1], atol=1e-15)


def test_kaisers_window_and_its_parameter() -> None:
    np.testing.assert_allclose(kaiser_window(33, beta=8.6), np.kaiser(33, 8.6), atol=1e-14)
    assert kaiser_window(1, beta=3.0).tolist() == [1.0]
    assert kaiser_beta(10) == 0
    assert kaiser_beta(50.001) == pytest.approx(kaiser_beta(50), rel=0.01)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"high_hz": 0.0},
        {"high_hz": 30_000.0},
        {"low_hz": 2000.0, "high_hz": 1000.0},
        {"high_hz": 1000.0, "transition_hz": 1e-3},
        {"high_hz": 1000.0, "transition_hz": 0.0},
        {"high_hz": 1000.0, "attenuation_db": -3.0},
    ],
)
def test_impossible_designs_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        fir_taps(**({"sample_rate": RATE, "transition_hz": 100.0} | options))


def test_impossible_responses_and_taps_are_refused() -> None:
    for hz, gains, n_taps in [([1, 0], [1, 1], 9), ([0, 1], [1], 9), ([0, 1], [1, 1], 8), ([], [], 9)]:
        with pytest.raises(ParameterError):
            response_taps(hz, gains, sample_rate=RATE, n_taps=n_taps)
    for taps in ([], (), [np.nan, 1.0], (np.inf, 1.0), 3.0):
        with pytest.raises(ParameterError, match="taps"):
            fir_filter(np.zeros(5), taps)
    with pytest.raises(ParameterError, match="delay"):
        fir_filter(np.zeros(5), [1.0], delay="none")

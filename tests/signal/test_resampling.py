"""Another sample rate: tones stay what and where they are, and nothing folds back."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.resampling import resample
from sori.signal.synthesis import chirp

RATES = [(44100, 48000), (48000, 44100), (44100, 22050), (16000, 48000), (44100, 16000)]
COPRIME = [(44100, 44101), (48000, 11003), (8000, 44101), (22050.0, 22050 * 2 ** (1 / 12))]
# quality: part of half the lower rate that passes, ripple and what is left of what must not (factors)
PROMISED = {"high": (0.91, 1e-4, 1e-6), "medium": (0.87, 2.3e-4, 1e-4), "low": (0.75, 6.9e-3, 10**-2.5)}


def tone(hz: float, rate: float, n: int) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(n) / rate)


def middle(x: np.ndarray) -> np.ndarray:
    return x[len(x) // 4 : -(len(x) // 4)]


@pytest.mark.parametrize("quality", PROMISED)
@pytest.mark.parametrize(("orig", "target"), RATES + COPRIME)
def test_tones_stay_where_and_as_loud_as_they_are(quality: str, orig: float, target: float) -> None:
    passed, ripple, _ = PROMISED[quality]
    for part in (0.01, 0.3, 0.6, passed):
        hz, n = part * min(orig, target) / 2, 6000
        got = resample(tone(hz, orig, n), orig_sr=orig, target_sr=target, quality=quality, method="sinc")
        assert len(got) == int(np.ceil(round(n * target / orig, 6)))
        error = np.abs(middle(got - tone(hz, target, len(got)))).max()
        assert error < ripple, f"{20 * np.log10(error):.0f} dB at {hz:.0f} Hz"


@pytest.mark.parametrize("quality", PROMISED)
@pytest.mark.parametrize(("orig", "target"), [(44100, 22050), (48000, 44100), (44100, 16000), (48000, 11003)])
def test_what_the_new_rate_cannot_hold_does_not_fold_back(quality: str, orig: int, target: int) -> None:
    _, _, left = PROMISED[quality]
    for part in (0.0, 0.02, 0.3, 0.99):
        hz = target / 2 + part * (orig - target) / 2
        got = resample(tone(hz, orig, 8000), orig_sr=orig, target_sr=target, quality=quality, method="sinc")
        alias = np.abs(middle(got)).max()
        assert alias < left, f"{hz:.0f} Hz folds back at {20 * np.log10(alias):.0f} dB"


def test_of_a_chirp_nothing_is_left_above_the_edge() -> None:
    """A sweep to 22 kHz, taken to 16 kHz: silence from the moment it passes 8 kHz."""
    x = chirp(100.0, 22000.0, sample_rate=44100, duration_s=1.0, sweep="linear").astype(np.float64)
    x /= np.abs(x).max()
    got = resample(x, orig_sr=44100, target_sr=16000, method="sinc")
    at = np.arange(len(got)) / 16000
    hz = 100 + 21900 * at
    assert np.abs(got[(hz > 300) & (hz < 0.89 * 8000)]).max() == pytest.approx(1.0, abs=1e-3)
    assert np.abs(got[(hz > 1.1 * 8000) & (at < 0.95)]).max() < 2e-6


@pytest.mark.parametrize(("orig", "target"), RATES + COPRIME)
@pytest.mark.parametrize("method", ["sinc", "soxr"])
def test_a_constant_stays_one(orig: float, target: float, method: str) -> None:
    got = resample(np.ones(6000), orig_sr=orig, target_sr=target, method=method)
    np.testing.assert_allclose(middle(got), 1, atol=2e-6)


@pytest.mark.parametrize(("quality", "tolerance"), [("high", 1e-4), ("medium", 2e-4), ("low", 2.5e-2)])
@pytest.mark.parametrize(("orig", "target"), [*RATES, COPRIME[0]])
def test_both_methods_agree_in_the_pass_band(quality: str, tolerance: float, orig: int, target: int) -> None:
    rng = np.random.default_rng(0)
    n = 30_000
    x = sum(tone(hz, orig, n) for hz in rng.uniform(50, 0.7 * min(orig, target) / 2, 5)) / 5
    options = {"orig_sr": orig, "target_sr": target, "quality": quality}
    sinc, soxr = (resample(x, **options, method=method) for method in ("sinc", "soxr"))
    assert sinc.shape == soxr.shape
    assert np.abs(middle(sinc - soxr)).max() < tolerance
    np.testing.assert_array_equal(resample(x, **options), soxr)


def test_single_precision_keeps_its_own() -> None:
    x = tone(1000, 44100, 20_000)
    for target in (48000, 44101, 16000):
        exact = resample(x, orig_sr=44100, target_sr=target, method="sinc")
        single = resample(x.astype(np.float32), orig_sr=44100, target_sr=target, method="sinc")
        assert single.dtype == np.float32
        assert np.abs(single - exact).max() < 2e-6


def test_there_and_back_is_the_signal() -> None:
    rng = np.random.default_rng(1)
    x = sum(tone(hz, 16000, 8000) for hz in rng.uniform(100, 6500, 4))
    there = resample(x, orig_sr=16000, target_sr=44100, method="sinc")
    back = resample(there, orig_sr=44100, target_sr=16000, method="sinc")
    assert back.shape == x.shape
    np.testing.assert_allclose(middle(back), middle(x), atol=1e-5)


def test_both_ways_to_the_sums_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(2).standard_normal(5000)
    exact = {target: resample(x, orig_sr=44100, target_sr=target, method="sinc") for target in (48000, 22050)}
    monkeypatch.setattr("sori.signal.resampling._MOST_PHASES", 0)
    for target, want in exact.items():
        got = resample(x, orig_sr=44100, target_sr=target, method="sinc")
        np.testing.assert_allclose(got, want, atol=3e-6)


def test_a_ratio_of_large_numbers_takes_little_memory() -> None:
    """A table of 44 101 phases would hold 7.7 million weights, and a strided convolution far more."""
    from sori.arrays.matrices import built

    resample(np.zeros(1000), orig_sr=44100, target_sr=44101, method="sinc")
    import tracemalloc

    built.cache_clear()
    tracemalloc.start()
    resample(np.zeros(44100, np.float32), orig_sr=48000, target_sr=44103, method="sinc")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60e6


@pytest.mark.parametrize("target", [16000, 44101])
def test_compiles_in_one_piece_and_has_gradients(target: int) -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(np.random.default_rng(3).standard_normal((2, 700))).requires_grad_()

    def changed(x: object) -> object:
        return resample(x, orig_sr=44100, target_sr=target, quality="low")

    torch._dynamo.reset()  # or the second rate makes it an unknown of the graph
    compiled = torch.compile(changed, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), changed(x))
    # The sum is linear: its gradient is the response to each sample alone.
    (gradient,) = torch.autograd.grad(changed(x).square().sum(), x)
    step = 1e-6 * torch.eye(700, dtype=torch.float64)[300]
    x = x.detach()
    slope = (changed(x[0] + step).square().sum() - changed(x[0] - step).square().sum()) / 2e-6
    assert float(gradient[0, 300]) == pytest.approx(float(slope), rel=1e-5)


def test_nothing_changes_without_a_change_of_rate() -> None:
    x = np.random.default_rng(4).standard_normal(100)
    np.testing.assert_array_equal(resample(x, orig_sr=44100.0, target_sr=44100), x)


@pytest.mark.parametrize("n", [0, 1, 2, 31])
@pytest.mark.parametrize("method", ["sinc", "soxr"])
def test_short_signals_have_their_length(n: int, method: str) -> None:
    for orig, target in ((44100, 48000), (44100, 44101), (3, 1)):
        got = resample(np.ones((2, n)), orig_sr=orig, target_sr=target, method=method)
        assert got.shape == (2, -(-n * target // orig))
        assert np.isfinite(got).all()


def test_impossible_changes_are_refused() -> None:
    x = np.zeros(10)
    for orig, target in ((0, 1), (1, 0), (-1, 1), (1, float("nan")), (float("inf"), 1), (1, 2000)):
        with pytest.raises(ParameterError, match="_sr"):
            resample(x, orig_sr=orig, target_sr=target)
    with pytest.raises(ParameterError, match="quality"):
        resample(x, orig_sr=2, target_sr=1, quality="best")
    with pytest.raises(ParameterError, match="method"):
        resample(x, orig_sr=2, target_sr=1, method="fft")
    torch = pytest.importorskip("torch")
    with pytest.raises(ParameterError, match="soxr"):
        resample(torch.zeros(10), orig_sr=2, target_sr=1, method="soxr")

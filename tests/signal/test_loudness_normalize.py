"""Loudness of arrays: other readings of the same, gradients, reaching a target (the EBU's: test_ebu.py)."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.gated_loudness import integrated_lufs, k_weighted, momentary_lufs, short_term_lufs
from sori.signal.loudness import loudness
from sori.signal.loudness_target import normalize_loudness
from sori.signal.meter import Meter
from sori.signal.running_sum import running_sum
from sori.signal.true_peak import true_peak, true_peak_dbtp

RATE = 48000
RECORDED = json.loads((Path(__file__).parent / "recorded" / "pyloudnorm.json").read_text(encoding="utf-8"))


def sounds(rate: int) -> dict[str, np.ndarray]:
    """The same in recorded/make_levels.py: (channels, time)."""
    rng = np.random.default_rng(11)
    t = np.arange(rate * 6) / rate
    swell = 0.02 + 0.3 * np.sin(np.pi * t / 6) ** 2
    tones = np.stack([np.sin(2 * np.pi * hz * t) for hz in (110, 880, 3300)])
    return {
        "noise": (0.1 * rng.standard_normal(len(t)))[None],
        "swelling noise": swell * rng.standard_normal((2, len(t))) * 0.5,
        "tones": 0.3 * tones[:2] * (np.sin(2 * np.pi * 0.5 * t) > 0),
        "mostly silence": 0.5 * tones[2:] * (t > 5),
        "five channels": 0.1 * rng.standard_normal((5, len(t))),
    }


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("name", sounds(8000))
def test_readings_are_those_of_pyloudnorm(rate: int, name: str) -> None:
    x = sounds(rate)[name]
    want = RECORDED[str(rate)][name]
    assert integrated_lufs(x, sample_rate=rate).item() == pytest.approx(want, abs=0.05)
    assert loudness(x, sample_rate=rate).integrated_lufs == pytest.approx(want, abs=0.05)


@pytest.mark.parametrize("name", sounds(8000))
def test_arrays_and_streams_read_the_same(name: str) -> None:
    x = sounds(RATE)[name].astype(np.float32)
    read = loudness(x, sample_rate=RATE)
    assert integrated_lufs(x, sample_rate=RATE).item() == pytest.approx(read.integrated_lufs, abs=0.006)
    fast = momentary_lufs(x, sample_rate=RATE, hop_s=0.01)
    assert fast.lufs.max() == pytest.approx(read.max_momentary_lufs, abs=0.006)
    slow = short_term_lufs(x, sample_rate=RATE, hop_s=0.01)
    assert slow.lufs.max() == pytest.approx(read.max_short_term_lufs, abs=0.006)
    assert true_peak_dbtp(x, linked=True).item() == pytest.approx(read.true_peak_dbtp, abs=0.006)


def test_the_curve_is_where_the_sound_is() -> None:
    x = np.zeros(10 * RATE)
    x[4 * RATE : 5 * RATE] = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    for curve, width in (
        (momentary_lufs(x, sample_rate=RATE), 0.4),
        (short_term_lufs(x, sample_rate=RATE), 3.0),
    ):
        assert curve.times_s.shape == curve.lufs.shape
        assert np.diff(curve.times_s) == pytest.approx(0.1)
        assert curve.times_s[0] == pytest.approx(width / 2)
        heard = curve.times_s[curve.lufs > -69]
        assert (heard[0], heard[-1]) == pytest.approx((4.0 - width / 2, 5.0 + width / 2), abs=0.11)
    assert curve.lufs.min() == -70.0
    assert momentary_lufs(x[:100], sample_rate=RATE).lufs.shape == (0,)


def test_k_weighting_is_4_db_up_high_and_nothing_at_0_hz() -> None:
    t = np.arange(RATE) / RATE
    shelf = (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1, -1.69065929318241, 0.73248077421585),
    )
    high_pass = ((1, -2, 1), (1, -1.99004745483398, 0.99007225036621))  # the standard's tables
    for hz, about in ((1000, 0.7), (10000, 4.0), (20, -13.3)):
        weighted = k_weighted(np.sin(2 * np.pi * hz * t), sample_rate=RATE)[RATE // 2 :]
        z = np.exp(2j * np.pi * hz / RATE)
        exact = 20 * np.log10(
            abs(np.prod([np.polyval(b, z) / np.polyval(a, z) for b, a in (shelf, high_pass)]))
        )
        assert exact == pytest.approx(about, abs=0.1)
        assert 20 * math.log10(np.sqrt(2 * np.mean(weighted**2))) == pytest.approx(exact, abs=1e-3)
    assert abs(k_weighted(np.ones(RATE), sample_rate=RATE)[-1]) < 1e-9


def test_silence_has_the_gate_and_what_is_too_short_is_refused() -> None:
    assert integrated_lufs(np.zeros((3, 2, RATE)), sample_rate=RATE) == pytest.approx([-70.0] * 3)
    assert integrated_lufs(np.full(RATE, 1e-7), sample_rate=RATE).item() == -70.0
    with pytest.raises(ParameterError, match="got 19199 samples, want at least 19200"):
        integrated_lufs(np.ones(19199), sample_rate=RATE)


def test_layouts_without_weights_are_refused() -> None:
    for measure in (integrated_lufs, loudness):
        with pytest.raises(ParameterError, match="got 9 channels"):
            measure(np.zeros((9, RATE)), sample_rate=RATE)


def test_the_lfe_is_not_heard_and_surrounds_count_more() -> None:
    x = sounds(RATE)["noise"]
    six = np.zeros((6, x.shape[-1]))

    def alone(channel: int) -> float:
        one = six.copy()
        one[channel] = x[0]
        return float(integrated_lufs(one, sample_rate=RATE))

    assert alone(3) == -70.0
    assert alone(4) - alone(0) == pytest.approx(10 * math.log10(1.41), abs=1e-6)


def test_loudness_can_be_learned() -> None:
    """Ten steps of Newton on a gain: the slope of loudness is 20 / (ln 10 gain), exactly."""
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(sounds(RATE)["swelling noise"])
    gain = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    for _ in range(10):
        error = integrated_lufs(gain * x, sample_rate=RATE) + 23.0
        (slope,) = torch.autograd.grad(error, gain)
        assert slope.item() == pytest.approx(20 / (math.log(10) * gain.item()), rel=1e-9)
        gain = (gain * 10 ** (-error / (slope * gain) / math.log(10))).detach().requires_grad_()
    assert integrated_lufs(gain * x, sample_rate=RATE).item() == pytest.approx(-23.0, abs=1e-9)


@pytest.mark.parametrize("target", [-40.0, -23.0])
def test_the_target_is_reached_by_each_signal_of_a_batch(target: float) -> None:
    x = sounds(RATE)["swelling noise"]
    batch = np.stack([x, 0.01 * x, np.zeros_like(x)])
    y = normalize_loudness(batch, sample_rate=RATE, target_lufs=target)
    assert integrated_lufs(y, sample_rate=RATE) == pytest.approx([target, target, -70.0], abs=1e-9)
    assert not y[2].any()
    np.testing.assert_allclose(y[0], y[1], rtol=1e-9)


class TestCeiling:
    X = sounds(RATE)["tones"]

    def test_error_says_by_how_much(self) -> None:
        with pytest.raises(ParameterError, match=r"take peaks \d+\.\d\d dB beyond the ceiling"):
            normalize_loudness(self.X, sample_rate=RATE, target_lufs=0.0)

    def test_reduce_stops_at_the_ceiling(self) -> None:
        y = normalize_loudness(self.X, sample_rate=RATE, target_lufs=0.0, over="reduce")
        assert true_peak_dbtp(y, linked=True).item() == pytest.approx(-1.0, abs=1e-9)
        np.testing.assert_allclose(
            y / np.where(self.X == 0, 1, self.X), y[0, 1] / self.X[0, 1] * (self.X != 0)
        )

    def test_limit_comes_closer_and_stays_below(self) -> None:
        quiet = 0.1 * self.X
        reduced, limited = (
            normalize_loudness(quiet, sample_rate=RATE, target_lufs=0.0, over=over)
            for over in ("reduce", "limit")
        )
        assert true_peak_dbtp(limited, linked=True).item() <= -1.0
        read = [integrated_lufs(y, sample_rate=RATE).item() for y in (reduced, limited)]
        assert read[0] < read[1] <= 0.1

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    def test_limit_makes_up_for_what_the_peaks_carried(self, dtype: str) -> None:
        """Noise with strokes 20 dB above it: held down, they leave the target to the rest."""
        rng = np.random.default_rng(5)
        strokes = 1 + 10 * (np.arange(3 * RATE) % RATE < 2000)
        x = (0.02 * strokes * rng.standard_normal((2, 3 * RATE))).astype(dtype)
        x = np.stack([x, 0.1 * x])
        y = normalize_loudness(x, sample_rate=RATE, target_lufs=-9.0, over="limit")
        assert y.dtype == dtype
        assert integrated_lufs(y, sample_rate=RATE) == pytest.approx([-9.0, -9.0], abs=0.1)
        assert true_peak_dbtp(y, linked=True).max() <= -1 + 1e-5
        alone = normalize_loudness(x[1], sample_rate=RATE, target_lufs=-9.0, over="limit")
        np.testing.assert_allclose(y[1], alone, atol=1e-5)

    def test_limit_stays_below_where_the_target_is_out_of_reach(self) -> None:
        click = np.zeros((2, RATE))
        click[:, 100] = 0.5
        y = normalize_loudness(click, sample_rate=RATE, target_lufs=0.0, over="limit")
        assert true_peak_dbtp(y, linked=True).item() == pytest.approx(-1.0, abs=1e-6)

    def test_a_loud_silence_is_not_a_reason(self) -> None:
        """A click in digital silence is below the gate: it stays, whatever gain loudness would ask for."""
        click = np.zeros((2, RATE))
        click[:, 100] = 1e-3
        for over in ("error", "reduce", "limit"):
            np.testing.assert_array_equal(
                normalize_loudness(click, sample_rate=RATE, target_lufs=-14.0, over=over),  # type: ignore[arg-type]
                click,
            )

    def test_other_words_are_refused(self) -> None:
        with pytest.raises(ParameterError, match="over='clip'"):
            normalize_loudness(self.X, sample_rate=RATE, target_lufs=-23.0, over="clip")  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_true_peak_is_the_full_interpolation_and_the_meters(dtype: str) -> None:
    x = np.random.default_rng(3).standard_normal((2, 300_000)).astype(dtype) * 0.1
    x[0, 200_000:200_020] *= 5
    meter = Meter(sample_rate=RATE, channels=1)
    meter.process(x[:1].astype(np.float32))
    assert true_peak(x)[0] == pytest.approx(meter.finish().true_peak, rel=1e-6)
    assert true_peak(x, linked=True).item() == true_peak(x).max()
    short = np.concatenate([np.zeros(262_140), x[0, :300]])
    assert true_peak(short).item() == pytest.approx(true_peak(x[0, :300]).item(), rel=1e-6)


def test_running_sums_are_sums() -> None:
    x = np.random.default_rng(4).standard_normal((2, 100))
    for size in (1, 2, 3, 7, 64, 99, 100):
        want = np.stack([x[:, k : k + size].sum(axis=-1) for k in range(100 - size + 1)], axis=-1)
        np.testing.assert_allclose(running_sum(x, size), want, atol=1e-12)
    with pytest.raises(ParameterError, match="longer"):
        running_sum(x, 101)

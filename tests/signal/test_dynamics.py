"""Compressor, limiter and gate: static curves, time constants, and a ceiling that holds."""

import math
from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.dynamics import compressor, gate, limiter
from sori.signal.loudness import loudness
from sori.signal.true_peak import true_peak_dbtp

RATE = 44100
T = np.arange(2 * RATE) / RATE


def steady(level_db: float, n: int = RATE) -> np.ndarray:
    return np.full(n, 10 ** (level_db / 20))


def gain_db(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    return np.asarray(20 * np.log10(y / x))


@pytest.mark.parametrize("level", [-60.0, -30.0, -21.0, -20.0, -19.0, -10.0, 0.0])
@pytest.mark.parametrize("knee", [0.0, 10.0])
def test_the_static_curve_is_the_one_of_the_paper(level: float, knee: float) -> None:
    """Giannoulis, Massberg & Reiss 2012, equation 4."""
    threshold, ratio = -20.0, 4.0
    above = level - threshold
    if 2 * above < -knee:
        want = level
    elif 2 * abs(above) <= knee and knee:
        want = level + (1 / ratio - 1) * (above + knee / 2) ** 2 / (2 * knee)
    else:
        want = threshold + above / ratio
    x = steady(level)
    y = compressor(x, sample_rate=RATE, threshold_db=threshold, ratio=ratio, knee_db=knee)
    assert 20 * math.log10(y[-1]) == pytest.approx(want, abs=1e-6)


def test_gain_falls_and_returns_with_its_time_constants() -> None:
    attack, release = 0.01, 0.2
    x = np.concatenate([steady(-60), steady(0), steady(-60, 2 * RATE)])
    y = compressor(
        x, sample_rate=RATE, threshold_db=-20, ratio=math.inf, knee_db=0, attack_s=attack, release_s=release
    )
    gain = gain_db(y, x)
    assert not gain[:RATE].any()
    assert gain[2 * RATE - 1] == pytest.approx(-20.0, abs=1e-6)
    fallen = np.argmax(gain < -20 * (1 - math.exp(-1))) - RATE
    assert fallen / RATE == pytest.approx(attack, rel=0.01)
    # The detector fades with the release, and the attack's smoothing follows a little later.
    risen = np.argmax(gain[2 * RATE :] > -20 * math.exp(-1))
    assert risen / RATE == pytest.approx(release + attack, rel=0.01)


def test_the_detector_is_the_recursion_it_replaces() -> None:
    x = np.random.default_rng(1).standard_normal(4000) * np.linspace(1, 0.01, 4000)
    y = compressor(x, sample_rate=8000, threshold_db=-30, ratio=3, knee_db=0, attack_s=0.003, release_s=0.05)
    attack, release = math.exp(-1 / (0.003 * 8000)), math.exp(-1 / (0.05 * 8000))
    peak = level = 0.0
    want = []
    for value in x:
        over = max(0.0, 20 * math.log10(max(abs(value), 1e-6)) + 30) * (1 - 1 / 3)
        peak = max(over, release * peak)
        level = attack * level + (1 - attack) * peak
        want.append(value * 10 ** (-level / 20))
    np.testing.assert_allclose(y, want, rtol=1e-9)


def test_linked_channels_keep_their_balance() -> None:
    x = np.stack([0.9 * np.sin(2 * np.pi * 200 * T), 0.01 * np.sin(2 * np.pi * 300 * T)])
    apart, linked = (compressor(x, sample_rate=RATE, linked=linked) for linked in (False, True))
    np.testing.assert_array_equal(apart[1], x[1])  # alone it is below the threshold
    gain = linked[:, 1::2] / np.where(x == 0, 1, x)[:, 1::2]
    np.testing.assert_allclose(gain[0], gain[1], rtol=1e-9)
    for effect in (limiter, gate):
        y = effect(4 * x, sample_rate=RATE, linked=True)  # type: ignore[operator]
        gain = y[:, 1::2] / np.where(x == 0, 1, x)[:, 1::2]
        np.testing.assert_allclose(gain[0], gain[1], rtol=1e-9)


def sounds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    n = len(T)
    clicks = np.zeros(n)
    clicks[rng.integers(0, n, 60)] = rng.choice([-5.0, 5.0], 60)
    return {
        "noise": rng.standard_normal(n),
        "clicks": clicks,
        "square": 2 * np.sign(np.sin(2 * np.pi * 997 * T)),
        "between the samples": 3 * np.sin(2 * np.pi * (np.arange(n) / 4 + 1 / 8)),
        "bursts": 3 * np.sin(2 * np.pi * 3000 * T) * (np.sin(2 * np.pi * 7 * T) > 0.5),
        "random signs": 5 * np.sign(rng.standard_normal(n)),
        "one enormous sample": np.where(np.arange(n) == 40000, 1e3, 0.5 * np.sin(2764 * T)),
        "loud to the last sample": np.concatenate([np.zeros(n - 3), [2.0, -2.0, 2.0]]),
        "short": np.array([3.0, -3.0, 3.0]),
    }


@pytest.mark.parametrize("name", sounds())
@pytest.mark.parametrize("lookahead_s", [0.005, 0.0005, 0.0])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_limiter_holds_its_ceiling(name: str, lookahead_s: float, dtype: str) -> None:
    x = sounds()[name].astype(dtype)
    y = limiter(x, sample_rate=RATE, ceiling_dbtp=-1.0, lookahead_s=lookahead_s)
    assert y.dtype == x.dtype
    assert true_peak_dbtp(y).item() <= -1.0
    read = loudness(y, sample_rate=RATE).true_peak_dbtp  # the meter of streams
    assert read is not None
    assert read <= -1.0


def test_the_limiter_holds_its_ceiling_on_music(data: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    files = sorted((data / "music" / "librosa").glob("*.ogg"))[:8]
    assert files
    for file in files:
        x, rate = soundfile.read(file, dtype="float32", always_2d=True, frames=30 * 22050)
        x = x.T * (4 / max(np.abs(x).max(), 1e-3))
        y = limiter(x, sample_rate=rate, linked=True)
        read = loudness(y, sample_rate=rate).true_peak_dbtp
        assert read is not None
        assert -1.05 <= read <= -1.0


def test_what_is_below_the_ceiling_is_not_touched() -> None:
    x = 0.25 * np.random.default_rng(6).standard_normal(RATE).clip(-1, 1)
    np.testing.assert_array_equal(limiter(x, sample_rate=RATE), x)
    loud = np.concatenate([x, 8 * x, x])
    y = limiter(loud, sample_rate=RATE, lookahead_s=0.005)
    early = RATE - round(0.006 * RATE)
    # The whole was lowered for what is left over between the samples, by no more than 0.005 dB.
    np.testing.assert_allclose(y[:early], loud[:early], rtol=10 ** (0.005 / 20) - 1)


def test_the_gain_moves_smoothly_and_is_down_in_time() -> None:
    x = np.full(RATE, 0.5)
    x[20000:] = 4.0
    y = limiter(x, sample_rate=RATE, ceiling_dbtp=0.0, lookahead_s=0.005, release_s=0.05)
    gain = gain_db(y, x)
    moving = np.flatnonzero(np.diff(gain) < -1e-9)
    assert moving[0] >= 20000 - 0.005 * RATE - 13
    assert gain[20000] == pytest.approx(-20 * math.log10(4), abs=1.5)  # the step itself rings higher
    assert np.abs(np.diff(gain)).max() < 0.25


def test_a_gate_shuts_out_what_is_soft_and_leaves_what_is_loud() -> None:
    tone = np.sin(2 * np.pi * 100 * T)
    x = np.where(T < 1, 0.5, 1e-4) * tone
    y = gate(x, sample_rate=RATE, threshold_db=-40, range_db=60)
    np.testing.assert_allclose(y[2000:RATE], x[2000:RATE], rtol=1e-9)
    late = slice(int(1.9 * RATE), None)
    fallen = 20 * np.log10(np.abs(y[late]).max() / np.abs(x[late]).max())
    assert fallen == pytest.approx(-60, abs=0.1)


def test_the_gate_has_hysteresis_and_holds() -> None:
    levels = (-50, -43, -38, -43, -50, -43)  # opens at -40, closes below -46
    x = np.concatenate([steady(level) for level in levels])
    y = gate(x, sample_rate=RATE, threshold_db=-40, hysteresis_db=6, hold_s=0.05, release_s=0.01, range_db=40)
    ends = gain_db(y, x)[RATE - 1 :: RATE]
    assert ends == pytest.approx([-40, -40, 0, 0, -40, -40], abs=0.01)
    closing = gain_db(y, x)[4 * RATE :]
    assert np.argmax(closing < -0.01) / RATE == pytest.approx(0.05, abs=0.001)


def test_the_gate_is_the_loop_it_replaces() -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal(5000) * np.repeat(10 ** rng.uniform(-4, 0, 50), 100)
    y = gate(x, sample_rate=8000, hold_s=0.004, attack_s=0.002, release_s=0.02, range_db=30)
    attack, release = math.exp(-1 / 16), math.exp(-1 / 160)
    is_open, peak, gain, want = False, 0.0, 0.0, []
    for n, value in enumerate(x):
        level = np.abs(x[max(0, n - 32) : n + 1]).max()
        is_open = level > 10 ** (-50 / 20) or (is_open and level >= 10 ** (-56 / 20))
        peak = max(float(is_open), release * peak)
        gain = attack * gain + (1 - attack) * peak
        want.append(value * 10 ** (30 * (gain - 1) / 20))
    np.testing.assert_allclose(y, want, rtol=1e-9, atol=1e-15)


def test_wrong_arguments_are_refused() -> None:
    for call in (
        lambda: compressor(T, sample_rate=RATE, ratio=0.5),
        lambda: compressor(T, sample_rate=RATE, attack_s=-1),
        lambda: compressor(T, sample_rate=RATE, linked=True),
        lambda: limiter(T, sample_rate=0),
        lambda: limiter(T, sample_rate=RATE, lookahead_s=-1),
        lambda: gate(T, sample_rate=RATE, hold_s=-1),
    ):
        with pytest.raises(ParameterError, match="want"):
            call()

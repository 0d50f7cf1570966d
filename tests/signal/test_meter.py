import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.loudness import levels_of_cells, loudness, loudness_of_cells
from sori.signal.meter import Cells, Meter, k_weighting
from sori.signal.true_peak import _TAPS


def measure(x: np.ndarray, rate: int, cuts: list[int] | None = None) -> Cells:
    meter = Meter(sample_rate=rate, channels=len(x))
    for block in np.split(x, cuts or [], axis=1):
        meter.process(block.astype(np.float32))
    return meter.finish()


def test_weighting_at_48_khz_is_the_standard_table() -> None:
    (shelf, high_pass) = k_weighting(48000)
    assert shelf[0] == pytest.approx((1.53512485958697, -2.69169618940638, 1.19839281085285), abs=1e-12)
    assert shelf[1] == pytest.approx((-1.69065929318241, 0.73248077421585), abs=1e-12)
    assert high_pass[1] == pytest.approx((-1.99004745483398, 0.99007225036621), abs=1e-12)


@pytest.mark.parametrize("rate", [7919, 11025, 44100, 48000])
def test_energies_equal_a_sample_by_sample_filter(rate: int) -> None:
    from scipy.signal import sosfilt

    rng = np.random.default_rng(1)
    x = rng.standard_normal((2, rate * 7 + 123)) * 0.1
    cells = measure(x, rate, cuts=[1, 1000, 1001, rate, 5 * rate])
    sections = [[*b, 1.0, *a] for b, a in k_weighting(rate)]
    y = sosfilt(sections, x)[:, : len(cells.energy) * cells.cell]
    expected = (y.reshape(2, -1, cells.cell) ** 2).mean(axis=2).sum(axis=0)
    np.testing.assert_allclose(cells.energy, expected, rtol=1e-4)
    assert cells.n_samples == x.shape[1]


@pytest.mark.parametrize("colour", ["white", "music", "square", "tiny"])
def test_true_peak_equals_the_full_interpolation(colour: str) -> None:
    rng = np.random.default_rng(2)
    n = 44100 * 4 + 77
    t = np.arange(n) / 44100
    x = {
        "white": rng.standard_normal(n) * 0.2,
        "music": 0.4 * np.sin(2 * np.pi * 220 * t) + 0.3 * np.sin(2 * np.pi * 3111 * t) * np.exp(-t),
        "square": np.sign(np.sin(2 * np.pi * 997 * t)) * 0.9,
        "tiny": rng.standard_normal(n) * 1e-7,
    }[colour].astype(np.float32)
    full = max(np.abs(np.convolve(x.astype(np.float64), taps)[:n]).max() for taps in _TAPS)
    expected = max(full, np.abs(x).max())
    assert measure(x[None], 44100, cuts=[999, 50000]).true_peak == pytest.approx(expected, rel=1e-5)


def test_blocks_do_not_matter() -> None:
    x = np.random.default_rng(3).standard_normal((2, 100_000)) * 0.2
    whole, cut = measure(x, 44100), measure(x, 44100, cuts=list(range(7, 100_000, 977)))
    np.testing.assert_allclose(whole.energy, cut.energy, rtol=1e-5)
    np.testing.assert_array_equal(whole.peak, cut.peak)
    assert whole.true_peak == pytest.approx(cut.true_peak, rel=1e-6)


def test_silence_has_no_loudness_and_is_all_silence() -> None:
    cells = measure(np.zeros((2, 44100 * 4)), 44100)
    assert loudness_of_cells(cells).integrated_lufs is None
    assert loudness_of_cells(cells).true_peak_dbtp is None
    levels = levels_of_cells(cells)
    assert levels.silent_fraction == 1.0
    assert levels.leading_silence_s == 4.0


def test_silence_at_the_ends_is_measured() -> None:
    x = np.zeros(48000 * 5)
    x[48000:-96000] = np.sin(np.arange(96000))
    levels = levels_of_cells(measure(x[None], 48000))
    assert levels.leading_silence_s == pytest.approx(1.0, abs=0.02)
    assert levels.trailing_silence_s == pytest.approx(2.0, abs=0.02)
    assert levels.silent_fraction == pytest.approx(0.6, abs=0.01)


def test_clipping_is_counted_and_a_loud_peak_is_not_clipping() -> None:
    t = np.arange(44100) / 44100
    clean = np.sin(2 * np.pi * 997 * t)  # touches full scale one sample at a time
    assert levels_of_cells(measure(clean[None], 44100)).clipped_runs == 0
    clipped = levels_of_cells(measure(np.clip(3 * clean, -1, 1)[None], 44100))
    # Two runs a period of 997 Hz; a run cut by the edge of a cell counts in both.
    assert 1900 < clipped.clipped_runs < 2300
    assert clipped.clipped_samples > 20000


def test_gain_moves_loudness_by_as_much() -> None:
    x = np.random.default_rng(4).standard_normal((1, 44100 * 5)) * 0.1
    loud, soft = (loudness(x * g, sample_rate=44100).integrated_lufs for g in (1.0, 0.1))
    assert loud is not None
    assert soft is not None
    assert loud - soft == pytest.approx(20.0, abs=0.02)


@pytest.mark.parametrize("n", [0, 1, 10, 100, 4409, 17640])
def test_short_signals_are_measured_or_unknown(n: int) -> None:
    read = loudness(np.full((1, n), 0.5), sample_rate=44100)
    assert (read.integrated_lufs is None) == (n < 17640)
    assert (read.true_peak_dbtp is None) == (n == 0)


def test_what_is_no_signal_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"pass samples\.T"):
        loudness(np.zeros((1000, 2)), sample_rate=44100)
    for wrong in (np.nan, np.inf, 1e30):
        with pytest.raises(ParameterError, match="times full scale"):
            loudness(np.full((1, 1000), wrong), sample_rate=44100)
    with pytest.raises(ParameterError, match="positive"):
        loudness(np.zeros((1, 10)), sample_rate=0)

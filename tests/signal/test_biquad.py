"""Second-order and Butterworth filters do at their frequencies what their parameters say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from sori.errors import ParameterError
from sori.signal import biquad
from sori.signal.butterworth import band_pass, band_stop, butterworth_sections, high_pass, low_pass
from sori.signal.filtering import Sections

RATE = 44100.0


def level_db(sections: Sections, *hz: float, rate: float = RATE) -> np.ndarray:
    sos = [[*b, 1.0, *a] for b, a in sections]
    _, gain = signal.freqz_sos(sos, worN=np.array(hz), fs=rate)
    return 20 * np.log10(np.maximum(np.abs(gain), 1e-15))


def test_low_and_high_pass_halve_the_power_at_the_cutoff() -> None:
    low = level_db(biquad.low_pass_biquad(sample_rate=RATE, cutoff_hz=500), 1, 500, 4000, 8000)
    np.testing.assert_allclose(low[:2], [0, -3.0103], atol=1e-4)
    assert low[3] - low[2] < -12  # per octave, and more on the way to half the sample rate
    high = level_db(biquad.high_pass_biquad(sample_rate=RATE, cutoff_hz=500), 30, 60, 500, 20000)
    np.testing.assert_allclose(high[2:], [-3.0103, 0], atol=1e-3)
    assert high[1] - high[0] == pytest.approx(12.04, abs=0.1)
    resonant = level_db(biquad.low_pass_biquad(sample_rate=RATE, cutoff_hz=500, q=4.0), 500)
    assert resonant[0] == pytest.approx(20 * np.log10(4), abs=1e-9)


def test_band_pass_has_its_two_gains_and_its_width() -> None:
    at = {"sample_rate": RATE, "centre_hz": 1000.0}
    edges = (1000 * 2**-0.5, 1000.0, 1000 * 2**0.5)
    peak = level_db(biquad.band_pass_biquad(**at, bandwidth_octaves=1.0), *edges)
    np.testing.assert_allclose(peak, [-3.01, 0, -3.01], atol=0.02)
    skirt = level_db(biquad.band_pass_biquad(**at, q=8.0, gain="skirt"), 1000.0)
    assert skirt[0] == pytest.approx(20 * np.log10(8), abs=1e-9)


def test_notch_takes_one_frequency_and_all_pass_none() -> None:
    notch = level_db(biquad.notch_biquad(sample_rate=RATE, centre_hz=50, q=30), 50, 45, 55, 1000)
    assert notch[0] < -200
    np.testing.assert_allclose(notch[1:], 0, atol=0.2)
    sections = biquad.all_pass_biquad(sample_rate=RATE, centre_hz=3000, q=2)
    np.testing.assert_allclose(level_db(sections, 10, 1000, 3000, 22000), 0, atol=1e-9)


@pytest.mark.parametrize("gain_db", [-18.0, -3.0, 0.0, 6.0, 12.0])
def test_peaks_and_shelves_reach_their_gain_and_are_undone(gain_db: float) -> None:
    peak = {"sample_rate": RATE, "centre_hz": 2000.0, "q": 1.4}
    shelf = {"sample_rate": RATE, "cutoff_hz": 2000.0}
    bell = level_db(biquad.peaking_biquad(**peak, gain_db=gain_db), 1, 2000, 22049)
    np.testing.assert_allclose(bell, [0, gain_db, 0], atol=1e-3)
    low = level_db(biquad.low_shelf_biquad(**shelf, gain_db=gain_db), 0, 2000, 22049)
    np.testing.assert_allclose(low, [gain_db, gain_db / 2, 0], atol=1e-3)
    high = level_db(biquad.high_shelf_biquad(**shelf, gain_db=gain_db), 1, 2000, 22049)
    np.testing.assert_allclose(high, [0, gain_db / 2, gain_db], atol=1e-3)
    x = np.random.default_rng(0).standard_normal(2000)
    raised = biquad.peaking(x, **peak, gain_db=gain_db)
    np.testing.assert_allclose(biquad.peaking(raised, **peak, gain_db=-gain_db), x, atol=1e-10)
    raised = biquad.low_shelf(x, **shelf, gain_db=gain_db)
    np.testing.assert_allclose(biquad.low_shelf(raised, **shelf, gain_db=-gain_db), x, atol=1e-10)
    raised = biquad.high_shelf(x, **shelf, gain_db=gain_db)
    np.testing.assert_allclose(biquad.high_shelf(raised, **shelf, gain_db=-gain_db), x, atol=1e-10)


def test_the_steepest_shelf_has_no_bump_and_a_gentler_one_is_gentler() -> None:
    hz = np.geomspace(20, 20000, 200)
    at = {"sample_rate": RATE, "cutoff_hz": 1000.0, "gain_db": 12.0}
    steep = level_db(biquad.low_shelf_biquad(**at, slope=1.0), *hz)
    gentle = level_db(biquad.low_shelf_biquad(**at, slope=0.5), *hz)
    assert np.diff(steep).max() < 1e-9
    assert np.diff(gentle).max() < 1e-9
    assert np.abs(np.diff(gentle)).max() < np.abs(np.diff(steep)).max()


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5, 8, 13])
@pytest.mark.parametrize("low_hz", [None, 40.0, 700.0])
@pytest.mark.parametrize("high_hz", [None, 900.0, 21000.0])
@pytest.mark.parametrize("stop", [False, True])
def test_butterworth_equals_the_reference(
    order: int, low_hz: float | None, high_hz: float | None, stop: bool
) -> None:
    both = low_hz is not None and high_hz is not None
    if (stop and not both) or (low_hz is None and high_hz is None):
        with pytest.raises(ParameterError, match="want a frequency"):
            butterworth_sections(sample_rate=RATE, order=order, low_hz=low_hz, high_hz=high_hz, stop=stop)
        return
    sections = butterworth_sections(sample_rate=RATE, order=order, low_hz=low_hz, high_hz=high_hz, stop=stop)
    kind = ("bandstop" if stop else "bandpass") if both else ("lowpass" if low_hz is None else "highpass")
    edges = [hz for hz in (low_hz, high_hz) if hz is not None]
    sos = signal.butter(order, edges if both else edges[0], kind, fs=RATE, output="sos")
    hz = np.geomspace(10, 22000, 500)
    _, want = signal.freqz_sos(sos, worN=hz, fs=RATE)
    _, got = signal.freqz_sos([[*b, 1.0, *a] for b, a in sections], worN=hz, fs=RATE)
    np.testing.assert_allclose(got, want, atol=1e-6)
    np.testing.assert_allclose(level_db(sections, *edges), -3.0103, atol=1e-3)


def test_tones_pass_or_die() -> None:
    t = np.arange(44100) / RATE
    low, high = np.sin(2 * np.pi * 100 * t), np.sin(2 * np.pi * 5000 * t)
    x, middle = low + high, slice(8000, -8000)
    kept = low_pass(x, sample_rate=RATE, cutoff_hz=700, order=6, zero_phase=True)
    np.testing.assert_allclose(kept[middle], low[middle], atol=1e-6)
    kept = high_pass(x, sample_rate=RATE, cutoff_hz=700, order=6, zero_phase=True)
    np.testing.assert_allclose(kept[middle], high[middle], atol=1e-6)
    kept = band_pass(x, sample_rate=RATE, low_hz=1000, high_hz=20000, order=4, zero_phase=True)
    np.testing.assert_allclose(kept[middle], high[middle], atol=2e-3)
    kept = band_stop(x, sample_rate=RATE, low_hz=1000, high_hz=20000, order=4, zero_phase=True)
    np.testing.assert_allclose(kept[middle], low[middle], atol=2e-3)
    hum = biquad.notch(x, sample_rate=RATE, centre_hz=100)
    np.testing.assert_allclose(hum[30000:], high[30000:], atol=0.02)
    turned = biquad.all_pass(low, sample_rate=RATE, centre_hz=100)
    np.testing.assert_allclose(turned[30000:], -low[30000:], atol=1e-3)


@pytest.mark.parametrize(
    "options",
    [
        {"cutoff_hz": 0.0},
        {"cutoff_hz": 22050.0},
        {"cutoff_hz": float("nan")},
        {"cutoff_hz": 100.0, "q": 0.0},
        {"cutoff_hz": 100.0, "bandwidth_octaves": -1.0},
        {"cutoff_hz": 100.0, "bandwidth_octaves": 1.0, "q": 1.0},
    ],
)
def test_impossible_parameters_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ParameterError):
        biquad.low_pass_biquad(sample_rate=RATE, **options)


def test_impossible_shelves_bands_and_orders_are_refused() -> None:
    with pytest.raises(ParameterError, match="slope"):
        biquad.low_shelf_biquad(sample_rate=RATE, cutoff_hz=100, gain_db=3, slope=2)
    with pytest.raises(ParameterError, match="one of them"):
        biquad.high_shelf_biquad(sample_rate=RATE, cutoff_hz=100, gain_db=3, slope=1, q=1)
    with pytest.raises(ParameterError, match="gain_db"):
        biquad.peaking_biquad(sample_rate=RATE, centre_hz=100, gain_db=float("inf"))
    with pytest.raises(ParameterError, match="gain"):
        biquad.band_pass_biquad(sample_rate=RATE, centre_hz=100, gain="loud")
    with pytest.raises(ParameterError, match="order"):
        low_pass(np.zeros(9), sample_rate=RATE, cutoff_hz=100, order=25)
    with pytest.raises(ParameterError, match="lower one first"):
        band_pass(np.zeros(9), sample_rate=RATE, low_hz=200, high_hz=100)
    with pytest.raises(ParameterError, match="sample_rate"):
        high_pass(np.zeros(9), sample_rate=0, cutoff_hz=100)


def test_designs_compile() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(np.random.default_rng(0).standard_normal(500))

    def equalised(x: object) -> object:
        x = band_pass(x, sample_rate=RATE, low_hz=200, high_hz=3000, order=3)
        x = low_pass(x, sample_rate=RATE, cutoff_hz=2000, order=3)
        return biquad.low_shelf(x, sample_rate=RATE, cutoff_hz=300, gain_db=3)

    compiled = torch.compile(equalised, fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), equalised(x))

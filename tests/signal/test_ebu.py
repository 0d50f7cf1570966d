"""The EBU's own test signals for loudness meters: every case of Tech 3341 and 3342 that can be synthesised.

Levels are peak levels per channel of 1 kHz sines. Programme-material cases (3341: 7, 8; 3342: 5, 6)
need the EBU's recordings and are not here.
"""

import numpy as np
import pytest

from sori.signal.gated_loudness import integrated_lufs, momentary_lufs, short_term_lufs
from sori.signal.loudness import loudness, window_energy
from sori.signal.meter import Meter
from sori.signal.true_peak import true_peak_dbtp

RATE = 48000


def tone(*parts: tuple[float, float], rate: int = RATE, hz: float = 1000.0) -> np.ndarray:
    """A phase-continuous sine; parts are (seconds, dBFS)."""
    gain = np.concatenate([np.full(round(s * rate), 10 ** (db / 20)) for s, db in parts])
    return gain * np.sin(2 * np.pi * hz * np.arange(len(gain)) / rate)


def stereo(*parts: tuple[float, float], rate: int = RATE) -> np.ndarray:
    return np.tile(tone(*parts, rate=rate), (2, 1))


SILENT = -300.0

INTEGRATED = {
    "3341-1": (stereo((20, -23)), -23.0),
    "3341-2": (stereo((20, -33)), -33.0),
    "3341-3": (stereo((10, -36), (60, -23), (10, -36)), -23.0),
    "3341-4": (stereo((10, -72), (10, -36), (60, -23), (10, -36), (10, -72)), -23.0),
    "3341-5": (stereo((20, -26), (20.1, -20), (20, -26)), -23.0),
    "3341-6": (np.stack([tone((20, db)) for db in (-28, -28, -24, -30, -30)]), -23.0),
    "calibration": (stereo((20, -18)), -18.0),
}


@pytest.mark.parametrize("case", INTEGRATED)
def test_integrated(case: str) -> None:
    signal, expected = INTEGRATED[case]
    assert loudness(signal, sample_rate=RATE).integrated_lufs == pytest.approx(expected, abs=0.1)
    assert integrated_lufs(signal, sample_rate=RATE).item() == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 32000, 44100, 88200, 96000, 192000])
def test_other_sample_rates_read_the_same(rate: int) -> None:
    signal = stereo((2, -36), (20, -23), (2, -36), rate=rate)
    # Near the top of the band the bilinear transform bends the shelf: 0.1 dB at 1 kHz when that is fs/8.
    tolerance = 0.1 if rate >= 22050 else 0.3
    assert loudness(signal, sample_rate=rate).integrated_lufs == pytest.approx(-23.0, abs=tolerance)
    assert integrated_lufs(signal, sample_rate=rate).item() == pytest.approx(-23.0, abs=tolerance)


@pytest.mark.parametrize("level", [-23.0, -33.0])
def test_steady_tone_reads_the_same_on_all_three_scales(level: float) -> None:
    read = loudness(stereo((20, level)), sample_rate=RATE)
    assert read.max_momentary_lufs == pytest.approx(level, abs=0.1)
    assert read.max_short_term_lufs == pytest.approx(level, abs=0.1)
    for curve_of in (momentary_lufs, short_term_lufs):
        assert curve_of(stereo((20, level)), sample_rate=RATE).lufs.max() == pytest.approx(level, abs=0.1)


def curve(signal: np.ndarray, window_s: float) -> np.ndarray:
    meter = Meter(sample_rate=RATE, channels=len(signal))
    meter.process(signal.astype(np.float32))
    return -0.691 + 10 * np.log10(np.maximum(window_energy(meter.finish(), window_s), 1e-20))


def test_3341_9_short_term_is_constant() -> None:
    read = curve(stereo(*[(1.34, -20), (1.66, -30)] * 5), 3.0)
    assert np.abs(read + 23.0).max() < 0.1
    found = short_term_lufs(stereo(*[(1.34, -20), (1.66, -30)] * 5), sample_rate=RATE)
    assert np.abs(found.lufs + 23.0).max() < 0.1


def test_3341_12_momentary_is_constant() -> None:
    read = curve(stereo(*[(0.18, -20), (0.22, -30)] * 25), 0.4)
    assert np.abs(read[100:] + 23.0).max() < 0.1
    found = momentary_lufs(stereo(*[(0.18, -20), (0.22, -30)] * 25), sample_rate=RATE, hop_s=0.01)
    assert np.abs(found.lufs[found.times_s > 1.2] + 23.0).max() < 0.1


@pytest.mark.parametrize("i", range(20))
def test_3341_10_and_13_onset_anywhere(i: int) -> None:
    x = stereo((i * 0.15, SILENT), (3, -23), (1, SILENT))
    assert loudness(x, sample_rate=RATE).max_short_term_lufs == pytest.approx(-23.0, abs=0.1)
    assert short_term_lufs(x, sample_rate=RATE).lufs.max() == pytest.approx(-23.0, abs=0.1)
    x = stereo((i * 0.02, SILENT), (0.4, -23), (1, SILENT))
    assert loudness(x, sample_rate=RATE).max_momentary_lufs == pytest.approx(-23.0, abs=0.1)
    assert momentary_lufs(x, sample_rate=RATE, hop_s=0.01).lufs.max() == pytest.approx(-23.0, abs=0.1)


def test_3341_11_and_14_live() -> None:
    for window, unit in ((3.0, 0.15), (0.4, 0.02)):
        parts: list[tuple[float, float]] = []
        ends = []
        for i in range(20):
            parts += [(i * unit, SILENT), (window, -38 + i), (window - i * unit, SILENT)]
            ends.append(sum(p[0] for p in parts))
        read = curve(stereo(*parts), window)
        # Window k ends at k cells of 10 ms after the first window; look at the maximum up to each end.
        for i, end in enumerate(ends):
            last = round((end - window) * 100)
            assert read[:last].max() == pytest.approx(-38 + i, abs=0.1)
        measure = short_term_lufs if window == 3.0 else momentary_lufs
        times, found = measure(stereo(*parts), sample_rate=RATE, hop_s=0.01)
        for i, end in enumerate(ends):
            assert found[times + window / 2 < end].max() == pytest.approx(-38 + i, abs=0.1)


def faded(x: np.ndarray) -> np.ndarray:
    n = RATE // 100
    ramp = np.ones(len(x))
    ramp[:n] = np.linspace(0, 1, n)
    ramp[-n:] = ramp[:n][::-1]
    return x * ramp


TRUE_PEAK = {
    "3341-15": (4, 0.50, 0.0, -6.0),
    "3341-16": (4, 0.50, 45.0, -6.0),
    "3341-17": (6, 0.50, 60.0, -6.0),
    "3341-18": (8, 0.50, 67.5, -6.0),
    "3341-19": (4, 1.41, 45.0, 3.0),
}


@pytest.mark.parametrize("case", TRUE_PEAK)
def test_true_peak(case: str) -> None:
    divisor, amplitude, phase, expected = TRUE_PEAK[case]
    t = np.arange(RATE)
    signal = faded(amplitude * np.sin(2 * np.pi * t / divisor + np.deg2rad(phase)))
    read = loudness(np.tile(signal, (2, 1)), sample_rate=RATE).true_peak_dbtp
    assert read is not None
    assert expected - 0.4 <= read <= expected + 0.2
    assert expected - 0.4 <= true_peak_dbtp(signal).item() <= expected + 0.2


@pytest.mark.parametrize("offset", range(4))
def test_3341_20_to_23_one_strong_period(offset: int) -> None:
    """fs/6 at half scale holding one period of fs/4 at full scale, decimated from 4 fs at four offsets."""
    from scipy.signal import firwin, lfilter

    fast = 4 * RATE
    n, period = fast // 2, 16
    phase = 2 * np.pi * np.arange(n) / 24
    signal = 0.5 * np.sin(phase)
    start = (n // 2) // 24 * 24
    signal[start : start + period] = np.sin(2 * np.pi * np.arange(period) / period)
    signal[start + period :] = 0.5 * np.sin(2 * np.pi * np.arange(n - start - period) / 24)
    signal = lfilter(firwin(255, 0.25 * 0.92), 1.0, signal)[2000:]
    signal = faded(signal[offset::4])
    read = loudness(np.tile(signal, (2, 1)), sample_rate=RATE).true_peak_dbtp
    assert read is not None
    assert -0.4 <= read <= 0.2
    assert -0.4 <= true_peak_dbtp(signal).item() <= 0.2


RANGE = {
    "3342-1": (((20, -20), (20, -30)), 10),
    "3342-2": (((20, -20), (20, -15)), 5),
    "3342-3": (((20, -40), (20, -20)), 20),
    "3342-4": (((20, -50), (20, -35), (20, -20), (20, -35), (20, -50)), 15),
}


@pytest.mark.parametrize("case", RANGE)
def test_range(case: str) -> None:
    parts, expected = RANGE[case]
    assert loudness(stereo(*parts), sample_rate=RATE).range_lu == pytest.approx(expected, abs=1.0)

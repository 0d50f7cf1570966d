"""A- and C-weighting against the printed table of IEC 61672-1, as curves and as filters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from sori.errors import ParameterError
from sori.signal.weighting import (
    a_weight,
    a_weighting_db,
    c_weight,
    c_weighting_db,
    weighted_level_db,
    weighting_sections,
)

# IEC 61672-1:2013, table 3: nominal Hz, A, C
TABLE = [
    (10, -70.4, -14.3), (12.5, -63.4, -11.2), (16, -56.7, -8.5), (20, -50.5, -6.2), (25, -44.7, -4.4),
    (31.5, -39.4, -3.0), (40, -34.6, -2.0), (50, -30.2, -1.3), (63, -26.2, -0.8), (80, -22.5, -0.5),
    (100, -19.1, -0.3), (125, -16.1, -0.2), (160, -13.4, -0.1), (200, -10.9, 0.0), (250, -8.6, 0.0),
    (315, -6.6, 0.0), (400, -4.8, 0.0), (500, -3.2, 0.0), (630, -1.9, 0.0), (800, -0.8, 0.0),
    (1000, 0.0, 0.0), (1250, 0.6, 0.0), (1600, 1.0, -0.1), (2000, 1.2, -0.2), (2500, 1.3, -0.3),
    (3150, 1.2, -0.5), (4000, 1.0, -0.8), (5000, 0.5, -1.3), (6300, -0.1, -2.0), (8000, -1.1, -3.0),
    (10000, -2.5, -4.4), (12500, -4.3, -6.2), (16000, -6.6, -8.5), (20000, -9.3, -11.2),
]  # fmt: skip
# (up to Hz, more, less) dB: what class 1 may err, as usually quoted from the 2013 edition
CLASS_1 = [(12.5, 2.5, 99), (16, 2, 4), (20, 2, 2), (31.5, 1.5, 1.5), (4000, 1, 1), (5000, 1.5, 1.5),
           (6300, 1.5, 2), (8000, 1.5, 2.5), (10000, 2, 3), (12500, 2, 5), (16000, 2.5, 16),
           (20000, 3, 99)]  # fmt: skip


def exact_hz(nominal: float) -> float:
    """Tables print rounded frequencies for 10^(n/10)."""
    return 10 ** (round(10 * np.log10(nominal)) / 10)


def filter_db(weighting: str, hz: np.ndarray, rate: float) -> np.ndarray:
    sos = [[*b, 1.0, *a] for b, a in weighting_sections(weighting=weighting, sample_rate=rate)]
    _, gain = signal.freqz_sos(sos, worN=hz, fs=rate)
    return 20 * np.log10(np.abs(gain))


@pytest.mark.parametrize(("nominal", "a", "c"), TABLE)
def test_curves_are_the_table(nominal: float, a: float, c: float) -> None:
    hz = exact_hz(nominal)
    assert float(a_weighting_db(hz)) == pytest.approx(a, abs=0.0501)
    assert float(c_weighting_db(hz)) == pytest.approx(c, abs=0.0501)


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000, 96000, 192000])
@pytest.mark.parametrize("weighting", ["A", "C"])
def test_filters_follow_the_curves_to_the_stated_errors(weighting: str, rate: float) -> None:
    curve = a_weighting_db if weighting == "A" else c_weighting_db
    for part, error in ((0.8, 0.02), (0.9, 0.05), (0.95, 0.17), (0.9999, 0.8)):
        hz = np.geomspace(5, part * rate / 2, 1000)
        np.testing.assert_allclose(filter_db(weighting, hz, rate), curve(hz), atol=error)


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize(("nominal", "a", "c"), TABLE)
def test_filters_keep_the_limits_of_class_1(rate: float, nominal: float, a: float, c: float) -> None:
    _, more, less = next(row for row in CLASS_1 if nominal <= row[0])
    for weighting, wanted in (("A", a), ("C", c)):
        got = filter_db(weighting, np.array([exact_hz(nominal)]), rate)[0]
        assert -less < got - wanted < more


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_tones_come_out_weighted(dtype: str) -> None:
    rate = 48000
    for hz in (31.5, 100.0, 1000.0, 8000.0):
        x = np.sin(2 * np.pi * hz * np.arange(rate * 2) / rate).astype(dtype)
        for weigh, curve in ((a_weight, a_weighting_db), (c_weight, c_weighting_db)):
            y = weigh(x, sample_rate=rate)[rate:]
            level = 10 * np.log10(2 * np.mean(y.astype(np.float64) ** 2))
            assert level == pytest.approx(float(curve(hz)), abs=0.03)


def test_spectrograms_are_weighted_row_by_row() -> None:
    hz = (0.0, 100.0, 1000.0)
    level = np.random.default_rng(0).uniform(-60, 0, (2, 3, 4))
    got = weighted_level_db(level, frequencies_hz=hz)
    np.testing.assert_allclose(got - level, np.broadcast_to(a_weighting_db(hz)[:, None], (2, 3, 4)))
    assert np.isfinite(got).all()


def test_compiles_in_one_piece() -> None:
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(np.random.default_rng(0).standard_normal(300))
    compiled = torch.compile(lambda x: a_weight(x, sample_rate=44100), fullgraph=True, backend="eager")
    torch.testing.assert_close(compiled(x), a_weight(x, sample_rate=44100))


def test_impossible_weightings_are_refused() -> None:
    with pytest.raises(ParameterError, match="2000"):
        a_weight(np.zeros(9), sample_rate=1000)
    with pytest.raises(ParameterError, match="sample_rate"):
        c_weight(np.zeros(9), sample_rate=float("nan"))
    with pytest.raises(ParameterError, match="'A' or 'C'"):
        weighting_sections(weighting="B", sample_rate=48000)
    with pytest.raises(ParameterError, match="frequencies"):
        weighted_level_db(np.zeros((3, 2)), frequencies_hz=(1.0, 2.0))
    with pytest.raises(ParameterError, match="frequencies_hz"):
        a_weighting_db([-1.0])

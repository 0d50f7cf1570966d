"""Equal-loudness contours against ISO 226:2023, and the filter and levels made of them."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.equal_loudness import (
    equal_loudness_contour_db,
    equal_loudness_weight,
    equal_loudness_weighting_db,
    loudness_levels,
    phon_of_tone,
)

# ISO 226:2023, table 1: Hz, exponent, transfer, threshold
TABLE = [
    (20, 0.635, -31.5, 78.1), (25, 0.602, -27.2, 68.7), (31.5, 0.569, -23.1, 59.5), (40, 0.537, -19.3, 51.1),
    (50, 0.509, -16.1, 44.0), (63, 0.482, -13.1, 37.5), (80, 0.456, -10.4, 31.5), (100, 0.433, -8.2, 26.5),
    (125, 0.412, -6.3, 22.1), (160, 0.391, -4.6, 17.9), (200, 0.373, -3.2, 14.4), (250, 0.357, -2.1, 11.4),
    (315, 0.343, -1.2, 8.6), (400, 0.330, -0.5, 6.2), (500, 0.320, 0.0, 4.4), (630, 0.311, 0.4, 3.0),
    (800, 0.303, 0.5, 2.2), (1000, 0.300, 0.0, 2.4), (1250, 0.295, -2.7, 3.5), (1600, 0.292, -4.2, 1.7),
    (2000, 0.290, -1.2, -1.3), (2500, 0.290, 1.4, -4.2), (3150, 0.289, 2.3, -6.0), (4000, 0.289, 1.0, -5.4),
    (5000, 0.289, -2.3, -1.5), (6300, 0.293, -7.2, 6.0), (8000, 0.303, -11.2, 12.6),
    (10000, 0.323, -10.9, 13.9), (12500, 0.354, -3.5, 12.3),
]  # fmt: skip


@pytest.mark.parametrize(("hz", "a", "transfer", "threshold"), TABLE)
@pytest.mark.parametrize("phon", [20, 40, 60, 80, 90])
def test_contours_follow_the_formula_at_every_frequency(
    hz: float, a: float, transfer: float, threshold: float, phon: float
) -> None:
    if phon > 80 and hz > 4000:
        with pytest.raises(ParameterError, match="phon"):
            equal_loudness_contour_db(phon, hz)
        return
    inside = 4e-10 ** (0.3 - a) * (10 ** (0.03 * phon) - 10**0.072) + 10 ** (a * (threshold + transfer) / 10)
    assert float(equal_loudness_contour_db(phon, hz)) == pytest.approx(
        10 / a * np.log10(inside) - transfer, abs=1e-9
    )


def test_at_1_khz_a_phon_is_a_decibel() -> None:
    phon = np.arange(20.0, 91.0)
    np.testing.assert_allclose(equal_loudness_contour_db(phon, 1000.0), phon, atol=0.06)


def test_the_ear_is_keenest_near_3_khz_and_dull_at_both_ends() -> None:
    hz = np.geomspace(20, 12500, 400)
    contour = equal_loudness_contour_db(40.0, hz)
    assert 2500 < hz[contour.argmin()] < 4000
    assert contour[0] == contour.max() > 95
    # Louder sounds are heard more evenly.
    louder = equal_loudness_contour_db(80.0, hz)
    assert louder[0] - louder[200] < contour[0] - contour[200]


def test_between_the_frequencies_of_the_table_contours_are_smooth() -> None:
    hz = np.geomspace(20, 12500, 4000)
    steps = np.diff(equal_loudness_contour_db(60.0, hz))
    assert np.abs(np.diff(steps)).max() < 0.01  # dB, of steps of a thousandth part of the range


def test_a_tones_loudness_level_is_that_of_its_contour() -> None:
    hz, phon = np.meshgrid(np.geomspace(20, 12500, 50), np.arange(20.0, 81.0, 10))
    np.testing.assert_allclose(phon_of_tone(equal_loudness_contour_db(phon, hz), hz), phon, atol=1e-9)


@pytest.mark.parametrize("phon", [20.0, 40.0, 60.0, 90.0])
@pytest.mark.parametrize("rate", [22050, 48000])
def test_tones_come_out_as_loud_as_they_sound(phon: float, rate: int) -> None:
    for hz, tolerance in ((25.0, 0.5), (31.5, 0.3), (100.0, 0.05), (1000.0, 0.05), (4000.0, 0.05)):
        x = np.sin(2 * np.pi * hz * np.arange(2 * rate) / rate)
        y = equal_loudness_weight(x, sample_rate=rate, phon=phon)[rate // 2 : -rate // 2]
        level = 10 * np.log10(2 * np.mean(y**2))
        assert level == pytest.approx(float(equal_loudness_weighting_db(phon, hz)), abs=tolerance)
        kept = y * 10 ** (-level / 20)
        np.testing.assert_allclose(kept, x[rate // 2 : -rate // 2], atol=0.01)  # not delayed


def test_a_spectrogram_in_phon_is_its_tones_at_the_playback_level() -> None:
    hz = (31.5, 125.0, 1000.0, 4000.0, 10000.0)
    level = np.array([[-20.0, -40.0]] * 5)
    got = loudness_levels(level, frequencies_hz=hz, full_scale_db_spl=95.0)
    np.testing.assert_allclose(got[1:], phon_of_tone(level[1:] + 95.0, np.array(hz)[1:, None]), atol=1e-9)
    np.testing.assert_allclose(got[2], [75.0, 55.0], atol=0.06)
    assert (loudness_levels(np.full((5, 2), -200.0), frequencies_hz=hz) == 0).all()
    # 30 dB SPL at 31.5 Hz is below the threshold of hearing, at 4 kHz well above it.
    quiet = loudness_levels(np.full((5, 1), -70.0), frequencies_hz=hz)
    assert quiet[0, 0] == 0
    assert quiet[3, 0] > 30


def test_outside_the_standards_range_curves_refuse_and_filters_hold_the_end() -> None:
    for phon, hz in ((19.0, 1000.0), (91.0, 1000.0), (81.0, 5000.0), (40.0, 19.0), (40.0, 13000.0)):
        with pytest.raises(ParameterError, match="range of ISO 226"):
            equal_loudness_contour_db(phon, hz)
    with pytest.raises(ParameterError, match="range of ISO 226"):
        phon_of_tone(0.0, 1000.0)
    with pytest.raises(ParameterError, match="phon"):
        equal_loudness_weight(np.zeros(9), sample_rate=8000, phon=10.0)
    with pytest.raises(ParameterError, match="frequencies"):
        loudness_levels(np.zeros((3, 2)), frequencies_hz=(1.0, 2.0))
    ends = equal_loudness_weighting_db(40.0, [5.0, 20.0, 12500.0, 20000.0])
    assert ends[0] == ends[1]
    assert ends[2] == ends[3]

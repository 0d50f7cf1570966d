import json
from pathlib import Path

import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.spectral.scaling import (
    RANGES,
    BandStatistics,
    from_range,
    standardize,
    to_range,
    unstandardize,
)

RNG = np.random.default_rng(0)
S = RNG.normal(RNG.uniform(-60, 0, (12, 1)), RNG.uniform(0.1, 20, (12, 1)), (12, 5000))


@pytest.mark.parametrize("form", RANGES)
@pytest.mark.parametrize("top_db", [0.0, 20.0])
def test_a_range_is_filled_cut_and_left_again(form: str, top_db: float) -> None:
    span, low, high = RANGES[form]
    level = np.linspace(top_db - span - 30, top_db + 30, 500)
    got = to_range(level, form, top_db=top_db)
    assert got.min() == pytest.approx(low)
    assert got.max() == pytest.approx(high)
    assert (np.diff(got) >= 0).all()
    np.testing.assert_allclose(
        from_range(got, form, top_db=top_db), np.clip(level, top_db - span, top_db), atol=1e-9
    )


def test_an_unknown_range_is_refused_with_the_names() -> None:
    for there_or_back in (to_range, from_range):
        with pytest.raises(ParameterError, match=r"-80\.\.0"):
            there_or_back(S, "0..100")


def test_one_pass_gives_what_all_at_once_gives() -> None:
    statistics = BandStatistics()
    for part in np.split(S, [1, 2, 500, 500, 3000], axis=1):
        statistics.update(part)
    assert statistics.count == 5000
    assert statistics.n_bands == 12
    np.testing.assert_allclose(statistics.mean, S.mean(axis=1))
    np.testing.assert_allclose(statistics.std, S.std(axis=1))


def test_workers_merge_what_they_have_seen() -> None:
    parts = [BandStatistics() for _ in range(4)]
    for worker, part in zip(parts, np.split(S, [100, 100, 4000], axis=1), strict=True):
        worker.update(part)
    whole = BandStatistics(12)
    for worker in (*parts, BandStatistics()):
        whole.merge(worker)
    np.testing.assert_allclose(whole.mean, S.mean(axis=1))
    np.testing.assert_allclose(whole.std, S.std(axis=1))
    assert whole.count == 5000


def test_a_large_mean_does_not_drown_the_deviation() -> None:
    """The sum of squares less the square of the sum would have nothing left of it."""
    far = 1e9 + RNG.standard_normal((3, 10_000))
    statistics = BandStatistics()
    for part in np.split(far, 10, axis=1):
        statistics.update(part)
    np.testing.assert_allclose(statistics.std, far.std(axis=1), rtol=1e-6)


def test_a_batch_counts_all_its_frames() -> None:
    batch = S.reshape(12, 5, 1000).swapaxes(0, 1)
    statistics = BandStatistics()
    statistics.update(batch)
    assert statistics.count == 5000
    np.testing.assert_allclose(statistics.mean, S.mean(axis=1))


def test_standardized_bands_have_mean_zero_and_deviation_one() -> None:
    statistics = BandStatistics()
    statistics.update(S)
    even = standardize(S, statistics)
    np.testing.assert_allclose(even.mean(axis=1), 0, atol=1e-10)
    np.testing.assert_allclose(even.std(axis=1), 1)
    np.testing.assert_allclose(unstandardize(even, statistics), S)
    assert standardize(S.astype(np.float32), statistics).dtype == np.float32


def test_a_band_that_never_moved_is_safe() -> None:
    still = S.copy()
    still[3] = -80.1
    statistics = BandStatistics()
    for part in np.split(still, 5, axis=1):
        statistics.update(part)
    even = standardize(still, statistics)
    assert abs(even[3]).max() < 1e-9
    other = standardize(np.full((12, 2), -70.1), statistics)
    np.testing.assert_allclose(other[3], 10, rtol=1e-6)


def test_saved_and_loaded_they_are_the_same(tmp_path: Path) -> None:
    statistics = BandStatistics()
    statistics.update(S)
    statistics.save(tmp_path / "bands.json")
    again = BandStatistics.load(tmp_path / "bands.json", n_bands=12)
    np.testing.assert_array_equal(again.mean, statistics.mean)
    np.testing.assert_array_equal(again.std, statistics.std)
    again.update(S)
    assert again.count == 10_000


def test_a_file_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    statistics = BandStatistics()
    statistics.update(S)
    path = tmp_path / "bands.json"
    statistics.save(path)
    with pytest.raises(DataError, match="12 bands, want 40"):
        BandStatistics.load(path, n_bands=40)
    record = json.loads(path.read_text())
    for changed, message in (
        ({"version": 99}, "version 99"),
        ({"format": "else"}, "no file of band"),
        ({"mean": [1.0]}, "damaged"),
        ({"squares": [-1.0] * 12}, "damaged"),
        ({"mean": [float("nan")] * 12}, "damaged"),
        ({"count": None}, "damaged"),
    ):
        path.write_text(json.dumps(record | changed))
        with pytest.raises(DataError, match=message):
            BandStatistics.load(path)
    path.write_text("not json")
    with pytest.raises(DataError, match="no file of band"):
        BandStatistics.load(path)


def test_other_bands_are_refused() -> None:
    statistics = BandStatistics()
    with pytest.raises(ParameterError, match="call update"):
        standardize(S, statistics)
    statistics.update(S)
    for call in (lambda: statistics.update(S[:5]), lambda: standardize(S[:5], statistics)):
        with pytest.raises(ParameterError, match="bands"):
            call()

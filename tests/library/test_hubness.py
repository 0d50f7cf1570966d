"""Hubs are found, and evened out for any weights, without losing what is near."""

from __future__ import annotations

import numpy as np
import pytest

from collection import DIMS
from sori.library import hubness
from sori.library.similarity import Neighbours, Query


def hubby(n: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Clouds of different density: the tracks of the dense ones are near to everybody."""
    rng = np.random.default_rng(seed)
    cloud = rng.integers(0, 20, n)
    spread = np.exp(0.4 * rng.standard_normal(n))[:, None]
    return {
        name: (0.5 * rng.standard_normal((20, dim)))[cloud]
        + spread * np.exp(0.3 * rng.standard_normal((n, 1))) * rng.standard_normal((n, dim))
        for name, dim in DIMS.items()
    }


def occurrence(found: Neighbours, weights: dict[str, float] | None) -> np.ndarray:
    lists = [[found.index[m] for m in top(found, i, weights)] for i in found.ids]
    return hubness.k_occurrence(np.array(lists), len(found))


def top(found: Neighbours, track_id: str, weights: dict[str, float] | None) -> list[str]:
    ranking = found.rank(Query((track_id,)), weights=weights)
    return [found.ids[r] for r in ranking.best(10, hidden=[found.index[track_id]])]


@pytest.mark.parametrize(
    "weights", [None, {"timbre": 1, "rhythm": 0, "harmony": 0, "melody": 0, "dynamics": 0}]
)
def test_the_same_tracks_no_longer_fill_everyones_results(weights: dict[str, float] | None) -> None:
    facets = hubby(600)
    found = Neighbours.build([f"{i:03d}" for i in range(600)], facets)
    flat = Neighbours(found.ids, found.space, found.matrix, np.ones_like(found.scales), found.index)
    before, after = occurrence(flat, weights), occurrence(found, weights)
    assert hubness.k_occurrence_skewness(after) < 0.75 * hubness.k_occurrence_skewness(before)
    assert after.max() < 0.6 * before.max()
    assert np.mean(after == 0) < 0.6 * np.mean(before == 0)


def test_the_skewness_of_even_and_of_uneven_counts() -> None:
    assert hubness.k_occurrence_skewness(np.full(50, 10)) == 0.0
    assert hubness.k_occurrence_skewness(np.array([], np.int64)) == 0.0
    assert hubness.k_occurrence_skewness(np.array([9, 10, 11])) == pytest.approx(0.0)
    assert hubness.k_occurrence_skewness(np.array([0] * 99 + [100])) > 9
    np.testing.assert_array_equal(hubness.k_occurrence(np.array([[1, 2], [1, 0]]), 4), [1, 2, 1, 0])


def test_the_local_scale_is_the_mean_distance_to_the_nearest_references() -> None:
    facets = hubby(80)
    found = Neighbours.build([f"{i:03d}" for i in range(80)], facets)
    for i in (0, 40):
        apart = found.space.distances(found.matrix, found.matrix[i])
        apart[i] = np.inf
        nearest = np.argsort(apart.sum(axis=1))[: hubness.NEIGHBOURS]
        np.testing.assert_allclose(found.scales[i], apart[nearest].mean(axis=0), rtol=1e-4)


def test_the_reference_is_drawn_once_and_for_all() -> None:
    a, b = (hubness.reference_rows(100_000, seed=1) for _ in range(2))
    np.testing.assert_array_equal(a, b)
    assert len(np.unique(a)) == hubness.REFERENCES
    np.testing.assert_array_equal(hubness.reference_rows(5), np.arange(5))

"""The map keeps like beside like, the same every time, for any size."""

from __future__ import annotations

import numpy as np
import pytest

from sori.library import map as sound_map


def clouds(n: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    centers = rng.standard_normal((15, 60))
    narrow = rng.standard_normal((n, 60)) / np.sqrt(1 + np.arange(60) / 4)
    return (centers[rng.integers(0, 15, n)] + narrow).astype(np.float32)


def test_neighbours_on_the_map_are_neighbours_in_truth() -> None:
    x = clouds(500)
    plane = sound_map.coordinates(x)
    kept = sound_map.trustworthiness(x, plane)
    assert kept > 0.95
    assert 1 - kept < 0.6 * (1 - sound_map.trustworthiness(x, sound_map.principal_plane(x)))


def test_it_is_the_same_every_time_and_fills_the_frame() -> None:
    x = clouds(200)
    plane = sound_map.coordinates(x)
    np.testing.assert_array_equal(plane, sound_map.coordinates(x))
    assert np.abs(plane).max() == pytest.approx(1.0)
    np.testing.assert_allclose(plane.mean(axis=0), 0.0, atol=1e-5)


def test_a_large_collection_is_placed_between_landmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_map, "LANDMARKS", 300)
    x = clouds(700)
    plane = sound_map.coordinates(x)
    assert plane.shape == (700, 2)
    assert sound_map.trustworthiness(x, plane) > 0.9


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 9])
def test_the_smallest_collections(n: int) -> None:
    plane = sound_map.coordinates(clouds(9)[:n])
    assert plane.shape == (n, 2)
    assert np.isfinite(plane).all()
    assert len(np.unique(plane, axis=0)) == n


@pytest.mark.parametrize(
    "x", [np.ones((40, 3)), np.zeros((6, 0)), np.repeat(np.eye(2, 5), 30, axis=0), np.arange(8.0)[:, None]]
)
def test_equal_tracks_and_too_few_dimensions_are_defined(x: np.ndarray) -> None:
    plane = sound_map.coordinates(x)
    assert plane.shape == (len(x), 2)
    assert np.isfinite(plane).all()


def test_trustworthiness_of_the_truth_and_of_noise() -> None:
    flat = np.random.default_rng(0).standard_normal((200, 2))
    assert sound_map.trustworthiness(flat, flat) == pytest.approx(1.0)
    noise = np.random.default_rng(1).standard_normal((200, 2))
    assert sound_map.trustworthiness(flat, noise) == pytest.approx(0.5, abs=0.08)

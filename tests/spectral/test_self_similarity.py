"""Self-similarity: repetitions are diagonals, and the excerpt that comes back is found."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.most_repeated import most_repeated, most_repeated_excerpt
from sori.spectral.self_similarity import (
    cross_similarity,
    diagonal_mean,
    lag_matrix,
    recurrence,
    self_similarity,
    stack_memory,
)
from spectral.test_descriptors import RATE, RECORDED, signal


def features(n: int = 50, rows: int = 12, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((rows, n))


@pytest.mark.parametrize("metric", ["cosine", "correlation", "gaussian"])
def test_everything_is_most_like_itself(metric: str) -> None:
    S = self_similarity(features(), metric=metric)  # type: ignore[arg-type]
    np.testing.assert_allclose(S, S.T, atol=1e-12)
    np.testing.assert_allclose(np.diagonal(S), 1.0, atol=1e-7)
    assert S.max() <= 1 + 1e-7


def test_correlation_is_numpys() -> None:
    X = features()
    np.testing.assert_allclose(self_similarity(X, metric="correlation"), np.corrcoef(X.T), atol=1e-12)


def test_gaussian_is_that_of_the_distance_wherever_the_features_lie() -> None:
    X, Y = features(20) + 1000.0, features(30, seed=1) + 1000.0
    distance = np.linalg.norm(X[:, :, None] - Y[:, None], axis=0)
    got = cross_similarity(X, Y, metric="gaussian", bandwidth=0.7)
    np.testing.assert_allclose(got, np.exp(-(distance**2) / (2 * 0.7**2)), atol=1e-9)
    got = cross_similarity(X, Y, metric="gaussian")
    np.testing.assert_allclose(got, np.exp(-(distance**2) / (2 * np.mean(distance**2))), atol=1e-9)


def test_memory_is_librosas() -> None:
    from sori.spectral.mel import mel_spectrogram

    mel = mel_spectrogram(signal(), sample_rate=RATE, n_fft=1024, hop_length=512, n_mels=24)
    np.testing.assert_allclose(stack_memory(mel[:4], n_steps=3, delay=2), RECORDED["stacked"], rtol=1e-4)


def test_lags_are_rows() -> None:
    S = np.random.default_rng(0).random((6, 6))
    turned = lag_matrix(S)
    for lag in range(6):
        for t in range(6):
            assert turned[lag, t] == (S[t - lag, t] if t >= lag else 0)


@pytest.mark.parametrize("n_frames", [1, 2, 3, 6, 7, 40])
def test_the_mean_along_diagonals(n_frames: int) -> None:
    S = np.random.default_rng(0).random((9, 12))
    got = diagonal_mean(S, n_frames=n_frames)
    for i in range(9):
        for j in range(12):
            want = np.mean(np.diagonal(S[i:, j:])[:n_frames])
            np.testing.assert_allclose(got[i, j], want, rtol=1e-12)


def test_neighbours_are_the_nearest() -> None:
    S = self_similarity(features())
    found = recurrence(S, k=4, width=3)
    assert (found.sum(axis=0) == 4).all()
    at = np.arange(50)
    assert not found[np.abs(at[:, None] - at) < 3].any()
    for column in (0, 20):
        allowed = np.where(np.abs(at - column) < 3, -1, S[:, column])
        assert set(np.flatnonzero(found[:, column])) == set(np.argsort(allowed)[-4:])
    mutual = recurrence(S, k=4, width=3, mutual=True)
    assert (mutual == mutual.T).all()
    assert (mutual <= found).all()


def test_a_long_matrix_is_refused_before_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("sori.spectral.self_similarity"), "_MOST_CELLS", 100)
    with pytest.raises(ParameterError, match="most_repeated"):
        self_similarity(features(11))


@pytest.mark.parametrize("n_frames", [1, 5, 50])
def test_the_most_repeated_needs_no_matrix(n_frames: int) -> None:
    X = features()
    mean = self_similarity(X).mean(axis=0)
    want = np.argmax([mean[t : t + n_frames].mean() for t in range(51 - n_frames)])
    assert most_repeated(X, n_frames=n_frames) == want
    assert most_repeated(self_similarity(X), n_frames=n_frames, metric="precomputed") == want


def test_the_refrain_is_the_excerpt() -> None:
    rng = np.random.default_rng(0)

    def part(*pitches: float) -> np.ndarray:
        t = np.arange(2 * RATE) / RATE
        return np.asarray(sum(np.sin(2 * np.pi * hz * t) for hz in pitches))

    refrain = part(220, 277, 330)
    verses = [part(*rng.uniform(700, 6000, 3)) for _ in range(3)]
    song = np.concatenate([verses[0], refrain, verses[1], refrain, verses[2], refrain])
    song += 0.001 * rng.standard_normal(len(song))
    found = most_repeated_excerpt(song, sample_rate=RATE, duration_s=1.5)
    assert found.shape == (round(1.5 * RATE),)
    spectrum = np.abs(np.fft.rfft(found))
    assert abs(np.argmax(spectrum) / 1.5 - 277) < 60


def test_what_makes_no_sense_is_refused() -> None:
    for call in (
        lambda: cross_similarity(features(), features(rows=3)),
        lambda: self_similarity(features(), metric="none"),  # type: ignore[arg-type]
        lambda: lag_matrix(features()),
        lambda: most_repeated(features(), n_frames=51),
        lambda: most_repeated_excerpt(np.ones(1000), sample_rate=1000, duration_s=2),
    ):
        with pytest.raises(ParameterError):
            call()

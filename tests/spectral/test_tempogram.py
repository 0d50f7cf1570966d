"""Onset curves, tempograms and beat spectra: a pulse shows at its tempo."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.self_similarity import self_similarity
from sori.spectral.tempogram import (
    beat_spectrum,
    fourier_tempo_frequencies,
    fourier_tempogram,
    onset_strength,
    tempo_frequencies,
    tempogram,
)
from spectral.test_descriptors import RATE, RECORDED, signal


def clicks(tempo: float, seconds: float = 12.0) -> np.ndarray:
    x = np.zeros(int(seconds * RATE))
    x[(np.arange(0.5, seconds, 60 / tempo) * RATE).astype(int)] = 1.0
    return x


def test_the_numbers_are_librosas() -> None:
    got = onset_strength(signal(), sample_rate=RATE)
    np.testing.assert_allclose(got, RECORDED["onset_strength"], rtol=1e-4, atol=1e-4)
    got = onset_strength(signal(), sample_rate=RATE, lag=2, max_size=3)
    np.testing.assert_allclose(got, RECORDED["superflux"], rtol=1e-4, atol=1e-4)
    curve = RECORDED["onset_strength"].astype(np.float64)
    np.testing.assert_allclose(tempogram(curve, win_length=20), RECORDED["tempogram"], atol=1e-5)
    got = fourier_tempogram(curve, win_length=20)
    # librosa's has a frame more, after the last of the curve.
    np.testing.assert_allclose(got, RECORDED["fourier_tempogram"][:, :-1], rtol=1e-4, atol=1e-4)


def test_clicks_are_onsets_where_they_are() -> None:
    curve = onset_strength(clicks(60.0), sample_rate=RATE)
    found = np.flatnonzero(curve > 0.5 * curve.max()) * 512 / RATE
    expected = np.arange(0.5, 12.0, 1.0)
    assert all(np.abs(found - at).min() < 0.05 for at in expected)
    assert all(np.abs(expected - at).min() < 0.05 for at in found)


@pytest.mark.parametrize("tempo", [80.0, 120.0, 150.0])
def test_both_tempograms_peak_at_the_tempo(tempo: float) -> None:
    curve = onset_strength(clicks(tempo), sample_rate=RATE)
    bpm = tempo_frequencies(384, sample_rate=RATE, hop_length=512)
    middle = tempogram(curve)[:, len(curve) // 2]
    near = (bpm > 65) & (bpm < 190)
    assert abs(bpm[near][np.argmax(middle[near])] / tempo - 1) < 0.04
    bpm = fourier_tempo_frequencies(sample_rate=RATE, hop_length=512)
    middle = np.abs(fourier_tempogram(curve))[:, len(curve) // 2]
    near = (bpm > 65) & (bpm < 190)
    assert abs(bpm[near][np.argmax(middle[near])] - tempo) < 7


def test_the_largest_value_of_each_frame_is_1_but_silence_stays() -> None:
    curve = np.random.default_rng(0).random(200)
    np.testing.assert_allclose(tempogram(curve, win_length=50).max(axis=0), 1.0)
    assert not tempogram(np.zeros(200)).any()


def test_the_beat_spectrum_is_the_mean_of_the_diagonals() -> None:
    features = np.random.default_rng(0).random((12, 60))
    S = self_similarity(features)
    want = [np.mean(np.diagonal(S, lag)) for lag in range(30)]
    np.testing.assert_allclose(beat_spectrum(features), want, rtol=1e-9)


def test_the_autocorrelation_is_that_of_the_matrix() -> None:
    features = np.random.default_rng(0).random((3, 8))
    S, n = self_similarity(features), 8
    wide = np.zeros((3 * n, n))
    wide[n : 2 * n] = S
    want = [
        sum(np.sum(S[:, : n - lag] * wide[n + shift : 2 * n + shift, lag:]) for shift in range(-n + 1, n))
        / (n * n * (n - lag))
        for lag in range(4)
    ]
    np.testing.assert_allclose(beat_spectrum(features, method="autocorrelation", n_lags=4), want, rtol=1e-9)


@pytest.mark.parametrize("options", [{"n_lags": 9}, {"metric": "gaussian"}, {"method": "none"}])
def test_what_makes_no_sense_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        beat_spectrum(np.ones((4, 8)), **options)  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="empty"):
        tempogram(np.zeros(0))

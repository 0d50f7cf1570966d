"""Spectral descriptors: what tones, noise and silence have, and what librosa measures of the same sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.descriptors import (
    spectral_bandwidth,
    spectral_centroid,
    spectral_contrast,
    spectral_flatness,
    spectral_rolloff,
)
from sori.spectral.flux import spectral_flux
from sori.spectral.stft import stft

RATE = 22050
RECORDED = np.load(Path(__file__).parent / "recorded" / "descriptors.npz")


def signal() -> np.ndarray:
    """Two chords, clicks and some noise: what `recorded/make_descriptors.py` measured."""
    t = np.arange(RATE) / RATE
    tones = sum(0.2 * np.sin(2 * np.pi * hz * (1 + (t > 0.5)) * t) for hz in (220.0, 277.2, 330.0))
    clicks = np.where(np.arange(RATE) % 4410 == 2000, 0.8, 0.0)
    return np.asarray(tones + clicks + 0.01 * np.random.default_rng(0).standard_normal(RATE))


def spectrum() -> np.ndarray:
    return np.abs(stft(signal(), n_fft=1024, hop_length=512))


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("centroid", lambda S: spectral_centroid(S, sample_rate=RATE)),
        ("bandwidth", lambda S: spectral_bandwidth(S, sample_rate=RATE)),
        ("bandwidth_3", lambda S: spectral_bandwidth(S, sample_rate=RATE, order=3)),
        ("contrast", lambda S: spectral_contrast(S, sample_rate=RATE)),
        ("contrast_linear", lambda S: spectral_contrast(S, sample_rate=RATE, linear=True, quantile=0.1)),
        ("flatness", spectral_flatness),
        ("rolloff", lambda S: spectral_rolloff(S, sample_rate=RATE)),
    ],
)
def test_the_numbers_are_librosas(name: str, call: object) -> None:
    np.testing.assert_allclose(call(spectrum()), RECORDED[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("sample_rate", [8000, 44100])
@pytest.mark.parametrize("hz", [500.0, 3000.0])
def test_a_tone_is_where_it_is(sample_rate: int, hz: float) -> None:
    x = np.sin(2 * np.pi * hz * np.arange(sample_rate) / sample_rate)
    S = np.abs(stft(x, n_fft=2048))[:, 4:-4]
    bin_hz = sample_rate / 2048
    assert np.abs(spectral_centroid(S, sample_rate=sample_rate) - hz).max() < bin_hz
    assert np.abs(spectral_rolloff(S, sample_rate=sample_rate) - hz).max() < 2 * bin_hz
    assert spectral_bandwidth(S, sample_rate=sample_rate).max() < 4 * bin_hz


def test_loudness_changes_no_shape() -> None:
    S = spectrum()
    for call in (spectral_centroid, spectral_bandwidth, spectral_rolloff):
        np.testing.assert_allclose(call(3 * S, sample_rate=RATE), call(S, sample_rate=RATE), rtol=1e-9)
    np.testing.assert_allclose(spectral_flatness(3 * S), spectral_flatness(S), rtol=1e-6)
    np.testing.assert_allclose(
        spectral_contrast(3 * S, sample_rate=RATE), spectral_contrast(S, sample_rate=RATE), atol=1e-9
    )


def test_noise_is_flatter_than_a_tone_and_silence_is_flat() -> None:
    rng = np.random.default_rng(0)
    noise = np.abs(stft(rng.standard_normal(RATE)))
    tone = np.abs(stft(np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)))
    assert spectral_flatness(noise).min() > 0.4 > 0.01 > np.median(spectral_flatness(tone))
    np.testing.assert_allclose(spectral_flatness(np.zeros((513, 3))), 1.0, rtol=1e-12)


def test_silence_has_no_frequency() -> None:
    silence = np.zeros((513, 3))
    for call in (spectral_centroid, spectral_bandwidth, spectral_rolloff):
        assert (call(silence, sample_rate=RATE) == 0).all()


def test_rolloff_rises_with_its_share() -> None:
    S = spectrum()
    lower, higher = (spectral_rolloff(S, sample_rate=RATE, share=share) for share in (0.2, 0.9))
    assert (lower <= higher).all()
    assert (lower < higher).any()


def test_flux_is_what_grows() -> None:
    S = np.array([[1.0, 3.0, 3.0, 0.0], [1.0, 0.0, 1.0, 1.0]])
    assert spectral_flux(S).tolist() == [0, 2, 1, 0]
    assert spectral_flux(S, rectify=False).tolist() == [0, 3, 1, 3]
    assert spectral_flux(S, lag=2).tolist() == [0, 0, 2, 1]
    assert spectral_flux(S, lag=9).tolist() == [0, 0, 0, 0]
    np.testing.assert_allclose(spectral_flux(S, compression=2.0)[1], np.log(7 / 3))


def test_a_wider_neighbourhood_only_lowers_the_flux() -> None:
    S = np.random.default_rng(0).random((40, 50))
    assert (spectral_flux(S, max_size=3) <= spectral_flux(S)).all()
    glide = np.eye(40)  # a partial that moves up a row a frame is no onset
    assert spectral_flux(glide, max_size=3).max() == 0
    assert spectral_flux(glide)[1:].min() == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda S: spectral_centroid(S, sample_rate=0),
        lambda S: spectral_centroid(S, sample_rate=RATE, frequencies_hz=[1.0]),
        lambda S: spectral_bandwidth(S, sample_rate=RATE, order=0),
        lambda S: spectral_rolloff(S, sample_rate=RATE, share=1.0),
        lambda S: spectral_flatness(S, amin=0),
        lambda S: spectral_contrast(S, sample_rate=8000, n_bands=9),
        lambda S: spectral_contrast(S, sample_rate=RATE, quantile=1),
        lambda S: spectral_flux(S, compression=-1),
    ],
)
def test_what_makes_no_sense_is_refused(call: object) -> None:
    with pytest.raises(ParameterError):
        call(np.ones((513, 4)))

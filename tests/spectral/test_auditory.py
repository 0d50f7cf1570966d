"""Bark bands and gammatone filters: where they lie, how wide they are, and what they let through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import signal

from sori.errors import ParameterError
from sori.spectral.auditory import (
    bark_centres_hz,
    bark_filterbank,
    bark_spectrogram,
    erb_centres_hz,
    erb_filterbank,
    erb_spectrogram,
    erb_width_hz,
)
from sori.units import hz_to_bark, hz_to_erb_rate

RATE = 16000


def test_widths_are_those_of_glasberg_and_moore() -> None:
    # Hearing Research 47, 1990, equation 3: ERB = 24.7 (4.37 F + 1), F in kHz.
    np.testing.assert_allclose(
        erb_width_hz(np.array([0.1, 0.5, 1, 4, 10]) * 1e3), [35.5, 78.7, 132.6, 456.5, 1104.1], atol=0.06
    )


def test_centres_are_even_on_their_scales() -> None:
    centres = erb_centres_hz(n_bands=32, fmin=80, fmax=8000)
    steps = np.diff(hz_to_erb_rate(np.append(centres, 8000)))
    assert centres[0] == pytest.approx(80)
    np.testing.assert_allclose(steps, steps[0])
    barks = hz_to_bark(bark_centres_hz(n_bands=20, fmin=0, fmax=8000))
    np.testing.assert_allclose(np.diff(barks), np.diff(barks)[0])


def test_gammatone_responses_are_those_of_the_filters() -> None:
    bank = erb_filterbank(sample_rate=RATE, n_fft=1024, n_bands=16, fmin=400, exponent=1, norm=None)
    for centre, response in zip(erb_centres_hz(n_bands=16, fmin=400, fmax=RATE / 2), bank, strict=True):
        b, a = signal.gammatone(centre, "iir", fs=RATE)
        _, want = signal.freqz(b, a, worN=512, fs=RATE)
        # The filter's polynomials of eighth order lose some digits in low bands.
        np.testing.assert_allclose(response[:-1], np.abs(want), atol=1e-5)


def test_band_energy_is_that_of_the_filtered_sound() -> None:
    """Parseval: what a filter lets through of a burst, measured over samples and over frequencies."""
    x = np.zeros(8192)
    x[:1000] = np.random.default_rng(1).standard_normal(1000)
    bands = erb_spectrogram(
        x, sample_rate=RATE, n_fft=8192, n_bands=8, fmin=500, norm=None, window="boxcar", center=False
    )
    for centre, band in zip(erb_centres_hz(n_bands=8, fmin=500, fmax=RATE / 2), bands[:, 0], strict=True):
        heard = signal.lfilter(*signal.gammatone(centre, "iir", fs=RATE), x)
        assert 2 * band / 8192 == pytest.approx(np.sum(heard**2), rel=1e-3)


def test_a_gammatone_is_as_wide_as_its_rectangle() -> None:
    """The bandwidth of the rectangle of the same height and energy is ERB: what 1.019 was chosen for."""
    bank = erb_filterbank(sample_rate=44100, n_fft=65536, n_bands=10, fmin=200, fmax=8000, norm=None)
    widths = bank.sum(axis=1) * 44100 / 65536
    np.testing.assert_allclose(
        widths, erb_width_hz(erb_centres_hz(n_bands=10, fmin=200, fmax=8000)), rtol=0.02
    )


@pytest.mark.parametrize("bank", [bark_filterbank, erb_filterbank])
def test_unit_area_makes_white_noise_flat(bank: Callable[..., Any]) -> None:
    weights = bank(sample_rate=RATE, n_fft=16384)
    np.testing.assert_allclose(weights.sum(axis=1) * RATE / 16384, 1, rtol=0.01)
    assert (weights >= 0).all()


@pytest.mark.parametrize(
    ("transform", "centres"),
    [
        (bark_spectrogram, bark_centres_hz(n_bands=20, fmin=60, fmax=8000)),
        (erb_spectrogram, erb_centres_hz(n_bands=20, fmin=60, fmax=8000)),
    ],
)
def test_a_tone_is_loudest_in_its_band(transform: Callable[..., Any], centres: Any) -> None:
    for number in (6, 12, 18):
        x = np.sin(2 * np.pi * centres[number] * np.arange(RATE) / RATE)
        found = transform(x, sample_rate=RATE, n_bands=20, fmin=60, norm=None)
        assert found.shape == (20, 1 + RATE // 512)
        assert (found[:, 4:-4].argmax(axis=0) == number).all()


def test_amplitudes_grow_with_the_sound_and_energies_with_its_square() -> None:
    x = np.random.default_rng(0).standard_normal(RATE)
    for transform in (bark_spectrogram, erb_spectrogram):
        for exponent in (1.0, 2.0):
            once, thrice = (transform(gain * x, sample_rate=RATE, exponent=exponent) for gain in (1, 3))
            np.testing.assert_allclose(thrice, 3**exponent * once)


def test_what_cannot_be_is_refused() -> None:
    for call, options, says in (
        (bark_filterbank, {"fmax": 9000}, "half the sample rate"),
        (bark_filterbank, {"norm": "area"}, "want 'slaney'"),
        (erb_filterbank, {"norm": "area"}, "want 'slaney'"),
        (erb_filterbank, {"n_bands": 0}, "n_bands=0"),
        (erb_filterbank, {"fmin": 8000}, "fmin < fmax"),
    ):
        with pytest.raises(ParameterError, match=says):
            call(sample_rate=RATE, n_fft=512, **options)

"""Level and sign changes of frames."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.frame_level import rms, rms_from_spectrogram, zero_crossing_rate
from sori.spectral.stft import stft
from sori.spectral.windows import window
from spectral.test_descriptors import RATE, RECORDED, signal


def test_the_numbers_are_librosas() -> None:
    np.testing.assert_allclose(rms(signal()), RECORDED["rms"], rtol=1e-5)
    np.testing.assert_allclose(zero_crossing_rate(signal()), RECORDED["zero_crossing_rate"], rtol=1e-5)


def test_a_full_scale_sine_is_3_db_down() -> None:
    x = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    np.testing.assert_allclose(rms(x)[3:-3], np.sqrt(0.5), rtol=1e-3)


@pytest.mark.parametrize(("length", "hop"), [(400, 100), (401, 100), (512, 512), (100, 300), (250, 100)])
def test_sums_of_hops_are_sums_of_frames(length: int, hop: int) -> None:
    x = np.random.default_rng(0).standard_normal(3001)
    frames = np.lib.stride_tricks.sliding_window_view(x, length)[::hop]
    got = rms(x, frame_length=length, hop_length=hop, center=False)
    np.testing.assert_allclose(got, np.sqrt(np.mean(frames**2, axis=-1)), rtol=1e-12)
    crossings = np.diff(frames < 0, axis=-1).sum(axis=-1) / length
    got = zero_crossing_rate(x, frame_length=length, hop_length=hop, center=False)
    np.testing.assert_allclose(got, crossings, atol=1e-12)


@pytest.mark.parametrize("n_fft", [512, 511])
def test_level_of_the_spectrum_is_that_of_the_signal(n_fft: int) -> None:
    x = np.random.default_rng(0).standard_normal(5000)
    S = np.abs(stft(x, n_fft=n_fft, hop_length=100, window="boxcar", center=False))
    want = rms(x, frame_length=n_fft, hop_length=100, center=False)
    np.testing.assert_allclose(rms_from_spectrogram(S, n_fft=n_fft), want, rtol=1e-10)


def test_the_power_of_the_window_is_taken_out() -> None:
    x = np.random.default_rng(0).standard_normal(200_000)
    S = np.abs(stft(x, n_fft=512))
    got = rms_from_spectrogram(S, window_power=float(np.mean(window("hann", 512) ** 2)))
    np.testing.assert_allclose(np.mean(got**2), 1.0, rtol=0.02)


@pytest.mark.parametrize("hz", [100.0, 1000.0, 5000.0])
def test_a_sine_crosses_twice_a_period(hz: float) -> None:
    x = np.sin(2 * np.pi * hz * (np.arange(RATE) + 0.3) / RATE)
    rate = zero_crossing_rate(x, frame_length=4096)[5:-5]
    np.testing.assert_allclose(rate * RATE / 2, hz, atol=RATE / 4096)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ParameterError, match="fewer than"):
        rms(np.ones(10), center=False)
    with pytest.raises(ParameterError, match="frequencies"):
        rms_from_spectrogram(np.ones((10, 2)), n_fft=512)
    with pytest.raises(ParameterError, match="threshold"):
        zero_crossing_rate(np.ones(10), threshold=-1)

"""Back from bands and cepstra: what comes out holds what went in, and sounds like it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.spectral.cepstrum import mfcc
from sori.spectral.decibels import power_to_db
from sori.spectral.inversion import (
    mel_to_audio,
    mel_to_magnitude,
    mel_to_stft_power,
    mfcc_to_audio,
    mfcc_to_mel,
)
from sori.spectral.mel import mel_filterbank, mel_spectrogram
from sori.spectral.stft import stft
from spectral.recorded.make_cepstrum import sound

RATE = 22050
BANK: dict[str, Any] = {"sample_rate": RATE, "n_fft": 1024}
BANKS = [
    {"scale": "slaney", "norm": "slaney"},
    {"scale": "htk", "norm": None, "fmin": 50.0, "fmax": 8000.0},
]


def difference_db(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.abs(power_to_db(one, ref="max", top_db=60) - power_to_db(other, ref="max", top_db=60))


@pytest.mark.parametrize("options", BANKS)
def test_the_spectrum_holds_the_bands(options: dict[str, Any]) -> None:
    mel = mel_spectrogram(sound(RATE).astype(float), n_mels=64, **BANK, **options)
    found = mel_to_stft_power(mel, **BANK, **options)
    assert (found >= 0).all()
    again = mel_filterbank(n_mels=64, **BANK, **options) @ found
    assert difference_db(again, mel).mean() < 0.3
    more = mel_filterbank(n_mels=64, **BANK, **options) @ mel_to_stft_power(
        mel, n_iter=128, **BANK, **options
    )
    assert difference_db(more, mel).mean() < 0.2 * difference_db(again, mel).mean()


def test_frequencies_outside_the_bands_are_silent() -> None:
    found = mel_to_stft_power(np.ones((20, 3)), fmin=1000, fmax=5000, **BANK)
    hz = np.arange(513) * RATE / 1024
    assert not found[(hz <= 1000) | (hz >= 5000)].any()
    assert found[(hz > 1100) & (hz < 4500)].all()


def test_silence_stays_silent_and_loud_bands_leave_quiet_ones_alone() -> None:
    assert not mel_to_stft_power(np.zeros((40, 3)), **BANK).any()
    mel = np.full((40, 1), 1e-8)
    mel[30] = 1.0
    bank = mel_filterbank(n_mels=40, **BANK)
    again = bank @ mel_to_stft_power(mel, n_iter=100, **BANK)
    np.testing.assert_allclose(again[:25], mel[:25], rtol=0.01)
    assert again[30, 0] == pytest.approx(1, rel=0.03)  # its neighbours leave it one frequency


def test_gain_goes_straight_through() -> None:
    mel = mel_spectrogram(sound(RATE).astype(float), n_mels=40, **BANK)
    np.testing.assert_allclose(
        mel_to_stft_power(100 * mel, **BANK), 100 * mel_to_stft_power(mel, **BANK), rtol=1e-9
    )


def test_magnitudes_are_the_roots_of_what_was_added_up() -> None:
    x = sound(RATE).astype(float)
    power = mel_spectrogram(x, n_mels=128, **BANK)
    amplitude = mel_spectrogram(x, n_mels=128, exponent=1.0, **BANK)
    want = np.abs(stft(x, n_fft=1024))
    np.testing.assert_allclose(mel_to_magnitude(power, **BANK) ** 2, mel_to_stft_power(power, **BANK))
    for found in (mel_to_magnitude(power, **BANK), mel_to_magnitude(amplitude, exponent=1.0, **BANK)):
        # 128 bands say 513 magnitudes well enough to tell where the energy is.
        assert np.linalg.norm(found - want) < 0.35 * np.linalg.norm(want)


@pytest.mark.parametrize("options", [{}, {"lifter_length": 91.0, "norm_dct": None}, {"compression": "log"}])
def test_all_coefficients_give_the_bands_back(options: dict[str, Any]) -> None:
    mel = np.maximum(mel_spectrogram(sound(RATE).astype(float), n_mels=40, **BANK), 1e-10)
    cepstra = mfcc(sound(RATE).astype(float), n_mels=40, n_mfcc=40, top_db=None, **BANK, **options)
    np.testing.assert_allclose(mfcc_to_mel(cepstra, n_mels=40, **options), mel, rtol=1e-8)


def test_few_coefficients_give_the_outline() -> None:
    x = sound(RATE).astype(float)
    mel = mel_spectrogram(x, n_mels=40, **BANK)
    errors = [
        difference_db(mfcc_to_mel(mfcc(x, n_mels=40, n_mfcc=n, **BANK), n_mels=40), mel).mean()
        for n in (1, 5, 20, 39)
    ]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1


def test_audio_has_the_bands_it_was_made_of() -> None:
    x = sound(RATE).astype(float)
    mel = mel_spectrogram(x, n_mels=80, **BANK)
    again = mel_to_audio(mel, length=RATE, **BANK)
    assert again.shape == x.shape
    assert difference_db(mel_spectrogram(again, n_mels=80, **BANK), mel).mean() < 2
    cepstra = mfcc(x, n_mels=80, n_mfcc=80, **BANK)
    again = mfcc_to_audio(cepstra, n_mels=80, length=RATE, **BANK)
    assert difference_db(mel_spectrogram(again, n_mels=80, **BANK), mel).mean() < 2


def test_a_tone_comes_back_as_that_tone() -> None:
    x = np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)
    again = mel_to_audio(mel_spectrogram(x, **BANK), rng=np.random.default_rng(0), **BANK)
    spectrum = np.abs(np.fft.rfft(again))
    assert abs(spectrum.argmax() * RATE / len(again) - 1000) < 15  # a band is 30 Hz wide there
    assert np.mean(again**2) == pytest.approx(0.5, rel=0.2)


def test_what_cannot_be_is_refused() -> None:
    mel = np.ones((40, 5))
    with pytest.raises(ParameterError, match="half the sample rate"):
        mel_to_stft_power(mel, fmax=12000, **BANK)
    with pytest.raises(ParameterError, match="n_iter=0"):
        mel_to_stft_power(mel, n_iter=0, **BANK)
    with pytest.raises(ParameterError, match="exponent=0"):
        mel_to_magnitude(mel, exponent=0, **BANK)
    with pytest.raises(ParameterError, match="at most 10"):
        mfcc_to_mel(mel, n_mels=10)
    with pytest.raises(ParameterError, match="it is lost"):
        mfcc_to_mel(mel, lifter_length=2)

"""Chroma, CENS and the tonal centroid: what they say of notes and chords, in any tuning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.chroma import (
    cens,
    chroma_cqt,
    chroma_filterbank,
    chroma_fold,
    chroma_stft,
    octave_fold,
    scaled_frames,
)
from sori.spectral.constant_q import cqt_magnitude
from sori.spectral.tonnetz import tonnetz, tonnetz_circles
from sori.units import midi_to_hz

RATE = 22050
RECORDED = np.load(Path(__file__).parent / "recorded" / "constant_q.npz")
FRAMES = slice(10, 80, 10)


def tone(hz: float, seconds: float = 1.0) -> np.ndarray:
    return np.asarray(np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE))


def chord() -> np.ndarray:
    """Return what the recorded numbers are of: see ``recorded/make_constant_q.py``."""
    t = np.arange(2 * RATE) / RATE
    x = 0.01 * np.random.default_rng(20).standard_normal(len(t))
    for hz in (130.81, 164.81, 196.0):
        x += sum(0.3 / h * np.sin(2 * np.pi * h * hz * t + h) for h in range(1, 9))
    return x


def some_chroma() -> np.ndarray:
    return np.random.default_rng(21).random((12, 60)) ** 2


@pytest.mark.parametrize("n_chroma", [12, 24])
def test_the_filterbank_is_that_of_librosa(n_chroma: int) -> None:
    bank = chroma_filterbank(sample_rate=RATE, n_fft=2048, n_chroma=n_chroma, tuning=0.1)
    np.testing.assert_allclose(bank[:, ::24], RECORDED[f"bank_{n_chroma}"], atol=1e-12)


def test_chroma_of_a_spectrum_is_that_of_librosa() -> None:
    got = chroma_stft(chord(), sample_rate=RATE)[:, FRAMES]
    np.testing.assert_allclose(got, RECORDED["chroma_stft"], atol=1e-6)


def test_chroma_of_constant_q_bands_is_near_that_of_librosa() -> None:
    got = chroma_cqt(chord(), sample_rate=RATE)[:, FRAMES]
    np.testing.assert_allclose(got, RECORDED["chroma_cqt"], atol=0.02)


def test_the_fold_cens_and_centroid_are_those_of_librosa() -> None:
    assert np.array_equal(octave_fold(n_bins=100, fmin=110.0), RECORDED["fold"])
    np.testing.assert_allclose(cens(some_chroma()), RECORDED["cens"], atol=1e-6)
    np.testing.assert_allclose(tonnetz(some_chroma()), RECORDED["tonnetz"], atol=1e-6)


@pytest.mark.parametrize("midi", range(48, 84, 5))
def test_a_note_is_its_pitch_class_in_every_octave(midi: int) -> None:
    x = tone(float(midi_to_hz(midi)))
    for chroma in (chroma_stft(x, sample_rate=RATE, n_fft=4096), chroma_cqt(x, sample_rate=RATE)):
        middle = chroma[:, chroma.shape[-1] // 2]
        assert middle.argmax() == midi % 12
        assert middle.max() == pytest.approx(1.0)
        apart = np.delete(middle, [(midi + step) % 12 for step in (-1, 0, 1)])
        assert apart.max() < 0.1


@pytest.mark.parametrize("n_chroma", [5, 7, 19, 24, 53])
def test_any_equal_division_of_the_octave_has_its_classes(n_chroma: int) -> None:
    """A tone ``c`` steps above C is class ``c``, whether or not C lies a whole number of steps above A."""
    for step in (0, 2, n_chroma - 1):
        x = tone(float(midi_to_hz(60)) * 2 ** (step / n_chroma), 2.0)
        by_bands = chroma_cqt(x, sample_rate=RATE, n_chroma=n_chroma, bins_per_octave=2 * n_chroma)
        by_spectrum = chroma_stft(x, sample_rate=RATE, n_fft=32768, n_chroma=n_chroma)
        assert by_bands[:, by_bands.shape[1] // 2].argmax() == step
        assert by_spectrum[:, by_spectrum.shape[1] // 2].argmax() == step


def test_a_mistuned_piece_is_in_tune_with_its_tuning() -> None:
    x = tone(440 * 2 ** (0.4 / 12))
    sharp = chroma_stft(x, sample_rate=RATE, n_fft=8192, norm=1)[9, 5]
    assert chroma_stft(x, sample_rate=RATE, n_fft=8192, norm=1, tuning=0.4)[9, 5] > 1.2 * sharp
    sharp = chroma_cqt(x, sample_rate=RATE, bins_per_octave=12, norm=1)[9, 20]
    assert chroma_cqt(x, sample_rate=RATE, bins_per_octave=12, norm=1, tuning=0.4)[9, 20] > 1.1 * sharp


def test_the_first_class_can_be_a() -> None:
    c, a = (chroma_filterbank(sample_rate=RATE, n_fft=2048, base_c=base_c) for base_c in (True, False))
    np.testing.assert_allclose(np.roll(c, 3, axis=0), a, atol=1e-12)


def test_octaves_count_alike_without_a_centre() -> None:
    bank = chroma_filterbank(sample_rate=RATE, n_fft=2048, centre_octave=None)
    np.testing.assert_allclose(np.linalg.norm(bank, axis=0), 1.0)
    weighed = np.linalg.norm(chroma_filterbank(sample_rate=RATE, n_fft=2048), axis=0)
    assert weighed.argmax() == round(880 / RATE * 2048)


@pytest.mark.parametrize("fmin", [32.703, 55.0, 61.735, 98.0])
def test_where_the_bands_begin_does_not_matter(fmin: float) -> None:
    chroma = chroma_cqt(chord(), sample_rate=RATE, fmin=fmin, n_octaves=5)[:, 40]
    assert set(np.argsort(chroma)[-3:]) == {0, 4, 7}


def test_every_band_counts_for_one_class() -> None:
    for n_chroma, merged in ((12, 1), (12, 3), (5, 4), (7, 2)):
        fold = octave_fold(n_bins=70, n_chroma=n_chroma, bins_per_octave=merged * n_chroma)
        np.testing.assert_array_equal(fold.sum(axis=0), 1.0)
    assert octave_fold(n_bins=36, bins_per_octave=36)[0].nonzero()[0].tolist() == [0, 1, 35]


def test_chroma_of_given_bands_is_that_of_the_signal() -> None:
    bands = {"bins_per_octave": 24, "fmin": 55.0}
    C = cqt_magnitude(chord(), sample_rate=RATE, n_bins=96, **bands)
    want = chroma_cqt(chord(), sample_rate=RATE, n_octaves=4, **bands)
    np.testing.assert_allclose(chroma_fold(C, **bands), want, atol=1e-12)


def test_frames_are_scaled_and_silence_stays() -> None:
    S = some_chroma() - 0.2
    np.testing.assert_allclose(np.abs(scaled_frames(S, norm=1)).sum(axis=0), 1)
    np.testing.assert_allclose((scaled_frames(S, norm=2) ** 2).sum(axis=0), 1)
    np.testing.assert_allclose(np.abs(scaled_frames(S)).max(axis=0), 1)
    assert scaled_frames(S, norm=None) is S
    quiet = scaled_frames(1e-6 * S, floor=1.0)
    np.testing.assert_allclose(quiet, 1e-6 * S)
    for function in (chroma_stft, chroma_cqt):
        assert not function(np.zeros(9000), sample_rate=RATE).any()
    assert not cens(np.zeros((12, 50))).any()
    assert not tonnetz(np.zeros((12, 50))).any()


def test_cens_hears_no_dynamics_and_is_slow() -> None:
    S = some_chroma()
    loud = 10 ** np.linspace(-2, 2, 60)
    np.testing.assert_allclose(cens(loud * S), cens(S), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(cens(S), axis=0), 1)
    assert np.abs(np.diff(cens(S))).mean() < 0.1 * np.abs(np.diff(cens(S, smoothing=1))).mean()
    levels = cens(S, smoothing=1, norm=None) * 4
    np.testing.assert_array_equal(levels, levels.round())


@pytest.mark.parametrize("smoothing", [4, 5])
def test_smoothing_is_an_average_around_each_frame(smoothing: int) -> None:
    S = np.eye(12)[:, :2].repeat(30, axis=1)  # C, then C sharp
    slow = cens(S, smoothing=smoothing, norm=None)
    np.testing.assert_allclose(slow[:, 10:50].sum(axis=0), 1.0)
    assert slow[0, 20] == pytest.approx(1.0)
    assert (np.diff(slow[0, 5:55]) <= 1e-12).all()
    if smoothing % 2:
        assert slow[0, 29] == pytest.approx(1 - slow[0, 30])


def test_fifths_and_thirds_lie_on_their_circles() -> None:
    circles = tonnetz_circles()
    np.testing.assert_allclose(circles[0] ** 2 + circles[1] ** 2, 1)
    np.testing.assert_allclose(circles[4] ** 2 + circles[5] ** 2, 0.25)
    at = np.unwrap(np.arctan2(circles[0], circles[1])[(7 * np.arange(12)) % 12])
    np.testing.assert_allclose(np.diff(at), np.diff(at)[0], atol=1e-9)  # a fifth is always the same turn
    np.testing.assert_allclose(circles[2:4, 0], circles[2:4, 4 * 3 % 12], atol=1e-9)
    major = np.zeros((12, 12))
    for root in range(12):
        major[[root, (root + 4) % 12, (root + 7) % 12], root] = 1
    places = tonnetz(major)
    away = np.linalg.norm(places - places[:, :1], axis=0)
    assert away[6] > away[[5, 7]].max()  # C is nearer to F and G than to F sharp


def test_the_centroid_of_finer_classes_is_the_same() -> None:
    S = some_chroma()
    fine = np.zeros((24, 60))
    fine[::2] = S
    np.testing.assert_allclose(tonnetz(fine), tonnetz(S), atol=1e-12)


def test_what_does_not_fit_is_refused() -> None:
    x = np.zeros(1000)
    with pytest.raises(ParameterError, match="multiple"):
        chroma_cqt(x, sample_rate=RATE, n_chroma=5)
    with pytest.raises(ParameterError, match="norm"):
        chroma_stft(x, sample_rate=RATE, norm=3)
    with pytest.raises(ParameterError, match="n_bins of at most"):
        chroma_cqt(x, sample_rate=8000)
    with pytest.raises(ParameterError, match="octave_width"):
        chroma_filterbank(sample_rate=RATE, n_fft=512, octave_width=0.0)
    with pytest.raises(ParameterError, match="floor"):
        tonnetz(some_chroma(), floor=0.0)
    with pytest.raises(ParameterError, match="smoothing"):
        cens(some_chroma(), smoothing=0)

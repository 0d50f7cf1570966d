from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.phase_vocoder import phase_vocoder, pitch_shift, time_stretch
from sori.spectral.stft import stft

RECORDED = np.load(Path(__file__).parent / "recorded" / "stft.npz")
RATE = 22050


def tone(*hz: float, seconds: float = 3) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    return sum(0.3 * np.sin(2 * np.pi * f * t) for f in hz)


def pitch_cents(x: np.ndarray, hz: float) -> float:
    """Return how far the strongest partial of the middle is from ``hz``, by the peak of a long spectrum."""
    middle = x[len(x) // 4 : -len(x) // 4]
    level = np.log(abs(np.fft.rfft(middle * np.hanning(len(middle)))) + 1e-12)
    k = int(level.argmax())
    a, b, c = level[k - 1 : k + 2]
    found = (k + 0.5 * (a - c) / (a - 2 * b + c)) * RATE / len(middle)
    return 1200 * np.log2(found / hz)


def purity_db(x: np.ndarray, *hz: float) -> float:
    """Return the level of steady tones over that of all else in the middle."""
    middle = x[len(x) // 4 : -len(x) // 4]
    t = 2 * np.pi * np.arange(len(middle)) / RATE
    basis = np.stack([wave(f * t) for f in hz for wave in (np.cos, np.sin)], axis=1)
    tones = basis @ np.linalg.lstsq(basis, middle, rcond=None)[0]
    return 10 * np.log10(np.sum(tones**2) / np.sum((middle - tones) ** 2))


def test_without_locking_the_numbers_are_librosas() -> None:
    got = phase_vocoder(RECORDED["stft"], rate=0.7)
    np.testing.assert_allclose(got, RECORDED["phase_vocoder"], atol=1e-7)


@pytest.mark.parametrize("lock", [False, True])
def test_at_its_own_pace_nothing_changes(lock: bool) -> None:
    S = RECORDED["stft"]
    np.testing.assert_allclose(phase_vocoder(S, rate=1.0, lock=lock), S, atol=1e-9)


@pytest.mark.parametrize("rate", [0.5, 0.73, 1.0, 1.25, 2.0])
@pytest.mark.parametrize("lock", [False, True])
def test_a_stretched_tone_keeps_its_pitch(rate: float, lock: bool) -> None:
    y = time_stretch(tone(440), rate=rate, lock=lock)
    assert len(y) == round(3 * RATE / rate)
    assert abs(pitch_cents(y, 440)) < 0.1
    # Bins that drift apart lower the level; those that follow a peak do not drift.
    assert np.std(y[len(y) // 4 : -len(y) // 4]) == pytest.approx(0.3 / np.sqrt(2), rel=0.01 if lock else 0.2)


@pytest.mark.parametrize(("semitones", "hz"), [(12, 880), (-12, 220), (7, 659.2551), (-0.5, 427.4741)])
def test_a_shifted_tone_has_the_new_pitch(semitones: float, hz: float) -> None:
    x = tone(440)
    y = pitch_shift(x, semitones=semitones)
    assert y.shape == x.shape
    assert abs(pitch_cents(y, hz)) < 0.1


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.5])
def test_locked_chords_stay_clean(rate: float) -> None:
    chord = (440, 887.3, 1333)
    plain, locked = (
        purity_db(time_stretch(tone(*chord), rate=rate, lock=lock), *chord) for lock in (False, True)
    )
    assert locked > 80
    assert locked > plain


def test_locking_smears_attacks_less() -> None:
    clicks = np.zeros(4 * RATE)
    clicks[RATE // 4 :: RATE // 2] = 1

    def gathered(lock: bool) -> float:
        energy = time_stretch(clicks, rate=0.7, lock=lock) ** 2
        at = np.round(np.flatnonzero(clicks) / 0.7).astype(int)
        near = sum(energy[max(0, a - 220) : a + 220].sum() for a in at)
        return float(near / energy.sum())

    assert gathered(True) > 1.5 * gathered(False)


def test_a_tone_moves_in_time_as_the_signal_does() -> None:
    x = np.concatenate([np.zeros(2 * RATE), tone(440, seconds=1), np.zeros(RATE)])
    y = time_stretch(x, rate=0.5)
    level = np.sqrt(np.convolve(y**2, np.ones(441) / 441, "same"))
    loud = np.flatnonzero(level > 0.1) / RATE
    assert loud[0] == pytest.approx(4, abs=0.1)
    assert loud[-1] == pytest.approx(6, abs=0.1)


def test_channels_are_stretched_alone() -> None:
    x = np.random.default_rng(0).standard_normal((2, 6000))
    for lock in (False, True):
        both = time_stretch(x, rate=0.8, lock=lock, n_fft=512)
        np.testing.assert_allclose(both[1], time_stretch(x[1], rate=0.8, lock=lock, n_fft=512), atol=1e-9)


def test_what_is_asked_for_is_checked() -> None:
    for wrong in (0.0, -1.0, float("inf"), float("nan")):
        with pytest.raises(ParameterError, match="rate"):
            time_stretch(tone(440), rate=wrong)
    with pytest.raises(ParameterError, match="semitones"):
        pitch_shift(tone(440), semitones=97)
    with pytest.raises(ParameterError, match="complex"):
        phase_vocoder(abs(stft(tone(440))), rate=2)

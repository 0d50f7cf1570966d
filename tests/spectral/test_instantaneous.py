from pathlib import Path

import numpy as np
import pytest

from sori.audio.stream import load
from sori.errors import ParameterError
from sori.spectral.exchange import exchange_phase
from sori.spectral.gansynth import from_gansynth_representation, gansynth_representation
from sori.spectral.instantaneous import instantaneous_frequency, unwrap
from sori.spectral.stft import stft
from sori.spectral.turns import cumulative_turns

RATE = 22050
T = np.arange(2 * RATE) / RATE


@pytest.mark.parametrize("hz", [97.3, 440.0, 1234.5, 10_000.0])
@pytest.mark.parametrize(("n_fft", "hop"), [(2048, 512), (1024, 100), (1001, 250)])
def test_every_bin_of_a_main_lobe_knows_the_frequency(hz: float, n_fft: int, hop: int) -> None:
    S = stft(np.sin(2 * np.pi * hz * T), n_fft=n_fft, hop_length=hop)
    found = instantaneous_frequency(S, sample_rate=RATE, hop_length=hop, n_fft=n_fft)
    assert found.shape == S.shape
    near = round(hz * n_fft / RATE)
    middle = found[near - 1 : near + 2, 20:60]
    # Low tones are met by their own mirror image below 0 Hz.
    assert abs(1200 * np.log2(middle / hz)).max() < (3 if hz < 200 else 0.1)


def test_a_glide_is_followed() -> None:
    S = stft(np.sin(2 * np.pi * (300 * T + 100 * T**2)))  # 200 Hz a second
    hz = instantaneous_frequency(S, sample_rate=RATE)
    strongest = abs(S).argmax(axis=0)
    at = np.arange(10, 75)
    # A difference of two frames is the frequency between them.
    expected = 300 + 200 * (at - 0.5) * 512 / RATE
    np.testing.assert_allclose(hz[strongest[at], at], expected, atol=1.0)  # a bin has 10.8 Hz


def test_unwrapped_angles_are_numpys() -> None:
    angle = np.random.default_rng(0).uniform(-9, 9, (5, 200, 3))
    for axis in (0, 1, -1):
        np.testing.assert_allclose(unwrap(angle, axis=axis), np.unwrap(angle, axis=axis), atol=1e-9)
    np.testing.assert_allclose(unwrap(angle, period=1.0), np.unwrap(angle, period=1.0), atol=1e-9)


def test_turns_add_up_in_single_precision() -> None:
    step = np.random.default_rng(1).uniform(-0.5, 0.5, (20_000, 2))
    exact = np.cumsum(step, axis=0)
    for dtype, tolerance in ((np.float32, 5e-5), (np.float64, 1e-11)):
        off = cumulative_turns(step.astype(dtype)) - exact
        assert abs(off - np.round(off)).max() < tolerance


def test_frequencies_need_two_frames() -> None:
    with pytest.raises(ParameterError, match="at least 2"):
        instantaneous_frequency(np.zeros((33, 1), complex), sample_rate=RATE)
    with pytest.raises(ParameterError, match="sample_rate"):
        instantaneous_frequency(np.zeros((33, 3), complex), sample_rate=0)
    with pytest.raises(ParameterError, match="complex"):
        instantaneous_frequency(np.zeros((33, 3)), sample_rate=RATE)


class TestGansynth:
    def test_music_comes_back(self, data: Path) -> None:
        path = data / "music" / "librosa" / "Kevin_MacLeod_-_Vibe_Ace.ogg"
        x = load(path, sample_rate=RATE, mono=True, start_s=5, duration_s=4).samples
        for hop, least_db in ((512, 70), (256, 70)):
            both = gansynth_representation(x, hop_length=hop)
            assert both.shape == (2, 1024, 1 + len(x) // hop)
            assert abs(both).max() <= 1
            back = from_gansynth_representation(both, hop_length=hop, length=len(x))
            assert 10 * np.log10(np.sum(x**2) / np.sum((back - x) ** 2)) > least_db

    def test_a_tone_is_constant(self) -> None:
        level, half_turns = gansynth_representation(np.sin(2 * np.pi * 440 * T))
        near = round(440 * 2048 / RATE)
        assert np.ptp(half_turns[near, 10:70]) < 1e-3
        assert np.ptp(level[near, 10:70]) < 1e-3

    def test_full_scale_is_one_and_silence_minus_one(self) -> None:
        level, half_turns = gansynth_representation(np.ones(RATE))
        np.testing.assert_allclose(level[0, 10:20], 1)
        assert gansynth_representation(np.zeros(RATE)).min() == -1
        assert not from_gansynth_representation(gansynth_representation(np.zeros(RATE))).any()
        assert not half_turns[0].any()

    def test_mel_bands_tell_low_partials_apart_and_keep_the_pitch(self) -> None:
        x = np.sin(2 * np.pi * 440 * T)
        both = gansynth_representation(x, mel_sample_rate=RATE)
        assert both.shape == gansynth_representation(x).shape
        back = from_gansynth_representation(both, mel_sample_rate=RATE, length=len(x))
        assert abs(np.fft.rfft(back)).argmax() == 880

    def test_what_is_asked_for_is_checked(self) -> None:
        with pytest.raises(ParameterError, match="even"):
            gansynth_representation(np.zeros(2000), n_fft=513)
        with pytest.raises(ParameterError, match="range_db"):
            gansynth_representation(np.zeros(2000), range_db=0)
        with pytest.raises(ParameterError, match="want"):
            from_gansynth_representation(np.zeros((3, 16, 8)))


class TestExchange:
    def test_with_itself_a_sound_stays_what_it_is(self) -> None:
        x = np.random.default_rng(0).standard_normal(8000)
        for back in exchange_phase(x, x, n_fft=512):
            np.testing.assert_allclose(back, x, atol=1e-9)

    def test_short_windows_go_with_the_magnitudes_long_ones_with_the_phases(self) -> None:
        """Two noises, one loud in its first half, the other in its second: whose loudness is heard?"""
        rng = np.random.default_rng(0)
        first_half = np.where(T < 1, 1.0, 0.05)
        a, b = (rng.standard_normal(len(T)) * shape for shape in (first_half, first_half[::-1]))

        def share_of_first_half(x: np.ndarray) -> float:
            return float(np.sum(x[:RATE] ** 2) / np.sum(x**2))

        short, _ = exchange_phase(a, b, n_fft=512)  # magnitudes of a
        long, _ = exchange_phase(a, b, n_fft=8 * RATE)
        assert share_of_first_half(short) > 0.95
        assert share_of_first_half(long) < 0.35

    def test_lengths_must_agree(self) -> None:
        with pytest.raises(ParameterError, match="cut the longer"):
            exchange_phase(np.zeros(2000), np.zeros(2001))

"""What effects do to sounds, in statements about sound."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sori import effects
from sori.audio import save
from sori.effects.bit_crush import bit_crush
from sori.effects.chorus import chorus
from sori.effects.counted_noise import coloured_noise, gaussian_noise
from sori.effects.echo import echo
from sori.effects.filtering_each import filter_each
from sori.effects.flanger import flanger
from sori.effects.impulse_response import convolve_each
from sori.effects.overdrive import overdrive
from sori.effects.phaser import phaser
from sori.effects.reading import read_back
from sori.effects.reverb import room_noise
from sori.effects.room import room_response
from sori.effects.swing import swing
from sori.effects.telephone import telephone
from sori.effects.tremolo import tremolo
from sori.effects.vibrato import vibrato
from sori.errors import MissingExtra, ParameterError
from sori.signal.biquad import low_pass_biquad
from sori.signal.butterworth import band_pass
from sori.signal.filtering import filter_sections

RATE = 16_000


def tone(hz: float, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    """Return a tone ``(1, time)``."""
    t = np.arange(round(seconds * rate)) / rate
    return 0.5 * np.sin(2 * np.pi * hz * t)[None].astype(np.float64)


def hz_of(x: np.ndarray, rate: int = RATE) -> float:
    """Return the frequency of a tone, from the peak of its spectrum between two bins."""
    x = x.reshape(-1)
    size = np.abs(np.fft.rfft(x * np.hanning(len(x)), 4 * len(x)))
    at = int(size.argmax())
    low, mid, high = np.log(size[at - 1 : at + 2])
    return float((at + 0.5 * (low - high) / (low - 2 * mid + high)) * rate / (4 * len(x)))


def level(x: Any) -> float:
    """Return the mean square in dB."""
    return float(10 * np.log10(np.mean(np.square(np.asarray(x, np.float64))) + 1e-30))


def done(effect: effects.Effect, x: np.ndarray, rate: int = RATE, **parameters: Any) -> np.ndarray:
    return np.asarray(effect.apply(x, parameters, sample_rate=rate))


class TestTimeAndPitch:
    @pytest.mark.parametrize("semitones", [12.0, -12.0, 7.0, 0.5])
    def test_a_shifted_pitch_is_where_it_should_be(self, semitones: float) -> None:
        y = done(effects.PitchShift(), tone(440.0), semitones=semitones)
        assert y.shape == (1, RATE)
        cents = 1200 * math.log2(hz_of(y[:, 2000:-2000]) / 440.0)
        assert cents == pytest.approx(100 * semitones, abs=2.0)

    def test_stretching_moves_beats_apart_and_keeps_the_pitch(self) -> None:
        clicks = np.zeros((1, 2 * RATE))
        clicks[0, RATE // 2 :: RATE // 2] = 1.0
        effect = effects.TimeStretch(min_rate=0.5, max_rate=0.5, keep_length=False)
        stretched = effect(clicks, sample_rate=RATE, rng=np.random.default_rng(0))
        assert stretched.shape == (1, 4 * RATE)
        energy = np.square(stretched[0]).reshape(-1, RATE // 100).sum(axis=-1)  # cells of 10 ms
        beats = [at for at in range(1, len(energy) - 1) if energy[at] > 0.3 * energy.max()]
        starts = [at for at in beats if at - 1 not in beats]
        assert np.diff(starts).tolist() == pytest.approx([100] * (len(starts) - 1), abs=2)
        slow = effect(tone(440.0), sample_rate=RATE, rng=np.random.default_rng(0))
        assert hz_of(slow[:, 2000:-2000]) == pytest.approx(440.0, abs=0.5)

    def test_speed_moves_both(self) -> None:
        effect = effects.Speed(min_rate=1.25, max_rate=1.25, keep_length=False)
        y = effect(tone(440.0), sample_rate=RATE, rng=np.random.default_rng(0))
        assert y.shape == (1, round(RATE / 1.25))
        assert hz_of(y[:, 500:-500]) == pytest.approx(550.0, abs=0.2)

    def test_a_shift_is_exact(self) -> None:
        x = np.arange(1.0, 9.0)[None]
        shift = effects.TimeShift()
        assert done(shift, x, rate=4, shift_s=0.5).tolist() == [[0, 0, 1, 2, 3, 4, 5, 6]]
        assert done(shift, x, rate=4, shift_s=-0.5).tolist() == [[3, 4, 5, 6, 7, 8, 0, 0]]
        round_it = effects.TimeShift(wrap=True)
        assert done(round_it, x, rate=4, shift_s=0.5).tolist() == [[7, 8, 1, 2, 3, 4, 5, 6]]
        assert not done(shift, x, rate=4, shift_s=9.0).any()

    def test_channels_are_delayed_each_by_its_own(self) -> None:
        x = np.ones((2, 6))
        y = done(effects.Delay(linked=False), x, rate=2, delay_s=[0.5, 1.5])
        assert y.tolist() == [[0, 1, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1]]

    def test_vibrato_goes_as_far_as_it_says(self) -> None:
        y = vibrato(tone(1000.0, 2.0, 48_000), sample_rate=48_000, rate_hz=5.0, extent_cents=50.0)[0]
        analytic = np.fft.ifft(np.fft.fft(y) * np.where(np.arange(len(y)) < len(y) // 2, 2.0, 0.0))
        hz = np.diff(np.unwrap(np.angle(analytic)))[9600:-9600] * 48_000 / (2 * np.pi)
        cents = 1200 * np.log2(hz / 1000.0)
        assert cents.max() == pytest.approx(50.0, abs=2.0)
        assert cents.min() == pytest.approx(-51.5, abs=2.0)


class TestSpectrum:
    @pytest.mark.parametrize(
        ("effect", "drawn", "passes", "stops"),
        [
            (effects.LowPass(), {"cutoff_hz": 1000.0}, 200.0, 6000.0),
            (effects.HighPass(), {"cutoff_hz": 1000.0}, 6000.0, 150.0),
            (effects.BandPass(), {"centre_hz": 1000.0, "octaves": 1.0}, 1000.0, 7000.0),
            (effects.BandStop(), {"centre_hz": 1000.0, "octaves": 1.0}, 5000.0, 1000.0),
        ],
    )
    def test_a_filter_passes_and_stops(
        self, effect: effects.Effect, drawn: dict[str, float], passes: float, stops: float
    ) -> None:
        for hz, expected in ((passes, 0.0), (stops, -25.0)):
            x = tone(hz)
            change = level(done(effect, x, **drawn)[:, 4000:]) - level(x[:, 4000:])
            assert abs(change) < 0.7 if expected == 0 else change < expected

    @pytest.mark.parametrize(
        ("effect", "drawn", "hz", "far_hz"),
        [
            (effects.LowShelf(), {"cutoff_hz": 400.0, "gain_db": 9.0}, 40.0, 6000.0),
            (effects.HighShelf(), {"cutoff_hz": 1500.0, "gain_db": 9.0}, 7000.0, 80.0),
            (effects.PeakEqualiser(), {"centre_hz": 1000.0, "gain_db": 9.0, "q": 2.0}, 1000.0, 60.0),
        ],
    )
    def test_an_equaliser_adds_what_it_says(
        self, effect: effects.Effect, drawn: dict[str, float], hz: float, far_hz: float
    ) -> None:
        for at, gain in ((hz, 9.0), (far_hz, 0.0)):
            x = tone(at)
            assert level(done(effect, x, **drawn)[:, 4000:]) - level(x[:, 4000:]) == pytest.approx(
                gain, abs=0.4
            )

    def test_filters_of_the_other_libraries_are_the_recursion(self) -> None:
        import torch

        rng = np.random.default_rng(0)
        x = rng.standard_normal((2, 1, RATE))
        sections = [
            low_pass_biquad(sample_rate=RATE, cutoff_hz=hz, q=q) for hz, q in ((30.0, 4.0), (4e3, 0.7))
        ]
        want = np.stack([filter_sections(one, own) for one, own in zip(x, sections, strict=True)])
        assert np.abs(filter_each(x, sections) - want).max() < 1e-12
        got = filter_each(torch.from_numpy(x), sections).numpy()
        assert np.abs(got - want).max() < 1e-6 * np.abs(want).max()

    def test_a_telephone_keeps_the_band_of_speech(self) -> None:
        for hz, low, high in ((1000.0, -1.0, 0.5), (100.0, -999.0, -15.0), (5000.0, -999.0, -30.0)):
            change = level(telephone(tone(hz), sample_rate=RATE)[:, 2000:-2000]) - level(tone(hz))
            assert low < change < high

    @pytest.mark.parametrize(("colour", "slope_db"), [("white", 0), ("pink", -3), ("brown", -6), ("blue", 3)])
    def test_noise_has_its_colour(self, colour: str, slope_db: float) -> None:
        x = np.zeros((1, 1, 1 << 17))
        noise = coloured_noise(x, seeds=[3], colour=colour, sample_rate=RATE)[0, 0]
        assert level(noise) == pytest.approx(0.0, abs=0.6)
        power = np.abs(np.fft.rfft(noise)) ** 2
        bands = [power[1 << k : 2 << k].mean() for k in range(10, 15)]
        slopes = np.diff(10 * np.log10(bands))
        assert slopes.mean() == pytest.approx(slope_db, abs=0.4)

    def test_counted_noise_is_noise(self) -> None:
        noise = gaussian_noise(np.zeros((3, 1 << 17)), seeds=[0, 1, 2])
        assert noise.mean(axis=-1) == pytest.approx([0.0] * 3, abs=0.01)
        assert noise.std(axis=-1) == pytest.approx([1.0] * 3, abs=0.01)
        assert (noise**4).mean(axis=-1) == pytest.approx([3.0] * 3, abs=0.1)
        spectrum = np.abs(np.fft.rfft(noise)) ** 2 / noise.shape[-1]
        assert spectrum[:, 1:].reshape(3, 64, -1).mean(axis=-1) == pytest.approx(1.0, abs=0.25)
        for lag in (1, 2, 64, 1 << 14, 1 << 16):
            assert abs(np.mean(noise[:, lag:] * noise[:, :-lag])) < 0.02
        assert np.abs(np.corrcoef(noise) - np.eye(3)).max() < 0.02


class TestLevel:
    def test_the_ratio_drawn_is_the_ratio_heard(self, tmp_path: Path) -> None:
        hum = np.sin(2 * np.pi * 100 * np.arange(3 * RATE) / RATE).astype(np.float32)
        save(tmp_path / "hum.wav", hum, sample_rate=RATE)
        x = np.random.default_rng(1).standard_normal((2, RATE)) * 0.1
        for effect in (
            effects.Noise(colours=("pink",)),
            effects.Background(paths=(str(tmp_path),), min_snr_db=5.0, max_snr_db=15.0),
        ):
            drawn = effect.draw(np.random.default_rng(2), x, sample_rate=RATE)
            assert drawn is not None
            under = effect.apply(x, drawn, sample_rate=RATE) - x
            assert level(x) - level(under) == pytest.approx(drawn["snr_db"], abs=1e-6)

    def test_gain_is_in_decibels(self) -> None:
        assert level(done(effects.Gain(), tone(100.0), gain_db=-6.0)) == pytest.approx(level(tone(100.0)) - 6)

    def test_tremolo_swings_as_often_and_as_far(self) -> None:
        x = np.ones((1, 2 * RATE))
        y = tremolo(x, sample_rate=RATE, rate_hz=4.0, depth=0.5)[0]
        assert y.max() == pytest.approx(1.0, abs=1e-3)
        assert y.min() == pytest.approx(0.5, abs=1e-3)
        spectrum = np.abs(np.fft.rfft(y - y.mean()))
        assert int(spectrum.argmax()) == 8

    def test_compression_levels_loud_and_soft(self) -> None:
        x = np.concatenate([0.02 * tone(500.0), tone(500.0)], axis=-1)
        y = done(
            effects.Compression(knee_db=0.0),
            x,
            threshold_db=-20.0,
            ratio=4.0,
            makeup_db=0.0,
            attack_s=0.005,
            release_s=0.1,
        )
        soft, loud = slice(4000, 15000), slice(20000, 31000)
        assert level(y[:, soft]) == pytest.approx(level(x[:, soft]), abs=0.1)
        # The tone peaks at -6 dB, 14 above the threshold: three quarters of that come off.
        assert level(y[:, loud]) == pytest.approx(level(x[:, loud]) - 10.5, abs=1.0)

    def test_overdrive_keeps_the_level_and_adds_odd_harmonics(self) -> None:
        x = tone(500.0)
        y = overdrive(x, drive_db=20.0)
        assert level(y) == pytest.approx(level(x), abs=1e-9)
        size = np.abs(np.fft.rfft(y[0]))
        assert size[1500] > 0.1 * size[500]
        assert size[1000] < 1e-6 * size[500]

    def test_clipping_cuts_at_what_was_drawn(self) -> None:
        y = done(effects.Clipping(), tone(300.0), below_peak_db=6.0)
        assert np.abs(y).max() == pytest.approx(0.5 * 10 ** (-6 / 20), rel=1e-3)

    def test_bits_make_steps(self) -> None:
        y = bit_crush(tone(300.0), bits=4)
        assert len(np.unique(y)) <= 16
        held = bit_crush(tone(300.0), bits=16, hold=4)
        assert np.array_equal(held[:, ::4], held[:, 3::4])


class TestModulation:
    def test_reading_back_is_exact_at_samples_and_right_between(self) -> None:
        t = np.arange(400.0)
        x = np.sin(0.1 * t)[None]
        assert np.array_equal(read_back(x, np.full((1, 400), 7.0), longest=7)[0, 7:], x[0, :-7])
        between = read_back(x, np.full((1, 400), 7.25), longest=8)[0, 20:]
        assert np.abs(between - np.sin(0.1 * (t[20:] - 7.25))).max() < 1e-5

    def test_a_swing_swings(self) -> None:
        x = np.zeros((2, RATE * 20), np.float32)
        up = swing(x, rate_hz=np.array([3.0, 0.5]), phase=np.array([0.0, 0.25]), sample_rate=RATE)
        t = np.arange(RATE * 20) / RATE
        want = 0.5 + 0.5 * np.sin(2 * np.pi * (np.array([[3.0], [0.5]]) * t + np.array([[0.0], [0.25]])))
        assert np.abs(up - want).max() < 2e-6
        for wave in ("triangle", "square"):
            other = swing(x[:1], rate_hz=1.0, phase=0.0, sample_rate=RATE, wave=wave)[0]
            assert other.min() == pytest.approx(0.0, abs=1e-3)
            assert other.max() == pytest.approx(1.0, abs=1e-3)
            assert other.mean() == pytest.approx(0.5, abs=1e-3)

    def test_a_still_flanger_is_the_recursion(self) -> None:
        rng = np.random.default_rng(0)
        x = rng.standard_normal((1, 4000))
        y = flanger(x, sample_rate=1000, rate_hz=1.0, depth_s=0.0, delay_s=0.005, feedback=0.7, mix=0.5)
        delayed = np.zeros(4000)
        for n in range(5, 4000):
            delayed[n] = x[0, n - 5] + 0.7 * delayed[n - 5]
        assert np.abs(y[0] - 0.5 * (x[0] + delayed)).max() < 2e-4 * np.abs(delayed).max()

    def test_a_moving_flanger_is_the_recursion_too(self) -> None:
        n, rate = 4000, 8000
        x = np.sin(2 * np.pi * 200 * np.arange(n) / rate)[None]
        settings: dict[str, Any] = {"rate_hz": 2.0, "depth_s": 0.004, "delay_s": 0.002}
        y = flanger(x, sample_rate=rate, feedback=-0.6, mix=0.5, **settings)
        late = 16 + 32 * swing(x, rate_hz=2.0, phase=0.0, sample_rate=rate)[0]
        fed = np.zeros(n + 1)
        delayed = np.zeros(n)
        for at in range(n):
            place = at - late[at]
            whole = math.floor(place)
            if whole >= 0:
                delayed[at] = fed[whole] + (place - whole) * (fed[whole + 1] - fed[whole])
            fed[at] = x[0, at] - 0.6 * delayed[at]
        want = 0.5 * (x[0] + delayed)
        # The straight lines between samples here, and the cubic there, differ by a little.
        assert np.abs(y[0] - want)[200:].max() < 0.02 * np.abs(want).max()

    def test_a_still_phaser_is_its_filters(self) -> None:
        rng = np.random.default_rng(0)
        x = filter_sections(
            rng.standard_normal((1, 2 * RATE)), low_pass_biquad(sample_rate=RATE, cutoff_hz=6e3)
        )
        y = phaser(
            x, sample_rate=RATE, rate_hz=1.0, low_hz=800.0, high_hz=800.0, feedback=0.0, mix=0.5, stages=4
        )
        t = math.tan(math.pi * 800.0 / RATE)
        a = (t - 1) / (t + 1)
        turned = filter_sections(x, (((a, 1.0, 0.0), (a, 0.0)),) * 4)
        want = 0.5 * (x + turned)
        assert level((y - want)[:, 2000:-2000]) < level(want) - 45

    def test_chorus_voices_are_late_by_what_they_say(self) -> None:
        x = np.zeros((1, 4000))
        x[0, 100] = 1.0
        y = chorus(x, sample_rate=1000, rate_hz=1.0, depth_s=0.0, delay_s=0.02, mix=0.5, voices=1)
        assert np.flatnonzero(np.abs(y[0]) > 1e-9).tolist() == [100, 120]

    def test_echoes_fall_by_what_they_say(self) -> None:
        x = np.eye(1, 500)
        y = echo(x, sample_rate=100, delay_s=1.0, decay_db=6.0, repeats=3)[0]
        at = np.flatnonzero(y)
        assert at.tolist() == [0, 100, 200, 300]
        assert 20 * np.log10(y[at]) == pytest.approx([0.0, -6.0, -12.0, -18.0])


class TestPlaces:
    def test_a_made_up_room_decays_as_long_as_it_says(self) -> None:
        response = room_noise(
            np.zeros(1), sample_rate=RATE, decay_s=0.5, damping=1.0, seeds=[1], length=RATE
        )[0]
        assert np.sum(response**2) == pytest.approx(1.0)
        left = 10 * np.log10(np.cumsum(response[::-1] ** 2)[::-1])  # Schroeder's curve
        t = np.arange(RATE) / RATE
        first, last = (int(np.argmax(left < left[0] - db)) for db in (5, 35))
        assert 2 * (t[last] - t[first]) == pytest.approx(0.5, rel=0.1)

    def test_highs_die_sooner(self) -> None:
        response = room_noise(
            np.zeros(1), sample_rate=RATE, decay_s=1.0, damping=0.3, seeds=[1], length=RATE
        )[0]
        early, later = response[:2000], response[6000:8000]

        def brightness(part: np.ndarray) -> float:
            power = np.abs(np.fft.rfft(part)) ** 2
            return float(power[len(power) // 2 :].sum() / power.sum())

        assert brightness(later) < 0.2 * brightness(early)

    def test_a_room_answers_as_loud_as_drawn(self) -> None:
        x = np.random.default_rng(0).standard_normal((1, 4 * RATE)) * 0.1
        drawn = {"decay_s": 0.3, "wet_db": -10.0, "damping": 0.9, "predelay_s": 0.0, "seed": 4, "tail_s": 0.5}
        wet = done(effects.Reverb(), x, **drawn) - x
        assert level(wet[:, RATE:]) == pytest.approx(level(x) - 10.0, abs=0.5)

    def test_an_impulse_is_its_response(self) -> None:
        response = np.array([1.0, 0.0, 0.5])
        y = convolve_each(np.eye(1, 8), [response])
        assert y[0].tolist() == pytest.approx([1.0, 0.0, 0.5, 0, 0, 0, 0, 0], abs=1e-12)

    def test_a_simulated_room_has_its_decay(self) -> None:
        pytest.importorskip("pyroomacoustics", reason="sori[rooms] is not installed")
        response = room_response(
            size_m=(6.0, 5.0, 3.0),
            source_m=(1.0, 1.5, 1.2),
            microphone_m=(4.0, 3.0, 1.5),
            decay_s=0.4,
            sample_rate=RATE,
        )
        left = 10 * np.log10(np.cumsum(response[::-1] ** 2)[::-1] + 1e-30)
        first, last = (int(np.argmax(left < left[0] - db)) for db in (5, 25))
        assert 3 * (last - first) / RATE == pytest.approx(0.4, rel=0.4)

    def test_without_the_extra_a_room_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import sys

        monkeypatch.setitem(sys.modules, "pyroomacoustics", None)
        size = (6.0, 5.0, 3.1)
        with pytest.raises(MissingExtra, match=r"sori\[rooms\]"):
            room_response(
                size_m=size, source_m=(1, 1, 1), microphone_m=(2, 2, 2), decay_s=0.4, sample_rate=RATE
            )

    def test_a_place_outside_the_room_is_refused(self) -> None:
        drawn = {"size_m": [5.0, 4.0, 3.0], "source_m": [1.0, 1.0, 3.5], "microphone_m": [2.0, 2.0, 1.0]}
        with pytest.raises(ParameterError, match="within the room"):
            done(effects.Room(), tone(300.0), decay_s=0.3, **drawn)


@pytest.mark.parametrize("codec", ["mp3", "opus", "aac"])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_codec_is_late_by_nothing(codec: str, rate: int) -> None:
    rng = np.random.default_rng(0)
    x = band_pass(rng.standard_normal((2, rate)), sample_rate=rate, low_hz=500.0, high_hz=3000.0)
    x = (0.2 * x / x.std()).astype(np.float32)
    y = done(effects.Codec(), x, rate=rate, codec=codec, bit_rate_bps=96_000)
    assert y.shape == x.shape
    lags = np.fft.irfft(np.fft.rfft(y[0], 2 * rate) * np.conj(np.fft.rfft(x[0], 2 * rate)))
    assert int(lags.argmax()) == 0
    assert level(y - x) < level(x) - 8


def test_a_codec_at_a_rate_of_its_own_choice_keeps_length() -> None:
    y = done(effects.Codec(), tone(500.0, 0.5, 11_000), rate=11_000, codec="opus", bit_rate_bps=48_000)
    assert y.shape == (1, 5500)
    assert hz_of(y, 11_000) == pytest.approx(500.0, abs=1.0)

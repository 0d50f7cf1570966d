"""Synthesised sounds have the pitch, the spectrum and the envelope they claim."""

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal import instruments, noise, synthesis

RATE = 44_100


def strongest_hz(samples: np.ndarray, *, low: float = 20.0, high: float = 20_000.0) -> float:
    """Return the frequency of the highest spectral peak between two frequencies, to about 0.05 Hz."""
    size = 2**20
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
    hz = np.fft.rfftfreq(size, 1 / RATE)
    spectrum[(hz < low) | (hz > high)] = 0
    return float(hz[np.argmax(spectrum)])


@pytest.mark.parametrize("frequency", [55.0, 440.0, 3000.0])
@pytest.mark.parametrize("wave", [synthesis.sine, synthesis.sawtooth, synthesis.square])
def test_an_oscillator_has_its_frequency_and_peaks_near_one(wave, frequency):
    samples = wave(frequency, sample_rate=RATE, duration_s=0.5)
    assert samples.dtype == np.float32
    assert samples.shape == (RATE // 2,)
    assert strongest_hz(samples) == pytest.approx(frequency, abs=0.2)
    assert 0.85 < np.abs(samples).max() <= 1.1
    assert abs(samples.mean()) < 0.02


@pytest.mark.parametrize("wave", [synthesis.sine, synthesis.sawtooth, synthesis.square])
def test_a_constant_frequency_array_is_that_frequency(wave):
    scalar = wave(330.0, sample_rate=RATE, duration_s=0.1)
    array = wave(np.full(len(scalar), 330.0), sample_rate=RATE)
    np.testing.assert_allclose(array, scalar, atol=2e-3)


def test_a_rounded_sawtooth_aliases_less_than_a_ramp():
    frequency, n = 4_111.0, RATE
    rounded = synthesis.sawtooth(frequency, sample_rate=RATE, duration_s=1.0)
    ramp = 2 * ((np.arange(n) * frequency / RATE + 0.5) % 1.0) - 1
    harmonic = np.arange(1, 6) * round(frequency)

    def between(samples):
        power = np.abs(np.fft.rfft(samples * np.blackman(n))) ** 2
        for k in harmonic:
            power[k - 5 : k + 6] = 0
        return power[100:15_000].sum()

    assert between(rounded) < 0.05 * between(ramp)


def test_a_pulse_is_high_for_its_duty():
    samples = synthesis.square(100.0, sample_rate=RATE, duration_s=1.0, duty=0.25)
    assert np.mean(samples > 0) == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize(("sweep", "middle"), [("linear", 1100.0), ("exponential", 632.5)])
def test_a_chirp_passes_its_middle_halfway(sweep, middle):
    samples = synthesis.chirp(200.0, 2000.0, sample_rate=RATE, duration_s=2.0, sweep=sweep)
    around = samples[RATE - 400 : RATE + 400]
    crossings = np.count_nonzero(np.diff(np.signbit(around)))
    assert crossings / 2 / (len(around) / RATE) == pytest.approx(middle, rel=0.08)


def test_partials_decay_by_60_db_in_the_time_asked():
    samples = synthesis.harmonic_tone(441.0, sample_rate=RATE, duration_s=1.0, amplitudes=(1.0,), decay_s=1.0)
    first, last = np.abs(samples[:200]).max(), np.abs(samples[-200:]).max()
    assert 20 * np.log10(last / first) == pytest.approx(-60, abs=1)


def test_partials_above_half_the_rate_are_left_out():
    samples = synthesis.harmonic_tone(15_000.0, sample_rate=RATE, duration_s=0.2, amplitudes=(1.0, 1.0))
    np.testing.assert_allclose(
        samples, 0.5 * synthesis.sine(15_000.0, sample_rate=RATE, duration_s=0.2), atol=1e-5
    )


@pytest.mark.parametrize(
    ("colour", "slope"), [(noise.white_noise, 0), (noise.pink_noise, -3), (noise.brown_noise, -6)]
)
def test_noise_has_its_colour_level_and_seed(colour, slope):
    samples = colour(8.0, sample_rate=RATE, rng=np.random.default_rng(1))
    again = colour(8.0, sample_rate=RATE, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(samples, again)
    assert float(np.sqrt(np.mean(samples**2))) == pytest.approx(0.25, rel=0.02)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    level = [10 * np.log10(power[(hz >= f) & (hz < 1.1 * f)].mean()) for f in (200.0, 6400.0)]
    assert (level[1] - level[0]) / 5 == pytest.approx(slope, abs=0.4)


def test_clicks_start_where_asked_and_late_ones_are_left_out():
    samples = synthesis.clicks([0.25, 0.5, 9.0], sample_rate=RATE, duration_s=1.0)
    assert len(samples) == RATE
    sounding = np.flatnonzero(np.abs(samples) > 0.05)
    assert sounding[0] / RATE == pytest.approx(0.25, abs=0.001)
    assert not np.any(samples[round(0.31 * RATE) : round(0.5 * RATE)])
    assert synthesis.clicks([], sample_rate=RATE).shape == (0,)


def test_an_envelope_starts_and_ends_at_zero_even_when_squeezed():
    for duration in (1.0, 0.05):
        envelope = synthesis.adsr(duration, sample_rate=RATE, attack_s=0.05, decay_s=0.1, sustain=0.5)
        assert envelope[0] == 0
        assert envelope[-1] == 0
        assert envelope.max() == pytest.approx(1, abs=0.01)
    held = synthesis.adsr(1.0, sample_rate=RATE, sustain=0.5)
    assert held[RATE // 2] == pytest.approx(0.5)


@pytest.mark.parametrize("frequency", [82.4, 220.0, 987.8])
@pytest.mark.parametrize("brightness", [0.0, 0.9])
def test_a_plucked_string_is_in_tune_to_a_cent(frequency, brightness):
    samples = instruments.plucked_string(
        frequency, sample_rate=RATE, duration_s=2.0, rng=np.random.default_rng(3), brightness=brightness
    )
    heard = strongest_hz(samples, low=0.8 * frequency, high=1.2 * frequency)
    assert 1200 * np.log2(heard / frequency) == pytest.approx(0, abs=1.0)


def test_a_brighter_string_has_more_highs_and_a_longer_decay_lasts():
    def string(**options):
        return instruments.plucked_string(
            196.0, sample_rate=RATE, duration_s=1.5, rng=np.random.default_rng(3), **options
        )

    def highs(samples):
        power = np.abs(np.fft.rfft(samples)) ** 2
        return power[len(power) // 8 :].sum() / power.sum()

    assert highs(string(brightness=0.9)) > 2 * highs(string(brightness=0.1))
    short, long = (np.abs(string(decay_s=s)[-RATE // 4 :]).max() for s in (1.0, 6.0))
    assert long > 10 * short


@pytest.mark.parametrize("drum", [instruments.snare, instruments.cymbal, instruments.clap])
def test_a_drum_is_seeded_finite_and_dies_away(drum):
    samples = drum(sample_rate=RATE, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(samples, drum(sample_rate=RATE, rng=np.random.default_rng(5)))
    assert samples.dtype == np.float32
    third = len(samples) // 3
    assert np.sum(samples[:third] ** 2) > 20 * np.sum(samples[-third:] ** 2)


def test_a_drum_skin_falls_to_its_pitch():
    samples = instruments.membrane(60.0, sample_rate=RATE, duration_s=2.0, bend=2.0, bend_s=0.02)
    assert strongest_hz(samples[RATE // 4 :]) == pytest.approx(60.0, abs=0.5)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: synthesis.sine(0.0, sample_rate=RATE, duration_s=1),
        lambda: synthesis.sine(30_000.0, sample_rate=RATE, duration_s=1),
        lambda: synthesis.sine(440.0, sample_rate=RATE),
        lambda: synthesis.sine(np.full(10, 440.0), sample_rate=RATE, duration_s=1.0),
        lambda: synthesis.sine(440.0, sample_rate=RATE, duration_s=-1),
        lambda: synthesis.square(440.0, sample_rate=RATE, duration_s=1, duty=1.0),
        lambda: synthesis.chirp(20, 200, sample_rate=RATE, duration_s=1, sweep="sideways"),
        lambda: synthesis.harmonic_tone(440.0, sample_rate=RATE, duration_s=1, amplitudes=()),
        lambda: synthesis.clicks([-1.0], sample_rate=RATE),
        lambda: instruments.plucked_string(
            15_000.0, sample_rate=RATE, duration_s=1, rng=np.random.default_rng(0)
        ),
        lambda: instruments.membrane(15_000.0, sample_rate=RATE, duration_s=1, bend=1.0),
    ],
)
def test_a_wrong_argument_is_one_clear_error(wrong):
    with pytest.raises(ParameterError):
        wrong()


def test_no_length_is_no_samples():
    rng = np.random.default_rng(0)
    assert synthesis.sine(440.0, sample_rate=RATE, duration_s=0).shape == (0,)
    assert noise.pink_noise(0, sample_rate=RATE, rng=rng).shape == (0,)
    assert synthesis.adsr(0, sample_rate=RATE).shape == (0,)
    assert instruments.snare(sample_rate=RATE, rng=rng, duration_s=0).shape == (0,)
    assert instruments.plucked_string(220.0, sample_rate=RATE, duration_s=0, rng=rng).shape == (0,)

"""How it is played: what is put in comes out, and nothing is heard where nothing is."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import soxr

from sori import audio
from sori.analysis.expression.articulation import articulation, articulation_word, overlaps, sounding_ends
from sori.analysis.expression.attacks import attacks
from sori.analysis.expression.dynamics import dynamics, note_levels
from sori.analysis.expression.expression import expression
from sori.analysis.expression.grid import even_grid
from sori.analysis.expression.roughness import pair_roughness, roughness
from sori.analysis.expression.swing import swing
from sori.analysis.expression.timing import lateness, timing
from sori.analysis.expression.tone import SCALES, measures, tone
from sori.analysis.expression.vibrato import TRACKER_WINDOW_S, note_vibrato, overall_vibrato
from sori.analysis.melody.pitch import pitch
from sori.errors import ParameterError
from sori.events import Beats, Note, Notes, Onsets, Pitch, Swing, Vibrato, as_dict
from sori.signal.meter import Cells, Meter
from sori.signal.noise import white_noise
from sori.signal.synthesis import harmonic_tone

RATE = 22_050


def phrase(
    onsets: np.ndarray, lengths: np.ndarray, hz: np.ndarray, gains: np.ndarray | float = 0.3
) -> np.ndarray:
    """Tones held for a length, with 5 ms of rise and 10 ms of release."""
    out = np.zeros(round((onsets[-1] + lengths[-1] + 0.6) * RATE), np.float32)
    for onset, length, f, gain in zip(onsets, lengths, hz, np.broadcast_to(gains, onsets.shape), strict=True):
        sound = harmonic_tone(float(f), sample_rate=RATE, duration_s=float(length) + 0.01)
        time = np.arange(len(sound)) / RATE
        sound = sound * np.minimum(1, time / 0.005) * np.clip((length + 0.01 - time) / 0.01, 0, 1)
        begin = round(onset * RATE)
        out[begin : begin + len(sound)] += gain * sound
    return out


def steady(n: int = 16, step_s: float = 0.4) -> np.ndarray:
    return 0.3 + step_s * np.arange(n)


SCALE_HZ = 440 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12] * 8) / 12)


def notes_at(onsets: np.ndarray, hz: np.ndarray) -> list[Note]:
    ends = np.append(onsets[1:], onsets[-1] + 0.4)
    midi = 69 + 12 * np.log2(hz / 440)
    return [Note(float(a), float(b), float(p), 90, 1.0) for a, b, p in zip(onsets, ends, midi, strict=True)]


def cells_of(samples: np.ndarray) -> Cells:
    meter = Meter(sample_rate=RATE, channels=1)
    meter.process(samples[None].astype(np.float32))
    return meter.finish()


def pitch_of(cents: np.ndarray, rate: float = 100.0, hz: float = 440.0) -> Pitch:
    n = len(cents)
    return Pitch(tuple(np.arange(n) / rate), tuple(hz * 2 ** (cents / 1200)), (1.0,) * n, (True,) * n)


def in_a_room(samples: np.ndarray, room_s: float, wet: float) -> np.ndarray:
    rng = np.random.default_rng(5)
    n = round(room_s * RATE)
    response = rng.standard_normal(n) * np.exp(-np.log(1000) * np.arange(n) / n)
    response *= wet / np.sqrt(np.sum(response**2))
    response[0] += 1
    size = 1 << (len(samples) + n).bit_length()
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.fft.irfft(spectrum, size)[: len(samples)].astype(np.float32)


# Attacks and grid


def test_attacks_are_where_tones_begin() -> None:
    onsets = steady(20) + np.random.default_rng(0).uniform(-0.05, 0.05, 20)
    found = np.array(attacks(phrase(onsets, np.full(20, 0.2), SCALE_HZ[:20]), sample_rate=RATE).times_s)
    assert len(found) == 20
    assert np.abs(found - onsets).max() < 0.008


def test_attacks_do_not_follow_the_sample_rate() -> None:
    x = phrase(steady(), np.full(16, 0.2), SCALE_HZ[:16])
    low = np.array(attacks(x, sample_rate=RATE).times_s)
    high = np.array(attacks(soxr.resample(x, RATE, 44_100), sample_rate=44_100).times_s)
    assert low == pytest.approx(high, abs=0.003)


def test_vibrato_is_no_attack() -> None:
    time = np.arange(3 * RATE) / RATE
    phase = 2 * np.pi * np.cumsum(440 * 2 ** (np.sin(2 * np.pi * 6 * time) * 80 / 1200)) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 9)).astype(np.float32)
    found = np.array(attacks(0.1 * voice, sample_rate=RATE).times_s)
    assert np.count_nonzero((found > 0.1) & (found < 2.9)) == 0


def test_grid_leaves_out_what_single_beats_do() -> None:
    true = 0.5 * np.arange(64)
    rng = np.random.default_rng(1)
    played = true + rng.normal(0, 0.015, 64)
    played[20] += 0.15
    grid = even_grid(Beats(tuple(played)))
    assert np.std(grid.times_s - true) < 0.006


def test_grid_follows_the_tempo_and_fills_in() -> None:
    true = np.cumsum(np.linspace(0.6, 0.4, 64))
    grid = even_grid(Beats(tuple(np.delete(true, [10, 30, 31]))))
    assert len(grid.times_s) == 64
    assert np.abs(grid.times_s - true).max() < 0.02
    assert grid.positions([(true[7] + true[8]) / 2]) == pytest.approx([7.5], abs=0.02)


# Swing and timing


def swung(ratio: float, n: int = 48, beat_s: float = 0.5, deviation_s: float = 0.0) -> tuple[Onsets, Beats]:
    beats = 1 + beat_s * np.arange(n)
    onsets = np.sort(np.concatenate([beats, beats + beat_s * ratio / (1 + ratio)]))
    onsets = np.sort(onsets + np.random.default_rng(2).normal(0, deviation_s, len(onsets)))
    return Onsets(tuple(onsets), (1.0,) * len(onsets)), Beats(tuple(beats))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
@pytest.mark.parametrize("deviation_s", [0.0, 0.015])
def test_swing(ratio: float, deviation_s: float) -> None:
    onsets, beats = swung(ratio, deviation_s=deviation_s)
    found = swing(onsets, even_grid(beats))
    assert found.ratio == pytest.approx(ratio, rel=0.08)
    assert found.confidence > 0.8


def test_swing_does_not_mind_beats_that_are_late_or_of_another_level() -> None:
    onsets, beats = swung(2.0)
    late = Beats(tuple(t + 0.03 for t in beats.times_s))
    assert swing(onsets, even_grid(late)).ratio == pytest.approx(2.0, rel=0.03)
    half = Beats(beats.times_s[::2])
    assert swing(onsets, even_grid(half)).ratio == pytest.approx(2.0, rel=0.03)
    fast_onsets, fast = swung(2.0, beat_s=0.6)
    double = Beats(tuple(np.arange(1, 29, 0.3)))
    assert len(fast.times_s) < len(double.times_s)
    assert swing(fast_onsets, even_grid(double)).ratio == pytest.approx(2.0, rel=0.03)


def test_no_swing_without_halves_or_beats() -> None:
    beats = Beats(tuple(0.5 * np.arange(40)))
    assert swing(Onsets(beats.times_s, (1.0,) * 40), even_grid(beats)) == Swing(None, 0.0)
    assert swing(Onsets((), ()), even_grid(beats)) == Swing(None, 0.0)
    assert swing(Onsets((1.0,), (1.0,)), even_grid(Beats(()))) == Swing(None, 0.0)


def test_triplets_and_sixteenths_are_not_swing() -> None:
    beats = Beats(tuple(0.5 * np.arange(40)))
    triplets = tuple(np.arange(0, 20, 0.5 / 3))
    assert swing(Onsets(triplets, (1.0,) * len(triplets)), even_grid(beats)).ratio is None
    sixteenths = tuple(np.arange(0, 20, 0.125))
    assert swing(Onsets(sixteenths, (1.0,) * len(sixteenths)), even_grid(beats)).ratio == pytest.approx(1.0)


@pytest.mark.parametrize("deviation_s", [0.005, 0.02, 0.03])
def test_timing_deviation_and_lateness(deviation_s: float) -> None:
    onsets, beats = swung(1.0, n=120, deviation_s=deviation_s)
    late = [t + 0.012 for t in onsets.times_s] + [20.13, 33.17, 41.37]  # and three of no grid
    found, places = timing(late, even_grid(beats), Swing(1.0, 1.0))
    assert found.deviation_s == pytest.approx(deviation_s, rel=0.2)
    assert found.mean_s == pytest.approx(0.012, abs=0.005)
    assert places.of_beat == (0.0, 0.5)


def test_swung_music_is_measured_on_a_swung_grid() -> None:
    onsets, beats = swung(1.7, deviation_s=0.01)
    grid = even_grid(beats)
    found, _ = timing(onsets.times_s, grid, swing(onsets, grid))
    assert found.deviation_s == pytest.approx(0.01, rel=0.25)


def test_lateness_of_single_notes() -> None:
    grid = even_grid(Beats(tuple(0.5 * np.arange(20))))
    _, places = timing(0.25 * np.arange(60), grid, Swing(None, 0.0))
    assert lateness([1.02, 1.24, 500.0], grid, places) == [
        pytest.approx(0.02, abs=1e-3),
        pytest.approx(-0.01, abs=1e-3),
        None,
    ]
    assert lateness([1.0], even_grid(Beats(())), places) == [None]


def test_timing_of_too_little() -> None:
    found, _ = timing([1.0, 2.0], even_grid(Beats(tuple(0.5 * np.arange(20)))), Swing(None, 0.0))
    assert (found.mean_s, found.deviation_s, found.onsets) == (None, None, 2)


# Articulation


@pytest.mark.parametrize("share", [0.3, 0.5, 0.75])
@pytest.mark.parametrize("room_s", [None, 1.2])
def test_articulation(share: float, room_s: float | None) -> None:
    onsets = steady()
    x = phrase(onsets, np.full(16, 0.4 * share), SCALE_HZ[:16])
    x = x if room_s is None else in_a_room(x, room_s, 0.3)
    notes = notes_at(onsets, SCALE_HZ[:16])
    found = overlaps(notes, sounding_ends(x, notes, sample_rate=RATE))
    assert found[-1] is None
    assert np.median([f for f in found if f is not None]) == pytest.approx(share, abs=0.05)


def test_legato_and_plucked_notes_sound_until_the_next() -> None:
    onsets = steady()
    held = phrase(onsets, np.full(16, 0.4), SCALE_HZ[:16])
    notes = notes_at(onsets, SCALE_HZ[:16])
    shares = overlaps(notes, sounding_ends(held, notes, sample_rate=RATE))
    assert min(s for s in shares if s is not None) > 0.9
    ringing = np.zeros_like(held)
    for onset, hz in zip(onsets, SCALE_HZ, strict=False):
        sound = harmonic_tone(float(hz), sample_rate=RATE, duration_s=0.4, decay_s=0.8)
        ringing[round(onset * RATE) : round(onset * RATE) + len(sound)] += 0.3 * sound
    shares = overlaps(notes, sounding_ends(ringing, notes, sample_rate=RATE))
    assert np.median([s for s in shares if s is not None]) > 0.9


def test_a_rest_is_no_staccato() -> None:
    onsets = np.array([0.0, 0.4, 0.8, 1.2, 2.4, 2.8, 3.2])
    notes = notes_at(onsets, SCALE_HZ[:7])
    shares = overlaps(notes, [*(onsets[1:4]), 1.6, *onsets[5:], 3.6])
    assert shares[3] is None
    assert shares[4] == 1.0


def test_articulation_words() -> None:
    assert [articulation_word(s) for s in (0.3, 0.6, 0.9, None)] == ["staccato", "detached", "legato", None]
    found = articulation([0.3, 0.3, 0.7, 1.0, None])
    assert (found.staccato, found.detached, found.legato) == (0.5, 0.25, 0.25)
    assert found.overlap == pytest.approx(0.5)
    assert articulation([None]).overlap is None


def test_articulation_needs_notes_in_order() -> None:
    with pytest.raises(ParameterError, match="out of order"):
        sounding_ends(np.zeros(RATE), notes_at(np.array([0.5, 0.2]), SCALE_HZ[:2]), sample_rate=RATE)


# Vibrato


@pytest.mark.parametrize(("rate", "extent"), [(4.5, 30.0), (5.8, 60.0), (7.0, 20.0), (6.0, 150.0)])
def test_vibrato_with_glide_and_jitter(rate: float, extent: float) -> None:
    time = np.arange(0, 1.2, 0.01)
    jitter = np.random.default_rng(3).normal(0, 4, len(time))
    cents = extent * np.sin(2 * np.pi * rate * time + 1) + jitter - 200 * np.exp(-time / 0.06) + 30 * time
    found = note_vibrato(pitch_of(cents), Note(0, 1.2, 69, 90, 1))
    assert found is not None
    assert found.rate_hz == pytest.approx(rate, abs=0.15)
    assert found.extent_cents == pytest.approx(extent, rel=0.1)


def test_no_vibrato_in_jitter_glides_and_short_notes() -> None:
    rng = np.random.default_rng(4)
    time = np.arange(0, 1.2, 0.01)
    whole = Note(0, 1.2, 69, 90, 1)
    assert note_vibrato(pitch_of(rng.normal(0, 15, 120)), whole) is None
    assert note_vibrato(pitch_of(200 / (1 + np.exp(-(time - 0.6) / 0.1))), whole) is None
    assert note_vibrato(pitch_of(np.cumsum(rng.normal(0, 2, 120))), whole) is None
    waver = 50 * np.sin(2 * np.pi * 6 * time)
    assert note_vibrato(pitch_of(waver), Note(0, 0.3, 69, 90, 1)) is None
    assert note_vibrato(pitch_of(waver), Note(5, 6, 69, 90, 1)) is None


def test_vibrato_that_sets_in_late_keeps_its_extent() -> None:
    time = np.arange(0, 2, 0.01)
    cents = 50 * np.sin(2 * np.pi * 5.5 * time) * (time > 0.6)
    found = note_vibrato(pitch_of(cents), Note(0, 2, 69, 90, 1))
    assert found is not None
    assert found.extent_cents == pytest.approx(50, rel=0.1)


def test_vibrato_through_our_tracker_keeps_its_extent() -> None:
    time = np.arange(2 * RATE) / RATE
    cents = 50 * np.sin(2 * np.pi * 6 * time)
    phase = 2 * np.pi * np.cumsum(220 * 2 ** (cents / 1200)) / RATE
    voice = sum(np.sin(k * phase) / k for k in range(1, 9)).astype(np.float32)
    heard = pitch(0.1 * voice, sample_rate=RATE)
    found = note_vibrato(heard, Note(0, 2, 57, 90, 1), averaged_over_s=TRACKER_WINDOW_S)
    assert found is not None
    assert found.extent_cents == pytest.approx(50, rel=0.05)
    assert found.rate_hz == pytest.approx(6, abs=0.1)


def test_vibrato_of_the_whole() -> None:
    notes = [Note(float(k), k + 0.9, 69, 90, 1) for k in range(8)]
    some = [Vibrato(6.0, 40.0)] * 3 + [Vibrato(5.0, 20.0)] + [None] * 4
    assert overall_vibrato(notes, some) == Vibrato(6.0, 40.0)
    assert overall_vibrato(notes, [Vibrato(6.0, 40.0)] + [None] * 7) is None
    assert overall_vibrato([], []) is None


# Dynamics


def test_a_ramp_of_velocity_is_a_swell_and_levels_follow() -> None:
    onsets = steady(40, 0.25)
    gains_db = np.concatenate([np.linspace(-36, -12, 20), np.full(20, -12.0)])
    x = phrase(onsets, np.full(40, 0.24), np.full(40, 440.0), 10 ** (gains_db / 20))
    cells = cells_of(x)
    levels = np.array(note_levels(cells, onsets))
    assert levels - levels[-5] == pytest.approx(gains_db - gains_db[-5], abs=0.5)
    found = dynamics(cells, onsets)
    assert len(found.swells) == 1
    assert found.swells[0].change_db == pytest.approx(22, abs=3)
    assert found.range_db == pytest.approx(20, abs=3)
    assert len(found.times_s) == len(found.level_lufs)


def test_accents() -> None:
    onsets = steady(24, 0.4)
    gains_db = np.full(24, -20.0)
    gains_db[[5, 13, 18]] += [4, 9, 1.5]
    x = phrase(onsets, np.full(24, 0.3), np.full(24, 440.0), 10 ** (gains_db / 20))
    found = dynamics(cells_of(x), onsets).accents
    assert [a.time_s for a in found] == pytest.approx([onsets[5], onsets[13]], abs=1e-3)
    assert [a.above_db for a in found] == pytest.approx([4, 9], abs=0.4)


def test_dynamics_of_silence_and_nothing() -> None:
    for n in (0, 1, RATE):
        found = dynamics(cells_of(np.zeros(n)), [0.1, 0.2])
        assert (found.range_db, found.accents, found.swells) == (None, (), ())
        assert set(found.level_lufs) <= {None}


# Tone


def tilted(slope_db: float) -> np.ndarray:
    rng = np.random.default_rng(6)
    spectrum = np.fft.rfft(white_noise(2.0, sample_rate=RATE, rng=rng))
    octaves = np.log2(np.maximum(np.fft.rfftfreq(2 * RATE, 1 / RATE), 50) / 1000)
    x = np.fft.irfft(spectrum * 10 ** (slope_db * octaves / 20))
    return (0.1 * x / np.std(x)).astype(np.float32)


def test_brightness_and_warmth_follow_the_tilt_and_not_the_level() -> None:
    values = [measures(tilted(s), sample_rate=RATE, onsets_s=()) for s in (-9, -6, -3, 0, 3)]
    bright = [v["dark-bright"] or 0 for v in values]
    warm = [v["cold-warm"] or 0 for v in values]
    assert bright == sorted(bright)
    assert warm == sorted(warm, reverse=True)
    quiet = measures(0.01 * tilted(-6), sample_rate=RATE, onsets_s=())
    assert quiet["dark-bright"] == pytest.approx(bright[1], abs=1e-3)
    assert quiet["smooth-rough"] == pytest.approx(values[1]["smooth-rough"], rel=1e-3)


def test_roughness_of_a_pair_is_largest_at_a_quarter_of_a_critical_band() -> None:
    apart = np.array([0.0, 10.0, 35.0, 100.0, 500.0])
    found = pair_roughness(np.stack([np.full(5, 500.0), 500 + apart], axis=-1), np.ones((5, 2)))
    assert found[0] == 0
    assert np.argmax(found) == 2
    assert found[-1] < 0.05 * found[2]


def test_a_minor_second_is_rougher_than_a_fifth_and_that_than_a_tone() -> None:
    def two(semitones: float) -> float:
        parts = [
            harmonic_tone(hz, sample_rate=RATE, duration_s=1.0) for hz in (330, 330 * 2 ** (semitones / 12))
        ]
        return roughness(parts[0] + parts[1], sample_rate=RATE) or 0.0

    assert two(1) > 1.5 * two(7) > 1.5 * two(12) + 0.01


def test_noisy_percussive_and_hollow() -> None:
    hum = harmonic_tone(220, sample_rate=RATE, duration_s=2.0)
    odd = harmonic_tone(220, sample_rate=RATE, duration_s=2.0, amplitudes=(1, 0, 0.5, 0, 0.3, 0, 0.2))
    contour = pitch_of(np.zeros(200), hz=220.0)
    full = measures(hum, sample_rate=RATE, onsets_s=(0.0,), pitch=contour)
    hollow = measures(odd, sample_rate=RATE, onsets_s=(0.0,), pitch=contour)
    noise = measures(tilted(0), sample_rate=RATE, onsets_s=())
    assert (noise["pure-noisy"] or 0) > -5 > -30 > (full["pure-noisy"] or 0)
    assert (full["hollow-full"] or 0) > (hollow["hollow-full"] or 0) + 15
    onsets = steady()
    struck = np.zeros(8 * RATE, np.float32)
    for onset in onsets:
        sound = harmonic_tone(220, sample_rate=RATE, duration_s=0.35, decay_s=0.3)
        struck[round(onset * RATE) : round(onset * RATE) + len(sound)] += sound
    held = phrase(onsets, np.full(16, 0.39), np.full(16, 220.0))
    fall = [
        measures(x, sample_rate=RATE, onsets_s=tuple(onsets))["sustained-percussive"] for x in (held, struck)
    ]
    assert fall[0] == pytest.approx(0, abs=1.5)
    assert (fall[1] or 0) > 20


def test_words_carry_their_definitions() -> None:
    found = tone(tilted(0), sample_rate=RATE, onsets_s=())
    assert {word.scale for word in found.words} < {scale.name for scale in SCALES}
    by_scale = {word.scale: word for word in found.words}
    assert by_scale["dark-bright"].word == "bright"
    assert by_scale["pure-noisy"].word == "noisy"
    for word in found.words:
        assert 0 <= word.position <= 1
        assert word.definition
    assert tone(np.zeros(RATE), sample_rate=RATE, onsets_s=()).words == ()


# All of it


def test_expression_of_a_phrase() -> None:
    onsets = steady(32)
    hz = SCALE_HZ[:32]
    x = phrase(onsets, np.full(32, 0.2), hz)
    notes = Notes(tuple(dataclasses.replace(n, onset_s=n.onset_s + 0.02) for n in notes_at(onsets, hz)))
    times = np.arange(0, len(x) / RATE, 0.01)
    played = hz[np.clip(np.searchsorted(onsets, times, side="right") - 1, 0, 31)]
    contour = Pitch(tuple(times), tuple(played), (1.0,) * len(times), (True,) * len(times))
    found = expression(
        x, sample_rate=RATE, cells=cells_of(x), beats=Beats(tuple(onsets)), pitch=contour, notes=notes
    )
    assert found.articulation.staccato == 1.0
    assert found.vibrato is None
    assert found.timing.deviation_s is not None
    assert found.timing.deviation_s < 0.003
    assert len(found.notes) == 32
    assert found.notes[3].onset_s == pytest.approx(onsets[3], abs=0.006)
    assert as_dict(found)["swing"] == {"ratio": None, "confidence": 0.0}


@pytest.mark.parametrize("n", [0, 1, 300, RATE])
def test_expression_of_nothing(n: int) -> None:
    x = np.zeros(n, np.float32)
    found = expression(
        x,
        sample_rate=RATE,
        cells=cells_of(x),
        beats=Beats(()),
        pitch=Pitch((), (), (), ()),
        notes=Notes(()),
    )
    assert found.notes == ()
    assert found.articulation.overlap is None
    assert found.tone.words == ()


def test_what_is_no_waveform_is_refused() -> None:
    for wrong in (np.zeros((2, 100)), np.array([0.0, np.nan])):
        with pytest.raises(ParameterError):
            attacks(wrong, sample_rate=RATE)
        with pytest.raises(ParameterError):
            roughness(wrong, sample_rate=RATE)
    with pytest.raises(ParameterError):
        even_grid(Beats((0.0, float("nan"))))


def test_recordings_have_the_tone_their_instruments_have(data: Path) -> None:
    def values(name: str) -> dict[str, float | None]:
        sound = audio.load(data / "pitch" / "freesound" / name)
        mono = soxr.resample(sound.samples.mean(axis=0), sound.sample_rate, RATE).astype(np.float32)
        return measures(mono, sample_rate=RATE, onsets_s=attacks(mono, sample_rate=RATE).times_s)

    rain, flute, drum = (values(name) for name in ("rain.wav", "flute-A4.wav", "mridangam.wav"))
    assert (rain["pure-noisy"] or 0) > (drum["pure-noisy"] or 0) > (flute["pure-noisy"] or 0)
    assert (drum["sustained-percussive"] or 0) > (flute["sustained-percussive"] or 0) + 5
    assert (rain["dark-bright"] or 0) > (flute["dark-bright"] or 0)

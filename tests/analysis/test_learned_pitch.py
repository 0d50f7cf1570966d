"""Pitch by the network that learned it without labels: tones, shifts, streams, scores."""

from __future__ import annotations

from pathlib import Path

import mir_eval
import numpy as np
import pytest

from sori.analysis.melody import PitchStream, pitch
from sori.analysis.melody.partial_peaks import doubted, refined
from sori.analysis.melody.pitch_bands import RECENT, floored
from sori.analysis.melody.pitch_network import pitch_network
from sori.analysis.melody.pitch_scores import mean_scores, pitch_scores
from sori.errors import ModelError, ParameterError
from sori.events import Pitch
from sori.signal.noise import white_noise
from sori.signal.synthesis import chirp, harmonic_tone

SR = 16000


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(3)


def learned(samples: np.ndarray, **settings: object) -> Pitch:
    return pitch(samples, sample_rate=SR, method="learned", **settings)  # type: ignore[arg-type]


def cents(found: Pitch, truth: object, part: slice) -> np.ndarray:
    return np.asarray(1200 * np.log2(np.array(found.hz)[part] / np.asarray(truth)))


@pytest.mark.parametrize("hz", [82.4, 130.8, 261.6, 440.0, 1046.5])
def test_a_tone_is_found_and_sure(hz: float) -> None:
    found = learned(0.3 * np.asarray(harmonic_tone(hz, sample_rate=SR, duration_s=0.8)))
    assert np.abs(cents(found, hz, slice(15, 65))).max() < 20
    assert all(found.voiced[15:65])


def test_what_is_shifted_by_bins_is_shifted_in_the_answer() -> None:
    """Four octaves up and down, within 5 cents."""
    net = pitch_network()
    power = net.bands.power(0.3 * np.asarray(harmonic_tone(220.0, sample_rate=SR, duration_s=0.4)))[10:30]
    said = []
    for shift in range(-70, 75, 5):
        moved = np.roll(power, shift, axis=1)
        moved[:, slice(None, shift) if shift > 0 else slice(power.shape[1] + shift, None)] = 0
        moved, _ = floored(moved, np.zeros(0, np.float32), floor=net.floor)
        likely, _ = net.answers(moved)
        midi = net.to_midi(likely.argmax(1).astype(np.float32)[:, None])
        exact = refined(np.log(moved[net.context : -net.context]), midi, net.bands)
        said.append(100 * (np.median(exact) - shift * net.semitones))
    assert np.abs(np.array(said) - np.median(said)).max() < 5


@pytest.mark.parametrize("hz", 65.4 * 2 ** np.arange(0, 4.6, 0.31))
def test_a_rich_tone_is_within_a_few_cents(hz: float) -> None:
    time = np.arange(round(0.5 * SR)) / SR
    tone = sum(np.sin(2 * np.pi * hz * k * time + k) / k for k in range(1, int(7000 / hz) + 1))
    assert abs(np.median(cents(learned(0.1 * np.asarray(tone)), hz, slice(15, 35)))) < 10


def test_a_sweep_is_followed_in_time() -> None:
    sweep = 0.5 * np.asarray(chirp(150, 900, sample_rate=SR, duration_s=2.0))
    found = learned(sweep)
    times = np.array(found.times_s)
    inside = slice(20, 180)
    truth = 150 * (900 / 150) ** (times / 2.0)
    assert abs(np.median(cents(found, truth[inside], inside))) < 10


def test_silence_and_noise_have_no_pitch(rng: np.random.Generator) -> None:
    assert not any(learned(np.zeros(SR)).voiced)
    noise = np.asarray(white_noise(2.0, sample_rate=SR, rng=rng))
    assert np.mean(learned(noise).voiced) < 0.1
    assert learned(np.zeros(0)) == Pitch((), (), (), ())
    assert len(learned(np.zeros(1)).hz) == 1


def test_gain_is_no_matter() -> None:
    tone = np.asarray(harmonic_tone(200.0, sample_rate=SR, duration_s=0.5))
    loud, soft = learned(0.5 * tone), learned(0.005 * tone)
    assert np.abs(cents(loud, soft.hz[10:40], slice(10, 40))).max() < 2


@pytest.mark.parametrize("rate", [16000, 22050, 44100])
def test_a_stream_says_what_a_file_says(rate: int, rng: np.random.Generator) -> None:
    x = np.asarray(chirp(100, 700, sample_rate=rate, duration_s=2.0)) * 0.3
    x = (x + 0.02 * rng.standard_normal(len(x))).astype(np.float32)
    whole = pitch(x, sample_rate=rate, method="learned", smooth=False)
    stream = PitchStream(sample_rate=rate)
    for _ in range(2):  # once more after reset
        parts, at = [], 0
        while at < len(x):
            size = int(rng.integers(1, 4000))
            parts.append(stream.process(x[at : at + size]))
            at += size
            certain = sum(len(part.hz) for part in parts) * 0.01
            assert certain >= min(at, len(x)) / rate - stream.latency_s - 0.05
        parts.append(stream.finish())
        hz, confidence = (np.concatenate([getattr(p, name) for p in parts]) for name in ("hz", "confidence"))
        assert np.concatenate([p.times_s for p in parts]).tolist() == list(whole.times_s)
        assert np.abs(1200 * np.log2(hz / np.array(whole.hz))).max() < 0.1
        assert np.abs(confidence - np.array(whole.confidence)).max() < 1e-3
        stream.reset()
    assert stream.latency_s < 0.16


def test_a_stream_refuses_what_it_cannot_hear() -> None:
    stream = PitchStream(sample_rate=SR)
    assert stream.process(np.zeros(10, np.float32)) == Pitch((), (), (), ())
    with pytest.raises(ParameterError, match="mono"):
        stream.process(np.zeros((2, 10)))
    with pytest.raises(ParameterError, match="NaN"):
        stream.process(np.full(10, np.nan))
    stream.finish()
    with pytest.raises(ParameterError, match="finished"):
        stream.process(np.zeros(10))


def test_the_level_to_drown_in_is_the_same_in_parts(rng: np.random.Generator) -> None:
    power = rng.random((RECENT + 200, 3)).astype(np.float32)
    whole, _ = floored(power, np.zeros(0, np.float32), floor=0.1)
    before, parts = np.zeros(0, np.float32), []
    for part in np.split(power, [7, 20, 400]):
        got, before = floored(part, before, floor=0.1)
        parts.append(got)
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_what_lies_between_partials_casts_doubt() -> None:
    """Of a tone without its lowest partial the octave is doubted, the pitch itself is not."""
    bands = pitch_network().bands
    time = np.arange(SR // 2) / SR
    tone = np.asarray(0.1 * sum(np.sin(2 * np.pi * 200 * k * time) for k in range(2, 9)), np.float32)
    level = np.log(bands.power(tone)[20:30] + 1e-6)
    midi = np.tile(69 + 12 * np.log2(np.array([203, 404], np.float32) / 440), (10, 1)).astype(np.float32)
    doubt = doubted(level, midi, bands)
    assert doubt[:, 0].max() < 0.2
    assert doubt[:, 1].min() > 1
    exact = refined(level, midi, bands)
    assert np.abs(1200 * np.log2(440 * 2 ** ((exact - 69) / 12) / [200, 400])).max() < 5
    learned_hz = np.array(learned(tone).hz)[15:35]
    assert np.abs(1200 * np.log2(learned_hz / 200)).max() < 10


def test_networks_that_are_none_are_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(b"no network")
    with pytest.raises(ModelError, match="no network"):
        pitch_network(damaged)
    with pytest.raises(FileNotFoundError):
        pitch_network(tmp_path / "nothing.onnx")
    with pytest.raises(ParameterError, match="neither"):
        pitch(np.zeros(SR), sample_rate=SR, network=damaged)


def test_scores_are_those_of_mir_eval(rng: np.random.Generator) -> None:
    times = np.arange(300) * 0.01
    hz = np.where(rng.random(300) < 0.7, 200 * 2 ** rng.normal(0, 0.1, 300), 0.0)
    own = np.arange(110) * 0.0277
    said = np.interp(own, times, np.maximum(hz, 150.0)) * 2 ** rng.normal(0, 0.03, 110)
    said[rng.random(110) < 0.1] *= 2
    voiced = rng.random(110) < 0.6
    found = Pitch(tuple(own), tuple(said), tuple(rng.random(110)), tuple(voiced))
    ours = pitch_scores(times, hz, found)
    theirs = mir_eval.melody.evaluate(times, hz, own, said * np.where(voiced, 1, -1))
    assert ours is not None
    mine = (ours.pitch[0], ours.pitch_class[0], ours.voicing_recall, ours.false_alarm, ours.overall)
    names = (
        "Raw Pitch Accuracy",
        "Raw Chroma Accuracy",
        "Voicing Recall",
        "Voicing False Alarm",
        "Overall Accuracy",
    )
    assert mine == pytest.approx([theirs[name] for name in names], abs=1e-9)
    assert ours.pitch[0] >= ours.pitch[1] >= ours.pitch[2]
    assert mean_scores([ours, ours]) == ours
    assert pitch_scores(times, np.zeros(300), found) is None

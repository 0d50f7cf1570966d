"""Pitch of one voice: exact on what is exact, silent on what is no pitch, the same for every array."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sori.analysis.melody import pitch, yin_candidates
from sori.analysis.melody.paths import best_path
from sori.analysis.melody.yin import frame_length_of
from sori.audio import load
from sori.errors import ParameterError
from sori.events import Pitch
from sori.signal.noise import white_noise
from sori.signal.synthesis import chirp, harmonic_tone, sawtooth, sine
from sori.units import midi_to_hz

SR = 22050


def voiced_hz(found: Pitch) -> np.ndarray:
    return np.array(found.hz)[np.array(found.voiced, bool)]


def cents(hz: Any, truth: Any) -> np.ndarray:
    return np.asarray(1200 * np.log2(np.asarray(hz) / truth))


@pytest.mark.parametrize("hz", [65.4, 110.0, 261.6, 440.0, 1046.5, 1975.5])
def test_a_tone_is_within_a_cent_or_two(hz: float) -> None:
    tone = 0.5 * harmonic_tone(hz, sample_rate=SR, duration_s=1.0)
    found = pitch(tone, sample_rate=SR)
    middle = slice(10, 90)
    assert all(found.voiced[middle])
    assert np.abs(cents(found.hz[middle], hz)).max() < 2
    assert min(found.confidence[middle]) > 0.8


def test_a_sweep_is_followed_in_time() -> None:
    """The pitch is that of its own moment: a lag of 5 ms would be 6 cents here."""
    sweep = 0.5 * chirp(150, 1200, sample_rate=SR, duration_s=3.0)
    found = pitch(sweep, sample_rate=SR)
    times = np.array(found.times_s)
    inside = (times > 0.1) & (times < 2.9)
    truth = 150 * (1200 / 150) ** (times / 3.0)
    off = float(np.median(np.abs(cents(np.array(found.hz)[inside], truth[inside]))))
    assert off < 3
    assert np.mean(np.array(found.voiced)[inside]) > 0.98


def test_vibrato_keeps_its_extent() -> None:
    time = np.arange(3 * SR) / SR
    truth = 440 * 2 ** (0.5 / 12 * np.sin(2 * np.pi * 6 * time))
    found = pitch(0.5 * sine(truth, sample_rate=SR), sample_rate=SR)
    off = cents(np.array(found.hz[20:280]), 440.0)
    assert 85 < np.ptp(off) < 105  # of 100 cents from trough to crest


@pytest.mark.parametrize(("decibels", "least"), [(20, 0.99), (10, 0.97), (0, 0.85)])
def test_noise_on_top(decibels: float, least: float) -> None:
    rng = np.random.default_rng(3)
    tone = sawtooth(np.linspace(200, 300, 3 * SR), sample_rate=SR)
    noise = white_noise(3.0, sample_rate=SR, rng=rng)
    noise *= np.sqrt(np.mean(tone**2) / np.mean(noise**2)) * 10 ** (-decibels / 20)
    found = pitch(0.3 * (tone + noise), sample_rate=SR)
    truth = 200 + 100 * np.array(found.times_s) / 3
    off = np.abs(cents(np.maximum(found.hz, 1.0), truth))
    assert np.mean(off < 50) >= least


def test_noise_alone_is_not_voiced() -> None:
    noise = white_noise(4.0, sample_rate=SR, rng=np.random.default_rng(0))
    found = pitch(0.3 * noise, sample_rate=SR)
    assert np.mean(found.voiced) < 0.03


@pytest.mark.parametrize("level", [0.0, 0.25])
def test_silence_and_an_offset_are_not_voiced(level: float) -> None:
    found = pitch(np.full(SR, level, np.float32), sample_rate=SR)
    inner = slice(10, -10)  # an offset begins and ends with a step
    assert len(found.hz) == 101
    assert not any(found.voiced[inner])
    assert all(value == 0 for value in found.hz[inner])
    assert all(np.isfinite(found.confidence))


def test_an_offset_changes_nothing() -> None:
    tone = 0.3 * harmonic_tone(330.0, sample_rate=SR, duration_s=1.0)
    found = pitch(tone + np.float32(0.4), sample_rate=SR)
    assert np.abs(cents(found.hz[15:85], 330.0)).max() < 5


@pytest.mark.parametrize("n", [0, 1, 2, 100])
def test_very_short_sounds(n: int) -> None:
    found = pitch(np.ones(n, np.float32), sample_rate=SR)
    assert len(found.hz) == len(found.times_s) == len(found.voiced) == (1 if n else 0)


def test_what_is_refused() -> None:
    good = np.zeros(1000, np.float32)
    with pytest.raises(ParameterError, match="NaN"):
        pitch(np.full(1000, np.nan, np.float32), sample_rate=SR)
    with pytest.raises(ParameterError, match="mono"):
        pitch(np.zeros((2, 1000), np.float32), sample_rate=SR)
    with pytest.raises(ParameterError, match="yin"):
        pitch(good, sample_rate=SR, method="crepe")
    with pytest.raises(ParameterError, match="fmin"):
        pitch(good, sample_rate=SR, fmin=300, fmax=200)
    with pytest.raises(ParameterError, match="hop_s"):
        pitch(good, sample_rate=SR, hop_s=0.0)
    with pytest.raises(ParameterError, match="sample_rate / 4"):
        yin_candidates(good, sample_rate=4000, hop_length=40)


def test_the_range_is_kept() -> None:
    tone = 0.5 * harmonic_tone(220.0, sample_rate=SR, duration_s=1.0)
    found = np.array(pitch(tone, sample_rate=SR, fmin=250, fmax=1000).hz)
    assert np.all((found == 0) | ((found > 245) & (found < 1010)))


def test_level_does_not_matter() -> None:
    tone = sawtooth(np.linspace(200, 300, SR), sample_rate=SR)
    loud, quiet = pitch(0.9 * tone, sample_rate=SR), pitch(0.003 * tone, sample_rate=SR)
    assert loud.voiced[10:-10] == quiet.voiced[10:-10]
    assert np.abs(cents(loud.hz[10:-10], np.array(quiet.hz[10:-10]))).max() < 1


def test_blocks_make_the_whole() -> None:
    """Frames are found in blocks; the same frames come of the signal as one."""
    rng = np.random.default_rng(1)
    x = (sawtooth(np.linspace(100, 800, 2 * 11025), sample_rate=11025) * 0.3).astype(np.float32)
    x += 0.02 * rng.standard_normal(len(x)).astype(np.float32)
    whole = yin_candidates(x, sample_rate=11025, hop_length=110, center=False)
    hop, cut, size = 110, 70, frame_length_of(sample_rate=11025, fmin=60.0)
    first = yin_candidates(x[: (cut - 1) * hop + size], sample_rate=11025, hop_length=hop, center=False)
    rest = yin_candidates(x[cut * hop :], sample_rate=11025, hop_length=hop, center=False)
    np.testing.assert_allclose(np.concatenate([first.hz, rest.hz])[:, 0], whole.hz[:, 0], rtol=1e-4)


def test_a_batch_is_its_members() -> None:
    rng = np.random.default_rng(2)
    batch = rng.standard_normal((2, 3, 6000)).astype(np.float32)
    together = yin_candidates(batch, sample_rate=11025, hop_length=110)
    for i in range(2):
        for j in range(3):
            alone = yin_candidates(batch[i, j], sample_rate=11025, hop_length=110)
            for a, b in zip(together, alone, strict=True):
                np.testing.assert_allclose(a[i, j], b, rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize("library", ["torch", "jax"])
def test_every_kind_of_array_has_the_same_candidates(library: str) -> None:
    module = pytest.importorskip(library)
    x = 0.3 * sawtooth(np.linspace(100, 800, 4000), sample_rate=11025)
    x = (x + 0.01 * np.random.default_rng(0).standard_normal(len(x))).astype(np.float32)
    ours = yin_candidates(x, sample_rate=11025, hop_length=110)
    array = module.from_numpy(x) if library == "torch" else sys.modules["jax"].numpy.asarray(x)
    theirs = yin_candidates(array, sample_rate=11025, hop_length=110)
    assert type(theirs.hz) is type(array) or library == "jax"
    for name, a, b in zip(ours._fields, ours, theirs, strict=True):
        b = np.asarray(b)
        assert b.shape == a.shape
        if name != "power":
            a, b = a[..., 0], b[..., 0]
        np.testing.assert_allclose(b, a, rtol=2e-3, atol=1e-4, err_msg=name)


def test_best_path_prefers_to_stay() -> None:
    evidence = np.log(
        np.array([[0.9, 0.1], [0.4, 0.6], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9], [0.1, 0.9]], np.float32)
    )
    switch = 1.5 * (1 - np.eye(2, dtype=np.float32))
    path = best_path(evidence, lambda a, b: np.broadcast_to(switch, (b.stop - b.start, 2, 2)))
    assert path.tolist() == [0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("name", "midi"),
    [("flute-A4", 69), ("soprano-E4", 64), ("trumpet-A4", 69), ("violin-B3", 59), ("oboe-A4", 69)],
)
def test_named_notes(data: Path, name: str, midi: int) -> None:
    samples, sample_rate = load(data / "pitch" / "freesound" / f"{name}.wav")
    hz = voiced_hz(pitch(samples.mean(axis=0), sample_rate=sample_rate))
    off = cents(hz, midi_to_hz(midi))
    assert len(hz) > 50
    assert abs(np.median(off)) < 20
    assert np.mean(np.abs(off) < 100) > 0.9


@pytest.mark.parametrize(("name", "midi"), [("A1", 33), ("C3", 48), ("D3", 50), ("A4", 69), ("C6", 84)])
def test_piano_notes(data: Path, name: str, midi: int) -> None:
    samples, sample_rate = load(data / "pitch" / "piano" / f"{name}.mp3")
    hz = voiced_hz(pitch(samples.mean(axis=0), sample_rate=sample_rate, fmin=40))
    assert len(hz) > 20
    assert abs(np.median(cents(hz, midi_to_hz(midi)))) < 20


def test_a_sung_phrase_is_smooth(data: Path) -> None:
    samples, sample_rate = load(data / "pitch" / "freesound" / "singing-female.wav")
    found = pitch(samples.mean(axis=0), sample_rate=sample_rate)
    voiced = np.array(found.voiced)
    hz = np.array(found.hz)
    assert 0.3 < voiced.mean() < 0.99
    both = voiced[1:] & voiced[:-1]
    jumps = np.abs(np.diff(np.log2(np.maximum(hz, 1.0))))[both]
    assert np.mean(jumps > 0.5) < 0.005  # octave slips
    assert 150 < np.median(hz[voiced]) < 900

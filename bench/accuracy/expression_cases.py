"""Music played in a known way, drawn from a seed: what it sounds like and what is true of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.signal import sosfilt

from bench.accuracy.expression_render import (
    DRUM_FONTS,
    DRUMS,
    FONTS,
    SAMPLE_RATE,
    Bend,
    Played,
    fluid,
    fonts,
    in_a_room,
)
from sori.events import Note
from sori.signal.synthesis import harmonic_tone

# General MIDI programs from 0.
WINDS = {"trumpet": 56, "oboe": 68, "clarinet": 71, "flute": 73, "saxophone": 65, "organ": 16}
STRUCK = {"piano": 0, "harpsichord": 6, "vibraphone": 11, "guitar": 24, "bass": 33}
BOWED = {"violin": 40, "cello": 42}
SLOW = {"string ensemble": 48, "choir": 52, "voice": 53}
FAMILIES = {"winds, organ": WINDS, "solo strings": BOWED, "plucked, struck": STRUCK, "ensembles, choir": SLOW}
KICK, SNARE, HAT, RIDE = 36, 38, 42, 51


@dataclasses.dataclass(frozen=True)
class Phrase:
    """One voice: sound, notes with their true onsets and offsets, and what else is true, by name."""

    samples: np.ndarray
    notes: list[Note]
    truth: dict[str, float]
    kind: str


def to_notes(played: list[Played]) -> list[Note]:
    """Return notes as a listener has them, offsets hidden: each lasts until the next."""
    ends = [*(p.onset_s for p in played[1:]), played[-1].offset_s]
    return [
        Note(p.onset_s, end, float(p.pitch), p.velocity, 1.0) for p, end in zip(played, ends, strict=True)
    ]


def articulated(seed: int) -> Phrase:
    """Notes of drawn lengths that all sound the same share of the time to the next, half of it in a room."""
    rng = np.random.default_rng([1, seed])
    share = float(rng.uniform(0.25, 1.0))
    family = str(rng.choice(list(FAMILIES), p=[0.4, 0.15, 0.3, 0.15]))
    program = int(rng.choice(list(FAMILIES[family].values())))
    steps = rng.choice([0.18, 0.25, 0.35, 0.5, 0.7], 20)
    onsets = 0.2 + np.concatenate([[0.0], np.cumsum(steps)[:-1]])
    low = 36 if program in (33, 42) else 58
    pitches = low + np.cumsum(rng.integers(-4, 5, 20)) % 20
    pitches[1:] += pitches[1:] == pitches[:-1]
    played = [
        Played(float(t), float(t + share * step), int(p), int(rng.integers(60, 110)))
        for t, step, p in zip(onsets, steps, pitches, strict=True)
    ]
    dry = fluid(played, _font(rng), {0: program})
    room = bool(seed % 2)
    samples = (
        in_a_room(
            dry,
            rng,
            room_s=float(rng.uniform(0.3, 1.8)),
            wet=float(rng.uniform(0.1, 0.35)),
            snr_db=float(rng.uniform(30, 50)),
        )
        if room
        else dry
    )
    where = "in rooms" if room else "dry"
    return Phrase(samples, to_notes(played), {"share": share}, f"{family}, {where}")


def wavering(seed: int) -> Phrase:
    """Long notes with a vibrato by pitch bend, every third phrase without; glides lead into half of them.

    Patches are taken whose samples hold their pitch.
    """
    rng = np.random.default_rng([2, seed])
    program = int(rng.choice([16, 19, 71, 79, 80, 68]))
    rate, extent = float(rng.uniform(4, 8)), float(rng.choice([12, 20, 30, 50, 80, 120]))
    extent = 0.0 if seed % 3 == 0 else extent
    onsets = 0.2 + 1.1 * np.arange(8)
    played = [Played(float(t), float(t + rng.uniform(0.6, 1.05)), int(rng.integers(57, 80))) for t in onsets]
    bends = []
    for number, note in enumerate(played):
        glide = -float(rng.choice([60, 150])) if number % 2 else 0.0
        phase = float(rng.uniform(0, 2 * np.pi))
        for time in np.arange(note.onset_s, note.onset_s + 1.05, 0.005):
            since = time - note.onset_s
            cents = extent * np.sin(2 * np.pi * rate * since + phase) + glide * np.exp(-since / 0.05)
            bends.append(Bend(float(time), float(np.clip(cents, -199, 199))))
    dry = fluid(played, _font(rng), {0: program}, bends)
    wet = in_a_room(dry, rng, room_s=0.6, wet=0.15, snr_db=40) if seed % 2 else dry
    ends = [Note(p.onset_s, p.offset_s, float(p.pitch), 90, 1.0) for p in played]
    return Phrase(wet, ends, {"rate": rate, "extent": extent}, "with vibrato" if extent else "without")


def bent_pitch(seed: int, rate_hz: float = 100.0) -> tuple[np.ndarray, np.ndarray, dict[str, float]]:
    """Return times, Hz and truth of one note's pitch as a tracker would give it, without any sound.

    Vibrato that may set in late and whose rate wanders by 5 %, a glide, a slow sag, jitter, and bad values.
    """
    rng = np.random.default_rng([3, seed])
    length = float(rng.uniform(0.5, 2.5))
    time = np.arange(0, length, 1 / rate_hz)
    rate, extent = float(rng.uniform(4, 8)), float(rng.uniform(12, 150))
    extent = 0.0 if seed % 3 == 0 else extent
    start = float(rng.choice([0.0, 0.3])) if length > 1.2 else 0.0
    wander = np.cumsum(rng.normal(0, 0.05 / np.sqrt(rate_hz), len(time)))
    phase = 2 * np.pi * np.cumsum(rate * (1 + wander - wander.mean())) / rate_hz
    cents = extent * np.sin(phase + float(rng.uniform(0, 6))) / (1 + np.exp(-(time - start) / 0.04))
    cents += float(rng.choice([0, -100, -300])) * np.exp(-time / 0.06) + float(rng.uniform(-40, 40)) * time
    jitter = rng.normal(0, 1, len(time) + 4)
    cents += float(rng.uniform(1, 8)) * np.convolve(jitter, np.ones(5) / np.sqrt(5), mode="valid")
    hz = 330 * 2 ** (cents / 1200)
    hz[rng.random(len(hz)) < 0.01] *= 2
    return time, hz, {"rate": rate, "extent": extent}


@dataclasses.dataclass(frozen=True)
class Groove:
    """A drum part: sound, true beats, and what is true of it."""

    samples: np.ndarray
    beats_s: np.ndarray
    ratio: float
    deviation_s: float
    realised_s: float
    bpm: float


def groove(seed: int) -> Groove:
    """Kick, snare and hats with swung eighths; every hit strays by a drawn deviation."""
    rng = np.random.default_rng([4, seed])
    bpm = float(rng.uniform(65, 210))
    beat = 60 / bpm
    ratio = float(rng.choice([1.0, 1.0, rng.uniform(1.2, 3.0), rng.uniform(1.2, 3.0), 2.0]))
    deviation = float(rng.choice([0.0, 0.005, 0.01, 0.02, 0.03]))
    beats = 0.4 + beat * np.arange(max(24, round(24 / beat)))
    pattern = str(rng.choice(["eighths", "shuffle", "ride", "sparse"]))
    played, strays = [], []

    def hit(time: float, drums: tuple[int, ...], velocity: int) -> None:
        stray = float(rng.normal(0, deviation))
        strays.append(stray)
        onset = max(0.02, time + stray)
        for drum in drums:
            level = int(np.clip(velocity + rng.integers(-8, 9), 1, 127))
            played.append(Played(onset, onset + min(0.3, 0.45 * beat), drum, level, DRUMS))

    for number, time in enumerate(beats):
        low = KICK if number % 2 == 0 else SNARE
        top = (RIDE if pattern == "ride" else HAT,) if pattern != "sparse" else ()
        hit(float(time), (low, *top), 100)
        halved = {"eighths": True, "shuffle": True, "ride": number % 2 == 1, "sparse": rng.random() < 0.4}
        if halved[pattern]:
            drum = KICK if pattern == "sparse" else RIDE if pattern == "ride" else HAT
            hit(float(time) + beat * ratio / (1 + ratio), (drum,), 80)
    dry = fluid(played, _font(rng, DRUM_FONTS), {9: 0})
    samples = in_a_room(dry, rng, room_s=0.5, wet=0.15, snr_db=40) if seed % 2 else dry
    return Groove(samples, beats, ratio, deviation, float(np.std(strays)), bpm)


def late_line(seed: int) -> tuple[Phrase, np.ndarray]:
    """Return one voice in eighths, all late (or early) by the same time and straying, and the given beats."""
    rng = np.random.default_rng([5, seed])
    beat = 60 / float(rng.uniform(70, 150))
    late, deviation = float(rng.uniform(-0.03, 0.05)), float(rng.uniform(0, 0.015))
    kind = str(rng.choice(["plucked, struck", "winds, organ"]))
    program = int(rng.choice(list(FAMILIES[kind].values())))
    beats = 0.5 + beat * np.arange(24)
    onsets = np.sort(np.concatenate([beats, beats[rng.random(24) < 0.6] + beat / 2])) + late
    onsets += rng.normal(0, deviation, len(onsets))
    pitches = 60 + np.cumsum(rng.integers(1, 5, len(onsets))) % 17
    gaps = np.append(np.diff(onsets), 0.3)
    played = [
        Played(float(t), float(t + 0.8 * g), int(p)) for t, g, p in zip(onsets, gaps, pitches, strict=True)
    ]
    samples = fluid(played, _font(rng), {0: program})
    return Phrase(
        samples, to_notes(played), {"late": late, "deviation": float(np.std(onsets - late))}, kind
    ), beats


def graded(seed: int) -> tuple[Phrase, np.ndarray]:
    """Return a phrase whose notes have known gains (some accents, one swell), and the gains in dB."""
    rng = np.random.default_rng([6, seed])
    kind = str(rng.choice(["winds, organ", "plucked, struck", "solo strings"]))
    program = int(rng.choice(list(FAMILIES[kind].values())))
    step = float(rng.uniform(0.25, 0.5))
    onsets = 0.3 + step * np.arange(48)
    pitch = int(rng.integers(52, 72))
    played = [Played(float(t), float(t + 0.9 * step), pitch) for t in onsets]
    dry = fluid(played, _font(rng), {0: program})
    gains = rng.normal(0, 0.5, 48)
    accents = rng.choice(np.arange(2, 22), 3, replace=False)
    gains[accents] += rng.uniform(4, 9, 3)
    change = float(rng.choice([-1, 1]) * rng.uniform(9, 18))
    gains[26:40] += change * np.linspace(0, 1, 14)
    gains[40:] += change
    time = np.arange(len(dry)) / SAMPLE_RATE
    at = np.clip(np.searchsorted(onsets - 0.01, time, side="right") - 1, 0, 47)
    samples = (0.1 * dry / np.abs(dry).max() * 10 ** (gains[at] / 20)).astype(np.float32)
    truth = {"change": change, "start": onsets[26], "end": onsets[40]}
    truth |= {f"accent {k}": float(onsets[k]) for k in accents}
    return Phrase(samples, to_notes(played), truth, kind), gains


def shades(seed: int) -> dict[str, list[np.ndarray]]:
    """Return, for each scale of tone, five sounds that go from its first word to its second."""
    rng = np.random.default_rng([7, seed])
    program = int(rng.choice([*WINDS.values(), *BOWED.values(), *STRUCK.values()]))
    onsets = 0.2 + 0.4 * np.arange(10)
    pitches = [int(p) for p in rng.integers(50, 72, 10)]
    played = [Played(float(t), float(t + 0.38), p) for t, p in zip(onsets, pitches, strict=True)]
    sound = fluid(played, _font(rng), {0: program})
    sound = (0.2 * sound / np.abs(sound).max()).astype(np.float32)
    hz = 440 * 2 ** ((float(pitches[0]) - 69) / 12)
    semitones = (0.0, 7.0, 4.0, 2.0, 1.0)  # octaves apart, then closer and closer
    held = [harmonic_tone(hz * 2 ** (s / 12), sample_rate=SAMPLE_RATE, duration_s=2.0) for s in semitones]
    base = harmonic_tone(hz, sample_rate=SAMPLE_RATE, duration_s=2.0)
    noise = rng.standard_normal(len(sound)) * np.sqrt(np.mean(sound**2))
    return {
        "dark-bright": [_tilted(sound, s) for s in (-6.0, -3.0, 0.0, 3.0, 6.0)],
        "cold-warm": [_bass(sound, gain) for gain in (-12.0, -6.0, 0.0, 6.0, 12.0)],
        "smooth-rough": [base + other for other in held],
        "pure-noisy": [
            (sound + 10 ** (snr / 20) * noise).astype(np.float32) for snr in (-40.0, -30.0, -20.0, -10.0, 0.0)
        ],
        "sustained-percussive": [_struck(hz, decay) for decay in (4.0, 2.0, 1.0, 0.5, 0.25)],
        "hollow-full": [_even(hz, share) for share in (0.0, 0.1, 0.2, 0.5, 1.0)],
    }


def _font(rng: np.random.Generator, names: Sequence[str] = FONTS) -> Path:
    available = fonts(names)
    return available[int(rng.integers(len(available)))]


def _tilted(x: np.ndarray, slope_db: float) -> np.ndarray:
    spectrum = np.fft.rfft(x)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(x), 1 / SAMPLE_RATE), 30) / 1000)
    return np.fft.irfft(spectrum * 10 ** (slope_db * octaves / 20), len(x)).astype(np.float32)


def _bass(x: np.ndarray, gain_db: float) -> np.ndarray:
    """Low shelf at 500 Hz after the Audio EQ Cookbook."""
    a, w = 10 ** (gain_db / 40), 2 * np.pi * 500 / SAMPLE_RATE
    alpha, c = np.sin(w) / np.sqrt(2), np.cos(w)
    root = 2 * np.sqrt(a) * alpha
    b = [a * (a + 1 - (a - 1) * c + root), 2 * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - root)]
    d = [a + 1 + (a - 1) * c + root, -2 * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - root]
    return sosfilt(np.array([[*b, *d]]) / d[0], x).astype(np.float32)


def _struck(hz: float, decay_s: float) -> np.ndarray:
    one = harmonic_tone(hz, sample_rate=SAMPLE_RATE, duration_s=0.5, decay_s=decay_s)
    return np.tile(np.append(one, np.zeros(100, np.float32)), 8)


def _even(hz: float, share: float) -> np.ndarray:
    amplitudes = [1 / k * (share if k % 2 == 0 else 1.0) for k in range(1, 11)]
    return harmonic_tone(hz, sample_rate=SAMPLE_RATE, duration_s=2.0, amplitudes=amplitudes)

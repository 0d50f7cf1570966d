"""The instruments of the demo: a name, and how one note of it is made.

A pitched patch makes a long note once per pitch; the mixer cuts it to length and lets it ring out
for ``release_s``. A drum makes its hit once per song.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from sori.signal.instruments import clap, cymbal, membrane, plucked_string, snare
from sori.signal.noise import pink_noise
from sori.signal.synthesis import Samples, harmonic_tone, sawtooth, sine, square

__all__ = ["DRUMS", "PITCHED", "SAMPLE_RATE", "Patch", "lowpass"]

SAMPLE_RATE = 44_100


@dataclasses.dataclass(frozen=True)
class Patch:
    """A pitched instrument: ``tone(frequency_hz, duration_s, rng)`` and how it lets go."""

    tone: Callable[[float, float, np.random.Generator], Samples]
    release_s: float = 0.05


def lowpass(samples: Samples, cutoff_hz: float) -> Samples:
    """Return ``samples`` through two one-pole low-pass filters in a row."""
    pole = float(np.exp(-2 * np.pi * cutoff_hz / SAMPLE_RATE))
    squared = [1.0, -2 * pole, pole * pole]
    return np.asarray(lfilter([(1 - pole) ** 2], squared, samples), dtype=np.float32)


def _attack(samples: Samples, attack_s: float) -> Samples:
    n = min(len(samples), int(attack_s * SAMPLE_RATE))
    samples[:n] *= np.sin(0.5 * np.pi * np.arange(n, dtype=np.float32) / max(n, 1)) ** 2
    return samples


def _string(decay_s: float, brightness: float, pick: float = 0.13) -> Patch:
    def tone(frequency_hz: float, duration_s: float, rng: np.random.Generator) -> Samples:
        return plucked_string(
            frequency_hz,
            sample_rate=SAMPLE_RATE,
            duration_s=duration_s,
            rng=rng,
            decay_s=decay_s * (220 / frequency_hz) ** 0.4,
            brightness=brightness,
            pick=pick,
        )

    return Patch(tone, release_s=0.08)


def _partials(
    amplitudes: tuple[float, ...],
    *,
    decay_s: float | None = None,
    damping: float = 0.0,
    inharmonicity: float = 0.0,
    attack_s: float = 0.004,
    release_s: float = 0.08,
) -> Patch:
    def tone(frequency_hz: float, duration_s: float, rng: np.random.Generator) -> Samples:
        held = None if decay_s is None else decay_s * (260 / frequency_hz) ** 0.5
        samples = harmonic_tone(
            frequency_hz,
            sample_rate=SAMPLE_RATE,
            duration_s=duration_s,
            amplitudes=amplitudes,
            decay_s=held,
            damping=damping,
            inharmonicity=inharmonicity,
        )
        return _attack(2.0 * samples, attack_s)

    return Patch(tone, release_s)


def _saws(
    cents: tuple[float, ...],
    *,
    cutoff_hz: float,
    attack_s: float,
    release_s: float,
    pluck_s: float | None = None,
) -> Patch:
    def tone(frequency_hz: float, duration_s: float, rng: np.random.Generator) -> Samples:
        voices = [
            sawtooth(
                frequency_hz * 2 ** (c / 1200),
                sample_rate=SAMPLE_RATE,
                duration_s=duration_s,
                phase=float(rng.random()),
            )
            for c in cents
        ]
        samples = lowpass(np.sum(voices, axis=0) / len(voices) ** 0.7, max(cutoff_hz, 2 * frequency_hz))
        if pluck_s is not None:
            samples *= np.exp(-np.arange(len(samples), dtype=np.float32) / (pluck_s * SAMPLE_RATE))
        return _attack(samples, attack_s)

    return Patch(tone, release_s)


def _pulse(duty: float) -> Patch:
    def tone(frequency_hz: float, duration_s: float, rng: np.random.Generator) -> Samples:
        samples = square(frequency_hz, sample_rate=SAMPLE_RATE, duration_s=duration_s, duty=duty)
        samples -= 2 * duty - 1  # a narrow pulse has a constant part, which would only eat headroom
        samples *= np.exp(-np.arange(len(samples), dtype=np.float32) / (0.6 * SAMPLE_RATE))
        return _attack(0.5 * samples, 0.002)

    return Patch(tone, release_s=0.015)


def _flute(breath: float, vibrato_cents: float) -> Patch:
    def tone(frequency_hz: float, duration_s: float, rng: np.random.Generator) -> Samples:
        time = np.arange(round(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
        depth = vibrato_cents * np.minimum(time / 0.5, 1.0)
        glide = frequency_hz * 2 ** (depth * np.sin(2 * np.pi * 5.1 * time) / 1200)
        samples = sine(glide, sample_rate=SAMPLE_RATE)
        samples += 0.35 * sine(2 * glide, sample_rate=SAMPLE_RATE)
        samples += 0.15 * sine(3 * glide, sample_rate=SAMPLE_RATE)
        samples += breath * pink_noise(duration_s, sample_rate=SAMPLE_RATE, rng=rng)
        return _attack(0.6 * samples, 0.06)

    return Patch(tone, release_s=0.12)


PITCHED: dict[str, Patch] = {
    "steel guitar": _string(3.5, 0.8),
    "nylon guitar": _string(2.0, 0.25, pick=0.2),
    "gayageum": _string(2.6, 0.65, pick=0.09),
    "pick bass": _string(3.0, 0.35, pick=0.2),
    "upright bass": _string(1.3, 0.05, pick=0.3),
    "piano": _partials(
        (1.0, 0.6, 0.4, 0.28, 0.2, 0.12, 0.08), decay_s=6.0, damping=0.35, inharmonicity=4e-4, release_s=0.15
    ),
    "electric piano": _partials((1.0, 0.1, 0.25, 0.0, 0.0, 0.08), decay_s=4.0, damping=0.8, release_s=0.12),
    "bell": _partials(
        (1.0, 0.0, 0.5, 0.0, 0.0, 0.3), decay_s=5.0, damping=0.6, inharmonicity=0.012, release_s=1.0
    ),
    "sub bass": _partials((1.0, 0.35, 0.1), attack_s=0.006, release_s=0.03),
    "triangle bass": _partials((1.0, 0.0, 0.111, 0.0, 0.04, 0.0, 0.02), attack_s=0.002, release_s=0.015),
    "strings": _saws((-9, -3, 4, 10), cutoff_hz=2600, attack_s=0.12, release_s=0.18),
    "cello": _saws((-4, 4), cutoff_hz=1100, attack_s=0.07, release_s=0.12),
    "pad": _saws((-12, -5, 6, 11), cutoff_hz=900, attack_s=0.9, release_s=1.4),
    "stab": _saws((-14, -6, 0, 6, 14), cutoff_hz=3500, attack_s=0.004, release_s=0.05, pluck_s=0.18),
    "reese bass": _saws((-18, 0, 18), cutoff_hz=420, attack_s=0.01, release_s=0.04),
    "saw bass": _saws((0, 5), cutoff_hz=900, attack_s=0.003, release_s=0.03, pluck_s=0.25),
    "saw lead": _saws((-7, 0, 7), cutoff_hz=4200, attack_s=0.008, release_s=0.06),
    "chip lead": _pulse(0.25),
    "chip harmony": _pulse(0.5),
    "chip arpeggio": _pulse(0.125),
    "flute": _flute(0.06, 12),
    "daegeum": _flute(0.35, 35),
}

Hit = Callable[[np.random.Generator], Samples]


def _membrane(frequency_hz: float, duration_s: float, bend: float, overtone: float = 0.0) -> Hit:
    def hit(rng: np.random.Generator) -> Samples:
        return membrane(
            frequency_hz, sample_rate=SAMPLE_RATE, duration_s=duration_s, bend=bend, overtone=overtone
        )

    return hit


def _cymbal(duration_s: float) -> Hit:
    return lambda rng: cymbal(sample_rate=SAMPLE_RATE, rng=rng, duration_s=duration_s)


def _ride(rng: np.random.Generator) -> Samples:
    ring = harmonic_tone(
        1130.0,
        sample_rate=SAMPLE_RATE,
        duration_s=0.9,
        amplitudes=(0.4, 0.6, 1.0, 0.8, 0.7),
        decay_s=1.2,
        inharmonicity=0.021,
    )
    return np.asarray(0.4 * ring + 0.5 * cymbal(sample_rate=SAMPLE_RATE, rng=rng, duration_s=0.9), np.float32)


def _brush(rng: np.random.Generator) -> Samples:
    return _attack(lowpass(snare(sample_rate=SAMPLE_RATE, rng=rng, duration_s=0.22), 5000.0), 0.012)


def _janggu_stick(rng: np.random.Generator) -> Samples:
    skin = membrane(330.0, sample_rate=SAMPLE_RATE, duration_s=0.16, bend=0.25, overtone=0.8)
    skin[: len(skin) // 2] += (
        0.35 * cymbal(sample_rate=SAMPLE_RATE, rng=rng, duration_s=0.08)[: len(skin) // 2]
    )
    return skin


DRUMS: dict[str, Hit] = {
    "kick": _membrane(52, 0.28, 2.2),
    "house kick": _membrane(46, 0.34, 4.5),
    "soft kick": _membrane(58, 0.22, 0.8),
    "snare": lambda rng: snare(sample_rate=SAMPLE_RATE, rng=rng),
    "brush": _brush,
    "rim": _membrane(1650, 0.05, 0.1, 0.7),
    "clap": lambda rng: clap(sample_rate=SAMPLE_RATE, rng=rng),
    "hat": _cymbal(0.07),
    "open hat": _cymbal(0.35),
    "shaker": lambda rng: _attack(cymbal(sample_rate=SAMPLE_RATE, rng=rng, duration_s=0.11), 0.02),
    "crash": _cymbal(1.6),
    "ride": _ride,
    "tom": _membrane(95, 0.4, 0.5, 0.3),
    "janggu hand": _membrane(88, 0.45, 0.2, 0.4),
    "janggu stick": _janggu_stick,
    "buk": _membrane(64, 0.6, 0.15, 0.5),
    "chip kick": _membrane(60, 0.14, 6.0),
    "chip snare": lambda rng: (
        np.sign(snare(sample_rate=SAMPLE_RATE, rng=rng, duration_s=0.14))
        * np.linspace(0.5, 0, round(0.14 * SAMPLE_RATE), dtype=np.float32)
    ),
}

"""The sounds of the gallery, all made here: a small band, and what else the pictures need."""

from __future__ import annotations

import sys

import numpy as np

from sori.signal.instruments import cymbal, membrane, plucked_string, snare
from sori.signal.synthesis import Samples
from sori.units import midi_to_hz

__all__ = ["RATE", "band", "out", "part"]

RATE = 22050
_CHORDS = {"C": (48, 55, 60, 64), "A": (45, 57, 60, 64), "F": (41, 53, 57, 60), "G": (43, 55, 59, 62)}


def out() -> str:
    """Return where the picture goes: what was written after the script's name."""
    if len(sys.argv) != 2:
        raise SystemExit(f"python {sys.argv[0]} OUT.png")
    return sys.argv[1]


def part(which: str, chords: str = "CAFG", *, beat_s: float = 0.5) -> Samples:
    """Return one player of the band: ``"strings"``, ``"bass"`` or ``"drums"``, four beats a chord."""
    rng = np.random.default_rng(7)
    n = round((4 * len(chords) * beat_s + 0.5) * RATE)
    mix = np.zeros(n, np.float32)

    def put(sound: Samples, beat: float, gain: float) -> None:
        begin = round(beat * beat_s * RATE)
        mix[begin : begin + len(sound)] += gain * sound[: n - begin]

    def pluck(midi: int, beats: float) -> Samples:
        hz = float(midi_to_hz(midi))
        return plucked_string(hz, sample_rate=RATE, duration_s=beats * beat_s, rng=rng)

    for bar, chord in enumerate(chords):
        low, *high = _CHORDS[chord]
        for eighth in range(8):
            beat = 4 * bar + eighth / 2
            if which == "strings":
                put(pluck(high[(0, 1, 2, 1, 0, 2, 1, 2)[eighth]] + 12, 1.5), beat, 0.25)
            elif which == "bass" and eighth % 4 == 0:
                put(pluck(low, 2.0), beat, 0.4)
            elif which == "drums":
                put(cymbal(sample_rate=RATE, rng=rng), beat, 0.06)
                if eighth % 4 == 0:
                    put(membrane(50.0, sample_rate=RATE, duration_s=0.3, bend=2.0), beat, 0.5)
                elif eighth % 4 == 2:
                    put(snare(sample_rate=RATE, rng=rng), beat, 0.25)
    return mix


def band(chords: str = "CAFG", *, beat_s: float = 0.5) -> Samples:
    """Return strings, bass and drums together."""
    return sum(part(which, chords, beat_s=beat_s) for which in ("strings", "bass", "drums"))

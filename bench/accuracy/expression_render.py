"""Phrases played in a known way: by FluidSynth from notes, bends and programs, and by our own synthesis.

Everything is drawn from a seed. Sound comes back as one channel at 22,050 Hz, as the listeners of
expression take it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import mido
import numpy as np
import soxr

from bench.collection import CACHE, made_whole
from bench.fluidsynth import Timed, font, play, score

SAMPLE_RATE = 22_050
KEPT = CACHE / "accuracy" / "expression"
_RENDER_RATE = 44_100
FONTS = ("FluidR3_GM.sf2", "TimGM6mb.sf2", "sf_GMbank.sf2")
# The small ones cut their drums off with a click, which is another hit to any listener.
DRUM_FONTS = ("FluidR3_GM.sf2", "MuseScore_General_Lite.sf3")
DRUMS = 9


@dataclasses.dataclass(frozen=True)
class Played:
    """A note as played: MIDI number, velocity and channel."""

    onset_s: float
    offset_s: float
    pitch: int
    velocity: int = 90
    channel: int = 0


@dataclasses.dataclass(frozen=True)
class Bend:
    """From ``time_s`` on, a channel sounds this many cents off, at most 200."""

    time_s: float
    cents: float
    channel: int = 0


def fonts(names: Sequence[str] = FONTS) -> list[Path]:
    """Return where sound fonts are."""
    return [font(name) for name in names]


def fluid(
    notes: Sequence[Played], font: Path, programs: Mapping[int, int], bends: Sequence[Bend] = ()
) -> np.ndarray:
    """Return what FluidSynth plays, dry: (time,) float32 at SAMPLE_RATE. Kept, and not rendered twice."""
    events: list[Timed] = [
        (0.0, 0, mido.Message("program_change", channel=channel, program=program))
        for channel, program in programs.items()
    ]
    events += [
        (
            bend.time_s,
            1,
            mido.Message("pitchwheel", channel=bend.channel, pitch=round(bend.cents * 8191 / 200)),
        )
        for bend in bends
    ]
    for note in notes:
        on = mido.Message("note_on", channel=note.channel, note=note.pitch, velocity=note.velocity)
        off = mido.Message("note_off", channel=note.channel, note=note.pitch)
        events += [(note.onset_s, 3, on), (note.offset_s, 2, off)]
    midi = io.BytesIO()
    score(events).save(file=midi)
    kept = KEPT / f"{hashlib.sha256(midi.getvalue() + font.name.encode()).hexdigest()[:24]}.npy"
    if not kept.exists():
        samples = _rendered(events, font)
        KEPT.mkdir(parents=True, exist_ok=True)
        with made_whole(kept) as part, part.open("wb") as file:
            np.save(file, samples, allow_pickle=False)
    return np.load(kept, allow_pickle=False)


def _rendered(events: list[Timed], font: Path) -> np.ndarray:
    samples = play(events, font, sample_rate=_RENDER_RATE, gain=0.5)
    return np.asarray(soxr.resample(samples.mean(axis=1), _RENDER_RATE, SAMPLE_RATE), np.float32)


def in_a_room(
    samples: np.ndarray, rng: np.random.Generator, *, room_s: float, wet: float, snr_db: float | None = None
) -> np.ndarray:
    """Return a dry sound with an exponential room and, if asked, white noise at an SNR."""
    from scipy.signal import oaconvolve

    n = max(2, round(room_s * SAMPLE_RATE))
    response = rng.standard_normal(n) * np.exp(-np.log(1000) * np.arange(n) / n)
    response *= wet / np.sqrt(np.sum(response**2))
    response[0] += 1.0
    out = oaconvolve(samples, response)[: len(samples)]
    if snr_db is not None:
        noise = rng.standard_normal(len(out))
        out = out + noise * np.sqrt(np.mean(out**2)) * 10 ** (-snr_db / 20)
    return np.asarray(out * (0.7 / max(float(np.abs(out).max()), 1e-9)), np.float32)

"""Scores as maps of note amplitudes without any sound: quick, and in more timbres than any sound font has.

Every part gets overtones, decay and level of its own, drawn at random; what the peak finder would merge in
the bass is merged. `chords_spoil` then does to it what recordings do.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from bench.training.chords_pieces import DRUMS, MELODY, Note, Piece

__all__ = ["FRAME_RATE", "sketch"]

FRAME_RATE = 5512.5 / 512
"""Frames a second, as the peak finder gives them."""

_LOWEST, _N_NOTES, _N_OVERTONES = 26, 72, 12
_ABOVE = 12 * np.log2(np.arange(1, _N_OVERTONES + 1))
_MASKED = 10 ** (-30 / 20)  # the peak finder drops what is so much weaker than the strongest
_WINDOW = np.array([0.07, 0.5, 1.0, 0.5, 0.07], np.float32)  # how far the long window sees, in power


@dataclasses.dataclass(frozen=True)
class _Timbre:
    """Overtone powers, decay in seconds, power of the part, cents out of tune and spread of them."""

    overtones: NDArray[np.float64]
    decay_s: float
    power: float
    detune: float


def sketch(piece: Piece, rng: np.random.Generator, *, seconds: float) -> NDArray[np.float16]:
    """Return note amplitudes ``(frames, 72)`` as `sori.analysis.harmony.salience` would find them."""
    n = int(seconds * FRAME_RATE)
    power = np.zeros((n, _N_NOTES))
    timbres: dict[int, _Timbre] = {}
    shaky = float(rng.uniform(0.05, 0.5)) if rng.random() < 0.5 else 0.0  # a sung tune never stands still
    for note in piece.notes:
        if note.channel != DRUMS and note.start_s < seconds:
            timbre = timbres.setdefault(note.channel, _timbre(rng))
            _add(power, note, timbre, rng, shaky=shaky if note.channel == MELODY else 0.0)
    smeared = sum(gain * np.pad(power, ((2, 2), (0, 0)))[k : k + n] for k, gain in enumerate(_WINDOW))
    out = np.sqrt(smeared)
    out *= np.exp(rng.normal(0, 0.25, out.shape))  # partials that meet add up or cancel
    low = out[:, : 50 - _LOWEST]
    padded = np.pad(low, ((0, 0), (2, 2)))
    highest = np.max([padded[:, k : k + low.shape[1]] for k in range(5)], axis=0)
    low[low < highest] = 0
    out[out < _MASKED * out.max(axis=1, keepdims=True)] = 0
    strongest = out.max(axis=1)
    reference = np.quantile(strongest[strongest > 0], 0.9) if strongest.any() else 1.0
    return np.asarray(np.minimum(out / reference, 2.0), np.float16)


def _timbre(rng: np.random.Generator) -> _Timbre:
    number = np.arange(1, _N_OVERTONES + 1)
    overtones = number ** -rng.uniform(0.6, 4.0) * np.exp(rng.normal(0, rng.uniform(0.2, 1.5), _N_OVERTONES))
    if rng.random() < 0.12:
        overtones[1::2] *= rng.uniform(0.01, 0.3)
    if rng.random() < 0.1:
        overtones[0] *= rng.uniform(0.01, 0.3)
    decay = float(np.exp(rng.uniform(np.log(0.15), np.log(4)))) if rng.random() < 0.6 else 1e3
    return _Timbre(overtones, decay, float(np.exp(rng.normal(0, 1.2))), float(rng.normal(0, 0.06)))


def _add(
    power: NDArray[np.float64], note: Note, timbre: _Timbre, rng: np.random.Generator, *, shaky: float
) -> None:
    n = len(power)
    first = max(0, round(note.start_s * FRAME_RATE))
    last = min(n, max(first + 1, round((note.end_s + 0.08) * FRAME_RATE)))
    if first >= last:
        return
    t = np.arange(last - first) / FRAME_RATE
    envelope = timbre.power * (note.velocity / 100) ** 2 * np.exp(-2 * t / timbre.decay_s)
    at = note.pitch + timbre.detune + rng.normal(0, 0.03) + _ABOVE - _LOWEST
    moved = at + shaky * rng.standard_normal((last - first, 1)) if shaky else at[None]
    nearest = np.round(moved).astype(np.int64)
    gain = timbre.overtones * np.cos((moved - nearest) * np.pi) ** 4
    gain[(nearest < 0) | (nearest >= _N_NOTES)] = 0
    rows = np.arange(first, last)[:, None]
    np.add.at(power, (rows, np.clip(nearest, 0, _N_NOTES - 1)), envelope[:, None] * gain)

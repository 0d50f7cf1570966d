"""From a song to sound: every player's notes mixed in stereo, in one room, to a level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from sori.app.demo.arrange import Arrangement, arrange
from sori.app.demo.patches import DRUMS, PITCHED, SAMPLE_RATE, lowpass
from sori.app.demo.score import Note, Truth
from sori.app.demo.songs import Song
from sori.app.demo.styles import STYLES, Layer, Style
from sori.units import midi_to_hz

__all__ = ["render"]

_PEAK = 10 ** (-4.0 / 20)  # leaves a lossy encoder 3 dB to overshoot before -1 dBFS
_TAIL_S = 1.5

Samples = NDArray[np.float32]


def render(song: Song) -> tuple[Samples, int, Truth]:
    """Play a song.

    Parameters
    ----------
    song : Song
        One of `songs`.

    Returns
    -------
    samples : ndarray (2, time), float32
        Peak below -4 dBFS, starting and ending in silence.
    sample_rate : int
        44 100.
    truth : Truth
        What is exactly known about it.
    """
    style = STYLES[song.style]
    score = arrange(song)
    rng = np.random.default_rng([song.seed, 1])
    n = round((score.end_s + _TAIL_S + 0.5 * style.room_s) * SAMPLE_RATE)
    dry = np.zeros((2, n), dtype=np.float32)
    send = np.zeros((2, n), dtype=np.float32)
    for layer, notes in zip(style.layers, score.parts, strict=True):
        bus = _bus(layer, notes, n, song.tuning_hz, rng)
        gain = 10 ** (layer.gain_db / 20)
        for channel, side in enumerate((np.cos, np.sin)):
            panned = gain * np.float32(side(0.25 * np.pi * (1 + layer.pan))) * bus
            dry[channel] += panned
            send[channel] += np.float32(layer.send) * panned
    mix = dry + np.float32(style.wet * 4) * _room(send, style, rng)
    mix = _levelled(mix, style, score)
    return mix, SAMPLE_RATE, _truth(song, score, mix)


def _bus(layer: Layer, notes: Sequence[Note], n: int, tuning_hz: float, rng: np.random.Generator) -> Samples:
    """Mix one player's notes to mono, making each pitch once and cutting it to every length needed."""
    bus = np.zeros(n, dtype=np.float32)
    if not notes:
        return bus
    drum = layer.patch in DRUMS
    release_s = 0.0 if drum else PITCHED[layer.patch].release_s
    longest: dict[int, float] = {}
    for note in notes:
        longest[note.midi] = max(longest.get(note.midi, 0.0), note.end_s - note.start_s)
    sounds = {
        midi: DRUMS[layer.patch](rng)
        if drum
        else PITCHED[layer.patch].tone(float(midi_to_hz(midi, a4_hz=tuning_hz)), held_s + release_s, rng)
        for midi, held_s in longest.items()
    }
    fade = np.cos(np.linspace(0, np.pi / 2, max(2, int(release_s * SAMPLE_RATE))), dtype=np.float32) ** 2
    for note in notes:
        sound = sounds[note.midi]
        if not drum:
            sound = sound[: max(len(fade), int((note.end_s - note.start_s + release_s) * SAMPLE_RATE))]
        first = int(note.start_s * SAMPLE_RATE)
        part = bus[first : first + len(sound)]
        part += np.float32(note.velocity) * sound[: len(part)]
        if not drum and len(part) == len(sound):
            tail = min(len(fade), len(sound))
            part[-tail:] -= np.float32(note.velocity) * sound[-tail:] * (1 - fade[-tail:])
    if layer.drive:
        bus = np.tanh(np.float32(layer.drive) * bus) * np.float32(0.6)
        bus = lowpass(bus, 4500.0)
    return bus


def _room(send: Samples, style: Style, rng: np.random.Generator) -> Samples:
    """Return the reverberation of ``send``: noise dying by 60 dB in ``room_s``, its highs sooner."""
    n = round(style.room_s * SAMPLE_RATE)
    decay = np.exp(-np.log(1000.0) * np.arange(n, dtype=np.float32) / n)
    out = np.empty_like(send)
    for channel in range(2):
        response = rng.standard_normal(n, dtype=np.float32) * decay
        dark = lowpass(response, 2500.0)
        blend = np.linspace(0, 1, n, dtype=np.float32) ** 0.5
        response = (1 - blend) * response + blend * dark
        response[: int(0.012 * SAMPLE_RATE)] = 0
        response /= np.sqrt(np.sum(response**2))
        out[channel] = oaconvolve(send[channel], response)[: send.shape[1]]
    return out


def _levelled(mix: Samples, style: Style, score: Arrangement) -> Samples:
    """Bring the music to its level, round the peaks off and fade the last second out."""
    music = mix[:, : round(score.end_s * SAMPLE_RATE)]
    rms = float(np.sqrt(np.mean(music**2)))
    mix = mix * np.float32(10 ** (style.level_dbfs / 20) / max(rms, 1e-9))
    knee = np.float32(0.4)
    over = np.abs(mix) > knee
    loud = mix[over]
    # Above the knee the curve bends smoothly towards the ceiling, which nothing passes.
    room = np.float32(_PEAK) - knee
    mix[over] = np.sign(loud) * (knee + room * np.tanh((np.abs(loud) - knee) / room))
    fade = round(SAMPLE_RATE)
    mix[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    return mix


def _truth(song: Song, score: Arrangement, mix: Samples) -> Truth:
    style = STYLES[song.style]
    repeats: dict[str, int] = {}
    power: dict[str, list[float]] = {}
    for start, end, label in score.sections:
        repeats[label] = repeats.get(label, 0) + 1
        part = mix[:, round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
        if label != "end":
            power.setdefault(label, []).append(float(np.mean(part**2)))
    return Truth(
        title=song.title,
        style=song.style,
        tempo_bpm=song.tempo_bpm,
        beats_per_bar=style.beats_per_bar,
        beats_s=score.beats_s,
        downbeats_s=score.beats_s[:: style.beats_per_bar],
        tonic=song.tonic,
        mode=song.mode,
        tuning_hz=song.tuning_hz,
        has_pulse=style.pulse,
        chords=tuple((c.start_s, c.end_s, c.label) for c in score.chords),
        sections=tuple((s.start_s, s.end_s, s.label) for s in score.sections),
        melody=tuple((m.start_s, m.end_s, m.midi) for m in score.melody),
        loudest_section=max(power, key=lambda label: float(np.mean(power[label]))),
        most_repeated_section=max(repeats, key=lambda label: repeats[label]),
        tune=song.tune,
        arrangement_of=song.arrangement_of,
        duration_s=mix.shape[1] / SAMPLE_RATE,
    )

"""What was heard, made to be heard: clicks on beats, soft chords, a tone on the tune, over the recording.

The surest check of an analysis is to play it along. All sounds are mono float32; `sori.save` writes them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, to_numpy
from sori.arrays import waveform as checked
from sori.errors import ParameterError
from sori.events import Beats, Chords, Metre, Notes, Pitch
from sori.formats.results import Results
from sori.signal.synthesis import Samples, adsr, as_float32, clicks, harmonic_tone, sample_count, sine
from sori.theory.piano import voice_chords
from sori.units import midi_to_hz

__all__ = ["SOUNDS", "beat_clicks", "chord_tones", "note_tones", "pitch_tone", "sonify"]

_DOWNBEAT_HZ, _BEAT_HZ = 1760.0, 880.0
_SOFT = (1.0, 0.4, 0.15, 0.06)  # partials of chords and notes
_RELEASE_S = 0.06
_GLIDE_S = 0.008  # how fast a tone comes and goes: no clicks
_JOIN_S = 0.05  # a gap in the pitch that long is bridged: the phase runs on anyway
_FULL = 0.99


def beat_clicks(beats: Beats, metre: Metre | None = None, *, sample_rate: int, duration_s: float) -> Samples:
    """Return a click on every beat, an octave higher on downbeats.

    Parameters
    ----------
    beats : Beats
    metre : Metre, optional
        Says which beats are downbeats; without it all sound alike.
    sample_rate : int
        Hz.
    duration_s : float
        Length of the result.

    Returns
    -------
    ndarray (time,), float32, peak 1
    """
    down = set(metre.downbeats_s) if metre is not None else set()
    strong = [at for at in beats.times_s if at in down and at >= 0]
    weak = [at for at in beats.times_s if at not in down and at >= 0]
    options: dict[str, Any] = {"sample_rate": sample_rate, "duration_s": duration_s}
    high = clicks(strong, frequency_hz=_within(_DOWNBEAT_HZ, sample_rate), **options)
    low = clicks(weak, frequency_hz=_within(_BEAT_HZ, sample_rate), **options)
    return high + np.float32(0.7) * low


def chord_tones(chords: Chords, *, sample_rate: int, duration_s: float, a4_hz: float = 440.0) -> Samples:
    """Return the chords as soft held tones, voiced so that voices move little; no chord is silence.

    ``a4_hz`` is the pitch they are tuned to: that of the recording, so that they do not beat against it.

    Returns
    -------
    ndarray (time,), float32, peak at most 1
    """
    out = np.zeros(sample_count(duration_s, sample_rate))
    placed = voice_chords([chord.label for chord in chords.chords])
    for chord, notes in zip(chords.chords, placed, strict=True):
        length = min(chord.end_s, duration_s) - chord.start_s
        for note in notes:
            _add(
                out,
                _tone(float(midi_to_hz(note, a4_hz=a4_hz)), length, sample_rate),
                chord.start_s,
                sample_rate,
            )
    return _at_most_one(out)


def note_tones(notes: Notes, *, sample_rate: int, duration_s: float) -> Samples:
    """Return notes as soft tones at their pitches, louder for higher velocities.

    Returns
    -------
    ndarray (time,), float32, peak at most 1
    """
    out = np.zeros(sample_count(duration_s, sample_rate))
    for note in notes.notes:
        length = min(note.offset_s, duration_s) - note.onset_s
        tone = _tone(float(midi_to_hz(note.pitch_midi)), length, sample_rate)
        _add(out, tone * (note.velocity / 127), note.onset_s, sample_rate)
    return _at_most_one(out)


def pitch_tone(pitch: Pitch, *, sample_rate: int, duration_s: float) -> Samples:
    """Return a sine that follows the pitch where it is voiced; its phase never jumps.

    Returns
    -------
    ndarray (time,), float32, peak at most 1
    """
    n = sample_count(duration_s, sample_rate)
    at, hz = np.asarray(pitch.times_s, np.float64), np.asarray(pitch.hz, np.float64)
    sounding = np.asarray(pitch.voiced, bool) & (hz > 0) & (hz < 0.5 * sample_rate)
    if not sounding.any() or n == 0:
        return np.zeros(n, np.float32)
    now = np.arange(n) / sample_rate
    # Logarithms: a glide moves evenly in pitch. Through gaps it glides too, unheard.
    octaves = np.interp(now, at[sounding], np.log2(hz[sounding]))
    step = float(np.median(np.diff(at))) if len(at) > 1 else 0.01
    loud = np.zeros(n)
    for first, last in _runs(at, sounding, step):
        start, stop = round((first - step / 2) * sample_rate), round((last + step / 2) * sample_rate)
        loud[max(start, 0) : max(stop, 0)] = 1.0
    width = max(round(_GLIDE_S * sample_rate), 1)
    ramp = np.hanning(width + 2)[1:-1]
    envelope = np.convolve(loud, ramp / ramp.sum(), mode="same")[:n] if n >= width else loud
    return as_float32(sine(np.exp2(octaves), sample_rate=sample_rate) * envelope)


def _runs(at: NDArray[np.float64], sounding: NDArray[np.bool_], step: float) -> Sequence[tuple[float, float]]:
    """Return first and last time of each voiced stretch; gaps of a few frames are bridged."""
    times = at[sounding]
    breaks = np.flatnonzero(np.diff(times) > max(_JOIN_S, 1.5 * step))
    starts, ends = np.append(0, breaks + 1), np.append(breaks, len(times) - 1)
    return [(float(times[a]), float(times[b])) for a, b in zip(starts, ends, strict=True)]


SOUNDS = ("beats", "chords", "melody", "pitch", "notes")
"""What `sonify` can make sound."""


def sonify(
    x: Array,
    results: Results,
    *,
    sample_rate: int,
    parts: Sequence[str] | None = None,
    recording_db: float = -9.0,
) -> Samples:
    """Return the recording with what was heard in it played along.

    Parameters
    ----------
    x : (time,) or (channels, time) real
        The recording; channels are averaged.
    results : Results
        What was heard in it.
    sample_rate : int
        Hz.
    parts : sequence of str, optional
        Some of `SOUNDS`; beats, chords and the tune as far as they are there if not given.
    recording_db : float
        How loud the recording is against what is added, dB: their peaks are compared. ``-inf`` leaves it out.

    Returns
    -------
    ndarray (time,), float32, as long as the recording, peak at most 1

    Raises
    ------
    ParameterError
        For NaN, more than two axes, and parts that are unknown or not in the results.
    """
    mono = _mono(x)
    if math.isnan(recording_db) or recording_db == math.inf:
        raise ParameterError(f"recording_db={recording_db}: want a level in dB, or -inf for silence")
    duration_s = len(mono) / sample_rate
    made = _sounds(results, sample_rate, duration_s)
    wanted = _usual(made) if parts is None else list(parts)
    if missing := [name for name in wanted if name not in made]:
        there = ", ".join(made) or "nothing that sounds"
        raise ParameterError(f"parts={missing}: the results hold {there}; want some of {', '.join(SOUNDS)}")
    added = np.zeros(len(mono))
    for name in wanted:
        added += _LEVELS[name] * made[name]()[: len(mono)]
    peak = float(np.abs(mono).max(initial=0.0))
    gain = 10 ** (recording_db / 20) / peak if peak > 0 else 0.0
    highest = float(np.abs(added).max(initial=0.0))
    added = added / highest if highest > 0 else added
    mixed = gain * mono + added
    loudest = float(np.abs(mixed).max(initial=0.0))
    return as_float32(mixed * (_FULL / loudest) if loudest > _FULL else mixed)


_LEVELS = {"beats": 0.8, "chords": 0.5, "melody": 0.4, "pitch": 0.4, "notes": 0.5}


def _usual(made: dict[str, Any]) -> list[str]:
    """Return beats, chords and one form of the tune."""
    tune = [name for name in ("notes", "melody", "pitch") if name in made][:1]
    return [*(name for name in ("beats", "chords") if name in made), *tune]


def _sounds(results: Results, sample_rate: int, duration_s: float) -> dict[str, Any]:
    """Return what makes each sound that the results hold."""
    a4_hz = results.tuning.a4_hz if results.tuning is not None and results.tuning.a4_hz else 440.0
    made: dict[str, Any] = {}
    options: dict[str, Any] = {"sample_rate": sample_rate, "duration_s": duration_s}
    beats, chords, notes = results.beats, results.chords, results.notes
    if beats is not None:
        made["beats"] = lambda: beat_clicks(beats, results.metre, **options)
    if chords is not None:
        made["chords"] = lambda: chord_tones(chords, a4_hz=a4_hz, **options)
    for name, track in (("melody", results.melody), ("pitch", results.pitch)):
        if track is not None:
            made[name] = lambda track=track: pitch_tone(track, **options)
    if notes is not None:
        made["notes"] = lambda: note_tones(notes, **options)
    return made


def _mono(x: Array) -> NDArray[np.float64]:
    _, x = checked(x)
    samples = np.asarray(to_numpy(x), np.float64)
    if samples.ndim > 2 or samples.shape[0] == 0:
        raise ParameterError(f"x has shape {samples.shape}, want (time,) or (channels, time)")
    return samples if samples.ndim == 1 else np.asarray(samples.mean(axis=0))


def _within(hz: float, sample_rate: int) -> float:
    return min(hz, 0.4 * sample_rate)


def _tone(hz: float, length_s: float, sample_rate: int) -> NDArray[np.float64]:
    """Return a soft tone that ends in silence; nothing where it cannot sound."""
    if length_s <= 0 or not 0 < hz < 0.5 * sample_rate:
        return np.zeros(0)
    tone = harmonic_tone(hz, sample_rate=sample_rate, duration_s=length_s, amplitudes=_SOFT)
    shape = adsr(length_s, sample_rate=sample_rate, attack_s=0.02, sustain=0.6, release_s=_RELEASE_S)
    return np.asarray(tone * shape, np.float64)


def _add(out: NDArray[np.float64], tone: NDArray[np.float64], start_s: float, sample_rate: int) -> None:
    start = max(round(start_s * sample_rate), 0)
    part = out[start : start + len(tone)]
    part += tone[: len(part)]


def _at_most_one(out: NDArray[np.float64]) -> Samples:
    peak = float(np.abs(out).max(initial=0.0))
    return as_float32(out / peak if peak > 1 else out)

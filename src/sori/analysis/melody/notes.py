"""Notes of one voice: `notes`, from its pitch and its sound.

A note is a stretch of one pitch: the likeliest row of steady pitches under the pitch track, where
every change costs, so that vibrato and glides are no notes. Repeated notes of one pitch part where
the sound sets in again.

Source: Mauch et al., "Computer-aided melody note transcription using the Tony software", TENOR
2015 (steady states under a pitch track); the onsets are a spectral flux, Dixon, DAFx 2006.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.voice_level import level, onset_flux, own_level
from sori.arrays import Array, to_numpy, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.events import Note, Notes, Pitch
from sori.units import hz_to_midi

__all__ = ["notes"]

Floats = NDArray[np.float64]

_GRID = 0.2  # semitones between the steady pitches that are tried
_SPREAD = 0.35  # semitones off the steady pitch that count one
_FURTHEST = 1.4  # semitones beyond which it is no worse: slips and glides
_CHANGE = 9.0  # cost of a change of pitch: a tenth of a second a good semitone off
_SHORTEST_S = 0.06
_BRIDGED_S = 0.03  # unvoiced moments within a note
_ONSET_S = 0.05  # a change of pitch and the onset that belongs to it lie as near as this
_RISE_DB = 4.0  # by which the level rises where one pitch is sounded anew
_LOUDEST = 110  # velocity of the loudest note
_PER_DECIBEL = 1 / 40  # velocity is a square root of amplitude: General MIDI's recommendation


def notes(
    pitch: Pitch,
    samples: Array,
    *,
    sample_rate: float,
    min_note_s: float = _SHORTEST_S,
    among_others: bool = False,
) -> Notes:
    """Return the notes of a voice.

    ``pitch_midi`` is the median of a note's inner part and not rounded. Velocities say how loud the
    notes are beside each other, the loudest 110: the level of a recording says nothing about the player.

    Parameters
    ----------
    pitch : Pitch
        Of these samples, in even steps.
    samples : (time,) real
        Mono.
    sample_rate : float
        In Hz.
    min_note_s : float
        Shorter notes are left out, seconds.
    among_others : bool
        Whether other voices sound beside it: how loud it is, is then heard through the harmonics of the
        pitch alone.

    Raises
    ------
    ParameterError
        For more than one channel, NaN, a pitch track in uneven steps.
    """
    _, x = waveform(samples, name="samples")
    check_numbers(sample_rate=sample_rate, min_note_s=min_note_s)
    if x.ndim != 1:
        raise ParameterError(f"samples have shape {tuple(x.shape)}, want mono (time,)")
    times = np.array(pitch.times_s, np.float64)
    if len(times) < 2 or not any(pitch.voiced):
        return Notes(())
    step = float(times[1] - times[0])
    if not step > 0 or np.abs(np.diff(times) - step).max() > 1e-3 * step:
        raise ParameterError("the pitch is given in uneven steps, want even ones, as of `pitch`")
    hz = np.array(pitch.hz, np.float64)
    voiced = _bridged(np.array(pitch.voiced, bool) & (hz > 0), round(_BRIDGED_S / step))
    midi = np.asarray(hz_to_midi(np.maximum(hz, 1.0)), np.float64)
    mono = np.asarray(to_numpy(x), np.float32)
    moments: dict[str, Any] = {"sample_rate": sample_rate, "step_s": step}
    onset = onset_flux(mono, count=len(times), **moments)
    level_db = own_level(mono, hz, **moments) if among_others else level(mono, count=len(times), **moments)
    found = []
    for begin, end in _runs(voiced):
        cuts = _cuts(midi[begin:end], level_db[begin:end], onset[begin:end], step)
        found += [(begin + a, begin + b) for a, b in itertools.pairwise(cuts)]
    found = [(a, b) for a, b in found if (b - a) * step >= min_note_s - 1e-9]
    if not found:
        return Notes(())
    confidence = np.array(pitch.confidence, np.float64)
    loudness = np.array([level_db[a:b].max() for a, b in found])
    velocity = _LOUDEST * 10 ** ((loudness - loudness.max()) * _PER_DECIBEL)
    return Notes(
        tuple(
            Note(
                round(float(times[a]), 6),
                round(float(times[b - 1] + step), 6),
                float(_steady_pitch(midi[a:b])),
                max(1, round(float(loud))),
                float(np.clip(confidence[a:b].mean(), 0, 1)),
            )
            for (a, b), loud in zip(found, velocity, strict=True)
        ),
        single_voice=not among_others,
    )


def _cuts(midi: Floats, level_db: Floats, onset: Floats, step: float) -> list[int]:
    """Return where the notes of one voiced stretch begin, and its end."""
    n = len(midi)
    changes = _changes(midi, step)
    near = max(1, round(_ONSET_S / step))
    cuts = {0}
    for at in changes:  # the ear hears the attack, not the middle of the glide
        low, high = max(1, at - near), min(n, at + near // 2 + 1)
        place = low + int(onset[low:high].argmax())
        cuts.add(place if onset[place] > 3.0 else at)
    for at in _attacks(level_db, onset, step):
        if all(abs(at - cut) > near for cut in cuts) and n - at > near:
            cuts.add(at)
    return [*sorted(cuts), n]


def _attacks(level_db: Floats, onset: Floats, step: float) -> list[int]:
    """Return where the sound sets in anew: peaks of the flux with a rise of the level."""
    reach = max(1, round(0.03 / step))
    found = []
    for at in range(1, len(onset) - 1):
        around = onset[max(0, at - reach) : at + reach + 1]
        if onset[at] < around.max() or onset[at] < 2.0:
            continue
        before = level_db[max(0, at - 2 * reach) : at + 1].min()
        after = level_db[at : at + 2 * reach + 1].max()
        if after - before > _RISE_DB:
            found.append(at)
    return found


def _changes(midi: Floats, step: float) -> list[int]:
    """Return where the steady pitch under a track changes (Viterbi over a grid of pitches)."""
    low = float(np.quantile(midi, 0.02)) - 0.5
    grid = np.arange(low, float(np.quantile(midi, 0.98)) + 0.5 + _GRID, _GRID)
    off = np.minimum(np.abs(midi[:, None] - grid), _FURTHEST) / _SPREAD * (step / 0.01)
    n, every = len(midi), np.arange(len(grid))
    came_from = np.empty((n, len(grid)), np.int32)
    total = off[0]
    for t in range(1, n):
        best = int(total.argmin())
        leave = total[best] + _CHANGE < total
        came_from[t] = np.where(leave, best, every)
        total = np.where(leave, total[best] + _CHANGE, total) + off[t]
    state, path = int(total.argmin()), np.empty(n, np.int64)
    for t in range(n - 1, -1, -1):
        path[t] = state
        state = int(came_from[t, state]) if t else state
    return (np.flatnonzero(np.abs(np.diff(path)) * _GRID > 0.45) + 1).tolist()


def _steady_pitch(midi: Floats) -> float:
    """Return the median of the middle of a note: glides at its ends are not its pitch."""
    edge = len(midi) // 5
    return float(np.median(midi[edge : len(midi) - edge]))


def _bridged(voiced: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """Return voicing without the gaps of at most so many moments."""
    out = voiced.copy()
    for begin, end in _runs(~voiced):
        if begin > 0 and end < len(voiced) and end - begin <= gap:
            out[begin:end] = True
    return out


def _runs(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], true, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]

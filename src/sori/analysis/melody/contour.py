"""The shape of a tune: `contour`, a few straight lines and words for them.

Source: lines by Douglas & Peucker, "Algorithms for the reduction of the number of points", 1973;
words after Huron, "The melodic arch in Western folksongs", Computing in Musicology 10, 1996.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.events import Contour, Notes, Pitch
from sori.units import hz_to_midi

__all__ = ["contour", "interval_in_words"]

Floats = NDArray[np.float64]

_STEADY = 0.5  # semitones: what moves less stays
_MOST_WORDS = 8  # moves that are told; of a longer tune the largest
_INTERVALS = (
    (0.5, "a hair"),
    (2.5, "a step"),
    (4.5, "a third"),
    (5.5, "a fourth"),
    (6.5, "a tritone"),
    (7.5, "a fifth"),
    (9.5, "a sixth"),
    (11.5, "a seventh"),
    (12.5, "an octave"),
    (19.5, "more than an octave"),
    (24.5, "two octaves"),
)


def interval_in_words(semitones: float) -> str:
    """Return what a musician calls a distance, without its direction.

    Examples
    --------
    >>> interval_in_words(-6.8)
    'a fifth'
    """
    size = abs(semitones)
    return next((name for limit, name in _INTERVALS if size < limit), "more than two octaves")


def contour(tune: Pitch | Notes, *, most_lines: int = 12, tolerance: float = 0.5) -> Contour:
    """Return the shape of a tune in a few straight lines, and in words.

    Parameters
    ----------
    tune : Pitch or Notes
        Of a pitch track the voiced moments count, of notes their middles.
    most_lines : int
        How many lines at the most.
    tolerance : float
        Semitones that a line may lie off the tune (more, where the lines do not suffice).

    Raises
    ------
    ParameterError
        For fewer than one line and a tolerance that is not positive.
    """
    if most_lines < 1 or not tolerance > 0:
        raise ParameterError(f"most_lines={most_lines}, tolerance={tolerance}: want at least 1, and above 0")
    times, midi = _notes_line(tune) if isinstance(tune, Notes) else _pitch_line(tune)
    if not len(times):
        return Contour((), (), "no pitch")
    kept = _simplified(times, midi, most_lines, tolerance)
    times, midi = times[kept], midi[kept]
    return Contour(tuple(times.tolist()), tuple(midi.round(3).tolist()), _told(midi))


def _notes_line(tune: Notes) -> tuple[Floats, Floats]:
    times = [0.5 * (note.onset_s + note.offset_s) for note in tune.notes]
    midi = [note.pitch_midi for note in tune.notes]
    if times:  # the outer notes are as long as they are
        times = [tune.notes[0].onset_s, *times[1:-1], tune.notes[-1].offset_s]
        midi = midi if len(midi) > 1 else midi * 2
    return np.array(times, np.float64), np.array(midi, np.float64)


def _pitch_line(tune: Pitch) -> tuple[Floats, Floats]:
    hz, times = np.array(tune.hz, np.float64), np.array(tune.times_s, np.float64)
    told = np.array(tune.voiced, bool) & (hz > 0)
    times, midi = times[told], np.asarray(hz_to_midi(hz[told]), np.float64)
    if len(midi) < 3:
        return times, midi
    # A quarter second's median: vibrato and slips are not the shape.
    step = float(np.median(np.diff(times)))
    half = max(1, min(len(midi) // 2, round(0.125 / step)))
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(midi, half, mode="edge"), 2 * half + 1)
    return times, np.asarray(np.median(windows, axis=1))


def _simplified(times: Floats, midi: Floats, most_lines: int, tolerance: float) -> NDArray[np.int64]:
    """Return the points that lines join: ever again the one furthest from its line, while it is far."""
    kept = [0, len(times) - 1] if len(times) > 1 else [0]
    gaps = [_furthest(times, midi, a, b) for a, b in itertools.pairwise(kept)]
    while gaps and len(gaps) < most_lines:
        worst = int(np.argmax([distance for distance, _ in gaps]))
        distance, at = gaps[worst]
        if distance <= tolerance:
            break
        kept.insert(worst + 1, at)
        gaps[worst : worst + 1] = [
            _furthest(times, midi, kept[worst], at),
            _furthest(times, midi, at, kept[worst + 2]),
        ]
    return np.array(kept, np.int64)


def _furthest(times: Floats, midi: Floats, a: int, b: int) -> tuple[float, int]:
    if b - a < 2:
        return 0.0, a
    inside = slice(a + 1, b)
    length = times[b] - times[a]
    share = (times[inside] - times[a]) / length if length > 0 else np.zeros(b - a - 1)
    off = np.abs(midi[inside] - (midi[a] + share * (midi[b] - midi[a])))
    at = int(off.argmax())
    return float(off[at]), a + 1 + at


def _told(midi: Floats) -> str:
    """Return the moves in words, those of one direction taken together."""
    corners = [float(midi[0])]
    for value in midi[1:].tolist():
        if len(corners) > 1 and (value - corners[-1]) * (corners[-1] - corners[-2]) > 0:
            corners[-1] = value
        elif abs(value - corners[-1]) >= _STEADY:
            corners.append(value)
    if len(corners) == 1:
        return "stays on one pitch"
    sizes = np.abs(np.diff(corners))
    told = set(np.argsort(-sizes, kind="stable")[:_MOST_WORDS].tolist())
    words = []
    for k in range(len(corners) - 1):
        if k in told:
            move = corners[k + 1] - corners[k]
            back = " back" if k and abs(corners[k + 1] - corners[k - 1]) < _STEADY else ""
            amount = interval_in_words(move).replace("a step", "by step")
            words.append(f"{'rises' if move > 0 else 'falls'}{back} {amount}")
    whole = float(midi[-1] - midi[0])
    end = (
        "ends where it began"
        if abs(whole) < _STEADY
        else f"ends {interval_in_words(whole)} {'higher' if whole > 0 else 'lower'}"
    )
    return ", ".join([*words, end]) if len(words) > 1 else words[0]

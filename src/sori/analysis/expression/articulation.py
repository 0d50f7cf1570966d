"""Articulation: how long notes sound of the time until the next one."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.signals import checked
from sori.errors import ParameterError
from sori.events import Articulation, Note
from sori.spectral.stft import stft
from sori.units import midi_to_hz

__all__ = ["DETACHED", "LEGATO", "articulation", "articulation_word", "overlaps", "sounding_ends"]

DETACHED = 0.6  # of the time to the next note; shorter is staccato
LEGATO = 0.9

_HOP_S = 0.005
_WINDOW_S, _LONG_WINDOW_S, _LOW_HZ = 0.023, 0.046, 150.0  # low notes need the long one
_N_PARTIALS, _HIGHEST_HZ = 10, 6000.0
_QUIET_DB = -80.0  # under the note's highest level; less is nothing
_AFTER_S, _BEFORE_S = 0.05, 0.06  # over which a note's fall is compared with its fall before
_SKIP_S = 0.03  # of a note, where it sets in
_GUARD = 0.55  # of a window before the next note, which it already hears
_LEAST_DROP_DB = 4.0
_TO_DB = 6.0  # a sound cut off is this much down in a window that is half past it
_PER_DB = 0.028  # of the window, how slowly it lets a sound end that is cut off
_REST = 1.6, 0.7  # a gap this much longer than most, and a share this much smaller, is a rest


def sounding_ends(samples: NDArray[np.float32], notes: Sequence[Note], *, sample_rate: int) -> list[float]:
    """Return when each note stops sounding: where its own partials begin to fall faster than before.

    The level of the note's partials, from its onset to the next one, without its dips (the highest level
    still to come), bends down where a key is let go or a breath ends; a room, a damper or a long release
    only decide what comes after. The place of the strongest bend is taken, if at least 4 dB are lost there
    in 50 ms beyond what the note lost before; else the note rings until the next.

    Parameters
    ----------
    samples : (time,) real
        One channel.
    notes : sequence of Note
        One voice, in order.
    sample_rate : int
        Hz.

    Returns
    -------
    list of float
        Seconds, one per note; at most the next onset, and for the last note at most 0.5 s after its offset.

    Raises
    ------
    ParameterError
        For more than one channel, NaN, and notes that are out of order.
    """
    x = checked(samples)
    onsets = [note.onset_s for note in notes]
    if any(b < a for a, b in itertools.pairwise(onsets)):
        raise ParameterError("got notes out of order, want them by onset: sort them first")
    limits = [*onsets[1:], min(notes[-1].offset_s + 0.5, len(x) / sample_rate)] if notes else []
    return [
        _end(x, note, limit, sample_rate, last=index == len(notes) - 1)
        for index, (note, limit) in enumerate(zip(notes, limits, strict=True))
    ]


def overlaps(notes: Sequence[Note], ends_s: Sequence[float]) -> list[float | None]:
    """Return sounding time over the time to the next onset, at most 1.

    ``None`` for the last note, and before a rest: where the next note comes more than 1.6 times later than
    is usual, and the note fills less than 0.7 of what notes usually fill. What a note overlaps the next by is
    not told from the room it sounds in, and not counted.
    """
    if len(notes) < 2:
        return [None] * len(notes)
    onsets = np.array([note.onset_s for note in notes])
    gaps = np.maximum(np.diff(onsets), 1e-3)
    shares = np.clip((np.array(ends_s)[:-1] - onsets[:-1]) / gaps, 0.0, 1.0)
    longer, smaller = _REST
    rest = (gaps > longer * np.median(gaps)) & (shares < smaller * np.median(shares))
    return [None if r else round(float(share), 3) for share, r in zip(shares, rest, strict=True)] + [None]


def articulation_word(overlap: float | None) -> str | None:
    """Return "staccato" (less than 0.6 of the time sounds), "detached", or "legato" (0.9 and more)."""
    if overlap is None:
        return None
    if overlap < DETACHED:
        return "staccato"
    return "detached" if overlap < LEGATO else "legato"


def articulation(shares: Sequence[float | None]) -> Articulation:
    """Return the median of `overlaps` and the share of each kind; ``None`` and 0 where none is known."""
    known = [share for share in shares if share is not None]
    if not known:
        return Articulation(None, 0.0, 0.0, 0.0)
    words = [articulation_word(share) for share in known]
    staccato, detached, legato = (
        round(words.count(word) / len(words), 3) for word in ("staccato", "detached", "legato")
    )
    return Articulation(round(float(np.median(known)), 3), staccato, detached, legato)


def _end(x: NDArray[np.float32], note: Note, limit_s: float, sample_rate: int, *, last: bool) -> float:
    window_s = _LONG_WINDOW_S if midi_to_hz(note.pitch_midi) < _LOW_HZ else _WINDOW_S
    level, first_s, step_s = _level(x, note, limit_s, sample_rate, window_s)
    fallback = min(note.offset_s, limit_s) if last else limit_s
    before, after = round(_BEFORE_S / step_s), round(_AFTER_S / step_s)
    skip = round(_SKIP_S / step_s)
    if len(level) < skip + 6:
        return round(fallback, 4)
    # The highest level still to come: tremolo and beating make no ends.
    level = np.maximum.accumulate(level[::-1])[::-1]
    at = np.arange(skip, len(level))
    fall = level[at] - level[np.minimum(at + after, len(level) - 1)]
    earlier = np.maximum(at - before, 0)
    own = (level[earlier] - level[at]) / np.maximum(at - earlier, 1)
    bend = fall - own * (np.minimum(at + after, len(level) - 1) - at)
    best = int(np.argmax(bend))
    if bend[best] < _LEAST_DROP_DB:
        return round(fallback, 4)
    return round(min(first_s + step_s * _foot(level, int(at[best]), _PER_DB * window_s / step_s), limit_s), 4)


def _foot(level: NDArray[np.float64], at: int, per_db: float) -> float:
    """Return the frame where the fall at ``at`` begins, as if the window were short."""
    base = float(level[at])
    depth = min(_TO_DB, 0.5 * (base - float(level[-1])))
    crossing = _crossing(level, at, base - depth)
    further = _crossing(level, at, base - 1.8 * depth)
    slowness = max(0.0, (further - crossing) / max(0.8 * depth, 1e-6) - per_db)
    return max(float(at) - 2, crossing - depth * slowness)


def _crossing(level: NDArray[np.float64], at: int, to: float) -> float:
    below = np.flatnonzero(level[at:] < to)
    if not len(below):
        return float(len(level) - 1)
    index = at + int(below[0])
    high, low = level[index - 1], level[index]
    return index - 1 + float((high - to) / max(high - low, 1e-9)) if index > at else float(at)


def _level(
    x: NDArray[np.float32], note: Note, limit_s: float, sample_rate: int, window_s: float
) -> tuple[NDArray[np.float64], float, float]:
    """Return the level of a note's partials in dB, the time of the first value and the step, seconds."""
    hop = max(1, round(_HOP_S * sample_rate))
    n_fft = 1 << round(np.log2(window_s * sample_rate))
    half = n_fft // 2
    begin = max(0, round(note.onset_s * sample_rate))
    count = int((limit_s - _GUARD * window_s - note.onset_s) * sample_rate / hop) + 1
    if count < 2:
        return np.zeros(0), note.onset_s, hop / sample_rate
    low, high = begin - half, begin + (count - 1) * hop + half
    piece = np.zeros(high - low, np.float32)
    inside = x[max(low, 0) : min(high, len(x))]
    offset = max(low, 0) - low
    piece[offset : offset + len(inside)] = inside
    spectrum = stft(piece, n_fft=n_fft, hop_length=hop, center=False)
    hz = float(midi_to_hz(note.pitch_midi))
    partials = hz * np.arange(1, _N_PARTIALS + 1)
    partials = partials[partials < min(_HIGHEST_HZ, 0.45 * sample_rate)]
    bins = np.round(partials * n_fft / sample_rate).astype(np.intp)
    bins = np.unique(np.clip(np.concatenate([bins - 1, bins, bins + 1]), 1, half - 1))
    power = np.sum(np.abs(spectrum[bins]).astype(np.float64) ** 2, axis=0)
    top = float(power.max(initial=0))
    if not top > 0:
        return np.zeros(0), note.onset_s, hop / sample_rate
    return 10 * np.log10(power / top + 10 ** (_QUIET_DB / 10)), begin / sample_rate, hop / sample_rate

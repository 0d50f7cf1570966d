"""Corrections by hand: twice or half as fast, in thirds, shifted, or tapped.

Pure functions from what was heard to what is meant, both plain records, so that a corrected count can
be kept and locked. `Mended` keeps where corrections began and what was done since, so that what takes back
one another gives back what was there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import MEL_RATE
from sori.analysis.rhythm.onsets import vertex
from sori.errors import ParameterError
from sori.events import Beats, Metre, Tempo

__all__ = ["FACTORS", "Count", "Mended", "Step", "scaled", "shifted", "tapped"]

FACTORS = (2.0, 0.5, 2 / 3, 1.5)
"""Times as many beats that `scaled` knows."""

_REACH = 0.15  # beats: how far from where it is expected the music may draw a beat
_PHASE, _PERIOD = 0.5, 0.1  # how much of what it was off the next beats take over


class Count(NamedTuple):
    """Tempo, beats and bars that belong together."""

    tempo: Tempo
    beats: Beats
    metre: Metre


class Step(NamedTuple):
    """One thing done to a count: so many times as many beats, then a shift."""

    factor: float = 1.0
    seconds: float = 0.0
    beats: float = 0.0


@dataclasses.dataclass(frozen=True)
class Mended:
    """A count, and what was done to it, one step after the other."""

    origin: Count
    steps: tuple[Step, ...] = ()

    def then(self, step: Step) -> Mended:
        """Return this with one more step; a shift adds to a shift, and factors that cancel out are gone.

        Twice as fast and then half as fast is what was there before, bars and all, which applying one
        after the other would not give: bars of two and of four beats both make bars of four.
        """
        steps = self.steps
        if step.factor != 1.0:
            if steps and steps[-1][1:] == (0.0, 0.0) and abs(steps[-1].factor * step.factor - 1) < 1e-3:
                steps = steps[:-1]
            else:
                steps = (*steps, Step(step.factor))
        if step.seconds or step.beats:
            last = steps[-1] if steps else Step()
            seconds, beats = (round(a + b, 6) for a, b in zip(last[1:], step[1:], strict=True))
            moved = Step(last.factor, seconds, beats)
            steps = (*steps[:-1], moved) if moved != Step() else steps[:-1]
        return Mended(self.origin, steps)

    @property
    def count(self) -> Count:
        """The origin with all steps done."""
        count = self.origin
        for step in self.steps:
            count = scaled(count, step.factor) if step.factor != 1.0 else count
            if step.seconds or step.beats:
                count = shifted(count, seconds=step.seconds, beats=step.beats)
        return count


def scaled(count: Count, factor: float) -> Count:
    """Return the count with ``factor`` times as many beats: 2, 1/2, 2/3 or 3/2.

    New beats lie evenly between old ones; which are left out is counted from the first bar line. Bars
    stay where they hold a whole number of beats from 2 to 7; otherwise they have as many beats as
    before and last longer or shorter.

    Raises
    ------
    ParameterError
        Another factor.
    """
    if not any(abs(factor - known) < 1e-3 for known in FACTORS):
        raise ParameterError(f"got the factor {factor!r}, want 2, 1/2, 2/3 or 3/2")
    factor = min(FACTORS, key=lambda known: abs(known - factor))
    old, bars = np.asarray(count.beats.times_s), count.metre
    if len(old) < 2:
        return count
    anchor = bars.positions.index(1) if 1 in bars.positions else 0
    # In beats of the old count, the new ones lie at anchor + k / factor.
    first = -int(np.floor(anchor * factor + 1e-9))
    last = int(np.floor((len(old) - 1 - anchor) * factor + 1e-9))
    at = anchor + np.arange(first, last + 1) / factor
    times = np.round(np.interp(at, np.arange(len(old)), old), 3)
    beats_per_bar = bars.beats_per_bar
    if beats_per_bar is None or not bars.positions:
        metre = bars
    else:
        kept = beats_per_bar * factor
        whole = abs(kept - round(kept)) < 1e-6 and 2 <= round(kept) <= 7
        metre = _barred(times, round(kept) if whole else beats_per_bar, -first, bars)
    return Count(_times(count.tempo, factor), Beats(tuple(float(t) for t in times)), metre)


def shifted(count: Count, *, seconds: float = 0.0, beats: float = 0.0) -> Count:
    """Return the count moved by seconds, by beats, or both.

    Whole beats move the bar lines only; a fraction moves every beat on towards the next, the last by
    as much as the one before it.
    """
    if not (np.isfinite(seconds) and np.isfinite(beats)):
        raise ParameterError(f"got a shift of {seconds!r} s and {beats!r} beats, want finite numbers")
    old, bars = np.asarray(count.beats.times_s), count.metre
    if not len(old):
        return count
    whole = int(np.floor(beats + 1e-9))
    times = old + seconds
    if len(old) > 1:
        steps = np.append(np.diff(old), old[-1] - old[-2])
        times = times + (beats - whole) * steps
    positions = bars.positions
    if positions and bars.beats_per_bar and whole % bars.beats_per_bar:
        # The new bar lines stand ``whole`` beats later; the ends are counted on.
        length = bars.beats_per_bar
        source = np.arange(len(positions)) - whole
        inside = np.clip(source, 0, len(positions) - 1)
        positions = tuple(
            int((positions[k] - 1 + (s - k)) % length) + 1 for s, k in zip(source, inside, strict=True)
        )
    inside_s = times >= 0
    times = np.round(times[inside_s], 3)
    positions = tuple(p for p, keep in zip(positions, inside_s, strict=False) if keep)
    metre = dataclasses.replace(
        bars, positions=positions, downbeats_s=_downbeats(times, positions) if positions else ()
    )
    return Count(count.tempo, Beats(tuple(float(t) for t in times)), metre)


def tapped(taps_s: Sequence[float], strength: NDArray[np.float64]) -> tuple[Tempo, Beats]:
    """Return tempo and beats as somebody tapped them, snapped to the music and carried through it.

    Parameters
    ----------
    taps_s : (n,)
        At least three taps, seconds, on consecutive beats somewhere in the recording.
    strength : (frames,)
        `beat_strength` of the recording.

    Raises
    ------
    ParameterError
        Fewer than three taps, or taps that are not in order or not finite.
    """
    taps = np.asarray(taps_s, dtype=np.float64)
    if taps.ndim != 1 or len(taps) < 3 or not np.isfinite(taps).all() or (np.diff(taps) <= 0).any():
        raise ParameterError(f"got {len(taps)} taps, want three or more, each later than the one before")
    steps = np.diff(taps)
    # A tap left out is a step of two beats; the line through all taps is tempo and phase.
    number = np.concatenate([[0], np.cumsum(np.maximum(np.rint(steps / np.median(steps)), 1))])
    slope, start = np.polyfit(number, taps, 1)
    period, first = float(slope) * MEL_RATE, float(start) * MEL_RATE
    last = first + period * float(number[-1])
    within = first + period * np.arange(int(number[-1]) + 1)
    backward = _followed(strength, first, period, -1)[::-1]
    forward = _followed(strength, last, period, 1)
    snapped = [_snapped(strength, at, period) for at in within]
    frames = np.concatenate([backward, snapped, forward])
    frames = frames[(frames >= 0) & (frames <= max(len(strength) - 1, 0))]
    times = np.round(frames / MEL_RATE, 3)
    return Tempo(round(60 * MEL_RATE / period, 2), 1.0, ()), Beats(tuple(float(t) for t in times))


def _snapped(strength: NDArray[np.float64], at: float, period: float) -> float:
    """Return the frame near ``at`` where most speaks for a beat; ``at`` where nothing does."""
    reach = _REACH * period
    near = np.arange(max(0, int(np.ceil(at - reach))), min(len(strength), int(at + reach) + 1))
    if not len(near):
        return at
    height = np.maximum(strength[near], 0.0) * np.exp(-0.5 * ((near - at) / (0.5 * reach)) ** 2)
    best = near[int(height.argmax()) : int(height.argmax()) + 1]
    return float(best[0] + vertex(strength, best)[0]) if height.max() > 0 else at


def _followed(strength: NDArray[np.float64], at: float, period: float, direction: int) -> NDArray[np.float64]:
    """Return the beats after (or before) one, each near where the ones before it lead.

    A phase-locked loop: what was tapped is never left for another phase, however strong.
    """
    usual = period
    found: list[float] = []
    while True:
        expected = at + direction * period
        if not 0 <= expected < len(strength):
            return np.array(found)
        seen = _snapped(strength, expected, period)
        found.append(seen)
        at = expected + _PHASE * (seen - expected)
        period += _PERIOD * direction * (seen - expected)
        period = float(np.clip(period, usual * 0.75, usual * 1.33))


def _times(tempo: Tempo, factor: float) -> Tempo:
    if tempo.bpm is None:
        return tempo
    return Tempo(round(tempo.bpm * factor, 2), 1.0, ())


def _barred(times: NDArray[np.float64], beats_per_bar: int, anchor: int, old: Metre) -> Metre:
    positions = tuple(int(p) for p in (np.arange(len(times)) - anchor) % beats_per_bar + 1)
    return dataclasses.replace(
        old,
        beats_per_bar=beats_per_bar,
        positions=positions,
        downbeats_s=_downbeats(times, positions),
        alternatives=(),
    )


def _downbeats(times: NDArray[np.float64], positions: Sequence[int]) -> tuple[float, ...]:
    return tuple(float(t) for t, p in zip(times, positions, strict=True) if p == 1)

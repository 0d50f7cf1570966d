"""Beats as the tempo map of a MIDI file: bar lines of a sequencer fall on the bars of the music."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import statistics
from collections.abc import Sequence

from sori.formats.results import Results

__all__ = ["TICKS", "TempoMap", "tempo_map"]

TICKS = 480
"""Ticks of a quarter note; a beat is one."""

_BPM = 120.0  # what a sequencer takes where nothing is said
_LONGEST_BEAT_S = 8.0  # a MIDI tempo has 24 bits of microseconds, 16.7 s
_LEAST_LEAD_S = 0.001
_LEAD_MAY_BE_OFF = 0.35  # in tempo: a plain time signature is worth more than an even lead-in
_LONGEST_BAR = 32  # quarters


@dataclasses.dataclass(frozen=True)
class TempoMap:
    """Tempo and time signatures over ticks.

    ``tempi`` are (tick, microseconds of a quarter), ``signatures`` (tick, numerator, denominator),
    ``anchors`` (tick, seconds) where the tempo changes: between them time runs evenly.
    """

    tempi: tuple[tuple[int, int], ...]
    signatures: tuple[tuple[int, int, int], ...]
    anchors: tuple[tuple[int, float], ...]

    def tick(self, at_s: float) -> int:
        """Return the tick nearest to a time, 0 for what lies before the start."""
        number = max(bisect.bisect_right(self.anchors, at_s, key=lambda anchor: anchor[1]) - 1, 0)
        tick, second = self.anchors[number]
        return max(tick + round((at_s - second) * 1e6 / self.tempi[number][1] * TICKS), 0)


def tempo_map(results: Results) -> TempoMap:
    """Return the tempo map of the beats; a steady one of the tempo, or of 120 BPM, where there are none.

    The beat is a quarter note. What comes before the first beat is filled with as many quarters, or parts of
    one, as its tempo asks, in a bar of its own; a bar of another length gets its own time signature.
    """
    beats = results.beats.times_s if results.beats is not None else ()
    if len(beats) < 2:
        bpm = results.tempo.bpm if results.tempo is not None and results.tempo.bpm else _BPM
        return TempoMap(((0, round(60e6 / bpm)),), (), ((0, 0.0),))
    positions = results.metre.positions if results.metre is not None else ()
    positions = positions if len(positions) == len(beats) else (0,) * len(beats)
    gaps = [after - before for before, after in itertools.pairwise(beats)]
    period = statistics.median(gaps)
    lead = _lead(beats[0], gaps[0])
    ticks = [lead]
    for gap in gaps:
        # A silence without beats is longer than a tempo can say: it gets the beats it has room for.
        ticks.append(ticks[-1] + TICKS * (1 if gap <= _LONGEST_BEAT_S else round(gap / min(period, 4.0))))
    tempi, anchors = _tempi([0, *ticks] if lead else ticks, [0.0, *beats] if lead else list(beats))
    return TempoMap(tempi, _signatures(ticks, positions, results), anchors)


def _lead(first_s: float, gap_s: float) -> int:
    """Return the ticks before the first beat, in the coarsest part of a beat that nearly keeps the tempo."""
    if first_s < _LEAST_LEAD_S:
        return 0
    for parts in (1, 2, 4, 8, 16):
        count = round(first_s / gap_s * parts)
        if count and abs(first_s * parts / (count * gap_s) - 1) < _LEAD_MAY_BE_OFF:
            return count * TICKS // parts
    return TICKS // 16 * max(round(first_s / gap_s * 16), 1)


def _tempi(
    ticks: Sequence[int], times: Sequence[float]
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, float], ...]]:
    """Return tempi and anchors; each tempo also takes back what rounding has left so far."""
    tempi, anchors = [], [(0, 0.0)]
    for (tick, after), (_, until) in zip(itertools.pairwise(ticks), itertools.pairwise(times), strict=True):
        quarters = (after - tick) / TICKS
        tempo = max(round((until - anchors[-1][1]) * 1e6 / quarters), 1)
        tempi.append((tick, tempo))
        anchors.append((after, anchors[-1][1] + tempo * quarters / 1e6))
    tempi.append((ticks[-1], tempi[-1][1]))
    return tuple(tempi), tuple(anchors)


def _signatures(
    ticks: Sequence[int], positions: Sequence[int], results: Results
) -> tuple[tuple[int, int, int], ...]:
    """Return time signatures, one wherever the length of bars changes."""
    usual = (results.metre.beats_per_bar if results.metre is not None else None) or 4
    starts = [tick for tick, position in zip(ticks, positions, strict=True) if position == 1] or [ticks[0]]
    bars: list[tuple[int, int]] = []  # tick, length
    for start, end in itertools.pairwise([0, *starts]):
        bars += _bars(start, end, usual * TICKS, first=start == 0 and starts[0] == end)
    bars.append((starts[-1], usual * TICKS))
    found: list[tuple[int, int, int]] = []
    for tick, length in bars:
        numerator, denominator = _fraction(length)
        if not found or found[-1][1:] != (numerator, denominator):
            found.append((tick, numerator, denominator))
    return tuple(found)


def _bars(start: int, end: int, usual: int, *, first: bool) -> list[tuple[int, int]]:
    """Return the bars of a stretch: one, or where that were too long a part of one and whole ones."""
    length = end - start
    if length == 0:
        return []
    if not first and length <= _LONGEST_BAR * TICKS:
        return [(start, length)]
    rest = length % usual
    return ([(start, rest)] if rest else []) + [(at, usual) for at in range(start + rest, end, usual)]


def _fraction(ticks: int) -> tuple[int, int]:
    """Return a bar's length as a time signature, in quarters where it can be."""
    denominator = 4
    while ticks * denominator % (4 * TICKS):
        denominator *= 2
    return ticks * denominator // (4 * TICKS), denominator

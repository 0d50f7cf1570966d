"""Dynamics: loudness over time, how far soft and loud parts are apart, accents, swells."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.events import Accent, Dynamics
from sori.events.expression import Swell
from sori.signal.loudness import window_energy
from sori.signal.meter import Cells

__all__ = ["dynamics", "note_levels"]

_MOMENTARY_S, _EVERY_S = 0.4, 0.2
_OFFSET_DB, _GATE_LUFS = -0.691, -70.0
_PART_S = 1.0  # over which a part is soft or loud
_QUIETER_DB = 30.0  # under the mean; less is a pause
_SOFT, _LOUD = 0.10, 0.95
_NOTE_S, _REACH_S, _EARLIER_S = 0.1, 0.15, 0.02
_NEIGHBOURS = 4  # to either side
_ACCENT_DB, _ACCENT_SPREADS = 3.0, 2.0
_SWELL_S, _SWELL_WINDOW_S, _SWELL_DB = 2.0, 1.5, 6.0
_SLOPE_S, _SLOWEST_DB_S, _FASTEST_DB_S = 2.0, 0.5, 6.0  # faster is a beginning or an end


def dynamics(cells: Cells, onsets_s: Sequence[float]) -> Dynamics:
    """Return loudness over time and what stands out in it.

    The curve is EBU momentary loudness (0.4 s, Tech 3341), a value every 0.2 s at the middle of its window.
    The range is from the 10th to the 95th percentile of the loudness of single seconds, those left out that
    are more than 30 dB below the mean; EBU Tech 3342 has the same percentiles of 3 s. An accent is an onset
    at least 3 dB, and two deviations, louder (`note_levels`) than the median of four onsets to either side.
    A swell lasts 2 s or more and changes loudness (over 1.5 s) by 6 dB or more, between 0.5 and 6 dB a
    second all the way.

    Parameters
    ----------
    cells : Cells
        Energies every 10 ms: `sori.analysis.material.Material.cells`.
    onsets_s : sequence of float
        Where accents are looked for: onsets of notes, or beats. Seconds, in order.
    """
    times, energy = _curve(cells, _MOMENTARY_S, _EVERY_S)
    return Dynamics(
        times_s=tuple(round(float(t), 2) for t in times),
        level_lufs=tuple(_lufs(float(e)) for e in energy),
        range_db=_range_db(cells),
        accents=_accents(onsets_s, note_levels(cells, onsets_s)),
        swells=_swells(cells),
    )


def note_levels(cells: Cells, onsets_s: Sequence[float]) -> list[float | None]:
    """Return the loudness of the loudest 0.1 s within 0.25 s of each onset or before the next, LUFS.

    ``None`` below -70 LUFS.
    """
    energy = window_energy(cells, _NOTE_S)
    step = cells.cell / cells.sample_rate
    found: list[float | None] = []
    for onset, following in zip(onsets_s, [*onsets_s[1:], math.inf], strict=False):
        low = max(0, round((onset - _EARLIER_S) / step))
        high = round(min(onset + _REACH_S, max(following - _NOTE_S, onset)) / step) + 1
        found.append(_lufs(float(energy[low:high].max(initial=0))))
    return found


def _curve(cells: Cells, window_s: float, every_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    step = cells.cell / cells.sample_rate
    every = max(1, round(every_s / step))
    energy = window_energy(cells, window_s)[::every]
    times = window_s / 2 + step * every * np.arange(len(energy), dtype=np.float64)
    return times, energy


def _lufs(energy: float) -> float | None:
    level = _OFFSET_DB + 10 * math.log10(energy) if energy > 0 else -math.inf
    return round(level, 2) if level > _GATE_LUFS else None


def _range_db(cells: Cells) -> float | None:
    energy = _curve(cells, _PART_S, _EVERY_S)[1]
    heard = energy[energy > 10 ** ((_GATE_LUFS - _OFFSET_DB) / 10)]
    if not len(heard):
        return None
    heard = heard[heard > heard.mean() * 10 ** (-_QUIETER_DB / 10)]
    soft, loud = np.quantile(10 * np.log10(heard), [_SOFT, _LOUD])
    return round(float(loud - soft), 2)


def _accents(onsets_s: Sequence[float], levels: Sequence[float | None]) -> tuple[Accent, ...]:
    level = np.array([_GATE_LUFS if each is None else each for each in levels])
    found = []
    for index, onset in enumerate(onsets_s):
        around = np.concatenate(
            [level[max(0, index - _NEIGHBOURS) : index], level[index + 1 : index + 1 + _NEIGHBOURS]]
        )
        if levels[index] is None or len(around) < _NEIGHBOURS:
            continue
        middle = float(np.median(around))
        spread = 1.4826 * float(np.median(np.abs(around - middle)))
        above = float(level[index]) - middle
        if above >= max(_ACCENT_DB, _ACCENT_SPREADS * spread):
            found.append(Accent(round(float(onset), 3), round(above, 1)))
    return tuple(found)


def _swells(cells: Cells) -> tuple[Swell, ...]:
    times, energy = _curve(cells, _SWELL_WINDOW_S, _EVERY_S)
    half = round(0.5 * _SLOPE_S / _EVERY_S)
    if len(energy) < 2 * half + 2:
        return ()
    level = 10 * np.log10(np.maximum(energy, 10 ** ((_GATE_LUFS - _OFFSET_DB) / 10)))
    # The slope of a line through each value's neighbours.
    ramp = np.arange(-half, half + 1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(level, half, mode="edge"), 2 * half + 1)
    slope = around @ ramp / float(ramp @ ramp) / _EVERY_S
    moving = (np.abs(slope) >= _SLOWEST_DB_S) & (np.abs(slope) <= _FASTEST_DB_S)
    direction = np.where(moving, np.sign(slope), 0.0)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(direction)) + 1, [len(direction)]])
    found: list[Swell] = []
    for begin, end in itertools.pairwise(edges):
        last = min(end, len(level) - 1)
        change = float(level[last] - level[begin])
        if direction[begin] * change >= _SWELL_DB and times[last] - times[begin] >= _SWELL_S:
            found.append(Swell(round(float(times[begin]), 1), round(float(times[last]), 1), round(change, 1)))
    return tuple(found)

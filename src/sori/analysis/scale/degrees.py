"""Degrees: the notes of the octave that are used, as modes of the pitch histogram."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.scale.histogram import circle, smooth
from sori.analysis.scale.sounding import Sounding

__all__ = ["Modes", "modes", "standing_out"]

_SIGMA = 6.0  # cents; notes of 53-TET are 23 apart
_VALLEY = 0.6  # between two notes the histogram falls below this share of the lower one
_LEAST_SHARE = 0.008
_LEAST_OF_MOST = 0.03
_KERNEL = 12.0  # cents, of the mean shift
_NEAR = 15.0  # cents
_MOMENTS = (10, 16)  # at how many of its strongest moments a note is looked at, at the least and at the most
_PRESENCE, _TIME, _ENOUGH = 12.0, 1.1, 2.4  # fitted to the half of the synthesised pieces to develop with


@dataclasses.dataclass(frozen=True)
class Modes:
    """Notes used, by rising ``cents`` above C (A4 = 440 Hz): share of the time, and spread in cents."""

    cents: NDArray[np.float64]
    share: NDArray[np.float64]
    spread: NDArray[np.float64]


def modes(cents: NDArray[np.float64], weight: NDArray[np.float64]) -> Modes:
    """Find the notes that pitches gather round.

    A peak of the smoothed histogram with a valley on both sides and enough time; its place is found by mean
    shift (Comaniciu & Meer, 2002), which outliers between two notes hardly move.
    """
    raw = circle(cents, weight)
    if raw.sum() <= 0:
        return Modes(np.zeros(0), np.zeros(0), np.zeros(0))
    fine = smooth(raw / raw.sum(), _SIGMA)
    peaks = _peaks(fine)
    bounds = _valleys(fine, peaks)
    floor = np.quantile(fine, 0.2)
    found = [
        _mode(raw, fine, peak, low, high, floor) for peak, (low, high) in zip(peaks, bounds, strict=True)
    ]
    table = np.array(found).reshape(-1, 3)
    total = table[:, 1].sum()
    if total <= 0:
        return Modes(np.zeros(0), np.zeros(0), np.zeros(0))
    table[:, 1] /= total
    keep = table[:, 1] > max(_LEAST_SHARE, _LEAST_OF_MOST * table[:, 1].max())
    table = table[keep]
    table = table[np.argsort(table[:, 0])]
    return Modes(table[:, 0], table[:, 1] / table[:, 1].sum(), table[:, 2])


def standing_out(heard: Sounding, cents: NDArray[np.float64], used: Modes) -> Modes:
    """Keep the notes that are at moments among the strongest of what sounds; remains of overtones never are.

    Parameters
    ----------
    heard : Sounding
    cents : (n,) float64
        Place in the octave of each pitch of ``heard``.
    used : Modes
    """
    if not len(used.cents):
        return used
    strongest = np.zeros(heard.n_frames)
    np.maximum.at(strongest, heard.frame, heard.weight)
    strongest = np.maximum(strongest, 0.3 * np.quantile(strongest, 0.9))
    relative = heard.weight / strongest[heard.frame]
    moments = int(np.clip(heard.n_frames // 50, *_MOMENTS))
    keep = []
    for place, share in zip(used.cents, used.share, strict=True):
        near = np.abs((cents - place + 600) % 1200 - 600) < _NEAR
        presence = sum(
            float(np.sort(level[near])[-moments:].mean()) / 2 if near.any() else 0.0
            for level in (heard.weight, relative)
        )
        keep.append(_PRESENCE * presence + _TIME * np.log(share) > _ENOUGH)
    kept = np.array(keep) | (used.share == used.share.max())
    share = used.share[kept]
    return Modes(used.cents[kept], share / share.sum(), used.spread[kept])


def _peaks(fine: NDArray[np.float64]) -> list[int]:
    """Return peaks on the circle, rising, those without a valley to a higher neighbour left out."""
    at = np.flatnonzero((fine > np.roll(fine, 1)) & (fine >= np.roll(fine, -1)) & (fine > 1e-3 * fine.max()))
    peaks = at.tolist()
    while len(peaks) > 1:
        worst, ratio = -1, _VALLEY
        for index, peak in enumerate(peaks):
            after = peaks[(index + 1) % len(peaks)]
            span = np.arange(peak, after if after > peak else after + 1200) % 1200
            lower = min((fine[peak], index), (fine[after], (index + 1) % len(peaks)))
            depth = fine[span].min() / lower[0]
            if depth > ratio:
                worst, ratio = lower[1], float(depth)
        if worst < 0:
            break
        del peaks[worst]
    return peaks


def _valleys(fine: NDArray[np.float64], peaks: list[int]) -> list[tuple[int, int]]:
    """Return where each peak's ground ends on both sides; bounds may lie outside 0 to 1200."""
    found = []
    for index, peak in enumerate(peaks):
        before, after = peaks[index - 1], peaks[(index + 1) % len(peaks)]
        low_span = np.arange(peak - ((peak - before) % 1200 or 1200), peak)
        high_span = np.arange(peak, peak + ((after - peak) % 1200 or 1200))
        low = int(low_span[fine[low_span % 1200].argmin()])
        high = int(high_span[fine[high_span % 1200].argmin()])
        found.append((low, high))
    return found


def _mode(
    raw: NDArray[np.float64], fine: NDArray[np.float64], peak: int, low: int, high: int, floor: float
) -> tuple[float, float, float]:
    """Place, mass above the floor, and spread of one peak."""
    span = np.arange(max(low, peak - 50), min(high, peak + 50) + 1)
    mass = raw[span % 1200]
    at = float(peak)
    for _ in range(20):
        kernel = mass * np.exp(-0.5 * ((span - at) / _KERNEL) ** 2)
        total = kernel.sum()
        if total <= 0:
            break
        moved = float(kernel @ span / total)
        if abs(moved - at) < 0.01:
            break
        at = moved
    away = np.abs(span - at)
    order = np.argsort(away)
    reached = np.cumsum(mass[order])
    spread = 1.48 * away[order][np.searchsorted(reached, 0.5 * reached[-1])] if reached[-1] > 0 else 0.0
    share = float(np.maximum(fine[span % 1200] - floor, 0).sum())
    return at % 1200, share, float(spread)

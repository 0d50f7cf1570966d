"""Drift: how the tuning moves while the music plays, as choirs sink and tapes slow down.

The histogram of each stretch is laid over that of the whole, already moved to where the stretches agree, so
no scale has to be known; a path through the best fits keeps to small steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.scale.histogram import cents_of, circle, smooth
from sori.analysis.scale.sounding import Sounding
from sori.events import TuningDrift

__all__ = ["offset_at", "tuning_drift"]

_STRETCH_S, _HOP_S = 12.0, 4.0
_SIGMA = 8.0  # cents
_REACH = 120  # cents from where it began
_STEP_COST = 0.004  # per cent of movement from stretch to stretch, of a perfect fit
_ROUNDS = 3
_MAX_STRETCHES = 240
_SHARPER = 1.04  # a histogram must gain this much from being straightened


def tuning_drift(heard: Sounding) -> TuningDrift:
    """Follow the tuning from the start.

    Returns
    -------
    TuningDrift
        Cents above the tuning at the start, every few seconds; all 0 where the music is not
        sharper for following it, empty where there are fewer than three stretches.
    """
    times, rows = _stretches(heard)
    if len(rows) < 3:
        return TuningDrift((), (), 0.0)
    path = np.zeros(len(rows))
    template = rows[0].copy()
    for at in range(1, len(rows)):  # from the start on, each laid over all before
        fit = _fits(rows[at : at + 1], template)[0]
        near = np.abs(np.arange(-_REACH, _REACH + 1) - path[at - 1])
        path[at] = np.argmax(fit - _STEP_COST * near) - _REACH
        template += _moved(rows[at : at + 1], -path[at : at + 1])[0]
    for _ in range(_ROUNDS):
        straight = _moved(rows, -path).sum(axis=0)
        path = _path(_fits(rows, straight))
    before = float((rows.sum(axis=0) ** 2).sum())
    straight = _moved(rows, -path).sum(axis=0)
    if float((straight**2).sum()) < _SHARPER * before:
        path = np.zeros(len(rows))
    path -= path[0]
    return TuningDrift(
        tuple(np.round(times, 2).tolist()), tuple(np.round(path, 1).tolist()), round(float(path[-1]), 1)
    )


def offset_at(drift: TuningDrift, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far the tuning lies from that of the whole, in cents, at any times."""
    if not drift.times_s:
        return np.zeros(len(times_s))
    cents = np.array(drift.cents)
    return np.asarray(np.interp(times_s, drift.times_s, cents - cents.mean()))


def _stretches(heard: Sounding) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return centres in seconds and histograms ``(stretches, 1200)`` of unit norm, where there is sound."""
    length = heard.n_frames / heard.rate
    hop = max(_HOP_S, length / _MAX_STRETCHES)
    starts = np.arange(0, max(0.0, length - _STRETCH_S) + 1e-9, hop)
    seconds, cents = heard.frame / heard.rate, cents_of(heard)
    times, rows = [], []
    for start in starts:
        low, high = np.searchsorted(seconds, (start, start + max(_STRETCH_S, hop)))
        row = smooth(circle(cents[low:high], heard.weight[low:high]), _SIGMA)
        norm = np.sqrt((row**2).sum())
        if heard.weight[low:high].sum() > 0.1 * heard.rate:
            times.append(start + max(_STRETCH_S, hop) / 2)
            rows.append(row / norm)
    return np.array(times), np.array(rows).reshape(-1, 1200)


def _fits(rows: NDArray[np.float64], template: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how well each row, moved by -120 to 120 cents, agrees with the template: 1 at the most."""
    spectrum = np.conj(np.fft.rfft(template / np.sqrt((template**2).sum())))
    whole = np.fft.irfft(np.fft.rfft(rows) * spectrum, 1200)
    return np.concatenate([whole[:, -_REACH:], whole[:, : _REACH + 1]], axis=1)


def _moved(rows: NDArray[np.float64], cents: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn each row ``(n, 1200)`` up by its ``cents``."""
    turns = np.arange(601) / 1200
    return np.asarray(np.fft.irfft(np.fft.rfft(rows) * np.exp(-2j * np.pi * turns * cents[:, None]), 1200))


def _path(fits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the best path through fits ``(stretches, shifts)``, in cents, to a fraction (Viterbi)."""
    shifts = np.arange(fits.shape[1])
    slope = _STEP_COST * shifts
    score, back = fits[0], []
    for row in fits[1:]:
        # The best way to each shift comes from its left or its right; the cost rises evenly on both.
        left, from_left = _running_best(score + slope)
        right, from_right = _running_best((score - slope)[::-1])
        left, right = left - slope, right[::-1] + slope
        back.append(np.where(left >= right, from_left, len(shifts) - 1 - from_right[::-1]))
        score = np.maximum(left, right) + row
    at = [int(score.argmax())]
    for pointers in reversed(back):
        at.append(int(pointers[at[-1]]))
    path = np.array(at[::-1])
    inner = np.clip(path, 1, len(shifts) - 2)
    rows = np.arange(len(fits))
    a, b, c = (fits[rows, inner + side] for side in (-1, 0, 1))
    bend = np.minimum(a - 2 * b + c, -1e-9)
    return np.asarray(inner - _REACH + np.clip(0.5 * (a - c) / bend, -0.5, 0.5))


def _running_best(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the highest value so far at every place, and where it was."""
    best = np.maximum.accumulate(values)
    at = np.where(values >= best, np.arange(len(values)), 0)
    return best, np.maximum.accumulate(at)

"""Long cycles: patterns of accents that return, such as the Korean *jangdan* or the Indian *tala*.

No bar is assumed. The fastest regular pulse is found first, then after how many pulses the pattern of
accents in bass, middle and treble returns, then where it begins.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import MEL_RATE
from sori.analysis.rhythm.activation import beat_strength
from sori.analysis.rhythm.beats import likeliest_beats
from sori.analysis.rhythm.onsets import REGIONS
from sori.analysis.rhythm.tempo import pulse
from sori.events import Cycle

__all__ = ["cycle"]

_SLOWEST, _FASTEST = 70.0, 480.0  # pulses a minute
_CANDIDATES = 8
_NEAR = 2  # frames: how far from its pulse a hit may fall, swing included
_SHORTEST, _LONGEST = 5, 48  # pulses
_LEAST = 0.1  # of the accents' variation that a cycle explains
_AS_GOOD = 0.08  # the slowest pulse is taken that catches all but this much of what the best does
_TIMES = 3  # a cycle heard less often is not one


def cycle(mel: NDArray[np.float32], curves: NDArray[np.float64]) -> Cycle:
    """Find the pattern of accents that returns.

    Parameters
    ----------
    mel : (frames, N_MELS)
        Mel power at MEL_RATE: how loud each stroke is.
    curves : (4, frames)
        `onset_curves` of it: when strokes are.

    Returns
    -------
    Cycle
        With ``None`` and no starts where fewer than three rounds of 5 to 48 pulses can be heard.
    """
    nothing = Cycle(None, None, None, (), (), 0.0)
    frames = _pulses(curves)
    if frames is None or len(frames) < _TIMES * _SHORTEST:
        return nothing
    accents = _accents(mel, frames)
    count = _returns_after(accents)
    if count is None:
        return nothing
    explained = _explained(accents, count)
    weight = accents.sum(axis=1)
    mean = np.array([weight[k::count].mean() for k in range(count)])
    # A cycle opens with its heaviest stroke: low and loud.
    heavy = accents[:, :2].sum(axis=1)
    opening = np.array([heavy[k::count].mean() for k in range(count)])
    first = int(opening.argmax())
    times = frames / MEL_RATE
    mean = np.roll(mean, -first)
    mean = np.maximum(mean, 0) / max(float(mean.max()), 1e-9)
    pulse_s = float((times[-1] - times[0]) / (len(times) - 1))
    return Cycle(
        period_s=round(pulse_s * count, 3),
        period_pulses=count,
        pulse_s=round(pulse_s, 4),
        starts_s=tuple(float(t) for t in np.round(times[first::count], 3)),
        accents=tuple(float(a) for a in np.round(mean, 3)),
        confidence=round(explained, 3),
    )


def _pulses(curves: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the frames of the fastest regular pulse.

    Of the tempos at which onsets repeat, the one whose pulses catch most of the onsets for how much of
    the time they cover: a slower one leaves onsets between its pulses, a faster one covers more.
    """
    found = pulse(curves)
    if found.clarity < 0.03:
        return None
    s = found.strength
    allowed = (found.bpm[1:-1] >= _SLOWEST) & (found.bpm[1:-1] <= _FASTEST)
    at = 1 + np.flatnonzero((s[1:-1] > s[:-2]) & (s[1:-1] >= s[2:]) & allowed)
    tempos = found.bpm[at[np.argsort(s[at])[::-1][:_CANDIDATES]]]
    strength = beat_strength(curves)
    onsets = curves[:2].sum(axis=0)
    tried: list[tuple[float, NDArray[np.float64]]] = []
    for bpm in np.sort(tempos):
        frames = likeliest_beats(strength, float(bpm))
        if len(frames) < _TIMES * _SHORTEST:
            continue
        tried.append((_caught(onsets, frames), frames))
    best = max((caught for caught, _ in tried), default=0.0)
    return next((frames for caught, frames in tried if caught >= best - _AS_GOOD and caught > 0), None)


def _caught(onsets: NDArray[np.float64], frames: NDArray[np.float64]) -> float:
    near = np.rint(frames).astype(np.intp)[:, None] + np.arange(-_NEAR, _NEAR + 1)
    mask = np.zeros(len(onsets), np.bool_)
    mask[np.clip(near, 0, len(onsets) - 1)] = True
    span = slice(int(frames[0]), int(frames[-1]) + 1)
    covered = float(mask[span].mean())
    share = float(onsets[span][mask[span]].sum()) / max(float(onsets[span].sum()), 1e-9)
    return (share - covered) / (1 - covered) if covered < 0.95 else 0.0


def _accents(mel: NDArray[np.float32], frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much louder it becomes at each pulse, overall, in bass, middle and treble, ``(n, 4)``.

    Loudness goes with power to the 0.3 (Stevens 1955).
    """
    bands = np.stack([mel.sum(axis=1), *(mel[:, region].sum(axis=1) for region in REGIONS)])
    loudness = np.maximum(bands, 0.0) ** 0.3
    at = np.rint(frames).astype(np.intp)[:, None]
    after = np.clip(at + np.arange(-1, _NEAR + 2), 0, len(mel) - 1)
    before = np.clip(at + np.arange(-_NEAR - 3, -1), 0, len(mel) - 1)
    rise = loudness[:, after].max(axis=2) - loudness[:, before].min(axis=2)
    return np.asarray(np.maximum(rise, 0.0).T / max(float(loudness.max()), 1e-12))


def _returns_after(accents: NDArray[np.float64]) -> int | None:
    """Return after how many pulses the accents return best; of equals the fewest, None if they do not."""
    longest = min(_LONGEST, len(accents) // _TIMES)
    if longest < _SHORTEST:
        return None
    costs = np.array([_cost(accents, count) for count in range(_SHORTEST, longest + 1)])
    best = _SHORTEST + int(costs.argmin())
    return best if _explained(accents, best) >= _LEAST else None


def _cost(accents: NDArray[np.float64], count: int) -> float:
    """Return Schwarz's criterion of accents as a cycle and noise: misfit, and what each number costs."""
    n, within = len(accents), np.zeros(accents.shape[1])
    for k in range(count):
        within += ((accents[k::count] - accents[k::count].mean(axis=0)) ** 2).sum(axis=0)
    spread = np.maximum(within / n, 1e-6)
    return float(n * np.log(spread).sum() + count * accents.shape[1] * np.log(n))


def _explained(accents: NDArray[np.float64], count: int) -> float:
    """Return the share of the accents' variance that the cycle explains, chance taken off."""
    centred = accents - accents.mean(axis=0)
    rest = centred.copy()
    for k in range(count):
        rest[k::count] -= rest[k::count].mean(axis=0)
    n = len(accents)
    within = float((rest**2).sum()) / max(n - count, 1)
    whole = float((centred**2).sum()) / (n - 1)
    return float(np.clip(1 - within / max(whole, 1e-12), 0, 1))

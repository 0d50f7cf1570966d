"""Metre: which beats start bars, and how many beats a bar has.

A hidden Markov model over positions in bars of two to seven beats (after Krebs et al. 2015), on what
speaks for each beat being the first of its bar: the network's word, the weight of the onset, and how
much the harmony changes there. The metre may change at a bar line, at a cost.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import MEL_RATE
from sori.analysis.rhythm.activation import Activation
from sori.events import Beats, Metre, MetreCandidate

__all__ = [
    "COUNTS",
    "at_beats",
    "downbeat_evidence",
    "downbeat_parts",
    "harmonic_change",
    "metre",
    "metre_belief",
]

COUNTS = (2, 3, 4, 5, 6, 7)
"""Beats to the bar that are known."""
_PRIOR = np.log([0.04, 0.14, 0.72, 0.02, 0.06, 0.02])
_CHANGE = 9.0  # cost of another metre from the next bar on
_RESTART = 7.0  # cost of a bar that is cut short
_TEMPER = 0.35  # neighbouring beats repeat each other: each counts as a third of a witness
_CERTAIN = 4.5  # by which a root of the number of beats is as many witnesses as are right
_LIKELY = 0.3  # mean log odds of the beats that start bars, at least
_HALF = 0.8  # log odds: a bar of six whose halves begin more alike is two bars of three

# The logarithm of the odds, by logistic regression on development pieces: what counts always, then
# onsets of the bass, of everything, of the treble, changes of pitch classes and of those of the bass,
# then the network's words for a bar line and for a beat. A third of the weights of those without it is
# mixed in, since music unlike what the network learnt from keeps its bass and its harmony.
_WEIGHTS = (-0.79, 0.35, 0.22, -0.04, 0.69, 0.53, 0.45, -0.39)
_WEIGHTS_WITHOUT = (-1.4, 0.63, 0.27, -0.05, 0.76, 0.61)


def harmonic_change(
    pitch_classes: NDArray[np.float64], rate: float, beats_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how much the pitch classes change at each beat: 0 the same, 1 nothing in common.

    The beat after is compared with the beat before.

    Parameters
    ----------
    pitch_classes : (frames, 12)
        At ``rate`` frames a second.
    beats_s : (n,)
    """
    n = len(beats_s)
    if n < 2 or not len(pitch_classes):
        return np.zeros(n)
    total = np.concatenate([np.zeros((1, pitch_classes.shape[1])), np.cumsum(np.sqrt(pitch_classes), axis=0)])
    last = beats_s[-1] + (beats_s[-1] - beats_s[-2])
    first = beats_s[0] - (beats_s[1] - beats_s[0])
    edges = np.concatenate([[first], beats_s, [last]]) * rate
    at = np.clip(edges, 0, len(pitch_classes))
    index = np.arange(len(total))
    summed = np.stack([np.interp(at, index, column) for column in total.T], axis=1)
    spans = np.diff(summed, axis=0)
    spans /= np.maximum(np.linalg.norm(spans, axis=1, keepdims=True), 1e-9)
    return np.asarray(1.0 - np.sum(spans[1:] * spans[:-1], axis=1))


def downbeat_evidence(
    beats: Beats,
    curves: NDArray[np.float64],
    *,
    pitch_classes: NDArray[np.float64],
    bass_classes: NDArray[np.float64],
    rate: float,
    heard: Activation | None = None,
) -> NDArray[np.float64]:
    """Return what speaks for each beat starting a bar, ``(n,)``, as the logarithm of odds.

    Parameters
    ----------
    curves : (4, frames)
        Onset curves at MEL_RATE.
    pitch_classes, bass_classes : (frames, 12)
        At ``rate`` frames a second.
    heard : Activation, optional
        What the network says.
    """
    beats_s = np.asarray(beats.times_s)
    if len(beats_s) < 2:
        return np.zeros(len(beats_s))
    parts = downbeat_parts(
        beats_s, curves, pitch_classes=pitch_classes, bass_classes=bass_classes, rate=rate, heard=heard
    )
    return np.asarray(np.array(_WEIGHTS if heard is not None else _WEIGHTS_WITHOUT) @ parts)


def downbeat_parts(
    beats_s: NDArray[np.float64],
    curves: NDArray[np.float64],
    *,
    pitch_classes: NDArray[np.float64],
    bass_classes: NDArray[np.float64],
    rate: float,
    heard: Activation | None = None,
) -> NDArray[np.float64]:
    """Return what `downbeat_evidence` weighs, ``(6 or 8, n)``; arguments as there."""
    parts = [
        np.ones(len(beats_s)),
        _standard(at_beats(curves[1], beats_s)),
        _standard(at_beats(curves[0], beats_s)),
        _standard(at_beats(curves[3], beats_s)),
        _standard(harmonic_change(pitch_classes, rate, beats_s)),
        _standard(harmonic_change(bass_classes, rate, beats_s)),
    ]
    if heard is not None:
        parts += [_log_odds(at_beats(curve, beats_s, 1)) for curve in (heard.downbeat, heard.beat)]
    return np.stack(parts)


def at_beats(
    curve: NDArray[np.floating], beats_s: NDArray[np.float64], reach: int = 2
) -> NDArray[np.float64]:
    """Return the highest value of a curve at MEL_RATE within some frames of each beat."""
    at = np.rint(beats_s * MEL_RATE).astype(np.intp)[:, None] + np.arange(-reach, reach + 1)
    return np.asarray(curve[np.clip(at, 0, len(curve) - 1)].max(axis=1), dtype=np.float64)


def metre(beats: Beats, evidence: NDArray[np.float64]) -> Metre:
    """Find the bars.

    Parameters
    ----------
    evidence : (n,)
        What speaks for each of the n beats starting a bar, as the logarithm of odds.
    """
    if len(beats.times_s) < 4:
        return Metre(None, 0.0, (), (), ())
    starts, goes_on = _likelihoods(evidence)
    belief = metre_belief(evidence)
    prior = {n: p for n, p in _prior(evidence).items() if p > -np.inf}
    positions, counts = _positions(starts, goes_on, prior)
    bars, many = np.unique(counts[positions == 1], return_counts=True)
    most = int(bars[many.argmax()]) if len(bars) else int(COUNTS[int(belief.argmax())])
    share = dict(zip(COUNTS, belief.tolist(), strict=True))
    return Metre(
        beats_per_bar=most,
        confidence=round(share[most], 3),
        downbeats_s=tuple(t for t, p in zip(beats.times_s, positions, strict=True) if p == 1),
        positions=tuple(int(p) for p in positions),
        alternatives=tuple(
            MetreCandidate(count, round(value, 3))
            for count, value in sorted(share.items(), key=lambda item: -item[1])
            if count != most and value >= 0.005
        ),
    )


def metre_belief(evidence: NDArray[np.float64], *, certain: float = _CERTAIN) -> NDArray[np.float64]:
    """Return how likely each of `COUNTS` is the metre, together 1.

    The bars of a piece are like each other: however many there are, they are no more witnesses than the root
    of their number, times ``certain``; else every answer would be sure, and the bars of two of a march, which
    are halves of bars of four, would never be named beside those.
    """
    starts, goes_on = _likelihoods(evidence)
    prior = _prior(evidence)
    witnesses = certain / np.sqrt(max(len(starts), 1))
    belief = witnesses * np.array([_score(starts, goes_on, count) + prior[count] for count in COUNTS])
    belief = np.exp(belief - belief.max())
    return np.asarray(belief / belief.sum())


def _likelihoods(evidence: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the logarithms of how likely each beat starts a bar and goes on with one."""
    odds = _TEMPER * np.clip(evidence + _lift(evidence), -8, 8)
    return -np.logaddexp(0, -odds), -np.logaddexp(0, odds)


def _prior(evidence: NDArray[np.float64]) -> dict[int, float]:
    prior: dict[int, float] = dict(zip(COUNTS, _PRIOR.tolist(), strict=True))
    if _halves_alike(evidence, 6):
        prior[6] = -np.inf
    return prior


def _lift(evidence: NDArray[np.float64]) -> float:
    """Return what is missing for the best beat of a bar to be likely; else faint bars seem long ones."""
    top = max(evidence[phase::count].mean() for count in (2, 3, 4) for phase in range(count))
    return float(max(0.0, _LIKELY - top))


def _halves_alike(evidence: NDArray[np.float64], count: int) -> bool:
    """Whether both halves of the best bars of so many beats begin alike: then half as many are a bar."""
    if len(evidence) < 2 * count:
        return True
    means = np.array([evidence[phase::count].mean() for phase in range(count)])
    first = int(means.argmax())
    return bool(means[first] - means[(first + count // 2) % count] < _HALF)


def _score(starts: NDArray[np.float64], goes_on: NDArray[np.float64], count: int) -> float:
    """Return the logarithm of the likelihood of bars of one length, at the best of its phases."""
    gain = starts - goes_on
    return float(goes_on.sum() + max(gain[phase::count].sum() for phase in range(count)) - np.log(count))


def _positions(
    starts: NDArray[np.float64], goes_on: NDArray[np.float64], prior: dict[int, float]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return each beat's position in its bar, from 1, and how many beats that bar's metre has."""
    states = [(count, position) for count in prior for position in range(count)]
    number = {state: k for k, state in enumerate(states)}
    costs = np.full((len(states), len(states)), -np.inf)
    for (count, position), k in number.items():
        costs[k, number[count, (position + 1) % count]] = 0.0
        for other, begin in [(c, number[c, 0]) for c in prior]:
            if position == count - 1 and other != count:
                costs[k, begin] = -_CHANGE
            elif position < count - 1:
                costs[k, begin] = -_RESTART - _CHANGE * (other != count)
    begins = np.array([position == 0 for _, position in states])
    score = np.array([prior[count] - np.log(count) for count, _ in states])
    score += np.where(begins, starts[0], goes_on[0])
    back = np.zeros((len(starts), len(states)), np.intp)
    every = np.arange(len(states))
    for beat in range(1, len(starts)):
        total = score[:, None] + costs
        back[beat] = total.argmax(axis=0)
        score = total[back[beat], every] + np.where(begins, starts[beat], goes_on[beat])
    state = int(score.argmax())
    path = np.empty(len(starts), np.intp)
    for beat in range(len(starts) - 1, -1, -1):
        path[beat] = state
        state = int(back[beat, state])
    counts, positions = np.array(states).T
    return positions[path] + 1, counts[path]


def _log_odds(likely: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(likely, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(inside / (1 - inside)))


def _standard(x: NDArray[np.float64]) -> NDArray[np.float64]:
    deviation = float(x.std())
    return (x - x.mean()) / deviation if deviation > 1e-9 else np.zeros(len(x))

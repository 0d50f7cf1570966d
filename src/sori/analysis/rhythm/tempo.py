"""Tempo: at which of the speeds that music repeats would most people tap.

Periodicity is measured twice, by autocorrelation (strong at every multiple of the beat's period)
and by the Fourier transform (strong at every multiple of its frequency); what both agree on
(Peeters 2006) are the levels of the metre. Which level is *the beat* depends on how the bass and
the whole repeat at its half, its double, its bar, and on how many beats and bar lines a network hears: a
small linear model weighs that evidence, and how usual a tempo is decides what is left.
``bench/training/beats_tempo.py`` fits the weights, on development pieces only.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import MEL_RATE
from sori.analysis.rhythm.activation import Activation
from sori.events import Beats, Tempo, TempoCandidate

__all__ = [
    "MAX_BPM",
    "MIN_BPM",
    "Pulse",
    "candidates",
    "evidence",
    "prior",
    "pulse",
    "settled",
    "tempo",
    "tempo_path",
    "usual",
]

MIN_BPM, MAX_BPM = 40.0, 215.0  # beyond, people tap twice as fast or half as fast
# Of six collections that people tapped (ISMIR04 songs, GTZAN, ACM Mirum, Hainsworth, Ballroom, GiantSteps):
# means of 90 to 137 BPM, deviations of a quarter to a third (Schreiber & Müller 2014, 2018), together 105 BPM
# and 0.46 octaves; wider, as kinds of development music that were left out of the fit ask for.
_USUAL_BPM, _USUAL_OCTAVES = 105.0, 0.6
_CONTRADICTS = 0.02  # share by which the tempo of the beats is another tempo
_JITTER_S = 0.01  # by which a beat may be placed beside where it is

_WINDOW = 400  # frames: 8 s, eight beats at 60 BPM
_STEP = 100
_SIZE = 4 * _WINDOW  # zero padding: 0.03 Hz between bins, interpolated further
_GRID = np.geomspace(30.0, 480.0, 481)  # BPM, 120 a factor of two
_RELATIONS = (("half", 0.5), ("double", 2.0), ("2/3", 2 / 3), ("3/2", 1.5), ("third", 1 / 3), ("triple", 3.0))

_LEAST_CLARITY, _LEAST_OF_BOTH, _LEAST_SURENESS = 0.03, 0.31, 0.45  # of what pulses at all

# What is looked at for a candidate: repetition after so many of its periods, and at so many times
# its frequency, of all onsets and of the bass; and whether it has so many beats for each that is heard, and
# so many for each bar line.
_PERIODS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
_HARMONICS = (0.5, 1.0, 2.0, 3.0)
_TO_A_BEAT, _TO_A_BAR = (0.5, 1.0, 2.0), (1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
_NEAR_OCTAVES = 0.25
_LEAST_PEAK = 0.05  # of what is counted
_WEIGHTS_ALL = (2.03, 1.16, 0.87, -0.98, 0.1, 2.54, -2.52, 4.49, -0.91, 0.26)
_WEIGHTS = (
    0.82, 0.93, 0.42, -0.59, 0.72, 1.05, -0.45, 0.73, 0.31, 0.72,  # all onsets
    0.12, 0.22, -0.21, -1.41, 0.77, 1.81, 1.65, 0.98, 0.34, 1.17,  # the bass
    -0.77, 1.17, 1.94, 0.27, -0.21, 0.62, -1.41, 3.18, -0.23, -0.91,  # the beats heard
    0.1, -0.27, 0.52, 1.11, 0.92, 0.51, 0.08, -0.71, 0.49,  # how many are heard
)  # fmt: skip
_WEIGHTS_BASS = (2.08, -0.34, -0.47, 0.01, 2.41, 0.28, 1.71, 1.13, 5.57, 1.15)


@dataclasses.dataclass(frozen=True)
class Pulse:
    """Periodicity of onset curves.

    Attributes
    ----------
    bpm, strength : (n,)
        How strongly all onsets repeat at each tempo of a logarithmic grid, 0 to 1.
    clarity : float
        Height of the strongest repetition, 0 to 1.
    correlation, spectrum : (2 or 3, lags), (2 or 3, bins)
        Autocorrelation and spectrum of all onsets, of the bass and, where a network has listened, of
        the beats it heard, each at most 1.
    levels : (n,)
        As ``strength``, of everything that has been heard: at its maxima are the tempos to choose from.
    sureness : float
        How likely the likeliest beats are (the mean of the highest fiftieth of frames); 1 without a
        network.
    rates : (2,) or None
        How many beats and bar lines a network hears in a second, each counting as much as it is likely.
    """

    bpm: NDArray[np.float64]
    strength: NDArray[np.float64]
    clarity: float
    correlation: NDArray[np.float64]
    spectrum: NDArray[np.float64]
    levels: NDArray[np.float64]
    sureness: float
    rates: NDArray[np.float64] | None


def pulse(curves: NDArray[np.float64], heard: Activation | None = None) -> Pulse:
    """Measure how onset curves ``(4, frames)``, of which the first two count, repeat.

    ``heard`` is what the network says of each frame.
    """
    known = [*curves[:2], *([] if heard is None else [heard.beat.astype(np.float64)])]
    correlation, spectrum = (
        np.stack(parts) for parts in zip(*(_periodicity(curve) for curve in known), strict=True)
    )
    strength = _strength(correlation[0], spectrum[0])
    levels = strength if heard is None else 0.5 * (strength + _strength(correlation[2], spectrum[2]))
    clarity = float(min(1.0, correlation[0, 12:].max()))
    sureness = 1.0 if heard is None else _sureness(known[2])
    rates = None if heard is None else np.array([_rate(heard.beat), _rate(heard.downbeat)])
    return Pulse(_GRID, strength, clarity, correlation, spectrum, levels, sureness, rates)


def _rate(likely: NDArray[np.float32]) -> float:
    """Return how many peaks a second has, each counting as much as it is likely."""
    inner = likely[1:-1].astype(np.float64)
    peaks = inner[(inner > likely[:-2]) & (inner >= likely[2:]) & (inner > _LEAST_PEAK)]
    return float(peaks.sum()) * MEL_RATE / max(1, len(likely))


def _sureness(beat: NDArray[np.float64]) -> float:
    if not len(beat):
        return 0.0
    return float(np.sort(beat)[-max(1, len(beat) // 50) :].mean())


def _strength(correlation: NDArray[np.float64], spectrum: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how strongly a curve repeats at each tempo of the grid."""
    lag, bins = np.arange(_WINDOW), np.arange(len(spectrum))
    periods, frequencies = 60.0 * MEL_RATE / _GRID, _GRID / 60.0 / MEL_RATE * _SIZE
    combs = [np.interp(periods * count, lag, correlation, right=0.0) for count in range(1, 5)]
    comb = np.average(combs, axis=0, weights=[1.0, 0.7, 0.5, 0.5])
    harmonic = np.interp(frequencies, bins, spectrum) + 0.5 * np.interp(frequencies * 2, bins, spectrum)
    return np.asarray(np.sqrt(comb * harmonic / max(float(harmonic.max()), 1e-12)))


def _periodicity(onsets: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean autocorrelation and spectrum of 8 s windows, zeros for a curve without onsets."""
    from scipy import fft

    total = np.zeros(_SIZE // 2 + 1)
    if len(onsets) >= 50:
        padded = np.pad(onsets, (0, max(0, _WINDOW - len(onsets))))
        windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP]
        for begin in range(0, len(windows), 128):
            part = windows[begin : begin + 128]
            part = (part - part.mean(axis=1, keepdims=True)) * np.hanning(_WINDOW)
            total += (np.abs(fft.rfft(part, _SIZE, axis=1)) ** 2).sum(axis=0)
    if not total.any():
        return np.zeros(_WINDOW), total
    # The window's own decay is taken out, so that long lags count as much as short ones.
    taper = fft.irfft(np.abs(fft.rfft(np.hanning(_WINDOW), _SIZE)) ** 2)[:_WINDOW]
    correlation = fft.irfft(total)[:_WINDOW]
    correlation *= (taper[0] / correlation[0]) / np.maximum(taper, taper[0] * 0.05)
    correlation[int(_WINDOW * 0.8) :] = 0
    spectrum = np.sqrt(total)
    return np.clip(correlation, 0, 1), spectrum / spectrum.max()


def tempo_path(onsets: NDArray[np.float64], bpm: float) -> NDArray[np.float64]:
    """Return the local tempo at each frame, octaves over 1 BPM, of music that mostly goes at ``bpm``.

    The likeliest path (Viterbi) through the repetitions of overlapping 8 s windows, within 0.75
    octaves of ``bpm``, whose every step away from it and from the window before costs.
    """
    around = np.log2(bpm) + np.arange(-18, 19) / 24
    count = 1 + max(0, len(onsets) - 1) // _STEP
    padded = np.pad(onsets - onsets.mean(), (_WINDOW // 2, _WINDOW // 2 + _STEP))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP][:count]
    lags = 60.0 * MEL_RATE / 2.0**around
    support = np.zeros((count, len(around)))
    for begin in range(0, count, 128):
        correlation = _correlation(windows[begin : begin + 128])
        for times, share in ((1, 0.5), (2, 0.3), (3, 0.2)):
            at = np.minimum(lags * times, _WINDOW - 2)
            floor = at.astype(np.intp)
            part = at - floor
            support[begin : begin + 128] += share * (
                correlation[:, floor] * (1 - part) + correlation[:, floor + 1] * part
            )
    local = 8.0 * support - 6.0 * (around - np.log2(bpm)) ** 2
    change = -1.0 * np.abs(np.arange(len(around))[:, None] - np.arange(len(around)))
    back = np.zeros((count, len(around)), np.intp)
    score = local[0]
    for step in range(1, count):
        total = score[:, None] + change
        back[step] = total.argmax(axis=0)
        score = total[back[step], np.arange(len(around))] + local[step]
    state = int(score.argmax())
    states = np.empty(count)
    for step in range(count - 1, -1, -1):
        states[step] = around[state]
        state = int(back[step, state])
    return np.asarray(np.interp(np.arange(len(onsets)), np.arange(count) * _STEP, states))


def _correlation(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the autocorrelation of each window, 1 at no lag (0 for silence), its own decay taken out."""
    from scipy import fft

    power = np.abs(fft.rfft(windows * np.hanning(_WINDOW), 2 * _WINDOW, axis=1)) ** 2
    taper = fft.irfft(np.abs(fft.rfft(np.hanning(_WINDOW), 2 * _WINDOW)) ** 2)[:_WINDOW]
    correlation = fft.irfft(power, axis=1)[:, :_WINDOW]
    scale = taper[0] / np.maximum(taper, taper[0] * 0.05)
    scale[int(_WINDOW * 0.8) :] = 0
    return np.asarray(np.clip(correlation * scale / np.maximum(correlation[:, :1], 1e-9), 0, 1))


def evidence(found: Pulse, bpm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what speaks for each of some tempos ``(n,)`` being the beat, ``(n, 20 or 39)``, each 0 to 1."""
    periods, frequencies = 60.0 * MEL_RATE / bpm, bpm / 60.0 / MEL_RATE * _SIZE
    columns = []
    for correlation, spectrum in zip(found.correlation, found.spectrum, strict=True):
        lag, bins = np.arange(len(correlation)), np.arange(len(spectrum))
        columns += [np.interp(periods * count, lag, correlation, right=0.0) for count in _PERIODS]
        columns += [np.interp(frequencies * times, bins, spectrum, right=0.0) for times in _HARMONICS]
    evidence = np.sqrt(np.stack(columns, axis=1))
    if found.rates is None:
        return np.asarray(evidence)
    each = [
        ratio * rate
        for rate, ratios in zip(found.rates, (_TO_A_BEAT, _TO_A_BAR), strict=True)
        for ratio in ratios
    ]
    away = np.log2(bpm[:, None] / 60.0) - np.log2(np.maximum(each, 1e-3))
    return np.hstack([evidence, np.exp(-0.5 * (away / _NEAR_OCTAVES) ** 2)])


def prior(found: Pulse, bpm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the belief in each tempo, before its level: usual times strong squared."""
    strength = np.interp(np.log2(bpm), np.log2(found.bpm), found.levels)
    return np.asarray(np.log(usual(bpm)) + 2 * np.log(strength + 1e-3))


def usual(bpm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how usual tempos are in annotated recordings, 1 for the most usual."""
    return np.asarray(np.exp(-0.5 * (np.log2(bpm / _USUAL_BPM) / _USUAL_OCTAVES) ** 2))


def settled(heard: Tempo, beats: Beats) -> Tempo:
    """Return the tempo that the beats have: the median of their steps, where that is another tempo.

    Music that speeds up or slows down has no tempo that all of its repetition shares; what people are told
    and what they hear counted must not contradict each other. Without beats there is no tempo.
    """
    steps = np.diff(beats.times_s)
    if heard.bpm is None or not len(steps):
        return Tempo(None, 0.0, ())
    counted = round(float(60 / np.median(steps)), 2)
    if abs(counted / heard.bpm - 1) <= _CONTRADICTS + _JITTER_S / float(steps.sum()):
        return heard
    others = tuple(
        dataclasses.replace(other, relation=_relation(other.bpm / counted))
        for other in heard.alternatives
        if abs(other.bpm / counted - 1) > 2 * _CONTRADICTS
    )
    return Tempo(counted, heard.confidence, others)


def tempo(found: Pulse) -> Tempo:
    """Choose the tempo most people would tap, with its rivals.

    The confidence is the tempo's share of the belief among all levels, less where repetition as
    such is weak.
    """
    levels = candidates(found)
    if not _pulses(found) or not len(levels):
        return Tempo(None, 0.0, ())
    weights = np.array(_WEIGHTS if len(found.correlation) == 3 else _WEIGHTS_ALL + _WEIGHTS_BASS)
    score = evidence(found, levels) @ weights + prior(found, levels)
    belief = np.exp(score - score.max())
    belief *= min(1.0, found.clarity * 1.5) / belief.sum()
    first, *others = np.argsort(belief)[::-1]
    chosen = float(levels[first])
    return Tempo(
        bpm=round(chosen, 2),
        confidence=round(float(belief[first]), 3),
        alternatives=tuple(
            TempoCandidate(
                round(float(levels[i]), 2), round(float(belief[i]), 3), _relation(levels[i] / chosen)
            )
            for i in others[:5]
            if belief[i] >= 0.005
        ),
    )


def _pulses(found: Pulse) -> bool:
    """Whether anything repeats, and sounds like beats; noise, rain and whales do not."""
    if found.clarity < _LEAST_CLARITY:
        return False
    if len(found.correlation) < 3:
        return True
    both = found.clarity + float(found.correlation[2, 12:].max())
    return both >= _LEAST_OF_BOTH and found.sureness >= _LEAST_SURENESS


def candidates(found: Pulse) -> NDArray[np.float64]:
    """Return the tempos at which repetition is stronger than at those beside them, the twelve strongest."""
    s = found.levels
    allowed = (found.bpm[1:-1] >= MIN_BPM) & (found.bpm[1:-1] <= MAX_BPM)
    at = 1 + np.flatnonzero((s[1:-1] > s[:-2]) & (s[1:-1] >= s[2:]) & allowed)
    at = at[np.argsort(s[at])[::-1][:12]]
    a, b, c = s[at - 1], s[at], s[at + 1]
    offset = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-12)
    return np.asarray(found.bpm[at] * (found.bpm[1] / found.bpm[0]) ** np.clip(offset, -0.5, 0.5))


def _relation(ratio: float) -> str:
    for name, exact in _RELATIONS:
        if abs(ratio / exact - 1) < 0.04:
            return name
    return "other"

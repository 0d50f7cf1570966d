"""Onsets, tempo and beats.

An onset curve says how suddenly the spectrum grows. Its periodicities are measured twice, by
autocorrelation (strong at every multiple of the beat period) and by the Fourier transform
(strong at every multiple of the beat frequency); their product keeps only what both agree on
(Peeters 2006). Beats are the path through the onset curve that is both strong and even, found by
dynamic programming (Ellis 2007).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.material import FMAX_HZ, FMIN_HZ, MEL_RATE, N_MELS
from sori.events import Beats, Tempo, TempoCandidate
from sori.spectral.mel import mel_centres_hz

__all__ = ["Pulse", "beats", "onset_curves", "pulse", "tempo"]

MIN_BPM, MAX_BPM = 40.0, 240.0
_WINDOW = 400  # frames: 8 s, eight beats at 60 BPM
_STEP = 100
_CHUNK = 1 << 14  # frames looked at together
_GRID = np.geomspace(30.0, 480.0, 481)  # BPM, 120 a factor of two
_PRIOR_BPM, _PRIOR_OCTAVES = 105.0, 1.0
_DIVIDED, _GROUPED = 0.6, 0.4  # how much the next faster and slower levels say about a level
_CENTRES_HZ = mel_centres_hz(n_mels=N_MELS, fmin=FMIN_HZ, fmax=FMAX_HZ)
_REGIONS = tuple(
    slice(*np.searchsorted(_CENTRES_HZ, edges)) for edges in ((0, 200), (200, 4000), (4000, np.inf))
)
_RELATIONS = (("half", 0.5), ("double", 2.0), ("2/3", 2 / 3), ("3/2", 1.5), ("third", 1 / 3), ("triple", 3.0))


@dataclasses.dataclass(frozen=True)
class Pulse:
    """Periodicity of the onset curve: how strongly it repeats at each tempo of a grid, 0 to 1."""

    bpm: NDArray[np.float64]
    strength: NDArray[np.float64]
    clarity: float


def onset_curves(mel: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return how much the spectrum grows at each frame: all of it, the bass, the middle and the treble.

    Spectral flux of the logarithm, against the loudest of the neighbouring bands 40 ms earlier
    so that vibrato is no onset (SuperFlux, Boeck & Widmer 2013). Independent of playback level.

    Returns
    -------
    (4, frames) float64
        Local mean taken off, unit deviation; zeros where nothing begins. Bass is below 200 Hz,
        treble above 4 kHz.
    """
    n = len(mel)
    reference = float(np.quantile(mel.max(axis=1), 0.95)) if n >= 4 else 0.0
    curves = np.zeros((1 + len(_REGIONS), n))
    if reference <= 0:
        return curves
    scale = np.float32(1e3 / reference)
    for begin in range(0, n, _CHUNK):  # hours of music in constant memory
        part = _flux(np.log1p(mel[max(0, begin - 1) : begin + _CHUNK + 1] * scale))
        first = 1 if begin == 0 else begin
        curves[:, first : first + part.shape[1]] = part
    for curve in curves:
        curve -= _moving_mean(curve, 25)
        np.maximum(curve, 0, out=curve)
        deviation = curve.std()
        curve *= 1 / deviation if deviation > 1e-6 else 0.0
    return curves


def _flux(level: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean rise of all bands and of each region over two frames; two frames fewer, each on its middle."""
    before = level[:-2]
    widest = before.copy()
    np.maximum(widest[:, 1:], before[:, :-1], out=widest[:, 1:])
    np.maximum(widest[:, :-1], before[:, 1:], out=widest[:, :-1])
    rise = level[2:] - widest
    np.maximum(rise, 0, out=rise)
    return np.stack([rise.mean(axis=1), *(rise[:, bands].mean(axis=1) for bands in _REGIONS)])


def _moving_mean(x: NDArray[np.float64], half: int) -> NDArray[np.float64]:
    """Mean over ``2 half + 1`` values around each; fewer at the ends."""
    total = np.concatenate([[0.0], np.cumsum(x)])
    index = np.arange(len(x))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(x))
    return np.asarray((total[high] - total[low]) / (high - low))


def pulse(onsets: NDArray[np.float64]) -> Pulse:
    """Measure how strongly an onset curve repeats at every tempo from 30 to 480 BPM."""
    from scipy import fft

    if len(onsets) < 50 or not onsets.any():
        return Pulse(_GRID, np.zeros(len(_GRID)), 0.0)
    padded = np.pad(onsets, (0, max(0, _WINDOW - len(onsets))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_STEP]
    size = 4 * _WINDOW  # zero padding: 0.03 Hz between bins, interpolated below
    total = np.zeros(size // 2 + 1)
    for begin in range(0, len(windows), 128):
        part = windows[begin : begin + 128]
        part = (part - part.mean(axis=1, keepdims=True)) * np.hanning(_WINDOW)
        total += (np.abs(fft.rfft(part, size, axis=1)) ** 2).sum(axis=0)
    acf = fft.irfft(total)[:_WINDOW]
    # Correct for the window's own decay so that long lags count as much as short ones.
    taper = fft.irfft(np.abs(fft.rfft(np.hanning(_WINDOW), size)) ** 2)[:_WINDOW]
    energy = acf[0]
    if energy <= 0:
        return Pulse(_GRID, np.zeros(len(_GRID)), 0.0)
    mean_acf = np.maximum(acf / energy * (taper[0] / np.maximum(taper, taper[0] * 0.05)), 0)
    mean_acf[int(_WINDOW * 0.8) :] = 0
    spectrum = np.sqrt(total)
    periods = 60.0 * MEL_RATE / _GRID
    lag = np.arange(_WINDOW)
    combs = [np.interp(periods * count, lag, mean_acf, right=0.0) for count in range(1, 5)]
    correlation = np.average(combs, axis=0, weights=[1.0, 0.7, 0.5, 0.5])
    bins = _GRID / 60.0 / MEL_RATE * size
    harmonic = sum(np.interp(bins * h, np.arange(len(spectrum)), spectrum, right=0.0) / h for h in (1, 2))
    harmonic = np.asarray(harmonic) / max(float(np.max(harmonic)), 1e-12)
    strength = np.sqrt(np.maximum(correlation, 0) * harmonic)
    return Pulse(_GRID, strength, float(min(1.0, mean_acf[12:].max())))


def tempo(found: Pulse) -> Tempo:
    """Choose the tempo most people would tap, with its rivals."""
    if found.clarity < 0.03 or not found.strength.any():
        return Tempo(None, 0.0, ())
    score = _level_score(found)
    allowed = (found.bpm >= MIN_BPM) & (found.bpm <= MAX_BPM)
    best = int(np.argmax(np.where(allowed, score, 0)))
    chosen = _refined(found, score, best)
    rivals = []
    for relation, ratio in _RELATIONS:
        target = chosen * ratio
        if MIN_BPM / 1.5 <= target <= MAX_BPM * 1.5:
            near = np.abs(np.log2(found.bpm / target)) < 0.04
            at = int(np.argmax(np.where(near, score, -1)))
            rivals.append((_refined(found, score, at), float(score[at]), relation))
    unrelated = _unrelated(found, score, chosen, allowed)
    if unrelated is not None:
        rivals.append(unrelated)
    rivals.sort(key=lambda r: -r[1])
    # Squared, because a level half as good is chosen far less than half as often.
    total = float(score[best]) ** 2 + sum(value**2 for _, value, _ in rivals)
    certainty = min(1.0, found.clarity * 1.5)
    return Tempo(
        bpm=round(chosen, 2),
        confidence=round(certainty * float(score[best]) ** 2 / total, 3),
        alternatives=tuple(
            TempoCandidate(round(bpm, 2), round(certainty * value**2 / total, 3), relation)
            for bpm, value, relation in rivals
            if value**2 > 0.01 * total
        ),
    )


def _level_score(found: Pulse) -> NDArray[np.float64]:
    """Say how well each tempo would do as the beat.

    A level is the beat when it repeats strongly itself, is divided in two, and is itself half of
    something; between levels alike in that, the one nearest to a comfortable walk is tapped.
    """
    octave = np.log2(found.bpm)
    floor = 0.02 * found.strength.max()
    faster = np.interp(octave + 1, octave, found.strength, right=0.0) + floor
    slower = np.interp(octave - 1, octave, found.strength, left=0.0) + floor
    prior = np.exp(-0.5 * (np.log2(found.bpm / _PRIOR_BPM) / _PRIOR_OCTAVES) ** 2)
    return np.asarray(found.strength * faster**_DIVIDED * slower**_GROUPED * prior)


def _refined(found: Pulse, score: NDArray[np.float64], at: int) -> float:
    """Vertex of the parabola through a maximum and its neighbours, on the logarithmic grid."""
    if not 0 < at < len(score) - 1:
        return float(found.bpm[at])
    a, b, c = score[at - 1 : at + 2]
    bend = a - 2 * b + c
    offset = 0.5 * (a - c) / bend if bend < 0 else 0.0
    return float(found.bpm[at] * (found.bpm[1] / found.bpm[0]) ** float(np.clip(offset, -0.5, 0.5)))


def _unrelated(
    found: Pulse, score: NDArray[np.float64], chosen: float, allowed: NDArray[np.bool_]
) -> tuple[float, float, str] | None:
    near = np.zeros(len(score), bool)
    for ratio in (1.0, *(r for _, r in _RELATIONS)):
        near |= np.abs(np.log2(found.bpm / (chosen * ratio))) < 0.08
    peak = np.r_[False, (score[1:-1] > score[:-2]) & (score[1:-1] >= score[2:]), False] & allowed & ~near
    if not peak.any():
        return None
    at = int(np.argmax(np.where(peak, score, 0)))
    return _refined(found, score, at), float(score[at]), "other"


def beats(onsets: NDArray[np.float64], bpm: float | None) -> Beats:
    """Place beats near a tempo, where the onsets are, as evenly as the music allows."""
    if bpm is None or len(onsets) < 10:
        return Beats(())
    period = 60.0 * MEL_RATE / bpm
    spread = np.exp(-0.5 * (np.arange(-6, 7) / max(period / 24, 0.8)) ** 2)
    local = np.convolve(onsets, spread / spread.sum(), mode="same")
    local /= max(float(local.std()), 1e-9)
    path = _best_path(local, period)
    if len(path) < 2:
        return Beats(())
    # Leading and trailing beats in near silence were drawn by the grid alone.
    strong = np.flatnonzero(local[path] > 0.5 * np.sqrt(np.mean(local[path] ** 2)))
    if len(strong) == 0:
        return Beats(())
    path = path[strong[0] : strong[-1] + 1]
    times = (path + _vertex(local, path)) / MEL_RATE
    return Beats(tuple(float(t) for t in np.round(np.maximum(times, 0), 3)))


def _best_path(local: NDArray[np.float64], period: float) -> NDArray[np.intp]:
    """Maximise the sum of onsets at beats less a penalty for uneven steps.

    The score of a frame depends only on frames at least 0.6 periods earlier, so that many frames
    are solved at a time.
    """
    low, high = max(1, round(period * 0.6)), max(2, round(period * 1.7))
    steps = np.arange(high, low - 1, -1)
    penalty = -100.0 * np.log(steps / period) ** 2
    n = len(local)
    score = np.concatenate([np.zeros(high), local])  # frame t sits at t + high
    # Row t of this view is what frame t may follow, from the longest step to the shortest; it
    # looks into the scores as they are filled in.
    earlier = np.lib.stride_tricks.sliding_window_view(score, len(steps))
    back = np.full(n, -1)
    for begin in range(0, n, low):
        end = min(begin + low, n)
        total = earlier[begin:end] + penalty
        choice = total.argmax(axis=1)
        gain = total[np.arange(end - begin), choice]
        previous = np.arange(begin, end) - steps[choice]
        linked = (previous >= 0) & (gain > 0)
        back[begin:end][linked] = previous[linked]
        score[begin + high : end + high] += gain * linked
    final = score[high:]
    tail = max(0, n - round(period * 1.5))
    at = tail + int(np.argmax(final[tail:]))
    path = []
    while at >= 0:
        path.append(at)
        at = int(back[at])
    return np.array(path[::-1])


def _vertex(curve: NDArray[np.float64], at: NDArray[np.intp]) -> NDArray[np.float64]:
    """Offset of the true maximum from each index, in frames, within half a frame."""
    inside = np.clip(at, 1, len(curve) - 2)
    a, b, c = curve[inside - 1], curve[inside], curve[inside + 1]
    bend = a - 2 * b + c
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(bend < 0, 0.5 * (a - c) / bend, 0.0)
    return np.asarray(np.where(inside == at, np.clip(np.nan_to_num(offset), -0.5, 0.5), 0.0))

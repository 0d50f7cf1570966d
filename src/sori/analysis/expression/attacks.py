"""When sounds begin, to a few milliseconds: what swing and timing are read from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.signals import checked
from sori.events import Onsets
from sori.spectral.mel import mel_filterbank
from sori.spectral.stft import stft

__all__ = ["attacks"]

_WINDOW_S, _HOP_S = 0.023, 0.005
_BANDS = 28
_FMIN_HZ, _FMAX_HZ = 60.0, 10000.0
_LAG = 2  # frames, over which a rise is taken
_REFERENCE = 0.999  # share of the band magnitudes below what counts as loud
_GAIN = 60.0
_NEIGHBOURHOOD_S = 0.25
_FLOOR = 0.04  # of the strongest, an attack must stand out by
_ABOVE_MEAN = 1.5
_APART_S = 0.045
_AROUND_S, _ENDS = 0.02, 0.3
_CHUNK_S = 60.0


def attacks(samples: NDArray[np.float32], *, sample_rate: int) -> Onsets:
    """Return when sounds begin.

    Rises of compressed band magnitudes over 10 ms, against the loudest neighbouring band so that vibrato is
    none (SuperFlux, Boeck & Widmer 2013), in windows of 23 ms, 5 ms apart; the vertex between frames. Finer
    in time than the onset curves of the index, and for that it needs the waveform.

    Parameters
    ----------
    samples : (time,) real
        One channel.
    sample_rate : int
        Hz.

    Returns
    -------
    Onsets
        Times, seconds; strengths with the strongest 1. None in silence.

    Raises
    ------
    ParameterError
        For more than one channel, and for NaN.
    """
    flux, rate, lead_s = _rises(samples, sample_rate)
    half = round(_NEIGHBOURHOOD_S * rate)
    if len(flux) < 3 or not flux.max() > 0:
        return Onsets((), ())
    apart = round(_APART_S * rate)
    at = _peaks(flux, apart)
    mean = _moving_mean(flux, half)[at]
    strong = flux[at]
    kept = (strong > _ABOVE_MEAN * mean) & (strong - mean > _FLOOR * np.quantile(strong, 0.98))
    at = at[kept]
    a, b, c = (flux[np.clip(at + side, 0, len(flux) - 1)] for side in (-1, 0, 1))
    bend = np.minimum(a - 2 * b + c, -1e-12)
    times = (at + np.clip(0.5 * (a - c) / bend, -0.5, 0.5)) / rate - lead_s
    strengths = np.minimum(1.0, b / max(float(b.max(initial=0)), 1e-12))
    return Onsets(
        tuple(round(max(0.0, float(t)), 4) for t in times), tuple(round(float(s), 3) for s in strengths)
    )


def _rises(samples: NDArray[np.float32], sample_rate: int) -> tuple[NDArray[np.float64], float, float]:
    """Return how much the spectrum rises at each frame, the frames a second, and how early the first is."""
    x = checked(samples)
    hop = max(1, round(_HOP_S * sample_rate))
    n_fft = 1 << round(np.log2(_WINDOW_S * sample_rate))
    rate = sample_rate / hop
    if len(x) < 4 * hop:
        return np.zeros(0), rate, 0.0
    bank = mel_filterbank(
        sample_rate=sample_rate,
        n_fft=n_fft,
        n_mels=_BANDS,
        fmin=_FMIN_HZ,
        fmax=min(_FMAX_HZ, sample_rate / 2),
    ).astype(np.float32)
    # Silence before the first sample, so that a sound which is there at once begins.
    lead = -(-n_fft // hop) * hop
    length = lead + len(x)
    step = round(_CHUNK_S * rate) * hop
    parts = []
    for begin in range(0, length, step):  # an hour in constant memory
        low = max(0, begin - n_fft)
        low -= low % hop
        part = x[max(0, low - lead) : begin + step + n_fft - lead]
        part = np.concatenate([np.zeros(max(0, lead - low), np.float32), part])
        piece = stft(part, n_fft=n_fft, hop_length=hop)
        first = (begin - low) // hop
        count = -(-min(step, length - begin) // hop)
        power = np.abs(piece[:, first : first + count]).astype(np.float32) ** 2
        parts.append(np.sqrt(bank @ power).T)
    bands = np.concatenate(parts)
    loud = float(np.quantile(bands.max(axis=1), _REFERENCE))
    if not loud > 0:
        return np.zeros(len(bands)), rate, 0.0
    level = np.log1p(bands * np.float32(_GAIN / loud))
    before = level[:-_LAG].copy()
    np.maximum(before[:, 1:], level[:-_LAG, :-1], out=before[:, 1:])
    np.maximum(before[:, :-1], level[:-_LAG, 1:], out=before[:, :-1])
    rise = np.maximum(level[_LAG:] - before, 0).sum(axis=1, dtype=np.float64)
    flux = np.zeros(len(bands))
    flux[_LAG // 2 : _LAG // 2 + len(rise)] = rise
    # A sound cut off clicks: where there is far less after than before, something ends.
    total = bands.sum(axis=1)
    around = round(_AROUND_S * rate)
    padded = np.pad(total, around, mode="edge")
    flux[padded[2 * around :] < _ENDS * padded[: -2 * around]] = 0.0
    return np.convolve(flux, [0.25, 0.5, 0.25], mode="same"), rate, lead / sample_rate


def _peaks(curve: NDArray[np.float64], apart: int) -> NDArray[np.intp]:
    """Return places higher than all within ``apart`` frames; the first of equals."""
    width = 2 * apart + 1
    padded = np.pad(curve, apart, constant_values=-np.inf)
    highest = np.lib.stride_tricks.sliding_window_view(padded, width).max(axis=1)
    peak = (curve >= highest) & (curve > 0)
    at = np.flatnonzero(peak)
    return at[np.diff(at, prepend=-width) > apart]


def _moving_mean(x: NDArray[np.float64], half: int) -> NDArray[np.float64]:
    total = np.concatenate([[0.0], np.cumsum(x)])
    index = np.arange(len(x))
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, len(x))
    return np.asarray((total[high] - total[low]) / (high - low))

"""Tone in words that are measured."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.roughness import roughness
from sori.analysis.expression.signals import checked, magnitudes
from sori.events import Pitch, Tone, ToneWord
from sori.spectral.auditory import erb_centres_hz, erb_filterbank
from sori.units import hz_to_erb_rate

__all__ = ["SCALES", "Scale", "measures", "tone"]

_N_FFT_S, _BANDS, _LOWEST_HZ, _HIGHEST_HZ = 0.093, 48, 50.0, 10000.0
_BELOW_LOUD = 1e-4  # frames this far under the loud ones are silence
_COMPRESSION = 0.3  # from power to something like loudness
_BAND_FLOOR = 1e-6  # under the strongest band of a frame
_LIMIT_DB = 60.0
_SURE, _LEAST_FRAMES = 0.5, 8


@dataclasses.dataclass(frozen=True)
class Scale:
    """Two words and what lies between them: ``low`` is position 0, ``high`` position 1."""

    name: str
    unit: str
    low: float
    high: float
    definition: str


# 10th and 90th percentile over the 36 recordings of music and the 23 of single sounds in the test data
# (`bench.accuracy.expression_scales` prints them).
SCALES = (
    Scale(
        "dark-bright", "ERB", 11.8, 16.9, "mean number, on the ERB-rate scale, of bands weighted by power^0.3"
    ),
    Scale("cold-warm", "dB", -17.0, 19.0, "energy from 100 to 400 Hz against that above 2 kHz"),
    Scale("smooth-rough", "", 0.0, 1.9, "roughness of partials after Vassilakis, strongest partial 1"),
    Scale("pure-noisy", "dB", -42.0, -15.0, "spectral flatness from 100 Hz to 8 kHz"),
    Scale("sustained-percussive", "dB", 1.4, 15.6, "median fall of level within 0.25 s after attacks"),
    Scale("hollow-full", "dB", 0.3, 8.4, "energy of partials 2, 4 and 6 against that of 3, 5 and 7"),
)


def tone(
    samples: NDArray[np.float32], *, sample_rate: int, onsets_s: Sequence[float], pitch: Pitch | None = None
) -> Tone:
    """Return the words whose measures can be taken, each with its definition.

    Positions are among the recordings the scales were made from, music of many kinds and single sounds of
    instruments: 0 and 1 are their 10th and 90th percentiles.

    Parameters
    ----------
    samples : (time,) real
        One channel, at 16 kHz at least for the definitions to hold; what is above 10 kHz does not count.
    sample_rate : int
        Hz.
    onsets_s : sequence of float
        Attacks, seconds: without any, sound is not called percussive or sustained.
    pitch : Pitch, optional
        Of a single voice: without it, sound is not called hollow or full.

    Raises
    ------
    ParameterError
        For more than one channel, and NaN.
    """
    values = measures(samples, sample_rate=sample_rate, onsets_s=onsets_s, pitch=pitch)
    words = []
    for scale in SCALES:
        value = values[scale.name]
        if value is None:
            continue
        position = float(np.clip((value - scale.low) / (scale.high - scale.low), 0, 1))
        first, second = scale.name.split("-")
        word = first if position < 1 / 3 else second if position > 2 / 3 else "between"
        words.append(
            ToneWord(scale.name, round(position, 3), word, round(value, 3), scale.unit, scale.definition)
        )
    return Tone(tuple(words))


def measures(
    samples: NDArray[np.float32], *, sample_rate: int, onsets_s: Sequence[float], pitch: Pitch | None = None
) -> dict[str, float | None]:
    """Return the value of each of `SCALES` by name, ``None`` where it cannot be told."""
    x = checked(samples)
    nothing: dict[str, float | None] = {scale.name: None for scale in SCALES}
    n_fft = 1 << round(np.log2(_N_FFT_S * sample_rate))
    if len(x) < n_fft:
        return nothing
    spectra, middles = magnitudes(x, sample_rate=sample_rate, n_fft=n_fft)
    power = np.square(spectra, out=spectra)
    energy = power.sum(axis=1, dtype=np.float64)
    loud = energy > _BELOW_LOUD * max(float(np.quantile(energy, 0.95)), 1e-12)
    if not loud.any():
        return nothing
    power, weight, middles = power[loud], energy[loud] ** _COMPRESSION, middles[loud]
    hz = np.arange(power.shape[1]) * sample_rate / n_fft
    return {
        "dark-bright": _brightness(power, weight, sample_rate, n_fft),
        "cold-warm": _warmth(power, hz),
        "smooth-rough": roughness(x, sample_rate=sample_rate),
        "pure-noisy": _noisiness(power, weight, hz),
        "sustained-percussive": _percussiveness(x, sample_rate, onsets_s),
        "hollow-full": None if pitch is None else _fullness(power, hz, middles, pitch),
    }


def _brightness(
    power: NDArray[np.float32], weight: NDArray[np.float64], sample_rate: int, n_fft: int
) -> float:
    fmax = min(_HIGHEST_HZ, 0.45 * sample_rate)
    bank = erb_filterbank(
        sample_rate=sample_rate, n_fft=n_fft, n_bands=_BANDS, fmin=_LOWEST_HZ, fmax=fmax, norm=None
    )
    bands = power @ bank.T.astype(np.float32)
    loudness = np.where(bands > _BAND_FLOOR * bands.max(axis=1, keepdims=True), bands, 0.0) ** _COMPRESSION
    numbers = hz_to_erb_rate(erb_centres_hz(n_bands=_BANDS, fmin=_LOWEST_HZ, fmax=fmax))
    return float(np.average(loudness @ numbers / np.maximum(loudness.sum(axis=1), 1e-12), weights=weight))


def _warmth(power: NDArray[np.float32], hz: NDArray[np.float64]) -> float:
    total = power.sum(axis=0, dtype=np.float64)
    return _ratio_db(total[(hz >= 100) & (hz < 400)].sum(), total[(hz > 2000) & (hz < _HIGHEST_HZ)].sum())


def _noisiness(power: NDArray[np.float32], weight: NDArray[np.float64], hz: NDArray[np.float64]) -> float:
    part = power[:, (hz >= 100) & (hz <= 8000)].astype(np.float64)
    # What is 100 dB under the frame is the arithmetic, not the sound.
    part = np.maximum(part, 1e-10 * part.max(axis=1, keepdims=True)) + 1e-30
    flatness = 10 * np.log10(np.exp(np.log(part).mean(axis=1)) / part.mean(axis=1))
    return float(np.average(flatness, weights=weight))


def _percussiveness(x: NDArray[np.float32], sample_rate: int, onsets_s: Sequence[float]) -> float | None:
    step = round(0.01 * sample_rate)
    rows = x[: len(x) // step * step].reshape(-1, step)
    cells = np.einsum("ij,ij->i", rows, rows, dtype=np.float64) / step
    if not onsets_s or len(cells) < 30:
        return None
    level = 10 * np.log10(np.convolve(cells, np.ones(3) / 3, mode="same") + 1e-10)
    falls = []
    for onset, following in zip(onsets_s, [*onsets_s[1:], np.inf], strict=True):
        # A cell is a whole number of samples, so not quite 10 ms: that adds up over minutes.
        begin = round(onset * sample_rate / step)
        end = int(min(begin + 25, following * sample_rate / step - 2, len(level)))
        if end - begin >= 12:
            top = begin + int(np.argmax(level[begin : begin + 8]))
            falls.append(level[top] - level[top:end].min())
    return float(np.median(falls)) if falls else None


def _fullness(
    power: NDArray[np.float32], hz: NDArray[np.float64], times_s: NDArray[np.float64], pitch: Pitch
) -> float | None:
    at = np.searchsorted(np.asarray(pitch.times_s), times_s)
    at = np.minimum(at, len(pitch.times_s) - 1)
    if not len(pitch.times_s):
        return None
    voiced = np.asarray(pitch.voiced, bool) & (np.asarray(pitch.confidence) > _SURE)
    f0 = np.asarray(pitch.hz, np.float64)[at]
    kept = voiced[at] & (f0 > 4.5 * hz[1]) & (8 * f0 < hz[-1])
    if np.count_nonzero(kept) < _LEAST_FRAMES:
        return None
    rows = np.flatnonzero(kept)[:, None]
    places = np.round(f0[kept][:, None] * np.arange(2, 8) / hz[1]).astype(np.intp)
    heights = sum(power[rows, places + side].astype(np.float64) for side in (-1, 0, 1))
    total = np.asarray(heights).sum(axis=0)
    return _ratio_db(total[0::2].sum(), total[1::2].sum())


def _ratio_db(part: float, other: float) -> float:
    if part <= 0 and other <= 0:
        return 0.0
    limit = 10 ** (_LIMIT_DB / 10)
    return float(10 * np.log10(np.clip(part / max(other, part / limit, 1e-300), 1 / limit, limit)))

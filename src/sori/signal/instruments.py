"""Struck and plucked sounds: a string, drum skins, cymbals, hands.

Physical enough to be pleasant and to have the attacks, decays and noise that real recordings have,
cheap enough for whole songs. Same conventions as `sori.signal.synthesis`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.signal.synthesis import Samples, as_float32, check_frequencies, sample_count

__all__ = ["clap", "cymbal", "membrane", "plucked_string", "snare"]


def plucked_string(
    frequency_hz: float,
    *,
    sample_rate: int,
    duration_s: float,
    rng: np.random.Generator,
    decay_s: float = 3.0,
    brightness: float = 0.5,
    pick: float = 0.13,
) -> Samples:
    """Return a plucked string: a burst of noise going round a filtered delay line.

    Each pass through the loop takes one period, loses a little at every frequency and more at the
    high ones; a first-order all-pass supplies the fraction of a sample that tunes it exactly. The
    loop is run one whole period at a time, so the cost is one filter call per period.

    Parameters
    ----------
    frequency_hz : float
        Pitch.
    sample_rate : int
        Samples per second.
    duration_s : float
        Length in seconds.
    rng : numpy.random.Generator
        Draws the burst.
    decay_s : float
        Time in which the fundamental falls by 60 dB.
    brightness : float
        0 (dark, nylon) to 1 (bright, steel).
    pick : float
        Where the string is plucked, as a share of its length: 0.13 is near the bridge.

    Returns
    -------
    ndarray (time,), float32
        Peak 1.

    References
    ----------
    Jaffe and Smith: Extensions of the Karplus-Strong plucked-string algorithm, CMJ 7(2), 1983.
    """
    check_frequencies(np.array([frequency_hz]), sample_rate / 4)
    n = sample_count(duration_s, sample_rate)
    omega = 2 * np.pi * frequency_hz / sample_rate
    smooth = 0.5 - 0.42 * float(np.clip(brightness, 0.0, 1.0))
    delay = np.arctan2(smooth * np.sin(omega), 1 - smooth + smooth * np.cos(omega)) / omega
    period = int(sample_rate / frequency_hz - delay - 0.2)
    fraction = sample_rate / frequency_hz - delay - period
    allpass = np.sin(0.5 * omega * (1 - fraction)) / np.sin(0.5 * omega * (1 + fraction))
    loss = np.abs(1 - smooth + smooth * np.exp(-1j * omega))
    gain = min(10 ** (-3 / (decay_s * frequency_hz)) / loss, 0.99999)
    numerator = gain * np.convolve([1 - smooth, smooth], [allpass, 1.0])

    from scipy.signal import lfilter  # a second: only for those who play

    harmonic = np.arange(period // 2 + 1)
    shape = np.sin(np.pi * harmonic * pick)  # no partial with a node where it is plucked, and no DC
    shape /= 1 + harmonic * frequency_hz / (300 * 2 ** (5 * float(np.clip(brightness, 0.0, 1.0))))
    burst = np.fft.irfft(np.fft.rfft(rng.uniform(-1, 1, period)) * shape, period)
    out = np.empty((n // period + 1, period))
    state = np.zeros(2)
    for row in out:
        row[:] = burst
        burst, state = lfilter(numerator, [1.0, allpass], burst, zi=state)
    return as_float32(out.ravel()[:n] / np.abs(out).max())


def membrane(
    frequency_hz: float,
    *,
    sample_rate: int,
    duration_s: float,
    bend: float = 1.0,
    bend_s: float = 0.03,
    overtone: float = 0.0,
) -> Samples:
    """Return a struck drum skin: a decaying sine whose pitch falls as the skin relaxes.

    Parameters
    ----------
    frequency_hz : float
        Pitch at rest: about 50 for a kick drum, 100 for a floor tom.
    sample_rate : int
        Samples per second.
    duration_s : float
        Length, in which it falls by 60 dB.
    bend : float
        How far above rest the pitch starts, as a share of it.
    bend_s : float
        Time constant of the fall.
    overtone : float
        Amplitude of the skin's next mode, 1.59 times higher.

    Returns
    -------
    ndarray (time,), float32
    """
    check_frequencies(np.array([frequency_hz, frequency_hz * (1 + bend)]), sample_rate)
    time = np.arange(sample_count(duration_s, sample_rate)) / sample_rate
    # The integral of f (1 + bend e^{-t/bend_s}), in cycles.
    cycles = frequency_hz * (time + bend * bend_s * (1 - np.exp(-time / bend_s)))
    skin = np.sin(2 * np.pi * cycles)
    if overtone:
        skin += overtone * np.sin(2 * np.pi * 1.593 * cycles) * np.exp(-3 * time / duration_s)
    return as_float32(skin * np.exp(-np.log(1000.0) * time / duration_s) / (1 + overtone))


def snare(*, sample_rate: int, rng: np.random.Generator, duration_s: float = 0.25) -> Samples:
    """Return a snare drum: a short skin under a longer burst of noise.

    Parameters
    ----------
    sample_rate : int
        Samples per second.
    rng : numpy.random.Generator
        Draws the rattle.
    duration_s : float
        Length, in which the rattle falls by 60 dB.

    Returns
    -------
    ndarray (time,), float32
    """
    rattle = _burst(duration_s, sample_rate, rng)
    rattle -= _filtered([0.12], [1.0, -0.88], rattle)  # no low end: that is the skin's
    skin = membrane(185.0, sample_rate=sample_rate, duration_s=duration_s, bend=0.6, overtone=0.5)
    return as_float32(0.55 * rattle + 0.5 * skin)


def cymbal(*, sample_rate: int, rng: np.random.Generator, duration_s: float = 0.08) -> Samples:
    """Return a hi-hat (short) or a cymbal (a second or more): high-passed noise dying away.

    Parameters
    ----------
    sample_rate, rng, duration_s
        As in `snare`.

    Returns
    -------
    ndarray (time,), float32
    """
    return as_float32(_filtered([0.25, -0.5, 0.25], [1.0, 0.3, 0.1], _burst(duration_s, sample_rate, rng)))


def clap(*, sample_rate: int, rng: np.random.Generator, duration_s: float = 0.2) -> Samples:
    """Return a hand clap: four bursts of noise within 30 ms, the last one ringing.

    Parameters
    ----------
    sample_rate, rng, duration_s
        As in `snare`.

    Returns
    -------
    ndarray (time,), float32
    """
    noise = _burst(duration_s, sample_rate, rng, floor_db=0.0)
    band = _filtered([1.0, 0.0, -1.0], [1.0, -1.7, 0.8], noise) * 0.1
    time = np.arange(len(noise)) / sample_rate
    hands = sum(np.where(time >= at, np.exp(-(time - at) / 0.006), 0.0) for at in (0.0, 0.009, 0.019))
    tail = np.where(time >= 0.028, np.exp(-np.log(1000.0) * (time - 0.028) / duration_s), 0.0)
    return as_float32(2.0 * band * np.maximum(hands, tail))


def _filtered(
    b: list[float], a: list[float], samples: NDArray[np.floating[Any]]
) -> NDArray[np.floating[Any]]:
    from scipy.signal import lfilter  # a second: only for those who play

    return np.asarray(lfilter(b, a, samples))


def _burst(
    duration_s: float, sample_rate: int, rng: np.random.Generator, floor_db: float = -60.0
) -> NDArray[np.float64]:
    n = sample_count(duration_s, sample_rate)
    return rng.uniform(-1, 1, n) * 10 ** (floor_db / 20 * np.arange(n) / max(n, 1))

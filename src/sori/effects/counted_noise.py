"""Noise that is a function of a seed and a place: the same on every device, with nothing to carry there.

Each sample's number is hashed, twice, and two hashes make two Gaussian values. No state goes from one sample
to the next, so a batch is made at once wherever it lies, and a value can be made again by itself.

Source: Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (counters instead
of states); C. Wellons, "Prospecting for hash functions", 2018 (the hash); Box & Muller, "A note on the
generation of random normal deviates", Annals of Mathematical Statistics 29, 1958.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sori.arrays import Array, irfft, is_numpy, namespace, rfft
from sori.effects.items import numbered, placed
from sori.errors import ParameterError
from sori.signal.fir import even_smooth

__all__ = ["COLOURS", "coloured_noise", "gaussian_noise"]

COLOURS = {"white": 0.0, "pink": -0.5, "brown": -1.0, "blue": 0.5, "violet": 1.0}
"""The power of frequency that an amplitude spectrum follows, by the colour of the noise."""

_CHUNK = 1 << 14  # pairs that NumPy works on together, in the cache
_LOWEST_HZ = 10.0  # below, a falling spectrum falls no further


def gaussian_noise(x: Array, *, seeds: Sequence[int]) -> Array:
    """Return white Gaussian noise of variance 1 in the shape, kind, precision and place of ``x``.

    Parameters
    ----------
    x : (items, ...) real
    seeds : (items,) int
        Whole numbers from 0 to 2^31 - 1, one for each item.

    Examples
    --------
    >>> noise = gaussian_noise(np.zeros((2, 1, 9)), seeds=[5, 5])
    >>> bool((noise[0] == noise[1]).all())
    True
    """
    xp = namespace(x)
    each = math.prod(x.shape[1:])
    pairs = (each + 1) // 2
    keys = [_mixed_number(int(seed)) for seed in seeds]
    if is_numpy(x):
        out = np.empty((len(keys), 2 * pairs), x.dtype)
        for key, into in zip(keys, out, strict=True):
            for begin in range(0, pairs, _CHUNK):
                end = min(begin + _CHUNK, pairs)
                into[begin:end], into[pairs + begin : pairs + end] = _pairs(
                    np.arange(begin, end, dtype=np.int32), key, x
                )
        return out[:, :each].reshape(x.shape)
    counter = xp.astype(numbered(pairs, x), xp.int32)
    key = keys[0] if len(keys) == 1 else xp.reshape(placed(np.array(keys, np.int32), x), (-1, 1))
    first, second = _pairs(counter, key, x)
    noise = xp.concat([first, second], axis=-1)[..., :each]
    return xp.reshape(noise, x.shape)


def coloured_noise(x: Array, *, seeds: Sequence[int], colour: str, sample_rate: float) -> Array:
    """Return noise of a colour, each item's RMS about 1, in the shape, kind, precision and place of ``x``.

    Parameters
    ----------
    x : (items, ..., time) real
    seeds : (items,) int
        See `gaussian_noise`.
    colour : str
        One of `COLOURS`: the same power at every frequency (white), in every octave (pink), or falling and
        rising by 6, 3 and 6 dB per octave (brown, blue, violet).
    sample_rate : float
        Hz.
    """
    if colour not in COLOURS:
        raise ParameterError(f"colour={colour!r}: want one of {', '.join(COLOURS)}")
    white = gaussian_noise(x, seeds=seeds)
    if colour == "white" or x.shape[-1] < 2:
        return white
    n = x.shape[-1]
    n_fft = even_smooth(n)
    hz = np.maximum(np.arange(n_fft // 2 + 1) * (sample_rate / n_fft), _LOWEST_HZ)
    shape = hz ** COLOURS[colour]
    shape[0] = 0.0
    shape /= math.sqrt(float(np.mean(shape**2)))
    return irfft(
        rfft(white, n=n_fft) * placed(shape.astype(str(white.dtype).rpartition(".")[2]), x), n=n_fft
    )[..., :n]


def _pairs(counter: Array, key: Any, like: Array) -> tuple[Array, Array]:
    """Return two Gaussian values for each number."""
    xp = namespace(like)
    first = _mixed(counter ^ key)
    second = _mixed(first ^ -1640531527)  # the golden ratio, as a fixed-point number
    size = xp.astype((first >> 8) & 0xFFFFFF, like.dtype) + 1.0
    radius = xp.sqrt(-2.0 * xp.log(size * 2.0**-24))
    angle = xp.astype((second >> 8) & 0xFFFFFF, like.dtype) * (2.0 * math.pi * 2.0**-24)
    return radius * xp.cos(angle), radius * xp.sin(angle)


def _mixed(h: Array) -> Array:
    """Return 32-bit numbers of which every bit depends on every bit; products run over, on purpose."""
    h = h ^ ((h >> 16) & 0xFFFF)
    h = h * 0x7FEB352D
    h = h ^ ((h >> 15) & 0x1FFFF)
    h = h * -2073254261  # 0x846CA68B
    return h ^ ((h >> 16) & 0xFFFF)


def _mixed_number(seed: int) -> int:
    """Return the same of one plain number, away from small numbers first."""
    if not 0 <= seed < 1 << 31:
        raise ParameterError(f"seed={seed}: want a whole number from 0 to 2^31 - 1")
    h = (seed + 0x9E3779B9) & 0xFFFFFFFF
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        h = ((h ^ (h >> shift)) * factor) & 0xFFFFFFFF
    h ^= h >> 16
    return h - (1 << 32) if h >> 31 else h

"""A room that is made up: noise that dies away."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, filled, irfft, namespace, pad, rfft, waveform
from sori.effects.counted_noise import gaussian_noise
from sori.effects.drawing import geometric, seed, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column, numbered, placed
from sori.effects.reading import read_from
from sori.signal.fir import even_smooth, fir_filter

__all__ = ["Reverb", "reverb", "room_noise"]

_SPLIT_HZ = 2000.0  # above, a room of air, curtains and people swallows sound sooner
_STEP_S = 0.25  # responses are made in lengths of whole quarters of a second
_SIXTY_DB = math.log(1000.0)


def room_noise(
    like: Array, *, sample_rate: float, decay_s: Numbers, damping: Numbers, seeds: Sequence[int], length: int
) -> Array:
    """Return impulse responses of made-up rooms, each of energy 1, ``(items, length)``.

    Gaussian noise dies away by 60 dB in ``decay_s``, and above 2 kHz in ``damping`` times that: what is left
    of a real room when its first echoes are left out.

    Parameters
    ----------
    like : array
        Whose kind, precision and place the responses have.
    sample_rate : float
        Hz.
    decay_s, damping : float or (items,)
        Seconds; 0 to 1.
    seeds : (items,) int
        Which noise.
    length : int
        Samples.

    Source: Moorer, "About this reverberation business", Computer Music Journal 3(2), 1979; Polack, doctoral
    thesis, Université du Maine, 1988.
    """
    xp = namespace(like)
    noise = gaussian_noise(filled((len(seeds), length), 0.0, like), seeds=seeds)
    n_fft = even_smooth(length)
    hz = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    share = 1.0 / (1.0 + (hz / _SPLIT_HZ) ** 4)
    dtype = str(like.dtype).rpartition(".")[2]
    low = irfft(rfft(noise, n=n_fft) * placed(share.astype(dtype), like), n=n_fft)[..., :length]
    t = xp.astype(numbered(length, like), like.dtype)
    slow = column(-_SIXTY_DB / (decay_s * sample_rate), low)
    fast = column(-_SIXTY_DB / (decay_s * damping * sample_rate), low)
    response = low * xp.exp(slow * t) + (noise - low) * xp.exp(fast * t)
    return response / xp.sqrt(xp.sum(response * response, axis=-1, keepdims=True))


def reverb(
    x: Array,
    *,
    sample_rate: float,
    decay_s: Numbers,
    wet_db: Numbers,
    seeds: Sequence[int],
    damping: Numbers = 0.5,
    predelay_s: Numbers = 0.0,
    tail_s: float | None = None,
) -> Array:
    """Return items in made-up rooms.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    decay_s : float or (items,)
        In which the sound of the room falls by 60 dB, seconds.
    wet_db : float or (items,)
        How loud the room is beside the sound itself, dB.
    seeds : (items,) int
        Which room, of all that are alike.
    damping : float or (items,)
        The part of ``decay_s`` in which what is above 2 kHz falls, 0 to 1.
    predelay_s : float or (items,)
        How long after the sound its room answers, seconds.
    tail_s : float, optional
        How much of the room is made, seconds; the longest decay if not given.

    Returns
    -------
    As ``x``; the room ends where it ends.
    """
    xp, x = waveform(x)
    n = x.shape[-1]
    if n == 0:
        return x
    tail_s = float(np.max(decay_s)) if tail_s is None else tail_s
    length = max(1, round(tail_s * sample_rate))
    response = room_noise(
        x, sample_rate=sample_rate, decay_s=decay_s, damping=damping, seeds=seeds, length=length
    )
    late = np.round(np.broadcast_to(np.asarray(predelay_s, np.float64), (x.shape[0],)) * sample_rate)
    response = _later(response, late.astype(np.int64))[..., :n]
    response = xp.reshape(response, (x.shape[0], *(1,) * (x.ndim - 2), -1))
    return x + column(10.0 ** (wet_db / 20), x) * fir_filter(x, response)


def _later(response: Array, late: NDArray[np.int64]) -> Array:
    """Return responses after silence of as many samples as each wants."""
    most = int(late.max(initial=0))
    return read_from(pad(response, 0, most), -late) if most else response


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reverb(Effect):
    """A made-up room of a drawn size: from a tiled bathroom to a church.

    Parameters
    ----------
    min_decay_s, max_decay_s : float
        In which the sound of the room falls by 60 dB, seconds.
    min_wet_db, max_wet_db : float
        How loud the room is beside the sound itself, dB.
    min_damping, max_damping : float
        The part of the decay in which what is above 2 kHz falls.
    min_predelay_s, max_predelay_s : float
        How long after the sound its room answers, seconds.
    p : float
        How likely it is to take part.
    """

    min_decay_s: float = 0.2
    max_decay_s: float = 1.5
    min_wet_db: float = -20.0
    max_wet_db: float = 0.0
    min_damping: float = 0.3
    max_damping: float = 0.8
    min_predelay_s: float = 0.0
    max_predelay_s: float = 0.03
    p: float = 1.0

    _ALIKE = ("tail_s",)
    _LIMITS = (
        ("decay_s", 0.01, 20.0),
        ("wet_db", -100.0, 60.0),
        ("damping", 0.05, 1.0),
        ("predelay_s", 0.0, 1.0),
    )

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        decay_s = geometric(rng, self.min_decay_s, self.max_decay_s)
        return {
            "decay_s": decay_s,
            "wet_db": uniform(rng, self.min_wet_db, self.max_wet_db),
            "damping": uniform(rng, self.min_damping, self.max_damping),
            "predelay_s": uniform(rng, self.min_predelay_s, self.max_predelay_s),
            "seed": seed(rng),
            "tail_s": _STEP_S * math.ceil(decay_s / _STEP_S),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        names = ("decay_s", "wet_db", "damping", "predelay_s")
        return reverb(
            x,
            sample_rate=sample_rate,
            seeds=drawn["seed"],
            tail_s=float(drawn["tail_s"][0]),
            **{name: drawn[name] for name in names},
        )

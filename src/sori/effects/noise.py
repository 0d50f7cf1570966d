"""Noise of every colour under the sound."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, namespace, waveform
from sori.effects.counted_noise import COLOURS, coloured_noise
from sori.effects.drawing import choice, seed, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column
from sori.signal.level import rms

__all__ = ["Noise", "add_at_snr", "add_noise"]


def add_at_snr(x: Array, other: Array, *, snr_db: Numbers) -> Array:
    """Return items with something else under each, ``snr_db`` softer than it, over all channels together.

    Parameters
    ----------
    x : (items, ..., time) real
    other : (items, ..., time) real
        For samples of NumPy a sequence of as many will do, of ``(time,)`` where channels get the same.
    snr_db : float or (items,)
        dB, by mean squares. A silent item stays silent.

    Returns
    -------
    As ``x``; it may go beyond full scale: nothing is clipped.
    """
    if is_numpy(x):
        return _one_by_one(x, other, snr_db)
    xp = namespace(x)
    flat, under = (xp.reshape(one, (one.shape[0], -1)) for one in (x, other))
    loud, soft = rms(flat), rms(under)
    heard = soft > 0
    level = loud / xp.where(heard, soft, xp.ones_like(soft))
    shape = (-1, *(1,) * (x.ndim - 1))
    return x + (xp.reshape(level, shape) * column(10.0 ** (snr_db / -20), x)) * other


def _one_by_one(x: NDArray[Any], other: Sequence[NDArray[Any]], snr_db: Numbers) -> NDArray[Any]:
    """Return the sums in the only array that is made: fresh memory costs more than adding."""
    out = np.empty_like(x)
    for item, under, into, ratio in zip(x, other, out, np.broadcast_to(snr_db, len(x)), strict=True):
        soft = _rms(under)
        gain = _rms(item) / soft * 10.0 ** (float(ratio) / -20) if soft > 0 else 0.0
        np.multiply(under, x.dtype.type(gain), out=into)
        into += item
    return out


def _rms(samples: NDArray[Any]) -> float:
    flat = samples.ravel()
    return math.sqrt(float(np.vdot(flat, flat)) / max(1, flat.size))


def add_noise(
    x: Array, *, sample_rate: float, snr_db: Numbers, seeds: Sequence[int], colour: str = "white"
) -> Array:
    """Return items with noise of their own, other noise in every channel.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    snr_db : float or (items,)
        How far the noise lies below the signal, dB. A silent item stays silent.
    seeds : (items,) int
        Which noise, 0 to 2^31 - 1.
    colour : str
        See `sori.effects.counted_noise.coloured_noise`.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    noise = coloured_noise(x, seeds=seeds, colour=colour, sample_rate=sample_rate)
    return add_at_snr(x, noise, snr_db=snr_db)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Noise(Effect):
    """Steady noise of a drawn colour at a drawn ratio: hiss, rumble, a bad line.

    Parameters
    ----------
    min_snr_db, max_snr_db : float
        How far the noise lies below the signal, dB.
    colours : sequence of str
        What is drawn from: white, pink, brown, blue, violet.
    p : float
        How likely it is to take part.
    """

    min_snr_db: float = 5.0
    max_snr_db: float = 40.0
    colours: tuple[str, ...] = ("white",)
    p: float = 1.0

    _ALIKE = ("colour",)
    _LIMITS = (("snr_db", -100.0, 200.0),)

    def __post_init__(self) -> None:
        """Refuse colours that there are not."""
        super().__post_init__()
        self._check_some(colours=tuple(COLOURS))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "snr_db": uniform(rng, self.min_snr_db, self.max_snr_db),
            "colour": choice(rng, self.colours),
            "seed": seed(rng),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        colour = drawn["colour"][0]
        return add_noise(
            x, sample_rate=sample_rate, snr_db=drawn["snr_db"], seeds=drawn["seed"], colour=colour
        )

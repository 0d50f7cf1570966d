"""The sound again, and again, ever softer."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import uniform, whole
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, Numbers, column
from sori.effects.reading import read_from

__all__ = ["Echo", "echo"]


def echo(x: Array, *, sample_rate: float, delay_s: Numbers, decay_db: Numbers, repeats: Numbers = 1) -> Array:
    """Return items with echoes, each ``delay_s`` after and ``decay_db`` below the one before it.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    delay_s, decay_db : float or (items,)
        Seconds, rounded to a sample, and dB.
    repeats : int or (items,)
        How many echoes.

    Returns
    -------
    As ``x``; the echoes end where it ends.
    """
    _, x = waveform(x)
    items = x.shape[0]
    late, softer, many = (
        np.broadcast_to(np.asarray(one, np.float64), (items,)) for one in (delay_s, decay_db, repeats)
    )
    y = x
    for number in range(1, int(many.max(initial=0)) + 1):
        starts = -np.round(number * late * sample_rate).astype(np.int64)
        strength = np.where(number <= many, 10.0 ** (-number * softer / 20), 0.0)
        y = y + column(strength, x) * read_from(x, starts)
    return y


@dataclasses.dataclass(frozen=True, kw_only=True)
class Echo(Effect):
    """The sound again from a wall far away, a drawn number of times.

    Parameters
    ----------
    min_delay_s, max_delay_s : float
        From one to the next, seconds.
    min_decay_db, max_decay_db : float
        How much softer each is than the one before.
    min_repeats, max_repeats : int
        How many.
    p : float
        How likely it is to take part.
    """

    min_delay_s: float = 0.1
    max_delay_s: float = 0.5
    min_decay_db: float = 3.0
    max_decay_db: float = 12.0
    min_repeats: int = 1
    max_repeats: int = 4
    p: float = 1.0

    _LIMITS = (("delay_s", 0.0, 60.0), ("decay_db", 0.0, 120.0), ("repeats", 1, 64))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "delay_s": uniform(rng, self.min_delay_s, self.max_delay_s),
            "decay_db": uniform(rng, self.min_decay_db, self.max_decay_db),
            "repeats": whole(rng, self.min_repeats, self.max_repeats),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        names = ("delay_s", "decay_db", "repeats")
        return echo(x, sample_rate=sample_rate, **{name: drawn[name] for name in names})

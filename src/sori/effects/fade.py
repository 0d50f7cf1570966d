"""Coming and going gently."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from sori.arrays import Array, waveform
from sori.effects.drawing import choice, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, column, numbered
from sori.signal.edges import SHAPES, rising

__all__ = ["Fade", "fade_each"]


def fade_each(x: Array, *, sample_rate: float, in_s: Any, out_s: Any, shape: str = "linear") -> Array:
    """Return items, each with a beginning and an end of its own length.

    Parameters
    ----------
    x : (items, ..., time) real
    sample_rate : float
        Hz.
    in_s, out_s : float or (items,)
        How long it takes to come and to go, seconds.
    shape : str
        See `sori.signal.edges.fade_curve`.

    Returns
    -------
    As ``x``
    """
    xp, x = waveform(x)
    n = x.shape[-1]
    at = xp.astype(numbered(n, x), x.dtype) + 0.5
    for seconds, place in ((in_s, at), (out_s, n - at)):
        length = np.minimum(np.round(np.atleast_1d(np.asarray(seconds, np.float64)) * sample_rate), n)
        if not (length > 0).any():
            continue
        # Of no length, the fade is over before the first sample.
        part = place / column(np.maximum(length, 0.25), x)
        x = rising(xp.clip(part, 0.0, 1.0), shape=shape) * x
    return x


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fade(Effect):
    """A beginning and an end of drawn lengths and shape.

    Parameters
    ----------
    min_in_s, max_in_s, min_out_s, max_out_s : float
        How long it takes to come and to go, seconds; at most the length of the sound each.
    shapes : sequence of str
        What is drawn from: linear, equal_power, cosine, exponential.
    p : float
        How likely it is to take part.
    """

    min_in_s: float = 0.0
    max_in_s: float = 1.0
    min_out_s: float = 0.0
    max_out_s: float = 1.0
    shapes: tuple[str, ...] = SHAPES
    p: float = 1.0

    _ALIKE = ("shape",)
    _LIMITS = (("in_s", 0.0, 3600.0), ("out_s", 0.0, 3600.0))

    def __post_init__(self) -> None:
        """Refuse shapes that there are not."""
        super().__post_init__()
        self._check_some(shapes=SHAPES)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "in_s": uniform(rng, self.min_in_s, self.max_in_s),
            "out_s": uniform(rng, self.min_out_s, self.max_out_s),
            "shape": choice(rng, self.shapes),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return fade_each(
            x, sample_rate=sample_rate, in_s=drawn["in_s"], out_s=drawn["out_s"], shape=drawn["shape"][0]
        )

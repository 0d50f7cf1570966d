"""Bands of a spectrogram hidden."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.effects.effect import Parameters, SpectrogramEffect
from sori.effects.items import Columns
from sori.effects.masks import check_fill, drawn_masks, hide

__all__ = ["FrequencyMask"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class FrequencyMask(SpectrogramEffect):
    """Drawn bands of frequency hidden, in a spectrogram ``(..., frequency, time)``.

    Parameters
    ----------
    many : int
        How many bands.
    max_rows : int
        Each hides 0 to so many rows.
    fill : str
        See `hide`.
    p : float
        How likely it is to take part.
    """

    many: int = 1
    max_rows: int = 27
    fill: str = "mean"
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse counts and fillings that are none."""
        super().__post_init__()
        check_counts(many=self.many, max_rows=self.max_rows)
        check_fill(self.fill)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"rows": drawn_masks(rng, many=self.many, most=self.max_rows, length=shape[-2])}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return hide(x, masks=drawn["rows"], axis=-2, fill=self.fill)

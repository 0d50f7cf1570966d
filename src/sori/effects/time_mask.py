"""Stretches of a spectrogram hidden."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts, check_numbers
from sori.effects.effect import Parameters, SpectrogramEffect
from sori.effects.items import Columns
from sori.effects.masks import check_fill, drawn_masks, hide
from sori.errors import ParameterError

__all__ = ["TimeMask"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeMask(SpectrogramEffect):
    """Drawn stretches of time hidden, in a spectrogram ``(..., frequency, time)``.

    Parameters
    ----------
    many : int
        How many stretches.
    max_frames : int
        Each hides 0 to so many frames,
    max_part : float
        and at most such a part of all, 0 to 1.
    fill : str
        See `hide`.
    p : float
        How likely it is to take part.
    """

    many: int = 1
    max_frames: int = 100
    max_part: float = 1.0
    fill: str = "mean"
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse counts and fillings that are none."""
        super().__post_init__()
        check_counts(many=self.many, max_frames=self.max_frames)
        check_fill(self.fill)
        check_numbers(max_part=self.max_part)
        if not 0 < self.max_part <= 1:
            raise ParameterError(f"max_part={self.max_part}: want more than 0 and at most 1")

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        most = min(self.max_frames, int(self.max_part * shape[-1]))
        return {"frames": drawn_masks(rng, many=self.many, most=most, length=shape[-1])}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return hide(x, masks=drawn["frames"], axis=-1, fill=self.fill)

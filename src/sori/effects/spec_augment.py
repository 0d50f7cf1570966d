"""SpecAugment whole: time warped, bands and stretches hidden, by the policies that were published."""

from __future__ import annotations

import dataclasses
from typing import Any, Self

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_numbers
from sori.effects.effect import Parameters, SpectrogramEffect
from sori.effects.items import Columns
from sori.effects.masks import check_fill, drawn_masks, hide
from sori.effects.time_warp import drawn_warp, warp_time, warped_event
from sori.errors import ParameterError

__all__ = ["POLICIES", "SpecAugment"]

POLICIES = {
    "LB": {"warp": 80, "rows": 27, "row_masks": 1, "frames": 100, "part": 1.0, "frame_masks": 1},
    "LD": {"warp": 80, "rows": 27, "row_masks": 2, "frames": 100, "part": 1.0, "frame_masks": 2},
    "SM": {"warp": 40, "rows": 15, "row_masks": 2, "frames": 70, "part": 0.2, "frame_masks": 2},
    "SS": {"warp": 40, "rows": 27, "row_masks": 2, "frames": 70, "part": 0.2, "frame_masks": 2},
}
"""Table 1 of the paper: LibriSpeech basic and double, Switchboard mild and strong."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpecAugment(SpectrogramEffect):
    """Time warp, then masks of frequency and time, on a spectrogram ``(..., frequency, time)``.

    ``SpecAugment.policy("LD")`` has the numbers of the paper, which are for 80 mel bands and frames of 10 ms.

    Parameters
    ----------
    warp : int
        By how many frames time is moved at most; 0 leaves it.
    rows, row_masks : int
        How many bands are hidden, each of 0 to ``rows``.
    frames, frame_masks : int
        How many stretches of time, each of 0 to ``frames``,
    part : float
        and at most such a part of all, 0 to 1.
    fill : str
        See `sori.effects.masks.hide`.
    p : float
        How likely it is to take part.

    Source: Park, Chan, Zhang, Chiu, Zoph, Cubuk & Le, "SpecAugment", Interspeech 2019.
    """

    warp: int = 80
    rows: int = 27
    row_masks: int = 2
    frames: int = 100
    frame_masks: int = 2
    part: float = 1.0
    fill: str = "mean"
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse counts and fillings that are none."""
        super().__post_init__()
        check_fill(self.fill)
        check_numbers(part=self.part)
        counts = {
            name: getattr(self, name) for name in ("warp", "rows", "row_masks", "frames", "frame_masks")
        }
        if not all(isinstance(count, int) and count >= 0 for count in counts.values()):
            raise ParameterError(f"{counts}: want whole numbers, none below 0")
        if not 0 < self.part <= 1:
            raise ParameterError(f"part={self.part}: want more than 0 and at most 1")

    @classmethod
    def policy(cls, name: str, **changed: Any) -> Self:
        """Return one of `POLICIES`: LB, LD, SM or SS."""
        if name not in POLICIES:
            raise ParameterError(f"policy {name!r}: want one of {', '.join(POLICIES)}")
        fields: dict[str, Any] = {**POLICIES[name], **changed}
        return cls(**fields)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        bands, n = shape[-2:]
        most = min(self.frames, int(self.part * n))
        return {
            **drawn_warp(rng, most=self.warp, length=n),
            "row_masks": drawn_masks(rng, many=self.row_masks, most=self.rows, length=bands),
            "frame_masks": drawn_masks(rng, many=self.frame_masks, most=most, length=n),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        if self.warp:
            x = warp_time(x, centre=drawn["centre"], shift=drawn["shift"])
        y = hide(x, masks=drawn["row_masks"], axis=-2, fill=self.fill) if self.row_masks else x
        return hide(y, masks=drawn["frame_masks"], axis=-1, fill=self.fill) if self.frame_masks else y

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        return warped_event(event, drawn, duration_s) if self.warp else event

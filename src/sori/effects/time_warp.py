"""Time that runs faster, then slower: a spectrogram pulled along."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from sori.arrays import Array, spectrogram
from sori.arrays.framing import check_counts
from sori.effects.drawing import whole
from sori.effects.effect import Parameters, SpectrogramEffect
from sori.effects.items import Columns, Numbers, column, numbered
from sori.effects.moved_events import warped

__all__ = ["TimeWarp", "drawn_warp", "warp_time", "warped_event"]


def warp_time(S: Array, *, centre: Numbers, shift: Numbers) -> Array:
    """Return spectrograms in which one frame has moved, and time is even before and after it.

    Parameters
    ----------
    S : (items, ..., frequency, time) real
    centre : float or (items,)
        The frame that moves; 0 and the last stay.
    shift : float or (items,)
        By how many frames, later above 0.

    Returns
    -------
    As ``S``; between frames, a straight line.

    Source: Park et al., "SpecAugment", Interspeech 2019, with one point that moves in time and straight lines
    for its spline.
    """
    xp, S = spectrogram(S)
    n = S.shape[-1]
    if n < 3 or 0 in S.shape:
        return S
    last = n - 1
    at = xp.astype(numbered(n, S), S.dtype)[None, :]
    came, went = (np.atleast_1d(np.asarray(one, np.float64)) for one in (centre, centre + shift))
    came, went = np.clip(came, 1.0, last - 1.0), np.clip(went, 1.0, last - 1.0)
    before = at * column(came / went, at)
    after = last - (last - at) * column((last - came) / (last - went), at)
    places = xp.where(at <= column(went, at), before, after)
    low = xp.clip(xp.floor(places), 0.0, float(last - 1))
    share = places - low
    index = xp.astype(low, numbered(1, S).dtype)
    shape = (index.shape[0], *(1,) * (S.ndim - 2), n)
    index = xp.broadcast_to(xp.reshape(index, shape), S.shape)
    share = xp.reshape(share, shape)
    first = xp.take_along_axis(S, index, axis=-1)
    return first + share * (xp.take_along_axis(S, index + 1, axis=-1) - first)


def drawn_warp(rng: np.random.Generator, *, most: int, length: int) -> dict[str, int]:
    """Return a frame, at least ``most`` from either end, and by how much less than ``most`` it moves."""
    most = min(most, (length - 1) // 2)
    if most < 1:
        return {"centre": 0, "shift": 0, "frames": length}
    return {
        "centre": whole(rng, most, max(most, length - 1 - most)),
        "shift": whole(rng, 1 - most, most - 1),
        "frames": length,
    }


@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeWarp(SpectrogramEffect):
    """A drawn frame of a spectrogram ``(..., frequency, time)`` moved, the others pulled along.

    Times of events move along.

    Parameters
    ----------
    max_frames : int
        By how many frames at most.
    p : float
        How likely it is to take part.
    """

    max_frames: int = 40
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a number of frames that is none."""
        super().__post_init__()
        check_counts(max_frames=self.max_frames)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return drawn_warp(rng, most=self.max_frames, length=shape[-1])

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return warp_time(x, centre=drawn["centre"], shift=drawn["shift"])

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        return warped_event(event, drawn, duration_s)


def warped_event(event: Any, drawn: dict[str, Any], duration_s: float) -> Any:
    """Return a label after `warp_time` with what was drawn, the frames being spread over ``duration_s``."""
    frame_s = duration_s / max(1, drawn["frames"] - 1)
    came, went = drawn["centre"] * frame_s, (drawn["centre"] + drawn["shift"]) * frame_s
    return warped(event, came_s=came, went_s=went, duration_s=duration_s)

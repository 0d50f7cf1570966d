"""Parts of a spectrogram hidden, so that a network learns not to lean on any one of them.

Source: Park, Chan, Zhang, Chiu, Zoph, Cubuk & Le, "SpecAugment: a simple data augmentation method for
automatic speech recognition", Interspeech 2019.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from sori.arrays import Array, namespace, spectrogram
from sori.arrays.framing import check_counts
from sori.effects.drawing import whole
from sori.effects.effect import Parameters, SpectrogramEffect
from sori.effects.items import Columns, numbered, placed
from sori.errors import ParameterError

__all__ = ["FILLS", "FrequencyMask", "Masks", "TimeMask", "check_fill", "drawn_masks", "hide"]

FILLS = ("mean", "zero", "minimum")

Masks = Sequence[Sequence[Sequence[int]]]
"""For each item its masks, each ``[start, width]``."""


def hide(S: Array, *, masks: Masks, axis: int, fill: str = "mean") -> Array:
    """Return spectrograms with bands or stretches of them hidden.

    Parameters
    ----------
    S : (items, ..., frequency, time) real
    masks : for each item the same number of ``[start, width]``
        What is hidden, in rows or columns.
    axis : -2 or -1
        Rows (frequencies) or columns (times).
    fill : "mean", "zero" or "minimum"
        What stands there instead: the mean of the item, 0 (its mean, if it was normalised so), its minimum.

    Returns
    -------
    As ``S``

    Examples
    --------
    >>> hide(np.ones((1, 4, 2)), masks=[[[1, 2]]], axis=-2, fill="zero")[0, :, 0].tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    xp, S = spectrogram(S)
    check_fill(fill)
    spans = np.asarray(masks, np.int64)
    if spans.ndim != 3 or spans.shape[0] != S.shape[0] or spans.shape[-1] != 2:
        raise ParameterError(
            f"masks={masks!r}: want [start, width] pairs, as many for each of {S.shape[0]} items"
        )
    if spans.shape[1] == 0 or 0 in S.shape:
        return S
    n = S.shape[axis]
    begin, width = (placed(spans[..., k][..., None], S) for k in (0, 1))
    at = numbered(n, S)
    hidden = xp.any((at >= begin) & (at < begin + width), axis=1)
    shape = [S.shape[0], *(1,) * (S.ndim - 1)]
    shape[axis] = n
    return xp.where(xp.reshape(hidden, tuple(shape)), _filling(S, fill), S)


def check_fill(fill: str) -> None:
    """Raise `ParameterError` for what is none of `FILLS`."""
    if fill not in FILLS:
        raise ParameterError(f"fill={fill!r}: want one of {', '.join(FILLS)}")


def drawn_masks(rng: np.random.Generator, *, many: int, most: int, length: int) -> list[list[int]]:
    """Return masks of 0 to ``most`` rows or columns, anywhere in ``length``."""
    found = []
    for _ in range(many):
        width = whole(rng, 0, min(most, length))
        found.append([whole(rng, 0, length - width), width])
    return found


def _filling(S: Array, fill: str) -> Array:
    xp = namespace(S)
    if fill == "zero":
        return xp.zeros_like(S)
    axes = tuple(range(1, S.ndim))
    if fill == "mean":
        return xp.mean(S, axis=axes, keepdims=True)
    return xp.min(S, axis=axes, keepdims=True)


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
        if not 0 < self.max_part <= 1:
            raise ParameterError(f"max_part={self.max_part}: want more than 0 and at most 1")

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        most = min(self.max_frames, int(self.max_part * shape[-1]))
        return {"frames": drawn_masks(rng, many=self.many, most=most, length=shape[-1])}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return hide(x, masks=drawn["frames"], axis=-1, fill=self.fill)

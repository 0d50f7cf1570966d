"""Disturbances of levels while a network learns: what changes a sound and leaves it what it is.

`draw` says what happens to each excerpt of a batch, as plain arrays; `disturb` does it. Time is turned
round (not for words and notes) and stretched, bands are moved up or down, the level and its tilt change,
stretches of time and bands are masked (SpecAugment), and two excerpts are mixed with their labels (mixup).

Source: Park et al., "SpecAugment", Interspeech 2019; Zhang et al., "mixup", ICLR 2018; Jaitly & Hinton,
"Vocal tract length perturbation", ICML workshop 2013 (moving bands).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sori.effects.masks import drawn_masks, hide
from sori.models.levels import FLOOR_DB

__all__ = ["Disturbance", "disturb", "draw", "mix"]

_GAIN_DB, _TILT_DB, _HILL_DB = 6.0, 4.0, 4.0
_STRETCH, _BANDS_SHIFT = 0.15, 0.04  # of the length, of the bands
_MASKS, _MASKED = 2, 0.1  # how many each way, and the largest share of each


@dataclasses.dataclass(frozen=True)
class Disturbance:
    """What happens to the excerpts of a batch, one row each.

    ``turn`` is a share of the length; ``time_masks`` and ``band_masks`` are ``[start, width]`` in frames
    and bands, some for each excerpt; ``stretch`` a factor, ``shift`` a share of the bands, ``gain_db``,
    ``tilt_db`` (from the lowest to the highest band), ``hill_db`` at the band ``hill_at`` (a share) levels.
    ``partner`` is the excerpt that is mixed in, by ``share``.
    """

    turn: NDArray[np.float32]
    stretch: NDArray[np.float32]
    shift: NDArray[np.float32]
    gain_db: NDArray[np.float32]
    tilt_db: NDArray[np.float32]
    hill_db: NDArray[np.float32]
    hill_at: NDArray[np.float32]
    time_masks: list[list[list[int]]]
    band_masks: list[list[list[int]]]
    partner: NDArray[np.intp]
    share: NDArray[np.float32]


def draw(rng: np.random.Generator, shape: Sequence[int], *, turned: bool, mixup: float) -> Disturbance:
    """Return what happens to excerpts ``(batch, bands, frames)``; ``turned`` allows time to be turned round.

    ``mixup`` is the parameter of the beta distribution that shares are drawn from, 0 for none.
    """
    n, bands, frames = shape

    def between(low: float, high: float) -> NDArray[np.float32]:
        return rng.uniform(low, high, n).astype(np.float32)

    def masks(length: int) -> list[list[list[int]]]:
        most = round(_MASKED * length)
        return [drawn_masks(rng, many=_MASKS, most=most, length=length) for _ in range(n)]

    share = rng.beta(mixup, mixup, n) if mixup > 0 else np.zeros(n)
    return Disturbance(
        turn=between(0, 1) if turned else np.zeros(n, np.float32),
        stretch=np.exp(between(-_STRETCH, _STRETCH)),
        shift=between(-_BANDS_SHIFT, _BANDS_SHIFT),
        gain_db=between(-_GAIN_DB, _GAIN_DB),
        tilt_db=between(-_TILT_DB, _TILT_DB),
        hill_db=between(-_HILL_DB, _HILL_DB),
        hill_at=between(0, 1),
        time_masks=masks(frames),
        band_masks=masks(bands),
        partner=rng.permutation(n),
        share=np.minimum(share, 1 - share).astype(np.float32),
    )


def disturb(levels: Tensor, drawn: Disturbance) -> Tensor:
    """Return levels ``(batch, bands, frames)`` disturbed, all but mixed.

    What comes in from outside is silence; what is masked is set to the mean of the excerpt.
    """
    device = levels.device
    _, bands, frames = levels.shape
    low, high = _read(bands, _positions(bands, device) - _column(drawn.shift, device) * bands)
    levels = _between(levels, low, high, dim=1)
    at = _positions(frames, device)
    middle = (frames - 1) / 2
    at = (at - middle) * _column(drawn.stretch, device) + middle + _column(drawn.turn, device) * frames
    if drawn.turn.any():
        at = at % frames
    low, high = _read(frames, at)
    levels = _between(levels, low, high, dim=2)
    x = torch.linspace(0, 1, bands, device=device)[None]
    hill = torch.exp(-0.5 * ((x - _column(drawn.hill_at, device)) / 0.12) ** 2)
    colour = (
        _column(drawn.gain_db, device)
        + _column(drawn.tilt_db, device) * (x - 0.5)
        + _column(drawn.hill_db, device) * hill
    )
    levels = (levels + colour[:, :, None]).clamp(min=FLOOR_DB)
    levels = hide(levels, masks=drawn.time_masks, axis=-1)
    found: Tensor = hide(levels, masks=drawn.band_masks, axis=-2)
    return found


def mix(levels: Tensor, targets: Tensor, drawn: Disturbance) -> tuple[Tensor, Tensor]:
    """Return levels and targets mixed with their partners, both by the same share."""
    share = _column(drawn.share, levels.device)
    partner = torch.from_numpy(drawn.partner).to(levels.device)
    mixed = levels + share[:, :, None] * (levels[partner] - levels)
    return mixed, targets + share * (targets[partner] - targets)


def _column(values: NDArray[np.float32], device: torch.device) -> Tensor:
    return torch.from_numpy(values).to(device)[:, None]


def _positions(size: int, device: torch.device) -> Tensor:
    return torch.arange(size, dtype=torch.float32, device=device)[None]


def _read(size: int, at: Tensor) -> tuple[Tensor, Tensor]:
    """Return the whole positions (n, size) below, -1 or ``size`` outside, and the share of the next one."""
    at = at.clamp(-1, size)
    low = at.floor()
    return low.long(), at - low


def _between(levels: Tensor, low: Tensor, share: Tensor, *, dim: int) -> Tensor:
    """Read levels between positions of one axis; outside lies silence."""
    size = levels.shape[dim]
    pad = (0, 0, 1, 2) if dim == 1 else (1, 2)
    padded = torch.nn.functional.pad(levels, pad, value=FLOOR_DB)
    view = (-1, size, 1) if dim == 1 else (-1, 1, size)
    index = (low + 1).view(view).expand_as(levels)
    first, second = padded.gather(dim, index), padded.gather(dim, index + 1)
    return first + share.view(view) * (second - first)

"""What changes a sound and not its pitch, or its pitch by a known amount: the views `sori-pitch` learns from.

Two views of one stretch differ in timbre, background, level and direction of time, and are shifted apart by a
known number of bins. Their pitches must differ by that number and nothing else.

The one that settles octaves: a sound plus itself an octave (or a twelfth, or two octaves) higher has the
pitch of the lower, since every partial of the higher copy is a partial of the lower sound.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sori.models.pitch.options import SHIFTS

__all__ = ["FINER", "View", "seen"]

FINER = 2
"""Bins that are kept for each that the network sees: views can be half a bin apart."""

_OVERTONES = (36, 57, 72, 84)  # bins to 2, 3, 4 and 5 times a frequency
_FOLDED = 0.5  # how often a view gets overtones
_LOUDEST, _FAINTEST = -6.0, 24.0  # background, dB below the sound
_OCTAVE = 36


@dataclasses.dataclass(frozen=True)
class View:
    """Power ``(count, time, bins)``; how many bins up it was shifted; whether its time runs backwards."""

    power: Tensor
    shift: Tensor
    backwards: Tensor


def seen(
    sound: NDArray[np.float32],
    behind: NDArray[np.float32] | None,
    rng: np.random.Generator,
    *,
    bins: int,
    device: torch.device,
    strength: float = 1.0,
) -> View:
    """Return a view of sounds ``(count, time, finer bins, 2)`` before a background of the same shape.

    ``strength`` below 1 makes timbre and background less strange.
    """
    count, time, fine, _ = sound.shape
    octaves = np.arange(fine) / (FINER * _OCTAVE)
    x = torch.from_numpy(sound).to(device)
    gain = torch.from_numpy(np.float32(10) ** (_timbre(rng, count, octaves, strength) / 20)).to(device)
    folded = torch.zeros((count, time, fine), device=device)
    power = (x * x).sum(-1)
    chosen = rng.random(count) < _FOLDED * strength
    for overtone in _OVERTONES:
        loud = torch.from_numpy(
            np.where(chosen, 10 ** (rng.uniform(-24, 14, count) / 10), 0.0).astype(np.float32)
        )
        up = FINER * overtone
        folded[..., up:] += loud.to(device)[:, None, None] * power[..., :-up]
    # Timbre comes after: a lowest partial that it takes away does not take what lies above with it.
    x, folded = x * gain[:, None, :, None], folded * (gain * gain)[:, None, :]
    if behind is not None:
        y = torch.from_numpy(behind).to(device)
        decibels = rng.uniform(-_FAINTEST, -_LOUDEST, count) - 30 * (1 - strength)
        absent = rng.random(count) < 0.2
        level = torch.from_numpy(np.where(absent, 0.0, 10 ** (decibels / 20)).astype(np.float32)).to(device)
        ratio = torch.sqrt(_mean(x) / (_mean(y) + 1e-12)) * level
        x = x + ratio[:, None, None, None] * y
    power = (x * x).sum(-1) + folded
    shift = np.asarray(rng.integers(-SHIFTS * FINER, SHIFTS * FINER + 1, size=count), np.int64)
    # Bin b of the view is bin (b + SHIFTS) * FINER - shift of what is kept; above all of these is little.
    places = (np.arange(bins) + SHIFTS) * FINER - shift[:, None]
    beyond = torch.from_numpy(places >= fine).to(device)
    index = torch.from_numpy(np.clip(places, 0, fine - 1)).to(device)
    view = torch.gather(power, 2, index[:, None, :].expand(-1, time, -1))
    view = torch.where(beyond[:, None, :], 1e-5 * view, view)
    # What is far below the loud frames is nothing, as `floored` makes it when the network is used.
    floor = torch.from_numpy((10 ** rng.uniform(-5, -3, (count, 1, 1))).astype(np.float32)).to(device)
    view = view + floor * view.mean(2, keepdim=True).amax(1, keepdim=True)
    view = view * torch.from_numpy((10 ** (rng.uniform(-30, 10, (count, 1, 1)) / 10)).astype(np.float32)).to(
        device
    )
    back = torch.from_numpy(rng.random(count) < 0.5).to(device)
    view = torch.where(back[:, None, None], view.flip(1), view)
    return View(view, torch.from_numpy(shift.astype(np.float32) / FINER).to(device), back)


def _mean(x: Tensor) -> Tensor:
    return (x * x).sum(-1).mean((1, 2))


def _timbre(
    rng: np.random.Generator, count: int, octaves: NDArray[np.float64], strength: float
) -> NDArray[np.float32]:
    """Return gains in dB, ``(count, bins)``: a slope, resonances, gaps, now and then no bass or treble."""
    decibels = rng.uniform(-6, 6, (count, 1)) * strength * (octaves - 4)
    for _ in range(5):
        middle = rng.uniform(0, 8, (count, 1))
        width = rng.uniform(0.15, 1.2, (count, 1))
        height = rng.normal(0, 9 * strength, (count, 1))
        decibels = decibels + height * np.exp(-0.5 * ((octaves - middle) / width) ** 2)
    often = np.array([[0.45], [0.25]]) * strength
    steep = rng.uniform(6, 40, (count, 2, 1)) * (rng.random((count, 2, 1)) < often)
    no_bass = rng.uniform(1.0, 4.5, (count, 1))
    no_treble = rng.uniform(4.5, 7.5, (count, 1))
    decibels = decibels - steep[:, 0] * np.maximum(0, no_bass - octaves)
    decibels = decibels - steep[:, 1] * np.maximum(0, octaves - no_treble)
    return np.maximum(decibels, -70.0).astype(np.float32)

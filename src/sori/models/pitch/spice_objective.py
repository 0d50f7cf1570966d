"""SPICE's losses: slices of one frame, shifted apart, must be so far apart in pitch, and come back.

Gfeller et al. 2020, equations 2 to 7, with their constants. What differs: magnitudes are divided by the
frame's highest, so that gain is no matter; copies an octave away are made by playing faster and slower.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from sori.analysis.melody.pitch_bands import PitchBands
from sori.models.pitch.material import Material
from sori.models.pitch.options import PitchOptions
from sori.models.pitch.spice_network import SLICE, SpiceNetwork

__all__ = ["OFFSET", "SIGMA", "SpiceObjective", "levelled"]

OFFSET = 4
"""Where the slice begins that is heard after training: the middle of those that are drawn in it."""

SIGMA = 1 / (24 * math.log2(880 / 55))
"""How far apart pitches are that are a bin apart: the range of 0 to 1 is four octaves, as of singing."""

_FARTHEST = 8  # bins by which slices are shifted
_PITCH, _RECONSTRUCTION = 1e4, 1.0  # weights of the losses
_BEHIND_DB = (-25.0, 5.0)  # background beside the sound
_AGREED = 1.0  # bins, of a check


class SpiceObjective:
    """SPICE's network and its loss."""

    def __init__(self, options: PitchOptions, bands: PitchBands) -> None:
        self.options, self.bands = options, bands
        self.network = SpiceNetwork(width=int(options.width or 0))

    @staticmethod
    def kept(bands: PitchBands) -> PitchBands:
        """Return the bands that material is kept in."""
        return bands

    def loss(
        self, material: Material, rng: np.random.Generator, *, roles: tuple[int, ...], device: torch.device
    ) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of a batch, and what is told of it."""
        count = int(self.options.batch_size or 0)
        sound = material.draw(rng, count, length=1, roles=roles)[:, 0]
        shifts = rng.integers(_FARTHEST + 1, size=(2, count))
        clean = [_slice(sound, shift) for shift in shifts]
        heard = [torch.from_numpy(levelled(part)).to(device) for part in clean]
        if self.options.background:
            behind = material.draw(rng, count, length=1, roles=(2,))[:, 0]
            ratio = np.sqrt(np.mean(sound**2, (1, 2)) / (np.mean(behind**2, (1, 2)) + 1e-12))
            ratio *= 10 ** (rng.uniform(*_BEHIND_DB, count) / 20)
            mixed = sound + ratio[:, None, None] * behind
            heard += [torch.from_numpy(levelled(_slice(mixed, shift))).to(device) for shift in shifts]
        pitch, sure = self.network(torch.cat(heard))
        pitches, sures = pitch.split(count), sure.split(count)
        apart = torch.from_numpy((shifts[0] - shifts[1]).astype(np.float32)).to(device) * SIGMA
        # A slice that begins higher shows its content lower.
        pairs = [(a, b) for a in range(0, len(pitches), 2) for b in range(1, len(pitches), 2)]
        errors = [(pitches[b] - pitches[a] - apart).abs() for a, b in pairs]
        loss_pitch = torch.stack([_huber(error, 0.25 * SIGMA) for error in errors]).mean()
        back = torch.zeros((), device=device)
        if self.options.reconstruction:
            wanted = heard[:2] * (len(pitches) // 2)
            back = torch.stack(
                [
                    ((self.network.decoded(p) - x) ** 2).sum(-1).mean()
                    for p, x in zip(pitches, wanted, strict=True)
                ]
            ).mean()
        own = [((1 - sures[k].sigmoid()) - errors[-1].detach() / SIGMA).square().mean() for k in (-1, -2)]
        agreed = (errors[-1] < _AGREED * SIGMA).float().mean().item()
        told = {"pitch": _PITCH * loss_pitch.item(), "agreed": agreed, "reconstruction": back.item()}
        return _PITCH * loss_pitch + _RECONSTRUCTION * back + own[0] + own[1], told


def levelled(parts: np.ndarray) -> np.ndarray:
    """Return magnitudes of complex slices ``(count, SLICE, 2)``, the highest of each 1."""
    magnitude = np.sqrt((parts * parts).sum(-1))
    return np.asarray(magnitude / (magnitude.max(-1, keepdims=True) + 1e-6), np.float32)


def _slice(sound: np.ndarray, shift: np.ndarray) -> np.ndarray:
    return np.take_along_axis(sound, (np.arange(SLICE) + shift[:, None])[..., None], axis=1)


def _huber(error: Tensor, threshold: float) -> Tensor:
    return nn.functional.huber_loss(error, torch.zeros_like(error), delta=threshold)

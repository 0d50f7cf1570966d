"""The network of `sori-pitch`: what it hears at a pitch's harmonics, the same at every pitch.

Convolutions over log frequency turn a shifted sound into a shifted answer by construction (Riou et al.,
"PESTO", ISMIR 2023). Here the wide ones are sparse: a sound of pitch ``p`` has its partials at ``p +
log2(h)``, so each layer that compares frequencies looks only there, at its neighbours, and at places where a
partial would betray another pitch (half, a third, one and a half of it). Frames before and after take part by
short convolutions along time, of which both directions are alike to the objective. The answer begins as a sum
of levels over harmonics (Hermes, "Measurement of pitch by subharmonic summation", JASA 83, 1988), which
learns too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

__all__ = ["CONTEXT", "PITCHES", "HarmonicNetwork"]

PITCHES = 220
"""How many pitches it tells apart, a third of a semitone from each other, from the lowest band up."""

CONTEXT = 6
"""Frames that it sees before and after the one that it answers for."""

_PARTIALS = (1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 5 / 2, 3, 4, 5, 6, 7, 8, 9, 10, 12)
_WHOLE = range(1, 9)  # partials in the sum that it begins as ...
_FADING = 0.8  # ... and how much less each counts than the one below
_RIVALS = (1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3)
_FLOOR = 1e-5  # of the mean power of a frame: what lies below is silence
_SILENCE = 1e-10  # power that is silence wherever it is
_QUIET = -3.0  # what stands beyond the bands
_LOCAL = 4  # channels of what is heard in a band and its neighbours
_FEW = 6  # channels in which pitches are compared


class HarmonicNetwork(nn.Module):
    """Power ``(batch, time, bands)`` to logits ``(batch, time - 2 CONTEXT, PITCHES)`` and of confidence."""

    def __init__(self, *, width: int, bins_per_octave: int, n_bins: int) -> None:
        super().__init__()
        self.partials = _places(_PARTIALS, bins_per_octave)
        self.rivals = _places(_RIVALS, bins_per_octave)
        low, high = -min(self.partials), max(self.partials) + PITCHES - n_bins
        self.edges = (low, max(0, high))
        self.low = low
        self.around = (-min(self.rivals), max(self.rivals))
        self.local = nn.Conv2d(1, 2 * _LOCAL, (1, 7), padding=(0, 3))
        self.joined = nn.Conv2d(2 * _LOCAL, _LOCAL, 1)
        self.gathered = nn.Conv2d(_LOCAL * len(self.partials), width, 1)
        self.before = nn.Conv2d(width, width, (5, 1))
        self.after = nn.Conv2d(width, width, (5, 1), dilation=(2, 1))
        self.few = nn.Conv2d(width, _FEW, 1)
        self.compared = nn.Conv2d(_FEW * len(self.rivals) + width, width, 1)
        self.last = nn.Conv2d(width, 1, 1)
        self.summed = nn.Conv2d(len(self.partials), 1, 1, bias=False)
        self._begin()
        self.sure = nn.Sequential(nn.Linear(width + 3, 24), nn.LeakyReLU(0.1), nn.Linear(24, 1))

    def forward(self, power: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of pitches, and of the confidence, whose gradient stays in its own head."""
        x = nn.functional.pad(_levels(power), self.edges, value=_QUIET).unsqueeze(1)
        y = self.joined(_bent(self.local(x)))
        z = _bent(self.gathered(_gathered(y, self.partials, self.low)))
        z = z[:, :, 2:-2] + _bent(self.before(z))
        z = z[:, :, 4:-4] + _bent(self.after(z))
        few = nn.functional.pad(self.few(z), self.around)
        beside = _gathered(few, self.rivals, self.around[0])
        z = z + _bent(self.compared(torch.cat([beside, z], 1)))
        summed = self.summed(_gathered(x[:, :, CONTEXT:-CONTEXT], self.partials, self.low))
        logits = (self.last(z) + summed).squeeze(1)
        return logits, self._confidence(logits.detach(), z.detach())

    def _begin(self) -> None:
        """Begin as a sum over harmonics, so that of all equivariant answers the pitch itself is learned."""
        first = [_FADING ** (ratio - 1) if ratio in _WHOLE else 0.0 for ratio in _PARTIALS]
        with torch.no_grad():
            self.summed.weight.copy_(torch.tensor(first).reshape(1, -1, 1, 1))
            self.last.weight.mul_(0.1)

    def _confidence(self, logits: Tensor, z: Tensor) -> Tensor:
        share = logits.softmax(-1)
        at = (z * share.unsqueeze(1)).sum(-1).transpose(1, 2)
        unsure = -(share * torch.log(share + 1e-9)).sum(-1)
        told = torch.stack([share.amax(-1), unsure, logits.amax(-1) / 10], -1)
        sure: Tensor = self.sure(torch.cat([at, told], -1)).squeeze(-1)
        return sure


def _levels(power: Tensor) -> Tensor:
    """Return log power beside the frame's mean, with a floor under it."""
    mean = power.mean(-1, keepdim=True)
    return 0.5 * torch.log((power + _FLOOR * mean + _SILENCE) / (mean + _SILENCE))


def _bent(x: Tensor) -> Tensor:
    return nn.functional.leaky_relu(x, 0.1)


def _gathered(x: Tensor, places: Sequence[int], low: int) -> Tensor:
    """Return for each pitch what lies at places beside it, all places' channels one after the other."""
    return torch.cat([x[..., low + place : low + place + PITCHES] for place in places], 1)


def _places(ratios: Sequence[float], bins_per_octave: int) -> list[int]:
    """Return how many bins away ratios of frequency lie."""
    return [round(bins_per_octave * math.log2(ratio)) for ratio in ratios]

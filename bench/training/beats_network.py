"""The network that hears beats and bars: a small temporal convolutional network (Davies & Boeck 2019).

Two frames are one step inside (25 a second) and come out as two again, which halves the work.
"""

from __future__ import annotations

import torch
from torch import nn

N_MELS = 40
CHANNELS = 32
DILATIONS = (1, 2, 4, 8, 16, 32, 64)  # steps: sees about 10 s to either side


class Block(nn.Module):
    """A dilated convolution added to what went in."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.wide = nn.Conv1d(channels, channels, 5, padding=2 * dilation, dilation=dilation, bias=False)
        self.norm = nn.BatchNorm1d(channels)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.drop = nn.Dropout1d(0.1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ``(batch, channels, steps)``."""
        return x + self.mix(self.drop(nn.functional.elu(self.norm(self.wide(x)))))


class BeatNetwork(nn.Module):
    """Log-compressed mel power ``(batch, frames, 40)``, frames even, to logits ``(batch, frames, 2)``.

    The first of two is for a beat, the second for a bar line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(N_MELS))
        self.register_buffer("scale", torch.ones(1))
        self.front = nn.Conv1d(N_MELS, CHANNELS, 6, stride=2, padding=2, bias=False)
        self.norm = nn.BatchNorm1d(CHANNELS)
        self.blocks = nn.Sequential(*(Block(CHANNELS, dilation) for dilation in DILATIONS))
        self.out = nn.Conv1d(CHANNELS, 4, 1)
        nn.init.constant_(self.out.bias, -2.5)

    def forward(self, levels: torch.Tensor) -> torch.Tensor:
        """Return the logits."""
        x = ((levels - self.mean) * self.scale).transpose(1, 2)
        x = nn.functional.elu(self.norm(self.front(x)))
        x = self.out(nn.functional.elu(self.blocks(x)))  # (batch, 4, steps)
        return x.transpose(1, 2).reshape(x.shape[0], -1, 2)

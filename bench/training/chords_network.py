"""The network that hears chords: the same on every root, because it only turns round the pitch classes.

Each layer is one product over all channels and all twelve pitch classes whose weights depend on the
interval between two pitch classes alone, and one short filter in time. Such a product is a circular
convolution, done here among the twelve numbers of its Fourier series, which takes a sixth of the work.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from sori.analysis.harmony.salience import N_REGISTERS
from sori.analysis.harmony.vocabulary import QUALITIES

__all__ = ["REACH", "ChordNetwork", "Shipped"]

CHANNELS = 32
DILATIONS = (1, 2, 4, 8, 16, 24)
TAPS = 5
REACH = TAPS // 2 * sum(DILATIONS)
"""How many frames to each side an answer depends on."""


def _series() -> Tensor:
    """Return the matrix from twelve pitch classes to mean, alternation, five cosines and five sines."""
    angle = torch.arange(12, dtype=torch.float64)[None] * torch.arange(7)[:, None] * (2 * math.pi / 12)
    return torch.cat([angle[[0, 6]].cos(), angle[1:6].cos(), -angle[1:6].sin()])


class Turning(nn.Module):
    """A linear layer of channels by pitch classes that a transposition passes through unchanged."""

    def __init__(self, n_in: int, n_out: int, *, scale: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out, 12) * scale * (12 * n_in) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(n_out))
        self.register_buffer("there", _series().float(), persistent=False)
        self.register_buffer("back", torch.linalg.inv(_series()).float(), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Turn ``(12, batch, frames, n_in)`` into ``(12, batch, frames, n_out)``."""
        n_in, n_out, _ = self.weight.shape
        _, n, frames, _ = x.shape
        weight = (self.weight @ self.there.T).permute(2, 0, 1)
        cos, sin = weight[2:7], weight[7:]
        turns = torch.cat([torch.cat([cos, sin], 2), torch.cat([-sin, cos], 2)], 1)
        series = (self.there @ x.reshape(12, -1)).reshape(12, n * frames, n_in)
        plain = series[:2] @ weight[:2]
        turned = torch.cat([series[2:7], series[7:]], 2) @ turns
        out = torch.cat([plain, turned[:, :, :n_out], turned[:, :, n_out:]])
        return (self.back @ out.reshape(12, -1)).reshape(12, n, frames, n_out) + self.bias


class InTime(nn.Module):
    """A short filter of every channel over time, the same for all pitch classes."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        start = torch.zeros(TAPS, CHANNELS)
        start[TAPS // 2] = 1
        self.weight = nn.Parameter(start + 0.1 * torch.randn(TAPS, CHANNELS))
        self.dilation = dilation

    def forward(self, x: Tensor) -> Tensor:
        """Filter ``(12, batch, frames, CHANNELS)``; beyond the ends there is nothing."""
        reach = self.dilation * (TAPS // 2)
        padded = nn.functional.pad(x, (0, 0, reach, reach))
        n = x.shape[2]
        out = padded[:, :, :n] * self.weight[0]
        for k in range(1, TAPS):
            out = torch.addcmul(out, padded[:, :, k * self.dilation : k * self.dilation + n], self.weight[k])
        return out


class Layer(nn.Module):
    """Look about in time, combine pitch classes, add."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.in_time = InTime(dilation)
        self.combine = Turning(CHANNELS, CHANNELS)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` and what this layer adds to it."""
        return x + torch.relu(self.combine(self.in_time(levelled(x))))


class ChordNetwork(nn.Module):
    """Registers ``(batch, frames, N_REGISTERS * 12)`` to the logits of chords, bass, pitch classes, keys."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = Turning(N_REGISTERS, CHANNELS)
        self.layers = nn.ModuleList(Layer(dilation) for dilation in DILATIONS)
        self.leave = Turning(CHANNELS, len(QUALITIES) + 4, scale=0.1)
        self.nothing = nn.Sequential(nn.Linear(CHANNELS, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return logits: chords (numbered as in the package, no chord last), bass, notes (to train), keys.

        Keys are 24, the major ones from C, then the minor ones.
        """
        n, frames, _ = x.shape
        x = torch.relu(self.enter(x.reshape(n, frames, N_REGISTERS, 12).permute(3, 0, 1, 2)))
        for layer in self.layers:
            x = layer(x)
        x = levelled(x)
        heard = self.leave(x).permute(1, 2, 0, 3)  # (batch, frames, 12, what)
        many = len(QUALITIES)
        quality = heard[..., :many].reshape(n, frames, 12 * many)
        chord = torch.cat([quality, self.nothing(x.mean(dim=0))], dim=-1)
        keys = heard[..., many + 2 :].transpose(-1, -2).reshape(n, frames, 24)
        return chord, heard[..., many], heard[..., many + 1], keys


class Shipped(nn.Module):
    """What is exported: logarithms of belief in chords, bass and keys."""

    def __init__(self, network: ChordNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return log probabilities ``(1, frames, N_CHORDS)``, ``(1, frames, 12)`` and ``(1, frames, 24)``."""
        chord, bass, _, key = self.network(x)
        return (
            torch.log_softmax(chord, dim=-1),
            torch.log_softmax(bass, dim=-1),
            torch.log_softmax(key, dim=-1),
        )


def levelled(x: Tensor) -> Tensor:
    """Divide by the root mean square of each frame."""
    return x * torch.rsqrt(x.square().mean(dim=(0, 3), keepdim=True) + 1e-3)

"""The network that hears chords: the same on every root, because it only turns round the pitch classes.

Each layer is one product over all channels and all twelve pitch classes whose weights depend on the
interval between two pitch classes alone, and one short filter in time.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sori.analysis.harmony.salience import N_REGISTERS
from sori.analysis.harmony.vocabulary import QUALITIES

__all__ = ["ChordNetwork", "Shipped"]

CHANNELS = 24
DILATIONS = (1, 2, 4, 8, 16)
TAPS = 5


class Turning(nn.Module):
    """A linear layer of channels by pitch classes that a transposition passes through unchanged."""

    def __init__(self, n_in: int, n_out: int, *, scale: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_in, n_out, 12) * scale * (12 * n_in) ** -0.5)
        self.bias = nn.Parameter(torch.zeros(n_out))
        step = (torch.arange(12)[None, :] - torch.arange(12)[:, None]) % 12
        self.register_buffer("step", step, persistent=False)

    def dense(self) -> tuple[Tensor, Tensor]:
        """Return the product as a plain matrix ``(n_in * 12, n_out * 12)``, and its bias."""
        n_in, n_out, _ = self.weight.shape
        matrix = self.weight[:, :, self.step].permute(0, 2, 1, 3).reshape(n_in * 12, n_out * 12)
        return matrix, self.bias.repeat_interleave(12)

    def forward(self, x: Tensor) -> Tensor:
        """Turn ``(batch, frames, n_in * 12)`` into ``(batch, frames, n_out * 12)``."""
        matrix, bias = self.dense()
        return x @ matrix + bias


class InTime(nn.Module):
    """A short filter of every channel over time, the same for all pitch classes."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        start = torch.zeros(TAPS, CHANNELS)
        start[TAPS // 2] = 1
        self.weight = nn.Parameter(start + 0.1 * torch.randn(TAPS, CHANNELS))
        self.dilation = dilation

    def forward(self, x: Tensor) -> Tensor:
        """Filter ``(batch, frames, CHANNELS * 12)``; beyond the ends there is nothing."""
        reach = self.dilation * (TAPS // 2)
        padded = nn.functional.pad(x, (0, 0, reach, reach))
        n = x.shape[1]
        gains = self.weight.repeat_interleave(12, dim=1)
        return sum(padded[:, k * self.dilation : k * self.dilation + n] * gains[k] for k in range(TAPS))


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
    """Registers ``(batch, frames, N_REGISTERS * 12)`` to the logits of chords, bass and pitch classes."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = Turning(N_REGISTERS, CHANNELS)
        self.layers = nn.ModuleList(Layer(dilation) for dilation in DILATIONS)
        self.quality = Turning(CHANNELS, len(QUALITIES), scale=0.1)
        self.bass = Turning(CHANNELS, 1, scale=0.1)
        self.notes = Turning(CHANNELS, 1, scale=0.1)
        self.nothing = nn.Sequential(nn.Linear(CHANNELS, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return logits: chords (numbered as in the package, no chord last), bass, and notes (to train)."""
        x = torch.relu(self.enter(x))
        for layer in self.layers:
            x = layer(x)
        x = levelled(x)
        shape = x.shape[:-1]
        quality = self.quality(x).reshape(*shape, len(QUALITIES), 12).transpose(-1, -2).reshape(*shape, -1)
        nothing = self.nothing(x.reshape(*shape, CHANNELS, 12).mean(dim=-1))
        return torch.cat([quality, nothing], dim=-1), self.bass(x), self.notes(x)


class Shipped(nn.Module):
    """What is exported: logarithms of belief in chords and bass."""

    def __init__(self, network: ChordNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return log probabilities ``(1, frames, N_CHORDS)`` and ``(1, frames, 12)``."""
        chord, bass, _ = self.network(x)
        return torch.log_softmax(chord, dim=-1), torch.log_softmax(bass, dim=-1)


def levelled(x: Tensor) -> Tensor:
    """Divide by the root mean square of each frame."""
    return x * torch.rsqrt(x.square().mean(dim=-1, keepdim=True) + 1e-3)

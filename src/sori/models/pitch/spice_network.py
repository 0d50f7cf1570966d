"""SPICE's network: one slice of a constant-Q frame to one number, and back to the slice.

Source: Gfeller, Frank, Roblek, Sharifi, Tagliasacchi & Velimirović, "SPICE: self-supervised pitch
estimation", IEEE/ACM TASLP 28, 2020. Its ``d`` is ``width`` here, 64 in the paper; the decoder has half of
it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["SLICE", "SpiceNetwork"]

SLICE = 128
"""Bins that the network sees."""

_GROWTH = (1, 2, 4, 8, 8, 8)
_HIDDEN = 48


class SpiceNetwork(nn.Module):
    """Slices ``(batch, SLICE)`` to pitch ``(batch,)`` in [0, 1], logits of confidence and slices again."""

    def __init__(self, *, width: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for growth in _GROWTH:
            layers += [
                nn.Conv1d(before, width * growth, 3, padding=1),
                nn.BatchNorm1d(width * growth),
                nn.ReLU(inplace=True),
                nn.MaxPool1d(3, stride=2, padding=1),
            ]
            before = width * growth
        self.encoder = nn.Sequential(*layers, nn.Flatten())
        flat = before * SLICE // 2 ** len(_GROWTH)
        self.pitch = nn.Sequential(nn.Linear(flat, _HIDDEN), nn.ReLU(inplace=True), nn.Linear(_HIDDEN, 1))
        self.sure = nn.Linear(flat, 1)
        half = max(1, width // 2)
        self.first = nn.Linear(1, half * _GROWTH[-1] * SLICE // 2 ** len(_GROWTH))
        self.start = half * _GROWTH[-1]
        layers, before = [], self.start
        for growth in (*_GROWTH[-2::-1], 0):
            after = half * growth or 1
            layers.append(nn.ConvTranspose1d(before, after, 4, stride=2, padding=1))
            if growth:
                layers += [nn.BatchNorm1d(after), nn.ReLU(inplace=True)]
            before = after
        self.decoder = nn.Sequential(*layers)

    def forward(self, slices: Tensor) -> tuple[Tensor, Tensor]:
        """Return pitch and the logits of confidence; the gradient of the latter stays in its head."""
        heard = self.encoder(slices.unsqueeze(1))
        return self.pitch(heard).squeeze(-1).sigmoid(), self.sure(heard.detach()).squeeze(-1)

    def decoded(self, pitch: Tensor) -> Tensor:
        """Return the slices that a pitch stands for."""
        start = torch.relu(self.first(pitch.unsqueeze(-1))).reshape(len(pitch), self.start, -1)
        decoded: Tensor = self.decoder(start).squeeze(1)
        return decoded

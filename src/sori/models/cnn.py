"""A small convolutional network: four pairs of 3 x 3 convolutions, each halving time and frequency."""

from __future__ import annotations

from torch import Tensor, cat, nn

__all__ = ["Cnn", "pooled"]

_CHANNELS = (16, 32, 64, 128)


class Cnn(nn.Module):
    """Levels ``(batch, bands, frames)`` to ``(batch, width)``, of any number of frames."""

    width = 2 * _CHANNELS[-1]

    def __init__(self, *, n_mels: int, frames: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for channels in _CHANNELS:
            layers += _convolution(before, channels, stride=2)
            layers += _convolution(channels, channels, stride=1)
            before = channels
        self.layers = nn.Sequential(*layers)

    def forward(self, levels: Tensor) -> Tensor:
        """Return mean and maximum over time of the mean over frequency."""
        return pooled(self.layers(levels[:, None]))


def pooled(x: Tensor) -> Tensor:
    """Return ``(batch, 2 * channels)`` of ``(batch, channels, bands, frames)``.

    The mean over time is what lasts, the maximum what stands out.
    """
    x = x.mean(2)
    return cat([x.mean(-1), x.amax(-1)], dim=1)


def _convolution(before: int, channels: int, *, stride: int) -> list[nn.Module]:
    return [
        nn.Conv2d(before, channels, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(inplace=True),
    ]

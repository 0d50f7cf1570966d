"""A compact network: what happens at each frequency, and beside it what happens over all of them in time.

Two plain convolutions bring the spectrogram down to a sixteenth. Then each block convolves along frequency
and time a channel at a time, averages over frequency, listens along time to that, and adds it back to every
frequency; channels are mixed by 1 x 1 convolutions. That needs a third of the parameters of plain
convolutions.

Source: Kim, Chang, Lee & Sung, "Broadcasted residual learning for efficient keyword spotting", Interspeech
2021 (the idea of the block; sizes, pooling and stem are our own).
"""

from __future__ import annotations

from torch import Tensor, nn

from sori.models.cnn import pooled

__all__ = ["Compact"]

_STEM = (16, 32)
_STAGES = ((48, 2, 2), (96, 3, 2))  # channels, blocks, stride on entering


class Compact(nn.Module):
    """Levels ``(batch, bands, frames)`` to ``(batch, width)``, of any number of frames."""

    width = 2 * 192

    def __init__(self, *, n_mels: int, frames: int) -> None:
        super().__init__()
        first, before = _STEM
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(inplace=True),
            nn.Conv2d(first, before, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(before),
            nn.ReLU(inplace=True),
        )
        blocks: list[nn.Module] = []
        for channels, count, stride in _STAGES:
            for number in range(count):
                blocks.append(_Block(before, channels, stride=stride if number == 0 else 1))
                before = channels
        self.blocks = nn.Sequential(*blocks)
        self.last = nn.Sequential(
            nn.Conv2d(before, self.width // 2, 1, bias=False),
            nn.BatchNorm2d(self.width // 2),
            nn.ReLU(inplace=True),
        )

    def forward(self, levels: Tensor) -> Tensor:
        """Return mean and maximum over time of the mean over frequency."""
        return pooled(self.last(self.blocks(self.stem(levels[:, None]))))


class _Block(nn.Module):
    """``x`` (where the shape stays) + what each frequency says + what all say together over time."""

    def __init__(self, before: int, channels: int, *, stride: int) -> None:
        super().__init__()
        self.same = stride == 1 and before == channels
        self.each = nn.Sequential(
            nn.Conv2d(before, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, stride=stride, padding=1, groups=channels, bias=False),
            nn.BatchNorm2d(channels),
        )
        self.together = nn.Sequential(
            nn.Conv1d(channels, channels, 5, padding=2, groups=channels, bias=False),
            nn.BatchNorm1d(channels),
            nn.ReLU(inplace=True),
            nn.Conv1d(channels, channels, 1),
            nn.Dropout1d(0.1),
        )
        self.out = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``(batch, channels, bands, frames)``, both halved by a stride of 2."""
        each = self.each(x)
        found = each + self.together(each.mean(2))[:, :, None]
        out: Tensor = self.out(found + x if self.same else found)
        return out

"""The convolutional recurrent network of the tagging literature: what is heard, then in which order.

Source: Choi, Fazekas, Sandler & Cho, "Convolutional recurrent neural networks for music classification",
ICASSP 2017: four convolutions with pooling down to one band and about fifteen steps, then two GRUs.
"""

from __future__ import annotations

import math

from torch import Tensor, nn

__all__ = ["Crnn"]

_CHANNELS = (32, 64, 64, 64)
_UNITS = 32
_STEPS = 15  # about so many are left for the recurrent part, as in the source


class Crnn(nn.Module):
    """Levels ``(batch, bands, frames)`` to ``(batch, width)``.

    The source pools 96 bands and 1366 frames by (2, 2), (3, 3), (4, 4) and (4, 4); here the factors are those
    that leave one band and about fifteen steps of other sizes.
    """

    width = _UNITS

    def __init__(self, *, n_mels: int, frames: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for channels, over in zip(
            _CHANNELS, zip(_factors(n_mels, 1), _factors(frames, _STEPS), strict=True), strict=True
        ):
            layers += [
                nn.Conv2d(before, channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(channels),
                nn.ELU(inplace=True),
                nn.MaxPool2d(over, ceil_mode=True),
                nn.Dropout(0.1),
            ]
            before = channels
        self.layers = nn.Sequential(*layers)
        self.order = nn.GRU(before, _UNITS, num_layers=2, batch_first=True)

    def forward(self, levels: Tensor) -> Tensor:
        """Return what the last step knows of all before it."""
        x = self.layers(levels[:, None]).mean(2)  # one band is left, or as good as one
        found, _ = self.order(x.transpose(1, 2))
        last: Tensor = found[:, -1]
        return last


def _factors(size: int, left: int) -> tuple[int, ...]:
    """Return four whole factors, the smaller ones first, that bring ``size`` down to about ``left``.

    >>> _factors(96, 1), _factors(1366, 15)
    ((3, 3, 3, 4), (3, 3, 3, 3))
    """
    found = []
    for remaining in range(len(_CHANNELS), 0, -1):
        factor = max(1, round((size / left) ** (1 / remaining)))
        found.append(factor)
        size = math.ceil(size / factor)
    return tuple(sorted(found))

"""Weights averaged over the steps of training: what ships hears better than what learns."""

from __future__ import annotations

import torch
from torch import nn

__all__ = ["follow"]


@torch.no_grad()
def follow(kept: nn.Module, network: nn.Module, slowness: float) -> None:
    """Move the averaged weights of ``kept`` a little towards those that learn, in place.

    ``slowness`` is what stays of the old ones at each step, 0 to 1 (Polyak & Juditsky, 1992).
    """
    for mine, theirs in zip(kept.state_dict().values(), network.state_dict().values(), strict=True):
        if mine.is_floating_point():
            mine.lerp_(theirs, 1 - slowness)
        else:
            mine.copy_(theirs)

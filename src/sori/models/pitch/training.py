"""The training loop of the networks of pitch, all of it on this page.

Everything random in a step comes from the seed and the step's number, and a checkpoint is kept at every
check: a run that was killed goes on from there and ends with the same weights as one that was not.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from sori.models.averaging import follow
from sori.models.checkpoint import load_checkpoint, save_checkpoint
from sori.models.pitch.material import Material
from sori.models.pitch.options import PitchOptions
from sori.models.training import device_for

__all__ = ["Check", "Objective", "train"]

CHECKS = 40
"""How often in a run the network is tried on files kept back."""

_BATCHES = 4  # in a check, always the same
_WARM = 0.05
_CLIP = 1.0
_AVERAGING = 0.995  # how slowly the weights that are kept follow


class Objective(Protocol):
    """A network, and what it is asked."""

    network: Any

    def loss(
        self, material: Material, rng: np.random.Generator, *, roles: tuple[int, ...], device: torch.device
    ) -> tuple[Tensor, dict[str, float]]:
        """Return the loss of a batch, and what is told of it."""


@dataclasses.dataclass(frozen=True)
class Check:
    """How training goes: the step, the mean loss since the last check, and on files kept back.

    ``agreed`` is the share of moments of which two views say one pitch, to a bin.
    """

    step: int
    steps: int
    loss: float
    validation_loss: float
    agreed: float


def train(
    objective: Objective,
    material: Material,
    options: PitchOptions,
    *,
    checkpoint: Path,
    stamp: str,
    report: Callable[[Check], None] = lambda check: None,
) -> list[Check]:
    """Train a network in place and return how it went; it ends with its best weights, on the CPU."""
    device = device_for(options.device)
    network = objective.network.to(device).train()
    kept = copy.deepcopy(network).eval().requires_grad_(False)
    optimizer = torch.optim.Adam(network.parameters(), lr=options.learning_rate or 0.0)
    steps = int(options.steps or 0)
    every = max(1, steps // CHECKS)
    history: list[Check] = []
    best: dict[str, Any] = {"loss": math.inf, "step": 0, "weights": None}
    parts = {"network": network, "kept": kept, "optimizer": optimizer}
    if (found := load_checkpoint(checkpoint, stamp)) is not None:
        for name, part in parts.items():
            part.load_state_dict(found[name])
        history = [Check(**check) for check in found["history"]]
        best = found["best"]
    losses: list[float] = []
    for step in range(history[-1].step + 1 if history else 1, steps + 1):
        if _is_over(history, best, options, every):
            break
        for group in optimizer.param_groups:
            group["lr"] = (options.learning_rate or 0.0) * _rate(step, steps, options.configuration)
        rng = np.random.default_rng([options.seed, 2, step])
        loss, _ = objective.loss(material, rng, roles=(0,), device=device)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
        optimizer.step()
        follow(kept, network, min(_AVERAGING, 1 - 1 / (1 + 0.1 * step)))
        losses.append(loss.item())
        if step % every and step < steps:
            continue
        objective.network = kept
        valued, agreed = _checked(objective, material, options, device)
        objective.network = network
        history.append(Check(step, steps, float(np.mean(losses)), valued, agreed))
        losses = []
        if valued < best["loss"]:
            state = {name: value.detach().cpu().clone() for name, value in kept.state_dict().items()}
            best = {"loss": valued, "step": step, "weights": state}
        states = {name: part.state_dict() for name, part in parts.items()}
        told = [dataclasses.asdict(each) for each in history]
        save_checkpoint(checkpoint, stamp, {**states, "history": told, "best": best})
        report(history[-1])
    network.load_state_dict(best["weights"] or kept.state_dict())
    network.to("cpu").eval()
    return history


def _is_over(history: list[Check], best: dict[str, Any], options: PitchOptions, every: int) -> bool:
    """Say whether there was no gain for too long, once half of the run is over."""
    return bool(history) and (
        history[-1].step > history[-1].steps // 2
        and history[-1].step - best["step"] > options.patience * every
    )


def _rate(step: int, steps: int, configuration: str) -> float:
    """Return the share of the learning rate; the paper's does not change."""
    if configuration == "spice":
        return 1.0
    warm = max(1, round(_WARM * steps))
    if step < warm:
        return step / warm
    return 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


@torch.no_grad()
def _checked(
    objective: Objective, material: Material, options: PitchOptions, device: torch.device
) -> tuple[float, float]:
    told = [
        (loss.item(), said["agreed"])
        for loss, said in (
            objective.loss(material, np.random.default_rng([options.seed, 3, k]), roles=(1,), device=device)
            for k in range(_BATCHES)
        )
    ]
    loss, agreed = np.mean(told, axis=0)
    return float(loss), float(agreed)

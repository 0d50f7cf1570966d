"""The training loop of the networks, all of it on this page.

Everything that is random in an epoch comes from the seed and the number of the epoch, and each epoch ends
with a checkpoint: a run that was killed goes on from the last one and ends with the same weights as one
that was not.
"""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from sori.errors import ParameterError
from sori.models.averaging import follow
from sori.models.checkpoint import load_checkpoint, save_checkpoint
from sori.models.disturbance import disturb, draw, mix
from sori.models.levels import Levels
from sori.models.network import SoundNetwork
from sori.models.options import TrainingOptions

__all__ = ["Epoch", "device_for", "train"]

_PASSES = 4  # excerpts of one recording in an epoch, at most
_WARM_UP = 0.1  # share of the steps over which the learning rate rises
_CLIP = 5.0  # longest gradient
_RAREST = 10.0  # a class counts at most so many times as much as an average one


@dataclasses.dataclass(frozen=True)
class Epoch:
    """How an epoch went: losses in nats, ``accuracy`` of the validation part, ``None`` without one."""

    number: int
    epochs: int
    loss: float
    validation_loss: float | None = None
    accuracy: float | None = None


def train(
    network: SoundNetwork,
    levels: Levels,
    targets: NDArray[np.float32],
    *,
    training: NDArray[np.intp],
    validation: NDArray[np.intp],
    frames: int,
    turned: bool,
    options: TrainingOptions,
    checkpoint: Path,
    stamp: str,
    report: Callable[[Epoch], None] = lambda epoch: None,
) -> list[Epoch]:
    """Train a network in place and return how it went.

    Parameters
    ----------
    network
        With its first weights and its normalisation; afterwards with its best ones, on the CPU.
    levels, targets
        Of all recordings; targets (recordings, classes) are 1 where a label is meant.
    training, validation
        The numbers of the recordings to learn from, and of those that say when to stop (may be none).
    frames, turned
        The length of an excerpt; whether time may be turned round in it.
    checkpoint, stamp
        Where a checkpoint is kept, and what says that it is of this very run.
    report
        Called after each epoch.
    """
    device = device_for(options.device)
    half = options.mixed_precision and device.type == "cuda"
    network.to(device).train()
    kept = copy.deepcopy(network).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(_groups(network, options), lr=options.learning_rate)
    scaler = torch.amp.GradScaler(device.type, enabled=half)
    turns = np.repeat(training, _passes(levels, training, frames))
    epochs = options.epochs_for(len(turns), short=not turned)
    steps = math.ceil(len(turns) / options.batch_size)
    weights = torch.from_numpy(_weights(targets[training], options.balance)).to(device)
    history: list[Epoch] = []
    best: dict[str, Any] = {"loss": math.inf, "epoch": 0, "weights": None}

    parts: dict[str, Any] = {"network": network, "kept": kept, "optimizer": optimizer, "scaler": scaler}
    if (found := load_checkpoint(checkpoint, stamp)) is not None:
        for name, part in parts.items():
            part.load_state_dict(found[name])
        history = [Epoch(**epoch) for epoch in found["history"]]
        best = found["best"]

    for number in range(len(history) + 1, epochs + 1):
        if _is_over(number, epochs, best, options):
            break
        rng = np.random.default_rng([options.seed, number])
        total = 0.0
        with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
            torch.manual_seed(int(rng.integers(2**62)))
            for step, batch in enumerate(_batches(rng.permutation(turns), steps)):
                for group in optimizer.param_groups:
                    group["lr"] = options.learning_rate * _rate((number - 1) * steps + step, epochs * steps)
                places = rng.random(len(batch))
                which = rng.integers(levels.versions, size=len(batch)) if levels.versions > 1 else None
                heard = torch.from_numpy(levels.take(batch, frames, places, which)).to(device)
                wanted = torch.from_numpy(targets[batch]).to(device)
                if options.augment:
                    drawn = draw(rng, heard.shape, turned=turned, mixup=options.mixup)
                    heard = disturb(heard, drawn)
                    heard, wanted = mix(heard, wanted, drawn)
                with torch.autocast(device.type, torch.float16, enabled=half):
                    logits = network.logits(heard)
                loss = _loss(logits.float(), wanted, weights, network.multi_label, options.label_smoothing)
                optimizer.zero_grad(set_to_none=True)
                scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
                scaler.step(optimizer)
                scaler.update()
                follow(kept, network, _slowness(options.averaging, (number - 1) * steps + step))
                total += loss.item() * len(batch)
        epoch = Epoch(number, epochs, total / len(turns))
        if len(validation):
            loss_then, accuracy = _validate(kept, levels, targets, validation, frames, weights)
            epoch = dataclasses.replace(epoch, validation_loss=loss_then, accuracy=accuracy)
            if loss_then < best["loss"]:
                state = {name: value.detach().cpu().clone() for name, value in kept.state_dict().items()}
                best = {"loss": loss_then, "epoch": number, "weights": state}
        history.append(epoch)
        states = {name: part.state_dict() for name, part in parts.items()}
        save_checkpoint(
            checkpoint,
            stamp,
            {**states, "history": [dataclasses.asdict(each) for each in history], "best": best},
        )
        report(epoch)
    network.load_state_dict(best["weights"] or kept.state_dict())
    network.to("cpu").eval()
    return history


def device_for(name: str) -> torch.device:
    """Return the device of a name; "auto" is a CUDA GPU where there is one, else the CPU.

    Raises
    ------
    ParameterError
        There is no such device here.
    """
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device("cuda" if there["cuda"] else "cpu")
    if not there[name]:
        raise ParameterError(f"there is no device {name!r} here; leave --device out, or take cpu")
    return torch.device(name)


def _is_over(number: int, epochs: int, best: dict[str, Any], options: TrainingOptions) -> bool:
    """Say whether validation has not gained for too long; not before half of the schedule."""
    return bool(best["epoch"]) and number > max(epochs // 2, best["epoch"] + options.patience)


def _batches(turns: NDArray[np.intp], steps: int) -> list[NDArray[np.intp]]:
    """Split into batches of nearly one size: none is left with a single excerpt, which has no variance."""
    return [batch for batch in np.array_split(turns, min(steps, max(1, len(turns) // 2))) if len(batch)]


def _passes(levels: Levels, numbers: NDArray[np.intp], frames: int) -> NDArray[np.intp]:
    """Return how many excerpts of each recording are heard in an epoch."""
    lengths = np.array([levels.frames(number) for number in numbers])
    return np.clip(np.round(lengths / frames), 1, _PASSES).astype(np.intp)


def _rate(step: int, steps: int) -> float:
    """Return the share of the learning rate: up in a line, down along a cosine."""
    warm = max(1, round(_WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _slowness(averaging: float, step: int) -> float:
    """Return how slowly the averaged weights follow: at first about a tenth of the steps so far count."""
    return min(averaging, 1 - 1 / (1 + 0.1 * step))


def _weights(targets: NDArray[np.float32], balance: bool) -> NDArray[np.float32]:
    """Return how much each class counts: the rarer the more; classes without recordings not at all."""
    counts = targets.sum(axis=0)
    if not balance:
        return np.ones(len(counts), np.float32)
    share = np.where(counts > 0, counts[counts > 0].mean() / np.maximum(counts, 1), 0)
    return np.minimum(share, _RAREST).astype(np.float32)


def _loss(logits: Tensor, wanted: Tensor, weights: Tensor, multi_label: bool, smoothing: float) -> Tensor:
    """Return the cross-entropy: of all classes together, or of each label by itself."""
    if multi_label:
        smoothed = wanted * (1 - smoothing) + 0.5 * smoothing
        each = nn.functional.binary_cross_entropy_with_logits(logits, smoothed, reduction="none")
        return (each * (1 + (weights - 1).clamp(min=0) * wanted)).mean()
    smoothed = wanted * (1 - smoothing) + smoothing / wanted.shape[1]
    each = -(smoothed * logits.log_softmax(-1)).sum(-1)
    count = (wanted * weights).sum(-1)
    return (each * count).sum() / count.sum()


def _groups(network: nn.Module, options: TrainingOptions) -> list[dict[str, Any]]:
    """Return the parameters with and without decay: scales and biases have none."""
    matrices = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": options.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]


@torch.inference_mode()
def _validate(
    network: SoundNetwork,
    levels: Levels,
    targets: NDArray[np.float32],
    numbers: NDArray[np.intp],
    frames: int,
    weights: Tensor,
) -> tuple[float, float]:
    """Return loss and accuracy (of several labels: of each) over three excerpts of each recording."""
    device = network.mean.device
    logits = []
    for begin in range(0, len(numbers), 64):
        batch = numbers[begin : begin + 64]
        each = [
            network.logits(
                torch.from_numpy(levels.take(batch, frames, np.full(len(batch), place))).to(device)
            )
            for place in (0.0, 0.5, 1.0)
        ]
        logits.append(torch.stack(each).mean(0))
    found = torch.cat(logits)
    wanted = torch.from_numpy(targets[numbers]).to(device)
    loss = _loss(found, wanted, weights, network.multi_label, 0.0).item()
    if network.multi_label:
        return loss, ((found > 0) == (wanted > 0.5)).float().mean().item()
    return loss, (found.argmax(-1) == wanted.argmax(-1)).float().mean().item()

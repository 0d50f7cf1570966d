"""``python -m bench.training.beats``: train the network that hears beats and bars, and ship it.

Pieces lie in ``bench/.cache/beats/pieces``: exactly those that `bench.training.beats_sounds` and
`bench.training.beats_rendered` make. All of them must be there, and every step draws from its own number, so
that training that was stopped goes on to the same weights. The weights kept are those that validate best (on
tunes not learnt from). ``--export`` writes them as ONNX into the package, with what they come from;
`bench.training.beats_card` writes the card.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import time
from pathlib import Path

import numpy as np
import torch

from bench.training import beats_rendered, beats_sounds
from bench.training.beats_network import N_MELS, BeatNetwork
from bench.training.beats_pieces import FOLDER, Piece, excerpt, levels_of, read, validates

WEIGHTS = Path(__file__).resolve().parents[2] / "src" / "sori" / "weights"
FRAMES, BATCH = 1000, 16
STEPS, SEED, RATE = 6000, 1, 3e-3
VALIDATE_EVERY = 200
MAKERS = "bench.training.beats_sounds and bench.training.beats_rendered"
POSITIVE = torch.tensor([2.0, 4.0])
SHARES = {"summed": 6.0, "pop": 2.0, "corpus": 2.0}  # of excerpts, by where a piece comes from
DOWNBEATS = 0.5  # how much bar lines count beside beats


def loss_of(logits: torch.Tensor, target: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """Return the binary cross-entropy, of beats and bar lines, where the truth is known."""
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, target, pos_weight=POSITIVE, reduction="none"
    )
    known = counts.sum(dim=(0, 1)).clamp(min=1.0)
    beat, downbeat = (each * counts).sum(dim=(0, 1)) / known
    return beat + DOWNBEATS * downbeat


def batch(pieces: list[Piece], rng: np.random.Generator) -> list[torch.Tensor]:
    """Return a batch of spoilt excerpts."""
    kinds = sorted({piece.name.split("-")[0] for piece in pieces})
    share = np.array([SHARES.get(kind, 1.0) for kind in kinds])
    by_kind = {kind: [piece for piece in pieces if piece.name.split("-")[0] == kind] for kind in kinds}
    parts = []
    for _ in range(BATCH):
        kind = by_kind[str(rng.choice(kinds, p=share / share.sum()))]
        parts.append(excerpt(kind[int(rng.integers(len(kind)))], FRAMES, rng, pieces))
    return [torch.from_numpy(np.stack(column)) for column in zip(*parts, strict=True)]


def validate(network: BeatNetwork, pieces: list[Piece]) -> dict[str, float]:
    """Return the mean loss by kind, of one excerpt of each piece, always harmed in the same way."""
    network.eval()
    losses: dict[str, list[float]] = {}
    with torch.no_grad():
        for number, piece in enumerate(pieces):
            parts = excerpt(piece, FRAMES, np.random.default_rng([99, number]), pieces)
            levels, target, counts = (torch.from_numpy(part)[None] for part in parts)
            losses.setdefault(piece.name.split("-")[0], []).append(
                float(loss_of(network(levels), target, counts))
            )
    network.train()
    return {kind: float(np.mean(found)) for kind, found in losses.items()}


def all_pieces() -> list[Piece]:
    """Return every piece of the recipe.

    Raises
    ------
    SystemExit
        Some have not been made yet.
    """
    names = sorted((*beats_sounds.wanted(), *beats_rendered.wanted()))
    if missing := [name for name in names if not (FOLDER / "pieces" / f"{name}.npz").exists()]:
        raise SystemExit(
            f"{len(missing)} of {len(names)} pieces are missing, {missing[0]} first; run {MAKERS}"
        )
    return read(FOLDER / "pieces", names)


def train(steps: int, seed: int, rate: float) -> None:
    """Train on, for so many steps in all."""
    torch.set_num_threads(1)
    pieces = all_pieces()
    learn = [piece for piece in pieces if not validates(piece.tune)]
    choose = [piece for piece in pieces if validates(piece.tune)]
    print(f"{len(learn)} pieces to learn from, {len(choose)} to validate", flush=True)
    torch.manual_seed(seed)
    network = BeatNetwork()
    sample = np.concatenate(
        [levels_of(np.exp(piece.logmel[::40].astype(np.float32))) for piece in learn[:200]]
    )
    network.mean[:] = torch.from_numpy(sample.mean(axis=0))
    network.scale[:] = float(1 / sample.std())
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    state, done, best = FOLDER / "state.pt", 0, float("inf")
    if state.exists():
        stored = torch.load(state, weights_only=False)
        network.load_state_dict(stored["network"])
        optimiser.load_state_dict(stored["optimiser"])
        done, best = stored["done"], stored["best"]
        torch.set_rng_state(stored["random"])
    print(f"{sum(p.numel() for p in network.parameters())} weights, from step {done}", flush=True)
    started, running = time.time(), 0.0
    for step in range(done, steps):
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 100)
            group["lr"] = rate * warm * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * step / steps)))
        levels, target, counts = batch(learn, np.random.default_rng([seed, step]))
        loss = loss_of(network(levels), target, counts)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        running += float(loss.detach())
        if (step + 1) % VALIDATE_EVERY == 0:
            found = validate(network, choose)
            mean = float(np.mean(list(found.values())))
            shown = " ".join(f"{kind} {value:.4f}" for kind, value in found.items())
            print(
                f"{step + 1}: loss {running / VALIDATE_EVERY:.4f}, validation {mean:.4f} ({shown}), "
                f"{time.time() - started:.0f} s",
                flush=True,
            )
            running = 0.0
            if mean < best:
                best = mean
                torch.save(
                    {"network": network.state_dict(), "step": step + 1, "loss": mean}, FOLDER / "best.pt"
                )
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "random": torch.get_rng_state(),
                    "done": step + 1,
                    "best": best,
                },
                state,
            )


def export() -> None:
    """Write the best weights as ONNX into the package and print the checksum."""
    network = BeatNetwork()
    network.load_state_dict(torch.load(FOLDER / "best.pt")["network"])
    network.eval()
    path = WEIGHTS / "beats.onnx"
    torch.onnx.export(
        torch.nn.Sequential(network, torch.nn.Sigmoid()),
        (torch.zeros(1, 500, N_MELS),),
        str(path),
        input_names=["levels"],
        output_names=["likely"],
        dynamic_axes={"levels": {1: "frames"}, "likely": {1: "frames"}},
        opset_version=17,
        dynamo=False,
    )
    print(f'    "beats": "{hashlib.sha256(path.read_bytes()).hexdigest()}",  # {path.stat().st_size} bytes')


def main() -> None:
    """Train or export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--nice", type=int, default=10, help="how much other work goes first (10)")
    parser.add_argument("--export", action="store_true")
    arguments = parser.parse_args()
    if arguments.export:
        export()
        return
    os.nice(arguments.nice)
    train(arguments.steps, arguments.seed, arguments.rate)


if __name__ == "__main__":
    main()

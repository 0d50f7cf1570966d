"""Train the network that hears chords and keys, and ship it.

``python -m bench.training.chords`` takes the examples that sound (``bench.training.chords_examples`` makes
them) and sketches more, trains on one thread from one seed, exports ``src/sori/weights/chords.onnx`` and says
the checksum to write down. Nothing is drawn but from the names of the examples and the seed, and the step
shipped is the last: the same machine makes the same file again.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

import sori.weights
from bench.training.chords_examples import FOLDER, SEED, Example, digest, load, names, sketches
from bench.training.chords_network import ChordNetwork, Shipped
from bench.training.chords_spoil import nothing, spoil
from bench.training.chords_truth import UNKNOWN, frame_keys, frame_truth
from sori.analysis.harmony.salience import N_REGISTERS, registers
from sori.analysis.harmony.vocabulary import NO_CHORD, QUALITIES

__all__ = ["batch", "export", "train"]

KINDS = ("song", "genre", "piece")
CROP = 256  # frames of the network: 48 s
RATE = 3e-3
STEPS = 4000
# What each of a batch's examples is: those that sound twice as often as those sketched, songs most.
BATCH = ("song", "song", "song", "genre", "genre", "piece", "~song", "~genre", "~piece")
Arrays = tuple[
    NDArray[np.float32], NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]
]


def moved(notes: NDArray[np.float32], semitones: int) -> NDArray[np.float32]:
    """Move notes up; what leaves the map is lost."""
    out = np.zeros_like(notes)
    if semitones > 0:
        out[:, semitones:] = notes[:, :-semitones]
    elif semitones < 0:
        out[:, :semitones] = notes[:, -semitones:]
    else:
        out[:] = notes
    return out


def seen(
    example: Example,
    *,
    first: int,
    n: int,
    semitones: int = 0,
    speed: float = 1.0,
    rng: np.random.Generator | None,
) -> Arrays:
    """Return what the network sees from a frame on, spoilt if ``rng`` is given, and the truth."""
    at = first + (np.arange(n) * speed).astype(np.int64)
    notes = moved(example.notes[at[at < len(example.notes)]].astype(np.float32), semitones)
    there = len(notes)
    silent = rng is not None and rng.random() < 0.02
    if rng is not None and silent:
        notes = nothing(there, example.rate, rng)
    elif rng is not None and rng.random() < 0.85:
        notes = spoil(notes, example.rate, rng)
    notes = np.pad(notes, ((0, n - there), (0, 0)))
    x = registers(notes, example.rate).reshape(-1, N_REGISTERS * 12)
    chord, bass, tones = frame_truth(
        example.chords, len(x), start_s=(first - 0.5) / example.rate, speed=speed
    )
    key = frame_keys(example.keys, len(x), start_s=(first - 0.5) / example.rate, speed=speed)
    end = 0 if silent else -(-there // 2) + 2  # after the end there is silence
    chord[end:], bass[end:], tones[end:], key[end:] = NO_CHORD, UNKNOWN, 0, UNKNOWN
    pitched = (chord >= 0) & (chord != NO_CHORD)
    chord = np.where(pitched, (chord + len(QUALITIES) * semitones) % NO_CHORD, chord)
    bass = np.where(bass >= 0, (bass + semitones) % 12, bass)
    key = np.where(key >= 0, key // 12 * 12 + (key + semitones) % 12, key)
    return x, chord, bass, np.roll(tones, semitones, axis=1), key


def batch(groups: dict[str, list[Example]], rng: np.random.Generator) -> list[Tensor]:
    """Draw an example of each kind, a place in it, another key, another speed, and damage."""
    out = []
    for kind in BATCH:
        example = groups[kind][int(rng.integers(len(groups[kind])))]
        first = int(rng.integers(0, max(1, len(example.notes) - CROP)))
        speed = float(np.exp(rng.uniform(-0.3, 0.3))) if rng.random() < 0.5 else 1.0
        semitones = int(rng.integers(-5, 7))
        out.append(seen(example, first=first, n=2 * CROP, semitones=semitones, speed=speed, rng=rng))
    return [torch.from_numpy(np.stack(column)) for column in zip(*out, strict=True)]


def loss_of(network: ChordNetwork, x: Tensor, *truth: Tensor) -> Tensor:
    """Return what the network has to make small: mostly the chord, also its bass, its notes and the key."""
    chord, bass, tones, key = truth
    chord_logits, bass_logits, tone_logits, key_logits = network(x)
    known = tones >= 0

    def wrong(logits: Tensor, right: Tensor, smoothing: float = 0.0) -> Tensor:
        return functional.cross_entropy(
            logits.flatten(0, 1), right.flatten(), ignore_index=UNKNOWN, label_smoothing=smoothing
        )

    return (
        wrong(chord_logits, chord, 0.03)
        + 0.3 * wrong(bass_logits, bass)
        + 0.3 * functional.binary_cross_entropy_with_logits(tone_logits[known], tones[known])
        + 0.15 * wrong(key_logits, key, 0.03)
    )


def train(
    groups: dict[str, list[Example]], kept: Sequence[Example], steps: int, *, seed: int = SEED
) -> ChordNetwork:
    """Train on groups of examples; print how those kept from training go."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rng = np.random.default_rng(seed)
    network = ChordNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    began = time.monotonic()
    for step in range(1, steps + 1):
        loss = loss_of(network, *batch(groups, rng))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 250 == 0 or step == steps:
            shares = {kind: right(network, [e for e in kept if e.name.startswith(kind)]) for kind in KINDS}
            told = ", ".join(f"{kind}s {share:.3f}" for kind, share in shares.items())
            print(f"  {step}: {time.monotonic() - began:.0f} s, right frames kept: {told}", flush=True)
    return network.eval()


@torch.no_grad()
def right(network: ChordNetwork, examples: list[Example]) -> float:
    """Return the share of frames whose chord is exactly right."""
    shares = []
    for example in examples:
        x, chord, *_ = seen(example, first=0, n=len(example.notes), rng=None)
        found = network(torch.from_numpy(x)[None])[0][0].argmax(dim=-1).numpy()
        shares.append(float((found == chord)[chord >= 0].mean()))
    return float(np.mean(shares)) if shares else float("nan")


def export(network: ChordNetwork, path: Path) -> str:
    """Write ONNX; return its checksum."""
    x = torch.zeros(1, 32, N_REGISTERS * 12)
    torch.onnx.export(
        Shipped(network.eval()),
        (x,),
        path,
        input_names=["registers"],
        output_names=["chord", "bass", "key"],
        dynamic_shapes={"x": {1: torch.export.Dim("frames", min=2)}},
        opset_version=18,
        external_data=False,
        dynamo=True,
        optimize=False,  # the dense matrices are made of the weights when the file is opened
    )
    model = onnx.load(path)
    for part in (*model.graph.node, *model.graph.value_info, model.graph, model):
        del part.metadata_props[:]
    onnx.save(model, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--to", type=Path, default=Path(sori.weights.__file__).parent / "chords.onnx")
    arguments = parser.parse_args()
    played, sketched = load(names()), sketches()
    print(f"  {len(played)} played, {len(sketched)} sketched: {digest(played + sketched)}", flush=True)
    groups = {kind: [e for e in played if e.name.startswith(kind) and not e.validates] for kind in KINDS}
    groups |= {f"~{kind}": [e for e in sketched if e.name.startswith(kind)] for kind in KINDS}
    network = train(groups, [e for e in played if e.validates], arguments.steps)
    torch.save(network.state_dict(), FOLDER.parent / "chords.pt")
    print(f"  {arguments.to}: {export(network, arguments.to)}")


if __name__ == "__main__":
    main()

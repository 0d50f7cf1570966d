"""Train the network that hears chords, and ship it.

``python -m bench.training.chords`` takes the corpus (``bench.training.corpus`` makes it) and more examples of
its own (``bench.training.chords_examples`` makes those that sound), trains
on one thread from one seed, exports ``src/sori/weights/chords.onnx`` and says the checksum to write down. The
epoch shipped is the last: nothing is chosen on held-out songs.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

import sori.weights
from bench.training.chords_examples import FOLDER, SEED, Example, corpus, load, names, sketches
from bench.training.chords_network import ChordNetwork, Shipped
from bench.training.chords_spoil import spoil
from bench.training.chords_truth import UNKNOWN, frame_truth
from sori.analysis.harmony.salience import N_REGISTERS, registers
from sori.analysis.harmony.vocabulary import NO_CHORD, QUALITIES

__all__ = ["batch", "export", "train"]

CROP = 256  # frames of the network: 48 s
BATCH = 8
RATE = 3e-3
Arrays = tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]


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


def seen(example: Example, *, first: int, n: int, semitones: int, rng: np.random.Generator | None) -> Arrays:
    """Return what the network sees from a frame on, spoilt if ``rng`` is given, and the truth."""
    notes = moved(example.notes[first : first + n].astype(np.float32), semitones)
    if rng is not None and rng.random() < 0.85:
        notes = spoil(notes, example.rate, rng)
    notes = np.pad(notes, ((0, n - len(notes)), (0, 0)))
    x = registers(notes, example.rate).reshape(-1, N_REGISTERS * 12)
    chord, bass, tones = frame_truth(example.chords, len(x), start_s=(first - 0.5) / example.rate)
    pitched = (chord >= 0) & (chord != NO_CHORD)
    chord = np.where(pitched, (chord + len(QUALITIES) * semitones) % NO_CHORD, chord)
    bass = np.where(bass >= 0, (bass + semitones) % 12, bass)
    return x, chord, bass, np.roll(tones, semitones, axis=1)


def batch(groups: Sequence[list[Example]], rng: np.random.Generator) -> list[Tensor]:
    """Draw examples from the groups in turn, a place in each, another key, and damage."""
    out = []
    for k in range(BATCH):
        group = groups[k % len(groups)]
        example = group[int(rng.integers(len(group)))]
        first = int(rng.integers(0, max(1, len(example.notes) - 2 * CROP))) // 2 * 2
        out.append(seen(example, first=first, n=2 * CROP, semitones=int(rng.integers(-5, 7)), rng=rng))
    return [torch.from_numpy(np.stack(column)) for column in zip(*out, strict=True)]


def loss_of(network: ChordNetwork, x: Tensor, chord: Tensor, bass: Tensor, tones: Tensor) -> Tensor:
    """Return what the network has to make small: mostly the chord, also its bass and its notes."""
    chord_logits, bass_logits, tone_logits = network(x)
    known = tones >= 0
    return (
        functional.cross_entropy(
            chord_logits.flatten(0, 1), chord.flatten(), ignore_index=UNKNOWN, label_smoothing=0.03
        )
        + 0.3 * functional.cross_entropy(bass_logits.flatten(0, 1), bass.flatten(), ignore_index=UNKNOWN)
        + 0.3 * functional.binary_cross_entropy_with_logits(tone_logits[known], tones[known])
    )


def train(
    groups: Sequence[list[Example]], kept: list[Example], steps: int, *, seed: int = SEED
) -> ChordNetwork:
    """Train on groups of examples in equal parts; print how those kept from training go."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    network = ChordNetwork()
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.1)
    for step in range(1, steps + 1):
        loss = loss_of(network, *batch(groups, rng))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 250 == 0 or step == steps:
            print(
                f"  {step}: loss {loss.item():.3f}, right frames kept {right(network, kept):.3f}", flush=True
            )
    return network.eval()


@torch.no_grad()
def right(network: ChordNetwork, examples: list[Example]) -> float:
    """Return the share of frames whose chord is exactly right."""
    shares = []
    for example in examples:
        x, chord, *_ = seen(example, first=0, n=len(example.notes), semitones=0, rng=None)
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
        output_names=["chord", "bass"],
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
    parser.add_argument("--played", type=int, default=180, help="songs and pieces that were played (180)")
    parser.add_argument("--sketched", type=int, default=2, help="manners of every song sketched (2)")
    parser.add_argument("--pieces", type=int, default=700, help="pieces sketched (700)")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--to", type=Path, default=Path(sori.weights.__file__).parent / "chords.onnx")
    arguments = parser.parse_args()
    played = load(names(2, 300)[: arguments.played])
    full = corpus()
    sketched = sketches(arguments.sketched, arguments.pieces)
    print(f"  {len(full)} of the corpus, {len(played)} played, {len(sketched)} sketched", flush=True)
    kept = [example for example in full + played if example.validates]
    full, played = ([e for e in group if not e.validates] for group in (full, played))
    network = train([full, played, full, sketched], kept[:80], arguments.steps)
    torch.save(network.state_dict(), FOLDER.parent / "chords.pt")
    print(f"  {arguments.to}: {export(network, arguments.to)}")


if __name__ == "__main__":
    main()

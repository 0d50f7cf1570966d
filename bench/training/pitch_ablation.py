"""``python -m bench.training.pitch_ablation``: SPICE as published, and without parts of it, on one material.

As in the paper's ablation (Gfeller et al. 2020, table V): the whole; without the reconstruction loss; without
copies an octave away. The network is narrower than the paper's (``--width``, of 64 there), so that it trains
in minutes. Prints raw pitch accuracy on development clips, and writes it between markers of
``docs/accuracy.md``.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy import page
from bench.accuracy.pitch_learned import ours, sounds
from bench.report import table
from bench.training.pitch_material import FOLDER
from sori.analysis.melody.pitch_scores import mean_scores, pitch_scores
from sori.app.actions.pitch_training import train_pitch

PLACE = FOLDER.parent / "pitch-ablation"
PARTS: dict[str, dict[str, Any]] = {
    "SPICE": {},
    "without reconstruction": {"reconstruction": False},
    "without octaves": {"octaves": False},
}


def main() -> None:
    """Train what is not trained yet, and score."""
    parser = argparse.ArgumentParser(prog="python -m bench.training.pitch_ablation", description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER, help="a folder of audio")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--width", type=int, default=8)
    parser.add_argument("--no-page", action="store_true", help="only print")
    arguments = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    heard = [sound for sound in sounds(reported=False) if sound.group == "clean"]
    rows = []
    for name, changed in PARTS.items():
        path = PLACE / f"{name.replace(' ', '-')}.onnx"
        if not path.exists():
            options = {
                "configuration": "spice",
                "steps": arguments.steps,
                "width": arguments.width,
                **changed,
            }
            train_pitch(
                [str(arguments.data)], str(path), options=options, report=lambda said: print(said, flush=True)
            )
        hear = ours("learned", network=str(path), smooth=False)
        each = [pitch_scores(sound.times_s, sound.hz, hear(sound.samples)) for sound in heard]
        score = mean_scores([one for one in each if one is not None])
        rows.append([name, f"{score.pitch[0]:.3f}", f"{score.pitch_class[0]:.3f}"])
        print(rows[-1], flush=True)
    head = [f"d = {arguments.width}, {arguments.steps} steps", "within 50 cents", "with octaves not counting"]
    shown = table(head, rows)
    said = f"{len(heard)} clean development clips, {np.mean([len(s.hz) for s in heard]) / 100:.0f} s each:"
    if not arguments.no_page:
        page.write_between("pitch-ablation", f"{said}\n\n{shown}")


if __name__ == "__main__":
    main()

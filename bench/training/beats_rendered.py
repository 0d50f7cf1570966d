"""``python -m bench.training.beats_rendered``: what `corpus` rendered, and demo songs, for the beat network.

The demo library's synthesiser is not a sound font player: a third kind of sound to learn from. Its seeds
are those that no page of numbers uses.
"""

from __future__ import annotations

import json

import numpy as np

from bench.training.beats import FOLDER
from bench.training.beats_evaluate import demos, listening
from bench.training.beats_pieces import RATE, keep
from bench.training.corpus import MATERIAL
from sori.features.timbre import reference_power

LONGEST_S = 99.0


def main() -> None:
    """Keep what is not yet kept."""
    pieces = FOLDER / "pieces"
    for about in sorted(MATERIAL.glob("*.json")):
        path = pieces / f"corpus-{about.stem}.npz"
        truth = json.loads(about.read_text(encoding="utf-8"))
        if path.exists() or len(truth["beats_s"]) < 9:
            continue
        with np.load(about.with_suffix(".npz")) as stored:
            mel = stored["mel"]
        beats, bars = ([t for t in truth[key] if t < LONGEST_S] for key in ("beats_s", "downbeats_s"))
        keep(
            path,
            tune=truth["song"],
            mel=mel[: round(LONGEST_S * RATE)],
            reference=reference_power(mel),
            beats_s=beats,
            downbeats_s=bars,
        )
    for item in demos():
        path = pieces / f"demo-{item.path.stem}.npz"
        if not path.exists() and len(item.beats_s) > 12:
            heard = listening(item.path)
            keep(
                path,
                tune=path.stem,
                mel=heard.material.mel,
                reference=heard.reference,
                beats_s=item.beats_s,
                downbeats_s=item.downbeats_s,
            )


if __name__ == "__main__":
    main()

"""``python -m bench.training.beats_rendered``: pieces rendered and spoilt as sound, for the beat network.

The first `RENDERED` of what `bench.training.corpus` renders: whatever summed notes cannot show, phases, rooms
and codecs among it.
"""

from __future__ import annotations

import json
import os

import numpy as np

from bench.training import corpus
from bench.training.beats_pieces import FOLDER, RATE, keep
from sori.features.timbre import reference_power

RENDERED = 160
PIECES, SONGS = 700, 150  # of which those are the first
LONGEST_S = 99.0


def wanted() -> dict[str, corpus.Job]:
    """Return what is rendered, by the name of the piece."""
    return {f"corpus-{job.name}": job for job in corpus.jobs(PIECES, SONGS)[:RENDERED]}


def main() -> None:
    """Make what is missing."""
    os.nice(5)
    for name, job in wanted().items():
        path = FOLDER / "pieces" / f"{name}.npz"
        if path.exists():
            continue
        about = corpus.make(job)
        truth = json.loads(about.read_text(encoding="utf-8"))
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


if __name__ == "__main__":
    main()

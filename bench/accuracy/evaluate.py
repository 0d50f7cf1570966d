"""Render, ask every program, score, and write ``docs/accuracy.md``.

Songs are in two halves by a hash of their names: one to develop with, whose scores are only printed, and
one held out, whose scores are what the page says. The held-out half is played with sound fonts of its own.
Composed pieces are all held out. ``--folder`` adds any folder of music with a ``truth.json`` like the demo
library's; its scores are printed.

Everything slow is kept in ``bench/.cache/accuracy``, so a run that was stopped goes on, and a run after a
change of our code only listens again with it.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import soundfile

from bench.accuracy import composed, metrics, neighbours, page, span_metrics
from bench.accuracy.answers import Answer, ours, theirs
from bench.accuracy.pop909 import held_out
from bench.accuracy.render import make_all
from bench.collection import CACHE, made_whole
from sori.app.demo import write_library
from sori.audio import load

DEMO_SEED = 11


@dataclasses.dataclass(frozen=True)
class Item:
    """A file with its truth; ``tune`` is the same for arrangements of one song."""

    data: str
    tune: str
    path: Path
    truth: dict[str, Any]

    @property
    def held_out(self) -> bool:
        """Whether it is in the half that the page reports."""
        return self.data == "composed" or held_out(self.tune)


def scores_to_know() -> dict[str, metrics.Metric]:
    """Return every metric that a single file has."""
    return {
        "beats, F-measure": metrics.beat_f,
        "downbeats, F-measure": metrics.downbeat_f,
        "beats to the bar, correct": metrics.metre_right,
        "tempo, Acc1": metrics.tempo_right,
        "tempo, Acc2": metrics.tempo_right_or_octave,
        "key, MIREX weighted": metrics.key_weighted,
        "key, correct": metrics.key_right,
        **span_metrics.chord_metrics(),
        "section boundaries within 0.5 s, F-measure": span_metrics.boundaries(0.5),
        "section boundaries within 3 s, F-measure": span_metrics.boundaries(3.0),
        "sections that return, pairwise F-measure": span_metrics.pairwise,
        "tuning, mean error in cents": metrics.tuning_error_cents,
        "highlight in the most repeated section": metrics.repeated_part,
        "highlight in the loudest section": metrics.loudest_part,
    }


def rendered(n_songs: int, workers: int) -> list[Item]:
    """Return POP909 as sound: songs and their other arrangements."""
    return [
        Item("POP909" if truth["version"] == 0 else "arrangements", truth["song"], path, truth)
        for path, truth in make_all(n_songs, workers)
    ]


def composed_pieces(n_pieces: int, workers: int) -> list[Item]:
    """Return composed pieces of many genres and metres."""
    return [
        Item("composed", truth["song"], path, truth) for path, truth in composed.make_all(n_pieces, workers)
    ]


def demo_songs(workers: int) -> list[Item]:
    """Return the demo library."""
    folder = CACHE / "accuracy" / f"demo-{DEMO_SEED}"
    write_library(folder, seed=DEMO_SEED, workers=workers)
    return with_truth(folder, "demo")


def with_truth(folder: Path, data: str) -> list[Item]:
    """Return the files of a folder's ``truth.json``, decoded once to FLAC that every program can read."""
    items = []
    stored = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["songs"]
    for name, truth in sorted(stored.items()):
        # Named by content: answers are kept by name, and a song made anew must be heard anew.
        content = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
        plain = CACHE / "accuracy" / "plain" / f"{content}.flac"
        if not plain.exists():
            samples, sample_rate = load(folder / name)
            with made_whole(plain) as part:
                soundfile.write(part, samples.T, sample_rate, format="FLAC", subtype="PCM_16")
        items.append(Item(data, f"{data} {truth.get('tune', name)}", plain, truth))
    return items


def scored(items: Sequence[Item], answers: dict[str, list[Answer]]) -> page.Scores:
    """Return metric -> program -> mean, over all items."""
    return {
        name: {
            program: metrics.mean([metric(item.truth, a) for item, a in zip(items, given, strict=True)])
            for program, given in answers.items()
        }
        for name, metric in scores_to_know().items()
    }


def main() -> None:
    """Run everything."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.accuracy", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--songs", type=int, default=60, help="how many POP909 songs to render (60)")
    parser.add_argument("--pieces", type=int, default=60, help="how many composed pieces to render (60)")
    parser.add_argument("--workers", type=int, default=min(8, os.cpu_count() or 1))
    parser.add_argument("--folder", type=Path, help="another folder of music with a truth.json")
    parser.add_argument("--no-page", action="store_true", help="only print; leave docs/accuracy.md alone")
    arguments = parser.parse_args()
    workers = arguments.workers

    print("rendering", flush=True)
    items = (
        rendered(arguments.songs, workers) + composed_pieces(arguments.pieces, workers) + demo_songs(workers)
    )
    if arguments.folder:
        items += with_truth(arguments.folder.resolve(), "folder")
    print("listening", flush=True)
    answers, vectors = ours([item.path for item in items], workers)
    alone = [k for k, item in enumerate(items) if item.data != "arrangements"]
    given = {"Sori": [answers[k] for k in alone]}
    for program in ("librosa", "Essentia"):
        given[program] = theirs(program, [items[k].path for k in alone], workers)

    tables: dict[str, page.Scores] = {}
    for data in dict.fromkeys(items[k].data for k in alone):
        for held in (False, True):
            if data == "composed" and not held:
                continue
            of = [p for p, k in enumerate(alone) if items[k].data == data and items[k].held_out == held]
            found = scored(
                [items[alone[p]] for p in of], {name: [a[p] for p in of] for name, a in given.items()}
            )
            if held:
                tables[data] = found
            if not held or data == "folder":
                print(
                    page.score_table(f"{data}, {'held out' if held else 'development'}", found),
                    flush=True,
                )
    found_again: dict[bool, Any] = {}
    for held in (False, True):
        of = [
            k
            for k, item in enumerate(items)
            if item.data in ("POP909", "arrangements") and item.held_out == held
        ]
        ids, tunes = [items[k].path.stem for k in of], [items[k].tune for k in of]
        mine = [vectors[k] for k in of]
        found_again[held] = (
            neighbours.retrieval(ids, tunes, mine),
            neighbours.hubness(ids, mine),
            len(ids),
            len(set(tunes)),
        )
    print(page.retrieval_table("arrangements, development", *found_again[False]), flush=True)
    if not arguments.no_page:
        pop = [items[k].truth for k in alone if items[k].data == "POP909" and items[k].held_out]
        with_key = sum(truth["key"] is not None for truth in pop)
        steady = sum(truth["tempo_bpm"] is not None for truth in pop)
        counts = {"songs": len(pop), "keys": with_key, "tempos": steady}
        counts["bars"] = sum(bool(truth["downbeats_s"]) for truth in pop)
        page.write(tables, found_again[True], counts)


if __name__ == "__main__":
    main()

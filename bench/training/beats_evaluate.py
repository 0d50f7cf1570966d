"""``python -m bench.training.beats_evaluate``: beats, bars and tempo beside other programs.

Development sets by default: POP909's development songs and the demo library of seeds that no page uses,
whose synthesiser is our own. ``--held-out`` asks the songs and the sound font that took no part in
anything, for a report.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import mir_eval
import numpy as np

from bench.accuracy import pop909
from bench.accuracy.answers import ANSWERS, theirs
from bench.accuracy.evaluate import held_out, with_truth
from bench.accuracy.render import RENDERS
from bench.collection import CACHE
from bench.training.beats_pieces import FOLDER
from sori.analysis.listening import Listening
from sori.analysis.material import Material, condense
from sori.audio import blocks

HELD_FONT = "TimGM6mb.sf2"
DEMO_SEEDS = (1, 2, 3, 4)


class Item(NamedTuple):
    """A file with its truth; no downbeats where nobody knows."""

    path: Path
    beats_s: np.ndarray
    downbeats_s: np.ndarray
    steady: bool


def renders(*, held: bool, most: int) -> list[Item]:
    """Return what is rendered already of one half of POP909; held out, of the font not trained on."""
    found: dict[str, Item] = {}
    for about in sorted(RENDERS.glob("*.json")):
        song = about.stem.split("-")[0]
        truth = json.loads(about.read_text(encoding="utf-8"))
        audio = about.with_suffix(".flac")
        if held_out(song) != held or song in found or not audio.exists() or not truth["beats_s"]:
            continue
        if truth["version"] != 0 or (held and truth["sound_font"] != HELD_FONT):
            continue
        beats = pop909.read_beats(song)
        four = pop909.metre(song) == 4
        times = np.array(truth["beats_s"])
        down = [
            t
            for t, beat in zip(times, beats, strict=False)
            if (beat.starts_four if four else beat.starts_two)
        ]
        found[song] = Item(audio, times, np.array(down), truth["tempo_bpm"] is not None)
    return list(found.values())[:most]


def demos() -> list[Item]:
    """Return demo songs with a pulse."""
    found = []
    for seed in DEMO_SEEDS:
        folder = CACHE / "accuracy" / f"demo-{seed}"
        if folder.exists():
            found += [
                Item(
                    one.path,
                    np.array(one.truth["beats_s"]),
                    np.array(one.truth["downbeats_s"]),
                    one.truth["tempo_bpm"] is not None,
                )
                for one in with_truth(folder, "demo")
                if one.truth.get("has_pulse", True) and len(one.truth["beats_s"]) > 8
            ]
    return found


def listening(path: Path) -> Listening:
    """Return a recording condensed, its partials too, kept from one run to the next."""
    import pickle

    kept = FOLDER / "evaluate" / f"{path.stem}.pkl"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(condense(blocks(path))))
    material: Material = pickle.loads(kept.read_bytes())
    return Listening(material)


def f_measure(truth: np.ndarray, found: Any) -> float:
    """Return mir_eval's F-measure of beats, the first five seconds left out."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trimmed = [mir_eval.beat.trim_beats(np.asarray(times, dtype=float)) for times in (truth, found)]
        return float(mir_eval.beat.f_measure(*trimmed))


def scores(item: Item, beats_s: Any, downbeats_s: Any, bpm: float | None) -> dict[str, float]:
    """Return the scores that can be given."""
    found = {"beat F": f_measure(item.beats_s, beats_s)}
    if len(item.downbeats_s) > 4 and downbeats_s is not None:
        found["downbeat F"] = f_measure(item.downbeats_s, downbeats_s)
    if item.steady:
        ratio = (bpm or 0.0) * float(np.median(np.diff(item.beats_s))) / 60
        found["Acc1"] = float(abs(ratio - 1) <= 0.04)
        found["Acc2"] = float(any(abs(ratio / k - 1) <= 0.04 for k in (1, 2, 3, 1 / 2, 1 / 3)))
    return found


def table(name: str, rows: list[dict[str, float]]) -> None:
    """Print means, if there are any."""
    if not rows:
        return
    means = {
        key: np.mean([row[key] for row in rows if key in row])
        for key in ("beat F", "downbeat F", "Acc1", "Acc2")
        if any(key in row for row in rows)
    }
    print(f"{name:24s} n={len(rows):3d} " + "  ".join(f"{k} {v:.3f}" for k, v in means.items()), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--most", type=int, default=60)
    parser.add_argument(
        "--peers", action="store_true", help="ask librosa and Essentia too, where not yet known"
    )
    arguments = parser.parse_args()
    sets = {"POP909": renders(held=arguments.held_out, most=arguments.most)}
    if not arguments.held_out:
        sets["demo"] = demos()
    for name, items in sets.items():
        rows = []
        for item in items:
            heard = listening(item.path)
            rows.append(scores(item, heard.beats.times_s, heard.metre.downbeats_s, heard.tempo.bpm))
        table(f"Sori, {name}", rows)
        for program in ("librosa", "Essentia"):
            known = [
                item
                for item in items
                if arguments.peers or (ANSWERS / program.lower() / f"{item.path.stem}.json").exists()
            ]
            answers = theirs(program, [item.path for item in known], 1)
            table(
                f"{program}, {name}",
                [scores(i, a["beats_s"], None, a["tempo_bpm"]) for i, a in zip(known, answers, strict=True)],
            )


if __name__ == "__main__":
    main()

"""``python -m bench.training.beats_evaluate``: beats, bars and tempo beside other programs.

Development sets by default: POP909's development songs; the demo library of a seed that no page uses, whose
synthesiser is our own; half minutes of the pieces that validated, harmed as in training. ``--held-out`` asks
the songs and the sound font that took no part in anything, for a report.
"""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import mir_eval
import numpy as np

from bench.accuracy import pop909, render
from bench.accuracy.answers import ANSWERS, theirs
from bench.accuracy.evaluate import held_out, with_truth
from bench.collection import CACHE
from bench.training.beats import all_pieces
from bench.training.beats_pieces import COMPRESSION, FOLDER, RATE, excerpt, validates
from sori.analysis.listening import Listening
from sori.analysis.material import Material, condense
from sori.analysis.rhythm import tempo as tempi
from sori.analysis.rhythm.activation import activation, beat_strength
from sori.analysis.rhythm.beats import beats
from sori.analysis.rhythm.onsets import onset_curves
from sori.app.demo import write_library
from sori.audio import blocks

HELD_FONT = "TimGM6mb.sf2"
DEMO_SEEDS = (1,)
DEVELOPMENT = 40  # songs
EXCERPT_S = 30.0
SCORES = ("beat F", "downbeat F", "Acc1", "Acc2")


class Item(NamedTuple):
    """A file with its truth; no downbeats where nobody knows."""

    path: Path
    beats_s: np.ndarray
    downbeats_s: np.ndarray
    steady: bool


def renders(*, held: bool, most: int) -> list[Item]:
    """Return one half of POP909's songs, rendered; held out, those of the font that nothing was fitted to."""
    found: list[Item] = []
    for wanted in render.wanted(len(pop909.songs())):
        if wanted.version or held_out(wanted.song) != held or len(found) == most:
            continue
        audio, truth = render.make(wanted)
        if not truth["beats_s"] or (held and truth["sound_font"] != HELD_FONT):
            continue
        beats = pop909.read_beats(wanted.song)
        four = pop909.metre(wanted.song) == 4
        times = np.array(truth["beats_s"])
        down = [
            t
            for t, beat in zip(times, beats, strict=False)
            if (beat.starts_four if four else beat.starts_two)
        ]
        found.append(Item(audio, times, np.array(down), truth["tempo_bpm"] is not None))
    return found


def demos() -> list[Item]:
    """Return demo songs with a pulse."""
    found = []
    for seed in DEMO_SEEDS:
        folder = CACHE / "accuracy" / f"demo-{seed}"
        write_library(folder, seed=seed, workers=1)
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


def excerpts() -> list[dict[str, float]]:
    """Return the scores of the whole chain on half minutes of the pieces that chose the weights, harmed."""
    pieces = [piece for piece in all_pieces() if validates(piece.tune)]
    found = []
    for number, piece in enumerate(pieces):
        levels, target, _ = excerpt(
            piece, round(EXCERPT_S * RATE), np.random.default_rng([7, number]), pieces
        )
        truth = np.flatnonzero(target[:, 0] == 1.0) / RATE
        if len(truth) < 12:
            continue
        mel = np.expm1(levels) / np.float32(COMPRESSION)
        curves, heard = onset_curves(mel, 1.0), activation(mel, 1.0)
        level = tempi.tempo(tempi.pulse(curves, heard))
        times = beats(beat_strength(curves, heard), level.bpm)
        steps = np.diff(truth)
        steady = bool(np.ptp(np.quantile(steps, [0.1, 0.9])) < 0.15 * np.median(steps))
        item = Item(Path(piece.name), truth, np.zeros(0), steady)
        found.append(scores(item, times.times_s, None, tempi.settled(level, times).bpm))
    return found


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


def means_of(rows: list[dict[str, float]]) -> dict[str, float]:
    """Return the mean of each score that any row has."""
    return {
        key: float(np.mean([row[key] for row in rows if key in row]))
        for key in SCORES
        if any(key in row for row in rows)
    }


def ours(items: list[Item]) -> list[dict[str, float]]:
    """Return the scores of Sori on each file."""
    rows = []
    for item in items:
        heard = listening(item.path)
        rows.append(scores(item, heard.beats.times_s, heard.metre.downbeats_s, heard.tempo.bpm))
    return rows


def table(name: str, rows: list[dict[str, float]]) -> None:
    """Print means, if there are any."""
    if not rows:
        return
    means = means_of(rows)
    print(f"{name:24s} n={len(rows):3d} " + "  ".join(f"{k} {v:.3f}" for k, v in means.items()), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--most", type=int, default=DEVELOPMENT)
    parser.add_argument(
        "--peers", action="store_true", help="ask librosa and Essentia too, where not yet known"
    )
    arguments = parser.parse_args()
    sets = {"POP909": renders(held=arguments.held_out, most=arguments.most)}
    if not arguments.held_out:
        sets["demo"] = demos()
    for name, items in sets.items():
        table(f"Sori, {name}", ours(items))
        for program in ("librosa", "Essentia"):
            known = [
                item
                for item in items
                if arguments.peers or (ANSWERS / f"{program.lower()}-2" / f"{item.path.stem}.json").exists()
            ]
            answers = theirs(program, [item.path for item in known], 1)
            table(
                f"{program}, {name}",
                [scores(i, a["beats_s"], None, a["tempo_bpm"]) for i, a in zip(known, answers, strict=True)],
            )
    if not arguments.held_out:
        table("Sori, harmed excerpts", excerpts())


if __name__ == "__main__":
    main()

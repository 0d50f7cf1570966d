"""``python -m bench.accuracy.classify``: trained classifiers on official parts, beside librosa.

Everything is trained anew, with the defaults: on ESC-10 for each of the five official folds, on the spoken
digits for the official test and without each speaker in turn. Three quarters of an hour on one core; a run
that is stopped goes on where it was. The tables go to ``docs/accuracy.md``.

The defaults were chosen on folds 2 to 5 of ESC-10, by training on three of them and looking at the fourth.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.page import write_between
from bench.collection import CACHE, test_data
from bench.environment import peers_python
from bench.report import code_hash, table
from sori.datasets import manifest_of
from sori.models.data import LearningData, learning_data
from sori.models.evaluation import evaluate_recipe
from sori.models.options import TrainingOptions
from sori.models.splits import fold_parts, one_group_out, parts_of

KEPT = CACHE / "classify"
NETWORK, WITHOUT, SUMMARY = (
    "Sori, network",
    "Sori, network, nothing disturbed",
    "Sori, summary features",
)
OURS = {
    NETWORK: TrainingOptions(model="cnn", device="cpu"),
    WITHOUT: TrainingOptions(model="cnn", device="cpu", augment=False),
    SUMMARY: TrainingOptions(model="summary"),
}
PEERS = {"svm": "librosa MFCC, support vectors", "forest": "librosa MFCC, random forest"}
TASKS = (
    ("fsdd", "groups", NETWORK),
    ("esc10", "folds", NETWORK),
    ("fsdd", "test", NETWORK),
    ("esc10", "folds", SUMMARY),
    ("fsdd", "test", SUMMARY),
    ("fsdd", "groups", SUMMARY),
    ("esc10", "folds", WITHOUT),
)


def ours(data: LearningData, how: str, name: str) -> dict[str, Any]:
    """Return the figures of one of our recipes, measured now or by an earlier start of this run."""
    folder = KEPT / data.name / how / name
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "figures.json"
    if not done.exists():
        print(f"  {data.name}, {how}: {name}", flush=True)

        def report(said: str) -> None:
            print(f"    {said}", flush=True)

        found = evaluate_recipe(OURS[name], data.front_end(), data, how=how, folder=folder, report=report)
        done.write_text(json.dumps(found.figures), encoding="utf-8")
        print(f"    {found.figures['accuracy']:.4f}", flush=True)
    kept: dict[str, Any] = json.loads(done.read_text(encoding="utf-8"))
    return kept


def peers(data: LearningData, how: str) -> dict[str, list[float]]:
    """Return the accuracy of each part by the name of a peer."""
    done = KEPT / data.name / how / "peers.json"
    if not done.exists():
        print(f"  {data.name}, {how}: librosa", flush=True)
        if how == "folds":
            parts = [fold_parts(data.folds, int(fold)) for fold in np.unique(data.folds)]
        elif how == "groups":
            parts = one_group_out(data.groups)
        else:
            parts = [parts_of(data.splits, data.folds, data.targets, data.groups)]
        asked = {
            "paths": [str(data.path(number)) for number in range(len(data))],
            "labels": data.targets.argmax(axis=1).tolist(),
            "parts": [[part.training.tolist(), part.test.tolist()] for part in parts],
            "kept": str(KEPT / f"{data.name}.npy"),
        }
        script = Path(__file__).with_name("classify_peers.py")
        found = subprocess.run(
            [peers_python(), str(script)], input=json.dumps(asked), capture_output=True, text=True, check=True
        )
        done.write_text(found.stdout, encoding="utf-8")
    kept: dict[str, list[float]] = json.loads(done.read_text(encoding="utf-8"))
    return kept


def shares(values: list[float]) -> list[str]:
    """Return accuracies in per cent."""
    return [f"{100 * value:.1f}" for value in values]


def sounds(data: LearningData) -> str:
    """Return the table of ESC-10."""
    rows = []
    for name in OURS:
        found = ours(data, "folds", name)
        low, high = found["accuracy_interval"]
        each = [part["accuracy"] for part in found["parts"]]
        rows.append(
            [name, f"**{100 * np.mean(each):.1f}** ({100 * low:.1f}-{100 * high:.1f})", *shares(each)]
        )
    for peer, each in peers(data, "folds").items():
        rows.append([PEERS[peer], f"{100 * np.mean(each):.1f}", *shares(each)])
    return table(
        [
            "ESC-10, right in %",
            "mean of the five folds (95 % of recordings)",
            *(f"fold {k}" for k in range(1, 6)),
        ],
        rows,
    )


def digits(data: LearningData) -> str:
    """Return the table of the spoken digits."""
    rows = []
    speakers = sorted(set(data.groups.tolist()))
    for name in (NETWORK, SUMMARY):
        official = ours(data, "test", name)
        low, high = official["accuracy_interval"]
        new = [part["accuracy"] for part in ours(data, "groups", name)["parts"]]
        shown = f"**{100 * official['accuracy']:.1f}** ({100 * low:.1f}-{100 * high:.1f})"
        rows.append([name, shown, f"**{100 * np.mean(new):.1f}**", *shares(new)])
    official_peers = peers(data, "test")
    for peer, new in peers(data, "groups").items():
        rows.append([PEERS[peer], *shares(official_peers[peer]), f"{100 * np.mean(new):.1f}", *shares(new)])
    return table(
        [
            "spoken digits, right in %",
            "takes 0-4, known speakers (95 % of speakers)",
            "new speakers, mean",
            *(f"without {speaker}" for speaker in speakers),
        ],
        rows,
    )


def main() -> None:
    """Measure what is not measured yet, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-peers", action="store_true", help="measure ours only, and write nothing")
    arguments = parser.parse_args()
    stamp = KEPT / "code"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != code_hash():
        shutil.rmtree(KEPT, ignore_errors=True)
        KEPT.mkdir(parents=True)
        stamp.write_text(code_hash(), encoding="utf-8")
    sets = {name: learning_data(manifest_of(test_data() / name)) for name in ("esc10", "fsdd")}
    for name, how, recipe in TASKS:
        ours(sets[name], how, recipe)
    if arguments.without_peers:
        return
    write_between("classify", f"{sounds(sets['esc10'])}\n\n{digits(sets['fsdd'])}")
    shutil.rmtree(KEPT)


if __name__ == "__main__":
    main()

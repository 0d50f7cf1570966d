"""Training a model on a data set, in a way that can be stopped at any time."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from sori.app.output import check_place
from sori.errors import DataError
from sori.models.choosing import model_for
from sori.models.data import LearningData, learning_data, open_data
from sori.models.evaluation import evaluate
from sori.models.learning import Part, learn, prepare
from sori.models.model import SoundModel
from sori.models.model_file import save_model
from sori.models.options import TrainingOptions
from sori.models.splits import Parts, parts_of
from sori.system.lock import held

__all__ = ["begin", "train"]


def train(
    data: str,
    out: str,
    *,
    model: str | None = None,
    fold: int | None = None,
    everything: bool = False,
    restart: bool = False,
    options: dict[str, Any] | None = None,
    report: Callable[[Any], None] = lambda said: None,
) -> dict[str, Any]:
    """Train a model on a data set, test it on what was kept from it, and write it to ``out``.

    A run that was ended by force goes on from its last epoch when the same command is given again: until the
    model is written, what it knows lies in the folder ``out`` + ``.run``.

    Parameters
    ----------
    data
        A folder, a manifest, or a prepared store: see `sori.models.data.open_data`.
    out
        The model file.
    model
        One of `sori.models.options.MODELS`; by default what suits the amount of data.
    fold, everything
        Which official fold is kept for the test; or keep nothing.
    restart
        Forget a run that was begun before.
    options
        Fields of `sori.models.options.TrainingOptions`.
    report
        Told in words what is done, and each epoch.

    Raises
    ------
    ParameterError, DataError, MissingExtra
        What was asked makes no sense, nothing can be learned from the data, or a library is missing.
    """
    began = time.monotonic()
    check_place(out)
    found = learning_data(open_data(data))
    seed = int((options or {}).get("seed", 0))
    parts = parts_of(
        found.splits, found.folds, found.targets, found.groups, fold=fold, everything=everything, seed=seed
    )
    kind, reason = model_for(found.targets[parts.training], model)
    chosen = TrainingOptions(**{**(options or {}), "model": kind})
    report(f"{kind}: {reason}")
    report(f"{len(parts.training)} recordings to learn from, {len(parts.test)} for the test: {parts.how}")
    for warning in found.warnings:
        report(f"warning: {warning}")
    run = Path(f"{out}.run")
    run.mkdir(exist_ok=True)
    with held(str(run / "lock"), what="run", option="--out"):
        begin(run, {"data": os.path.abspath(data), "parts": parts.how, "options": chosen.to_dict()}, restart)
        trained = _learn(found, data, parts, chosen, reason, run, report)
        answer = _answer(found, parts, trained, run, report)
        figures = answer["figures"]
        if figures is not None:
            told = {
                name: figures[name] for name in ("accuracy", "accuracy_interval", "macro_f", "recordings")
            }
            trained = dataclasses.replace(trained, card={**trained.card, "figures": told})
        save_model(trained, out)
    shutil.rmtree(run)
    return {
        "model": out,
        "kind": kind,
        "reason": reason,
        "labels": list(found.labels),
        "seconds": round(time.monotonic() - began, 1),
        **answer,
    }


def begin(run: Path, what: dict[str, Any], restart: bool) -> None:
    """Note what a run is about, or see that it is the one that was begun here."""
    note = run / "run.json"
    if note.exists() and not restart:
        before = json.loads(note.read_text(encoding="utf-8"))
        if before != what:
            old = before.get("options", {})
            changed = [key for key, value in what["options"].items() if old.get(key) != value]
            said = ", ".join(changed) or "the data"
            raise DataError(
                f"{run} holds a run with other settings ({said}); give the same ones to go on with it,"
                " or begin again with --restart"
            )
        return
    for old in run.iterdir():
        if old.name != "lock":
            old.unlink()
    note.write_text(json.dumps(what), encoding="utf-8")


def _learn(
    data: LearningData,
    place: str,
    parts: Parts,
    options: TrainingOptions,
    reason: str,
    run: Path,
    report: Callable[[Any], None],
) -> SoundModel:
    front = data.front_end()
    material = prepare(
        data.sounds(front.sample_rate),
        front=front,
        options=options,
        folder=run,
        report=_counting(len(data), report),
    )
    part = Part(
        data.labels,
        data.multi_label,
        data.targets,
        data.groups,
        data.readable(parts.training),
        None if parts.validation is None else data.readable(parts.validation),
    )
    if not len(part.training):
        raise DataError(f"none of the recordings of {data.name} can be read; `sori datasets check` says why")
    ids = np.array([clip.id for clip in data.clips])
    recordings = {
        "name": data.name,
        "place": place,
        "how": parts.how,
        "training": ids[part.training].tolist(),
        "validation": [] if part.validation is None else ids[part.validation].tolist(),
        "test": ids[parts.test].tolist(),
    }
    card = {
        "made_by": f"sori {version('sori')}",
        "reason": reason,
        "data": {
            "name": data.name,
            "recordings": len(part.training),
            "of_each": dict(
                zip(data.labels, data.targets[part.training].sum(axis=0).astype(int).tolist(), strict=True)
            ),
            "parts": parts.how,
        },
    }
    trained = learn(material, part, options, card=card, checkpoint=run / "checkpoint.pt", report=report)
    told = json.dumps(recordings, ensure_ascii=False).encode()
    return dataclasses.replace(trained, parts={**trained.parts, "recordings.json": told})


def _answer(
    data: LearningData, parts: Parts, trained: SoundModel, run: Path, report: Callable[[Any], None]
) -> dict[str, Any]:
    """Test the model, and say what the run was about."""
    figures = None
    if len(parts.test):
        report(f"hearing the {len(parts.test)} recordings of the test")
        figures = evaluate(trained, data, folder=run).figures
    return {
        "parts": {"how": parts.how, "training": len(parts.training), "test": len(parts.test)},
        "figures": figures,
        "warnings": data.warnings if figures is None else figures["warnings"],
        "failures": [
            {"id": data.clips[number].id, "path": str(data.path(number)), "reason": why}
            for number, why in sorted(data.unreadable.items())
        ],
    }


def _counting(total: int, report: Callable[[Any], None]) -> Callable[[int], None]:
    """Return what tells of every tenth of the recordings."""
    step = max(1, total // 10)

    def count(done: int) -> None:
        if done % step == 0 or done == total:
            report(f"heard {done} of {total} recordings")

    return count

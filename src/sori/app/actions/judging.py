"""What trained models are asked: what files are, how good the answers are, and to be handed out as ONNX."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sori.app.output import check_place, writing
from sori.errors import DecodeError, ParameterError
from sori.models.data import learning_data, open_data
from sori.models.evaluation import evaluate as judge
from sori.models.model_file import load_model
from sori.models.page import page
from sori.system.lock import held

__all__ = ["evaluate", "export_model", "predict"]


def predict(model: str, files: Sequence[str]) -> dict[str, Any]:
    """Say what files are: ``results`` in order, and ``failures`` for those that cannot be read."""
    trained = load_model(model)
    results, failures = [], []
    for path in files:
        try:
            heard = trained.hear_file(path)
        except (DecodeError, OSError) as why:
            said = why.strerror if isinstance(why, OSError) and why.strerror else str(why)
            failures.append({"path": path, "reason": " ".join(said.split())})
            continue
        scores = {
            label: round(float(score), 4) for label, score in zip(trained.labels, heard.scores, strict=True)
        }
        results.append(
            {
                "path": path,
                "labels": list(trained.named(heard.scores)),
                "scores": dict(sorted(scores.items(), key=lambda item: -item[1])),
            }
        )
    return {"model": model, "results": results, "failures": failures}


def evaluate(
    model: str,
    data: str | None = None,
    *,
    how: str = "test",
    html: str | None = None,
    report: Callable[[str], None] = lambda said: None,
) -> dict[str, Any]:
    """Evaluate a model, or its recipe on each fold or group in turn; ``html`` names a page to be written.

    Without ``data`` it is the data that the model was trained on, where they lay then: what was kept from it.

    Answers are kept in the folder ``model`` + ``.evaluation`` until all are there, so that an evaluation
    that was ended by force goes on when it is asked for again.

    Raises
    ------
    ParameterError, DataError, ModelError
        As `sori.models.evaluation.evaluate`, `sori.models.data.learning_data` and `load_model`.
    """
    if html is not None:
        check_place(html)
    trained = load_model(model)
    place = data or str(json.loads(trained.parts["recordings.json"])["place"])
    if data is None and not os.path.exists(place):
        raise ParameterError(f"the data of this model are not at {place!r} any more; name them with --data")
    found = learning_data(open_data(place), labels=trained.labels, multi_label=trained.multi_label)
    folder = Path(f"{model}.evaluation")
    folder.mkdir(exist_ok=True)
    with held(str(folder / "lock"), what="evaluation", option="the model"):
        result = judge(trained, found, how=how, folder=folder, report=report)
        if html is not None:
            with writing(html) as file:
                file.write(page(os.path.basename(model), trained, found, result).encode())
    shutil.rmtree(folder)
    return {"model_file": model, **result.figures}


def export_model(model: str, out: str) -> dict[str, Any]:
    """Write a model as ONNX that takes a waveform, and a card beside it; both are named.

    Raises
    ------
    ParameterError
        The name does not end in ``.onnx``.
    ModelError
        The graph does not say what the model says.
    """
    from sori.models.card import card_text
    from sori.models.exporting import whole_network

    if Path(out).suffix.lower() != ".onnx":
        raise ParameterError(f"{out!r} is no name for an exported model; let it end in .onnx")
    check_place(out)
    trained = load_model(model)
    data = whole_network(trained)
    card = str(Path(out).with_suffix(".md"))
    with writing(out) as file:
        file.write(data)
    with writing(card) as file:
        file.write(card_text(Path(out).name, trained, data).encode())
    return {
        "onnx": out,
        "card": card,
        "bytes": len(data),
        "sample_rate": trained.sample_rate,
        "labels": list(trained.labels),
        "multi_label": trained.multi_label,
    }

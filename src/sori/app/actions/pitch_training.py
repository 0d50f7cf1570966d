"""Training a network of pitch on audio without labels, in a way that can be stopped at any time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sori.app.actions.training import begin
from sori.app.output import check_place, write
from sori.models.pitch.curves import curves
from sori.models.pitch.learning import learn_pitch, write_network
from sori.models.pitch.options import PitchOptions
from sori.system.lock import held

__all__ = ["train_pitch"]


def train_pitch(
    folders: Sequence[str],
    out: str,
    *,
    begin_with: str | None = None,
    restart: bool = False,
    options: dict[str, Any] | None = None,
    report: Callable[[Any], None] = lambda said: None,
) -> dict[str, Any]:
    """Learn pitch from folders, write the network to ``out`` and a picture of the run to ``out`` + ``.svg``.

    A run that was ended by force goes on from its last check when the same command is given again: until the
    network is written, what it knows lies in the folder ``out`` + ``.run``.

    Raises
    ------
    ParameterError, DataError, MissingExtra
        What was asked makes no sense, nothing can be learned from the data, or a library is missing.
    """
    began = time.monotonic()
    check_place(out)
    chosen = PitchOptions(**(options or {}))
    run = Path(f"{out}.run")
    run.mkdir(exist_ok=True)
    with held(str(run / "lock"), what="run", option="--out"):
        first = None if begin_with is None else Path(begin_with).read_bytes()
        about: dict[str, Any] = {
            "data": [os.path.abspath(folder) for folder in folders],
            "options": chosen.to_dict(),
            "begun_with": begin_with and os.path.abspath(begin_with),
        }
        begin(run, about, restart)
        made_by = f"sori {version('sori')}"
        learned = learn_pitch(folders, chosen, run=run, made_by=made_by, begun_with=first, report=report)
        write_network(learned, Path(out))
        picture = f"{out}.svg"
        write(curves(learned.history, title=f"{chosen.configuration}: {os.path.basename(out)}"), picture)
    shutil.rmtree(run)
    best = min(learned.history, key=lambda check: check.validation_loss)
    return {
        "network": out,
        "picture": picture,
        "configuration": chosen.configuration,
        "weights": learned.weights,
        "bytes": len(learned.onnx),
        "files": learned.material.files,
        "step": best.step,
        "steps": learned.history[-1].step,
        "agreed": round(best.agreed, 4),
        "tones_right": round(learned.calibration.right, 4),
        "tones_cents": round(learned.calibration.spread_cents, 2),
        "seconds": round(time.monotonic() - began, 1),
        "failures": learned.material.failures,
    }

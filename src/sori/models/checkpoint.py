"""Checkpoints of a training run: whole or not there, and of this run or refused."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch

from sori.errors import DataError, ModelError
from sori.system.replacing import replacing

__all__ = ["load_checkpoint", "save_checkpoint"]


def save_checkpoint(path: Path, stamp: str, state: dict[str, Any]) -> None:
    """Write a checkpoint beside the last one and put it in its place; a kill leaves one of the two."""
    with replacing(path) as file:
        torch.save({"stamp": stamp, **state}, file)


def load_checkpoint(path: Path, stamp: str) -> dict[str, Any] | None:
    """Return the last checkpoint of the run that ``stamp`` names, or ``None`` where it has none yet.

    Only tensors and plain data are read, whatever the file holds.

    Raises
    ------
    DataError
        It is that of another run.
    ModelError
        It is damaged.
    """
    if not path.exists():
        return None
    try:
        found: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        came = found.pop("stamp")
    except (pickle.UnpicklingError, RuntimeError, EOFError, KeyError, AttributeError, ValueError) as why:
        raise ModelError(
            f"{path} is no checkpoint, or is damaged ({why}); begin again with --restart"
        ) from None
    if came != stamp:
        raise DataError(
            f"{path} was begun with other data or options; go on with those, or begin again with --restart"
        )
    return found

"""A small part of two real data sets, and models trained on it once for all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sori.app.actions.training import train

DIGITS, TAKES = "013", range(9)
EPOCHS = 6


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Let PyTorch add up in one order, whatever ran before in this process."""
    pytest.importorskip("torch").set_num_threads(1)


@pytest.fixture(scope="session")
def digits(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return three digits, spoken by six people nine times each; five takes are the official test."""
    folder = tmp_path_factory.mktemp("digits") / "fsdd"
    (folder / "recordings").mkdir(parents=True)
    for path in sorted((data / "fsdd" / "recordings").glob("*.wav")):
        digit, _, take = path.stem.split("_")
        if digit in DIGITS and int(take) in TAKES:
            os.symlink(path, folder / "recordings" / path.name)
    return folder


@pytest.fixture(scope="session")
def animals(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return four sounds of two classes in each of two official folds."""
    folder = tmp_path_factory.mktemp("animals") / "esc"
    for kind in ("003 - Sea waves", "005 - Clock tick"):
        (folder / kind).mkdir(parents=True)
        for fold in "12":
            for path in sorted((data / "esc10" / kind).glob(f"{fold}-*.ogg"))[:4]:
                os.symlink(path, folder / kind / path.name)
    return folder


@pytest.fixture(scope="session")
def models(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a summary model and a network of the digits, and what training said of them."""
    folder = tmp_path_factory.mktemp("models")
    for kind in ("summary", "cnn"):
        train(str(digits), str(folder / f"{kind}.model"), model=kind, options={"epochs": EPOCHS})
    return folder


@pytest.fixture
def copied(digits: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that copies some of the digits into folders of one class each."""

    def copy(*names: str, into: str = "sounds") -> Path:
        for name in names:
            target = tmp_path / into / name[0]
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(digits / "recordings" / f"{name}.wav", target)
        return tmp_path / into

    return copy


def some(speakers: str = "george jackson lucas nicolas", takes: Any = range(5), of: str = "01") -> list[str]:
    """Return names of digits."""
    return [f"{digit}_{speaker}_{take}" for digit in of for speaker in speakers.split() for take in takes]

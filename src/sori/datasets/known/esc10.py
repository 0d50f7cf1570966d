"""ESC-10, ten classes of environmental sound, in its own layout."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="esc10",
    title="ESC-10: Dataset for Environmental Sound Classification",
    about="400 environmental sounds of 5 s in 10 classes, Ogg Vorbis at 44.1 kHz, mono.",
    licence="CC BY 3.0; clips CC0, CC BY or CC Sampling+, listed in its README",
    citation="Piczak: ESC: Dataset for Environmental Sound Classification, ACM Multimedia 2015, "
    "doi:10.1145/2733373.2806390",
    homepage="https://github.com/karolpiczak/ESC-10",
    split="5 folds, the first number of the name; group: the Freesound recording, which is in one fold only",
    layout=("{number} - {class}/{fold}-{freesound}-{take}.ogg",),
    downloads=(
        Download(url="https://github.com/karolpiczak/ESC-10/archive/master.zip", file="ESC-10-master.zip"),
    ),
)

_CLASS = re.compile(r"\d{3} - (.+)")
_NAME = re.compile(r"(\d)-(\d+)-[A-Z]\.ogg")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(
        _CLASS.fullmatch(entry.name)
        and entry.is_dir()
        and any(_NAME.fullmatch(file.name) for file in os.scandir(entry))
        for entry in os.scandir(root)
    )


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips, by class and name."""
    for folder in sorted(os.listdir(root)):
        label = _CLASS.fullmatch(folder)
        if not label:
            continue
        for name in sorted(os.listdir(root / folder)):
            found = _NAME.fullmatch(name)
            if found:
                fold, recording = found.groups()
                yield Clip(
                    id=name.removesuffix(".ogg"),
                    path=f"{folder}/{name}",
                    labels=(label[1],),
                    group=recording,
                    fold=int(fold),
                )

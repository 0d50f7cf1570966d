"""ESC-10, ten classes of environmental sound, in its own layout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import files, has_file
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
        Download(
            url="https://github.com/karolpiczak/ESC-10/archive/master.zip",
            file="ESC-10-master.zip",
            strip=True,
        ),
    ),
)

_CLASS = r"\d{3} - (.+)"
_NAME = r"((\d)-(\d+)-[A-Z])\.ogg"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(has_file(root / folder[0], _NAME) for folder in files(root, _CLASS))


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips, by class and name."""
    for folder in files(root, _CLASS):
        for name in files(root / folder[0], _NAME):
            clip, fold, recording = name.groups()
            yield Clip(
                id=clip,
                path=f"{folder[0]}/{name[0]}",
                labels=(folder[1],),
                group=recording,
                fold=int(fold),
            )

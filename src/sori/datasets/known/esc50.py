"""ESC-50, fifty classes of environmental sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import rows
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="esc50",
    title="ESC-50: Dataset for Environmental Sound Classification",
    about="2,000 environmental sounds of 5 s in 50 classes, WAV at 44.1 kHz, mono.",
    licence="CC BY-NC 3.0; the ESC-10 part CC BY",
    citation="Piczak: ESC: Dataset for Environmental Sound Classification, ACM Multimedia 2015, "
    "doi:10.1145/2733373.2806390",
    homepage="https://github.com/karolpiczak/ESC-50",
    split="5 folds of its table; group: the Freesound recording, which is in one fold only",
    layout=("meta/esc50.csv", "audio/{fold}-{freesound}-{take}-{target}.wav"),
    downloads=(
        Download(
            url="https://github.com/karolpiczak/ESC-50/archive/master.zip",
            file="ESC-50-master.zip",
            strip=True,
        ),
    ),
)

_TABLE = "meta/esc50.csv"
_COLUMNS = ("filename", "fold", "category", "esc10", "src_file")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / _TABLE).is_file()


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips, as in the table; ``extra`` says which are in ESC-10."""
    for row in rows(root / _TABLE, columns=_COLUMNS):
        yield Clip(
            id=row["filename"].removesuffix(".wav"),
            path=f"audio/{row['filename']}",
            labels=(row["category"],),
            group=row["src_file"],
            fold=int(row["fold"]),
            extra={"esc10": row["esc10"].lower()},
        )

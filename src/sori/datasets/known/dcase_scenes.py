"""The acoustic scenes of DCASE task 1: TAU Urban Acoustic Scenes, 2019 to 2022."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import rows
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="dcase_scenes",
    title="TAU Urban Acoustic Scenes (DCASE task 1), development sets of 2019 to 2022",
    about="Ten kinds of place in twelve cities; 10 s clips, in 2022 of 1 s; since 2020 by several phones "
    "too.",
    licence="Tampere University's own: free for non-commercial scientific work, with reference",
    citation="Mesaros, Heittola, Virtanen: A multi-device dataset for urban acoustic scene classification, "
    "DCASE Workshop 2018",
    homepage="https://dcase.community/challenge2022/task-low-complexity-acoustic-scene-classification",
    split="fold1_train is train, fold1_evaluate is test, clips in neither have none; group: the place",
    layout=("meta.csv", "evaluation_setup/fold1_{train|evaluate}.csv", "audio/{scene}-{city}-*.wav"),
    steps=(
        "get all archives of a year from Zenodo (2022: record 6337421; 2020: 3819968; 2019: 2589280)",
        "unpack them over each other, and name the folder that then holds meta.csv",
    ),
)

_LISTS = {"fold1_train.csv": "train", "fold1_evaluate.csv": "test"}


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / "meta.csv").is_file() and (root / "evaluation_setup" / "fold1_train.csv").is_file()


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips, as in the table; ``extra`` says which device recorded them."""
    splits = {
        row["filename"]: split
        for name, split in _LISTS.items()
        for row in rows(root / "evaluation_setup" / name, columns=("filename",), delimiter="\t")
    }
    columns = ("filename", "scene_label", "identifier", "source_label")
    for row in rows(root / "meta.csv", columns=columns, delimiter="\t"):
        yield Clip(
            id=Path(row["filename"]).stem,
            path=row["filename"],
            labels=(row["scene_label"],),
            group=row["identifier"],
            split=splits.get(row["filename"]),
            extra={"device": row["source_label"]},
        )

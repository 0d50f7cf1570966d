"""FSD50K, human-labelled sound events of Freesound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import json_of, rows
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="fsd50k",
    title="FSD50K: an Open Dataset of Human-Labeled Sound Events",
    about="51,197 clips of 0.3 to 30 s, tagged with 200 classes of the AudioSet ontology, WAV at 44.1 "
    "kHz, mono.",
    licence="CC BY 4.0; each clip under its own (CC0, CC BY, CC BY-NC, CC Sampling+), kept with it",
    citation="Fonseca, Favory, Pons, Font, Serra: FSD50K: an Open Dataset of Human-Labeled Sound Events, "
    "IEEE/ACM Trans. Audio, Speech and Language Processing 30, 2022",
    homepage="https://zenodo.org/records/4060432",
    split="train and val of dev.csv, eval.csv is test; group: the uploader, who is in dev or eval only",
    layout=(
        "FSD50K.ground_truth/{dev|eval}.csv",
        "FSD50K.metadata/{dev|eval}_clips_info_FSD50K.json",
        "FSD50K.{dev|eval}_audio/{freesound}.wav",
    ),
    steps=(
        "get all files from the homepage; the audio is two archives in parts, joined by "
        "`zip -s 0 FSD50K.dev_audio.zip --out dev.zip`, likewise eval; unpack everything in one folder",
    ),
    warnings=("labels of dev are correct but may be incomplete; only those of eval are exhaustive",),
)

_SPLITS = {"train": "train", "val": "validation"}


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / "FSD50K.ground_truth" / "dev.csv").is_file()


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips of dev, then of eval, with uploader and licence where the metadata is there."""
    for part in ("dev", "eval"):
        columns = ("fname", "labels", "split") if part == "dev" else ("fname", "labels")
        info = root / "FSD50K.metadata" / f"{part}_clips_info_FSD50K.json"
        about = json_of(info) if info.is_file() else {}
        for row in rows(root / "FSD50K.ground_truth" / f"{part}.csv", columns=columns):
            name = row["fname"]
            said = about.get(name, {})
            yield Clip(
                id=name,
                path=f"FSD50K.{part}_audio/{name}.wav",
                labels=tuple(row["labels"].split(",")),
                group=said.get("uploader"),
                split=_SPLITS[row["split"]] if part == "dev" else "test",
                licence=said.get("license"),
            )

"""AudioSet, as far as its videos could be got."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.folders import is_audio
from sori.datasets.layout import lines, rows
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="audioset",
    title="AudioSet",
    about="10 s of 2,084,320 videos, tagged with 527 classes of sound; lists only, sound is each person's "
    "own.",
    licence="lists CC BY 4.0; the videos are their uploaders'",
    citation="Gemmeke, Ellis, Freedman, Jansen, Lawrence, Moore, Plakal, Ritter: Audio Set: An ontology and "
    "human-labeled dataset for audio events, ICASSP 2017",
    homepage="https://research.google.com/audioset/download.html",
    split="both train lists are train, the eval list is test; group: the video",
    layout=(
        "{balanced_train|unbalanced_train|eval}_segments.csv",
        "class_labels_indices.csv",
        "audio/**/{video}.{wav|flac|...}, also Y{video} or {video}_{start}",
    ),
    steps=(
        "get the three lists and class_labels_indices.csv from the homepage",
        "put the excerpts you have the right to use, 10 s each, anywhere below audio/",
    ),
    warnings=(
        "videos vanish: two copies of AudioSet are seldom the same; say how many clips there were",
        "labels are incomplete and classes very uneven: 1,000,000 times music, 57 times toothbrush",
    ),
)

_LISTS = {"balanced_train": "train", "unbalanced_train": "train", "eval": "test"}
_NAME = re.compile(r"Y?([\w-]{11})(?:_[\d.]+){0,2}")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / "class_labels_indices.csv").is_file() and any(
        (root / f"{name}_segments.csv").is_file() for name in _LISTS
    )


def clips(root: Path) -> Iterator[Clip]:
    """Give the excerpts whose sound is there, as in the lists."""
    names = {
        row["mid"]: row["display_name"]
        for row in rows(root / "class_labels_indices.csv", columns=("mid", "display_name"))
    }
    found = _files(root)
    for name, split in _LISTS.items():
        path = root / f"{name}_segments.csv"
        if not path.is_file():
            continue
        for line in lines(path):
            if line.startswith("#"):
                continue
            video, start, _, classes = (part.strip().strip('"') for part in line.split(", ", 3))
            if video in found:
                yield Clip(
                    id=video,
                    path=found[video],
                    labels=tuple(names[mid] for mid in classes.split(",")),
                    group=video,
                    split=split,
                    extra={"list": name, "video_start_s": start},
                )


def _files(root: Path) -> dict[str, str]:
    found = {}
    for folder, _, names in os.walk(root / "audio"):
        for name in names:
            video = _NAME.fullmatch(name.rpartition(".")[0])
            if video and is_audio(name):
                found[video[1]] = (Path(folder) / name).relative_to(root).as_posix()
    return found

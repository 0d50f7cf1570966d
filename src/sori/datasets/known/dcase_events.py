"""The sound events of DCASE task 4: DESED."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import lines, rows
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="dcase_events",
    title="DESED: Domestic Environment Sound Event Detection (DCASE task 4)",
    about="10 s clips with 10 classes of domestic sound: weakly labelled, made up with exact times, and "
    "real.",
    licence="made-up clips and annotations CC BY 4.0 and others; real ones are from AudioSet",
    citation="Turpault, Serizel, Shah, Salamon: Sound event detection in domestic environments with weakly "
    "labeled data and soundscape synthesis, DCASE Workshop 2019",
    homepage="https://github.com/turpaultn/DESED",
    split="lists below metadata/train are train, below metadata/validation validation, below eval test",
    layout=(
        "metadata/train/{weak|audioset_strong|synthetic21_train/soundscapes}.tsv, and so on",
        "audio/ with a folder for each list, of the same name (strong_label_real for audioset_strong)",
    ),
    steps=(
        "get the made-up clips from Zenodo (record 6026841) and the annotations from the homepage; real "
        "clips come from the authors",
        "unpack so that metadata/ and audio/ lie beside each other",
    ),
    warnings=("unlabelled clips are left out: nothing is said of them",),
)

_PLACES = {"train": "train", "validation": "validation", "eval": "test"}
_FOLDERS = {
    "train/audioset_strong": "train/strong_label_real",
    "validation/validation": "validation/validation",
}
_EVENT = ("filename", "onset", "offset", "event_label")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    lists = ("train/weak.tsv", "train/audioset_strong.tsv", "train/synthetic21_train/soundscapes.tsv")
    return any((root / "metadata" / name).is_file() for name in lists)


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips list by list; ``extra`` has ``events``, ``start end label; ...``, where known."""
    for path in sorted((root / "metadata").rglob("*.tsv")):
        name = path.relative_to(root / "metadata").with_suffix("").as_posix()
        split = _PLACES.get(name.partition("/")[0])
        columns = next(lines(path), "").split()
        if split is None or columns[:1] != ["filename"] or len(columns) < 2 or "duration" in columns:
            continue
        folder = f"audio/{_FOLDERS.get(name, name)}"
        said = _weak(path) if "event_labels" in columns else _strong(path)
        for file, (labels, events) in said:
            yield Clip(
                id=f"{name}/{Path(file).stem}",
                path=f"{folder}/{file}",
                labels=labels,
                split=split,
                extra={"events": events} if events else {},
            )


def _weak(path: Path) -> Iterator[tuple[str, tuple[tuple[str, ...], str]]]:
    for row in rows(path, columns=("filename", "event_labels"), delimiter="\t"):
        yield row["filename"], (tuple(row["event_labels"].split(",")), "")


def _strong(path: Path) -> Iterator[tuple[str, tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[str, str, str]]] = collections.defaultdict(list)
    for row in rows(path, columns=_EVENT, delimiter="\t"):
        events = found[row["filename"]]
        if row["event_label"]:
            events.append((row["onset"], row["offset"], row["event_label"]))
    for file, events in found.items():
        labels = tuple(sorted({label for _, _, label in events}))
        yield file, (labels, "; ".join(map(" ".join, events)))

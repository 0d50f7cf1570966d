"""Plain folders as manifests: one folder per class, or audio beside JAMS files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sori.audio.types import AUDIO_EXTENSIONS
from sori.datasets.manifest import Clip
from sori.errors import DataError

__all__ = ["class_folders", "is_audio", "jams_clips", "jams_files"]

_SPLIT_FOLDERS = {"train": "train", "training": "train", "test": "test", "testing": "test"} | dict.fromkeys(
    ("validation", "valid", "val", "dev"), "validation"
)
# Arrays too: what other programs have decoded.
_SOUND = AUDIO_EXTENSIONS | {"npy"}


def is_audio(name: str) -> bool:
    """Say whether a file's name ends as audio files (or arrays of samples, ``.npy``) do."""
    return name.rpartition(".")[2].lower() in _SOUND and not name.startswith(".")


def class_folders(root: Path) -> Iterator[Clip]:
    """Give every audio file below a folder, labelled with the folder right below ``root`` that it is in.

    Where all those folders are called ``train``, ``test``, ``validation`` or the like they are splits, and
    the classes are the folders in them.
    """
    tops = [name for name in sorted(os.listdir(root)) if name[0] != "." and (root / name).is_dir()]
    split_level = len(tops) > 1 and all(top.lower() in _SPLIT_FOLDERS for top in tops)
    for top in tops:
        split = _SPLIT_FOLDERS[top.lower()] if split_level else None
        for folder, folders, files in os.walk(root / top, followlinks=True):
            folders[:] = sorted(name for name in folders if name[0] != ".")
            inner = Path(folder).relative_to(root).parts
            label = inner[1:2] if split_level else inner[:1]
            for name in sorted(filter(is_audio, files)):
                path = "/".join((*inner, name))
                yield Clip(id=path.rpartition(".")[0], path=path, labels=label, split=split)


def jams_files(root: Path) -> list[Path]:
    """Return the JAMS files right in a folder, sorted."""
    return sorted(root.glob("*.jams"))


def jams_clips(root: Path, files: list[Path]) -> Iterator[Clip]:
    """Give a clip for each JAMS file, labelled by its tags; the audio has the same name, or the one it says.

    Tags are the values of every annotation in a ``tag_*`` namespace, the group is the artist.

    Raises
    ------
    DataError
        A file that is no JAMS, or has no audio beside it; the message names it.
    """
    beside = {name.rpartition(".")[0]: name for name in os.listdir(root) if is_audio(name)}
    for file in files:
        try:
            jams = json.loads(file.read_text(encoding="utf-8"))
            about, annotations = jams["file_metadata"], jams["annotations"]
            labels = tuple(
                dict.fromkeys(
                    str(observed["value"])
                    for annotation in annotations
                    if annotation["namespace"].startswith("tag_")
                    for observed in annotation["data"]
                )
            )
            said = _sandbox_name(jams)
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"{file} is not JAMS ({error!r}); repair it, or take it away") from None
        path = beside.get(file.stem) or said
        if path is None:
            raise DataError(f"{file} has no audio file of the same name beside it; put it there")
        yield Clip(
            id=file.stem,
            path=path,
            labels=labels,
            group=about.get("artist") or None,
            extra={"annotations": file.name},
        )


def _sandbox_name(jams: Any) -> str | None:
    for place in (jams.get("sandbox") or {}, (jams["file_metadata"].get("identifiers") or {})):
        for key in ("path", "filename", "file"):
            if isinstance(place.get(key), str):
                return str(place[key])
    return None

"""The Million Song Dataset: features and metadata of a million songs, one HDF5 file each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sori.datasets.card import Card
from sori.datasets.layout import files, lines
from sori.datasets.manifest import Clip
from sori.errors import DataError, MissingExtra

__all__ = ["CARD", "clips", "features", "recognised"]

CARD = Card(
    name="millionsong",
    title="Million Song Dataset",
    about="Features (pitch classes, timbre, loudness of each segment; beats, key, tempo) and metadata of "
    "1,000,000 "
    "songs, or the 10,000 of its subset; no audio.",
    licence="research; The Echo Nest's terms",
    citation="Bertin-Mahieux, Ellis, Whitman, Lamere: The Million Song Dataset, ISMIR 2011",
    homepage="http://millionsongdataset.com/",
    split="none is official; group: the artist, where unique_tracks.txt is there",
    layout=(
        "{A..Z}/{A..Z}/{A..Z}/TR*.h5, there or below data",
        "{unique_tracks|subset_unique_tracks}.txt, there or in AdditionalFiles",
    ),
    steps=("get the subset (1.8 GB) or the whole (280 GB) from the homepage",),
    warnings=("there is no audio in it: `features` reads what was measured, loaders and prepare cannot",),
)

_LETTER = r"[A-Z]"
_TRACK = r"(TR[0-9A-Z]{16})\.h5"
_LISTS = ("unique_tracks.txt", "subset_unique_tracks.txt")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return next(_tracks(root), None) is not None


def clips(root: Path) -> Iterator[Clip]:
    """Give the songs by folder; ``extra`` has artist and title where the list of tracks is there."""
    known = _known(root)
    for track, path in _tracks(root):
        artist, title = known.get(track, ("", ""))
        extra = {"artist": artist, "title": title} if track in known else {}
        yield Clip(id=track, path=path, group=artist or None, extra=extra)


def features(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return what was measured in a song: the arrays of ``/analysis``, and its row of numbers, by name.

    ``segments_pitches`` is ``(segments, 12)``, ``segments_timbre`` too; times are in seconds.

    Raises
    ------
    MissingExtra
        h5py is not installed.
    DataError
        It is not a file of this data set.
    """
    try:
        import h5py
    except ImportError as absent:
        raise MissingExtra("HDF5 files need h5py: pip install 'sori[hdf5]'") from absent
    try:
        with h5py.File(path, "r") as file:
            analysis = file["analysis"]
            found = {name: analysis[name][...] for name in analysis if name != "songs"}
            row = analysis["songs"][0]
            return found | {name: row[name].item() for name in row.dtype.names if "idx_" not in name}
    except (OSError, KeyError, IndexError, AttributeError) as error:
        raise DataError(f"{path} is no file of the Million Song Dataset ({error})") from None


def _tracks(root: Path) -> Iterator[tuple[str, str]]:
    top = "data/" if (root / "data").is_dir() else ""
    for first in files(root / top, _LETTER):
        for second in files(root / top / first[0], _LETTER):
            for third in files(root / top / first[0] / second[0], _LETTER):
                folder = f"{top}{first[0]}/{second[0]}/{third[0]}"
                for name in files(root / folder, _TRACK):
                    yield name[1], f"{folder}/{name[0]}"


def _known(root: Path) -> dict[str, tuple[str, str]]:
    places = [root / folder / name for folder in (".", "AdditionalFiles") for name in _LISTS]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        return {}
    parts = (line.split("<SEP>") for line in lines(found))
    return {part[0]: (part[2], part[3]) for part in parts if len(part) == 4}

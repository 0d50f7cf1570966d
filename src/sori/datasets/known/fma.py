"""The Free Music Archive data set, in its four sizes."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.manifest import Clip
from sori.errors import DataError

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="fma",
    title="FMA: A Dataset for Music Analysis",
    about="Music in MP3: small 8,000 and medium 25,000 clips of 30 s, large 106,574, full the same "
    "untrimmed.",
    licence="each track under its artist's Creative Commons licence; metadata CC BY 4.0",
    citation="Defferrard, Benzi, Vandergheynst, Bresson: FMA: A Dataset for Music Analysis, ISMIR 2017",
    homepage="https://github.com/mdeff/fma",
    split="train, validation and test of tracks.csv; group: the artist, who is in one of them only",
    layout=("fma_metadata/tracks.csv", "fma_{small|medium|large|full}/{000}/{track}.mp3"),
    downloads=(
        Download(
            url="https://os.unil.cloud.switch.ch/fma/fma_metadata.zip",
            file="fma_metadata.zip",
            checksum="sha1:f0df49ffe5f2a6008d7dc83c6915b31835dfe733",
        ),
        Download(
            url="https://os.unil.cloud.switch.ch/fma/fma_small.zip",
            file="fma_small.zip",
            checksum="sha1:ade154f733639d52e35e32f5593efe5be76c6d70",
        ),
    ),
    steps=(
        "the larger sizes (22, 93 and 879 GiB) are on the homepage; unpack one beside fma_metadata: "
        "the largest that is there is used",
    ),
    warnings=(
        "three tracks of fma_small are nearly empty (98565, 98567, 98569) and a few files cannot be decoded",
        "genres are the uploader's own; a track without a top genre has no label here",
    ),
)

_TABLE = "fma_metadata/tracks.csv"
_SIZES = ("small", "medium", "large", "full")
_SPLITS = {"training": "train", "validation": "validation", "test": "test"}
_WANTED = (
    ("set", "subset"),
    ("set", "split"),
    ("track", "genre_top"),
    ("artist", "id"),
    ("track", "license"),
    ("track", "title"),
)


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / _TABLE).is_file()


def clips(root: Path) -> Iterator[Clip]:
    """Give the tracks of the largest size that is there, by number."""
    size = next((size for size in reversed(_SIZES) if (root / f"fma_{size}").is_dir()), None)
    if size is None:
        raise DataError(f"{root} has fma_metadata but no music; unpack fma_small or a larger one beside it")
    inside = _SIZES[: _SIZES.index(size) + 1]
    for track, (subset, split, genre, artist, licence, title) in _tracks(root / _TABLE):
        if subset in inside:
            yield Clip(
                id=f"{track:06}",
                path=f"fma_{size}/{track // 1000:03}/{track:06}.mp3",
                labels=(genre,) if genre else (),
                group=artist or None,
                split=_SPLITS.get(split),
                licence=licence or None,
                extra={"title": title} if title else {},
            )


def _tracks(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give number and wanted columns of each track: the table has three lines of header."""
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.reader(file)
        header = list(zip(*itertools.islice(table, 2), strict=True))
        missing = [name for name in _WANTED if name not in header]
        if missing:
            raise DataError(f"{path} has no column {missing[0]}; get fma_metadata again")
        places = [header.index(name) for name in _WANTED]
        next(table, None)
        for row in table:
            yield int(row[0]), [row[place].strip() for place in places]

"""UrbanSound8K, ten classes of city sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import rows
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="urbansound8k",
    title="UrbanSound8K",
    about="8,732 excerpts of at most 4 s of urban sound in 10 classes, WAV as uploaded to Freesound.",
    licence="CC BY-NC 3.0",
    citation="Salamon, Jacoby, Bello: A Dataset and Taxonomy for Urban Sound Research, ACM Multimedia 2014",
    homepage="https://urbansounddataset.weebly.com/urbansound8k.html",
    split="10 folds of its table; group: the Freesound recording, which is in one fold only",
    layout=("metadata/UrbanSound8K.csv", "audio/fold{fold}/{freesound}-{class}-{occurrence}-{slice}.wav"),
    downloads=(
        Download(
            url="https://zenodo.org/records/1203745/files/UrbanSound8K.tar.gz",
            file="UrbanSound8K.tar.gz",
            checksum="md5:9aa69802bbf37fb986f71ec1483a196e",
            size_bytes=6_023_741_708,
            strip=True,
        ),
    ),
    warnings=(
        "use its ten folds as they are: slices of one recording lie in a fold, and other splits leak",
        "rates, channels and bits differ from clip to clip: prepare with --sample-rate and --mono",
    ),
)

_TABLE = "metadata/UrbanSound8K.csv"
_COLUMNS = ("slice_file_name", "fsID", "salience", "fold", "class")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / _TABLE).is_file()


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips, as in the table; ``extra`` says whether the sound is in the foreground."""
    for row in rows(root / _TABLE, columns=_COLUMNS):
        yield Clip(
            id=row["slice_file_name"].removesuffix(".wav"),
            path=f"audio/fold{row['fold']}/{row['slice_file_name']}",
            labels=(row["class"],),
            group=row["fsID"],
            fold=int(row["fold"]),
            extra={"salience": {"1": "foreground", "2": "background"}[row["salience"]]},
        )

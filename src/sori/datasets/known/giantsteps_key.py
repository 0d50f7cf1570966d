"""GiantSteps key: electronic dance music with its key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import files, has_file, lines
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

_ZENODO = "https://zenodo.org/records/1095691/files"

CARD = Card(
    name="giantsteps_key",
    title="GiantSteps key data set, and GiantSteps+ EDM Key",
    about="604 previews of 2 minutes of electronic dance music, MP3, with one key each; 600 of them revised.",
    licence="GiantSteps+ CC BY-SA 4.0; the previews are the labels'",
    citation="Knees et al.: Two data sets for tempo estimation and key detection in electronic dance music, "
    "ISMIR 2015; Faraldo: Tonality Estimation in Electronic Dance Music, PhD thesis, UPF 2017",
    homepage="https://zenodo.org/records/1095691",
    split="none: it is a test set",
    layout=("annotations/key/{track}.LOFI.key, or keys_gs+/{name}.txt", "audio/{same}.mp3"),
    downloads=(
        Download(
            url=f"{_ZENODO}/audio.zip",
            file="audio.zip",
            checksum="md5:8ec9ade888d5a88ce435d7fda031929b",
        ),
        Download(
            url=f"{_ZENODO}/keys.zip",
            file="keys.zip",
            checksum="md5:775b7d17e009f5818544cf505b6a96fd",
        ),
    ),
    steps=(
        "the first version is at https://github.com/GiantSteps/giantsteps-key-dataset, with its audio_dl.sh",
    ),
)

_PLACES = (("keys_gs+", r"(.+)\.txt"), ("annotations/key", r"(.+)\.key"))


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(has_file(root / place, name) for place, name in _PLACES)


def clips(root: Path) -> Iterator[Clip]:
    """Give the tracks by name, labelled with the key as annotated, such as ``Eb minor``."""
    place, pattern = next(one for one in _PLACES if has_file(root / one[0], one[1]))
    for name in files(root / place, pattern):
        key = next(lines(root / place / name[0]), "").partition("\t")[0].strip()
        yield Clip(
            id=name[1].removesuffix(".LOFI"),
            path=f"audio/{name[1]}.mp3",
            labels=(key,) if key else (),
            split="test",
        )

"""MDB-stem-synth, stems made anew so that their pitch is exactly known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import files, has_file
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="mdb_stem_synth",
    title="MDB-stem-synth",
    about="230 stems of MedleyDB, 25 instruments, 15.6 hours, resynthesised from their pitch; WAV at 44.1 "
    "kHz.",
    licence="CC BY-NC 4.0",
    citation="Salamon, Bittner, Bonada, Bosch, Gómez, Bello: An Analysis/Synthesis Framework for "
    "Automatic F0 "
    "Annotation of Multitrack Datasets, ISMIR 2017",
    homepage="https://zenodo.org/records/1481172",
    split="none is official; group: the artist",
    layout=("audio_stems/{artist}_{title}_STEM_{n}.RESYN.wav", "annotation_stems/{same}.RESYN.csv"),
    downloads=(
        Download(
            url="https://zenodo.org/records/1481172/files/MDB-stem-synth.tar.gz",
            file="MDB-stem-synth.tar.gz",
            checksum="md5:31c1f6b4888e5fd108af91c69789a809",
            strip=True,
        ),
    ),
)

_NAME = r"(([^_]+)_.+_STEM_\d+)\.RESYN\.wav"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return has_file(root / "audio_stems", _NAME)


def clips(root: Path) -> Iterator[Clip]:
    """Give the stems by name; ``extra`` has the place of the pitch: seconds and Hz, 0 unvoiced."""
    for name in files(root / "audio_stems", _NAME):
        yield Clip(
            id=name[1],
            path=f"audio_stems/{name[0]}",
            group=name[2],
            extra={"pitch": f"annotation_stems/{name[1]}.RESYN.csv"},
        )

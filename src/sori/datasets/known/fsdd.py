"""The Free Spoken Digit Dataset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import files, has_file
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="fsdd",
    title="Free Spoken Digit Dataset",
    about="3,000 spoken English digits, WAV at 8 kHz, 6 speakers, 50 takes of each digit.",
    licence="CC BY-SA 4.0",
    citation="Jackson, Souza, Flaks, Pan, Nicolas, Thite: Jakobovski/free-spoken-digit-dataset v1.0.8, 2018, "
    "doi:10.5281/zenodo.1342401",
    homepage="https://github.com/Jakobovski/free-spoken-digit-dataset",
    split="takes 0-4 are the test, the others train (its README); group: the speaker, who is in both",
    layout=("recordings/{digit}_{speaker}_{take}.wav",),
    downloads=(
        Download(
            url="https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.zip",
            file="free-spoken-digit-dataset-1.0.10.zip",
            strip=True,
        ),
    ),
    warnings=("every speaker is in train and in test: to learn about new voices, leave one speaker out",),
)

_NAME = r"(\d)_([^_]+)_(\d+)\.wav"
_TEST_TAKES = 5


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return has_file(root / "recordings", _NAME)


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips, by name."""
    for name in files(root / "recordings", _NAME):
        digit, speaker, take = name.groups()
        yield Clip(
            id=f"{digit}_{speaker}_{take}",
            path=f"recordings/{name[0]}",
            labels=(digit,),
            group=speaker,
            split="test" if int(take) < _TEST_TAKES else "train",
        )

"""VoxCeleb 1 and 2, speakers in interviews."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files, has_file, lines
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="voxceleb",
    title="VoxCeleb 1 and 2",
    about="Utterances of 1,251 and 6,112 celebrities in videos; WAV at 16 kHz (1) and AAC (2).",
    licence="metadata CC BY 4.0; the videos are their uploaders'",
    citation="Nagrani, Chung, Zisserman: VoxCeleb: a large-scale speaker identification dataset, Interspeech "
    "2017; Chung, Nagrani, Zisserman: VoxCeleb2: Deep speaker recognition, Interspeech 2018",
    homepage="https://www.robots.ox.ac.uk/~vgg/data/voxceleb/",
    split="iden_split.txt where it is there (identification, VoxCeleb 1), else the folders dev (train) and "
    "test; group: the video, because identification has every speaker in all three",
    layout=(
        "{wav|dev/wav|test/wav|vox1_dev_wav/wav|vox1_test_wav/wav|dev/aac|test/aac}/{speaker}/{video}/{n}.{wav|m4a}",
        "iden_split.txt",
    ),
    steps=(
        "ask for it on the homepage and unpack it",
        "put iden_split.txt (from its metadata) beside for the split of identification",
    ),
)

_PLACES = {
    "wav": None,
    "dev/wav": "train",
    "test/wav": "test",
    "vox1_dev_wav/wav": "train",
    "vox1_test_wav/wav": "test",
    "dev/aac": "train",
    "test/aac": "test",
}
_SPEAKER = r"id\d{5}"
_CODES = {"1": "train", "2": "validation", "3": "test"}


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(has_file(root / place, _SPEAKER) for place in _PLACES)


def clips(root: Path) -> Iterator[Clip]:
    """Give the utterances by speaker and video, labelled with the speaker."""
    listed = root / "iden_split.txt"
    known: dict[str, str] = {}
    for line in lines(listed) if listed.is_file() else ():
        code, utterance = line.split()
        known[utterance] = _CODES[code]
    for place, split in _PLACES.items():
        for speaker in files(root / place, _SPEAKER):
            for video in files(root / place / speaker[0], r"[\w-]+"):
                for name in files(root / place / speaker[0] / video[0], r"(\d+)\.(?:wav|m4a)"):
                    inside = f"{speaker[0]}/{video[0]}/{name[0]}"
                    yield Clip(
                        id=inside.rpartition(".")[0],
                        path=f"{place}/{inside}",
                        labels=(speaker[0],),
                        group=f"{speaker[0]}/{video[0]}",
                        split=known.get(inside, split),
                    )

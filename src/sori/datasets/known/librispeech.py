"""LibriSpeech, read English books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import files, lines
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

_MD5 = {
    "dev-clean": "42e2234ba48799c1f50f24a7926300a1",
    "dev-other": "c8d0bcc9cca99d4f8b62fcc847357931",
    "test-clean": "32fa31d27d2e1cad72775fee3f4849a9",
    "test-other": "fb5a50374b501bb3bac4815ee91d3135",
    "train-clean-100": "2a93770f6d5c6c964bc36631d331a522",
    "train-clean-360": "c0e676e450a7ff2f54aeade5171606fa",
    "train-other-500": "d1a0fd59409feb2c614ce4d30c387708",
}
_SPLITS = {"train": "train", "dev": "validation", "test": "test"}

CARD = Card(
    name="librispeech",
    title="LibriSpeech ASR corpus",
    about="1,000 hours of read English with its text, 2,484 speakers, FLAC at 16 kHz.",
    licence="CC BY 4.0",
    citation="Panayotov, Chen, Povey, Khudanpur: Librispeech: an ASR corpus based on public domain audio "
    "books, "
    "ICASSP 2015",
    homepage="https://www.openslr.org/12",
    split="its parts: train-*, dev-* (validation), test-*; group: the speaker, who is in one of them only",
    layout=("{part}/{speaker}/{chapter}/{speaker}-{chapter}-{number}.flac, and .trans.txt beside them",),
    downloads=tuple(
        Download(
            url=f"https://www.openslr.org/resources/12/{part}.tar.gz",
            file=f"{part}.tar.gz",
            checksum=f"md5:{checksum}",
            strip=True,
        )
        for part, checksum in _MD5.items()
    ),
    steps=("all parts are 60 GB: name one, as in --only dev-clean (337 MB)",),
)


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any((root / part).is_dir() for part in _MD5)


def clips(root: Path) -> Iterator[Clip]:
    """Give the utterances of the parts that are there; ``extra`` has the text and the part."""
    for part in _MD5:
        for speaker in files(root / part, r"\d+"):
            for chapter in files(root / part / speaker[0], r"\d+"):
                folder = f"{part}/{speaker[0]}/{chapter[0]}"
                yield from _chapter(root, folder, part, speaker[0])


def _chapter(root: Path, folder: str, part: str, speaker: str) -> Iterator[Clip]:
    text: dict[str, str] = {}
    for transcript in files(root / folder, r".+\.trans\.txt"):
        text |= {
            line.partition(" ")[0]: line.partition(" ")[2] for line in lines(root / folder / transcript[0])
        }
    for name in files(root / folder, r"(\d+-\d+-\d+)\.flac"):
        yield Clip(
            id=name[1],
            path=f"{folder}/{name[0]}",
            group=speaker,
            split=_SPLITS[part.partition("-")[0]],
            extra={"text": text.get(name[1], ""), "part": part},
        )

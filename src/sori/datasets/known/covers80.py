"""covers80, pairs of a song and a cover of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files, lines
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="covers80",
    title="The covers80 cover song data set",
    about="80 songs in two recordings each, MP3 at 32 kbit/s, 16 kHz, mono.",
    licence="none is stated; given out for research",
    citation="Ellis: The covers80 cover song data set, 2007",
    homepage="http://labrosa.ee.columbia.edu/projects/coversongs/covers80/",
    split="none: each file of list1 looks for its partner in list2; group and label: the song",
    layout=("covers32k/{song}/{artist}+{album}+{track}.mp3", "{list1|list2}.list, there or in covers32k"),
    steps=("get covers80.tgz from the homepage, unpack it, and name the folder coversongs",),
    warnings=("a few songs have more than two recordings in their folder; the lists name one pair each",),
)

_FOLDER = "covers32k"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / _FOLDER).is_dir() and _list(root, 1) is not None


def clips(root: Path) -> Iterator[Clip]:
    """Give the recordings by song; ``extra`` says in which list each is."""
    listed: dict[str, str] = {}
    for number in (1, 2):
        path = _list(root, number)
        if path is not None:
            listed |= {line.removeprefix(f"{_FOLDER}/"): str(number) for line in lines(path)}
    for song in files(root / _FOLDER, r"[^.].*"):
        for name in files(root / _FOLDER / song[0], r"(.+)\.mp3"):
            inside = f"{song[0]}/{name[1]}"
            yield Clip(
                id=inside,
                path=f"{_FOLDER}/{song[0]}/{name[0]}",
                labels=(song[0],),
                group=song[0],
                extra={"list": listed[inside]} if inside in listed else {},
            )


def _list(root: Path, number: int) -> Path | None:
    places = (root / f"list{number}.list", root / _FOLDER / f"list{number}.list")
    return next((place for place in places if place.is_file()), None)

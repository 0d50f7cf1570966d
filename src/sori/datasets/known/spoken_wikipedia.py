"""The Spoken Wikipedia Corpora: articles read by volunteers, aligned word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="spoken_wikipedia",
    title="Spoken Wikipedia Corpora 2.0",
    about="About 1,000 hours of read articles in English, German and Dutch, Ogg Vorbis, with aligned text.",
    licence="CC BY-SA",
    citation="Baumann, Köhn, Hennig: The Spoken Wikipedia Corpus collection, Language Resources and "
    "Evaluation "
    "53, 2019",
    homepage="https://nats.gitlab.io/swc/",
    split="none is official; group: the reader, where the alignment names one",
    layout=(
        "{english|german|dutch}/{article}/{audio|audio1|audio2|...}.ogg",
        "{language}/{article}/aligned.swc",
    ),
    steps=("get the archive of a language, with audio, from the homepage, and unpack it",),
    warnings=("articles are long, up to an hour and more: cut stretches out by the alignment",),
)

_LANGUAGES = ("english", "german", "dutch")
_HEAD_BYTES = 16384  # the reader stands at the beginning of an alignment
_READER = re.compile(rb'key="reader\.name"\s+value="([^"]+)"')


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(
        (root / language / article[0] / "aligned.swc").is_file()
        for language in _LANGUAGES
        for article in files(root / language, ".+")
    )


def clips(root: Path) -> Iterator[Clip]:
    """Give the recordings by language and article, labelled with the language."""
    for language in _LANGUAGES:
        for article in files(root / language, ".+"):
            folder = f"{language}/{article[0]}"
            alignment = root / folder / "aligned.swc"
            extra = {"alignment": f"{folder}/aligned.swc"} if alignment.is_file() else {}
            reader = _reader(alignment) if extra else None
            for name in files(root / folder, r"(audio\d*)\.ogg"):
                yield Clip(
                    id=f"{folder}/{name[1]}",
                    path=f"{folder}/{name[0]}",
                    labels=(language,),
                    group=reader,
                    extra=extra,
                )


def _reader(alignment: Path) -> str | None:
    with alignment.open("rb") as file:
        found = _READER.search(file.read(_HEAD_BYTES))
    return found[1].decode("utf-8", "replace") if found else None

"""GuitarSet, guitar excerpts annotated string by string."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import files, has_file
from sori.datasets.manifest import Clip
from sori.errors import DataError

__all__ = ["CARD", "clips", "recognised"]

_STYLES = {"BN": "bossa nova", "Funk": "funk", "Jazz": "jazz", "Rock": "rock", "SS": "singer-songwriter"}
_AUDIO = (("audio_mono-mic", "mic"), ("audio_mono-pickup_mix", "mix"))

CARD = Card(
    name="guitarset",
    title="GuitarSet: A Dataset for Guitar Transcription",
    about="360 excerpts of about 30 s by 6 players, WAV at 44.1 kHz; notes, chords, beats, keys as JAMS.",
    licence="CC BY 4.0",
    citation="Xi, Bittner, Pauwels, Ye, Bello: GuitarSet: A Dataset for Guitar Transcription, ISMIR 2018",
    homepage="https://zenodo.org/records/3371780",
    split="none is official; group: the player",
    layout=("annotation/{player}_{style}{n}-{tempo}-{key}_{comp|solo}.jams", "audio_mono-mic/{same}_mic.wav"),
    downloads=(
        Download(
            url="https://zenodo.org/records/3371780/files/annotation.zip",
            file="annotation.zip",
            checksum="md5:b39b78e63d3446f2e54ddb7a54df9b10",
            into="annotation",
        ),
        Download(
            url="https://zenodo.org/records/3371780/files/audio_mono-mic.zip",
            file="audio_mono-mic.zip",
            checksum="md5:275966d6610ac34999b58426beb119c3",
            into="audio_mono-mic",
        ),
    ),
    steps=("the recordings of the pickup, mixed and in six channels, are on the homepage",),
)

_NAME = r"((\d\d)_([A-Za-z]+)\d-(\d+)-([A-G][b#]?)_(comp|solo))\.jams"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return has_file(root / "annotation", _NAME)


def clips(root: Path) -> Iterator[Clip]:
    """Give the excerpts by name, labelled with the style: of the microphone, else of the pickup."""
    audio = next(((folder, end) for folder, end in _AUDIO if (root / folder).is_dir()), None)
    if audio is None:
        raise DataError(f"{root} has annotations but no sound; unpack audio_mono-mic.zip beside annotation")
    for name in files(root / "annotation", _NAME):
        excerpt, player, style, tempo, key, mode = name.groups()
        yield Clip(
            id=excerpt,
            path=f"{audio[0]}/{excerpt}_{audio[1]}.wav",
            labels=(_STYLES.get(style, style),),
            group=player,
            extra={
                "annotations": f"annotation/{name[0]}",
                "tempo_bpm": tempo,
                "key_tonic": key,
                "playing": mode,
            },
        )

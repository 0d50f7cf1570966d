"""GiantSteps tempo: electronic dance music with its tempo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files, has_file, lines
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="giantsteps_tempo",
    title="GiantSteps tempo data set",
    about="664 previews of 2 minutes of electronic dance music, MP3, with tempo and genre.",
    licence="annotations free to use; the previews are the labels'",
    citation="Knees et al.: Two data sets for tempo estimation and key detection in electronic dance music, "
    "ISMIR 2015; version 2: Schreiber, Müller: A Crowdsourced Experiment for Tempo Estimation of Electronic "
    "Dance Music, ISMIR 2018",
    homepage="https://github.com/GiantSteps/giantsteps-tempo-dataset",
    split="none: it is a test set",
    layout=(
        "annotations_v2/tempo/{track}.LOFI.bpm, else annotations/tempo/{track}.LOFI.bpm",
        "annotations/genre/{track}.LOFI.genre",
        "audio/{track}.LOFI.mp3",
    ),
    steps=("clone the homepage's repository and run its audio_dl.sh",),
    warnings=(
        "the first version of the tempi has octave and other errors; version 2 is taken where it is there",
        "three tracks have no beat (1327052, 3041381, 3041383): they have no tempo here",
    ),
)

_NAME = r"(.+)\.bpm"
_TEMPI = ("annotations_v2/tempo", "annotations/tempo")


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(has_file(root / place, _NAME) for place in _TEMPI)


def clips(root: Path) -> Iterator[Clip]:
    """Give the tracks by number, labelled with the genre; ``extra`` has the tempo."""
    place = next(place for place in _TEMPI if has_file(root / place, _NAME))
    for name in files(root / place, _NAME):
        tempo = next(lines(root / place / name[0]), "0")
        genre = root / "annotations" / "genre" / f"{name[1]}.genre"
        yield Clip(
            id=name[1].removesuffix(".LOFI"),
            path=f"audio/{name[1]}.mp3",
            labels=(next(lines(genre)),) if genre.is_file() else (),
            split="test",
            extra={"tempo_bpm": tempo} if float(tempo) > 0 else {},
        )

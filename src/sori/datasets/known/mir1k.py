"""MIR-1K, karaoke singing with its pitch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files, has_file
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="mir1k",
    title="MIR-1K: Multimedia Information Retrieval lab, 1000 song clips",
    about="1,000 clips of 4 to 13 s of Chinese pop by 19 amateurs, WAV at 16 kHz: music left, voice right.",
    licence="research only",
    citation="Hsu, Jang: On the Improvement of Singing Voice Separation for Monaural Recordings Using the "
    "MIR-1K "
    "Dataset, IEEE Trans. Audio, Speech and Language Processing 18(2), 2010",
    homepage="https://sites.google.com/site/unvoicedsoundseparation/mir-1k",
    split="none is official; group: the singer",
    layout=("Wavfile/{singer}_{song}_{clip}.wav", "PitchLabel/{singer}_{song}_{clip}.pv"),
    steps=("get MIR-1K.zip from the homepage, and unpack it",),
    warnings=("mixing to mono adds the music to the voice; take the right channel for the voice alone",),
)

_NAME = r"((.+)_\d+_\d+)\.wav"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return (root / "PitchLabel").is_dir() and has_file(root / "Wavfile", _NAME)


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips by name; ``extra`` has the place of the pitch: MIDI numbers every 20 ms, 0 unvoiced."""
    for name in files(root / "Wavfile", _NAME):
        yield Clip(
            id=name[1],
            path=f"Wavfile/{name[0]}",
            group=name[2],
            extra={"pitch": f"PitchLabel/{name[1]}.pv"},
        )

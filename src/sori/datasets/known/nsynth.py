"""NSynth, single notes of many instruments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card, Download
from sori.datasets.layout import json_of
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

_SPLITS = {"train": "train", "valid": "validation", "test": "test"}
_MD5 = {
    "train": "fde6665a93865503ba598b9fac388660",
    "valid": "87e94a00a19b6dbc99cf6d4c0c0cae87",
    "test": "5e6f8719bf7e16ad0a00d518b78af77d",
}

CARD = Card(
    name="nsynth",
    title="The NSynth Dataset",
    about="305,979 notes of 4 s from 1,006 instruments, WAV at 16 kHz, mono; pitch, velocity, family, "
    "source.",
    licence="CC BY 4.0",
    citation="Engel, Resnick, Roberts, Dieleman, Eck, Simonyan, Norouzi: Neural Audio Synthesis of "
    "Musical Notes "
    "with WaveNet Autoencoders, ICML 2017",
    homepage="https://magenta.tensorflow.org/datasets/nsynth",
    split="its three folders; group: the instrument, which is not in train and in another one at once",
    layout=("nsynth-{train|valid|test}/examples.json", "nsynth-{train|valid|test}/audio/{note}.wav"),
    downloads=tuple(
        Download(
            url=f"http://download.magenta.tensorflow.org/datasets/nsynth/nsynth-{split}.jsonwav.tar.gz",
            file=f"nsynth-{split}.jsonwav.tar.gz",
            checksum=f"md5:{checksum}",
        )
        for split, checksum in _MD5.items()
    ),
    warnings=("instruments of valid and test overlap: the group straddles those two",),
)


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any((root / f"nsynth-{split}" / "examples.json").is_file() for split in _SPLITS)


def clips(root: Path) -> Iterator[Clip]:
    """Give the notes of the parts that are there, labelled by instrument family."""
    for name, split in _SPLITS.items():
        folder = f"nsynth-{name}"
        if not (root / folder).is_dir():
            continue
        for note, about in sorted(json_of(root / folder / "examples.json").items()):
            yield Clip(
                id=note,
                path=f"{folder}/audio/{note}.wav",
                labels=(about["instrument_family_str"],),
                group=about["instrument_str"],
                split=split,
                extra={
                    "pitch_midi": str(about["pitch"]),
                    "velocity": str(about["velocity"]),
                    "source": about["instrument_source_str"],
                    "qualities": " ".join(about["qualities_str"]),
                },
            )

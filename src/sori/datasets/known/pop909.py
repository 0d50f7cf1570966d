"""POP909, pop songs as MIDI with chords, beats and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.folders import is_audio
from sori.datasets.layout import files
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="pop909",
    title="POP909: A Pop-song Dataset for Music Arrangement Generation",
    about="909 songs as MIDI (melody, bridge, piano), with other arrangements, chords, beats and keys; no "
    "audio.",
    licence="MIT",
    citation="Wang, Chen, Jiang, Zhang, Xu, Dai, Bin, Xia: POP909: A Pop-song Dataset for Music Arrangement "
    "Generation, ISMIR 2020",
    homepage="https://github.com/music-x-lab/POP909-Dataset",
    split="none is official; group: the song, of which versions are arrangements",
    layout=(
        "{song}/{song}.mid",
        "{song}/{beat_midi|beat_audio|chord_midi|chord_audio|key_audio}.txt",
        "{song}/versions/{song}-v{n}.mid",
    ),
    steps=(
        "clone or download the homepage's repository and name its folder POP909",
        "for sound, render the MIDI files; a rendering {song}/{song}.wav (or .flac, .ogg, .mp3) is then "
        "taken",
    ),
    warnings=("chord_audio, beat_audio and key_audio were extracted from recordings by programs",),
)

_TRUTHS = ("beat_midi", "beat_audio", "chord_midi", "chord_audio", "key_audio")
_SONG = r"\d{3}"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any((root / song[0] / f"{song[0]}.mid").is_file() for song in files(root, _SONG))


def clips(root: Path) -> Iterator[Clip]:
    """Give the songs, each followed by its versions; ``extra`` has the places of what is known of it."""
    for song in files(root, _SONG):
        folder = root / song[0]
        truths = {name: f"{song[0]}/{name}.txt" for name in _TRUTHS if (folder / f"{name}.txt").is_file()}
        yield Clip(
            id=song[0],
            path=f"{song[0]}/{_sound_or_score(folder, song[0])}",
            group=song[0],
            extra={**truths, "midi": f"{song[0]}/{song[0]}.mid"},
        )
        for version in files(folder / "versions", r"(\d{3}-v\d+)\.mid"):
            place = f"{song[0]}/versions"
            yield Clip(
                id=version[1],
                path=f"{place}/{_sound_or_score(folder / 'versions', version[1])}",
                group=song[0],
                extra={"midi": f"{place}/{version[0]}", "version_of": song[0]},
            )


def _sound_or_score(folder: Path, name: str) -> str:
    found = (found[0] for found in files(folder, rf"{name}\.\w+") if is_audio(found[0]))
    return next(found, f"{name}.mid")

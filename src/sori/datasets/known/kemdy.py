"""KEMDy19 and KEMDy20, emotion in Korean speech, by ETRI."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files, has_file
from sori.datasets.manifest import Clip
from sori.errors import DataError

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="kemdy",
    title="KEMDy19 and KEMDy20: Korean Emotion Multimodal Database (ETRI)",
    about="Korean dialogues, acted (19: 40 voice actors) and free (20: 80 people), WAV at 16 kHz, with ten "
    "listeners' emotions, valence and arousal.",
    licence="ETRI's own: research, on request",
    citation="Noh, Jeong: KEMDy19 and KEMDy20, Electronics and Telecommunications Research Institute, "
    "2021, 2022",
    homepage="https://nanum.etri.re.kr/share/kjnoh/KEMDy20?lang=ko_KR",
    split="none is official; group: the session, two people who talk with each other",
    layout=(
        "annotation/*.csv",
        "wav/Session{nn}/{segment}.wav (20), wav/Session{nn}/Sess{nn}_{script}/{segment}.wav (19)",
    ),
    steps=("ask ETRI for it on the homepage, sign, and unpack it",),
    warnings=(
        "a segment whose listeners were evenly divided has several labels",
        "the annotation writes disgust as disqust in places; here it is disgust",
    ),
)

_SESSION = r"Session\d\d"
_SPELLING = {"disqust": "disgust"}


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return has_file(root / "wav", _SESSION) and has_file(root / "annotation", r"Sess.*\.csv")


def clips(root: Path) -> Iterator[Clip]:
    """Give the segments, as annotated; each once, though KEMDy19 lists it for both speakers."""
    seen = set()
    for table in files(root / "annotation", r"Sess.*\.csv"):
        for segment, emotion, valence, arousal in _segments(root / "annotation" / table[0]):
            if segment in seen:
                continue
            seen.add(segment)
            session, script, speaker = segment.split("_", 2)
            folder = f"wav/Session{session[-2:]}"
            if (root / folder / f"{session}_{script}").is_dir():
                folder = f"{folder}/{session}_{script}"
            labels = (_SPELLING.get(label.strip(), label.strip()) for label in emotion.split(";"))
            yield Clip(
                id=segment,
                path=f"{folder}/{segment}.wav",
                labels=tuple(dict.fromkeys(labels)),
                group=session,
                extra={"valence": valence, "arousal": arousal, "speaker": f"{session}_{_who(speaker)}"},
            )


def _who(speaker: str) -> str:
    """Return the speaker of ``M001`` (19) or ``User001F_001`` (20)."""
    return speaker.rpartition("_")[0] or speaker[0]


def _segments(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Give name, emotion, valence and arousal; a second line of header names the last two."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = csv.reader(file)
        header = next(table, [])
        if "Segment ID" not in header or "Total Evaluation" not in header:
            raise DataError(f"{path} has no columns Segment ID and Total Evaluation; get it from ETRI again")
        name, total = header.index("Segment ID"), header.index("Total Evaluation")
        for row in table:
            if row[name : name + 1] and row[name].startswith("Sess"):
                yield row[name], row[total], row[total + 1], row[total + 2]

"""The machines of DCASE task 2: normal in training, some broken in the test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import files, has_file
from sori.datasets.manifest import Clip

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="dcase_machines",
    title="Anomalous sounds of machines (DCASE task 2), development sets since 2020",
    about="About 10 s of fans, pumps, valves, sliders, toys and others at work, WAV at 16 kHz.",
    licence="CC BY 4.0, of 2020 CC BY-NC-SA 4.0",
    citation="Koizumi et al.: Description and discussion on DCASE2020 challenge task 2, DCASE Workshop 2020",
    homepage="https://dcase.community/challenge2023/task-first-shot-unsupervised-anomalous-sound-detection",
    split="its folders train and test; group: machine and number, which are in both on purpose",
    layout=(
        "{machine}/{train|test}/{normal|anomaly}_id_{number}_{count}.wav (2020)",
        "{machine}/{train|test}/section_{number}_{domain}_{split}_{normal|anomaly}_{count}*.wav (since 2021)",
    ),
    steps=("get the machines of a year from Zenodo (2020: record 3678171; 2023: 7882613), one folder each",),
    warnings=("training has normal sounds only: this is for finding what is unusual, not for classifying",),
)

_OLD = r"(?P<state>normal|anomaly)_(?P<number>id_\d+)_\d+\.wav"
_NEW = (
    r"(?P<number>section_\d+)_(?:(?P<domain>source|target)_)?(?:train|test)_(?P<state>normal|anomaly)_.+\.wav"
)
_NAME = f"(?:{_OLD}|{_NEW.replace('<state>', '<state2>').replace('<number>', '<number2>')})"


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return any(has_file(root / machine[0] / "train", _NAME) for machine in files(root, r"\w+"))


def clips(root: Path) -> Iterator[Clip]:
    """Give the clips by machine, train first."""
    for machine in files(root, r"\w+"):
        for split in ("train", "test"):
            for name in files(root / machine[0] / split, _NAME):
                yield _clip(machine[0], split, name)


def _clip(machine: str, split: str, name: re.Match[str]) -> Clip:
    said = name.groupdict()
    extra = {"machine": machine} | ({"domain": said["domain"]} if said["domain"] else {})
    return Clip(
        id=f"{machine}/{split}/{name[0].removesuffix('.wav')}",
        path=f"{machine}/{split}/{name[0]}",
        labels=(said["state"] or said["state2"],),
        group=f"{machine} {said['number'] or said['number2']}",
        split=split,
        extra=extra,
    )

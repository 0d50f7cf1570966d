"""KsponSpeech, spontaneous Korean speech, made by ETRI for AI Hub."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sori.datasets.card import Card
from sori.datasets.layout import lines
from sori.datasets.manifest import Clip
from sori.datasets.raw import RAW

__all__ = ["CARD", "clips", "recognised"]

CARD = Card(
    name="ksponspeech",
    title="KsponSpeech: Korean spontaneous speech",
    about="969 hours of free dialogue, about 2,000 speakers, 16-bit samples at 16 kHz without a header "
    "(.pcm).",
    licence="AI Hub's own: on request, in Korea",
    citation="Bang et al.: KsponSpeech: Korean Spontaneous Speech Corpus for Automatic Speech Recognition, "
    "Applied Sciences 10(19), 2020",
    homepage="https://aihub.or.kr/aihubdata/data/view.do?dataSetSn=123",
    split="its lists: train, dev (validation), eval_clean and eval_other (test); speakers are not named",
    layout=(
        "KsponSpeech_scripts/{train|dev|eval_clean|eval_other}.trn",
        "KsponSpeech_{01..05}/KsponSpeech_{nnnn}/KsponSpeech_{nnnnnn}.pcm",
        "KsponSpeech_eval/{eval_clean|eval_other}/KsponSpeech_E{nnnnn}.pcm",
    ),
    steps=("ask AI Hub for it on the homepage, and unpack all archives in one folder",),
)

_LISTS = {"train": "train", "dev": "validation", "eval_clean": "test", "eval_other": "test"}
_SCRIPTS = ("KsponSpeech_scripts", ".")
_HZ = 16_000


def recognised(root: Path) -> bool:
    """Say whether a folder is laid out as this data set."""
    return _scripts(root) is not None


def clips(root: Path) -> Iterator[Clip]:
    """Give the utterances list by list; ``extra`` has the text as transcribed, and how to read the file."""
    folder = _scripts(root)
    assert folder is not None  # recognised
    for name, split in _LISTS.items():
        path = folder / f"{name}.trn"
        if not path.is_file():
            continue
        for line in lines(path):
            file, _, text = line.partition(" :: ")
            decoded = next(
                (end for end in (".wav", ".flac") if (root / file).with_suffix(end).is_file()), None
            )
            yield Clip(
                id=Path(file).stem,
                path=Path(file).with_suffix(decoded or ".pcm").as_posix(),
                split=split,
                extra={"text": text, "list": name} | ({} if decoded else {RAW: str(_HZ)}),
            )


def _scripts(root: Path) -> Path | None:
    return next((root / name for name in _SCRIPTS if (root / name / "eval_clean.trn").is_file()), None)

"""Each fault of a data set gives one finding of its kind, and a sound one none."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sori.audio import save
from sori.datasets import Clip, Finding, Manifest, check, manifest_of
from sori.errors import ParameterError


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of six half-second files, a text that is called WAV, and an empty one."""
    folder = tmp_path_factory.mktemp("data")
    for number in range(6):
        save(folder / f"{number}.wav", np.full(4000, 0.1, np.float32), sample_rate=8000)
    (folder / "text.wav").write_text("this is not sound")
    return folder


def clips() -> list[Clip]:
    splits = ("train", "train", "train", "train", "test", "test")
    return [
        Clip(str(i), f"{i}.wav", labels=(("dog", "cat")[i % 2],), group=f"g{i}", split=split)
        for i, split in enumerate(splits)
    ]


def found(root: Path, changed: list[Clip], **options: Any) -> dict[str, Finding]:
    findings = check(Manifest(changed, root=root), **options)
    assert len({finding.kind for finding in findings}) == len(findings), "one finding for each kind"
    assert [f.serious for f in findings] == sorted((f.serious for f in findings), reverse=True)
    return {finding.kind: finding for finding in findings}


@pytest.mark.parametrize("task", [None, "classify", "tag"])
def test_a_sound_data_set_has_no_findings(root: Path, task: Any) -> None:
    assert found(root, clips(), files="decoded", task=task) == {}


@pytest.mark.parametrize(
    ("kind", "serious", "change"),
    [
        ("duplicate_id", True, lambda c: [*c[:5], dataclasses.replace(c[5], id="4")]),
        ("repeated_clip", False, lambda c: [*c[:5], dataclasses.replace(c[5], path="4.wav")]),
        ("missing_file", True, lambda c: [*c[:5], dataclasses.replace(c[5], path="9.wav")]),
        ("unreadable", True, lambda c: [*c[:5], dataclasses.replace(c[5], path="text.wav")]),
        ("beyond_end", True, lambda c: [*c[:5], dataclasses.replace(c[5], end_s=0.7)]),
        ("unlabelled", False, lambda c: [*c[:5], dataclasses.replace(c[5], labels=())]),
        ("several_labels", True, lambda c: [*c[:5], dataclasses.replace(c[5], labels=("dog", "cat"))]),
        ("bad_label", False, lambda c: [*c, dataclasses.replace(c[0], id="6", labels=(" Dog",), end_s=0.2)]),
        ("one_class", True, lambda c: [dataclasses.replace(x, labels=("dog",)) for x in c]),
        ("no_labels", True, lambda c: [dataclasses.replace(x, labels=()) for x in c]),
        ("empty_split", True, lambda c: [dataclasses.replace(x, split="test") for x in c]),
        ("unseen_class", False, lambda c: [*c[:5], dataclasses.replace(c[5], labels=("bat",))]),
        ("straddling_group", False, lambda c: [*c[:5], dataclasses.replace(c[5], group="g0")]),
        ("empty", True, lambda c: []),
    ],
)
def test_each_fault_is_one_finding(root: Path, kind: str, serious: bool, change: Any) -> None:
    findings = found(root, change(clips()), files="decoded", task="classify")
    assert set(findings) == {kind}
    assert findings[kind].serious == serious
    assert len(findings[kind].message) > 20


def test_findings_name_the_clips(root: Path) -> None:
    gone = [dataclasses.replace(clip, path=f"gone/{clip.id}") for clip in clips()]
    finding = found(root, gone)["missing_file"]
    assert finding.ids == ("0", "1", "2", "3", "4", "5")
    assert "6 clips have no file" in finding.message
    assert "'0', '1', '2' and 3 more" in finding.message


def test_without_a_task_labels_are_nobodys_business(root: Path) -> None:
    assert found(root, [dataclasses.replace(clip, labels=()) for clip in clips()]) == {}
    assert not found(root, [dataclasses.replace(clip, labels=("dog",)) for clip in clips()])[
        "one_class"
    ].serious


def test_files_are_looked_at_as_closely_as_asked(root: Path) -> None:
    odd = [*clips(), Clip("x", "text.wav", labels=("dog",)), Clip("y", "none.wav", labels=("dog",))]
    assert set(found(root, odd, files="unseen")) == set()
    assert set(found(root, odd, files="present")) == {"missing_file"}
    assert set(found(root, odd, files="decoded")) == {"missing_file", "unreadable"}


def test_folds_are_looked_at_as_splits_are(root: Path) -> None:
    folded = [
        dataclasses.replace(clip, split=None, fold=i % 3, group="one") for i, clip in enumerate(clips())
    ]
    assert "in several folds: 'one'" in found(root, folded)["straddling_group"].message


def test_progress_is_told(root: Path) -> None:
    told: list[tuple[int, int]] = []
    check(Manifest(clips(), root=root), on_file=lambda *counts: told.append(counts))
    assert told == [(done, 6) for done in range(1, 7)]


def test_other_words_are_refused(root: Path) -> None:
    with pytest.raises(ParameterError, match="unseen, present, decoded"):
        check(Manifest(clips(), root=root), files="heard")  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="classify, tag or None"):
        check(Manifest(clips(), root=root), task="guess")  # type: ignore[arg-type]


def test_fsdd_speakers_straddle_the_official_split_and_esc10_recordings_do_not(data: Path) -> None:
    assert [finding.kind for finding in check(manifest_of(data / "fsdd"), task="classify")] == [
        "straddling_group"
    ]
    assert check(manifest_of(data / "esc10"), task="classify") == []

"""Manifests: what they hold, how they are narrowed, and that files give back what was written."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from sori.datasets import Clip, Manifest, manifest_of, open_manifest
from sori.errors import DataError, ParameterError

CLIPS = (
    Clip("a", "x/a.wav", labels=("dog",), group="rex", split="train", fold=1, licence="CC0"),
    Clip("b", "x/b.wav", 1.5, 2.25, ("cat", "purr, loud"), group="tom", split="test", fold=2),
    Clip("c", "y/c.wav", labels=(), extra={"tempo_bpm": "120.5", "noted": "오리"}),
    Clip("d", "y/d.wav", labels=("dog", "cat"), group="rex", split="train"),
)


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return Manifest(CLIPS, root=tmp_path / "animals")


def test_it_is_a_sequence_of_its_clips(manifest: Manifest) -> None:
    assert tuple(manifest) == CLIPS
    assert manifest[-1] == CLIPS[-1]
    assert tuple(manifest[1:3]) == CLIPS[1:3]
    assert manifest.name == "animals"
    assert manifest.labels == ("cat", "dog", "purr, loud")
    assert manifest.groups == ("rex", "tom")
    assert manifest.splits == ("train", "test")
    assert manifest.folds == (1, 2)
    assert manifest.path_of(manifest[0]) == manifest.root / "x/a.wav"
    with pytest.raises(IndexError):
        manifest[4]


def test_conditions_narrow_it_and_all_must_hold(manifest: Manifest) -> None:
    assert [clip.id for clip in manifest.select(split="train")] == ["a", "d"]
    assert [clip.id for clip in manifest.select(labels="cat")] == ["b", "d"]
    assert [clip.id for clip in manifest.select(labels=["cat", "dog"], groups=["rex"])] == ["a", "d"]
    assert [clip.id for clip in manifest.select(fold=[1, 2], split="test")] == ["b"]
    assert manifest.select(fold=2).labels == ("cat", "purr, loud")


@pytest.mark.parametrize(
    "wrong", [{"labels": "dgo"}, {"split": "validation"}, {"fold": 7}, {"groups": ["x"]}]
)
def test_what_no_clip_has_is_an_error_rather_than_nothing(manifest: Manifest, wrong: dict) -> None:
    with pytest.raises(DataError, match="it has"):
        manifest.select(**wrong)


def test_selecting_nothing_at_all_is_an_error(manifest: Manifest) -> None:
    with pytest.raises(ParameterError, match="no label"):
        manifest.select(labels=[])


def test_it_travels_to_other_processes(manifest: Manifest) -> None:
    assert pickle.loads(pickle.dumps(manifest)) == manifest


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json"])
def test_files_give_back_what_was_written(manifest: Manifest, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"saved.{ending}"
    manifest.save(path)
    again = open_manifest(path)
    assert again.root == tmp_path
    assert [again.path_of(clip) for clip in again] == [manifest.path_of(clip) for clip in manifest]
    assert [
        (c.id, c.start_s, c.end_s, c.labels, c.group, c.split, c.fold, c.licence, c.extra) for c in again
    ] == [(c.id, c.start_s, c.end_s, c.labels, c.group, c.split, c.fold, c.licence, c.extra) for c in CLIPS]


def test_a_saved_manifest_and_its_data_move_together(tmp_path: Path) -> None:
    here = tmp_path / "here"
    here.mkdir()
    Manifest(CLIPS[:1], root=here).save(here / "manifest.csv")
    here.rename(tmp_path / "there")
    moved = manifest_of(tmp_path / "there")
    assert moved.name == "there"
    assert moved.path_of(moved[0]) == tmp_path / "there/x/a.wav"


def test_what_lies_elsewhere_is_written_absolute(manifest: Manifest, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    manifest.save(tmp_path / "notes/animals.jsonl")
    assert open_manifest(tmp_path / "notes/animals.jsonl")[0].path == str(tmp_path / "animals/x/a.wav")


def test_tables_that_people_have_are_read(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("\ufefffilename,category,license,take\nd/1.wav,Male speech; man,CC0,3\n".encode())
    assert tuple(open_manifest(path)) == (
        Clip("d/1", "d/1.wav", labels=("Male speech; man",), licence="CC0", extra={"take": "3"}),
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("m.csv", "", "line 1: the file is empty"),
        ("m.csv", "id,label\n1,dog\n", "line 2: no path"),
        ("m.csv", "path,label\na.wav\n", "line 2: 1 cells where the header names 2"),
        ("m.csv", "path,fold\na.wav,one\n", "the fold is 'one'"),
        ("m.csv", "path,start_s,end_s\na.wav,2,1\n", "end_s is 1, not after start_s, 2"),
        ("m.csv", "path,start_s\na.wav,-1\n", "start_s is '-1'"),
        ("m.csv", "path,split\na.wav,practice\n", "the split is 'practice'"),
        ("m.jsonl", '{"path": "a.wav"}\n{"path"\n', "line 2: not JSON"),
        ("m.jsonl", '["a.wav"]\n', "line 1: want a JSON object"),
        ("m.jsonl", '{"path": "a.wav", "labels": 3}\n', "labels is 3"),
        ("m.json", '{"clips": 3}', "want a list of clips"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=words):
        open_manifest(tmp_path / name)


def test_a_label_that_csv_cannot_hold_is_refused(tmp_path: Path) -> None:
    odd = Manifest([Clip("a", "a.wav", labels=("x;y",))], root=tmp_path)
    with pytest.raises(DataError, match="jsonl"):
        odd.save(tmp_path / "m.csv")
    assert not list(tmp_path.iterdir())
    odd.save(tmp_path / "m.jsonl")
    assert open_manifest(tmp_path / "m.jsonl").labels == ("x;y",)


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"\.csv, \.jsonl, \.json"):
        Manifest([], root=tmp_path).save(tmp_path / "m.xml")
    (tmp_path / "m.xml").touch()
    with pytest.raises(ParameterError, match=r"\.csv, \.jsonl, \.json"):
        open_manifest(tmp_path / "m.xml")


def test_a_folder_per_class(tmp_path: Path) -> None:
    for name in ("dog/1.wav", "dog/more/2.OGG", "cat/1.flac", "cat/notes.txt", ".hidden/3.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [(clip.path, clip.labels, clip.split) for clip in manifest_of(tmp_path)] == [
        ("cat/1.flac", ("cat",), None),
        ("dog/1.wav", ("dog",), None),
        ("dog/more/2.OGG", ("dog",), None),
    ]


def test_folders_named_as_splits_are_splits(tmp_path: Path) -> None:
    for name in ("train/dog/1.wav", "valid/dog/2.wav", "test/cat/3.wav"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert {(clip.labels, clip.split) for clip in manifest_of(tmp_path)} == {
        (("dog",), "train"),
        (("dog",), "validation"),
        (("cat",), "test"),
    }


def test_a_folder_without_audio_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="one folder per class, or a manifest"):
        manifest_of(tmp_path)
    with pytest.raises(FileNotFoundError):
        manifest_of(tmp_path / "nowhere")


def test_a_folder_of_jams(tmp_path: Path) -> None:
    (tmp_path / "song.ogg").touch()
    tags = {"namespace": "tag_open", "data": [{"time": 0, "duration": 1, "value": "calm", "confidence": 1}]}
    beats = {"namespace": "beat", "data": [{"time": 0, "duration": 0, "value": 1, "confidence": 1}]}
    jams = {
        "file_metadata": {"artist": "Someone", "duration": 1},
        "annotations": [tags, beats],
        "sandbox": {},
    }
    (tmp_path / "song.jams").write_text(json.dumps(jams), encoding="utf-8")
    assert tuple(open_manifest(tmp_path)) == (
        Clip("song", "song.ogg", labels=("calm",), group="Someone", extra={"annotations": "song.jams"}),
    )
    assert manifest_of(tmp_path) == open_manifest(tmp_path)
    (tmp_path / "song.ogg").unlink()
    with pytest.raises(DataError, match="no audio file of the same name"):
        open_manifest(tmp_path)
    (tmp_path / "song.jams").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="is not JAMS"):
        open_manifest(tmp_path)


def test_a_hundred_thousand_clips_are_a_few_columns(tmp_path: Path) -> None:
    """Each distinct label, group, split and licence is there once, whatever the number of clips."""
    rows = (f"c{i},{i % 50}/{i}.wav,{i % 50},g{i % 300},train\n" for i in range(100_000))
    path = tmp_path / "large.csv"
    path.write_text("id,path,label,group,split\n" + "".join(rows), encoding="utf-8")
    manifest = open_manifest(path)
    columns = manifest.columns
    assert len(manifest) == 100_000
    assert [len(c.values) for c in (columns.labels, columns.group, columns.split, columns.licence)] == [
        50,
        300,
        1,
        1,
    ]
    assert len(manifest.select(labels="7", groups=["g7"])) == 334
    assert len(pickle.dumps(manifest.select(labels="7"))) < 200_000

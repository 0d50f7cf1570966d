"""A walk finds the audio files, each once, and never mistakes what it may not see for what is gone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from sori.errors import ParameterError
from sori.library.walk import Found, Walk, walk


def names(found: Walk, root: Path) -> list[str]:
    return sorted(os.path.relpath(path, root) for path in found.files)


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_folders_are_searched_for_audio_and_hidden_names_are_not(tmp_path: Path) -> None:
    touch(
        *(
            tmp_path / name
            for name in ("a.mp3", "deep/er/b.FLAC", "cover.jpg", "._a.mp3", ".trash/c.mp3", "mp3")
        )
    )
    assert names(walk([str(tmp_path)]), tmp_path) == ["a.mp3", "deep/er/b.FLAC"]


def test_a_named_file_may_have_any_name(tmp_path: Path) -> None:
    touch(tmp_path / ".hidden", tmp_path / "noise.bin")
    assert names(walk([str(tmp_path / ".hidden"), str(tmp_path / "noise.bin")]), tmp_path) == [
        ".hidden",
        "noise.bin",
    ]


def test_links_and_loops_end_and_real_folders_win(tmp_path: Path) -> None:
    touch(tmp_path / "z/real.mp3")
    (tmp_path / "a link").symlink_to(tmp_path / "z", target_is_directory=True)
    (tmp_path / "z/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "broken.mp3").symlink_to(tmp_path / "nowhere")
    (tmp_path / "linked.mp3").symlink_to(tmp_path / "z/real.mp3")
    assert names(walk([str(tmp_path)]), tmp_path) == ["linked.mp3", "z/real.mp3"]


def test_a_folder_only_reached_by_a_link_is_searched(tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere/a.mp3")
    (tmp_path / "music").mkdir()
    (tmp_path / "music/link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert names(walk([str(tmp_path / "music")]), tmp_path) == ["music/link/a.mp3"]


def test_overlapping_paths_find_each_file_once(tmp_path: Path) -> None:
    touch(tmp_path / "in/a.mp3", tmp_path / "b.mp3")
    both = walk([str(tmp_path / "in"), str(tmp_path), str(tmp_path / "b.mp3")])
    assert names(both, tmp_path) == ["b.mp3", "in/a.mp3"]


def test_what_is_covered(tmp_path: Path) -> None:
    touch(tmp_path / "in/a.mp3", tmp_path / "single.mp3")
    found = walk([str(tmp_path / "in"), str(tmp_path / "single.mp3")])
    assert found.covers(str(tmp_path / "in/deeper/x.mp3"))
    assert found.covers(str(tmp_path / "single.mp3"))
    assert not found.covers(str(tmp_path / "inside.mp3"))
    assert not found.covers(str(tmp_path / "other/x.mp3"))


def test_a_refused_folder_is_noted_and_its_files_are_not_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path / "closed/a.mp3", tmp_path / "open/b.mp3")
    closed = str(tmp_path / "closed")
    scandir, stat = os.scandir, os.stat

    def refuse(path: Any) -> Any:
        if str(path) == closed:
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    def refuse_below(path: Any, **options: Any) -> Any:
        if str(path).startswith(closed + os.sep):
            raise PermissionError(13, "Permission denied", path)
        return stat(path, **options)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "stat", refuse_below)
    found = walk([str(tmp_path)])
    assert names(found, tmp_path) == ["open/b.mp3"]
    assert found.refused == {closed: "Permission denied"}
    gone = found.follow([f"{closed}/a.mp3", str(tmp_path / "open/gone.mp3")])
    assert gone == {str(tmp_path / "open/gone.mp3")}


def test_known_files_are_followed_whatever_they_are_called(tmp_path: Path) -> None:
    touch(tmp_path / "noise.bin")
    (tmp_path / "once a file.mp3").mkdir()
    found = walk([str(tmp_path)])
    assert found.follow([str(tmp_path / "once a file.mp3")]) == {str(tmp_path / "once a file.mp3")}
    assert found.follow([str(tmp_path / "noise.bin")]) == set()
    status = (tmp_path / "noise.bin").stat()
    assert found.files == {str(tmp_path / "noise.bin"): Found(0, status.st_mtime_ns)}


def test_what_is_neither_file_nor_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    with pytest.raises(ParameterError, match="neither a file nor a folder"):
        walk([str(tmp_path / "pipe.mp3")])
    assert walk([str(tmp_path)]).files == {}


def test_undecodable_names_are_found(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.mp3"
    with open(path, "wb"):
        pass
    assert [os.fsencode(found) for found in walk([str(tmp_path)]).files] == [path]

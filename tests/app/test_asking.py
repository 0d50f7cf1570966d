"""What a library is asked is answered from that library as it is now, by what this version hears."""

from __future__ import annotations

from pathlib import Path

import pytest

import pretend_ears
from sori.app.actions.demonstrating import demo
from sori.app.actions.indexing import index
from sori.app.actions.recommending import map_of, similar
from sori.library.catalog import SqlCatalog

EAR = pretend_ears.ear()


@pytest.fixture(autouse=True)
def _facets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sori.app.actions.ears.our_facets", lambda: EAR.facets)


def music(folder: Path, *sounds: str) -> str:
    folder.mkdir()
    for sound in sounds:
        (folder / f"{sound}.mp3").write_text(f"{sound}|{sound}|", encoding="utf-8")
    return str(folder)


def test_a_library_made_anew_is_not_asked_by_the_vectors_of_the_old(tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    for name in ("old", "new"):
        index([music(tmp_path / name, f"{name} 1", f"{name} 2")], library=str(library), ear=EAR, jobs=1)
        assert len(similar([f"{name} 1"], library=str(library), per_artist=None)["results"]) == 1
        library.unlink()


def test_what_another_version_heard_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = str(tmp_path / "library.db")
    index([music(tmp_path / "music", "a", "b")], library=library, ear=EAR, jobs=1)
    newer = pretend_ears.ear(timbre=2)
    index([music(tmp_path / "more", "c", "d")], library=library, ear=newer, jobs=1)
    with SqlCatalog(library) as catalog:
        assert len(catalog.tracks()) == 4
    for ear, shown in ((EAR, {"a", "b"}), (newer, {"c", "d"})):
        monkeypatch.setattr("sori.app.actions.ears.our_facets", lambda ear=ear: ear.facets)
        answer = map_of(library=library)
        assert {point["title"] for point in answer["points"]} == shown
        assert answer["outdated"] == 2


def test_a_demonstration_on_other_music_shows_only_that(tmp_path: Path) -> None:
    for name in ("first", "second"):
        folder = music(tmp_path / name, f"{name} 1", f"{name} 2", f"{name} 3")
        answer = demo(folder, folder=str(tmp_path / "demo"), ear=EAR)
        shown = [track for example in answer["examples"] for track in example["seeds"] + example["results"]]
        assert len(answer["examples"]) == 3
        assert {track["title"].split()[0] for track in shown} == {name}

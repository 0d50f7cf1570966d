"""A scan hears what is new, once; what it leaves depends on the files alone; a bad file costs only itself."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

import pretend_ears
from sori.errors import ParameterError, SoriError
from sori.library.catalog import SqlCatalog
from sori.library.ear import Ear
from sori.library.scan import Counts, Limits, scan
from sori.system.workers import Done, Lost, Workers

LIMITS = Limits(jobs=2, timeout_s=30.0, memory_mb=400)


class Room:
    """A music folder, a library, and a log of what was heard."""

    def __init__(self, place: Path) -> None:
        self.music = place / "music"
        self.music.mkdir()
        self.library = str(place / "library.db")
        self.log = place / "heard.log"

    def put(self, name: str, sound: str, *, title: str = "", deed: str = "") -> Path:
        path = self.music / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{sound}|{title}|{deed}", encoding="utf-8")
        return path

    def scan(self, *paths: Path, ear: Ear | None = None, limits: Limits = LIMITS, **options: Any) -> Counts:
        with SqlCatalog(self.library) as catalog, catalog.exclusive():
            places = [str(path) for path in paths or (self.music,)]
            return scan(catalog, places, ear or pretend_ears.ear(log=self.log), limits, **options)

    def heard(self) -> list[str]:
        """Return what was heard since the last call, as "name stages" in alphabetical order."""
        lines = sorted(self.log.read_text(encoding="utf-8").splitlines()) if self.log.exists() else []
        self.log.write_text("", encoding="utf-8")
        return lines

    def content(self) -> Any:
        """Return all that the library holds but the times of failures."""
        with SqlCatalog(self.library) as catalog:
            ids, facets = catalog.vectors()
            failures = [dataclasses.replace(failure, when="") for failure in catalog.failures()]
            return catalog.tracks(results=True), ids, {n: m.tolist() for n, m in facets.items()}, failures


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def kinds(counts: Counts) -> dict[str, str]:
    return {os.path.basename(failure.path): failure.kind for failure in counts.failures}


def test_every_file_is_heard_once_and_never_again(room: Room) -> None:
    for number in range(5):
        room.put(f"{number % 2}/{number}.mp3", str(number))
    first = room.scan()
    assert (first.files, first.heard, first.audio_s) == (5, 5, 50.0)
    assert len(room.heard()) == 5
    second = room.scan()
    assert (second.to_do, second.heard, second.unchanged) == (0, 0, 5)
    assert room.heard() == []


def test_moved_renamed_and_retagged_files_are_not_heard_again(room: Room) -> None:
    path = room.put("a/one.mp3", "sound", title="Before")
    room.scan()
    with SqlCatalog(room.library) as catalog:
        track_id = catalog.tracks()[0].id
    room.heard()
    path.rename(room.music / "two.mp3")
    counts = room.scan()
    assert (counts.heard, counts.recognised, counts.missing) == (0, 1, 1)
    room.put("two.mp3", "sound", title="After and longer")
    assert room.scan().recognised == 1
    assert room.heard() == []
    with SqlCatalog(room.library) as catalog:
        track = catalog.track(track_id)
        assert (track.path, track.title, track.missing) == (
            str(room.music / "two.mp3"),
            "After and longer",
            False,
        )


def test_copies_are_heard_once_even_side_by_side(room: Room) -> None:
    for number in range(6):
        room.put(f"{number}.mp3", "the same", deed="slow0.2")
    counts = room.scan(limits=Limits(jobs=3))
    assert (counts.heard, counts.recognised) == (1, 5)
    tracks = room.content()[0]
    assert [len(track.paths) for track in tracks] == [6]


def test_a_copy_gets_its_chance_when_the_first_fails(room: Room) -> None:
    """Same audio, but one file says what kills the listener, so what the other says is heard."""
    room.put("longer name so it comes first.mp3", "same", title="x" * 50, deed="exit")
    room.put("fine.mp3", "same")
    counts = room.scan(limits=Limits(jobs=1))
    assert kinds(counts) == {"longer name so it comes first.mp3": "crash"}
    assert counts.heard == 1


def test_only_outdated_stages_are_heard_again(room: Room) -> None:
    room.put("a.mp3", "a")
    room.put("copy of a.mp3", "a")
    room.put("b.mp3", "b")
    room.scan()
    room.heard()
    assert room.scan(ear=pretend_ears.ear(log=room.log, tempo=2)).heard == 2
    assert room.heard() == ["a.mp3 tempo", "b.mp3 tempo"]
    assert room.scan(ear=pretend_ears.ear(log=room.log, tempo=2, timbre=2)).heard == 2
    assert room.heard() == ["a.mp3 facets", "b.mp3 facets"]
    assert room.scan(ear=pretend_ears.ear(log=room.log, tempo=2, timbre=2)).to_do == 0


def test_a_new_copy_of_an_outdated_track_waits_for_it(room: Room) -> None:
    room.put("a.mp3", "a", deed="slow0.2")
    room.scan()
    room.put("copy.mp3", "a")
    room.heard()
    counts = room.scan(ear=pretend_ears.ear(log=room.log, key=2))
    assert (counts.heard, counts.recognised) == (1, 1)
    assert room.heard() == ["a.mp3 key"]


def test_a_track_that_fails_to_be_heard_again_keeps_what_was_heard(room: Room) -> None:
    path = room.put("a.mp3", "a")
    room.scan()
    status = path.stat()
    path.write_text("a||exit", encoding="utf-8")  # same audio; the file must look unchanged
    with SqlCatalog(room.library) as catalog:
        track = catalog.tracks()[0]
        catalog.record(
            str(path),
            size=path.stat().st_size,
            mtime_ns=status.st_mtime_ns,
            identity=track.identity,
            tags={},
            hearing=None,
        )
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    counts = room.scan(ear=pretend_ears.ear(tempo=2))
    assert kinds(counts) == {"a.mp3": "crash"}
    assert [(t.missing, t.tempo_bpm) for t in room.content()[0]] == [(False, track.tempo_bpm)]
    assert room.scan(ear=pretend_ears.ear(tempo=2)).known_failures == 1


def test_misbehaving_files_cost_themselves_alone(room: Room) -> None:
    wanted = {
        "exit": "crash",
        "segfault": "crash",
        "hang": "timeout",
        "undecodable": "decode",
        "unidentifiable": "decode",
        "bug": "error",
        "rewritten": "changed",
    }
    for deed in wanted:
        room.put(f"{deed}.mp3", deed, deed=deed)
    (room.music / "empty.mp3").touch()
    for number in range(10):
        room.put(f"fine {number}.mp3", f"fine {number}")
    counts = room.scan(limits=Limits(jobs=2, timeout_s=3.0))
    assert kinds(counts) == {f"{deed}.mp3": kind for deed, kind in wanted.items()} | {"empty.mp3": "empty"}
    assert counts.heard == 10
    reasons = {os.path.basename(f.path): f.reason for f in counts.failures}
    assert "SIGSEGV" in reasons["segfault.mp3"]
    assert "3 s" in reasons["hang.mp3"]
    assert reasons["undecodable.mp3"] == "neither decoder reads it"
    assert "ZeroDivisionError: a fault of ours" in reasons["bug.mp3"]


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is limited on Linux only")
def test_a_file_that_eats_memory_is_stopped(room: Room) -> None:
    room.put("eat.mp3", "eat", deed="eat")
    room.put("fine.mp3", "fine")
    counts = room.scan()
    assert kinds(counts) == {"eat.mp3": "memory"}
    assert "400 MB" in counts.failures[0].reason
    assert counts.heard == 1


def test_failures_are_not_tried_again_until_asked_or_changed(room: Room) -> None:
    room.put("bad.mp3", "bad", deed="undecodable")
    room.scan()
    room.heard()
    again = room.scan()
    assert (again.known_failures, again.failed, len(again.failures)) == (1, 0, 1)
    assert room.heard() == []
    assert room.scan(retry_failed=True).failed == 1
    room.put("bad.mp3", "mended")
    mended = room.scan()
    assert (mended.heard, mended.failures) == (1, [])
    (room.music / "bad.mp3").unlink()
    room.put("worse.mp3", "worse", deed="undecodable")
    room.scan()
    (room.music / "worse.mp3").unlink()
    assert room.scan().failures == []


def test_files_that_go_and_come_back(room: Room) -> None:
    path = room.put("a.mp3", "a")
    room.put("b.mp3", "b")
    room.scan()
    before = room.content()
    aside = path.rename(room.music.parent / "aside")
    assert room.scan().missing == 1
    assert [track.missing for track in room.content()[0]].count(True) == 1
    room.heard()
    aside.rename(path)
    assert room.scan().to_do == 0
    assert room.content() == before
    assert room.heard() == []


def test_only_what_lies_under_the_paths_can_be_missed(room: Room) -> None:
    room.put("rock/a.mp3", "a")
    room.put("rock and roll/b.mp3", "b")
    room.scan()
    shutil.rmtree(room.music / "rock and roll")
    assert room.scan(room.music / "rock").missing == 0
    assert room.scan().missing == 1


def test_a_folder_that_moved_leaves_nothing_behind(room: Room) -> None:
    room.put("old/a.mp3", "a", title="A")
    room.put("old/b.mp3", "b")
    room.scan(room.music / "old")
    (room.music / "old").rename(room.music / "new")
    counts = room.scan(room.music / "new")
    assert (counts.recognised, counts.missing) == (2, 2)
    with SqlCatalog(room.library) as catalog:
        gone = {path for path, file in catalog.files().items() if file.missing}
        assert gone == {str(room.music / "old" / name) for name in ("a.mp3", "b.mp3")}
    assert room.scan(room.music / "new").missing == 0


def test_a_folder_that_is_gone_can_be_named(room: Room) -> None:
    room.put("old/a.mp3", "a")
    room.put("fine.mp3", "b")
    room.scan()
    shutil.rmtree(room.music / "old")
    assert room.scan(room.music / "old").missing == 1
    assert [track.missing for track in room.content()[0]].count(True) == 1


def test_what_the_system_refuses_is_tried_again_by_itself(room: Room) -> None:
    room.put("a.mp3", "a", deed="refused")
    assert kinds(room.scan()) == {"a.mp3": "unreadable"}
    assert room.scan().failures[0].reason == "Permission denied"
    assert len(room.heard()) == 2


def test_a_header_without_sound_is_empty(room: Room) -> None:
    room.put("a.mp3", "a", deed="soundless")
    assert kinds(room.scan()) == {"a.mp3": "empty"}


def test_another_copy_is_heard_anew_when_the_first_fails(room: Room) -> None:
    for name in ("1.mp3", "2.mp3", "3.mp3"):
        room.put(name, "a")
    room.scan()
    room.heard()
    (room.log.parent / "fails").write_text("1.mp3 2.mp3", encoding="utf-8")
    counts = room.scan(ear=pretend_ears.ear(log=room.log, tempo=2), limits=Limits(jobs=1))
    assert (counts.to_do, counts.heard, counts.failed, counts.unchanged) == (3, 1, 2, 0)
    assert room.heard() == ["1.mp3 tempo", "2.mp3 tempo", "3.mp3 tempo"]


def test_new_content_at_a_path_is_a_new_track(room: Room) -> None:
    room.put("a.mp3", "first")
    room.scan()
    room.put("a.mp3", "second, longer")
    assert room.scan().heard == 1
    assert sorted(track.missing for track in room.content()[0]) == [False, True]


def test_what_is_left_does_not_depend_on_jobs_or_order(room: Room) -> None:
    for number in range(12):
        room.put(f"{number}.mp3", str(number % 9), title=f"T{number}", deed=f"slow0.0{number % 4}")
    room.put("bad.mp3", "bad", deed="undecodable")
    contents = []
    for jobs in (1, 3):
        room.library = str(room.music.parent / f"{jobs}.db")
        room.scan(limits=Limits(jobs=jobs))
        contents.append(room.content())
    assert contents[0] == contents[1]


def test_a_stopped_run_is_finished_by_the_next(room: Room) -> None:
    for number in range(8):
        room.put(f"{number}.mp3", str(number))
    room.scan()
    undisturbed = room.content()
    room.library += "2"
    seen: list[int] = []
    counts = room.scan(report=lambda c: seen.append(c.done), stopping=lambda: bool(seen and seen[-1] >= 3))
    assert counts.stopped
    assert 3 <= counts.heard < 8
    assert room.scan().heard == 8 - counts.heard
    assert room.content() == undisturbed


def test_no_worker_is_left_behind(room: Room) -> None:
    room.put("a.mp3", "a", deed="hang")
    before = set(psutil.Process().children(recursive=True))
    stop: list[bool] = []

    def stopping() -> bool:
        stop.append(True)
        return len(stop) > 5

    assert room.scan(stopping=stopping).stopped
    left = set(psutil.Process().children(recursive=True)) - before
    servers = {p for p in left if p.parent() == psutil.Process()}  # the fork server and its like stay with us
    assert left == servers


def test_no_worker_starts_when_there_is_nothing_to_do(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.put("a.mp3", "a")
    room.scan()
    monkeypatch.setattr(Workers, "_start", lambda self: pytest.fail("a worker was started"))
    assert room.scan().unchanged == 1


def test_a_file_that_vanishes_meanwhile_is_no_failure(room: Room) -> None:
    path = room.put("a.mp3", "a")
    room.put("b.mp3", "b, longer so that it comes first")

    def vanish(counts: Counts) -> None:
        path.unlink(missing_ok=True)

    counts = room.scan(limits=Limits(jobs=1), report=vanish)
    assert (counts.heard, counts.failures, counts.to_do) == (1, [], 1)


def test_a_path_that_does_not_exist_is_wrong_usage(room: Room) -> None:
    with pytest.raises(ParameterError, match="name a folder or a file"):
        room.scan(room.music / "nowhere")


def run(workers: Workers[str]) -> dict[str, Done[str] | Lost[str]]:
    outcomes = {}
    while workers.busy:
        outcomes |= {outcome.key: outcome for outcome in workers.collect(1.0)}
    return outcomes


def test_workers_answer_under_the_right_name() -> None:
    with Workers[str](2, timeout_s=30, memory_mb=400) as workers:
        workers.give("two", pow, 2, 1)
        workers.give("eight", pow, 2, 3)
        assert workers.free == 0
        outcomes = run(workers)
        assert {key: outcome.value for key, outcome in outcomes.items() if isinstance(outcome, Done)} == {
            "two": 2,
            "eight": 8,
        }
        workers.give("died", os._exit, 3)
        assert run(workers)["died"] == Lost("died", "crash", "the process that read it died (exit code 3)")
        workers.give("after", pow, 3, 2)
        assert run(workers)["after"] == Done("after", 9)


def test_workers_that_cannot_start_are_not_blamed_on_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sori.system.workers._serve", os._exit)
    workers = Workers[str](1, timeout_s=30, memory_mb=400)
    start: Callable[..., Any] = workers._context.Process
    monkeypatch.setattr(
        workers._context, "Process", lambda **options: start(**{**options, "args": (7,)}), raising=False
    )
    with workers:
        workers.give("a", pow, 2, 2)
        with pytest.raises(SoriError, match="exit code 7"):
            run(workers)


def grow_by(megabytes: int) -> int:
    GROWN.append(bytes(megabytes * 2**20))
    return len(GROWN)


GROWN: list[bytes] = []


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="memory is limited on Linux only")
def test_what_earlier_calls_left_behind_is_not_charged_to_the_next() -> None:
    with Workers[str](1, timeout_s=30, memory_mb=200) as workers:
        for number in range(1, 4):
            workers.give("grow", grow_by, 120)
            assert run(workers)["grow"] == Done("grow", number)


def test_starting_is_not_charged_to_a_file_and_a_start_that_hangs_is_our_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])  # the slowest
    with Workers[str](1, timeout_s=0.1, memory_mb=400, preload=("sqlalchemy",)) as workers:
        workers.give("four", pow, 2, 2)
        assert run(workers)["four"] == Done("four", 4)
    monkeypatch.setattr("sori.system.workers._START_S", 0.0)
    with Workers[str](1, timeout_s=30, memory_mb=400) as workers:
        workers.give("four", pow, 2, 2)
        with pytest.raises(SoriError, match="did not start"):
            run(workers)


def test_workers_where_there_is_no_fork_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    with Workers[str](1, timeout_s=30, memory_mb=400) as workers:
        workers.give("four", pow, 2, 2)
        assert run(workers)["four"] == Done("four", 4)

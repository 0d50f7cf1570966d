"""Bringing the catalog up to date with the files: find what changed, hear it, write it down.

The parent alone decides and writes; workers only read files. For each new or changed file a
worker first *identifies* its audio (hash of the packets, no decoding); only audio that is not yet
known at the current versions is then *heard*. So a moved, renamed or re-tagged file costs a hash,
and an upgrade costs the stages that changed. Each track is committed when it is done: a run that
ends early has lost what its workers had in their hands, and the next run goes on from there.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from sori.errors import SoriError
from sori.library import ear as listening
from sori.library.catalog import Catalog
from sori.library.ear import Ear, Identified, Problem
from sori.library.entries import Failure, Hearing
from sori.library.walk import Found, Walk, vanished, walk
from sori.system.workers import Done, Lost, Workers

__all__ = ["Counts", "Limits", "scan"]

_GLANCE_S = 0.1  # how often a waiting run looks whether it is to stop


@dataclasses.dataclass(frozen=True)
class Limits:
    """How many files are heard at once, and what each may cost."""

    jobs: int = 1
    timeout_s: float = 600.0
    memory_mb: int = 2048


@dataclasses.dataclass
class Counts:
    """How far a run is, and at its end what it did.

    ``to_do`` files needed work, of which ``heard`` were listened to, ``recognised`` hold audio that
    was known (moved, renamed, re-tagged, copied) and ``failed`` could not be heard. ``unchanged``
    and ``known_failures`` were skipped; ``missing`` were in the library and are gone. ``audio_s`` is
    the duration of what was heard.
    """

    files: int = 0
    to_do: int = 0
    heard: int = 0
    recognised: int = 0
    failed: int = 0
    unchanged: int = 0
    known_failures: int = 0
    missing: int = 0
    audio_s: float = 0.0
    seconds: float = 0.0
    stopped: bool = False
    failures: list[Failure] = dataclasses.field(default_factory=list)

    @property
    def done(self) -> int:
        """How many of the files to do are done."""
        return self.heard + self.recognised + self.failed


@dataclasses.dataclass(frozen=True)
class _Task:
    """A file on its way: to be identified while ``identity`` is unknown, then to be heard.

    ``again`` means that its audio was heard before, at other versions, and the file is unchanged.
    """

    path: str
    found: Found
    identity: str | None = None
    tags: dict[str, Any] = dataclasses.field(default_factory=dict)
    stages: tuple[str, ...] = ()
    again: bool = False


def scan(
    catalog: Catalog,
    paths: Sequence[str],
    ear: Ear,
    limits: Limits,
    *,
    retry_failed: bool = False,
    report: Callable[[Counts], None] = lambda counts: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Counts:
    """Hear every new or changed file under the paths and note which known ones are gone.

    The caller must hold ``catalog.exclusive()``. ``report`` is called when the work is known and
    after each file; ``stopping`` is asked several times a second, and once it says yes nothing new
    is begun or waited for. What the catalog holds in the end depends on the files alone, not on
    ``limits.jobs``, on the order of completion or on interruptions.

    Raises
    ------
    ParameterError
        A path does not exist, and the catalog knows of nothing there.
    SoriError
        The worker processes do not work at all.
    """
    began = time.monotonic()
    found = walk(paths, stopping=stopping, known=lambda root: _knows(catalog, root))
    run = _Run(catalog, ear, limits, report)
    if not stopping():
        run.plan(found, retry_failed)
        run.work(stopping)
    run.counts.stopped = stopping()
    run.counts.seconds = time.monotonic() - began
    run.counts.failures = [f for f in catalog.failures() if found.covers(f.path)]
    return run.counts


def _knows(catalog: Catalog, root: str) -> bool:
    """Say whether a path, or anything below it, is in the catalog."""
    below = os.path.join(root, "")
    paths = [*catalog.files(), *(failure.path for failure in catalog.failures())]
    return any(path == root or path.startswith(below) for path in paths)


class _Run:
    """One run over the files: what is to do, what is known, and who waits for whom."""

    def __init__(self, catalog: Catalog, ear: Ear, limits: Limits, report: Callable[[Counts], None]) -> None:
        self.counts = Counts()
        self._catalog = catalog
        self._ear = ear
        self._limits = limits
        self._report = report
        self._queue: deque[_Task] = deque()
        self._lacking: dict[str, tuple[str, ...]] = {}  # known identity -> stages to hear anew
        self._waiting: dict[str, list[_Task]] = {}  # identity being heard -> files with the same audio
        self._spare: dict[str, list[_Task]] = {}  # identity to hear anew -> its other, unchanged files
        self._places: dict[str, list[str]] = {}  # known identity -> where it lay when the run began

    # --- what is to do -----------------------------------------------------------------------

    def plan(self, found: Walk, retry_failed: bool) -> None:
        """Compare the files with the catalog, mark what came and went, and queue the work."""
        files, failures = self._catalog.files(), {f.path: f for f in self._catalog.failures()}
        known = {path for path in (*files, *failures) if found.covers(path)}
        gone = found.follow(sorted(known - found.files.keys() - found.refused.keys()))
        self._catalog.mark(
            present=[p for p in sorted(found.files) if p in files and files[p].missing],
            missing=[p for p in sorted(gone) if p in files and not files[p].missing],
            forget=[p for p in sorted(known) if p in failures and (p in gone or failures[p].stage == "walk")],
        )
        for path, reason in sorted(found.refused.items()):
            before = Found(files[path].size, files[path].mtime_ns) if path in files else Found(0, 0)
            self._fail(_Task(path, before), Problem("unreadable", reason, "walk"))
        self.counts.failed = 0  # what could not be looked at is no file to do
        failures = {path: failure for path, failure in failures.items() if failure.stage != "walk"}
        identities = self._learn_versions()
        for path, place in files.items():
            if not place.missing and path not in gone:
                self._places.setdefault(identities[place.track_id], []).append(path)
        tasks = []
        for path, now in sorted(found.files.items()):
            file, failure = files.get(path), failures.get(path)
            again = retry_failed or (failure is not None and failure.kind == "unreadable")
            if failure and not again and Found(failure.size, failure.mtime_ns) == now:
                self.counts.known_failures += 1
            elif file is None or Found(file.size, file.mtime_ns) != now:
                tasks.append(_Task(path, now))
            elif stages := self._lacking[identity := identities[file.track_id]]:
                task = _Task(path, now, identity, stages=stages, again=True)
                if identity in self._waiting:
                    self._spare.setdefault(identity, []).append(task)
                    self.counts.unchanged += 1
                else:
                    self._waiting[identity] = []
                    tasks.append(task)
            else:
                self.counts.unchanged += 1
        tasks.sort(key=lambda task: (-task.found.size, task.path))  # the longest first: no long tail
        self._queue.extend(tasks)
        self.counts.files = len(found.files)
        self.counts.to_do = len(tasks)
        self.counts.missing = sum(1 for path in gone if path in files)
        self._report(self.counts)

    def _learn_versions(self) -> dict[str, str]:
        """Find the stages that each known track lacks; return track id to identity."""
        known = self._catalog.lacking(self._ear.stages, self._ear.facets)
        self._lacking = {identity: stages for identity, (_, stages) in known.items()}
        return {track_id: identity for identity, (track_id, _) in known.items()}

    # --- doing it ----------------------------------------------------------------------------

    def work(self, stopping: Callable[[], bool]) -> None:
        """Give tasks to the workers and write down what they say, until all is done or to be stopped."""
        if not self._queue:
            return
        limits = self._limits
        with Workers[_Task](
            min(limits.jobs, len(self._queue)),
            timeout_s=limits.timeout_s,
            memory_mb=limits.memory_mb,
            preload=self._ear.preload,
        ) as workers:
            try:
                self._work(workers, stopping)
            except SoriError:
                time.sleep(_GLANCE_S)  # a signal to the whole group may reach the workers before us
                if not stopping():
                    raise

    def _work(self, workers: Workers[_Task], stopping: Callable[[], bool]) -> None:
        while not stopping() and (self._queue or workers.busy):
            self._give_all(workers)
            outcomes = list(workers.collect(_GLANCE_S))
            self._give_all(workers)  # nobody waits while results are written down
            for outcome in outcomes:
                self._take(outcome)
                self._report(self.counts)

    def _give_all(self, workers: Workers[_Task]) -> None:
        while self._queue and workers.free:
            self._give(workers, self._queue.popleft())

    def _give(self, workers: Workers[_Task], task: _Task) -> None:
        if task.identity is None:
            workers.give(task, listening.identify, self._ear, task.path)
        else:
            now = task.found
            workers.give(task, listening.hear, self._ear, task.path, task.stages, now.size, now.mtime_ns)

    def _take(self, outcome: Done[_Task] | Lost[_Task]) -> None:
        task = outcome.key
        if isinstance(outcome, Lost):
            stage = "identify" if task.identity is None else "hear"
            self._fail(task, Problem(outcome.kind, outcome.reason, stage))
        elif isinstance(outcome.value, Identified):
            self._identified(dataclasses.replace(task, **vars(outcome.value)))
        elif isinstance(outcome.value, Hearing):
            self._heard(task, outcome.value)
        else:
            self._fail(task, outcome.value)

    def _identified(self, task: _Task) -> None:
        identity = task.identity
        assert identity is not None
        if identity in self._waiting:
            self._waiting[identity].append(task)
            return
        stages = self._lacking.get(identity, tuple(self._ear.stages))
        if not stages:
            self._attach(task, None)
            self.counts.recognised += 1
            return
        self._waiting[identity] = []
        self._queue.appendleft(dataclasses.replace(task, stages=stages))

    def _heard(self, task: _Task, hearing: Hearing) -> None:
        assert task.identity is not None
        if task.again:
            self._catalog.record_hearing(task.path, task.identity, hearing)
        else:
            self._attach(task, hearing)
        self.counts.heard += 1
        self.counts.audio_s += hearing.duration_s
        self._lacking[task.identity] = ()
        for same in self._waiting.pop(task.identity):
            self._attach(same, None)
            self.counts.recognised += 1

    def _attach(self, task: _Task, hearing: Hearing | None) -> None:
        assert task.identity is not None
        self._catalog.record(
            task.path,
            size=task.found.size,
            mtime_ns=task.found.mtime_ns,
            identity=task.identity,
            tags=task.tags,
            hearing=hearing,
        )
        others = [path for path in self._places.get(task.identity, ()) if path != task.path]
        gone = [path for path in others if vanished(path)]
        if gone:  # the file was moved from a folder that this run does not look at
            self._catalog.mark(present=[], missing=gone, forget=[])
            self._places[task.identity] = [path for path in others if path not in gone]
            self.counts.missing += len(gone)

    def _fail(self, task: _Task, problem: Problem) -> None:
        """Note a failure; the next file with the same audio gets its own chance."""
        if problem.kind == "gone":
            self._catalog.mark(present=[], missing=[task.path], forget=[task.path])
            self.counts.to_do -= 1
        else:
            when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            failure = Failure(task.path, task.found.size, task.found.mtime_ns, **vars(problem), when=when)
            self._catalog.record_failure(failure)
            self.counts.failed += 1
        if task.identity is None:
            return
        waiting, spare = self._waiting.pop(task.identity, []), self._spare.get(task.identity)
        if spare:
            self._waiting[task.identity] = waiting
            self._queue.appendleft(spare.pop(0))
            self.counts.unchanged -= 1
            self.counts.to_do += 1
        elif waiting:
            first, *rest = waiting
            self._waiting[task.identity] = rest
            stages = self._lacking.get(task.identity, tuple(self._ear.stages))
            self._queue.appendleft(dataclasses.replace(first, stages=stages))

"""From a manifest to a store: each clip decoded once, by several processes, whatever ends them.

Each process has a shard of its own, begun in this run, and writes one clip at a time where it is told. The
parent alone writes the index, after the clip is in the shard. So a run that is killed at any moment leaves
whole clips and perhaps a piece of one that nothing names; the next run goes on beside it.
"""

from __future__ import annotations

import collections
import dataclasses
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from sori.datasets.checking import check
from sori.datasets.manifest import Clip, Manifest
from sori.datasets.store.decoding import Failed, Job, pack
from sori.datasets.store.index import Entry, IndexWriter, Parameters, is_store, read_index, shard_path
from sori.datasets.store.verifying import damaged_entries
from sori.errors import DataError, ParameterError
from sori.system.lock import held
from sori.system.workers import Done, Lost, Workers

__all__ = ["SHARD_BYTES", "ClipFailure", "Packed", "prepare"]

SHARD_BYTES = 1 << 29
"""A shard that has grown so large gets no more clips."""

_PRELOAD = ("sori.datasets.store.decoding", "sori.audio.ffmpeg", "soundfile", "soxr")


@dataclasses.dataclass(frozen=True)
class ClipFailure:
    """A clip that is not in the store.

    ``kind`` is ``missing``, ``decode``, ``timeout``, ``memory`` or ``crash``.
    """

    id: str
    path: str
    kind: str
    reason: str


@dataclasses.dataclass
class Packed:
    """What a run of `prepare` found and did."""

    clips: int = 0
    to_do: int = 0
    packed: int = 0
    relabelled: int = 0
    unchanged: int = 0
    damaged: int = 0
    clipped_samples: int = 0
    audio_s: float = 0.0
    n_bytes: int = 0
    seconds: float = 0.0
    stopped: bool = False
    failures: list[ClipFailure] = dataclasses.field(default_factory=list)

    @property
    def failed(self) -> int:
        """How many clips failed."""
        return len(self.failures)

    @property
    def done(self) -> int:
        """How many of those to do are dealt with."""
        return self.packed + self.failed


def prepare(
    manifest: Manifest,
    store: str | os.PathLike[str],
    *,
    sample_rate: int | None = None,
    mono: bool = False,
    encoding: str = "pcm",
    jobs: int = 1,
    timeout_s: float = 600.0,
    memory_mb: int = 2048,
    verify: bool = False,
    report: Callable[[Packed], None] = lambda packed: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Packed:
    """Bring a store up to date with a manifest: what is new or changed is decoded, the rest is left alone.

    Clips that the store has and the manifest has not stay, so that a store may hold several data sets. A clip
    whose labels, group or split changed is only written down anew.

    Parameters
    ----------
    manifest
        What to pack; every clip needs an id of its own.
    store
        A folder; made where it is not there.
    sample_rate, mono, encoding
        See `Parameters`; those of a store never change.
    jobs
        Clips decoded at once, each in a process.
    timeout_s, memory_mb
        What one clip may take before it is given up and listed.
    verify
        Compare every byte that is there with its checksum first, and decode anew what is damaged.
    report
        Told how it goes, now and then.
    stopping
        Asked now and then; when it says so the run ends, with everything done so far kept.

    Returns
    -------
    Packed
        With the clips that failed. They are tried again in the next run.

    Raises
    ------
    ParameterError
        Options that make no sense; a folder with other things in it.
    DataError
        The store was made with other parameters; another run is writing to it; an id names two clips, or a
        clip of another data set in the store.
    """
    if jobs < 1:
        raise ParameterError(f"jobs is {jobs}; at least one clip must be decoded at a time")
    parameters = Parameters(sample_rate=sample_rate, mono=mono, encoding=encoding)
    twice = [f for f in check(manifest, files="unseen") if f.kind in ("empty", "duplicate_id")]
    if twice:
        raise DataError(twice[0].message)
    folder = _folder(Path(store))
    began = time.monotonic()
    with (
        held(os.fspath(folder / "lock"), what="store", option="--out"),
        IndexWriter(folder, parameters) as index,
    ):
        known = read_index(folder).entries()
        result = Packed(clips=len(manifest))
        if verify:
            for name in damaged_entries(folder, known):
                index.drop(name)
                del known[name]
                result.damaged += 1
        _forget_unnamed(folder, known.values())
        to_do = _sort(manifest, known, index, result)
        result.to_do = len(to_do) + result.failed
        lanes = _Lanes(folder)
        with Workers[int](jobs, timeout_s=timeout_s, memory_mb=memory_mb, preload=_PRELOAD) as workers:
            report(result)
            while (to_do or workers.busy) and not stopping():
                while to_do and workers.free:
                    row = to_do.popleft()
                    number, offset = lanes.take(row)
                    clip = manifest[row]
                    place = os.fspath(manifest.path_of(clip))
                    shard = os.fspath(shard_path(folder, number))
                    workers.give(
                        row, pack, Job(clip, place, manifest.name, shard, offset, number, parameters)
                    )
                for outcome in workers.collect(0.5):
                    _settle(outcome, manifest, lanes, index, result)
                    result.seconds = time.monotonic() - began
                    report(result)
        result.stopped = bool(to_do or workers.busy)
    result.seconds = time.monotonic() - began
    return result


def _folder(folder: Path) -> Path:
    if folder.is_dir() and not is_store(folder) and set(os.listdir(folder)) - {"lock"}:
        raise ParameterError(f"{folder} is no store and not empty; name a new folder with --out")
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"{folder} is a file; name a folder with --out")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _forget_unnamed(folder: Path, known: Iterable[Entry]) -> None:
    """Take away shards in which a killed run finished nothing."""
    named = {shard_path(folder, entry.shard) for entry in known}
    for path in folder.glob("shard-*.bin"):
        if path not in named:
            path.unlink()


def _sort(
    manifest: Manifest, known: dict[str, Entry], index: IndexWriter, result: Packed
) -> collections.deque[int]:
    """Return the rows of the clips to decode; what needs no decoding is dealt with."""
    to_do: collections.deque[int] = collections.deque()
    for row, clip in enumerate(manifest):
        place = manifest.path_of(clip)
        entry = known.get(clip.id)
        if entry is not None and (entry.source[0], _span(entry.clip)) != (manifest.name, _span(clip)):
            raise DataError(
                f"the store has {clip.id!r} already, of {entry.source[0]}: {entry.clip.path}; "
                "clips of several data sets in a store need different ids"
            )
        try:
            status = os.stat(place)
        except OSError as error:
            reason = error.strerror or str(error)
            result.failures.append(ClipFailure(clip.id, clip.path, "missing", reason))
            continue
        source = (manifest.name, status.st_size, status.st_mtime_ns)
        if entry is None or entry.source != source:
            to_do.append(row)
        elif entry.clip != clip:
            index.add(dataclasses.replace(entry, clip=clip))
            result.relabelled += 1
        else:
            result.unchanged += 1
    return to_do


def _span(clip: Clip) -> tuple[str, float, float | None]:
    return clip.path, clip.start_s, clip.end_s


def _settle(
    outcome: Done[int] | Lost[int], manifest: Manifest, lanes: _Lanes, index: IndexWriter, result: Packed
) -> None:
    clip = manifest[outcome.key]
    if isinstance(outcome, Lost):
        answer: Entry | Failed = Failed(outcome.kind, outcome.reason)
    else:
        answer = outcome.value
    if isinstance(answer, Failed):
        lanes.give_back(outcome.key, 0)
        result.failures.append(ClipFailure(clip.id, clip.path, answer.kind, answer.reason))
        return
    index.add(answer)
    lanes.give_back(outcome.key, answer.n_bytes)
    result.packed += 1
    result.n_bytes += answer.n_bytes
    result.clipped_samples += answer.clipped
    result.audio_s += answer.n_frames / answer.sample_rate


class _Lanes:
    """Which shard each clip at work is written to, and where in it."""

    def __init__(self, folder: Path) -> None:
        numbers = [int(path.stem.removeprefix("shard-")) for path in folder.glob("shard-*.bin")]
        self._next = max(numbers, default=-1) + 1
        self._free: list[tuple[int, int]] = []
        self._taken: dict[int, tuple[int, int]] = {}

    def take(self, row: int) -> tuple[int, int]:
        """Return number and length of a shard for this clip alone."""
        if self._free:
            lane = self._free.pop()
        else:
            lane, self._next = (self._next, 0), self._next + 1
        self._taken[row] = lane
        return lane

    def give_back(self, row: int, n_bytes: int) -> None:
        """Let others have the shard, so much longer now; a full one is left alone."""
        number, length = self._taken.pop(row)
        if length + n_bytes < SHARD_BYTES:
            self._free.append((number, length + n_bytes))

"""What is wrong with a data set, before anything is learnt from it: one finding for each kind of fault."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from sori.datasets.manifest import Clip, Manifest
from sori.datasets.raw import RAW, raw_audio
from sori.errors import DecodeError, ParameterError

__all__ = ["FILES", "TASKS", "Finding", "check"]

FILES = ("unseen", "present", "decoded")
TASKS = ("classify", "tag")

_NAMED = 3  # so many clips, labels or groups are named in a message
_SLACK_S = 0.1  # by which an annotated end may lie behind that of the file: authors round


@dataclasses.dataclass(frozen=True)
class Finding:
    """One kind of fault, however many clips have it.

    Parameters
    ----------
    kind
        A word for programs, one of those in `check`.
    serious
        Whether training on it would fail or mean nothing; else it is a warning.
    message
        What was found, and what to do.
    ids
        The clips that it is about; none where it is about the whole.
    """

    kind: str
    serious: bool
    message: str
    ids: tuple[str, ...] = ()


def check(
    manifest: Manifest,
    *,
    files: Literal["unseen", "present", "decoded"] = "present",
    task: Literal["classify", "tag"] | None = None,
    on_file: Callable[[int, int], None] = lambda done, total: None,
) -> list[Finding]:
    """Return what is wrong with a data set, the serious first; nothing for one without fault.

    =====================  =======  ==========================================================
    kind                   serious  what
    =====================  =======  ==========================================================
    ``empty``              yes      no clips at all
    ``duplicate_id``       yes      an id names several clips
    ``missing_file``       yes      a clip's file is not there
    ``unreadable``         yes      a file cannot be decoded, or is silent about its samples
    ``beyond_end``         yes      a clip begins or ends after its file does
    ``bad_label``          no       labels that are empty, or differ in case or spaces alone
    ``no_labels``          task     no clip has a label
    ``unlabelled``         no       some clips have no label
    ``several_labels``     task     clips with several labels, to classify
    ``one_class``          task     all clips have the same label
    ``empty_split``        yes      there is an official split without ``train``
    ``unseen_class``       no       labels in ``test`` or ``validation`` that ``train`` has not
    ``straddling_group``   no       groups in several splits, or in several folds
    ``repeated_clip``      no       clips that are the same stretch of the same file
    =====================  =======  ==========================================================

    Parameters
    ----------
    manifest
        The data set.
    files
        How closely files are looked at: not at all, whether they are there, or decoded from end to end.
    task
        What is to be learnt, if anything: ``"classify"`` wants one label a clip, ``"tag"`` at least some. The
        findings marked ``task`` are serious then, and but for ``one_class`` are not made without.
    on_file
        Told the files that have been looked at and how many there are.

    Raises
    ------
    ParameterError
        For another word in ``files`` or ``task``.
    """
    if files not in FILES or task not in (None, *TASKS):
        raise ParameterError(
            f"files={files!r}, task={task!r}: want one of {', '.join(FILES)}; {', '.join(TASKS)} or None"
        )
    if not len(manifest):
        return [Finding("empty", True, f"{manifest.name} has no clips; look at where its files should be")]
    parts = (
        _identities(manifest),
        _labels(manifest, task),
        _splits(manifest),
        _groups(manifest),
        _files(manifest, files, on_file),
    )
    return sorted(itertools.chain(*parts), key=lambda finding: not finding.serious)


def _identities(manifest: Manifest) -> Iterator[Finding]:
    columns = manifest.columns
    twice = _repeated(columns.id)
    if twice:
        yield Finding(
            "duplicate_id",
            True,
            f"{_count(twice, 'id names', 'ids name')} several clips: {_named(twice)}; give each clip its own",
            tuple(twice),
        )
    spans = list(zip(columns.path, columns.start_s.tolist(), columns.end_s.tolist(), strict=True))
    seen: dict[tuple[str, float, str], str] = {}
    again = []
    for name, (path, start, end) in zip(columns.id, spans, strict=True):
        first = seen.setdefault((path, start, repr(end)), name)
        if first != name:
            again.append(name)
    if again:
        yield Finding(
            "repeated_clip",
            False,
            f"{_count(again, 'clip is', 'clips are')} the same stretch of the same file as another: "
            f"{_named(again)}; keep one of them",
            tuple(again),
        )


def _labels(manifest: Manifest, task: str | None) -> Iterator[Finding]:
    column, ids = manifest.columns.labels, manifest.columns.id
    if not manifest.labels:
        if task:
            yield Finding(
                "no_labels", True, f"no clip of {manifest.name} has a label; nothing is to be learnt"
            )
        return
    bare = column.where(lambda labels: not labels)
    if bare.any():
        named = [ids[row] for row in np.flatnonzero(bare)]
        yield Finding(
            "unlabelled",
            False,
            f"{_count(named, 'clip has', 'clips have')} no label: {_named(named)}; label or drop them",
            tuple(named),
        )
    several = column.where(lambda labels: len(labels) > 1)
    if task == "classify" and several.any():
        named = [ids[row] for row in np.flatnonzero(several)]
        yield Finding(
            "several_labels",
            True,
            f"{_count(named, 'clip has', 'clips have')} several labels: {_named(named)}; tag instead",
            tuple(named),
        )
    alike = collections.defaultdict(list)
    for label in manifest.labels:
        alike[" ".join(label.split()).casefold()].append(label)
    odd = [label for key, labels in alike.items() for label in labels if len(labels) > 1 or not key]
    if odd:
        yield Finding(
            "bad_label",
            False,
            f"labels that differ in case or spaces alone, or are empty: {_named(odd)}; write each one way",
        )
    if len(manifest.labels) == 1:
        yield Finding(
            "one_class",
            task is not None,
            f"every label is {manifest.labels[0]!r}; nothing can be told apart with one class",
        )


def _splits(manifest: Manifest) -> Iterator[Finding]:
    splits = manifest.splits
    if not splits:
        return
    if "train" not in splits:
        yield Finding("empty_split", True, f"the split has {' and '.join(splits)} but nothing to train on")
        return
    taught = set(manifest.select(split="train").labels)
    for split in splits[1:]:
        unseen = sorted(set(manifest.select(split=split).labels) - taught)
        if unseen:
            yield Finding(
                "unseen_class",
                False,
                f"{split} has {_count(unseen, 'label', 'labels')} that train has not: {_named(unseen)}",
            )


def _groups(manifest: Manifest) -> Iterator[Finding]:
    columns = manifest.columns
    for what, places in (("splits", columns.split.codes), ("folds", columns.fold)):
        known = columns.split.where(lambda split: split is not None) if what == "splits" else places >= 0
        grouped = columns.group.where(lambda group: group is not None) & known
        pairs = np.unique(np.stack([columns.group.codes[grouped], places[grouped]]), axis=1)
        codes, counts = np.unique(pairs[0], return_counts=True)
        astride = sorted(columns.group.values[code] for code in codes[counts > 1])
        if astride:
            yield Finding(
                "straddling_group",
                False,
                f"{_count(astride, 'group is', 'groups are')} in several {what}: {_named(astride)}; what is "
                "learnt of them is tested on themselves",
            )


def _files(manifest: Manifest, files: str, on_file: Callable[[int, int], None]) -> Iterator[Finding]:
    if files == "unseen":
        return
    clips: dict[str, list[Clip]] = collections.defaultdict(list)
    for clip in manifest:
        clips[clip.path].append(clip)
    missing: list[str] = []
    refused: dict[str, str] = {}
    beyond: list[str] = []
    for done, (path, inside) in enumerate(clips.items(), 1):
        place = manifest.path_of(inside[0])
        if not os.path.isfile(place):
            missing += [clip.id for clip in inside]
        elif files == "decoded":
            try:
                duration_s = _duration_s(inside[0], os.fspath(place))
            except (DecodeError, OSError) as error:
                refused[path] = str(error)
            else:
                late = [max(clip.start_s, clip.end_s or 0.0) > duration_s + _SLACK_S for clip in inside]
                beyond += [clip.id for clip, is_late in zip(inside, late, strict=True) if is_late]
        on_file(done, len(clips))
    yield from _file_findings(manifest, missing, refused, beyond)


def _file_findings(
    manifest: Manifest, missing: list[str], refused: Mapping[str, str], beyond: list[str]
) -> Iterator[Finding]:
    if missing:
        yield Finding(
            "missing_file",
            True,
            f"{_count(missing, 'clip has', 'clips have')} no file under {manifest.root}: {_named(missing)}; "
            "get them, or leave them out",
            tuple(missing),
        )
    if refused:
        first, reason = next(iter(refused.items()))
        yield Finding(
            "unreadable",
            True,
            f"{_count(refused, 'file cannot', 'files cannot')} be decoded, the first {first!r}: {reason}",
            tuple(clip.id for clip in manifest if clip.path in refused),
        )
    if beyond:
        yield Finding(
            "beyond_end",
            True,
            f"{_count(beyond, 'clip lies', 'clips lie')} beyond the end of the file: {_named(beyond)}",
            tuple(beyond),
        )


def _duration_s(clip: Clip, path: str) -> float:
    """Decode the file of a clip to its end, and say how long it is."""
    if RAW in clip.extra:
        raw = raw_audio(dataclasses.replace(clip, start_s=0.0, end_s=None), path)
        assert raw is not None  # it is
        return float(raw.samples.shape[-1] / raw.sample_rate)
    if path.endswith(".npy"):
        np.load(path, mmap_mode="r", allow_pickle=False)
        return float("inf")  # an array says nothing of its rate
    from sori.audio import blocks

    total_s = 0.0
    for samples, sample_rate in blocks(path):
        total_s += samples.shape[-1] / sample_rate
    return total_s


def _repeated(names: Sequence[str]) -> list[str]:
    return [name for name, count in collections.Counter(names).items() if count > 1]


def _count(things: Sequence[str] | Mapping[str, str], one: str, many: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else many}"


def _named(things: Sequence[str]) -> str:
    shown = ", ".join(repr(thing) for thing in things[:_NAMED])
    return shown + (f" and {len(things) - _NAMED} more" if len(things) > _NAMED else "")

"""A manifest as something to learn from: labels as numbers, groups, official parts, sounds in turn."""

from __future__ import annotations

import collections
import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sori import audio
from sori.datasets import Clip, Manifest, Store, manifest_of, open_store
from sori.datasets.checking import check
from sori.datasets.store.index import is_store
from sori.errors import DataError, DecodeError, ParameterError
from sori.models.front_end import FrontEnd, front_end_for

__all__ = ["LearningData", "learning_data", "open_data"]

_LOOKED_AT = 300  # headers, to learn how long recordings are
_NAMED = 3
_OURS = (
    "no_labels",
    "one_class",
    "empty_split",
    "several_labels",
)  # what stops a run; the rest costs its clips


@dataclasses.dataclass(eq=False)
class LearningData:
    """The labelled clips of a manifest whose files are there.

    Attributes
    ----------
    name, root, clips
        Of the manifest.
    labels, multi_label, targets
        The labels, whether a clip may have several, and (clips, labels) of 0 and 1.
    groups
        (clips,) of text: what must not straddle a split; a clip of no group is one by itself.
    grouped
        Whether the data say what belongs together.
    splits, folds
        (clips,): "train", "validation", "test" or ``None``; a number or -1.
    store, rows
        The prepared store that samples are read from, and the row of each clip in it; ``None``: from files.
    warnings
        What is wrong with the data, a sentence each; `sounds` adds to it.
    unreadable
        The numbers of the clips that `sounds` could not read, each with the reason.
    """

    name: str
    root: Path
    clips: tuple[Clip, ...]
    labels: tuple[str, ...]
    multi_label: bool
    targets: NDArray[np.float32]
    groups: NDArray[Any]
    grouped: bool
    splits: NDArray[Any]
    folds: NDArray[np.int32]
    warnings: list[str]
    store: Store | None = None
    rows: tuple[int, ...] = ()
    unreadable: dict[int, str] = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many clips there are."""
        return len(self.clips)

    def path(self, number: int) -> Path:
        """Return the file of a clip."""
        return self.root / self.clips[number].path

    def front_end(self) -> FrontEnd:
        """Return the front end for these recordings, from the headers of a few hundred of them.

        Raises
        ------
        DataError
            None of them can be read.
        """
        durations, rates = [], []
        for number in np.unique(np.linspace(0, len(self) - 1, _LOOKED_AT).round().astype(int)).tolist():
            clip = self.clips[number]
            if self.store is not None:
                rates.append(int(self.store.sample_rates[self.rows[number]]))
                durations.append(float(self.store.n_frames[self.rows[number]]) / rates[-1])
                continue
            try:
                said = audio.info(self.path(number))
            except (DecodeError, OSError):
                continue  # `sounds` will say so
            rates.append(said.sample_rate)
            if clip.end_s is not None:
                durations.append(clip.end_s - clip.start_s)
            elif said.duration_s:
                durations.append(max(said.duration_s - clip.start_s, 0.0))
        if not rates:
            raise DataError(
                f"none of the recordings of {self.name} can be read; `sori datasets check` says why"
            )
        common = collections.Counter(rates).most_common(1)[0][0]
        return front_end_for(durations or [5.0], common)

    def load(self, number: int, sample_rate: int) -> NDArray[np.float32]:
        """Return the samples of a clip, mono.

        Raises
        ------
        DecodeError
            It cannot be read, or has no sound in it.
        """
        clip = self.clips[number]
        if self.store is not None:
            found = _mono(self.store, self.rows[number], sample_rate)
        else:
            duration_s = None if clip.end_s is None else clip.end_s - clip.start_s
            place: dict[str, Any] = {"start_s": clip.start_s, "duration_s": duration_s}
            found = audio.load(self.path(number), **place, sample_rate=sample_rate, mono=True).samples
        if not len(found) or not np.isfinite(found).all():
            raise DecodeError("there is no sound in it" if not len(found) else "samples are NaN or infinite")
        return found

    def sounds(self, sample_rate: int) -> Iterator[NDArray[np.float32]]:
        """Give every clip in turn, mono; of one that cannot be read nothing, and its reason is noted."""
        for number in range(len(self)):
            try:
                yield self.load(number, sample_rate)
            except (DecodeError, DataError, OSError) as why:
                self.unreadable[number] = " ".join(str(why).split())
                yield np.zeros(0, np.float32)

    def readable(self, numbers: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return those of some clips that `sounds` could read."""
        return numbers[~np.isin(numbers, list(self.unreadable))]


def open_data(path: str | os.PathLike[str]) -> Manifest | Store:
    """Return a prepared store, or the manifest of whatever data set is at a path."""
    return open_store(path) if is_store(Path(path)) else manifest_of(path)


def learning_data(
    source: Manifest | Store,
    *,
    labels: tuple[str, ...] | None = None,
    multi_label: bool | None = None,
    on_file: Callable[[int, int], None] = lambda done, total: None,
) -> LearningData:
    """Return the clips of a manifest that can be learned from, or tested with.

    Clips without a label, and those whose file is missing, are left out with a warning each kind.

    Parameters
    ----------
    source
        The data set; see `open_data`.
    labels, multi_label
        Those of a model that is to be tested: clips with other labels are left out with a warning. By default
        all labels there are, and several at once where some clip has several.
    on_file
        Told how many files have been looked for.

    Raises
    ------
    DataError
        Nothing is left, or fewer than two labels are.
    """
    store = source if isinstance(source, Store) else None
    manifest = source.manifest if isinstance(source, Store) else source
    several = any(len(found) > 1 for found in manifest.columns.labels.used())
    several = several if multi_label is None else multi_label
    task: Literal["tag", "classify"] = "tag" if several else "classify"
    findings = check(manifest, files="unseen" if store else "present", task=task, on_file=on_file)
    testing = labels is not None
    for finding in findings:
        if finding.kind == "empty" or (finding.kind in _OURS and finding.serious and not testing):
            raise DataError(finding.message)
    missing = {name for finding in findings if finding.kind == "missing_file" for name in finding.ids}
    warnings = [finding.message for finding in findings if finding.kind not in _OURS]
    known = tuple(labels if labels is not None else manifest.labels)
    place = {label: number for number, label in enumerate(known)}
    clips, rows, strange = [], [], collections.Counter[str]()
    for row, clip in enumerate(manifest):
        if clip.id in missing or not clip.labels:
            continue
        if outside := [label for label in clip.labels if label not in place]:
            strange.update(outside)
            continue
        clips.append(clip)
        rows.append(row)
    if strange:
        named = ", ".join(repr(label) for label, _ in strange.most_common(_NAMED))
        warnings.append(
            f"{strange.total()} clips have labels that the model does not know ({named}); left out"
        )
    if not clips:
        why = f": all {len(missing)} files are missing" if missing else ""
        raise DataError(f"no clip of {manifest.name} can be used{why}; `sori datasets check` says more")
    targets = np.zeros((len(clips), len(known)), np.float32)
    for row, clip in enumerate(clips):
        targets[row, [place[label] for label in clip.labels]] = 1.0
    if len(known) < 2 and not several:
        raise DataError(f"all clips have the label {known[0]!r}; at least two can be told apart")
    if not several and (targets.sum(axis=1) > 1).any():
        raise ParameterError(
            "some clips have several labels, and this model gives one; use data with one each"
        )
    return LearningData(
        name=manifest.name,
        root=manifest.root,
        clips=tuple(clips),
        labels=known,
        multi_label=several,
        targets=targets,
        groups=np.array([clip.id if clip.group is None else clip.group for clip in clips]),
        grouped=any(clip.group is not None for clip in clips),
        splits=np.array([clip.split for clip in clips], object),
        folds=np.array([-1 if clip.fold is None else clip.fold for clip in clips], np.int32),
        warnings=warnings,
        store=store,
        rows=tuple(rows),
    )


def _mono(store: Store, row: int, sample_rate: int) -> NDArray[np.float32]:
    """Return a clip of a store as files are read: mixed evenly, then resampled."""
    mixed = store.read(row).mean(axis=0, dtype=np.float32) / np.float32(1 << 15)
    own = int(store.sample_rates[row])
    if own == sample_rate:
        return np.asarray(mixed)
    import soxr

    return np.asarray(soxr.resample(mixed, own, sample_rate, quality="HQ"))

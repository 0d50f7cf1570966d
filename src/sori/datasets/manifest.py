"""A data set without its samples: which clips there are, what is in them, and what must not be split apart.

Inside, a manifest is a few columns, so that a hundred thousand clips take a blink and little memory, travel
to worker processes quickly, and are narrowed without touching each; a `Clip` is made when it is asked for.
"""

from __future__ import annotations

import dataclasses
import operator
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

from sori.datasets.columns import Coded, coded
from sori.datasets.records import write_records
from sori.errors import DataError, ParameterError

__all__ = ["FIELDS", "SPLITS", "Clip", "Columns", "Manifest"]

FIELDS = ("id", "path", "start_s", "end_s", "labels", "group", "split", "fold", "licence")
SPLITS = ("train", "validation", "test")

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a recording and what is known of it.

    Parameters
    ----------
    id
        Its name, once in a manifest.
    path
        The audio file: absolute, or relative to the manifest's root.
    start_s, end_s
        Seconds in the file; ``end_s`` None is the end of the file.
    labels
        One to classify, several to tag, none where nothing was said.
    group
        What must not straddle a split: the artist, speaker, song or source recording.
    split
        ``"train"``, ``"validation"`` or ``"test"`` of the official split.
    fold
        The official fold of a cross-validation.
    licence
        Of this clip, where clips differ.
    extra
        What else the data set says, as text: a tempo, a key, the place of a pitch curve.
    """

    id: str
    path: str
    start_s: float = 0.0
    end_s: float | None = None
    labels: tuple[str, ...] = ()
    group: str | None = None
    split: str | None = None
    fold: int | None = None
    licence: str | None = None
    extra: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)


@dataclasses.dataclass(frozen=True)
class Columns:
    """The clips of a manifest field by field: NaN for no ``end_s``, -1 for no ``fold``."""

    id: tuple[str, ...]
    path: tuple[str, ...]
    start_s: Floats
    end_s: Floats
    labels: Coded
    group: Coded
    split: Coded
    fold: NDArray[np.int32]
    licence: Coded
    extra: dict[str, Coded]

    @classmethod
    def of(cls, clips: Iterable[Clip]) -> Columns:
        """Return clips field by field."""
        made = list(clips)
        names = sorted({name for clip in made for name in clip.extra})
        return cls(
            id=tuple(clip.id for clip in made),
            path=tuple(clip.path for clip in made),
            start_s=np.array([clip.start_s for clip in made], np.float64),
            end_s=np.array([np.nan if clip.end_s is None else clip.end_s for clip in made], np.float64),
            labels=coded(tuple(clip.labels) for clip in made),
            group=coded(clip.group for clip in made),
            split=coded(clip.split for clip in made),
            fold=np.array([-1 if clip.fold is None else clip.fold for clip in made], np.int32),
            licence=coded(clip.licence for clip in made),
            extra={name: coded(clip.extra.get(name) for clip in made) for name in names},
        )

    def take(self, rows: NDArray[np.intp]) -> Columns:
        """Return some of the clips."""
        return Columns(
            id=tuple(self.id[row] for row in rows),
            path=tuple(self.path[row] for row in rows),
            start_s=self.start_s[rows],
            end_s=self.end_s[rows],
            labels=self.labels.take(rows),
            group=self.group.take(rows),
            split=self.split.take(rows),
            fold=self.fold[rows],
            licence=self.licence.take(rows),
            extra={name: column.take(rows) for name, column in self.extra.items()},
        )

    def clip(self, row: int) -> Clip:
        """Return one clip."""
        end, fold = float(self.end_s[row]), int(self.fold[row])
        extra = {name: column[row] for name, column in self.extra.items()}
        return Clip(
            id=self.id[row],
            path=self.path[row],
            start_s=float(self.start_s[row]),
            end_s=None if np.isnan(end) else end,
            labels=self.labels[row],
            group=self.group[row],
            split=self.split[row],
            fold=None if fold < 0 else fold,
            licence=self.licence[row],
            extra={name: value for name, value in extra.items() if value is not None},
        )


class Manifest(Sequence[Clip]):
    """The clips of a data set, in order; it never changes.

    Parameters
    ----------
    clips
        `Clip` records, or the same as `Columns`.
    root
        The folder that relative paths start from.
    name
        What the data set is called; by default as its folder.

    Examples
    --------
    >>> dogs = [Clip(f"dog-{i}", f"dog/{i}.wav", labels=("dog",), group=f"rex-{i % 2}") for i in range(4)]
    >>> animals = Manifest([*dogs, Clip("cat-0", "cat/0.wav", labels=("cat",))], root="animals")
    >>> animals.labels, len(animals.select(groups=["rex-0"])), animals[-1].path
    (('cat', 'dog'), 2, 'cat/0.wav')
    """

    def __init__(
        self, clips: Iterable[Clip] | Columns, *, root: str | os.PathLike[str], name: str | None = None
    ) -> None:
        self.columns = clips if isinstance(clips, Columns) else Columns.of(clips)
        self.root = Path(root)
        self.name = self.root.name if name is None else name

    def __len__(self) -> int:
        """Return how many clips there are."""
        return len(self.columns.id)

    @overload
    def __getitem__(self, row: SupportsIndex) -> Clip: ...
    @overload
    def __getitem__(self, row: slice) -> Manifest: ...
    def __getitem__(self, row: SupportsIndex | slice) -> Clip | Manifest:
        """Return a clip, or for a slice a manifest of some."""
        if isinstance(row, slice):
            return self.take(range(*row.indices(len(self))))
        at = row.__index__()
        if not -len(self) <= at < len(self):
            raise IndexError(f"clip {at} of {len(self)}")
        return self.columns.clip(at % len(self))

    def __iter__(self) -> Iterator[Clip]:
        """Give the clips in order."""
        return map(self.columns.clip, range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Say whether the other has the same clips, in the same order, at the same place."""
        if not isinstance(other, Manifest):
            return NotImplemented
        return self.root == other.root and len(self) == len(other) and all(map(operator.eq, self, other))

    def __hash__(self) -> int:
        """Return a hash of the place and the ids."""
        return hash((self.root, self.columns.id))

    def __repr__(self) -> str:
        """Say what it is called and how much there is."""
        return f"<Manifest {self.name!r}: {len(self)} clips, {len(self.labels)} labels>"

    @property
    def labels(self) -> tuple[str, ...]:
        """The distinct labels, sorted."""
        return tuple(sorted({label for labels in self.columns.labels.used() for label in labels}))

    @property
    def groups(self) -> tuple[str, ...]:
        """The distinct groups, sorted."""
        return tuple(sorted(group for group in self.columns.group.used() if group is not None))

    @property
    def splits(self) -> tuple[str, ...]:
        """The official splits that have clips, in the order train, validation, test."""
        used = self.columns.split.used()
        return tuple(split for split in SPLITS if split in used)

    @property
    def folds(self) -> tuple[int, ...]:
        """The official folds that have clips, sorted."""
        return tuple(int(fold) for fold in np.unique(self.columns.fold) if fold >= 0)

    def take(self, rows: Iterable[int] | NDArray[Any]) -> Manifest:
        """Return the clips of these rows, in this order."""
        chosen = rows if isinstance(rows, np.ndarray) else np.fromiter(rows, np.intp)
        return Manifest(self.columns.take(chosen.astype(np.intp)), root=self.root, name=self.name)

    def select(
        self,
        *,
        split: str | Collection[str] | None = None,
        fold: int | Collection[int] | None = None,
        labels: str | Collection[str] | None = None,
        groups: str | Collection[str] | None = None,
    ) -> Manifest:
        """Return the clips for which all given conditions hold, as `rows`."""
        return self.take(self.rows(split=split, fold=fold, labels=labels, groups=groups))

    def rows(
        self,
        *,
        split: str | Collection[str] | None = None,
        fold: int | Collection[int] | None = None,
        labels: str | Collection[str] | None = None,
        groups: str | Collection[str] | None = None,
    ) -> NDArray[np.intp]:
        """Return the rows of the clips for which all given conditions hold, each one value or several.

        Raises
        ------
        DataError
            A value that no clip of this manifest has: a misspelt label would silently give nothing.
        """
        wanted = np.ones(len(self), bool)
        if split is not None:
            splits = _several(split, self.splits, "split", self.name)
            wanted &= self.columns.split.where(lambda value: value in splits)
        if fold is not None:
            folds = _several([fold] if isinstance(fold, int) else fold, self.folds, "fold", self.name)
            wanted &= np.isin(self.columns.fold, list(folds))
        if labels is not None:
            some = _several(labels, self.labels, "label", self.name)
            wanted &= self.columns.labels.where(lambda value: not some.isdisjoint(value))
        if groups is not None:
            chosen = _several(groups, self.groups, "group", self.name)
            wanted &= self.columns.group.where(lambda value: value in chosen)
        return np.flatnonzero(wanted)

    def path_of(self, clip: Clip) -> Path:
        """Return where the file of a clip is."""
        return self.root / clip.path

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as CSV, JSON Lines or JSON, as the name ends; `open_manifest` reads it.

        Paths below the file's folder are written relative to it, so that both may move together; others are
        written absolute.

        Raises
        ------
        ParameterError
            A name that ends in something else.
        DataError
            What the format cannot hold, such as ``;`` in a label in CSV.
        """
        target = Path(path)
        columns = [*FIELDS, *self.columns.extra]
        write_records(target, name=self.name, columns=columns, records=self._records(target))

    def _records(self, target: Path) -> Iterator[dict[str, Any]]:
        """Give what a file at ``target`` says of each clip, paths as seen from there."""
        folder = os.path.join(os.path.dirname(os.path.abspath(target)), "")
        root = os.path.abspath(self.root)
        for clip in self:
            path = os.path.normpath(os.path.join(root, clip.path))
            record = {name: getattr(clip, name) for name in FIELDS}
            record["path"] = path.removeprefix(folder).replace(os.sep, "/")
            record |= {"labels": list(clip.labels), "extra": dict(clip.extra)}
            yield {name: value for name, value in record.items() if value not in (None, [], {})}


def _several(value: Any, known: Collection[Any], what: str, name: str) -> frozenset[Any]:
    """Return one value or several as a set of known ones."""
    wanted = frozenset([value] if isinstance(value, str) else value)
    if not wanted:
        raise ParameterError(f"no {what} was given; leave {what} out to take every one")
    missing = sorted(wanted - set(known), key=str)
    if missing:
        shown = ", ".join(map(str, list(known)[:20])) or "none"
        raise DataError(f"{name} has no {what} {missing[0]!r}; it has {shown}")
    return wanted

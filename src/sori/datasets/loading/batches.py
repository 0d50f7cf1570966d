"""Batches of NumPy arrays, in an order and of crops that a seed decides; and where one left off.

>>> from sori.datasets import open_store
>>> batches = Batches(open_store("store"), batch_size=32, crop_s=3.0, targets="class")  # doctest: +SKIP
>>> for samples, targets, *_ in batches:  # one epoch; the next loop is the next epoch  # doctest: +SKIP
...     ...
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.datasets.loading.epochs import crop_starts, hashes, order
from sori.datasets.loading.source import Source
from sori.errors import DataError, ParameterError
from sori.signal.quantization import from_integer

__all__ = ["CROPS", "SHORT", "TARGETS", "Batch", "Batches"]

CROPS = ("random", "start", "centre")
SHORT = ("end", "loop", "error")
TARGETS = (None, "class", "tags")


class Batch(NamedTuple):
    """Some clips side by side.

    ``samples`` ``(batch, channels, time)`` are float32 at full scale ±1, or int16; ``targets`` int64
    ``(batch,)`` for classes, float32 ``(batch, labels)`` for tags, else None. ``rows`` are those of the clips
    in the source, ``starts`` the frame that each begins at, ``lengths`` how many frames are not filling.
    """

    samples: NDArray[Any]
    targets: NDArray[Any] | None
    rows: NDArray[np.intp]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]


class Batches:
    """An endless supply of epochs: each loop over it is one, begun where `load_state_dict` says.

    Parameters
    ----------
    source
        A `Store`, or `LooseFiles`; all its clips must have one sample rate and one number of channels.
    batch_size
        Clips in a batch.
    crop_s
        Seconds of each clip; None for whole clips, filled up to the longest in the batch.
    crop
        Where: ``"random"`` by (seed, epoch, clip id), ``"start"`` or ``"centre"``.
    short
        x
    crops_per_clip
        How often each clip is in an epoch, each time with another crop.
    seed, shuffle
        What decides orders and crops; whether the order changes at all.
    drop_last
        Whether a last batch that is not full is left out.
    targets
        What becomes of labels: ``"class"`` the index of the one label, ``"tags"`` a 1 for each; None nothing.
    labels
        The labels in the order of the targets; by default those of the whole source, sorted.
    floats
        Whether samples become float32 here; int16 as stored is half to move, and `sori.signal.from_integer`
        does the same on a device.
    part
        ``(which, of)``: every ``of``-th clip of each epoch, for several machines or devices.

    Raises
    ------
    ParameterError
        Options that make no sense.
    DataError
        Clips that do not fit together, or labels that do not fit the targets.
    """

    def __init__(
        self,
        source: Source,
        *,
        batch_size: int,
        crop_s: float | None = None,
        crop: Literal["random", "start", "centre"] = "random",
        short: Literal["end", "loop", "error"] = "end",
        crops_per_clip: int = 1,
        seed: int = 0,
        shuffle: bool = True,
        drop_last: bool = False,
        targets: Literal["class", "tags"] | None = None,
        labels: Sequence[str] | None = None,
        floats: bool = True,
        part: tuple[int, int] = (0, 1),
    ) -> None:
        _check_options(batch_size, crop_s, crop, short, crops_per_clip, targets, part)
        self.source, self.batch_size, self.crop, self.short = source, batch_size, crop, short
        self.seed, self.shuffle, self.drop_last, self.floats, self.part = (
            seed,
            shuffle,
            drop_last,
            floats,
            part,
        )
        self.epoch, self.batch = 0, 0
        self.sample_rate = _one("sample rate", source.sample_rates, "--sample-rate")
        self.channels = _one("number of channels", source.channels, "--mono")
        self.crop_frames = None if crop_s is None else round(crop_s * self.sample_rate)
        self.crops_per_clip = crops_per_clip
        self.labels = tuple(source.labels if labels is None else labels)
        self._targets = None if targets is None else _Targets(source, self.labels, targets)
        names = source.manifest.columns.id
        self._n_frames = np.repeat(source.n_frames, crops_per_clip)
        self._rows = np.repeat(np.arange(len(names)), crops_per_clip)
        if crops_per_clip == 1:
            self._hashes = hashes(names)
        else:
            self._hashes = hashes(f"{name} {nth}" for name in names for nth in range(crops_per_clip))
        if short == "error" and self.crop_frames is not None and (self._n_frames < self.crop_frames).any():
            row = int(np.argmin(source.n_frames))
            raise DataError(f"the clip {names[row]!r} is shorter than {crop_s:g} s; take shorter crops")
        self._planned: tuple[int, NDArray[np.intp], NDArray[np.int64]] | None = None

    def __len__(self) -> int:
        """Return how many batches an epoch has."""
        which, of = self.part
        items = max(0, -(-(len(self._rows) - which) // of))
        return items // self.batch_size if self.drop_last else -(-items // self.batch_size)

    def __iter__(self) -> Iterator[Batch]:
        """Give the batches of this epoch that are left; then the epoch is the next."""
        while self.batch < len(self):
            made = self.make(self.epoch, self.batch)
            self.batch += 1
            yield made
        self.epoch, self.batch = self.epoch + 1, 0

    def state_dict(self) -> dict[str, int]:
        """Return where this is, for a checkpoint."""
        return {"seed": self.seed, "epoch": self.epoch, "batch": self.batch}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on where `state_dict` was taken.

        Raises
        ------
        ParameterError
            It was taken with another seed.
        """
        if state["seed"] != self.seed:
            raise ParameterError(f"the state is of seed {state['seed']}; this is seed {self.seed}")
        self.epoch, self.batch = int(state["epoch"]), int(state["batch"])

    def make(self, epoch: int, batch: int) -> Batch:
        """Return one batch of any epoch; no other needs to be made before."""
        items, _ = self._plan(epoch)
        return self.of_items(epoch, items[batch * self.batch_size : (batch + 1) * self.batch_size])

    @property
    def n_items(self) -> int:
        """How many crops an epoch has, in all its parts."""
        return len(self._rows)

    def of_items(self, epoch: int, items: Sequence[int] | NDArray[np.intp]) -> Batch:
        """Return a batch of chosen items of an epoch, numbered clip by clip."""
        chosen = np.asarray(items, np.intp)
        first = self._plan(epoch)[1][chosen]
        rows = self._rows[chosen]
        longest = self._n_frames[chosen].max() if self.crop_frames is None else self.crop_frames
        lengths = np.minimum(self._n_frames[chosen] - first, longest)
        samples = self._read(rows, first, lengths, int(longest))
        if self.floats:
            samples = from_integer(samples)
        targets = None if self._targets is None else self._targets(rows)
        return Batch(samples, targets, rows, first, lengths)

    def _read(
        self, rows: NDArray[np.intp], starts: NDArray[np.int64], lengths: NDArray[np.int64], longest: int
    ) -> NDArray[np.int16]:
        out = np.empty((len(rows), self.channels, longest), np.int16)
        read = self.source.read_into
        for at, row, start, length in zip(out, rows.tolist(), starts.tolist(), lengths.tolist(), strict=True):
            if length == longest:
                read(at, row, start)
                continue
            read(at[:, :length], row, start)
            if self.short == "loop" and length and self.crop_frames is not None:
                at[:, length:] = np.take(at[:, :length], np.arange(length, longest), axis=1, mode="wrap")
            else:
                at[:, length:] = 0
        return out

    def _plan(self, epoch: int) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return the items of an epoch in order, and where the crop of each begins."""
        if self._planned is not None and self._planned[0] == epoch:
            return self._planned[1:]
        which, of = self.part
        seed, clips = self.seed, self._hashes
        items = order(clips, seed=seed, epoch=epoch) if self.shuffle else np.arange(len(clips))
        if self.crop_frames is None or self.crop == "start":
            starts = np.zeros(len(clips), np.int64)
        elif self.crop == "centre":
            starts = np.maximum(self._n_frames - self.crop_frames, 0) // 2
        else:
            starts = crop_starts(
                clips, n_frames=self._n_frames, crop_frames=self.crop_frames, seed=seed, epoch=epoch
            )
        self._planned = (epoch, items[which::of], starts)
        return self._planned[1:]


def _check_options(
    batch_size: int,
    crop_s: float | None,
    crop: str,
    short: str,
    crops_per_clip: int,
    targets: str | None,
    part: tuple[int, int],
) -> None:
    if batch_size < 1 or crops_per_clip < 1:
        raise ParameterError(f"batch_size={batch_size}, crops_per_clip={crops_per_clip}: want at least 1")
    if crop_s is not None and not 0 < crop_s < math.inf:
        raise ParameterError(f"crop_s={crop_s}: want seconds above 0, or None for whole clips")
    if crop not in CROPS or short not in SHORT or targets not in TARGETS:
        raise ParameterError(
            f"crop={crop!r}, short={short!r}, targets={targets!r}: want one of {', '.join(CROPS)}; "
            f"of {', '.join(SHORT)}; and class, tags or None"
        )
    which, of = part
    if not 0 <= which < of:
        raise ParameterError(f"part={part}: want (which, of), which from 0 to below of")


def _one(what: str, values: NDArray[np.int64], option: str) -> int:
    different = np.unique(values)
    if len(different) != 1:
        found = ", ".join(map(str, different)) or "none"
        raise DataError(f"the clips want one {what} and have {found}; prepare a store with {option}")
    return int(different[0])


class _Targets:
    """The targets of clips: each distinct set of labels is looked at once."""

    def __init__(self, source: Source, labels: tuple[str, ...], targets: str) -> None:
        column, ids = source.manifest.columns.labels, source.manifest.columns.id
        places = {label: place for place, label in enumerate(labels)}
        used = np.unique(column.codes)
        unknown = sorted({label for code in used for label in column.values[code] if label not in places})
        if unknown:
            raise DataError(f"the label {unknown[0]!r} is not among those given: {', '.join(labels[:20])}")
        self._codes, self._tags = column.codes, targets == "tags"
        self._places = [[places[label] for label in value if label in places] for value in column.values]
        self._n_labels = len(labels)
        if self._tags:
            return
        odd = column.where(lambda value: len(value) != 1)
        if odd.any():
            row = int(np.argmax(odd))
            raise DataError(
                f"the clip {ids[row]!r} has {len(column[row])} labels; a class is one: "
                "choose targets='tags', or leave such clips out"
            )

    def __call__(self, rows: NDArray[np.intp]) -> NDArray[Any]:
        codes = self._codes[rows].tolist()
        if not self._tags:
            return np.array([self._places[code][0] for code in codes], np.int64)
        table = np.zeros((len(codes), self._n_labels), np.float32)
        for row, code in enumerate(codes):
            table[row, self._places[code]] = 1.0
        return table

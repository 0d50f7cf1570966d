"""Reading a store: any stretch of any clip, out of mapped files, in any process."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.datasets.manifest import Manifest
from sori.datasets.store.index import Parameters, read_index, read_parameters, shard_path
from sori.datasets.store.shards import Integers, mapped, stretch
from sori.errors import DataError, ParameterError

__all__ = ["Store", "open_store"]

Whole = NDArray[np.int64]


def open_store(path: str | os.PathLike[str]) -> Store:
    """Open a prepared store for reading; its clips are in the order of their ids, however they were packed.

    Raises
    ------
    DataError
        The folder is no store, or its index is damaged.
    """
    folder = Path(path)
    parameters = read_parameters(folder)
    index = read_index(folder)
    manifest = Manifest(index.clips, root=folder)
    return Store(folder, parameters, manifest, index.numbers, manifest.labels)


class Store:
    """Clips of a prepared store; `open_store` makes one.

    It may be sent to other processes, which map the files for themselves.

    Attributes
    ----------
    path
        The folder.
    parameters
        How every clip was made.
    manifest
        The clips, in the order of the rows; paths are those of the files they were made of.
    labels
        The distinct labels of the whole store, sorted: also those that a selection has no clip of.
    n_frames, channels, sample_rates
        Of each clip.
    """

    def __init__(
        self,
        path: Path,
        parameters: Parameters,
        manifest: Manifest,
        places: dict[str, Whole],
        labels: tuple[str, ...],
    ) -> None:
        self.path, self.parameters, self.manifest, self.labels = path, parameters, manifest, labels
        self._places = places
        self._map()

    def _map(self) -> None:
        self._shards: dict[int, NDArray[np.uint8]] = {}
        self._samples: dict[int, Integers] = {}
        # Numbers of Python's own: twice as fast to compute with, one at a time.
        self._shard, self._offset, self._n_bytes, self._frames, self._channels = (
            self._places[name].tolist() for name in ("shard", "offset", "n_bytes", "n_frames", "channels")
        )

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to another process: no mapped files."""
        names = ("path", "parameters", "manifest", "labels", "_places")
        return {name: getattr(self, name) for name in names}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take that up; files are mapped when they are read."""
        self.__dict__.update(state)
        self._map()

    def __len__(self) -> int:
        """Return how many clips there are."""
        return len(self.manifest)

    @property
    def n_frames(self) -> Whole:
        """Frames of each clip."""
        return self._places["n_frames"]

    @property
    def channels(self) -> Whole:
        """Channels of each clip."""
        return self._places["channels"]

    @property
    def sample_rates(self) -> Whole:
        """Sample rate of each clip, Hz."""
        return self._places["sample_rate"]

    def take(self, rows: Iterable[int] | NDArray[Any]) -> Store:
        """Return the clips of these rows, in this order."""
        chosen = np.fromiter(rows, np.intp) if not isinstance(rows, np.ndarray) else rows.astype(np.intp)
        places = {name: values[chosen] for name, values in self._places.items()}
        return Store(self.path, self.parameters, self.manifest.take(chosen), places, self.labels)

    def select(self, **conditions: Any) -> Store:
        """Return the clips for which conditions hold: those of `Manifest.select`."""
        return self.take(self.manifest.rows(**conditions))

    def read(self, row: int, *, start: int = 0, n_frames: int | None = None) -> Integers:
        """Return a stretch of a clip, int16 ``(channels, frames)``, without touching the rest.

        For ``pcm`` it is a view of the mapped file. `sori.signal.from_integer` makes numbers from -1 to 1 of
        it, on whatever device it is by then.

        Raises
        ------
        ParameterError
            Frames that the clip does not have.
        DataError
            The shard is missing or too short.
        """
        frames = self._frames[row]
        stop = frames if n_frames is None else start + n_frames
        if not 0 <= start <= stop <= frames:
            raise ParameterError(f"frames {start} to {stop} of clip {row}: it has {frames}")
        offset, n_bytes = self._offset[row], self._n_bytes[row]
        clip = self._mapped(self._shard[row])[offset : offset + n_bytes]
        if len(clip) < n_bytes:
            self._too_short(row)
        return stretch(
            clip,
            start,
            stop,
            encoding=self.parameters.encoding,
            channels=self._channels[row],
            n_frames=frames,
        )

    def read_into(self, out: NDArray[Any], row: int, start: int) -> None:
        """Copy the frames from ``start`` on into ``out``, int16 ``(channels, frames)``, filling it.

        As `read` but for looking at its arguments: for loaders, which have done so for all.
        """
        if self.parameters.encoding == "pcm":
            channels = self._channels[row]
            samples = self._samples.get(self._shard[row])
            if samples is None:
                samples = self._as_samples(self._shard[row])
            begin = (self._offset[row] >> 1) + start * channels
            end = begin + out.shape[-1] * channels
            if end > len(samples):
                self._too_short(row)
            if channels == 1:
                out[0] = samples[begin:end]
            else:
                out[:] = samples[begin:end].reshape(-1, channels).T
        else:
            out[:] = self.read(row, start=start, n_frames=out.shape[-1])

    def _as_samples(self, shard: int) -> Integers:
        whole = self._mapped(shard)
        samples: Integers = whole[: len(whole) // 2 * 2].view("<i2")
        self._samples[shard] = samples
        return samples

    def _mapped(self, shard: int) -> NDArray[np.uint8]:
        if shard not in self._shards:
            self._shards[shard] = mapped(shard_path(self.path, shard))
        return self._shards[shard]

    def _too_short(self, row: int) -> None:
        path = shard_path(self.path, self._shard[row])
        raise DataError(f"{path} ends before clip {self.manifest.columns.id[row]!r} does; prepare it again")

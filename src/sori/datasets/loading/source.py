"""What batches are made of: a prepared store, or audio files and arrays as they lie there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sori.datasets.manifest import Manifest
from sori.datasets.opening import manifest_of
from sori.datasets.store.index import is_store
from sori.datasets.store.reading import Store, open_store
from sori.errors import DataError, DecodeError, ParameterError

__all__ = ["LooseFiles", "Source", "open_source"]

Whole = NDArray[np.int64]


class Source(Protocol):
    """Clips that stretches can be read from; `Store` says what each name means."""

    manifest: Manifest
    labels: tuple[str, ...]

    @property
    def n_frames(self) -> Whole:
        """Frames of each clip."""

    @property
    def channels(self) -> Whole:
        """Channels of each clip."""

    @property
    def sample_rates(self) -> Whole:
        """Sample rate of each clip, Hz."""

    def take(self, rows: Iterable[int] | NDArray[Any]) -> Source:
        """Return some of the clips."""

    def read_into(self, out: NDArray[Any], row: int, start: int) -> None:
        """Copy frames from ``start`` on into ``out``, int16 ``(channels, frames)``."""


def open_source(path: str | os.PathLike[str], *, sample_rate: int | None = None) -> Store | LooseFiles:
    """Return a store, or the loose files of any data set that `manifest_of` opens.

    ``sample_rate`` is that of ``.npy`` files, which do not say their own.
    """
    folder = Path(path)
    return (
        open_store(folder) if is_store(folder) else LooseFiles(manifest_of(folder), sample_rate=sample_rate)
    )


class LooseFiles:
    """Audio files and arrays as a source of stretches, without preparing anything.

    WAV and FLAC are read from where a stretch begins; ``.npy`` files, int16 or float of shape ``(time,)`` or
    ``(channels, time)``, are mapped into memory; everything else is decoded up to there, which is slow.
    Each file is opened once when this is made, to see how long it is.

    Parameters
    ----------
    manifest
        The clips.
    sample_rate
        Of the ``.npy`` files, Hz.

    Raises
    ------
    DataError
        There are ``.npy`` files and no sample rate; an array of another kind or shape.
    DecodeError
        A file cannot be read, or its header does not say how long it is: prepare a store.
    """

    def __init__(self, manifest: Manifest, *, sample_rate: int | None = None) -> None:
        self.manifest, self.labels = manifest, manifest.labels
        shapes = np.array([_shape(self.manifest.path_of(clip), sample_rate) for clip in manifest], np.int64)
        shapes = shapes.reshape(-1, 3)
        columns = manifest.columns
        first = np.round(columns.start_s * shapes[:, 2]).astype(np.int64)
        last = np.where(np.isnan(columns.end_s), np.inf, np.round(columns.end_s * shapes[:, 2]))
        last = np.minimum(last, shapes[:, 1]).astype(np.int64)
        self._places = np.column_stack([shapes[:, 0], np.maximum(last - first, 0), shapes[:, 2], first])

    @property
    def channels(self) -> Whole:
        """Channels of each clip."""
        return self._places[:, 0]

    @property
    def n_frames(self) -> Whole:
        """Frames of each clip."""
        return self._places[:, 1]

    @property
    def sample_rates(self) -> Whole:
        """Sample rate of each clip, Hz."""
        return self._places[:, 2]

    def __len__(self) -> int:
        """Return how many clips there are."""
        return len(self.manifest)

    def take(self, rows: Iterable[int] | NDArray[Any]) -> LooseFiles:
        """Return the clips of these rows, in this order."""
        chosen = np.fromiter(rows, np.intp) if not isinstance(rows, np.ndarray) else rows.astype(np.intp)
        some = object.__new__(LooseFiles)
        some.manifest, some.labels = self.manifest.take(chosen), self.labels
        some._places = self._places[chosen]
        return some

    def select(self, **conditions: Any) -> LooseFiles:
        """Return the clips for which conditions hold: those of `Manifest.select`."""
        return self.take(self.manifest.rows(**conditions))

    def read_into(self, out: NDArray[Any], row: int, start: int) -> None:
        """Copy the frames from ``start`` on into ``out``, int16 ``(channels, frames)``, filling it."""
        path = self.manifest.path_of(self.manifest[row])
        begin = int(self._places[row, 3]) + start
        end = begin + out.shape[-1]
        if path.suffix == ".npy":
            out[:] = _int16(np.atleast_2d(np.load(path, mmap_mode="r", allow_pickle=False))[:, begin:end])
        elif path.suffix.lower() in (".wav", ".flac"):
            import soundfile

            with soundfile.SoundFile(path) as file:
                file.seek(begin)
                out[:] = file.read(end - begin, dtype="int16", always_2d=True).T
        else:
            from sori.audio import load

            rate = int(self._places[row, 2])
            samples = load(path, start_s=begin / rate, duration_s=(end - begin) / rate).samples
            if samples.shape[1] < end - begin:
                raise DecodeError(f"{path} is shorter than it says; prepare a store")
            out[:] = _int16(samples[:, : end - begin])


def _int16(samples: NDArray[Any]) -> NDArray[np.int16]:
    if samples.dtype == np.int16:
        return samples
    scaled = np.clip(np.rint(samples * 32768.0), -32768, 32767)
    return scaled.astype(np.int16)


def _shape(path: Path, sample_rate: int | None) -> tuple[int, int, int]:
    """Return channels, frames and sample rate of a file."""
    if path.suffix != ".npy":
        from sori.audio import info

        said = info(path)
        if said.n_frames is None:
            raise DecodeError(f"{path} does not say how long it is; prepare a store")
        return said.channels, said.n_frames, said.sample_rate
    if sample_rate is None:
        raise ParameterError(f"{path} does not say its sample rate; give sample_rate")
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if array.dtype not in (np.int16, np.float32, np.float64) or array.ndim not in (1, 2):
        raise DataError(f"{path} holds {array.dtype} {array.shape}; want int16 or float (channels, time)")
    channels, n_frames = np.atleast_2d(array).shape
    if channels > n_frames > 0:
        raise DataError(f"{path} holds {array.shape}, more channels than frames; want (channels, time)")
    return channels, n_frames, sample_rate

"""From a place on disk to a manifest: a saved one, a known data set, or plain folders."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from sori.datasets import known
from sori.datasets.card import Card
from sori.datasets.folders import class_folders, jams_clips, jams_files
from sori.datasets.manifest import Clip, Manifest
from sori.datasets.reading import read
from sori.datasets.records import ENDINGS
from sori.datasets.store.index import is_store
from sori.errors import DataError, ParameterError

__all__ = ["KnownDataset", "known_dataset", "known_names", "manifest_of", "open_manifest", "recognise"]


class KnownDataset(Protocol):
    """What each module of `sori.datasets.known` has."""

    CARD: Card

    def recognised(self, root: Path) -> bool:
        """Say whether a folder is laid out as this data set."""

    def clips(self, root: Path) -> Iterator[Clip]:
        """Give the clips of a folder that is."""


def known_names() -> tuple[str, ...]:
    """Return the names of the known data sets, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(known.__path__)))


def known_dataset(name: str) -> KnownDataset:
    """Return a known data set by its name.

    Raises
    ------
    ParameterError
        It is not known.
    """
    if name not in known_names():
        raise ParameterError(f"{name!r} is not a known data set; `sori datasets list` names them")
    return cast(KnownDataset, importlib.import_module(f"sori.datasets.known.{name}"))


def recognise(root: Path) -> KnownDataset | None:
    """Return the known data set that a folder is laid out as, if any."""
    return next((one for one in map(known_dataset, known_names()) if one.recognised(root)), None)


def open_manifest(path: str | os.PathLike[str]) -> Manifest:
    """Return a saved manifest: a ``.csv``, ``.jsonl`` or ``.json`` file, or a folder of JAMS files.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ParameterError
        A file whose name ends otherwise, or a folder without JAMS files.
    DataError
        What is in it is not as it must be; the message names the file and the line.
    """
    place = Path(path)
    place.stat()
    if not place.is_dir():
        return read(place)
    files = jams_files(place)
    if not files:
        raise ParameterError(f"{place} is a folder without JAMS files; name a manifest, or use `manifest_of`")
    return Manifest(jams_clips(place, files), root=place)


def manifest_of(path: str | os.PathLike[str]) -> Manifest:
    """Return the manifest of any data set on disk.

    In this order: a saved manifest; a folder with one in it called ``manifest.csv``, ``.jsonl`` or ``.json``;
    a known data set, recognised by its layout, with its official split; a folder of JAMS files; a folder of
    one folder per class.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    DataError
        No audio is in it, or what is in it is not as it must be.
    """
    place = Path(path)
    if not place.is_dir():
        return open_manifest(place)
    if is_store(place):
        raise DataError(f"{place} is a prepared store, not a data set; open it with `open_store`")
    for ending in ENDINGS:
        saved = place / f"manifest{ending}"
        if saved.is_file():
            manifest = read(saved)
            return Manifest(manifest.columns, root=place) if manifest.name == "manifest" else manifest
    one = recognise(place)
    if one is not None:
        return Manifest(one.clips(place), root=place, name=one.CARD.name)
    if jams_files(place):
        return open_manifest(place)
    manifest = Manifest(class_folders(place), root=place)
    if not manifest:
        raise DataError(
            f"no data set is in {place}: it is no known one, and no folder in it holds audio; "
            "want one folder per class, or a manifest"
        )
    return manifest

"""Opening a library to ask it: its tracks, their vectors, and what a question is about."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from sori.app.actions.ears import library_ear, library_facets
from sori.app.actions.listing import the_track
from sori.app.actions.place import default_library, existing_library
from sori.errors import ParameterError
from sori.library import matrix_file
from sori.library.catalog import SqlCatalog
from sori.library.ear import Ear
from sori.library.outside import Outsider, hear_outside
from sori.library.similarity import Neighbours, Query
from sori.library.table import Table
from sori.library.track import Track

__all__ = [
    "Asked",
    "Library",
    "Seeds",
    "asked",
    "by_ids",
    "find_inside",
    "find_seeds",
    "keep_vectors",
    "vectors_are_kept",
]


@dataclasses.dataclass(frozen=True)
class Asked:
    """An open library: every track by its id, and the vectors of those that have them as we hear today.

    ``label`` names the state of the vectors.
    """

    catalog: SqlCatalog
    tracks: Table
    neighbours: Neighbours
    label: str = ""

    @functools.cached_property
    def outdated(self) -> int:
        """How many tracks cannot be compared, because another version of Sori heard them."""
        index, table = self.neighbours.index, self.tracks
        lying = zip(table.ids, table.columns["missing"], strict=True)
        return sum(not missing and track_id not in index for track_id, missing in lying)

    def warm(self) -> None:
        """Make at once what the first questions would wait for."""
        table = self.tracks
        table.rows_of(self.neighbours.ids)
        table.folders()
        for name in ("tempo_bpm", "year", "duration_s", "tuning_hz", "loudness_lufs"):
            table.numbers(name)
        self.outdated  # noqa: B018 -- counted once


@dataclasses.dataclass(frozen=True)
class Seeds:
    """The tracks a question starts from, in the order given: those of the library, then those outside."""

    inside: tuple[Track, ...]
    outside: tuple[Outsider, ...]

    @property
    def query(self) -> Query:
        """The same as a query."""
        return Query(tuple(t.id for t in self.inside), tuple(o.vectors for o in self.outside))

    @property
    def tracks(self) -> list[Track]:
        """All of them as tracks."""
        return [*self.inside, *(o.track for o in self.outside)]


Library = str | Asked | None
"""A library by its place, one that is open already, or ``None`` for the usual one."""


@contextlib.contextmanager
def asked(library: Library) -> Iterator[Asked]:
    """Open a library for questions; the matrix of vectors is kept beside it until the library changes.

    One that is open already is asked as it is, and stays open.
    """
    if isinstance(library, Asked):
        yield library
        return
    place = library or default_library()
    with existing_library(place) as catalog:
        label, neighbours = _neighbours(catalog, place)
        yield Asked(catalog, catalog.table(results=("loudness",)), neighbours, label)


def keep_vectors(place: str) -> None:
    """Bring the matrix that is kept beside a library up to date, so that opening it takes no time."""
    if "://" not in place:
        with existing_library(place) as catalog:
            _neighbours(catalog, place)


def vectors_are_kept(place: str) -> bool:
    """Say whether the matrix that is kept beside a library is up to date."""
    with existing_library(place) as catalog:
        return "://" in place or matrix_file.read(Path(f"{place}.vectors"), _label(catalog)) is not None


def _label(catalog: SqlCatalog) -> str:
    """Name the state of the vectors as they are heard now."""
    facets = library_facets(catalog)
    return ":".join([catalog.revision(), *(f"{name}{facets[name]}" for name in sorted(facets))])


def _neighbours(catalog: SqlCatalog, place: str) -> tuple[str, Neighbours]:
    facets, label = library_facets(catalog), _label(catalog)
    if "://" in place:
        return label, Neighbours.build(*catalog.vectors(facets))
    return label, Neighbours.open(Path(f"{place}.vectors"), label, partial(catalog.vectors, facets))


def find_seeds(library: Asked, texts: Sequence[str], *, ear: Ear | None = None) -> Seeds:
    """Return what people mean by names of tracks, or by files, of the library or not.

    Raises
    ------
    ParameterError
        Nothing or several things are called so, or the track has no vectors yet.
    DecodeError
        A file outside the library cannot be read.
    """
    inside, outside = [], []
    for text in texts:
        if os.path.isfile(text) and not library.catalog.find(os.path.abspath(text)):
            ear = ear or library_ear(library.catalog)
            known = library.catalog.find(ear.identify(text))
            if known:
                inside.append(library.tracks.get(known[0].id, known[0]))
            elif not len(library.neighbours):
                raise ParameterError("nothing in the library can be compared with; run `sori index FOLDER`")
            else:
                outside.append(hear_outside(ear, text))
        else:
            meant = the_track(library.catalog, text)
            inside.append(library.tracks.get(meant.id, meant))
    return Seeds(_comparable(library, inside), tuple(outside))


def by_ids(library: Asked, ids: Sequence[str]) -> tuple[Track, ...]:
    """Return tracks of the library by their ids alone: no name is guessed and no file is looked for.

    Raises
    ------
    ParameterError
        There is no such track, or it has no vectors yet.
    """
    if unknown := [each for each in ids if each not in library.tracks]:
        raise ParameterError(f"no track {unknown[0]!r} in the library")
    return _comparable(library, [library.tracks[each] for each in ids])


def _comparable(library: Asked, tracks: Sequence[Track]) -> tuple[Track, ...]:
    for track in tracks:
        if track.id not in library.neighbours.index:
            raise ParameterError(f"{track.path} has not been heard by this version; run `sori index` on it")
    return tuple(tracks)


def find_inside(library: Asked, texts: Sequence[str]) -> tuple[Track, ...]:
    """Return the tracks of the library that people mean; a file that is not in it is refused.

    Raises
    ------
    ParameterError, DecodeError
        As :func:`find_seeds`.
    """
    seeds = find_seeds(library, texts)
    if seeds.outside:
        path = seeds.outside[0].track.path
        raise ParameterError(f"{path} is not in the library; index it, or name a track that is")
    return seeds.inside

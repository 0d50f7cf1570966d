"""Opening a library to ask it: its tracks, their vectors, and what a question is about."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from sori.app.actions.ears import library_ear, library_facets
from sori.app.actions.listing import the_track
from sori.app.actions.place import default_library, existing_library
from sori.errors import ParameterError
from sori.library.catalog import SqlCatalog
from sori.library.ear import Ear
from sori.library.outside import Outsider, hear_outside
from sori.library.similarity import Neighbours, Query
from sori.library.track import Track

__all__ = ["Asked", "Seeds", "asked", "find_inside", "find_seeds"]


@dataclasses.dataclass(frozen=True)
class Asked:
    """An open library: every track by its id, and the vectors of those that have them as we hear today."""

    catalog: SqlCatalog
    tracks: dict[str, Track]
    neighbours: Neighbours

    @property
    def outdated(self) -> int:
        """How many tracks cannot be compared, because another version of Sori heard them."""
        index = self.neighbours.index
        return sum(not track.missing and track.id not in index for track in self.tracks.values())


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


@contextlib.contextmanager
def asked(library: str | None) -> Iterator[Asked]:
    """Open a library for questions; the matrix of vectors is kept beside it until the library changes."""
    place = library or default_library()
    with existing_library(place) as catalog:
        facets = library_facets(catalog)
        if "://" in place:
            neighbours = Neighbours.build(*catalog.vectors(facets))
        else:
            label = ":".join([catalog.revision(), *(f"{name}{facets[name]}" for name in sorted(facets))])
            vectors = partial(catalog.vectors, facets)
            neighbours = Neighbours.open(Path(f"{place}.vectors"), label, vectors)
        yield Asked(catalog, {t.id: t for t in catalog.tracks(results=("loudness",))}, neighbours)


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
    for track in inside:
        if track.id not in library.neighbours.index:
            raise ParameterError(f"{track.path} has not been heard by this version; run `sori index` on it")
    return Seeds(tuple(inside), tuple(outside))


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

"""What a library says about its tracks and its failures."""

from __future__ import annotations

import csv
import dataclasses
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sori.app.actions.ears import library_facets
from sori.app.actions.place import existing_library
from sori.errors import ParameterError
from sori.library.catalog import Catalog
from sori.library.track import Track

__all__ = ["as_csv", "export", "export_csv", "failures", "show", "the_track"]

_MANY = 10


def the_track(catalog: Catalog, text: str) -> Track:
    """Return the one track a person means by an id, a path or a title.

    Raises
    ------
    ParameterError
        No track fits, or several do; the message lists them.
    """
    found = catalog.find(text)
    here = [track for track in found if not track.missing]
    if len(found) == 1 or len(here) == 1:
        return (here or found)[0]
    if not found:
        raise ParameterError(
            f"no track of the library is called {text!r}; give a path, an id or a part of a title"
        )
    lines = [f"  {track.id}  {_called(track)}  ({track.path})" for track in found[:_MANY]]
    if len(found) > _MANY:
        lines.append(f"  and {len(found) - _MANY} more")
    raise ParameterError("\n".join([f"{text!r} may be any of these; name one by its id:", *lines]))


def _called(track: Track) -> str:
    name = track.title or os.path.basename(track.path)
    whole = f"{track.artist} - {name}" if track.artist else name
    return f"{whole} (missing)" if track.missing else whole


def show(text: str, *, library: str | None = None) -> Track:
    """Return everything that is known about one track."""
    with existing_library(library) as catalog:
        return catalog.track(the_track(catalog, text).id)


def failures(*, library: str | None = None) -> list[dict[str, Any]]:
    """Return the files that could not be heard, by path, each with its reason."""
    with existing_library(library) as catalog:
        return [dataclasses.asdict(failure) for failure in catalog.failures()]


def export(*, library: str | None = None, vectors: bool = False) -> list[dict[str, Any]]:
    """Return all tracks with everything known about them, by id; on request with their facet vectors."""
    with existing_library(library) as catalog:
        listed = [dataclasses.asdict(track) for track in catalog.tracks(results=True)]
        if vectors:
            ids, facets = catalog.vectors(library_facets(catalog))
            row = {track_id: number for number, track_id in enumerate(ids)}
            for track in listed:
                number = row.get(track["id"])
                track["facets"] = {} if number is None else {n: m[number].tolist() for n, m in facets.items()}
    return listed


def export_csv(tracks: list[dict[str, Any]]) -> str:
    """Return exported tracks as CSV with a header: every plain value of a track, no lists."""
    lists = ("paths", "missing_paths", "results", "corrected")
    return as_csv([field.name for field in dataclasses.fields(Track) if field.name not in lists], tracks)


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as CSV with a header, only these columns of them."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

"""Looking through a library: what there is in it, and any window of its tracks in any order."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.app.actions.asking import Asked, Library, asked
from sori.errors import ParameterError
from sori.library.filters import Filters
from sori.library.schema import folded
from sori.library.table import Table

__all__ = ["FACET_DESCRIPTIONS", "LONGEST_WINDOW", "SORTS", "overview", "prepare", "row_of", "tracks"]

SORTS = (
    *("title", "artist", "album", "genre", "year", "duration_s"),
    *("tempo_bpm", "key", "tuning_hz", "loudness_lufs", "path"),
)
"""What tracks can be put in order by; what is not known comes last either way."""

LONGEST_WINDOW = 500

FACET_DESCRIPTIONS = {
    "timbre": "the colour of the sound: bright or dark, noisy or pure, heavy or light in bass",
    "rhythm": "the pulse and the groove: how fast, how busy, how steady",
    "harmony": "which chords and progressions, in whatever key",
    "melody": "the leading line: its register, its steps, its motifs, in whatever key",
    "dynamics": "how loudness moves: steady or swelling, sharp or soft in attack",
}
"""What each facet is, for people."""

_ROW = (
    *("id", "path", "title", "artist", "duration_s", "album", "genre", "year"),
    *("tempo_bpm", "key_tonic", "key_mode", "tuning_hz", "loudness_lufs", "missing"),
)
_NUMBERS = ("year", "duration_s", "tempo_bpm", "tuning_hz", "loudness_lufs")
_SORTED_BY = {"key": ("key_tonic", "key_mode")}
_MOST_KINDS = 1_000  # genres, folders


def overview(*, library: Library = None) -> dict[str, Any]:
    """Return what a library holds: counts, genres, folders, the range of every number, the facets."""
    with asked(library) as open_library:
        table = open_library.tracks
        here = ~np.asarray(table.columns["missing"], bool)
        return {
            "tracks": len(table),
            "missing": int(len(table) - here.sum()),
            "duration_s": round(float(table.numbers("duration_s")[here].sum()), 3),
            "failures": len(open_library.catalog.failures()),
            "outdated": open_library.outdated,
            "genres": _genres(table, here),
            "folders": _folders(table, here),
            "ranges": {name: _range(table.numbers(name)[here]) for name in _NUMBERS},
            "facets": _facets(open_library),
        }


def tracks(
    *,
    library: Library = None,
    query: str = "",
    sort: str = "artist",
    descending: bool = False,
    filters: Filters | None = None,
    offset: int = 0,
    limit: int = 100,
) -> dict[str, Any]:
    """Return one window of the tracks that hold all words of ``query`` and pass the filters.

    Raises
    ------
    ParameterError
        For an order that there is none of, or a window that cannot be.
    """
    if sort not in SORTS:
        raise ParameterError(f"sort came as {sort!r}; choose one of {', '.join(SORTS)}")
    if offset < 0 or not 0 <= limit <= LONGEST_WINDOW:
        raise ParameterError(
            f"offset {offset} and limit {limit}; wanted 0 or more, and at most {LONGEST_WINDOW}"
        )
    with asked(library) as open_library:
        table, words = open_library.tracks, tuple(folded(query).split())
        wanted = ("window", words, sort, descending, filters or Filters())
        rows = table.kept(wanted, lambda: _listed(table, *wanted[1:]))
        columns = [(name, table.columns[name]) for name in _ROW]
        window = rows[offset : offset + limit].tolist()
    return {
        "total": len(rows),
        "offset": offset,
        "tracks": [{name: column[row] for name, column in columns} for row in window],
    }


def row_of(table: Table, track_id: str) -> dict[str, Any]:
    """Return one track as lists show it."""
    row = table.row(track_id)
    return {name: table.columns[name][row] for name in _ROW}


def prepare(table: Table) -> None:
    """Make at once the orders that a first look at a table would wait for."""
    for sort in SORTS:
        _order_of(table, sort)


def _listed(
    table: Table, words: tuple[str, ...], sort: str, descending: bool, filters: Filters
) -> NDArray[np.int64]:
    """Row numbers of the tracks that are wanted, in their order."""
    passing = filters.rows(table)
    for word in words:
        at = np.flatnonzero(passing)
        search = table.search
        passing[at] = [word in search[row] for row in at.tolist()]
    order, known = _order_of(table, sort)
    if descending:
        order = np.concatenate([order[:known][::-1], order[known:]])
    return np.asarray(order[passing[order]])


def _order_of(table: Table, sort: str) -> tuple[NDArray[np.int64], int]:
    found: tuple[NDArray[np.int64], int] = table.kept(("order", sort), lambda: _order(table, sort))
    return found


def _order(table: Table, sort: str) -> tuple[NDArray[np.int64], int]:
    """All rows in an order, those without a value last, and how many have one."""
    if sort in _NUMBERS:
        values = table.numbers(sort)
        return np.argsort(values, kind="stable"), int(np.isfinite(values).sum())
    title = _ranks(table, "title", "path")
    first = title if sort == "title" else _ranks(table, *_SORTED_BY.get(sort, (sort,)))
    known = first >= 0
    last = np.where(known, first, len(table))
    album = _ranks(table, "album") if sort == "artist" else np.zeros(len(table), np.int64)
    return np.lexsort((title, album, last)), int(known.sum())


def _ranks(table: Table, *columns: str) -> NDArray[np.int64]:
    """(n,) the place of each track's text among all texts of a column, whatever the case; -1 for none."""

    def make() -> NDArray[np.int64]:
        kinds, codes = table.kinds(*columns)
        texts = [_text(columns, kind) for kind in kinds]
        places = {text: place for place, text in enumerate(sorted({text for text in texts if text}))}
        return np.array([places.get(text, -1) for text in texts], np.int64)[codes]

    found: NDArray[np.int64] = table.kept(("ranks", columns), make)
    return found


def _text(columns: tuple[str, ...], kind: tuple[Any, ...]) -> str:
    """Return what values are put in order by: words without case, and the file's name for a title."""
    if columns == ("title", "path"):
        return str(kind[0] or os.path.basename(kind[1])).casefold()
    return " ".join(kind).casefold() if None not in kind else ""


def _genres(table: Table, here: NDArray[np.bool_]) -> list[dict[str, Any]]:
    kinds, codes = table.kinds("genre")
    counts = np.bincount(codes[here], minlength=len(kinds))
    named = Counter({kind[0]: int(n) for kind, n in zip(kinds, counts, strict=True) if kind[0] and n})
    return [{"name": name, "tracks": count} for name, count in named.most_common(_MOST_KINDS)]


def _folders(table: Table, here: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Return the folders that hold tracks, by name."""
    places, codes = table.folders()
    counts = np.bincount(codes[here], minlength=len(places))
    found = sorted((place, int(n)) for place, n in zip(places, counts, strict=True) if n)
    return [
        {"name": os.path.basename(place) or place, "path": place, "tracks": n}
        for place, n in found[:_MOST_KINDS]
    ]


def _range(values: NDArray[np.float64]) -> dict[str, float] | None:
    known = values[np.isfinite(values)]
    return {"lowest": float(known.min()), "highest": float(known.max())} if len(known) else None


def _facets(library: Asked) -> list[dict[str, str]]:
    """Return the facets that the library is compared by, each with what it is."""
    return [
        {"name": name, "description": FACET_DESCRIPTIONS.get(name, "")}
        for name in library.neighbours.space.names
    ]

"""A table says of every track what the catalog says, and filters choose from it as from single tracks."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest

from collection import track
from sori.library.catalog import SqlCatalog
from sori.library.entries import Hearing
from sori.library.filters import Filters
from sori.library.table import Table
from sori.library.track import Track
from sori.library.watch import Watch


def table_of(tracks: list[Track]) -> Table:
    names = [
        f.name
        for f in dataclasses.fields(Track)
        if f.name not in ("paths", "results", "missing_paths", "corrected")
    ]
    columns = {name: [getattr(each, name) for each in tracks] for name in names}
    elsewhere = {t.id: (t.paths, t.missing_paths) for t in tracks if len(t.paths) != 1}
    return Table(columns, [""] * len(tracks), elsewhere, {}, {t.id: row for row, t in enumerate(tracks)})


def heard(catalog: SqlCatalog, path: str, identity: str, **tags: object) -> None:
    stages = {
        "tempo": (1, '{"bpm": 120.0, "confidence": 0.5}'),
        "loudness": (1, '{"integrated_lufs": -14.0, "range_lu": 5.0}'),
    }
    catalog.record(
        path,
        size=1,
        mtime_ns=1,
        identity=identity,
        tags=tags,
        hearing=Hearing(10.0, 44_100, 2, stages, {}),
    )


@pytest.fixture
def catalog(tmp_path: Path) -> SqlCatalog:
    found = SqlCatalog(str(tmp_path / "library.db"))
    heard(found, "/music/a.flac", "aa" * 16, title="A", artist="Somebody", year=1999)
    heard(found, "/music/b\udce9.flac", "bb" * 16)
    found.record("/other/a.flac", size=1, mtime_ns=1, identity="aa" * 16, tags={}, hearing=None)
    heard(found, "/music/c.flac", "cc" * 16, genre="Folk; Rock")
    heard(found, "/music/c.flac", "dd" * 16)  # the file holds another recording now
    found.mark(present=[], missing=["/other/a.flac"], forget=[])
    found.correct("bb" * 6, {"loudness": {"integrated_lufs": -9.0, "range_lu": 2.0}}, how="said so")
    return found


def test_a_table_holds_what_the_catalog_holds(catalog: SqlCatalog) -> None:
    table = catalog.table(results=("loudness",))
    said = {t.id: dataclasses.replace(t, corrected={}) for t in catalog.tracks(results=("loudness",))}
    assert dict(table) == said
    assert list(table) == sorted(said)
    assert len(table) == 4
    assert "zz" not in table
    with pytest.raises(KeyError):
        table["zz"]
    assert catalog.table()[next(iter(said))].results == {}


def test_an_empty_library_has_an_empty_table(tmp_path: Path) -> None:
    table = SqlCatalog(str(tmp_path / "library.db")).table()
    assert len(table) == 0
    assert Filters(tempo_bpm=(1, 2), genre="x", folder="/").rows(table).tolist() == []
    assert Filters().mask(["zz"], table).tolist() == [False]


def test_filters_choose_the_same_rows_as_single_tracks() -> None:
    rng = np.random.default_rng(0)
    tracks = []
    for number in range(400):
        folder = rng.choice(["/m/a", "/m/a/b", "/m/ab", "/n"])
        path = f"{folder}/{number}.flac"
        more = (path, f"/n/{number}.mp3") if number % 7 == 0 else (path,)
        gone = (path,) if number % 14 == 0 else ()
        fields = {
            "path": path,
            "paths": more if number % 50 else (),
            "missing": number % 50 == 0,
            "missing_paths": gone if number % 50 else (),
            "genre": rng.choice(["Jazz", "Rock; Pop", "", None]),  # type: ignore[arg-type]
            "artist": rng.choice(["One", "Two", None]),  # type: ignore[arg-type]
            "album": rng.choice(["First", None]),  # type: ignore[arg-type]
            "year": int(rng.integers(1990, 2000)) if number % 3 else None,
            "tempo_bpm": float(rng.uniform(60, 180)) if number % 5 else None,
            "key_tonic": rng.choice(["A", "C", "E"]) if number % 4 else None,
            "key_mode": rng.choice(["major", "minor"]) if number % 4 else None,
            "tuning_hz": float(rng.uniform(430, 450)),
            "loudness_lufs": float(rng.uniform(-20, -5)) if number % 6 else None,
            "duration_s": float(rng.uniform(60, 300)),
        }
        tracks.append(track(f"{number:04x}", **fields))
    table = table_of(tracks)
    wanted = {
        "tempo_bpm": (80.0, 120.0),
        "half_double": True,
        "years": (1992, 1995),
        "key": "Am",
        "same_key": True,
        "genre": "pop",
        "artist": " one",
        "album": "FIRST",
        "folder": "/m/a",
        "tuning_hz": (435.0, 445.0),
        "loudness_lufs": (-15.0, -9.0),
        "duration_s": (100.0, 200.0),
    }
    for names in itertools.chain([()], *(itertools.combinations(wanted, n) for n in (1, 2))):
        filters = Filters(**{name: wanted[name] for name in names})  # type: ignore[arg-type]
        expected = [filters.accepts(each) for each in tracks]
        assert filters.rows(table).tolist() == expected, names
        ids = [each.id for each in reversed(tracks)]
        assert filters.mask(ids, table).tolist() == expected[::-1]
        assert filters.mask(ids, dict(table)).tolist() == [filters.accepts(table[i]) for i in ids]


def test_roots_are_remembered_once(catalog: SqlCatalog) -> None:
    assert catalog.roots() == []
    catalog.remember_roots(["/music", "/b\udce9"])
    catalog.remember_roots(["/music", "/other"])
    assert catalog.roots() == ["/b\udce9", "/music", "/other"]


def test_a_file_and_a_track_are_found_by_what_they_are_alone(catalog: SqlCatalog) -> None:
    file = catalog.file("/music/a.flac")
    assert file is not None
    assert (file.size, file.track_id, file.missing) == (1, "aa" * 6, False)
    assert catalog.file("/music/A.flac") is None
    found = catalog.by_id("aa" * 6)
    assert found is not None
    assert found.title == "A"
    for other in ("A", "aa" * 16, "/music/a.flac", "aa"):
        assert catalog.by_id(other) is None


def test_a_watch_sees_that_somebody_wrote(catalog: SqlCatalog, tmp_path: Path) -> None:
    watch = Watch(str(tmp_path / "library.db"))
    try:
        assert not watch.changed()
        catalog.remember_roots(["/music"])
        assert watch.changed()
        assert not watch.changed()
    finally:
        watch.close()

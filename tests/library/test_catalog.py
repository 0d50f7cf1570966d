"""The catalog keeps what it is told, whatever files are called, and says which track is meant."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from sori.errors import DataError, ParameterError
from sori.library import schema
from sori.library.catalog import SqlCatalog
from sori.library.entries import Failure, Hearing

HEARING = Hearing(
    duration_s=200.0,
    sample_rate=44_100,
    channels=2,
    stages={
        "tempo": (1, '{"bpm":120.0,"confidence":0.5,"alternatives":[]}'),
        "key": (1, '{"tonic":"A","mode":"minor","confidence":0.9,"alternatives":[]}'),
        "loudness": (1, '{"integrated_lufs":-14.0}'),
    },
    vectors={"timbre": (1, np.arange(3, dtype="<f4").tobytes()), "rhythm": (1, np.ones(2, "<f4").tobytes())},
)
NAMES = [
    "plain.mp3",
    "two\nlines\tand a tab.mp3",
    "undecodable \udcff\udc80.flac",
    "bytes:not really.mp3",
    "100 % [bold]'quoted\"; drop table--.ogg",
    unicodedata.normalize("NFC", "한국어 노래.mp3"),
    unicodedata.normalize("NFD", "한국어 노래.mp3"),
    "🎵.wav",
]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqlCatalog]:
    with SqlCatalog(str(tmp_path / "library.db")) as opened:
        yield opened


def identity(number: int) -> str:
    return f"{number:032x}"[::-1]


def put(
    catalog: SqlCatalog,
    path: str,
    number: int = 1,
    *,
    title: str | None = None,
    hearing: Hearing | None = HEARING,
) -> str:
    tags = {"title": title, "artist": "Somebody"} if title else {}
    catalog.record(path, size=10, mtime_ns=20, identity=identity(number), tags=tags, hearing=hearing)
    return identity(number)[:12]


def fail(catalog: SqlCatalog, path: str, *, size: int = 10, mtime_ns: int = 20) -> None:
    catalog.record_failure(Failure(path, size, mtime_ns, "decode", "no decoder reads it", "hear", "now"))


def test_a_track_comes_back_as_it_was_heard(catalog: SqlCatalog) -> None:
    track_id = put(catalog, "/m/a.mp3", title="Blue")
    track = catalog.track(track_id)
    assert (track.path, track.paths, track.missing) == ("/m/a.mp3", ("/m/a.mp3",), False)
    assert (track.title, track.artist, track.duration_s) == ("Blue", "Somebody", 200.0)
    assert (track.tempo_bpm, track.key_tonic, track.key_mode, track.loudness_lufs) == (
        120.0,
        "A",
        "minor",
        -14.0,
    )
    assert track.results["tempo"]["confidence"] == 0.5
    assert catalog.tracks()[0].results == {}
    assert set(catalog.tracks(results=("tempo",))[0].results) == {"tempo"}
    assert set(catalog.tracks(results=True)[0].results) == {"tempo", "key", "loudness"}


def test_vectors_come_in_the_order_of_the_ids(catalog: SqlCatalog) -> None:
    for number in (3, 1, 2):
        put(catalog, f"/m/{number}.mp3", number)
    ids, facets = catalog.vectors()
    assert ids == sorted(identity(n)[:12] for n in (1, 2, 3))
    assert facets["timbre"].dtype == np.float32
    np.testing.assert_array_equal(facets["timbre"], np.tile([0, 1, 2], (3, 1)))
    assert facets["rhythm"].shape == (3, 2)


def test_only_tracks_with_every_facet_of_one_version_can_be_compared(catalog: SqlCatalog) -> None:
    put(catalog, "/m/1.mp3", 1)
    newer = {**HEARING.vectors, "timbre": (2, np.zeros(5, "<f4").tobytes())}
    put(catalog, "/m/2.mp3", 2, hearing=Hearing(1.0, 8000, 1, {}, newer))
    ids, facets = catalog.vectors()
    assert ids == [identity(2)[:12]]
    assert facets["timbre"].shape == (1, 5)
    assert catalog.vectors({"timbre": 1, "rhythm": 1})[0] == [identity(1)[:12]]


def test_an_empty_catalog_has_no_vectors(catalog: SqlCatalog) -> None:
    assert catalog.vectors() == ([], {})
    ids, facets = catalog.vectors({"timbre": 1})
    assert ids == []
    assert facets["timbre"].shape == (0, 0)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_file_name_survives(catalog: SqlCatalog, name: str) -> None:
    path = f"/music/{name}"
    put(catalog, path)
    fail(catalog, f"{path}.bad")
    assert list(catalog.files()) == [path]
    assert catalog.tracks()[0].path == path
    assert catalog.failures()[0].path == f"{path}.bad"
    assert [track.path for track in catalog.find(path)] == [path]


def test_names_that_look_the_same_are_different_files_but_either_finds_one(catalog: SqlCatalog) -> None:
    composed, decomposed = (unicodedata.normalize(form, "/m/한국어.mp3") for form in ("NFC", "NFD"))
    put(catalog, composed, 1)
    assert [track.path for track in catalog.find(decomposed)] == [composed]
    put(catalog, decomposed, 2)
    assert len(catalog.files()) == 2
    assert [track.path for track in catalog.find(decomposed)] == [decomposed]
    assert [track.path for track in catalog.find(composed)] == [composed]


def test_paths_as_text_cannot_be_confused() -> None:
    paths = [f"/{name}" for name in NAMES]
    texts = [schema.as_text(path) for path in paths]
    assert [schema.as_path(t) for t in texts] == paths
    assert len(set(texts)) == len(paths)
    for written in texts:
        written.encode()


def test_find_goes_from_the_surest_meaning_to_the_loosest(catalog: SqlCatalog) -> None:
    first = put(catalog, "/m/a.mp3", 1, title="Été")
    put(catalog, "/m/b.mp3", 2, title="Été indien")
    put(catalog, "/m/100%_sure.mp3", 3)
    assert [t.id for t in catalog.find(first)] == [first]
    assert [t.title for t in catalog.find("été")] == ["Été"]
    assert [t.title for t in catalog.find("INDIEN")] == ["Été indien"]
    assert [t.title for t in catalog.find("indien somebody")] == ["Été indien"]
    assert len(catalog.find("somebody - été")) == 2
    assert [t.path for t in catalog.find("%_")] == ["/m/100%_sure.mp3"]
    assert catalog.find("nothing like it") == []
    assert catalog.find("") == []


def test_a_file_name_is_surer_than_a_part_of_one(catalog: SqlCatalog) -> None:
    for number, name in enumerate(["theme", "theme song", "theme.old", "my theme"], 1):
        put(catalog, f"/m/{name}.ogg", number)
    assert [t.path for t in catalog.find("Theme")] == ["/m/theme.ogg"]
    assert [t.path for t in catalog.find("theme.ogg")] == ["/m/theme.ogg"]
    assert [t.path for t in catalog.find("theme.old")] == ["/m/theme.old.ogg"]
    assert len(catalog.find("them")) == 4


def test_the_places_that_are_gone_are_told_from_the_others(catalog: SqlCatalog) -> None:
    track_id = put(catalog, "/m/a.mp3")
    put(catalog, "/m/b.mp3", hearing=None)
    catalog.mark(present=[], missing=["/m/a.mp3"], forget=[])
    assert catalog.track(track_id).missing_paths == ("/m/a.mp3",)


def test_a_track_that_is_not_there_is_a_clear_error(catalog: SqlCatalog) -> None:
    with pytest.raises(ParameterError, match="no track 'x'"):
        catalog.track("x")


def test_copies_are_one_track_that_shows_its_first_present_file(catalog: SqlCatalog) -> None:
    track_id = put(catalog, "/m/b.mp3", title="B")
    put(catalog, "/m/a.mp3", title="A", hearing=None)
    assert catalog.track(track_id).paths == ("/m/a.mp3", "/m/b.mp3")
    assert catalog.track(track_id).title == "A"
    catalog.mark(present=[], missing=["/m/a.mp3"], forget=[])
    assert (catalog.track(track_id).path, catalog.track(track_id).title) == ("/m/b.mp3", "B")
    catalog.mark(present=[], missing=["/m/b.mp3"], forget=[])
    assert catalog.track(track_id).missing
    catalog.mark(present=["/m/b.mp3"], missing=[], forget=[])
    assert not catalog.track(track_id).missing


def test_new_content_at_a_path_is_another_track(catalog: SqlCatalog) -> None:
    old = put(catalog, "/m/a.mp3", 1)
    new = put(catalog, "/m/a.mp3", 2)
    assert (catalog.track(old).missing, catalog.track(old).path) == (True, "/m/a.mp3")
    assert not catalog.track(new).missing
    assert [t.id for t in catalog.find("/m/a.mp3")] == [new]


def test_a_changed_file_that_fails_leaves_its_track_but_an_unchanged_one_stays(catalog: SqlCatalog) -> None:
    track_id = put(catalog, "/m/a.mp3")
    fail(catalog, "/m/a.mp3")
    assert not catalog.track(track_id).missing
    fail(catalog, "/m/a.mp3", mtime_ns=21)
    assert catalog.track(track_id).missing
    assert len(catalog.failures()) == 1
    put(catalog, "/m/a.mp3")
    assert not catalog.failures()


def test_the_revision_names_the_state_of_the_vectors(catalog: SqlCatalog, tmp_path: Path) -> None:
    seen = {catalog.revision()}
    for change in (
        lambda: put(catalog, "/m/a.mp3"),
        lambda: catalog.record_hearing("/m/a.mp3", identity(1), HEARING),
    ):
        change()
        seen.add(catalog.revision())
    assert len(seen) == 3
    for nothing_new in (
        lambda: fail(catalog, "/m/b.mp3"),
        lambda: put(catalog, "/m/c.mp3", hearing=None),
        lambda: catalog.mark(present=[], missing=["/m/a.mp3"], forget=["/m/b.mp3"]),
    ):
        nothing_new()
        assert catalog.revision() in seen
    with SqlCatalog(str(tmp_path / "another.db")) as another:
        put(another, "/m/a.mp3")
        assert another.revision() not in seen


def test_a_new_hearing_replaces_only_what_it_contains(catalog: SqlCatalog) -> None:
    track_id = put(catalog, "/m/a.mp3")
    tempo = {"tempo": (2, '{"bpm":60.0,"confidence":1.0,"alternatives":[]}')}
    catalog.record_hearing("/m/a.mp3", identity(1), Hearing(200.0, 44_100, 2, tempo, {}))
    track = catalog.track(track_id)
    assert (track.tempo_bpm, track.key_tonic) == (60.0, "A")
    stages, facets = {"tempo": 2, "key": 1, "loudness": 1}, {"timbre": 1, "rhythm": 1}
    assert catalog.lacking(stages, facets) == {identity(1): (track_id, ())}


def test_what_a_track_lacks_at_other_versions(catalog: SqlCatalog) -> None:
    stages, facets = {"tempo": 1, "key": 1, "facets": 1}, {"timbre": 1, "rhythm": 1}
    heard = Hearing(1.0, 8000, 1, {**HEARING.stages, "facets": (1, "{}")}, HEARING.vectors)
    track_id = put(catalog, "/m/a.mp3", hearing=heard)

    def lacks(stages: dict[str, int], facets: dict[str, int]) -> tuple[str, ...]:
        (answer,) = catalog.lacking(stages, facets).values()
        assert answer[0] == track_id
        return answer[1]

    assert lacks(stages, facets) == ()
    assert lacks({**stages, "key": 2}, facets) == ("key",)
    assert lacks({**stages, "mood": 1}, facets) == ("mood",)
    assert lacks(stages, {**facets, "timbre": 2}) == ("facets",)
    assert lacks(stages, {**facets, "melody": 1}) == ("facets",)
    assert lacks(stages, {"timbre": 1}) == ()


def test_identities_that_begin_alike_get_longer_ids(catalog: SqlCatalog) -> None:
    for ending in "ab":
        catalog.record(
            f"/m/{ending}.mp3", size=1, mtime_ns=1, identity="0" * 20 + ending * 12, tags={}, hearing=HEARING
        )
    assert sorted(track.id for track in catalog.tracks()) == ["0" * 12, "0" * 13]


def test_readers_see_the_state_before_while_somebody_writes(catalog: SqlCatalog, tmp_path: Path) -> None:
    put(catalog, "/m/a.mp3", 1)
    with SqlCatalog(str(tmp_path / "library.db")) as reader, catalog._database.writing() as connection:
        connection.execute(text("DELETE FROM vectors"))
        assert len(reader.vectors()[0]) == 1
        assert len(reader.tracks()) == 1


def test_a_transaction_that_fails_leaves_nothing(catalog: SqlCatalog) -> None:
    wrong = Hearing(1.0, 8000, 1, {"tempo": (1, None)}, {})  # type: ignore[dict-item]
    with pytest.raises((DataError, TypeError)):
        put(catalog, "/m/a.mp3", hearing=wrong)
    assert catalog.tracks() == []
    assert catalog.revision().endswith(":0")


def test_only_one_may_write(catalog: SqlCatalog, tmp_path: Path) -> None:
    with (
        catalog.exclusive(),
        SqlCatalog(str(tmp_path / "library.db")) as other,
        pytest.raises(DataError, match="another run is writing"),
        other.exclusive(),
    ):
        pass
    with catalog.exclusive():
        pass


def test_what_is_no_library_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("these are words, not a database " * 100, encoding="utf-8")
    with pytest.raises(DataError, match="not a database"):
        SqlCatalog(str(tmp_path / "text.db"))
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    with pytest.raises(DataError, match="other tables"):
        SqlCatalog(str(tmp_path / "other.db"))
    with pytest.raises(DataError, match="cannot be used"):
        SqlCatalog(str(tmp_path / "no" / "folder.db"))


def test_reading_changes_nothing_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(DataError, match="empty"):
        SqlCatalog(str(tmp_path / "empty.db"), make=False)
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = (tmp_path / "other.db").read_bytes()
    for make in (False, True):
        with pytest.raises(DataError, match="other tables"):
            SqlCatalog(str(tmp_path / "other.db"), make=make)
    with pytest.raises(DataError, match="cannot be used"):
        SqlCatalog(str(tmp_path / "absent.db"), make=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "other.db"]
    assert (tmp_path / "other.db").read_bytes() == before
    assert (tmp_path / "empty.db").stat().st_size == 0


def test_a_library_in_a_place_that_cannot_be_written_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "100 % ?#.db"
    with SqlCatalog(str(place)) as catalog:
        put(catalog, "/m/a.mp3")
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with SqlCatalog(str(place), make=False) as catalog:
        assert [track.path for track in catalog.tracks()] == ["/m/a.mp3"]
        assert [path.name for path in tmp_path.iterdir()] == [place.name]
        with pytest.raises(DataError, match="readonly"):
            put(catalog, "/m/b.mp3")


def test_a_library_without_a_name_of_its_own_gets_one(tmp_path: Path) -> None:
    place = str(tmp_path / "library.db")
    with SqlCatalog(place) as catalog, catalog._database.writing() as connection:
        connection.execute(text("ALTER TABLE library DROP COLUMN token"))
        connection.execute(text("DROP TABLE corrections"))
        connection.execute(text("UPDATE library SET schema_version = 1"))
    with SqlCatalog(place, make=False) as catalog:
        assert len(catalog.revision()) > len("None:0")


def test_migrations_run_once_and_in_order(tmp_path: Path) -> None:
    place = str(tmp_path / "library.db")
    ran: list[int] = []

    def first(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE tracks ADD COLUMN mood TEXT"))
        ran.append(1)

    def second(connection: Connection) -> None:
        connection.execute(text("UPDATE tracks SET mood = 'calm'"))
        ran.append(2)

    with SqlCatalog(place) as catalog:
        put(catalog, "/m/a.mp3")
    for _ in range(2):
        with SqlCatalog(place, migrations=(*schema.MIGRATIONS, first, second)) as catalog:
            assert len(catalog.tracks()) == 1
    assert ran == [1, 2]
    with pytest.raises(DataError, match="upgrade Sori"):
        SqlCatalog(place)
    with SqlCatalog(str(tmp_path / "fresh.db"), migrations=(*schema.MIGRATIONS, first, second)):
        assert ran == [1, 2]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "library.db")

    def broken(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE tracks ADD COLUMN mood TEXT"))
        raise RuntimeError("no")

    SqlCatalog(place).__exit__()
    with pytest.raises(RuntimeError):
        SqlCatalog(place, migrations=(*schema.MIGRATIONS, broken))
    with SqlCatalog(place) as catalog:
        put(catalog, "/m/a.mp3")
        assert catalog.damage() is None


def test_a_correction_stands_until_it_is_taken_back(catalog: SqlCatalog) -> None:
    track_id = put(catalog, "/m/a.mp3")
    mended = {"bpm": 60.0, "confidence": 1.0, "alternatives": []}
    catalog.correct(track_id, {"tempo": mended}, how="half")
    put(catalog, "/m/a.mp3")  # heard again: the ear says 120 once more
    track = catalog.track(track_id)
    assert track.tempo_bpm == 60.0
    assert track.results["tempo"] == mended
    assert track.corrected == {"tempo": "half"}
    assert catalog.tracks(results={"key"})[0].results.keys() == {"key"}
    catalog.correct(track_id, {"tempo": None}, how="")
    track = catalog.track(track_id)
    assert (track.tempo_bpm, track.results["tempo"]["bpm"], track.corrected) == (120.0, 120.0, {})


def test_the_tables_can_be_made_on_a_server_too() -> None:
    for table in schema.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
        assert f"TABLE {table.name}" in made
        for index in table.indexes:
            str(CreateIndex(index).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]

"""Results as people see them: filtered, few by one artist, never the same recording again."""

from __future__ import annotations

import dataclasses
from collections import Counter

import numpy as np
import pytest

from collection import collection, track, vectors
from sori.errors import ParameterError
from sori.library.filters import Filters
from sori.library.recommend import similar
from sori.library.similarity import Neighbours, Query
from sori.library.track import Track
from sori.library.versions import SAME_RECORDING, VERSION, pairs, relation


def with_copies() -> tuple[dict[str, Track], Neighbours]:
    """Track a; a2 is a in another encoding; cover has its notes; the rest is other music."""
    facets = vectors(60)
    ids = ["a", "a2", "cover", *(f"t{i:02d}" for i in range(57))]
    spread = {name: raw.std(axis=0) for name, raw in facets.items()}
    rng = np.random.default_rng(0)
    for name, raw in facets.items():
        noise = rng.standard_normal(raw.shape[1]).astype(np.float32)
        raw[1] = raw[0] + 0.02 * spread[name] * noise
        if name in ("harmony", "melody"):
            raw[2] = raw[0] + 0.1 * spread[name] * noise
    tracks = {i: track(i) for i in ids}
    return tracks, Neighbours.build(ids, facets)


def test_the_same_recording_does_not_come_back() -> None:
    tracks, found = with_copies()
    ids = [r.track.id for r in similar(tracks, found, ["a"], k=60)]
    assert "a" not in ids
    assert "a2" not in ids
    shown = similar(tracks, found, ["a"], k=60, same_recordings=True)
    assert shown[0].track.id == "a2"
    assert (shown[0].relation, shown[0].relation_to) == (SAME_RECORDING, "a")
    covers = {r.track.id: r.relation for r in shown if r.relation == VERSION}
    assert covers == {"cover": VERSION}


def test_of_two_files_of_one_recording_one_is_shown() -> None:
    tracks, found = with_copies()
    ids = [r.track.id for r in similar(tracks, found, ["t05"], k=60)]
    assert len({"a", "a2"} & set(ids)) == 1
    assert len(ids) == 58


def test_length_speaks_against_one_recording() -> None:
    near = dict.fromkeys(("timbre", "rhythm", "harmony", "melody", "dynamics"), 0.001)
    assert relation(near, (200.0, 200.2)) == SAME_RECORDING
    assert relation(near, (200.0, 230.0)) == VERSION
    assert relation(near | {"melody": 0.4}, (200.0, 200.0)) == SAME_RECORDING
    assert relation(near | {"melody": 0.4, "harmony": 0.2}, (200.0, 200.0)) is None
    assert relation({"timbre": 0.0}, (200.0, 200.0)) is None


def test_one_instrument_is_not_one_recording() -> None:
    piano = {"timbre": 0.02, "rhythm": 0.05, "harmony": 0.4, "melody": 0.6, "dynamics": 0.03}
    assert relation(piano, (180.0, 180.0), ("Nocturne", "Prelude")) is None


def test_titles_help_to_see_versions_but_not_alone() -> None:
    apart = {"timbre": 0.9, "rhythm": 0.8, "harmony": 0.3, "melody": 0.6}
    assert relation(apart, (180.0, 240.0), ("Blue Bird (Live)", "Blue bird - 2011 Remaster")) == VERSION
    assert relation(apart, (180.0, 240.0), ("Blue Bird", "Black Bird")) is None
    assert relation(apart | {"harmony": 1.2}, (180.0, 240.0), ("Intro", "Intro")) is None
    assert relation(apart, (180.0, 240.0), (None, None)) is None


def test_pairs_are_what_looking_at_each_pair_gives() -> None:
    _, found = with_copies()
    near = pairs(found.space, found.matrix, [200.0] * 60, [None] * 60)
    assert {(found.ids[i], found.ids[j]) for i, j in np.argwhere(np.triu(near))} == {
        ("a", "a2"),
        ("a", "cover"),
        ("a2", "cover"),
    }


def test_at_most_so_many_by_one_artist() -> None:
    tracks, found = collection(300)
    for limit in (1, 2, 5):
        results = similar(tracks, found, ["000000"], k=40, per_artist=limit)
        assert len(results) == 40
        assert max(Counter(r.track.artist for r in results).values()) <= limit
    free = similar(tracks, found, ["000000"], k=40, per_artist=None)
    assert [r.track.id for r in free] == [m.id for m in found.search(Query(("000000",)), k=40)]
    unknown = {i: dataclasses.replace(t, artist=None) for i, t in tracks.items()}
    assert [r.track.id for r in similar(unknown, found, ["000000"], k=40)] == [r.track.id for r in free]


def test_when_tracks_run_out_there_are_fewer() -> None:
    tracks, found = collection(40)
    alike = {i: dataclasses.replace(t, artist="One") for i, t in tracks.items()}
    assert len(similar(alike, found, ["000000"], k=20)) == 2
    assert similar(tracks, found, ["000000"], k=0) == []


def test_filters_let_through_what_is_asked_for_and_nothing_unknown() -> None:
    tracks, found = collection(300)

    def passing(filters: Filters) -> list[Track]:
        results = similar(tracks, found, ["000000"], k=300, per_artist=None, filters=filters)
        expected = [t for t in tracks.values() if filters.accepts(t) and t.id != "000000"]
        assert {r.track.id for r in results} == {t.id for t in expected}
        assert results
        return [r.track for r in results]

    assert all(100 <= t.tempo_bpm <= 120 for t in passing(Filters(tempo_bpm=(100, 120))))
    doubled = passing(Filters(tempo_bpm=(130, 150), half_double=True))
    assert any(t.tempo_bpm < 76 for t in doubled)
    assert {(t.key_tonic, t.key_mode) for t in passing(Filters(key="Am", same_key=True))} == {("A", "minor")}
    friends = {(t.key_tonic, t.key_mode) for t in passing(Filters(key="8A"))}
    assert friends == {("A", "minor"), ("C", "major"), ("E", "minor"), ("D", "minor")}
    assert all(1980 <= t.year <= 1989 for t in passing(Filters(years=(1980, 1989))))
    assert {t.genre for t in passing(Filters(genre="pop"))} == {"Rock; Pop"}
    assert all(t.duration_s <= 180 for t in passing(Filters(duration_s=(0, 180))))


def test_folders_are_whole_names_and_missing_files_are_left_out() -> None:
    t = track("a", path="/music/jazz/a.flac", paths=("/music/jazz/a.flac", "/other/a.mp3"))
    for folder, inside in {"/music": True, "/music/jazz/": True, "/music/ja": False, "/other": True}.items():
        assert Filters(folder=folder).accepts(t) == inside
    moved = dataclasses.replace(t, missing_paths=("/other/a.mp3",))
    assert not Filters(folder="/other").accepts(moved)
    gone = dataclasses.replace(t, missing=True)
    assert not Filters().accepts(gone)


def test_upside_down_filters_are_refused() -> None:
    with pytest.raises(ParameterError, match="lower one first"):
        Filters(years=(1990, 1980))
    with pytest.raises(ParameterError, match="not known"):
        Filters(key="H minor")
    tracks, found = collection(5)
    with pytest.raises(ParameterError, match="at least 1"):
        similar(tracks, found, ["000000"], per_artist=0)


def test_reasons_speak_of_the_nearest_seed() -> None:
    tracks, found = collection(200)
    results = similar(tracks, found, ["000000", "000001"], k=30)
    assert {r.nearest for r in results} == {"000000", "000001"}
    outside = {name: raw[7] for name, raw in vectors(200).items()}
    heard = track("outside", tempo_bpm=120.0, tempo_confidence=1.0)
    of_file = similar(tracks, found, Query(vectors=(outside,)), k=5, heard=[heard])
    assert {r.nearest for r in of_file} == {"outside"}
    assert similar(tracks, found, Query(vectors=(outside,)), k=5)[0].reasons == []

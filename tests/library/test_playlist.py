"""A playlist keeps its rules, says where it could not, and flows."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collection import collection, track, vectors
from sori.errors import ParameterError
from sori.library.compatible import keys_compatible, tempo_ratio
from sori.library.filters import Filters
from sori.library.m3u import m3u8, write_json, write_m3u8
from sori.library.playlist import LONGEST, Playlist, Rules, grow
from sori.library.similarity import Neighbours
from sori.library.track import Track


def way(found: Neighbours, tracks: tuple[Track, ...]) -> float:
    rows = found.matrix[[found.row(t.id) for t in tracks]]
    return float(found.space.distances(rows[1:], rows[:-1]).mean())


def test_it_starts_from_the_seeds_and_repeats_nothing() -> None:
    tracks, found = collection(400)
    seeds = ["000007", "000003"]
    made = grow(tracks, found, seeds, length=40)
    ids = [t.id for t in made.tracks]
    assert ids[:2] == seeds
    assert len(ids) == len(set(ids)) == 40
    assert made.relaxed == ()
    assert not made.short
    assert made == grow(tracks, found, seeds, length=40)


def test_artists_and_albums_are_spaced() -> None:
    tracks, found = collection(300)
    rules = Rules(artist_spacing=6, album_spacing=2)
    made = grow(tracks, found, ["000000"], length=50, rules=rules)
    assert made.relaxed == ()
    for i, t in enumerate(made.tracks):
        assert t.artist not in {other.artist for other in made.tracks[max(0, i - 6) : i]}


def test_where_a_rule_cannot_be_kept_it_gives_way_and_is_named() -> None:
    tracks, found = collection(50)
    two = {i: dataclasses.replace(t, artist=f"Artist {int(i, 16) % 2}") for i, t in tracks.items()}
    made = grow(two, found, ["000000"], length=10, rules=Rules(artist_spacing=3))
    assert len(made.tracks) == 10
    assert made.relaxed
    assert all("artist spacing gave way at track" in line for line in made.relaxed)
    kept = grow(two, found, ["000000"], length=10, rules=Rules(artist_spacing=1))
    assert kept.relaxed == ()


def test_the_tempo_follows_the_ramp_at_half_or_double_time_too() -> None:
    tracks, found = collection(600)
    made = grow(tracks, found, ["000000"], length=25, rules=Rules(tempo_ramp=(90, 140)))
    assert made.relaxed == ()
    for place, t in list(enumerate(made.tracks))[1:]:
        assert tempo_ratio(t.tempo_bpm, 90 * (140 / 90) ** (place / 24)) <= 1.0601


def test_neighbouring_keys_go_together() -> None:
    tracks, found = collection(400)
    made = grow(tracks, found, ["000000"], length=30, rules=Rules(compatible_keys=True))
    assert made.relaxed == ()
    for a, b in itertools.pairwise(made.tracks):
        assert keys_compatible((a.key_tonic, a.key_mode), (b.key_tonic, b.key_mode))


def test_it_lasts_as_long_as_is_asked() -> None:
    tracks, found = collection(300)
    for wanted in (600.0, 3600.0):
        made = grow(tracks, found, ["000000"], duration_s=wanted)
        assert sum(t.duration_s for t in made.tracks) == pytest.approx(wanted, abs=240)


def test_it_is_like_the_seeds_and_flows_better_than_chance() -> None:
    tracks, found = collection(500)
    made = grow(tracks, found, ["000000"], length=30)
    shuffled = list(made.tracks)
    np.random.default_rng(0).shuffle(shuffled)  # type: ignore[arg-type]
    assert way(found, made.tracks) < 0.9 * way(found, tuple(shuffled))
    anything = tuple(tracks.values())[:30]
    assert way(found, made.tracks) < 0.7 * way(found, anything)


def test_no_second_file_of_a_recording() -> None:
    facets = vectors(100)
    for raw in facets.values():
        raw[50:] = raw[:50]
    ids = [f"{i:02d}" for i in range(100)]
    tracks = {i: track(i) for i in ids}
    made = grow(tracks, Neighbours.build(ids, facets), ["00"], length=80)
    assert len({int(t.id) % 50 for t in made.tracks}) == len(made.tracks) == 50
    assert made.short


def test_variety_is_drawn_by_the_seed() -> None:
    tracks, found = collection(300)

    def ids(seed: int) -> list[str]:
        return [t.id for t in grow(tracks, found, ["000000"], length=20, seed=seed, variety=0.4).tracks]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_filters_bind_what_is_added() -> None:
    tracks, found = collection(300)
    made = grow(tracks, found, ["000000"], length=20, filters=Filters(years=(1990, 1999)))
    assert all(1990 <= t.year <= 1999 for t in made.tracks[1:])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_smallest_libraries(n: int) -> None:
    tracks, found = collection(n)
    made = grow(tracks, found, ["000000"], length=5)
    assert len(made.tracks) == n
    assert made.short


def test_what_cannot_be_meant_is_refused() -> None:
    tracks, found = collection(10)
    with pytest.raises(ParameterError, match="above 0"):
        grow(tracks, found, ["000000"], length=0)
    with pytest.raises(ParameterError, match="not in the library"):
        grow(tracks, found, ["nobody"])
    with pytest.raises(ParameterError, match="without seeds"):
        grow(tracks, found, [])
    with pytest.raises(ParameterError, match="tempo_ramp"):
        Rules(tempo_ramp=(0, 100))
    with pytest.raises(ParameterError, match="spacing"):
        Rules(artist_spacing=-1)
    assert isinstance(grow(tracks, found, ["000000"], length=1), Playlist)


def test_m3u8_is_utf8_relative_and_has_no_line_breaks_of_its_own(tmp_path: Path) -> None:
    music = tmp_path / "음악"
    tracks = [
        track("a", path=str(music / "강.flac"), artist="소리꾼", title="강\n건너", duration_s=61.6),
        track("b", path=str(tmp_path.parent / "b.mp3"), title=None),
        track("c", path=str(music / "bad\nname.mp3")),
        track("d", path=str(tmp_path / "#1.mp3"), artist="X", title="Y", duration_s=0.0),
        track("e", path=str(tmp_path / "\udcff.mp3")),
    ]
    file = tmp_path / "list.m3u8"
    left_out = write_m3u8(file, tracks)
    assert file.read_bytes().decode("utf-8").split("\n") == [
        "#EXTM3U",
        "#EXTINF:62,소리꾼 - 강 건너",
        "음악/강.flac",
        "#EXTINF:200,b",
        "../b.mp3",
        "#EXTINF:-1,X - Y",
        "./#1.mp3",
        "",
    ]
    assert len(left_out) == 2
    assert "bad\\nname.mp3" in left_out[0]
    assert [p.name for p in tmp_path.iterdir()] == ["list.m3u8"]
    assert m3u8([], folder=tmp_path) == ("#EXTM3U\n", [])


def test_the_json_twin_can_say_any_name(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    write_json(file, [track("c", path="/bad\nname.mp3")], about={"seeds": ["a"]})
    said = json.loads(file.read_text(encoding="utf-8"))
    assert said["seeds"] == ["a"]
    assert said["tracks"][0]["path"] == "/bad\nname.mp3"


def test_a_folder_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_m3u8(tmp_path / "absent" / "list.m3u8", [])
    assert list(tmp_path.iterdir()) == []


def test_what_no_playlist_can_be_is_refused() -> None:
    tracks, found = collection(20)
    impossible: list[dict[str, Any]] = [
        {"length": LONGEST + 1},
        {"duration_s": math.inf},
        {"duration_s": math.nan},
        {"variety": math.nan},
    ]
    for wanted in impossible:
        with pytest.raises(ParameterError):
            grow(tracks, found, ["000000"], **wanted)
    for ramp in ((math.nan, 90.0), (90.0, math.nan), (90.0, math.inf), (0.0, 90.0)):
        with pytest.raises(ParameterError, match="two tempos"):
            Rules(tempo_ramp=ramp)


def test_paths_in_a_playlist_hold_behind_links(tmp_path: Path) -> None:
    (tmp_path / "disk" / "deep" / "lists").mkdir(parents=True)
    (tmp_path / "music").mkdir()
    (tmp_path / "lists").symlink_to(tmp_path / "disk" / "deep" / "lists", target_is_directory=True)
    song = tmp_path / "music" / "a.mp3"
    song.touch()
    write_m3u8(tmp_path / "lists" / "a.m3u8", [track("a", path=str(song))])
    place = (tmp_path / "lists" / "a.m3u8").read_text(encoding="utf-8").splitlines()[-1]
    assert (tmp_path / "lists" / place).exists()

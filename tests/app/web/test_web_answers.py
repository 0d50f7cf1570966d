"""Every answer is that of the command, and has the shape that the interface's document says."""

from __future__ import annotations

import gzip
import json
import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel
from web_client import Client
from web_server import RATE, song

from sori.app.actions.browsing import FACET_DESCRIPTIONS, SORTS
from sori.app.actions.tiles import EDGES, KINDS, draw_tile
from sori.app.web import models, models_similar, models_track
from sori.audio import load, save
from sori.features.facets import FACETS

SHAPES: dict[str, type[BaseModel]] = {
    "/api/library": models.LibraryAnswer,
    "/api/tracks": models.TracksAnswer,
    "/api/failures": models.FailuresAnswer,
    "/api/formats": models.FormatsAnswer,
    "/api/tracks/ID": models_track.TrackAnswer,
    "/api/tracks/ID/analysis": models_track.AnalysisAnswer,
    "/api/tracks/ID/chords?fingerings=guitar&transpose=1": models_track.ChordsAnswer,
    "/api/tracks/ID/chords?fingerings=piano&names=korean": models_track.ChordsAnswer,
    "/api/tracks/ID/peaks": models_track.PeaksAnswer,
    "/api/tracks/ID/spectrogram": models_track.SpectrogramAnswer,
    "/api/tracks/ID/similar": models_similar.SimilarAnswer,
}


def command(library: Path, *words: str) -> Any:
    """Return what a command says in JSON, run as people run it."""
    done = subprocess.run(
        [sys.executable, "-m", "sori", *words, "--json"],
        env={**os.environ, "SORI_LIBRARY": str(library)},
        capture_output=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", SHAPES)
def test_every_answer_has_its_shape(web: Client, ids: dict[str, str], path: str) -> None:
    answer = web.get(path.replace("ID", ids["440.mp3"]))
    assert answer.status == 200, answer.body[:300]
    shape = SHAPES[path]
    told = shape.model_validate(answer.json, strict=False)
    again = told.model_dump(mode="json", by_alias=True)
    assert same(answer.json, again), "the answer has fields that its shape does not tell"


def same(said: Any, told: Any) -> bool:
    """Whether all that was said is told; a shape may add what is absent as null."""
    if isinstance(said, dict):
        return isinstance(told, dict) and all(name in told and same(said[name], told[name]) for name in said)
    if isinstance(said, list):
        return isinstance(told, list) and len(said) == len(told) and all(map(same, said, told))
    return bool(said == told)


def test_answers_are_those_of_the_commands(web: Client, ids: dict[str, str], library: Path) -> None:
    track = ids["440.mp3"]
    web.get(f"/api/tracks/{track}/analysis")  # heard by now, whoever asks
    assert web.get(f"/api/tracks/{track}").json == command(library, "show", track)
    assert web.get("/api/failures").json == command(library, "failures")
    similar = web.get(f"/api/tracks/{track}/similar?n=3&weights=timbre:2,rhythm:0.5&tempo=60-240").json
    assert len(similar.pop("candidates")) == 5
    assert similar == command(
        library, "similar", track, "-n", "3", "--weights", "timbre=2,rhythm=0.5", "--tempo", "60-240"
    )
    analysis = web.get(f"/api/tracks/{track}/analysis").json
    assert analysis.pop("note") is None
    assert analysis == command(library, "analyze", analysis["path"])
    chords = web.get(f"/api/tracks/{track}/chords?capo=2&fingerings=ukulele&names=german").json
    assert chords.pop("note") is None
    words = ("--capo", "2", "--fingerings", "ukulele", "--names", "german")
    assert chords == command(library, "chords", analysis["path"], *words)
    playlist = web.post("/api/playlist", {"seeds": [track], "n": 4}).json
    assert len(playlist["tracks"]) == 4
    told = command(library, "playlist", track, "--length", "4")
    assert {name: playlist[name] for name in playlist} == {name: told[name] for name in playlist}
    way = web.post("/api/playlist", {"from": track, "to": ids["220.flac"], "n": 3}).json
    told = command(library, "path", track, ids["220.flac"], "--length", "3")
    assert way["tracks"] == told["tracks"]


# --- the library ---------------------------------------------------------------------------


def test_the_library_says_what_there_is(web: Client, music: Path) -> None:
    said = web.get("/api/library").json
    assert (said["tracks"], said["missing"], said["failures"], said["ready"]) == (6, 0, 1, True)
    assert said["duration_s"] == pytest.approx(36, abs=0.2)
    assert {"name": "Folk", "tracks": 1} in said["genres"]
    assert {folder["path"]: folder["tracks"] for folder in said["folders"]} == {
        str(music): 3,
        str(music / "more"): 3,
    }
    assert said["ranges"]["year"] == {"lowest": 1999, "highest": 1999}
    assert {facet["name"] for facet in said["facets"]} == set(FACETS)
    assert all(facet["description"] for facet in said["facets"])
    assert set(FACET_DESCRIPTIONS) == set(FACETS)


@pytest.mark.parametrize("sort", SORTS)
def test_windows_are_parts_of_one_order(web: Client, sort: str) -> None:
    up = web.get(f"/api/tracks?sort={sort}&limit=500").json["tracks"]
    parts = [web.get(f"/api/tracks?sort={sort}&offset={at}&limit=2").json for at in (0, 2, 4)]
    assert [each for part in parts for each in part["tracks"]] == up
    assert {part["total"] for part in parts} == {6}
    if sort in ("duration_s", "tempo_bpm", "loudness_lufs", "tuning_hz", "year"):
        known = [track[sort] for track in up if track[sort] is not None]
        assert known == sorted(known)
        assert [track[sort] for track in up[: len(known)]] == known  # what is not known comes last
        down = web.get(f"/api/tracks?sort={sort}&order=desc&limit=500").json["tracks"]
        assert [track[sort] for track in down[: len(known)]] == known[::-1]


def test_words_and_filters_narrow_the_list(web: Client, music: Path) -> None:
    def total(query: str) -> int:
        return int(web.get(f"/api/tracks?{query}").json["total"])

    assert total("query=PLAIN+someone") == 1
    assert total("query=someone") == 2
    assert total("query=nobody") == 0
    assert total("genre=folk") == total("year=1990-2000") == 1
    assert total("artist=SOMEONE") == 2
    assert total(f"folder={music}/more") == 3
    assert total(f"folder={music}") == 6
    assert total("duration=0-1") == 6
    assert total("loudness=-60--1") == total("loudness=-60:-1") == 6
    assert total("loudness=-1:0") == 0
    assert total("tempo=1-2") == 0
    assert web.get("/api/tracks?tempo=9-1").status == 400
    assert web.get("/api/tracks?sort=colour").status == 422
    assert web.get("/api/tracks?limit=100000").status == 422


def test_what_is_long_comes_compressed_for_those_who_take_it(web: Client, ids: dict[str, str]) -> None:
    plain = web.get(f"/api/tracks/{ids['440.mp3']}")
    packed = web.get(f"/api/tracks/{ids['440.mp3']}", accept_encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_the_map_has_a_place_for_every_track(web: Client, ids: dict[str, str]) -> None:
    for _ in range(100):
        said = web.get("/api/map").json
        if said["ready"]:
            break
        time.sleep(0.1)
    models.MapAnswer.model_validate(said)
    assert sorted(said["id"]) == sorted(ids.values())
    columns = ("x", "y", "title", "artist", "duration_s", "tempo_bpm", "key", "genre", "folder")
    assert {len(said[name]) for name in columns} == {6}
    assert said["genres"] == ["Folk"]
    assert max(map(abs, said["x"] + said["y"])) == pytest.approx(1)


# --- likeness ------------------------------------------------------------------------------


def test_candidates_can_be_reordered_by_their_facets(web: Client, ids: dict[str, str]) -> None:
    track = ids["440.mp3"]
    found = web.get(f"/api/tracks/{track}/similar").json["candidates"]
    assert len(found) == 5
    for each in found:
        facets = each["facets"]
        product = np.prod([value ** (1 / len(facets)) for value in facets.values()])
        assert each["similarity"] == pytest.approx(product, rel=1e-4)
        assert set(each["distances"]) == set(facets)


def test_more_and_less_steer_what_is_found(web: Client, ids: dict[str, str]) -> None:
    track, other = ids["440.mp3"], ids["220.flac"]
    plain = [each["id"] for each in web.get(f"/api/tracks/{track}/similar?per_artist=0").json["results"]]
    assert other in plain
    more = web.get(f"/api/tracks/{track}/similar?more={other}").json
    assert [seed["id"] for seed in more["seeds"]] == [track, other]
    assert other not in [each["id"] for each in more["results"]]
    less = web.get(f"/api/tracks/{track}/similar?less={other}&per_artist=0").json
    assert other not in [each["id"] for each in less["results"]]
    assert {each["id"] for each in less["results"]} < set(plain)
    assert web.get(f"/api/tracks/{track}/similar?more=000000").status == 404
    assert web.get(f"/api/tracks/{track}/similar?more=../x").status == 404


def test_a_playlist_is_a_file_too(web: Client, ids: dict[str, str], music: Path) -> None:
    order = {"ids": [ids["440.mp3"], ids["220.flac"]], "name": 'a"b\r\nSet-Cookie: x'}
    answer = web.post("/api/playlist.m3u8", order)
    assert answer.body.decode().splitlines() == [
        "#EXTM3U",
        "#EXTINF:6,Someone - Plain",
        str(music / "more" / "440.mp3"),
        "#EXTINF:6,220",
        str(music / "220.flac"),
    ]
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    for wrong in ({"seeds": []}, {"seeds": ["0000"], "from": "0000"}, {"from": "0000"}, {"seeds": ["/etc"]}):
        assert web.post("/api/playlist", wrong).status == 422
    assert web.post("/api/playlist", {"seeds": ["0000"]}).status == 404


# --- corrections ---------------------------------------------------------------------------


def test_what_a_person_says_is_kept_and_taken_back(web: Client, ids: dict[str, str], library: Path) -> None:
    track = ids["220.flac"]
    path = f"/api/tracks/{track}/corrections"
    before = web.get(f"/api/tracks/{track}").json
    said = web.post(path, {"key": "F# minor", "tempo": "x2"}).json
    assert (said["key_tonic"], said["key_mode"]) == ("F#", "minor")
    assert said["tempo_bpm"] == pytest.approx(2 * before["tempo_bpm"], rel=0.01)
    assert said == command(library, "show", track)
    moved = web.post(path, {"chords": [{"at_s": 1.0, "name": "Am7"}]}).json["results"]["chords"]["chords"]
    assert next(chord for chord in moved if chord["end_s"] > 1.0)["label"] == "A:min7"
    back = web.post(path, {"undo": ["key", "beats", "chords"]}).json
    assert back["corrected"] == {}
    assert back["tempo_bpm"] == before["tempo_bpm"]
    for wrong in ({}, {"key": "H sharp"}, {"tempo": "x3"}, {"undo": ["key"], "key": "C"}, {"taps_s": [1.0]}):
        assert web.post(path, wrong).status in (400, 422)
    assert web.ask("POST", path, "{").status == 422
    assert web.ask("POST", path, '{"shift_s": NaN}').status == 422


# --- pictures ------------------------------------------------------------------------------


def picture(png: bytes) -> np.ndarray:
    """Read an eight-bit grey PNG without filters."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (8, 0)
    size = struct.unpack(">I", png[33:37])[0]
    rows = np.frombuffer(zlib.decompress(png[41 : 41 + size]), np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    return rows[::-1, 1:]


def test_tiles_show_a_tone_where_it_is(tmp_path: Path) -> None:
    time_s = np.arange(RATE * 8) / RATE
    tone = np.where(time_s < 5, 0.2 * np.sin(2 * np.pi * 880 * time_s), 0).astype(np.float32)
    save(tmp_path / "tone.wav", tone, sample_rate=RATE)
    for kind in KINDS:
        draw_tile(str(tmp_path / "tone.wav"), str(tmp_path / "tile"), kind, 3, 1, None)
        shown = picture((tmp_path / "tile").read_bytes())
        assert shown.shape == (256, 512)
        row = int(shown[:, 20].argmax())
        assert EDGES[kind][row] - 22 <= 880 <= EDGES[kind][row + 1] + 22
        assert 200 < shown[row, 20] < 255
        assert shown[row, 100] > 180  # the fifth second begins at column 128
        assert shown[:, 200:].max() == 0


def test_tiles_fit_together_and_end(web: Client, ids: dict[str, str]) -> None:
    track = f"/api/tracks/{ids['440.mp3']}/spectrogram"
    about = web.get(track).json
    assert [zoom["tile_s"] for zoom in about["zooms"]] == [256, 64, 16, 4]
    assert about["zooms"][3]["tiles"] == 2
    for kind in about["kinds"]:
        assert all(0 <= tick["y"] <= 1 for tick in about["kinds"][kind]["ticks"])
        assert len(about["kinds"][kind]["ticks"]) >= 5
        reply = web.get(f"{track}/{kind}/3/1.png")
        assert reply.headers["content-type"] == "image/png"
        assert picture(reply.body).shape == (about["tile"]["height"], about["tile"]["width"])
    assert web.get(f"{track}/mel/3/2.png").status == 400
    assert web.get(f"{track}/mel/9/0.png").status == 400
    assert web.get(f"{track}/colour/0/0.png").status == 422


def test_peaks_lose_no_peak(web: Client, ids: dict[str, str], music: Path) -> None:
    track = f"/api/tracks/{ids['220.flac']}/peaks"
    samples = load(music / "220.flac").samples
    whole = web.get(f"{track}?points=10").json
    assert (whole["points"], len(whole["low"]), len(whole["high"])) == (10, 10, 10)
    assert max(whole["high"]) == pytest.approx(127 * samples.max(), abs=1)
    assert min(whole["low"]) == pytest.approx(127 * samples.min(), abs=1)
    part = web.get(f"{track}?points=4&start_s=1&end_s=1.5").json
    inside = samples[0, RATE : RATE + RATE // 2]
    assert max(part["high"]) == pytest.approx(127 * inside.max(), abs=2)
    assert web.get(f"{track}?points=0").status == 422
    assert web.get(f"{track}?start_s=5&end_s=1").status == 400
    assert web.get(f"{track}?points=20000").json["points"] <= 2_500
    assert song(220.0).size == samples.shape[1]


# --- files ---------------------------------------------------------------------------------


def test_every_form_can_be_taken_away(web: Client, ids: dict[str, str]) -> None:
    track = f"/api/tracks/{ids['220.flac']}/export"
    begins = {
        "midi": b"MThd",
        "png": b"\x89PNG",
        "svg": b"<?xml",
        "pdf": b"%PDF",
        "flac": b"fLaC",
        "wav": b"RIFF",
    }
    for each in web.get("/api/formats").json["formats"]:
        if each["kind"] == "picture" and each["format"] != "png":
            continue  # drawn alike
        if each["kind"] == "sound" and each["format"] not in ("wav", "mp3"):
            continue
        part = f"&part={each['parts'][0]}" if each["parts"] else ""
        reply = web.get(f"{track}?format={each['format']}{part}")
        assert reply.status == 200, (each, reply.body[:300])
        assert reply.body.startswith(begins.get(each["format"], b""))
        assert f"220{each['extension']}" in reply.headers["content-disposition"]
    lab = web.get(f"{track}?format=lab&part=chords&transpose=2").body.decode()
    assert lab.startswith("0.000")
    for wrong in (
        "format=exe",
        "format=lab&part=notes",
        "format=png&part=beats",
        "format=csv",
        "subject=x&format=json",
    ):
        assert web.get(f"{track}?{wrong}").status in (400, 422)

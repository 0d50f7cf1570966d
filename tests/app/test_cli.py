"""The command line: exit codes, what goes where, JSON that keeps its contracts, names shown without harm."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import Said, Sori, put

ODD = "odd [red]\n\x1b[31m\udcff.mp3"


# --- index -----------------------------------------------------------------------------------


def test_index_says_what_it_did_on_stderr_and_nothing_on_stdout(sori: Sori, music: Path) -> None:
    said = sori("index", music)
    assert (said.code, said.out) == (0, "")
    assert "12 heard" in said.err
    assert "real time" in said.err
    assert "12 unchanged" in sori("index", music).err
    assert sori("index", music, "--quiet") == Said(0, "", "")


def test_index_counts_as_json(sori: Sori, music: Path) -> None:
    put(music, "bad.mp3", deed="undecodable")
    said = sori("index", music, "--json", "--jobs", "1")
    assert said.code == 1
    counts = said.json
    assert (counts["schema"], counts["files"], counts["heard"], counts["failed"]) == (1, 13, 12, 1)
    assert counts["failures"][0]["reason"] == "neither decoder reads it"


def test_index_with_failures_ends_with_1_and_lists_ten(sori: Sori, music: Path) -> None:
    for number in range(12):
        put(music, f"bad {number}.mp3", deed="undecodable")
    for _ in range(2):
        said = sori("index", music)
        assert said.code == 1
        assert said.err.count("neither decoder reads it") == 10
        assert "and 2 more; `sori failures` lists all" in said.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["index", "nowhere"], "nowhere: No such file"),
        (["index", ".", "--jobs", "0"], "at least one"),
        (["index", ".", "--timeout", "0"], "above 0"),
        (["index", ".", "--library", "/proc/no/library.db"], "name another file with --library"),
        (["show", "anything", "--library", "nowhere.db"], "make one with `sori index FOLDER`"),
        (["export", "--format", "xml", "--library", "nowhere.db"], "choose json or csv"),
        (["similar", "x", "--tempo", "fast", "--library", "nowhere.db"], "write two numbers"),
        (["similar", "x", "--year", "nan"], "write two numbers"),
        (["similar", "x", "--year", "1990-inf"], "write two numbers"),
        (["similar", "x", "-n", "0"], "at least 1"),
        (["playlist", "x", "--tempo-ramp", "90:inf"], "write two numbers"),
        (["index", ".", "--timeout", "nan"], "above 0"),
        (["map", "--json", "-o", "map.csv"], "--json goes with no file"),
        (["export", "--format", "csv", "--vectors"], "no place for vectors"),
        (["analyze", "nowhere.mp3"], "is no file"),
    ],
)
def test_wrong_usage_is_one_line_and_2(sori: Sori, arguments: list[str], complaint: str) -> None:
    said = sori(*arguments)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert said.err.startswith("sori: ")
    assert said.err.count("\n") == 1


def test_an_unknown_option_is_2(sori: Sori) -> None:
    assert sori("index", ".", "--wrong").code == 2
    assert sori("nonsense").code == 2


# --- listing ---------------------------------------------------------------------------------


def test_show_by_title_path_and_id(filled: Sori, music: Path) -> None:
    shown = filled("show", "Song 03", "--json").json
    assert (shown["schema"], shown["title"], shown["path"]) == (1, "Song 03", str(music / "03.mp3"))
    assert set(shown["results"]) == {"beats", "facets", "key", "tempo"}
    assert filled("show", music / "03.mp3", "--json").json == shown
    assert filled("show", shown["id"], "--json").json == shown
    said = filled("show", "song 03").out
    assert "title   Song 03\n" in said
    assert "key     A minor" in said


def test_a_name_of_several_tracks_lists_them(filled: Sori) -> None:
    said = filled("show", "Song")
    assert said.code == 2
    assert "name one by its id" in said.err
    assert "Song 00" in said.err
    assert "and 2 more" in said.err
    assert filled("show", "no such song").code == 2


def test_among_several_the_one_that_is_there_is_meant(filled: Sori, music: Path) -> None:
    put(music, "again.mp3", "Song 03")
    put(music, "0 untitled.mp3")
    put(music, "1 untitled.mp3")
    assert filled("index", music, "--quiet").code == 0
    assert "Somebody - Song 03  (" in filled("show", "Song 03").err
    assert "Somebody - 0 untitled.mp3  (" in filled("show", "untitled").err
    (music / "03.mp3").unlink()
    assert filled("index", music, "--quiet").code == 0
    assert filled("show", "Song 03", "--json").json["path"] == str(music / "again.mp3")
    assert "Song 03 (missing)" in filled("show", "Song").err + filled("show", "Somebody").err


def test_export_json_and_csv(filled: Sori, tmp_path: Path) -> None:
    answer = filled("export", "--vectors").json
    assert answer["schema"] == 1
    assert [track["id"] for track in answer["tracks"]] == sorted(track["id"] for track in answer["tracks"])
    assert len(answer["tracks"][0]["facets"]["timbre"]) == 4
    rows = list(csv.DictReader(io.StringIO(filled("export", "--format", "csv").out)))
    assert len(rows) == 12
    assert float(rows[0]["tempo_bpm"]) == answer["tracks"][0]["tempo_bpm"]
    assert filled("export", "-o", tmp_path / "all.json").out == ""
    assert len(json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["tracks"]) == 12
    assert filled("export", "-o", tmp_path / "no" / "all.json").code == 2


def test_odd_names_are_exact_in_json_and_harmless_on_the_screen(sori: Sori, tmp_path: Path) -> None:
    put(tmp_path / "music", ODD, "Odd \x1b[2J one")
    put(tmp_path / "music", f"bad {ODD}", deed="undecodable")
    assert sori("index", tmp_path / "music").code == 1
    shown = sori("show", "one", "--json")
    assert os.path.basename(shown.json["path"]) == ODD
    assert sori("show", tmp_path / "music" / ODD).code == 0
    for command in (["show", "one"], ["failures"], ["index", tmp_path / "music"]):
        said = sori(*command)
        assert "\x1b" not in said.out + said.err
        assert "[red]\\n\\x1b[31m\\udcff" in said.out + said.err
    failure = sori("failures", "--json").json["failures"][0]
    assert os.path.basename(failure["path"]) == f"bad {ODD}"
    assert (failure["kind"], failure["reason"]) == ("decode", "neither decoder reads it")


# --- recommending ----------------------------------------------------------------------------


def test_similar_answers_with_facets_and_reasons(filled: Sori) -> None:
    answer = filled("similar", "Song 03", "-n", "5", "--per-artist", "0", "--json").json
    assert answer["schema"] == 1
    assert [seed["title"] for seed in answer["seeds"]] == ["Song 03"]
    assert len(answer["results"]) == 5
    first = answer["results"][0]
    assert {"id", "path", "title", "artist", "similarity", "facets", "reasons"} <= set(first)
    assert set(first["facets"]) == {"timbre", "rhythm"}
    values = [result["similarity"] for result in answer["results"]]
    assert values == sorted(values, reverse=True)
    assert "Song 03" not in [result["title"] for result in answer["results"]]
    assert filled("similar", "Song 03").code == 0


def test_similar_with_filters_weights_and_several_seeds(filled: Sori, music: Path) -> None:
    everything = ["--per-artist", "0", "--json", "-n", "99"]
    fast = filled("similar", "Song 03", "Song 04", "--tempo", "100-200", *everything).json
    assert len(fast["seeds"]) == 2
    for result in fast["results"]:
        assert filled("show", result["id"], "--json").json["tempo_bpm"] >= 100
    assert filled("similar", "Song 03", "--folder", "elsewhere", *everything).json["results"] == []
    assert len(filled("similar", "Song 03", "--compatible-key", *everything).json["results"]) == 11
    assert len(filled("similar", "Song 03", "--json").json["results"]) == 2
    timbre = filled("similar", "Song 03", "--weights", "timbre=1,others=0", *everything).json["results"]
    assert timbre != filled("similar", "Song 03", *everything).json["results"]
    assert filled("similar", "Song 03", "--weights", "colour=1").code == 2


def test_one_tempo_and_lengths_and_half_time(filled: Sori) -> None:
    everything = ["similar", "Song 03", "--per-artist", "0", "--json", "-n", "99"]
    tempos = [
        filled("show", r["id"], "--json").json["tempo_bpm"] for r in filled(*everything).json["results"]
    ]
    wanted = tempos[0]
    near = filled(*everything, "--tempo", str(wanted)).json["results"]
    assert len(near) == sum(wanted / 1.06 <= tempo <= wanted * 1.06 for tempo in tempos)
    assert len(near) <= len(filled(*everything, "--tempo", str(wanted), "--half-double").json["results"])
    assert len(filled(*everything, "--duration", "0.1-1").json["results"]) == 11
    assert filled(*everything, "--duration", "1-2").json["results"] == []
    assert len(filled(*everything, "--key", "8A").json["results"]) == 11
    assert filled(*everything, "--key", "C major").json["results"] == []
    assert "give one of them" in filled(*everything, "--key", "Am", "--compatible-key").err
    assert "Only these tempos, BPM; one number takes" in " ".join(filled("similar", "--help").out.split())


def test_reasons_come_as_one_sentence_too(filled: Sori) -> None:
    for result in filled("similar", "Song 03", "--json").json["results"]:
        assert result["reason"].lower().rstrip(".") == "; ".join(result["reasons"]).lower()


def test_similar_to_a_file_outside_the_library(filled: Sori, tmp_path: Path, music: Path) -> None:
    stranger = put(tmp_path, "stranger.mp3", "Stranger")
    answer = filled("similar", stranger, "--json").json
    assert (answer["seeds"][0]["title"], answer["seeds"][0]["id"]) == ("Stranger", None)
    assert answer["results"]
    moved = tmp_path / "moved.mp3"
    (music / "05.mp3").rename(moved)
    assert filled("similar", moved, "--json").json["seeds"][0]["title"] == "Song 05"


def test_playlist_and_path_and_files(filled: Sori, tmp_path: Path) -> None:
    rules = ["--artist-spacing", "0", "--album-spacing", "0"]
    answer = filled("playlist", "Song 03", "--length", "6", *rules, "-o", "list.m3u8", "--json").json
    assert [len(answer["tracks"]), answer["tracks"][0]["title"], answer["duration_s"]] == [6, "Song 03", 60.0]
    written = (tmp_path / "list.m3u8").read_text(encoding="utf-8").splitlines()
    assert written[0] == "#EXTM3U"
    assert len([line for line in written if not line.startswith("#")]) == 6
    assert filled("playlist", "Song 03", "--duration", "0.5", *rules).code == 0
    assert filled("playlist", "Song 03", "-o", "list.doc").code == 2
    way = filled("path", "Song 01", "Song 02", "--length", "4", "-o", "way.json", "--json").json
    assert [way["tracks"][i]["title"] for i in (0, -1)] == ["Song 01", "Song 02"]
    written_way = json.loads((tmp_path / "way.json").read_text(encoding="utf-8"))
    assert written_way == {key: way[key] for key in ("schema", "tracks", "duration_s")}
    outside = put(tmp_path, "outside.mp3", "Outside")
    assert "is not in the library" in filled("path", outside, "Song 01").err
    said = filled("path", "Song 01", "Song 02", "--length", "4").out
    assert said.splitlines()[0].startswith("1  Song 01  Somebody  0:10")


def test_map_as_csv_and_json(filled: Sori, tmp_path: Path) -> None:
    points = filled("map", "--json").json["points"]
    assert len(points) == 12
    assert all(-1 <= point[axis] <= 1 for point in points for axis in "xy")
    rows = list(csv.DictReader(io.StringIO(filled("map").out)))
    assert "\r" not in filled("map").out
    assert [row["id"] for row in rows] == [point["id"] for point in points]
    assert filled("map", "-o", "map.json").out == ""
    assert len(json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))["points"]) == 12


def test_an_empty_library_answers_too(sori: Sori, tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    assert sori("index", tmp_path / "music").code == 0
    assert sori("failures").out == ""
    assert sori("export").json["tracks"] == []
    assert sori("map", "--json").json["points"] == []
    assert sori("map", "--json", "--weights", "timbre=2").json["points"] == []
    assert "the facets are" in sori("map", "--weights", "colour=2").err
    stranger = put(tmp_path, "stranger.mp3", "Stranger")
    assert "nothing in the library" in sori("similar", stranger).err
    assert sori("similar", "x").code == 2


# --- the rest --------------------------------------------------------------------------------


def test_a_reader_that_leaves_is_no_error(filled: Sori, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-m", "sori", "export", "--vectors"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_a_locale_without_unicode_changes_nothing(filled: Sori, music: Path) -> None:
    put(music, "한국어.mp3", "노래")
    assert filled("index", music).code == 0
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LC_ALL": "C"}
    environment |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    for meant in ("노래", "한국어", str(music / "한국어.mp3")):
        command = [sys.executable, "-m", "sori", "show", meant, "--json"]
        said = subprocess.run(command, env=environment, capture_output=True, check=True)
        assert json.loads(said.stdout)["title"] == "노래"


GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "command",
    ["similar Song?03", "playlist Song?03", "path Song?03 Song?04", "map", "failures", "index music"],
)
def test_every_key_of_an_answer_is_in_the_glossary(filled: Sori, music: Path, command: str) -> None:
    put(music, "bad.mp3", deed="undecodable")
    filled("index", "music", "--quiet")
    answer = filled(*(word.replace("?", " ") for word in command.split()), "--json").json
    rows = [row for value in answer.values() if isinstance(value, list) for row in value]
    keys = {key for each in (answer, *rows) if isinstance(each, dict) for key in each}
    assert not {key for key in keys if f"`{key}`" not in GLOSSARY}


def test_help_names_every_command(sori: Sori) -> None:
    said = sori("--help")
    assert said.code == 0
    verbs = "index show failures export doctor similar playlist path map demo"
    verbs += " analyze beats chords key sections pitch correct"
    for command in verbs.split():
        assert f"\n  {command} " in said.out


def test_the_library_has_a_usual_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from sori.app.actions.place import default_library

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_library() == str(tmp_path / "sori" / "library.db")

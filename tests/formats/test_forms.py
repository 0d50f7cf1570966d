"""What is written can be read again, by Sori and by others, and no file breaks on odd text."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import mir_eval
import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.events import Beats, Chord, Chords, Excerpt, Section, Sections, as_dict
from sori.formats import FORMS, Results, form_of, read, render, write
from sori.formats.jams import JAMS_PARTS
from sori.formats.rows import PARTS, parts_in, rows_of

HOSTILE = "첫 마디 {title: no}\r\n#\tA\x00\x1b[31m\u2028B"
READABLE = [part for part in PARTS if PARTS[part].results is not None]
WRITTEN_ONLY = [part for part in PARTS if PARTS[part].results is None]
LABEL_FORMS = [
    (form, part)
    for form in ("csv", "lab", "audacity", "beats")
    for part in FORMS[form].parts
    if part in READABLE
]
EXACT = {"csv": 6e-5, "lab": 1e-6, "audacity": 6e-3, "beats": 1e-6, "jams": 1e-9}


def same(one: Any, other: Any, tolerance: float) -> None:
    """Assert that two rows say the same, confidences aside (labels have none)."""
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            if isinstance(x, float):
                assert x == pytest.approx(y, abs=tolerance)
            else:
                assert x == y


def without_confidence(part: str, rows: Any) -> list[Any]:
    kept = [
        at
        for at, name in enumerate(PARTS[part].columns)
        if name not in ("confidence", "velocity", "strength")
    ]
    return [[row[at] for at in kept] for row in rows]


@pytest.mark.parametrize(("form", "part"), [*LABEL_FORMS, *(("jams", part) for part in JAMS_PARTS)])
def test_what_is_written_reads_back(song: Results, tmp_path: Path, form: str, part: str) -> None:
    path = tmp_path / f"노래{FORMS[form].extensions[0]}"
    write(song, path, part=part)
    again = read(path, form=form, part=part)
    rows, found = rows_of(song, part), rows_of(again, part)
    if form in ("csv", "jams"):
        same(found, rows, EXACT[form])
    else:
        same(without_confidence(part, found), without_confidence(part, rows), EXACT[form])


@pytest.mark.parametrize("part", WRITTEN_ONLY)
def test_tables_of_playing_and_tuning_say_every_value(song: Results, tmp_path: Path, part: str) -> None:
    write(song, tmp_path / "a.csv", part=part)
    header, *found = csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8")))
    rows = rows_of(song, part)
    assert header == list(PARTS[part].columns)
    assert len(found) == len(rows) > 0
    for cells, row in zip(found, rows, strict=True):
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, float):
                assert float(cell) == pytest.approx(value, abs=6e-5)
            else:
                assert cell == ("" if value is None else str(value))
    with pytest.raises(ParameterError, match="written only"):
        read(tmp_path / "a.csv", part=part)


def test_accents_and_swells_are_labels(song: Results) -> None:
    assert render(song, form="audacity", part="accents").decode() == "1.250000\t1.250000\t+4.5 dB\n"
    assert render(song, form="audacity", part="swells").decode() == "0.500000\t2.000000\t-6.2 dB\n"
    with pytest.raises(ParameterError, match="jams"):
        render(song, form="jams", part="tone")


def test_json_says_everything_and_reads_back(song: Results, tmp_path: Path) -> None:
    write(song, tmp_path / "a.json")
    assert read(tmp_path / "a.json") == song
    plain = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert plain["schema"] == 1
    assert plain["chords"] == json.loads(json.dumps(as_dict(song.chords)))
    assert "아리랑" in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_plain_results_of_stages_become_events(song: Results) -> None:
    plain = {**json.loads(json.dumps(song.as_plain())), "facets": {"timbre": [0.0]}, "sample_rate": 44100}
    assert Results.from_plain(plain) == song


def test_jams_reads_back_whole(song: Results, tmp_path: Path) -> None:
    write(song, tmp_path / "a.jams")
    again = read(tmp_path / "a.jams")
    assert parts_in(again) == tuple(part for part in parts_in(song) if part in JAMS_PARTS)
    assert (again.title, again.artist, again.duration_s) == (song.title, song.artist, song.duration_s)
    assert again.tempo is not None
    assert again.tempo.bpm == 112.0
    assert [other.bpm for other in again.tempo.alternatives] == [56.0]
    assert again.notes == song.notes


class TestOthersRead:
    def test_lab_with_mir_eval(self, song: Results, tmp_path: Path) -> None:
        for part, first in (("chords", "N"), ("sections", "intro"), ("keys", "C:major")):
            write(song, tmp_path / "a.lab", part=part)
            intervals, labels = mir_eval.io.load_labeled_intervals(str(tmp_path / "a.lab"))
            rows = rows_of(song, part)
            np.testing.assert_allclose(intervals, [row[:2] for row in rows], atol=1e-6)
            assert labels[0] == first
        write(song, tmp_path / "a.lab", part="chords")
        intervals, labels = mir_eval.io.load_labeled_intervals(str(tmp_path / "a.lab"))
        scores = mir_eval.chord.evaluate(intervals, labels, intervals, labels)
        assert scores["mirex"] == 1.0

    def test_beats_with_mir_eval(self, song: Results, tmp_path: Path) -> None:
        write(song, tmp_path / "a.beats")
        times, positions = mir_eval.io.load_delimited(str(tmp_path / "a.beats"), [float, int])
        assert song.beats is not None
        assert song.metre is not None
        np.testing.assert_allclose(times, song.beats.times_s, atol=1e-6)
        assert tuple(positions) == song.metre.positions

    def test_csv_with_any_reader(self, song: Results) -> None:
        table = list(csv.DictReader(io.StringIO(render(song, form="csv", part="beats").decode())))
        assert [(row["beat"], row["bar"]) for row in table[:4]] == [
            ("3", "0"),
            ("4", "0"),
            ("1", "1"),
            ("2", "1"),
        ]

    def test_jams_against_its_schema(self, song: Results, empty: Results, tmp_path: Path) -> None:
        jams = pytest.importorskip("jams", reason="the JAMS library is not installed")
        for results in (song, empty):
            write(results, tmp_path / "a.jams")
            assert jams.load(str(tmp_path / "a.jams"), validate=True, strict=True).validate(strict=True)

    def test_jams_has_the_shape_of_its_specification(self, song: Results) -> None:
        plain = json.loads(render(song, form="jams"))
        assert set(plain) == {"annotations", "file_metadata", "sandbox"}
        assert plain["file_metadata"]["duration"] == song.duration_s
        spaces = {one["sandbox"]["part"]: one for one in plain["annotations"]}
        named = {part: one["namespace"] for part, one in spaces.items()}
        assert named == {
            "beats": "beat", "chords": "chord", "keys": "key_mode", "sections": "segment_open",
            "notes": "note_midi", "melody_notes": "note_midi", "pitch": "pitch_contour",
            "melody": "pitch_contour", "onsets": "onset", "tempo": "tempo", "tempo_curve": "tempo",
        }  # fmt: skip
        for part, one in spaces.items():
            if part in ("pitch", "melody"):
                assert {len(column) for column in one["data"].values()} == {len(rows_of(song, part))}
                assert set(one["data"]["value"][0]) == {"index", "frequency", "voiced"}
            else:
                assert set(one["data"][0]) == {"time", "duration", "value", "confidence"}
        assert spaces["keys"]["data"][1]["value"] == "Eb:minor"


@pytest.mark.parametrize("form", FORMS)
def test_nothing_found_is_a_file_that_reads_back(empty: Results, tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a{FORMS[form].extensions[0]}"
    for part in [name for name in FORMS[form].parts if name in parts_in(empty)] or (None,):
        write(empty, path, form=form, part=part)
        if FORMS[form].back is not None:
            again = read(path, form=form, part=part)
            assert all(not rows_of(again, name) for name in parts_in(again))


@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_stays_where_it_belongs(tmp_path: Path, form: str) -> None:
    section = Section(0.0, 2.0, HOSTILE, 1.0)
    results = Results(
        duration_s=2.0,
        title=HOSTILE + "\ud800",
        beats=Beats((0.5, 1.0, 1.5)),
        chords=Chords((Chord(0.0, 2.0, "C:maj", 1.0, ()),), False),
        sections=Sections((section,), None, Excerpt(0.0, 2.0)),
    )
    part = "sections" if "sections" in FORMS[form].parts else "beats" if form == "beats" else None
    data = render(results, form=form, part=part)
    if form == "midi":
        return
    text = data.decode("utf-8")
    if form != "json":
        assert not set(text) & set("\x00\x1b\u2028\r")
    if form in ("lab", "audacity"):
        assert len(text.splitlines()) == 1
    if form == "chordpro":
        heads = [line for line in text.splitlines() if line.startswith("{")]
        assert all(line.count("{") == 1 and line.endswith("}") for line in heads)
        assert sum(line.startswith("{title:") for line in heads) == 1
    if FORMS[form].back is not None:
        (tmp_path / "a").write_bytes(data)
        again = read(tmp_path / "a", form=form, part=part)
        if again.sections is not None:
            assert again.sections.sections[0].label.startswith("첫 마디 {title: no}")


OBSERVED = b'{"time": 0, "duration": 1, "value": 3, "confidence": %s}'
GARBAGE = {
    "csv": [b"", b"start_s,end_s\n", b"start_s,end_s,label,confidence\n1,x,C,1\n",
            b"start_s,end_s,label\n2,1,C\n", b"start_s,end_s,label\n0,nan,C\n",
            b'start_s,end_s,label\n0,1,"C\n',
            b"start_s,end_s,label,confidence\n0,1,C,inf\n", b"\xff\xfe\x00\x01"],
    "lab": [b"0 1\n", b"a b C\n", b"3 2 C\n", b"-1 2 C\n", b"0 1e999 C\n", b"0 1 \xff\n"],
    "audacity": [b"1\n", b"1\tx\tC\n", b"0 1 C\n"],
    "beats": [b"x\n", b"1\t1\n1\t2\n", b"1\t0\n", b"1\t1.5\n", b"1\t1\n2\n", b"1 2 3\n", b"nan\t1\n"],
    "jams": [b"", b"[]", b"{}", b'{"annotations": [3]}', b'{"annotations": 3}', b"[" * 100_000,
             b'{"annotations": [{"namespace": "chord", "data": [{"time": "x"}]}]}',
             b'{"annotations": [{"namespace": "chord", "data": 3}]}',
             b'{"annotations": [{"namespace": "chord", "data": [' + OBSERVED % b"1" + b"]}]}",
             b'{"annotations": [{"namespace": "key_mode", "data": [' + OBSERVED % b"1" + b"]}]}",
             b'{"annotations": [{"namespace": "beat", "data": [' + OBSERVED % b"NaN" + b"]}]}",
             b'{"annotations": [{"namespace": "pitch_contour", "data": {"time": [1]}}]}'],
    "json": [b"", b"3", b"{", b'{"schema": 2}', b'{"schema": 1, "beats": 3}', b'{"schema": 1, "beats": {}}',
             b'{"schema": 1, "beats": {"times_s": [true]}}', b'{"schema": 1, "beats": {"times_s": [NaN]}}',
             b'{"schema": 1, "title": 3}', b'{"schema": 1, "duration_s": 1' + b"0" * 400 + b"}",
             b'{"schema": 1, "duration_s": ' + b"1" * 5000 + b"}"],
    "midi": [b"", b"MThd", b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x01\xe0MTrk\x00\x00\xff\xff\x00\x90",
             b"MThd\x00\x00\x00\x06\x00\x02\x00\x00\x01\xe0", b"MThd\x00\x00\x00\x06\x00\x01\x00\x00\x00\x00",
             b"RIFF1234WAVE"],
}  # fmt: skip


@pytest.mark.parametrize(("form", "data"), [(form, data) for form, many in GARBAGE.items() for data in many])
def test_garbage_is_refused_with_its_place(tmp_path: Path, form: str, data: bytes) -> None:
    path = tmp_path / "고장.file"
    path.write_bytes(data)
    part = "chords" if form in ("csv", "lab", "audacity") else None
    with pytest.raises(DataError, match=r"고장\.file") as error:
        read(path, form=form, part=part)
    if form in ("csv", "lab", "audacity", "beats"):
        assert "line " in str(error.value)


@pytest.mark.parametrize("form", [form for form, one in FORMS.items() if one.back is not None])
def test_damaged_files_are_refused_or_read(song: Results, tmp_path: Path, form: str) -> None:
    """Change and cut bytes at random: whatever comes of it is results or a DataError."""
    rng = np.random.default_rng(7)
    part = "chords" if "chords" in FORMS[form].parts else None
    small = dataclasses.replace(song, pitch=None, melody=None)
    whole = np.frombuffer(render(small, form=form, part=part), np.uint8)
    path = tmp_path / "a.file"
    refused = 0
    for _ in range(120):
        data = whole.copy()
        data[rng.integers(len(data), size=int(rng.integers(1, 8)))] = rng.integers(0, 256, 1)
        path.write_bytes(data[: int(rng.integers(1, len(data) + 1))].tobytes())
        try:
            Results.from_plain(read(path, form=form, part=part).as_plain())
        except DataError:
            refused += 1
    assert refused > 10


class TestAsking:
    def test_the_ending_says_the_form(self) -> None:
        assert [form_of(f"a{ending}") for ending in (".MID", ".jams", ".txt", ".cho")] == [
            "midi", "jams", "audacity", "chordpro",
        ]  # fmt: skip
        with pytest.raises(ParameterError, match="beats"):
            form_of("a.wav")

    def test_one_part_needs_no_name_many_do(self, song: Results, tmp_path: Path) -> None:
        chords = Results(duration_s=song.duration_s, chords=song.chords)
        assert render(chords, form="lab") == render(song, form="lab", part="chords")
        with pytest.raises(ParameterError, match="chords, sections, keys"):
            write(song, tmp_path / "a.lab")
        assert not (tmp_path / "a.lab").exists()

    @pytest.mark.parametrize(
        ("form", "part"),
        [("lab", "beats"), ("midi", "beats"), ("lab", "songs"), ("wav", None), ("jams", "x")],
    )
    def test_what_cannot_be_is_said(self, song: Results, form: str, part: str | None) -> None:
        with pytest.raises(ParameterError, match=r"want one of|leave part out"):
            render(song, form=form, part=part)

    def test_what_was_not_asked_is_said(self, song: Results) -> None:
        with pytest.raises(ParameterError, match="hold beats"):
            render(Results(beats=song.beats), form="lab", part="chords")
        with pytest.raises(ParameterError, match="analysis of chords"):
            render(Results(beats=song.beats), form="chordpro")

    def test_chordpro_is_not_read(self, tmp_path: Path) -> None:
        with pytest.raises(ParameterError, match="written only"):
            read(tmp_path / "a.cho")

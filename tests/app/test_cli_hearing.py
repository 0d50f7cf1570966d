"""The commands about one recording: answers, files, and what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from command_line import KOREAN, Sori, heard, listen_with, put, results

from sori.errors import DataError
from sori.formats import read
from sori.library.catalog import SqlCatalog

VERBS = ("analyze", "beats", "chords", "key", "sections", "pitch")
GLOSSARY = (Path(__file__).resolve().parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")


# --- answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("source", [f"music/{KOREAN}", "outside.mp3", "Song"])
def test_every_verb_answers_for_people_and_programs(one: Sori, verb: str, source: str) -> None:
    said = one(verb, source)
    assert (said.code, said.err) == (0, "")
    assert len(said.out.splitlines()) > 1
    assert max(map(len, said.out.splitlines())) <= 100
    answer = one(verb, source, "--json").json
    assert answer["schema"] == 1
    assert answer["title"] == ("Outside" if source == "outside.mp3" else "Song")
    assert Path(answer["path"]).name == ("outside.mp3" if source == "outside.mp3" else KOREAN)


def keys_of(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner)


@pytest.mark.parametrize(
    "command", [*VERBS, "pitch --melody", "chords --free", "chords --fingerings guitar", "correct --key Am"]
)
def test_every_key_is_in_the_glossary(one: Sori, command: str) -> None:
    verb, *options = command.split()
    answer = one(verb, "Song", *options, "--json").json
    assert not {key for key in keys_of(answer) if f"`{key}`" not in GLOSSARY}


def test_what_beats_say(one: Sori) -> None:
    out = one("beats", "outside.mp3").out
    bpm = one("beats", "outside.mp3", "--json").json["tempo_bpm"]
    assert f"tempo  {bpm:.1f} BPM  (50% sure)\n       or {2 * bpm:.1f} (double)\n" in out
    assert (
        "metre  4 beats to the bar  (80% sure)\n       or 2 (10%)\ncycle  8 pulses, 4.00 s  (70% sure)\n"
        in out
    )
    assert "bars start at\n1  0:00.5" in out


def test_what_key_and_sections_and_pitch_say(one: Sori) -> None:
    key = one("key", "Song").out
    assert "from     0:00.0  A minor\n         0:05.0  C major\n" in key
    assert "tuning   A4 = 442.0 Hz (+8 cents)\n" in key
    assert "over a drone" in key
    assert "nearest  natural minor, 3 cents off on average" in key
    sections = one("sections", "Song").out
    assert sections.startswith("0:00.0  0:05.0  A  5 s\n0:05.0  0:10.0  A  5 s\n")
    assert "returns most    0:00.0 to 0:05.0  (a chorus?)" in sections
    assert "0:00.5  0.75 s  A4  +12 cents\n" in one("pitch", "Song").out
    assert one("pitch", "Song", "--melody").out == "0:00.5  1.00 s  A4  +0 cents\n"


def test_a_scala_file_takes_part_in_the_search_for_the_nearest(one: Sori, tmp_path: Path) -> None:
    ours = "! ours\nOur own tuning\n 3\n!\n 350.0\n 702.0\n 2/1\n"
    (tmp_path / "우리.scl").write_text(ours, encoding="utf-8")
    (tmp_path / "none.scl").write_text("no scale\n", encoding="utf-8")
    (tmp_path / "bohlen.scl").write_text("tritave\n 2\n!\n 5/3\n 3/1\n", encoding="utf-8")
    heard = one("key", "Song", "--json").json["scale"]
    assert [near["name"] for near in heard["nearest"]] == ["natural minor"]
    compared = one("key", "Song", "--scl", "우리.scl", "--json").json["scale"]
    assert "Our own tuning" in [near["name"] for near in compared["nearest"]]
    assert compared["degrees"] == heard["degrees"]
    one("key", "Song", "--scl", "우리.scl", "-o", "near.csv", "--part", "nearest_scales")
    assert "Our own tuning,Scala file," in (tmp_path / "near.csv").read_text(encoding="utf-8")
    wrong = {"none.scl": "want a description", "bohlen.scl": "want octaves", "no.scl": "No such"}
    for file, reason in wrong.items():
        said = one("key", "Song", "--scl", file)
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert reason in said.err


def test_silence_is_said_in_words(one: Sori, tmp_path: Path) -> None:
    put(tmp_path, "still.mp3", "Still", deed="silent")
    for verb in VERBS:
        assert one(verb, "still.mp3").code == 0
        assert one(verb, "still.mp3", "--json").code == 0
    assert one("beats", "still.mp3").out == "nothing pulses\n"
    assert one("key", "still.mp3").out == "nothing is pitched\n"
    assert one("pitch", "still.mp3").out.startswith("no single voice is heard")
    assert one("pitch", "still.mp3", "--melody").out == "no melody is heard\n"
    assert "N.C." in one("chords", "still.mp3").out
    assert "no key was heard" in one("chords", "still.mp3", "--names", "roman").err


@pytest.mark.parametrize(
    ("options", "heading", "names"),
    [
        ([], "in A minor", "Am F C/E G7"),
        (["--names", "harte"], "in A minor", "A:min F:maj C:maj/3 G:7"),
        (["--names", "german"], "in a-Moll", "Am F C/E G7"),
        (["--names", "latin"], "in La minore", "Lam Fa Do/Mi Sol7"),
        (["--names", "korean"], "in 가단조", "Am F C/E G7"),
        (["--names", "roman"], "in A minor", "i VI III6 VII7"),
        (["--names", "nashville"], "in A minor", "6- 4 1/3 57"),
        (["--transpose", "2"], "in B minor, +2 semitones", "Bm G D/F# A7"),
        (["--transpose", "2", "--names", "german"], "in h-Moll, +2 semitones", "Hm G D/Fis A7"),
        (["--capo", "5"], "in E minor, shapes behind a capo at fret 5", "Em C G/B D7"),
    ],
)
def test_chords_are_named_as_asked(one: Sori, options: list[str], heading: str, names: str) -> None:
    first, *rows = one("chords", "Song", *options).out.splitlines()
    assert first == heading
    assert [row.split()[1] for row in rows[:4]] == names.split()


def test_fingerings_are_drawn(one: Sori) -> None:
    out = one("chords", "Song", "--fingerings", "guitar").out
    assert "Am             F              C/E            G7\n" in out
    assert "x02210         133211         032010         320001\n" in out
    assert "x o       o                   o     o   o        o o o\n" in out
    assert "| | | | 1 |    1 1 1 1 1 1    | | | | 1 |    | | | | | 1\n" in out
    assert "2000" in one("chords", "Song", "--fingerings", "ukulele").out
    assert "left hand" in one("chords", "Song", "--fingerings", "piano").out
    dadgad = one("chords", "Song", "--fingerings", "guitar DADGAD", "--json").json["fingerings"]
    assert [len(shape["frets"]) for shape in dadgad] == [6] * 4


# --- what is kept ----------------------------------------------------------------------------


def test_a_track_of_the_library_is_heard_once_only(one: Sori, log: Path) -> None:
    one("chords", "Song")
    one("chords", f"music/{KOREAN}", "--json")
    one("chords", "Song", "-o", "song.lab")
    asked = [line.removeprefix(f"{KOREAN} ") for line in heard(log)]
    assert asked[1:] == ["chords", "metre,tuning"]
    one("analyze", "Song")
    assert len(heard(log)) == 4
    one("analyze", "Song")
    one("pitch", "Song")
    assert len(heard(log)) == 4
    one("chords", "outside.mp3")
    one("chords", "outside.mp3")
    assert len(heard(log)) == 6


def test_free_chords_are_kept_beside_the_others(one: Sori, log: Path) -> None:
    usual = one("chords", "Song", "--json").json["chords"]
    free = one("chords", "Song", "--free", "--json").json["chords"]
    assert [c["label"] for c in free] == [c["label"] for c in usual]
    assert [c["start_s"] for c in free] == [0.0, 2.3, 4.8, 7.3]
    assert one("chords", "Song", "--json").json["chords"] == usual
    assert one("chords", "Song", "--free", "-o", "song.lab").code == 0
    assert Path("song.lab").read_text(encoding="utf-8").splitlines()[1].split() == [
        "2.300000",
        "4.800000",
        "F:maj",
    ]
    asked = [line.removeprefix(f"{KOREAN} ") for line in heard(log)]
    assert asked[1:] == ["chords", "free_chords", "metre,tuning"]


def test_a_correction_leaves_free_chords_as_they_were_heard(one: Sori) -> None:
    assert one("correct", "Song", "--chord", "1=Dm").code == 0
    assert one("chords", "Song", "--json").json["chords"][0]["label"] == "D:min"
    free = one("chords", "Song", "--free", "--transpose", "2", "--json").json
    assert [c["label"] for c in free["chords"]] == ["B:min", "G:maj", "D:maj/3", "A:7"]
    assert free["corrected"] == {}


def test_stages_of_an_older_version_are_heard_again(
    one: Sori, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one("chords", "Song")
    listen_with(monkeypatch, log, on_demand=2)
    one("chords", "Song")
    one("chords", "Song")
    assert [line.split()[-1] for line in heard(log)[1:]] == ["chords", "chords"]


def test_what_is_heard_and_said_while_a_run_goes_on_is_kept(one: Sori, log: Path, tmp_path: Path) -> None:
    with SqlCatalog(str(tmp_path / "library.db")) as other, other.exclusive():
        said = one("sections", "Song")
        assert (said.code, said.out.splitlines()[0], said.err) == (0, "0:00.0  0:05.0  A  5 s", "")
        assert one("correct", "Song", "--key", "C").code == 0
    assert one("sections", "Song").err == ""
    assert one("key", "Song", "--json").json["key"]["tonic"] == "C"
    assert sum("sections" in line for line in heard(log)) == 1


def test_what_cannot_be_kept_is_shown_all_the_same(
    one: Sori, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DataError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(SqlCatalog, "record_hearing", full)
        said = one("sections", "Song")
    assert (said.code, said.out.splitlines()[0]) == (0, "0:00.0  0:05.0  A  5 s")
    assert said.err == "sori: what was heard is shown but not kept: the disk is full\n"
    one("sections", "Song")
    assert sum("sections" in line for line in heard(log)) == 2


def test_a_file_that_is_gone_is_answered_from_what_was_heard(one: Sori, tmp_path: Path) -> None:
    one("chords", "Song")
    one("beats", "Song")
    (tmp_path / "music" / KOREAN).unlink()
    assert one("chords", "Song").code == 0
    said = one("sections", "Song")
    assert said.code == 2
    assert "is not there any more, and its sections, highlight were not heard before" in said.err
    assert "is not there; bring it back" in one("correct", "Song", "--tap", "1,2,3").err
    picture = one("chords", "Song", "-o", "song.png")
    assert (picture.code, picture.err.count("\n"), (tmp_path / "song.png").exists()) == (2, 1, False)


def test_a_file_that_was_overwritten_is_not_taken_for_the_old(one: Sori, tmp_path: Path) -> None:
    put(tmp_path / "music", KOREAN, "Song").write_text("other|Other|", encoding="utf-8")
    said = one("chords", "Song")
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "index it again" in said.err
    assert one("chords", f"music/{KOREAN}", "--json").json["title"] == "Other"


def test_without_a_library_a_file_is_heard_and_a_name_is_not_understood(sori: Sori, tmp_path: Path) -> None:
    put(tmp_path, "song.mp3", "Song")
    said = sori("key", "song.mp3")
    assert (said.code, said.out.split()[:2]) == (0, ["key", "A"])
    assert "so nothing is kept" in said.err
    assert "there is no library at" in sori("key", "Song").err
    put(tmp_path, "broken.mp3", deed="soundless")
    broken = sori("key", "broken.mp3")
    assert (broken.code, broken.err.splitlines()[-1]) == (1, "sori: no samples in it")


# --- files -----------------------------------------------------------------------------------


def test_every_form_can_be_read_back(one: Sori, tmp_path: Path) -> None:
    chords = ["A:min", "F:maj", "C:maj/3", "G:7"]
    for ending in ("lab", "txt", "csv", "jams", "json"):
        assert one("chords", "Song", "-o", f"song.{ending}") == (0, "", "")
        part = None if ending in ("jams", "json") else "chords"
        found = read(tmp_path / f"song.{ending}", part=part).chords
        assert found is not None
        assert [chord.label for chord in found.chords] == chords
    beats = one("beats", "Song", "--json").json["beats_s"]
    for ending in ("beats", "txt", "csv", "jams", "json"):
        assert one("beats", "Song", "-o", f"beats.{ending}").code == 0
        told = read(tmp_path / f"beats.{ending}", part="beats" if ending in ("txt", "csv") else None).beats
        assert told is not None
        assert told.times_s == pytest.approx(beats, abs=0.002)
    assert one("chords", "Song", "-o", "song.mid").code == 0
    assert (tmp_path / "song.mid").read_bytes()[:4] == b"MThd"
    assert one("analyze", "Song", "-o", "all.json").code == 0
    whole = read(tmp_path / "all.json")
    assert whole.expression is not None
    assert (whole.title, len(whole.as_plain())) == ("Song", 24)
    assert one("analyze", "Song", "-o", "notes.csv", "--part", "notes").code == 0
    assert "{title: Song}" in one("chords", "Song", "--format", "chordpro").out
    assert one("key", "Song", "--format", "lab", "-o", "-").out.startswith("0.000000\t5.000000\tA:min")


@pytest.mark.parametrize("source", ["Song", "path"])
def test_the_recording_is_never_written_over(one: Sori, tmp_path: Path, source: str) -> None:
    path = one("show", "Song", "--json").json["path"]
    before = Path(path).read_bytes()
    link = tmp_path / "link.json"
    link.symlink_to(path)
    for output in (path, str(link)):
        said = one("beats", path if source == "path" else source, "-o", output, "--format", "json")
        assert said.code == 2
        assert "is the recording itself" in said.err
    assert Path(path).read_bytes() == before


def test_what_is_moved_is_written_moved(one: Sori) -> None:
    assert "\tB:min\n" in one("chords", "Song", "--transpose", "2", "--format", "lab").out
    assert "\tE:min\n" in one("chords", "Song", "--capo", "5", "--format", "lab").out
    sheet = one("chords", "Song", "--transpose", "2", "--format", "chordpro").out
    assert "{key: Bm}" in sheet
    assert "| Bm " in sheet


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["beats", "Song", "-o", "song.doc"], "let it end in one of .json"),
        (["beats", "Song", "-o", "no/song.csv"], "there is no folder 'no'"),
        (["beats", "Song", "-o", "music"], "is a folder"),
        (["beats", "Song", "-o", "-"], "does not say what to write"),
        (["beats", "Song", "-o", "song.csv", "--json"], "--json goes with no file"),
        (["beats", "Song", "-o", "song.lab"], "beats cannot be written as lab"),
        (["beats", "Song", "-o", "song.cho"], "beats cannot be written as chordpro"),
        (["chords", "Song", "-o", "song.beats"], "chords cannot be written as beats"),
        (["key", "Song", "-o", "song.wav"], "keys cannot be written as sound"),
        (["beats", "Song", "--format", "xml"], "choose one of json"),
        (["beats", "Song", "--part", "beats"], "name one with --output"),
        (["analyze", "Song", "-o", "song.csv"], "say which with --part"),
        (["analyze", "Song", "-o", "song.csv", "--part", "drums"], "csv holds beats"),
        (["analyze", "Song", "-o", "song.png", "--part", "beats"], "leave --part out"),
        (["chords", "Song", "--names", "elvish"], "choose one of lead"),
        (["chords", "Song", "--fingerings", "flute"], "choose one of guitar"),
        (["chords", "Song", "--transpose", "25"], "two octaves"),
        (["chords", "Song", "--names", "roman", "-o", "song.lab"], "files have labels"),
        (["chords", "Song", "--transpose", "2", "-o", "song.wav"], "stays in its key"),
        (["chords", "No such song"], "no track of the library is called"),
        (["correct", "Song"], "nothing to correct"),
        (["correct", "Song", "--tempo", "x3"], "choose x2"),
        (["correct", "Song", "--tap", "1,2"], "three or more"),
        (["correct", "Song", "--tap", "1,,2"], "write seconds"),
        (["correct", "Song", "--tap", "1,2,nan"], "no finite number"),
        (["correct", "Song", "--tap", "1,2,11"], "lasts 10 s"),
        (["correct", "Song", "--shift", "20", "--shift", "-20"], "no beats are left"),
        (["correct", "Song", "--key", "H"], "is not known"),
        (["correct", "Song", "--key", "D dorian"], "is not known"),
        (["correct", "Song", "--chord", "Am"], "as in 12.5=Am7"),
        (["correct", "Song", "--chord", "1=H"], "chord 'H'"),
        (["correct", "Song", "--chord", "10=Am"], "from 0 to 10 s"),
        (["correct", "Song", "--undo", "all"], "choose beats"),
        (["correct", "Song", "--undo", "key", "--key", "C"], "goes alone"),
        (["correct", "outside.mp3", "--key", "C"], "no track of the library"),
    ],
)
def test_wrong_usage_is_one_line_and_2(one: Sori, arguments: list[str], complaint: str) -> None:
    said = one(*arguments)
    assert (said.code, said.out) == (2, "")
    assert complaint in said.err
    assert said.err.startswith("sori: ")
    assert said.err.count("\n") == 1
    assert results(one)["corrected"] == {}


def test_what_cannot_be_written_is_refused_before_anything_is_heard(one: Sori, log: Path) -> None:
    one("chords", "Song", "-o", "song.doc")
    one("chords", "Song", "--names", "elvish")
    assert len(heard(log)) == 1


def test_a_file_is_written_whole_or_not_at_all(
    one: Sori, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "song.lab"
    target.write_text("before", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sori.system.replacing.os.replace", full)
        said = one("chords", "Song", "-o", target)
    assert (said.code, said.err) == (1, f"sori: {target}: No space left on device\n")
    assert target.read_text(encoding="utf-8") == "before"
    assert not list(tmp_path.glob("*.part"))
    (tmp_path / "link.lab").symlink_to(target)
    assert one("chords", "Song", "-o", "link.lab").code == 0
    assert (tmp_path / "link.lab").is_symlink()
    assert target.read_text(encoding="utf-8").endswith("G:7\n")


def test_every_verb_has_help(sori: Sori) -> None:
    for verb in (*VERBS, "correct"):
        said = sori(verb, "--help")
        assert said.code == 0
        assert "--json" in said.out


def test_the_page_says_which_command_writes_what(one: Sori, tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "music.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.split("## Files")[1].splitlines() if line.startswith("| `.")]
    assert len(rows) >= 10
    for endings, _, verbs in rows:
        ending = endings.split("`")[1]
        if ending in (".png", ".wav"):
            continue  # these need sound that is real
        for verb in VERBS:
            written = one(verb, "Song", "-o", f"song{ending}").code == 0
            named = verbs.startswith("all") or f"`{verb}`" in verbs
            assert written == (named and (verb, ending) != ("analyze", ".csv")), (verb, ending)

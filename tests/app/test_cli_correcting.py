"""What a person corrects: kept, added up, reaching what goes by it, taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import KOREAN, Sori, heard, listen_with, put, results

from sori.app.actions import correcting
from sori.library.catalog import SqlCatalog


@pytest.mark.parametrize(
    ("option", "factor", "beats_per_bar"), [("x2", 2, 4), ("/2", 0.5, 2), ("2/3", 2 / 3, 4), ("3/2", 1.5, 6)]
)
def test_the_tempo_is_corrected(one: Sori, option: str, factor: float, beats_per_bar: int) -> None:
    before = one("beats", "Song", "--json").json
    assert one("correct", "Song", "--tempo", option).code == 0
    after = one("beats", "Song", "--json").json
    assert after["tempo_bpm"] == pytest.approx(before["tempo_bpm"] * factor, abs=0.01)
    assert (after["tempo_confidence"], after["tempo_alternatives"]) == (1.0, [])
    assert len(after["beats_s"]) == pytest.approx(len(before["beats_s"]) * factor, abs=1)
    assert after["metre"]["beats_per_bar"] in (beats_per_bar, 4)
    assert after["corrected"]["beats"] == f"tempo {option}"


def test_beats_are_moved_and_corrections_add_up(one: Sori) -> None:
    before = one("beats", "Song", "--json").json
    one("correct", "Song", "--shift", "0.25")
    one("correct", "Song", "--shift-beats", "1")
    after = one("beats", "Song", "--json").json
    assert after["beats_s"] == pytest.approx([time + 0.25 for time in before["beats_s"]], abs=0.002)
    assert after["downbeats_s"][0] == after["beats_s"][1]
    assert after["corrected"]["beats"] == "moved by 1 beat, moved by 0.25 s"


@pytest.mark.parametrize("steps", [("x2", "/2"), ("/2", "x2"), ("2/3", "3/2"), ("3/2", "2/3")])
def test_what_is_taken_back_gives_back_what_was_there(one: Sori, steps: tuple[str, str]) -> None:
    before = one("beats", "Song", "--json").json
    for step in steps:
        one("correct", "Song", "--tempo", step)
    assert one("beats", "Song", "--json").json == before  # its confidence, its bars: nothing is corrected
    one("correct", "Song", "--tempo", "x2", "--shift", "-0.7")
    moved = one("beats", "Song", "--json").json
    for step in steps:
        one("correct", "Song", "--tempo", step)
    assert one("beats", "Song", "--json").json == moved
    one("correct", "Song", "--shift", "0.7")
    one("correct", "Song", "--tempo", "/2")
    assert one("beats", "Song", "--json").json == before


def test_chords_change_where_corrected_beats_are(one: Sori, log: Path) -> None:
    before = one("chords", "Song", "--json").json["chords"]
    assert one("correct", "Song", "--shift", "0.25").code == 0
    beats = one("beats", "Song", "--json").json["beats_s"]
    after = one("chords", "Song", "--json").json
    assert heard(log)[-1] == f"{KOREAN} chords given"
    assert after["chords"][1]["start_s"] == beats[1] != before[1]["start_s"]
    assert after["corrected"] == {}  # nobody corrected the chords
    count = len(heard(log))
    assert one("chords", "Song", "--json").json == after
    assert len(heard(log)) == count  # kept with the correction
    assert results(one)["results"]["chords"]["chords"][1]["start_s"] == beats[1]
    one("correct", "Song", "--tempo", "x2")
    assert one("chords", "Song", "--json").json["chords"][1]["start_s"] == pytest.approx(
        0.5 * (beats[0] + beats[1]), abs=0.001
    )
    one("correct", "Song", "--undo", "beats")
    assert one("chords", "Song", "--json").json["chords"] == before


def test_chords_by_hand_stay_where_beats_are_corrected(one: Sori, log: Path) -> None:
    one("correct", "Song", "--chord", "3=Dm7")
    by_hand = one("chords", "Song", "--json").json
    one("correct", "Song", "--shift", "0.25")
    count = len(heard(log))
    assert one("chords", "Song", "--json").json == by_hand
    assert len(heard(log)) == count
    one("correct", "Song", "--undo", "chords")  # then they are heard, going by the beats
    beats = one("beats", "Song", "--json").json["beats_s"]
    assert one("chords", "Song", "--json").json["chords"][1]["start_s"] == beats[1]
    # A chord said now is of the chords that go by those beats.
    one("correct", "Song", "--tempo", "x2", "--chord", "0.6=Em")
    both = one("chords", "Song", "--json").json
    assert both["chords"][1]["start_s"] == pytest.approx(0.5 * (beats[0] + beats[1]), abs=0.001)
    assert set(both["corrected"]) == {"chords"}


def test_what_goes_by_a_correction_is_heard_again_by_a_newer_ear(
    one: Sori, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one("correct", "Song", "--shift", "0.25")
    before = one("chords", "Song", "--json").json
    listen_with(monkeypatch, log, on_demand=2)
    assert one("chords", "Song", "--json").json == before
    assert heard(log)[-1] == f"{KOREAN} chords given"


def test_no_correction_is_lost_to_another(one: Sori, tmp_path: Path) -> None:
    one("beats", "Song")
    with SqlCatalog(str(tmp_path / "library.db")) as library:
        bpm = library.find("Song")[0].tempo_bpm
        with library.correcting():  # somebody else is between reading and writing
            refused = one("correct", "Song", "--tempo", "x2")
        assert refused.code == 2
        assert "another run is writing" in refused.err
        assert library.find("Song")[0].tempo_bpm == bpm


def test_a_correction_made_while_another_listens_is_added_to(
    one: Sori, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, others = correcting.hear_track, ["x2"]

    def slow(*args: Any, **kwargs: Any) -> Any:
        heard = real(*args, **kwargs)
        while others:
            one("correct", "Song", "--tempo", others.pop())
        return heard

    monkeypatch.setattr(correcting, "hear_track", slow)
    one("correct", "Song", "--shift", "0.25")
    assert one("beats", "Song", "--json").json["corrected"]["beats"] == "tempo x2, moved by 0.25 s"


def test_key_and_chords_are_corrected(one: Sori) -> None:
    said = one("correct", "Song", "--key", "F#m", "--chord", "3=Dm7", "--chord", "9=C:maj7", "--chord", "0=N")
    assert "chords: Dm7 at 3 s, Cmaj7 at 9 s, N.C. at 0 s" in said.out
    assert one("key", "Song", "--json").json["key"] == {"tonic": "F#", "mode": "minor", "confidence": 1.0}
    answer = one("chords", "Song")
    assert [row.split()[1] for row in answer.out.splitlines()[1:5]] == ["N.C.", "Dm7", "C/E", "Cmaj7"]
    assert answer.out.splitlines()[2].endswith("by hand")
    assert answer.err.count("sori: corrected by hand: key: F# minor; chords: Dm7") == 1


def test_corrections_stand_whatever_is_heard_later_until_they_are_taken_back(
    one: Sori, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = results(one)
    one("correct", "Song", "--tempo", "x2", "--key", "C", "--chord", "3=Dm7")
    corrected = results(one)
    listen_with(monkeypatch, log, tempo=2, beats=2, key=2, on_demand=2)
    assert one("index", "music", "--quiet").code == 0
    assert heard(log)[-1] == f"{KOREAN} tempo,key,beats"
    assert one("analyze", "Song", "--json").json["tempo_bpm"] == 2 * before["tempo_bpm"]
    assert one("chords", "Song", "--json").json["chords"][1]["label"] == "D:min7"
    again = results(one)
    assert {k: again[k] for k in ("tempo_bpm", "key_tonic", "key_mode", "corrected")} == {
        k: corrected[k] for k in ("tempo_bpm", "key_tonic", "key_mode", "corrected")
    }
    assert again["results"]["beats"] == corrected["results"]["beats"]
    assert one("correct", "Song", "--undo", "beats", "--undo", "key").code == 0
    undone = results(one)
    assert (undone["tempo_bpm"], undone["key_tonic"]) == (before["tempo_bpm"], "A")
    assert undone["results"]["beats"] == before["results"]["beats"]
    assert set(undone["corrected"]) == {"chords"}
    one("correct", "Song", "--undo", "chords")
    assert results(one)["corrected"] == {}


def test_the_whole_library_knows_of_a_correction(filled: Sori) -> None:
    filled("correct", "Song 03", "--key", "E", "--tempo", "x2")
    bpm = filled("show", "Song 03", "--json").json["tempo_bpm"]
    tracks = {track["title"]: track for track in filled("export").json["tracks"]}
    assert (tracks["Song 03"]["key_tonic"], tracks["Song 03"]["tempo_bpm"]) == ("E", bpm)
    assert set(tracks["Song 03"]["corrected"]) == {
        "tempo",
        "beats",
        "metre",
        "tempo_curve",
        "key",
        "local_keys",
    }
    assert f",{bpm}," in filled("export", "--format", "csv").out
    everything = ["--per-artist", "0", "--json", "-n", "99"]
    found = filled("similar", "Song 04", "--key", "E", *everything).json["results"]
    assert [result["title"] for result in found] == ["Song 03"]
    near = filled("similar", "Song 04", "--tempo", str(bpm), *everything).json["results"]
    assert "Song 03" in [result["title"] for result in near]
    assert "by hand  beats: tempo x2; key: E major" in filled("show", "Song 03").out


def test_a_recording_without_beats_wants_taps(one: Sori, tmp_path: Path) -> None:
    put(tmp_path / "music", "still.mp3", "Still", deed="silent")
    one("index", "music", "--quiet")
    one("beats", "Still", "--json")
    library = SqlCatalog(str(tmp_path / "library.db"))
    with library:
        library.correct(library.find("Still")[0].id, {"beats": {"times_s": []}}, how="none")
    assert "tap some of them with --tap" in one("correct", "Still", "--tempo", "x2").err

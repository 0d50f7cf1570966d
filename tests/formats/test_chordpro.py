"""A chord sheet that can be played from: bars, sections, key, tempo."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sori.events import Beats, Chord, Chords
from sori.formats import Results, render
from sori.formats.results import metre_of


def sheet(results: Results) -> list[str]:
    return render(results, form="chordpro").decode().splitlines()


def test_directives_come_first(song: Results) -> None:
    assert sheet(song)[:6] == [
        "{title: 아리랑 제1절}",
        "{artist: 누군가}",
        "{key: C}",
        "{tempo: 112}",
        "{time: 4/4}",
        "{duration: 0:18}",
    ]


def test_bars_show_what_is_played_on_each_beat(song: Results) -> None:
    lines = sheet(song)
    at = lines.index("{comment: A  0:01}")
    assert lines[at + 1] == "{start_of_grid: 4x4}"
    assert lines[at + 2] == "| C . . . | G/B . . . | Am7 . . . | Fmaj7 . . . |"
    assert lines[at + 3] == "{end_of_grid}"
    assert "| G7 . | Bbm7b5 . . . | Esus4 . . . | C . . . |" in lines


def test_every_bar_is_in_one_section(song: Results) -> None:
    cells = [cell for line in sheet(song) if line.startswith("|") for cell in line.split() if cell != "|"]
    assert song.beats is not None
    assert len(cells) == len(song.beats.times_s)


def test_a_chord_a_little_off_the_beat_is_on_it() -> None:
    beats = tuple((np.arange(8) * 0.5).tolist())
    edges = (0.0, 1.04, 1.97, 4.0)
    chords = [
        Chord(a, b, label, 1.0, ()) for a, b, label in zip(edges, edges[1:], ("C", "F", "G:7"), strict=False)
    ]
    results = Results(
        4.0, beats=Beats(beats), metre=metre_of(beats, (1, 2, 3, 4) * 2), chords=Chords(tuple(chords), False)
    )
    assert "| C . F . | G7 . . . |" in sheet(results)


def test_without_beats_chords_stand_in_brackets(song: Results) -> None:
    lines = sheet(dataclasses.replace(song, beats=None, metre=None))
    assert "[C] [G/B] [Am7] [Fmaj7]" in lines


def test_without_sections_one_sheet(song: Results) -> None:
    lines = sheet(dataclasses.replace(song, sections=None))
    assert sum(line.startswith("{comment") for line in lines) == 1


@pytest.mark.parametrize("label", ["}{", "C [x]", "여기\n{title: b}", "a b"])
def test_no_label_breaks_out(label: str) -> None:
    results = Results(2.0, beats=Beats((0.0, 1.0)), chords=Chords((Chord(0.0, 2.0, label, 1.0, ()),), False))
    lines = [line for line in sheet(results) if line.startswith("|")]
    assert len(lines) == 1
    assert len(lines[0].split()) == 4
    assert not set("{}[]") & set(lines[0])

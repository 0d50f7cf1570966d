"""The picture of all that was heard: what is there is drawn where it is, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from sori.display.fonts import lettering
from sori.display.lanes import chord_color, key_color, section_colors
from sori.display.overview import overview
from sori.errors import ParameterError
from sori.events import (
    Beats,
    Chord,
    Chords,
    Excerpt,
    Key,
    Metre,
    Note,
    Notes,
    Pitch,
    Section,
    Sections,
    Tempo,
    TempoCurve,
)
from sori.formats import Results
from sori.formats.results import metre_of

matplotlib = pytest.importorskip("matplotlib", reason="sori[display] is not installed")
matplotlib.use("Agg")

RATE = 8000
LENGTH = 40.0


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    from matplotlib import pyplot

    before = dict(matplotlib.rcParams)
    yield
    pyplot.close("all")
    assert dict(matplotlib.rcParams) == before, "a picture changed matplotlib's settings for everybody"


@pytest.fixture(scope="module")
def x() -> np.ndarray:
    return np.sin(2 * np.pi * 440 * np.arange(round(RATE * LENGTH)) / RATE).astype(np.float32)


@pytest.fixture
def heard() -> Results:
    beats = tuple(np.arange(0.5, LENGTH, 0.5).tolist())
    labels = ("C:maj", "A:min", "F:maj7", "G:7/3")
    chords = tuple(Chord(2.0 * k, 2.0 * k + 2, labels[k % 4], 1.0, ()) for k in range(20))
    at = tuple(np.arange(0, LENGTH, 0.01).tolist())
    return Results(
        duration_s=LENGTH,
        title="강강술래 $x_1$",
        tempo=Tempo(120.0, 1.0, ()),
        tempo_curve=TempoCurve(beats, (120.0,) * len(beats), True, 0.0),
        beats=Beats(beats),
        metre=metre_of(beats, tuple(1 + k % 4 for k in range(len(beats)))),
        key=Key("C", "major", 0.9, ()),
        chords=Chords(chords, True),
        sections=Sections(
            (Section(0.0, 20.0, "메기는 소리", 1.0), Section(20.0, LENGTH, "B", 1.0)),
            None,
            Excerpt(0.0, 20.0),
        ),
        melody=Pitch(at, (440.0,) * len(at), (1.0,) * len(at), tuple(1.0 <= t < 3.0 for t in at)),
        notes=Notes((Note(1.0, 3.0, 69.0, 90, 1.0),)),
    )


def drawn(ax: Any) -> Any:
    ax.figure.draw_without_rendering()
    return ax


def lanes(ax: Any) -> dict[str, Any]:
    return {one.get_ylabel(): one for one in ax.figure.axes}


def names(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.texts if text.get_visible()]


class TestOverview:
    def test_what_is_there_has_a_lane(self, x: np.ndarray, heard: Results) -> None:
        ax = drawn(overview(x, heard, sample_rate=RATE))
        assert set(lanes(ax)) == {"note", "bars", "chords", "key", "sections", "tempo (BPM)"}
        title = next(one.get_title(loc="left") for one in ax.figure.axes if one.get_title(loc="left"))
        assert title.startswith("강강술래")
        for fact in ("C major", "120 BPM", "4 beats", "0:40"):
            assert fact in title

    def test_what_is_not_there_takes_no_room(self, x: np.ndarray) -> None:
        ax = drawn(overview(x, Results(duration_s=LENGTH), sample_rate=RATE))
        assert list(lanes(ax)) == ["note"]
        assert ax.get_xlabel()

    def test_names_give_way_and_come_back(self, x: np.ndarray, heard: Results) -> None:
        many = tuple(Chord(0.1 * k, 0.1 * k + 0.1, "F#:min7", 1.0, ()) for k in range(400))
        results = dataclasses.replace(heard, chords=Chords(many, False))
        ax = drawn(overview(x, results, sample_rate=RATE))
        assert names(lanes(ax)["chords"]) == []
        ax.set_xlim(10.0, 10.5)
        assert 4 <= len(names(lanes(ax)["chords"])) <= 6
        assert set(names(lanes(ax)["chords"])) == {"F#m7"}

    def test_a_part_is_drawn_at_its_time(self, x: np.ndarray, heard: Results) -> None:
        ax = drawn(overview(x, heard, sample_rate=RATE, start_s=19.0, end_s=25.0))
        assert ax.get_xlim() == (19.0, 25.0)
        assert names(lanes(ax)["sections"]) == ["메기는 소리", "B"] or names(lanes(ax)["sections"]) == ["B"]
        assert names(lanes(ax)["chords"])[1:3] == ["Am", "Fmaj7"] or "Am" in names(lanes(ax)["chords"])
        assert names(lanes(ax)["bars"])[:2] == ["11", "12"]

    def test_the_tone_and_the_tune_lie_on_one_line(self, x: np.ndarray, heard: Results) -> None:
        ax = drawn(overview(x, heard, sample_rate=RATE))
        mesh = ax.collections[0]
        rows = mesh.get_coordinates()[:, 0, 1]
        loudest = int(np.argmax(np.asarray(mesh.get_array()).mean(axis=1)))
        assert rows[loudest] < 440.0 < rows[loudest + 1]
        line = next(one for one in ax.lines if one.get_label() == "melody")
        seen = np.isfinite(line.get_ydata())
        assert set(line.get_ydata()[seen]) == {440.0}
        assert line.get_xdata()[seen].min() == pytest.approx(1.0)
        assert line.get_xdata()[seen].max() == pytest.approx(2.99)

    def test_a_leap_is_not_joined(self, x: np.ndarray) -> None:
        at = tuple(np.arange(100) * 0.1)
        hz = (220.0,) * 50 + (880.0,) * 50
        ax = overview(x, Results(pitch=Pitch(at, hz, (1.0,) * 100, (True,) * 100)), sample_rate=RATE)
        line = next(one for one in ax.lines if one.get_label() == "pitch")
        assert np.isnan(line.get_ydata()).sum() == 1
        assert np.isfinite(line.get_ydata()).sum() == 100

    def test_beats_without_bars_are_ticks(self, x: np.ndarray, heard: Results) -> None:
        plain = dataclasses.replace(heard, metre=Metre(None, 0.0, (), (), ()))
        assert "beats" in lanes(drawn(overview(x, plain, sample_rate=RATE)))

    def test_given_axes_are_used_and_neighbours_stay(self, x: np.ndarray, heard: Results) -> None:
        from matplotlib import pyplot

        figure, (left, right) = pyplot.subplots(1, 2, layout="constrained")
        assert drawn(overview(x, heard, sample_rate=RATE, ax=right)) is right
        assert left.get_window_extent().x1 < lanes(right)["chords"].get_window_extent().x0
        with pytest.raises(ParameterError, match="grid"):
            overview(x, heard, sample_rate=RATE, ax=figure.add_axes((0.1, 0.1, 0.5, 0.5)))

    @pytest.mark.parametrize("samples", [np.zeros(1), np.zeros((2, 500)), np.zeros(RATE)])
    def test_next_to_nothing_is_drawn(self, samples: np.ndarray, heard: Results) -> None:
        drawn(overview(samples, heard, sample_rate=RATE))

    @pytest.mark.parametrize(
        ("samples", "options"),
        [
            (np.full(100, np.nan), {}),
            (np.zeros((2, 2, 9)), {}),
            (np.zeros(0), {}),
            (np.zeros(RATE), {"start_s": 2.0}),
            (np.zeros(RATE), {"start_s": 0.5, "end_s": 0.5}),
            (np.zeros(RATE), {"start_s": -1.0}),
        ],
    )
    def test_what_cannot_be_drawn_is_said(self, samples: np.ndarray, options: dict[str, float]) -> None:
        with pytest.raises(ParameterError):
            overview(samples, Results(), sample_rate=RATE, **options)


def test_colours_follow_the_circle_of_fifths() -> None:
    def rgb(color: str) -> np.ndarray:
        return np.array([int(color[at : at + 2], 16) for at in (1, 3, 5)])

    c, g, f_sharp = (rgb(chord_color(root, minor=False)) for root in (0, 7, 6))
    assert np.abs(c - g).sum() < 0.6 * np.abs(c - f_sharp).sum()
    assert rgb(chord_color(0, minor=True)).sum() < c.sum() < rgb(key_color(0, minor=False)).sum()
    colors = [chord_color(root, minor=minor) for root in range(12) for minor in (False, True)]
    assert len(set(colors)) == 24
    assert section_colors(["A", "B", "A"])[0] == section_colors(["A", "B", "A"])[2]
    assert len(set(section_colors(list("ABCDEFGH")))) == 8


class TestLettering:
    def test_plain_text_stays_as_it_is(self) -> None:
        shown, options = lettering("C major $x$")
        assert shown == "C major $x$"
        assert options["family"] == list(matplotlib.rcParams["font.family"])
        assert options["parse_math"] is False

    def test_what_no_font_has_becomes_a_square(self) -> None:
        assert lettering("a\U000e0041b\U000e0041")[0] == "a□b□"

    def test_korean_is_drawn_where_a_font_has_it(self, x: np.ndarray, heard: Results) -> None:
        """A letter that is missing would be a warning, and a warning is an error here."""
        shown, options = lettering("강강술래")
        assert shown in ("강강술래", "□□□□")
        assert (len(options["family"]) > len(matplotlib.rcParams["font.family"])) == (shown == "강강술래")
        drawn(overview(x, heard, sample_rate=RATE))

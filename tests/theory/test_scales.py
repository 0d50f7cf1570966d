"""Scales as data: their arithmetic, and what theory says must hold between them."""

import itertools
import math

import pytest

from sori.theory.scales import SCALES, equal_temperament, fifths, from_ratios

BY_NAME = {scale.name: scale for scale in SCALES}


def test_every_scale_is_well_formed() -> None:
    assert len(BY_NAME) == len(SCALES), "a name stands twice"
    for scale in SCALES:
        assert scale.cents[0] == 0.0, scale.name
        assert list(scale.cents) == sorted(set(scale.cents)), scale.name
        assert scale.cents[-1] < scale.period_cents == 1200.0, scale.name
        assert scale.family, scale.name
        assert scale.source, scale.name


def test_the_families_that_must_be_there() -> None:
    assert {scale.family for scale in SCALES} >= {
        "12-TET",
        "equal temperament",
        "just",
        "Pythagorean",
        "meantone",
        "keyboard temperament",
        "makam",
        "maqam",
        "raga",
        "gugak",
        "gamelan",
    }
    for n in (5, 7, 12, 17, 19, 22, 24, 31, 34, 41, 53):
        assert BY_NAME[f"{n}-TET"].cents == equal_temperament(n)


def test_ratios_and_fifths_agree() -> None:
    assert fifths(1, 5) == pytest.approx(from_ratios("1 9/8 81/64 4/3 3/2 27/16 243/128"))
    assert BY_NAME["Twelve yul"].cents[-1] == pytest.approx(1200 * math.log2(243 / 128))


def test_quarter_comma_thirds_are_pure() -> None:
    assert BY_NAME["quarter-comma meantone, major"].cents[2] == pytest.approx(1200 * math.log2(5 / 4))


def test_turkish_steps_fill_the_octave() -> None:
    """Each makam here ends with a step that is one of the theory's: 4, 5, 8, 9 or 12 commas."""
    for scale in SCALES:
        if scale.family == "makam":
            edges = [*scale.cents, 1200.0]
            commas = [(b - a) / (1200 / 53) for a, b in itertools.pairwise(edges)]
            assert {round(comma) for comma in commas} <= {4, 5, 8, 9, 12}, scale.name
            assert commas == pytest.approx([round(comma) for comma in commas]), scale.name


def test_sikah_is_rast_from_its_third() -> None:
    rast = BY_NAME["maqam Rast"].cents
    turned = sorted((note - rast[2]) % 1200 for note in rast)
    assert list(BY_NAME["maqam Sikah"].cents) == pytest.approx(turned)


@pytest.mark.parametrize(
    ("name", "turn"), [("12-TET Dorian", 200), ("12-TET Lydian", 500), ("12-TET Locrian", 1100)]
)
def test_modes_are_the_major_scale_from_another_note(name: str, turn: float) -> None:
    major = BY_NAME["12-TET major (Ionian)"].cents
    assert list(BY_NAME[name].cents) == pytest.approx(sorted((note - turn) % 1200 for note in major))


@pytest.mark.parametrize("name", ["Werckmeister III", "Kirnberger III", "Vallotti"])
def test_fifths_of_a_keyboard_temperament_close(name: str) -> None:
    """Each fifth is pure or narrow by at most a quarter of a comma, and twelve make seven octaves."""
    notes = [0.0] * 12
    for note in BY_NAME[name].cents:
        notes[round(note / 100)] = note
    sizes = [(notes[(7 * (i + 1)) % 12] - notes[7 * i % 12]) % 1200 for i in range(12)]
    assert sum(sizes) == pytest.approx(8400)
    assert all(696.0 < size < 702.1 for size in sizes), sizes

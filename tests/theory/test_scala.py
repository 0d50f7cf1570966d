"""Scala files as they are exchanged, and as somebody breaks them."""

from pathlib import Path

import pytest

from sori.errors import DataError, ParameterError
from sori.theory.scala import format_scl, parse_scl, read_scl, write_scl
from sori.theory.scales import SCALES, TuningScale

MEANTONE = """! meanquar.scl
!
1/4-comma meantone scale. Pietro Aaron's temperament (1523)
 12
!
 76.04900
 193.15686
 310.26471
 5/4
 503.42157
 579.47057
 696.57843
 25/16
 889.73529
 1006.84314
 1082.89214
 2/1
"""


def test_a_file_as_they_are_exchanged() -> None:
    scale = parse_scl(MEANTONE)
    assert scale.name == "1/4-comma meantone scale. Pietro Aaron's temperament (1523)"
    assert len(scale.cents) == 12
    assert scale.cents[0] == 0.0
    assert scale.cents[4] == pytest.approx(386.3137)
    assert scale.period_cents == pytest.approx(1200.0)


def test_remarks_spaces_and_signs() -> None:
    scale = parse_scl("\n 6  notes\n 81/80 comma\n\t408. cents\n 5.0\n! between\n 3\n-5.0 lower\n2\n")
    assert "notes" not in scale.name
    # 3/1 is a fifth above the octave, 5 cents below 1/1 lies at the top of the octave before.
    assert scale.cents == pytest.approx((0.0, 5.0, 21.5063, 408.0, 701.955, 1195.0), abs=1e-3)


def test_remarks_count_notes_exactly() -> None:
    assert parse_scl("x\n2\n3/2\n2/1\n999/1\n").cents == pytest.approx((0.0, 701.955))


def test_bohlen_pierce_keeps_its_period() -> None:
    scale = parse_scl("Bohlen-Pierce\n 2\n 5/3\n 3/1\n")
    assert scale.period_cents == pytest.approx(1901.955)


def test_no_description_takes_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.scl"
    path.write_text("\n1\n2/1\n", encoding="utf-8")
    assert read_scl(path).name == "mine"


def test_latin_and_unicode(tmp_path: Path) -> None:
    for encoding in ("latin-1", "utf-8", "utf-8-sig"):
        path = tmp_path / f"{encoding}.scl"
        path.write_bytes("Uşşak? Ségah\n1\n2/1\n".replace("ş", "s").encode(encoding))
        assert read_scl(path).name == "Ussak? Ségah"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x\n2\n3/0\n2/1\n", 3),
        ("x\n2\n0/3\n2/1\n", 3),
        ("x\n2\n-3/2\n2/1\n", 3),
        ("x\n2\nnan\n2/1\n", 3),
        ("x\n2\ninf.\n2/1\n", 3),
        ("x\n2\n1e400.0\n2/1\n", 3),
        ("x\n2\n3/2/1\n2/1\n", 3),
        ("x\n2\n\n2/1\n", 3),
        ("x\n2\n99999999999999.0\n2/1\n", 3),
        ("! c\nx\n! c\n3\n3/2\n2/1\n", 6),
        ("x\nmany\n2/1\n", 2),
        ("x\n-1\n2/1\n", 2),
        ("x\n999999\n2/1\n", 2),
        ("x\n٣\n2/1\n", 2),
        ("x\n1\n1/1\n", 3),
        ("x\n2\n3/2\n-100.0\n", 4),
        (f"x\n1\n{'9' * 100_000}/1\n", 3),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, line: int) -> None:
    with pytest.raises(DataError, match=f"line {line}: "):
        parse_scl(text)


@pytest.mark.parametrize("text", ["", "!\n!\n", "only a description\n"])
def test_too_short(text: str) -> None:
    with pytest.raises(DataError, match="want a description"):
        parse_scl(text)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.scl"):
        read_scl(tmp_path / "absent.scl")
    with pytest.raises(DataError):
        read_scl(tmp_path)
    large = tmp_path / "large.scl"
    large.write_bytes(b"!" * (1 << 21))
    with pytest.raises(DataError, match="larger"):
        read_scl(large)
    binary = tmp_path / "binary.scl"
    binary.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(DataError, match=r"binary\.scl"):
        read_scl(binary)


@pytest.mark.parametrize("scale", SCALES[::7], ids=lambda scale: scale.name)
def test_written_and_read_again(scale: TuningScale, tmp_path: Path) -> None:
    path = tmp_path / "scale.scl"
    write_scl(scale, path)
    again = read_scl(path)
    assert again.name == scale.name
    assert again.cents == pytest.approx(scale.cents, abs=1e-5)
    assert again.period_cents == pytest.approx(scale.period_cents)


def test_a_description_cannot_be_a_comment() -> None:
    with pytest.raises(ParameterError, match="begin with"):
        format_scl(TuningScale("! no", "mine", (0.0,), "me"))

"""The table of names tells the truth about ours."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from layers.examples import EXAMPLES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "names.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.partition("## Names")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| what")
]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_our_names_exist(row: list[str]) -> None:
    functions, layers = quoted(row[5]), quoted(row[6])
    assert functions
    for name in functions:
        module, _, function = name.rpartition(".")
        assert function in importlib.import_module(f"sori.{module}").__all__
    assert set(layers) <= EXAMPLES.keys()
    if layers:
        said = [
            "".join(part.capitalize() for part in name.rpartition(".")[2].split("_")) for name in functions
        ]
        assert said == layers, "each function and its layer"


def test_the_table_is_there() -> None:
    assert len(ROWS) > 40

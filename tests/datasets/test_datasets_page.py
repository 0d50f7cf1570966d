"""docs/datasets.md keeps up with the code: its examples run, its table is what the cards say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sori.datasets import known_dataset, known_names

PAGE = Path(__file__).resolve().parents[2] / "docs" / "datasets.md"


def known_table() -> str:
    """Return the table of the known data sets as the page must have it."""
    lines = ["| name | what | licence | official split | fetched |", "|---|---|---|---|---|"]
    for name in known_names():
        card = known_dataset(name).CARD
        fetched = "yes" if card.downloads else "by hand"
        cells = (f"`{name}`", f"[{card.title}]({card.homepage})", card.licence, card.split, fetched)
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(lines)


def test_the_table_is_what_the_cards_say() -> None:
    table = known_table()
    assert table in PAGE.read_text(encoding="utf-8"), f"docs/datasets.md must have:\n{table}"


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 8
    scope: dict[str, object] = {}
    for block in blocks:
        exec(block, scope)

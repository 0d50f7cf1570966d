"""The pages keep up with the code: fields and rooms are described, links lead somewhere."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sori import events, signal, spectral
from sori.analysis.listen import STAGES
from sori.app.actions.analyzing import analyze, flat
from sori.app.actions.preparing import Checked
from sori.audio import Info, Tags, save
from sori.datasets import Clip, Finding
from sori.datasets.card import Card, Download
from sori.datasets.store.packing import ClipFailure, Packed
from sori.features.facets import FACETS
from sori.library.entries import Failure
from sori.library.scan import Counts
from sori.library.track import Track

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
RECORDS = [
    Card,
    Checked,
    Clip,
    ClipFailure,
    Download,
    Finding,
    Packed,
    Counts,
    Track,
    Info,
    Tags,
    Failure,
    *(getattr(events, name) for name in events.__all__ if name != "as_dict"),
]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")])


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_every_field_is_in_the_glossary(record: type) -> None:
    missing = [field.name for field in dataclasses.fields(record) if f"`{field.name}`" not in GLOSSARY]
    assert not missing, f"docs/glossary.md does not say what {missing} of {record.__name__} are"


def test_every_key_of_an_analysis_is_in_the_glossary(tmp_path: Path) -> None:
    save(tmp_path / "click.wav", np.eye(1, 8000, dtype=np.float32)[0], sample_rate=8000)
    missing = [key for key in flat(analyze(str(tmp_path / "click.wav")).track) if f"`{key}`" not in GLOSSARY]
    assert not missing


@pytest.mark.parametrize("name", [*(stage.name for stage in STAGES), *FACETS])
def test_every_stage_and_facet_is_in_the_glossary(name: str) -> None:
    assert f"| `{name}` |" in GLOSSARY


def test_every_room_is_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {path.stem for path in (ROOT / "src" / "sori").iterdir() if not path.stem.startswith(("_", "py"))}
    assert rooms == set(re.findall(r"^ [\d ] (\w+)", page.split("```")[1], re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    dead = [link for link in links if not (page.parent / link).exists()]
    assert not dead, f"{page.name} links to {dead}"


def test_the_examples_of_the_toolkit_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "toolkit.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 4
    scope: dict[str, object] = {}
    for block in blocks:
        exec(block, scope)


@pytest.mark.parametrize("room", [signal, spectral], ids=lambda room: room.__name__)
def test_every_transform_is_in_the_toolkit(room: ModuleType) -> None:
    text = (ROOT / "docs" / "toolkit.md").read_text(encoding="utf-8")
    missing = [name for name in room.__all__ if f"`{name}`" not in text]
    assert not missing, f"docs/toolkit.md does not list {missing}"


def test_the_figures_of_the_readme_stand_on_the_pages_they_name() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [
        line
        for line in text.split("## How good, how fast")[1].splitlines()
        if "](" in line and line[0] == "|"
    ]
    assert len(rows) >= 6
    for row in rows:
        page = (ROOT / re.findall(r"\]\((.+?\.md)\)", row)[0]).read_text(encoding="utf-8")
        for figure in re.findall(r"\d[\d,]*\.\d{2,}|\d{1,3}(?:,\d{3})+|\b\d{3}\b", row):
            assert figure in page, f"{figure} is not on the page of: {row}"

"""Every effect has its page, its picture and its sound, and what the pages say is true."""

from __future__ import annotations

import dataclasses
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from sori import effects, signal
from sori.effects import Chain, Effect, OneOf, SomeOf, SpectrogramEffect

DOCS = Path(__file__).resolve().parents[2] / "docs" / "effects"
INDEX = (DOCS / "README.md").read_text(encoding="utf-8")
WITH_PAGES = {
    name
    for name in effects.__all__
    if inspect.isclass(value := getattr(effects, name))
    and issubclass(value, Effect)
    and value not in (Effect, SpectrogramEffect, Chain, OneOf, SomeOf)
}
SOX = re.findall(r"^\| (`.+?) \| `(.+)` \|$", INDEX.partition("## For those who know SoX")[2], re.MULTILINE)


@pytest.fixture(scope="module")
def render() -> ModuleType:
    """Return the script that writes the pages."""
    sys.path.insert(0, str(DOCS))
    try:
        import render as found
    finally:
        del sys.path[:3]
    return found


def test_every_effect_has_its_page_and_its_page_is_new(render: ModuleType) -> None:
    assert {example.name for example in render.EXAMPLES} == WITH_PAGES
    for example in render.EXAMPLES:
        name = render.file_name(example.name)
        text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        assert text == render.page(example), f"{name}.md is not as render.py would write it: run it"
        missing = [
            field.name
            for field in dataclasses.fields(example.effect)
            if f"`{field.name}" not in text and f", {field.name}" not in text
        ]
        assert not missing, f"the docstring of {example.name} does not say what {missing} are"
        assert f"[{example.name}]({name}.md)" in INDEX
        assert (DOCS / "pictures" / f"{name}.png").exists()
        is_picture = isinstance(example.effect, SpectrogramEffect)
        assert (DOCS / "sounds" / f"{name}.ogg").exists() != is_picture


def test_pictures_and_sounds_are_small_and_all_in_use(render: ModuleType) -> None:
    names = {render.file_name(example.name) for example in render.EXAMPLES}
    pictures, sounds = list((DOCS / "pictures").iterdir()), list((DOCS / "sounds").iterdir())
    assert {path.stem for path in pictures} == names
    assert {path.stem for path in sounds} <= names | {"before"}
    assert sum(path.stat().st_size for path in pictures + sounds) < 4_000_000
    assert max(path.stat().st_size for path in pictures) < 40_000


def test_an_example_makes_what_its_page_shows(render: ModuleType, tmp_path: Path) -> None:
    """The sounds on the pages are those that the effects make now."""
    from sori import load

    sys.path.insert(0, str(DOCS.parent / "gallery"))
    try:
        samples, rate = render.before()
    finally:
        sys.path.pop(0)
        sys.modules.pop("sounds", None)
    render.recordings(tmp_path, rate)
    for example in render.EXAMPLES:
        if example.name in SLOW or isinstance(example.effect, SpectrogramEffect):
            continue
        after = render.heard(example, samples, rate, tmp_path)
        after = after / max(1.0, float(np.abs(after).max()) / 0.95)
        kept = load(DOCS / "sounds" / f"{render.file_name(example.name)}.ogg").samples
        assert kept.shape == after.shape
        likeness = np.vdot(kept, after) / (np.linalg.norm(kept) * np.linalg.norm(after))
        assert likeness > 0.95, f"{example.name}: its sound is another one ({likeness:.2f}): run render.py"


SLOW = {"Room", "Codec"}  # and what they make depends on the versions of others


@pytest.mark.parametrize("page", ["README.md", "together.md", "several.md"])
def test_the_examples_run(page: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    scope: dict[str, Any] = {}
    for block in blocks:
        exec(block, scope)


@pytest.mark.parametrize(("sox", "here"), SOX, ids=[sox.split("`")[1] for sox, _ in SOX])
def test_what_sox_does_is_done_here(sox: str, here: str) -> None:
    rng = np.random.default_rng(0)
    x = (0.1 * rng.standard_normal((2, 16_000))).astype(np.float32)
    public = {name: getattr(room, name) for room in (signal, effects) for name in room.__all__}
    found = eval(here, {**public, "x": x, "sample_rate": 16_000, "rng": rng, "np": np})
    if isinstance(found, Effect):
        found = found(x, sample_rate=16_000, rng=rng)
        assert found.shape[0] == 2
        assert not np.array_equal(found, x) or isinstance(found, SomeOf) or "SomeOf" in here
    assert found is not None


def test_the_table_is_whole() -> None:
    usual = (
        "gain norm speed tempo pitch bass treble echo chorus phaser flanger tremolo reverb compand "
        "overdrive fade pad trim remix rate dither equalizer lowpass highpass bandpass reverse silence "
        "channels swap delay"
    )
    told = " ".join(sox for sox, _ in SOX)
    missing = [name for name in usual.split() if not re.search(rf"`{name}\b", told)]
    assert not missing

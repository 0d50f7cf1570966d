"""Every script of the gallery makes its picture, and the gallery's page shows them all."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib", reason="sori[display] is not installed")
matplotlib.use("Agg")

GALLERY = Path(__file__).resolve().parents[1] / "docs" / "gallery"
NO_PICTURES = {"sounds", "thumbnails"}
SCRIPTS = sorted(path for path in GALLERY.glob("*.py") if path.stem not in NO_PICTURES)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_makes_its_picture(script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib import image, pyplot

    target = tmp_path / "out.png"
    monkeypatch.setattr(sys, "argv", [script.name, str(target)])
    monkeypatch.syspath_prepend(str(GALLERY))
    before = dict(matplotlib.rcParams)
    try:
        runpy.run_path(str(script), run_name="__main__")
    finally:
        pyplot.close("all")
        sys.modules.pop("sounds", None)
    assert dict(matplotlib.rcParams) == before
    pixels = (image.imread(target)[..., :3] * 255).astype(np.uint32)
    assert pixels.shape[1] >= 600
    assert pixels.shape[0] >= 200
    colors, counts = np.unique(pixels @ np.array([65536, 256, 1], np.uint32), return_counts=True)
    assert len(colors) > 50, "next to nothing is drawn"
    assert counts.max() < 0.97 * counts.sum(), "nearly all of it is one colour"


def test_the_page_has_a_line_and_a_small_picture_for_each() -> None:
    page = (GALLERY / "README.md").read_text(encoding="utf-8")
    shown = re.findall(
        r"^\| !\[\]\(pictures/(\w+)\.png\) \| \[(\w+)\.py\]\(\2\.py\): .+ \|$", page, re.MULTILINE
    )
    assert sorted(shown) == [(path.stem, path.stem) for path in SCRIPTS]
    sizes = {path.stem: path.stat().st_size for path in (GALLERY / "pictures").glob("*.png")}
    assert sizes.keys() == {path.stem for path in SCRIPTS}
    assert max(sizes.values()) < 40_000
    assert sum(sizes.values()) < 600_000


def test_a_script_says_what_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(GALLERY))
    monkeypatch.setattr(sys, "argv", ["waveform.py"])
    with pytest.raises(SystemExit, match=r"waveform\.py OUT\.png"):
        runpy.run_path(str(GALLERY / "waveform.py"), run_name="__main__")
    sys.modules.pop("sounds", None)

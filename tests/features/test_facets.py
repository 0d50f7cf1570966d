import re
from pathlib import Path

import numpy as np

from sori.features.facets import FACETS
from sori.features.harmony import progression

ROOT = Path(__file__).resolve().parents[2]


def test_every_entry_of_every_facet_is_documented() -> None:
    page = (ROOT / "docs" / "facets.md").read_text(encoding="utf-8")
    for facet in FACETS.values():
        section = page.split(f"## {facet.name}, version {facet.version}:")[1].split("\n## ")[0]
        documented = re.findall(r"`([a-z0-9_NPRTX]+)`", section)
        patterns = [re.sub("[NPRTX]", "[a-z0-9_+-]+", name) for name in documented]
        for entry in facet.entries:
            assert any(re.fullmatch(pattern, entry) for pattern in patterns), entry


def test_progressions_do_not_depend_on_key_or_start() -> None:
    rng = np.random.default_rng(0)
    rows = np.tile(rng.random((16, 12)), (8, 1))  # sixteen beats, repeated
    here = progression(rows, 6)
    np.testing.assert_allclose(progression(np.roll(rows, 3, axis=1), 6), here, atol=1e-9)
    np.testing.assert_allclose(progression(np.roll(rows, 5, axis=0), 6), here, atol=1e-9)
    other = progression(np.tile(rng.random((16, 12)), (8, 1)), 6)
    assert np.linalg.norm(here - other) > 0.3

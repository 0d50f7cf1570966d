"""What is built into the package: small, all of it ours to serve, and what the source says."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

from page_lacking import FRONTEND, ROOT, lacking

BUILT = ROOT / "src" / "sori" / "app" / "web" / "page"
MOST_SCRIPT_BYTES = 200_000
FIRST_SCRIPT_BYTES = 60_000


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_the_script_is_small() -> None:
    sizes = {path.name: packed(path) for path in BUILT.glob("assets/*.js")}
    assert sizes
    assert sum(sizes.values()) < MOST_SCRIPT_BYTES, sizes
    page = (BUILT / "index.html").read_text(encoding="utf-8")
    first = sum(size for name, size in sizes.items() if name in page)
    assert 0 < first < FIRST_SCRIPT_BYTES, sizes


def test_nothing_is_fetched_from_elsewhere_or_written_inline() -> None:
    page = (BUILT / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)
    for path in BUILT.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            text = path.read_text(encoding="utf-8")
            links = re.findall(r"""(?:src|href|url|import|fetch)\s*[=(]\s*["']?(https?://[^"')\s]+)""", text)
            assert not links, (path.name, links)
            assert "eval(" not in text
            assert "new Function(" not in text


def test_every_file_is_named_by_the_page() -> None:
    """What the page asks for is there, and nothing lies about that it does not ask for."""
    texts = {path: path.read_text(encoding="utf-8") for path in BUILT.rglob("*.*")}
    for path in BUILT.glob("assets/*"):
        assert any(path.name in text for other, text in texts.items() if other != path), path.name


def test_the_build_is_what_the_source_says(tmp_path: Path) -> None:
    if shutil.which("npm") is None or not (FRONTEND / "node_modules").is_dir():
        lacking("Node with the page's tools", "install Node 20 or newer, then make web")
    command = [
        "npm",
        "run",
        "--silent",
        "build",
        "--",
        "--outDir",
        str(tmp_path / "page"),
        "--logLevel",
        "error",
    ]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    fresh = {
        path.relative_to(tmp_path / "page"): path.read_bytes() for path in (tmp_path / "page").rglob("*.*")
    }
    kept = {path.relative_to(BUILT): path.read_bytes() for path in BUILT.rglob("*.*")}
    assert fresh == kept, "make web, and commit what it has built"

"""Pictures of the page for the documentation: python -m bench.screenshots writes docs/page/*.png.

A real Chromium before a real server, over the demo's songs, so that anybody can make the same pictures.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "page"
SONG = "Paper Boats"
SONGS = 20
MOST_BYTES = 1_500_000
MOST_BYTES_EACH = 130_000
DESKTOP, PHONE = (1280, 820), (390, 780)

Act = Callable[[Any], None]


def main() -> None:
    """Make the library, serve it, look at every view, write the pictures."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium here: on Debian and Ubuntu, apt install chromium")
    with tempfile.TemporaryDirectory(prefix="sori-page-") as folder:
        demo = [sys.executable, "-m", "sori", "demo", "--folder", folder, "--songs", str(SONGS), "--json"]
        subprocess.run(demo, check=True, stdout=subprocess.DEVNULL)
        library = next(Path(folder).glob("*.db"))
        command = [
            sys.executable,
            "-m",
            "sori",
            "serve",
            "--library",
            str(library),
            "--port",
            "0",
            "--no-browser",
        ]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert server.stderr is not None
            address = server.stderr.readline().rpartition(" ")[2].strip().rstrip("/")
            with sync_playwright() as play:
                arguments = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
                browser = play.chromium.launch(executable_path=chromium, args=arguments)
                _all(browser, address)
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures, {total / 1000:.0f} kB")
    if total > MOST_BYTES:
        raise SystemExit(
            f"together they may have {MOST_BYTES / 1000:.0f} kB: take fewer colours or fewer pictures"
        )


def _all(browser: Any, address: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)

    def picture(name: str, path: str, act: Act, *, theme: str, language: str, size: tuple[int, int]) -> None:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, locale=language
        )
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.goto(address + path)
        act(page)
        page.wait_for_timeout(500)
        _write(page.screenshot(), FOLDER / f"{name}.png")
        context.close()

    context = browser.new_context()
    page = context.new_page()
    tracks = page.request.get(f"{address}/api/tracks?limit=500").json()["tracks"]
    song = next(track["id"] for track in tracks if track["title"] == SONG)
    context.close()

    def shoot(name: str, path: str, act: Act, themes: str = "ld") -> None:
        for theme in themes:
            colours = {"l": "light", "d": "dark"}[theme]
            picture(f"{name}-{colours}", path, act, theme=colours, language="en-GB", size=DESKTOP)

    shoot("library", "/", _library)
    shoot("track", f"/track/{song}", _track)
    shoot("similar", f"/similar/{song}", _similar)
    shoot("map", "/map", _map)
    phone = {"theme": "light", "language": "ko-KR", "size": PHONE}
    picture("phone-library-ko", "/", _library, **phone)
    picture("phone-track-ko", f"/track/{song}", _phone_track, **{**phone, "theme": "dark"})


def _library(page: Any) -> None:
    page.locator("[data-row='8'] a").wait_for()
    page.locator("[data-row='3'] .listen").click()
    page.locator("[data-playing=true]").wait_for()
    page.mouse.move(0, 0)


def _track(page: Any) -> None:
    _drawn(page)
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Zoom in").click()
    page.locator(".lanes").click(position={"x": 420, "y": 80})
    page.locator("[data-playing=true]").wait_for()
    page.wait_for_timeout(1500)
    page.keyboard.press("Space")
    page.wait_for_timeout(2500)
    page.mouse.move(0, 0)


def _drawn(page: Any) -> None:
    """Wait for the spectrogram and for the tune, which are heard when somebody looks."""
    with page.expect_response(lambda answer: answer.url.endswith("/analysis")):
        page.locator(".lanes").wait_for()
    page.locator(".now svg").wait_for()
    page.wait_for_timeout(2500)


def _phone_track(page: Any) -> None:
    page.locator(".now svg").wait_for(state="attached")
    page.wait_for_timeout(8000)
    page.get_by_role("button", name="확대").click()
    page.get_by_role("button", name="확대").click()
    page.wait_for_timeout(2500)
    page.evaluate("scrollTo(0, 330)")


def _similar(page: Any) -> None:
    page.locator("[data-match]").nth(4).wait_for()
    page.get_by_role("slider", name="Rhythm").fill("1.7")
    page.get_by_role("slider", name="Melody").fill("0.4")
    page.wait_for_timeout(800)
    for n in (0, 2, 3):
        page.locator("[data-match]").nth(n).get_by_role("button", name="to the playlist").click()
    page.wait_for_timeout(4500)  # until the notes have gone


def _map(page: Any) -> None:
    page.locator("[data-place]").nth(4).wait_for()
    page.get_by_role("button", name="Path").click()
    rows = page.locator("[data-place]")
    rows.first.click()
    rows.last.click()
    page.locator(".chosen").wait_for()
    page.wait_for_timeout(4500)


def _write(png: bytes, path: Path) -> None:
    """Write a picture small: with every colour where that fits, else with 256."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES_EACH:
        picture.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

"""A real Chromium before a real server; skipped, saying why, on a machine that lacks what it takes."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from page_lacking import SUNG_HZ, Open, lacking
from page_server import serving, shared_once


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder with a library, made once whatever the number of test processes."""
    base = tmp_path_factory.getbasetemp()
    return shared_once((base if worker_id == "master" else base.parent) / "page-library", "make_library")


@pytest.fixture(scope="session")
def address(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of this process's own server, on its own copy of the library."""
    with serving(made / "made.db", copy_to=tmp_path_factory.mktemp("page") / "library.db") as where:
        yield where


@pytest.fixture(scope="session")
def sung(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a recording of a voice that holds one pitch, for the pretend microphone."""
    path = tmp_path_factory.mktemp("sung") / "sung.wav"
    time_s = np.arange(10 * 48_000) / 48_000
    voice = sum(0.3 / n * np.sin(2 * np.pi * n * SUNG_HZ * time_s) for n in range(1, 6))
    soundfile.write(path, voice, 48_000, subtype="PCM_16")
    return path


@pytest.fixture(scope="session")
def browser(sung: Path) -> Iterator[Any]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        lacking("Chromium", "on Debian and Ubuntu, apt install chromium")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        lacking("playwright", "make install")
    expect.set_options(timeout=60_000)
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium,
            args=[
                "--no-sandbox",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={sung}",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Any, address: str) -> Iterator[Open]:
    """Return a function that opens a view in its own window; what the page complains of fails the test."""
    contexts = []
    complaints: list[str] = []

    def hear(message: Any) -> None:
        # That an address answered 4xx is what some tests are about; the page must say it, not the console.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def opened(
        path: str = "/",
        *,
        width: int = 1280,
        height: int = 800,
        theme: str = "light",
        language: str = "en-GB",
        at: str | None = None,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=language,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto((at or address) + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture(scope="session")
def ids(address: str) -> dict[str, str]:
    """Return the id of every track by its title."""
    with urllib.request.urlopen(f"{address}/api/tracks?limit=100") as answer:
        return {track["title"]: track["id"] for track in json.load(answer)["tracks"]}

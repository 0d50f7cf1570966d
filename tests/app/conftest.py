"""A command line with a library of its own and pretend ears, and a folder for it to hear."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import KOREAN, Sori, listen_with, put, runner


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return the file that gets a line for each file that is heard: its name and the stages."""
    return tmp_path / "heard.log"


@pytest.fixture
def sori(
    tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Sori:
    """Return a function that runs a command line on a library of its own, with pretend ears."""
    listen_with(monkeypatch, log)
    monkeypatch.setenv("SORI_LIBRARY", str(tmp_path / "library.db"))
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capfd)


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    for number in range(12):
        put(folder, f"{number:02}.mp3", f"Song {number:02}")
    return folder


@pytest.fixture
def filled(sori: Sori, music: Path) -> Sori:
    assert sori("index", music, "--quiet").code == 0
    return sori


@pytest.fixture
def one(sori: Sori, tmp_path: Path) -> Sori:
    """Return the command line with a library of one song, ``Song``, and one file outside it."""
    put(tmp_path / "music", KOREAN, "Song")
    put(tmp_path, "outside.mp3", "Outside")
    assert sori("index", "music", "--quiet").code == 0
    return sori

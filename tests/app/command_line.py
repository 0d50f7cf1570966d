"""Running a command line within a test, on pretend audio files."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import pretend_ears
from sori.app.cli import main


class Said(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Sori = Callable[..., Said]
KOREAN = "한국 노래.mp3"


def listen_with(monkeypatch: pytest.MonkeyPatch, log: Path | None = None, **versions: int) -> None:
    """Let every command hear with pretend ears of these versions of stages and facets."""
    ear = pretend_ears.ear(log=log, **versions)
    for user in ("ears", "hearing", "correcting"):
        monkeypatch.setattr(f"sori.app.actions.{user}.our_ear", lambda: ear)
    monkeypatch.setattr("sori.app.actions.ears.our_facets", lambda: ear.facets)


def runner(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Sori:
    def run(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["sori", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Said(int(ended.value.code or 0), out, err)

    return run


def put(folder: Path, name: str, title: str = "", deed: str = "") -> Path:
    """Write a pretend audio file."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"{name}|{title}|{deed}", encoding="utf-8", errors="surrogateescape")
    return path


def heard(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


def results(sori: Sori) -> Any:
    return sori("show", "Song", "--json").json

"""A real server on a free port, over a small library of real sound, for the whole session."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_client import Client
from web_server import serving, write_music

from sori.app.actions.indexing import index
from sori.app.web.serving import settings_of
from sori.app.web.settings import Limits


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "music"
    write_music(folder)
    return folder


@pytest.fixture(scope="session")
def library(music: Path) -> Path:
    place = music.parent / "music.db"
    counts = index([str(music)], library=str(place), jobs=1)
    assert (counts.heard, counts.failed) == (6, 1)
    return place


@pytest.fixture(scope="session")
def limits() -> Limits:
    return Limits(body_s=1.0, headers_s=1.5, upload_bytes=8 << 20, workers=1, job_s=120.0)


@pytest.fixture(scope="session")
def web(library: Path, limits: Limits) -> Iterator[Client]:
    """Return a client of the session's server, open to everybody on this computer."""
    settings = dataclasses.replace(settings_of(library=str(library), port=0), limits=limits)
    with serving(settings) as client:
        yield client


@pytest.fixture(scope="session")
def ids(web: Client) -> dict[str, str]:
    """Return the id of every track by its file's name."""
    found = web.get("/api/tracks?limit=500").json["tracks"]
    return {os.path.basename(track["path"]): track["id"] for track in found}

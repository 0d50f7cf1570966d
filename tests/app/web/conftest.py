"""A real server on a free port, over a small library of real sound, for the whole session."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
import uvicorn
from client import Client

from sori.app.actions.indexing import index
from sori.app.web.application import guarded
from sori.app.web.server import listening, make_server
from sori.app.web.serving import settings_of
from sori.app.web.settings import Limits, Settings

RATE = 22_050
HOSTILE_TITLE = "<script>alert(1)</script>\r\nSet-Cookie: a=b\u202egnp.exe"
HOSTILE_NAME = '"><img src=x onerror=alert(1)>\u202egnp\n;.flac'
BYTES_NAME = os.fsdecode(b"caf\xe9.wav")

Start = Callable[..., Client]


def song(pitch_hz: float, *, seconds: float = 6.0) -> np.ndarray:
    time_s = np.arange(int(RATE * seconds)) / RATE
    pulse = np.exp(-8 * (time_s % 0.5))
    return (
        0.5 * pulse * (np.sin(2 * np.pi * pitch_hz * time_s) + 0.3 * np.sin(4.02 * np.pi * pitch_hz * time_s))
    )


def tagged(path: Path, samples: np.ndarray, **tags: str) -> None:
    """Write MP3 with tags, which our own writer has none of."""
    with av.open(str(path), "w") as out:
        out.metadata.update(tags)
        stream = out.add_stream("libmp3lame", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[None].astype(np.float32), format="fltp", layout="mono")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "music"
    (folder / "more").mkdir(parents=True)
    soundfile.write(folder / "220.flac", song(220.0), RATE)
    soundfile.write(folder / HOSTILE_NAME, song(247.0), RATE, format="FLAC")
    soundfile.write(folder / "plain.wav", song(262.0), RATE)
    (folder / "plain.wav").rename(folder / BYTES_NAME)
    soundfile.write(folder / "more" / "330.aiff", song(330.0), RATE)
    tagged(
        folder / "more" / "440.mp3", song(440.0), title="Plain", artist="Someone", genre="Folk", date="1999"
    )
    tagged(folder / "more" / "494.mp3", song(494.0), title=HOSTILE_TITLE, artist="Someone", album="<b>")
    (folder / "more" / "broken.mp3").write_bytes(b"no music")
    return folder


@pytest.fixture(scope="session")
def library(music: Path) -> Path:
    place = music.parent / "music.db"
    counts = index([str(music)], library=str(place), jobs=1)
    assert (counts.heard, counts.failed) == (6, 1)
    return place


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[Client]:
    """Run a server in a thread of this process until the block ends."""
    sock = listening(settings)
    port = sock.getsockname()[1]
    settings = dataclasses.replace(settings, port=port)
    server = make_server(settings, guarded(settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        _wait(server, thread)
        yield Client("127.0.0.1", port)
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        sock.close()
    assert not thread.is_alive(), "the server does not end"


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    for _ in range(600):
        if server.started or not thread.is_alive():
            break
        time.sleep(0.05)
    assert server.started, "the server does not begin"


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

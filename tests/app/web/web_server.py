"""A small library of real sound, and a real server over it."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import soundfile
import uvicorn
from web_client import Client

from sori.app.web.application import guarded
from sori.app.web.server import listening, make_server
from sori.app.web.settings import Settings

RATE = 22_050
HOSTILE_TITLE = "<script>alert(1)</script>\r\nSet-Cookie: a=b\u202egnp.exe"
HOSTILE_NAME = '"><img src=x onerror=alert(1)>\u202egnp\n;.flac'
BYTES_NAME = os.fsdecode(b"caf\xe9.wav")


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


def write_music(folder: Path) -> None:
    """Write six songs of six seconds, in several formats and under hostile names, and a file that is none."""
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

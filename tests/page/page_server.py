"""A real server in a process of its own, over songs of our own, for a browser to look at."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from sori.app.demo.library import write_library

__all__ = ["HOSTILE", "make_library", "serving", "shared_once", "write_tagged"]

#: A title that would run if the page took it for anything but text.
HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
RATE = 22_050


def write_tagged(path: Path, samples: NDArray[np.float32], **tags: str) -> None:
    """Write mono FLAC with tags."""
    with av.open(str(path), "w") as out:
        out.metadata.update(tags)
        stream = out.add_stream("flac", rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (samples[None] * 32767).astype(np.int16), format="s16", layout="mono"
        )
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def shared_once(place: Path, make: str) -> Path:
    """Have one of several test processes make a folder, and the others wait for it.

    ``make`` names a function of this module that gets the folder.
    """
    ready = place / "ready"
    try:
        place.mkdir(parents=True)
    except FileExistsError:
        for _ in range(2400):
            if ready.exists():
                return place
            time.sleep(0.05)
        raise TimeoutError(f"nobody made {place}") from None
    globals()[make](place)
    ready.touch()
    return place


def make_library(place: Path) -> None:
    """Write six songs, one with a hostile title and one that is no music, and hear them."""
    music = place / "music"
    write_library(music, seed=7, count=6, workers=2)
    time_s = np.arange(8 * RATE) / RATE
    tone = 0.4 * np.sin(2 * np.pi * 440 * time_s) * np.exp(-3 * (time_s % 0.5))
    write_tagged(music / "hostile.flac", tone.astype(np.float32), title=HOSTILE, artist="<b>Nobody</b>")
    (music / "broken.mp3").write_bytes(b"no music")
    command = [sys.executable, "-m", "sori", "index", str(music), "--library", str(place / "made.db"), "-q"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 1:  # 1: one file failed, as it must
        raise RuntimeError(done.stderr)


@contextlib.contextmanager
def serving(library: Path, *, copy_to: Path | None = None, folders: tuple[Path, ...] = ()) -> Iterator[str]:
    """Run ``sori serve`` until the block ends, on a copy of the library if asked; give its address."""
    if copy_to is not None:
        shutil.copy(library, copy_to)
        library = copy_to
    command = [sys.executable, "-m", "sori", "serve", *map(str, folders), "--library", str(library)]
    command += ["--port", "0", "--no-browser"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}
    )
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        if "serving at " not in line:
            raise RuntimeError(line + process.stderr.read())
        yield line.rpartition("serving at ")[2].strip().rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=30)

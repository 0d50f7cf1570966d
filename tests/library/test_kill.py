"""Whatever ends a run: what is done is kept, nothing is left running, and the next run completes it.

Real runs of ``sori index`` on small real files; ``SORI_KILLS`` says how often it is killed (6 by default).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import soundfile

KILLS = int(os.environ.get("SORI_KILLS", "6"))
PATIENCE_S = 30.0
RATE = 22_050


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of short tunes in three formats, with a copy, a broken file and an empty one."""
    folder = tmp_path_factory.mktemp("music")
    for number in range(36):
        rng = np.random.default_rng(number)
        steps = rng.integers(0, 12, 8)
        time_s = np.arange(RATE // 2) / RATE
        notes = [np.sin(2 * np.pi * 220 * 2 ** (step / 12) * time_s) * np.exp(-4 * time_s) for step in steps]
        path = folder / f"{number % 4}" / f"tune {number}.{('wav', 'flac', 'mp3')[number % 3]}"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, 0.5 * np.concatenate(notes), RATE)
    shutil.copy(folder / "1" / "tune 1.flac", folder / "copy.flac")
    (folder / "broken.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(range(256)) * 20)
    (folder / "empty.wav").touch()
    return folder


def sori(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sori", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def index(music: Path, library: Path, **options: Any) -> subprocess.Popen[bytes]:
    return sori("index", str(music), "--library", str(library), "--jobs", "2", **options)


def finish(process: subprocess.Popen[bytes]) -> tuple[int, bytes, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err.decode()


def content(library: Path) -> tuple[bytes, list[dict[str, Any]]]:
    """Return the whole export, byte by byte, and the failures without their times."""
    _, tracks, _ = finish(sori("export", "--vectors", "--library", str(library)))
    _, failures, _ = finish(sori("failures", "--json", "--library", str(library)))
    return tracks, [{**failure, "when": ""} for failure in json.loads(failures)["failures"]]


def log_of(library: Path) -> tuple[int, int]:
    """Return size and time of the database's log, which tell whether something was written."""
    wal = Path(f"{library}-wal")
    return (wal.stat().st_size, wal.stat().st_mtime_ns) if wal.exists() else (0, 0)


def until_writing(process: subprocess.Popen[bytes], library: Path) -> None:
    """Wait until a run writes tracks, or has ended."""
    deadline = time.monotonic() + PATIENCE_S
    before = log_of(library)
    while time.monotonic() < deadline and process.poll() is None:
        if log_of(library) != before and log_of(library)[0] > 200_000:
            return
        time.sleep(0.01)


def all_end(family: list[psutil.Process]) -> bool:
    """Wait for processes to end; one that only waits for its parent to notice has ended."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not any(runs(process) for process in family):
            return True
        time.sleep(0.02)
    return False


def runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(scope="module")
def undisturbed(music: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[dict[str, Any]]]:
    library = tmp_path_factory.mktemp("undisturbed") / "library.db"
    code, _, err = finish(index(music, library))
    assert code == 1, err
    assert "36 heard, 1 recognised, 2 failed" in err
    return content(library)


def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(
    music: Path, tmp_path: Path, undisturbed: tuple[bytes, list[dict[str, Any]]]
) -> None:
    library = tmp_path / "library.db"
    moments = random.Random(1)
    for _ in range(KILLS):
        process = index(music, library)
        if moments.random() < 0.8:  # while it hears; otherwise while it starts
            until_writing(process, library)
        time.sleep(moments.uniform(0.0, 0.6))
        family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.kill()
        finish(process)
        assert all_end(family), "workers outlived their parent"
        if process.returncode >= 0:  # it was faster
            shutil.rmtree(library.parent)
            library.parent.mkdir()
    code, _, err = finish(index(music, library))
    assert code == 1, err
    assert content(library) == undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_a_run_at_once_and_keeps_what_is_done(music: Path, tmp_path: Path, number: int) -> None:
    library = tmp_path / "library.db"
    process = index(music, library, start_new_session=True)
    until_writing(process, library)
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, number)  # as a terminal does: the whole group gets it
    code, _, err = finish(process)
    assert code == 130, err
    assert err.count("\n") >= 1
    assert "stopped with" in err
    assert "Traceback" not in err
    assert all_end(family)
    tracks, _ = content(library)
    assert json.loads(tracks)["tracks"]


def test_reading_works_while_a_run_writes_and_a_second_run_is_refused(music: Path, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    process = index(music, library)
    until_writing(process, library)
    os.kill(process.pid, signal.SIGSTOP)  # so that it is in the middle of it for as long as we look
    code, out, err = finish(sori("export", "--library", str(library)))
    assert code == 0, err
    assert json.loads(out)["tracks"]
    code, _, err = finish(index(music, library))
    os.kill(process.pid, signal.SIGCONT)
    assert code == 2, err
    assert f"another run is writing to this library (process {process.pid})" in err
    assert finish(process)[0] == 1

"""``sori prepare``, killed again and again: what is done is kept, nothing stays running, the end is the same.

``SORI_KILLS`` says how often it is killed (4 by default).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from small_sounds import RATE, tone

from sori import datasets
from sori.datasets import manifest_of, open_store, verify

KILLS = int(os.environ.get("SORI_KILLS", "4"))
PATIENCE_S = 30.0
CLIPS = 80


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of two classes of short sounds, and one file that is none."""
    root = tmp_path_factory.mktemp("classes")
    for number in range(CLIPS):
        path = root / ("odd", "even")[number % 2] / f"{number:03}.flac"
        path.parent.mkdir(exist_ok=True)
        soundfile.write(path, tone(2 + number % 5, 200 + 10 * number, rate=44100), 44100)
    (root / "odd/broken.flac").write_bytes(b"fLaC and no more")
    return root


def prepare(classes: Path, store: Path, encoding: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sori", "prepare", str(classes), "--out", str(store), "--jobs", "2"]
    options = ["--sample-rate", str(RATE), "--mono", "--encoding", encoding, "--quiet"]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def lines_of(store: Path) -> int:
    index = store / "index.jsonl"
    return index.read_bytes().count(b"\n") if index.exists() else 0


def all_end(family: list[psutil.Process]) -> bool:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("encoding", ["pcm", "flac"])
def test_kills_lose_nothing(classes: Path, tmp_path: Path, encoding: str) -> None:
    options = {"sample_rate": RATE, "mono": True, "encoding": encoding}
    assert datasets.prepare(manifest_of(classes), tmp_path / "whole", jobs=2, **options).failed == 1
    rng = random.Random(encoding)
    store, killed = tmp_path / "killed", 0
    for _ in range(KILLS // 2):
        process = prepare(classes, store, encoding)
        before, deadline = lines_of(store), time.monotonic() + PATIENCE_S
        while process.poll() is None and lines_of(store) == before and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.05))
        if process.poll() is None:
            family = psutil.Process(process.pid).children(recursive=True)
            os.kill(process.pid, signal.SIGKILL)
            killed += 1
            assert all_end(family), "its processes end with it"
        process.communicate()
        kept = lines_of(store)
        assert kept > before or before == CLIPS
        assert verify(store) == {}, "whatever the list names is whole"
        assert len(open_store(store)) == kept
    assert killed, "it was too quick to be killed: make more clips"
    last = prepare(classes, store, encoding)
    said = last.communicate()[1].decode()
    assert last.returncode == 1, said
    assert verify(store) == {}
    ours, theirs = open_store(store), open_store(tmp_path / "whole")
    assert list(ours.manifest) == list(theirs.manifest)
    assert len(ours) == CLIPS
    for row in range(CLIPS):
        np.testing.assert_array_equal(ours.read(row), theirs.read(row))


def test_it_may_be_interrupted(classes: Path, tmp_path: Path) -> None:
    process = prepare(classes, tmp_path / "store", "pcm")
    deadline = time.monotonic() + PATIENCE_S
    while lines_of(tmp_path / "store") < 5 and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert verify(tmp_path / "store") == {}
    assert 5 <= len(open_store(tmp_path / "store")) < CLIPS

"""Listeners for tests: fast ones that read a small text file, and ones that misbehave.

They live in a module of their own because worker processes import them by name. A pretend audio
file holds ``audio|title|deed``: what it sounds like, its tag, and what hearing it does.
"""

from __future__ import annotations

import ctypes
import dataclasses
import functools
import hashlib
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from sori.errors import DecodeError
from sori.library.ear import Ear

ON_DEMAND = (
    *("loudness", "levels", "tuning", "tempo_curve", "metre", "onsets", "beat_histogram", "cycle"),
    *("local_keys", "chords", "free_chords", "scale", "sections", "highlight"),
    *("pitch", "melody", "melody_notes", "notes", "contour", "expression"),
)
"""All that is not worth the time of tests that ask for none of it."""


@dataclasses.dataclass(frozen=True)
class Tags:
    title: str | None = None
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    year: int | None = None


@dataclasses.dataclass(frozen=True)
class Heard:
    duration_s: float
    sample_rate: int
    channels: int
    results: dict[str, Any]


def parts(path: str) -> list[str]:
    text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
    return [*text.split("|"), "", "", ""][:3]


def identify(path: str) -> str:
    sound, _, deed = parts(path)
    if deed == "unidentifiable":
        raise DecodeError("not of a known format")
    return hashlib.sha256(sound.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def read_tags(path: str) -> Tags:
    return Tags(title=parts(path)[1] or None, artist="Somebody")


def misbehave(deed: str) -> None:
    if deed == "exit":
        os._exit(0)
    elif deed == "segfault":
        ctypes.string_at(0)
    elif deed == "hang":
        time.sleep(1000)
    elif deed == "eat":
        hoard = []
        while True:
            hoard.append(np.ones(4_000_000))
    elif deed == "undecodable":
        raise DecodeError("neither decoder\n reads it")
    elif deed == "soundless":
        raise DecodeError("no samples in it")
    elif deed == "refused":
        try:
            raise PermissionError(13, "Permission denied")
        except OSError as error:
            raise DecodeError(f"it cannot be opened: {error}") from error
    elif deed == "bug":
        raise ZeroDivisionError("a fault of ours")
    elif deed.startswith("slow"):
        time.sleep(float(deed.removeprefix("slow")))


def hear(
    path: str,
    *,
    stages: list[str] | None = None,
    given: dict[str, Any] | None = None,
    log: str | None = None,
) -> Heard:
    """Invent results from the sound; ``log`` is a file that gets a line of path and stages each time.

    The second chord begins at the second of the beats that are given.
    """
    sound, _, deed = parts(path)
    if log:
        with open(log, "a", encoding="utf-8", errors="surrogateescape") as file:
            file.write(f"{os.path.basename(path)} {','.join(stages or [])}{' given' if given else ''}\n")
        fails = Path(log).with_name("fails")
        if fails.exists() and os.path.basename(path) in fails.read_text(encoding="utf-8").split():
            raise DecodeError("neither decoder reads it")
    misbehave(deed)
    if deed == "rewritten":
        Path(path).write_text("other", encoding="utf-8")
    seed = int(hashlib.sha256(sound.encode("utf-8", "surrogateescape")).hexdigest()[:8], 16)
    rng = np.random.default_rng(seed)
    bpm = 60 + seed % 100
    if set(stages or ()) <= {"tempo", "key", "beats", "facets"}:
        results: dict[str, Any] = {
            "tempo": {"bpm": bpm, "confidence": 0.5, "alternatives": []},
            "key": {"tonic": "A", "mode": "minor", "confidence": 0.9, "alternatives": []},
            "beats": {"times_s": [round(0.5 + beat * 60 / bpm, 3) for beat in range(int(9.4 * bpm / 60))]},
            "facets": {
                "timbre": rng.normal(size=4).astype(np.float32),
                "rhythm": rng.normal(size=3).astype(np.float32),
            },
        }
    else:
        import pretend_results  # heavier, and no worker needs it

        results = pretend_results.everything(float(bpm), silent=deed == "silent")
        if given and "beats" in given:
            chords = results["chords"]["chords"]
            chords[0]["end_s"] = chords[1]["start_s"] = given["beats"]["times_s"][1]
    return Heard(10.0, 44100, 2, {name: results[name] for name in stages or results})


def ear(*, log: Path | None = None, **versions: int) -> Ear:
    stages = {"tempo": 1, "key": 1, "beats": 1, "facets": 1}
    return Ear(
        identify=identify,
        read_tags=read_tags,
        hear=functools.partial(hear, log=str(log)) if log else hear,
        stages={name: versions.get(name, version) for name, version in stages.items()},
        facets={"timbre": versions.get("timbre", 1), "rhythm": 1},
        on_demand=dict.fromkeys(ON_DEMAND, versions.get("on_demand", 1)),
        preload=("pretend_ears",),
        follows={"chords": ("beats", "key")},
    )

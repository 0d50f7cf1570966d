"""Is everything there, and does it work? Tested with real samples, not with version numbers."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sori.app.actions.place import default_library
from sori.errors import SoriError

__all__ = ["examine"]

_PARTS = ("numpy", "scipy", "soundfile", "av", "soxr", "sqlalchemy", "typer", "rich")
_FORMATS = ("wav", "flac", "aiff", "ogg", "opus", "mp3", "m4a")
_NOT_LIBSNDFILE = ("m4a",)
_RATE, _SECONDS, _TONE_HZ, _LEVEL = 48_000, 3.0, 440.0, 0.5
_AGAIN = "pip install --force-reinstall"


def examine(*, library: str | None = None) -> list[dict[str, Any]]:
    """Examine the installation and the library.

    Returns
    -------
    list of dict
        One finding each: ``what`` was examined, whether it is ``ok``, what was ``found``, and the
        ``fix`` where it is not.
    """
    findings = [_finding("Python", platform.python_version()), _finding("SQLite", sqlite3.sqlite_version)]
    findings += [_examined(part, partial(_version, part), f"{_AGAIN} {part}") for part in _PARTS]
    if all(finding["ok"] for finding in findings):
        findings += _decoders()
        findings.append(
            _examined("worker process", _worker, "allow this program to start processes of its own")
        )
    findings.append(_library(library or default_library()))
    return findings


def _finding(what: str, found: str, fix: str | None = None) -> dict[str, Any]:
    return {"what": what, "ok": fix is None, "found": found, "fix": fix}


def _examined(what: str, look: Callable[[], str], fix: str) -> dict[str, Any]:
    """Look, and turn whatever goes wrong into a finding: finding out is the whole purpose here."""
    try:
        return _finding(what, look())
    except Exception as error:  # noqa: BLE001 -- any failure of a part is what the doctor is asked about
        return _finding(what, f"{type(error).__name__}: {error}", fix)


def _version(part: str) -> str:
    module = importlib.import_module(part)
    version = str(getattr(module, "__version__", "") or importlib.metadata.version(part))
    if part == "soundfile":
        return f"{version} with {module.__libsndfile_version__}"
    if part == "av":
        return f"{version} with FFmpeg {module.ffmpeg_version_info}"
    return version


def _decoders() -> Iterator[dict[str, Any]]:
    """Write a tone in every format and read it with every decoder that should know it."""
    import numpy as np

    from sori.audio import ffmpeg, libsndfile

    time = np.arange(int(_RATE * _SECONDS)) / _RATE
    tone = (_LEVEL * np.sin(2 * np.pi * _TONE_HZ * time)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        for extension in _FORMATS:
            path = Path(folder) / f"tone.{extension}"
            written = _examined(f"write {extension}", partial(_write, path, tone), f"{_AGAIN} av soundfile")
            if not written["ok"]:
                yield written
                continue
            read = partial(_read_back, ffmpeg.Reader, path)
            yield _examined(f"read {extension} with FFmpeg", read, f"{_AGAIN} av")
            if extension not in _NOT_LIBSNDFILE:
                read = partial(_read_back, libsndfile.Reader, path)
                yield _examined(f"read {extension} with libsndfile", read, f"{_AGAIN} soundfile")


def _write(path: Path, tone: Any) -> str:
    from sori.audio import save

    save(path, tone, sample_rate=_RATE)
    return "right"


def _read_back(decoder: Any, path: Path) -> str:
    """Decode the tone and check its length and its level."""
    import numpy as np

    from sori.audio.sniff import open_regular, sniff

    with open_regular(path) as file:
        reader = decoder(file, *sniff(file))
        samples = np.concatenate(list(reader.chunks(0, None, 4096)), axis=1)
        reader.close()
    seconds, level = samples.shape[1] / reader.sample_rate, float(np.sqrt(2 * np.mean(samples**2)))
    if not (_SECONDS <= seconds < _SECONDS + 0.1 and abs(level - _LEVEL) < 0.1):
        raise ValueError(f"{seconds:.3f} s at level {level:.2f} came back, not {_SECONDS} s at {_LEVEL}")
    return "right"


def _worker() -> str:
    """Start one worker as the index does, and let it answer."""
    from sori.system.workers import Done, Workers

    with Workers[str](1, timeout_s=60, memory_mb=1024) as workers:
        workers.give("version", platform.python_version)
        while workers.busy:
            for outcome in workers.collect(1.0):
                if not isinstance(outcome, Done):
                    raise OSError(outcome.reason)
    return "starts and answers"


def _library(place: str) -> dict[str, Any]:
    """Open the library, if there is one, and count what is in it."""
    from sori.library.catalog import SqlCatalog

    if "://" not in place and not os.path.exists(place):
        return _finding("library", f"none yet at {place}")
    try:
        with SqlCatalog(place, make=False) as catalog:
            damage = catalog.damage()
            tracks, failures = len(catalog.tracks()), len(catalog.failures())
    except (SoriError, OSError) as error:
        return _finding("library", str(error), f"move {place} away and index again")
    if damage:
        return _finding("library", f"{place}: {damage}", f"move {place} away and index again")
    return _finding("library", f"{place}: {tracks} tracks, {failures} failures")

"""Fetching a known data set from its authors: goes on where it was stopped, checks, then unpacks.

A file is written as ``NAME.part``; it gets its name when it is whole and its checksum is right, and is taken
away when it has been unpacked, which is noted in ``.fetched``. Nothing but a plain GET is sent.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import tarfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sori.datasets.card import Card, Download
from sori.errors import DataError, ParameterError, SoriError
from sori.system.lock import held
from sori.system.replacing import replacing

__all__ = ["fetch"]

_AT_ONCE = 1 << 20
_NOTES = ".fetched"
_RETRIES = 5
_TIMEOUT_S = 60.0

Report = Callable[[str, int, int | None], None]


def fetch(
    card: Card,
    folder: str | os.PathLike[str],
    *,
    only: str | None = None,
    report: Report = lambda file, done, total: None,
) -> list[str]:
    """Fetch what is missing of a data set into a folder, and return the files that were fetched.

    Parameters
    ----------
    card
        The data set; its ``downloads`` say what there is.
    folder
        Where to; made where it is not there.
    only
        A part of the names of the files that are wanted; None for all.
    report
        Told the file, how many bytes of it are there, and how many there will be where that is known.

    Raises
    ------
    ParameterError
        It is not to be fetched by programs; the message says how people get it.
    DataError
        A checksum is wrong, or an archive is damaged or reaches outside the folder. What came is taken away.
    SoriError
        The server cannot be reached or refuses; what came so far is kept for the next time.
    """
    if not card.downloads:
        steps = "; ".join(card.steps) or card.homepage
        raise ParameterError(f"{card.name} cannot be fetched by a program: {steps}")
    chosen = [one for one in card.downloads if only is None or only in one.file]
    if not chosen:
        names = ", ".join(one.file for one in card.downloads)
        raise ParameterError(f"no file of {card.name} is called {only!r}; there are {names}")
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    fetched = []
    with held(os.fspath(target / ".fetching"), what="folder", option="PATH"):
        for download in chosen:
            if _noted(target, download):
                continue
            _fetch(download, target, report)
            fetched.append(download.file)
    return fetched


def _noted(folder: Path, download: Download) -> bool:
    if not download.unpack:
        return (folder / download.file).is_file()
    return download.url in _notes(folder)


def _notes(folder: Path) -> list[str]:
    try:
        notes = json.loads((folder / _NOTES).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return []
    return notes if isinstance(notes, list) else []


def _fetch(download: Download, folder: Path, report: Report) -> None:
    file = folder / download.file
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    if not file.is_file():
        _receive(download, part, report)
        _check(download, part)
        os.replace(part, file)
    if download.unpack:
        _unpack(file, folder / download.into, download.strip)
        notes = [*_notes(folder), download.url]
        with replacing(folder / _NOTES) as out:
            out.write(json.dumps(notes).encode())
        file.unlink()


def _receive(download: Download, part: Path, report: Report) -> None:
    """Get a file to its end, beginning where the part on disk stops; a broken connection is gone on with."""
    failures = 0
    while True:
        have = part.stat().st_size if part.exists() else 0
        try:
            if _receive_once(download, part, have, report):
                return
            failures = failures + 1 if part.stat().st_size == have else 0
            reason: object = "the connection ended early"
        except urllib.error.HTTPError as error:
            said = f"{download.url}: {error.code} {error.reason}"
            raise SoriError(f"{said}; try later, or look at the homepage") from None
        except (OSError, http.client.HTTPException) as error:
            reason, failures = error, failures + 1
        if failures >= _RETRIES:
            said = f"{download.url} cannot be fetched ({reason})"
            raise SoriError(f"{said}; what came is kept, try again")


def _receive_once(download: Download, part: Path, have: int, report: Report) -> bool:
    """Receive until the connection ends, and say whether the file is whole."""
    request = urllib.request.Request(download.url, headers={"User-Agent": "sori"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return _is_whole(error.headers.get("Content-Range"), have, part)
        raise
    with answer:
        resumed = answer.status == http.HTTPStatus.PARTIAL_CONTENT
        if have and not resumed:
            have = 0  # the server sends all of it again
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else download.size_bytes
        with part.open("ab" if resumed else "wb") as out:
            while data := answer.read(_AT_ONCE):
                out.write(data)
                have += len(data)
                report(download.file, have, total)
    return total is None or have >= total


def _is_whole(content_range: str | None, have: int, part: Path) -> bool:
    """Say whether the part is the whole file; one that is longer is taken away."""
    if content_range == f"bytes */{have}" or content_range is None:
        return True
    part.unlink()
    return False


def _check(download: Download, part: Path) -> None:
    size = part.stat().st_size
    if download.checksum is None:
        if download.size_bytes not in (None, size):
            part.unlink()
            raise DataError(f"{download.url} gave {size} bytes, want {download.size_bytes}; try again")
        return
    kind, _, wanted = download.checksum.partition(":")
    digest = hashlib.new(kind, usedforsecurity=False)
    with part.open("rb") as file:
        while data := file.read(_AT_ONCE):
            digest.update(data)
    if digest.hexdigest() != wanted:
        part.unlink()
        raise DataError(
            f"{download.url} gave a file with {kind} {digest.hexdigest()}, want {wanted}; try again, "
            "and if it stays so the authors have changed it"
        )


def _unpack(file: Path, folder: Path, strip: bool) -> None:
    """Unpack an archive, each file whole or not at all; what was unpacked before is written over."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                names = [name for name in archive.namelist() if not name.endswith("/")]
                for name, place in _places(names, folder, strip):
                    with archive.open(name) as data, _whole(place) as out:
                        _copy(data, out)
        else:
            with tarfile.open(file) as archive:
                members = {member.name: member for member in archive if member.isfile()}
                for name, place in _places(list(members), folder, strip):
                    inside = archive.extractfile(members[name])
                    assert inside is not None  # a plain file has data
                    with inside, _whole(place) as out:
                        _copy(inside, out)
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, zlib.error) as error:
        file.unlink()
        raise DataError(f"{file.name} is damaged ({error}); it was taken away, fetch it again") from None


def _places(names: list[str], folder: Path, strip: bool) -> Iterator[tuple[str, Path]]:
    for name in names:
        inner = name.partition("/")[2] if strip else name
        place = Path(os.path.normpath(folder / inner))
        if not place.is_relative_to(os.path.normpath(folder)):
            raise DataError(f"the archive wants to write {name!r}, outside its folder; do not use it")
        yield name, place


@contextlib.contextmanager
def _whole(place: Path) -> Iterator[Any]:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    with part.open("wb") as out:
        yield out
    os.replace(part, place)


def _copy(data: Any, out: Any) -> None:
    while block := data.read(_AT_ONCE):
        out.write(block)

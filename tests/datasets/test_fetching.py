"""Fetching, from a server of our own: resumed, checked, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sori.datasets import known_dataset
from sori.datasets.card import Card, Download
from sori.datasets.fetching import fetch
from sori.errors import DataError, ParameterError, SoriError


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


SOUND = bytes(range(256)) * 2000
INSIDE = {"set-1.0/audio/a.wav": SOUND, "set-1.0/meta.csv": b"path\naudio/a.wav\n"}


class Server(http.server.ThreadingHTTPServer):
    """Serves what it is given; notes what was asked for; breaks off where it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.break_after: list[int] = []
        self.ranges = True

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name, wanted = self.path[1:], self.headers.get("Range")
        self.server.asked.append((name, wanted))
        data = self.server.files.get(name)
        if data is None:
            self.send_error(404)
            return
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and self.server.ranges else 0
        if start >= len(data) and start:
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(data)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        part = data[start:]
        if self.server.break_after:
            part = part[: self.server.break_after.pop(0)]
            self.close_connection = True
        with contextlib.suppress(ConnectionError):
            self.wfile.write(part)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        thread = threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def card(server: Server, name: str, data: bytes, **options: Any) -> Card:
    server.files[name] = data
    checksum = options.pop("checksum", f"sha256:{hashlib.sha256(data).hexdigest()}")
    download = Download(url=server.url(name), file=name, checksum=checksum, **options)
    texts = dict.fromkeys(("title", "about", "licence", "citation", "homepage", "split"), "text")
    return Card(name="tiny", layout=("audio/",), downloads=(download,), **texts)


@pytest.mark.parametrize(("name", "pack"), [("set.zip", zipped), ("set.tar.gz", tarred)])
def test_an_archive_is_fetched_once(server: Server, tmp_path: Path, name: str, pack: Any) -> None:
    one = card(server, name, pack(INSIDE), strip=True)
    told: list[tuple[str, int, int | None]] = []
    assert fetch(one, tmp_path / "set", report=lambda *counts: told.append(counts)) == [name]
    assert (tmp_path / "set/audio/a.wav").read_bytes() == SOUND
    assert (tmp_path / "set/meta.csv").is_file()
    assert not list((tmp_path / "set").rglob("*.part"))
    assert not (tmp_path / "set" / name).exists()
    assert told[-1][1] == told[-1][2] == len(server.files[name])
    assert fetch(one, tmp_path / "set") == []
    assert len(server.asked) == 1


def test_a_plain_file_keeps_its_name(server: Server, tmp_path: Path) -> None:
    one = card(server, "list.csv", b"path\n", unpack=False)
    assert fetch(one, tmp_path) == ["list.csv"]
    assert (tmp_path / "list.csv").read_bytes() == b"path\n"
    assert fetch(one, tmp_path) == []


def test_a_broken_connection_is_gone_on_with(server: Server, tmp_path: Path) -> None:
    data = zipped({"a.bin": SOUND})
    server.break_after = [1000, 5000, 0]
    fetch(card(server, "set.zip", data), tmp_path)
    assert [wanted for _, wanted in server.asked] == [None, "bytes=1000-", "bytes=6000-", "bytes=6000-"]
    assert (tmp_path / "a.bin").read_bytes() == SOUND


def test_what_came_before_is_kept_for_the_next_time(server: Server, tmp_path: Path) -> None:
    data = zipped({"a.bin": SOUND})
    (tmp_path / "set.zip.part").write_bytes(data[:7777])
    fetch(card(server, "set.zip", data), tmp_path)
    assert server.asked == [("set.zip", "bytes=7777-")]
    assert (tmp_path / "a.bin").read_bytes() == SOUND


def test_a_part_that_is_whole_already_is_taken(server: Server, tmp_path: Path) -> None:
    data = zipped({"a.bin": SOUND})
    (tmp_path / "set.zip.part").write_bytes(data)
    fetch(card(server, "set.zip", data), tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == SOUND


def test_a_part_that_is_too_long_is_begun_anew(server: Server, tmp_path: Path) -> None:
    data = zipped({"a.bin": SOUND})
    (tmp_path / "set.zip.part").write_bytes(data + b"more")
    fetch(card(server, "set.zip", data), tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == SOUND


def test_a_server_without_ranges_sends_all_again(server: Server, tmp_path: Path) -> None:
    data = zipped({"a.bin": SOUND})
    server.ranges = False
    (tmp_path / "set.zip.part").write_bytes(b"other bytes")
    fetch(card(server, "set.zip", data), tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == SOUND


def test_a_server_that_never_sends_more_is_given_up(server: Server, tmp_path: Path) -> None:
    data = zipped({"a.bin": SOUND})
    server.break_after = [500] + [0] * 20
    with pytest.raises(SoriError, match="what came is kept"):
        fetch(card(server, "set.zip", data), tmp_path)
    assert (tmp_path / "set.zip.part").read_bytes() == data[:500]
    server.break_after = []
    fetch(card(server, "set.zip", data), tmp_path)
    assert (tmp_path / "a.bin").read_bytes() == SOUND


def test_a_wrong_checksum_leaves_nothing(server: Server, tmp_path: Path) -> None:
    one = card(server, "set.zip", zipped({"a.bin": SOUND}), checksum="md5:" + "0" * 32)
    with pytest.raises(DataError, match=r"want 0{32}"):
        fetch(one, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".fetching"]
    one = card(server, "set.zip", b"short", checksum=None, size_bytes=99)
    with pytest.raises(DataError, match="gave 5 bytes, want 99"):
        fetch(one, tmp_path)


def test_a_damaged_archive_is_taken_away(server: Server, tmp_path: Path) -> None:
    whole = tarred(INSIDE)
    with pytest.raises(DataError, match="is damaged"):
        fetch(card(server, "set.tar.gz", whole[: len(whole) // 2]), tmp_path)
    assert not (tmp_path / "set.tar.gz").exists()
    with pytest.raises(DataError, match="is damaged"):
        fetch(card(server, "set.zip", b"<html>no such file</html>"), tmp_path)


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_never_writes_outside_its_folder(server: Server, tmp_path: Path, pack: Any) -> None:
    one = card(server, "set.zip", pack({"../outside.txt": b"x"}))
    with pytest.raises(DataError, match="outside its folder"):
        fetch(one, tmp_path / "set")
    assert not (tmp_path / "outside.txt").exists()


def test_links_in_an_archive_are_left_out(server: Server, tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    fetch(card(server, "set.tar", out.getvalue()), tmp_path)
    assert not (tmp_path / "passwd").exists()


def test_what_is_not_there_is_one_clear_error(server: Server, tmp_path: Path) -> None:
    one = card(server, "set.zip", b"")
    del server.files["set.zip"]
    with pytest.raises(SoriError, match="404"):
        fetch(one, tmp_path)


def test_only_some_of_the_files(server: Server, tmp_path: Path) -> None:
    one = card(server, "dev.zip", zipped({"dev/a.bin": b"a"}))
    with pytest.raises(ParameterError, match=r"no file of tiny is called 'train'; there are dev\.zip"):
        fetch(one, tmp_path, only="train")
    assert fetch(one, tmp_path, only="dev") == ["dev.zip"]


def test_what_a_person_must_ask_for_is_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="voxceleb cannot be fetched by a program: ask for it"):
        fetch(known_dataset("voxceleb").CARD, tmp_path / "x")
    assert not (tmp_path / "x").exists()

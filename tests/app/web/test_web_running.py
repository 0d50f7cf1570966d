"""A server begins and ends as it should, hears music while it answers, and tells what happens."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from soundfile import write
from web_client import Client
from web_server import RATE, serving, song

from sori.app.web.serving import serve as serve_here
from sori.app.web.serving import settings_of
from sori.errors import SoriError

posix = pytest.mark.skipif(os.name != "posix", reason="signals are for POSIX")


def serve(library: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sori", "serve", "--library", str(library), "--no-browser", *words]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)


@contextlib.contextmanager
def running(library: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], Client, str]]:
    """Run the command until the block ends; give its process, a client and the address that it printed."""
    process = serve(library, "--port", "0", *words)
    try:
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"http://([^:/]+):(\d+)/\S*", line)
        assert found is not None, line + process.stderr.read()
        yield process, Client("127.0.0.1", int(found[2])), found[0]
    finally:
        process.kill()
        process.communicate()


def families() -> set[int]:
    """Return the processes that this one has started, and those that they have, whatever they do."""
    import psutil

    return {child.pid for child in psutil.Process().children(recursive=True)}


@posix
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_and_cleanly(library: Path, how: signal.Signals) -> None:
    before = families()
    with running(library) as (process, client, _):
        assert client.get("/api/library").json["tracks"] == 6
        listener = socket.create_connection((client.host, client.port))
        listener.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n\r\n".encode())
        assert listener.recv(10)
        began = time.monotonic()
        os.killpg(process.pid, how)
        assert process.wait(timeout=20) in (0, -how)
        assert time.monotonic() - began < 10
        assert process.stderr is not None
        assert process.stderr.read().splitlines() == ["sori: Ctrl-C ends it"]
        listener.close()
        time.sleep(0.5)
        assert families() <= before


def test_a_second_one_on_the_same_port_says_so(library: Path, web: Client) -> None:
    second = serve(library, "--port", str(web.port))
    _, said = second.communicate(timeout=60)
    assert second.returncode == 2
    assert said.count("\n") == 1
    assert f"port {web.port} is taken, perhaps by another `sori serve`" in said


def test_what_cannot_be_is_said(library: Path, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but some text that is long enough to be one")
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"host": "no such host"}, "is no address of this computer"),
        ({"host": "192.0.2.1"}, "cannot be had"),
        ({"token": "short"}, "take 16 or more"),
        ({"folders": [str(tmp_path / "nothing")]}, "is not there; name a folder of music"),
        ({"library": str(tmp_path / "text.db")}, r"text\.db"),
    )
    for settings, expected in wrong:
        with pytest.raises(SoriError, match=expected):
            serve_here(**{"library": str(library), "port": 0, "browser": False, **settings})


def test_on_the_network_the_printed_address_lets_in(library: Path) -> None:
    with running(library, "--host", "0.0.0.0") as (_, client, printed):
        assert client.get("/api/library").status == 401
        token = printed.partition("?token=")[2]
        assert len(token) >= 32
        assert client.get(f"/?token={token}").status == 303
        assert client.get("/api/library", authorization=f"Bearer {token}").status == 200


def events(client: Client, until: str, *, timeout_s: float = 60) -> list[tuple[str, Any]]:
    """Return what is told until an event's text holds something."""
    found: list[tuple[str, Any]] = []
    with socket.create_connection((client.host, client.port), timeout=timeout_s) as sock:
        sock.sendall(f"GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\n\r\n".encode())
        reader = sock.makefile("rb")
        name = ""
        for line in reader:
            text = line.decode().strip()
            if text.startswith("event: "):
                name = text.removeprefix("event: ")
            elif text.startswith("data: "):
                found.append((name, json.loads(text.removeprefix("data: "))))
                if until in text:
                    return found
    return found


def until_there_are(client: Client, tracks: int) -> None:
    """Wait for the state of the library that has so many tracks."""
    for _ in range(150):
        if client.get("/api/tracks").json["total"] == tracks:
            break
        time.sleep(0.1)
    assert client.get("/api/tracks").json["total"] == tracks


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[tuple[Client, Path]]:
    """Return a client of a server on an empty library, and the folder that it may hear."""
    folder = tmp_path / "music"
    folder.mkdir()
    with serving(settings_of([str(folder)], library=str(tmp_path / "new.db"), port=0)) as client:
        yield client, folder


def test_music_is_heard_while_it_answers(growing: tuple[Client, Path], music: Path) -> None:
    client, folder = growing
    empty = client.get("/api/library").json
    assert (empty["tracks"], empty["roots"], empty["indexing"]) == (0, [str(folder)], None)
    assert client.get("/api/map").json["ready"] is True
    for name in ("220.flac", "more/440.mp3", "more/broken.mp3"):
        shutil.copy(music / name, folder)
    begun = client.post("/api/index", {})
    assert begun.status == 202
    assert client.post("/api/index", {}).status == 409
    told = events(client, '"running": false')
    assert client.get("/api/library").status == 200
    last = told[-1][1]
    assert (last["heard"], last["failed"], last["done"], last["error"]) == (2, 1, 3, None)
    until_there_are(client, 2)
    assert [each["path"] for each in client.get("/api/failures").json["failures"]] == [
        str(folder / "broken.mp3")
    ]
    ids = [track["id"] for track in client.get("/api/tracks").json["tracks"]]
    assert client.get(f"/api/tracks/{ids[0]}/similar").json["results"][0]["id"] == ids[1]
    assert client.post("/api/index", {"paths": [str(folder)], "retry_failed": True}).status == 202
    again = events(client, '"running": false')[-1][1]
    assert (again["unchanged"], again["failed"], again["to_do"]) == (2, 1, 1)


def test_a_run_can_be_stopped_and_goes_on_later(growing: tuple[Client, Path]) -> None:
    client, folder = growing
    for number in range(8):
        write(folder / f"{number}.wav", song(200.0 + 10 * number, seconds=20), RATE)
    client.post("/api/index", {})
    assert client.post("/api/index/stop").json == {"schema": 1, "stopping": True}
    last = events(client, '"running": false')[-1][1]
    assert last["stopped"] is True
    assert last["done"] < 8
    assert client.post("/api/index/stop").json["stopping"] is False


def test_a_recording_is_tried_and_kept_only_when_asked(growing: tuple[Client, Path], music: Path) -> None:
    client, folder = growing
    for name in ("440.mp3", "494.mp3"):
        shutil.copy(music / "more" / name, folder)
    client.post("/api/index", {})
    events(client, '"running": false')
    until_there_are(client, 2)
    body = (music / "220.flac").read_bytes()
    tried = client.ask("POST", "/api/try?name=my%20take.flac", body, content_type="audio/flac")
    assert tried.status == 200, tried.body[:300]
    said = tried.json
    assert said["analysis"]["duration_s"] == pytest.approx(6.0)
    assert (said["analysis"]["path"], said["kept"]) == ("my take.flac", None)
    assert said["similar"]["seeds"][0]["id"] is None
    assert len(said["similar"]["results"]) == 2
    assert not list((folder.parent / "new.db.cache").glob("try-*"))
    assert client.get("/api/tracks").json["total"] == 2
    kept = client.ask("POST", "/api/try?name=../my%20take.flac&keep=true", body).json["kept"]["path"]
    assert Path(kept).parent == folder.parent / "new.db.recordings"
    assert Path(kept).read_bytes() == body
    assert events(client, '"running": false')[-1][1]["error"] is None
    until_there_are(client, 3)
    assert client.ask("POST", "/api/try", b"").status == 422
    assert client.ask("POST", "/api/try", b"\x00" * 5_000).status == 422


def test_what_others_write_is_noticed(growing: tuple[Client, Path], music: Path) -> None:
    client, folder = growing
    shutil.copy(music / "more" / "440.mp3", folder)
    before = client.get("/api/library").json["revision"]
    command = [
        sys.executable,
        "-m",
        "sori",
        "index",
        str(folder),
        "--library",
        str(folder.parent / "new.db"),
        "-q",
    ]
    subprocess.run(command, check=True)
    until_there_are(client, 1)
    assert client.get("/api/library").json["revision"] != before


def test_the_page_is_shown_or_its_absence_said(
    web: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sori.app.web import built_page

    built = tmp_path / "page"
    (built / "assets").mkdir(parents=True)
    monkeypatch.setattr(built_page, "BUILT", built)
    built_page._files.cache_clear()
    for path in ("/", "/track/0000", "/map"):
        said = web.get(path)
        assert said.headers["content-type"] == "text/html; charset=utf-8"
        assert b"The page was not built" in said.body
    (built / "index.html").write_text("the page")
    (built / "assets" / "index-x.js").write_text("let x;" * 1_000)
    (tmp_path / "secret.js").write_text("secret")
    built_page._files.cache_clear()
    assert web.get("/").body == web.get("/similar/0000").body == b"the page"
    script = web.get("/assets/index-x.js", accept_encoding="gzip")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-encoding"] == "gzip"
    for path in ("/assets/../secret.js", "/assets/%2e%2e/secret.js", "/assets/other.js"):
        assert web.line(path).status == 404 or b"secret" not in web.line(path).body
    assert web.get("/api").status == web.get("/api/nothing").status == 404
    built_page._files.cache_clear()

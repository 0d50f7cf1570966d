"""Nobody gets in who must not, nothing gets out that must not, and nobody holds the server up."""

from __future__ import annotations

import dataclasses
import json
import os
import socket
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from web_client import Client, Reply
from web_server import BYTES_NAME, HOSTILE_NAME, serving

from sori.app.actions.indexing import index
from sori.app.web.attachments import attachment, plain_name
from sori.app.web.serving import settings_of
from sori.app.web.settings import Limits
from sori.errors import ParameterError

SECRET = "a token of some length"

ELSEWHERE = (
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/%252e%252e%252fetc%252fpasswd",
    "//etc/passwd",
    "/assets/../../../../../etc/passwd",
    "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
    "/assets/%2e%2e/%2e%2e/server.py",
    "/assets//etc/passwd",
    "/assets/..\\..\\server.py",
    "/assets/..%5c..%5cserver.py",
    "/assets/C:%5cWindows%5cwin.ini",
    "/C:/Windows/win.ini",
    "/assets/\\\\host\\share\\file",
    "/assets/CON",
    "/assets/index.js%00.html",
    "/api/tracks/..%2f..%2fetc%2fpasswd",
    "/api/tracks/..%2f..%2fetc%2fpasswd/audio",
    "/api/tracks/%2fetc%2fpasswd/audio",
    "/api/tracks/../../../etc/passwd/audio",
    "/api/tracks/C:%5cWindows%5cwin.ini/audio",
    "/api/tracks/0000%00/audio",
    "/api/tracks/abcd/spectrogram/mel/0/..%2f..%2f0.png",
    "/api/tracks/abcd/export?format=/etc/passwd",
    "/api/tracks/abcd/export?format=..%2f..%2fx.wav",
)


def refused(reply: Reply, status: int) -> str:
    assert reply.status == status, reply.body[:300]
    error = reply.json["error"]
    assert error["status"] == status
    return str(error["message"])


# --- paths ---------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_address_leads_out_of_the_library(web: Client, target: str) -> None:
    reply = web.line(target)
    assert reply.status in (200, 400, 404, 422)
    for secret in (b"root:", b"def run(", b"[fonts]", b"Traceback"):
        assert secret not in reply.body
    if reply.status == 200:  # the page, which is shown at any address that is its own
        assert reply.headers["content-type"].startswith("text/html")


def test_a_file_or_link_put_in_place_of_a_recording_is_not_given_out(tmp_path: Path, music: Path) -> None:
    folder = tmp_path / "music"
    folder.mkdir()
    for name in ("linked.flac", "rewritten.flac", "retagged.flac"):
        (folder / name).write_bytes((music / "220.flac").read_bytes() + name.encode())
    secret = tmp_path / "secret"
    secret.write_bytes(b"fLaC a secret" * 1000)
    library = tmp_path / "music.db"
    index([str(folder)], library=str(library), jobs=1)
    with serving(settings_of(library=str(library), port=0)) as client:
        found = {os.path.basename(t["path"]): t["id"] for t in client.get("/api/tracks").json["tracks"]}
        assert found
        for name, track_id in found.items():
            path = folder / name
            path.unlink()
            path.symlink_to(secret)
            for part in ("audio", "audio?form=transcoded", "peaks", "export?format=wav"):
                message = refused(client.get(f"/api/tracks/{track_id}/{part}"), 409)
                assert "holds something else" in message or "is not there" in message
                assert str(tmp_path) not in message
            path.unlink()
            os.mkfifo(path)
            refused(client.get(f"/api/tracks/{track_id}/audio"), 409)


def test_only_folders_of_the_library_are_heard_from_the_page(
    web: Client, music: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to("/etc")
    roots = web.get("/api/library").json["roots"]
    assert roots == [str(music)]
    for path in ("/etc", "/", "..", f"{music}/../..", f"{music}-other", str(tmp_path / "link"), "\0", "C:\\"):
        assert "only folders of the library" in refused(web.post("/api/index", {"paths": [path]}), 403)


# --- who and from where --------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "a b", "[::1", "127.1"],
)
def test_another_name_for_this_address_is_refused(web: Client, host: str) -> None:
    for path in ("/", "/api/library"):
        refused(web.get(path, host=host), 403)


def test_two_hosts_or_none_are_refused(web: Client) -> None:
    port = web.port
    hosts = f"Host: localhost:{port}\r\nHost: evil.example\r\n"
    both = f"GET /api/library HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n"
    none = "GET /api/library HTTP/1.0\r\n\r\n"
    for request in (both, none):
        assert web.raw(request.encode()).split()[1] in (b"400", b"403")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1", "file://"]
)
def test_requests_of_other_sites_are_refused(web: Client, origin: str) -> None:
    refused(web.get("/api/tracks", origin=origin), 403)
    refused(web.post("/api/index/stop", origin=origin), 403)


def test_what_changes_something_says_where_it_comes_from(web: Client) -> None:
    assert web.post("/api/index/stop").json["stopping"] is False  # a program
    assert web.post("/api/index/stop", origin=web.origin).status == 200  # the page
    for sign in ("sec-fetch-mode", "referer", "cookie"):
        assert "where it comes from" in refused(web.ask("POST", "/api/index/stop", {}, **{sign: "x"}), 403)
    for site in ("cross-site", "same-site"):
        refused(web.post("/api/index/stop", sec_fetch_site=site), 403)
        refused(web.get("/api/tracks", sec_fetch_site=site), 403)
        refused(web.get("/api/tracks", sec_fetch_site=site, sec_fetch_mode="navigate"), 403)
        assert (
            web.get("/", sec_fetch_site=site, sec_fetch_mode="navigate").status == 200
        )  # a link to the page


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "TEXT/PLAIN"],
)
def test_what_a_form_of_another_site_can_send_is_no_body_here(web: Client, kind: str) -> None:
    refused(web.ask("POST", "/api/index/stop", "{}", content_type=kind), 415)


def test_no_other_site_is_given_leave(web: Client) -> None:
    reply = web.ask("OPTIONS", "/api/tracks", origin=web.origin, access_control_request_method="GET")
    assert not [name for name in reply.headers if name.startswith("access-control")]
    refused(web.ask("OPTIONS", "/api/tracks", origin="http://evil.example"), 403)


def test_every_answer_says_how_it_may_be_used(web: Client, ids: dict[str, str]) -> None:
    track = f"/api/tracks/{ids['220.flac']}"
    for path in ("/", "/api/library", track, f"{track}/audio", "/api/nothing", "/assets/nothing.js"):
        headers = web.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert "server" not in headers


def test_a_token_is_asked_for_and_compared(library: Path) -> None:
    settings = dataclasses.replace(
        settings_of(library=str(library), port=0, token=SECRET), limits=Limits(wrong_tokens=5)
    )
    with serving(settings) as client:
        for path in ("/api/library", "/api/tracks", "/api/nothing", "/api/openapi.json"):
            assert client.get(path).headers["www-authenticate"] == "Bearer"
            refused(client.get(path), 401)
        assert b'name="token"' in client.get("/").body
        assert client.get("/assets/x.js").status == 401
        assert client.get("/api/library", authorization=f"Bearer {SECRET}").status == 200
        door = client.get(f"/?token={quote(SECRET)}")
        assert (door.status, door.headers["location"]) == (303, "/")
        cookie = door.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert SECRET not in cookie
        session = cookie.partition(";")[0]
        assert client.get("/api/library", cookie=session).status == 200
        assert client.post("/api/index/stop", cookie=session, origin=client.origin).status == 200
        refused(client.post("/api/index/stop", cookie=session), 403)
        refused(client.get("/api/library", cookie=session[:-1]), 401)
        refused(
            client.get(f"/api/library?token={quote(SECRET)}"), 401
        )  # never in an address of the interface
        for wrong in ("", "x", SECRET[:-1], SECRET + "x", "ä"):
            refused(client.get("/api/library", authorization=f"Bearer {wrong}"), 401)
        late = client.get("/api/library", authorization=f"Bearer {SECRET}")
        refused(late, 429)
        assert int(late.headers["retry-after"]) <= 61
        assert client.get("/api/library", cookie=session).status == 200  # who is in stays in


def test_any_address_but_this_computers_own_has_a_token(library: Path) -> None:
    for host in ("127.0.0.1", "localhost", "::1", "127.8.8.8"):
        assert settings_of(library=str(library), host=host).token is None
    for host in ("0.0.0.0", "::", "192.168.1.2", "example.org", ""):
        made = settings_of(library=str(library), host=host)
        assert made.token is not None
        assert len(made.token) >= 32
        assert made.token != settings_of(library=str(library), host=host).token
    with pytest.raises(ParameterError, match="take 16 or more"):
        settings_of(library=str(library), host="0.0.0.0", token="short")


def test_on_a_network_a_number_is_a_name_and_a_foreign_name_is_not(library: Path) -> None:
    with serving(settings_of(library=str(library), host="0.0.0.0", port=0, token=SECRET)) as client:
        known = {"authorization": f"Bearer {SECRET}"}
        for host in (f"192.168.1.2:{client.port}", "localhost", "[fe80::1]:80", socket.gethostname()):
            assert client.get("/api/library", host=host, **known).status == 200
        refused(client.get("/api/library", host="evil.example", **known), 403)


# --- how much and how slowly ---------------------------------------------------------------


def test_bodies_have_an_end(web: Client, limits: Limits) -> None:
    head = f"POST /api/index HTTP/1.1\r\nHost: {web.host}:{web.port}\r\nContent-Type: application/json\r\n"
    answer = web.raw(f"{head}Content-Length: {limits.body_bytes + 1}\r\n\r\n".encode())
    assert answer.split()[1] == b"413"
    assert b"larger than" in answer
    head = f"POST /api/try HTTP/1.1\r\nHost: {web.host}:{web.port}\r\n"
    declared = f"{head}Content-Length: {limits.upload_bytes + 1}\r\n\r\n"
    assert web.raw(declared.encode()).split()[1] == b"413"
    chunked = f"{head}Transfer-Encoding: chunked\r\n\r\n".encode()
    with socket.create_connection((web.host, web.port), timeout=30) as sock:
        sock.sendall(chunked)
        sent = 0
        try:
            while sent < 2 * limits.upload_bytes:
                sock.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
                sent += 0x100000
        except OSError:
            pass  # it was hung up on
        else:
            assert sock.recv(1000).split()[1] == b"413"


def test_who_is_slow_is_hung_up_on(web: Client, limits: Limits) -> None:
    head = f"POST /api/index HTTP/1.1\r\nHost: {web.host}:{web.port}\r\nContent-Type: application/json\r\n"
    slow_body = f"{head}Content-Length: 500\r\n\r\n" + "{"
    slow_head = head + "X-Slow: "
    for request, patience_s in (
        (slow_body, limits.body_s),
        (slow_head, limits.headers_s),
        ("", limits.headers_s),
    ):
        began = time.monotonic()
        answer = web.raw(request.encode(), timeout_s=20)
        assert patience_s - 0.2 < time.monotonic() - began < patience_s + 8
        assert answer == b"" or answer.split()[1] == b"408"


def test_long_headers_and_addresses_are_refused(web: Client) -> None:
    for request in (f"GET /{'x' * 100_000} HTTP/1.1\r\n", f"GET / HTTP/1.1\r\nX: {'x' * 100_000}\r\n"):
        try:
            answer = web.raw(request.encode())
        except ConnectionError:
            continue
        assert answer == b"" or answer.split()[1] in (b"400", b"431")
    assert web.get("/api/library").status == 200


def test_when_too_much_is_under_way_the_next_one_is_told_to_wait(library: Path, music: Path) -> None:
    narrow = Limits(workers=1, waiting=0, listeners=1)
    settings = dataclasses.replace(settings_of(library=str(library), port=0), limits=narrow)
    with serving(settings) as client:
        client.get("/api/library")
        events = socket.create_connection((client.host, client.port), timeout=10)
        events.sendall(f"GET /api/events HTTP/1.1\r\nHost: {client.host}:{client.port}\r\n\r\n".encode())
        assert events.recv(100).split()[1] == b"200"
        busy = client.get("/api/events")
        refused(busy, 503)
        assert int(busy.headers["retry-after"]) > 0
        body = (music / "220.flac").read_bytes()
        replies = _at_once(client, body, 6)
        assert {reply.status for reply in replies} == {200, 503}
        assert all("retry-after" in reply.headers for reply in replies if reply.status == 503)
        events.close()


def _at_once(client: Client, body: bytes, count: int) -> list[Reply]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(count) as pool:
        asked = [pool.submit(client.ask, "POST", f"/api/try?name={n}.flac", body) for n in range(count)]
        return [each.result() for each in asked]


# --- what hostile music says ---------------------------------------------------------------


def test_hostile_tags_and_names_come_as_data(web: Client, ids: dict[str, str]) -> None:
    tracks = web.get("/api/tracks?limit=500").json["tracks"]
    assert any("<script>" in (track["title"] or "") for track in tracks)
    assert HOSTILE_NAME in ids
    assert BYTES_NAME in ids  # bytes that are no text, as the command line writes them
    for track_id in ids.values():
        for path in ("", "/audio", "/export?format=json", "/export?format=beats"):
            reply = web.get(f"/api/tracks/{track_id}{path}")
            assert reply.status == 200
            assert "set-cookie" not in reply.headers
            assert not reply.headers["content-type"].startswith("text/html")
            assert all(value.isprintable() and value.isascii() for value in reply.headers.values())


def test_a_saved_file_has_a_harmless_name() -> None:
    assert plain_name("../../etc/passwd") == "_._etc_passwd"
    assert plain_name("..\\..\\x.wav") == "_.._x.wav"
    assert plain_name("con.wav") == "_con.wav"
    assert plain_name("a\r\nb\u202e.wav") == "a__b_.wav"
    assert plain_name("") == "sori"
    assert len(plain_name("x" * 5_000 + ".flac")) < 200
    for name in ('a"b.mid', "a\r\nSet-Cookie: x=1.mid", "소리.mid", "\ud800.mid", "%0d%0a.mid", "a;b=c.mid"):
        said = attachment(name)
        assert said.isascii()
        assert said.isprintable()
        assert said.count('"') == 2


def test_errors_tell_no_secrets(web: Client, ids: dict[str, str], library: Path) -> None:
    track = f"/api/tracks/{ids['220.flac']}"
    for path in (
        "/api/tracks?limit=x",
        "/api/tracks?tempo=fast",
        "/api/tracks?key=H",
        "/api/tracks/zzz",
        "/api/tracks/0000",
        f"{track}/export?format=exe",
        f"{track}/similar?weights=colour=1",
        f"{track}/spectrogram/mel/0/99.png",
    ):
        reply = web.get(path)
        assert reply.status in (400, 404, 422)
        message = reply.json["error"]["message"]
        assert "Traceback" not in message
        assert "site-packages" not in message
        assert str(library.parent) not in message
    reply = web.ask("POST", "/api/try?name=x.mp3", b"not audio")
    assert str(library.parent) not in refused(reply, 422)
    assert json.loads(web.ask("DELETE", "/api/library").body)["error"]["status"] == 405

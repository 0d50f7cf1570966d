"""Asking a server as browsers, programs and attackers do."""

from __future__ import annotations

import dataclasses
import http.client
import json
import socket
from typing import Any


@dataclasses.dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclasses.dataclass(frozen=True)
class Client:
    host: str
    port: int

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self, method: str, path: str, body: Any = None, *, timeout_s: float = 60, **headers: str
    ) -> Reply:
        """Send a request as a program does; ``headers`` are named with ``_`` for ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, dict):
            body = json.dumps(body)
            named.setdefault("content-type", "application/json")
        connection = http.client.HTTPConnection(self.host, self.port, timeout=timeout_s)
        try:
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, found, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Reply:
        return self.ask("POST", path, {} if body is None else body, **headers)

    def raw(self, request: bytes, *, timeout_s: float = 10) -> bytes:
        """Send bytes as they are and return all that comes back until the other side hangs up."""
        with socket.create_connection((self.host, self.port), timeout=timeout_s) as sock:
            sock.sendall(request)
            parts = []
            while part := sock.recv(65_536):
                parts.append(part)
        return b"".join(parts)

    def line(self, target: str, *more: str) -> Reply:
        """Ask for a target letter by letter, which no client would send so."""
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "Connection: close",
            *more,
            "",
            "",
        ]
        answer = self.raw("\r\n".join(lines).encode())
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
        return Reply(int(first.split()[1]), headers, body)

"""Running the server: one address, plain words about it, and a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from sori.app.web.application import guarded
from sori.app.web.guard import Guard
from sori.app.web.settings import Settings
from sori.errors import ParameterError
from sori.library.ear import Ear

__all__ = ["address", "listening", "make_server", "run"]

_GRACE_S = 3
_KEEP_ALIVE_S = 15
_OPEN_FILES = 16_384
_TURN_S = 0.001  # whoever answers gets its turn soon while another thread makes a new state


def run(
    settings: Settings, *, ear: Ear | None = None, began: Callable[[str], None] = lambda address: None
) -> None:
    """Serve until Ctrl-C or SIGTERM; ``began`` is called with the address once it answers.

    Raises
    ------
    ParameterError
        The address cannot be had.
    """
    with contextlib.closing(listening(settings)) as sock:
        _allow_many_files()
        sys.setswitchinterval(_TURN_S)
        here = address(settings, sock)
        server = make_server(settings, guarded(settings, ear=ear), began=lambda: began(here))
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[sock])


def make_server(
    settings: Settings, application: Guard, *, began: Callable[[], None] = lambda: None
) -> uvicorn.Server:
    """Return the server of an application, with its limits; it is run with a socket."""
    config = uvicorn.Config(
        application,
        http=_protocol(settings),
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=settings.limits.connections,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        h11_max_incomplete_event_size=settings.limits.header_bytes,
    )
    return _Server(config, began=began)


def listening(settings: Settings) -> socket.socket:
    """Return a socket that listens at the address of the settings.

    Raises
    ------
    ParameterError
        Somebody else has it, or there is no such address here.
    """
    place = f"{settings.host} port {settings.port}"
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ParameterError(f"{settings.host!r} is no address of this computer; leave --host out") from error
    # With the protocol named asyncio knows it for TCP and sends at once; else each answer waits 40 ms for the
    # other side to say that it has the headers.
    sock = socket.socket(found[0], socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere this would let two servers have one port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(found[4])
        sock.listen(2_048)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise ParameterError(
                f"{place} is taken, perhaps by another `sori serve`; open that one, or give another --port"
            ) from error
        raise ParameterError(
            f"{place} cannot be had ({error.strerror}); give another --host or --port"
        ) from error
    sock.set_inheritable(False)
    return sock


def address(settings: Settings, sock: socket.socket) -> str:
    """Return what to open in a browser, with the token where there is one."""
    port = sock.getsockname()[1]
    host = settings.host
    if host in ("0.0.0.0", "::", ""):
        host = socket.gethostname()
    if ":" in host:
        host = f"[{host}]"
    return f"http://{host}:{port}/" + (f"?token={settings.token}" if settings.token else "")


class _Server(uvicorn.Server):
    """Says when it answers, and lets those who listen to events go before it waits for the others."""

    def __init__(self, config: uvicorn.Config, *, began: Callable[[], None]) -> None:
        super().__init__(config)
        self._began = began

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._began()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        application: Any = self.config.app
        application.closing()
        await super().shutdown(sockets)


def _protocol(settings: Settings) -> type[H11Protocol]:
    """Return the protocol with an end to patience: whoever connects must say soon what it wants."""

    class Impatient(H11Protocol):
        _patience: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            heard = self.conn.their_state is not h11.IDLE
            if heard and self._patience is not None:
                self._patience.cancel()
                self._patience = None
            elif not heard and self._patience is None:
                self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            if self._patience is not None:
                self._patience.cancel()
            super().connection_lost(exc)

        def _wait(self) -> None:
            self._patience = self.loop.call_later(settings.limits.headers_s, self._lose)

        def _lose(self) -> None:
            self._patience = None
            if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
                self.transport.close()

    return Impatient


def _allow_many_files() -> None:
    """Raise this process's limit of open files as far as it may go: every listener is one."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

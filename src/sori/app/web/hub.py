"""Telling pages what happens, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any

from sori.app.output import escaped
from sori.app.web.answers import Refused

__all__ = ["Hub"]

_SILENCE_S = 15.0  # then a word, so that nobody in between hangs up
_BEHIND = 100


class Hub:
    """Whoever listens hears every event from then on, and the last of each kind at first.

    Told from any thread; a listener that cannot follow is let go, and comes again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._listeners: dict[asyncio.Queue[str | None], asyncio.AbstractEventLoop] = {}
        self._last: dict[str, str] = {}
        self._lock = threading.Lock()
        self._closed = False

    def tell(self, name: str, data: dict[str, Any]) -> None:
        """Tell an event to all."""
        text = f"event: {name}\ndata: {escaped(json.dumps(data, allow_nan=False))}\n\n"
        with self._lock:
            self._last[name] = text
            listeners = list(self._listeners.items())
        for listener, loop in listeners:
            self._put(listener, loop, text)

    def close(self) -> None:
        """Let everybody go."""
        with self._lock:
            self._closed = True
            listeners = list(self._listeners.items())
        for listener, loop in listeners:
            self._put(listener, loop, None)

    def listen(self) -> AsyncIterator[str]:
        """Begin to listen.

        Raises
        ------
        Refused
            503, when as many listen as may.
        """
        queue: asyncio.Queue[str | None] = asyncio.Queue(_BEHIND)
        with self._lock:
            if len(self._listeners) >= self._most or self._closed:
                raise Refused(503, "as many listen as may; ask again later", retry_after_s=30)
            self._listeners[queue] = asyncio.get_running_loop()
            for text in self._last.values():
                queue.put_nowait(text)
        return self._heard(queue)

    async def _heard(self, queue: asyncio.Queue[str | None]) -> AsyncIterator[str]:
        try:
            yield "retry: 2000\n\n"
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _SILENCE_S)
                except TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    return
                yield text
        finally:
            with self._lock:
                self._listeners.pop(queue, None)

    def _put(
        self, listener: asyncio.Queue[str | None], loop: asyncio.AbstractEventLoop, text: str | None
    ) -> None:
        def put() -> None:
            if listener.full():
                listener.get_nowait()
                text_or_end = None
            else:
                text_or_end = text
            listener.put_nowait(text_or_end)

        if not loop.is_closed():
            loop.call_soon_threadsafe(put)

"""The token, and the browsers that have shown it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import deque

from sori.app.web.answers import Refused

__all__ = ["Sessions", "new_token"]

_MOST = 1_000
_MINUTE_S = 60.0


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(24)


class Sessions:
    """Compares tokens in constant time, slows down who guesses, and remembers who was right."""

    def __init__(self, token: str | None, wrong_a_minute: int) -> None:
        self._token = _digest(token or secrets.token_hex())
        self._wrong: deque[float] = deque(maxlen=wrong_a_minute)
        self._known: dict[bytes, None] = {}

    def check(self, given: str) -> None:
        """Let a right token pass.

        Raises
        ------
        Refused
            401 for a wrong one, 429 when too many came within a minute.
        """
        now = time.monotonic()
        full = len(self._wrong) == self._wrong.maxlen
        if full and now - self._wrong[0] < _MINUTE_S:
            wait = int(_MINUTE_S - (now - self._wrong[0])) + 1
            raise Refused(429, "too many wrong tokens; wait a minute", retry_after_s=wait)
        if not hmac.compare_digest(_digest(given), self._token):
            self._wrong.append(now)
            raise Refused(401, "this is not the token of this server")

    def begin(self) -> str:
        """Return the secret of a new session."""
        while len(self._known) >= _MOST:
            del self._known[next(iter(self._known))]
        secret = new_token()
        self._known[_digest(secret)] = None
        return secret

    def knows(self, secret: str) -> bool:
        """Say whether a session has begun with this secret; it is looked up by its hash."""
        return _digest(secret) in self._known


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()

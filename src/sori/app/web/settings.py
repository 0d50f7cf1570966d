"""What a server is told when it starts, and the limits it keeps to."""

from __future__ import annotations

import dataclasses
import ipaddress
from pathlib import Path

__all__ = ["Limits", "Settings"]


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a client may ask of the server.

    Attributes
    ----------
    body_bytes, upload_bytes
        The largest body of a request, and of one that brings audio.
    body_s, slowest_bytes_per_s
        How long a body may take: so many seconds, and more for a large one that comes at this rate.
    headers_s, header_bytes
        How long a client may take to say what it wants, and how many bytes that may be.
    connections
        How many clients are answered at once.
    workers, waiting
        How many things that take long are done at once, and how many may wait.
    job_s, job_memory_mb
        What one of those may take.
    listeners
        How many clients may listen to events.
    cache_mb
        How much of what was made is kept on disk.
    wrong_tokens
        How many wrong tokens are answered within a minute.
    """

    body_bytes: int = 1 << 20
    upload_bytes: int = 256 << 20
    body_s: float = 15.0
    slowest_bytes_per_s: int = 50_000
    headers_s: float = 15.0
    header_bytes: int = 16 << 10
    connections: int = 4_096
    workers: int = 2
    waiting: int = 256
    job_s: float = 900.0
    job_memory_mb: int = 4_096
    listeners: int = 64
    cache_mb: int = 1_024
    wrong_tokens: int = 20


@dataclasses.dataclass(frozen=True)
class Settings:
    """Which library is served, where, and to whom.

    ``token`` is ``None`` where everybody who reaches the address is let in; ``roots`` are folders that may be
    heard besides those that were heard before; ``cache`` is the folder for what is made of recordings.
    """

    library: str
    cache: Path
    host: str = "127.0.0.1"
    port: int = 8642
    token: str | None = None
    roots: tuple[str, ...] = ()
    limits: Limits = dataclasses.field(default_factory=Limits)

    @property
    def local(self) -> bool:
        """Whether only this computer can reach the address."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

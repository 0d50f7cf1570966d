"""Every byte of a store against its checksum."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from sori.datasets.store.index import Entry, read_index, read_parameters, shard_path

__all__ = ["damaged_entries", "verify"]

_AT_ONCE = 1 << 24


def verify(
    store: str | Path, *, on_clip: Callable[[int, int], None] = lambda done, total: None
) -> dict[str, str]:
    """Return the clips of a store whose bytes are not what was written, with the reason.

    Raises
    ------
    DataError
        The folder is no store, or its index is damaged.
    """
    folder = Path(store)
    read_parameters(folder)
    return damaged_entries(folder, read_index(folder).entries(), on_clip=on_clip)


def damaged_entries(
    folder: Path,
    entries: Mapping[str, Entry],
    *,
    on_clip: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, str]:
    """Return those of the entries whose bytes are not what was written, with the reason."""
    wrong: dict[str, str] = {}
    for done, entry in enumerate(sorted(entries.values(), key=lambda e: (e.shard, e.offset)), 1):
        reason = _fault(shard_path(folder, entry.shard), entry)
        if reason:
            wrong[entry.clip.id] = reason
        on_clip(done, len(entries))
    return wrong


def _fault(path: Path, entry: Entry) -> str | None:
    crc32, left = 0, entry.n_bytes
    try:
        with path.open("rb") as shard:
            shard.seek(entry.offset)
            while left and (data := shard.read(min(left, _AT_ONCE))):
                crc32 = zlib.crc32(data, crc32)
                left -= len(data)
    except OSError as error:
        return f"{path.name}: {error.strerror}"
    if left:
        return f"{path.name} ends {left} bytes too early"
    return None if crc32 == entry.crc32 else f"{path.name}: its bytes have changed since they were written"

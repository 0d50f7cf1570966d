"""One writer at a time: a lock that the operating system lets go of however its holder ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

from sori.errors import DataError

__all__ = ["held"]

_BYTE = 2**30  # the byte that is locked on Windows: beyond what is written, so that others can read it


@contextlib.contextmanager
def held(path: str, *, what: str, option: str) -> Iterator[None]:
    """Hold the lock file at ``path`` inside a ``with`` block.

    ``what`` it guards and the ``option`` that names its place are for the messages.

    The file stays when the block ends: only the lock on it counts, and that dies with its holder.

    Raises
    ------
    DataError
        Another process holds it, or the file cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written ({error.strerror}); name another place with {option}"
        ) from error
    try:
        if not _take(descriptor):
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise DataError(
                f"another run is writing to this {what} (process {holder}); wait for it to end, or stop it"
            )
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b"%d\n" % os.getpid())
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(descriptor, _BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            os.lseek(descriptor, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

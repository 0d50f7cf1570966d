"""A file written under another name and moved into place: whoever reads sees the old one or the new one."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["replacing"]

#: What a killed process left half-written is taken away after so long.
_STALE_S = 3600.0


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Give a file to write; it takes the place of ``target`` when the block ends without an error.

    Raises
    ------
    OSError
        The folder cannot be written, or, on Windows, somebody has the old file open.
    """
    _tidy(target)
    handle, temporary = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        if os.name == "posix":
            # mkstemp makes files for the owner alone; this is an ordinary file.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _tidy(target: Path) -> None:
    with contextlib.suppress(OSError):
        for name in os.listdir(target.parent):
            if name.startswith(f"{target.name}.") and name.endswith(".part"):
                part = target.parent / name
                with contextlib.suppress(OSError):
                    if time.time() - part.stat().st_mtime > _STALE_S:
                        part.unlink()

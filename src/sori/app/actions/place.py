"""Where the library is."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sori.errors import ParameterError
from sori.library.catalog import SqlCatalog

__all__ = ["default_library", "existing_library", "new_library"]


def default_library() -> str:
    """Return the library file in the user's data folder, where this system keeps such things."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return str(base / "sori" / "library.db")


def new_library(place: str | None) -> SqlCatalog:
    """Open a library to write to, making the file and its folder when absent.

    Raises
    ------
    ParameterError
        The folder cannot be made.
    DataError
        The file cannot be used as a library.
    """
    place = place or default_library()
    if "://" not in place:
        try:
            os.makedirs(os.path.dirname(os.path.abspath(place)), exist_ok=True)
        except OSError as error:
            raise ParameterError(
                f"no library can be made at {place} ({error.strerror}); name another file with --library"
            ) from error
    return SqlCatalog(place)


def existing_library(place: str | None) -> SqlCatalog:
    """Open a library to read from.

    Raises
    ------
    ParameterError
        There is none at this place.
    DataError
        The file cannot be used as a library.
    """
    place = place or default_library()
    if "://" not in place and not os.path.exists(place):
        raise ParameterError(f"there is no library at {place}; make one with `sori index FOLDER`")
    return SqlCatalog(place, make=False)

"""Which files there are to hear: folders searched all the way down, files as they are named."""

from __future__ import annotations

import dataclasses
import os
import stat
from collections.abc import Callable, Iterable, Sequence

from sori.audio.types import AUDIO_EXTENSIONS
from sori.errors import ParameterError

__all__ = ["AUDIO_EXTENSIONS", "Found", "Walk", "vanished", "walk"]


@dataclasses.dataclass(frozen=True)
class Found:
    """A file as the system describes it: size in bytes, modification time in ns."""

    size: int
    mtime_ns: int


@dataclasses.dataclass
class Walk:
    """What a walk met: files by absolute path, and what could not be looked at, with the reason."""

    files: dict[str, Found]
    refused: dict[str, str]
    _roots: frozenset[str]
    _covered: dict[str, bool] = dataclasses.field(default_factory=dict)

    def covers(self, path: str) -> bool:
        """Say whether a path is one of those asked for, or lies in a folder asked for."""
        if path in self._roots:
            return True
        folder = os.path.dirname(path)
        if folder not in self._covered:
            self._covered[folder] = folder != path and self.covers(folder)
        return self._covered[folder]

    def follow(self, paths: Iterable[str]) -> set[str]:
        """Look after known paths that the walk did not meet; return those that are certainly gone.

        One that is still there (under another name of its folder, or with an unusual extension)
        joins the files; one that the system will not show is neither there nor gone.
        """
        gone = set()
        for path in paths:
            try:
                status = os.stat(path)
            except (FileNotFoundError, NotADirectoryError):
                gone.add(path)
            except OSError:
                continue
            else:
                if stat.S_ISREG(status.st_mode):
                    self.files[path] = Found(status.st_size, status.st_mtime_ns)
                else:
                    gone.add(path)
        return gone


def vanished(path: str) -> bool:
    """Say whether there is certainly nothing at a path; what the system will not show may be there."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def walk(
    paths: Sequence[str],
    *,
    stopping: Callable[[], bool] = lambda: False,
    known: Callable[[str], bool] = lambda path: False,
) -> Walk:
    """Find the audio files in folders and among named files.

    Folders are searched all the way down, those behind links after all others and each only once,
    so loops end. In folders, only names with an audio extension count, and hidden ones (with a
    leading dot) do not. A folder or a file that the system refuses is noted, not raised. A path that
    does not exist is allowed where ``known`` says that something was there before.

    Raises
    ------
    ParameterError
        A path does not exist, or is neither a file nor a folder.
    """
    roots = [os.path.abspath(path) for path in paths]
    found = Walk({}, {}, frozenset(roots))
    folders = []
    for given, root in zip(paths, roots, strict=True):
        try:
            status = os.stat(root)
        except OSError as error:
            if vanished(root) and known(root):
                continue
            raise ParameterError(f"{given}: {error.strerror}; name a folder or a file to index") from error
        if stat.S_ISDIR(status.st_mode):
            folders.append(root)
        elif stat.S_ISREG(status.st_mode):
            found.files[root] = Found(status.st_size, status.st_mtime_ns)
        else:
            raise ParameterError(f"{given} is neither a file nor a folder; name a folder or a file to index")
    seen: set[tuple[int, int]] = set()
    linked: list[str] = []
    while folders or linked:
        if stopping():
            break
        folder = folders.pop() if folders else linked.pop(0)
        _search(folder, found, seen, folders, linked)
    return found


def _search(
    folder: str, found: Walk, seen: set[tuple[int, int]], folders: list[str], linked: list[str]
) -> None:
    """Take the files of one folder, and put its folders on the lists of those to search."""
    try:
        status = os.stat(folder)
        if (status.st_dev, status.st_ino) in seen:
            return
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(folder) as entries:
            listing = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        found.refused[folder] = error.strerror or str(error)
        return
    for entry in listing:
        if entry.name.startswith("."):
            continue
        try:
            if entry.is_dir():
                (linked if entry.is_symlink() else folders).append(entry.path)
            elif os.path.splitext(entry.name)[1][1:].lower() in AUDIO_EXTENSIONS and entry.is_file():
                status = entry.stat()
                found.files[entry.path] = Found(status.st_size, status.st_mtime_ns)
        except OSError as error:
            found.refused[entry.path] = error.strerror or str(error)

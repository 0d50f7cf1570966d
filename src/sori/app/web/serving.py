"""What `sori serve` does: a library on an address, for this computer alone unless told otherwise."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from sori.app.actions.place import default_library
from sori.app.web.server import run
from sori.app.web.sessions import new_token
from sori.app.web.settings import Settings
from sori.errors import ParameterError
from sori.library.ear import Ear

__all__ = ["serve", "settings_of"]

_SHORTEST_TOKEN = 16


def serve(
    folders: Sequence[str] = (),
    *,
    library: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8642,
    token: str | None = None,
    browser: bool = True,
    began: Callable[[str], None] = lambda address: None,
    ear: Ear | None = None,
) -> None:
    """Serve a library until Ctrl-C.

    Parameters
    ----------
    folders
        Music that may be heard from the page, besides what the library knows.
    host, port
        Where; port 0 takes a free one. Any address but this computer's own asks for a token, a new one if
        none is given.
    browser
        Whether to open the page.
    began
        Called with the address once it answers.

    Raises
    ------
    ParameterError
        A folder that is not there, a token that is too short, an address that cannot be had.
    DataError
        The file cannot be used as a library.
    """
    settings = settings_of(folders, library=library, host=host, port=port, token=token)

    def answering(address: str) -> None:
        began(address)
        if browser:
            webbrowser.open(address)

    run(settings, ear=ear, began=answering)


def settings_of(
    folders: Sequence[str] = (),
    *,
    library: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8642,
    token: str | None = None,
) -> Settings:
    """Return the settings that are meant, or refuse them."""
    if missing := [folder for folder in folders if not os.path.exists(folder)]:
        raise ParameterError(f"{missing[0]} is not there; name a folder of music")
    if token is not None and len(token) < _SHORTEST_TOKEN:
        raise ParameterError(
            f"--token came with {len(token)} characters; take {_SHORTEST_TOKEN} or more, or leave it out"
        )
    place = library or default_library()
    beside = default_library() if "://" in place else os.path.abspath(place)
    settings = Settings(
        library=place,
        cache=Path(f"{beside}.cache"),
        host=host,
        port=port,
        token=token,
        roots=tuple(os.path.abspath(folder) for folder in folders),
    )
    if token is None and not settings.local:
        settings = Settings(**{**vars(settings), "token": new_token()})
    return settings

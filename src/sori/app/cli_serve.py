"""The command that shows the page: serve."""

from __future__ import annotations

from typing import Annotated

import typer

from sori.app.cli_options import LibraryOption

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Give this command to the command line."""
    app.command("serve")(serve)


def serve(
    folders: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FOLDER]...", help="Music that may be heard from the page."),
    ] = None,
    library: LibraryOption = None,
    host: Annotated[
        str, typer.Option(help="The address to listen at; any but this computer's own asks for a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="The port; 0 takes a free one.")] = 8642,
    token: Annotated[
        str | None,
        typer.Option(envvar="SORI_TOKEN", metavar="TEXT", help="What clients must show; 16 letters or more."),
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
) -> None:
    """Open the page: look, listen, compare, correct. Ctrl-C ends it."""
    import sys

    from sori.app.output import lines
    from sori.app.web.serving import serve as act

    def began(address: str) -> None:
        lines([f"sori: serving at {address}", "sori: Ctrl-C ends it"], to=sys.stderr)

    act(
        folders or (),
        library=library,
        host=host,
        port=port,
        token=token,
        browser=not no_browser,
        began=began,
    )

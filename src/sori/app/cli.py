"""The command line: each command turns words into one call of an action, and its answer into lines or JSON.

Only typer and the standard library are loaded before a command runs, so that help comes at once.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from sori.app import cli_datasets, cli_hearing, cli_models, cli_similar
from sori.app.cli_options import JsonOption, LibraryOption, TrackArgument
from sori.app.output import lines, printable
from sori.errors import DataError, MissingExtra, ParameterError, SoriError

__all__ = ["app", "main"]

app = typer.Typer(
    name="sori",
    help="Ears for your computer: hear a music collection, find what sounds alike, and why.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def index(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Folders, or single files of any name.")],
    library: LibraryOption = None,
    jobs: Annotated[
        int | None, typer.Option(help="Files heard at once; by default one per processor.")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Try again what failed before.")
    ] = False,
    timeout: Annotated[float, typer.Option(metavar="S", help="Seconds one file may take.")] = 600.0,
    memory_mb: Annotated[int, typer.Option(metavar="N", help="Memory one file may take.")] = 2048,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE", help="A trained model that listens too, from now on: tags, and a facet."
        ),
    ] = None,
    no_models: Annotated[
        bool, typer.Option("--no-models", help="From now on without trained models.")
    ] = False,
    json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing while working.")] = False,
) -> None:
    """Hear every new or changed audio file; stop and go on as you like."""
    from sori.app import progress, report
    from sori.app.actions.indexing import index as act

    if model and no_models:
        raise ParameterError("--model and --no-models contradict each other; give one of them")
    models = [] if no_models else model or None
    limits: dict[str, Any] = {"models": models, "jobs": jobs, "timeout_s": timeout, "memory_mb": memory_mb}
    with progress.shown(quiet=quiet) as shown:
        counts = act(paths, library=library, retry_failed=retry_failed, report=shown, **limits)
    report.index(counts, as_json=json, quiet=quiet)
    raise typer.Exit(130 if counts.stopped else 1 if counts.failures else 0)


@app.command()
def show(track: TrackArgument, library: LibraryOption = None, json: JsonOption = False) -> None:
    """Show everything that was heard in a track."""
    from sori.app import report
    from sori.app.actions.listing import show as act

    report.show(act(track, library=library), as_json=json)


@app.command()
def failures(library: LibraryOption = None, json: JsonOption = False) -> None:
    """List the files that could not be heard, and why."""
    from sori.app import report
    from sori.app.actions.listing import failures as act

    report.failures(act(library=library), as_json=json)


@app.command()
def export(
    library: LibraryOption = None,
    form: Annotated[
        str, typer.Option("--format", metavar="json|csv", help="JSON has everything, CSV the plain values.")
    ] = "json",
    output: Annotated[str | None, typer.Option("--output", "-o", metavar="FILE", help="Write here.")] = None,
    vectors: Annotated[bool, typer.Option("--vectors", help="With the facet vectors (JSON only).")] = False,
) -> None:
    """Write down the whole library."""
    from sori.app import report
    from sori.app.actions.listing import export as act
    from sori.app.actions.listing import export_csv

    if form not in ("json", "csv"):
        raise ParameterError(f"the format is {form!r}; choose json or csv")
    if form == "csv" and vectors:
        raise ParameterError("CSV has no place for vectors; leave --vectors out, or choose json")
    tracks = act(library=library, vectors=vectors)
    report.export(tracks, export_csv(tracks) if form == "csv" else None, output=output)


@app.command()
def doctor(library: LibraryOption = None, json: JsonOption = False) -> None:
    """Check decoders, formats and the library with real samples, and say how to mend what is broken."""
    from sori.app import report
    from sori.app.actions.doctoring import examine as act

    findings = act(library=library)
    report.doctor(findings, as_json=json)
    raise typer.Exit(0 if all(finding["ok"] for finding in findings) else 1)


@app.command()
def demo(
    music: Annotated[
        str | None,
        typer.Argument(metavar="[MUSIC]", help="A folder or file of yours; else songs of our own."),
    ] = None,
    folder: Annotated[str, typer.Option(metavar="DIR", help="Where songs and library are written.")] = "demo",
    songs: Annotated[int, typer.Option(min=1, help="How many songs of our own.")] = 20,
    json: JsonOption = False,
) -> None:
    """Hear a small collection, then find songs that sound alike, and why."""
    from sori.app import progress, report
    from sori.app.actions.demonstrating import demo as act

    with progress.shown(quiet=json) as shown:
        answer = act(music, folder=folder, songs=songs, on_written=progress.writing(quiet=json), report=shown)
    report.demo(answer, as_json=json)
    raise typer.Exit(130 if answer["counts"].stopped else 1 if answer["counts"].failures else 0)


cli_datasets.add_to(app)
cli_hearing.add_to(app)
cli_models.add_to(app)
cli_similar.add_to(app)


def main() -> None:
    """Run the command line; what Sori or the system refuses becomes one line and an exit code."""
    try:
        app()
    except BrokenPipeError:
        _close_stdout()
        code = 0
    except SoriError as error:
        code = 2 if isinstance(error, ParameterError | DataError | MissingExtra) else 1
        _complain(str(error))
    except OSError as error:
        code = 1
        place = f"{error.filename}: " if error.filename else ""
        _complain(f"{place}{error.strerror or error}")
    raise SystemExit(code)


def _complain(message: str) -> None:
    first, *rest = message.split("\n")
    lines([f"sori: {printable(first)}", *map(printable, rest)], to=sys.stderr)


def _close_stdout() -> None:
    """Whoever read our output has gone: let nothing more be written to it, not even at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

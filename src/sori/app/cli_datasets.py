"""The commands about data to train with: `prepare`, and `datasets` with verbs of its own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sori.app.cli_options import JsonOption
from sori.errors import ParameterError

__all__ = ["add_to"]

datasets = typer.Typer(
    name="datasets",
    help="Known data sets: what they are, getting them, looking for faults.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
PathArgument = Annotated[str, typer.Argument(metavar="PATH", help="A folder, or a manifest.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="One that `sori datasets list` names.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing while working.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(prepare)
    app.add_typer(datasets)


def prepare(
    data: Annotated[
        str | None,
        typer.Argument(metavar="[DATA]", help="A manifest, a known data set, or a folder per class."),
    ] = None,
    out: Annotated[str, typer.Option("--out", "-o", metavar="STORE", help="The store, a folder.")] = "",
    sample_rate: Annotated[
        int | None, typer.Option(metavar="HZ", help="Resample; by default each file keeps its own.")
    ] = None,
    mono: Annotated[bool, typer.Option("--mono", help="Mix channels to one.")] = False,
    encoding: Annotated[
        str, typer.Option(metavar="pcm|flac", help="Fast, or half the space; the samples are the same.")
    ] = "pcm",
    verify: Annotated[
        bool, typer.Option("--verify", help="Compare with the checksums first; with DATA, mend.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(help="Clips decoded at once; by default one per processor.")
    ] = None,
    timeout: Annotated[float, typer.Option(metavar="S", help="Seconds one clip may take.")] = 600.0,
    memory_mb: Annotated[int, typer.Option(metavar="N", help="Memory one clip may take.")] = 2048,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Decode a data set once into a store to train from; stop and go on as you like."""
    from sori.app import progress, report_datasets
    from sori.app.actions import preparing

    if not out or (data is None and not verify):
        raise ParameterError("prepare wants DATA and --out STORE; or --verify and --out STORE, to look only")
    if data is None:
        clips, damaged = preparing.verify(out)
        report_datasets.verified(out, clips, damaged, as_json=json)
        raise typer.Exit(1 if damaged else 0)
    options: dict[str, Any] = {
        "sample_rate": sample_rate,
        "mono": mono,
        "encoding": encoding,
        "verify": verify,
    }
    options |= {"jobs": jobs, "timeout_s": timeout, "memory_mb": memory_mb}
    with progress.shown(quiet=quiet, doing="decoding", things="clips") as shown:
        packed = preparing.prepare(data, out=out, report=shown, **options)
    report_datasets.packed(packed, as_json=json, quiet=quiet)
    raise typer.Exit(130 if packed.stopped else 1 if packed.failures else 0)


@datasets.command("list")
def list_(json: JsonOption = False) -> None:
    """List the data sets that are known."""
    from sori.app import report_datasets
    from sori.app.actions.preparing import cards

    report_datasets.cards(cards(), as_json=json)


@datasets.command()
def show(name: NameArgument, json: JsonOption = False) -> None:
    """Show a data set's card: what is in it, licence, citation, layout, what is wrong with it."""
    from sori.app import report_datasets
    from sori.app.actions.preparing import card_of

    report_datasets.card(card_of(name), as_json=json)


@datasets.command("prepare")
def fetch(
    name: NameArgument,
    path: PathArgument,
    only: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only files with this in their name.")
    ] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Fetch a data set into a folder where that is allowed, else say how people get it; then check it."""
    from sori.app import progress, report_datasets
    from sori.app.actions.preparing import fetch_dataset

    fetched, checked = fetch_dataset(name, path, only=only, report=progress.fetching(quiet=quiet))
    report_datasets.checked(checked, fetched=fetched, as_json=json)
    raise typer.Exit(1 if any(finding.serious for finding in checked.findings) else 0)


@datasets.command()
def check(
    path: PathArgument,
    decode: Annotated[
        bool, typer.Option("--decode", help="Decode every file to its end; of a store, verify.")
    ] = False,
    task: Annotated[
        str | None, typer.Option(metavar="classify|tag", help="Whether the labels do for this.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say what is wrong with a data set: missing files, bad labels, leaking splits."""
    from sori.app import report_datasets
    from sori.app.actions.preparing import check_dataset

    if task not in (None, "classify", "tag"):
        raise ParameterError(f"the task is {task!r}; choose classify or tag")
    checked = check_dataset(path, decode=decode, task=task)  # type: ignore[arg-type]
    report_datasets.checked(checked, as_json=json)
    raise typer.Exit(1 if any(finding.serious for finding in checked.findings) else 0)

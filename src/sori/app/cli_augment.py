"""The command that makes other versions of sounds: augment."""

from __future__ import annotations

from typing import Annotated

import typer

from sori.app.cli_options import ChainOption, JsonOption, PresetOption

__all__ = ["add_to"]


def add_to(app: typer.Typer) -> None:
    """Give this command to the command line."""
    app.command("augment")(augment)


def augment(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Audio files.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="The folder to write to.")],
    preset: PresetOption = None,
    chain: ChainOption = None,
    copies: Annotated[int, typer.Option(metavar="N", help="How many of each file.")] = 1,
    seed: Annotated[int, typer.Option(metavar="S", help="The same seed, the same copies.")] = 0,
    form: Annotated[
        str | None, typer.Option("--format", metavar="EXT", help="wav, flac, ogg, opus, mp3, m4a ...")
    ] = None,
    json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing while working.")] = False,
) -> None:
    """Write copies of files with drawn effects, and what was drawn beside each."""
    from sori.app import progress, report_augment
    from sori.app.actions.augmenting import augment as act
    from sori.app.actions.augmenting import effect_from

    effect = effect_from(preset, chain)
    said = progress.files(quiet=quiet)
    done = act(files, out=out, effect=effect, copies=copies, seed=seed, form=form, report=said)
    report_augment.augmented(done, as_json=json, quiet=quiet)
    raise typer.Exit(1 if done.failures else 0)

"""The commands that train networks of pitch and judge them: `train pitch`, and what `evaluate pitch` does."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sori.app.cli_options import JsonOption

__all__ = ["add_to", "evaluate_pitch"]


def add_to(train: typer.Typer) -> None:
    """Give ``pitch`` to the group of commands that train."""
    train.command("pitch")(pitch)


def pitch(
    data: Annotated[
        list[str],
        typer.Option("--data", metavar="DIR", help="A folder of audio of one voice; may come again."),
    ],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="The network to write, ONNX.")],
    config: Annotated[
        str, typer.Option("--config", metavar="sori-pitch|spice", help="The network and its losses.")
    ] = "sori-pitch",
    width: Annotated[
        int | None, typer.Option(help="Channels; by default 16, of spice 8 (64 in the paper).")
    ] = None,
    steps: Annotated[int | None, typer.Option(help="Steps of Adam, at most.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Examples in a step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The highest.")] = None,
    patience: Annotated[int | None, typer.Option(help="Checks without a gain after which to stop.")] = None,
    reconstruction: Annotated[
        bool,
        typer.Option("--reconstruction/--no-reconstruction", help="Of spice: whether slices are decoded."),
    ] = True,
    octaves: Annotated[
        bool, typer.Option("--octaves/--no-octaves", help="Whether copies an octave away are heard too.")
    ] = True,
    background: Annotated[
        bool, typer.Option("--background/--no-background", help="Whether noise and other files are mixed in.")
    ] = True,
    begin_with: Annotated[
        str | None, typer.Option(metavar="FILE", help="A network to go on from, of the same kind and width.")
    ] = None,
    device: Annotated[str, typer.Option(metavar="auto|cpu|cuda|mps", help="Where it is trained.")] = "auto",
    seed: Annotated[int, typer.Option(help="The same seed gives the same network.")] = 0,
    restart: Annotated[bool, typer.Option("--restart", help="Forget a run that was stopped.")] = False,
    json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing while working.")] = False,
) -> None:
    """Learn pitch from audio without labels; stop and go on as you like."""
    from sori.app import report_pitch
    from sori.app.actions.pitch_training import train_pitch

    given: dict[str, Any] = {
        "width": width,
        "steps": steps,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "patience": patience,
    }
    options = {name: value for name, value in given.items() if value is not None}
    options |= {"configuration": config, "reconstruction": reconstruction, "octaves": octaves}
    options |= {"background": background, "device": device, "seed": seed}
    tell = report_pitch.telling(quiet=quiet)
    answer = train_pitch(data, out, begin_with=begin_with, restart=restart, options=options, report=tell)
    report_pitch.trained(answer, as_json=json)
    raise typer.Exit(1 if answer["failures"] else 0)


def evaluate_pitch(folder: str, *, network: str | None, as_json: bool, quiet: bool) -> None:
    """Say how well pitch is heard in a folder of audio with its pitch beside it."""
    from sori.app import report_pitch
    from sori.app.actions.pitch_judging import evaluate_pitch as act

    answer = act(folder, network=network, report=report_pitch.telling(quiet=quiet))
    report_pitch.evaluated(answer, as_json=as_json)
    raise typer.Exit(1 if answer["failures"] else 0)

"""The commands that train models and use them: train, predict, evaluate, export-model."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sori.app import cli_pitch
from sori.app.cli_options import ChainOption, JsonOption, PresetOption
from sori.errors import ParameterError

__all__ = ["add_to"]

ModelArgument = Annotated[str, typer.Argument(metavar="MODEL", help="A model file, from `sori train`.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing while working.")]

_train = typer.Typer(help="Train a model on sounds of your own.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Give these commands to the command line."""
    _train.command("classify")(classify)
    cli_pitch.add_to(_train)
    app.add_typer(_train, name="train")
    app.command("predict")(predict)
    app.command("evaluate")(evaluate)
    app.command("export-model")(export_model)


@_train.callback()
def _only_groups_commands() -> None:
    """Train a model on sounds of your own."""


def classify(
    data: Annotated[
        str,
        typer.Option(metavar="PATH", help="A folder of one folder per label, a manifest, a store."),
    ],
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="The model file to write.")],
    model: Annotated[
        str | None,
        typer.Option(
            metavar="summary|cnn|crnn|compact",
            help="What is trained; by default what suits the amount of data.",
        ),
    ] = None,
    fold: Annotated[
        int | None,
        typer.Option(metavar="N", help="The official fold kept for the test; by default the last."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Learn from all recordings; nothing is left to test with.")
    ] = False,
    epochs: Annotated[int | None, typer.Option(help="Times that all is heard; by default by amount.")] = None,
    validation: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Kept back to say when to stop; by default by amount."),
    ] = None,
    patience: Annotated[int | None, typer.Option(help="Epochs without a gain after which to stop.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Excerpts in a step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The highest of AdamW's.")] = None,
    label_smoothing: Annotated[float | None, typer.Option(help="Certainty spread over all labels.")] = None,
    augment: Annotated[
        bool, typer.Option("--augment/--no-augment", help="Whether sounds are disturbed while learning.")
    ] = True,
    preset: PresetOption = None,
    chain: ChainOption = None,
    copies: Annotated[
        int | None,
        typer.Option(metavar="N", help="With effects: how many copies of each recording to learn from; 4."),
    ] = None,
    balance: Annotated[
        bool,
        typer.Option("--balance/--no-balance", help="Whether rare labels count as much as frequent ones."),
    ] = True,
    device: Annotated[str, typer.Option(metavar="auto|cpu|cuda|mps", help="Where it is trained.")] = "auto",
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 0,
    restart: Annotated[bool, typer.Option("--restart", help="Forget a run that was stopped.")] = False,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Learn to tell sounds apart by their labels; stop and go on as you like."""
    from sori.app import report_models
    from sori.app.actions.augmenting import effect_from
    from sori.app.actions.training import train as act

    given: dict[str, Any] = {
        "epochs": epochs,
        "validation": validation,
        "patience": patience,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "label_smoothing": label_smoothing,
        "copies": copies,
    }
    if preset is not None or chain is not None:
        given["effect"] = effect_from(preset, chain).to_dict()
    elif copies is not None:
        raise ParameterError("--copies is of effects: give --preset or --chain, too")
    options = {name: value for name, value in given.items() if value is not None}
    options |= {"augment": augment, "balance": balance, "device": device, "seed": seed}
    answer = act(
        data,
        out,
        model=model,
        fold=fold,
        everything=everything,
        restart=restart,
        options=options,
        report=report_models.telling(quiet=quiet),
    )
    report_models.trained(answer, as_json=json)
    raise typer.Exit(1 if answer["failures"] else 0)


def predict(
    model: ModelArgument,
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Audio files.")],
    json: JsonOption = False,
) -> None:
    """Say what files are."""
    from sori.app import report_models
    from sori.app.actions.judging import predict as act

    answer = act(model, files)
    report_models.predicted(answer, as_json=json)
    raise typer.Exit(1 if answer["failures"] else 0)


def evaluate(
    model: ModelArgument,
    folder: Annotated[
        str | None,
        typer.Argument(metavar="[DIR]", help="With `pitch` for MODEL: audio with its pitch beside it."),
    ] = None,
    data: Annotated[
        str | None, typer.Option(metavar="PATH", help="By default what was kept from the model's own data.")
    ] = None,
    folds: Annotated[
        bool, typer.Option("--folds", help="Train anew for each official fold, and test on it.")
    ] = False,
    groups: Annotated[
        bool,
        typer.Option("--groups", help="Train anew without each group (speaker, artist), and test on it."),
    ] = False,
    html: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write a page with the worst mistakes to listen to.")
    ] = None,
    network: Annotated[
        str | None, typer.Option(metavar="FILE", help="With `pitch`: a network from `sori train pitch`.")
    ] = None,
    json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say how good a model is on recordings that it has not learned from, or how well pitch is heard."""
    if model == "pitch" and folder is not None:
        cli_pitch.evaluate_pitch(folder, network=network, as_json=json, quiet=quiet)
    if folder is not None or network is not None:
        raise ParameterError("DIR and --network go with `sori evaluate pitch DIR`; models take --data")
    from sori.app import report_models
    from sori.app.actions.judging import evaluate as act

    if folds and groups:
        raise ParameterError("--folds and --groups are two questions; ask them one after the other")
    how = "folds" if folds else "groups" if groups else "test"
    answer = act(model, data, how=how, html=html, report=report_models.telling(quiet=quiet))
    report_models.evaluated(answer, as_json=json)
    raise typer.Exit(1 if answer["failures"] else 0)


def export_model(
    model: ModelArgument,
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="The ONNX file to write.")],
    json: JsonOption = False,
) -> None:
    """Write a model as ONNX: from a waveform to scores, for any program, with a card beside it."""
    from sori.app import report_models
    from sori.app.actions.judging import export_model as act

    report_models.exported(act(model, out), as_json=json)

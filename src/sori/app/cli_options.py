"""Options that several commands have, and how their text is read."""

from __future__ import annotations

import math
from typing import Annotated

import typer

from sori.errors import ParameterError

__all__ = [
    "ChainOption",
    "JsonOption",
    "LibraryOption",
    "PresetOption",
    "TrackArgument",
    "WeightsOption",
    "span",
    "tempo_span",
]

LibraryOption = Annotated[
    str | None,
    typer.Option(
        "--library",
        envvar="SORI_LIBRARY",
        metavar="FILE",
        help="The library; by default one in your data folder.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")]
PresetOption = Annotated[
    str | None,
    typer.Option("--preset", metavar="NAME", help="Effects by purpose: light, music, speech or worn."),
]
ChainOption = Annotated[
    str | None,
    typer.Option(
        "--chain", metavar="JSON", help='Effects of your own, as in \'[{"effect": "Gain"}]\', or a file.'
    ),
]
TrackArgument = Annotated[
    str, typer.Argument(metavar="TRACK", help="A path, an id, a title or a part of one.")
]
WeightsOption = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="FACET=W,...",
        help="What counts, as in timbre=2,rhythm=0.5; others=0 drops the rest.",
    ),
]


def span(text: str | None, option: str, between: str = "-") -> tuple[float, float] | None:
    """Read ``90-130`` (or ``90:130``) as two finite numbers; a single number is both.

    >>> span("90-130", "--tempo")
    (90.0, 130.0)

    Raises
    ------
    ParameterError
        Anything else.
    """
    if text is None:
        return None
    first, found, last = text.partition(between)
    try:
        numbers = float(first), float(last if found else first)
    except ValueError:
        numbers = math.nan, math.nan
    if not all(map(math.isfinite, numbers)):
        raise ParameterError(f"{option} came as {text!r}; write two numbers, as in 90{between}130")
    return numbers


def tempo_span(text: str | None, option: str = "--tempo") -> tuple[float, float] | None:
    """Read a range of tempos; a single one is the middle of what can be played as one tempo."""
    from sori.library.compatible import TEMPO_TOLERANCE

    found = span(text, option)
    if found is None or "-" in str(text):
        return found
    return found[0] / (1 + TEMPO_TOLERANCE), found[0] * (1 + TEMPO_TOLERANCE)

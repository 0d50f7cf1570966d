"""What is said of networks of pitch: lines for people, or the documented JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from sori.app.output import SCHEMA, json_text, lines, printable, table, write

__all__ = ["evaluated", "telling", "trained"]


def telling(*, quiet: bool) -> Callable[[Any], None]:
    """Return what tells on standard error how a run goes: sentences, and checks with their figures."""

    def tell(said: Any) -> None:
        if not quiet:
            lines([f"sori: {printable(said if isinstance(said, str) else _check(said))}"], to=sys.stderr)

    return tell


def _check(check: Any) -> str:
    return (
        f"step {check.step}/{check.steps}, loss {check.loss:.3f}, on files kept back "
        f"{check.validation_loss:.3f}, {100 * check.agreed:.1f} % of views agree"
    )


def trained(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Write what a training run did."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
    else:
        lines(
            [
                f"{answer['configuration']} network in {printable(answer['network'])}, "
                f"{answer['weights']} weights, {answer['bytes'] / 1000:.0f} kB, {answer['seconds']:.0f} s",
                f"  {answer['files']} files; best after {answer['step']} of {answer['steps']} steps, when "
                f"{100 * answer['agreed']:.1f} % of views agreed",
                f"  {100 * answer['tones_right']:.0f} % of made-up tones heard right, "
                f"{answer['tones_cents']:.1f} cents off in the middle",
                f"  losses drawn in {printable(answer['picture'])}",
            ]
        )
    _failures(answer)


def evaluated(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Write how well pitch is heard."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
        return
    limits = [f"{limit:.0f} c" for limit in answer["tolerances_cents"]]
    head = (
        "method",
        "noise",
        *limits,
        f"class {limits[0]}",
        "recall",
        "false alarm",
        "overall",
        "recall at 10 %",
    )
    rows = [
        (
            row["method"],
            "none" if row["noise_db"] is None else f"{row['noise_db']:.0f} dB",
            *map(_share, row["pitch"]),
            _share(row["pitch_class"][0]),
            *(_share(row[name]) for name in ("voicing_recall", "false_alarm", "overall", "recall_at_tenth")),
        )
        for row in answer["results"]
    ]
    lines(table([head, *rows]))
    said = ", ".join(f"{name} {times:.0f} x real time" for name, times in answer["times_real_time"].items())
    lines([f"{answer['results'][0]['recordings']} recordings; {said}, in processor time"])
    _failures(answer)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _failures(answer: Mapping[str, Any]) -> None:
    for failure in answer["failures"]:
        lines([f"sori: {printable(failure['path'])}: {printable(failure['reason'])}"], to=sys.stderr)

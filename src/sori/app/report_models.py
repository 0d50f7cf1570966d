"""What is said of models: lines for people, or the documented JSON."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sori.app.output import SCHEMA, json_text, lines, printable, table, write

__all__ = ["evaluated", "exported", "predicted", "telling", "trained"]

_SHOWN = 10
_LIKELY = 3  # labels shown of each file


def telling(*, quiet: bool) -> Callable[[Any], None]:
    """Return what tells on standard error how a run goes: sentences as they are, epochs in figures."""

    def tell(said: Any) -> None:
        if not quiet:
            lines([f"sori: {printable(said if isinstance(said, str) else _epoch(said))}"], to=sys.stderr)

    return tell


def _epoch(epoch: Any) -> str:
    said = f"epoch {epoch.number}/{epoch.epochs}, loss {epoch.loss:.3f}"
    if epoch.validation_loss is not None:
        said += f", validation {epoch.validation_loss:.3f}, {_percent(epoch.accuracy)} right"
    return said


def trained(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Write what a training run did."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
    else:
        parts = answer["parts"]
        rows = [
            f"{answer['kind']} model in {printable(answer['model'])}, {answer['seconds']:.0f} s",
            f"  {printable(answer['reason'])}",
            f"  {parts['training']} recordings to learn from, {parts['test']} for the test:"
            f" {printable(parts['how'])}",
        ]
        if answer["figures"] is not None:
            rows.append(f"  {_summary(answer['figures'])}")
        lines(rows)
    _remarks(answer)


def predicted(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Write what files are."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
    else:
        rows = []
        for result in answer["results"]:
            likely = list(result["scores"].items())[:_LIKELY]
            said = ", ".join(f"{printable(label)} {_percent(score)}" for label, score in likely)
            rows.append((printable(result["path"]), said))
        lines(table(rows))
    _failures(answer["failures"])


def evaluated(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Write how good a model is."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
        return
    rows = [_summary(answer), f"  {printable(answer['said'])}", ""]
    rows += table(
        [("", "recordings", "precision", "recall", "F", "95 % of F")]
        + [
            (
                printable(each["label"]),
                str(each["recordings"]),
                *(_percent(each[name]) for name in ("precision", "recall", "f")),
                _interval(each["f_interval"]),
            )
            for each in answer["labels"]
        ],
        right=frozenset({1, 2, 3, 4, 5}),
    )
    if len(answer["parts"]) > 1:
        rows += [
            "",
            *table(
                [
                    (printable(p["name"]), str(p["recordings"]), _percent(p["accuracy"]))
                    for p in answer["parts"]
                ]
            ),
        ]
    lines(rows)
    _remarks(answer)


def exported(answer: Mapping[str, Any], *, as_json: bool) -> None:
    """Write what was exported."""
    if as_json:
        write(json_text({"schema": SCHEMA, **answer}))
    else:
        lines(
            [
                f"{printable(answer['onnx'])}: samples (time,) at {answer['sample_rate']} Hz to"
                f" {len(answer['labels'])} scores,"
                f" {answer['bytes']:,} bytes; checked in ONNX Runtime",
                f"{printable(answer['card'])}: its card",
            ]
        )


def _summary(figures: Mapping[str, Any]) -> str:
    said = f"accuracy {_percent(figures['accuracy'])} (95 %: {_interval(figures['accuracy_interval'])})"
    said += f" on {figures['recordings']} recordings of {figures['groups']} groups"
    said += f"; F {_percent(figures['macro_f'])}"
    if figures.get("mean_average_precision") is not None:
        said += f"; average precision {_percent(figures['mean_average_precision'])}"
    return said + f"; the most frequent alone {_percent(figures['chance'])}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _interval(edges: Sequence[float] | None) -> str:
    return "-" if edges is None else f"{100 * edges[0]:.1f} to {100 * edges[1]:.1f}"


def _remarks(answer: Mapping[str, Any]) -> None:
    rows = [f"sori: warning: {printable(warning)}" for warning in answer["warnings"]]
    lines(rows, to=sys.stderr)
    _failures(answer["failures"])


def _failures(failures: Sequence[Mapping[str, Any]]) -> None:
    rows = [f"sori: {printable(each['path'])}: {printable(each['reason'])}" for each in failures[:_SHOWN]]
    if len(failures) > _SHOWN:
        rows.append(f"sori: and {len(failures) - _SHOWN} more; --json lists all")
    lines(rows, to=sys.stderr)

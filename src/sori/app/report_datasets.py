"""What the commands about data sets answer, as lines for people or as the documented JSON."""

from __future__ import annotations

import dataclasses
import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from sori.app.output import SCHEMA, clock, json_text, lines, printable, table, write

__all__ = ["card", "cards", "checked", "packed", "verified"]

_SHOWN = 10
_WIDTH = 88
_LABELS = 12


def cards(known: Sequence[Any], *, as_json: bool) -> None:
    """Write the known data sets, one a line."""
    if as_json:
        write(json_text({"schema": SCHEMA, "datasets": [dataclasses.asdict(one) for one in known]}))
        return
    rows = [(one.name, "fetched" if one.downloads else "by hand", one.licence, one.title) for one in known]
    lines(table(rows))


def card(one: Any, *, as_json: bool) -> None:
    """Write a card."""
    if as_json:
        write(json_text({"schema": SCHEMA, **dataclasses.asdict(one)}))
        return
    parts: list[tuple[str, Sequence[str]]] = [
        ("", [one.title]),
        ("", [one.about]),
        ("licence", [one.licence]),
        ("cite", [one.citation]),
        ("home", [one.homepage]),
        ("split", [one.split]),
        ("layout", one.layout),
        ("files", [_download(download) for download in one.downloads]),
        ("to get it", one.steps),
        ("beware", one.warnings),
    ]
    lines([row for name, texts in parts for text in texts for row in _wrapped(name, text)])


def _download(one: Any) -> str:
    size = "" if one.size_bytes is None else f", {one.size_bytes / 1e6:,.0f} MB"
    return f"{one.url}{size}"


def _wrapped(name: str, text: str) -> list[str]:
    shown = textwrap.wrap(text, _WIDTH - 11, break_long_words=False, break_on_hyphens=False)
    return [f"{name if at == 0 else '':<10} {row}".rstrip() for at, row in enumerate(shown)]


def checked(answer: Any, *, fetched: Sequence[str] = (), as_json: bool) -> None:
    """Write what a data set is, and what is wrong with it."""
    if as_json:
        write(json_text({"schema": SCHEMA, "fetched": list(fetched), **dataclasses.asdict(answer)}))
        return
    rows = [f"fetched {name}" for name in fetched]
    rows.append(f"{printable(answer.dataset or answer.path)}: {answer.clips} clips")
    if answer.labels:
        named = ", ".join(map(printable, answer.labels[:_LABELS]))
        more = f" and {len(answer.labels) - _LABELS} more" if len(answer.labels) > _LABELS else ""
        rows.append(f"labels     {len(answer.labels)}: {named}{more}")
    if answer.splits:
        rows.append("splits     " + ", ".join(f"{name} {count}" for name, count in answer.splits.items()))
    if answer.folds:
        rows.append("folds      " + ", ".join(map(str, answer.folds)))
    if answer.groups:
        rows.append(f"groups     {answer.groups}")
    for finding in answer.findings:
        rows += _wrapped("wrong" if finding.serious else "warning", printable(finding.message))
    rows += [row for text in answer.warnings for row in _wrapped("beware", text)]
    if not answer.findings:
        rows.append("nothing is wrong with it")
    lines(rows)


def packed(counts: Any, *, as_json: bool, quiet: bool) -> None:
    """Say what a run of prepare did: a summary and failures on standard error, JSON on standard output."""
    if as_json:
        write(json_text({"schema": SCHEMA, **dataclasses.asdict(counts)}))
    if quiet:
        return
    said = [
        f"{counts.packed} packed",
        f"{counts.relabelled} relabelled" if counts.relabelled else "",
        f"{counts.unchanged} unchanged" if counts.unchanged else "",
        f"{counts.damaged} were damaged" if counts.damaged else "",
        f"{len(counts.failures)} failed" if counts.failures else "",
    ]
    left = f"; stopped with {counts.to_do - counts.done} clips to do" if counts.stopped else ""
    size = f" ({clock(counts.audio_s)} of audio, {counts.n_bytes / 1e6:.1f} MB)" if counts.packed else ""
    rows = [f"sori: {', '.join(filter(None, said))} in {counts.seconds:.1f} s{size}{left}"]
    if counts.clipped_samples:
        rows.append(f"  {counts.clipped_samples} samples were beyond full scale and are clipped")
    rows += [f"  {printable(f.path)}: {printable(f.reason)}" for f in counts.failures[:_SHOWN]]
    if len(counts.failures) > _SHOWN:
        rows.append(f"  and {len(counts.failures) - _SHOWN} more; --json lists all")
    lines(rows, to=sys.stderr)


def verified(store: str, clips: int, damaged: Mapping[str, str], *, as_json: bool) -> None:
    """Write which clips of a store are damaged."""
    if as_json:
        found = [{"id": name, "reason": reason} for name, reason in damaged.items()]
        write(json_text({"schema": SCHEMA, "store": store, "clips": clips, "damaged": found}))
        return
    rows = [f"{printable(store)}: {clips} clips, {len(damaged)} damaged"]
    rows += [f"  {printable(name)}: {printable(reason)}" for name, reason in damaged.items()]
    lines(rows)

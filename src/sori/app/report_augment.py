"""What the lines and the JSON of `sori augment` say."""

from __future__ import annotations

import sys

from sori.app.actions.augmenting import Augmented
from sori.app.output import SCHEMA, json_text, lines, printable, write

__all__ = ["augmented"]


def augmented(done: Augmented, *, as_json: bool, quiet: bool) -> None:
    """Say what was written, and list what failed on standard error."""
    if as_json:
        write(json_text({"schema": SCHEMA, "written": done.written, "failures": done.failures}))
    elif not quiet:
        lines(printable(one["path"]) for one in done.written)
    rows = [f"sori: {printable(one['path'])}: {printable(one['reason'])}" for one in done.failures]
    lines(rows, to=sys.stderr)

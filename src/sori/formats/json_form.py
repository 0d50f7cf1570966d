"""Results as JSON: every field under its own name, units in the names, a number for the form itself."""

from __future__ import annotations

import json
from typing import Any

from sori.errors import DataError
from sori.formats.results import Results

__all__ = ["SCHEMA", "from_json", "parsed_json", "to_json"]

SCHEMA = 1
"""Version of the form; it grows when a key changes its meaning or goes away."""


def to_json(results: Results) -> str:
    """Return results as JSON, one field a line."""
    rows = [f" {json.dumps(name)}: {_dump(value)}" for name, value in results.as_plain().items()]
    return "{\n" + ",\n".join([f' "schema": {SCHEMA}', *rows]) + "\n}\n"


def _dump(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode("utf-8")  # half of a character would be no UTF-8


def from_json(text: str) -> Results:
    """Return the results that JSON of this form says.

    Raises
    ------
    DataError
        For anything else, and for a later version.
    """
    plain = parsed_json(text)
    version = plain.get("schema")
    if version != SCHEMA:
        raise DataError(f"schema is {version!r}: want {SCHEMA}; a newer Sori may read it")
    return Results.from_plain(plain)


def parsed_json(text: str) -> dict[str, Any]:
    """Return a JSON object.

    Raises
    ------
    DataError
        When it is none; the message names the line.
    """
    try:
        plain = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"line {error.lineno}: {error.msg}; want JSON") from None
    except (RecursionError, ValueError) as error:  # nested without end; a number of thousands of digits
        raise DataError(f"line 1: {error}; want JSON") from None
    if not isinstance(plain, dict):
        raise DataError("line 1: the JSON holds no object; want one of results")
    return plain

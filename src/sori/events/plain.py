"""Events as plain JSON data."""

from __future__ import annotations

import dataclasses
from typing import Any

__all__ = ["as_dict"]


def as_dict(event: Any) -> dict[str, Any]:
    """Return an event as plain JSON data (dicts, lists, numbers, strings, ``None``)."""
    return {f.name: _plain(getattr(event, f.name)) for f in dataclasses.fields(event)}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return as_dict(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value

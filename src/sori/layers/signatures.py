"""What a layer can know of its function without running it, and how it shows options."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import numpy as np

__all__ = ["example_of", "options_of", "shown"]


def options_of(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the keyword options of a function, those in ``**framing`` one by one."""
    found = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            found.append(parameter)
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            unpacked = get_args(get_type_hints(function).get(parameter.name)) or ()
            found += [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=..., annotation=kind)
                for typed in unpacked
                for name, kind in typed.__annotations__.items()
            ]
    return found


def example_of(function: Callable[..., Any]) -> str:
    """Return what a function is given, by the name of its first parameter."""
    first = next(iter(inspect.signature(function).parameters))
    return {"x": "wave", "chroma": "chroma"}.get(first, "magnitude")


def shown(value: object) -> str:
    """Return an option for a ``repr``: arrays by their shape."""
    shape = getattr(value, "shape", None)
    return repr(value) if shape is None or isinstance(value, np.generic) else f"array{tuple(shape)}"

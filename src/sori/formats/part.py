"""What a part of results is: one kind of thing as a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from sori.formats.results import Results

__all__ = ["Part", "Row"]

Row = tuple[Any, ...]


@dataclasses.dataclass(frozen=True)
class Part:
    """One kind of thing in results as a table.

    ``columns`` maps names to types; ``rows`` gives ``None`` where the part was not asked; ``results`` is
    its inverse, ``None`` where rows do not say all that the results held.
    """

    columns: dict[str, type]
    rows: Callable[[Results], Sequence[Row] | None]
    results: Callable[[Sequence[Row]], Results] | None = None

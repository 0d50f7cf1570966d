"""A column of few distinct values: each is kept once, and a small number per clip says which."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Coded", "coded"]


@dataclasses.dataclass(frozen=True)
class Coded:
    """Value ``values[codes[row]]`` in each row."""

    codes: NDArray[np.int32]
    values: tuple[Any, ...]

    def __getitem__(self, row: int) -> Any:
        """Return the value in a row."""
        return self.values[self.codes[row]]

    def take(self, rows: NDArray[np.intp]) -> Coded:
        """Return some of the rows."""
        return Coded(self.codes[rows], self.values)

    def used(self) -> set[Any]:
        """Return the values that are in some row."""
        return {self.values[code] for code in np.unique(self.codes)}

    def where(self, holds: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """Say for each row whether a condition holds for its value; each value is looked at once."""
        answers = np.array([holds(value) for value in self.values], bool)
        return answers[self.codes] if len(answers) else np.zeros(len(self.codes), bool)


def coded(values: Iterable[Any]) -> Coded:
    """Return values, each hashable, as a coded column."""
    known: dict[Any, int] = {}
    codes = np.fromiter((known.setdefault(value, len(known)) for value in values), np.int32)
    return Coded(codes, tuple(known))

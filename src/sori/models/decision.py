"""A classifier of vectors as a few arrays: what scikit-learn has fitted, and its numbers without it.

A vector is standardised, perhaps turned into principal components, perhaps compared with support vectors, and
then multiplied with ``planes``. Where there is a plane for each *pair* of classes, every pair votes; scores
are the softmax of the votes (of several labels: the sigmoid of each).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sori.errors import ModelError

__all__ = ["Decision", "Floats", "scores_of"]

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, eq=False)
class Decision:
    """Vectors ``(n, d)`` to scores ``(n, classes)``.

    ``mean`` and ``deviation`` are (d,); ``components`` (d, p) or ``None``; ``support`` (s, p) with
    ``gamma`` of the kernel ``exp(-gamma |x - s|²)``, or ``None``; ``planes`` (p or s, planes) and ``bias``
    (planes,); ``votes`` (planes, classes) of +1 and -1, or ``None`` where planes are classes; ``scale``
    sharpens or softens the scores until they are as sure as they are right, and ``offset`` (classes,) is
    added to them.
    """

    mean: Floats
    deviation: Floats
    planes: Floats
    bias: Floats
    offset: Floats
    scale: float = 1.0
    components: Floats | None = None
    support: Floats | None = None
    gamma: float = 0.0
    votes: Floats | None = None
    multi_label: bool = False

    def reduced(self, vectors: NDArray[Any]) -> Floats:
        """Return vectors standardised and in principal components: what recordings are compared by."""
        x = (np.asarray(vectors, np.float64) - self.mean) / self.deviation
        return x if self.components is None else x @ self.components

    def margins(self, vectors: NDArray[Any]) -> Floats:
        """Return how far each vector is on the side of each class, before it is made a score."""
        x = self.reduced(vectors)
        if self.support is not None:
            squared = (x * x).sum(axis=1)[:, None] + (self.support**2).sum(axis=1) - 2 * x @ self.support.T
            x = np.exp(-self.gamma * np.maximum(squared, 0.0))
        found = x @ self.planes + self.bias
        return found if self.votes is None else np.tanh(found) @ self.votes

    def scores(self, vectors: NDArray[Any]) -> Floats:
        """Return scores between 0 and 1; of one label each row adds up to 1."""
        return scores_of(self.margins(vectors) * self.scale + self.offset, multi_label=self.multi_label)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return everything as arrays, for a file."""
        found = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: np.asarray(value) for name, value in found.items() if value is not None}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return what `to_arrays` has written down.

        Raises
        ------
        ModelError
            When the arrays do not fit together.
        """
        plain: dict[str, Any] = {
            name: value.item() if value.ndim == 0 else np.asarray(value, np.float64)
            for name, value in arrays.items()
        }
        try:
            made = cls(**plain)
            made.scores(np.zeros((1, len(made.mean))))
        except (TypeError, ValueError) as why:
            raise ModelError(
                f"the arrays of this classifier do not fit together ({why}); train it again"
            ) from None
        return made


def scores_of(logits: Floats, *, multi_label: bool) -> Floats:
    """Return the softmax of each row, or of several labels the sigmoid of each number."""
    if multi_label:
        return 0.5 * (1 + np.tanh(logits / 2))
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found

"""Two of a batch in one, and their labels in the same measure."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from sori.arrays import Array, namespace, real
from sori.arrays.framing import check_numbers
from sori.effects.items import column, placed
from sori.errors import ParameterError

__all__ = ["Mixup"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mixup:
    """Every item of a batch a little of another: straight lines between examples, for any kind of arrays.

    What is drawn for each item is ``{"partner": 3, "weight": 0.87}``, or ``None``; labels (one-hot, or any
    numbers) are mixed as the sounds are.

    Parameters
    ----------
    alpha : float
        The weight has a beta distribution of ``(alpha, alpha)``: small, and one of the two prevails.
    p : float
        How likely an item is to take part.

    Source: Zhang, Cissé, Dauphin & Lopez-Paz, "mixup: beyond empirical risk minimization", ICLR 2018.

    Examples
    --------
    >>> mixup = Mixup()
    >>> drawn = [{"partner": 1, "weight": 0.75}, None]
    >>> mixup.apply_batch(np.array([[1.0, 0.0], [0.0, 1.0]]), drawn).tolist()
    [[0.75, 0.25], [0.0, 1.0]]
    """

    alpha: float = 0.2
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse numbers that are none."""
        check_numbers(alpha=self.alpha, p=self.p)
        if not (self.alpha > 0 and 0 <= self.p <= 1):
            raise ParameterError(f"alpha={self.alpha}, p={self.p}: want more than 0, and a probability")

    def draw_batch(
        self, rng: np.random.Generator, samples: Array | Sequence[Any]
    ) -> list[dict[str, float] | None]:
        """Return for each item its partner in the batch and its own weight, at least a half."""
        many = len(samples)
        drawn: list[dict[str, float] | None] = []
        for partner in rng.permutation(many):
            weight = float(rng.beta(self.alpha, self.alpha))
            takes_part = bool(rng.random() < self.p)
            own = {"partner": int(partner), "weight": max(weight, 1.0 - weight)}
            drawn.append(own if takes_part else None)
        return drawn

    def apply_batch(self, values: Array, parameters: Sequence[dict[str, Any] | None]) -> Array:
        """Return a batch of samples, spectrograms or labels ``(batch, ...)``, mixed."""
        _, x = real(values, name="values")
        if len(parameters) != x.shape[0]:
            raise ParameterError(
                f"parameters for {len(parameters)} items, a batch of {x.shape[0]}: want as many"
            )
        own = [{"partner": at, "weight": 1.0} if one is None else one for at, one in enumerate(parameters)]
        partners = np.array([one["partner"] for one in own], np.int64)
        if len(partners) and not (partners.min() >= 0 and partners.max() < x.shape[0]):
            raise ParameterError(
                f"partners {partners.tolist()}: want items of the batch, 0 to {x.shape[0] - 1}"
            )
        weight = np.array([one["weight"] for one in own])
        other = namespace(x).take(x, placed(partners, x), axis=0)
        return column(weight, x) * x + column(1.0 - weight, x) * other

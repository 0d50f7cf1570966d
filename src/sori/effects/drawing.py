"""Numbers drawn from ranges, as plain Python numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

__all__ = ["choice", "geometric", "seed", "uniform", "whole"]

One = TypeVar("One")


def uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number between two, any as likely as another: for decibels, semitones and times."""
    return min(high, low + (high - low) * rng.random())


def geometric(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number between two positive ones, any ratio as likely: for frequencies and rates."""
    return min(high, max(low, math.exp(uniform(rng, math.log(low), math.log(high)))))


def whole(rng: np.random.Generator, low: int, high: int) -> int:
    """Return a whole number between two, both included."""
    return int(rng.integers(low, high, endpoint=True))


def choice(rng: np.random.Generator, many: Sequence[One], weights: Sequence[float] | None = None) -> One:
    """Return one of many."""
    if weights is None:
        return many[int(rng.integers(len(many)))]
    total = np.cumsum(weights)
    return many[min(int(np.searchsorted(total, rng.random() * total[-1], side="right")), len(many) - 1)]


def seed(rng: np.random.Generator) -> int:
    """Return a number that stands for a whole sequence of random ones, below 2^31."""
    return int(rng.integers(1 << 31))

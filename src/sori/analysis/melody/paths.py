"""The likeliest way through a few states a frame: `best_path`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError

__all__ = ["best_path"]

Floats = NDArray[np.float32]

_BLOCK = 512  # frames whose costs of transition exist together


def best_path(evidence: Floats, cost: Callable[[slice, slice], Floats]) -> NDArray[np.int64]:
    """Return the state of every frame, ``(frames,)``, that has most evidence and least cost (Viterbi).

    Parameters
    ----------
    evidence : (frames, states)
        Log probabilities, or anything that adds up.
    cost : callable
        Given two slices of frames of equal length, the second one frame later, returns the costs
        ``(frames, states before, states after)`` of going from one to the next.

    Raises
    ------
    ParameterError
        When ``evidence`` has not two dimensions or no state.
    """
    if evidence.ndim != 2 or evidence.shape[1] == 0:
        raise ParameterError(f"evidence has shape {evidence.shape}, want (frames, states)")
    frames, states = evidence.shape
    if frames == 0:
        return np.zeros(0, np.int64)
    came_from = np.zeros((frames, states), np.int16)
    total = evidence[0].copy()
    every = np.arange(states)
    for begin in range(1, frames, _BLOCK):
        end = min(frames, begin + _BLOCK)
        # Transposed, so that the search for the best predecessor runs along memory.
        costs = np.ascontiguousarray(
            cost(slice(begin - 1, end - 1), slice(begin, end)).transpose(0, 2, 1), dtype=np.float32
        )
        for t in range(begin, end):
            ways = total - costs[t - begin]
            best = ways.argmax(axis=1)
            came_from[t] = best
            total = ways[every, best] + evidence[t]
        total -= total.max()
    path = np.empty(frames, np.int64)
    path[-1] = total.argmax()
    for t in range(frames - 1, 0, -1):
        path[t - 1] = came_from[t, path[t]]
    return path

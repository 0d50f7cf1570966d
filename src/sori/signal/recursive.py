"""Recursive filters as matrix products: an IIR filter run block by block at BLAS speed.

A recursive filter looks sequential, but over a block of ``L`` samples it is linear in the block
and in the few numbers of state it starts from. With the filter in state-space form
(``s[n+1] = A s[n] + B x[n]``, ``y[n] = C s[n] + D x[n]``), a row ``x`` of ``L`` samples gives

    y  = x H + s O        H: impulse response as a Toeplitz matrix, O: response to the state
    s' = s A^L + x R      R: how the row changes the state

so all rows of a chunk are one product once their starting states are known. Those follow the
same kind of recurrence, four numbers a row instead of L samples, solved by doubling: log2(rows)
small products. This is about five times faster than a sample-by-sample loop in C and needs
nothing compiled.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["RowFilter"]

_GROUP = 8  # rows whose states are solved by one product before doubling takes over

Floats = NDArray[np.floating[Any]]


class RowFilter:
    """A cascade of biquads applied to consecutive rows of samples.

    Parameters
    ----------
    sections : tuple of ((b0, b1, b2), (a1, a2))
        Second-order sections, normalised to ``a0 = 1``, in float64.
    row : int
        Samples per row, ``L``.
    channels : int
        Independent signals filtered side by side.

    Notes
    -----
    Input rows are given in a work array ``(channels, rows, L + order)`` float32, whose first
    ``L`` columns are samples; the last ``order`` columns are filled here with the states, so
    that samples and states enter one matrix product.
    """

    def __init__(
        self, sections: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...], *, row: int, channels: int
    ) -> None:
        self.row = row
        self.order = 2 * len(sections)
        self._matrices = _matrices(sections, row)
        self._state = np.zeros((channels, self.order))

    def work(self, rows: int) -> NDArray[np.float32]:
        """Return an empty work array for ``rows`` rows."""
        return np.empty((len(self._state), rows, self.row + self.order), np.float32)

    def apply(self, work: NDArray[np.float32], out: NDArray[np.float32]) -> None:
        """Filter the rows of ``work`` into ``out`` ``(channels, rows, L)`` and keep the state."""
        product, inject, groups, powers = self._matrices
        for c in range(len(work)):
            added = work[c, :, : self.row] @ inject
            states, self._state[c] = _row_states(added, self._state[c], groups, powers)
            work[c, :, self.row :] = states
            np.matmul(work[c], product, out=out[c])


def _row_states(added: Floats, start: Floats, groups: Floats, powers: Floats) -> tuple[Floats, Floats]:
    """Solve ``s[k+1] = s[k] A^L + added[k]`` for every row ``k``; return all starts and the end."""
    n, order = added.shape
    n_groups = -(-n // _GROUP)
    wide = np.zeros((n_groups, (_GROUP + 1) * order), np.float32)
    full = n // _GROUP
    wide[:full, order:] = added[: full * _GROUP].reshape(full, _GROUP * order)
    if full < n_groups:
        rest = added[full * _GROUP :].reshape(-1)
        wide[full, order : order + len(rest)] = rest
    ends = wide[:, order:] @ groups[order:, -order:]
    step = powers[_GROUP]
    ends[0] += start @ step
    shift = 1
    while shift < n_groups:  # doubling: after j rounds each end has gathered 2^j groups
        ends[shift:] += ends[:-shift] @ step.astype(np.float32)
        step = step @ step
        shift *= 2
    wide[0, :order] = start
    wide[1:, :order] = ends[:-1]
    states = (wide @ groups[:, :-order]).reshape(-1, order)[:n]
    return states, states[-1].astype(np.float64) @ powers[1] + added[-1]


@lru_cache(maxsize=16)
def _matrices(sections: tuple[Any, ...], row: int) -> tuple[Any, Any, Any, Any]:
    a, b, c, d = _state_space(sections)
    order = len(a)
    # Row-vector convention (s' = s A^T): the transposes are taken once, here.
    step = [np.eye(order)]
    for _ in range(row):
        step.append(step[-1] @ a)
    observe = np.stack([c @ p for p in step[:row]], axis=1)  # (order, L)
    impulse = np.concatenate([[d], [c @ p @ b for p in step[: row - 1]]])
    toeplitz = np.zeros((row, row))
    for k in range(row):
        toeplitz[k, k:] = impulse[: row - k]
    inject = np.stack([step[row - 1 - k] @ b for k in range(row)])  # (L, order)
    jump = step[row].T
    powers = [np.eye(order)]
    for _ in range(_GROUP):
        powers.append(powers[-1] @ jump)
    # Column block t of this matrix gives the state before row t of a group from the state the
    # group starts with (first row block) and from what each earlier row added.
    groups = np.zeros((_GROUP + 1, order, _GROUP + 1, order))
    for target in range(_GROUP + 1):
        groups[0, :, target] = powers[target]
        for source in range(target):
            groups[source + 1, :, target] = powers[target - 1 - source]
    product = np.concatenate([toeplitz, observe]).astype(np.float32)
    return (
        product,
        inject.astype(np.float32),
        groups.reshape((_GROUP + 1) * order, (_GROUP + 1) * order).astype(np.float32),
        np.stack(powers),
    )


def _state_space(sections: tuple[Any, ...]) -> tuple[Floats, Floats, Floats, float]:
    """Cascade of transposed direct form II sections as one state space (A, B, C, D)."""
    a = np.zeros((0, 0))
    b = np.zeros(0)
    c = np.zeros(0)
    d = 1.0
    for (b0, b1, b2), (a1, a2) in sections:
        own_a = np.array([[-a1, 1.0], [-a2, 0.0]])
        own_b = np.array([b1 - a1 * b0, b2 - a2 * b0])
        own_c = np.array([1.0, 0.0])
        n = len(a)
        joined = np.zeros((n + 2, n + 2))
        joined[:n, :n] = a
        joined[n:, :n] = np.outer(own_b, c)
        joined[n:, n:] = own_a
        a, b, c, d = joined, np.concatenate([b, own_b * d]), np.concatenate([b0 * c, own_c]), b0 * d
    return a, b, c, d

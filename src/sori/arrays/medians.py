"""Running medians by a network of minima and maxima: one body for every array library, no window sorted.

Neighbouring windows share most of their values. Of windows of ``2g - 1`` values, ``g`` neighbours have ``g``
values in common. Those are sorted once; a median of the whole window can be any of them. Half of the ``g``
windows have the next ``g / 2`` values on the left in common too, half those on the right: merge them in, and
all but ``g / 2`` candidates are too small or too large to be a median. Halve again until each window has one
candidate left. That is 23 minima or maxima of whole arrays for windows of 31, where sorting each window would
hold 31 copies of the signal.

Windows of other odd lengths are made ``2g - 1`` long by as many values of minus infinity as of plus infinity,
which do not move the median and cost nothing, since how they compare is known beforehand.

Source: Batcher, "Sorting networks and their applications", AFIPS 1968 (bitonic merging); Adams, "Fast median
filters using separable sorting networks", ACM Transactions on Graphics 40(4), 2021 (sharing between windows).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays.algebra import move_axis
from sori.arrays.constants import constant
from sori.arrays.framing import check_counts
from sori.arrays.kinds import Array, is_numpy, namespace
from sori.errors import ParameterError

__all__ = ["running_median"]

_COLUMNS = (
    1 << 11
)  # values side by side that NumPy handles at once: an array of them stays in the first-level cache
_CACHE_VALUES = (
    1 << 14
)  # in one array of a network: the forty or so that are alive fit the second-level cache

Run = list[Any]
"""Sorted arrays: the smallest of each window first. Plain floats are the infinities that fill a window."""


def running_median(x: Array, size: int, *, axis: int = -1) -> Array:
    """Return the median of the ``size`` (odd) values around each one on an axis, edges mirrored.

    At an edge the first value is repeated in the mirror: ``b a | a b c``.

    Parameters
    ----------
    x : (..., n, ...) real
        NumPy is fastest where ``axis`` is not the one that is contiguous.
    size : int
        Values under a window, odd.
    axis : int
        Along which the window slides.

    Returns
    -------
    As ``x``

    Raises
    ------
    ParameterError
        For a size that is even or below 1.
    """
    check_counts(size=size)
    if size % 2 == 0:
        raise ParameterError(f"size={size}: want an odd number, so that the window has a middle")
    xp = namespace(x)
    n = x.shape[axis]
    if size == 1 or math.prod(x.shape) == 0:
        return x
    x = move_axis(x, axis, 0)
    # As many windows as a group has share the core of the window.
    group = 1 << ((size + 1) // 2 - 1).bit_length()
    groups = -(-n // group)
    left = size // 2
    behind = -(-(size - 1) // group)  # groups that only the last windows reach into
    at = constant(_mirrored, like=x, n=n, before=left, length=(groups + behind) * group)
    if is_numpy(x):
        out = _in_pieces(x, at, size, group, groups)
    else:
        rows = xp.take(x, at, axis=0)
        out = _medians(xp, xp.reshape(rows, (-1, group, *x.shape[1:])), size, groups)
    return move_axis(out[:n, ...], 0, axis)


def _mirrored(*, n: int, before: int, length: int) -> NDArray[np.int64]:
    """Return where the values of a mirrored signal of ``n`` are found, from ``before`` its start on."""
    at = np.arange(-before, length - before) % (2 * n)
    return np.minimum(at, 2 * n - 1 - at)


def _in_pieces(x: Any, at: Any, size: int, group: int, groups: int) -> Any:
    """Return the medians of a NumPy array, as many groups and columns at a time as the cache holds."""
    shape = x.shape
    flat = x.reshape(shape[0], -1)
    out = np.empty((groups * group, flat.shape[1]), x.dtype)
    columns = min(_COLUMNS, flat.shape[1])
    together = max(1, _CACHE_VALUES // columns)
    behind = -(-(size - 1) // group) * group
    for begin in range(0, flat.shape[1], columns):
        part = flat[:, begin : begin + columns]
        for first in range(0, groups, together):
            count = min(together, groups - first)
            rows = part[at[first * group : (first + count) * group + behind]]
            rows = rows.reshape(-1, group, rows.shape[-1])
            found = _medians(np, rows, size, count)
            out[first * group : (first + count) * group, begin : begin + columns] = found
    return out.reshape(-1, *shape[1:])


def _medians(xp: Any, rows: Array, size: int, groups: int) -> Array:
    """Return the medians ``(groups * group, ...)`` of ``rows`` ``(more groups, group, ...)``.

    Window ``k`` begins at value ``k``.
    """
    group = rows.shape[1]
    network = _Network(xp, rows, groups)
    # What the windows of a group share, and the infinities that make it as many as there are windows.
    low, high = group - 1, size
    filling = (group - (high - low)) // 2
    core = network.sorted(low, high - low)
    core = [-math.inf] * filling + [network.of_groups(low, part) for part in core] + [math.inf] * filling
    each = _narrowed(network, core, low, high)
    return xp.reshape(xp.stack(each, axis=1), (groups * group, *rows.shape[2:]))


def _narrowed(network: _Network, candidates: Run, low: int, high: int) -> Run:
    """Return the medians of as many windows as there are candidates, which share the values ``low:high``."""
    many = len(candidates)
    if many == 1:
        return candidates
    half = many // 2
    each: Run = []
    for begin, bounds in ((low - half, (low - half, high)), (high, (low, high + half))):
        more = [network.of_groups(begin, part) for part in network.sorted(begin, half)]
        # The lower of both runs, then the upper half of those: what is left of a run that rises and falls
        # when it is folded rises and falls again (Batcher), so that it is sorted by folding.
        lower = candidates[:half]
        folded = [network.least(a, b) for a, b in zip(candidates[half:], reversed(more), strict=True)]
        upper = [network.most(a, b) for a, b in zip(lower, folded, strict=True)]
        each += _narrowed(network, network.unfolded(upper), *bounds)
    return each


class _Network:
    """Minima and maxima of the values at one place in every group, each run of them sorted once."""

    def __init__(self, xp: Any, rows: Array, groups: int) -> None:
        self._xp = xp
        self._rows = rows
        self._groups = groups
        self._known: dict[tuple[int, int], Run] = {}

    def least(self, a: Any, b: Any) -> Any:
        """Return the smaller values; infinities are plain numbers and known to be smaller or larger."""
        if isinstance(a, float) or isinstance(b, float):
            number, other = (a, b) if isinstance(a, float) else (b, a)
            return number if number < 0 else other
        return self._xp.minimum(a, b)

    def most(self, a: Any, b: Any) -> Any:
        """Return the larger values."""
        if isinstance(a, float) or isinstance(b, float):
            number, other = (a, b) if isinstance(a, float) else (b, a)
            return number if number > 0 else other
        return self._xp.maximum(a, b)

    def unfolded(self, run: Run) -> Run:
        """Sort a run that rises and falls, its length a power of two."""
        if len(run) == 1:
            return run
        half = len(run) // 2
        pairs = list(zip(run[:half], run[half:], strict=True))
        return self.unfolded([self.least(a, b) for a, b in pairs]) + self.unfolded(
            [self.most(a, b) for a, b in pairs]
        )

    def sorted(self, begin: int, many: int) -> Run:
        """Return the sorted values from ``begin`` on in each group (modulo its length), for all groups."""
        group = self._rows.shape[1]
        begin %= group
        if many == 1:
            return [self._rows[:, begin, ...]]
        if (begin, many) not in self._known:
            half = 1 << (many - 1).bit_length() - 1
            first, second = self.sorted(begin, half), self.sorted(begin + half, many - half)
            if begin + half >= group:  # the second run begins in the next group
                second = [part[1:, ...] for part in second]
            shortest = min(part.shape[0] for part in (*first, *second))
            first, second = ([part[:shortest, ...] for part in run] for run in (first, second))
            falling = [math.inf] * (2 * half - many) + second[::-1]
            self._known[begin, many] = self.unfolded(first + falling)[:many]
        return self._known[begin, many]

    def of_groups(self, begin: int, values: Any) -> Any:
        """Return of the values that begin at ``begin`` those that belong to our groups."""
        first = begin // self._rows.shape[1]
        return values[first : first + self._groups, ...]

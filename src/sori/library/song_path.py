r"""A walk from one track to another in which every step is small.

Between A and B lie ideal stations :math:`P_t = (1-t) A + t B`, evenly spaced. The squared distance of a
track x to one needs no more than its distances to the two ends (Stewart's theorem),

.. math:: d^2(x, P_t) = (1-t)\, d^2(x, A) + t\, d^2(x, B) - t (1-t)\, d^2(A, B),

and its place along the way is :math:`u(x) = (d^2(x,A) - d^2(x,B) + d^2(A,B)) / 2 d^2(A,B)`. Of the tracks
nearest to the line, a chain in strictly growing u (no repeats, no way back) is found that minimises

.. math:: \sum_i d^2(x_i, x_{i+1}) + \sum_i d^2(x_i, P_{t_i})

exactly, by dynamic programming. Squared steps keep one long jump from paying for many short ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.library.similarity import Neighbours, smallest
from sori.library.track import Track
from sori.library.versions import same_recordings
from sori.library.weights import normalised

__all__ = ["LONGEST", "walk"]

#: How many tracks a path may have.
LONGEST = 100
#: How many tracks near the line are considered.
_POOL = 768


def walk(
    neighbours: Neighbours,
    start: str,
    end: str,
    *,
    length: int = 10,
    weights: Mapping[str, float] | None = None,
    allow: NDArray[np.bool_] | None = None,
    tracks: Mapping[str, Track] | None = None,
) -> list[str]:
    """Find a gradual way from one track to another.

    Parameters
    ----------
    start, end
        Two tracks of the library.
    length
        How many tracks in all, both ends included.
    weights
        Facet to weight; a facet that is not named counts 1.
    allow
        (n,) in the order of ``neighbours.ids``: which tracks may be on the way.
    tracks
        Id to track; with it, two files of what seems one recording do not both appear.

    Returns
    -------
    Ids from ``start`` to ``end``; fewer than ``length`` only where the library has not enough tracks between.

    Raises
    ------
    ParameterError
        Unknown tracks, twice the same one, or a length that no path has.
    """
    if not 2 <= length <= LONGEST:
        raise ParameterError(f"length came as {length}; a path has its 2 ends, and at most {LONGEST} tracks")
    a, b = neighbours.row(start), neighbours.row(end)
    if a == b:
        raise ParameterError(f"both ends of the path are {start!r}; name two different tracks")
    weight = normalised(weights, neighbours.space.names)
    to_a, to_b = _distances(neighbours, a, weight), _distances(neighbours, b, weight)
    whole = max(float(to_a[b]), 1e-12)
    place = (to_a - to_b + whole) / (2.0 * whole)
    t = np.clip(place, 0.0, 1.0)
    off = (1.0 - t) * to_a + t * to_b - t * (1.0 - t) * whole
    off[(place <= 0.0) | (place >= 1.0)] = np.inf
    if allow is not None:
        off[~np.asarray(allow, bool)] = np.inf
    off[[a, b]] = np.inf
    off[~np.any(neighbours.scales, axis=1)] = np.inf  # silence lies nowhere
    pool = smallest(off.astype(np.float32), max(_POOL, 8 * length))
    pool = pool[np.argsort(place[pool], kind="stable")]
    chain = np.concatenate([[a], pool, [b]])
    steps = _steps(neighbours, chain, weight, tracks)
    local = to_a[chain], to_b[chain]
    return [neighbours.ids[chain[i]] for i in _shortest(steps, local, whole, min(length, len(chain)))]


def _distances(neighbours: Neighbours, row: int, weights: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n,) weighted squared distances from one track, not evened out: stations need true geometry."""
    turned, constants = neighbours.space.turned(neighbours.matrix[row : row + 1], weights)
    product = np.asarray(neighbours.matrix) @ turned[0].astype(np.float32)
    return np.asarray(np.maximum(product.astype(np.float64) + constants[0], 0.0))


def _steps(
    neighbours: Neighbours,
    chain: NDArray[np.int64],
    weights: NDArray[np.float32],
    tracks: Mapping[str, Track] | None,
) -> NDArray[np.float64]:
    """(m, m) squared steps; infinite backwards and between files of one recording."""
    space, rows = neighbours.space, np.asarray(neighbours.matrix[chain])
    turned, constants = space.turned(rows, weights)
    steps: NDArray[np.float64] = np.maximum(rows @ turned.T.astype(np.float32) + constants, 0.0).astype(
        np.float64
    )
    steps[np.tril_indices(len(chain))] = np.inf
    if tracks is not None:
        known = (tracks.get(neighbours.ids[i]) for i in chain)
        durations = np.array([np.nan if track is None else track.duration_s for track in known])
        near = np.argwhere(steps < 0.15)
        same = same_recordings(space.pair_distances(rows, near), *durations[near.T])
        steps[tuple(near[same].T)] = np.inf
    return np.asarray(steps)


def _shortest(
    steps: NDArray[np.float64],
    ends: tuple[NDArray[np.float64], NDArray[np.float64]],
    whole: float,
    length: int,
) -> Sequence[int]:
    """Indices of the best chain with ``length`` members from the first to the last.

    ``best[i, x]`` is the least cost of a chain whose i-th member is x.
    """
    m = len(steps)
    if length == 2:
        return [0, m - 1]
    best = np.full(m, np.inf)
    best[0] = 0.0
    came = np.zeros((length, m), np.int64)
    for i in range(1, length):
        t = i / (length - 1)
        station = (1.0 - t) * ends[0] + t * ends[1] - t * (1.0 - t) * whole
        cost = best[:, None] + steps
        came[i] = np.argmin(cost, axis=0)
        best = cost[came[i], np.arange(m)] + (station if i < length - 1 else 0.0)
    if not np.isfinite(best[-1]):
        return _shortest(steps, ends, whole, length - 1)
    order = [m - 1]
    for i in range(length - 1, 0, -1):
        order.append(int(came[i][order[-1]]))
    return order[::-1]

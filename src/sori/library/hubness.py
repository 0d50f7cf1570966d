r"""Hubs: tracks that turn up as everybody's neighbour, found and evened out.

In many dimensions, tracks near the middle of the collection are close to nearly all others, and
fill everyone's results; others turn up nowhere. How bad it is shows in the skewness of the
10-occurrence: how often each track is among the ten nearest of the others. Even is 0.

The cure divides a squared distance by how far each of the two tracks is from its own nearest
neighbours (the non-iterative contextual measure of Jégou et al., as used for music by Schnitzer et al.):

.. math:: D(q, x) = d^2(q, x) \, \frac{R}{\sqrt{s_q \, s_x}}, \qquad s_x = \sum_f w_f \, S_{x f}

A track of a crowded place must be closer than one of an empty place to count as near. :math:`S_{x f}`
is the mean squared distance in facet f to the track's neighbours in a drawn reference of the
collection, kept once per facet, so that the mean under any weights is one small product, and the
whole costs the search next to nothing. :math:`R` is the mean of s, so D stays in the units of d².

Sources: Radovanović, Nanopoulos, Ivanović, "Hubs in space", JMLR 11 (2010); Jégou, Harzallah, Schmid,
"A contextual dissimilarity measure", CVPR 2007; Schnitzer, Flexer, Schedl, Widmer, "Local and global
scaling reduce hubs in space", JMLR 13 (2012).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.library.facet_space import FacetSpace, Floats

__all__ = [
    "NEIGHBOURS",
    "REFERENCES",
    "k_occurrence",
    "k_occurrence_skewness",
    "local_scales",
    "neutral_where_missing",
    "reference_rows",
]

#: Tracks drawn from the collection to measure how crowded a place is.
REFERENCES = 2_048
#: How many of the nearest of them count.
NEIGHBOURS = 10


def reference_rows(n: int, *, seed: int = 0) -> NDArray[np.int64]:
    """Draw the reference: at most :data:`REFERENCES` row numbers out of n, in order."""
    if n <= REFERENCES:
        return np.arange(n, dtype=np.int64)
    return np.sort(np.random.default_rng(seed).choice(n, REFERENCES, replace=False))


def local_scales(
    space: FacetSpace, rows: Floats, references: Floats, own: NDArray[np.int64] | None = None
) -> Floats:
    """Mean squared distance per facet from each row to its nearest reference rows, all facets counting alike.

    The time is linear in the rows: each is compared with the references only.

    Parameters
    ----------
    rows
        (n, width) rows of ``space``.
    references
        (r, width) rows drawn from the collection.
    own
        (n,) which reference row is the row itself, -1 for none; a track is not its own neighbour.

    Returns
    -------
    (n, facets) float32; all ones where there is no other track to compare with.
    """
    n, r, n_facets = len(rows), len(references), len(space.dims)
    scales = np.ones((n, n_facets), np.float32)
    k = min(NEIGHBOURS, r - (own is not None))
    if k < 1:
        return scales
    turned, constants = space.turned(references, np.ones(n_facets, np.float32))
    turned, constants = turned.astype(np.float32), constants.astype(np.float32)
    for start in range(0, n, 2_048):
        part = slice(start, min(n, start + 2_048))
        block = rows[part]
        distance = block @ turned.T + constants
        if own is not None:
            mine = own[part]
            at = np.flatnonzero(mine >= 0)
            distance[at, mine[at]] = np.inf
        nearest = np.argpartition(distance, k - 1, axis=1)[:, :k]
        scales[part] = space.distances(block[:, None, :], references[nearest]).mean(axis=1)
    return scales


def neutral_where_missing(scales: Floats, present: NDArray[np.bool_]) -> Floats:
    """Give a facet that a track lacks the mean scale, so that being at distance 1 of all makes no hub of it.

    A track without any facet (silence) gets the crowdest place there is, so that it comes after all others.

    Parameters
    ----------
    scales, present
        (n, facets).
    """
    counts = present.sum(axis=0)
    means = np.where(present, scales, 0.0).sum(axis=0, dtype=np.float64) / np.maximum(counts, 1)
    filled = np.where(present, scales, means)
    return np.where(present.any(axis=1, keepdims=True), filled, 0.0).astype(np.float32)


def k_occurrence(neighbours: NDArray[np.integer], n: int) -> NDArray[np.int64]:
    """How often each of n tracks occurs in the (m, k) lists of nearest neighbours."""
    return np.bincount(np.asarray(neighbours).ravel(), minlength=n)


def k_occurrence_skewness(occurrence: NDArray[np.integer]) -> float:
    """Skewness of the k-occurrence: the third standardised moment, 0 when no track is a hub."""
    x = np.asarray(occurrence, np.float64)
    x = x - x.mean() if len(x) else x
    variance = float(np.mean(x * x)) if len(x) else 0.0
    return float(np.mean(x**3) / variance**1.5) if variance > 0 else 0.0

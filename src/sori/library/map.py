"""A map of the collection: two coordinates for every track, with like beside like.

The start is the plane of greatest spread (principal components). From there, every track is drawn to its
nearest neighbours and pushed away from tracks picked at random, a little less each round: the fuzzy
neighbour graph of UMAP with the heavy-tailed kernel of t-SNE, 1 / (1 + d²). All draws have a seed, so
the same collection always gives the same map. A large collection is laid out by a drawn part of it, and every
other track lies where its nearest neighbours of that part lie.

Sources: McInnes, Healy, Melville, "UMAP" (2018); van der Maaten, Hinton, JMLR 9 (2008); Venna, Kaski,
"Neighborhood preservation in nonlinear projection methods", ICANN 2001 (trustworthiness).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["coordinates", "principal_plane", "trustworthiness"]

#: Tracks that are laid out themselves; the others are placed between them.
LANDMARKS = 8_000
_NEIGHBOURS = 15
_ROUNDS = 200
_STRANGERS = 8


def coordinates(matrix: NDArray[np.floating], *, seed: int = 0) -> NDArray[np.float32]:
    """Lay tracks out on a plane.

    Parameters
    ----------
    matrix
        (n, d) coordinates whose Euclidean distance is the unlikeness: ``space.scaled(matrix, weights)``.
    seed
        For the draws.

    Returns
    -------
    (n, 2) float32, centred, the farthest at 1; for n = 1 the origin.
    """
    x = np.asarray(matrix, np.float32)
    n = len(x)
    rng = np.random.default_rng(seed)
    if n <= LANDMARKS:
        return _framed(_layout(x, rng))
    chosen = np.sort(rng.choice(n, LANDMARKS, replace=False))
    plane = np.empty((n, 2), np.float32)
    landmarks, laid = x[chosen], _layout(x[chosen], rng)
    for start in range(0, n, 4_096):
        part = slice(start, min(n, start + 4_096))
        near, squares = _nearest(x[part], landmarks, 5)
        pull = 1.0 / (squares + 0.05 * squares.mean(axis=1, keepdims=True) + 1e-12)
        plane[part] = np.einsum("ij,ijk->ik", pull / pull.sum(axis=1, keepdims=True), laid[near])
    plane[chosen] = laid
    return _framed(plane)


def principal_plane(x: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, 2) places in the plane of greatest spread; the largest entry of each axis is positive."""
    n, d = x.shape
    if n < 2 or d == 0:
        return np.zeros((n, 2))
    centred = x.astype(np.float64) - x.mean(axis=0, dtype=np.float64)
    if n <= d:
        values, vectors = np.linalg.eigh(centred @ centred.T)
        plane = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    else:
        _, vectors = np.linalg.eigh(centred.T @ centred)
        plane = centred @ vectors[:, ::-1][:, :2]
    if plane.shape[1] < 2:
        plane = np.column_stack([plane, np.zeros(n)])
    peaks = plane[np.argmax(np.abs(plane), axis=0), [0, 1]]
    return np.asarray(plane * np.where(peaks < 0, -1.0, 1.0))


def _nearest(
    queries: NDArray[np.float32], points: NDArray[np.float32], k: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(q, k) indices of the nearest points and their squared distances, nearest first."""
    near = np.empty((len(queries), k), np.int64)
    squares = np.empty((len(queries), k))
    norms = np.einsum("ij,ij->i", points, points)
    for start in range(0, len(queries), 1_024):
        block = queries[start : start + 1_024]
        distance = norms - 2.0 * (block @ points.T)
        found = np.argpartition(distance, k - 1, axis=1)[:, :k]
        near_squares = (
            np.take_along_axis(distance, found, axis=1) + np.einsum("ij,ij->i", block, block)[:, None]
        )
        order = np.lexsort((found, near_squares), axis=1)
        near[start : start + 1_024] = np.take_along_axis(found, order, axis=1)
        squares[start : start + 1_024] = np.maximum(np.take_along_axis(near_squares, order, axis=1), 0.0)
    return near, squares


def trustworthiness(x: NDArray[np.floating], plane: NDArray[np.floating], *, k: int = 10) -> float:
    """How far neighbours on the map are neighbours in truth: 1 perfect, about 0.5 at random.

    Needs all n² distances: for tests and reports on thousands of tracks.
    """
    n = len(x)
    points, flat = np.asarray(x, np.float64), np.asarray(plane, np.float64)
    shown = _nearest(flat.astype(np.float32), flat.astype(np.float32), k + 1)[0]
    lost = 0.0
    for i in range(n):
        squares = np.sum((points - points[i]) ** 2, axis=1)
        squares[i] = -1.0
        rank = np.empty(n, np.int64)
        rank[np.argsort(squares, kind="stable")] = np.arange(n)
        mine = [j for j in shown[i] if j != i][:k]
        lost += float(np.sum(np.maximum(rank[mine] - k, 0)))
    return 1.0 - 2.0 * lost / (n * k * (2 * n - 3 * k - 1))


def _layout(x: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    n = len(x)
    y = principal_plane(x)
    if n < 5:
        return y.astype(np.float32)
    k = min(_NEIGHBOURS, n - 1)
    near, squares = _nearest(x, x, k + 1)
    head, tail, pull = _graph(near, squares, k)
    y *= 10.0 / max(float(np.abs(y).max()), 1e-12)
    y += rng.normal(0.0, 1e-4, y.shape)
    push = pull.sum() / n / _STRANGERS
    for epoch in range(_ROUNDS):
        rate = 1.0 - epoch / _ROUNDS
        step = _gradient(y, head, tail, pull, push, rng.integers(0, n, (n, _STRANGERS)))
        size = np.linalg.norm(step, axis=1, keepdims=True)
        y += rate * step / np.maximum(1.0, size)
    return y.astype(np.float32)


def _graph(
    near: NDArray[np.int64], squares: NDArray[np.float64], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Edges to the k nearest, weighted 1 for the nearest and less as the distance grows past it."""
    n = len(near)
    keep = near != np.arange(n)[:, None]
    # A track with many copies may not be among its own nearest: then the last one goes.
    keep[keep.all(axis=1), -1] = False
    tails = near[keep].reshape(n, k)
    distance = np.sqrt(squares[keep].reshape(n, k))
    beyond = distance - distance[:, :1]
    scale = beyond.mean(axis=1, keepdims=True)
    weight = np.exp(-np.divide(beyond, scale, out=np.zeros_like(beyond), where=scale > 0))
    return np.repeat(np.arange(n), k), tails.ravel(), weight.ravel()


def _gradient(
    y: NDArray[np.float64],
    head: NDArray[np.int64],
    tail: NDArray[np.int64],
    pull: NDArray[np.float64],
    push: float,
    strangers: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(n, 2) force on every track: towards its neighbours, away from strangers."""
    n = len(y)
    along = y[tail] - y[head]
    along *= (2.0 * pull / (1.0 + np.einsum("ij,ij->i", along, along)))[:, None]
    away = y[:, None, :] - y[strangers]
    squares = np.einsum("ijk,ijk->ij", away, away)
    away *= (2.0 * push / ((0.01 + squares) * (1.0 + squares)))[..., None]
    force: NDArray[np.float64] = away.sum(axis=1)
    for axis in (0, 1):
        force[:, axis] += np.bincount(head, along[:, axis], n) - np.bincount(tail, along[:, axis], n)
    return force


def _framed(y: NDArray[np.floating]) -> NDArray[np.float32]:
    """Centre and scale so that the farthest coordinate is at 1."""
    if not len(y):
        return np.zeros((0, 2), np.float32)
    y = np.asarray(y, np.float64) - np.mean(y, axis=0, dtype=np.float64)
    largest = float(np.abs(y).max())
    return (y / largest if largest > 0 else y).astype(np.float32) + np.float32(0.0)

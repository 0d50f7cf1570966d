r"""Which tracks sound alike: one exact matrix product over everything, for any weights.

The distance of two tracks is the weighted mean of their squared facet distances (see
:mod:`sori.library.facet_space`; 1 is "like any two tracks"), evened out for hubs (see
:mod:`sori.library.hubness`). What is shown is

.. math:: \text{similarity} = 4^{-D},

1 for no difference at all and 1/4 for two tracks drawn at random. A facet's own similarity is the
same function of the same evened-out distance in that facet alone, so that the whole is their
weighted geometric mean. A facet's *share* of a match is how much nearer the two are in it than two
random tracks would be, ``w_f * max(0, 1 - D_f)``, as a part of the sum over facets: why they match.

Several seeds: the mean over the seeds of the distance to each, which is still one product.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.library import hubness, matrix_file
from sori.library.facet_space import FacetSpace, Floats, Reference, side_by_side
from sori.library.weights import normalised, parse_weights

__all__ = ["Match", "Neighbours", "Query", "Ranking", "parse_weights", "similarity", "smallest"]

#: How far from the mean the crowdedness of a place may count, either way.
_MOST_CROWDED = 4.0
#: Rows measured again in double precision beyond the ones asked for: rounding cannot change the answer.
_SPARE = 32
#: Weights whose factors are kept: none, each facet alone, and some that somebody is trying out.
_CROWDS = 12


def similarity(distance: NDArray[np.floating] | float) -> Any:
    """Turn an evened-out squared distance into 0..1: ``4 ** -distance``."""
    return np.power(4.0, -np.asarray(distance, np.float64))


@dataclasses.dataclass(frozen=True)
class Query:
    """What to look for: tracks of the library by id, and raw facet vectors of sounds outside it."""

    ids: tuple[str, ...] = ()
    vectors: tuple[Mapping[str, NDArray[np.floating]], ...] = ()


@dataclasses.dataclass(frozen=True)
class Match:
    """One track found.

    ``facets`` holds the similarity in every facet that both sides have, ``shares`` what each of those adds
    to the match (sums to 1, or all 0 when no facet is nearer than chance), ``distances`` the plain squared
    distance in each (1 is two random tracks).
    """

    id: str
    similarity: float
    facets: dict[str, float]
    shares: dict[str, float]
    distances: dict[str, float]


@dataclasses.dataclass(frozen=True)
class Neighbours:
    """The tracks of a library, ready to be searched.

    Attributes
    ----------
    ids
        In the order of the rows.
    space
        How raw facets become rows.
    matrix
        (n, space.width) float32, possibly mapped from a file.
    scales
        (n, facets) float32, how empty the place around each track is (see :mod:`sori.library.hubness`).
    """

    ids: tuple[str, ...]
    space: FacetSpace
    matrix: Floats
    scales: Floats
    index: dict[str, int] = dataclasses.field(repr=False)
    _crowds: dict[bytes, tuple[Floats, float]] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def build(
        cls,
        ids: Sequence[str],
        facets: Mapping[str, NDArray[np.floating]],
        *,
        cache: Path | None = None,
        revision: str = "",
        reference: Mapping[str, Reference] | None = None,
        seed: int = 0,
    ) -> Neighbours:
        """Standardise raw facets and measure the neighbourhoods; the time is linear in the tracks.

        Parameters
        ----------
        ids, facets
            As the catalog's ``vectors()`` gives them: n ids, facet name to (n, dim) raw vectors.
        cache
            A file to keep the result in; replaced atomically; a folder that cannot be written
            only costs the cache.
        revision
            Names the state of the library; :meth:`open` refuses a file of another one.
        reference
            Statistics of another collection that steady those of a small one.
        seed
            For the draws.
        """
        space = FacetSpace.fit(facets, reference=reference, seed=seed)
        n = len(ids)
        matrix = space.rows(facets) if facets else np.empty((n, 0), np.float32)
        if len(matrix) != n:
            raise ParameterError(f"{n} ids came with {len(matrix)} vectors; give one of each per track")
        chosen = hubness.reference_rows(n, seed=seed)
        own = np.full(n, -1, np.int64)
        own[chosen] = np.arange(len(chosen))
        scales = hubness.neutral_where_missing(
            hubness.local_scales(space, matrix, matrix[chosen], own), space.present(matrix)
        )
        if cache is not None:
            matrix_file.write(cache, revision, matrix_file.Contents(tuple(ids), space, matrix, scales))
        return cls(tuple(ids), space, matrix, scales, {i: row for row, i in enumerate(ids)})

    @classmethod
    def open(
        cls,
        cache: Path,
        revision: str,
        vectors: Callable[[], tuple[Sequence[str], Mapping[str, NDArray[np.floating]]]],
        *,
        reference: Mapping[str, Reference] | None = None,
    ) -> Neighbours:
        """Map the kept matrix when it is of this revision, otherwise build and keep it.

        ``vectors`` (the catalog's method) is only called when there is something to build.
        """
        kept = matrix_file.read(cache, revision)
        if kept is None:
            ids, facets = vectors()
            return cls.build(ids, facets, cache=cache, revision=revision, reference=reference)
        return cls(kept.ids, kept.space, kept.matrix, kept.scales, {i: row for row, i in enumerate(kept.ids)})

    def __len__(self) -> int:
        """How many tracks there are."""
        return len(self.ids)

    def row(self, track_id: str) -> int:
        """Return the row of a track.

        Raises
        ------
        ParameterError
            The track has no vectors (yet).
        """
        try:
            return self.index[track_id]
        except KeyError:
            raise ParameterError(f"track {track_id!r} has no vectors to compare by; index it first") from None

    def rank(self, query: Query, *, weights: Mapping[str, float] | None = None) -> Ranking:
        """Measure every track against a query; take the best of it with :meth:`Ranking.best`.

        Raises
        ------
        ParameterError
            A seed that is not in the library, an empty query, or unusable weights.
        """
        return self.rank_each(query, [weights])[0]

    def rank_each(self, query: Query, weights: Sequence[Mapping[str, float] | None]) -> list[Ranking]:
        """Measure every track against a query by several weights, with one look at the matrix."""
        seeds, rows = self.seeds(query)
        scales = self._scales_of(rows, seeds)
        begun = []
        for each in weights:
            own = normalised(each, self.space.names)
            crowd, mean = self._crowd(own)
            crowd_seeds = _crowdedness(scales @ own, mean)
            turned, constants = self.space.turned(rows, own)
            share = crowd_seeds.astype(np.float64) / len(rows)
            begun.append((own, crowd, crowd_seeds, (share @ turned).astype(np.float32), share @ constants))
        products = self._products([vector for *_, vector, _ in begun], [own for own, *_ in begun])
        found = []
        for (own, crowd, crowd_seeds, _, constant), scores in zip(begun, products, strict=True):
            scores += np.float32(constant)
            scores *= crowd
            found.append(Ranking(self, rows, own, crowd_seeds, crowd, scores))
        return found

    def seeds(self, query: Query) -> tuple[NDArray[np.int64], Floats]:
        """Return a query's row numbers (-1 outside the library) and its (s, width) rows."""
        inside = np.asarray([self.row(i) for i in query.ids], np.int64)
        if not len(inside) + len(query.vectors):
            raise ParameterError("a query came without seeds; give at least one track or vector")
        rows = np.asarray(self.matrix[inside])
        if query.vectors:
            given = side_by_side(query.vectors, self.space.names)
            if not given:
                raise ParameterError(
                    f"the query's vectors hold no facet; wanted some of {list(self.space.names)}"
                )
            rows = np.concatenate([rows, self.space.rows(given)])
        return np.concatenate([inside, np.full(len(query.vectors), -1)]), rows

    def _scales_of(self, rows: Floats, seeds: NDArray[np.int64]) -> Floats:
        """Return the local scales (s, facets) of query rows; ``seeds`` are their numbers here, or -1."""
        scales = np.ones((len(rows), len(self.space.names)), np.float32)
        inside, outside = np.flatnonzero(seeds >= 0), np.flatnonzero(seeds < 0)
        scales[inside] = self.scales[seeds[inside]]
        if len(outside) and len(self):
            references = self.matrix[hubness.reference_rows(len(self))]
            measured = hubness.local_scales(self.space, rows[outside], references)
            scales[outside] = np.where(self.space.present(rows[outside]), measured, self.scales.mean(axis=0))
        return scales

    def _products(self, vectors: list[Floats], weights: list[Floats]) -> list[Floats]:
        """Return the matrix times some vectors; for one, facets that weigh nothing are not looked at."""
        matrix, space = np.asarray(self.matrix), self.space
        if len(vectors) > 1:
            return list(np.ascontiguousarray((matrix @ np.stack(vectors, axis=1)).T))
        (vector,), (own,) = vectors, weights
        if (own > 0).all():
            return [np.asarray(matrix @ vector)]
        scores = matrix[:, space.size :] @ vector[space.size :]
        for facet in np.flatnonzero(own > 0):
            span = space.columns(int(facet))
            scores += matrix[:, span] @ vector[span]
        return [np.asarray(scores)]

    def _crowd(self, weights: Floats) -> tuple[Floats, float]:
        """Return every track's factor for these weights, and the mean local distance; the latest are kept."""
        key = weights.tobytes()
        if (kept := self._crowds.get(key)) is not None:
            return kept
        local = np.asarray(self.scales @ weights)
        mean = float(local.mean(dtype=np.float64)) if len(local) else 1.0
        found = _crowdedness(local, mean), mean
        if len(self._crowds) >= _CROWDS:
            self._crowds.pop(next(iter(self._crowds)), None)
        self._crowds[key] = found
        return found

    def search(
        self,
        query: Query,
        *,
        weights: Mapping[str, float] | None = None,
        k: int = 20,
        allow: NDArray[np.bool_] | None = None,
        exclude: Collection[str] = (),
    ) -> list[Match]:
        """Find the k tracks most like a query, best first; its own tracks never come back.

        Parameters
        ----------
        query
            Seeds inside and outside the library.
        weights
            Facet to weight; a facet that is not named counts 1.
        k
            How many at most.
        allow
            (n,) in the order of ``ids``: which tracks may be found.
        exclude
            Ids that may not.

        Raises
        ------
        ParameterError
            As :meth:`rank`, or a negative k.
        """
        ranking = self.rank(query, weights=weights)
        hidden = [self.index[i] for i in (*query.ids, *exclude) if i in self.index]
        rows = ranking.best(k, allow=allow, hidden=hidden)
        return ranking.matches(rows)


@dataclasses.dataclass(frozen=True)
class Ranking:
    """Every track's distance from one query: ``scores`` (n,) float32, evened out, smaller is nearer."""

    neighbours: Neighbours
    rows: Floats
    weights: Floats
    crowd_seeds: Floats
    crowd: Floats
    scores: Floats

    def best(
        self, k: int, *, allow: NDArray[np.bool_] | None = None, hidden: Sequence[int] = ()
    ) -> NDArray[np.int64]:
        """Row numbers of the k nearest, nearest first; equal ones in the order of their ids.

        The choice is exact: float32 scores pick somewhat more than k, which are then measured by
        differences in double precision.
        """
        if k < 0:
            raise ParameterError(f"{k} results were asked for; ask for 0 or more")
        scores = self.scores
        if allow is not None or len(hidden):
            scores = scores.copy()
            if allow is not None:
                scores[~np.asarray(allow, bool)] = np.inf
            scores[np.asarray(hidden, np.int64)] = np.inf
        found = smallest(scores, k + _SPARE)
        # What shares nothing that was measured with the query is not like it.
        found = found[(self.shared(found) & (self.weights > 0)).any(axis=1)]
        distance = self.exact(found)[1] @ self.weights.astype(np.float64)
        order = sorted(range(len(found)), key=lambda i: (distance[i], self.neighbours.ids[found[i]]))
        return found[order[:k]]

    def exact(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Squared distances of some tracks from the query, (r, facets): plain, and evened out for hubs."""
        space, matrix = self.neighbours.space, np.asarray(self.neighbours.matrix[rows])
        plain = np.stack([space.distances(matrix, seed) for seed in self.rows], axis=-1)
        even = plain * self.crowd_seeds.astype(np.float64)
        return plain.mean(axis=-1), even.mean(axis=-1) * self.crowd[rows, None].astype(np.float64)

    def shared(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """(r, facets): which facets some tracks have that any of the seeds has too."""
        space = self.neighbours.space
        here = space.present(np.asarray(self.neighbours.matrix[rows]))
        return np.asarray(here & space.present(self.rows).any(axis=0))

    def matches(self, rows: NDArray[np.int64]) -> list[Match]:
        """Explain some tracks of the ranking."""
        plain, even = self.exact(rows)
        weights = self.weights.astype(np.float64)
        gain = weights * np.maximum(0.0, 1.0 - even)
        space, here = self.neighbours.space, self.shared(rows)
        gain = np.where(here, gain, 0.0)
        total = gain.sum(axis=1, keepdims=True)
        shares = np.divide(gain, total, out=np.zeros_like(gain), where=total > 0)
        whole = similarity(even @ weights)
        single = similarity(even)
        found = []
        for i, row in enumerate(rows):
            seen = [(f, name) for f, name in enumerate(space.names) if here[i, f]]
            found.append(
                Match(
                    id=self.neighbours.ids[row],
                    similarity=float(whole[i]),
                    facets={name: float(single[i, f]) for f, name in seen},
                    shares={name: float(shares[i, f]) for f, name in seen},
                    distances={name: float(plain[i, f]) for f, name in seen},
                )
            )
        return found


def smallest(scores: Floats, k: int) -> NDArray[np.int64]:
    """Indices of the k smallest finite scores, unordered; ties at the edge may bring a few more.

    The k-th smallest of the minima of more than k blocks bounds the k-th smallest score from above,
    so a glance at the minima leaves little to sort.
    """
    n = len(scores)
    if k <= 0 or not n:
        return np.zeros(0, np.int64)
    bound = float(np.finfo(np.float32).max)
    block = n // (16 * k)
    if block > 1:
        whole = n // block * block
        minima = scores[:whole].reshape(-1, block).min(axis=1)
        bound = min(bound, float(np.partition(minima, k - 1)[k - 1]))
    found = np.flatnonzero(scores <= bound)
    if len(found) > k:
        values = scores[found]
        found = found[values <= np.partition(values, k - 1)[k - 1]]
    return found


def _crowdedness(local: Floats, mean: float) -> Floats:
    """``sqrt(mean / local)``, within bounds: above 1 where tracks crowd, 1 where nothing can be said."""
    if mean <= 0:
        return np.ones(len(local), np.float32)
    return np.asarray(np.sqrt(mean / np.clip(local, mean / _MOST_CROWDED, mean * _MOST_CROWDED)), np.float32)

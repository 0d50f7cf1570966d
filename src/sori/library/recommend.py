"""The answer people see: tracks like these, not the same thing twice, with reasons."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.features.facets import FACETS
from sori.library.facet_space import FacetSpace, Floats
from sori.library.filters import Filters
from sori.library.reasons import SPOKEN, reasons
from sori.library.similarity import Match, Neighbours, Query, Ranking
from sori.library.track import Track
from sori.library.versions import SAME_RECORDING, relation

__all__ = ["Result", "similar"]


@dataclasses.dataclass(frozen=True)
class Result:
    """One track found, and why.

    ``similarity``, ``facets`` and ``shares`` are as in :class:`~sori.library.similarity.Match`. ``nearest``
    is the seed that the reasons speak of; ``relation`` is ``None`` or what the track may be to the seed
    ``relation_to`` (see :mod:`sori.library.versions`).
    """

    track: Track
    similarity: float
    facets: dict[str, float]
    shares: dict[str, float]
    reasons: list[str]
    nearest: str | None = None
    relation: str | None = None
    relation_to: str | None = None


def similar(
    tracks: Mapping[str, Track],
    neighbours: Neighbours,
    seeds: Sequence[str] | Query,
    *,
    k: int = 20,
    weights: Mapping[str, float] | None = None,
    filters: Filters | None = None,
    per_artist: int | None = 2,
    same_recordings: bool = False,
    heard: Sequence[Track] = (),
    less: Sequence[str] = (),
) -> list[Result]:
    """Find the tracks most like the seeds, best first.

    Parameters
    ----------
    tracks
        Id to track; a vector whose track is not here is passed over.
    neighbours
        The library's vectors.
    seeds
        Ids of the library, or a query with vectors from outside. Several seeds: the mean distance to them.
    k
        How many at most.
    weights
        Facet to weight; a facet that is not named counts 1.
    filters
        What may be found; without it everything that is present.
    per_artist
        At most so many by one artist, ``None`` for any number; tracks without an artist are not counted.
    same_recordings
        Whether to show what seems to be the recording of a seed, or of an earlier result, in another file.
    heard
        The tracks of the query's vectors, in their order, for the reasons; may be left out.
    less
        Ids of what is not wanted: tracks that are nearer to it than to the seeds are passed over.

    Raises
    ------
    ParameterError
        An unknown seed, unusable weights, k below 0 or per_artist below 1.
    """
    if per_artist is not None and per_artist < 1:
        raise ParameterError(f"per_artist came as {per_artist}; give at least 1, or None for no limit")
    query = seeds if isinstance(seeds, Query) else Query(tuple(seeds))
    ranking = neighbours.rank(query, weights=weights)
    allow = (filters or Filters()).mask(neighbours.ids, tracks)
    if less:
        allow &= ranking.scores <= neighbours.rank(Query(tuple(less)), weights=weights).scores
    hidden = [neighbours.row(i) for i in (*query.ids, *less)]
    seen = [tracks.get(i) for i in query.ids] + list(heard)
    pairs = zip(seen, ranking.rows, strict=False)
    choice = _Choice(ranking, tracks, [(track, row) for track, row in pairs if track is not None])
    wanted = 4 * k + 16
    while True:
        rows = ranking.best(wanted, allow=allow, hidden=hidden)
        results = choice.choose(rows, k, per_artist, same_recordings)
        if len(results) >= k or len(rows) < wanted:
            return results
        wanted *= 4


@dataclasses.dataclass(frozen=True)
class _Choice:
    """A ranking, the library, and the seeds whose tracks are known, with their rows."""

    ranking: Ranking
    tracks: Mapping[str, Track]
    seeds: list[tuple[Track, Floats]]

    def choose(
        self, rows: NDArray[np.int64], k: int, per_artist: int | None, same_recordings: bool
    ) -> list[Result]:
        by_artist: Counter[str] = Counter()
        results: list[Result] = []
        taken = list(self.seeds)
        matrix = self.ranking.neighbours.matrix
        for match, row in zip(self.ranking.matches(rows), rows, strict=True):
            if len(results) >= k:
                break
            track = self.tracks[match.id]
            artist = (track.artist or "").strip().casefold()
            if artist and per_artist is not None and by_artist[artist] >= per_artist:
                continue
            relations = self._relations(track, np.asarray(matrix[row]), taken)
            if not same_recordings and SAME_RECORDING in relations:
                continue
            by_artist[artist] += 1
            results.append(self._result(match, track, int(row), relations[: len(self.seeds)]))
            taken.append((track, np.asarray(matrix[row])))
        return results

    def _relations(
        self, track: Track, row: Floats, others: Sequence[tuple[Track, Floats]]
    ) -> list[str | None]:
        """What a track may be to each of some others."""
        if not others:
            return []
        space = self.ranking.neighbours.space
        rows = np.stack([other for _, other in others])
        either = space.present(rows) | space.present(row)
        return [
            relation(
                {name: float(d[f]) for f, name in enumerate(space.names) if some[f]},
                (track.duration_s, other.duration_s),
                (track.title, other.title),
            )
            for (other, _), d, some in zip(others, space.distances(rows, row), either, strict=True)
        ]

    def _result(self, match: Match, track: Track, row: int, relations: Sequence[str | None]) -> Result:
        why: list[str] = []
        nearest = None
        if self.seeds:
            space, found = self.ranking.neighbours.space, np.asarray(self.ranking.neighbours.matrix[row])
            rows = np.stack([seed_row for _, seed_row in self.seeds])
            distances = space.distances(rows, found)
            at = int(np.argmin(distances @ self.ranking.weights))
            both = space.present(rows[at]) & space.present(found)
            named = {name: float(distances[at, f]) for f, name in enumerate(space.names) if both[f]}
            nearest = self.seeds[at][0]
            entries = {
                entry: (float(space.spreads(rows[at], f, i)), float(space.spreads(found, f, i)))
                for entry, f, i in _spoken_entries(space)
                if both[f]
            }
            why = reasons(nearest, track, match.shares, named, entries)
        first = next((i for i, how in enumerate(relations) if how), None)
        return Result(
            track=track,
            similarity=match.similarity,
            facets=match.facets,
            shares=match.shares,
            reasons=why,
            nearest=nearest.id if nearest else None,
            relation=None if first is None else relations[first],
            relation_to=None if first is None else self.seeds[first][0].id,
        )


def _spoken_entries(space: FacetSpace) -> list[tuple[str, int, int]]:
    """(entry, facet, place in it) of the entries that have words, where the space is of today's facets."""
    found = []
    for entry, (facet, *_) in SPOKEN.items():
        if facet not in space.names:
            continue
        f, names = space.names.index(facet), FACETS[facet].entries
        if entry in names and space.dims[f] == len(names):
            found.append((entry, f, names.index(entry)))
    return found

"""Do arrangements of one song find each other: retrieval by our facets, singly and mixed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.accuracy.metrics import Mean, mean
from sori.library.facet_space import side_by_side
from sori.library.hubness import k_occurrence, k_occurrence_skewness
from sori.library.similarity import Neighbours, Query


def retrieval(
    ids: Sequence[str], tunes: Sequence[str], vectors: Sequence[dict[str, np.ndarray]]
) -> dict[str, dict[str, Mean | None]]:
    """Return, for every facet and for the default mix, how well a track finds the others of its tune.

    ``reciprocal rank``: 1 / rank of the first other arrangement; ``average precision``: the mean precision
    at the ranks of all of them (its mean over songs is MAP); ``in the first 5``: the share of them there.
    """
    names = list(vectors[0])
    neighbours = Neighbours.build(ids, side_by_side(vectors, names))
    mixes: dict[str, dict[str, float] | None] = {
        **{name: {other: float(other == name) for other in names} for name in names},
        "all facets alike": None,
        "harmony and melody": {name: float(name in ("harmony", "melody")) for name in names},
    }
    return {mix: _scores(neighbours, ids, tunes, weights) for mix, weights in mixes.items()}


def _scores(
    neighbours: Neighbours, ids: Sequence[str], tunes: Sequence[str], weights: dict[str, float] | None
) -> dict[str, Mean | None]:
    tune_of = dict(zip(ids, tunes, strict=True))
    first, precision, five = [], [], []
    for track in ids:
        found = neighbours.search(Query(ids=(track,)), weights=weights, k=len(ids))
        hits = np.array([tune_of[match.id] == tune_of[track] for match in found])
        if not hits.any():
            continue  # the song has no other arrangement here
        ranks = np.flatnonzero(hits) + 1
        first.append(1.0 / ranks[0])
        precision.append(float(np.mean(np.arange(1, len(ranks) + 1) / ranks)))
        five.append(float(np.sum(ranks <= 5) / min(5, len(ranks))))
    return {
        "reciprocal rank": mean(first),
        "average precision": mean(precision),
        "in the first 5": mean(five),
    }


def hubness(ids: Sequence[str], vectors: Sequence[dict[str, np.ndarray]]) -> tuple[float, float]:
    """Return the skewness of the 10-occurrence under plain distances, and as we rank."""
    names = list(vectors[0])
    neighbours = Neighbours.build(ids, side_by_side(vectors, names))
    rows, n = np.asarray(neighbours.matrix), len(ids)
    plain = np.stack([neighbours.space.distances(rows, row).mean(axis=-1) for row in rows])
    np.fill_diagonal(plain, np.inf)
    before = np.argsort(plain, axis=1, kind="stable")[:, :10]
    after = [[neighbours.row(m.id) for m in neighbours.search(Query(ids=(i,)), k=10)] for i in ids]
    return (
        k_occurrence_skewness(k_occurrence(before, n)),
        k_occurrence_skewness(k_occurrence(np.array(after), n)),
    )

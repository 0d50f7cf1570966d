"""A path leaves one track and nears another, in steps smaller than the jump."""

from __future__ import annotations

import numpy as np
import pytest

from collection import collection, track, vectors
from sori.errors import ParameterError
from sori.library.similarity import Neighbours
from sori.library.song_path import walk


def distances(found: Neighbours, ids: list[str], other: str) -> np.ndarray:
    rows = found.matrix[[found.row(i) for i in ids]]
    return np.sqrt(found.space.distances(rows, found.matrix[found.row(other)]).mean(axis=1))


def rank_correlation(values: np.ndarray) -> float:
    return float(np.corrcoef(np.argsort(np.argsort(values)), np.arange(len(values)))[0, 1])


@pytest.mark.parametrize("ends", [("000000", "000001"), ("000010", "0001a0"), ("000155", "0000c8")])
def test_it_goes_from_one_to_the_other_in_small_steps(ends: tuple[str, str]) -> None:
    _, found = collection(800)
    ids = walk(found, *ends, length=12)
    assert len(ids) == len(set(ids)) == 12
    assert (ids[0], ids[-1]) == ends
    assert rank_correlation(distances(found, ids, ends[0])) > 0.85
    assert rank_correlation(distances(found, ids, ends[1])) < -0.85
    rows = found.matrix[[found.row(i) for i in ids]]
    steps = np.sqrt(found.space.distances(rows[1:], rows[:-1]).mean(axis=1))
    jump = distances(found, [ends[0]], ends[1])[0]
    assert steps.max() < 0.85 * jump
    assert steps.max() < 1.6 * steps.min()


def test_on_a_line_it_takes_evenly_spaced_stations() -> None:
    line = np.linspace(0, 1, 101)[:, None].astype(np.float32) + 1
    found = Neighbours.build([f"{i:03d}" for i in range(101)], {"timbre": np.repeat(line, 3, axis=1)})
    assert walk(found, "010", "090", length=5) == ["010", "030", "050", "070", "090"]
    assert walk(found, "090", "010", length=3) == ["090", "050", "010"]


def test_weights_and_allowed_tracks_are_kept_to() -> None:
    _, found = collection(300)
    allow = np.arange(300) % 3 == 0
    ids = walk(found, "000001", "000002", length=8, allow=allow, weights={"melody": 9})
    assert all(int(i, 16) % 3 == 0 for i in ids[1:-1])
    assert ids != walk(found, "000001", "000002", length=8, allow=allow)


def test_a_small_library_gives_a_shorter_path() -> None:
    _, found = collection(2)
    assert walk(found, "000000", "000001", length=10) == ["000000", "000001"]
    _, found = collection(6)
    ids = walk(found, "000000", "000001", length=10)
    assert 2 <= len(ids) <= 6
    assert len(set(ids)) == len(ids)


def test_two_files_of_one_recording_do_not_follow_each_other() -> None:
    facets = vectors(200)
    for raw in facets.values():
        raw[100:] = raw[:100]
    ids = [f"{i:03d}" for i in range(200)]
    found = Neighbours.build(ids, facets)
    path = walk(found, "000", "001", length=12, tracks={i: track(i) for i in ids})
    assert len({int(i) % 100 for i in path}) == len(path)


def test_what_cannot_be_walked_is_refused() -> None:
    _, found = collection(10)
    with pytest.raises(ParameterError, match="at most 100"):
        walk(found, "000000", "000001", length=101)
    with pytest.raises(ParameterError, match="two different tracks"):
        walk(found, "000000", "000000")
    with pytest.raises(ParameterError, match="has its 2 ends"):
        walk(found, "000000", "000001", length=1)
    with pytest.raises(ParameterError, match="no vectors"):
        walk(found, "000000", "nobody")

"""The search is exact, defined whatever is missing, and explains itself by numbers that add up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collection import DIMS, collection, vectors
from sori.errors import ParameterError
from sori.library import matrix_file
from sori.library.facet_space import FacetSpace, Reference
from sori.library.similarity import Neighbours, Query, parse_weights, similarity, smallest

MIXES = [
    None,
    {"timbre": 3.0},
    {"timbre": 0, "harmony": 0, "melody": 0, "dynamics": 0},
    {"melody": 0.1, "rhythm": 7},
]


def by_brute_force(found: Neighbours, query: Query, weights: dict[str, float] | None) -> list[str]:
    """All distances by differences in double precision, evened out as documented."""
    w = np.array([(weights or {}).get(name, 1.0) for name in found.space.names])
    w /= w.sum()
    local = found.scales.astype(np.float64) @ w
    local = np.clip(local, local.mean() / 4, local.mean() * 4)
    total = np.zeros(len(found))
    for seed in query.ids:
        s = found.row(seed)
        plain = found.space.distances(found.matrix, found.matrix[s])
        total += plain @ w * local.mean() / np.sqrt(local * local[s])
    order = sorted(range(len(found)), key=lambda i: (total[i], found.ids[i]))
    return [found.ids[i] for i in order if found.ids[i] not in query.ids]


@pytest.mark.parametrize("weights", MIXES)
@pytest.mark.parametrize("seeds", [("000003",), ("000001", "000200", "0000ff")])
def test_search_equals_brute_force(weights: dict[str, float] | None, seeds: tuple[str, ...]) -> None:
    _, found = collection(700)
    matches = found.search(Query(seeds), weights=weights, k=50)
    assert [m.id for m in matches] == by_brute_force(found, Query(seeds), weights)[:50]


def test_the_whole_is_the_weighted_geometric_mean_of_its_facets_and_shares_add_up() -> None:
    _, found = collection(300)
    weights = {"timbre": 2.0, "rhythm": 0.5}
    total = sum(weights.get(name, 1.0) for name in DIMS)
    for match in found.search(Query(("000007",)), weights=weights, k=299):
        product = np.prod([match.facets[name] ** (weights.get(name, 1.0) / total) for name in DIMS])
        assert match.similarity == pytest.approx(product)
        assert sum(match.shares.values()) == pytest.approx(1.0) or not any(match.shares.values())
        assert all(0 <= value <= 1 for value in (*match.facets.values(), *match.shares.values()))


def test_similarity_is_1_for_the_same_a_quarter_at_random_and_falls_in_between() -> None:
    assert similarity(0.0) == 1.0
    assert similarity(1.0) == 0.25
    _, found = collection(400)
    values = [m.similarity for m in found.search(Query(("000007",)), k=399)]
    assert values == sorted(values, reverse=True)
    assert np.median(values) == pytest.approx(0.25, abs=0.12)


def test_a_random_pair_is_at_1_in_every_facet_whatever_its_units() -> None:
    facets = vectors(1000)
    space = FacetSpace.fit(facets)
    rows = space.rows(facets)
    apart = space.distances(rows[:500], rows[500:])
    np.testing.assert_allclose(np.median(apart, axis=0), 1.0, rtol=0.15)


def test_units_do_not_matter_and_outliers_are_capped() -> None:
    facets = vectors(300)
    other = {name: raw * 1000 + 5 for name, raw in facets.items()}
    a, b = (FacetSpace.fit(f).rows(f) for f in (facets, other))
    np.testing.assert_allclose(a, b, atol=2e-3)
    wild = {name: raw.copy() for name, raw in facets.items()}
    wild["timbre"][0, 0] = 1e30
    space = FacetSpace.fit(wild)
    assert np.isfinite(space.rows(wild)).all()
    assert space.distances(space.rows(wild)[0], space.rows(wild)[1])[0] < 3


def test_a_missing_facet_is_neither_like_nor_unlike() -> None:
    facets = vectors(60)
    facets["melody"][4] = np.nan
    facets["rhythm"][5] = 0.0
    facets["timbre"][6, :3] = np.inf
    ids = [f"{i:02d}" for i in range(60)]
    found = Neighbours.build(ids, facets)
    assert np.isfinite(found.matrix).all()
    for seed in ("04", "05", "06", "07"):
        matches = {m.id: m for m in found.search(Query((seed,)), k=100)}
        assert len(matches) == 59
        assert all(np.isfinite(m.similarity) for m in matches.values())
        for m in matches.values():
            assert ("melody" in m.facets) == ("04" not in (seed, m.id))
            assert ("rhythm" in m.shares) == ("05" not in (seed, m.id))
    space = found.space
    assert (space.distances(found.matrix, found.matrix[4])[:, 3] == 1.0).all()
    for i in (4, 5):
        turned, constant = space.turned(found.matrix[i : i + 1], np.ones(5, np.float32))
        by_product = found.matrix @ turned[0] + constant
        by_difference = space.distances(found.matrix, found.matrix[i]).sum(axis=1)
        np.testing.assert_allclose(by_product, by_difference, atol=1e-4)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_smallest_libraries_are_defined(n: int) -> None:
    _, found = collection(n)
    matches = found.search(Query(("000000",)))
    assert len(matches) == n - 1
    assert all(0 < m.similarity <= 1 for m in matches)


def test_equal_tracks_are_all_at_1_in_the_order_of_their_ids() -> None:
    same = {name: np.repeat(raw, 8, axis=0) for name, raw in vectors(1).items()}
    found = Neighbours.build([f"{i}" for i in range(8)], same)
    matches = found.search(Query(("3",)))
    assert [m.id for m in matches] == ["0", "1", "2", "4", "5", "6", "7"]
    assert {m.similarity for m in matches} == {1.0}


def test_a_reference_steadies_a_small_library() -> None:
    large = vectors(2000)
    space = FacetSpace.fit(large)
    reference = {
        name: Reference(np.median(raw, axis=0), np.std(raw, axis=0), 2.0 * raw.shape[1])
        for name, raw in large.items()
    }
    few = {name: raw[:3] for name, raw in large.items()}
    truth = space.distances(space.rows(few)[0], space.rows(few)[1:])
    alone, steadied = FacetSpace.fit(few), FacetSpace.fit(few, reference=reference)
    errors = [
        np.abs(np.log(s.distances(s.rows(few)[0], s.rows(few)[1:]) / truth)).mean() for s in (alone, steadied)
    ]
    assert errors[1] < errors[0]


def test_a_sound_outside_the_library_finds_its_own_place() -> None:
    facets = vectors(500)
    found = Neighbours.build([f"{i:03d}" for i in range(500)], facets)
    outside = {name: raw[123] for name, raw in facets.items()}
    matches = found.search(Query(vectors=(outside,)), k=5)
    assert matches[0].id == "123"
    assert matches[0].similarity == pytest.approx(1.0)
    inside = found.search(Query(("123",)), k=4)
    assert [m.id for m in matches[1:]] == [m.id for m in inside]
    part = found.search(Query(vectors=({"timbre": outside["timbre"]},)), k=3)
    assert all(set(m.facets) == {"timbre"} for m in part)


def test_what_is_not_allowed_or_is_excluded_does_not_come_back() -> None:
    _, found = collection(200)
    allow = np.arange(200) % 2 == 0
    first = found.search(Query(("000000",)), k=3)
    ids = [m.id for m in found.search(Query(("000000",)), k=500, allow=allow, exclude={first[0].id})]
    assert all(int(i, 16) % 2 == 0 for i in ids)
    assert first[0].id not in ids
    assert "000000" not in ids
    assert found.search(Query(("000000",)), k=5, allow=np.zeros(200, bool)) == []


def test_smallest_is_what_sorting_gives() -> None:
    rng = np.random.default_rng(0)
    for n in (0, 1, 5, 100, 5000, 40_000):
        scores = rng.standard_normal(n).astype(np.float32)
        scores[::7] = np.inf
        for k in (0, 1, 13, 60):
            finite = np.flatnonzero(np.isfinite(scores))
            expected = finite[np.argsort(scores[finite], kind="stable")][:k]
            np.testing.assert_array_equal(np.sort(smallest(scores, k)), np.sort(expected))


def test_weights_are_read_and_refused() -> None:
    names = list(DIMS)
    assert parse_weights(None, names=names) == dict.fromkeys(names, 1.0)
    assert parse_weights("timbre=2, rhythm=0", names=names) == {
        **dict.fromkeys(names, 1.0),
        "timbre": 2,
        "rhythm": 0,
    }
    assert parse_weights("timbre=1,others=0", names=names) == {**dict.fromkeys(names, 0.0), "timbre": 1}
    for text, reason in [
        ("loudness=1", "not known"),
        ("timbre=-1", "at least 0"),
        ("timbre=nan", "at least 0"),
        ("timbre=inf", "at least 0"),
        ("timbre", "no value"),
        ("timbre=much", "not a number"),
        ("timbre=1,timbre=2", "two weights"),
        ("others=0", "every weight is zero"),
    ]:
        with pytest.raises(ParameterError, match=reason):
            parse_weights(text, names=names)


def test_wrong_questions_are_refused() -> None:
    _, found = collection(20)
    with pytest.raises(ParameterError, match="no vectors"):
        found.search(Query(("nobody",)))
    with pytest.raises(ParameterError, match="without seeds"):
        found.search(Query())
    with pytest.raises(ParameterError, match="ask for 0 or more"):
        found.search(Query(("000000",)), k=-1)
    with pytest.raises(ParameterError, match="analyse the file anew"):
        found.search(Query(vectors=({"timbre": np.ones(3)},)))


def test_the_kept_matrix_gives_the_same_answers_and_is_built_once(tmp_path: Path) -> None:
    facets, ids = vectors(100), [f"{i:03d}" for i in range(100)]
    calls = []

    def fetch() -> tuple[list[str], dict[str, np.ndarray]]:
        calls.append(1)
        return ids, facets

    file = tmp_path / "library.vectors"
    built = Neighbours.open(file, "1", fetch)
    kept = Neighbours.open(file, "1", fetch)
    assert len(calls) == 1
    assert kept.search(Query(("007",))) == built.search(Query(("007",)))
    stale = Neighbours.open(file, "2", fetch)
    assert len(calls) == 2
    assert kept.search(Query(("007",))) == stale.search(Query(("007",)))
    assert [p.name for p in tmp_path.iterdir()] == ["library.vectors"]


@pytest.mark.parametrize("cut", [0, 10, 200, 3000, -1])
def test_a_damaged_file_is_built_anew(tmp_path: Path, cut: int) -> None:
    facets, ids = vectors(30), [f"{i:03d}" for i in range(30)]
    file = tmp_path / "library.vectors"
    Neighbours.build(ids, facets, cache=file, revision="r")
    assert matrix_file.read(file, "r") is not None
    file.write_bytes(file.read_bytes()[:cut])
    assert matrix_file.read(file, "r") is None
    assert len(Neighbours.open(file, "r", lambda: (ids, facets))) == 30


def test_an_empty_library_and_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    empty = {name: np.zeros((0, dim), np.float32) for name, dim in DIMS.items()}
    found = Neighbours.build([], empty, cache=tmp_path / "absent" / "file", revision="0")
    assert len(found) == 0
    outside = {name: np.ones(dim) for name, dim in DIMS.items()}
    assert found.search(Query(vectors=(outside,))) == []
    Neighbours.build([], empty, cache=tmp_path / "file", revision="0")
    assert len(Neighbours.open(tmp_path / "file", "0", lambda: ([], empty))) == 0


def test_silence_is_like_nothing_and_in_nobodys_way() -> None:
    facets = vectors(80)
    for raw in facets.values():
        raw[40] = np.nan
        raw[41] = 0.0
    ids = [f"{i:02d}" for i in range(80)]
    found = Neighbours.build(ids, facets)
    assert found.search(Query(("40",)), k=5) == []
    for i in ids:
        assert not {"40", "41"} & {m.id for m in found.search(Query((i,)), k=80)}
    partly = vectors(80)
    partly["rhythm"][:20] = np.nan
    found = Neighbours.build(ids, partly)
    lists = [[found.index[m.id] for m in found.search(Query((i,)), k=10)] for i in ids]
    counts = np.bincount(np.ravel(lists), minlength=80)
    assert counts[:20].mean() == pytest.approx(counts[20:].mean(), rel=0.5)


def test_a_matrix_that_is_replaced_while_it_is_read_stays_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, file = [f"{i:06x}" for i in range(30)], tmp_path / "kept"
    old = Neighbours.build(ids, vectors(30), cache=file, revision="old")
    mapped = matrix_file._mapped

    def replace_first(opened: Any) -> Any:
        file.with_suffix(".new").write_bytes(b"something else" * 100_000)
        file.with_suffix(".new").replace(file)
        return mapped(opened)

    monkeypatch.setattr(matrix_file, "_mapped", replace_first)
    kept = matrix_file.read(file, "old")
    assert kept is not None
    np.testing.assert_array_equal(kept.matrix, old.matrix)


def test_half_written_matrices_are_tidied_away_and_the_whole_one_is_an_ordinary_file(tmp_path: Path) -> None:
    file, ids = tmp_path / "kept", [f"{i:06x}" for i in range(30)]
    stale, fresh = tmp_path / "kept.abc.part", tmp_path / "kept.def.part"
    stale.touch()
    fresh.touch()
    os.utime(stale, (0, 0))
    Neighbours.build(ids, vectors(30), cache=file, revision="r")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "kept.def.part"]
    assert file.stat().st_mode == fresh.stat().st_mode

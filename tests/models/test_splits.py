"""What belongs together stays together, and what the data say of their parts is done."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.models.splits import fold_parts, grouped_part, leak, one_group_out, parts_of

N = 300
GROUPS = np.array([f"g{k % 37}" for k in range(N)])
TARGETS = np.eye(3, dtype=np.float32)[np.arange(N) % 3]
NO_SPLIT, NO_FOLD = np.full(N, None, object), np.full(N, -1, np.int32)


@pytest.mark.parametrize("seed", range(5))
def test_a_drawn_test_is_of_whole_groups_and_as_large_as_asked(seed: int) -> None:
    parts = parts_of(NO_SPLIT, NO_FOLD, TARGETS, GROUPS, seed=seed)
    assert not leak(GROUPS, parts.training, parts.test)
    assert sorted([*parts.training, *parts.test]) == list(range(N))
    assert 0.15 * N <= len(parts.test) <= 0.25 * N
    counts = TARGETS[parts.test].sum(axis=0)
    assert counts.min() >= 0.6 * counts.max(), "labels in proportion"


def test_the_seed_decides() -> None:
    draws = [tuple(parts_of(NO_SPLIT, NO_FOLD, TARGETS, GROUPS, seed=seed).test) for seed in (0, 0, 1)]
    assert draws[0] == draws[1] != draws[2]


def test_the_official_split_comes_first_then_folds() -> None:
    splits, folds = NO_SPLIT.copy(), np.arange(N, dtype=np.int32) % 5 + 1
    splits[:200], splits[200:230], splits[230:] = "train", "validation", "test"
    parts = parts_of(splits, folds, TARGETS, GROUPS)
    assert parts.validation is not None
    assert [len(part) for part in (parts.training, parts.validation, parts.test)] == [200, 30, 70]
    assert set(folds[parts_of(NO_SPLIT, folds, TARGETS, GROUPS).test]) == {5}
    assert set(folds[parts_of(splits, folds, TARGETS, GROUPS, fold=2).test]) == {2}
    everything = parts_of(splits, folds, TARGETS, GROUPS, everything=True)
    assert (len(everything.training), len(everything.test)) == (N, 0)
    with pytest.raises(ParameterError, match="no fold 9"):
        parts_of(NO_SPLIT, folds, TARGETS, GROUPS, fold=9)


def test_a_part_without_recordings_is_refused() -> None:
    with pytest.raises(DataError, match="training part is empty"):
        parts_of(np.full(N, "test", object), NO_FOLD, TARGETS, GROUPS)
    with pytest.raises(DataError, match="one group"):
        parts_of(NO_SPLIT, NO_FOLD, TARGETS, np.full(N, "one"))
    with pytest.raises(DataError, match="empty"):
        fold_parts(np.ones(N, np.int32), 1)


def test_each_group_is_left_out_once() -> None:
    for groups, count in ((GROUPS, 12), (np.array(["a", "b", "c"] * 100), 3)):
        parts = one_group_out(groups)
        assert len(parts) == count
        assert sorted(np.concatenate([part.test for part in parts])) == list(range(N))
        assert not any(leak(groups, part.training, part.test) for part in parts)
    assert [part.name for part in one_group_out(np.array(["x", "y"] * 4))] == ["without x", "without y"]


def test_one_huge_group_is_not_the_test() -> None:
    groups = np.array(["huge"] * 250 + [f"g{k}" for k in range(50)])
    held = grouped_part(TARGETS, groups, 0.2, seed=0)
    assert not held[:250].any()
    assert held.any()

"""Which recordings are learned from and which are kept for the test: what must not straddle, does not.

A data set's own split is used where it has one; then its folds; else whole groups are drawn. The test is
never looked at before the model is finished.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, ParameterError

__all__ = ["Parts", "fold_parts", "grouped_part", "leak", "one_group_out", "parts_of"]

_TEST = 0.2
_MOST_GROUPS = 12  # more are left out several at a time


@dataclasses.dataclass(frozen=True, eq=False)
class Parts:
    """The numbers of the recordings of each part, and in words where they come from.

    ``validation`` is ``None`` where the data do not say; ``test`` may be empty.
    """

    name: str
    how: str
    training: NDArray[np.intp]
    validation: NDArray[np.intp] | None
    test: NDArray[np.intp]


def parts_of(
    splits: NDArray[Any],
    folds: NDArray[np.integer],
    targets: NDArray[np.float32],
    groups: NDArray[Any],
    *,
    fold: int | None = None,
    everything: bool = False,
    seed: int = 0,
) -> Parts:
    """Return the parts that a model is trained and tested on.

    Parameters
    ----------
    splits, folds
        Of each recording: "train", "validation", "test" or ``None``; a number, or -1 for none.
    targets, groups
        (n, labels), (n,).
    fold
        The fold that is kept for the test, where there are folds; by default the last.
    everything
        Keep nothing for the test.
    seed
        For what is drawn.

    Raises
    ------
    ParameterError
        A fold that there is not.
    DataError
        A part would be empty.
    """
    all_of_them = np.arange(len(targets))
    if everything:
        return Parts(
            "everything",
            "all recordings are learned from, so nothing is left to test with",
            all_of_them,
            None,
            all_of_them[:0],
        )
    if fold is None and (splits == "test").any():
        training = np.flatnonzero(np.isin(splits, ["test", "validation"], invert=True))
        validation = np.flatnonzero(splits == "validation")
        parts = Parts(
            "test",
            "the official split",
            training,
            validation if len(validation) else None,
            np.flatnonzero(splits == "test"),
        )
        return _whole(parts)
    known = np.unique(folds[folds >= 0])
    if fold is not None and fold not in known:
        has = ", ".join(map(str, known)) or "none"
        raise ParameterError(f"there is no fold {fold}; the data have {has}")
    if len(known) > 1:
        return fold_parts(folds, int(known[-1] if fold is None else fold))
    held = grouped_part(targets, groups, _TEST, seed=seed)
    return _whole(
        Parts(
            "test",
            f"a fifth of the recordings, whole groups drawn with seed {seed}",
            np.flatnonzero(~held),
            None,
            np.flatnonzero(held),
        )
    )


def fold_parts(folds: NDArray[np.integer], fold: int) -> Parts:
    """Return the parts that keep one official fold for the test."""
    return _whole(
        Parts(
            f"fold {fold}",
            f"official fold {fold} is the test",
            np.flatnonzero(folds != fold),
            None,
            np.flatnonzero(folds == fold),
        )
    )


def one_group_out(groups: NDArray[Any], *, seed: int = 0) -> list[Parts]:
    """Return parts that each keep one group for the test; of more than a dozen, several at a time.

    Raises
    ------
    DataError
        There are not two groups.
    """
    names, number = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise DataError("the recordings are of one group, or none is known; none can be left out")
    batches = np.array_split(
        np.random.default_rng(seed).permutation(len(names)), min(len(names), _MOST_GROUPS)
    )
    if len(names) <= _MOST_GROUPS:
        batches = [np.array([k]) for k in range(len(names))]
    found = []
    for batch in batches:
        held = np.isin(number, batch)
        said = f"without {names[batch[0]]}" if len(batch) == 1 else f"without {len(batch)} groups"
        found.append(Parts(said, said, np.flatnonzero(~held), None, np.flatnonzero(held)))
    return found


def grouped_part(
    targets: NDArray[np.float32], groups: NDArray[Any], share: float, *, seed: int
) -> NDArray[np.bool_]:
    """Say of each recording whether it is in a part of about ``share``: whole groups, labels evenly.

    Groups are taken in a drawn order, each where the labels of the part still lack most of what it has.

    Raises
    ------
    DataError
        There are not two groups.
    """
    names, number = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise DataError(
            "the recordings are of one group; none of it can be kept for a test without straddling. Name"
            " other"
            " groups in the manifest, or train on everything"
        )
    has = np.zeros((len(names), targets.shape[1]))
    np.add.at(has, number, targets)
    wanted = has.sum(axis=0) * share
    left, taken = wanted.copy(), np.zeros(len(names), bool)
    order = np.random.default_rng([seed, 1]).permutation(len(names))
    for k in order[np.argsort(-has[order].sum(axis=1), kind="stable")]:
        # Worth taking when it brings the part nearer to the share of every label.
        gain = (left**2).sum() - ((left - has[k]) ** 2).sum()
        if gain > 0:
            taken[k] = True
            left -= has[k]
    if not taken.any():
        taken[order[np.argmin(has[order].sum(axis=1))]] = True
    return taken[number]


def leak(groups: NDArray[Any], training: NDArray[np.intp], test: NDArray[np.intp]) -> tuple[str, ...]:
    """Return the groups that are in both parts, sorted."""
    return tuple(sorted(set(groups[training].tolist()) & set(groups[test].tolist())))


def _whole(parts: Parts) -> Parts:
    for name, numbers in (("training", parts.training), ("test", parts.test)):
        if not len(numbers):
            raise DataError(f"the {name} part is empty ({parts.how}); want at least one recording in it")
    return parts

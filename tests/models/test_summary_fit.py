"""A classifier as arrays says what scikit-learn says, and is chosen without a look at the test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

pytest.importorskip("sklearn")
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from sori.errors import DataError, ModelError
from sori.models.decision import Decision
from sori.models.model_file import arrays_of, bytes_of
from sori.models.summary_fit import CANDIDATES, Candidate, choose, fit_decision


def points(classes: int, n: int = 120, spread: float = 1.5) -> tuple[Any, Any]:
    rng = np.random.default_rng(classes)
    y = np.arange(n) % classes
    return rng.standard_normal((classes, 12))[y] + spread * rng.standard_normal((n, 12)), y


def one_hot(y: Any, classes: int) -> Any:
    return np.eye(classes, dtype=np.float32)[y]


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_support_vectors_are_those_of_scikit_learn(classes: int) -> None:
    x, y = points(classes)
    found = fit_decision(Candidate("support", 3.0, 1.0), x, one_hot(y, classes), multi_label=False)
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    model = SVC(C=3.0, gamma=1 / 12, class_weight="balanced", decision_function_shape="ovo").fit(scaled, y)
    new = np.random.default_rng(9).standard_normal((200, 12)) * 2
    pairs = (
        np.exp(-((((new - x.mean(axis=0)) / x.std(axis=0))[:, None] - found.support) ** 2).sum(axis=2) / 12)
        @ found.planes
        + found.bias
    )
    wanted = model.decision_function((new - x.mean(axis=0)) / x.std(axis=0)).reshape(200, -1)
    # Of two classes scikit-learn counts for the second.
    np.testing.assert_allclose(pairs, -wanted if classes == 2 else wanted, atol=1e-9)
    if classes == 2:
        assert np.array_equal(
            found.scores(new).argmax(axis=1), model.predict((new - x.mean(axis=0)) / x.std(axis=0))
        )


@pytest.mark.parametrize("classes", [2, 4])
def test_a_logistic_regression_is_that_of_scikit_learn(classes: int) -> None:
    x, y = points(classes)
    found = fit_decision(Candidate("logistic", 0.03), x, one_hot(y, classes), multi_label=False)
    model = LogisticRegression(C=0.03, max_iter=300, class_weight="balanced")
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    np.testing.assert_allclose(found.scores(x), model.fit(scaled, y).predict_proba(scaled), atol=1e-6)


@pytest.mark.parametrize("candidate", CANDIDATES, ids=str)
def test_every_candidate_learns_and_is_kept_in_a_file(candidate: Candidate) -> None:
    x, y = points(4, spread=0.8)
    found = fit_decision(candidate, x, one_hot(y, 6), multi_label=False)
    scores = found.scores(x)
    assert (scores.argmax(axis=1) == y).mean() > 0.95
    np.testing.assert_allclose(scores.sum(axis=1), 1.0)
    assert scores[:, 4:].max() < 1e-6, "what was never shown is never said"
    again = Decision.from_arrays(arrays_of(bytes_of(found.to_arrays())))
    assert np.array_equal(again.scores(x), scores)


def test_several_labels_at_once() -> None:
    rng = np.random.default_rng(0)
    targets = (rng.random((200, 4)) < (0.5, 0.2, 0.0, 0.5)).astype(np.float32)
    x = targets @ rng.standard_normal((4, 10)) + 0.5 * rng.standard_normal((200, 10))
    candidate, recall, found = choose(x, targets, np.arange(200), multi_label=True, seed=0)
    assert candidate.kind in ("logistic", "support")
    assert recall > 0.9
    right = (found.scores(x) > 0.5) == (targets > 0.5)
    assert right.mean() > 0.95
    assert right[:, 2].all(), "a label that is never there is never said"


def test_the_choice_does_not_lean_on_groups_that_straddle() -> None:
    """Labels that follow the group alone cannot be foretold for a group that was never heard."""
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(40), 10)
    x = rng.standard_normal((40, 30))[groups] + 0.05 * rng.standard_normal((400, 30))
    targets = one_hot(rng.integers(0, 2, 40)[groups], 2)
    _, honest, _ = choose(x, targets, groups, multi_label=False, seed=0)
    _, fooled, _ = choose(x, targets, np.arange(400), multi_label=False, seed=0)
    assert fooled > 0.95
    assert honest < 0.75


def test_scores_are_as_sure_as_they_are_right() -> None:
    x, y = points(3, n=900, spread=3.0)
    _, _, found = choose(x[:450], one_hot(y, 3)[:450], np.arange(450), multi_label=False, seed=0)
    scores = found.scores(x[450:])
    sure, right = scores.max(axis=1).mean(), (scores.argmax(axis=1) == y[450:]).mean()
    assert sure == pytest.approx(right, abs=0.08)


def test_one_group_alone_is_refused() -> None:
    x, y = points(2)
    with pytest.raises(DataError, match="one group"):
        choose(x, one_hot(y, 2), np.zeros(len(x)), multi_label=False, seed=0)


def test_arrays_that_do_not_fit_are_refused() -> None:
    x, y = points(3)
    arrays = fit_decision(CANDIDATES[0], x, one_hot(y, 3), multi_label=False).to_arrays()
    for wrong in ({"planes": arrays["planes"][:5]}, {"sense": np.ones(3)}):
        with pytest.raises(ModelError, match="train it again"):
            Decision.from_arrays({**arrays, **wrong})

"""The figures are those of scikit-learn, and their intervals those of whole groups."""

from __future__ import annotations

import numpy as np
import pytest

from sori.models.scores import average_precision, figures, roc_auc

metrics = pytest.importorskip("sklearn.metrics")
LABELS = ("a", "b", "c", "d")


def answers(n: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = np.eye(4)[rng.integers(0, 3, n)]  # nothing is of the last label
    return truth, 0.3 * truth + rng.random((n, 4)) * 0.5


def test_the_rates_are_those_of_scikit_learn() -> None:
    truth, scores = answers()
    found = figures(truth, scores, np.arange(200), LABELS, multi_label=False)
    y, said = truth.argmax(axis=1), scores.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(y, said), abs=1e-4)
    assert found["confusion"] == metrics.confusion_matrix(y, said, labels=range(4)).tolist()
    wanted = metrics.precision_recall_fscore_support(y, said, labels=range(4), zero_division=np.nan)
    for k, each in enumerate(found["labels"][:3]):
        for name, values in zip(("precision", "recall", "f"), wanted, strict=False):
            assert each[name] == pytest.approx(values[k], abs=1e-4)
            low, high = each[f"{name}_interval"]
            assert low < each[name] < high
    assert found["labels"][3]["recall"] is None
    assert found["labels"][3]["f_interval"] is None
    assert found["macro_f"] == pytest.approx(np.mean(wanted[2][:3]), abs=1e-4)
    assert found["chance"] == pytest.approx(truth.mean(axis=0).max(), abs=1e-4)


def test_of_several_labels_too() -> None:
    rng = np.random.default_rng(1)
    truth = rng.random((150, 4)) < (0.1, 0.5, 0.8, 0.0)
    scores = np.round(0.4 * truth + 0.6 * rng.random((150, 4)), 2)  # with ties
    found = figures(truth, scores, np.arange(150), LABELS, multi_label=True)
    assert found["accuracy"] == pytest.approx(((scores > 0.5) == truth).mean(), abs=1e-4)
    assert found["mean_average_precision"] == pytest.approx(
        np.mean([metrics.average_precision_score(truth[:, k], scores[:, k]) for k in range(3)]), abs=1e-4
    )
    assert found["mean_roc_auc"] == pytest.approx(
        metrics.roc_auc_score(truth[:, :3], scores[:, :3]), abs=1e-4
    )
    assert "confusion" not in found
    assert average_precision(truth[:, 3], scores[:, 3]) is None
    assert roc_auc(truth[:, 3], scores[:, 3]) is None


def test_recordings_of_one_group_are_one_witness() -> None:
    truth, scores = answers(40)
    many, alike = np.repeat(truth, 25, axis=0), np.repeat(scores, 25, axis=0)
    alone = figures(truth, scores, np.arange(40), LABELS, multi_label=False)["accuracy_interval"]
    grouped = figures(many, alike, np.repeat(np.arange(40), 25), LABELS, multi_label=False)[
        "accuracy_interval"
    ]
    each = figures(many, alike, np.arange(1000), LABELS, multi_label=False)["accuracy_interval"]
    assert grouped == pytest.approx(alone, abs=0.03)
    assert each[1] - each[0] < (grouped[1] - grouped[0]) / 3


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    wanted, said = answers(200_000, 999)
    truly = (wanted.argmax(axis=1) == said.argmax(axis=1)).mean()
    inside = 0
    for seed in range(60):
        truth, scores = answers(80, seed)
        low, high = figures(truth, scores, np.arange(80), LABELS, multi_label=False)["accuracy_interval"]
        inside += low <= truly <= high
    assert 52 <= inside <= 60


def test_all_right_is_all_right() -> None:
    truth = np.eye(4)[[0, 1, 2, 0]]
    found = figures(truth, truth, np.arange(4), LABELS, multi_label=False)
    assert (found["accuracy"], found["accuracy_interval"], found["macro_f"]) == (1.0, [1.0, 1.0], 1.0)

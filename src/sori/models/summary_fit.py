"""Choosing a classifier of vectors by cross-validation inside the training part, with scikit-learn.

Candidates are kept to what a `Decision` can hold, so that a model file is plain arrays: linear discriminants
with shrinkage, logistic regression, and support vectors with a Gaussian kernel, of all numbers or of their
principal components. Groups are never split between a fold and the rest.
"""

from __future__ import annotations

import dataclasses
import itertools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, MissingExtra
from sori.models.decision import Decision, Floats, scores_of

try:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold
    from sklearn.svm import SVC
except ImportError as absent:
    raise MissingExtra("summary classifiers need scikit-learn: pip install 'sori[train]'") from absent

__all__ = ["CANDIDATES", "Candidate", "choose", "fit_decision"]

_FOLDS = 5
_MOST_TO_CHOOSE_BY = 3000  # vectors; more are drawn from, whole groups
_PCA_SHARE = 0.99  # of the variance


@dataclasses.dataclass(frozen=True)
class Candidate:
    """One classifier: ``kind`` "discriminant", "logistic" or "support", and how freely it fits (``c``).

    ``width`` multiplies the kernel's ``gamma`` of one over the number of components.
    """

    kind: str
    c: float = 1.0
    width: float = 1.0
    pca: bool = False

    def __str__(self) -> str:
        """Return it in words."""
        said = {
            "discriminant": "linear discriminants with shrinkage",
            "logistic": f"logistic regression, C={self.c:g}",
            "support": f"support vectors, C={self.c:g}, gamma={self.width:g}/d",
        }[self.kind]
        return said + (" of principal components" if self.pca else "")


CANDIDATES = (
    Candidate("discriminant"),
    *(Candidate("logistic", c) for c in (0.003, 0.03)),
    *(Candidate("support", c, width) for c, width in itertools.product((3.0, 30.0), (0.3, 1.0))),
    *(Candidate("support", c, 1.0, pca=True) for c in (3.0, 30.0)),
)
"""What is tried, the simpler first: of equals the first is taken."""


def choose(
    vectors: Floats,
    targets: NDArray[np.float32],
    groups: NDArray[Any],
    *,
    multi_label: bool,
    seed: int,
    report: Callable[[str], None] = lambda line: None,
) -> tuple[Candidate, float, Decision]:
    """Return the best candidate, its cross-validated accuracy, and it, fitted to everything.

    Parameters
    ----------
    vectors, targets, groups
        (n, d), (n, classes) of 0 and 1, (n,): what is of one group stays together.
    multi_label
        Whether labels are independent; the accuracy is then that of each label.
    seed
        For the folds.
    report
        Told each candidate's result.

    Raises
    ------
    DataError
        There are not two groups to cross-validate with.
    """
    few = _some(groups, seed)
    folds = _folds(targets[few], groups[few], seed, multi_label=multi_label)
    best: tuple[float, Candidate, Floats, NDArray[np.intp]] | None = None
    for candidate in CANDIDATES:
        if multi_label and candidate.kind == "discriminant":
            continue
        margins = np.zeros(targets[few].shape)
        for train, held in folds:
            fitted = fit_decision(
                candidate, vectors[few][train], targets[few][train], multi_label=multi_label
            )
            margins[held] = fitted.margins(vectors[few][held])
        accuracy = _accuracy(margins, targets[few], multi_label=multi_label)
        report(f"{candidate}: {accuracy:.3f}")
        if best is None or accuracy > best[0] + 1e-9:
            best = accuracy, candidate, margins, few
    assert best is not None
    accuracy, candidate, margins, few = best
    fitted = fit_decision(candidate, vectors, targets, multi_label=multi_label)
    return candidate, accuracy, _calibrated(fitted, margins, targets[few])


def fit_decision(
    candidate: Candidate, vectors: Floats, targets: NDArray[np.float32], *, multi_label: bool
) -> Decision:
    """Fit one candidate; classes that ``targets`` never shows get no score."""
    mean, deviation = vectors.mean(axis=0), vectors.std(axis=0)
    deviation = np.where(deviation > 1e-9 * np.maximum(np.abs(mean), 1.0), deviation, 1.0)
    x = (vectors - mean) / deviation
    components = _principal(x) if candidate.pca else None
    x = x if components is None else x @ components
    classes = targets.shape[1]
    common: dict[str, Any] = {"mean": mean, "deviation": deviation, "components": components}
    gamma = candidate.width / x.shape[1]
    if multi_label:
        found = [_one_label(candidate, x, targets[:, k] > 0.5, gamma) for k in range(classes)]
        planes, bias = np.stack([p for p, _ in found], axis=1), np.array([b for _, b in found])
        parts: dict[str, Any] = {"planes": planes, "bias": bias, "offset": np.zeros(classes)}
        if candidate.kind == "support":
            used = np.flatnonzero(np.abs(planes).max(axis=1) > 0)
            parts |= {"planes": planes[used], "support": x[used], "gamma": gamma}
        return Decision(**common, **parts, multi_label=True)
    y = targets.argmax(axis=1)
    seen = np.unique(y)
    offset = np.where(np.isin(np.arange(classes), seen), 0.0, -30.0)
    if candidate.kind == "support":
        planes, bias, votes, support = _pairs(x, y, classes, candidate.c, gamma)
        return Decision(
            **common, planes=planes, bias=bias, votes=votes, support=support, gamma=gamma, offset=offset
        )
    model: Any
    if candidate.kind == "discriminant":
        model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    else:
        model = LogisticRegression(C=candidate.c, max_iter=300, class_weight="balanced")
    _quietly(model, x, y)
    planes, bias = np.zeros((x.shape[1], classes)), np.zeros(classes)
    if len(seen) == 2:  # scikit-learn keeps one plane for two
        planes[:, seen[1]], bias[seen[1]] = model.coef_[0], model.intercept_[0]
    else:
        planes[:, seen], bias[seen] = model.coef_.T, model.intercept_
    return Decision(**common, planes=planes, bias=bias, offset=offset)


def _pairs(x: Floats, y: NDArray[np.intp], classes: int, c: float, gamma: float) -> tuple[Floats, ...]:
    """Return planes, bias, votes and support vectors of a plane between every two classes."""
    model = SVC(C=c, gamma=gamma, class_weight="balanced", cache_size=500).fit(x, y)
    seen, first = model.classes_, np.concatenate([[0], np.cumsum(model.n_support_)])
    pairs = list(itertools.combinations(range(len(seen)), 2))
    planes = np.zeros((len(model.support_), len(pairs)))
    votes = np.zeros((len(pairs), classes))
    for number, (i, j) in enumerate(pairs):
        # The coefficients against class j of those that support class i are in row j - 1, of j against i in
        # row i.
        planes[first[i] : first[i + 1], number] = model.dual_coef_[j - 1, first[i] : first[i + 1]]
        planes[first[j] : first[j + 1], number] = model.dual_coef_[i, first[j] : first[j + 1]]
        votes[number, seen[i]], votes[number, seen[j]] = 1.0, -1.0
    # Of two classes scikit-learn turns the sign round for its own decision function; coefficients stay.
    sign = -1.0 if len(seen) == 2 else 1.0
    return sign * planes, sign * model.intercept_, votes, model.support_vectors_


def _one_label(candidate: Candidate, x: Floats, y: NDArray[np.bool_], gamma: float) -> tuple[Floats, float]:
    """Return the plane that tells a label from its absence; of one that is always or never there, none."""
    rows = len(x) if candidate.kind == "support" else x.shape[1]
    if y.all() or not y.any():
        return np.zeros(rows), 5.0 if y.all() else -5.0
    if candidate.kind == "support":
        model = SVC(C=candidate.c, gamma=gamma, class_weight="balanced").fit(x, y)
        plane = np.zeros(rows)
        plane[model.support_] = model.dual_coef_[0]
        return plane, float(model.intercept_[0])
    linear = LogisticRegression(C=candidate.c, max_iter=300, class_weight="balanced")
    _quietly(linear, x, y)
    return linear.coef_[0], float(linear.intercept_[0])


def _quietly(model: Any, x: Floats, y: NDArray[Any]) -> None:
    """Fit, without the warning that a linear model could still be moved a little."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(x, y)


def _principal(x: Floats) -> Floats:
    """Return the components (d, p) that hold nearly all of the variance."""
    _, singular, rows = np.linalg.svd(x, full_matrices=False)
    held = np.cumsum(singular**2) / max(float((singular**2).sum()), 1e-300)
    return rows[: int(np.searchsorted(held, _PCA_SHARE)) + 1].T


def _some(groups: NDArray[Any], seed: int) -> NDArray[np.intp]:
    """Return the numbers of at most so many vectors, in whole groups drawn at random."""
    if len(groups) <= _MOST_TO_CHOOSE_BY:
        return np.arange(len(groups))
    _, number = np.unique(groups, return_inverse=True)
    order = np.random.default_rng(seed).permutation(number.max() + 1)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    ordered = np.argsort(place[number], kind="stable")[:_MOST_TO_CHOOSE_BY]
    return np.sort(ordered)


def _folds(
    targets: NDArray[np.float32], groups: NDArray[Any], seed: int, *, multi_label: bool
) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    count = min(_FOLDS, len(np.unique(groups)))
    if count < 2:
        raise DataError(
            "all recordings are of one group; a classifier is chosen by what it does on another one"
        )
    if multi_label:
        return list(GroupKFold(count, shuffle=True, random_state=seed).split(targets, groups=groups))
    y = targets.argmax(axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a class with fewer recordings than folds
        return list(StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(targets, y, groups))


def _accuracy(margins: Floats, targets: NDArray[np.float32], *, multi_label: bool) -> float:
    """Return the mean recall over classes; of several labels the mean of it and of that of their absence."""
    if multi_label:
        right = (margins > 0) == (targets > 0.5)
        shares = [
            (right[wanted, k].mean() + right[~wanted, k].mean()) / 2
            for k in range(targets.shape[1])
            for wanted in [targets[:, k] > 0.5]
            if wanted.any() and not wanted.all()
        ]
        return float(np.mean(shares)) if shares else 0.0
    y = targets.argmax(axis=1)
    right = margins.argmax(axis=1) == y
    return float(np.mean([right[y == k].mean() for k in np.unique(y)]))


def _calibrated(decision: Decision, margins: Floats, targets: NDArray[np.float32]) -> Decision:
    """Return it with the scale under which the margins of recordings it had not seen are least surprised."""

    def surprise(scale: float) -> float:
        scores = np.clip(scores_of(margins * scale, multi_label=decision.multi_label), 1e-9, 1 - 1e-9)
        wanted = targets > 0.5
        if decision.multi_label:
            return float(-np.where(wanted, np.log(scores), np.log1p(-scores)).mean())
        return float(-np.log(scores[wanted]).mean())

    scales = np.geomspace(0.02, 20.0, 61)
    return dataclasses.replace(decision, scale=float(min(scales, key=surprise)))

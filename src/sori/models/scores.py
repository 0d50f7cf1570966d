"""How good answers are: accuracy, precision, recall and F of each label, with intervals by resampling groups.

Recordings of one group (a speaker, an artist) are right or wrong together, so whole groups are drawn with
replacement: intervals over single recordings would be far too narrow.

Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993 (percentile intervals).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["average_precision", "figures", "roc_auc"]

_DRAWS, _FEWEST_DRAWS = 2000, 200
_LEVEL = 0.95
_MOST_NUMBERS = 20_000_000  # of all draws together: fewer draws of very many groups
_AT_ONCE = 2_000_000

Floats = NDArray[np.float64]


def figures(
    truth: NDArray[Any],
    scores: NDArray[Any],
    groups: NDArray[Any],
    labels: tuple[str, ...],
    *,
    multi_label: bool,
    seed: int = 0,
) -> dict[str, Any]:
    """Return the figures of answers, as plain data.

    Parameters
    ----------
    truth, scores
        (n, labels): 1 where a label is meant, and what the model says of it.
    groups
        (n,): what was heard together.
    labels
        Their names.
    multi_label
        Whether labels are independent: then each with a score above a half is given, and accuracy is the
        share of labels, present or not, that are right.
    seed
        For the resampling.

    Returns
    -------
    dict
        ``accuracy``, ``macro_f`` (the mean over labels that occur) and ``labels``, each with ``precision``,
        ``recall``, ``f``; every one with an interval beside it, ``*_interval``, and ``None`` where it is
        not defined. ``chance`` is the accuracy of always saying the most frequent. For one label
        ``confusion`` (truth by row), for several ``mean_average_precision`` and ``mean_roc_auc``.
    """
    n = len(truth)
    wanted = truth > 0.5
    given = scores > 0.5 if multi_label else np.eye(len(labels), dtype=bool)[scores.argmax(axis=1)]
    _, number = np.unique(groups, return_inverse=True)
    right = np.asarray(
        (wanted == given).mean(axis=1) if multi_label else (wanted & given).any(axis=1), np.float64
    )
    hit, said, meant = wanted & given, given, wanted
    # Of each group: how many recordings, how many right, and of each label hits, given, meant.
    parts = np.concatenate([np.ones((n, 1)), right[:, None], hit, said, meant], axis=1)
    totals = np.zeros((number.max() + 1, parts.shape[1]))
    np.add.at(totals, number, parts)
    now = _rates(totals.sum(axis=0)[None], len(labels))
    drawn = _resampled(totals, len(labels), seed)
    share = np.asarray(wanted.mean(axis=0))
    chance = np.maximum(share, 1 - share).mean() if multi_label else share.max()
    found: dict[str, Any] = {
        "recordings": n,
        "groups": len(totals),
        **_with_interval("accuracy", now["accuracy"], drawn["accuracy"]),
        **_with_interval("macro_f", now["macro_f"], drawn["macro_f"]),
        "chance": _plain(chance),
        "labels": [
            {
                "label": label,
                "recordings": int(wanted[:, k].sum()),
                **{
                    key: value
                    for name in ("precision", "recall", "f")
                    for key, value in _with_interval(name, now[name][:, k], drawn[name][:, k]).items()
                },
            }
            for k, label in enumerate(labels)
        ],
    }
    if multi_label:
        found["mean_average_precision"] = _mean(
            average_precision(wanted[:, k], scores[:, k]) for k in range(len(labels))
        )
        found["mean_roc_auc"] = _mean(roc_auc(wanted[:, k], scores[:, k]) for k in range(len(labels)))
    else:
        confusion = np.zeros((len(labels), len(labels)), int)
        np.add.at(confusion, (wanted.argmax(axis=1), given.argmax(axis=1)), 1)
        found["confusion"] = confusion.tolist()
    return found


def average_precision(wanted: NDArray[np.bool_], scores: NDArray[Any]) -> float | None:
    """Return the mean precision at each recording that is meant, ties taken together; ``None`` without any.

    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]))
    0.8333333333333333
    """
    if not wanted.any():
        return None
    values, inverse = np.unique(-scores, return_inverse=True)
    count = np.bincount(inverse, minlength=len(values)).cumsum()
    hits = np.bincount(inverse, weights=wanted, minlength=len(values))
    return float((hits * hits.cumsum() / count).sum() / wanted.sum())


def roc_auc(wanted: NDArray[np.bool_], scores: NDArray[Any]) -> float | None:
    """Return how often what is meant scores above what is not, ties half; ``None`` for one kind only.

    >>> roc_auc(np.array([True, False, True]), np.array([0.9, 0.8, 0.7]))
    0.5
    """
    positive, negative = int(wanted.sum()), int((~wanted).sum())
    if not positive or not negative:
        return None
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (counts.cumsum() - (counts - 1) / 2)[inverse]
    return float((ranks[wanted].sum() - positive * (positive + 1) / 2) / (positive * negative))


def _rates(totals: Floats, labels: int) -> dict[str, Floats]:
    """Return the rates of sums (draws, 2 + 3 labels); NaN where nothing was meant or given."""
    count, right = totals[:, 0], totals[:, 1]
    hit, said, meant = (totals[:, 2 + k * labels : 2 + (k + 1) * labels] for k in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        f = np.where(meant > 0, 2 * hit / (said + meant), np.nan)
        occurs = (meant > 0).sum(axis=1)
        return {
            "accuracy": right / count,
            "precision": hit / said,
            "recall": hit / meant,
            "f": f,
            "macro_f": np.nansum(f, axis=1) / occurs,
        }


def _resampled(totals: Floats, labels: int, seed: int) -> dict[str, Floats]:
    """Return the rates of draws of groups, with replacement."""
    rng = np.random.default_rng(seed)
    groups = len(totals)
    draws = min(_DRAWS, max(_FEWEST_DRAWS, _MOST_NUMBERS // groups))
    step = max(1, _AT_ONCE // groups)
    sums = [
        rng.multinomial(groups, np.full(groups, 1 / groups), size=min(step, draws - begin)) @ totals
        for begin in range(0, draws, step)
    ]
    return _rates(np.concatenate(sums), labels)


def _with_interval(name: str, value: Floats, drawn: Floats) -> dict[str, Any]:
    known = drawn[np.isfinite(drawn)]
    tail = (1 - _LEVEL) / 2
    interval = [_plain(edge) for edge in np.quantile(known, [tail, 1 - tail])] if len(known) else None
    number = float(value[0])
    return {name: _plain(number), f"{name}_interval": interval if np.isfinite(number) else None}


def _mean(values: Any) -> float | None:
    known = [value for value in values if value is not None]
    return _plain(np.mean(known)) if known else None


def _plain(value: Any) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None

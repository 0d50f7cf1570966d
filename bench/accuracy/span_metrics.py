"""Scores of what has a beginning and an end: chords and sections, by mir_eval's definitions."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import mir_eval
import numpy as np

from bench.accuracy.metrics import Metric, Record

Span = Sequence[Any]  # start, end, label

CHORDS = {
    "chords, root": "root",
    "chords, major/minor": "majmin",
    "chords, major/minor with inversions": "majmin_inv",
    "chords, sevenths": "sevenths",
    "chords, mean segmentation": "seg",
}
FREE_CHORDS = {
    "chords not tied to beats, major/minor": "majmin",
    "chords not tied to beats, sevenths": "sevenths",
}


def chord_metrics() -> dict[str, Metric]:
    """Return the weighted chord symbol recalls, and how well the changes are placed."""
    tied = {name: _chord_metric(kind, "chords") for name, kind in CHORDS.items()}
    return tied | {name: _chord_metric(kind, "free_chords") for name, kind in FREE_CHORDS.items()}


def _chord_metric(kind: str, answered: str) -> Metric:
    def score(truth: Record, answer: Record) -> float | None:
        if not truth.get("chords") or answer.get(answered) is None:
            return None
        key = id(truth), id(answer), answered
        if key not in _KEPT:
            _KEPT[key] = truth, answer, _chord_scores(truth["chords"], answer[answered])
        return _KEPT[key][2][kind]

    return score


# One comparison gives all scores. Truth and answer are kept with them, so that an id stays theirs.
_KEPT: dict[tuple[int, int, str], tuple[Record, Record, dict[str, float | None]]] = {}


def _chord_scores(truth: Sequence[Span], answer: Sequence[Span]) -> dict[str, float | None]:
    reference, labels = _spans(truth)
    estimate, heard = _spans(answer)
    begin, end = float(reference.min()), float(reference.max())
    nothing = mir_eval.chord.NO_CHORD
    if len(estimate):
        estimate, heard = mir_eval.util.adjust_intervals(estimate, heard, begin, end, nothing, nothing)
    else:
        estimate, heard = np.array([[begin, end]]), [nothing]
    spans, one, other = mir_eval.util.merge_labeled_intervals(reference, labels, estimate, heard)
    weights = mir_eval.util.intervals_to_durations(spans)
    found: dict[str, float | None] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a song without a chord of the kind has no score
        for kind in set(CHORDS.values()) - {"seg"}:
            comparisons = getattr(mir_eval.chord, kind)(one, other)
            known = bool(np.any(comparisons >= 0))
            found[kind] = float(mir_eval.chord.weighted_accuracy(comparisons, weights)) if known else None
        merged, merged_heard = (
            _lasting(mir_eval.chord.merge_chord_intervals(*pair))
            for pair in ((reference, labels), (estimate, heard))
        )
        found["seg"] = float(mir_eval.chord.seg(merged, merged_heard))
    return found


def _lasting(spans: np.ndarray) -> np.ndarray:
    """Leave out what cutting to the truth's ends has left without a length."""
    return spans[spans[:, 1] - spans[:, 0] > 1e-6]


def boundaries(window_s: float) -> Metric:
    """Return the F-measure of section boundaries within a window, the first and the last left out."""

    def score(truth: Record, answer: Record) -> float | None:
        if not truth.get("sections") or answer.get("sections") is None or len(truth["sections"]) < 2:
            return None
        reference, estimate = _spans(truth["sections"])[0], _spans(answer["sections"])[0]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an answer of one section is a score of 0, not worth a warning
            return float(mir_eval.segment.detection(reference, estimate, window=window_s, trim=True)[2])

    return score


def pairwise(truth: Record, answer: Record) -> float | None:
    """F-measure of which moments lie in sections of one label."""
    if not truth.get("sections") or answer.get("sections") is None:
        return None
    if not answer["sections"]:
        return 0.0
    reference, labels = _spans(truth["sections"])
    estimate, heard = _spans(answer["sections"])
    begin, end = float(reference.min()), float(reference.max())
    reference, estimate = reference - begin, estimate - begin
    estimate, heard = mir_eval.util.adjust_intervals(estimate, heard, 0.0, end - begin)
    lasting = estimate[:, 1] - estimate[:, 0] > 1e-6  # what was cut off at the end has no length
    estimate, heard = estimate[lasting], [h for h, lasts in zip(heard, lasting, strict=True) if lasts]
    return float(mir_eval.segment.pairwise(reference, labels, estimate, heard)[2])


def _spans(rows: Sequence[Span]) -> tuple[np.ndarray, list[str]]:
    kept = [(float(start), float(end), str(label)) for start, end, label in rows if end - start > 1e-4]
    starts = np.array([[start, end] for start, end, _ in kept]).reshape(-1, 2)
    starts[:-1, 1] = starts[1:, 0]  # what is rounded leaves gaps of a tenth of a millisecond
    return starts, [label for *_, label in kept]

"""Scores of one answer against the truth, and means over songs with their uncertainty."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import mir_eval
import numpy as np

Record = dict[str, Any]
Metric = Callable[[Record, Record], float | None]


class Mean(NamedTuple):
    """A mean over songs, and the interval that holds 95 % of the means of resampled songs."""

    value: float
    low: float
    high: float
    count: int


def beat_f(truth: Record, answer: Record) -> float | None:
    """F-measure of beats within 70 ms, the first five seconds left out (mir_eval's definition)."""
    if not truth.get("has_pulse", True):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an answer without beats is a score of 0, not worth a warning
        reference = mir_eval.beat.trim_beats(np.array(truth["beats_s"]))
        estimate = mir_eval.beat.trim_beats(np.array(answer["beats_s"], dtype=np.float64))
        return float(mir_eval.beat.f_measure(reference, estimate))


def downbeat_f(truth: Record, answer: Record) -> float | None:
    """F-measure of the beats that begin bars, as `beat_f`; None where a program does not say."""
    if not truth.get("downbeats_s") or answer.get("downbeats_s") is None:
        return None
    return beat_f(
        {**truth, "beats_s": truth["downbeats_s"]}, {"beats_s": answer["downbeats_s"]}
    )  # fmt: skip


def metre_right(truth: Record, answer: Record) -> float | None:
    """1 when the beats to the bar are right; None where a program does not say."""
    beats = truth.get("metre", truth.get("beats_per_bar"))
    if beats is None or not truth.get("has_pulse", True) or "beats_per_bar" not in answer:
        return None
    return float(answer["beats_per_bar"] == beats)


def tempo_right(truth: Record, answer: Record, factors: Sequence[float] = (1.0,)) -> float | None:
    """1 when the tempo is within 4 % of the truth (Acc1), or of it times one of the factors."""
    if truth["tempo_bpm"] is None or not truth.get("has_pulse", True):
        return None
    heard = answer["tempo_bpm"] or 0.0
    return float(any(abs(heard - f * truth["tempo_bpm"]) <= 0.04 * f * truth["tempo_bpm"] for f in factors))


def tempo_right_or_octave(truth: Record, answer: Record) -> float | None:
    """Acc2: a factor of 2 or 3 either way counts too."""
    return tempo_right(truth, answer, (1.0, 2.0, 3.0, 1 / 2, 1 / 3))


def key_weighted(truth: Record, answer: Record) -> float | None:
    """MIREX's key score: 1 right, 0.5 a fifth off, 0.3 relative, 0.2 parallel (mir_eval's definition)."""
    if truth["key"] is None:
        return None
    if answer["key"] is None:
        return 0.0
    return float(mir_eval.key.weighted_score(_spelt(truth["key"]), _spelt(answer["key"])))


def key_right(truth: Record, answer: Record) -> float | None:
    """1 when tonic and mode are right."""
    score = key_weighted(truth, answer)
    return None if score is None else float(score == 1.0)


def tuning_error_cents(truth: Record, answer: Record) -> float | None:
    """How far concert pitch is off, cents; a wrong semitone counts as no error in tuning."""
    if answer["tuning_hz"] is None:
        return None
    cents = 1200 * np.log2(answer["tuning_hz"] / truth["tuning_hz"])
    return float(abs((cents + 50) % 100 - 50))


def repeated_part(truth: Record, answer: Record) -> float | None:
    """How much of what we call most repeated lies in the section that is, of the most possible."""
    return _inside(truth, answer, "most_repeated", "most_repeated_section")


def loudest_part(truth: Record, answer: Record) -> float | None:
    """How much of what we call loudest lies in the section that is, of the most possible."""
    return _inside(truth, answer, "loudest", "loudest_section")


def _inside(truth: Record, answer: Record, ours: str, theirs: str) -> float | None:
    if theirs not in truth or "highlight" not in answer:
        return None
    chosen = answer["highlight"][ours]
    length = chosen["end_s"] - chosen["start_s"]
    spans = [(a, b) for a, b, label in truth["sections"] if label == truth[theirs]]

    def covered(start: float) -> float:
        return sum(max(0.0, min(start + length, b) - max(start, a)) for a, b in spans)

    # The best window starts where a section does, or ends where one ends.
    best = max(covered(max(0.0, edge)) for a, b in spans for edge in (a, b - length))
    return covered(chosen["start_s"]) / best


def _spelt(key: Record) -> str:
    return f"{key['tonic']} {key['mode']}"


def mean(values: Sequence[float | None]) -> Mean | None:
    """Return the mean of the values there are, with a bootstrap interval; None where there are none."""
    known = np.array([value for value in values if value is not None])
    if not len(known):
        return None
    drawn = np.random.default_rng(0).integers(len(known), size=(2000, len(known)))
    low, high = np.quantile(known[drawn].mean(axis=1), (0.025, 0.975))
    return Mean(float(known.mean()), float(low), float(high), len(known))

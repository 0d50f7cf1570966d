"""How well pitch was heard, as ``mir_eval.melody`` defines it, and what confidence is worth."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.errors import ParameterError
from sori.events import Pitch

__all__ = ["TOLERANCES_CENTS", "PitchScores", "mean_scores", "pitch_scores"]

Floats = NDArray[np.float64]

TOLERANCES_CENTS = (50.0, 25.0, 10.0)
_FALSE_ALARM = 0.1  # at which the recall of confidence is told


@dataclasses.dataclass(frozen=True)
class PitchScores:
    """Shares, 0 to 1; the first two for each of `TOLERANCES_CENTS`.

    ``pitch``: of voiced moments those whose pitch is right (raw pitch accuracy). ``pitch_class``: the same
    where octaves do not matter. ``voicing_recall``, ``false_alarm``: of voiced and of other moments those
    called voiced. ``overall``: of all moments those where voicing, and where voiced pitch too, is right.
    ``recall_at_tenth``: the voicing recall where the threshold of confidence lets false alarms be a tenth
    (SPICE's VRR). What there is nothing to count for is ``None``.
    """

    pitch: tuple[float, ...]
    pitch_class: tuple[float, ...]
    voicing_recall: float
    false_alarm: float | None
    overall: float
    recall_at_tenth: float | None


def pitch_scores(times_s: ArrayLike, hz: ArrayLike, found: Pitch) -> PitchScores | None:
    """Return how well a pitch meets the truth, 0 Hz where nothing is voiced; ``None`` if nothing is at all.

    Raises
    ------
    ParameterError
        Times and frequencies are not as many, or times do not increase.
    """
    times, truth = np.asarray(times_s, np.float64), np.asarray(hz, np.float64)
    if times.ndim != 1 or times.shape != truth.shape or not len(times) or (np.diff(times) <= 0).any():
        raise ParameterError(f"got {times.shape} times and {truth.shape} Hz; want as many, times increasing")
    voiced = truth > 0
    if not voiced.any():
        return None
    cents, said, confidence = _at(times, found)
    both = voiced & (cents != 0)
    apart = np.abs(cents - _cents(truth))
    folded = np.abs(apart - 1200 * np.floor(apart / 1200 + 0.5))
    count, rest = voiced.sum(), (~voiced).sum()
    right = both & (apart < TOLERANCES_CENTS[0])
    return PitchScores(
        tuple(float((both & (apart < limit)).sum() / count) for limit in TOLERANCES_CENTS),
        tuple(float((both & (folded < limit)).sum() / count) for limit in TOLERANCES_CENTS),
        float((voiced & said).sum() / count),
        float((~voiced & said).sum() / rest) if rest else None,
        float(((right & said).sum() + (~voiced & ~said).sum()) / len(times)),
        _recall(confidence, voiced) if rest else None,
    )


def mean_scores(scores: list[PitchScores]) -> PitchScores:
    """Return the mean over recordings, each counting the same, as is usual."""
    if not scores:
        raise ParameterError("there are no scores to take the mean of")
    return PitchScores(
        _mean_of_each([score.pitch for score in scores]),
        _mean_of_each([score.pitch_class for score in scores]),
        float(np.mean([score.voicing_recall for score in scores])),
        _mean_of_some([score.false_alarm for score in scores]),
        float(np.mean([score.overall for score in scores])),
        _mean_of_some([score.recall_at_tenth for score in scores]),
    )


def _mean_of_each(rows: list[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(np.mean(rows, axis=0).tolist())


def _mean_of_some(values: list[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return float(np.mean(there)) if there else None


def _at(times: Floats, found: Pitch) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Return cents, voicing and confidence at times: pitch by a line, voicing of the moment before."""
    own, cents = np.asarray(found.times_s, np.float64), _cents(np.asarray(found.hz, np.float64))
    said, confidence = np.asarray(found.voiced, bool), np.asarray(found.confidence, np.float64)
    if not len(own):
        return np.zeros(len(times)), np.zeros(len(times), bool), np.zeros(len(times))
    held = cents[np.maximum.accumulate(np.where(cents != 0, np.arange(len(cents)), 0))]
    before = np.clip(np.searchsorted(np.round(own, 10), np.round(times, 10), side="right") - 1, 0, None)
    there = (times <= own[-1] + 1e-9) & (cents[before] != 0)
    return (
        np.where(there, np.interp(times, own, held), 0.0),
        said[before] & there,
        np.interp(times, own, confidence) * (times <= own[-1] + 1e-9),
    )


def _cents(hz: Floats) -> Floats:
    return np.where(hz > 0, 1200 * np.log2(np.where(hz > 0, hz, 10.0) / 10.0), 0.0)


def _recall(confidence: Floats, voiced: NDArray[np.bool_]) -> float:
    """Return the share of voiced moments that are surer than nine tenths of the others."""
    return float(np.mean(confidence[voiced] > np.quantile(confidence[~voiced], 1 - _FALSE_ALARM)))

"""How well pitch is heard in recordings whose pitch is known, clean and in noise."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.pitch import METHODS, pitch
from sori.analysis.melody.pitch_scores import TOLERANCES_CENTS, PitchScores, mean_scores, pitch_scores
from sori.audio import load
from sori.errors import DataError, DecodeError
from sori.models.pitch.truth import read_pitch, recordings_with_pitch
from sori.signal.noise import pink_noise, white_noise

__all__ = ["CONDITIONS_DB", "evaluate_pitch"]

CONDITIONS_DB = (None, 20.0, 10.0, 0.0)
"""Noise below the voiced part, white and pink by turns; ``None`` is the recording itself."""


def evaluate_pitch(
    folder: str,
    *,
    network: str | None = None,
    report: Callable[[str], None] = lambda said: None,
) -> dict[str, Any]:
    """Return the scores of every method on a folder of audio with pitch beside it.

    Parameters
    ----------
    folder
        See `sori.models.pitch.truth`.
    network
        A network from ``sori train pitch`` for the method that learned, instead of the shipped one.

    Raises
    ------
    ParameterError, DataError
        There is nothing to compare with, or none of it can be read.
    """
    found = recordings_with_pitch(folder)
    scores: dict[tuple[str, float | None], list[PitchScores]] = {}
    seconds = dict.fromkeys(METHODS, 0.0)
    heard_s, failures = 0.0, []
    for number, (audio, truth) in enumerate(found):
        try:
            times, hz = read_pitch(truth)
            samples, rate = load(str(audio))
        except (DataError, DecodeError) as why:
            failures.append({"path": str(audio), "reason": str(why)})
            continue
        mono = _voice(samples, truth)
        rng = np.random.default_rng([7, number])
        for condition in CONDITIONS_DB:
            spoilt = mono if condition is None else _in_noise(mono, rate, times, hz, condition, number, rng)
            for method in METHODS:
                start = time.process_time()
                own = network if method == "learned" else None
                answer = pitch(spoilt, sample_rate=rate, method=method, network=own)
                seconds[method] += time.process_time() - start
                score = pitch_scores(times, hz, answer)
                if score is not None:
                    scores.setdefault((method, condition), []).append(score)
            heard_s += len(mono) / rate
        if (number + 1) % max(1, len(found) // 10) == 0:
            report(f"heard {number + 1} of {len(found)} recordings")
    if not scores:
        raise DataError(
            f"nothing in {folder} can be compared: " + "; ".join(f["reason"] for f in failures[:3])
        )
    rows = [
        {
            "method": method,
            "noise_db": condition,
            "recordings": len(each),
            **dataclasses.asdict(mean_scores(each)),
        }
        for (method, condition), each in scores.items()
    ]
    return {
        "folder": folder,
        "tolerances_cents": TOLERANCES_CENTS,
        "results": sorted(
            rows, key=lambda row: (METHODS.index(str(row["method"])), -(row["noise_db"] or 99.0))
        ),
        "times_real_time": {
            method: round(heard_s / max(spent, 1e-9), 1) for method, spent in seconds.items()
        },
        "failures": failures,
    }


def _voice(samples: NDArray[np.float32], truth: Path) -> NDArray[np.float32]:
    """Return the voice of a recording, mono: MIR-1K has it on the right."""
    if samples.ndim == 1:
        return samples
    if truth.suffix == ".pv" and samples.shape[0] == 2:
        return np.asarray(samples[1], np.float32)
    return np.asarray(samples.mean(axis=0), np.float32)


def _in_noise(
    mono: NDArray[np.float32],
    rate: float,
    times: NDArray[np.float64],
    hz: NDArray[np.float64],
    below_db: float,
    number: int,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    at = np.minimum((times * rate).astype(int), len(mono) - 1)
    moments = np.interp(np.arange(len(mono)), at, hz > 0) > 0.5 if len(at) > 1 else np.ones(len(mono), bool)
    part = mono[moments] if moments.any() else mono
    colour = (white_noise, pink_noise)[number % 2]
    noise = np.asarray(colour(len(mono) / rate + 0.1, sample_rate=int(rate), rng=rng), np.float64)[
        : len(mono)
    ]
    wanted = np.sqrt(np.mean(part.astype(np.float64) ** 2)) * 10 ** (-below_db / 20)
    level = max(1e-12, float(np.sqrt(np.mean(noise**2))))
    return np.asarray(mono + wanted / level * noise, np.float32)

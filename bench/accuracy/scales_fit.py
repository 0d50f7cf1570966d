"""``python -m bench.accuracy.scales_fit``: weigh the evidence for a tonic.

A conditional logit over the notes of each piece, fitted to the halves to develop with: our synthesised pieces
in many tunings, and the renders of POP909 that `bench.accuracy` has made. Weights are printed; they go to
`sori.analysis.scale.tonic`.
"""

from __future__ import annotations

import json

import numpy as np
from scipy.optimize import minimize

from bench.accuracy.evaluate import held_out
from bench.accuracy.scales import piece
from bench.accuracy.scales_music import TUNINGS
from bench.collection import CACHE
from sori import audio
from sori.analysis.material import condense
from sori.analysis.scale.degrees import modes, standing_out
from sori.analysis.scale.drift import offset_at, tuning_drift
from sori.analysis.scale.histogram import cents_of
from sori.analysis.scale.sounding import sounding
from sori.analysis.scale.tonic import EVIDENCE, evidence
from sori.spectral.partials import Partials, partials
from sori.units import PITCH_CLASSES

SEEDS = 120
_NEAR = 30.0  # cents


def example(found: Partials, tonic_cents: float) -> tuple[np.ndarray, int] | None:
    """Return the evidence for each note of a recording and which is the tonic, if it is among them."""
    heard = sounding(found)
    cents = np.mod(cents_of(heard) - offset_at(tuning_drift(heard), heard.frame / heard.rate), 1200.0)
    used = standing_out(heard, cents, modes(cents, heard.weight))
    away = np.abs((used.cents - tonic_cents + 600) % 1200 - 600)
    if not len(away) or away.min() > _NEAR:
        return None
    return evidence(heard, cents, used), int(away.argmin())


def synthesised() -> list[tuple[np.ndarray, int]]:
    """Return examples from our own pieces."""
    found = []
    for tuning in TUNINGS:
        for seed in range(SEEDS):
            if not held_out(f"scales-{tuning}-{seed}"):
                truth, heard = piece(seed, tuning)
                found.append(example(heard, 1200 * np.log2(truth.tonic_hz / 440) + 900))
    return [one for one in found if one is not None]


def rendered(*, held: bool) -> list[tuple[np.ndarray, int]]:
    """Return examples from POP909, as far as it has been rendered; scores whose key is known."""
    found = []
    for path in sorted((CACHE / "accuracy" / "renders").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if held_out(truth["song"]) != held or not truth["key"]:
            continue
        tonic = 100 * PITCH_CLASSES.index(truth["key"]["tonic"]) + 1200 * np.log2(truth["tuning_hz"] / 440)
        heard = partials(condense(audio.blocks(path.with_suffix(".flac"))).peaks)
        found.append(example(heard, float(tonic)))
    return [one for one in found if one is not None]


def fit(sets: list[list[tuple[np.ndarray, int]]]) -> np.ndarray:
    """Return the weights; each set counts as much as the others."""

    def loss(weights: np.ndarray) -> float:
        total = 0.05 * float((weights**2).sum())
        for examples in sets:
            scores = [table @ weights for table, _ in examples]
            terms = [
                np.logaddexp.reduce(score) - score[at]
                for score, (_, at) in zip(scores, examples, strict=True)
            ]
            total += 100 * float(np.mean(terms))
        return total

    return np.asarray(minimize(loss, np.ones(len(EVIDENCE))).x)


def right(examples: list[tuple[np.ndarray, int]], weights: np.ndarray) -> float:
    """Return how often the highest score is the tonic's."""
    return float(np.mean([int((table @ weights).argmax()) == at for table, at in examples]))


def main() -> None:
    """Fit and print."""
    sets = [synthesised(), rendered(held=False)]
    weights = fit([examples for examples in sets if examples])
    for name, weight in zip(EVIDENCE, weights, strict=True):
        print(f"{weight:6.2f}  {name}")
    for name, examples in zip(("synthesised", "POP909"), sets, strict=True):
        if examples:
            print(f"{name}: {len(examples)} to develop with, tonic right {right(examples, weights):.3f}")
    if songs := rendered(held=True):
        print(f"POP909: {len(songs)} held out, tonic right {right(songs, weights):.3f}")


if __name__ == "__main__":
    main()

"""``python -m bench.training.beats_metre``: fit the weights of `sori.analysis.rhythm.metre` and print them.

Logistic regression of whether a true beat starts a bar, on development pieces: what `corpus` composed and
rendered, demo songs, POP909's development renders; kinds count alike. Cross-validation by file says what
to expect of bar lines when the beats are right.
"""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from bench.training import beats_rendered, corpus
from bench.training.beats_evaluate import DEVELOPMENT, demos, f_measure, listening, renders
from sori.analysis.listening import Listening
from sori.analysis.rhythm.metre import COUNTS, downbeat_parts, metre, metre_belief
from sori.events import Beats

COMPOSED = 80
RIDGE = 1e-4
CLASSICAL = 0.35  # of the weights are those of a model that does not hear the network


class Example(NamedTuple):
    """One file: what is known of each true beat, and which start bars."""

    kind: str
    parts: np.ndarray  # (beats, parts)
    beats_s: np.ndarray
    bars_s: np.ndarray
    starts: np.ndarray


def example(kind: str, heard: Listening, beats_s: np.ndarray, bars_s: np.ndarray) -> Example | None:
    """Listen to a file at its true beats; None where there are few."""
    end = heard.material.duration_s - 0.2
    beats_s, bars_s = beats_s[beats_s < end], bars_s[bars_s < end]
    if len(beats_s) < 16 or len(bars_s) < 4:
        return None
    parts = downbeat_parts(
        beats_s,
        heard.onset_curves,
        pitch_classes=heard.chroma,
        bass_classes=heard.bass_chroma,
        rate=heard.material.peaks.rate,
        heard=heard.activation,
    ).T
    starts = np.abs(beats_s[:, None] - bars_s[None]).min(axis=1) < 0.02
    return Example(kind, parts, beats_s, bars_s, starts)


def examples() -> list[Example]:
    """Return all development files."""
    found = []
    for job in [job for job in beats_rendered.wanted().values() if not job.song][:COMPOSED]:
        about = corpus.make(job)
        truth = json.loads(about.read_text(encoding="utf-8"))
        heard = Listening(corpus.load_material(about.with_suffix(".npz")))
        found.append(example("composed", heard, np.array(truth["beats_s"]), np.array(truth["downbeats_s"])))
    for kind, items in (("demo", demos()), ("POP909", renders(held=False, most=DEVELOPMENT))):
        found += [example(kind, listening(item.path), item.beats_s, item.downbeats_s) for item in items]
    return [one for one in found if one is not None]


def fit(found: list[Example]) -> np.ndarray:
    """Return the weights of the parts."""
    count = {one.kind: 0 for one in found}
    for one in found:
        count[one.kind] += len(one.starts)
    parts = np.concatenate([one.parts for one in found])
    starts = np.concatenate([one.starts for one in found]).astype(float)
    share = np.concatenate([np.full(len(one.starts), 1 / count[one.kind] / len(count)) for one in found])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = parts @ weights
        value = np.sum(share * (np.logaddexp(0, odds) - starts * odds)) + RIDGE * weights @ weights
        slope = parts.T @ (share * (1 / (1 + np.exp(-odds)) - starts)) + 2 * RIDGE * weights
        return float(value), slope

    return np.asarray(minimize(loss, np.zeros(parts.shape[1]), jac=True).x)


def metre_of(one: Example) -> int:
    """Return how many beats most bars have."""
    return int(np.bincount(np.diff(np.flatnonzero(one.starts))).argmax())


def certainty(found: list[Example], weights: np.ndarray) -> tuple[float, float, float]:
    """Return by how much to believe the bars of a piece: what makes its true metre most likely.

    And, with that, how often the likeliest is true, and how likely it is thought to be.
    """
    known = [(one, metre_of(one)) for one in found if metre_of(one) in COUNTS]
    count = {one.kind: sum(other.kind == one.kind for other, _ in known) for one, _ in known}

    def beliefs(certain: float) -> np.ndarray:
        return np.array([metre_belief(one.parts @ weights, certain=certain) for one, _ in known])

    true = np.array([COUNTS.index(beats) for _, beats in known])
    share = np.array([1 / count[one.kind] / len(count) for one, _ in known])
    grid = np.geomspace(0.3, 10, 36)
    loss = [-share @ np.log(beliefs(c)[np.arange(len(true)), true] + 1e-9) for c in grid]
    best = float(grid[int(np.argmin(loss))])
    shown = beliefs(best)
    return best, float(share @ (shown.argmax(axis=1) == true)), float(share @ shown.max(axis=1))


def main() -> None:
    """Fit, cross-validate, print."""
    found = examples()
    fold = np.random.default_rng(0).integers(0, 4, len(found))
    scores: dict[str, list[float]] = {}
    for number in range(4):
        weights = fit([one for one, of in zip(found, fold, strict=True) if of != number])
        for one, of in zip(found, fold, strict=True):
            if of == number:
                heard = metre(Beats(tuple(one.beats_s.tolist())), one.parts @ weights)
                scores.setdefault(one.kind, []).append(f_measure(one.bars_s, heard.downbeats_s))
    for kind, values in scores.items():
        print(f"{kind}: {len(values)} files, bar lines on true beats F {np.mean(values):.3f}")
    without = fit([one._replace(parts=one.parts[:, :6]) for one in found])
    mixed = (1 - CLASSICAL) * fit(found) + CLASSICAL * np.concatenate([without, [0.0, 0.0]])
    print("_WEIGHTS =", tuple(np.round(mixed, 2).tolist()))
    print("_WEIGHTS_WITHOUT =", tuple(np.round(without, 2).tolist()))
    best, right, sure = certainty(found, mixed)
    print(f"_CERTAIN = {best:.1f}  # likeliest metre right {right:.2f}, thought {sure:.2f} likely")


if __name__ == "__main__":
    main()

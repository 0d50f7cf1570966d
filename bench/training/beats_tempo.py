"""``python -m bench.training.beats_tempo``: fit the weights of `sori.analysis.rhythm.tempo` and print them.

Excerpts of half a minute of the pieces that validated the network, spoilt (`beats_pieces.excerpt`). Among
the true tempo and its simple multiples, the weights maximise the probability of the true one (conditional
logit, with a ridge). Cross-validation by tune says what to expect.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from bench.training.beats import FOLDER
from bench.training.beats_pieces import COMPRESSION, RATE, excerpt, read, validates
from sori.analysis.rhythm import tempo as tempi
from sori.analysis.rhythm.activation import activation
from sori.analysis.rhythm.onsets import onset_curves

RATIOS = np.array([1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4])
FRAMES = 1500


class Example(NamedTuple):
    """One excerpt: what speaks for each candidate tempo, what was believed before, and which is true."""

    tune: str
    kind: str
    evidence: np.ndarray
    prior: np.ndarray
    true: int


def examples(draws: int) -> list[Example]:
    """Return excerpts of steady tempo."""
    pieces = [piece for piece in read(FOLDER / "pieces") if validates(piece.tune)]
    found = []
    for number, piece in enumerate(pieces):
        for draw in range(draws):
            rng = np.random.default_rng([5, number, draw])
            levels, target, _ = excerpt(piece, FRAMES, rng, pieces)
            steps = np.diff(np.flatnonzero(target[:, 0] == 1.0))
            if len(steps) < 12 or np.ptp(np.quantile(steps, [0.1, 0.9])) > 0.15 * np.median(steps):
                continue
            bpm = 60 * RATE / float(np.mean(steps[np.abs(steps / np.median(steps) - 1) < 0.2]))
            mel = np.expm1(levels) / np.float32(COMPRESSION)
            pulse = tempi.pulse(onset_curves(mel, 1.0), activation(mel, 1.0).beat)
            candidates = bpm * RATIOS
            inside = (candidates > 35) & (candidates < 260)
            candidates = candidates[inside]
            true = int(inside[: list(RATIOS).index(1)].sum())
            found.append(
                Example(
                    piece.tune,
                    piece.name.split("-")[0],
                    tempi.evidence(pulse, candidates),
                    tempi.prior(pulse, candidates),
                    true,
                )
            )
    return found


def fit(songs: list[Example], ridge: float) -> np.ndarray:
    """Return the weights that make the true tempos most probable."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = ridge * float(weights @ weights), 2 * ridge * weights
        for song in songs:
            score = song.evidence @ weights + song.prior
            belief = np.exp(score - score.max())
            belief /= belief.sum()
            value -= np.log(belief[song.true] + 1e-12) / len(songs)
            slope = slope + (belief @ song.evidence - song.evidence[song.true]) / len(songs)
        return value, slope

    return np.asarray(minimize(loss, np.zeros(songs[0].evidence.shape[1]), jac=True).x)


def right(song: Example, weights: np.ndarray) -> bool:
    """Whether the true tempo is chosen."""
    return int(np.argmax(song.evidence @ weights + song.prior)) == song.true


def main() -> None:
    """Fit, cross-validate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4)
    found = examples(parser.parse_args().draws)
    names = sorted({song.tune for song in found})
    np.random.default_rng(0).shuffle(names)
    for ridge in (0.001, 0.004, 0.016):
        score: dict[str, list[bool]] = {}
        for fold in np.array_split(names, 5):
            weights = fit([song for song in found if song.tune not in fold], ridge)
            for song in found:
                if song.tune in fold:
                    score.setdefault(song.kind, []).append(right(song, weights))
        print(ridge, {kind: (len(hits), round(float(np.mean(hits)), 3)) for kind, hits in score.items()})
        print("_WEIGHTS =", tuple(np.round(fit(found, ridge), 2).tolist()))


if __name__ == "__main__":
    main()

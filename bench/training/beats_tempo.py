"""``python -m bench.training.beats_tempo``: fit the weights of `sori.analysis.rhythm.tempo` and print them.

Excerpts of half a minute of the pieces the network learnt from, harmed, faster and slower
(`beats_pieces.excerpt`), POP909's development renders and the demo library's songs. Among the tempos at which
the music repeats, the weights maximise the probability of the true one (conditional logit, with a ridge);
kinds of music count as `KINDS` says, however many pieces they have. Cross-validation by tune says what to
expect in such music; in other music less of the evidence is worth believing, by as much as leaving out kinds
shows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from bench.training.beats import all_pieces
from bench.training.beats_evaluate import DEVELOPMENT, demos, listening, renders
from bench.training.beats_pieces import COMPRESSION, RATE, excerpt
from sori.analysis.rhythm import tempo as tempi
from sori.analysis.rhythm.activation import activation
from sori.analysis.rhythm.onsets import onset_curves

FRAMES = 1500
SPEEDS = (1.12, 1.38)  # excerpts are faster or slower by at most
KINDS = {"summed": 2.0, "corpus": 1.2, "demo": 1.0, "pop": 0.6, "renders": 0.4}  # what they count
FAMILIES = (("summed",), ("corpus",), ("pop", "renders"), ("demo",))
SHARES = np.arange(0.3, 1.01, 0.05)
RIDGE = 0.0003
NEAR = 0.057  # octaves: 4 %


class Example(NamedTuple):
    """One excerpt: candidate tempos, what speaks for each and was believed before, the true one or -1."""

    tune: str
    kind: str
    levels: np.ndarray
    evidence: np.ndarray
    prior: np.ndarray
    true: int


def example(tune: str, kind: str, mel: np.ndarray, reference: float, bpm: float) -> Example | None:
    """Listen to music of a known tempo; None where nothing repeats."""
    found = tempi.pulse(onset_curves(mel, reference), activation(mel, reference))
    levels = tempi.candidates(found)
    if not len(levels):
        return None
    away = np.abs(np.log2(levels / bpm))
    true = int(away.argmin()) if away.min() < NEAR else -1
    return Example(tune, kind, levels, tempi.evidence(found, levels), tempi.prior(found, levels), true)


def examples() -> list[Example]:
    """Return excerpts of steady tempo of every piece, at two ranges of speed, and development songs."""
    pieces = all_pieces()
    found = []
    for number, piece in enumerate(pieces):
        for take, most in enumerate(SPEEDS):
            rng = np.random.default_rng([5 + take, number])
            levels, target, _ = excerpt(piece, FRAMES, rng, pieces, most=most)
            steps = np.diff(np.flatnonzero(target[:, 0] == 1.0))
            if len(steps) < 12 or np.ptp(np.quantile(steps, [0.1, 0.9])) > 0.15 * np.median(steps):
                continue
            bpm = 60 * RATE / float(np.mean(steps[np.abs(steps / np.median(steps) - 1) < 0.2]))
            mel = np.expm1(levels) / np.float32(COMPRESSION)
            found.append(example(piece.tune, piece.name.split("-")[0], mel, 1.0, bpm))
    for kind, items in (("renders", renders(held=False, most=DEVELOPMENT)), ("demo", demos())):
        for item in items:
            if item.steady:
                heard = listening(item.path)
                bpm = 60 / float(np.median(np.diff(item.beats_s)))
                tune = item.path.stem.split("-")[0] if kind == "renders" else item.path.stem
                found.append(example(tune, kind, heard.material.mel, heard.reference, bpm))
    return [one for one in found if one is not None]


def fit(songs: list[Example]) -> np.ndarray:
    """Return the weights that make the true tempos most probable."""
    known = [song for song in songs if song.true >= 0]
    count = {kind: sum(song.kind == kind for song in known) for kind in KINDS}
    total = sum(share for kind, share in KINDS.items() if count[kind])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for song in known:
            share = KINDS[song.kind] / count[song.kind] / total
            score = song.evidence @ weights + song.prior
            belief = np.exp(score - score.max())
            belief /= belief.sum()
            value -= share * np.log(belief[song.true] + 1e-12)
            slope = slope + share * (belief @ song.evidence - song.evidence[song.true])
        return value, slope

    return np.asarray(minimize(loss, np.zeros(songs[0].evidence.shape[1]), jac=True).x)


def right(song: Example, weights: np.ndarray) -> bool:
    """Whether the true tempo is chosen."""
    return int(np.argmax(song.evidence @ weights + song.prior)) == song.true


def believed(songs: list[Example]) -> float:
    """Return by how much to believe the evidence in music of a kind that it was not fitted to.

    Each family of kinds is left out in turn; what makes its true tempos most likely, all families alike.
    """
    left = []
    for family in FAMILIES:
        weights = fit([song for song in songs if song.kind not in family])
        left.append(([song for song in songs if song.kind in family and song.true >= 0], weights))

    def likely(share: float) -> float:
        total = 0.0
        for known, weights in left:
            scores = [share * (song.evidence @ weights) + song.prior for song in known]
            total += float(
                np.mean(
                    [
                        score[song.true] - np.logaddexp.reduce(score)
                        for song, score in zip(known, scores, strict=True)
                    ]
                )
            )
        return total

    return float(max(SHARES, key=likely))


def main() -> None:
    """Fit, cross-validate, print."""
    found = examples()
    tunes = sorted({song.tune for song in found})
    np.random.default_rng(0).shuffle(tunes)
    score: dict[str, list[bool]] = {}
    for fold in np.array_split(tunes, 4):
        inside = set(fold.tolist())
        weights = fit([song for song in found if song.tune not in inside])
        for song in found:
            if song.tune in inside:
                score.setdefault(song.kind, []).append(right(song, weights))
    for kind, hits in score.items():
        print(f"{kind}: {len(hits)} excerpts, true tempo chosen in {np.mean(hits):.3f} (cross-validated)")
    share = believed(found)
    print(f"of the evidence {share:.2f} is believed: what is best in kinds of music that were left out")
    print("_WEIGHTS =", tuple(np.round(share * fit(found), 2).tolist()))


if __name__ == "__main__":
    main()

"""``python -m bench.accuracy.fit_tempo``: fit the weights of `sori.analysis.rhythm.tempo` and print them.

Songs are POP909's development half, rendered with the training sound fonts, and demo songs of seeds that no
page of numbers uses. Among the true tempo and its simple multiples, the weights maximise the probability of
the true one (conditional logit); songs and demo songs count alike, and a ridge keeps the weights small.
Cross-validation by song says what to expect.
"""

from __future__ import annotations

import argparse
import pickle
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from bench.accuracy import pop909
from bench.accuracy.evaluate import with_truth
from bench.accuracy.render import Render, make
from bench.collection import CACHE
from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.analysis.rhythm import tempo as tempi
from sori.app.demo import write_library
from sori.audio import blocks

DEMO_SEEDS = (1, 2, 3, 4)
RENDER_SEED = 1
SONGS = 80
RATIOS = np.array([1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4])
RIDGE = 0.002


class Example(NamedTuple):
    """One song: what speaks for each candidate tempo, what was believed before, and which is true."""

    song: str
    kind: str
    evidence: np.ndarray
    prior: np.ndarray
    true: int


def example(song: str, kind: str, path: Path, bpm: float) -> Example:
    """Listen to a song with a known tempo."""
    found = Listening(condense(blocks(path))).pulse
    candidates = bpm * RATIOS
    inside = (candidates > 35) & (candidates < 260)
    candidates = candidates[inside]
    true = int(inside[: list(RATIOS).index(1)].sum())
    return Example(song, kind, tempi.evidence(found, candidates), tempi.prior(found, candidates), true)


def pop_example(song: str) -> Example | None:
    """Render a development song and listen to it; None where its tempo is not steady."""
    path, truth = make(Render(song, 0, RENDER_SEED))
    return None if truth["tempo_bpm"] is None else example(song, "pop", path, truth["tempo_bpm"])


def examples(workers: int) -> list[Example]:
    """Return all development songs, listened to once and kept."""
    kept = CACHE / "accuracy" / "tempo-examples-2.pkl"
    if kept.exists():
        return [Example(*parts) for parts in pickle.loads(kept.read_bytes())]
    songs = [song for song in pop909.songs() if not pop909.held_out(song)][:SONGS]
    with ProcessPoolExecutor(workers) as pool:
        found = [one for one in pool.map(pop_example, songs) if one is not None]
    for seed in DEMO_SEEDS:
        folder = CACHE / "accuracy" / f"demo-{seed}"
        write_library(folder, seed=seed, workers=workers)
        found += [
            example(f"{seed}-{item.tune}", "demo", item.path, item.truth["tempo_bpm"])
            for item in with_truth(folder, "demo")
            if item.truth["tempo_bpm"] is not None
        ]
    kept.write_bytes(pickle.dumps([tuple(one) for one in found]))
    return found


def fit(songs: list[Example]) -> np.ndarray:
    """Return the weights that make the true tempos most probable."""
    count = {kind: sum(song.kind == kind for song in songs) for kind in ("pop", "demo")}

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = RIDGE * float(weights @ weights), 2 * RIDGE * weights
        for song in songs:
            score = song.evidence @ weights + song.prior
            belief = np.exp(score - score.max())
            belief /= belief.sum()
            value -= np.log(belief[song.true]) / count[song.kind]
            slope = slope + (belief @ song.evidence - song.evidence[song.true]) / count[song.kind]
        return value, slope

    return np.asarray(minimize(loss, np.zeros(songs[0].evidence.shape[1]), jac=True).x)


def right(song: Example, weights: np.ndarray) -> bool:
    """Whether the true tempo is chosen."""
    return int(np.argmax(song.evidence @ weights + song.prior)) == song.true


def main() -> None:
    """Fit, cross-validate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    songs = examples(parser.parse_args().workers)
    names = sorted({song.song for song in songs})
    np.random.default_rng(0).shuffle(names)
    score: dict[str, list[bool]] = {"pop": [], "demo": []}
    for fold in np.array_split(names, 8):
        weights = fit([song for song in songs if song.song not in fold])
        for song in songs:
            if song.song in fold:
                score[song.kind].append(right(song, weights))
    for kind, found in score.items():
        print(
            f"{kind}: {len(found)} songs, true tempo chosen in {np.mean(found):.3f}, by other songs' weights"
        )
    weights = np.round(fit(songs), 2).tolist()
    print("_WEIGHTS_ALL =", tuple(weights[:10]))
    print("_WEIGHTS_BASS =", tuple(weights[10:]))


if __name__ == "__main__":
    main()

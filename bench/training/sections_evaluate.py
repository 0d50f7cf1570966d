"""``python -m bench.training.sections_evaluate``: how well sections are found, beside two simple ways.

One simple way cuts every eight bars, the other takes the peaks of Foote's novelty curve; both call every
section by a name of its own, or all by one, whichever scores better. ``--part`` chooses which songs:
"develop" (constants are chosen with these), "validate" or "held out".
"""

from __future__ import annotations

import argparse
import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import mir_eval
import numpy as np

from bench.training.sections_material import Song, Truth, songs
from sori.analysis.structure.likeness import bar_edges, likeness
from sori.analysis.structure.sections import sections

COLUMNS = (
    "hit rate 0.5 s", "hit rate 3 s", "pairwise F", "NCE F", "chorus", "count", "confidence error"
)  # fmt: skip
_KERNEL_BARS = 8
_BRIEF_S = 1.0
Answer = tuple[Truth, tuple[float, float] | None, list[float]]
Method = Callable[[dict[str, Any]], Answer]


def ours(given: dict[str, Any]) -> Answer:
    """Return what we say."""
    found = sections(**given)
    chorus = None if found.chorus is None else (found.chorus.start_s, found.chorus.end_s)
    return (
        [(s.start_s, s.end_s, s.label) for s in found.sections],
        chorus,
        [s.confidence for s in found.sections],
    )


def evenly(given: dict[str, Any]) -> Answer:
    """Cut every eight bars."""
    edges = bar_edges(given["beats_s"], given["downbeats_s"], given["duration_s"])
    return _alone([*edges[:-1:8], edges[-1]])


def novelty_peaks(given: dict[str, Any]) -> Answer:
    """Cut at the peaks of the checkerboard kernel's response (Foote 2000), half a deviation up."""
    edges = bar_edges(given["beats_s"], given["downbeats_s"], given["duration_s"])
    alike = likeness(given["pitch_classes"], given["mel_level"], edges / given["duration_s"])
    n, half = len(alike), _KERNEL_BARS
    sign = np.repeat([1.0, -1.0], half)
    taper = np.exp(-0.5 * (np.arange(-half + 0.5, half) / (0.5 * half)) ** 2)
    kernel = np.outer(sign * taper, sign * taper)
    padded = np.pad(alike, half)
    curve = np.array([(padded[k : k + 2 * half, k : k + 2 * half] * kernel).sum() for k in range(n + 1)])
    level = curve.mean() + 0.5 * curve.std()
    peaks = [
        k for k in range(2, n - 1) if curve[k] > level and curve[k] == curve[max(0, k - 3) : k + 4].max()
    ]
    return _alone([edges[0], *edges[peaks], edges[-1]])


def _alone(edges: Sequence[float]) -> Answer:
    return [(a, b, str(k)) for k, (a, b) in enumerate(itertools.pairwise(edges))], None, []


METHODS: dict[str, Method] = {"Sori": ours, "every 8 bars": evenly, "novelty peaks": novelty_peaks}


def scores(song: Song, answer: Answer) -> list[float]:
    """Return one song's row of COLUMNS, NaN where a column does not apply."""
    spans, chorus, confidence = answer
    duration = song.given["duration_s"]
    truth, truth_labels = _intervals(song.truth, duration)
    found, labels = _intervals(spans, duration)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a single section has no boundary: that scores 0
        narrow = mir_eval.segment.detection(truth, found, window=0.5, trim=True)[2]
        wide = mir_eval.segment.detection(truth, found, window=3.0, trim=True)[2]
    pairs = [mir_eval.segment.pairwise(truth, truth_labels, found, labels)[2]]
    entropy = [mir_eval.segment.nce(truth, truth_labels, found, labels)[2]]
    if not confidence:
        one = ["A"] * len(labels)
        pairs.append(mir_eval.segment.pairwise(truth, truth_labels, found, one)[2])
        entropy.append(mir_eval.segment.nce(truth, truth_labels, found, one)[2])
    inside = np.nan
    if song.most_repeated and confidence:
        inside = 0.0 if chorus is None else _share_inside(chorus, song)
    return [
        narrow,
        wide,
        max(pairs),
        max(entropy),
        inside,
        len(spans) / len(song.truth),
        _brier(song, answer),
    ]


def _share_inside(chorus: tuple[float, float], song: Song) -> float:
    covered = [
        max(0.0, min(b, chorus[1]) - max(a, chorus[0]))
        for a, b, label in song.truth
        if label in song.most_repeated
    ]
    return sum(covered) / (chorus[1] - chorus[0])


def ends_right(song: Song, answer: Answer) -> list[tuple[float, float]]:
    """Return the confidence of each section and how many of its inner ends are right within 3 s, 0 to 1."""
    true = np.array([a for a, _, _ in song.truth[1:]])
    edges = np.array([a for a, _, _ in answer[0]] + [answer[0][-1][1]])
    right = np.abs(true[:, None] - edges).min(axis=0) <= 3
    right[0], right[-1] = (right[1], right[-2]) if len(edges) > 2 else (False, False)
    return [(c, float(right[k : k + 2].mean())) for k, c in enumerate(answer[2])]


def _brier(song: Song, answer: Answer) -> float:
    rows = ends_right(song, answer) if answer[2] and len(song.truth) > 1 else []
    return float(np.mean([(c - right) ** 2 for c, right in rows])) if rows else np.nan


def _intervals(spans: Truth, duration: float) -> tuple[np.ndarray, list[str]]:
    """Spans over the whole recording: up to a second before and after belongs to the first and the last."""
    rows = np.array([(a, b) for a, b, _ in spans])
    rows[0, 0] = 0.0 if rows[0, 0] < _BRIEF_S else rows[0, 0]
    rows[-1, 1] = duration if duration - rows[-1, 1] < _BRIEF_S else rows[-1, 1]
    made = mir_eval.util.adjust_intervals(rows, [c for _, _, c in spans], 0.0, duration)
    return made[0], list(made[1])


def with_true_bars(song: Song) -> dict[str, Any]:
    """Return what is given, with the true beats and bars in place of the heard ones."""
    return song.given | {"beats_s": song.beats_s, "downbeats_s": song.downbeats_s}


def table(every: list[Song], method: Method, *, true_bars: bool = False) -> np.ndarray:
    """Return the scores of a method, song by song."""
    return np.array([scores(s, method(with_true_bars(s) if true_bars else s.given)) for s in every])


def main() -> None:
    """Print a table for each kind of song."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--part", default="develop", choices=("develop", "validate", "held out"))
    arguments = parser.parse_args()
    everything = list(songs(part=arguments.part))
    for data in dict.fromkeys(song.data for song in everything):
        every = [song for song in everything if song.data == data]
        print(f"\n{data}, {arguments.part}, {len(every)} songs\n{'':24}" + "  ".join(COLUMNS))
        for true_bars in (False, True):
            for name, method in METHODS.items():
                means = np.nanmean(table(every, method, true_bars=true_bars), axis=0)
                label = name + (", true bars" if true_bars else "")
                print(
                    f"{label:24}"
                    + "  ".join(
                        f"{value:{len(c)}.3f}" if value == value else " " * len(c)
                        for c, value in zip(COLUMNS, means, strict=True)
                    ),
                    flush=True,
                )


if __name__ == "__main__":
    main()

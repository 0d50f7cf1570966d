"""How well chords and keys are heard, beside the classical way and Essentia.

``python -m bench.training.chords_evaluate`` plays the development songs that validate, with the sound fonts
that nothing is trained on; ``--held-out`` those of the other half, for reports alone. Weighted chord symbol
recall as `mir_eval.chord` defines it (majors and minors; sevenths; roots; exact bass), by duration, over all
songs. Every program is given the true beats, ours also none ("free") and those it hears itself.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import mir_eval
import numpy as np
import soundfile

from bench.accuracy import pop909
from bench.accuracy.evaluate import held_out
from bench.accuracy.metrics import key_weighted
from bench.collection import CACHE
from bench.training.chords_examples import RATE, draw_manner, piece_of_song, play, validates
from bench.training.chords_pieces import Piece, compose
from bench.training.corpus import examples
from sori.analysis.harmony.chord_belief import ChordBelief, belief_by_templates, chord_belief
from sori.analysis.harmony.chords import chords
from sori.analysis.harmony.key import key
from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.audio import Audio

__all__ = ["Case", "recall", "table"]

FONTS = (Path("/usr/share/sounds/sf2/TimGM6mb.sf2"), Path("/usr/share/sounds/sf2/sf_GMbank.sf2"))
FOLDER = CACHE / "chords" / "evaluation"
PEERS = Path("bench/.venvs/peers/bin/python")
METRICS = ("majmin", "sevenths", "root", "majmin_inv", "mirex")
Spans = list[tuple[float, float, str]]


@dataclasses.dataclass(frozen=True)
class Case:
    """A recording, condensed, with its truth; ``path`` is where other programs can read it."""

    chords_true: Spans
    beats_s: list[float]
    duration_s: float
    heard: Listening
    path: Path | None = None

    @classmethod
    def played(cls, name: str, piece: Piece, rng: np.random.Generator) -> Case:
        """Play a piece with fonts that nothing is trained on."""
        samples = play(piece, draw_manner(rng, FONTS), rng)
        path = FOLDER / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, samples, RATE, subtype="PCM_16")
        duration_s = len(samples) / RATE
        heard = Listening(condense([Audio(samples[None], RATE)]))
        return cls(piece.chords, [t for t in piece.beats_s if t < duration_s], duration_s, heard, path)

    def belief(self, method: Callable[..., ChordBelief]) -> ChordBelief:
        """Return the belief of a method."""
        return method(self.heard.partials, self.heard.tuning.cents or 0.0)

    def chords(self, belief: ChordBelief, beats_s: Iterable[float] | None) -> Spans:
        """Return the chords as spans."""
        given = None if beats_s is None else list(beats_s)
        found = chords(belief, duration_s=self.duration_s, beats_s=given)
        return [(c.start_s, c.end_s, c.label) for c in found.chords]


def recall(truth: Spans, found: Spans, duration_s: float) -> dict[str, tuple[float, float]]:
    """Return metric -> (seconds right, seconds counted)."""
    spans = [(max(0.0, a), min(b, duration_s), c) for a, b, c in truth if b > 0 and a < duration_s]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        times = np.array([(a, b) for a, b, _ in spans])
        given = mir_eval.util.adjust_intervals(
            np.array([(a, b) for a, b, _ in found]),
            [c for *_, c in found],
            times.min(),
            times.max(),
            "N",
            "N",
        )
        pieces, ours, theirs = mir_eval.util.merge_labeled_intervals(times, [c for *_, c in spans], *given)
        lengths = mir_eval.util.intervals_to_durations(pieces)
        out = {}
        for name in METRICS:
            right = getattr(mir_eval.chord, name)(ours, theirs)
            counts = right >= 0
            out[name] = float((right * lengths)[counts].sum()), float(lengths[counts].sum())
    return out


def table(cases: list[Case], *, peers: bool) -> str:
    """Return the table of all programs."""
    given: dict[str, list[Spans]] = defaultdict(list)
    for case in cases:
        for method, name in ((chord_belief, "network"), (belief_by_templates, "templates")):
            belief = case.belief(method)
            given[f"{name}, true beats"].append(case.chords(belief, case.beats_s))
            given[f"{name}, beats heard"].append(case.chords(belief, case.heard.beats.times_s))
            given[f"{name}, free"].append(case.chords(belief, None))
    if peers:
        lines = [json.dumps({"path": str(c.path), "beats_s": c.beats_s}) for c in cases]
        command = [str(PEERS), "bench/training/chords_peers.py"]
        run = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
        given["Essentia, true beats"] = [json.loads(line) for line in run.stdout.splitlines()]
    rows = [f"{'':24}" + "".join(f"{name:>12}" for name in METRICS)]
    for program, answers in given.items():
        totals = {name: np.zeros(2) for name in METRICS}
        for case, found in zip(cases, answers, strict=True):
            for name, pair in recall(case.chords_true, found, case.duration_s).items():
                totals[name] += pair
        rows.append(f"{program:24}" + "".join(f"{a / b:12.3f}" for a, b in totals.values()))
    return "\n".join(rows)


def keys(cases: list[tuple[Case, dict[str, Any]]]) -> str:
    """Return how often keys are right, with and without the chords heard."""
    rows = []
    for name, method in (
        ("chroma alone", None),
        ("with templates", belief_by_templates),
        ("with network", chord_belief),
    ):
        scores = []
        for case, truth in cases:
            belief = None if method is None else case.belief(method)
            found = key(case.heard.chroma, case.heard.bass_chroma, belief=belief)
            scores.append(key_weighted({"key": truth}, {"key": {"tonic": found.tonic, "mode": found.mode}}))
        known = [s for s in scores if s is not None]
        share = np.mean(np.equal(known, 1))
        rows.append(f"{name:24} weighted {np.mean(known):.3f}, right {share:.3f} of {len(known)}")
    return "\n".join(rows)


def confusion(cases: list[Case]) -> str:
    """Return, for each quality, how often root and quality are right and what is heard instead."""
    heard: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        found = case.chords(case.belief(chord_belief), case.beats_s)
        for start, end, label in case.chords_true:
            middle = 0.5 * (start + end)
            if label == "N" or middle >= case.duration_s:
                continue
            ours = next((c for a, b, c in found if a <= middle < b), "N").partition("/")[0]
            root, _, quality = label.partition("/")[0].partition(":")
            same, _, other = ours.partition(":")
            heard[quality][other if same == root else "another root"] += 1
    return "\n".join(
        f"{quality:10} {counts[quality] / counts.total():.2f} of {counts.total():4}; "
        + ", ".join(f"{n} {c / counts.total():.2f}" for n, c in counts.most_common(4) if n != quality)
        for quality, counts in heard.items()
    )


def songs(n: int, *, held: bool) -> list[tuple[Case, dict[str, Any] | None]]:
    """Play songs that nothing learned from, with fonts nothing learned from; keys where the score is sure."""
    out = []
    for song in [s for s in pop909.songs() if held_out(s) == held and (held or validates(f"song-{s}"))][:n]:
        rng = np.random.default_rng([97, int(song)])
        piece, up = piece_of_song(song, rng)
        sure = pop909.confirmed_key(song, pop909.read_notes(pop909.folder(song) / f"{song}.mid"))
        truth = None if sure is None else {"tonic": pop909.key_name(sure[0] + up), "mode": sure[1]}
        out.append((Case.played(f"song-{song}", piece, rng), truth))
    return out


def of_the_corpus() -> list[Case]:
    """Return the composed pieces of the corpus that validate: fonts are known, pieces and damage are not."""
    return [
        Case([tuple(c) for c in truth["chords"]], truth["beats_s"], truth["duration_s"], Listening(material))
        for truth, material in examples(kind="composed")
        if truth["chords"] and validates(f"corpus-{truth['song']}")
    ]


def main() -> None:
    """Evaluate from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--songs", type=int, default=40)
    parser.add_argument("--pieces", type=int, default=40, help="0: nothing but songs")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    arguments = parser.parse_args()
    played = songs(arguments.songs, held=arguments.held_out)
    print(
        f"{len(played)} songs, {'held out' if arguments.held_out else 'development'}, fonts never trained on"
    )
    print(table([case for case, _ in played], peers=not arguments.no_peers))
    print(keys([(case, truth) for case, truth in played if truth]))
    if arguments.pieces == 0:
        return
    made = []
    for k in range(arguments.pieces):
        rng = np.random.default_rng([98, k])
        made.append(Case.played(f"piece-{k}", compose(rng, seconds=60.0), rng))
    print(f"{len(made)} made pieces, fonts never trained on")
    print(table(made, peers=not arguments.no_peers))
    print(confusion(made))
    kept = of_the_corpus()
    print(f"{len(kept)} pieces of the corpus that validate")
    print(table(kept, peers=False))


if __name__ == "__main__":
    main()

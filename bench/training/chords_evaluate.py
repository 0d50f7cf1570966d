"""How well chords and keys are heard, beside the classical way: templates and the same path.

``python -m bench.training.chords_evaluate`` hears the examples that validate (`chords_examples`: songs and
pieces that nothing learned from, played with the training fonts, sung, distorted, in rooms, coded) and writes
the table of ``src/sori/weights/chords.md``. ``--steps`` prints how the constants of the path do there, which
is how they were chosen. The renders of the held-out half and its sound fonts are `bench.accuracy`'s alone.
Weighted chord symbol recall as `mir_eval.chord` defines it, by duration, over all examples of a kind.
"""

from __future__ import annotations

import argparse
import dataclasses
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import mir_eval
import numpy as np

import sori.weights
from bench.accuracy.metrics import key_weighted
from bench.training.chords_examples import Example, load, names, validates
from sori.analysis.harmony import chords as path
from sori.analysis.harmony import key as keys
from sori.analysis.harmony.chord_belief import ChordBelief, belief_by_templates, chord_belief
from sori.analysis.harmony.chroma import bass_chroma, chroma
from sori.spectral.partials import Partials
from sori.units import PITCH_CLASSES

__all__ = ["Case", "cases", "recall", "table"]

CARD = Path(sori.weights.__file__).parent / "chords.md"
METRICS = ("majmin", "sevenths", "root", "majmin_inv", "mirex")
METHODS = {"network": chord_belief, "templates": belief_by_templates}
KINDS = {"song": "songs", "genre": "pieces of many genres", "piece": "pieces of even qualities"}
Spans = list[tuple[float, float, str]]
Method = Callable[[Partials, float], ChordBelief]


@dataclasses.dataclass(frozen=True)
class Case:
    """An example with what is believed of it."""

    example: Example
    found: Partials
    belief: ChordBelief

    @property
    def duration_s(self) -> float:
        """Length of what sounds."""
        return len(self.example.notes) / self.example.rate

    def chords(self, beats_s: Sequence[float] | None) -> Spans:
        """Return the chords as spans."""
        found = path.chords(self.belief, duration_s=self.duration_s, beats_s=beats_s)
        return [(c.start_s, c.end_s, c.label) for c in found.chords]

    def key(self) -> float | None:
        """Return the MIREX score of the key of the whole, where there is only one."""
        truth = {(tonic, mode) for start, _, tonic, mode in self.example.keys if start < self.duration_s}
        if len(truth) != 1:
            return None
        ((tonic, mode),) = truth
        found = keys.key(chroma(self.found, 0.0), bass_chroma(self.found, 0.0), belief=self.belief)
        heard = {"tonic": found.tonic, "mode": found.mode}
        return key_weighted({"key": {"tonic": PITCH_CLASSES[tonic], "mode": mode}}, {"key": heard})


def as_partials(example: Example) -> Partials:
    """Return partials that stand where the notes of an example are."""
    frame, note = np.nonzero(example.notes)
    weight = example.notes[frame, note].astype(np.float32)
    midi = (note + 26).astype(np.float32)
    return Partials(len(example.notes), example.rate, frame.astype(np.int32), midi, weight)


def cases(examples: Iterable[Example], method: Method) -> list[Case]:
    """Hear examples."""
    parts = [(example, as_partials(example)) for example in examples]
    return [Case(example, found, method(found, 0.0)) for example, found in parts]


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


def recalls(heard: Sequence[Case], *, free: bool) -> dict[str, float]:
    """Return the recalls over all cases, with chords that change at the true beats or anywhere."""
    totals = {name: np.zeros(2) for name in METRICS}
    for case in heard:
        beats = None if free else [t for t in case.example.beats_s if t < case.duration_s]
        found = case.chords(beats)
        for name, pair in recall(case.example.chords, found, case.duration_s).items():
            totals[name] += pair
    return {name: float(right / counted) for name, (right, counted) in totals.items()}


def table(examples: Sequence[Example]) -> str:
    """Return the table of both methods on every kind of example."""
    rows = [
        "| kept from training | majors, minors | sevenths | root | bass too | free | free, sevenths | key |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind, spoken in KINDS.items():
        of = [example for example in examples if example.name.startswith(kind)]
        for name, method in METHODS.items():
            heard = cases(of, method)
            tight, free = recalls(heard, free=False), recalls(heard, free=True)
            known = [score for case in heard if (score := case.key()) is not None]
            numbers = [tight["majmin"], tight["sevenths"], tight["root"], tight["majmin_inv"]]
            numbers += [free["majmin"], free["sevenths"], float(np.mean(known))]
            rows.append(f"| {len(of)} {spoken}, {name} | " + " | ".join(f"{n:.3f}" for n in numbers) + " |")
    return "\n".join(rows)


def confusion(heard: Sequence[Case]) -> str:
    """Return, for each quality, how often root and quality are right and what is heard instead."""
    told: dict[str, Counter[str]] = defaultdict(Counter)
    for case in heard:
        found = case.chords(case.example.beats_s)
        for start, end, label in case.example.chords:
            middle = 0.5 * (start + end)
            if label == "N" or not 0 <= middle < case.duration_s:
                continue
            ours = next((c for a, b, c in found if a <= middle < b), "N").partition("/")[0]
            root, _, quality = label.partition("/")[0].partition(":")
            same, _, other = ours.partition(":")
            told[quality][other if same == root else "another root"] += 1
    return "\n".join(
        f"{quality:10} {counts[quality] / counts.total():.2f} of {counts.total():4}; "
        + ", ".join(f"{n} {c / counts.total():.2f}" for n, c in counts.most_common(4) if n != quality)
        for quality, counts in sorted(told.items(), key=lambda pair: -pair[1].total())
    )


def write_card(text: str) -> None:
    """Put a table between the marks of the card."""
    before, mark, rest = CARD.read_text(encoding="utf-8").partition("<!-- figures -->\n")
    _, end, after = rest.partition("<!-- /figures -->")
    CARD.write_text(f"{before}{mark}{text}\n{end}{after}", encoding="utf-8")


# Constants of the path and of the key, and what is tried for each.
TRIED = {
    (path, "_CHANGE"): (0.5, 1.0, 1.5, 2.0),
    (path, "_WEIGHT_PER_S"): (2.0, 3.0, 4.5),
    (path, "_RESERVED"): (-2.0, -1.5, -1.0, -0.5, 0.0),
    (keys, "_CHORDS_SHARE"): (0.3, 0.45, 0.6, 0.8),
    (keys, "_LEARNED_SHARE"): (0.0, 0.15, 0.3, 0.5, 0.7),
    (keys, "_BASS_SHARE"): (0.05, 0.15, 0.25),
}


def steps(examples: Sequence[Example]) -> None:
    """Print how each constant does about where it stands."""
    heard = {kind: cases([e for e in examples if e.name.startswith(kind)], chord_belief) for kind in KINDS}
    for (module, name), values in TRIED.items():
        stands = getattr(module, name)
        for value in sorted({*values, stands}):
            setattr(module, name, value)
            said = []
            for kind, of in heard.items():
                if module is keys:
                    known = [score for case in of if (score := case.key()) is not None]
                    said.append(f"{kind} {np.mean(known):.3f}")
                else:
                    tight, free = recalls(of, free=False), recalls(of, free=True)
                    said.append(
                        f"{kind} {tight['majmin']:.3f} {tight['sevenths']:.3f} {tight['majmin_inv']:.3f}"
                        f" free {free['majmin']:.3f} {free['sevenths']:.3f}"
                    )
            print(f"{name:15} {value:5}{' *' if value == stands else '  '} " + "; ".join(said), flush=True)
        setattr(module, name, stands)


def main() -> None:
    """Evaluate from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--steps", action="store_true", help="try the constants of path and key, write nothing"
    )
    parser.add_argument("--confusion", action="store_true", help="say what each quality is heard as")
    arguments = parser.parse_args()
    kept = load(name for name in names() if validates(name))
    if arguments.steps:
        steps(kept)
    elif arguments.confusion:
        print(confusion(cases(kept, chord_belief)))
    else:
        text = table(kept)
        print(text)
        write_card(text)


if __name__ == "__main__":
    main()

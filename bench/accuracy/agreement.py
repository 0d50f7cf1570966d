"""``python -m bench.accuracy.agreement``: on recordings whose beats nobody wrote down, who agrees with whom.

A committee of trackers (Holzapfel et al. 2012; Zapata et al. 2014): each tracker's beats are scored against
every other's. Where trackers of different make agree they are probably right, and who stands alone is
probably not; it is agreement, not truth. Writes the part of ``docs/accuracy.md`` between its markers.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import mir_eval
import numpy as np

from bench.accuracy.answers import ANSWERS, asked, listening_hash
from bench.accuracy.page import write_between
from bench.collection import NOT_MUSIC, test_data
from bench.environment import trackers_python
from bench.report import table
from sori.analysis.listen import hear

SCRIPT = "agreement_peers.py"
OURS = "Sori"
TRACKERS = {
    OURS: "",
    "librosa": "librosa's `beat_track`",
    "essentia": "Essentia's `RhythmExtractor2013` (multifeature)",
    "degara": "Essentia's `RhythmExtractor2013` (degara)",
    "aubio": "aubio's `tempo`",
    "madmom": "madmom's `DBNBeatTracker`",
    "percival": "Essentia's `PercivalBpmEstimator`",
}
MAKES = dict.fromkeys(("essentia", "degara", "percival"), "Essentia")  # else of a make of their own
_VERSION = 1  # of the questions
TRIM_S, TRIM_FROM_S = 5.0, 20.0  # the first seconds of longer recordings do not count
SAME_TEMPO = 0.04
VOTES = 3  # trackers beside the one judged that must name one tempo for a consensus
AGREED = 0.6  # mean F among the others from which they agree on the beats
ALONE = 0.5  # our mean F with others who agree, below which we stand alone

ABOUT = """### Recordings that nobody annotated

{count} recordings of music in the folder of test data ({minutes:.0f} minutes: orchestra, celesta, ragtime,
waltz, folk song, trumpet, electronic and game music), whose beats nobody wrote down. **This is agreement, not
truth**: each tracker's beats are scored against each other tracker's, and where trackers of different make
agree they are probably right (Holzapfel, Davies, Zapata, Oliveira & Gouyon 2012; Zapata, Davies & Gómez
2014).
{others}
F is mir_eval's beat F-measure, D its information gain in bits (5.36 at most; above 1.5 listeners called beats
good), both the mean over the other trackers, the first five seconds of recordings longer than {trim:.0f} s
left out. A tempo is agreed on where at least {votes} of the others, of two makes or more, name it within 4 %:
in brackets for how many recordings. No number of Sori was fitted to these files: every one comes from
development music. But they were looked at, and where settings were nearly as good there they were a second
opinion, so this table is no held-out result."""


def recordings() -> list[Path]:
    """Return all pieces of music, short ones too."""
    found = sorted((test_data() / "music").glob("*/*.ogg"))
    return [path for path in found if not path.name.startswith(NOT_MUSIC) and path.stem != "silence"]


def answers(paths: Sequence[Path]) -> dict[str, list[dict[str, Any]]]:
    """Return tempo and beats by tracker and recording; asked once, ours per version of our code."""
    given = {
        name: asked(functools.partial(_command, name), paths, 1, folder=ANSWERS / f"beats-{name}-{_VERSION}")
        for name in TRACKERS
        if name != OURS
    }
    return {OURS: [our_answer(path) for path in paths], **given}


def _command(name: str) -> list[str]:
    return [trackers_python(), str(Path(__file__).with_name(SCRIPT)), name]


def our_answer(path: Path) -> dict[str, Any]:
    """Return what Sori hears."""
    kept = ANSWERS / f"beats-sori-{listening_hash()}" / f"{path.stem}.json"
    if not kept.exists():
        results = hear(path, stages=("tempo", "beats", "metre")).results
        answer = {
            "tempo_bpm": results["tempo"]["bpm"],
            "confidence": results["tempo"]["confidence"],
            "beats_s": results["beats"]["times_s"],
            "beats_per_bar": results["metre"]["beats_per_bar"],
        }
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(answer), encoding="utf-8")
    return dict(json.loads(kept.read_text(encoding="utf-8")))


def agreement(one: Sequence[float], other: Sequence[float], duration_s: float) -> tuple[float, float]:
    """Return F-measure and information gain (bits) of two trackers' beats."""
    first = TRIM_S if duration_s > TRIM_FROM_S else 0.0
    beats = [np.array([t for t in times if t >= first]) for times in (one, other)]
    if min(map(len, beats)) < 2:
        return 0.0, 0.0
    bins = 41
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few beats
        gain = float(mir_eval.beat.information_gain(*beats, bins=bins)) * np.log2(bins)
        return float(mir_eval.beat.f_measure(*beats)), float(gain)


def consensus(tempi: Mapping[str, float | None]) -> float | None:
    """Return the tempo that most trackers name, if `VOTES` of two makes do and as many name no other."""
    known = [(name, bpm) for name, bpm in tempi.items() if bpm]
    votes = [[(n, other) for n, other in known if abs(other / bpm - 1) <= SAME_TEMPO] for _, bpm in known]
    best = max(votes, key=len, default=[])
    if len(best) < VOTES or len({MAKES.get(name, name) for name, _ in best}) < 2:
        return None
    agreed = float(np.median([bpm for _, bpm in best]))
    rivals = [
        group
        for group in votes
        if abs(float(np.median([bpm for _, bpm in group])) / agreed - 1) > 2 * SAME_TEMPO
    ]
    return None if any(len(group) == len(best) for group in rivals) else agreed


def right(bpm: float | None, agreed: float, *, octaves: bool) -> bool:
    """Whether a tempo is the agreed one, or with ``octaves`` that or half, a third, double or triple."""
    return any(
        abs((bpm or 0.0) / (agreed * k) - 1) <= SAME_TEMPO
        for k in ((1.0, 2.0, 3.0, 0.5, 1 / 3) if octaves else (1.0,))
    )


class Committee:
    """All answers on all recordings, and what follows from them."""

    def __init__(self, paths: Sequence[Path]) -> None:
        import soundfile

        self.paths = paths
        self.durations = [soundfile.info(path).duration for path in paths]
        self.given = answers(paths)
        self.beaters = [name for name in TRACKERS if name != "percival"]
        self.pairs = [self._pairs(k) for k in range(len(paths))]

    def _pairs(self, k: int) -> dict[frozenset[str], tuple[float, float]]:
        return {
            frozenset((a, b)): agreement(
                self.given[a][k]["beats_s"], self.given[b][k]["beats_s"], self.durations[k]
            )
            for a, b in itertools.combinations(self.beaters, 2)
        }

    def with_others(self, name: str, k: int) -> tuple[float, float]:
        """Return a tracker's mean F and gain with the others."""
        found = [value for pair, value in self.pairs[k].items() if name in pair]
        return float(np.mean([f for f, _ in found])), float(np.mean([d for _, d in found]))

    def among_others(self, name: str, k: int) -> float:
        """Return the mean F of all pairs without a tracker."""
        return float(np.mean([f for pair, (f, _) in self.pairs[k].items() if name not in pair]))

    def agreed_tempo(self, name: str, k: int) -> float | None:
        """Return the tempo agreed on by the others."""
        return consensus({other: self.given[other][k]["tempo_bpm"] for other in TRACKERS if other != name})

    def row(self, name: str) -> list[str]:
        """Return a tracker's row of the table."""
        every = range(len(self.paths))
        tempo = [(self.given[name][k]["tempo_bpm"], self.agreed_tempo(name, k)) for k in every]
        known = [(bpm, agreed) for bpm, agreed in tempo if agreed is not None]
        shares = [np.mean([right(*pair, octaves=octaves) for pair in known]) for octaves in (False, True)]
        if name not in self.beaters:
            f, gain = "-", "-"
        else:
            scores = np.mean([self.with_others(name, k) for k in every], axis=0)
            f, gain = f"{scores[0]:.3f}", f"{scores[1]:.2f}"
        return [name, f, gain, f"{shares[0]:.3f} ({len(known)})", f"{shares[1]:.3f}"]

    def alone(self) -> list[list[str]]:
        """Return where the others agree and we do not."""
        rows = []
        for k, path in enumerate(self.paths):
            among, (ours, _) = self.among_others(OURS, k), self.with_others(OURS, k)
            agreed, bpm = self.agreed_tempo(OURS, k), self.given[OURS][k]["tempo_bpm"]
            other_tempo = agreed is not None and not right(bpm, agreed, octaves=False)
            if (among >= AGREED and ours < ALONE) or other_tempo:
                shown = ["-" if x is None else f"{x:.1f}" for x in (bpm, agreed)]
                rows.append([path.stem[:40], *shown, f"{ours:.2f}", f"{among:.2f}"])
        return rows


def main() -> None:
    """Ask, score, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-page", action="store_true")
    parser.add_argument("--files", action="store_true", help="print every recording")
    arguments = parser.parse_args()
    committee = Committee(recordings())
    rows = sorted((committee.row(name) for name in TRACKERS), key=lambda row: row[1], reverse=True)
    whole = table(["tracker", "F with the others", "D, bits", "agreed tempo, Acc1", "Acc2"], rows)
    alone = committee.alone()
    lines = table(
        ["where Sori differs from what the others agree on", "our BPM", "theirs", "our F", "theirs"], alone
    )
    print(f"{whole}\n\n{lines}", flush=True)
    if arguments.files:
        for k, path in enumerate(committee.paths):
            tempi = " ".join(f"{n[:4]} {committee.given[n][k]['tempo_bpm'] or 0:6.1f}" for n in TRACKERS)
            fs = " ".join(f"{committee.with_others(n, k)[0]:.2f}" for n in committee.beaters)
            print(f"{path.stem[:28]:28s} {committee.durations[k]:5.0f} s  {tempi}  F {fs}", flush=True)
    if not arguments.no_page:
        names = ", ".join(words for words in TRACKERS.values() if words)
        others = f"The others are {names}; three of them are of one make, and agree the more for that."
        about = ABOUT.format(
            count=len(committee.paths),
            minutes=sum(committee.durations) / 60,
            others=textwrap.fill(others, 110),
            trim=TRIM_FROM_S,
            votes=VOTES,
        )
        write_between("agreement", "\n\n".join([about, whole, lines if alone else ""]).rstrip())


if __name__ == "__main__":
    main()

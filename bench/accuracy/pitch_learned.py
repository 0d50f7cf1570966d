"""Pitch learned without labels, beside other programs: ``python -m bench.accuracy.pitch_learned``.

On clips of `bench.accuracy.pitch_sounds` that chose nothing, more of them than `bench.accuracy.pitch` asks
its peers for, and on melody tracks by sound fonts that nothing learned from. ``--without-peers`` asks only
ours; ``--development`` prints scores of the other half, by which the method that is the default was chosen,
and writes nothing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from bench.accuracy import page, pitch_lines, pitch_sounds
from bench.accuracy.pitch import Peer
from bench.accuracy.pop909 import held_out
from bench.environment import peers_python
from bench.report import table
from sori.analysis.melody import pitch
from sori.analysis.melody.pitch_scores import PitchScores, mean_scores, pitch_scores
from sori.events import Pitch
from sori.units import midi_to_hz

SAMPLE_RATE = pitch_sounds.SAMPLE_RATE
SEEDS = range(40)
LINES = 16
TUNES, CLEAR = "melody tracks", "melody tracks but the organ's"
PEERS = {"PESTO": "pesto", "SwiftF0": "swift_f0", "CREPE, tiny": "crepe", "pYIN": "pyin"}
HEADS = ("50 cents", "25", "10", "class, 50", "recall", "false alarm", "overall", "recall at 10 %")
TURNS = 5  # sounds heard in turns for the ratio of speed


class Sound(NamedTuple):
    """Samples, and their pitch every 10 ms; ``group`` is the row of the table."""

    group: str
    samples: np.ndarray
    times_s: np.ndarray
    hz: np.ndarray


def sounds(*, reported: bool) -> Iterator[Sound]:
    """Yield the sounds of the half that is reported, or of the other one."""
    for kind in pitch_sounds.KINDS:
        for seed in SEEDS:
            if held_out(f"{kind}-{seed}") != reported:
                continue
            clip = pitch_sounds.clip(kind, seed)
            times = np.arange(int(len(clip.hz) / SAMPLE_RATE * 100)) / 100
            truth = clip.hz[np.round(times * SAMPLE_RATE).astype(int)]
            for condition in pitch_sounds.CONDITIONS:
                yield Sound(condition, pitch_sounds.in_condition(clip, condition, seed), times, truth)
    if not reported:
        return
    for line in pitch_lines.lines(LINES):
        times = np.arange(int(len(line.samples) / SAMPLE_RATE * 100)) / 100
        hz = np.zeros(len(times))
        for onset, offset, midi in line.notes:
            hz[(times >= onset) & (times < offset)] = midi_to_hz(midi)
        yield Sound(TUNES, line.samples, times, hz)
        if line.program != pitch_lines.ORGAN:
            yield Sound(CLEAR, line.samples, times, hz)


def ours(method: str, **settings: Any) -> Callable[[np.ndarray], Pitch]:
    """Return our own hearing by a method."""
    return lambda samples: pitch(samples, sample_rate=SAMPLE_RATE, method=method, **settings)


def theirs(program: str) -> Callable[[np.ndarray], Pitch]:
    """Return another program's hearing."""
    peer = Peer(program)

    def hear(samples: np.ndarray) -> Pitch:
        said = peer.ask(samples)
        return Pitch(*(tuple(said[name]) for name in ("times_s", "hz", "confidence", "voiced")))

    return hear


def shown(score: PitchScores, *, voicing: bool) -> list[str]:
    """Return the figures of a row; what of an echo or a note's release is voiced is nobody's to say."""
    rest = (score.voicing_recall, score.false_alarm, score.overall, score.recall_at_tenth)
    figures = [*score.pitch, score.pitch_class[0], *(rest if voicing else (None,) * 4)]
    return ["-" if figure is None else f"{figure:.3f}" for figure in figures]


def scored(
    programs: dict[str, Callable[[np.ndarray], Pitch]], heard: list[Sound]
) -> tuple[str, dict[str, float], float]:
    """Return the table, our own processor time by program, and seconds of sound."""
    scores: dict[tuple[str, str], list[PitchScores]] = {}
    spent = dict.fromkeys(programs, 0.0)
    for sound in heard:
        for name, hear in programs.items():
            start = time.process_time()
            found = hear(sound.samples)
            spent[name] += time.process_time() - start
            score = pitch_scores(sound.times_s, sound.hz, found)
            assert score is not None
            scores.setdefault((sound.group, name), []).append(score)
    rows = [
        [f"{group}, {name}", *shown(mean_scores(each), voicing=group not in ("room", TUNES, CLEAR))]
        for (group, name), each in sorted(scores.items(), key=lambda item: _order(item[0], programs))
    ]
    return table(["", *HEADS], rows), spent, sum(len(sound.samples) for sound in heard) / SAMPLE_RATE


def _order(key: tuple[str, str], programs: dict[str, Any]) -> tuple[int, int]:
    groups = [*pitch_sounds.CONDITIONS, TUNES, CLEAR]
    return groups.index(key[0]), list(programs).index(key[1])


def speeds(programs: dict[str, Callable[[np.ndarray], Pitch]], heard: list[Sound]) -> str:
    """Return a line of how fast ours is beside the others, in turns on the same sounds, processor time."""
    some = heard[:: max(1, len(heard) // TURNS)][:TURNS]
    length = sum(len(sound.samples) for sound in some) / SAMPLE_RATE
    spent = {}
    for name, hear in programs.items():
        if name in PEERS:
            peer = Peer(PEERS[name])
            spent[name] = sum(float(peer.ask(sound.samples, anew=True)["cpu_s"]) for sound in some)
            continue
        hear(some[0].samples)
        start = time.process_time()
        for sound in some:
            hear(sound.samples)
        spent[name] = time.process_time() - start
    mine = spent["learned"]
    each = [f"{name} {length / time_s:.0f} x ({mine / time_s:.2g})" for name, time_s in spent.items()]
    return (
        "Speed from samples to pitch, x real time in processor time of one core, and as a part of what the "
        f"one that learned does: {', '.join(each)}."
    )


ABOUT = """Shares of voiced moments within 50, 25 and 10 cents, within 50 with octaves not counting; voicing
recall, false alarm and overall accuracy at each program's default; and the recall where a tenth of unvoiced
moments pass. {clips} clips of 8 s, made as those of the table above, of the half that chose nothing, each in
five conditions; melody tracks are {lines} tunes of held-out songs, played by sound fonts that nothing learned
from (their notes ring on after the score ends them, so their voicing is not counted; one is an organ's, whose
stops sound in octaves, so that no program hears it in the octave of the score). "learned" is
`pitch(method="learned")`, which never heard a label; "YIN family" is the other method. CREPE is torchcrepe's
small model: its full one needs four seconds for one."""


def main() -> None:
    """Hear, score, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy.pitch_learned", description=__doc__)
    parser.add_argument("--without-peers", action="store_true", help="only ours")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), help="which other programs")
    parser.add_argument("--development", action="store_true", help="print the other half's scores")
    parser.add_argument("--network", help="another network, from sori train pitch")
    arguments = parser.parse_args()
    programs: dict[str, Callable[[np.ndarray], Pitch]] = {
        "learned": ours("learned", network=arguments.network),
        "learned, each frame alone": ours("learned", network=arguments.network, smooth=False),
        "YIN family": ours("yin"),
    }
    heard = list(sounds(reported=not arguments.development))
    if not arguments.without_peers and not arguments.development:
        peers_python()
        programs |= {name: theirs(PEERS[name]) for name in arguments.peers}
    scores, _, _ = scored(programs, heard)
    print(scores, flush=True)
    if not arguments.development:
        clips = sum(sound.group == "clean" for sound in heard)
        speed = speeds(programs, heard)
        print(speed)
        about = ABOUT.format(lines=LINES, clips=clips)
        page.write_between("pitch-learned", "\n\n".join([about, scores, speed]))


if __name__ == "__main__":
    main()

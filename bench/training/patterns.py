"""Rhythms of accompaniments and basses, drawn once for a section and played over whatever its chords are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

Rng = np.random.Generator


class Stroke(NamedTuple):
    """When in a bar something is played, how long (beats), how loud (1 is usual), and which note or notes."""

    beat: float
    length: float
    level: float = 1.0
    what: int | str = "all"


class Frame(NamedTuple):
    """A bar to fill: beats, pulses to the beat, groups of beats, and where chance comes from."""

    beats: int
    division: int
    groups: Sequence[int]
    rng: Rng

    @property
    def half(self) -> float:
        """Where the beat's second stroke falls."""
        return 0.5 if self.division != 3 else 1 / 3

    @property
    def each(self) -> list[float]:
        """All beats."""
        return [float(b) for b in range(self.beats)]

    @property
    def starts(self) -> list[float]:
        """The groups' first beats."""
        return [float(b) for b in np.cumsum([0, *self.groups[:-1]])]


def groups_of(beats: int, rng: Rng) -> list[int]:
    """Return a division of a bar into twos and threes (a four stays whole)."""
    choices = {2: [[2]], 3: [[3]], 4: [[4], [2, 2]], 5: [[3, 2], [2, 3]], 6: [[3, 3]],
               7: [[2, 2, 3], [3, 2, 2], [4, 3]], 12: [[3, 3, 3, 3]]}[beats]  # fmt: skip
    return choices[int(rng.integers(len(choices)))]


def text(line: str, per_beat: int, *, length: float | None = None) -> list[Stroke]:
    """Return strokes from text, one letter a pulse: ``X x o`` by loudness; each lasts until the next."""
    places = [k for k, mark in enumerate(line) if mark != "."]
    level = {"X": 1.15, "x": 1.0, "o": 0.75}
    ends = [*places[1:], len(line)]
    return [
        Stroke(k / per_beat, length or (end - k) / per_beat, level[line[k]])
        for k, end in zip(places, ends, strict=True)
    ]


def scattered(frame: Frame, density: float, *, length: float | None) -> list[Stroke]:
    """Return strokes at random pulses, a little likelier off the beat than on it."""
    division = max(2, frame.division)
    pulses = frame.beats * division
    chance = np.where(np.arange(pulses) % division == 0, 0.8, 1.1) * density
    chance[0] = 0.8
    line = "".join("x" if frame.rng.random() < c else "." for c in chance)
    return text(line if "x" in line else "x" + "." * (pulses - 1), division, length=length)


def comping(style: str, frame: Frame) -> list[Stroke]:
    """Return a bar of accompaniment; empty (block, pad, none) is chords struck where they begin."""
    return COMPING[style](frame) if style in COMPING else []


def bass_line(style: str, frame: Frame) -> list[Stroke]:
    """Return a bar of bass, ``what`` naming the note; empty (root, none) is notes where chords begin."""
    return BASS[style](frame) if style in BASS else []


def _drawn(lines: Sequence[str], rng: Rng) -> str:
    return str(rng.choice(list(lines)))


def _oompah(frame: Frame) -> list[Stroke]:
    if frame.beats == 2 and frame.division == 2:
        return [Stroke(b + 0.5, 0.35, 0.9) for b in frame.each]
    low = (0, 2) if frame.beats == 4 else (0,)
    return [Stroke(b, 0.55, 0.9) for b in frame.each if b not in low]


def _charleston(frame: Frame) -> list[Stroke]:
    places = np.arange(0, 2 * frame.beats) / 2
    chosen = frame.rng.choice(places, size=int(frame.rng.integers(2, 4)), replace=False)
    return [Stroke(float(b), float(frame.rng.uniform(0.25, 1.0))) for b in sorted(chosen)]


def _bossa(frame: Frame) -> list[Stroke]:
    if frame.beats not in (2, 4):
        return scattered(frame, 0.4, length=None)
    line = _drawn(["x..x..x...x..x..", "x...x..x..x..x..", "x..x.x.x..x..x.x"], frame.rng)
    return text(line, 16 // frame.beats)


def _strum(frame: Frame) -> list[Stroke]:
    if frame.division == 3:
        return text("Xxo" * frame.beats, 3)
    if frame.beats == 4:
        return text(_drawn(["x.x.xx.x", "x.xx.xxx", "X.xo.oxo", "x..x.xx.", "X.X.X.Xo"], frame.rng), 2)
    return text("Xx" * frame.beats, 2) if frame.division < 4 else text("X.xo" * frame.beats, 4)


def _montuno(frame: Frame) -> list[Stroke]:
    strokes = text(_drawn(["x.xx.xx.", "xx.x.xx.", ".xx.xx.x", "x.x.xx.x"], frame.rng), 2, length=0.4)
    return [s._replace(what="octave" if k % 3 == 0 else "all") for k, s in enumerate(strokes)]


def _repeated(frame: Frame, per: int, length: float, accent: float, usual: float) -> list[Stroke]:
    return [
        Stroke(k / per, length / per, accent if k % per == 0 else usual) for k in range(frame.beats * per)
    ]


def _eighths(frame: Frame) -> list[Stroke]:
    return _repeated(frame, 3 if frame.division == 3 else 2, 0.9, 1.1, 0.85)


def _chug(frame: Frame) -> list[Stroke]:
    line = _drawn(["XxxxXxxx", "X.xxX.xx", "XxXxxxXx", "X..xX.x."], frame.rng)
    return text((line * frame.beats)[: 4 * frame.beats], 4, length=0.2)


def _broken(*orders: Sequence[int]) -> Callable[[Frame], list[Stroke]]:
    def arpeggio(frame: Frame) -> list[Stroke]:
        order = orders[int(frame.rng.integers(len(orders)))]
        slow = frame.rng.random() < 0.6
        per = frame.division if frame.division in (2, 3) else 2 if slow else max(2, frame.division)
        ring = float(frame.rng.choice([0.95, 1.0, 2.0, 3.0]))
        return [
            Stroke(k / per, ring / per, 1.1 if k == 0 else 0.9, order[k % len(order)])
            for k in range(frame.beats * per)
        ]

    return arpeggio


COMPING: dict[str, Callable[[Frame], list[Stroke]]] = {
    "quarters": lambda f: [Stroke(b, 0.9, 1.1 if b == 0 else 0.95) for b in f.each],
    "drone": lambda f: [Stroke(0.0, float(f.beats), 0.8)],
    "groups": lambda f: [
        Stroke(s, 0.95 * g, 1.1 if s == 0 else 1.0) for s, g in zip(f.starts, f.groups, strict=True)
    ],
    "skank": lambda f: [Stroke(b + f.half, 0.3) for b in f.each],
    "skank2": lambda f: [s for b in f.each for s in (Stroke(b + 0.5, 0.2, 1.05), Stroke(b + 0.75, 0.2, 0.8))],
    "offbeat": lambda f: [Stroke(b + f.half, 0.45) for b in f.each],
    "oompah": _oompah,
    "boomchick": _oompah,
    "charleston": _charleston,
    "bossa": _bossa,
    "strum": _strum,
    "montuno": _montuno,
    "shuffle": lambda f: text("x.x" * f.beats, 3),
    "stabs": lambda f: scattered(f, f.rng.uniform(0.2, 0.4), length=float(f.rng.uniform(0.15, 0.4))),
    "syncopated": lambda f: scattered(f, f.rng.uniform(0.3, 0.5), length=None),
    "eighths": _eighths,
    "triplets": lambda f: _repeated(f, 3, 0.9, 1.1, 0.85),
    "tremolo": lambda f: _repeated(f, 4, 1.0, 1.0, 0.7),
    "chug": _chug,
    "alberti": _broken([0, 2, 1, 2]),
    "six": _broken([0, 1, 2, 3, 2, 1]),
    "broken": _broken([0, 2, 1, 3]),
    "arp": _broken([0, 1, 2, 3], [0, 1, 2, 1], [3, 2, 1, 0], [0, 2, 1, 3, 2, 1], [0, 1, 2, 3, 4, 3, 2, 1]),
}  # fmt: skip


def _rootfifth(frame: Frame) -> list[Stroke]:
    step = 2 if frame.beats % 2 == 0 and frame.beats > 2 else 1
    return [
        Stroke(b, 0.8 * step, 1.0, "root" if k % 2 == 0 else "fifth")
        for k, b in enumerate(frame.each[::step])
    ]


def _tresillo(frame: Frame) -> list[Stroke]:
    places = [(b + x, w) for b in frame.each[::2] for x, w in ((0, "root"), (0.75, "root"), (1.5, "fifth"))]
    return [Stroke(b, 0.7, 1.0, w) for b, w in places if b < frame.beats]


def _tumbao(frame: Frame) -> list[Stroke]:
    later = [Stroke(1.5, 1.4, 1.0, "fifth"), Stroke(3.0, 0.9, 1.0, "root")]
    return later if frame.rng.random() < 0.5 else [Stroke(0.0, 1.4, 1.0, "root"), *later]


def _reggae(frame: Frame) -> list[Stroke]:
    line = [(0.5, "root"), (1.0, "root"), (2.0, "fifth"), (2.5, "octave"), (3.0, "root"), (3.5, "fifth")]
    kept = [Stroke(b, 0.5, 1.0, w) for b, w in line if b < frame.beats and frame.rng.random() < 0.75]
    return kept or [Stroke(0.0, 1.5, 1.0, "root")]


def _funk(frame: Frame) -> list[Stroke]:
    names = ["root", "root", "octave", "fifth"]
    rest = [
        s._replace(length=min(s.length, 0.45), what=str(frame.rng.choice(names)))
        for s in scattered(frame, 0.35, length=None)
        if s.beat > 0
    ]
    return [Stroke(0.0, 0.6, 1.15, "root"), *rest]


def _sub(frame: Frame) -> list[Stroke]:
    later = np.arange(1, 2 * frame.beats) / 2
    places = [
        0.0,
        *sorted(float(b) for b in frame.rng.choice(later, int(frame.rng.integers(0, 3)), replace=False)),
    ]
    ends = [*places[1:], float(frame.beats)]
    return [Stroke(b, e - b, 1.0, "root") for b, e in zip(places, ends, strict=True)]


def _named(strokes: Sequence[Stroke], what: str) -> list[Stroke]:
    return [stroke._replace(what=what) for stroke in strokes]


BASS: dict[str, Callable[[Frame], list[Stroke]]] = {
    "walk": lambda f: [Stroke(b, 0.9, 1.0, "root" if b == 0 else "walk") for b in f.each],
    "quarters": lambda f: [Stroke(b, 0.9, 1.0, "root") for b in f.each],
    "two": lambda f: [Stroke(b, 1.8, 1.0, "root" if b == 0 else "fifth") for b in f.each[::2]],
    "eighths": lambda f: _named(_eighths(f), "root"),
    "pulses": lambda f: _named(_repeated(f, 4 if f.division == 4 else f.division, 0.85, 1.1, 0.9), "root"),
    "octave": lambda f: [
        s for b in f.each for s in (Stroke(b, 0.4, 1.0, "root"), Stroke(b + f.half, 0.4, 1.0, "octave"))
    ],
    "offbeat": lambda f: [Stroke(b + f.half, 0.4, 1.0, "root") for b in f.each],
    "rootfifth": _rootfifth,
    "tresillo": _tresillo,
    "tumbao": _tumbao,
    "samba": lambda f: [
        s
        for b in f.each
        for s in (Stroke(b, 0.6, 1.0, "fifth" if b % 2 else "root"), Stroke(b + 0.75, 0.25, 0.8, "root"))
    ],
    "shuffle": lambda f: [
        s
        for b in f.each
        for s in (Stroke(b, 0.6, 1.0, "sixth" if b % 2 else "root"), Stroke(b + 2 / 3, 0.3, 0.85, "root"))
    ],
    "reggae": _reggae,
    "funk": _funk,
    "sub": _sub,
    "groups": lambda f: [
        Stroke(s, 0.9 * g, 1.1, "root" if s == 0 else str(f.rng.choice(["root", "fifth"])))
        for s, g in zip(f.starts, f.groups, strict=True)
    ],
}  # fmt: skip

"""Drum patterns of many genres and metres as text, variations on them, and patterns for any metre.

A pattern is one or more bars of pulses: ``X`` accented, ``x`` played, ``o`` hardly heard, ``.`` not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# General MIDI percussion.
DRUMS = {
    "kick": 36, "snare": 38, "rim": 37, "clap": 39, "hat": 42, "pedal": 44, "open": 46, "ride": 51,
    "bell": 53, "crash": 49, "floor": 41, "tom": 45, "mid": 47, "high": 50, "tamb": 54, "cowbell": 56,
    "bongo": 60, "bongolow": 61, "mute": 62, "conga": 63, "congalow": 64, "timbale": 65, "agogo": 67,
    "agogolow": 68, "cabasa": 69, "maracas": 70, "clave": 75, "block": 76, "blocklow": 77, "cuica": 79,
    "triangle": 81,
}  # fmt: skip


class Hit(NamedTuple):
    """A stroke at a place in a bar, in beats."""

    beat: float
    drum: int
    velocity: int


class Groove(NamedTuple):
    """A pattern: beats to the bar, pulses to the beat, and a line for each drum."""

    beats: int
    division: int
    voices: dict[str, str]


def _groove(beats: int, division: int, **voices: str) -> Groove:
    lines = {name: line.replace(" ", "").replace("|", "") for name, line in voices.items()}
    for name, line in lines.items():
        if name not in DRUMS or len(line) % (beats * division):
            raise ValueError(f"{name}: {line!r} does not fill bars of {beats} x {division} pulses")
    return Groove(beats, division, lines)


GROOVES = {
    "rock": _groove(4, 2, kick="X.x. X.x.", snare="..X. ..X.", hat="xxxx xxxx"),
    "rock2": _groove(4, 4, kick="X... ..x. x.x. ....", snare=".... X... .... X...",
             hat="x.x. x.x. x.x. x.x."),
    "rock3": _groove(4, 4, kick="X..x ..x. ..x. ..x.", snare=".... X..o .o.. X...",
             ride="X.x. X.x. X.x. X.x."),
    "rock4": _groove(4, 2, kick="X..x X...", snare="..X. ..X.", open="x.x. x.x."),
    "halftime": _groove(4, 4, kick="X... ..x. .... ..x.", snare=".... .... X... ....",
             hat="x.x. x.x. x.x. x.x."),
    "ballad": _groove(4, 2, kick="X... x..x", snare="..X. ..X.", hat="xoxo xoxo"),
    "ballad2": _groove(4, 2, kick="X..x .x..", rim="..X. ..X.", hat="xxxx xxxx"),
    "ballad3": _groove(4, 4, kick="X... ..x. .x.. ....", rim=".... X... .... X...",
             maracas="xoxo xoxo xoxo xoxo"),
    "punk": _groove(4, 2, kick="X..x X.x.", snare=".XX. .X.X", open="x.x. x.x."),
    "punk2": _groove(4, 2, kick="X.X. X.X.", snare=".X.X .X.X", hat="x.x. x.x."),
    "metal": _groove(4, 4, kick="xxxx xxxx xxxx xxxx", snare=".... X... .... X...",
             ride="X... X... X... X..."),
    "metal2": _groove(4, 4, kick="X.xx .xx. X.xx .xx.", snare=".... X... .... X...",
             crash="X... X... X... X..."),
    "gallop": _groove(4, 4, kick="X.xx X.xx X.xx X.xx", snare=".... X... .... X...",
             open="x... x... x... x..."),
    "disco": _groove(4, 4, kick="X... X... X... X...", snare=".... X... .... X...", hat="x... x... x... x...",
                     open="..X. ..X. ..X. ..X."),
    "disco2": _groove(4, 4, kick="X... X... X... X...", clap=".... X... .... X...", hat="xoxo xoxo xoxo xoxo",
                      tamb="..x. ..x. ..x. ..x."),
    "house": _groove(4, 4, kick="X... X... X... X...", clap=".... X... .... X..o", open="..x. ..x. ..x. ..x.",
                     maracas="xxxx xxxx xxxx xxxx"),
    "house2": _groove(4, 4, kick="X... X... X... X..x", rim="..x. .x.. x..x ..x.", hat="..X. ..X. ..X. ..X."),
    "techno": _groove(4, 4, kick="X... X... X... X...", hat="..x. ..x. ..x. ..x.",
             blocklow="x..x ..x. .x.. x.x."),
    "trance": _groove(4, 4, kick="X... X... X... X...", open="..X. ..X. ..X. ..X.",
             clap=".... X... .... X..."),
    "hiphop": _groove(4, 4, kick="X..x ...x ..x. ....", snare=".... X... .... X...",
             hat="x.x. x.x. x.x. x.xx"),
    "hiphop2": _groove(4, 4, kick="X.x. .... ..xx ....", clap=".... X... .... X...",
             hat="xxxx xxxx xxxx xxxx"),
    "hiphop3": _groove(4, 4, kick="X... ..x. .x.x ....", snare=".... X..o .... X...",
             hat="x.x. x.x. x.x. x.x.",
                       cowbell="...x .... ...x ...."),
    "trap": _groove(4, 8, kick="X....... ....x... .......x ..x.....",
             clap="........ ........ X....... ........",
                    hat="x.x.x.x. x.x.xxxx x.x.x.x. x.xxx.x."),
    "trap2": _groove(4, 8, kick="X.....x. ........ ....x... ....x...",
             snare="........ X....... ........ X.......",
                     hat="x.x.x.x. x.x.x.x. x.xxx.x. xxxxxxxx"),
    "dnb": _groove(4, 2, kick="X... .x..", snare="..X. ..X.", hat="xxxx xxxx"),
    "dnb2": _groove(4, 4, kick="X... .... ..x. ....", snare=".... X..o .o.o X...",
             ride="x.x. x.x. x.x. x.x."),
    "amen": _groove(4, 4, kick="X.x. .... ..xx ....|X.x. .... ..x. ....",
             snare=".... X..x .x.. X..x|.... X..x .x.. ..X.",
                    hat="x.x. x.x. x.x. x.x.|x.x. x.x. x.x. x.x."),
    "breaks": _groove(4, 4, kick="X... ..x. ..x. ....", snare=".... X... .... X..x",
             open="..x. ..x. ..x. ..x."),
    "onedrop": _groove(4, 2, kick="..X. ..X.", rim="..X. ..X.", hat="x.xx x.xx"),
    "onedrop2": _groove(4, 4, kick=".... .... X... ....", rim=".... .... X... ..o.",
             hat="x.x. x.xx x.x. x.x."),
    "steppers": _groove(4, 2, kick="X.X. X.X.", rim="..x. ..X.", hat=".x.x .x.x"),
    "ska": _groove(4, 2, kick="x.x. x.x.", snare="..X. ..X.", hat=".X.X .X.X"),
    "reggaeton": _groove(4, 4, kick="X... X... X... X...", snare="...x ..x. ...x ..x.",
             hat="x.x. x.x. x.x. x.x."),
    "swing": _groove(4, 2, ride="X.xx X.xx", pedal="..x. ..x."),
    "swing2": _groove(4, 2, ride="X.xx X.xx", pedal="..x. ..x.", kick="o.o. o.o.", snare=".... ...o"),
    "swing3": _groove(4, 2, ride="X.xx x.x.|X.xx X.xx", pedal="..x. ..x.|..x. ..x.",
             snare=".o.. .x..|..x. .o.o",
                      kick="...x ....|.... .x.."),
    "bigband": _groove(4, 2, hat="X.xx X.xx", snare="..x. ..x.", kick="x.x. x.x."),
    "brushes": _groove(4, 2, snare="xoXo xoXo", pedal="..x. ..x.", kick="o... o..."),
    "jazzwaltz": _groove(3, 2, ride="X.xx x.", pedal="..x. x.", kick="x... .."),
    "jazzwaltz2": _groove(3, 2, ride="X.x. xx|X.xx x.", pedal="..x. ..|..x. ..", snare="...o ..|.x.. .o"),
    "bossa": _groove(4, 4, kick="X..x X..x X..x X..x", rim="x..x ..x. ..x. .x..", hat="xoxo xoxo xoxo xoxo"),
    "bossa2": _groove(4, 2, kick="X..x X..x", rim="x..x ..x.|..x. .x..", hat="xxxx xxxx|xxxx xxxx"),
    "samba": _groove(4, 4, kick="x..x X..x x..x X..x", tamb="XooX XooX XooX XooX",
             agogo="x.x. .x.x .x.x .x..",
                     snare="x.ox .xo. xo.x .xox"),
    "samba2": _groove(4, 4, floor=".... X... .... X...", maracas="XoxX XoxX XoxX XoxX",
             rim="x.x. x..x .x.x ..x.",
                      cuica="...x ..x. ...x ...."),
    "samba_two": _groove(2, 4, kick="x..x X..x", tamb="XooX XooX", agogo="x.x. .x.x|.x.x .x..",
             snare="x.ox .xo.|xo.x .xox",
                         floor=".... X..."),
    "funk": _groove(4, 4, kick="X.x. .... ..x. .x..", snare=".... X..o .o.o X..o", hat="xxxx xxxx xxxx xxxx"),
    "funk2": _groove(4, 4, kick="X..x ..x. .xx. ....", snare=".o.. X.o. .o.. X.oo", hat="x.x. x.x. x.x. ..x.",
                     open=".... .... .... x..."),
    "funk3": _groove(4, 4, kick="X.x. ..x. ...x ..x.", snare=".... X..o .o.. .X.o",
             hat="X.xx X.xx X.xx X.xx"),
    "afrobeat": _groove(4, 4, kick="X..x ..x. X... .x..", snare="..o. x..o .x.o X..x",
             hat="x.xx x.xx x.xx x.xx",
                        maracas="X.xx X.xx X.xx X.xx"),
    "shuffle": _groove(4, 3, kick="X.. ..x X.. ...", snare="... X.. ... X..", hat="x.x x.x x.x x.x"),
    "shuffle2": _groove(4, 3, kick="X.. x.. X.. x..", snare="..o X.o ..o X.o", ride="X.x X.x X.x X.x"),
    "slowblues": _groove(4, 3, kick="X.. ..x X.. ...", snare="... X.. ... X..", hat="xxx xxx xxx xxx"),
    "gospel128": _groove(4, 3, kick="X.. ..x ..x ...", snare="... X.. ... X..", ride="Xxx Xxx Xxx Xxx",
             tamb="... x.. ... x.."),
    "train": _groove(4, 4, kick="X... x... X... x...", snare="ooXo ooXo ooXo ooXo"),
    "country": _groove(4, 2, kick="X... X...", snare="..X. ..X.", hat="x.x. x.x."),
    "waltz": _groove(3, 2, kick="X. .. ..", snare=".. x. x.", hat="x. x. x."),
    "waltz2": _groove(3, 2, kick="X. .. ..", rim=".. x. x.", ride="X. xx xx"),
    "waltz3": _groove(3, 4, kick="X... .... ..x.", snare=".... .... X...", hat="x.x. x.x. x.x."),
    "sixeight": _groove(2, 3, kick="X.. ..x", snare="... X..", hat="xxx xxx"),
    "sixeight2": _groove(2, 3, kick="X.. ... X.x ...", snare="... X.. ... X..", ride="Xxx Xxx Xxx Xxx"),
    "sixeight3": _groove(2, 6, kick="X..... ....x.", rim="...... X.....", hat="x.x.x. x.x.x."),
    "six": _groove(6, 2, kick="X... .x .... ..", snare=".... .. X... ..", hat="x.x. x. x.x. x."),
    "six2": _groove(6, 1, kick="X.. ..x", rim="... X..", ride="Xxx xxx"),
    "jig": _groove(2, 3, tamb="Xox Xox", kick="X.. x.."),
    "jig2": _groove(2, 3, floor="X.x X.x X.x xxx"),
    "reel": _groove(4, 4, floor="X..x x.x. X..x x.x.", tamb="..x. ..x. ..x. ..x."),
    "five": _groove(5, 2, kick="X..x .. X. ..", snare=".... X. .. X.", ride="X.xx X. X. X."),
    "five2": _groove(5, 2, ride="X.xx x. X. x.", kick="X... .x X. ..", snare="...o .. .. xo"),
    "five3": _groove(5, 4, kick="X... ..x. .... X... ....", snare=".... X... .... .... X...",
             hat="x.x. x.x. x.x. x.x. x.x."),
    "seven": _groove(7, 1, kick="X.. X. X.", snare=".x. .x .X", hat="xxx xx xx"),
    "seven2": _groove(7, 2, kick="X... X..x .... X.", snare="..X. ..X. ..X. ..", hat="xxxx xxxx xxxx xx"),
    "seven3": _groove(7, 1, kick="X. X. X..", snare=".X .X .X.", ride="xx xx xxx"),
    "salsa": _groove(4, 2, conga="..X. ..xx", congalow="...x ...x", cowbell="X.x. X.x.",
                     clave="X..x ..x.|..x. x..."),
    "son": _groove(4, 2, clave="X..X ..X.|..X. X...", maracas="xxxx xxxx|xxxx xxxx",
             bongo="XoxoXoxo|XoxoXoxo",
                   bongolow="......x.|......x."),
    "rumba": _groove(4, 2, clave="X..X ...X|..X. X...", conga="..x. ..xx|..x. ..xx",
             congalow="...x x...|...x x..."),
    "mambo": _groove(4, 2, cowbell="X.xx .xxx|.xxx .x.x", timbale="..x. ..xx|..x. ..xx",
             kick="...x ..x.|...x ..x.",
                     conga="..X...xx|..X...xx"),
    "chacha": _groove(4, 2, cowbell="X.X. X.X.", maracas="xoxo xoxo", congalow=".... ..xx",
             conga="..X. ..X.", kick="X...X..."),
    "bolero": _groove(4, 2, maracas="Xoxo xoxo", bongo="x.xx xxxx", rim="...x ..x.", kick="X... ..x."),
    "tango": _groove(4, 2, snare="X.x. x.xx", kick="X... ...x"),
    "cumbia": _groove(4, 2, maracas="x.xx x.xx", congalow="X... X...", conga="...x ...x",
             cowbell="X.x. X.x."),
    "march": _groove(2, 4, kick="X... x...", snare="..x. ..xx", crash="X... x..."),
    "march2": _groove(2, 4, kick="X... ....|X... ....", snare="x.xx x.x.|x.xx xxxx"),
    "march_four": _groove(4, 4, kick="X... .... x... ....", snare="..xx x... ..xx x.x.",
             crash="x... .... .... ....",
                          triangle=".... x... .... x..."),
    "polka": _groove(2, 2, kick="X.X.", snare=".x.x", hat="x.x."),
    "krautrock": _groove(4, 2, kick="X.xx X.xx", snare="..X. ..X.", hat="xxxx xxxx"),
    "bembe": _groove(4, 3, cowbell="X.x .xx .x. x.x",
                     congalow="X.. ..x X.. ..x", conga="..x x.. ..x x.."),
    # Cycles of twelve: low head (gung), high head (deok), both (deong), as on a janggu.
    "gutgeori": _groove(4, 3, floor="X.. ..x X.. ..x", rim="X.x .xx ..x .x.", high="... x.. ... x.."),
    "gutgeori2": _groove(4, 3, congalow="X.. ..x x.. ...", bongo="X.x xox ..x xox"),
    "jungjungmori": _groove(4, 3, floor="X.. ... x.. X..", rim="X.x .xx X.x .x.", block="... x.x ... ..x"),
    "jajinmori": _groove(4, 3, floor="X.. ... ..x x..", rim="X.x x.x xx. x.x"),
    "jajinmori2": _groove(4, 3, congalow="X.. x.. ..x x..", bongo="X.x xox oxo x.x"),
    "hwimori": _groove(4, 2, floor="X... ..x.", rim="X.xx x.x."),
    "semachi": _groove(3, 3, floor="X.. ..x ...", rim="X.. x.x x.x", high="... x.. x.."),
    "jungmori": _groove(3, 2, floor="X. .. ..|.. .. ..|.. .. X.|.. .. x.",
             rim="X. x. xo|x. xo x.|x. x. xo|X. .. x."),
}  # fmt: skip


def bar_hits(
    groove: Groove, bar: int, rng: np.random.Generator, *, drop: float = 0.04, add: float = 0.02
) -> list[Hit]:
    """Return one bar of a groove; strokes are now and then left out or added between."""
    pulses = groove.beats * groove.division
    hits = []
    for name, line in groove.voices.items():
        bars = len(line) // pulses
        part = line[(bar % bars) * pulses : (bar % bars + 1) * pulses]
        for pulse, mark in enumerate(part):
            chance = rng.random()
            if mark == ".":
                if chance < add and name in ("kick", "snare", "conga", "rim"):
                    hits.append(Hit(pulse / groove.division, DRUMS[name], int(rng.integers(25, 60))))
                continue
            if chance < drop and mark != "X":
                continue
            level = {"X": 108, "x": 84, "o": 42}[mark]
            if name in ("hat", "ride", "maracas", "tamb", "pedal", "open"):
                level -= 16
            hits.append(Hit(pulse / groove.division, DRUMS[name], level))
    return hits


def made_up(beats: int, division: int, rng: np.random.Generator) -> Groove:
    """Return a groove that nobody plays: accents by groups of two and three, the rest at random."""
    groups, left = [], beats
    while left > 0:
        step = int(left if left in (2, 3) else min(left, rng.choice([2, 2, 3])))
        if left - step == 1:
            step = left if left <= 3 else 2
        groups.append(step)
        left -= step
    n = beats * division
    kick, back = np.full(n, "."), np.full(n, ".")
    place = 0
    for k, step in enumerate(groups):
        kick[place * division] = "X" if k == 0 else str(rng.choice(["x", "x", "."]))
        back[(place + 1) * division % n] = "X" if step > 1 else "."
        place += step
    extra = rng.random(n) < 0.12
    kick[extra & (kick == ".") & (back == ".")] = "x"
    top = str(rng.choice(["hat", "ride", "maracas", "tamb", "cowbell", "open"]))
    every = int(rng.choice([1, 1, division]))
    line = "".join("x" if k % every == 0 else "." for k in range(n))
    low = str(rng.choice(["kick", "kick", "floor", "congalow"]))
    high = str(rng.choice(["snare", "snare", "clap", "rim", "conga", "high"]))
    return _groove(beats, division, **{low: "".join(kick), high: "".join(back), top: line})


def fill(beats: float, division: int, rng: np.random.Generator) -> list[Hit]:
    """Return a fill of so many beats, counted from its own beginning."""
    drums = [DRUMS[name] for name in ("snare", "high", "mid", "tom", "floor")]
    pulses = max(1, round(beats * division))
    hits, drum = [], 0
    dense = rng.uniform(0.5, 1.0)
    for k in range(pulses):
        if rng.random() < dense:
            drum = min(len(drums) - 1, drum + int(rng.random() < 2.5 / pulses * 2))
            hits.append(Hit(k / division, drums[drum], int(rng.integers(70, 115))))
    return hits


def grooves_for(beats: int) -> list[str]:
    """Return the names of all grooves with so many beats to the bar."""
    return [name for name, groove in GROOVES.items() if groove.beats == beats]

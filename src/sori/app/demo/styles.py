"""The ten styles, as data: who plays what, where, and how loud.

A layer plays either the tune's melody (``pattern`` is None) or a one-bar pattern, whose characters
divide the bar evenly::

    .  silence          -  the note before goes on
    X x o  the whole chord (or the drum): strong, medium, soft
    0-9    one tone of the chord, counted up from the lowest
"""

from __future__ import annotations

import dataclasses

__all__ = ["STYLES", "Layer", "Style"]

Plan = tuple[tuple[str, int], ...]

ALL = "intro verse chorus bridge outro"
BODY = "verse chorus bridge"


@dataclasses.dataclass(frozen=True)
class Layer:
    """One player.

    ``patterns`` are alternatives, of which a song draws one. ``low`` is the lowest MIDI note of the
    player's range; ``voicing`` says which chord tones it has: "close" (within an octave of ``low``),
    "power" (root, fifth, octave) or "bass" (root, fifth, octave, third). ``drive`` overloads it; a
    ``fill`` plays only in the last bar of a section.
    """

    patch: str
    patterns: tuple[str, ...] | None
    gain_db: float
    pan: float = 0.0
    low: int = 60
    voicing: str = "close"
    sections: str = BODY
    send: float = 0.25
    drive: float = 0.0
    strum_s: float = 0.0
    fill: bool = False


@dataclasses.dataclass(frozen=True)
class Style:
    """A way of playing any tune.

    ``swing`` is where the second eighth of a beat falls (0.5 straight), ``human_s`` how far players
    stray from the grid, ``level_dbfs`` the RMS of the finished mix, ``plan`` the sections in chord slots,
    ``pulse`` whether there is a beat to be heard at all.
    """

    name: str
    artist: str
    album: str
    genre: str
    tempo_bpm: tuple[int, int]
    plan: Plan
    layers: tuple[Layer, ...]
    beats_per_bar: int = 4
    beats_per_slot: int = 4
    grid: int = 8
    swing: float = 0.5
    human_s: float = 0.004
    sevenths: bool = False
    pentatonic: bool = False
    minor_share: float = 0.5
    room_s: float = 1.2
    wet: float = 0.25
    level_dbfs: float = -16.0
    pulse: bool = True
    closes: bool = True


_SONG: Plan = (
    ("intro", 4),
    ("verse", 4),
    ("chorus", 4),
    ("verse", 4),
    ("chorus", 4),
    ("bridge", 2),
    ("chorus", 4),
)

_ROCK = Style(
    name="rock",
    artist="Sori Garage Circuit",
    album="Overdriven Equations",
    genre="Rock",
    tempo_bpm=(116, 142),
    plan=_SONG,
    minor_share=0.6,
    room_s=0.8,
    wet=0.14,
    level_dbfs=-14.5,
    layers=(
        Layer(
            "kick", ("x...x..ox...x...", "x.....x.x.x.....", "x..x....x.x....."), -3, sections=BODY, send=0.08
        ),
        Layer("snare", ("....x.......x...", "....x..o....x..o"), -5, sections=BODY, send=0.3),
        Layer("hat", ("x.o.x.o.x.o.x.o.",), -17, pan=0.3, sections="verse bridge"),
        Layer("crash", ("x...............",), -17, pan=-0.3, sections="chorus", send=0.4),
        Layer("open hat", ("x.x.x.x.x.x.x.x.",), -20, pan=0.3, sections="chorus"),
        Layer("tom", ("..........x.xoxo", "........x.oxx.xx"), -6, pan=-0.2, sections=BODY, fill=True),
        Layer("pick bass", ("0.0.0.0.0.0.0.0.", "0-0.0-0.0-0.0-1."), -6, low=28, voicing="bass", send=0.05),
        Layer(
            "steel guitar",
            ("x-x-x-x-x-x-x-x-", "X---x-x-X---x-x-"),
            -9,
            pan=-0.7,
            low=40,
            voicing="power",
            sections="chorus bridge",
            drive=9.0,
        ),
        Layer(
            "steel guitar",
            ("X-------X---x---", "X---------x-x-x-"),
            -9,
            pan=0.7,
            low=40,
            voicing="power",
            sections=ALL,
            drive=7.0,
        ),
        Layer("steel guitar", ("X---x---X-x-x---",), -11, pan=-0.35, low=52, sections=ALL, strum_s=0.01),
        Layer("saw lead", None, -13, low=60, sections="verse chorus", drive=2.0),
    ),
)

_BALLAD = Style(
    name="ballad",
    artist="Sori Paper Lanterns",
    album="Slow Weather",
    genre="Ballad",
    tempo_bpm=(66, 80),
    plan=(("intro", 2), ("verse", 4), ("chorus", 4), ("bridge", 2), ("chorus", 4), ("outro", 1)),
    minor_share=0.4,
    human_s=0.009,
    room_s=2.0,
    wet=0.35,
    level_dbfs=-19.0,
    layers=(
        Layer("piano", ("0.1.2.1.0.1.2.1.", "0.1.2.3.2.1.2.1."), -8, pan=-0.2, low=48, sections=ALL),
        Layer("piano", ("0-------0-------",), -7, pan=-0.2, low=33, voicing="bass", sections=ALL),
        Layer("piano", None, -4, pan=0.15, low=60, sections="verse chorus bridge"),
        Layer("strings", ("x---------------",), -17, low=55, sections="chorus bridge", send=0.5),
        Layer(
            "cello", ("0---------------",), -16, low=38, voicing="bass", sections="chorus", pan=0.3, send=0.5
        ),
        Layer("brush", ("....o.......o...",), -17, sections="chorus"),
    ),
)

_HOUSE = Style(
    name="house",
    artist="Sori House Machine",
    album="Four Lights on the Floor",
    genre="House",
    tempo_bpm=(120, 128),
    plan=(("intro", 4), ("verse", 4), ("chorus", 8), ("bridge", 4), ("chorus", 8)),
    minor_share=0.7,
    human_s=0.0,
    sevenths=True,
    room_s=1.0,
    wet=0.22,
    level_dbfs=-14.5,
    closes=False,
    layers=(
        Layer("house kick", ("x...x...x...x...",), -2, sections="intro verse chorus", send=0.03),
        Layer("clap", ("....x.......x...",), -9, sections="verse chorus", send=0.3),
        Layer("open hat", ("..x...x...x...x.",), -19, pan=0.2, sections="verse chorus"),
        Layer("hat", ("o.o.o.o.o.o.o.o.", "oo.ooo.ooo.ooo.o"), -21, pan=-0.25, sections="intro chorus"),
        Layer("snare", ("........o.o.oxxX", "............xxxx"), -13, sections="verse bridge", fill=True),
        Layer("saw bass", ("..0-..0-..0-..02", "..0...0...0.0.2."), -7, low=33, voicing="bass", send=0.03),
        Layer("stab", ("x..x..x...x..x..", "x..x...x..x.x...", "..x..x....x..x.."), -12, low=57, send=0.45),
        Layer("pad", ("x---------------",), -21, low=55, sections="bridge chorus", send=0.5),
        Layer("electric piano", None, -11, low=60, sections="chorus", send=0.4),
    ),
)

_DRUM_AND_BASS = Style(
    name="drum and bass",
    artist="Sori Broken Clockwork",
    album="174 and Falling",
    genre="Drum & Bass",
    tempo_bpm=(168, 176),
    plan=(("intro", 2), ("verse", 4), ("chorus", 4), ("bridge", 2), ("chorus", 4)),
    beats_per_slot=8,
    minor_share=0.9,
    human_s=0.0,
    sevenths=True,
    room_s=1.4,
    wet=0.22,
    level_dbfs=-14.5,
    closes=False,
    layers=(
        Layer("kick", ("x.........x.....", "x.....o...x....."), -2, sections="verse chorus", send=0.05),
        Layer("snare", ("....x.......x...", "....x..o.o..x..o"), -4, sections="verse chorus", send=0.25),
        Layer("hat", ("x.o.x.o.x.o.x.o.", "xoxoxoxoxoxoxoxo"), -17, pan=0.25, sections="intro verse chorus"),
        Layer("ride", ("x.x.x.x.x.x.x.x.",), -24, pan=-0.3, sections="chorus"),
        Layer("reese bass", ("0-------..0-0---", "0-----0-----0---"), -6, low=29, voicing="bass", send=0.03),
        Layer("pad", ("x---------------",), -18, low=57, sections=ALL, send=0.6),
        Layer("electric piano", None, -11, low=60, sections="verse chorus", send=0.5),
        Layer("bell", ("2.......1.......",), -21, low=72, sections="bridge chorus", send=0.6, pan=0.4),
    ),
)

_WALTZ = Style(
    name="waltz",
    artist="Sori String Parlour",
    album="Three to a Room",
    genre="Waltz",
    tempo_bpm=(138, 168),
    plan=(
        ("intro", 4),
        ("verse", 8),
        ("chorus", 8),
        ("verse", 8),
        ("chorus", 8),
        ("chorus", 8),
        ("outro", 2),
    ),
    beats_per_bar=3,
    beats_per_slot=3,
    grid=6,
    minor_share=0.4,
    human_s=0.008,
    room_s=1.9,
    wet=0.32,
    level_dbfs=-19.0,
    layers=(
        Layer("cello", ("0-....",), -7, low=36, voicing="bass", sections=ALL, pan=0.35),
        Layer("strings", ("..x.x.",), -15, low=55, sections=ALL, pan=-0.3, send=0.4),
        Layer("strings", None, -9, low=67, sections="verse chorus", pan=-0.1, send=0.45),
        Layer("flute", None, -15, low=79, sections="chorus", pan=0.2, send=0.5),
        Layer("cello", ("x-----",), -19, low=48, sections="chorus", pan=0.2, send=0.5),
    ),
)

_JAZZ = Style(
    name="jazz",
    artist="Sori Midnight Trio",
    album="Blue Transistors",
    genre="Jazz",
    tempo_bpm=(132, 168),
    plan=(("intro", 4), ("verse", 8), ("chorus", 8), ("bridge", 4), ("chorus", 8), ("outro", 2)),
    swing=0.64,
    human_s=0.008,
    sevenths=True,
    minor_share=0.4,
    room_s=0.9,
    wet=0.2,
    level_dbfs=-20.0,
    layers=(
        Layer("ride", ("x.x.x.x.", "x.xxx.xx"), -16, pan=0.35, sections=ALL),
        Layer("hat", ("..x...x.",), -20, pan=-0.2, sections=ALL),
        Layer("brush", ("...o....", "......o.", "...o.o.."), -15, sections=BODY),
        Layer("upright bass", ("0-1-2-1-", "0-3-1-2-", "0-3-1-3-"), -3, low=30, voicing="bass", sections=ALL),
        Layer(
            "piano", ("x..x....", "...x..x.", "x..o..x."), -12, pan=-0.3, low=54, sections=ALL, strum_s=0.006
        ),
        Layer("piano", None, -6, pan=-0.1, low=65, sections=BODY),
    ),
)

_BOSSA = Style(
    name="bossa nova",
    artist="Sori Tidal Quartet",
    album="Warm Capacitors",
    genre="Bossa Nova",
    tempo_bpm=(118, 138),
    plan=(("intro", 4), ("verse", 8), ("chorus", 8), ("chorus", 8), ("outro", 2)),
    sevenths=True,
    human_s=0.007,
    room_s=1.0,
    wet=0.22,
    level_dbfs=-20.0,
    layers=(
        Layer("rim", ("x..x..x...x..x..", "x..x...x..x..x.."), -13, pan=0.2, sections="verse chorus"),
        Layer("shaker", ("XooxXooxXooxXoox",), -21, pan=-0.4, sections=ALL),
        Layer("soft kick", ("X..oX..oX..oX..o",), -6, sections="verse chorus"),
        Layer(
            "nylon guitar",
            ("x..x..x...x..x..", "x.x..x..x.x..x.."),
            -7,
            pan=-0.25,
            low=52,
            sections=ALL,
            strum_s=0.012,
        ),
        Layer(
            "upright bass", ("0----.010----.01", "0----.111----.00"), -3, low=31, voicing="bass", sections=ALL
        ),
        Layer("flute", None, -9, low=67, sections=BODY, pan=0.2, send=0.4),
    ),
)

_AMBIENT = Style(
    name="ambient",
    artist="Sori Quiet Weather",
    album="Rooms Without Walls",
    genre="Ambient",
    tempo_bpm=(54, 66),
    plan=(("intro", 2), ("chorus", 4), ("verse", 2), ("chorus", 4)),
    sevenths=True,
    human_s=0.02,
    room_s=4.0,
    wet=0.6,
    pulse=False,
    level_dbfs=-22.0,
    layers=(
        Layer("pad", ("x---------------",), -8, low=50, sections=ALL, send=0.6),
        Layer("pad", ("0---------------",), -9, low=36, voicing="bass", sections=ALL, pan=0.2, send=0.5),
        Layer(
            "bell", ("2.......3...1...", "1...3.....2....."), -17, low=67, sections=ALL, pan=-0.4, send=0.9
        ),
        Layer("flute", None, -15, low=60, sections="chorus", pan=0.3, send=0.8),
    ),
)

_GUGAK = Style(
    name="gugak",
    artist="소리 산조 기계 (Sori Sanjo Machine)",
    album="달과 회로",
    genre="Gugak",
    tempo_bpm=(72, 92),
    plan=(("intro", 2), ("verse", 4), ("chorus", 4), ("bridge", 2), ("chorus", 4), ("outro", 1)),
    grid=12,
    pentatonic=True,
    minor_share=0.5,
    human_s=0.012,
    room_s=1.3,
    wet=0.25,
    level_dbfs=-19.0,
    layers=(
        Layer("janggu hand", ("x.....x..x..", "x.....x..o.."), -4, pan=-0.25, sections=BODY),
        Layer("janggu stick", ("x..x.oo..x.o", "x.ox.o.ox..o"), -9, pan=0.25, sections=BODY),
        Layer("buk", ("x...........",), -7, sections="chorus intro outro", send=0.5),
        Layer("gayageum", None, -3, pan=-0.15, low=57, sections=BODY),
        Layer(
            "gayageum", ("0--1--0--1--", "0--..1..2.1."), -9, pan=-0.3, low=45, voicing="bass", sections=ALL
        ),
        Layer("daegeum", None, -10, pan=0.3, low=69, sections="chorus", send=0.5),
    ),
)

_CHIPTUNE = Style(
    name="chiptune",
    artist="Sori 8-Bit Orchestra",
    album="Insert Battery",
    genre="Chiptune",
    tempo_bpm=(136, 160),
    plan=_SONG,
    minor_share=0.3,
    human_s=0.0,
    room_s=0.3,
    wet=0.04,
    level_dbfs=-15.0,
    layers=(
        Layer("chip kick", ("x...x...x...x...", "x.....x.x......."), -5, sections=BODY, send=0.0),
        Layer("chip snare", ("....x.......x...", "....x.......x.xx"), -9, sections=BODY, send=0.0),
        Layer("hat", ("x.o.x.o.x.o.x.o.",), -22, sections="verse chorus", send=0.0),
        Layer("chip snare", ("............xxxx", "..........x.xxxx"), -12, sections=BODY, fill=True),
        Layer(
            "triangle bass",
            ("0-0.2.0-0-0.2.0-", "0.2.0.2.0.2.0.2."),
            -4,
            low=36,
            voicing="bass",
            sections=ALL,
        ),
        Layer("chip arpeggio", ("0120120120120120", "0123210123210123"), -15, pan=0.6, low=60, sections=ALL),
        Layer("chip lead", None, -9, pan=-0.1, low=67, sections=BODY),
        Layer("chip harmony", None, -16, pan=-0.6, low=55, sections="chorus"),
    ),
)

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        _ROCK,
        _BALLAD,
        _HOUSE,
        _DRUM_AND_BASS,
        _WALTZ,
        _JAZZ,
        _BOSSA,
        _AMBIENT,
        _GUGAK,
        _CHIPTUNE,
    )
}

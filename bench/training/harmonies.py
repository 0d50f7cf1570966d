"""Chord progressions: Roman numerals of many styles, coloured and turned, and chains that nobody wrote."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from sori.units import PITCH_CLASSES

QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7), "min": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "min7": (0, 3, 7, 10),
    "sus2": (0, 2, 7), "sus4": (0, 5, 7), "sus4(b7)": (0, 5, 7, 10), "dim": (0, 3, 6), "aug": (0, 4, 8),
    "hdim7": (0, 3, 6, 10), "dim7": (0, 3, 6, 9), "maj6": (0, 4, 7, 9), "min6": (0, 3, 7, 9),
    "minmaj7": (0, 3, 7, 11), "5": (0, 7),
}  # fmt: skip
DEGREES = {"2": 2, "b3": 3, "3": 4, "4": 5, "b5": 6, "5": 7, "#5": 8, "6": 9, "bb7": 9, "b7": 10, "7": 11}
NUMERALS = {"i": 0, "ii": 2, "iii": 4, "iv": 5, "v": 7, "vi": 9, "vii": 11}
SUFFIXES = {
    "": ("maj", "min"), "7": ("7", "min7"), "M7": ("maj7", "minmaj7"), "o": ("dim", "dim"),
    "ø": ("hdim7", "hdim7"), "o7": ("dim7", "dim7"), "+": ("aug", "aug"), "s4": ("sus4", "sus4"),
    "s2": ("sus2", "sus2"), "6": ("maj6", "min6"),
    "7s4": ("sus4(b7)", "sus4(b7)"), "5": ("5", "5"),
}  # fmt: skip

PROGRESSIONS = {
    "pop major": """I V vi IV|vi IV I V|I vi IV V|IV V iii vi|I IV vi V|I V/3 vi V IV I/3 ii V|IV I V vi|I
        iii IV V
        |I I IV V|vi V IV V|I ii IV I|I IV I V|I V ii IV|IV IV I I|I bVII IV I|I vi ii V|IV V I vi|I III vi IV
        |I IV iv I|IV iv I I|I V/7 vi I/5 IV I/3 ii V|I/3 IV V vi|ii V I I|I I7 IV iv|Vs4 V I I""",
    "pop minor": """i bVI bIII bVII|i bVII bVI bVII|i iv v i|i bVI iv V|i iv bVII bIII|bVI bVII i i|i v bVI
        bVII
        |i i iv V|i bVII bVI V|i bIII bVII iv|i iv i V7|i iv bVI V|i i/b7 bVI V|i ii° V i|i V/7 i/b7 IV/3""",
    "jazz major": """ii7 V7 IM7 IM7|IM7 vi7 ii7 V7|iii7 vi7 ii7 V7|IM7 I7 IVM7 iv6|IM7 #io7 ii7 #iio7|ii7
        bII7 IM7 I6
        |IM7 bIIIo7 ii7 V7|viiø III7 vi7 II7|IM7 iv7 bVII7 IM7|II7 II7 ii7 V7|I6 VI7 II7 V7|IM7 IVM7 iii7 vi7
        |ii7 V7s4 I6 vi7|IM7 V+ I6 vi7|iii7 bIIIo7 ii7 bII7|IM7 bIIIM7 bVIM7 bII7""",
    "jazz minor": """iiø V7 i7 i7|i7 iv7 bVII7 bIIIM7|iM7 i6 iiø V7|i7 bVI7 V7 i6|iv7 bVII7 bIIIM7 bVIM7|iiø
        V7 iM7 i6
        |i7 iv7 iiø V7|i7 IV7 i7 IV7|i i iM7 i7|iiø bII7 iM7 i6""",
    "blues": """I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7|I7 IV7 I7 I7 IV7 #ivo7 I7 VI7 ii7 V7 I7 V7
        |i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 V7|I7 IV7 I7 V7""",
    "rock": """I bVII IV I|i bVII bVI bVII|I IV V IV|i bIII IV bVI|I bIII IV I|I I bVII IV|i i bVII IV|I V
        IV IV
        |i bVI bVII i|I IV I V""",
    "power": """I5 bVI5 bVII5 I5|I5 bII5 I5 bVII5|I5 bIII5 IV5 bVI5|I5 I5 bVI5 bVII5|I5 IV5 V5 IV5|I5 v bVI5
        bVII5
        |i bVI5 bIII5 bVII5""",
    "classical major": """I V/3 vi iii/5 IV I/3 ii/3 V7|I IV I/5 V7|I ii/3 V7 I|I V7/5 I/3 IV|I viio/3 I/3 V
        |vi ii V7 I
        |I V/3 I V7 vi IV I/5 V7|I I7/b7 IV/3 iv/b3|I V7/3 I IV/3|I II7/3 V I/3|I #io7 ii #iio7 iii|IV V7/b7
        I/3 ii7/b3
        |I/5 V7 I I""",
    "classical minor": """i iv i/5 V7|i V/3 i/b7 IV/3|i iiø V7 i|i bVI iiø V7|i iv6 V7 i|i viio7 i V7|i V7/5
        i/b3 iv
        |iv/b3 V i viio|i bII/3 V7 i|i bVII/3 bIII V|i i/b3 V7/5 i|i V+ i/b3 IV/3""",
    "modal": """i7 IV7 i7 IV7|i bVII i bVII|I bVII I bVII|IM7 II IM7 II|i7 i7 ii7 bIIIM7|Is4 I bVII IV|I v I
        v|i bII i bII
        |Is2 IVs2 Is2 Vs4|vi7 IVM7 IM7 V6|IM7 IVM7 IM7 IVM7|i7 iv7 i7 iv7|bVIM7 bVII i7 i7|Is2 I Is4 I""",
    "drone": "I5 I5 I5 I5|Is2 Is2 I5 I5|i i i bVII|I I I IV",
    "latin": """i7 iv7 V7 V7|i V7 V7 i|I IV V IV|ii7 V7 I6 vi7|i bVII bVI V7|I7 IV7 V7 IV7|iiø V7 i i6|i7
        IV7 i7 IV7""",
    "gospel": """I I7/3 IV #ivo7 I/5 VI7 II7 V7|I V+ vi I7/3 IV iv6 I/5 V7s4|IM7 iii7 vi7 ii7 V7s4 V7 I6 I7
        |IV I/3 ii7 I|I III7/3 vi V7/b7""",
}
_NUMERAL = re.compile(r"([#b]?)([IViv]+)(M7|o7|7s4|s4|s2|ø|°|o|\+|7|6|5)?(?:/([#b]*\d))?$")


class Harmony(NamedTuple):
    """A chord: pitch class of the root, quality, degree in the bass (``""`` is the root)."""

    root: int
    quality: str
    inversion: str

    @property
    def label(self) -> str:
        """Harte's name for it."""
        return f"{PITCH_CLASSES[self.root]}:{self.quality}" + (f"/{self.inversion}" if self.inversion else "")

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Pitch classes, the root first."""
        return tuple((self.root + step) % 12 for step in QUALITIES[self.quality])

    @property
    def bass(self) -> int:
        """Pitch class of the bass."""
        return (self.root + (DEGREES[self.inversion] if self.inversion else 0)) % 12


def read(numeral: str, tonic: int) -> Harmony:
    """Return what a Roman numeral (degrees of the major scale, small letters minor) means in a key."""
    match = _NUMERAL.match(numeral)
    if match is None:
        raise ValueError(f"no Roman numeral: {numeral!r}")
    sign, degree, suffix, inversion = match.groups()
    root = NUMERALS[degree.lower()] + {"": 0, "#": 1, "b": -1}[sign] + tonic
    quality = SUFFIXES[(suffix or "").replace("°", "o")][degree.islower()]
    return Harmony(root % 12, quality, inversion or "")


def progression(
    style: str, tonic: int, minor: bool, rng: np.random.Generator, *, colour: float
) -> list[Harmony]:
    """Return a progression of a style; ``colour`` is the chance that a chord is enriched or turned."""
    name = style if style in PROGRESSIONS else f"{style} {'minor' if minor else 'major'}"
    lines = [line.split() for line in PROGRESSIONS[name].split("|")]
    if style not in ("blues", "gospel", "drone"):  # those of the key's mode, where a line says which
        lines = [line for line in lines if any(_is_minor_tonic(n) for n in line) == minor] or lines
    chords = [read(n, tonic) for n in lines[int(rng.integers(len(lines)))]]
    return [coloured(chord, rng, colour) for chord in chords]


def _is_minor_tonic(numeral: str) -> bool:
    match = _NUMERAL.match(numeral)
    return match is not None and not match[1] and match[2] == "i"


def coloured(chord: Harmony, rng: np.random.Generator, colour: float) -> Harmony:
    """Now and then enrich or turn a chord."""
    quality, inversion = chord.quality, chord.inversion
    if rng.random() < colour and not inversion:
        richer = {
            "maj": ["maj7", "7", "maj6", "sus4", "sus2", "sus4(b7)", "aug", "maj"],
            "min": ["min7", "min7", "min6", "minmaj7", "sus2", "dim", "min"],
            "7": ["sus4(b7)", "7", "maj", "aug"], "min7": ["min", "min6", "hdim7"], "maj7": ["maj6", "maj"],
            "dim": ["hdim7", "dim7"], "hdim7": ["dim", "dim7"],
        }  # fmt: skip
        quality = str(rng.choice(richer.get(quality, [quality])))
    if not inversion and quality != "5" and rng.random() < 0.08 + 0.2 * colour:
        inversion = _turned(quality, rng)
    return Harmony(chord.root, quality, inversion)


def chain(n: int, tonic: int, rng: np.random.Generator) -> list[Harmony]:
    """Return any chords after one another, every quality likely: nothing is to be taken for granted."""
    names = [name for name in QUALITIES if name != "5"]
    weights = np.array([3.0 if name in ("maj", "min") else 1.3 if "7" in name else 1.0 for name in names])
    root, chords = tonic, []
    for _ in range(n):
        quality = str(rng.choice(names, p=weights / weights.sum()))
        inversion = _turned(quality, rng) if rng.random() < 0.25 else ""
        chords.append(Harmony(root % 12, quality, inversion))
        root += int(
            rng.choice(
                [5, 7, 2, 10, 3, 9, 4, 8, 1, 11],
                p=[0.25, 0.15, 0.12, 0.1, 0.09, 0.09, 0.07, 0.05, 0.04, 0.04],
            )
        )
    return chords


def _turned(quality: str, rng: np.random.Generator) -> str:
    names = {
        2: "2", 3: "b3", 4: "3", 5: "4", 6: "b5", 7: "5", 8: "#5", 9: "bb7" if quality == "dim7" else "6",
        10: "b7", 11: "7",
    }  # fmt: skip
    steps = QUALITIES[quality][1:]
    if quality.startswith("sus"):  # on the second or fourth it is another chord
        steps = tuple(step for step in steps if step not in (2, 5))
    weights = np.array([0.5, 0.3, 0.2][: len(steps)])
    return names[int(rng.choice(steps, p=weights / weights.sum()))]


def scale_of(minor: bool, style: str, rng: np.random.Generator) -> tuple[int, ...]:
    """Return the steps of a scale to sing in."""
    if style == "blues":
        return (0, 3, 5, 6, 7, 10) if rng.random() < 0.6 else (0, 2, 4, 7, 9)
    if rng.random() < 0.25:
        return (0, 3, 5, 7, 10) if minor else (0, 2, 4, 7, 9)
    if minor:
        return ((0, 2, 3, 5, 7, 8, 10), (0, 2, 3, 5, 7, 8, 11), (0, 2, 3, 5, 7, 9, 10))[
            int(rng.choice(3, p=[0.6, 0.25, 0.15]))
        ]
    return ((0, 2, 4, 5, 7, 9, 11), (0, 2, 4, 5, 7, 9, 10))[int(rng.random() < 0.15)]

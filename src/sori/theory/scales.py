"""Scales as data: where each note of an octave lies, in cents above the tonic.

Facts only. Each family says where its numbers come from; a tradition that is taught by ear has many tunings,
and what stands here is its theory or a reported average, not the rule of its practice.
"""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

__all__ = ["SCALES", "TuningScale", "equal_temperament", "fifths", "from_ratios"]

OCTAVE = 1200.0
_PURE_FIFTH = 1200 * math.log2(3 / 2)
_COMMA = OCTAVE / 53  # Holdrian comma, the unit of Turkish theory


@dataclasses.dataclass(frozen=True)
class TuningScale:
    """A scale: ``cents`` above its first note (0.0, rising, all below ``period_cents``).

    ``rotates`` says that its first note need not be the tonic: a keyboard temperament is tuned from
    one key and played in all.
    """

    name: str
    family: str
    cents: tuple[float, ...]
    source: str
    period_cents: float = OCTAVE
    rotates: bool = False


def equal_temperament(divisions: int) -> tuple[float, ...]:
    """Return the notes of an octave cut into equal steps, in cents."""
    return tuple(OCTAVE * step / divisions for step in range(divisions))


def fifths(below: int, above: int, *, fifth_cents: float = _PURE_FIFTH) -> tuple[float, ...]:
    """Return a chain of fifths from ``below`` fifths under the tonic to ``above`` over it, within an octave.

    >>> [round(note) for note in fifths(1, 5)]
    [0, 204, 408, 498, 702, 906, 1110]
    """
    return tuple(sorted(fifth_cents * step % OCTAVE for step in range(-below, above + 1)))


def from_ratios(ratios: str) -> tuple[float, ...]:
    """Return frequency ratios, written with spaces between, in cents.

    >>> [round(note) for note in from_ratios("1 5/4 3/2")]
    [0, 386, 702]
    """
    return tuple(1200 * math.log2(Fraction(ratio)) for ratio in ratios.split())


def _from_steps(steps: str, unit: float) -> tuple[float, ...]:
    """Notes from the sizes of the steps between them, in units; the last step leads to the octave."""
    sizes = [int(step) for step in steps.split()]
    return tuple(unit * sum(sizes[:count]) for count in range(len(sizes)))


_MODES = {
    "major (Ionian)": "2 2 1 2 2 2 1",
    "natural minor (Aeolian)": "2 1 2 2 1 2 2",
    "harmonic minor": "2 1 2 2 1 3 1",
    "melodic minor, rising": "2 1 2 2 2 2 1",
    "Dorian": "2 1 2 2 2 1 2",
    "Phrygian": "1 2 2 2 1 2 2",
    "Lydian": "2 2 2 1 2 2 1",
    "Mixolydian": "2 2 1 2 2 1 2",
    "Locrian": "1 2 2 1 2 2 2",
    "harmonic major": "2 2 1 2 1 3 1",
    "Phrygian dominant": "1 3 1 2 1 2 2",
    "double harmonic": "1 3 1 2 1 3 1",
    "Hungarian minor": "2 1 3 1 1 3 1",
    "Lydian dominant": "2 2 2 1 2 1 2",
    "altered": "1 2 1 2 2 2 2",
    "major pentatonic": "2 2 3 2 3",
    "minor pentatonic": "3 2 2 3 2",
    "blues": "3 2 1 1 3 2",
    "major blues": "2 1 1 3 2 3",
    "whole-tone": "2 2 2 2 2 2",
    "octatonic, whole step first": "2 1 2 1 2 1 2 1",
    "octatonic, half step first": "1 2 1 2 1 2 1 2",
    "augmented": "3 1 3 1 3 1",
    "hirajoshi": "2 1 4 1 4",
    "in-sen": "1 4 2 3 2",
    "in": "1 4 2 1 4",
    "yo": "2 3 2 3 2",
    "iwato": "1 4 1 4 2",
}

# Sizes of the steps in Holdrian commas: bakiye 4, küçük mücennep 5, büyük mücennep 8, tanini 9,
# artık ikili 12.
_MAKAMS = {
    "Rast": "9 8 5 9 9 8 5",
    "Uşşak": "8 5 9 9 4 9 9",
    "Hüseyni": "8 5 9 9 8 5 9",
    "Hicaz": "5 12 5 9 8 5 9",
    "Hicaz Hümayun": "5 12 5 9 4 9 9",
    "Zirgüleli Hicaz": "5 12 5 9 5 12 5",
    "Saba": "8 5 5 12 5 9 9",
    "Segâh": "5 9 8 9 5 12 5",
    "Hüzzam": "5 9 5 12 5 12 5",
    "Nihavend": "9 4 9 9 4 9 9",
    "Nihavend with Hicaz above": "9 4 9 9 5 12 5",
    "Kürdî": "4 9 9 9 4 9 9",
    "Karcığar": "8 5 9 5 12 5 9",
    "Nikriz": "9 5 12 5 9 8 5",
    "Neveser": "9 5 12 5 5 12 5",
    "Suzinak": "9 8 5 9 5 12 5",
    "Çargâh": "9 9 4 9 9 9 4",
}

# Quarter tones.
_MAQAMS = {
    "Rast": "4 3 3 4 4 3 3",
    "Bayati": "3 3 4 4 2 4 4",
    "Husayni": "3 3 4 4 3 3 4",
    "Sikah": "3 4 4 3 3 4 3",
    "Huzam": "3 4 2 6 2 4 3",
    "Iraq": "3 4 3 3 4 4 3",
    "Saba": "3 3 2 6 2 4 4",
    "Hijaz": "2 6 2 4 2 4 4",
    "Hijaz with Rast above": "2 6 2 4 3 3 4",
    "Suznak": "4 3 3 4 2 6 2",
    "Nahawand": "4 2 4 4 2 4 4",
    "Kurd": "2 4 4 4 2 4 4",
    "Nikriz": "4 2 6 2 4 2 4",
    "Nawa Athar": "4 2 6 2 2 6 2",
}

# Svaras: komal re 16/15, re 9/8, komal ga 6/5, ga 5/4, ma 4/3, tivra ma 45/32, pa 3/2, komal dha 8/5,
# dha 5/3, komal ni 9/5, ni 15/8.
_RAGAS = {
    "Bilaval": "1 9/8 5/4 4/3 3/2 5/3 15/8",
    "Yaman (Kalyani)": "1 9/8 5/4 45/32 3/2 5/3 15/8",
    "Khamaj": "1 9/8 5/4 4/3 3/2 5/3 9/5",
    "Kafi": "1 9/8 6/5 4/3 3/2 5/3 9/5",
    "Asavari": "1 9/8 6/5 4/3 3/2 8/5 9/5",
    "Bhairavi": "1 16/15 6/5 4/3 3/2 8/5 9/5",
    "Bhairav (Mayamalavagaula)": "1 16/15 5/4 4/3 3/2 8/5 15/8",
    "Purvi": "1 16/15 5/4 45/32 3/2 8/5 15/8",
    "Marwa": "1 16/15 5/4 45/32 5/3 15/8",
    "Todi": "1 16/15 6/5 45/32 3/2 8/5 15/8",
    "Bhupali (Mohanam)": "1 9/8 5/4 3/2 5/3",
    "Malkauns (Hindolam)": "1 6/5 4/3 8/5 9/5",
    "Durga": "1 9/8 4/3 3/2 5/3",
    "Hamsadhvani": "1 9/8 5/4 3/2 15/8",
}

_JUST = {
    "just major (Ptolemy, intense diatonic)": "1 9/8 5/4 4/3 3/2 5/3 15/8",
    "just natural minor": "1 9/8 6/5 4/3 3/2 8/5 9/5",
    "just harmonic minor": "1 9/8 6/5 4/3 3/2 8/5 15/8",
    "Ptolemy, equable diatonic": "1 12/11 6/5 4/3 3/2 18/11 9/5",
    "Ptolemy, soft diatonic": "1 21/20 7/6 4/3 3/2 63/40 7/4",
    "Archytas, diatonic": "1 28/27 32/27 4/3 3/2 14/9 16/9",
    "Archytas, enharmonic": "1 28/27 16/15 4/3 3/2 14/9 8/5",
    "harmonics 8 to 16": "1 9/8 5/4 11/8 3/2 13/8 7/4 15/8",
    "just chromatic, 5-limit": "1 16/15 9/8 6/5 5/4 4/3 45/32 3/2 8/5 5/3 9/5 15/8",
}

# Numbers of fifths below and above the tonic.
_PYTHAGOREAN = {
    "Pythagorean major": (1, 5),
    "Pythagorean minor": (4, 2),
    "Pythagorean Dorian": (3, 3),
    "Pythagorean Mixolydian": (2, 4),
    "Pythagorean pentatonic": (0, 4),
}

_GUGAK = {
    "Pyeongjo (gyeong-tori)": (1, 3),
    "Gyemyeonjo (five notes)": (3, 1),
    "Ujo (sanjo and pansori, on do)": (0, 4),
    "Susimga-tori (seodo)": (2, 2),
    "Menari-tori (eastern)": (4, 0),
}

_KEYBOARD = {
    "Werckmeister III": (
        "0 90.225 192.18 294.135 390.225 498.045 588.27 696.09 792.18 888.27 996.09 1092.18",
        "A. Werckmeister, Musicalische Temperatur, 1691",
    ),
    "Kirnberger III": (
        "0 90.225 193.157 294.135 386.314 498.045 590.224 696.578 792.18 889.735 996.09 1088.269",
        "J. P. Kirnberger, letter to Forkel, 1779",
    ),
    "Vallotti": (
        "0 94.135 196.09 298.045 392.18 501.955 592.18 698.045 796.09 894.135 1000 1090.225",
        "F. A. Vallotti, about 1754: six fifths narrow by a sixth of the Pythagorean comma",
    ),
}

_GAMELAN = {
    "slendro, reported average": (
        "0 231 474 717 955",
        "W. Surjodiningrat, P. J. Sudarjana, A. Susanto, 1972; a reported average, octaves stretched",
    ),
    "slendro, as Ellis heard it": ("0 228 484 728 960", "A. J. Ellis, 1885; one ensemble"),
    "pelog, reported average": (
        "0 120 258 539 675 785 943",
        "W. Surjodiningrat, P. J. Sudarjana, A. Susanto, 1972; a reported average, octaves stretched",
    ),
    "pelog, as Ellis heard it": ("0 137 446 575 687 820 1098", "A. J. Ellis, 1885; one ensemble"),
}

_EQUAL_SUBSETS = {
    (17, "major"): "3 3 1 3 3 3 1",
    (17, "minor"): "3 1 3 3 1 3 3",
    (19, "major"): "3 3 2 3 3 3 2",
    (19, "minor"): "3 2 3 3 2 3 3",
    (22, "symmetric decatonic"): "2 2 3 2 2 2 2 3 2 2",
    (31, "major"): "5 5 3 5 5 5 3",
    (31, "minor"): "5 3 5 5 3 5 5",
}


def _all() -> list[TuningScale]:
    steps = "arithmetic; P. Erlich, Tuning, Tonality, and Twenty-Two-Tone Temperament, 1998, for 22"
    scales = [
        TuningScale(
            f"12-TET {name}",
            "12-TET",
            _from_steps(step, 100),
            "common practice; for Japanese modes, F. Koizumi",
        )
        for name, step in _MODES.items()
    ]
    scales += [
        TuningScale(f"{n}-TET", "equal temperament", equal_temperament(n), "arithmetic")
        for n in (12, 5, 7, 17, 19, 22, 24, 31, 34, 41, 53)
    ]
    scales += [
        TuningScale(f"{n}-TET {name}", "equal temperament", _from_steps(step, OCTAVE / n), steps)
        for (n, name), step in _EQUAL_SUBSETS.items()
    ]
    just = "frequency ratios; Ptolemy, Harmonics, 2nd century, who also reports Archytas"
    scales += [TuningScale(name, "just", from_ratios(ratios), just) for name, ratios in _JUST.items()]
    scales += [
        TuningScale(name, "Pythagorean", fifths(*ends), "chain of pure fifths")
        for name, ends in _PYTHAGOREAN.items()
    ]
    scales += [
        TuningScale(
            "Pythagorean chromatic",
            "Pythagorean",
            fifths(3, 8),
            "chain of pure fifths, Eb to G#",
            rotates=True,
        ),
        *_meantones(),
    ]
    scales += [
        TuningScale(name, "keyboard temperament", _numbers(cents), source, rotates=True)
        for name, (cents, source) in _KEYBOARD.items()
    ]
    makam = "theory of Arel, Ezgi and Uzdilek, 20th century, in commas of 1/53 octave"
    scales += [TuningScale(f"makam {n}", "makam", _from_steps(s, _COMMA), makam) for n, s in _MAKAMS.items()]
    maqam = "24-tone notation of the Cairo Congress, 1932; players' quarter tones differ by place"
    scales += [TuningScale(f"maqam {n}", "maqam", _from_steps(s, 50.0), maqam) for n, s in _MAQAMS.items()]
    raga = "V. N. Bhatkhande's svaras in the usual just ratios; practice varies"
    scales += [TuningScale(f"raga {n}", "raga", from_ratios(ratios), raga) for n, ratios in _RAGAS.items()]
    jo = "notes of the jo; cents derived from pure fifths (sambun-sonik), not measured"
    scales += [TuningScale(name, "gugak", fifths(*ends), jo) for name, ends in _GUGAK.items()]
    scales += [
        TuningScale("Namdo gyemyeonjo (yukjabaegi-tori)", "gugak", tuple(sorted((0.0, *_YUKJABAEGI))), jo),
        TuningScale("Twelve yul", "gugak", fifths(0, 11), "sambun-sonik from hwangjong, Akhak gwebeom, 1493"),
    ]
    scales += [
        TuningScale(name, "gamelan", _numbers(cents), source) for name, (cents, source) in _GAMELAN.items()
    ]
    return scales


# The three pillars mi, la, si and the do that falls to si.
_YUKJABAEGI = (-_PURE_FIFTH % OCTAVE, _PURE_FIFTH, -4 * _PURE_FIFTH % OCTAVE)


def _meantones() -> list[TuningScale]:
    quarter = 300 * math.log2(5)  # four fifths make a pure third
    sixth = _PURE_FIFTH - 1200 * math.log2(81 / 80) / 6
    third = _PURE_FIFTH - 1200 * math.log2(81 / 80) / 3
    found = []
    for name, fifth, source in (
        ("quarter-comma meantone", quarter, "P. Aaron, 1523; G. Zarlino, 1571"),
        ("third-comma meantone", third, "F. Salinas, 1577"),
        ("sixth-comma meantone", sixth, "G. Silbermann, 18th century"),
    ):
        cents = fifths(3, 8, fifth_cents=fifth)
        found.append(TuningScale(name, "meantone", cents, source, rotates=True))
        found.append(TuningScale(f"{name}, major", "meantone", fifths(1, 5, fifth_cents=fifth), source))
        found.append(TuningScale(f"{name}, minor", "meantone", fifths(4, 2, fifth_cents=fifth), source))
    return found


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(number) for number in text.split())


SCALES: tuple[TuningScale, ...] = tuple(_all())

"""Which keys and tempos go together.

Keys stand on the circle of fifths. Two keys go together when they are the same, relatives (the same
seven notes: A minor and C major) or neighbours on the circle in the same mode (all notes but one the
same). In Camelot's naming that is the same label, the other letter, or the number one up or down.

Tempos are compared as ratios; 60 and 120 beats per minute can be tapped together, at half or double time.
"""

from __future__ import annotations

import math

from sori.errors import ParameterError

__all__ = [
    "TEMPO_TOLERANCE",
    "camelot",
    "key_relation",
    "keys_compatible",
    "parse_key",
    "tempo_ratio",
    "tempo_relation",
    "tempos_near",
]

_PITCH_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ACCIDENTALS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_MODES = ("major", "minor")

#: Ratios further apart than this are different tempos: 6 % is what a player's pitch control usually covers.
TEMPO_TOLERANCE = 0.06


def _fifths(tonic: str, mode: str) -> int:
    """Steps up the circle from C major and A minor, 0 to 11."""
    name = tonic.strip()
    letter, accidental = name[:1].upper(), name[1:]
    if letter not in _PITCH_CLASSES or accidental not in _ACCIDENTALS or mode not in _MODES:
        raise ParameterError(
            f"key {tonic!r} {mode!r} is not known; write a note A to G with # or b, and major or minor"
        )
    pitch_class = _PITCH_CLASSES[letter] + _ACCIDENTALS[accidental]
    return (pitch_class + (3 if mode == "minor" else 0)) * 7 % 12


def camelot(tonic: str, mode: str) -> str:
    """Name a key as DJs do: ``8B`` is C major, ``8A`` its relative A minor.

    >>> camelot("A", "minor"), camelot("Eb", "major")
    ('8A', '5B')
    """
    return f"{(_fifths(tonic, mode) + 7) % 12 + 1}{'A' if mode == 'minor' else 'B'}"


def parse_key(text: str) -> tuple[str, str]:
    """Read ``A minor``, ``Am``, ``F#``, ``Bb major`` or a Camelot name such as ``8A`` as (tonic, mode).

    Raises
    ------
    ParameterError
        Anything else.
    """
    said = text.strip()
    for tonic in ("C", "G", "D", "A", "E", "B", "F#", "Db", "Ab", "Eb", "Bb", "F"):
        for mode in _MODES:
            if camelot(tonic, mode) == said.upper():
                return tonic, mode
    head, _, tail = said.partition(" ")
    if not tail and head.endswith("m"):
        head, tail = head[:-1], "minor"
    mode = tail.strip().lower() or "major"
    _fifths(head, mode)
    return head[:1].upper() + head[1:], mode


def key_relation(a: tuple[str, str], b: tuple[str, str]) -> str | None:
    """Say how two keys, each (tonic, mode), relate: ``"same"``, ``"relative"``, ``"fifth"`` or ``None``.

    >>> key_relation(("A", "minor"), ("C", "major"))
    'relative'
    """
    steps = (_fifths(*a) - _fifths(*b)) % 12
    if steps == 0:
        return "same" if a[1] == b[1] else "relative"
    return "fifth" if a[1] == b[1] and steps in (1, 11) else None


def keys_compatible(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Whether two keys go together: the same, relatives, or a fifth apart in the same mode."""
    return key_relation(a, b) is not None


def tempo_ratio(a_bpm: float, b_bpm: float, *, half_double: bool = True) -> float:
    """How far apart two tempos are: the larger over the smaller, at least 1.

    With ``half_double`` the nearest of half time, straight and double time counts.
    """
    steps = abs(math.log2(a_bpm / b_bpm))
    if half_double:
        steps = min(steps, abs(steps - 1.0))
    return float(2.0**steps)


def tempos_near(
    a_bpm: float, b_bpm: float, *, tolerance: float = TEMPO_TOLERANCE, half_double: bool = True
) -> bool:
    """Whether two tempos can be played as one."""
    return tempo_ratio(a_bpm, b_bpm, half_double=half_double) <= 1.0 + tolerance


def tempo_relation(a_bpm: float, b_bpm: float, *, tolerance: float = TEMPO_TOLERANCE) -> str | None:
    """What b is to a: ``"same"``, ``"double"``, ``"half"`` or ``None``."""
    for name, factor in (("same", 1.0), ("double", 2.0), ("half", 0.5)):
        if tempos_near(a_bpm * factor, b_bpm, tolerance=tolerance, half_double=False):
            return name
    return None

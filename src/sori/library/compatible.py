"""Which keys and tempos go together.

Keys stand on the circle of fifths. Two keys go together when they are the same, relatives (the same
seven notes: A minor and C major) or neighbours on the circle in the same mode (all notes but one the
same). In Camelot's naming that is the same label, the other letter, or the number one up or down.

Tempos are compared as ratios; 60 and 120 beats per minute can be tapped together, at half or double time.
"""

from __future__ import annotations

import functools
import math

from sori.errors import ParameterError
from sori.theory import keys

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

#: Ratios further apart than this are different tempos: 6 % is what a player's pitch control usually covers.
TEMPO_TOLERANCE = 0.06


def camelot(tonic: str, mode: str) -> str:
    """Name a key as DJs do: ``8B`` is C major, ``8A`` its relative A minor.

    >>> camelot("A", "minor"), camelot("Eb", "major")
    ('8A', '5B')
    """
    return keys.camelot((tonic, mode))


def parse_key(text: str) -> tuple[str, str]:
    """Read ``A minor``, ``Am``, ``F#``, ``Bb major`` or a Camelot name such as ``8A`` as (tonic, mode).

    Raises
    ------
    ParameterError
        Anything else.
    """
    try:
        key = keys.parse_key(text)
    except ParameterError:
        key = None
    if key is None or key.mode not in ("major", "minor"):
        raise ParameterError(
            f"key {text!r} is not known; write a note A to G with # or b, and major or minor"
        )
    return key


@functools.lru_cache(maxsize=256)
def _fifths(tonic: str, mode: str) -> int:
    """Steps up the circle from C major and A minor, 0 to 11."""
    return keys.signature((tonic, mode)) % 12


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

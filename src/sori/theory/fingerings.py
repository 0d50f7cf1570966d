"""Where to put the fingers for a chord on a fretted instrument, as data for drawing.

The fretboard is searched for grips that one hand reaches within four frets: the bass lowest where there are
more than four strings, every essential note of the chord present, muted strings at the edges only. They are
ranked by how easy they are to hold and how usual, so that the open shapes everybody learns come first, and
the known barre shapes after them.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from sori.errors import ParameterError
from sori.theory.chords import ChordLike, ChordSymbol, as_chord
from sori.theory.spelling import degree_semitones

__all__ = ["TUNINGS", "Barre", "Fingering", "fingerings"]

#: Open strings as MIDI notes, in the order in which a chord chart draws them.
TUNINGS: dict[str, tuple[int, ...]] = {
    "guitar": (40, 45, 50, 55, 59, 64),
    "guitar drop D": (38, 45, 50, 55, 59, 64),
    "guitar DADGAD": (38, 45, 50, 55, 57, 62),
    "guitar open G": (38, 43, 50, 55, 59, 62),
    "ukulele": (67, 60, 64, 69),
    "ukulele low G": (55, 60, 64, 69),
    "baritone ukulele": (50, 55, 59, 64),
    "mandolin": (55, 62, 69, 76),
}

Frets: TypeAlias = "tuple[int | None, ...]"

_REACH = 3  # frets between the lowest and the highest finger
_FINGERS = 4
_HIGHEST_BASE = 10
_STRINGS = (3, 8)
_KEPT = 12
_KNOWN_BY_NAME = 2.2  # what a shape that everybody knows may cost more


def _moved(frets: Frets) -> Frets:
    """The same shape with its lowest fret at the nut."""
    lowest = min(fret for fret in frets if fret is not None)
    return tuple(None if fret is None else fret - lowest for fret in frets)


def _shapes(words: str) -> frozenset[Frets]:
    return frozenset(tuple(None if fret == "x" else int(fret) for fret in word) for word in words.split())


_UKULELE_SHAPES = (
    "0003 0232 2010 2100 2220 0432 2000 2210 0231 0333 0001 0212 1202 0100 2223 1313 "
    "0000 2213 0202 0002 0222 2413 1100 2224 2200 0233 0013 3011 0230 2202 0331 1104 0111 1101 2120"
)
_GUITAR_TOP = "2010 0003 0232 2220 2100 3211 2210 2000 0231 4432 2310 0001 0212 2020 0100 0211 2010 2413"
# Shapes that players know by name, as they lie at the nut.
_USUAL = {
    TUNINGS["guitar"]: _shapes(
        "022100 022000 020100 020000 021100 022200 020200 022020 020102 022120 "  # from E
        "x02220 x02210 x02020 x02010 x02120 x02230 x02200 x02030 x02222 "  # from A
        "x32010 x32310 x32000 x32030 x32210 x32110 x33011 x21202 "  # from C
        "xx0232 xx0231 xx0212 xx0211 xx0222 xx0233 xx0230 xx0213 xx0201 xx3210 "  # from D
        "320003 320001 320002 320000 330013 200232 x20003 032010 332010 x20202"  # from G, and basses
    ),
    TUNINGS["ukulele"]: _shapes(_UKULELE_SHAPES),
    TUNINGS["ukulele low G"]: _shapes(_UKULELE_SHAPES),
    TUNINGS["baritone ukulele"]: _shapes(_GUITAR_TOP),
}
# Those of them that move up the neck, a barre in the place of the open strings.
_MOVED = {
    strings: frozenset(map(_moved, shapes if strings != TUNINGS["guitar"] else ()))
    for strings, shapes in _USUAL.items()
}
_MOVED[TUNINGS["guitar"]] = _shapes(
    "022100 022000 020100 020000 022200 x02220 x02210 x02020 x02010 x02120 x02230 x02200 "
    "x0101x x0121x x1202x x10111 x1012x"
)


@dataclasses.dataclass(frozen=True)
class Barre:
    """One finger across strings ``first`` to ``last`` (counted from 0) at a fret."""

    fret: int
    first: int
    last: int
    finger: int = 1


@dataclasses.dataclass(frozen=True)
class Fingering:
    """A way to hold a chord: for each string of the chart, left to right.

    ``frets`` counts from the nut or the capo, 0 is open and ``None`` muted; ``fingers`` are 1 (index) to
    4 (little finger), ``None`` where no finger is needed; ``base_fret`` is the top fret to draw, 1 beside the
    nut; ``midi`` are the notes that sound; ``difficulty`` is a cost without a unit, smaller is easier.
    """

    tuning: tuple[int, ...]
    frets: Frets
    fingers: Frets
    barres: tuple[Barre, ...]
    base_fret: int
    difficulty: float

    @property
    def text(self) -> str:
        """The frets in one word, as players write them: ``"x32010"``; with dashes from fret 10 on."""
        words = ["x" if fret is None else str(fret) for fret in self.frets]
        return ("-" if any(len(word) > 1 for word in words) else "").join(words)

    @property
    def midi(self) -> tuple[int, ...]:
        """The notes that sound, in the order of the strings."""
        pairs = zip(self.tuning, self.frets, strict=True)
        return tuple(note + fret for note, fret in pairs if fret is not None)


def fingerings(
    chord: ChordLike, *, tuning: str | Sequence[int] = "guitar", limit: int = 5
) -> tuple[Fingering, ...]:
    """Return ways to hold a chord, the easiest first; empty for ``N``, ``X`` and what cannot be reached.

    Parameters
    ----------
    chord
        A chord or its Harte label.
    tuning
        A name in `TUNINGS`, or the open strings as MIDI notes in the order of the chart. With four strings,
        or where they do not rise (a ukulele's high G), any note may lie lowest.
    limit
        How many at the most.

    >>> [fingerings(label)[0].text for label in ("C:maj", "G:maj", "F:maj", "D:maj/3")]
    ['x32010', '320003', '133211', '200232']
    >>> fingerings("C:maj", tuning="ukulele")[0].text
    '0003'
    """
    strings = _strings(tuning)
    if limit < 1:
        raise ParameterError(f"limit={limit}: want at least 1")
    symbol = as_chord(chord)
    if symbol.root is None:
        return ()
    return _ranked(_needed(symbol, len(strings)), strings)[:limit]


def _strings(tuning: str | Sequence[int]) -> tuple[int, ...]:
    if isinstance(tuning, str):
        if tuning not in TUNINGS:
            raise ParameterError(
                f"tuning={tuning!r}: want one of {', '.join(TUNINGS)}, or MIDI notes of the strings"
            )
        return TUNINGS[tuning]
    strings = tuple(int(note) for note in tuning)
    least, most = _STRINGS
    if not least <= len(strings) <= most or not all(0 <= note <= 115 for note in strings):
        raise ParameterError(f"tuning={tuning!r}: want {least} to {most} open strings as MIDI notes 0 to 115")
    return strings


@dataclasses.dataclass(frozen=True)
class _Needed:
    """What a grip must and may have, as sets of pitch classes in bits."""

    essential: int
    core: int  # what must sound where not all that is essential can
    allowed: int
    bass: int
    root: int
    fifth: int | None  # a perfect fifth that may be left out

    @property
    def is_power(self) -> bool:
        """Whether there are two notes only, which sound well on three strings."""
        return self.allowed.bit_count() < 3


def _needed(symbol: ChordSymbol, strings: int) -> _Needed:
    """Sort the notes of a chord into those that make it and those that may go.

    The perfect fifth goes first, then what lies between the seventh and the top of an eleventh or thirteenth,
    then the root, which the bass player has.
    """
    root = symbol.root_pitch_class or 0
    tones = {degree: degree_semitones(degree) % 12 for degree in symbol.degrees}
    kept = {*tones.values(), symbol.bass_interval}
    allowed = set(kept)
    fifth = 7 if 7 in kept and len(kept) > 3 and symbol.bass_interval != 7 else None
    kept.discard(fifth if fifth is not None else -1)
    for degree in ("11", "9", "1"):
        if len(kept) > min(strings, 5) and tones.get(degree, symbol.bass_interval) != symbol.bass_interval:
            kept.discard(tones[degree])
            if degree != "1":
                allowed.discard(tones[degree])
    spare = {0, 7, *(tones[degree] for degree in ("9", "11") if degree in tones)}
    return _Needed(
        essential=_bits(kept, root),
        core=_bits(kept - spare | {symbol.bass_interval}, root),
        allowed=_bits(allowed, root),
        bass=(root + symbol.bass_interval) % 12,
        root=root,
        fifth=(root + fifth) % 12 if fifth is not None else None,
    )


def _bits(steps: set[int], root: int) -> int:
    return sum(1 << ((root + step) % 12) for step in steps)


@functools.lru_cache(maxsize=2048)
def _ranked(needed: _Needed, strings: tuple[int, ...]) -> tuple[Fingering, ...]:
    """The twelve grips to try first."""
    bass = needed.bass if _bass_first(strings) else None
    found: list[tuple[float, Frets, float]] = []
    mutes = len(strings) > 4
    tries = ((needed.essential, bass, mutes), (needed.core, bass, mutes), (needed.core, None, True))
    for essential, low, mutes in tries:
        for frets in _grips(dataclasses.replace(needed, essential=essential), strings, bass=low, mutes=mutes):
            effort = _effort(frets)
            if effort is not None:
                found.append((effort + _strangeness(frets, strings, needed), frets, effort))
        if found:
            break
    found.sort(key=lambda each: (each[0], [-1 if fret is None else fret for fret in each[1]]))
    return tuple(_drawn(frets, strings, effort) for _, frets, effort in found[:_KEPT])


def _bass_first(strings: tuple[int, ...]) -> bool:
    """Whether the bass must lie lowest: where there are strings enough and they rise."""
    return len(strings) > 4 and all(low < high for low, high in itertools.pairwise(strings))


def _grips(needed: _Needed, strings: tuple[int, ...], *, bass: int | None, mutes: bool) -> Iterator[Frets]:
    """Every row of frets within reach with the essential notes; ``bass`` must sound on the first string."""
    count = len(strings)
    lowest_starts = range(min(3, count - 2)) if mutes else range(1)
    for base in range(_HIGHEST_BASE + 1):
        window = (0, *range(base, base + _REACH + 1)) if base else (0,)
        rows = []
        for note in strings:
            bits = [(fret, 1 << ((note + fret) % 12), int(fret > base)) for fret in window]
            rows.append([each for each in bits if needed.allowed & each[1]])
        for start in lowest_starts:
            grips: list[tuple[Frets, int, int]] = [((None,) * start, 0, 0)]
            for string in range(start, count):
                if mutes and (string == count - 1 or (needed.is_power and string > start + 2)):
                    yield from _complete(grips, needed, base, (None,) * (count - string))
                row = rows[string]
                if string == start and bass is not None:
                    row = [each for each in row if each[1] == 1 << bass]
                grips = [
                    ((*frets, fret), heard | bit, fingers + above)
                    for frets, heard, fingers in grips
                    for fret, bit, above in row
                    if fingers + above <= _FINGERS
                ]
            yield from _complete(grips, needed, base, ())


def _complete(
    grips: list[tuple[Frets, int, int]], needed: _Needed, base: int, muted: Frets
) -> Iterator[Frets]:
    """Those that have every essential note and use the base fret, which other bases do not."""
    for frets, heard, _ in grips:
        if heard & needed.essential == needed.essential and (base == 0 or base in frets):
            yield frets + muted


def _barred(frets: Frets) -> tuple[int, int, int] | None:
    """Fret and strings that the first finger lies across; ``None`` where it need not or cannot."""
    pressed = [fret for fret in frets if fret]
    if len(pressed) < 3:
        return None
    base = min(pressed)
    at_base = [string for string, fret in enumerate(frets) if fret == base]
    first, last = at_base[0], at_base[-1]
    across = frets[first : last + 1]
    if len(at_base) < 2 or any(fret is None or fret < base for fret in across):
        return None
    adjacent = any(b - a == 1 for a, b in itertools.pairwise(at_base))
    higher = max(pressed) > base and any(fret and fret > base for fret in frets[:last])
    if len(pressed) > _FINGERS or (adjacent and higher and len(across) == len(at_base)):
        return base, first, last
    return None


def _effort(frets: Frets) -> float | None:
    """How hard a grip is to hold; ``None`` when four fingers cannot."""
    pressed = [fret for fret in frets if fret]
    if not pressed:
        return 0.0
    barre = _barred(frets)
    fingers = len(pressed)
    effort = 0.0
    lowest = min(pressed)
    if barre is not None:
        base, first, last = barre
        fingers = 1 + sum(fret > base for fret in pressed)
        effort = 0.5 + 0.25 * (last - first)
    if fingers > _FINGERS:
        return None
    effort += fingers + (0.0, 0.0, 0.3, 2.0)[max(pressed) - lowest] + 0.42 * (lowest - 1)
    return effort + (0.6 * frets.count(0) if lowest > 3 else 0.0)


def _strangeness(frets: Frets, strings: tuple[int, ...], needed: _Needed) -> float:
    """How far a grip is from what players expect to see and hear."""
    low_mutes = next(string for string, fret in enumerate(frets) if fret is not None)
    high_mutes = frets.count(None) - low_mutes
    sounding = [note + fret for note, fret in zip(strings, frets, strict=True) if fret is not None]
    heard = {note % 12 for note in sounding}
    strange = 0.95 * low_mutes + (0.1 if needed.is_power else 1.6) * high_mutes
    strange += 1.0 * (len(sounding) - len(set(sounding)))  # the same note on two strings
    bass_missed = min(sounding) % 12 != needed.bass
    if not _bass_first(strings):
        strange += (1.0 if needed.bass != needed.root else 0.4) * bass_missed
    else:
        strange += 5.0 * bass_missed
        # a second or fourth over the bass is muddy
        strange += {3: 0.3, 4: 0.3, 7: 0.0, 12: 0.0}.get(sounding[1] - sounding[0], 1.2)
    strange += 1.0 * (needed.fifth is not None and needed.fifth not in heard)
    strange += 2.0 * (needed.root not in heard)
    usual = frets in _USUAL.get(strings, ()) or _moved(frets) in _MOVED.get(strings, ())
    return strange - (_KNOWN_BY_NAME if usual else 0.0)


def _drawn(frets: Frets, strings: tuple[int, ...], cost: float) -> Fingering:
    """A grip with its fingers named."""
    barre = _barred(frets)
    pressed = sorted((fret, string) for string, fret in enumerate(frets) if fret)
    fingers: list[int | None] = [None] * len(frets)
    barres: tuple[Barre, ...] = ()
    last = 0
    if barre is not None:
        barres = (Barre(*barre),)
        for string in range(barre[1], barre[2] + 1):
            if frets[string] == barre[0]:
                fingers[string] = 1
        pressed = [(fret, string) for fret, string in pressed if fret > barre[0]]
        last = 1
    highest = max((fret for fret in frets if fret), default=0)
    lowest = min((fret for fret in frets if fret), default=1)
    nut = lowest if barre is not None or highest > 4 else 1
    named = _fingers([fret - nut + 1 for fret, _ in pressed], last)
    for (_, string), finger in zip(pressed, named, strict=True):
        fingers[string] = finger
    base_fret = 1 if highest <= 4 else lowest
    return Fingering(strings, frets, tuple(fingers), barres, base_fret, round(cost, 2))


def _fingers(places: list[int], last: int) -> list[int]:
    """Fingers for frets counted from the hand's place: a finger a fret where that needs no little finger."""
    named = []
    finger = last
    for place in places:
        finger = max(finger + 1, place)
        named.append(finger)
    if named and named[-1] > (_FINGERS if last else _FINGERS - 1):
        return [last + 1 + order for order in range(len(places))]
    return named

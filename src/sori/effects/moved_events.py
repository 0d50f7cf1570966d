"""Labels that move with the sound: records of `sori.events` at other times and pitches.

A record is read by the names of its fields, which carry their units: what lies at a time moves, what lasts
stretches, what repeats so many times a minute slows down, what has a pitch is transposed. What falls outside
the sound is left out, spans are cut where it ends.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sori.theory.chords import as_chord
from sori.theory.transposition import transpose_chords, transpose_key

__all__ = ["retimed", "transposed"]

_SPANS = (("start_s", "end_s"), ("onset_s", "offset_s"))
_POINTS = ("time_s", "onset_s")
_ROWS = ("times_s", "starts_s", "downbeats_s", "modulations_s")
_LENGTHS = (
    "period_s",
    "pulse_s",
    "mean_s",
    "deviation_s",
    "timing_s",
    "leading_silence_s",
    "trailing_silence_s",
)
_RATES = ("bpm", "rate_hz")


def retimed(
    event: Any, *, rate: float = 1.0, shift_s: float = 0.0, duration_s: float, wrap: bool = False
) -> Any:
    """Return a record as it is when the sound is played ``rate`` times as fast, then moved by ``shift_s``.

    Parameters
    ----------
    event : a record of `sori.events`, or a tuple of them; anything else stays as it is
    rate, shift_s : float
        A moment ``t`` comes to ``t / rate + shift_s``.
    duration_s : float
        Length of the result: what is not in it is left out.
    wrap : bool
        What leaves at one end comes in at the other.

    Examples
    --------
    >>> from sori.events import Beats
    >>> retimed(Beats((0.5, 1.0, 1.5)), rate=2.0, shift_s=0.4, duration_s=1.0)
    Beats(times_s=(0.65, 0.9))
    """
    shift_s = shift_s % duration_s if wrap and duration_s > 0 else shift_s
    shifts = (shift_s, shift_s - duration_s) if wrap else (shift_s,)
    return _Clock(rate, shifts, duration_s).moved(event)


@dataclasses.dataclass(frozen=True)
class _Clock:
    rate: float
    shifts: tuple[float, ...]
    duration_s: float

    def moved(self, event: Any) -> Any:
        if isinstance(event, tuple):
            return self._row(event)
        if not dataclasses.is_dataclass(event) or isinstance(event, type):
            return event
        span = _span_of(event)
        if span is not None:
            return next(self._spans(event, span), None)
        changed = {name: self._field(name, value) for name, value in _fields(event)}
        for name in _ROWS:
            if name in changed:
                self._rows(event, name, changed)
        if hasattr(event, "positions"):  # they count beats, and only the beats know which of them are left
            changed["positions"] = ()
        return dataclasses.replace(event, **changed)

    def _row(self, many: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return those of some records that are still there, in order of time."""
        found: list[tuple[float, Any]] = []
        for number, one in enumerate(many):
            span = _span_of(one)
            point = next((name for name in _POINTS if hasattr(one, name)), None)
            if span is not None:
                found += [(getattr(moved, span[0]), moved) for moved in self._spans(one, span)]
            elif point is not None:
                places = self._places(getattr(one, point))
                found += [(at, dataclasses.replace(self.moved(one), **{point: at})) for at in places]
            else:
                found.append((number, self.moved(one)))
        return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))

    def _spans(self, event: Any, names: tuple[str, str]) -> Iterator[Any]:
        changed = {name: self._field(name, value) for name, value in _fields(event)}
        for shift in self.shifts:
            start, end = (getattr(event, name) / self.rate + shift for name in names)
            start, end = max(start, 0.0), min(end, self.duration_s)
            if start < end:
                yield dataclasses.replace(event, **{**changed, names[0]: start, names[1]: end})

    def _rows(self, event: Any, name: str, changed: dict[str, Any]) -> None:
        """Move a row of times; rows of the same length beside ``times_s`` keep step with it."""
        times = getattr(event, name)
        kept = sorted((at, number) for number, time in enumerate(times) for at in self._places(time))
        if name == "times_s":
            for other, value in changed.items():
                if isinstance(value, tuple) and len(value) == len(times):
                    changed[other] = tuple(value[number] for _, number in kept)
        changed[name] = tuple(at for at, _ in kept)

    def _places(self, time: float) -> list[float]:
        places = (time / self.rate + shift for shift in self.shifts)
        return [at for at in places if 0 <= at < self.duration_s]

    def _field(self, name: str, value: Any) -> Any:
        if name in _LENGTHS:
            return None if value is None else value / self.rate
        if name in _RATES:
            return _each(value, lambda one: one * self.rate)
        return self.moved(value)


def transposed(event: Any, semitones: float) -> Any:
    """Return a record as it is when the sound is so many semitones higher.

    Keys and chords have names on the semitones: they move to the nearest one, and the tuning by the rest.

    Examples
    --------
    >>> from sori.events import Key, Tuning
    >>> transposed(Key("C", "major", 0.9, ()), 2.0).tonic, transposed(Tuning(440.0, 0.0), 1.9).cents
    ('D', -10.0)
    """
    if isinstance(event, tuple):
        return tuple(transposed(one, semitones) for one in event)
    if not dataclasses.is_dataclass(event) or isinstance(event, type):
        return event
    steps = round(semitones)
    factor = 2.0 ** (semitones / 12)
    changed: dict[str, Any] = {}
    for name, value in _fields(event):
        if name == "pitch_midi":
            changed[name] = _each(value, lambda one: one + semitones)
        elif name == "hz":
            changed[name] = _each(value, lambda one: one * factor)
        elif name == "label" and hasattr(event, "alternatives"):
            changed[name] = _transposed_label(value, steps)
        else:
            changed[name] = transposed(value, semitones)
    changed |= _renamed(event, steps, semitones)
    return dataclasses.replace(event, **changed)


def _renamed(event: Any, steps: int, semitones: float) -> dict[str, Any]:
    """Return the fields of a record that mean something only together."""
    kind = type(event).__name__
    if hasattr(event, "tonic") and event.tonic is not None:
        key = transpose_key(f"{event.tonic} {event.mode}", steps)
        return {"tonic": key.tonic}
    if kind == "ChordCandidate":
        return {"label": _transposed_label(event.label, steps)}
    if kind == "Chords":
        labels = [chord.label for chord in event.chords]
        spelt = transpose_chords([label for label in labels if as_chord(label).root is not None], steps)
        names = iter(spelt)
        chords = (
            dataclasses.replace(
                transposed(chord, semitones),
                label=chord.label if as_chord(chord.label).root is None else next(names).label,
            )
            for chord in event.chords
        )
        return {"chords": tuple(chords)}
    if kind == "Tuning" and event.a4_hz is not None:
        cents = 100 * (semitones - steps)
        return {"a4_hz": event.a4_hz * 2 ** (cents / 1200), "cents": round(event.cents + cents, 9)}
    if kind == "PitchHistogram":
        by = round(semitones * len(event.weights) / 12) % max(1, len(event.weights))
        return {"weights": event.weights[-by:] + event.weights[:-by]}
    if kind == "Scale" and event.tonic_hz is not None:
        octaves = math.log2(event.tonic_hz / _MIDDLE_C_HZ) + semitones / 12
        return {"tonic_hz": _MIDDLE_C_HZ * 2 ** (octaves % 1.0)}
    return {}


_MIDDLE_C_HZ = 440.0 * 2 ** (-9 / 12)


def _transposed_label(label: str, steps: int) -> str:
    chord = as_chord(label)
    return label if chord.root is None else transpose_chords([chord], steps)[0].label


def _span_of(event: Any) -> tuple[str, str] | None:
    return next((pair for pair in _SPANS if all(hasattr(event, name) for name in pair)), None)


def _fields(event: Any) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(event):
        yield field.name, getattr(event, field.name)


def _each(value: Any, change: Callable[[float], float]) -> Any:
    if value is None:
        return None
    if isinstance(value, Sequence):
        return tuple(change(one) for one in value)
    return change(value)

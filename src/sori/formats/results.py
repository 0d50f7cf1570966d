"""What was heard in one recording, as events: the one thing that every form is written from and read into."""

from __future__ import annotations

import dataclasses
import itertools
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any

from sori.errors import DataError
from sori.events import (
    BeatHistogram,
    Beats,
    Chords,
    Contour,
    Cycle,
    Expression,
    Key,
    KeySpan,
    Levels,
    LocalKeys,
    Loudness,
    Metre,
    Notes,
    Onsets,
    Pitch,
    Scale,
    Sections,
    Tempo,
    TempoCurve,
    Tuning,
    as_dict,
)

__all__ = ["Results", "bars", "event", "key_spans", "metre_of"]


@dataclasses.dataclass(frozen=True)
class Results:
    """Events of one recording; ``None`` for what was not asked.

    ``duration_s`` is the recording's length, 0 where it is not known; ``title`` and ``artist`` may be empty.
    """

    duration_s: float = 0.0
    title: str = ""
    artist: str = ""
    loudness: Loudness | None = None
    levels: Levels | None = None
    onsets: Onsets | None = None
    tempo: Tempo | None = None
    tempo_curve: TempoCurve | None = None
    beat_histogram: BeatHistogram | None = None
    beats: Beats | None = None
    metre: Metre | None = None
    cycle: Cycle | None = None
    tuning: Tuning | None = None
    key: Key | None = None
    local_keys: LocalKeys | None = None
    chords: Chords | None = None
    sections: Sections | None = None
    pitch: Pitch | None = None
    melody: Pitch | None = None
    notes: Notes | None = None
    melody_notes: Notes | None = None
    contour: Contour | None = None
    scale: Scale | None = None
    expression: Expression | None = None

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Results:
        """Return results from plain JSON data by the names above; what has another name is left out.

        Raises
        ------
        DataError
            Where something is missing in an event, or is of another type; the message says where.
        """
        if not isinstance(plain, Mapping):
            raise DataError(f"results are {_kind(plain)}: want an object of stages by name")
        hints = typing.get_type_hints(cls)
        return cls(**{name: _value(hint, plain[name], name) for name, hint in hints.items() if name in plain})

    def as_plain(self) -> dict[str, Any]:
        """Return what is there as plain JSON data: the inverse of `from_plain`."""
        found = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {
            name: as_dict(value) if dataclasses.is_dataclass(value) else value
            for name, value in found.items()
            if value is not None and value != ""
        }


E = typing.TypeVar("E")
_LARGEST = sys.float_info.max


def event(kind: type[E], plain: Any, *, where: str = "") -> E:
    """Return an event of ``kind`` from what `sori.events.as_dict` made of it.

    Raises
    ------
    DataError
        Where something is missing or of another type.

    Examples
    --------
    >>> event(Beats, {"times_s": [0.5, 1.0]})
    Beats(times_s=(0.5, 1.0))
    """
    return typing.cast("E", _value(kind, plain, where or kind.__name__))


def _value(hint: Any, plain: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(kind for kind in typing.get_args(hint) if kind is not type(None))
        return None if plain is None else _value(inner, plain, where)
    if origin is tuple:
        if not isinstance(plain, list | tuple):
            raise DataError(f"{where} is {_kind(plain)}: want a list")
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item, f"{where}[{at}]") for at, item in enumerate(plain))
    if dataclasses.is_dataclass(hint):
        if not isinstance(plain, Mapping):
            raise DataError(f"{where} is {_kind(plain)}: want an object")
        hints = typing.get_type_hints(hint)
        if missing := [name for name in hints if name not in plain]:
            raise DataError(f"{where} has no {', '.join(missing)}: was it written by another version?")
        build = typing.cast("Callable[..., Any]", hint)
        return build(**{name: _value(inner, plain[name], f"{where}.{name}") for name, inner in hints.items()})
    return _scalar(hint, plain, where)


def _scalar(hint: Any, plain: Any, where: str) -> Any:
    is_number = isinstance(plain, int | float) and not isinstance(plain, bool)
    if hint is float and is_number and abs(plain) <= _LARGEST:  # false for NaN, too
        return float(plain)
    if hint is not float and isinstance(plain, hint) and (hint is bool or not isinstance(plain, bool)):
        return plain
    names = {float: "a finite number", int: "a whole number", str: "text", bool: "true or false"}
    raise DataError(f"{where} is {_kind(plain)}: want {names[hint]}")


def _kind(plain: Any) -> str:
    text = repr(plain)
    return text if len(text) <= 40 else f"{text[:37]}..."


def metre_of(times_s: tuple[float, ...], positions: tuple[int, ...]) -> Metre | None:
    """Return the metre that positions in the bar say, one for each beat; ``None`` where there are none."""
    if not positions:
        return None
    downbeats = tuple(at for at, position in zip(times_s, positions, strict=True) if position == 1)
    lengths = [last for last, first in itertools.pairwise(positions) if first == 1] or [max(positions)]
    most = max(sorted(set(lengths), reverse=True), key=lengths.count)
    return Metre(most, 1.0, downbeats, positions, ())


def bars(positions: tuple[int, ...]) -> tuple[int, ...]:
    """Return the number of the bar of each beat, 0 for those before the first downbeat.

    >>> bars((4, 1, 2, 3, 4, 1))
    (0, 1, 1, 1, 1, 2)
    """
    numbers, count = [], 0
    for position in positions:
        count += position == 1
        numbers.append(count)
    return tuple(numbers)


def key_spans(results: Results) -> tuple[KeySpan, ...] | None:
    """Return the keys over time: the local ones, or the one key from start to end; ``None`` if not asked."""
    if results.local_keys is not None:
        return results.local_keys.spans
    if results.key is None:
        return None
    key = results.key
    if key.tonic is None or key.mode is None or results.duration_s <= 0:
        return ()
    return (KeySpan(0.0, results.duration_s, key.tonic, key.mode, key.confidence),)

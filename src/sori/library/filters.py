"""Which tracks may be found at all: by tempo, key, tuning, loudness, tags, folder and length.

A track of which the wanted thing is not known does not pass: who asks for 120 BPM does not want
tracks without a tempo. Nor does one of which no file is there.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.library.compatible import key_relation, keys_compatible, parse_key
from sori.library.table import Table
from sori.library.track import Track

__all__ = ["Filters"]

Span = tuple[float, float]
Bools = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Filters:
    """What is wanted; ``None`` wants nothing in particular.

    Attributes
    ----------
    tempo_bpm, years, duration_s, tuning_hz, loudness_lufs
        (lowest, highest), both included.
    half_double
        Whether a tempo may also be counted at half or double time.
    key
        As :func:`~sori.library.compatible.parse_key` reads it; tracks in compatible keys pass.
    same_key
        Only that very key passes.
    genre
        One of the genres of the tag, whatever the case.
    folder
        Any file of the track that is there lies in it or below.
    artist, album
        What the tag says, whatever the case.

    Raises
    ------
    ParameterError
        A range that is upside down, or a key that is none.
    """

    tempo_bpm: Span | None = None
    half_double: bool = False
    key: str | None = None
    same_key: bool = False
    years: tuple[int, int] | None = None
    genre: str | None = None
    folder: str | None = None
    duration_s: Span | None = None
    tuning_hz: Span | None = None
    loudness_lufs: Span | None = None
    artist: str | None = None
    album: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("tempo_bpm", "years", "duration_s", "tuning_hz", "loudness_lufs"):
            span = getattr(self, name)
            if span is not None and not span[0] <= span[1]:
                raise ParameterError(f"{name} came as {span[0]} to {span[1]}; give the lower one first")
        if self.key is not None:
            parse_key(self.key)

    def accepts(self, track: Track) -> bool:
        """Whether a track passes."""
        return (
            not track.missing
            and all(_within(getattr(track, name), span, by) for name, span, by in self._spans())
            and all(passes(*(getattr(track, name) for name in names)) for names, passes in self._tests())
            and self._lies_in(track.paths or (track.path,), track.missing_paths)
        )

    def mask(self, ids: Sequence[str], tracks: Mapping[str, Track]) -> Bools:
        """(n,) in the order of ``ids``: which of them pass; one that is not in ``tracks`` does not."""
        if isinstance(tracks, Table):
            rows = tracks.rows_of(ids)
            return np.asarray((rows >= 0) & self.rows(tracks)[rows] if len(tracks) else rows >= 0)
        return np.fromiter((i in tracks and self.accepts(tracks[i]) for i in ids), bool, len(ids))

    def rows(self, table: Table) -> Bools:
        """(n,) which tracks of a table pass: numbers at once, words once for each that there is."""
        passing = ~np.asarray(table.columns["missing"], bool)
        for name, span, by in self._spans():
            passing &= _any_within(table.numbers(name), span, by)
        for names, passes in self._tests():
            kinds, codes = table.kinds(*names)
            passing &= _picked([passes(*kind) for kind in kinds], codes)
        if self.folder is not None:
            places, codes = table.folders()
            passing &= _picked([self._lies_in((os.path.join(place, ""),)) for place in places], codes)
            for track_id in table.elsewhere:
                row = table.row(track_id)
                paths, gone = table.files(row)
                there = not table.columns["missing"][row]
                passing[row] = there and self._passes_else(table, track_id) and self._lies_in(paths, gone)
        return passing

    def _passes_else(self, table: Table, track_id: str) -> bool:
        """Whether a track passes wherever it lies."""
        return dataclasses.replace(self, folder=None).accepts(table[track_id])

    def _spans(self) -> Iterator[tuple[str, Span, tuple[float, ...]]]:
        """Yield the field, the span and the factors of every number that is asked for."""
        once = (1.0,)
        wanted = (
            ("tempo_bpm", self.tempo_bpm, (1.0, 2.0, 0.5) if self.half_double else once),
            ("year", self.years, once),
            ("duration_s", self.duration_s, once),
            ("tuning_hz", self.tuning_hz, once),
            ("loudness_lufs", self.loudness_lufs, once),
        )
        yield from ((name, span, by) for name, span, by in wanted if span is not None)

    def _tests(self) -> Iterator[tuple[tuple[str, ...], Callable[..., bool]]]:
        """Yield the fields and the test of every word that is asked for."""
        if self.key is not None:
            yield ("key_tonic", "key_mode"), self._in_key
        if self.genre is not None:
            yield ("genre",), self._of_genre
        for name in ("artist", "album"):
            if (wanted := getattr(self, name)) is not None:
                yield (name,), _says(wanted)

    def _in_key(self, tonic: str | None, mode: str | None) -> bool:
        if self.key is None or tonic is None or mode is None:
            return self.key is None
        wanted, heard = parse_key(self.key), (tonic, mode)
        if self.same_key:
            return key_relation(wanted, heard) == "same"
        return keys_compatible(wanted, heard)

    def _of_genre(self, genre: str | None) -> bool:
        if self.genre is None:
            return True
        genres = {part.strip().casefold() for part in re.split(r"[;,/|\0]", genre or "")}
        return self.genre.strip().casefold() in genres | {(genre or "").strip().casefold()}

    def _lies_in(self, paths: Sequence[str], gone: Sequence[str] = ()) -> bool:
        if self.folder is None:
            return True
        root = os.path.join(os.path.normcase(os.path.abspath(self.folder)), "")
        return any(os.path.normcase(path).startswith(root) for path in paths if path not in gone)


def _says(wanted: str) -> Callable[[str | None], bool]:
    return lambda tag: (tag or "").strip().casefold() == wanted.strip().casefold()


def _within(value: float | None, span: Span, factors: tuple[float, ...]) -> bool:
    return value is not None and any(span[0] <= value * factor <= span[1] for factor in factors)


def _any_within(values: NDArray[np.float64], span: Span, factors: tuple[float, ...]) -> Bools:
    found = np.zeros(len(values), bool)
    for factor in factors:  # what is not known is NaN, which lies nowhere
        found |= (values * factor >= span[0]) & (values * factor <= span[1])
    return found


def _picked(passing: Sequence[bool], codes: NDArray[np.int64]) -> Bools:
    return np.asarray(passing, bool)[codes] if passing else np.zeros(len(codes), bool)

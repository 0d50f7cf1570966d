"""Which tracks may be found at all: by tempo, key, year, genre, folder and length.

A track of which the wanted thing is not known does not pass: who asks for 120 BPM does not want
tracks without a tempo. Nor does one of which no file is there.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.library.compatible import key_relation, keys_compatible, parse_key
from sori.library.track import Track

__all__ = ["Filters"]


@dataclasses.dataclass(frozen=True)
class Filters:
    """What is wanted; ``None`` wants nothing in particular.

    Attributes
    ----------
    tempo_bpm, years, duration_s
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

    Raises
    ------
    ParameterError
        A range that is upside down, or a key that is none.
    """

    tempo_bpm: tuple[float, float] | None = None
    half_double: bool = False
    key: str | None = None
    same_key: bool = False
    years: tuple[int, int] | None = None
    genre: str | None = None
    folder: str | None = None
    duration_s: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("tempo_bpm", "years", "duration_s"):
            span = getattr(self, name)
            if span is not None and not span[0] <= span[1]:
                raise ParameterError(f"{name} came as {span[0]} to {span[1]}; give the lower one first")
        if self.key is not None:
            parse_key(self.key)

    def accepts(self, track: Track) -> bool:
        """Whether a track passes."""
        return all(check(track) for check in self._checks())

    def mask(self, ids: Sequence[str], tracks: Mapping[str, Track]) -> NDArray[np.bool_]:
        """(n,) in the order of ``ids``: which of them pass; one that is not in ``tracks`` does not."""
        known = np.fromiter(map(tracks.__contains__, ids), bool, len(ids))
        for check in self._checks():
            at = np.flatnonzero(known)
            known[at] = [check(tracks[ids[i]]) for i in at.tolist()]
        return known

    def _checks(self) -> list[Callable[[Track], bool]]:
        """Only what is asked for: libraries have many tracks."""
        checks: list[Callable[[Track], bool]] = [lambda track: not track.missing]
        if self.duration_s is not None:
            checks.append(lambda track: _within(track.duration_s, self.duration_s))
        if self.years is not None:
            checks.append(lambda track: _within(track.year, self.years))
        asked = (self.tempo_bpm, self._tempo), (self.key, self._key), (self.genre, self._genre)
        checks += [check for wanted, check in (*asked, (self.folder, self._folder)) if wanted is not None]
        return checks

    def _tempo(self, track: Track) -> bool:
        if self.tempo_bpm is None:
            return True
        if track.tempo_bpm is None:
            return False
        factors = (1.0, 2.0, 0.5) if self.half_double else (1.0,)
        return any(_within(track.tempo_bpm * factor, self.tempo_bpm) for factor in factors)

    def _key(self, track: Track) -> bool:
        if self.key is None:
            return True
        if track.key_tonic is None or track.key_mode is None:
            return False
        wanted, heard = parse_key(self.key), (track.key_tonic, track.key_mode)
        if self.same_key:
            return key_relation(wanted, heard) == "same"
        return keys_compatible(wanted, heard)

    def _genre(self, track: Track) -> bool:
        if self.genre is None:
            return True
        genres = {part.strip().casefold() for part in re.split(r"[;,/|\0]", track.genre or "")}
        return self.genre.strip().casefold() in genres | {(track.genre or "").strip().casefold()}

    def _folder(self, track: Track) -> bool:
        if self.folder is None:
            return True
        root = os.path.join(os.path.normcase(os.path.abspath(self.folder)), "")
        here = [path for path in track.paths or (track.path,) if path not in track.missing_paths]
        return any(os.path.normcase(path).startswith(root) for path in here)


def _within(value: float | None, span: tuple[float, float] | None) -> bool:
    return span is None or (value is not None and span[0] <= value <= span[1])

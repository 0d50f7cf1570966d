r"""Playlists that grow from a few tracks.

From the tracks most like the seeds, one after the other is taken: the one with the least

.. math:: d(\text{seeds}, x) + d(\text{previous}, x) + \text{tempo}(x),

the evened-out distance to the seeds, the distance to the track before, and, where a tempo ramp is
wanted, how far the tempo is from the ramp. What must not be (see :class:`Rules`) is passed over as long
as anything else is left; where nothing is, the least important rule gives way and the playlist says so.
At last the order is smoothed by reversing stretches of it wherever that shortens the way and breaks no
rule (2-opt).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.library import versions
from sori.library.compatible import keys_compatible, tempo_ratio
from sori.library.filters import Filters
from sori.library.similarity import Neighbours, Query, Ranking, smallest
from sori.library.track import Track

__all__ = ["LONGEST", "Playlist", "Rules", "grow"]

Floats = NDArray[np.float64]

_PER_PLACE, _FEWEST, _MOST = 12, 200, 1_000
_TEMPO_BINS = 12
#: How many tracks a list may have.
LONGEST = 500
#: How many tracks a list has when neither length nor duration is given.
_LENGTH = 20


@dataclasses.dataclass(frozen=True)
class Rules:
    """What a playlist must not do.

    Attributes
    ----------
    artist_spacing, album_spacing
        So many tracks lie between two of one artist or album, at least; unknown ones are not compared.
    tempo_ramp
        (first, last) beats per minute: tempo goes evenly from one to the other; half and double time count.
    tempo_tolerance
        How far from the ramp a tempo may be, as a part of it.
    compatible_keys
        Every track's key goes with the key before, where both are known.
    """

    artist_spacing: int = 3
    album_spacing: int = 1
    tempo_ramp: tuple[float, float] | None = None
    tempo_tolerance: float = 0.06
    compatible_keys: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.artist_spacing < 0 or self.album_spacing < 0:
            raise ParameterError("spacing came below 0; 0 lets an artist or album follow itself")
        if self.tempo_ramp is not None and not all(0 < bpm < math.inf for bpm in self.tempo_ramp):
            raise ParameterError(
                f"tempo_ramp came as {self.tempo_ramp}; give two tempos in BPM, as (90, 130)"
            )

    def tempo_at(self, place: float) -> float | None:
        """Return the wanted tempo at a place from 0 to 1, even in ratio."""
        if self.tempo_ramp is None:
            return None
        first, last = self.tempo_ramp
        return first * math.exp(math.log(last / first) * min(max(place, 0.0), 1.0))

    def broken(self, before: Sequence[Track], track: Track, place: float) -> set[str]:
        """Names of the rules that a track breaks after those before it."""
        broken = set()
        artist, album = _named(track.artist), _album(track)
        if artist and artist in {_named(t.artist) for t in _last(before, self.artist_spacing)}:
            broken.add("artist spacing")
        if album and album in {_album(t) for t in _last(before, self.album_spacing)}:
            broken.add("album spacing")
        wanted = self.tempo_at(place)
        if wanted is not None and not (
            track.tempo_bpm and tempo_ratio(track.tempo_bpm, wanted) <= 1 + self.tempo_tolerance
        ):
            broken.add("tempo ramp")
        if self.compatible_keys and before and not _keys_go(before[-1], track):
            broken.add("compatible keys")
        return broken


#: Which rule gives way first when nothing else is left.
GIVE_WAY = ("compatible keys", "tempo ramp", "album spacing", "artist spacing")


@dataclasses.dataclass(frozen=True)
class Playlist:
    """Tracks in order; ``relaxed`` says which rule gave way where, ``short`` whether tracks ran out."""

    tracks: tuple[Track, ...]
    relaxed: tuple[str, ...] = ()
    short: bool = False


def grow(
    tracks: Mapping[str, Track],
    neighbours: Neighbours,
    seeds: Sequence[str],
    *,
    length: int | None = None,
    duration_s: float | None = None,
    rules: Rules | None = None,
    weights: Mapping[str, float] | None = None,
    filters: Filters | None = None,
    seed: int = 0,
    variety: float = 0.0,
) -> Playlist:
    """Grow a playlist: the seeds in their order, then tracks like them, each flowing from the one before.

    No track comes twice, nor what seems another file or version of one that is in it.

    Parameters
    ----------
    tracks, neighbours
        The library.
    seeds
        Ids to start from; they are in the list whatever the rules and filters say.
    length, duration_s
        How many tracks (seeds included), about how many seconds; whichever comes first, else 20 tracks.
    rules
        Spacing, tempo ramp, keys.
    weights, filters
        As in :func:`sori.library.recommend.similar`.
    seed, variety
        ``variety`` above 0 (try 0.3) draws other tracks with every ``seed``.

    Raises
    ------
    ParameterError
        Unknown or no seeds, a length or duration that is not positive, or too long.
    """
    if (length is not None and length < 1) or (duration_s is not None and not 0 < duration_s < math.inf):
        raise ParameterError(
            f"length {length} and duration_s {duration_s} came; a playlist needs them above 0"
        )
    if length is not None and length > LONGEST:
        raise ParameterError(f"length {length} came; a playlist has at most {LONGEST} tracks")
    if not 0 <= variety < math.inf:
        raise ParameterError(f"variety {variety} came; give 0 or more, as 0.3")
    if length is None:
        length = _LENGTH if duration_s is None else min(len(neighbours), LONGEST)
    rules = rules or Rules()
    seeds = list(dict.fromkeys(seeds))
    absent = [i for i in seeds if i not in tracks]
    if absent:
        raise ParameterError(f"seed {absent[0]!r} is not in the library; name a track that is")
    ranking = neighbours.rank(Query(tuple(seeds)), weights=weights)
    allow = (filters or Filters()).mask(neighbours.ids, tracks)
    expected = length if duration_s is None else min(length, math.ceil(duration_s / 60))
    rows = _pool(ranking, tracks, allow, [neighbours.row(i) for i in seeds], expected, rules)
    pool = _Pool.of(
        ranking, tracks, np.concatenate([[neighbours.row(i) for i in seeds], rows]).astype(np.int64)
    )
    pool.seed_distance[:] *= 1.0 + variety * np.random.default_rng(seed).uniform(-1, 1, len(pool.tracks))
    return _Growth(pool, rules, len(seeds), length, duration_s).run()


def _pool(
    ranking: Ranking,
    tracks: Mapping[str, Track],
    allow: NDArray[np.bool_],
    hidden: Sequence[int],
    length: int,
    rules: Rules,
) -> NDArray[np.int64]:
    """Rows to choose from: the nearest to the seeds; with a ramp, the nearest of each part of it."""
    size = max(min(max(_PER_PLACE * length, _FEWEST), _MOST), 2 * length)
    nearest = ranking.best(size, allow=allow, hidden=hidden)
    if rules.tempo_ramp is None:
        return nearest
    ids = ranking.neighbours.ids
    tempos = np.array(
        [tracks[i].tempo_bpm or np.nan if ok else np.nan for i, ok in zip(ids, allow, strict=True)]
    )
    bins = [nearest[: size // 4]]
    for place in np.linspace(0.0, 1.0, _TEMPO_BINS):
        steps = np.abs(np.log2(tempos / (rules.tempo_at(float(place)) or 1.0)))
        fits = np.minimum(steps, np.abs(steps - 1.0)) <= math.log2(1 + rules.tempo_tolerance)
        bins.append(ranking.best(max(size // _TEMPO_BINS, 24), allow=allow & fits, hidden=hidden))
    return np.asarray(list(dict.fromkeys(np.concatenate(bins).tolist())), np.int64)


@dataclasses.dataclass(frozen=True)
class _Pool:
    """The candidates (seeds first), how far apart they are, and which are versions of each other."""

    tracks: list[Track]
    seed_distance: Floats
    distance: Floats
    version: NDArray[np.bool_]

    @classmethod
    def of(cls, ranking: Ranking, tracks: Mapping[str, Track], rows: NDArray[np.int64]) -> _Pool:
        space, matrix = ranking.neighbours.space, np.asarray(ranking.neighbours.matrix[rows])
        turned, constants = space.turned(matrix, ranking.weights)
        distance = np.maximum(matrix @ turned.T.astype(np.float32) + constants, 0.0)
        chosen = [tracks[ranking.neighbours.ids[row]] for row in rows]
        same = versions.pairs(space, matrix, [t.duration_s for t in chosen], [t.title for t in chosen])
        return cls(
            chosen, np.asarray(ranking.scores[rows], np.float64), np.asarray(distance, np.float64), same
        )


class _Growth:
    """The list being grown: indices into the pool."""

    def __init__(
        self, pool: _Pool, rules: Rules, n_seeds: int, length: int, duration_s: float | None
    ) -> None:
        self.pool, self.rules, self.length, self.duration_s = pool, rules, length, duration_s
        self.order = list(range(min(n_seeds, length)))
        self.n_seeds = len(self.order)
        self.free = np.ones(len(pool.tracks), bool)
        self.free[:n_seeds] = False
        for i in self.order:
            self.free &= ~pool.version[i]
        self.relaxed: list[str] = []

    def run(self) -> Playlist:
        while not self._full():
            taken = self._next()
            if taken is None:
                return self._playlist(short=True)
            self.order.append(taken)
            self.free[taken] = False
            self.free &= ~self.pool.version[taken]
        if self.rules.tempo_ramp is None and not self.relaxed:
            self._smooth()
        return self._playlist(short=False)

    def _playlist(self, *, short: bool) -> Playlist:
        return Playlist(tuple(self.pool.tracks[i] for i in self.order), tuple(self.relaxed), short)

    def _full(self) -> bool:
        if len(self.order) >= self.length:
            return True
        if self.duration_s is None:
            return False
        durations = [self.pool.tracks[i].duration_s for i in self.order]
        # Full when another track of the usual length would miss the mark by more than stopping does.
        return bool(durations) and sum(durations) + 0.5 * sum(durations) / len(durations) >= self.duration_s

    def _place(self, position: int) -> float:
        """Where in the list a position is, 0 to 1."""
        if self.duration_s is None:
            return position / max(self.length - 1, 1)
        before = sum(self.pool.tracks[i].duration_s for i in self.order[:position])
        return max(before / self.duration_s, position / max(self.length - 1, 1))

    def _next(self) -> int | None:
        """Return the best candidate that breaks the least important rules, noting what gave way."""
        choices = np.flatnonzero(self.free)
        if not len(choices):
            return None
        place = self._place(len(self.order))
        cost = self.pool.seed_distance[choices] + self._tempo_cost(choices, place)
        if self.order:
            cost = cost + self.pool.distance[self.order[-1], choices]
        before = [self.pool.tracks[i] for i in self.order[-self._reach() :]]
        least: tuple[int, int, frozenset[str]] | None = None
        for i in choices[np.argsort(cost, kind="stable")]:
            broken = frozenset(self.rules.broken(before, self.pool.tracks[i], place))
            price = sum(1 << GIVE_WAY.index(name) for name in broken)
            if least is None or price < least[0]:
                least = (price, int(i), broken)
            if not price:
                break
        assert least is not None
        position = len(self.order) + 1
        self.relaxed += [f"{name} gave way at track {position}" for name in GIVE_WAY if name in least[2]]
        return least[1]

    def _reach(self) -> int:
        return max(self.rules.artist_spacing, self.rules.album_spacing, 1)

    def _tempo_cost(self, choices: NDArray[np.int64], place: float) -> Floats:
        """Squared distance from the ramp in tolerances, a quarter of a random pair's distance at the edge."""
        wanted = self.rules.tempo_at(place)
        if wanted is None:
            return np.zeros(len(choices))
        tempos = np.array([self.pool.tracks[i].tempo_bpm or np.nan for i in choices])
        steps = np.abs(np.log2(tempos / wanted))
        off = np.minimum(steps, np.abs(steps - 1.0)) / math.log2(1 + self.rules.tempo_tolerance)
        return np.nan_to_num(0.25 * off**2, nan=1e6)

    def _smooth(self) -> None:
        """Reverse stretches after the seeds while the sum of steps shrinks and no rule breaks."""
        fixed = self.n_seeds
        for _ in range(2 * len(self.order)):
            change = self._reversals(fixed)
            best = smallest(change.ravel().astype(np.float32), 32)
            for flat in best[np.argsort(change.flat[best], kind="stable")]:
                i, j = np.unravel_index(flat, change.shape)
                if change[i, j] >= -1e-9:
                    return
                order = self.order[: fixed + i] + self.order[fixed + i : fixed + j + 1][::-1]
                order += self.order[fixed + j + 1 :]
                if not self._breaks(order):
                    self.order = order
                    break
            else:
                return

    def _reversals(self, fixed: int) -> Floats:
        """(m, m): what reversing places i to j after the fixed ones adds to the sum of steps."""
        order, distance = np.array(self.order), self.pool.distance
        m = len(order) - fixed
        if m < 2:
            return np.zeros((max(m, 0), max(m, 0)))
        inner = order[fixed:]
        change = np.zeros((m, m))
        if fixed:
            before = order[fixed - 1 : -1]
            change += distance[before[:, None], inner[None, :]] - distance[before, inner][:, None]
        else:
            change[1:] += (
                distance[inner[:-1, None], inner[None, :]] - distance[inner[:-1], inner[1:]][:, None]
            )
        after = inner[1:]
        change[:, :-1] += distance[inner[:, None], after[None, :]] - distance[inner[:-1], after][None, :]
        change[np.tril_indices(m)] = 0.0
        return change

    def _breaks(self, order: Sequence[int]) -> bool:
        tracks = [self.pool.tracks[i] for i in order]
        reach = self._reach()
        return any(
            self.rules.broken(tracks[max(0, i - reach) : i], tracks[i], 0.0)
            for i in range(self.n_seeds, len(tracks))
        )


def _named(name: str | None) -> str:
    return (name or "").strip().casefold()


def _album(track: Track) -> tuple[str, str] | None:
    """An album is the artist's too: many are called "Greatest Hits"."""
    album = _named(track.album)
    return (album, _named(track.artist)) if album else None


def _last(before: Sequence[Track], count: int) -> Sequence[Track]:
    return before[-count:] if count else ()


def _keys_go(a: Track, b: Track) -> bool:
    if a.key_tonic is None or a.key_mode is None or b.key_tonic is None or b.key_mode is None:
        return True
    return keys_compatible((a.key_tonic, a.key_mode), (b.key_tonic, b.key_mode))

"""Which sounds occur how often: frames are replaced by the nearest of a few learned ones, and counted.

A `Codebook` is learned once by k-means; a recording then becomes a histogram over its words, as a text
becomes counts of words. Unlike means and deviations that keeps apart what sounds at different times.

Source: Lloyd, IEEE Transactions on Information Theory 28(2), 1982; Arthur & Vassilvitskii, "k-means++", SODA
2007; Sculley, "Web-scale k-means clustering", WWW 2010 (`Codebook.refined`); McFee, Barrington & Lanckriet,
"Learning content similarity for music recommendation", IEEE TASLP 20(8), 2012 (the nearest ``tau`` words).
"""

from __future__ import annotations

import dataclasses
import os
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, namespace, product, spectrogram, to_numpy
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import DataError, ParameterError

__all__ = ["Codebook"]

Floats = NDArray[np.float64]

_VERSION = 1
_AT_ONCE = 4096  # frames whose distances to all words are held together
_DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    EOFError,
    OSError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
_FIELDS = ("words", "counts", "mean", "deviation", "weights")


@dataclasses.dataclass(frozen=True, eq=False)
class Codebook:
    """Learned frames, and how to count with them.

    ``words`` is (k, features), in the standardised units that ``mean`` and ``deviation`` (features,) make;
    ``counts`` (k,) says how many frames each was learned from; ``weights`` (k,) multiply a histogram, and are
    ones until `weighted` has learned them.
    """

    words: Floats
    counts: Floats
    mean: Floats
    deviation: Floats
    weights: Floats
    _factors: bytes = dataclasses.field(init=False, repr=False)
    _offsets: bytes = dataclasses.field(init=False, repr=False)
    _shares: bytes = dataclasses.field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Bytes can name a constant, to a compiler, too: raw frames are multiplied with `factors` for their
        # product with standardised words, less `offsets`.
        factors = self.words / self.deviation
        offsets = (self.words * (self.words / 2 + self.mean / self.deviation)).sum(axis=1)
        for name, values in (("_factors", factors), ("_offsets", offsets), ("_shares", self.weights)):
            object.__setattr__(self, name, np.ascontiguousarray(values, np.float64).tobytes())

    @classmethod
    def fit(
        cls,
        frames: Array | Iterable[Array],
        *,
        k: int,
        rng: np.random.Generator,
        iterations: int = 100,
        most_frames: int = 100_000,
    ) -> Self:
        """Learn ``k`` words.

        Features are standardised; the first words are drawn far apart (k-means++); then words become the
        means of the frames that are nearest to them (Lloyd), until nothing changes. Runs in NumPy; the same
        frames and generator give the same words.

        Parameters
        ----------
        frames : (..., features, time) real, or an iterable of such
            An iterable is read once, one array after the other: more than ``most_frames`` are never held,
            but an even sample of all that has passed.
        k : int
            Words, at most as many as there are different frames.
        rng : numpy.random.Generator
            Draws the first words, and the sample.
        iterations : int
            At most so many rounds.
        most_frames : int
            Frames to learn from.

        Raises
        ------
        ParameterError
            For NaN, features of different numbers, and fewer different frames than words.
        """
        check_counts(k=k, iterations=iterations, most_frames=most_frames)
        kept = _sample(_parts(frames), most_frames, rng)
        mean, deviation = kept.mean(axis=0), kept.std(axis=0)
        # What rounding alone makes move must not become as large as what is heard.
        deviation = np.where(deviation > 1e-9 * np.maximum(np.abs(mean), 1e-300), deviation, 1.0)
        points = (kept - mean) / deviation
        words, counts = _lloyd(points, _far_apart(points, k, rng), iterations)
        return cls(words, counts, mean, deviation, np.ones(k))

    def refined(self, frames: Array) -> Self:
        """Return a codebook whose words have moved towards further frames, each by its share of all so far.

        One step of mini-batch k-means: for collections that are too large for one `fit`, or that grow.
        ``frames`` is (..., features, time).
        """
        points = (self._rows(frames) - self.mean) / self.deviation
        nearest, _ = _nearest(points, self.words)
        more = np.bincount(nearest, minlength=len(self.words)).astype(np.float64)
        counts = self.counts + more
        moved = _sums(points, nearest, len(self.words)) - more[:, None] * self.words
        words = self.words + moved / np.maximum(counts, 1.0)[:, None]
        return dataclasses.replace(self, words=words, counts=counts)

    def weighted(self, histograms: Array) -> Self:
        """Return a codebook that gives more weight to words that occur in few recordings (tf-idf).

        ``histograms`` (recordings, k) are those of a collection, by this codebook. The weight of a word is
        ``ln((1 + recordings) / (1 + recordings with it)) + 1``.
        """
        seen = to_numpy(histograms)
        if seen.ndim != 2 or seen.shape[1] != len(self.words):
            raise ParameterError(f"histograms have shape {seen.shape}, want (recordings, {len(self.words)})")
        with_it = (seen > 0).sum(axis=0)
        return dataclasses.replace(self, weights=np.log((1 + len(seen)) / (1 + with_it)) + 1)

    def encode(self, features: Array, *, tau: int = 1, softness: float | None = None) -> Array:
        """Return how often each word occurs: shares of the frames, times the words' weights.

        Parameters
        ----------
        features : (..., features, time) real
            Of any array library.
        tau : int
            Each frame counts for its nearest ``tau`` words, evenly: a frame between words then does not jump
            from one to the other. Counting has no gradient.
        softness : float, optional
            Count for all words instead, by ``exp(-d² / 2 softness²)`` of the distance in standardised units
            per feature; this has gradients. ``tau`` must be 1.

        Returns
        -------
        (..., k) real
            Adds up to 1 with weights of one.

        Raises
        ------
        ParameterError
            For another number of features, no frames, ``tau`` beyond the number of words.
        """
        xp, features = spectrogram(features, name="features")
        k, width = self.words.shape
        check_counts(tau=tau)
        if features.shape[-2] != width or features.shape[-1] == 0:
            raise ParameterError(
                f"features have shape {tuple(features.shape)}, want (..., {width}, time) with a frame"
            )
        if softness is not None:
            check_numbers(softness=softness)
        if tau > k or (softness is not None and (tau != 1 or not softness > 0)):
            raise ParameterError(
                f"tau={tau}, softness={softness}: want tau of at most {k}, or a softness above 0 and tau=1"
            )
        # The distance without the length of the frame itself, which is the same for all words.
        affinity = product(constant(_matrix, like=features, held=self._factors, columns=width), features)
        affinity = affinity - constant(_matrix, like=features, held=self._offsets, columns=1)
        if softness is None:
            share = _nearest_shares(affinity, tau)
        else:
            scaled = affinity * (1.0 / (width * softness**2))
            scaled = xp.exp(scaled - xp.max(scaled, axis=-2, keepdims=True))
            share = scaled / xp.sum(scaled, axis=-2, keepdims=True)
        return xp.mean(share, axis=-1) * constant(_matrix, like=features, held=self._shares, columns=k)[0, :]

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the codebook to a file (NumPy's npz), whole or not at all."""
        target = Path(path)
        beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
        try:
            with open(beside, "xb") as file:
                arrays: dict[str, Any] = {name: getattr(self, name) for name in _FIELDS}
                np.savez(file, version=np.int64(_VERSION), **arrays)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a codebook that `save` has written.

        Raises
        ------
        DataError
            When the file is damaged, of another kind or of another version.
        OSError
            When it cannot be opened.
        """
        fields: dict[str, Any] = {}
        with open(path, "rb") as file:
            try:
                with np.load(file, allow_pickle=False) as found:
                    version = int(found["version"])
                    if version == _VERSION:
                        fields = {name: _numbers_of(found[name]) for name in _FIELDS}
            except _DAMAGE as why:
                raise DataError(f"{os.fspath(path)!r} is no codebook, or is damaged ({why})") from None
        if version != _VERSION:
            raise DataError(
                f"{os.fspath(path)!r} is a codebook of version {version}, want {_VERSION}: fit it again"
            )
        k, width = fields["words"].shape if fields["words"].ndim == 2 else (0, 0)
        wanted = ((k, width), (k,), (width,), (width,), (k,))
        right = all(
            fields[name].shape == shape and np.isfinite(fields[name]).all()
            for name, shape in zip(_FIELDS, wanted, strict=True)
        )
        if not (right and k and width and (fields["deviation"] > 0).all()):
            raise DataError(f"{os.fspath(path)!r} does not hold what a codebook must: fit it again")
        return cls(**fields)

    def _rows(self, frames: Array) -> Floats:
        found = np.concatenate(list(_parts(frames)))
        if found.shape[1] != self.words.shape[1]:
            raise ParameterError(f"frames have {found.shape[1]} features, want {self.words.shape[1]}")
        return found


def _nearest_shares(affinity: Array, tau: int) -> Array:
    """Return 1 / tau at the ``tau`` largest of axis -2, and 0 elsewhere."""
    xp = namespace(affinity)
    k = affinity.shape[-2]
    each = constant(_numbers, like=xp.argmax(affinity, axis=-2), k=k)
    if tau == 1:
        best = xp.argmax(affinity, axis=-2, keepdims=True)
        return xp.astype(each == best, affinity.dtype)
    order = xp.argsort(-affinity, axis=-2)
    share = xp.zeros_like(affinity)
    for rank in range(tau):
        share = share + xp.astype(each == order[..., rank : rank + 1, :], affinity.dtype)
    return share * (1.0 / tau)


def _matrix(*, held: bytes, columns: int) -> Floats:
    return np.frombuffer(held, np.float64).reshape(-1, columns).copy()


def _numbers(*, k: int) -> NDArray[np.int32]:
    return np.arange(k, dtype=np.int32)[:, None]


def _numbers_of(found: NDArray[Any]) -> Floats:
    if found.dtype.kind not in "fiu":
        raise ValueError(f"numbers are {found.dtype}")
    return np.asarray(found, np.float64)


def _parts(frames: Array | Iterable[Array]) -> Iterator[Floats]:
    """Yield frames as rows (time, features), one array after the other."""
    for part in [frames] if hasattr(frames, "shape") else frames:
        _, part = spectrogram(part, name="frames")
        rows = np.moveaxis(to_numpy(part).astype(np.float64), -2, -1)
        yield rows.reshape(-1, rows.shape[-1])


def _sample(parts: Iterable[Floats], most: int, rng: np.random.Generator) -> Floats:
    """Return at most ``most`` rows, each row of all as likely as any other (Vitter's reservoir)."""
    kept: Floats | None = None
    filled = seen = 0
    for rows in parts:
        if kept is None:
            kept = np.empty((min(most, max(len(rows), 1024)), rows.shape[1]))
        if rows.shape[1] != kept.shape[1]:
            raise ParameterError(f"frames have {rows.shape[1]} features, those before {kept.shape[1]}")
        fresh = min(most - filled, len(rows))
        if filled + fresh > len(kept):
            grown = np.empty((min(most, max(2 * len(kept), filled + fresh)), kept.shape[1]))
            grown[:filled] = kept[:filled]
            kept = grown
        kept[filled : filled + fresh] = rows[:fresh]
        rest = rows[fresh:]
        places = rng.integers(0, seen + fresh + 1 + np.arange(len(rest)))
        for row, place in zip(rest[places < most], places[places < most], strict=True):
            kept[place] = row
        filled, seen = filled + fresh, seen + len(rows)
    if kept is None or not filled:
        raise ParameterError("there are no frames to learn from")
    if not np.isfinite(kept[:filled]).all():
        raise ParameterError("frames hold NaN or infinity, want finite numbers")
    return kept[:filled]


def _far_apart(points: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Draw points with a chance that grows as the square of the distance to those already drawn."""
    words = np.empty((k, points.shape[1]))
    words[0] = points[rng.integers(len(points))]
    squared = np.full(len(points), np.inf)
    for at in range(1, k):
        squared = np.minimum(squared, ((points - words[at - 1]) ** 2).sum(axis=1))
        reach = np.cumsum(squared)
        if not reach[-1] > 0:
            raise ParameterError(f"there are only {at} different frames: want k={k} to be no more")
        words[at] = points[
            min(int(np.searchsorted(reach, rng.random() * reach[-1], side="right")), len(points) - 1)
        ]
    return words


def _nearest(points: Floats, words: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return the nearest word of each point, and the squared distance to it."""
    lengths = (words**2).sum(axis=1)
    which, far = np.empty(len(points), np.intp), np.empty(len(points))
    for begin in range(0, len(points), _AT_ONCE):
        part = points[begin : begin + _AT_ONCE]
        distance = lengths - 2 * part @ words.T
        best = distance.argmin(axis=1)
        which[begin : begin + len(part)] = best
        found = distance[np.arange(len(part)), best] + (part**2).sum(axis=1)
        far[begin : begin + len(part)] = np.maximum(found, 0)
    return which, far


def _sums(points: Floats, nearest: NDArray[np.intp], k: int) -> Floats:
    return np.stack([np.bincount(nearest, weights=column, minlength=k) for column in points.T], axis=1)


def _lloyd(points: Floats, words: Floats, iterations: int) -> tuple[Floats, Floats]:
    """Return words that are the means of what is nearest to them, and how much that is."""
    k = len(words)
    before: NDArray[np.intp] | None = None
    for _ in range(iterations):
        nearest, far = _nearest(points, words)
        counts = np.bincount(nearest, minlength=k)
        empty = np.flatnonzero(counts == 0)
        if len(empty):  # a word that nobody is near takes the place of the worst served
            worst = np.argsort(-far, kind="stable")[: len(empty)]
            nearest[worst] = empty
            counts = np.bincount(nearest, minlength=k)
        if before is not None and np.array_equal(before, nearest):
            break
        words = _sums(points, nearest, k) / np.maximum(counts, 1)[:, None]
        before = nearest
    return words, np.bincount(_nearest(points, words)[0], minlength=k).astype(np.float64)

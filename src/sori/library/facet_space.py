r"""The space in which tracks are compared: every facet standardised, capped and set side by side.

A facet arrives as raw numbers in natural units (dB, Hz, shares), so its entries cannot be compared
as they are. Here every entry is centred on the collection's median and divided by a robust spread,
then capped at :data:`CAP` spreads so that one odd number never decides; then the whole facet is
scaled so that two tracks drawn at random are at a squared distance of 1 (the median). From then on
"1" means the same in every facet: as unlike as any two tracks of this collection.

One row of the matrix holds, for facets :math:`f` with coordinates :math:`x_f`,

.. math:: [x_1 \dots x_F \mid h_1 \dots h_F \mid p_1 \dots p_F], \quad h_f = \|x_f\|^2, \; p_f = 1.

Since :math:`\|q_f - x_f\|^2 = p_f \|q_f\|^2 + h_f - 2 q_f \cdot x_f`, the weighted sum of squared
facet distances from any query is linear in the row: one matrix-vector product, whatever the weights.
A facet that could not be measured (NaN, or nothing but zeros) has :math:`x_f = 0, h_f = 1, p_f = 0`:
its distance to everything is 1, neither like nor unlike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, ParameterError

__all__ = ["CAP", "PRIOR_TRACKS", "FacetSpace", "Floats", "Reference", "side_by_side"]

Floats = NDArray[np.float32]

#: Spreads from the median at which an entry is cut.
CAP = 4.0
#: Tracks whose statistics weigh as much as the reference does.
PRIOR_TRACKS = 32
_SAMPLE = 20_000
_PAIRS = 8_192
_AT_ONCE = 4_096  # pairs that are measured together, in some ten megabytes


@dataclasses.dataclass(frozen=True)
class Reference:
    """Statistics of one facet over some other collection, which steady those of a small library.

    ``center`` and ``spread`` are (dim,) medians and robust spreads of the raw entries; ``distance`` is the
    median squared distance of two random tracks after centring and dividing by them.
    """

    center: Floats
    spread: Floats
    distance: float


@dataclasses.dataclass(frozen=True)
class FacetSpace:
    """The fitted standardisation: raw facets in, comparable rows out.

    Attributes
    ----------
    names, dims
        The facets in column order, and how many entries each has.
    center, gain
        (sum(dims),) float32: a coordinate is ``clip((raw - center) * gain, -limit, limit)``.
    limit
        (sum(dims),) float32: :data:`CAP` spreads in units of the coordinate.
    """

    names: tuple[str, ...]
    dims: tuple[int, ...]
    center: Floats
    gain: Floats
    limit: Floats

    @property
    def size(self) -> int:
        """How many coordinates a track has, all facets together."""
        return sum(self.dims)

    @property
    def width(self) -> int:
        """Columns of a row: the coordinates and two more per facet."""
        return self.size + 2 * len(self.dims)

    def columns(self, facet: int) -> slice:
        """Return the columns of one facet's coordinates."""
        start = sum(self.dims[:facet])
        return slice(start, start + self.dims[facet])

    @classmethod
    def fit(
        cls,
        facets: Mapping[str, NDArray[np.floating]],
        *,
        reference: Mapping[str, Reference] | None = None,
        seed: int = 0,
    ) -> FacetSpace:
        """Learn centres, spreads and the scale of every facet from a collection.

        Quantiles come from at most 20,000 tracks and distances from 8,192 pairs, both drawn with ``seed``,
        so the time does not grow with the collection. Where a ``reference`` of the same size is given,
        it counts as :data:`PRIOR_TRACKS` tracks more; without one even two tracks have a defined space.

        Parameters
        ----------
        facets
            Facet name to (n, dim) raw vectors; all with the same n.
        reference
            Facet name to statistics of another collection.
        seed
            For the draws.

        Raises
        ------
        DataError
            Facets of unequal length or not two-dimensional.
        """
        _check(facets)
        rng = np.random.default_rng(seed)
        centers, gains, limits = [], [], []
        for name, raw in facets.items():
            prior = (reference or {}).get(name)
            if prior is not None and prior.center.shape != (raw.shape[1],):
                prior = None
            center, gain, limit = _fit_facet(raw, prior, rng)
            centers.append(center)
            gains.append(gain)
            limits.append(limit)
        empty = [np.zeros(0, np.float32)]
        return cls(
            names=tuple(facets),
            dims=tuple(int(raw.shape[1]) for raw in facets.values()),
            center=np.concatenate(centers or empty),
            gain=np.concatenate(gains or empty),
            limit=np.concatenate(limits or empty),
        )

    def rows(self, facets: Mapping[str, NDArray[np.floating]], *, out: Floats | None = None) -> Floats:
        """Turn raw facets, each (n, dim), into (n, width) rows; a facet that is not given is missing.

        Raises
        ------
        ParameterError
            A facet has another size than the space, or a name it does not know.
        """
        unknown = set(facets) - set(self.names)
        if unknown:
            raise ParameterError(f"facets {sorted(unknown)} are not known; use some of {list(self.names)}")
        n = len(next(iter(facets.values()))) if facets else 0
        rows = np.empty((n, self.width), np.float32) if out is None else out
        for start in range(0, n, 65_536):
            part = slice(start, min(n, start + 65_536))
            for f, name in enumerate(self.names):
                self._write(rows[part], f, facets[name][part] if name in facets else None)
        return rows

    def _write(self, rows: Floats, facet: int, raw: NDArray[np.floating] | None) -> None:
        span = self.columns(facet)
        h, p = self.size + facet, self.size + len(self.dims) + facet
        if raw is None:
            rows[:, span], rows[:, h], rows[:, p] = 0.0, 1.0, 0.0
            return
        if raw.ndim != 2 or raw.shape[1] != self.dims[facet]:
            raise ParameterError(
                f"facet {self.names[facet]!r} came as {raw.shape}; wanted"
                f" (tracks, {self.dims[facet]}):"
                " analyse the file anew"
            )
        present = _present(raw)
        # Beyond what float32 can hold is beyond the cap too.
        with np.errstate(over="ignore", invalid="ignore"):
            x = (raw - self.center[span]) * self.gain[span]
        x = np.where(np.isfinite(raw) & ~np.isnan(x), np.clip(x, -self.limit[span], self.limit[span]), 0.0)
        x = np.where(present[:, None], x, 0.0).astype(np.float32)
        rows[:, span] = x
        rows[:, h] = np.where(present, np.einsum("ij,ij->i", x, x), 1.0)
        rows[:, p] = present

    def turned(self, rows: Floats, weights: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Turn query rows into vectors and constants: ``matrix @ vector + constant`` is the distance.

        Parameters
        ----------
        rows
            (s, width) rows of the queries.
        weights
            (facets,) weights.

        Returns
        -------
        (s, width) and (s,) in double precision; any weighted sum of queries is one query again.
        """
        size, n_facets = self.size, len(self.dims)
        rows = np.asarray(rows, np.float64)
        present = rows[:, size + n_facets :]
        factor = np.concatenate([np.repeat(-2.0 * weights, self.dims), weights, weights], dtype=np.float64)
        turned = np.concatenate([rows[:, :size], present, rows[:, size : size + n_facets] * present], axis=1)
        return turned * factor, np.asarray((1.0 - present) @ np.asarray(weights, np.float64))

    def distances(self, a: Floats, b: Floats) -> NDArray[np.float64]:
        """Squared distance in every facet between rows, by differences in double precision.

        Parameters
        ----------
        a, b
            (..., width) rows that broadcast.

        Returns
        -------
        (..., facets): 1 where either side lacks the facet.
        """
        difference = np.asarray(a[..., : self.size], np.float64) - np.asarray(b[..., : self.size], np.float64)
        squares = difference * difference
        both = self.present(a) & self.present(b)
        parts = [squares[..., self.columns(f)].sum(axis=-1) for f in range(len(self.dims))]
        return np.where(both, np.stack(parts, axis=-1), 1.0)

    def pair_distances(self, rows: Floats, pairs: NDArray[np.intp]) -> NDArray[np.float64]:
        """(n, facets): :meth:`distances` between pairs (n, 2) of some rows."""
        found = np.empty((len(pairs), len(self.dims)))
        for begin in range(0, len(pairs), _AT_ONCE):
            one, other = pairs[begin : begin + _AT_ONCE].T
            found[begin : begin + _AT_ONCE] = self.distances(rows[one], rows[other])
        return found

    def present(self, rows: Floats) -> NDArray[np.bool_]:
        """(..., facets): which facets the rows have."""
        return np.asarray(rows[..., self.size + len(self.dims) :] > 0.5)

    def spreads(self, rows: Floats, facet: int, entry: int) -> NDArray[np.float64]:
        """(...): one entry of the rows in spreads from the median, at most :data:`CAP` either way."""
        at = self.columns(facet).start + entry
        return np.asarray(rows[..., at], np.float64) * (CAP / float(self.limit[at]))

    def scaled(self, rows: Floats, weights: Floats) -> Floats:
        """(n, size) coordinates whose squared distance is the weighted one where nothing is missing."""
        factors = np.repeat(np.sqrt(weights).astype(np.float32), self.dims)
        return np.asarray(rows[:, : self.size] * factors, np.float32)


def _check(facets: Mapping[str, NDArray[np.floating]]) -> None:
    shapes = {name: np.shape(raw) for name, raw in facets.items()}
    if any(len(shape) != 2 for shape in shapes.values()) or len({shape[0] for shape in shapes.values()}) > 1:
        raise DataError(f"facets came as {shapes}; wanted (tracks, entries) arrays of one length")


def _present(raw: NDArray[np.floating]) -> NDArray[np.bool_]:
    """A facet is there when at least half of its entries are numbers and not all of them are zero."""
    finite = np.isfinite(raw)
    enough = finite.sum(axis=1) * 2 >= max(raw.shape[1], 1)
    return np.asarray(enough & np.any(finite & (raw != 0), axis=1))


def _fit_facet(
    raw: NDArray[np.floating], prior: Reference | None, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    n, dim = raw.shape
    sample = raw if n <= _SAMPLE else raw[np.sort(rng.choice(n, _SAMPLE, replace=False))]
    known: NDArray[np.float64] = np.asarray(sample[_present(sample)], np.float64)
    n = len(known)
    center, spread = _center_and_spread(known, dim)
    if prior is not None:
        center = (n * center + PRIOR_TRACKS * prior.center) / (n + PRIOR_TRACKS)
        spread = np.sqrt(
            (n * spread**2 + PRIOR_TRACKS * prior.spread.astype(np.float64) ** 2) / (n + PRIOR_TRACKS)
        )
    gain = np.divide(1.0, spread, out=np.zeros(dim), where=spread > 0)
    distance = _median_distance(np.clip(np.nan_to_num((known - center) * gain), -CAP, CAP), rng)
    if prior is not None:
        distance = (n * (distance or prior.distance) + PRIOR_TRACKS * prior.distance) / (n + PRIOR_TRACKS)
    scale = 1.0 / np.sqrt(distance) if distance > 0 else 1.0
    return center.astype(np.float32), (gain * scale).astype(np.float32), np.full(dim, CAP * scale, np.float32)


def _center_and_spread(
    sample: NDArray[np.float64], dim: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Median and normal-consistent interquartile range, never below a quarter of the deviation."""
    center, spread = np.zeros(dim), np.zeros(dim)
    for j in range(dim):
        column = sample[:, j]
        column = column[np.isfinite(column)]
        if len(column):
            low, center[j], high = np.quantile(column, (0.25, 0.5, 0.75))
            spread[j] = max((high - low) / 1.349, float(np.std(column)) / 4)
            # Rounding noise is not a spread.
            if spread[j] <= 1e-6 * abs(center[j]):
                spread[j] = 0.0
    return center, spread


def _median_distance(x: NDArray[np.float64], rng: np.random.Generator) -> float:
    n = len(x)
    if n < 2:
        return 0.0
    if n * (n - 1) // 2 <= _PAIRS:
        a, b = np.triu_indices(n, 1)
    else:
        a = rng.integers(0, n, _PAIRS)
        b = (a + rng.integers(1, n, _PAIRS)) % n
    squares = np.sum((x[a] - x[b]) ** 2, axis=1)
    return float(np.median(squares)) or float(np.mean(squares))


def side_by_side(
    vectors: Sequence[Mapping[str, NDArray[np.floating]]], names: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """Stack one mapping per track into one (n, dim) array per facet; absent ones become NaN."""
    stacked = {}
    for name in names:
        given = [np.asarray(v[name], np.float32) for v in vectors if name in v]
        if given:
            blank = np.full(given[0].shape, np.nan, np.float32)
            stacked[name] = np.stack([np.asarray(v.get(name, blank), np.float32) for v in vectors])
    return stacked

"""Levels in the range that a network wants: `to_range` and back, and bands evened out over a data set.

`BandStatistics` gathers the mean and spread of every band in one pass over any number of spectrograms,
however they are cut and in however many processes; `standardize` gives each band mean 0 and deviation 1.

Source: Welford, Technometrics 4(3), 1962; Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm
for computing sample variances", COMPSTAT 1982.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, real, spectrogram, to_numpy
from sori.errors import DataError, ParameterError

__all__ = ["RANGES", "BandStatistics", "from_range", "standardize", "to_range", "unstandardize"]

RANGES: dict[str, tuple[float, float, float]] = {
    "0..80": (80.0, 0.0, 80.0),
    "-80..0": (80.0, -80.0, 0.0),
    "0..120": (120.0, 0.0, 120.0),
    "-1..1": (80.0, -1.0, 1.0),
    "0..1": (80.0, 0.0, 1.0),
}
"""Name of a range: how many dB it spans, what the lowest level becomes, what the highest becomes."""

_FORMAT = "sori band statistics"
_VERSION = 1
_SILENT = 1e-9  # of the mean: a band whose deviation is rounding alone has never moved


def to_range(level_db: Array, form: str, *, top_db: float = 0.0) -> Array:
    """Return levels in dB in one of the ranges that networks are trained on.

    ============ ================================== ==========================================
    form          from                               where it is met
    ============ ================================== ==========================================
    ``"-80..0"``  80 dB below ``top_db``             pictures and datasets, ``power_to_db(.., top_db=80)``
    ``"0..80"``   the same, counted from the floor   counts and products that must not be negative
    ``"0..120"``  120 dB, from hearing's threshold   levels as sound pressure, 120 dB at ``top_db``
    ``"-1..1"``   80 dB, halved around 0             generators whose output is a tanh
    ``"0..1"``    80 dB                              pictures
    ============ ================================== ==========================================

    Parameters
    ----------
    level_db : real
        Levels, as from `sori.spectral.decibels.power_to_db`.
    form : str
        A name of `RANGES`.
    top_db : float
        The level that becomes the top of the range; louder is cut to it, quieter than the range to its floor.

    Returns
    -------
    As ``level_db``

    Raises
    ------
    ParameterError
        For an unknown form.

    Examples
    --------
    >>> import numpy as np
    >>> to_range(np.array([0.0, -40.0, -100.0]), "-1..1").tolist()
    [1.0, 0.0, -1.0]
    """
    _, level_db = real(level_db, name="level_db")
    span, low, high = _range(form)
    above = at_least(level_db - (top_db - span), 0.0)
    above = span - at_least(span - above, 0.0)
    return low + above * ((high - low) / span)


def from_range(values: Array, form: str, *, top_db: float = 0.0) -> Array:
    """Return the levels in dB of values that `to_range` gave; what it cut off stays cut off.

    Values beyond the range, as a network may give, become levels beyond it.
    """
    _, values = real(values, name="values")
    span, low, high = _range(form)
    return (values - low) * (span / (high - low)) + (top_db - span)


class BandStatistics:
    """Mean and deviation of each band of a data set, gathered in one pass; NumPy float64 inside.

    Parameters
    ----------
    n_bands : int, optional
        Frequencies of the spectrograms to come; taken from the first one if not given.

    Examples
    --------
    >>> import numpy as np
    >>> statistics = BandStatistics()
    >>> for seed in range(3):
    ...     statistics.update(np.random.default_rng(seed).normal(5, 2, (40, 100)))
    >>> statistics.count, statistics.mean.shape
    (300, (40,))
    """

    def __init__(self, n_bands: int | None = None) -> None:
        self._count = 0
        self._mean: NDArray[np.float64] | None = None if n_bands is None else np.zeros(n_bands)
        self._squares: NDArray[np.float64] | None = None if n_bands is None else np.zeros(n_bands)
        self._frozen: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
        self._freeze()

    def __repr__(self) -> str:
        return f"BandStatistics(n_bands={self.n_bands}, count={self.count})"

    @property
    def n_bands(self) -> int | None:
        """Bands, ``None`` before the first spectrogram."""
        return None if self._mean is None else len(self._mean)

    @property
    def count(self) -> int:
        """Frames seen."""
        return self._count

    @property
    def mean(self) -> NDArray[np.float64]:
        """Mean of each band ``(n_bands,)``."""
        return self._known()[0].copy()

    @property
    def std(self) -> NDArray[np.float64]:
        """Deviation of each band ``(n_bands,)``, of the data itself: divided by the count."""
        return np.asarray(np.sqrt(self._known()[1] / max(self._count, 1)))

    def frozen(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the means, and what to divide by, as they are now: 1 where a band has never moved."""
        self._known()
        return self._frozen

    def update(self, S: Array) -> None:
        """Take in a spectrogram or a batch ``(..., n_bands, time)`` of any array library.

        Raises
        ------
        ParameterError
            For another number of bands than before, and for what is no real spectrogram.
        """
        _, S = spectrogram(S)
        values = np.asarray(to_numpy(S), np.float64)
        bands = values.shape[-2]
        values = np.moveaxis(values, -2, 0).reshape(bands, -1)
        count = values.shape[1]
        if count == 0:
            return
        mean = values.mean(axis=1)
        self._merge(count, mean, np.sum((values - mean[:, None]) ** 2, axis=1))

    def merge(self, other: BandStatistics) -> None:
        """Take in what another has gathered, in another process or from another part of the data.

        Raises
        ------
        ParameterError
            For another number of bands.
        """
        if other._mean is None or other._squares is None:
            return
        self._merge(other._count, other._mean, other._squares)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write them to a JSON file."""
        mean, squares = self._known()
        record = {
            "format": _FORMAT,
            "version": _VERSION,
            "n_bands": len(mean),
            "count": self._count,
            "mean": mean.tolist(),
            "squares": squares.tolist(),
        }
        Path(path).write_text(json.dumps(record) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, n_bands: int | None = None) -> BandStatistics:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            When the file is something else, of another version, damaged, or not of ``n_bands`` bands.
        """
        try:
            record = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise DataError(f"{path} is no file of band statistics ({error}): write it with save") from None
        if not isinstance(record, dict) or record.get("format") != _FORMAT:
            raise DataError(f"{path} is no file of band statistics: write it with BandStatistics.save")
        if record.get("version") != _VERSION:
            raise DataError(
                f"{path} is of version {record.get('version')}, want {_VERSION}: gather the statistics again"
            )
        found = cls()
        try:
            found._count = int(record["count"])
            found._mean = np.asarray(record["mean"], np.float64)
            found._squares = np.asarray(record["squares"], np.float64)
            shapes = {found._mean.shape, found._squares.shape, (int(record["n_bands"]),)}
            sound = len(shapes) == 1 and found._count >= 0 and bool(np.all(found._squares >= 0))
            sound = sound and bool(np.isfinite(found._mean).all() and np.isfinite(found._squares).all())
        except (KeyError, TypeError, ValueError):
            sound = False
        if not sound:
            raise DataError(f"{path} is damaged: gather the statistics again")
        if n_bands is not None and found.n_bands != n_bands:
            raise DataError(
                f"{path} holds {found.n_bands} bands, want {n_bands}: gather them for these bands"
            )
        return found

    def _known(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if self._mean is None or self._squares is None:
            raise ParameterError("no spectrogram has been seen: call update first")
        return self._mean, self._squares

    def _merge(self, count: int, mean: NDArray[np.float64], squares: NDArray[np.float64]) -> None:
        if self._mean is None or self._squares is None:
            self._mean, self._squares = np.zeros_like(mean), np.zeros_like(squares)
        if len(mean) != len(self._mean):
            raise ParameterError(f"got {len(mean)} bands after {len(self._mean)}: want the same in all")
        total = self._count + count
        if total == 0:
            return
        apart = mean - self._mean
        self._mean = self._mean + apart * (count / total)
        self._squares = self._squares + squares + apart**2 * (self._count * count / total)
        self._count = total
        self._freeze()

    def _freeze(self) -> None:
        """Write down as plain numbers what `standardize` needs: a compiler can read those, no array's."""
        if self._mean is not None:
            mean, deviation = self._mean, self.std
            moved = deviation > np.maximum(_SILENT * np.abs(mean), 1e-30)
            self._frozen = (tuple(mean.tolist()), tuple(np.where(moved, deviation, 1.0).tolist()))


def standardize(S: Array, statistics: BandStatistics) -> Array:
    """Return ``(S - mean) / deviation`` band by band; a band that never moved becomes its difference from it.

    Parameters
    ----------
    S : (..., n_bands, time) real
        Spectrogram on the scale of those that the statistics are from: dB for most networks.
    statistics : BandStatistics
        Of the training data.

    Returns
    -------
    As ``S``

    Raises
    ------
    ParameterError
        For another number of bands.
    """
    _, S = spectrogram(S)
    mean, deviation = _columns(S, statistics)
    return (S - mean) / deviation


def unstandardize(S: Array, statistics: BandStatistics) -> Array:
    """Return the spectrogram that `standardize` was given."""
    _, S = spectrogram(S)
    mean, deviation = _columns(S, statistics)
    return S * deviation + mean


def _columns(S: Array, statistics: BandStatistics) -> tuple[Array, Array]:
    means, divisors = statistics.frozen()
    if S.shape[-2] != len(means):
        raise ParameterError(f"S has {S.shape[-2]} bands, the statistics {len(means)}: want the same bands")
    # As constants, so that a layer keeps them among its buffers.
    return constant(_column, like=S, values=means), constant(_column, like=S, values=divisors)


def _column(*, values: tuple[float, ...]) -> NDArray[np.float64]:
    return np.array(values)[:, None]


def _range(form: str) -> tuple[float, float, float]:
    if form not in RANGES:
        raise ParameterError(f"form={form!r}: want one of {', '.join(RANGES)}")
    return RANGES[form]

"""Programme loudness: BS.1770-5 gating, EBU Tech 3341 momentary and short-term, Tech 3342 range.

Loudness of a window is ``-0.691 + 10 log10(sum of channel-weighted, K-weighted mean squares)``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import to_numpy
from sori.errors import ParameterError
from sori.events import Levels, Loudness
from sori.signal.meter import Cells, Meter

__all__ = ["levels_of_cells", "loudness", "loudness_of_cells", "short_term_lufs_of_cells", "window_energy"]

_OFFSET_DB = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_SILENCE = 10 ** (-60 / 20)


def loudness(samples: ArrayLike, *, sample_rate: int) -> Loudness:
    """Measure a whole signal.

    Parameters
    ----------
    samples : (channels, time) or (time,) array
        Mono to 5.1 as BS.1770-5 weights them: M; L R; L R C; L R Ls Rs; L R C Ls Rs; L R C LFE Ls Rs; also
        6.1 and 7.1 with the back channels before Ls and Rs. One channel counts as one front channel.
    sample_rate : int
        Hz.

    Raises
    ------
    ParameterError
        For more dimensions, more than 8 channels (the standard weights no layout of so many without their
        directions: mix down first), NaN or infinity.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(48000 * 2) / 48000
    >>> loudness(np.sin(2 * np.pi * 997 * t), sample_rate=48000).integrated_lufs
    -3.01
    """
    x = to_numpy(samples)
    if x.dtype.kind not in "fiu":
        raise ParameterError(f"got {x.dtype}, want samples as floating point")
    x = np.atleast_2d(np.asarray(x, np.float32))
    if x.ndim != 2:
        raise ParameterError(f"got {x.ndim} dimensions {x.shape}, want (channels, time) or (time,)")
    if len(x) > 32 and x.shape[1] <= 32:
        raise ParameterError(
            f"got shape {x.shape}, which looks like (time, channels); want channels first: pass samples.T"
        )
    if len(x) > 8:
        raise ParameterError(
            f"got {len(x)} channels, want 1 to 8: mix down to one of the layouts listed above"
        )
    meter = Meter(sample_rate=sample_rate, channels=len(x))
    meter.process(x)
    return loudness_of_cells(meter.finish())


def loudness_of_cells(cells: Cells) -> Loudness:
    """Return the loudness of a measured stream, rounded to 0.01 (a meter shows 0.1)."""
    momentary = window_energy(cells, 0.4)
    short_term = window_energy(cells, 3.0)
    every = _cells_in(cells, 0.1)  # the gates look at windows that start every 100 ms
    return Loudness(
        integrated_lufs=_lufs(_gated_mean(momentary[::every], -10.0)),
        range_lu=_range_lu(short_term[::every]),
        max_momentary_lufs=_lufs(float(momentary.max(initial=0))),
        max_short_term_lufs=_lufs(float(short_term.max(initial=0))),
        true_peak_dbtp=_db(cells.true_peak),
    )


def levels_of_cells(cells: Cells) -> Levels:
    """Return silence (all channels below -60 dBFS, in 10 ms cells) and clipping of a measured stream."""
    step = cells.cell / cells.sample_rate
    sounding = np.flatnonzero(cells.peak > _SILENCE)
    n = len(cells.peak)
    duration = cells.n_samples / cells.sample_rate
    first, last = (int(sounding[0]), int(sounding[-1])) if len(sounding) else (n, n)
    return Levels(
        sample_peak_dbfs=_db(float(cells.peak.max(initial=0))),
        leading_silence_s=round(min(first * step, duration), 2),
        trailing_silence_s=round(max(0.0, duration - (last + 1) * step), 2),
        silent_fraction=round(1 - len(sounding) / n, 4) if n else 1.0,
        clipped_samples=cells.clipped_samples,
        clipped_runs=cells.clipped_runs,
    )


def short_term_lufs_of_cells(cells: Cells) -> NDArray[np.float64]:
    """Return the 3 s loudness curve at 10 values a second; silence is held at the -70 LUFS gate."""
    energy = window_energy(cells, 3.0)[:: _cells_in(cells, 0.1)]
    return np.asarray(_OFFSET_DB + 10 * np.log10(np.maximum(energy, _power(_ABSOLUTE_GATE_LUFS))))


def window_energy(cells: Cells, window_s: float) -> NDArray[np.float64]:
    """Mean energy of every complete window of ``window_s`` seconds, one starting at each cell."""
    width = _cells_in(cells, window_s)
    total = np.concatenate([[0.0], np.cumsum(cells.energy)])
    if len(total) <= width:
        return np.zeros(0)
    # The difference of running sums can go a rounding error below nothing in silence.
    return np.asarray(np.maximum(total[width:] - total[:-width], 0.0) / width)


def _cells_in(cells: Cells, seconds: float) -> int:
    return max(1, round(seconds * cells.sample_rate / cells.cell))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))


def _gated_mean(energy: NDArray[np.float64], relative_lu: float) -> float:
    """Mean energy of the windows that pass the absolute, then the relative gate; 0 if none does."""
    heard = energy[energy > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return 0.0
    return float(heard[heard > heard.mean() * 10 ** (relative_lu / 10)].mean())


def _range_lu(short_term: NDArray[np.float64]) -> float | None:
    heard = short_term[short_term > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return None
    heard = np.sort(heard[heard > heard.mean() * 10 ** (-20.0 / 10)])
    low, high = heard[[round((len(heard) - 1) * p) for p in (0.10, 0.95)]]
    return round(10 * math.log10(float(high) / float(low)), 2)


def _lufs(energy: float) -> float | None:
    """Loudness of an energy; ``None`` below the absolute gate, where a meter shows nothing."""
    return round(_OFFSET_DB + 10 * math.log10(energy), 2) if energy > _power(_ABSOLUTE_GATE_LUFS) else None


def _db(amplitude: float) -> float | None:
    return round(20 * math.log10(amplitude), 2) if amplitude > 0 else None

"""Dynamics: how loudness moves, not how loud the file is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.events import Loudness
from sori.signal.loudness import short_term_lufs_of_cells
from sori.signal.meter import Cells

__all__ = ["ENTRIES", "dynamics"]

_PERCENTILES = (5, 25, 50, 75, 95)

ENTRIES = (
    "loudness_range_lu",
    "peak_to_loudness_db",
    *(f"short_term_p{p}_lu" for p in _PERCENTILES),  # against the integrated loudness
    "short_term_std_lu",
    "short_term_change_lu_per_s",
    "rise_over_whole_lu",  # loudness of the last third less that of the first
    "attack_db",  # mean rise from one 10 ms cell to the next, where it rises
    "crest_db",  # peak over level within 10 ms cells, mean: squashed or open
)


def dynamics(cells: Cells, loudness: Loudness) -> NDArray[np.float32]:
    """Summarise the loudness curve; NaN throughout below the gate or for less than three seconds."""
    curve = short_term_lufs_of_cells(cells)
    if loudness.integrated_lufs is None or loudness.true_peak_dbtp is None or loudness.range_lu is None:
        return np.full(len(ENTRIES), np.nan, np.float32)
    relative = np.maximum(curve - loudness.integrated_lufs, -40.0)
    third = max(1, len(relative) // 3)
    level = 10 * np.log10(np.maximum(cells.energy, cells.energy.max() * 1e-6))
    rise = np.diff(level)
    rise = rise[rise > 0]
    sounding = level > level.max() - 40
    # Energies are K-weighted, peaks are not: an offset shared by all music, not an error.
    crest = 20 * np.log10(np.maximum(cells.peak[: len(level)][sounding], 1e-9)) - level[sounding]
    values = [
        loudness.range_lu,
        loudness.true_peak_dbtp - loudness.integrated_lufs,
        *np.percentile(relative, _PERCENTILES),
        relative.std(),
        np.abs(np.diff(relative)).mean() * 10 if len(relative) > 1 else 0.0,
        relative[-third:].mean() - relative[:third].mean(),
        rise.mean() if len(rise) else 0.0,
        crest.mean(),
    ]
    return np.array(values, np.float32)

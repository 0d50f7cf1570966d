"""Sums of a spectrum under bands: what mel, bark, ERB and speech filter banks share."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, is_numpy, namespace, product
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.spectral.magnitude import magnitude, power

__all__ = ["band_energies", "band_limits", "raised", "triangles"]

_STEEPEST = 16  # exponent of a magnitude: beyond, single precision overflows at the level of speech
_GROUP = 16  # bands multiplied together: few enough that they span few frequencies, enough to fill a product


def triangles(
    edges: NDArray[np.floating[Any]], bins: NDArray[np.floating[Any]], *, norm: str | None
) -> NDArray[np.float64]:
    """Return triangular bands ``(len(edges) - 2, len(bins))`` between consecutive edges, all in Hz.

    Band ``m`` rises from edge ``m`` to edge ``m + 1`` and falls to edge ``m + 2``. ``norm="slaney"`` gives
    each unit area, ``None`` unit height.
    """
    if norm not in ("slaney", None):
        raise ParameterError(f"norm={norm!r}: want 'slaney' (unit area) or None (unit height)")
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    bank = np.maximum(0.0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre)))
    return np.asarray(bank * (2.0 / (high - low)) if norm == "slaney" else bank, np.float64)


def band_limits(sample_rate: float, fmin: float, fmax: float | None) -> float:
    """Return ``fmax``, half the sample rate if it is not given, once the limits of bands are in order."""
    check_numbers(sample_rate=sample_rate, fmin=fmin)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    fmax = sample_rate / 2 if fmax is None else fmax
    check_numbers(fmax=fmax)
    if not 0 <= fmin < fmax <= sample_rate / 2:
        raise ParameterError(
            f"fmin={fmin}, fmax={fmax}: want 0 <= fmin < fmax <= {sample_rate / 2:g}, half the sample rate"
        )
    return fmax


def raised(spectrum: Array, exponent: float) -> Array:
    """Return the magnitudes of a complex spectrum, raised to ``exponent``."""
    check_numbers(exponent=exponent)
    if not 0 < exponent <= _STEEPEST:
        raise ParameterError(f"exponent={exponent}: want more than 0, 2 for energy, and at most {_STEEPEST}")
    if exponent == 2:
        return power(spectrum)
    return magnitude(spectrum) if exponent == 1 else magnitude(spectrum) ** exponent


def band_energies(
    spectrum: Array, build: Callable[..., NDArray[np.float64]], **parameters: Hashable
) -> Array:
    """Return the sums ``(..., bands)`` of real spectra ``(..., frequencies)`` under the bands of ``build``.

    NumPy multiplies only where a group of neighbouring bands is not zero, a fifth of the work.
    """
    bank = constant(build, like=spectrum, **parameters)
    if not is_numpy(spectrum):
        return product(spectrum, namespace(bank).matrix_transpose(bank))
    ranges = _ranges(build, tuple(sorted(parameters.items())))
    out = np.empty((*spectrum.shape[:-1], len(bank)), spectrum.dtype)
    for group, (low, high) in enumerate(ranges):
        rows = slice(group * _GROUP, (group + 1) * _GROUP)
        out[..., rows] = spectrum[..., low:high] @ bank[rows, low:high].T
    return out


@lru_cache(maxsize=64)
def _ranges(
    build: Callable[..., NDArray[np.float64]], parameters: tuple[tuple[str, Hashable], ...]
) -> list[tuple[int, int]]:
    """Return the first and one past the last frequency that each group of bands weighs."""
    bank = build(**dict(parameters))
    found = []
    for begin in range(0, len(bank), _GROUP):
        used = np.flatnonzero(bank[begin : begin + _GROUP].any(axis=0))
        found.append((int(used[0]), int(used[-1]) + 1) if len(used) else (0, 0))
    return found

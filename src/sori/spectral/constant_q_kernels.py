"""What a constant-Q transform multiplies with: frequencies, kernels, and the rates at which they act.

A kernel is a window as long as ``Q`` periods of its frequency, times a complex tone. Low kernels are long,
but hold nothing of high frequencies: they act on a decimated signal, few samples a hop, where they are short.
The decimation is a matrix too (a hop of samples and what lies around it, times low-pass filters, gives a hop
of fewer samples), so that any hop can become any smaller whole number of samples, and the whole transform is
a chain of strided matrix products: short, the same in every library, and with an exact adjoint.

Two things are lost: what a kernel would hear beyond the band that is kept for it, of which its window's
spectrum says how much (`TAIL`), and what the filters let through from outside. A window that does not fade
(``"boxcar"``) has no such band, and all its kernels act at the full rate.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.windows import window as sampled_window

__all__ = [
    "TAIL",
    "Decimation",
    "Group",
    "Plan",
    "adjoint_decimator",
    "adjoint_kernels",
    "constant_q_hz",
    "constant_q_lengths",
    "decimator",
    "gains",
    "inverse_gains",
    "kernels",
    "plan",
]

TAIL = 9e-6  # of its root energy: what a kernel's response may hold outside the band that is kept for it
_STOP_DB = 112.0  # attenuation of the filters that decimate
_WIDEST = 1.15  # by how much a rate must exceed twice the band that it carries: room for a filter's slope
_DECIMATIONS = (2, 4, 8, 16, 32, 64)
_GRID = 1 << 18  # points at which a window is tabulated: read linearly between, to 4e-11
_CALL = 4000.0  # what one more product costs, in multiplications a hop


class Group(NamedTuple):
    """Neighbouring bands on one level: ``first`` to ``last`` (not included), ``half`` samples each side."""

    level: int
    first: int
    last: int
    half: int


class Decimation(NamedTuple):
    """From one level to the next: ``step`` samples (and ``half`` on each side) become ``out``."""

    step: int
    out: int
    half: int


class Plan(NamedTuple):
    """Where each band acts: whole numbers only, which a compiler takes for constants.

    Level ``j`` has ``hops[j]`` samples a hop and reaches ``reach[j]`` hops beyond the first and last frame;
    ``decimations[j]`` leads from it to the next. ``half`` is that of the longest kernel at the full rate.
    """

    hops: tuple[int, ...]
    reach: tuple[int, ...]
    decimations: tuple[Decimation, ...]
    groups: tuple[Group, ...]
    half: int


def constant_q_hz(
    *, n_bins: int = 84, fmin: float | None = None, bins_per_octave: int = 12, tuning: float = 0.0
) -> NDArray[np.float64]:
    """Return the frequencies of the bands in Hz.

    ``fmin`` is the lowest one, C1 (32.70 Hz) if not given; ``tuning`` moves all, in fractions of a band.

    >>> constant_q_hz(n_bins=3, fmin=110.0, bins_per_octave=1).tolist()
    [110.0, 220.0, 440.0]
    """
    check_counts(n_bins=n_bins, bins_per_octave=bins_per_octave)
    fmin = 440.0 * 2 ** (-45 / 12) if fmin is None else fmin
    check_numbers(fmin=fmin, tuning=tuning)
    if not fmin > 0:
        raise ParameterError(f"fmin={fmin}: want a positive frequency in Hz")
    return np.asarray(fmin * 2.0 ** ((tuning + np.arange(n_bins)) / bins_per_octave))


def constant_q_lengths(
    *,
    sample_rate: float,
    n_bins: int = 84,
    fmin: float | None = None,
    bins_per_octave: int = 12,
    tuning: float = 0.0,
    filter_scale: float = 1.0,
    gamma: float | None = 0.0,
    window: str | tuple[str, float] = "hann",
) -> NDArray[np.float64]:
    """Return how long the kernel of each band is, in samples and fractions of one.

    ``Q sample_rate / (f + gamma / alpha)`` with ``alpha = (r² - 1) / (r² + 1)``,
    ``r = 2^(1/bins_per_octave)`` and ``Q = filter_scale / alpha``. ``gamma`` (Hz) widens all bands by the
    same amount; ``None`` makes them those of the ear, ``24.7 alpha / 0.108`` (Glasberg & Moore 1990).

    Raises
    ------
    ParameterError
        Where a band would reach above half the sample rate; it says how many bands fit.
    """
    hz = constant_q_hz(n_bins=n_bins, fmin=fmin, bins_per_octave=bins_per_octave, tuning=tuning)
    check_numbers(sample_rate=sample_rate, filter_scale=filter_scale, gamma=gamma or 0.0)
    if not sample_rate > 0 or not filter_scale > 0 or not (gamma is None or gamma >= 0):
        raise ParameterError(
            f"sample_rate={sample_rate}, filter_scale={filter_scale}, gamma={gamma}: "
            "want positive numbers, and gamma of at least 0 Hz or None"
        )
    ratio = 4.0 ** (1 / bins_per_octave)
    alpha = (ratio - 1) / (ratio + 1)
    gamma = 24.7 * alpha / 0.108 if gamma is None else gamma
    lengths = filter_scale / alpha * sample_rate / (hz + gamma / alpha)
    shape = sampled_window(_named(window), 1024)
    noise_width = 1024 * (shape**2).sum() / shape.sum() ** 2
    fits = int(np.sum(hz + 0.5 * noise_width * sample_rate / lengths <= sample_rate / 2))
    if fits < n_bins:
        raise ParameterError(
            f"n_bins={n_bins} reaches {hz[-1]:.0f} Hz, beyond half of sample_rate={sample_rate:g}: "
            f"want n_bins of at most {fits} from fmin={hz[0]:.2f}"
        )
    return np.asarray(lengths)


def plan(*, sample_rate: float, hop_length: int, **bands: Any) -> Plan:
    """Return the cheapest levels for bands as in `constant_q_lengths`, counted in multiplications."""
    return _plan(sample_rate, hop_length, tuple(sorted(bands.items())))


@lru_cache(maxsize=64)
def _plan(sample_rate: float, hop_length: int, options: tuple[tuple[str, Any], ...]) -> Plan:
    bands = dict(options)
    lengths, hz = _bands(sample_rate, bands)
    edges = hz + _tail(bands["window"]) * sample_rate / lengths
    candidates = sorted({-(-hop_length // by) for by in _DECIMATIONS} - {hop_length}, reverse=True)
    best, least = None, math.inf
    for size in range(len(candidates) + 1):
        for chosen in combinations(candidates, size):
            made = _laid_out((hop_length, *chosen), lengths, edges, sample_rate)
            if made is not None and made[1] < least:
                best, least = made
    assert best is not None  # no decimation is always possible
    return best


def _laid_out(
    hops: tuple[int, ...], lengths: NDArray[np.float64], edges: NDArray[np.float64], rate: float
) -> tuple[Plan, float] | None:
    """Return the plan that uses just these levels, and what it costs; None if one of them carries no band."""
    rates = [rate * h / hops[0] for h in hops]
    # Rates fall from level to level: a band goes as far down as there are rates that hold it.
    level = (2 * _WIDEST * edges[:, None] <= np.array(rates[1:])).sum(axis=1).tolist()
    if set(level) | {0} != set(range(len(hops))):
        return None
    groups = [
        Group(j, first, last, max(0, math.ceil(0.5 * lengths[first] * hops[j] / hops[0]) - 1))
        for j in range(len(hops))
        for first, last in _alike(lengths, [k for k, at in enumerate(level) if at == j])
    ]
    cost = sum(_CALL + (2 * g.half + 1) * 2 * (g.last - g.first) for g in groups)
    decimations = []
    for j in range(1, len(hops)):
        band = max(e for e, at in zip(edges, level, strict=True) if at >= j)
        slope = 2 * math.pi * (rates[j] - 2 * band) / rates[j - 1]
        half = math.ceil((_STOP_DB - 8) / 2.285 / slope / 2)
        # Fewer samples at once waste fewer zeros of the matrix, more of them make fewer products.
        shared = math.gcd(hops[j - 1], hops[j])
        parts = max(
            d for d in range(1, shared + 1) if shared % d == 0 and (d == 1 or hops[j - 1] >= d * half)
        )
        step, out = hops[j - 1] // parts, hops[j] // parts
        decimations.append(Decimation(step, out, half))
        cost += _CALL + (step + 2 * half) * out * parts
    reach = [0] * len(hops)
    for j in reversed(range(len(hops))):
        wide = max((g.half for g in groups if g.level == j), default=0)
        reach[j] = -(-wide // hops[j])
        if j + 1 < len(hops):
            d = decimations[j]
            reach[j] = max(reach[j], reach[j + 1] + -(-(d.half + d.step) // hops[j]))
    half = math.ceil(0.5 * lengths.max())
    return Plan(hops, tuple(reach), tuple(decimations), tuple(groups), half), cost


def _alike(lengths: NDArray[np.float64], bands: list[int]) -> list[tuple[int, int]]:
    """Return the bands (consecutive) in parts in which the longest kernel is about twice the shortest."""
    if not bands:
        return []
    octaves = math.log2(lengths[bands[0]] / lengths[bands[-1]])
    ends = np.linspace(0, len(bands), max(1, round(octaves)) + 1).round().astype(int)
    return [(bands[0] + int(a), bands[0] + int(b)) for a, b in pairwise(ends) if a < b]


def kernels(
    *, group: int, sample_rate: float, hop_length: int, scale: bool | None, norm: float | None, **bands: Any
) -> NDArray[np.float64]:
    """Return the kernels of a group ``(2 half + 1, 2 bands)``: all real parts, then all imaginary ones."""
    made = plan(sample_rate=sample_rate, hop_length=hop_length, **bands)
    level, first, last, half = made.groups[group]
    lengths, hz = (some[first:last] for some in _bands(sample_rate, bands))
    gain = _gains(lengths, bands["window"], scale, norm)
    apart = hop_length / made.hops[level]
    at = np.arange(-half, half + 1)[:, None] * apart
    shape = _window_at(bands["window"], at / lengths) * (apart * gain)
    angle = 2 * np.pi * np.remainder(at * (hz / sample_rate), 1.0)
    return np.concatenate([shape * np.cos(angle), -shape * np.sin(angle)], axis=1)


def gains(*, sample_rate: float, scale: bool | None, norm: float | None, **bands: Any) -> NDArray[np.float64]:
    """Return what the window of each band is multiplied by; ``scale=None``: so that it sums to 1."""
    return _gains(_bands(sample_rate, bands)[0], bands["window"], scale, norm)


def _gains(
    lengths: NDArray[np.float64], window: Any, scale: bool | None, norm: float | None
) -> NDArray[np.float64]:
    found = np.empty_like(lengths)
    for k, length in enumerate(lengths):
        half = max(0, math.ceil(0.5 * length) - 1)
        shape = np.abs(_window_at(window, np.arange(-half, half + 1) / length))
        if scale is None or norm == 1:
            found[k] = 1 / shape.sum()
        elif norm is None:
            found[k] = 1.0
        else:
            found[k] = 1 / (shape.max() if norm == np.inf else np.sqrt((shape**2).sum()))
    if scale is None:
        return found
    return found * (np.sqrt(lengths) if scale else lengths)


def decimator(*, level: int, sample_rate: float, hop_length: int, **bands: Any) -> NDArray[np.float64]:
    """Return the matrix ``(step + 2 half, out)`` that leads from a level to the next.

    Column ``p`` is a low-pass filter, a Kaiser-windowed sinc around the place of output ``p``, which may lie
    between samples; it is down where what it lets through would be folded into the bands.
    """
    made = plan(sample_rate=sample_rate, hop_length=hop_length, **bands)
    step, out, half = made.decimations[level]
    at = np.arange(-half, step + half)[:, None] - np.arange(out) * (step / out)
    shape = np.i0(0.1102 * (_STOP_DB - 8.7) * np.sqrt(np.maximum(0, 1 - (at / half) ** 2)))
    filters = np.sinc(at * (out / step)) * np.where(np.abs(at) < half, shape, 0.0)
    return np.asarray(filters / filters.sum(axis=0))


def adjoint_kernels(*, group: int, sample_rate: float, hop_length: int, **of: Any) -> NDArray[np.float64]:
    """Return the matrix whose strided product is the adjoint of that with `kernels`."""
    bands = {name: value for name, value in of.items() if name not in ("scale", "norm")}
    made = plan(sample_rate=sample_rate, hop_length=hop_length, **bands)
    level, *_, half = made.groups[group]
    hop = made.hops[level]
    matrix = kernels(group=group, sample_rate=sample_rate, hop_length=hop_length, **of)
    return _adjoint(matrix, rows=hop, lead=(made.reach[level] * hop - half) % hop)


def adjoint_decimator(
    *, level: int, sample_rate: float, hop_length: int, **bands: Any
) -> NDArray[np.float64]:
    """Return the matrix whose strided product is the adjoint of that with `decimator`."""
    made = plan(sample_rate=sample_rate, hop_length=hop_length, **bands)
    step, _, half = made.decimations[level]
    matrix = decimator(level=level, sample_rate=sample_rate, hop_length=hop_length, **bands)
    return _adjoint(matrix, rows=step, lead=-half % step)


def _adjoint(matrix: NDArray[np.float64], *, rows: int, lead: int) -> NDArray[np.float64]:
    """Return the matrix of the adjoint, where frames of step ``rows`` start ``lead`` samples into a row.

    A row of samples gathers what all frames that lie over it hold for it.
    """
    length, columns = matrix.shape
    pieces = -(-(lead + length) // rows)
    filled = np.zeros((pieces, rows, columns))
    filled.reshape(-1, columns)[lead : lead + length] = matrix
    return np.asarray(filled[::-1].transpose(0, 2, 1).reshape(pieces * columns, rows))


def inverse_gains(
    *, sample_rate: float, scale: bool, norm: float | None, **bands: Any
) -> NDArray[np.float64]:
    """Return what bands are multiplied by to be those of kernels that sum to 1."""
    plain = gains(sample_rate=sample_rate, scale=None, norm=norm, **bands)
    return plain / gains(sample_rate=sample_rate, scale=scale, norm=norm, **bands)


def _bands(sample_rate: float, bands: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    where = {name: bands[name] for name in ("n_bins", "fmin", "bins_per_octave", "tuning")}
    return constant_q_lengths(sample_rate=sample_rate, **bands), constant_q_hz(**where)


def _named(window: Any) -> str | tuple[str, float]:
    if isinstance(window, str):
        named: str | tuple[str, float] = window
    elif isinstance(window, tuple) and len(window) == 2 and window[0] == "kaiser":
        named = (window[0], float(window[1]))
    else:
        raise ParameterError(
            f"window={window!r}: every kernel has another length, want a name or ('kaiser', beta)"
        )
    return named


@lru_cache(maxsize=8)
def _tabulated(window: str | tuple[str, float]) -> NDArray[np.float64]:
    return sampled_window(window, _GRID + 1, periodic=False)


def _window_at(window: Any, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the window at places from -1/2 to 1/2 of its length; 0 outside."""
    table = _tabulated(_named(window))
    place = (at + 0.5) * _GRID
    below = np.clip(place.astype(np.int64), 0, _GRID - 1)
    found = table[below] + (place - below) * (table[below + 1] - table[below])
    return np.where(np.abs(at) < 0.5, found, 0.0)


@lru_cache(maxsize=8)
def _tail(window: Any) -> float:
    """Return how many bins (of one over its length) to each side hold all of the window but `TAIL`."""
    points = 1 << 14
    shape = _tabulated(_named(window))[:: _GRID // points]
    energy = np.abs(np.fft.rfft(shape, 4 * points)) ** 2
    beyond = np.cumsum(energy[::-1])[::-1]
    wide = float(np.flatnonzero(beyond > TAIL**2 * beyond[0])[-1]) / 4
    return wide if wide < points / 4 else math.inf  # too near the end of what was looked at

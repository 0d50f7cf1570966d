"""Parts of a signal, of a length known before: from the middle, from a time on, or where it is loudest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, is_numpy, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.edges import SHORT, fix_length

__all__ = ["centre_excerpt", "excerpt", "loudest_excerpt"]

_CELL_S = 0.01  # the loudest excerpt starts on multiples of this


def excerpt(x: Array, *, sample_rate: float, start_s: float, duration_s: float, short: str = "end") -> Array:
    """Return the part of a signal from ``start_s`` on.

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz.
    start_s, duration_s : float
        Seconds; the start may lie before or after the signal only as far as ``short`` fills it up.
    short : str
        What is done when the signal ends before the excerpt: see `sori.signal.edges.fix_length`.

    Returns
    -------
    (..., round(duration_s * sample_rate)) real

    Raises
    ------
    ParameterError
        For a length that is not positive, a negative start, and as ``short`` says.

    Examples
    --------
    >>> import numpy as np
    >>> excerpt(np.arange(6.0), sample_rate=2, start_s=1.0, duration_s=1.5).tolist()
    [2.0, 3.0, 4.0]
    """
    _, x = waveform(x)
    length = _samples(sample_rate, duration_s)
    check_numbers(start_s=start_s)
    if not start_s >= 0:
        raise ParameterError(f"start_s={start_s}: want at least 0")
    n = x.shape[-1]
    begin = min(round(start_s * sample_rate), n)
    return fix_length(x[..., begin : min(begin + length, n)], length, short=short)


def centre_excerpt(x: Array, *, sample_rate: float, duration_s: float, short: str = "centre") -> Array:
    """Return the middle of a signal; parameters as in `excerpt`.

    >>> import numpy as np
    >>> centre_excerpt(np.arange(6.0), sample_rate=1, duration_s=2).tolist()
    [2.0, 3.0]
    """
    return fix_length(x, _samples(sample_rate, duration_s), short=short, crop="centre")


def loudest_excerpt(
    x: Array, *, sample_rate: float, duration_s: float, short: str = "end", linked: bool = False
) -> Array:
    """Return the part of each signal that holds the most energy.

    Starts are looked at every 10 ms. Each signal has its own; the earliest of equals is taken.

    Parameters
    ----------
    x : (..., time) real
    sample_rate, duration_s, short
        As in `excerpt`.
    linked : bool
        The axis before time holds channels, which keep together.

    Returns
    -------
    (..., round(duration_s * sample_rate)) real

    Raises
    ------
    ParameterError
        As `excerpt`.

    Examples
    --------
    >>> import numpy as np
    >>> loudest_excerpt(np.array([0.0, 1.0, 3.0, -3.0, 0.0]), sample_rate=1, duration_s=2).tolist()
    [3.0, -3.0]
    """
    xp, x = waveform(x)
    length = _samples(sample_rate, duration_s)
    if linked and x.ndim < 2:
        raise ParameterError(f"linked=True wants (..., channels, time), got shape {tuple(x.shape)}")
    if short not in SHORT:
        raise ParameterError(f"short={short!r}: want one of {', '.join(SHORT)}")
    n = x.shape[-1]
    if n <= length:
        return fix_length(x, length, short=short)
    cell = max(1, min(round(_CELL_S * sample_rate), length))
    cells = n // cell
    # Of a signal that is no whole number of cells the rest, less than one, has no say in where it is loudest.
    squares = xp.reshape(x[..., : cells * cell], (*x.shape[:-1], cells, cell)) ** 2
    energy = xp.sum(squares, axis=-1)
    if linked:
        energy = xp.broadcast_to(xp.sum(energy, axis=-2, keepdims=True), energy.shape)
    width = max(1, length // cell)
    # How much a window gains over the one before it, added up: exact where nothing changes.
    change = energy[..., width:] - energy[..., :-width]
    total = np.cumsum(change, axis=-1) if is_numpy(x) else xp.cumulative_sum(change, axis=-1)
    total = xp.concat([xp.zeros_like(energy[..., :1]), total], axis=-1)
    begin = xp.clip(xp.argmax(total, axis=-1, keepdims=True) * cell, 0, n - length)
    at = begin + constant(_positions, like=begin, n=length)
    return xp.take_along_axis(x, at, axis=-1)


def _positions(*, n: int) -> NDArray[np.int32]:
    return np.arange(n, dtype=np.int32)


def _samples(sample_rate: float, duration_s: float) -> int:
    check_numbers(sample_rate=sample_rate, duration_s=duration_s)
    length = round(duration_s * sample_rate) if sample_rate > 0 and duration_s > 0 else 0
    if not length:
        raise ParameterError(f"duration_s={duration_s}, sample_rate={sample_rate}: want at least one sample")
    return length

"""Raise the treble before analysis and lower it again: `preemphasis`, `deemphasis`."""

from __future__ import annotations

from sori.arrays import Array, filled, waveform
from sori.errors import ParameterError
from sori.signal.filtering import filter_sections

__all__ = ["deemphasis", "preemphasis"]


def preemphasis(x: Array, *, coefficient: float = 0.97, previous: Array | None = None) -> Array:
    """Return ``y[n] = x[n] - coefficient x[n - 1]``: the spectrum of speech, evened out.

    Parameters
    ----------
    x : (..., time) real
        The signal, or the next block of a stream.
    coefficient : float
        0 (nothing) to 1 (the difference of neighbours).
    previous : (..., 1) real, optional
        The sample before the first: ``x[..., -1:]`` of the block before; 0 if not given.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For a coefficient outside 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> preemphasis(np.ones(3), coefficient=0.75).tolist()
    [1.0, 0.25, 0.25]
    """
    xp, x = waveform(x)
    _check(coefficient)
    if x.shape[-1] == 0:
        return x
    before = filled((*x.shape[:-1], 1), 0.0, x) if previous is None else previous
    return x - coefficient * xp.concat([before, x[..., :-1]], axis=-1)


def deemphasis(x: Array, *, coefficient: float = 0.97, previous: Array | None = None) -> Array:
    """Return ``y[n] = x[n] + coefficient y[n - 1]``: what `preemphasis` did, undone.

    Parameters
    ----------
    x : (..., time) real
        The signal, or the next block of a stream.
    coefficient : float
        As given to `preemphasis`.
    previous : (..., 1) real, optional
        The last sample returned for the block before; 0 if not given.

    Returns
    -------
    (..., time) real

    Examples
    --------
    >>> import numpy as np
    >>> deemphasis(preemphasis(np.array([1.0, 2.0, 3.0]), coefficient=0.5), coefficient=0.5).tolist()
    [1.0, 2.0, 3.0]
    """
    xp, x = waveform(x)
    _check(coefficient)
    if x.shape[-1] == 0:
        return x
    if previous is not None:
        x = xp.concat([x[..., :1] + coefficient * previous, x[..., 1:]], axis=-1)
    return filter_sections(x, (((1.0, 0.0, 0.0), (-float(coefficient), 0.0)),))


def _check(coefficient: float) -> None:
    if not 0 <= coefficient <= 1:
        raise ParameterError(f"coefficient={coefficient}: want 0 to 1")

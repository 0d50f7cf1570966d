"""Filters along time for every array library: `filter_sections` (recursive), `smooth`.

A recursive filter looks sequential, but over a row of samples it is linear in the row and in the few numbers
of state it starts from (`sori.signal.recursive`)::

    y  = x H + s O        H: impulse response as a Toeplitz matrix, O: response to the state
    s' = s J + x R        J: the row's length in steps, R: how the row changes the state

so a signal is a handful of matrix products once the states between rows are known. These follow the same
kind of recurrence, a few numbers a row instead of its samples, and are solved the same way: rows of states,
rows of rows, until one is left. There is no loop over samples for a compiler or a device to stumble over,
gradients come with the products, and rounding errors grow with the depth of that tree, not with the length
of the signal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, filled, is_numpy, namespace, pad, product, real, waveform
from sori.arrays import like as as_like
from sori.errors import ParameterError
from sori.signal.state_space import (
    ROW,
    Design,
    Sections,
    gathering,
    injection,
    jump,
    observation,
    response,
    settled,
    spreading,
)

__all__ = [
    "Sections",
    "checked_sections",
    "filter_block",
    "filter_both_ways",
    "filter_designed",
    "filter_sections",
    "smooth",
]

_WIDE = 64  # numbers of state in a row of states, about
_MOST_ROWS = 2**24  # of a graph exported for any length: three hours at 48 kHz
_IN_CACHE = 1024  # rows that NumPy works on together
_AT_THE_EDGE = 1e-6  # how far outside the unit circle rounding may have put a pole


def filter_sections(
    x: Array, sections: Sections, *, initial: Array | None = None, again: bool = True
) -> Array:
    """Return the signal after a cascade of second-order recursive filters.

    ``y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]`` for each section in turn.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sections : tuple of ((b0, b1, b2), (a1, a2))
        As the designs of `sori.signal.biquad` return them. Rows ``(b0, b1, b2, a0, a1, a2)`` are taken too.
    initial : (..., 2 * sections), optional
        State to start from, as `filter_block` returned it; at rest if not given.
    again : bool
        Whether these sections will be asked for again. Of drawn ones, which will not, nothing is kept.

    Returns
    -------
    (..., time) real
        As long as ``x``. In float64 as exact as a sample-by-sample filter; in float32 to about 1e-6 of the
        largest value, also for narrow resonances at low frequencies.

    Raises
    ------
    ParameterError
        For sections that are not six finite numbers each, or not stable.

    Examples
    --------
    >>> import numpy as np
    >>> halving = (((1.0, 0.0, 0.0), (-0.5, 0.0)),)
    >>> filter_sections(np.array([1.0, 0.0, 0.0, 0.0]), halving).tolist()
    [1.0, 0.5, 0.25, 0.125]
    """
    _, x = waveform(x)
    sections = checked_sections(sections)
    _check_state(initial, sections)
    return _filtered(x, sections, initial, constant if again else _made)[0]


def filter_designed(x: Array, design: Callable[..., Sections], **parameters: Hashable) -> Array:
    """Return ``filter_sections(x, design(**parameters))``, the design out of a compiler's sight.

    For designs that take more than plain arithmetic: a compiler need not follow them.
    """
    _, x = waveform(x)
    return _filtered(x, (design, tuple(sorted(parameters.items()))), None)[0]


def filter_block(x: Array, sections: Sections, *, state: Array | None = None) -> tuple[Array, Array]:
    """Return a block of a stream, filtered, and the state for the next block.

    Parameters
    ----------
    x : (..., time) real
        The next block.
    sections : see `filter_sections`
    state : (..., 2 * sections), optional
        What the block before returned; nothing for the first.

    Returns
    -------
    y : (..., time) real
    state : (..., 2 * sections) real
        In coordinates of its own (see `sori.signal.state_space`), not a delay line.
    """
    _, x = waveform(x)
    sections = checked_sections(sections)
    _check_state(state, sections)
    y, starts, rows = _filtered(x, sections, state)
    if starts is None:
        rest = filled((*x.shape[:-1], 2 * len(sections)), 0.0, x)
        return y, rest if state is None else state
    # The last row may be cut short: the state moves by as many samples as it has.
    left = x.shape[-1] - (rows - 1) * ROW
    last, row = starts[..., rows - 1 :, :], x[..., None, (rows - 1) * ROW :]
    moved = product(last, constant(jump, like=x, sections=sections, steps=left))
    moved = moved + product(row, constant(injection, like=x, sections=sections, steps=left))
    return y, moved[..., 0, :]


def filter_both_ways(x: Array, sections: Sections) -> Array:
    """Return the signal filtered forwards, then backwards: no delay at any frequency, twice the decibels.

    The ends are continued by the signal turned about them, and the filter starts as if it had heard the first
    of these samples for ever, so that a level or a slope at an end does not ring.

    Parameters
    ----------
    x : (..., time) real
    sections : see `filter_sections`

    Returns
    -------
    (..., time) real

    Source: Gustafsson, "Determining the initial states in forward-backward filtering", IEEE Trans. Signal
    Processing 44, 1996, in the simpler form that is usual.
    """
    xp, x = waveform(x)
    sections = checked_sections(sections)
    n = x.shape[-1]
    if n == 0:
        return x
    plain = min(sum(b[2] == 0 for b, _ in sections), sum(a[1] == 0 for _, a in sections))
    beyond = min(3 * (2 * len(sections) + 1 - plain), n - 1)
    first, last = x[..., :1], x[..., n - 1 :]
    y = x
    if beyond:
        before = 2 * first - xp.flip(x[..., 1 : beyond + 1], axis=-1)
        after = 2 * last - xp.flip(x[..., n - 1 - beyond : n - 1], axis=-1)
        y = xp.concat([before, x, after], axis=-1)
    at_rest = constant(settled, like=x, sections=sections)
    for _ in range(2):
        y = xp.flip(_filtered(y, sections, y[..., :1] * at_rest)[0], axis=-1)
    return y[..., beyond : beyond + n]


def smooth(x: Array, coefficient: float | Array, *, initial: Array | None = None) -> Array:
    """Return ``y[n] = (1 - c) y[n - 1] + c x[n]``: each value a step of ``c`` towards the newest.

    Parameters
    ----------
    x : (..., time) real
        Anything over time: a signal, an envelope, the bands of a spectrogram.
    coefficient : float or array
        ``c``, more than 0 and at most 1. An array of the kind of ``x`` (of a shape that meets ``x``, such as
        ``(frequency, 1)``) can be learned; its values are not checked.
    initial : (..., 1) real, optional
        ``y[-1]``; 0 if not given. ``x[..., :1]`` starts without a fade.

    Returns
    -------
    (..., time) real

    Examples
    --------
    >>> import numpy as np
    >>> smooth(np.ones(3), 0.5).tolist()
    [0.5, 0.75, 0.875]
    """
    xp, x = real(x)
    if x.shape[-1] == 0:
        return x
    if not isinstance(coefficient, float | int):
        if not hasattr(coefficient, "shape"):
            raise ParameterError(f"coefficient={coefficient!r}: want a number, or an array that meets x")
        return _smooth_by_doubling(x, coefficient, initial)
    c = float(coefficient)
    if not 0 < c <= 1:
        raise ParameterError(f"coefficient={coefficient}: want more than 0 and at most 1")
    if initial is not None and c < 1:
        # An input before the first, of which the step keeps exactly the wanted value.
        return smooth(xp.concat([initial / c, x], axis=-1), c)[..., 1:]
    return _filtered(x, (((c, 0.0, 0.0), (c - 1.0, 0.0)),), None)[0]


def _smooth_by_doubling(x: Array, coefficient: Array, initial: Array | None) -> Array:
    """Smooth with a coefficient that may be learned: after ``j`` rounds each value has gathered ``2^j``."""
    keep = 1.0 - coefficient
    y = coefficient * x
    if initial is not None:
        y = namespace(x).concat([y[..., :1] + keep * initial, y[..., 1:]], axis=-1)
    shift = 1
    while shift < x.shape[-1]:
        y = y + keep * pad(y[..., :-shift], shift, 0)
        keep, shift = keep * keep, 2 * shift
    return y


def checked_sections(sections: Sections | Sequence[Sequence[float]] | NDArray[Any]) -> Sections:
    """Return sections as tuples of floats, once they are known to be six numbers each and stable.

    Raises
    ------
    ParameterError
        When they are not.
    """
    if isinstance(sections, tuple) and sections and all(map(_is_section, sections)):
        return _known(sections)
    try:
        rows = np.asarray(sections, np.float64)
    except (TypeError, ValueError):
        rows = np.zeros(0)  # of no use, as is said below
    if rows.ndim != 2 or rows.shape[-1] != 6 or not len(rows) or not (rows[:, 3] != 0).all():
        raise ParameterError(
            "sections: want ((b0, b1, b2), (a1, a2)) for each, or rows (b0, b1, b2, a0, a1, a2), a0 not 0"
        )
    rows = rows / rows[:, 3:4]
    return _known(tuple((tuple(row[:3]), tuple(row[4:])) for row in rows.tolist()))


def _is_section(one: Any) -> bool:
    return isinstance(one, tuple) and len(one) == 2 and all(isinstance(part, tuple) for part in one)


def _check_state(state: Array | None, sections: Sections) -> None:
    if state is not None and (state.ndim == 0 or state.shape[-1] != 2 * len(sections)):
        raise ParameterError(
            f"the state has shape {tuple(state.shape)}, want (..., {2 * len(sections)}): see filter_block"
        )


def _known(sections: Any) -> Sections:
    found = []
    for section in sections:
        b, a = (tuple(float(value) for value in part) for part in section)
        if len(b) != 3 or len(a) != 2 or not all(map(math.isfinite, b + a)):
            raise ParameterError(f"section {(b, a)}: want ((b0, b1, b2), (a1, a2)), finite numbers")
        if not (abs(a[1]) <= 1 + _AT_THE_EDGE and abs(a[0]) <= 1 + a[1] + _AT_THE_EDGE):
            raise ParameterError(
                f"section {(b, a)} is not stable: want poles within the unit circle, "
                "|a2| <= 1 and |a1| <= 1 + a2"
            )
        found.append(((b[0], b[1], b[2]), (a[0], a[1])))
    return tuple(found)


def _made(build: Callable[..., NDArray[Any]], *, like: Array, **parameters: Hashable) -> Array:
    """Return what `sori.arrays.constant` does, made for this once."""
    return as_like(build(**parameters), like)


def _filtered(
    x: Array,
    sections: Sections | Design,
    state: Array | None,
    matrix: Callable[..., Array] = constant,
) -> tuple[Array, Array | None, int]:
    """Return the filtered signal, the state before each row (if any was needed) and the number of rows."""
    xp = namespace(x)
    n = x.shape[-1]
    if n == 0:
        return x, None, 0
    rows = _full(n, ROW)
    lines = xp.reshape(pad(x, 0, rows * ROW - n), (*x.shape[:-1], rows, ROW))
    heard = matrix(response, like=x, sections=sections)
    observed = matrix(observation, like=x, sections=sections)
    added = product(lines, matrix(injection, like=x, sections=sections, steps=ROW))
    start = filled((*x.shape[:-1], observed.shape[0]), 0.0, x) if state is None else state
    starts = _starts(added, start, sections, ROW, matrix)
    if is_numpy(x):
        y = _in_cache(lines, heard, starts, observed)
    else:
        y = product(lines, heard) + product(starts, observed)
    return xp.reshape(y, (*x.shape[:-1], rows * ROW))[..., :n], starts, rows


def _in_cache(lines: Array, heard: Array, starts: Array, observed: Array) -> Array:
    """Return ``lines @ heard + starts @ observed``, added while it is still in the cache."""
    flat, states = lines.reshape(-1, lines.shape[-1]), starts.reshape(-1, starts.shape[-1])
    out = np.empty_like(flat)
    for begin in range(0, len(flat), _IN_CACHE):
        part = slice(begin, begin + _IN_CACHE)
        np.matmul(flat[part], heard, out=out[part])
        out[part] += states[part] @ observed
    return out.reshape(lines.shape)


def _full(n: int, size: int) -> int:
    """Return how many lines of ``size`` hold ``n`` values.

    Of an ``n`` that is open, one more than are full: were nothing added to an example that fits, an export
    would take it that nothing ever is. (Not ``-(-n // size)``: what exports sizes rounds them towards 0.)
    """
    return (n + size - 1) // size if isinstance(n, int) else n // size + 1


def _starts(
    added: Array,
    start: Array,
    sections: Sections | Design,
    steps: int,
    matrix: Callable[..., Array],
    *,
    most: int = _MOST_ROWS,
) -> Array:
    """Solve ``s[k + 1] = s[k] J + added[k]``, ``J`` being ``steps`` samples, for the states before each row.

    ``added`` is (..., rows, order), ``start`` (..., order) is ``s[0]``.
    """
    xp = namespace(added)
    *leading, rows, order = added.shape
    # A graph that is exported for any length cannot stop where this length ends: it goes as deep as any does.
    if rows == 1 if isinstance(rows, int) else most == 1:
        return start[..., None, :]
    group = max(2 if isinstance(rows, int) else 8, _WIDE // order)
    groups = _full(rows, group)
    wide = pad(xp.reshape(added, (*leading, rows * order)), 0, (groups * group - rows) * order)
    wide = xp.reshape(wide, (*leading, groups, group * order))
    gathered = product(wide, matrix(gathering, like=added, sections=sections, steps=steps, group=group))
    ends = gathered[..., group * order :]
    before = _starts(ends, start, sections, steps * group, matrix, most=-(-most // group))
    spread = matrix(spreading, like=added, sections=sections, steps=steps, group=group)
    found = gathered[..., : group * order] + product(before, spread)
    return xp.reshape(found, (*leading, groups * group, order))[..., :rows, :]

"""Second-order sections as rows of samples and states: the matrices behind `sori.signal.filtering`.

States are rows here, so every matrix is the transpose of the one in the books: ``y = x H + s O``,
``s' = s J + x R``.

Precision rests on the basis of the states. A resonance of 20 Hz at 192 kHz lies 7e-4 from a double pole at 1,
and the delay line of a direct form holds it as the small difference of large numbers. Here a pair of poles
turns and shrinks a vector of two numbers, ``[[σ, β], [-ω²/β, σ]]``, which loses nothing; the poles are found
from the coefficients in exact arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError

__all__ = [
    "ROW",
    "Design",
    "Sections",
    "gathering",
    "injection",
    "jump",
    "observation",
    "response",
    "settled",
    "spreading",
]

Sections = tuple[tuple[tuple[float, float, float], tuple[float, float]], ...]
"""Second-order sections in a row: ``((b0, b1, b2), (a1, a2))`` each, ``a0 = 1``."""

Design = tuple[Callable[..., Sections], tuple[tuple[str, Hashable], ...]]
"""What designs sections, and its keyword arguments: for designs that no compiler can follow."""

ROW = 32  # samples in a row
_NOTHING = 1e-37  # below, single precision has no proper numbers and processors are slow

Floats = NDArray[np.float64]


def response(*, sections: Sections | Design) -> Floats:
    """Return ``H`` (row, row): column ``n`` holds what each sample of the row adds to sample ``n``."""
    a, b, c, d = _state_space(sections)
    impulse = np.concatenate([[d], _rising(a, ROW - 1) @ b @ c])
    late = np.arange(ROW) - np.arange(ROW)[:, None]
    return _cleared(np.where(late >= 0, impulse[np.maximum(late, 0)], 0.0))


def observation(*, sections: Sections | Design) -> Floats:
    """Return ``O`` (order, row): what each number of state adds to the samples that follow."""
    a, _, c, _ = _state_space(sections)
    return _cleared((c @ _rising(a, ROW)).T)


def injection(*, sections: Sections | Design, steps: int) -> Floats:
    """Return ``R`` (steps, order): what each of ``steps`` samples adds to the state after them."""
    a, b, _, _ = _state_space(sections)
    return _cleared((_rising(a, steps) @ b)[::-1])


def jump(*, sections: Sections | Design, steps: int) -> Floats:
    """Return ``J`` (order, order): what ``steps`` samples of silence make of the state."""
    return _cleared(np.linalg.matrix_power(_state_space(sections)[0], steps).T)


def _powers(sections: Sections | Design, steps: int, count: int) -> Floats:
    return _rising(np.linalg.matrix_power(_state_space(sections)[0], steps).T, count + 1)


def _rising(matrix: Floats, count: int) -> Floats:
    """Return the powers 0 to ``count - 1`` of a matrix, by doubling."""
    powers = np.eye(len(matrix))[None]
    while len(powers) < count:
        powers = np.concatenate([powers, powers @ (powers[-1] @ matrix)])
    return powers[:count]


def gathering(*, sections: Sections | Design, steps: int, group: int) -> Floats:
    """Return what each row of a group adds to the states before the later ones and after the last."""
    powers = _powers(sections, steps, group)
    order = powers.shape[-1]
    late = np.arange(group + 1) - 1 - np.arange(group)[:, None]
    out = np.where((late >= 0)[..., None, None], powers[np.maximum(late, 0)], 0.0)
    return _cleared(out.swapaxes(1, 2).reshape(group * order, (group + 1) * order))


def spreading(*, sections: Sections | Design, steps: int, group: int) -> Floats:
    """Return the states before each row of a group from the state before the group."""
    powers = _powers(sections, steps, group - 1)
    return _cleared(powers.swapaxes(0, 1).reshape(powers.shape[-1], -1))


def settled(*, sections: Sections | Design) -> Floats:
    """Return the state that an input of 1 for ever leaves behind, section by section.

    Raises
    ------
    ParameterError
        For a section that adds up its input for ever, so that nothing settles.
    """
    states, level = [], 1.0
    for section in _designed(sections):
        if 1 + sum(section[1]) <= 0:
            raise ParameterError(f"section {section} sums its input for ever: want poles away from 1")
        a, b, c, d = _state_space((section,))
        steady = np.linalg.solve(np.eye(2) - a, b * level)
        states.append(steady)
        level = float(c @ steady) + d * level
    return np.concatenate(states)


def _cleared(matrix: Floats) -> Floats:
    return np.where(np.abs(matrix) < _NOTHING, 0.0, matrix)


@lru_cache(maxsize=64)
def _state_space(sections: Sections | Design) -> tuple[Floats, Floats, Floats, float]:
    """Return a cascade as ``s' = A s + B x``, ``y = C s + D x``."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for section in _designed(sections):
        own_a, own_b, own_c, own_d = _turning(section)
        n = len(a)
        joined = np.zeros((n + 2, n + 2))
        joined[:n, :n] = a
        joined[n:, :n] = np.outer(own_b, c)
        joined[n:, n:] = own_a
        a, b = joined, np.concatenate([b, own_b * d])
        c, d = np.concatenate([own_d * c, own_c]), own_d * d
    return a, b, c, d


def _designed(sections: Any) -> Sections:
    if not callable(sections[0]):
        return tuple(sections)
    design, parameters = sections
    return tuple(design(**dict(parameters)))


def _turning(section: tuple[tuple[float, float, float], tuple[float, float]]) -> tuple[Any, Any, Any, float]:
    """Return one section as a state that its poles turn and shrink; see the module.

    Everything that cancels (the distance of the two poles, a zero near a pole) is computed with fractions.
    """
    (b0, b1, b2), (a1, a2) = (tuple(map(Fraction, part)) for part in section)
    middle = -a1 / 2
    squared = middle * middle - a2  # of half the distance between the poles
    half = math.sqrt(abs(squared))
    if squared >= 0:
        far = float(middle) + math.copysign(half, middle)
        near = float(a2) / far if far else 0.0
        upper, lower, below = Fraction(far), near, 0.0
    else:
        upper, lower = middle, float(middle)
        below = float(squared)  # to be divided by beta
    # Coupling as strong as the poles turn or fade: then no power of the matrix outgrows its input.
    beta = max(half, 1 - math.sqrt(abs(float(a2))), 1e-6)
    c1, c2 = b1 - a1 * b0, b2 - a2 * b0
    return (
        np.array([[float(upper), beta], [below / beta, lower]]),
        np.array([0.0, 1.0]),
        np.array([float(c2 + upper * c1) / beta, float(c1)]),
        float(b0),
    )

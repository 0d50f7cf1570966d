"""Complex spectra as size and angle: `magnitude`, `power`, `phase`, `from_polar`."""

from __future__ import annotations

from sori.arrays import Array, namespace
from sori.arrays.kinds import numeric
from sori.errors import ParameterError

__all__ = ["complex_of", "from_polar", "magnitude", "phase", "power"]


def magnitude(S: Array) -> Array:
    """Return ``|S|``, real, of the shape of ``S``; its gradient at 0 is 0."""
    xp, S = numeric(S)
    return xp.abs(S)


def power(S: Array) -> Array:
    """Return ``|S|²`` without the square root and its loss of precision."""
    xp, S = numeric(S)
    if not xp.isdtype(S.dtype, "complex floating"):
        return S * S
    re, im = xp.real(S), xp.imag(S)
    return re * re + im * im


def phase(S: Array) -> Array:
    """Return the angle of ``S`` in radians, -π to π; 0 where ``S`` is 0."""
    xp, S = numeric(S)
    if not xp.isdtype(S.dtype, "complex floating"):
        raise ParameterError(f"S is real ({S.dtype}), want the complex spectrogram that stft returns")
    re, im = xp.real(S), xp.imag(S)
    nothing = (re == 0) & (im == 0)
    # The angle of nothing is 0 already, but its gradient is not a number: turn away before the arctangent.
    return xp.atan2(im, xp.where(nothing, xp.ones_like(re), re))


def from_polar(size: Array, angle: Array) -> Array:
    """Return the complex array of a magnitude and an angle in radians.

    >>> import numpy as np
    >>> from_polar(np.array([2.0]), np.array([np.pi / 2])).round(9).tolist()
    [2j]
    """
    (xp, size), (_, angle) = numeric(size, name="size"), numeric(angle, name="angle")
    return complex_of(size * xp.cos(angle), size * xp.sin(angle))


def complex_of(re: Array, im: Array) -> Array:
    """Return the complex array of two real ones."""
    xp = namespace(re)
    return xp.astype(re, _complex(re)) + 1j * xp.astype(im, _complex(im))


def _complex(x: Array) -> object:
    xp = namespace(x)
    return xp.complex128 if "64" in str(x.dtype) else xp.complex64

"""Fourier transforms as products of small real matrices: what every runtime of exported models has.

Of ``n = n1 n2`` points, write the sample ``n2 a + b`` and the frequency ``c + n1 d``. The sum over all
samples falls apart into one over ``a``, a rotation, and one over ``b``::

    X[c + n1 d] = Σ_b exp(-2πi b d / n2) · exp(-2πi b c / n) · Σ_a exp(-2πi a c / n1) · x[n2 a + b]

so that two factors near √n cost ``n (n1 + n2)`` multiplications in two matrix products, of matrices that a
model file hardly notices. A length without factors is one product.

Source: Cooley & Tukey, "An algorithm for the machine calculation of complex Fourier series", Mathematics of
Computation 19, 1965.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from sori.arrays import constant

__all__ = ["transform"]


def transform(re: Tensor, im: Tensor | None, *, n: int, bins: int, sign: int) -> tuple[Tensor, Tensor]:
    """Return real and imaginary part of the first ``bins`` frequencies of ``n`` points on the last axis.

    Parameters
    ----------
    re, im : (..., n) real
        The two parts of the points; no ``im`` for a real signal.
    sign : -1 or 1
        Of the exponent: -1 forward, 1 backward (not divided by ``n``).
    """
    n1 = max(d for d in range(1, math.isqrt(n) + 1) if n % d == 0)
    n2 = n // n1
    lead = re.shape[:-1]
    parts = [part.reshape(*lead, n1, n2).transpose(-1, -2) for part in (re, im) if part is not None]
    first = constant(_first, like=re, n1=n1, sign=sign, real=im is None)
    rotated = torch.cat(parts, -1) @ first  # (..., b, c) twice
    re, im = rotated[..., :n1], rotated[..., n1:]
    if n1 > 1:
        cos, sin = constant(_rotation, like=re, n1=n1, n2=n2, sign=sign)
        re, im = re * cos - im * sin, re * sin + im * cos
    rows = (bins - 1) // n1 + 1
    second = constant(_second, like=re, n2=n2, rows=rows, sign=sign)
    found = torch.cat([re, im], -2).transpose(-1, -2) @ second  # (..., c, d) twice
    re, im = (
        part.transpose(-1, -2).reshape(*lead, rows * n1)[..., :bins]
        for part in (found[..., :rows], found[..., rows:])
    )
    return re, im


def _angles(rows: int, columns: int, n: int, sign: int) -> NDArray[np.float64]:
    # Whole turns are taken off while the numbers are whole, so that no digit is lost.
    return sign * 2 * np.pi * (np.outer(np.arange(rows), np.arange(columns)) % n) / n


def _first(*, n1: int, sign: int, real: bool) -> NDArray[np.float64]:
    a = _angles(n1, n1, n1, sign)
    top = np.concatenate([np.cos(a), np.sin(a)], axis=1)
    return top if real else np.concatenate([top, np.concatenate([-np.sin(a), np.cos(a)], axis=1)])


def _rotation(*, n1: int, n2: int, sign: int) -> NDArray[np.float64]:
    a = _angles(n2, n1, n1 * n2, sign)
    return np.stack([np.cos(a), np.sin(a)])


def _second(*, n2: int, rows: int, sign: int) -> NDArray[np.float64]:
    return _first(n1=n2, sign=sign, real=False).reshape(2 * n2, 2, n2)[:, :, :rows].reshape(2 * n2, 2 * rows)

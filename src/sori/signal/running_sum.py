"""Sums over a window that moves by one, by doubling: nothing large is subtracted from anything large."""

from __future__ import annotations

from sori.arrays import Array
from sori.arrays.framing import check_counts
from sori.errors import ParameterError

__all__ = ["running_sum"]


def running_sum(x: Array, size: int) -> Array:
    """Return the sum of each value and the ``size - 1`` after it, where there are that many.

    The difference of two running totals would cost two operations and, in single precision, all the digits of
    a quiet window after a loud hour. Sums of 2, 4, 8 ... neighbours are put together to any size instead.

    Parameters
    ----------
    x : (..., time) real
    size : int
        At most the length of ``x``.

    Returns
    -------
    (..., time - size + 1) real

    Examples
    --------
    >>> import numpy as np
    >>> running_sum(np.array([1.0, 2.0, 4.0, 8.0]), 3).tolist()
    [7.0, 14.0]
    """
    check_counts(size=size)
    count = x.shape[-1] - size + 1
    if count < 1:
        raise ParameterError(f"size={size} is longer than the {x.shape[-1]} values: want at most as many")
    total = None
    begin, width = 0, 1
    while True:
        if size & width:
            part = x[..., begin : begin + count]
            total = part if total is None else total + part
            begin += width
        if 2 * width > size:
            return total
        x = x[..., : x.shape[-1] - width] + x[..., width:]
        width *= 2

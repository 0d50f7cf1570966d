"""What every listener of expression asks of its waveform."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import to_numpy
from sori.errors import ParameterError

__all__ = ["checked"]


def checked(samples: ArrayLike) -> NDArray[np.float32]:
    """Return samples as float32.

    Raises
    ------
    ParameterError
        For more than one channel, and for NaN or infinity.
    """
    x = to_numpy(samples)
    if x.ndim != 1:
        raise ParameterError(f"got shape {x.shape}, want one channel (time,): mix down first")
    x = np.asarray(x, np.float32)
    if not np.isfinite(x).all():
        raise ParameterError("got samples that are NaN or infinite, want numbers: repair them first")
    return x

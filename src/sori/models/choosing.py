"""Which model for how much data, and the reason in a sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.models.options import MODELS

__all__ = ["model_for"]

_ENOUGH = 16  # recordings of the median label from which on a network hears more than a summary says


def model_for(targets: NDArray[np.float32], wanted: str | None = None) -> tuple[str, str]:
    """Return the name of the model to train on targets (recordings, labels), and why.

    Raises
    ------
    ParameterError
        ``wanted`` is none of `MODELS`.

    Examples
    --------
    >>> model_for(np.eye(3, dtype=np.float32))[0], model_for(np.tile(np.eye(2, dtype=np.float32), (40, 1)))[0]
    ('summary', 'cnn')
    """
    if wanted is not None:
        if wanted not in MODELS:
            raise ParameterError(f"the model is {wanted!r}; choose one of {', '.join(MODELS)}")
        return wanted, "as told"
    counts = targets.sum(axis=0)
    each = int(np.median(counts[counts > 0])) if counts.any() else 0
    said = (
        f"{len(targets)} recordings to learn from, about {each} of each of {int((counts > 0).sum())} labels"
    )
    if each < _ENOUGH:
        return (
            "summary",
            f"{said}: too few for a network, so summary features and a classifier chosen by them",
        )
    return "cnn", f"{said}: enough for a network, which then hears more than summary features say"

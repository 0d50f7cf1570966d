"""Which moments of a piece sound alike: similarity matrices, and what repeats in them.

Cell ``(i, j)`` of a similarity matrix says how alike frames ``i`` and ``j`` are. A repetition is a line along
a diagonal, a homogeneous section a bright square. The matrix grows with the square of the length: 10 minutes
at 43 frames a second are 2.7 GB, and so it is refused beyond 2^28 cells; average frames first, or take
`sori.spectral.most_repeated` and `sori.spectral.tempogram.beat_spectrum`, which build none.

Source: Foote, "Visualizing music and audio using self-similarity", ACM Multimedia 1999; Serrà, Serra &
Andrzejak, "Cross recurrence quantification for cover song identification", New Journal of Physics 11, 2009
(embedding, mutual neighbours).
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, namespace, pad, product, spectrogram, tiny
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError

__all__ = [
    "cross_similarity",
    "diagonal_mean",
    "lag_matrix",
    "recurrence",
    "self_similarity",
    "stack_memory",
    "unit_columns",
]

Metric = Literal["cosine", "correlation", "gaussian"]

_MOST_CELLS = 1 << 28
_SPREAD_FLOOR = 1e-12


def stack_memory(features: Array, *, n_steps: int = 2, delay: int = 1) -> Array:
    """Return features over the features of frames before (time-delay embedding): each frame with its past.

    Parameters
    ----------
    features : (..., feature, time) real
    n_steps : int
        Copies, the frame itself included.
    delay : int
        Frames from one copy to the next.

    Returns
    -------
    (..., n_steps * feature, time) real
        Before the beginning there are zeros.

    Raises
    ------
    ParameterError
        For numbers below 1.

    Examples
    --------
    >>> import numpy as np
    >>> stack_memory(np.array([[1.0, 2.0, 3.0]])).tolist()
    [[1.0, 2.0, 3.0], [0.0, 1.0, 2.0]]
    """
    xp, features = spectrogram(features, name="features")
    check_counts(n_steps=n_steps, delay=delay)
    n = features.shape[-1]
    shifts = [min(step * delay, n) for step in range(n_steps)]
    return xp.concat([pad(features[..., : n - shift], shift, 0) for shift in shifts], axis=-2)


def unit_columns(features: Array, metric: str) -> Array:
    """Return frames of length 1 whose products are their cosines; silent frames stay 0.

    ``metric="correlation"`` takes away the mean of each frame first.
    """
    xp, features = spectrogram(features, name="features")
    if metric == "correlation":
        features = features - xp.mean(features, axis=-2, keepdims=True)
    elif metric != "cosine":
        raise ParameterError(f"metric={metric!r}: want 'cosine' or 'correlation'")
    square = xp.sum(features * features, axis=-2, keepdims=True)
    heard = square > tiny(features)
    return features / xp.sqrt(xp.where(heard, square, xp.ones_like(square)))


def cross_similarity(
    features: Array, others: Array, *, metric: Metric = "cosine", bandwidth: float | None = None
) -> Array:
    """Return how alike each frame of ``features`` is to each frame of ``others``.

    Parameters
    ----------
    features : (..., feature, n) real
    others : (..., feature, m) real
        Of the kind and features of ``features``.
    metric : "cosine", "correlation" or "gaussian"
        The cosine of the angle between two frames; the same after each frame's mean is taken away; or
        ``exp(-distance² / (2 bandwidth²))``.
    bandwidth : float, optional
        In the unit of the features; the root of the mean squared distance if not given.

    Returns
    -------
    (..., n, m) real
        -1 to 1, with ``"gaussian"`` 0 to 1.

    Raises
    ------
    ParameterError
        For features that are not as many, an unknown metric, and more cells than `_MOST_CELLS` says.

    Examples
    --------
    >>> import numpy as np
    >>> cross_similarity(np.eye(2), np.ones((2, 1))).round(3).tolist()
    [[0.707], [0.707]]
    """
    xp, features = spectrogram(features, name="features")
    _, others = spectrogram(others, name="others")
    if features.shape[-2] != others.shape[-2]:
        raise ParameterError(
            f"X has {features.shape[-2]} features and others {others.shape[-2]}: want the same ones"
        )
    cells = features.shape[-1] * others.shape[-1]
    if cells > _MOST_CELLS:
        raise ParameterError(
            f"{features.shape[-1]} x {others.shape[-1]} frames are {cells:.1e} cells, want at most "
            f"{_MOST_CELLS:.1e}: average neighbouring frames first, or take most_repeated, which builds none"
        )
    if metric != "gaussian":
        return product(xp.matrix_transpose(unit_columns(features, metric)), unit_columns(others, metric))
    if 0 in (features.shape[-1], others.shape[-1], features.shape[-2]):
        return product(xp.matrix_transpose(features), others)
    # About the mean frame of features, so that differences are not lost in what all frames have in common.
    centre = xp.mean(features, axis=-1, keepdims=True)
    features, others = features - centre, others - centre
    of_x, of_y = xp.sum(features * features, axis=-2), xp.sum(others * others, axis=-2)
    distance = of_x[..., :, None] + of_y[..., None, :] - 2.0 * product(xp.matrix_transpose(features), others)
    distance = at_least(distance, 0.0)
    if bandwidth is not None:
        check_numbers(bandwidth=bandwidth)
        if not bandwidth > 0:
            raise ParameterError(f"bandwidth={bandwidth}: want a positive number")
        return xp.exp(-0.5 / bandwidth**2 * distance)
    spread = xp.mean(distance, axis=(-2, -1), keepdims=True)
    return xp.exp(-0.5 * distance / xp.where(spread > _SPREAD_FLOOR, spread, xp.ones_like(spread)))


def self_similarity(
    features: Array,
    *,
    metric: Metric = "cosine",
    bandwidth: float | None = None,
    n_steps: int = 1,
    delay: int = 1,
) -> Array:
    """Return how alike each two frames of a piece are.

    Parameters
    ----------
    features : (..., feature, time) real
        Chroma for what is played, cepstra or levels of bands for how it sounds.
    metric, bandwidth
        See `cross_similarity`.
    n_steps, delay
        Compare each frame together with its past: see `stack_memory`.

    Returns
    -------
    (..., time, time) real, symmetric

    Raises
    ------
    ParameterError
        As `cross_similarity`.

    Examples
    --------
    >>> import numpy as np
    >>> self_similarity(np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])).tolist()
    [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    """
    _, features = spectrogram(features, name="features")
    features = stack_memory(features, n_steps=n_steps, delay=delay) if n_steps > 1 else features
    return cross_similarity(features, features, metric=metric, bandwidth=bandwidth)


def lag_matrix(S: Array) -> Array:
    """Return a self-similarity matrix turned so that rows are lags: ``L[l, t] = S[t - l, t]``.

    What repeats after ``l`` frames is a horizontal line in row ``l``.

    Parameters
    ----------
    S : (..., time, time) real

    Returns
    -------
    (..., time, time) real
        0 where there is no frame ``l`` before.

    Raises
    ------
    ParameterError
        For a matrix that is not square.

    Examples
    --------
    >>> import numpy as np
    >>> lag_matrix(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist()
    [[1.0, 4.0], [0.0, 2.0]]
    """
    xp, S = _square(S)
    n = S.shape[-1]
    if n == 0:
        return S
    # Rows read upwards from the diagonal: row t of the transpose, mirrored, is S[n - 1 .. 0, t]; with n zeros
    # before it and read in steps of 2 n - 1 instead of 2 n, each row begins one later than the one above.
    rows = xp.flip(xp.matrix_transpose(S), axis=-1)  # rows[t, c] = S[n - 1 - c, t]
    flat = xp.reshape(pad(rows, 0, n), (*S.shape[:-2], 2 * n * n))
    skewed = xp.reshape(flat[..., : n * (2 * n - 1)], (*S.shape[:-2], n, 2 * n - 1))
    # skewed[t, c + t] = S[n - 1 - c, t]: lag l = t - (n - 1 - c) lies in column n - 1 + l.
    return xp.matrix_transpose(skewed[..., n - 1 :])


def diagonal_mean(S: Array, *, n_frames: int) -> Array:
    """Return the mean of each cell and the ``n_frames - 1`` that follow it along its diagonal.

    It strengthens repetitions (lines along diagonals) and weakens chance likeness. At the end the mean is of
    fewer cells.

    Parameters
    ----------
    S : (..., n, m) real
    n_frames : int
        How long a repetition is looked for.

    Returns
    -------
    (..., n, m) real

    Examples
    --------
    >>> import numpy as np
    >>> diagonal_mean(np.array([[1.0, 0.0], [0.0, 0.5]]), n_frames=2).tolist()
    [[0.75, 0.0], [0.0, 0.5]]
    """
    _, S = spectrogram(S)
    check_counts(n_frames=n_frames)
    n, m = S.shape[-2:]
    n_frames = max(1, min(n_frames, n, m))
    total, have = S, 1
    for bit in f"{n_frames:b}"[1:]:  # sums of twice as many at each digit, and one more where it is 1
        total, have = total + _later(total, have), 2 * have
        if bit == "1":
            total, have = S + _later(total, 1), have + 1
    count = constant(_diagonal_counts, like=S, n=n, m=m, n_frames=n_frames)
    return total / count


def recurrence(S: Array, *, k: int | None = None, width: int = 1, mutual: bool = False) -> Array:
    """Return which frames are among the ``k`` most like each one: 1 where they are, 0 elsewhere.

    Parameters
    ----------
    S : (..., time, time) real
        A self-similarity matrix.
    k : int, optional
        Neighbours of each frame; ``2 ceil(sqrt(time - 2 width + 1))`` if not given.
    width : int
        Frames nearer than this are no neighbours: 1 leaves out the frame itself.
    mutual : bool
        Keep only pairs that are neighbours both ways; the result is symmetric.

    Returns
    -------
    (..., time, time) real, 0 or 1
        Row ``i``, column ``j``: frame ``i`` is a neighbour of frame ``j``. There is no gradient.

    Raises
    ------
    ParameterError
        For a matrix that is not square, and numbers below 1.

    Examples
    --------
    >>> import numpy as np
    >>> recurrence(np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]]), k=1).tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]
    """
    xp, S = _square(S)
    check_counts(width=width)
    n = S.shape[-1]
    k = 2 * math.ceil(math.sqrt(max(1, n - 2 * width + 1))) if k is None else k
    check_counts(k=k)
    near = constant(_near, like=S, n=n, width=width)
    far = xp.where(near > 0, xp.full_like(S, -math.inf), S)
    order = xp.argsort(-far, axis=-2, stable=True)
    rank = xp.argsort(order, axis=-2)
    found = xp.where(near > 0, xp.zeros_like(S), xp.astype(rank < k, S.dtype))
    return found * xp.matrix_transpose(found) if mutual else found


def _square(S: Array) -> tuple[Any, Array]:
    xp, S = spectrogram(S)
    if S.shape[-2] != S.shape[-1]:
        raise ParameterError(f"S has shape {tuple(S.shape)}: want (..., time, time), as of self_similarity")
    return xp, S


def _later(S: Array, by: int) -> Array:
    """Return the matrix moved towards its beginning along the diagonal, zeros behind."""
    xp = namespace(S)
    moved = pad(S[..., by:, by:], 0, by)
    return xp.matrix_transpose(pad(xp.matrix_transpose(moved), 0, by))


def _diagonal_counts(*, n: int, m: int, n_frames: int) -> NDArray[np.float64]:
    """Return how many cells of a diagonal from each on are inside the matrix, ``n_frames`` at most."""
    left = np.minimum(n - np.arange(n)[:, None], m - np.arange(m))
    return np.asarray(np.minimum(left, n_frames), np.float64)


def _near(*, n: int, width: int) -> NDArray[np.float64]:
    at = np.arange(n)
    return np.asarray(np.abs(at[:, None] - at) < width, np.float64)

"""How features move: `delta` fits a polynomial around each frame, `regression_delta` is the recogniser's.

Both are sums of neighbouring frames with constant weights, so they take arrays of any library.

Source: Savitzky & Golay, Analytical Chemistry 36(8), 1964; Furui, IEEE ASSP 34(1), 1986; The HTK Book,
"Delta, Acceleration and Third Differential Coefficients".
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, namespace, pad, product, real
from sori.arrays.framing import PAD_MODES, check_counts
from sori.errors import ParameterError

__all__ = ["delta", "delta_weights", "regression_delta"]


def delta_weights(*, width: int, order: int, degree: int) -> NDArray[np.float64]:
    """Return the weights ``(width, width)`` of the derivative of a fitted polynomial at each of its samples.

    Row ``p`` gives the ``order``-th derivative at sample ``p`` of the polynomial of ``degree`` that fits
    ``width`` samples best; the middle row is the Savitzky-Golay filter.
    """
    check_counts(width=width, order=order, degree=degree)
    if width % 2 == 0 or width <= degree or degree < order:
        raise ParameterError(
            f"width={width}, order={order}, degree={degree}: want an odd width above the degree, "
            f"and a degree of at least the order"
        )
    # Positions within [-1, 1] keep the powers of a wide window apart in size and the fit exact.
    half = width // 2
    at = np.arange(-half, half + 1) / half
    fit = np.linalg.pinv(np.vander(at, degree + 1, increasing=True))
    falls = np.array([math.perm(j, order) for j in range(degree + 1)], float)
    powers = np.array([at ** max(0, j - order) for j in range(degree + 1)])
    return np.asarray((falls[:, None] * powers).T @ fit / half**order)


def delta(
    x: Array, *, width: int = 9, order: int = 1, degree: int | None = None, mode: str = "interp"
) -> Array:
    """Return the derivative along time of features, smoothed by a polynomial fitted around each frame.

    Parameters
    ----------
    x : (..., time) real
        Features, such as cepstra.
    width : int
        Frames that each fit sees, odd.
    order : int
        Which derivative, per frame to that power: 1 is speed, 2 acceleration.
    degree : int, optional
        Of the polynomial; the order if not given.
    mode : str
        At the ends ``"interp"`` evaluates the first and last full fit off its middle; any of
        `sori.arrays.framing.PAD_MODES` lengthens the features instead.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For an even width, one that the degree exceeds, an unknown mode; and with ``"interp"`` for fewer
        frames than ``width``.

    Examples
    --------
    >>> import numpy as np
    >>> delta(np.arange(12.0) ** 2, order=2).round(9).tolist()[:3]
    [2.0, 2.0, 2.0]
    """
    xp, x = real(x)
    degree = order if degree is None else degree
    weights = constant(delta_weights, like=x, width=width, order=order, degree=degree)
    half = width // 2
    if mode != "interp":
        if mode not in PAD_MODES:
            raise ParameterError(f"mode={mode!r}: want 'interp' or one of {', '.join(PAD_MODES)}")
        return _middle(pad(x, half, half, mode=mode), weights[half, :], order)
    if x.shape[-1] < width:
        raise ParameterError(
            f"{x.shape[-1]} frames are fewer than width={width}: take mode='edge' or a smaller width"
        )
    ends = xp.matrix_transpose(weights)
    first = product(x[..., :width], ends[:, :half])
    last = product(x[..., x.shape[-1] - width :], ends[:, half + 1 :])
    return xp.concat([first, _middle(x, weights[half, :], order), last], axis=-1)


def _middle(x: Array, weights: Array, order: int) -> Array:
    """Return the sum of ``x`` shifted along time and weighted, where all of it is there.

    Weights on the two sides are the same but for the sign, which is turned for odd orders: what does not
    move has a slope of exactly 0.
    """
    half = weights.shape[0] // 2
    count = x.shape[-1] - 2 * half

    def shifted(by: int) -> Array:
        return x[..., half + by : half + by + count]

    total = 0 * shifted(0) if order % 2 else weights[half] * shifted(0)
    for k in range(1, half + 1):
        pair = shifted(k) - shifted(-k) if order % 2 else shifted(k) + shifted(-k)
        total = total + weights[half + k] * pair
    return total


def regression_delta(x: Array, *, reach: int = 2, order: int = 1) -> Array:
    """Return the slope of a line through each frame and its neighbours, as HTK and torchaudio reckon it.

    ``d[t] = sum over k to reach of k (x[t + k] - x[t - k]) / (2 sum k²)``; outside, the first and the last
    frame are repeated. Higher orders are deltas of deltas, with their own ends repeated.

    Parameters
    ----------
    x : (..., time) real
        Features.
    reach : int
        Frames to either side: HTK's DELTAWINDOW; torchaudio's ``win_length`` is ``2 * reach + 1``.
    order : int
        How many times: 2 is HTK's acceleration.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For counts that are not positive, and for no frames at all.

    Examples
    --------
    >>> import numpy as np
    >>> regression_delta(np.arange(5.0)).round(9).tolist()
    [0.5, 0.8, 1.0, 0.8, 0.5]
    """
    namespace(x)
    check_counts(reach=reach, order=order)
    for _ in range(order):
        x = delta(x, width=2 * reach + 1, mode="edge")
    return x

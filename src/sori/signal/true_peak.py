"""True peak after ITU-R BS.1770-5 Annex 2: the highest value of the waveform between its samples.

The standard's 48-tap interpolator (four phases of twelve taps) is exact here but not run
everywhere. Write one phase as linear interpolation of the two samples it lies between plus a rest
``g`` that sums to almost nothing; summing the rest by parts bounds it by the steepest step of the
signal, so in a stretch with sample peak ``p`` and steepest step ``d``

    |true peak| <= p + RISE * d + LEAK * p

and only stretches whose bound exceeds the highest true peak met so far are interpolated. The
result equals the full computation; music needs a tenth of the work. `TruePeak` does so, over a
stream; `true_peak` is the full computation for any array, with gradients.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, frame, is_numpy, pad, product, waveform
from sori.errors import ParameterError

__all__ = ["CONTEXT", "TruePeak", "peak_around", "true_peak", "true_peak_dbtp"]

_PHASE_0 = (
    0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625,
    0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500,
)  # fmt: skip
_PHASE_1 = (
    -0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250,
    0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375,
)  # fmt: skip
_TAPS = np.array([_PHASE_0, _PHASE_1, _PHASE_1[::-1], _PHASE_0[::-1]])

CONTEXT = _TAPS.shape[1] - 1  # samples before a stretch that reach into it
_STRETCH = 21  # samples interpolated together: short, so that the band matrix below is mostly non-zero


def _bounds() -> tuple[float, float]:
    """Return (RISE, LEAK): the worst phase's summed rest and its departure from unit gain."""
    rise, leak = 0.0, 0.0
    for taps in _TAPS:
        rest = taps.copy()
        near = np.sort(np.argsort(np.abs(taps))[-2:])  # the two samples the value lies between
        share = np.maximum(taps[near], 0)
        rest[near] -= share / share.sum()
        steps = np.cumsum(rest)
        rise = max(rise, float(np.abs(steps[:-1]).sum()))
        leak = max(leak, abs(float(steps[-1])))
    return rise, leak


_RISE, _LEAK = _bounds()


def _band_matrix() -> NDArray[np.float64]:
    matrix = np.zeros((_STRETCH + CONTEXT, _STRETCH, len(_TAPS)))
    for phase, taps in enumerate(_TAPS):
        for n in range(_STRETCH):
            # y[n] = sum_k taps[k] x[n - k]; column n of the stretch sits CONTEXT later in the row.
            matrix[n + CONTEXT - np.arange(CONTEXT + 1), n, phase] = taps
    return matrix.reshape(_STRETCH + CONTEXT, -1)


_BAND = _band_matrix().astype(np.float32)


def true_peak(x: Array, *, linked: bool = False) -> Array:
    """Return the highest magnitude of each signal, of its samples and four times between them.

    Parameters
    ----------
    x : (..., time) real
        Full scale is 1.
    linked : bool
        The axis before time holds channels of one signal: the highest of them all.

    Returns
    -------
    (...) real
        0 for an empty signal.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.hanning(480) * np.sin(2 * np.pi * (np.arange(480) / 4 + 1 / 8))
    >>> np.abs(x).max().round(2).item(), true_peak(x).round(2).item()
    (0.71, 1.01)
    """
    xp, x = waveform(x)
    if linked and x.ndim < 2:
        raise ParameterError(f"linked=True wants (..., channels, time), got shape {tuple(x.shape)}")
    axes = (-2, -1) if linked else (-1,)
    n = x.shape[-1]
    if 0 in x.shape[x.ndim - len(axes) :]:
        return xp.sum(x, axis=axes)  # the sum of nothing
    if is_numpy(x):
        each = np.array([_highest(row) for row in x.reshape(-1, n)], x.dtype).reshape(x.shape[:-1])
        return np.asarray(each.max(axis=-1) if linked else each)
    return xp.reshape(xp.max(peak_around(x), axis=axes, keepdims=True), x.shape[: -len(axes)])


def true_peak_dbtp(x: Array, *, linked: bool = False, floor_dbtp: float = -120.0) -> Array:
    """Return `true_peak` in dBTP, 0 being full scale; silence reads ``floor_dbtp``."""
    xp, highest = waveform(true_peak(x, linked=linked)[..., None])
    highest = xp.where(
        highest > 10 ** (floor_dbtp / 20), highest, 10 ** (floor_dbtp / 20) * xp.ones_like(highest)
    )
    return xp.reshape(20 * xp.log10(highest), highest.shape[:-1])


def peak_around(x: Array) -> Array:
    """Return for each sample the highest magnitude of it and of four values interpolated up to it.

    The interpolator is causal: the values at ``n`` are made of the samples ``n - CONTEXT`` to ``n`` and lie
    some ``CONTEXT / 2`` samples earlier.

    Parameters
    ----------
    x : (..., time) real

    Returns
    -------
    (..., time) real
    """
    xp, x = waveform(x)
    n = x.shape[-1]
    if n == 0:
        return x
    rows = -(-n // _STRETCH)
    stretches = frame(
        pad(x, CONTEXT, rows * _STRETCH - n), frame_length=CONTEXT + _STRETCH, hop_length=_STRETCH
    )
    between = xp.abs(product(stretches, constant(_band_by_phase, like=x)))
    highest = xp.max(xp.reshape(between, (*x.shape[:-1], rows, len(_TAPS), _STRETCH)), axis=-2)
    return xp.maximum(xp.abs(x), xp.reshape(highest, (*x.shape[:-1], rows * _STRETCH))[..., :n])


def _highest(x: NDArray[Any]) -> Any:
    """Return the true peak of one channel, interpolating only where the bound says that it can lie."""
    rows = -(-len(x) // _STRETCH)
    padded = pad(x, CONTEXT + 1, rows * _STRETCH - len(x))  # one more before, for the first step
    cells = padded[CONTEXT + 1 :].reshape(rows, _STRETCH)
    steps = np.abs(np.diff(padded))[CONTEXT:].reshape(rows, _STRETCH).max(axis=-1)
    peaks = np.maximum(cells.max(axis=-1), -cells.min(axis=-1))
    value = peaks.max()
    # A stretch looks back into the one before it.
    peaks[1:], steps[1:] = np.maximum(peaks[1:], peaks[:-1]), np.maximum(steps[1:], steps[:-1])
    bound = peaks * (1 + _LEAK) + steps * _RISE
    stretches = frame(padded[1:], frame_length=CONTEXT + _STRETCH, hop_length=_STRETCH)
    band = constant(_band_by_phase, like=x)
    order = np.flatnonzero(bound > value)
    order = order[np.argsort(bound[order])[::-1]]  # the highest bounds first: they rule most others out
    begin, many = 0, 8
    while begin < len(order) and bound[order[begin]] > value:
        value = max(value, np.abs(stretches[order[begin : begin + many]] @ band).max())
        begin, many = begin + many, min(2 * many, 1024)
    return value


def _band_by_phase() -> NDArray[np.float64]:
    """Return the band matrix with the values of one phase side by side."""
    stretch = _band_matrix().reshape(_STRETCH + CONTEXT, _STRETCH, len(_TAPS))
    return stretch.transpose(0, 2, 1).reshape(_STRETCH + CONTEXT, -1)


class TruePeak:
    """Highest magnitude of a stream, of its samples and between them; ``value`` is linear full scale."""

    def __init__(self) -> None:
        self.value = 0.0

    def process(
        self, padded: NDArray[np.float32], peaks: NDArray[np.float32], steps: NDArray[np.float32]
    ) -> None:
        """Look at one channel of a chunk.

        Parameters
        ----------
        padded : (CONTEXT + cells * length,) float32
            The samples, preceded by the CONTEXT samples that came before them.
        peaks, steps : (cells,) float32
            Highest magnitude and steepest sample-to-sample step of each cell of equal length.
        """
        length = (len(padded) - CONTEXT) // len(peaks)
        # A cell's first outputs look back into the cell before it, or into the context.
        before = padded[: CONTEXT + 1]
        peaks = np.maximum(peaks, np.concatenate([[np.abs(before).max()], peaks[:-1]]))
        steps = np.maximum(steps, np.concatenate([[np.abs(np.diff(before)).max()], steps[:-1]]))
        bound = peaks * (1 + _LEAK) + steps * _RISE
        self.value = max(self.value, float(peaks.max()))
        open_ = np.flatnonzero(bound > self.value)
        # Highest bounds first: the first few usually settle the peak and rule the others out.
        order = open_[np.argsort(bound[open_])[::-1]]
        self._interpolate(padded, order[:8], length)
        rest = order[8:]
        self._interpolate(padded, rest[bound[rest] > self.value], length)

    def _interpolate(self, padded: NDArray[np.float32], cells: NDArray[np.intp], length: int) -> None:
        if not len(cells):
            return
        starts = np.arange(0, length, _STRETCH)
        starts[-1] = max(0, length - _STRETCH)
        starts = (cells[:, None] * length + starts[None]).ravel()
        width = min(len(padded), _STRETCH + CONTEXT)
        every = len(padded) - width + 1
        windows = np.ndarray((every, width), padded.dtype, padded, 0, padded.strides * 2)
        rows = windows[np.minimum(starts, every - 1)]
        band = _BAND[:width, : (width - CONTEXT) * len(_TAPS)]
        for begin in range(0, len(rows), 1024):  # small enough to stay in cache
            values = rows[begin : begin + 1024] @ band
            self.value = max(self.value, float(values.max()), -float(values.min()))

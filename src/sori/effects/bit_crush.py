"""Few bits, few samples."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, waveform
from sori.arrays.framing import check_counts
from sori.effects.drawing import whole
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, column
from sori.signal.quantization import requantize

__all__ = ["BitCrush", "bit_crush"]


def bit_crush(x: Array, *, bits: int | NDArray[np.integer], hold: int = 1) -> Array:
    """Return a signal in steps: of so many bits, each sample held for ``hold``.

    Parameters
    ----------
    x : (..., time) real
        What is beyond full scale is cut off.
    bits : int or (items,)
        2 to 32, for all or for each of the first axis.
    hold : int
        1 leaves time as it is.

    Returns
    -------
    As ``x``, what `sori.signal.quantization.requantize` makes of it; the gradient is 0: steps are flat.

    Examples
    --------
    >>> bit_crush(np.array([0.1, 0.3, -0.6, 0.9]), bits=3, hold=2).tolist()
    [0.0, 0.0, -0.5, -0.5]
    """
    xp, x = waveform(x)
    check_counts(hold=hold)
    if hold > 1:
        n = x.shape[-1]
        x = xp.repeat(x[..., ::hold], hold, axis=-1)[..., :n]
    if isinstance(bits, int):
        return requantize(x, bits=bits, over="saturate")
    full = 2.0 ** (np.asarray(bits) - 1)
    # The highest integer, or where the dtype has no such number the nearest one below full scale.
    highest = full - np.maximum(1.0, full * float(xp.finfo(x.dtype).eps) / 2)
    full, highest = column(full, x), column(highest, x)
    return xp.clip(xp.round(x * full), -full, highest) / full


@dataclasses.dataclass(frozen=True, kw_only=True)
class BitCrush(Effect):
    """A drawn number of bits, and samples held: early samplers and games.

    Parameters
    ----------
    min_bits, max_bits : int
        2 to 24.
    min_hold, max_hold : int
        For how many samples each is held.
    p : float
        How likely it is to take part.
    """

    min_bits: int = 5
    max_bits: int = 12
    min_hold: int = 1
    max_hold: int = 1
    p: float = 1.0

    _ALIKE = ("hold",)
    _LIMITS = (("bits", 2, 24), ("hold", 1, 1000))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "bits": whole(rng, self.min_bits, self.max_bits),
            "hold": whole(rng, self.min_hold, self.max_hold),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return bit_crush(x, bits=drawn["bits"], hold=int(drawn["hold"][0]))

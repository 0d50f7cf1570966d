"""What a lossy codec leaves."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, fix_length, like, to_numpy, waveform
from sori.audio.coding import coded_rates, through_codec
from sori.audio.write import LOSSY
from sori.effects.drawing import choice
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns
from sori.errors import ParameterError
from sori.signal.resampling import resample

__all__ = ["Codec", "coded"]


def coded(x: Array, *, sample_rate: int, codec: str, bit_rate_bps: int) -> Array:
    """Return a signal after a codec, where and as long as it was.

    Encoders take plain memory: arrays of other libraries are brought there and back, and no gradient comes
    through.

    Parameters
    ----------
    x : (..., channels, time) or (time,) real
        At most two channels go together.
    sample_rate : int
        Hz. Where the codec has no such rate, the next one above it is used, and the signal resampled.
    codec : str
        mp3, opus or aac.
    bit_rate_bps : int
        For all channels together; the nearest that the codec has is taken.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    if codec not in LOSSY:
        raise ParameterError(f"codec={codec!r}: want one of {', '.join(LOSSY)}")
    if 0 in x.shape:
        return x
    given = to_numpy(x)
    channels = given.shape[-2] if given.ndim > 1 else 1
    rows = given.reshape(math.prod(given.shape[:-2]), channels, -1)
    heard = np.stack([_one(row, sample_rate, codec, bit_rate_bps) for row in rows])
    return like(heard.reshape(given.shape), x)


def _one(x: NDArray[np.floating], sample_rate: int, codec: str, bit_rate_bps: int) -> NDArray[np.floating]:
    rates = coded_rates(codec)
    rate = min((rate for rate in rates if rate >= sample_rate), default=max(rates))
    narrow = resample(x, orig_sr=sample_rate, target_sr=rate)
    pairs = [narrow[at : at + 2] for at in range(0, len(narrow), 2)]
    each = bit_rate_bps // len(pairs)
    heard = [through_codec(pair, sample_rate=rate, codec=codec, bit_rate_bps=each) for pair in pairs]
    back = resample(np.concatenate(heard), orig_sr=rate, target_sr=sample_rate)
    return np.asarray(fix_length(back, x.shape[-1]))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Codec(Effect):
    """A drawn codec at a drawn bit rate, its delay taken off: what most music has been through once.

    Parameters
    ----------
    codecs : sequence of str
        What is drawn from: mp3, opus, aac.
    bit_rates_bps : sequence of int
        What is drawn from, for all channels together.
    p : float
        How likely it is to take part.
    """

    codecs: tuple[str, ...] = ("mp3", "opus", "aac")
    bit_rates_bps: tuple[int, ...] = (32_000, 48_000, 64_000, 96_000, 128_000)
    p: float = 1.0

    _ALIKE = ("codec", "bit_rate_bps")

    def __post_init__(self) -> None:
        """Refuse codecs and bit rates that there are not."""
        super().__post_init__()
        self._check_some(codecs=tuple(LOSSY))
        rates = tuple(self.bit_rates_bps)
        if not rates or not all(isinstance(rate, int) and 8_000 <= rate <= 512_000 for rate in rates):
            raise ParameterError(f"bit_rates_bps={rates}: want whole numbers from 8000 to 512000")
        object.__setattr__(self, "bit_rates_bps", rates)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"codec": choice(rng, self.codecs), "bit_rate_bps": choice(rng, self.bit_rates_bps)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return coded(
            x,
            sample_rate=int(sample_rate),
            codec=drawn["codec"][0],
            bit_rate_bps=int(drawn["bit_rate_bps"][0]),
        )

"""The sound at the other end of a telephone line."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array, fix_length, waveform
from sori.effects.drawing import choice
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns
from sori.errors import ParameterError
from sori.signal.butterworth import band_pass
from sori.signal.companding import g711_alaw_decode, g711_alaw_encode, g711_mulaw_decode, g711_mulaw_encode
from sori.signal.quantization import from_integer, to_integer
from sori.signal.resampling import resample

__all__ = ["LAWS", "Telephone", "telephone"]

LAWS = ("mu", "a")
_CODES = {"mu": (g711_mulaw_encode, g711_mulaw_decode), "a": (g711_alaw_encode, g711_alaw_decode)}
_RATE, _LOW_HZ, _HIGH_HZ = 8000, 300.0, 3400.0


def telephone(x: Array, *, sample_rate: int, law: str = "mu") -> Array:
    """Return a signal as a G.711 line carries it: 300 to 3400 Hz, 8000 samples of 8 bits a second.

    Parameters
    ----------
    x : (..., time) real
        What is beyond full scale is cut off.
    sample_rate : int
        Hz, at least 8000.
    law : "mu" or "a"
        How the 8 bits are spent: in North America and Japan, or elsewhere.

    Returns
    -------
    As ``x``; the gradient ends at the 8 bits.
    """
    _, x = waveform(x)
    if law not in LAWS:
        raise ParameterError(f"law={law!r}: want one of {', '.join(LAWS)}")
    if not sample_rate >= _RATE:
        raise ParameterError(f"sample_rate={sample_rate}: want at least {_RATE}, that of the line")
    narrow = resample(x, orig_sr=sample_rate, target_sr=_RATE, quality="medium")
    narrow = band_pass(narrow, sample_rate=_RATE, low_hz=_LOW_HZ, high_hz=_HIGH_HZ, order=2)
    encode, decode = _CODES[law]
    heard = decode(encode(to_integer(narrow, bits=16, over="saturate")))
    heard = from_integer(heard, double="float64" in str(x.dtype))
    wide = resample(heard, orig_sr=_RATE, target_sr=sample_rate, quality="medium")
    return fix_length(wide, x.shape[-1])


@dataclasses.dataclass(frozen=True, kw_only=True)
class Telephone(Effect):
    """A telephone line, of either of the two kinds there are.

    Parameters
    ----------
    laws : sequence of str
        What is drawn from: mu, a.
    p : float
        How likely it is to take part.
    """

    laws: tuple[str, ...] = LAWS
    p: float = 1.0

    _ALIKE = ("law",)

    def __post_init__(self) -> None:
        """Refuse laws that there are not."""
        super().__post_init__()
        self._check_some(laws=LAWS)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {"law": choice(rng, self.laws)}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return telephone(x, sample_rate=int(sample_rate), law=drawn["law"][0])

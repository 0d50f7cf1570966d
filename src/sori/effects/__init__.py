"""Audio augmentation: ranges, draws, and the sounds they make.

An effect is a frozen record of ranges. It draws plain numbers from a generator and applies them as a pure
function, to one sound or to a batch, in NumPy, PyTorch or JAX; labels move with the sound.

::

    effect            Effect, generator: what all of them share, and the rule for seeds
    chain             Chain, OneOf, SomeOf
"""

from __future__ import annotations

from sori.effects.chain import Chain, OneOf, SomeOf
from sori.effects.effect import Effect, SpectrogramEffect, generator
from sori.effects.gain import Gain
from sori.effects.masks import FrequencyMask, TimeMask
from sori.effects.noise import Noise
from sori.effects.polarity import Polarity
from sori.effects.time_shift import TimeShift

__all__ = [
    "Chain",
    "Effect",
    "FrequencyMask",
    "Gain",
    "Noise",
    "OneOf",
    "Polarity",
    "SomeOf",
    "SpectrogramEffect",
    "TimeMask",
    "TimeShift",
    "generator",
]

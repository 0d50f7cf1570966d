"""Audio augmentation: ranges, draws, and the sounds they make.

An effect is a frozen record of ranges. It draws plain numbers from a generator and applies them as a pure
function, to one sound or to a batch, in NumPy, PyTorch or JAX; labels move with the sound (`Effect`).

::

    level         Gain Polarity Fade Compression Tremolo
    time          TimeShift Delay Echo TimeStretch Speed
    pitch         PitchShift Vibrato
    spectrum      LowPass HighPass BandPass BandStop LowShelf HighShelf PeakEqualiser
    modulation    Chorus Flanger Phaser
    place         Reverb ImpulseResponse Room Background
    damage        Noise Overdrive Clipping BitCrush Codec Telephone
    spectrograms  SpecAugment FrequencyMask TimeMask TimeWarp
    batches       Mixup, and MixSources for stems
    together      Chain OneOf SomeOf; PRESETS and chain_preset for some that are made
    draws         generator: the rule for seeds

Each is in a file of its name, beside the plain function that it applies.
"""

from __future__ import annotations

from sori.effects.background import Background
from sori.effects.band_pass import BandPass
from sori.effects.band_stop import BandStop
from sori.effects.bit_crush import BitCrush
from sori.effects.chain import Chain, OneOf, SomeOf
from sori.effects.chorus import Chorus
from sori.effects.clipping import Clipping
from sori.effects.codec import Codec
from sori.effects.compression import Compression
from sori.effects.delay import Delay
from sori.effects.echo import Echo
from sori.effects.effect import Effect, SpectrogramEffect, generator
from sori.effects.fade import Fade
from sori.effects.flanger import Flanger
from sori.effects.frequency_mask import FrequencyMask
from sori.effects.gain import Gain
from sori.effects.high_pass import HighPass
from sori.effects.high_shelf import HighShelf
from sori.effects.impulse_response import ImpulseResponse
from sori.effects.low_pass import LowPass
from sori.effects.low_shelf import LowShelf
from sori.effects.mix_sources import MixSources
from sori.effects.mixup import Mixup
from sori.effects.noise import Noise
from sori.effects.overdrive import Overdrive
from sori.effects.peak_equaliser import PeakEqualiser
from sori.effects.phaser import Phaser
from sori.effects.pitch_shift import PitchShift
from sori.effects.polarity import Polarity
from sori.effects.presets import PRESETS, chain_preset
from sori.effects.reverb import Reverb
from sori.effects.room import Room
from sori.effects.spec_augment import SpecAugment
from sori.effects.speed import Speed
from sori.effects.telephone import Telephone
from sori.effects.time_mask import TimeMask
from sori.effects.time_shift import TimeShift
from sori.effects.time_stretch import TimeStretch
from sori.effects.time_warp import TimeWarp
from sori.effects.tremolo import Tremolo
from sori.effects.vibrato import Vibrato

__all__ = [
    "PRESETS",
    "Background",
    "BandPass",
    "BandStop",
    "BitCrush",
    "Chain",
    "Chorus",
    "Clipping",
    "Codec",
    "Compression",
    "Delay",
    "Echo",
    "Effect",
    "Fade",
    "Flanger",
    "FrequencyMask",
    "Gain",
    "HighPass",
    "HighShelf",
    "ImpulseResponse",
    "LowPass",
    "LowShelf",
    "MixSources",
    "Mixup",
    "Noise",
    "OneOf",
    "Overdrive",
    "PeakEqualiser",
    "Phaser",
    "PitchShift",
    "Polarity",
    "Reverb",
    "Room",
    "SomeOf",
    "SpecAugment",
    "SpectrogramEffect",
    "Speed",
    "Telephone",
    "TimeMask",
    "TimeShift",
    "TimeStretch",
    "TimeWarp",
    "Tremolo",
    "Vibrato",
    "chain_preset",
    "generator",
]

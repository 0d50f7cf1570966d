"""Chains by what they are for."""

from __future__ import annotations

from sori.effects.bit_crush import BitCrush
from sori.effects.chain import Chain, OneOf, SomeOf
from sori.effects.clipping import Clipping
from sori.effects.codec import Codec
from sori.effects.compression import Compression
from sori.effects.gain import Gain
from sori.effects.high_pass import HighPass
from sori.effects.high_shelf import HighShelf
from sori.effects.low_pass import LowPass
from sori.effects.low_shelf import LowShelf
from sori.effects.noise import Noise
from sori.effects.overdrive import Overdrive
from sori.effects.peak_equaliser import PeakEqualiser
from sori.effects.pitch_shift import PitchShift
from sori.effects.polarity import Polarity
from sori.effects.reverb import Reverb
from sori.effects.telephone import Telephone
from sori.effects.time_shift import TimeShift
from sori.effects.time_stretch import TimeStretch
from sori.errors import ParameterError

__all__ = ["PRESETS", "chain_preset"]

PRESETS: dict[str, Chain] = {
    # What no label depends on, and hardly anybody hears.
    "light": Chain([Gain(min_db=-6.0, max_db=6.0), Polarity(), TimeShift(min_s=-0.05, max_s=0.05, p=0.5)]),
    # One recording as another studio, tempo, key or medium would have it; labels move along.
    "music": Chain(
        [
            PitchShift(min_semitones=-3.0, max_semitones=3.0, whole=True, p=0.5),
            TimeStretch(min_rate=0.85, max_rate=1.15, p=0.3),
            SomeOf((1, 3), [LowShelf(), HighShelf(), PeakEqualiser(), Compression()], p=0.8),
            Reverb(max_decay_s=1.2, max_wet_db=-6.0, p=0.3),
            Noise(min_snr_db=25.0, max_snr_db=50.0, colours=("white", "pink"), p=0.3),
            Gain(min_db=-12.0, max_db=3.0),
        ]
    ),
    # A voice in any room, at any distance from any microphone.
    "speech": Chain(
        [
            PitchShift(min_semitones=-2.0, max_semitones=2.0, p=0.3),
            TimeStretch(min_rate=0.9, max_rate=1.1, p=0.3),
            OneOf([HighPass(max_cutoff_hz=250.0), PeakEqualiser(), HighShelf()], p=0.5),
            Reverb(min_decay_s=0.1, max_decay_s=0.8, p=0.5),
            Noise(min_snr_db=5.0, max_snr_db=35.0, colours=("white", "pink", "brown"), p=0.7),
            Gain(min_db=-18.0, max_db=6.0),
        ]
    ),
    # Heard through a wall, a loudspeaker, a telephone, a worn tape.
    "worn": Chain(
        [
            OneOf([LowPass(), HighPass(min_cutoff_hz=150.0, max_cutoff_hz=800.0), Telephone()], p=0.8),
            OneOf([Overdrive(), Clipping(), BitCrush(), Codec()], p=0.7),
            Noise(min_snr_db=3.0, max_snr_db=30.0, colours=("white", "pink", "brown", "blue"), p=0.7),
            Gain(min_db=-18.0, max_db=0.0),
        ]
    ),
}


def chain_preset(name: str) -> Chain:
    """Return one of `PRESETS`: light, music, speech or worn.

    Raises
    ------
    ParameterError
        For another name.
    """
    if name not in PRESETS:
        raise ParameterError(f"preset {name!r}: want one of {', '.join(PRESETS)}")
    return PRESETS[name]

"""Higher and lower at the same pace."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np

from sori.arrays import Array, fix_length, waveform
from sori.arrays.framing import check_numbers
from sori.effects.drawing import uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.frames import frame_length
from sori.effects.items import Columns
from sori.effects.moved_events import transposed
from sori.errors import ParameterError
from sori.signal.resampling import resample
from sori.spectral.phase_vocoder import time_stretch

__all__ = ["PitchShift", "shift_pitch"]

_LARGEST = 128  # of the numbers whose ratio stands for that of the frequencies: within half a cent


def shift_pitch(x: Array, *, sample_rate: float, semitones: float) -> Array:
    """Return a signal at another pitch and its own pace.

    As `sori.spectral.phase_vocoder.pitch_shift`, with frames that suit the sample rate, and an interval that
    is a ratio of small numbers, which resamples faster: at most half a cent from the one that is asked for.

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz.
    semitones : float
        -24 to 24.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    check_numbers(semitones=semitones)
    if not -24 <= semitones <= 24:
        raise ParameterError(f"semitones={semitones}: want -24 to 24")
    factor = Fraction(2.0 ** (semitones / 12)).limit_denominator(_LARGEST)
    if factor == 1 or x.shape[-1] == 0:
        return x
    slow = time_stretch(x, rate=float(1 / factor), n_fft=frame_length(sample_rate))
    y = resample(slow, orig_sr=factor.numerator, target_sr=factor.denominator, quality="medium")
    return fix_length(y, x.shape[-1])


@dataclasses.dataclass(frozen=True, kw_only=True)
class PitchShift(Effect):
    """Higher or lower by a drawn interval; notes, keys and chords are transposed along.

    Parameters
    ----------
    min_semitones, max_semitones : float
        -24 to 24.
    whole : bool
        Draw whole semitones only, as labels that are names of notes need it.
    p : float
        How likely it is to take part.
    """

    min_semitones: float = -4.0
    max_semitones: float = 4.0
    whole: bool = False
    p: float = 1.0

    _ALIKE = ("semitones",)
    _LIMITS = (("semitones", -24.0, 24.0),)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        semitones = uniform(rng, self.min_semitones, self.max_semitones)
        return {"semitones": float(round(semitones)) if self.whole else semitones}

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return shift_pitch(x, sample_rate=sample_rate, semitones=float(drawn["semitones"][0]))

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        return transposed(event, drawn["semitones"])

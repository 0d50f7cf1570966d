"""What a network's numbers are in Hz, and from which confidence a frame is voiced: from made-up tones alone.

Tones after Gfeller et al. 2020: harmonics of random strength and phase, pitches at random between 110
and 440 Hz. The line through what the network says of them turns places into pitch. A frame is voiced
from a confidence of a quarter, or more where one frame in a hundred of noise would pass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.pitch_bands import PitchBands
from sori.errors import DataError
from sori.signal.noise import brown_noise, pink_noise, white_noise
from sori.units import midi_to_hz

__all__ = ["Calibration", "calibrated", "tones"]

Floats = NDArray[np.float32]

_PIECES, _HARMONICS = 64, 12
_PIECE_S = 0.4
_LOW, _HIGH = 45.0, 69.0  # A2 to A4
_NOISE_S, _PASSING = 6.0, 0.01
_SURE = 0.25
_LEVEL = 0.1
_RIGHT = 0.5  # share of tones that must lie on the line
_WRONG = 0.5  # semitones: tones that are heard further off are not told by a line


@dataclasses.dataclass(frozen=True)
class Calibration:
    """The line from places to pitch, the threshold of voicing, and how well tones lie on the line.

    ``right`` is the share of clean tones within half a semitone of it, ``spread_cents`` the median distance.
    """

    semitones: float
    lowest_midi: float
    voiced_from: float
    right: float
    spread_cents: float


def tones(rng: np.random.Generator, midi: NDArray[np.float64], *, sample_rate: int) -> Floats:
    """Return one tone after the other: harmonics of random strength and phase for each pitch."""
    n = round(_PIECE_S * sample_rate)
    time = np.arange(n) / sample_rate
    pieces = []
    for pitch in midi:
        hz = float(midi_to_hz(pitch))
        first = rng.standard_normal()
        strengths = [first, *(first * rng.uniform(0, 1, _HARMONICS - 1))]
        piece = sum(
            a * np.sin(2 * np.pi * hz * (k + 1) * time + rng.uniform(0, 2 * np.pi))
            for k, a in enumerate(strengths)
        )
        pieces.append(piece * _LEVEL / np.sqrt(np.mean(np.square(piece))))
    return np.concatenate(pieces).astype(np.float32)


def calibrated(
    answers: Callable[[Floats], tuple[Floats, Floats]],
    bands: PitchBands,
    *,
    equivariant: float | None,
    seed: int,
) -> Calibration:
    """Return what a network's answers mean.

    Parameters
    ----------
    answers
        Gives places and confidence of every frame of a signal at the bands' rate.
    equivariant
        The semitones of a place where the network's build says so; ``None``: they are found too.

    Raises
    ------
    DataError
        The tones do not lie on a line: the network has learned something else than pitch.
    """
    rng = np.random.default_rng([seed, 4])
    midi = rng.uniform(_LOW, _HIGH, _PIECES)
    sound = tones(rng, midi, sample_rate=bands.sample_rate)
    middle = np.round((np.arange(_PIECES) + 0.5) * _PIECE_S / bands.hop_s).astype(int)
    place, _ = answers(sound)
    semitones, lowest = _line(place[middle].astype(np.float64), midi, equivariant)
    error = np.abs(lowest + semitones * place[middle] - midi)
    right = float(np.mean(error < _WRONG))
    if right < _RIGHT:
        raise DataError(
            f"of {_PIECES} tones {right:.0%} lie on a line: the network has not learned pitch; give it more "
            "audio of one voice or more steps"
        )
    voiced = _threshold(answers, bands, rng)
    return Calibration(semitones, lowest, voiced, right, float(100 * np.median(error)))


def _line(
    place: NDArray[np.float64], midi: NDArray[np.float64], equivariant: float | None
) -> tuple[float, float]:
    """Return slope and start of the line that most tones lie on: the median over pairs of them."""
    if equivariant is None:
        rise = midi[:, None] - midi
        run = place[:, None] - place
        far = np.abs(rise) > 3
        slope = float(np.median((rise[far] * run[far]) / np.maximum(run[far] ** 2, 1e-9)))
    else:
        slope = equivariant
    return slope, float(np.median(midi - slope * place))


def _threshold(
    answers: Callable[[Floats], tuple[Floats, Floats]], bands: PitchBands, rng: np.random.Generator
) -> float:
    """Return a quarter, or the confidence that one frame in a hundred of noise exceeds where that is more."""
    colours = (white_noise, pink_noise, brown_noise)
    sounds = [colour(_NOISE_S, sample_rate=bands.sample_rate, rng=rng) for colour in colours]
    noise = np.concatenate([answers(np.asarray(sound, np.float32))[1] for sound in sounds])
    return max(_SURE, float(np.quantile(noise, 1 - _PASSING)))

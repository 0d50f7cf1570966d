"""How much speaks for a beat, and for the start of a bar, at each frame.

A small network has learned what beats sound like (``weights/beats.md``); the onset curve knows where
something begins, in any music. Both count, everywhere: where the network is sure it decides, where it
is not the onsets do.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori import weights

__all__ = ["Activation", "activation", "beat_strength"]

_CHUNK, _MARGIN = 30_000, 1_024  # frames heard at once, and how many more the network sees around them
_COMPRESSION = 1e3
_BASS = 0.5  # the bass counts extra: where it and the rest take turns, it has the beat
_SPREAD = 1.0  # frames
_SURE = 5.0  # logarithm of odds beyond which the network is not believed more
_NETWORK, _ONSETS = 1.0, 0.6  # what each counts, chosen on development pieces of three kinds
_LEVEL = 1.0  # less than that speaks against a beat


@dataclasses.dataclass(frozen=True)
class Activation:
    """How likely each frame is a beat and a bar line, ``(frames,)`` each, 0 to 1, at MEL_RATE."""

    beat: NDArray[np.float32]
    downbeat: NDArray[np.float32]


def activation(mel: NDArray[np.float32], reference: float) -> Activation:
    """Hear beats and bar lines with the network.

    Parameters
    ----------
    mel : (frames, N_MELS) float32
        Mel power at MEL_RATE.
    reference : float
        Power of the loudest band in the loud frames; 0 for silence, which has no beats.
    """
    n = len(mel)
    found = np.zeros((n, 2), np.float32)
    if reference <= 0 or n < 4:
        return Activation(found[:, 0], found[:, 1])
    session = weights.network("beats")
    scale = np.float32(_COMPRESSION / reference)
    for begin in range(0, n, _CHUNK):  # hours of music in constant memory
        first, last = max(0, begin - _MARGIN), min(n, begin + _CHUNK + _MARGIN)
        levels = np.log1p(mel[first:last] * scale)
        if len(levels) % 2:
            levels = np.concatenate([levels, levels[-1:]])
        (likely,) = session.run(None, {"levels": levels[None]})
        end = min(n, begin + _CHUNK)
        found[begin:end] = likely[0, begin - first : end - first]
    return Activation(found[:, 0], found[:, 1])


def beat_strength(curves: NDArray[np.float64], heard: Activation | None = None) -> NDArray[np.float64]:
    """Return how much speaks for a beat at each frame ``(frames,)``, below 0 where little does.

    Parameters
    ----------
    curves : (4, frames)
        Onset curves of everything, bass, middle and treble.
    heard : Activation, optional
        What the network says; without it the onsets are all there is.
    """
    onsets = curves[0] + _BASS * curves[1]
    reach = np.exp(-0.5 * (np.arange(-4, 5) / _SPREAD) ** 2)
    local = np.convolve(onsets, reach / reach.sum(), mode="same")[: len(onsets)]
    deviation = float(local.std()) if len(local) else 0.0
    standard = np.minimum(local / max(deviation, 1e-9), 4.0)
    if heard is None:
        return np.asarray(3.0 * standard - _LEVEL)
    likely = np.clip(heard.beat.astype(np.float64), 1e-4, 1 - 1e-4)
    odds = np.clip(np.log(likely / (1 - likely)) + 2.0, -2.0, _SURE)
    return np.asarray(_NETWORK * odds + _ONSETS * (standard - 0.5))

"""Slower, faster, higher, lower: `phase_vocoder`, `time_stretch`, `pitch_shift`.

The frames of a spectrogram are read at another pace. Each bin keeps turning by what it turns from one frame
to the next, so every tone keeps its frequency: new phases are running sums of phase differences.

Source: Flanagan & Golden, "Phase vocoder", Bell System Technical Journal 45(9), 1966; Laroche & Dolson,
"Improved phase vocoder time-scale modification of audio", IEEE Trans. Speech and Audio 7(3), 1999 (locking).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, namespace, spectrogram, waveform
from sori.errors import ParameterError
from sori.spectral.magnitude import from_polar, magnitude, power
from sori.spectral.stft import istft, stft
from sori.spectral.turns import cumulative_turns, turns, wrapped
from sori.spectral.windows import Window

__all__ = ["phase_vocoder", "time_stretch"]

_CLIMBS = 5  # doublings of the way up to a peak: a bin follows one up to 32 bins away


def phase_vocoder(S: Array, *, rate: float, lock: bool = False) -> Array:
    """Return a spectrogram read ``rate`` times as fast, every tone at its own frequency.

    Parameters
    ----------
    S : (..., n_fft // 2 + 1, frames) complex
        As from `sori.spectral.stft.stft`. The hop need not be told: what a bin turns between frames does
        not depend on how far apart they are.
    rate : float
        Above 1 faster and shorter, below 1 slower and longer.
    lock : bool
        Let the bins around a peak turn as the peak does, so that they stay in step with it. A tone keeps its
        shape, and attacks are less smeared; it takes several times as long.

    Returns
    -------
    (..., n_fft // 2 + 1, ceil(frames / rate)) complex

    Raises
    ------
    ParameterError
        For real ``S`` or a ``rate`` that is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from sori.spectral.stft import stft
    >>> phase_vocoder(stft(np.zeros(22050)), rate=2.0).shape
    (1025, 22)
    """
    xp, S = spectrogram(S, complex_valued=True)
    _check_rate(rate)
    count = S.shape[-1]
    if count == 0:
        return S
    S = xp.matrix_transpose(S)
    S = xp.concat([S, xp.zeros_like(S[..., :1, :])], axis=-2)  # silence follows the last frame
    size, angle = magnitude(S), turns(S)
    step = wrapped(angle[..., 1:, :] - angle[..., :-1, :])
    at = constant(_columns, like=size, count=count, rate=rate)
    between = constant(_fractions, like=size, count=count, rate=rate)
    low = xp.take(size, at, axis=-2)
    size = low + between * (xp.take(size, at + 1, axis=-2) - low)
    step = xp.take(step, at, axis=-2)
    first = angle[..., :1, :]
    if lock:
        own = xp.take(angle, at, axis=-2)
        turned = wrapped(own[..., :-1, :] + step[..., :-1, :] - own[..., 1:, :])
        found = own + _locked(xp.take(power(S), at, axis=-2), turned)
    else:
        found = cumulative_turns(xp.concat([first, step[..., :-1, :]], axis=-2))
    return xp.matrix_transpose(from_polar(size, 2 * math.pi * found))


def time_stretch(
    x: Array,
    *,
    rate: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Window = "hann",
    lock: bool = False,
) -> Array:
    """Return a signal played ``rate`` times as fast at its own pitch.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    rate : float
        Above 1 faster and shorter, below 1 slower and longer. Twice and half are the limits of sounding well.
    n_fft, hop_length, win_length, window
        See `sori.spectral.stft.stft`. A longer transform keeps tones cleaner and smears attacks more.
    lock : bool
        See `phase_vocoder`.

    Returns
    -------
    (..., round(time / rate)) real

    Raises
    ------
    ParameterError
        As `phase_vocoder` and `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> time_stretch(np.zeros(22050), rate=0.5).shape
    (44100,)
    """
    _, x = waveform(x)
    _check_rate(rate)
    framing: dict[str, Any] = {
        "n_fft": n_fft,
        "hop_length": hop_length,
        "win_length": win_length,
        "window": window,
    }
    S = phase_vocoder(stft(x, **framing), rate=rate, lock=lock)
    return istft(S, length=round(x.shape[-1] / rate), **framing)


def _check_rate(rate: float) -> None:
    if not 0 < rate < math.inf:
        raise ParameterError(f"rate={rate}: want a positive number, 2.0 for twice as fast")


def _columns(*, count: int, rate: float) -> NDArray[np.int64]:
    return np.arange(0, count, rate).astype(np.int64)


def _fractions(*, count: int, rate: float) -> NDArray[np.float64]:
    return (np.arange(0, count, rate) % 1.0)[:, None]


def _locked(energy: Array, turned: Array) -> Array:
    """Return how far each bin is turned against the analysis, in turns.

    Each bin turns with the peak that it leads up to, and a peak goes on from where its bin was before:
    ``now[k] = before[lead[k]] + turned[lead[k]]``. To follow such steps one after another is to follow the
    leads of leads, so all frames are solved by doubling, as a sum would be.
    """
    xp = namespace(energy)
    lead = _leads(energy)[..., 1:, :]
    sums = xp.take_along_axis(turned, lead, axis=-1)
    count = sums.shape[-2]
    shift = 1
    while shift < count:
        later = lead[..., shift:, :]
        further = xp.take_along_axis(sums[..., :-shift, :], later, axis=-1) + sums[..., shift:, :]
        sums = xp.concat([sums[..., :shift, :], wrapped(further)], axis=-2)
        lead = xp.concat(
            [lead[..., :shift, :], xp.take_along_axis(lead[..., :-shift, :], later, axis=-1)], axis=-2
        )
        shift *= 2
    return xp.concat([xp.zeros_like(energy[..., :1, :]), sums], axis=-2)


def _leads(energy: Array) -> Array:
    """Return for each bin the number of the bin at the top of the slope that it lies on."""
    xp = namespace(energy)
    bins = energy.shape[-1]
    own = constant(_numbers, like=energy, n=bins)
    nothing = xp.full_like(energy[..., :1], -1.0)
    left = xp.concat([nothing, energy[..., :-1]], axis=-1)
    right = xp.concat([energy[..., 1:], nothing], axis=-1)
    lead = own + xp.where(
        (left > energy) & (left >= right),
        -xp.ones_like(own),
        xp.where(right > energy, xp.ones_like(own), xp.zeros_like(own)),
    )
    for _ in range(_CLIMBS):
        lead = xp.take_along_axis(lead, lead, axis=-1)
    return lead


def _numbers(*, n: int) -> NDArray[np.int64]:
    return np.arange(n)

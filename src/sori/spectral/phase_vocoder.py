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

from sori.arrays import Array, constant, fix_length, is_numpy, namespace, spectrogram, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.resampling import resample
from sori.spectral.magnitude import from_polar, magnitude, power
from sori.spectral.stft import istft, stft
from sori.spectral.turns import cumulative_turns, turns, wrapped
from sori.spectral.windows import Window

__all__ = ["phase_vocoder", "pitch_shift", "time_stretch"]

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
    lock: bool = True,
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
        See `phase_vocoder`. What is heard is 3 to 9 dB nearer to the magnitudes that were meant.

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


def pitch_shift(
    x: Array,
    *,
    semitones: float,
    n_fft: int = 2048,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Window = "hann",
    lock: bool = True,
    method: str = "auto",
) -> Array:
    """Return a signal at another pitch and its own pace: stretched, then resampled to the old length.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    semitones : float
        Up, or down below 0; any number, 12 to the octave. All frequencies are multiplied, formants too: a
        voice becomes a smaller or a larger person's.
    n_fft, hop_length, win_length, window, lock
        See `time_stretch`.
    method : str
        See `sori.signal.resampling.resample`: ``"sinc"`` gives the same numbers for every kind of array.

    Returns
    -------
    As ``x``

    Raises
    ------
    ParameterError
        As `time_stretch`, and for more than 96 semitones either way.

    Examples
    --------
    >>> import numpy as np
    >>> a4 = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> int(abs(np.fft.rfft(pitch_shift(a4, semitones=7))).argmax())  # a fifth: 659 Hz
    659
    """
    _, x = waveform(x)
    if not -96 <= semitones <= 96:
        raise ParameterError(f"semitones={semitones}: want -96 to 96")
    factor = 2.0 ** (semitones / 12)
    stretched = time_stretch(
        x,
        rate=1 / factor,
        n_fft=n_fft,
        hop_length=hop_length,
        win_length=win_length,
        window=window,
        lock=lock,
    )
    return fix_length(resample(stretched, orig_sr=factor, target_sr=1.0, method=method), x.shape[-1])


def _check_rate(rate: float) -> None:
    check_numbers(rate=rate)
    if not rate > 0:
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
    if is_numpy(energy):
        return _followed(lead, turned)
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


def _followed(lead: NDArray[np.int64], turned: NDArray[Any]) -> NDArray[Any]:
    """Follow the leads frame by frame, which is quickest where a step costs little to begin."""
    now = np.zeros((*turned.shape[:-2], turned.shape[-2] + 1, turned.shape[-1]), turned.dtype)
    for t in range(turned.shape[-2]):
        at = lead[..., t, :]
        later = now[..., t, :] + turned[..., t, :]
        now[..., t + 1, :] = wrapped(later[at] if at.ndim == 1 else np.take_along_axis(later, at, axis=-1))
    return now


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
    if is_numpy(energy):  # places in one flat array are found three times faster than along an axis
        before = np.arange(0, energy.size, bins).reshape(*energy.shape[:-1], 1)
        lead = lead + before
        for _ in range(_CLIMBS):
            lead = np.take(lead.reshape(-1), lead)
        return lead - before
    for _ in range(_CLIMBS):
        lead = xp.take_along_axis(lead, lead, axis=-1)
    return lead


def _numbers(*, n: int) -> NDArray[np.int64]:
    return np.arange(n)

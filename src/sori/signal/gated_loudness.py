"""Loudness of arrays after ITU-R BS.1770-5, with gradients: `integrated_lufs`, and curves over time.

The same measure as `sori.signal.loudness.loudness`, which reads streams of any length in NumPy and has the
readings of a meter; here it is a function of a waveform, for batches, devices and losses.

Channels are the axis before time, in the order L, R, C, LFE, Ls, Rs: ``(time,)`` is mono, ``(2, time)``
stereo, ``(batch, channels, time)`` a batch. A batch of mono signals is ``(batch, 1, time)``.

Sources: ITU-R BS.1770-5 (11/2023), Annex 1; EBU Tech 3341 (2023) for momentary (0.4 s) and short-term (3 s).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, at_least, constant, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.filtering import filter_sections
from sori.signal.meter import channel_gains, k_weighting
from sori.signal.running_sum import running_sum

__all__ = ["LoudnessCurve", "integrated_lufs", "k_weighted", "momentary_lufs", "short_term_lufs"]

_OFFSET_DB = -0.691
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE = 0.1  # 10 LU
_BLOCK_CELLS = 4  # 400 ms, a new one every 100 ms


class LoudnessCurve(NamedTuple):
    """Loudness over time: the middle of each window, seconds ``(n,)``, and its loudness ``(..., n)``."""

    times_s: Array
    lufs: Array


def integrated_lufs(x: Array, *, sample_rate: float) -> Array:
    """Return the loudness of whole signals, gated: what "-14 LUFS" means.

    K-weighted energy in blocks of 400 ms that overlap by three quarters; the mean of those above -70 LUFS
    and, of these, not more than 10 LU below their own mean. The gates are steps: gradients flow through the
    energy of the blocks that pass, not through the choice.

    Parameters
    ----------
    x : (time,) or (..., channels, time) real
        Mono, or up to 8 channels: L R; L R C; L R Ls Rs; L R C Ls Rs; 5.1 as L R C LFE Ls Rs; 6.1 and 7.1
        with the back channels before Ls and Rs.
    sample_rate : float
        Hz.

    Returns
    -------
    () or (...) real
        LUFS; -70 where no block passes the gate.

    Raises
    ------
    ParameterError
        For signals shorter than a block, and for more channels.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(48000) / 48000
    >>> round(integrated_lufs(np.sin(2 * np.pi * 997 * t), sample_rate=48000).item(), 2)
    -3.01
    """
    cell = _cell(sample_rate, 0.1)
    xp, energy = _window_energy(x, sample_rate, cell=cell, width=_BLOCK_CELLS)
    zero, one = xp.zeros_like(energy), xp.ones_like(energy)
    heard = energy > _power(_ABSOLUTE_GATE_LUFS)
    mean = _masked_mean(xp, energy, heard)
    kept = heard & (energy > _RELATIVE_GATE * mean)
    mean = _masked_mean(xp, energy, kept)
    passed = xp.sum(xp.where(kept, one, zero), axis=-1, keepdims=True) > 0
    return xp.reshape(_lufs(xp, xp.where(passed, mean, xp.zeros_like(mean))), energy.shape[:-1])


def momentary_lufs(x: Array, *, sample_rate: float, hop_s: float = 0.1) -> LoudnessCurve:
    """Return loudness over windows of 0.4 s.

    Parameters
    ----------
    x : (time,) or (..., channels, time) real
        See `integrated_lufs`.
    sample_rate : float
        Hz.
    hop_s : float
        From one window to the next, seconds, at most the window, into which it is fitted a whole number of
        times. A meter that shows maxima wants 0.01.

    Returns
    -------
    LoudnessCurve
        Not below -70 LUFS; nothing for a signal shorter than a window.
    """
    return _curve(x, sample_rate, 0.4, hop_s)


def short_term_lufs(x: Array, *, sample_rate: float, hop_s: float = 0.1) -> LoudnessCurve:
    """Return loudness over windows of 3 s; see `momentary_lufs`."""
    return _curve(x, sample_rate, 3.0, hop_s)


def k_weighted(x: Array, *, sample_rate: float) -> Array:
    """Return a signal as loudness meters hear it: +4 dB above 1.7 kHz, nothing below 38 Hz.

    Parameters
    ----------
    x : (..., time) real
    sample_rate : float
        Hz.
    """
    check_numbers(sample_rate=sample_rate)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    return filter_sections(x, k_weighting(sample_rate))


def _curve(x: Array, sample_rate: float, window_s: float, hop_s: float) -> LoudnessCurve:
    check_numbers(hop_s=hop_s)
    if not 0 < hop_s <= window_s:
        raise ParameterError(f"hop_s={hop_s}: want more than 0 and at most the window, {window_s} s")
    width = max(1, round(window_s / hop_s))
    cell = _cell(sample_rate, window_s / width)
    xp, energy = _window_energy(x, sample_rate, cell=cell, width=width, least=0)
    count = energy.shape[-1]
    times = constant(
        _window_times, like=energy, count=count, cell=cell, width=width, sample_rate=float(sample_rate)
    )
    return LoudnessCurve(times, _lufs(xp, energy))


def _window_energy(
    x: Array, sample_rate: float, *, cell: int, width: int, least: int = 1
) -> tuple[Any, Array]:
    """Return the mean of weighted squares in windows of ``width`` cells, one starting at each: (..., n)."""
    xp, x = waveform(x)
    if x.ndim == 1:
        x = x[None, :]
    channels = x.shape[-2]
    if not 1 <= channels <= 8:
        raise ParameterError(
            f"got {channels} channels {tuple(x.shape)}, want 1 to 8: the standard weights no other layout; "
            f"a batch of mono signals is (batch, 1, time)"
        )
    cells = x.shape[-1] // cell
    if cells < width * least:
        raise ParameterError(
            f"got {x.shape[-1]} samples, want at least {cell * width}: loudness is defined over "
            f"{cell * width / sample_rate:.2g} s; fix_length(x, length, short='loop') repeats a short sound"
        )
    if cells < width:
        return xp, x[..., 0, :0]
    weighted = k_weighted(x[..., : cells * cell], sample_rate=sample_rate)
    squares = xp.sum(xp.reshape(weighted * weighted, (*x.shape[:-1], cells, cell)), axis=-1) / cell
    gains = constant(_gains, like=x, channels=channels)
    energy = xp.sum(squares * gains, axis=-2)
    return xp, running_sum(energy, width) / width


def _masked_mean(xp: Any, values: Array, mask: Array) -> Array:
    zero, one = xp.zeros_like(values), xp.ones_like(values)
    count = xp.sum(xp.where(mask, one, zero), axis=-1, keepdims=True)
    return xp.sum(xp.where(mask, values, zero), axis=-1, keepdims=True) / at_least(count, 1.0)


def _lufs(xp: Any, energy: Array) -> Array:
    return _OFFSET_DB + 10 * xp.log10(at_least(energy, _power(_ABSOLUTE_GATE_LUFS)))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_DB) / 10))


def _cell(sample_rate: float, seconds: float) -> int:
    check_numbers(sample_rate=sample_rate)
    if not sample_rate > 0:
        raise ParameterError(f"sample_rate={sample_rate}: want a positive number of Hz")
    return max(1, round(seconds * sample_rate))


def _gains(*, channels: int) -> NDArray[np.float64]:
    return np.array(channel_gains(channels))[:, None]


def _window_times(*, count: int, cell: int, width: int, sample_rate: float) -> NDArray[np.float64]:
    return np.asarray((np.arange(count) + width / 2) * (cell / sample_rate), np.float64)

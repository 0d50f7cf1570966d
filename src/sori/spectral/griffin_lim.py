"""Sound from magnitudes alone: `griffin_lim` finds phases that overlapping frames can agree on.

A spectrogram's frames overlap, so most arrays of magnitudes and phases are the transform of no signal. Going
to the nearest signal and back, again and again, and putting the wanted magnitudes in each time, brings the
phases to agree; steps that overshoot in the direction of the last one arrive sooner and lower.

Source: Griffin & Lim, "Signal estimation from modified short-time Fourier transform", IEEE ASSP 32(2), 1984;
Perraudin, Balazs & Søndergaard, "A fast Griffin-Lim algorithm", WASPAA 2013 (``momentum``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import (
    Array,
    fix_length,
    frame,
    irfft,
    is_numpy,
    like,
    namespace,
    pad,
    rfft,
    spectra,
    spectrogram,
    tiny,
)
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.spectral.magnitude import from_polar, power
from sori.spectral.overlap import Sum, joined, together, weights
from sori.spectral.windows import Window, frame_window

__all__ = ["griffin_lim"]


def griffin_lim(
    S: Array,
    *,
    hop_length: int | None = None,
    n_iter: int = 32,
    momentum: float = 0.99,
    length: int | None = None,
    rng: np.random.Generator | None = None,
    n_fft: int | None = None,
    win_length: int | None = None,
    window: Window = "hann",
    center: bool = True,
    pad_mode: str = "constant",
) -> Array:
    """Return a signal whose short-time Fourier transform has the magnitudes ``S``, or nearly.

    Parameters
    ----------
    S : (..., n_fft // 2 + 1, frames) real
        Magnitudes, not powers or levels: see `sori.spectral.magnitude.magnitude`.
    hop_length, win_length, window, center, pad_mode
        As given to the `sori.spectral.stft.stft` that ``S`` is from.
    n_iter : int
        Times to the signal and back; the error falls quickly up to about 32.
    momentum : float
        How far each step overshoots, from 0 (the method of 1984) to below 1.
    length : int, optional
        Samples wanted: cut, or filled with zeros.
    rng : numpy.random.Generator, optional
        Draws the phases to start from, which ends a little nearer to ``S`` (0.5 to 1 dB). Without one all
        are 0: the same ``S`` gives the same signal.
    n_fft : int, optional
        Needed only when it is odd; ``2 * (frequencies - 1)`` if not given.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For complex ``S``, a ``momentum`` out of range, and lengths as in `sori.spectral.stft.istft`.

    Examples
    --------
    >>> import numpy as np
    >>> griffin_lim(np.ones((513, 20)), hop_length=256, n_iter=2).shape
    (4864,)
    """
    xp, S = spectrogram(S)
    check_numbers(momentum=momentum)
    if not 0 <= momentum < 1:
        raise ParameterError(f"momentum={momentum}: want from 0 to below 1, 0.99 for fast convergence")
    bins = S.shape[-2]
    n_fft = 2 * (bins - 1) if n_fft is None else n_fft
    check_counts(n_fft=n_fft)
    hop_length = n_fft // 4 if hop_length is None else hop_length
    check_counts(n_iter=n_iter, hop_length=hop_length)
    if n_fft // 2 + 1 != bins:
        raise ParameterError(f"S has {bins} frequencies, want {n_fft // 2 + 1} for n_fft={n_fft}")
    if 0 in S.shape:
        raise ParameterError(f"S has shape {tuple(S.shape)}, want at least one frame and one of a batch")
    framing: dict[str, Any] = {
        "n_fft": n_fft,
        "hop_length": hop_length,
        "win_length": n_fft if win_length is None else win_length,
        "window": window,
    }
    inner = n_fft // 2 if center else 0  # samples at each end that the padding stands for

    def padded(x: Array) -> Array:
        if not center:
            return x
        return pad(x[..., inner : x.shape[-1] - inner], inner, inner, mode=pad_mode)

    wanted = xp.matrix_transpose(S)
    turns = xp.zeros_like(wanted) if rng is None else like(rng.random(wanted.shape), wanted)
    spectrum = from_polar(wanted, 2 * np.pi * turns)
    overshoot = momentum / (1 + momentum)
    search = _search_numpy if is_numpy(S) else _search
    x = search(wanted, spectrum, padded, n_iter=n_iter, overshoot=overshoot, framing=framing)
    if center:
        x = x[..., inner:]
        x = x[..., : max(0, x.shape[-1] - inner)] if length is None else x
    return x if length is None else fix_length(x, length)


def _search(
    wanted: Array,
    spectrum: Array,
    padded: Callable[[Array], Array],
    *,
    n_iter: int,
    overshoot: float,
    framing: dict[str, Any],
) -> Array:
    xp = namespace(wanted)
    shape = frame_window(
        framing["window"], win_length=framing["win_length"], n_fft=framing["n_fft"], like_array=wanted
    )
    least = tiny(wanted) ** 0.5
    before = None
    for _ in range(n_iter):
        x = padded(joined(spectrum, **framing))
        found = spectra(x, shape, hop_length=framing["hop_length"], n_fft=framing["n_fft"])
        ahead = found if before is None else found - overshoot * before
        before = found
        energy = power(ahead)
        heard = energy > least
        factor = xp.where(heard, wanted / xp.sqrt(xp.where(heard, energy, xp.ones_like(energy))), wanted)
        spectrum = xp.where(heard, ahead, xp.ones_like(ahead)) * factor
    return joined(spectrum, **framing)


def _search_numpy(
    wanted: NDArray[Any],
    spectrum: NDArray[Any],
    padded: Callable[[Array], Array],
    *,
    n_iter: int,
    overshoot: float,
    framing: dict[str, Any],
) -> NDArray[Any]:
    """Do as `_search`, each step in one pass over frames that stay in the cache."""
    if wanted.ndim > 2:
        each = [
            _search_numpy(one, first, padded, n_iter=n_iter, overshoot=overshoot, framing=framing)
            for one, first in zip(
                wanted.reshape(-1, *wanted.shape[-2:]), spectrum.reshape(-1, *wanted.shape[-2:]), strict=True
            )
        ]
        return np.stack(each).reshape(*wanted.shape[:-2], -1)
    n_fft, hop_length = framing["n_fft"], framing["hop_length"]
    shape = frame_window(framing["window"], win_length=framing["win_length"], n_fft=n_fft, like_array=wanted)
    count = len(wanted)
    scale = weights(count, like_array=wanted, **framing)
    wanted = np.ascontiguousarray(wanted)
    least = wanted.dtype.type(tiny(wanted) ** 0.5)
    rows = together(n_fft, wanted.dtype)
    scratch = np.empty((min(rows, count), n_fft), wanted.dtype)
    x: NDArray[Any] = joined(spectrum, **framing)
    before = np.zeros_like(spectrum)
    overshoot = wanted.dtype.type(overshoot)
    for _ in range(n_iter):
        frames = frame(padded(x), frame_length=n_fft, hop_length=hop_length)
        total = Sum(count, n_fft=n_fft, hop_length=hop_length, dtype=wanted.dtype)
        for begin in range(0, count, rows):
            part = slice(begin, begin + rows)
            found = rfft(np.multiply(frames[part], shape, out=scratch[: len(frames[part])]))
            ahead = found - np.multiply(before[part], overshoot, out=before[part])
            before[part] = found
            energy = power(ahead)
            silent = energy <= least
            if silent.any():
                ahead[silent] = 1
                energy[silent] = 1
            np.sqrt(energy, out=energy)
            ahead *= np.divide(wanted[part], energy, out=energy)
            back = irfft(ahead, n=n_fft)
            total.add(begin, np.multiply(back, shape, out=back))
        x = total.signal(scale)
    return x

"""Windows: how a frame fades in and out.

All are sampled so that they are periodic (``periodic=True``, for spectra) or symmetric (for filters).

Source: Harris, "On the use of windows for harmonic analysis with the discrete Fourier transform",
Proceedings of the IEEE 66(1), 1978; Nuttall, IEEE ASSP 29(1), 1981; "povey" is Kaldi's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, like
from sori.arrays.framing import check_counts
from sori.errors import ParameterError

__all__ = ["WINDOWS", "Window", "frame_window", "window"]

Window = str | tuple[str, float] | Array
"""A name of `WINDOWS`, ``("kaiser", beta)``, ``("gaussian", deviation in samples)``, or the samples."""

_COSINE_SUMS: dict[str, tuple[float, ...]] = {
    "boxcar": (1.0,),
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "nuttall": (0.3635819, 0.4891775, 0.1365995, 0.0106411),
    "blackmanharris": (0.35875, 0.48829, 0.14128, 0.01168),
    "flattop": (0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368),
}
WINDOWS = (*_COSINE_SUMS, "bartlett", "sine", "povey", "kaiser", "gaussian")


def window(name: str | tuple[str, float], n: int, *, periodic: bool = True) -> NDArray[np.float64]:
    """Return ``n`` samples of a window, float64.

    Parameters
    ----------
    name : str or (str, float)
        One of `WINDOWS`; ``"kaiser"`` and ``"gaussian"`` with their parameter.
    n : int
        Length in samples.
    periodic : bool
        The window that repeats after ``n`` samples (for spectra), or the symmetric one (for filters).

    Raises
    ------
    ParameterError
        For an unknown name, a parameter too many or one too few.

    Examples
    --------
    >>> window("hann", 4).round(9).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    check_counts(n=n)
    kind, *rest = (name,) if isinstance(name, str) else tuple(name)
    if kind not in WINDOWS or len(rest) != (kind in ("kaiser", "gaussian")):
        raise ParameterError(
            f"window={name!r}: want {', '.join(WINDOWS[:-2])}, ('kaiser', beta) or ('gaussian', deviation)"
        )
    if n == 1:
        return np.ones(1)  # a frame of one sample is let through, whatever the window
    period = n if periodic else n - 1
    at = np.arange(n) / period  # 0 to 1 over the window
    if kind in _COSINE_SUMS:
        signed = np.array([a * (-1) ** k for k, a in enumerate(_COSINE_SUMS[kind])])
        return np.asarray(signed @ np.cos(2 * np.pi * np.arange(len(signed))[:, None] * at))
    if kind == "bartlett":
        return np.asarray(1 - np.abs(2 * at - 1))
    if kind == "sine":  # its square is Hann's: analysis and synthesis with it add up to one
        return np.asarray(
            np.sin(np.pi * (np.arange(n) + (0.5 if periodic else 0.0)) / (n if periodic else period))
        )
    if kind == "povey":
        return np.asarray((0.5 - 0.5 * np.cos(2 * np.pi * at)) ** 0.85)
    parameter = float(str(rest[0]))
    if kind == "kaiser":
        return np.asarray(np.i0(parameter * np.sqrt(np.maximum(0, 1 - (2 * at - 1) ** 2))) / np.i0(parameter))
    return np.asarray(np.exp(-0.5 * ((at - 0.5) * period / parameter) ** 2))


def frame_window(name: Window, *, win_length: int, n_fft: int, like_array: Array) -> Array:
    """Return a periodic window, zeros before and after to ``n_fft``, of the kind of ``like_array``.

    Raises
    ------
    ParameterError
        When the window is longer than the transform, or samples are given and they are not ``win_length``.
    """
    if win_length > n_fft:
        raise ParameterError(f"win_length={win_length} is longer than n_fft={n_fft}: want at most n_fft")
    if isinstance(name, str) or (isinstance(name, Sequence) and len(name) == 2 and isinstance(name[0], str)):
        named = name if isinstance(name, str) else tuple(name)
        return constant(_padded_window, like=like_array, name=named, win_length=win_length, n_fft=n_fft)
    samples = np.asarray(name, np.float64)
    if samples.shape != (win_length,):
        raise ParameterError(
            f"the window has shape {samples.shape}, want ({win_length},), as win_length or n_fft says"
        )
    before = (n_fft - win_length) // 2
    return like(np.pad(samples, (before, n_fft - win_length - before)), like_array)


def _padded_window(*, name: str | tuple[str, float], win_length: int, n_fft: int) -> NDArray[np.float64]:
    before = (n_fft - win_length) // 2
    return np.pad(window(name, win_length), (before, n_fft - win_length - before))

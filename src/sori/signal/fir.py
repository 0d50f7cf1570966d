"""Filters without recursion: design by a windowed sinc or by a wanted response, and apply with `fir_filter`.

A symmetric filter delays every frequency by the same ``(taps - 1) / 2`` samples, which ``delay="same"`` takes
away again: what comes out stands where it stood.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.arrays import (
    Array,
    constant,
    frame,
    irfft,
    is_numpy,
    like,
    namespace,
    overlap_add,
    pad,
    rfft,
    waveform,
)
from sori.arrays.framing import check_counts, check_numbers
from sori.errors import ParameterError
from sori.signal.biquad import check_frequency

__all__ = ["even_smooth", "fir_filter", "fir_taps", "kaiser_beta", "kaiser_window", "response_taps"]

_FEW = 16  # taps that are added up one by one
_FEWEST = 11  # taps that NumPy adds up itself as fast as memory goes
_BAND = 128  # taps that NumPy multiplies as a band matrix
_ROW = 64  # samples in a row of that product
_ROWS = 1024  # rows that are worked on together, in the cache
_MOST = 1 << 20

Floats = NDArray[np.float64]


def fir_filter(x: Array, taps: Array | ArrayLike, *, delay: str = "causal") -> Array:
    """Return the convolution of a signal with the taps of a filter.

    A few taps are added up; many are multiplied in the frequency domain, block by block, in the time of two
    transforms whatever their number.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    taps : (taps,) or (..., taps) real
        Impulse response. An array of the kind of ``x`` can be learned; its leading axes meet those of ``x``.
        In functions that PyTorch compiles, a tuple or a tensor.
    delay : "causal", "same" or "full"
        ``"causal"``: as long as ``x``, delayed as the filter delays. ``"same"``: as long as ``x``, moved
        forward by ``(taps - 1) // 2`` samples, the delay of a symmetric filter. ``"full"``: everything,
        ``time + taps - 1`` samples.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        For no taps, taps that are not finite, another delay.

    Examples
    --------
    >>> import numpy as np
    >>> fir_filter(np.array([0.0, 0.0, 4.0, 0.0]), [0.25, 0.5, 0.25], delay="same").tolist()
    [0.0, 1.0, 2.0, 1.0]
    """
    _, x = waveform(x)
    if delay not in ("causal", "same", "full"):
        raise ParameterError(f"delay={delay!r}: want 'causal', 'same' or 'full'")
    h = _as_array(taps, x)
    if h.ndim == 0 or h.shape[-1] == 0:
        raise ParameterError(f"taps has shape {tuple(h.shape)}, want at least one tap")
    n, k = x.shape[-1], h.shape[-1]
    if n == 0 and delay != "full":
        return x
    if n and k <= _BAND and h.ndim == 1 and is_numpy(x):
        y = _as_rows(x, h)
    elif n == 0 or k <= _FEW:
        y = _added_up(x, h)
    else:
        y = _as_spectra(x, h)
    if delay == "full":
        return y
    begin = (k - 1) // 2 if delay == "same" else 0
    return y[..., begin : begin + n]


def _as_array(taps: Array | ArrayLike, x: Array) -> Array:
    """Return taps as an array of the kind and precision of ``x``, once they are known to be finite."""
    if isinstance(taps, list):
        taps = tuple(taps)
    if isinstance(taps, tuple) and taps and isinstance(taps[0], float | int):
        if not all(map(math.isfinite, taps)):
            raise ParameterError("taps: NaN or infinity, want finite numbers")
        return constant(_given, like=x, taps=taps)
    if is_numpy(taps):
        given = np.asarray(taps)
        if given.dtype.kind not in "fiu":
            raise ParameterError(f"taps: {given.dtype}, want real numbers")
        given = given.astype(np.float64)
        if not np.isfinite(given).all():
            raise ParameterError("taps: NaN or infinity, want finite numbers")
        return like(given, x)
    if not hasattr(taps, "dtype"):
        raise ParameterError(f"taps={taps!r}: want an array or a sequence of numbers")
    return namespace(x).astype(taps, x.dtype)


def _given(*, taps: tuple[float, ...]) -> Floats:
    return np.array(taps, np.float64)


def _added_up(x: Array, h: Array) -> Array:
    k = h.shape[-1]
    y = h[..., :1] * pad(x, 0, k - 1)
    for at in range(1, k):
        y = y + h[..., at : at + 1] * pad(x, at, k - 1 - at)
    return y


def _as_rows(x: NDArray[Any], h: NDArray[Any]) -> NDArray[Any]:
    """Convolve as a product of overlapping rows and a band matrix."""
    k, n = len(h), x.shape[-1] + len(h) - 1
    if k <= _FEWEST:
        direct = np.empty((math.prod(x.shape[:-1]), n), x.dtype)
        for samples, into in zip(x.reshape(-1, x.shape[-1]), direct, strict=True):
            into[:] = np.convolve(samples, h)
        return direct.reshape(*x.shape[:-1], n)
    rows = -(-n // _ROW)
    band = np.zeros((_ROW + k - 1, _ROW), x.dtype)
    for column in range(_ROW):
        band[column : column + k, column] = h[::-1]
    flat = pad(x.reshape(-1, x.shape[-1]), k - 1, rows * _ROW - x.shape[-1])
    out = np.empty((len(flat), rows, _ROW), x.dtype)
    for samples, into in zip(flat, out, strict=True):
        lines = frame(samples, frame_length=_ROW + k - 1, hop_length=_ROW)
        for begin in range(0, rows, _ROWS):
            part = np.ascontiguousarray(lines[begin : begin + _ROWS])
            np.matmul(part, band, out=into[begin : begin + _ROWS])
    return out.reshape(*x.shape[:-1], rows * _ROW)[..., :n]


def _as_spectra(x: Array, h: Array) -> Array:
    """Convolve in the frequency domain: blocks, each longer by the taps, added where they overlap."""
    xp = namespace(x)
    n, k = x.shape[-1], h.shape[-1]
    whole = n + k - 1
    n_fft = 1 << max(10, math.ceil(math.log2(8 * k)))
    if whole <= 2 * n_fft:
        n_fft = even_smooth(whole)
        return irfft(rfft(x, n=n_fft) * rfft(h, n=n_fft), n=n_fft)[..., :whole]
    block = n_fft - k + 1
    blocks = -(-n // block)
    cut = xp.reshape(pad(x, 0, blocks * block - n), (*x.shape[:-1], blocks, block))
    spectrum = rfft(h, n=n_fft)
    spectrum = spectrum if h.ndim == 1 else spectrum[..., None, :]
    return overlap_add(irfft(rfft(cut, n=n_fft) * spectrum, n=n_fft), hop_length=block)[..., :whole]


def even_smooth(n: int) -> int:
    """Return the next even length with no prime factor above 5, which every library transforms fast."""
    n += n % 2
    while True:
        rest = n
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return n
        n += 2


def kaiser_beta(attenuation_db: float) -> float:
    """Return the parameter of Kaiser's window for a stop band this far down.

    Source: J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", ISCAS 1974.

    >>> round(kaiser_beta(80.0), 3)
    7.857
    """
    check_numbers(attenuation_db=attenuation_db)
    if not 0 < attenuation_db <= 300:
        raise ParameterError(f"attenuation_db={attenuation_db}: want more than 0 and at most 300")
    if attenuation_db > 50:
        return 0.1102 * (attenuation_db - 8.7)
    if attenuation_db > 21:
        return float(0.5842 * (attenuation_db - 21) ** 0.4 + 0.07886 * (attenuation_db - 21))
    return 0.0


def kaiser_window(n: int, *, beta: float) -> Floats:
    """Return ``n`` samples of Kaiser's window, both ends included."""
    at = np.linspace(-1, 1, n) if n > 1 else np.zeros(n)
    return np.asarray(np.i0(beta * np.sqrt(1 - at * at)) / np.i0(beta))


def fir_taps(
    *,
    sample_rate: float,
    low_hz: float | None = None,
    high_hz: float | None = None,
    transition_hz: float,
    attenuation_db: float = 80.0,
    stop: bool = False,
) -> Floats:
    """Return a symmetric filter that passes from ``low_hz`` to ``high_hz``: a sinc under Kaiser's window.

    Parameters
    ----------
    sample_rate : float
        Hz.
    low_hz, high_hz : float, optional
        Middles of the transitions, where the gain is a half (-6 dB). Without ``low_hz`` a low-pass filter,
        without ``high_hz`` a high-pass one.
    transition_hz : float
        Width of a transition from pass band to stop band. The taps are as many as it takes.
    attenuation_db : float
        Of the stop band; the ripple of the pass band is as small.
    stop : bool
        Pass what is outside the band instead.

    Returns
    -------
    (taps,) float64
        Their number is odd, so that the delay is a whole number of samples.

    Raises
    ------
    ParameterError
        For frequencies out of order or outside 0 to half the sample rate, and a transition that would take
        more than a million taps.

    Examples
    --------
    >>> taps = fir_taps(sample_rate=16000, high_hz=1000.0, transition_hz=500.0)
    >>> len(taps), round(float(taps.sum()), 4)
    (163, 1.0)
    """
    given = {name: hz for name, hz in (("low_hz", low_hz), ("high_hz", high_hz)) if hz is not None}
    if not given:
        raise ParameterError("low_hz=None, high_hz=None: want at least one of them")
    check_frequency(sample_rate, **given)
    if low_hz is not None and high_hz is not None and not low_hz < high_hz:
        raise ParameterError(f"low_hz={low_hz}, high_hz={high_hz}: want the lower one first")
    check_frequency(sample_rate, transition_hz=transition_hz)
    beta = kaiser_beta(attenuation_db)
    width = 2 * math.pi * transition_hz / sample_rate
    half = math.ceil((max(attenuation_db, 21.0) - 7.95) / (2.285 * width) / 2)
    if 2 * half + 1 > _MOST:
        raise ParameterError(
            f"transition_hz={transition_hz} takes {2 * half + 1} taps, want at most {_MOST}: widen it"
        )
    window = kaiser_window(2 * half + 1, beta=beta)
    at = np.arange(-half, half + 1)

    def below(hz: float) -> Floats:
        taps = 2 * hz / sample_rate * np.sinc(2 * hz / sample_rate * at) * window
        return np.asarray(taps / taps.sum())

    taps = np.zeros(2 * half + 1)
    taps[half] = float(high_hz is None)
    taps = taps if high_hz is None else below(high_hz)
    taps = taps if low_hz is None else taps - below(low_hz)
    if stop:
        taps = -taps
        taps[half] += 1
    return taps


def response_taps(frequencies_hz: ArrayLike, gains: ArrayLike, *, sample_rate: float, n_taps: int) -> Floats:
    """Return a symmetric filter with the wanted gain at the wanted frequencies, straight lines between.

    The response is sampled eight times as densely as the taps can follow, and the impulse response that it
    has cut to length by a Hann window.

    Parameters
    ----------
    frequencies_hz : (points,)
        Rising, Hz. Below the first and above the last the gain stays.
    gains : (points,)
        Factors, not dB.
    sample_rate : float
        Hz.
    n_taps : int
        Odd. Details narrower than about ``2 * sample_rate / n_taps`` are smoothed over.

    Returns
    -------
    (n_taps,) float64
    """
    check_counts(n_taps=n_taps)
    hz, wanted = np.asarray(frequencies_hz, np.float64), np.asarray(gains, np.float64)
    if n_taps % 2 == 0:
        raise ParameterError(f"n_taps={n_taps}: want an odd number, whose middle is a sample")
    if hz.ndim != 1 or hz.shape != wanted.shape or not len(hz) or (np.diff(hz) <= 0).any():
        raise ParameterError("frequencies_hz, gains: want as many gains as frequencies, these rising")
    if not (np.isfinite(hz).all() and np.isfinite(wanted).all()):
        raise ParameterError("frequencies_hz, gains: NaN or infinity, want finite numbers")
    check_frequency(sample_rate)
    n_fft = 8 * (n_taps + 1)
    grid = np.arange(n_fft // 2 + 1) * (sample_rate / n_fft)
    half = n_taps // 2
    impulse = np.fft.irfft(np.interp(grid, hz, wanted), n_fft)
    taps = np.concatenate([impulse[n_fft - half :], impulse[: half + 1]])
    return np.asarray(taps * (0.5 + 0.5 * np.cos(np.pi * np.arange(-half, half + 1) / (half + 1))))

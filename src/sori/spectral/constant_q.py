"""The constant-Q transform, its relative with wider low bands, and their inverses.

Bands are spaced as notes are, a fixed number to the octave, and each is as narrow as its neighbours demand:
low bands look at long stretches of the signal, high bands at short ones. Frame ``t`` of band ``k`` is::

    gain_k * sum_m w(m / L_k) x[t * hop_length + m] exp(-2 pi i m f_k / sample_rate),   |m| < L_k / 2

with a window ``w`` over ``L_k`` samples (a fraction of one is honoured: the window is read where the samples
lie, and is symmetric about the frame's centre). ``gain_k`` divides by the window's sum (``norm=1``) and, with
``scale``, multiplies by ``sqrt(L_k)``, as librosa does: a sine of amplitude ``a`` at ``f_k`` gives
``a / 2 * sqrt(L_k)``.

How it is computed: see `sori.spectral.constant_q_chain`. No band differs from the sum above by more than
some 1e-5 of what a sine of the same size gives in its own band.

Source: Brown, "Calculation of a constant Q spectral transform", JASA 89(1), 1991; Schörkhuber & Klapuri,
"Constant-Q transform toolbox for music processing", SMC 2010 (also for ``gamma``: Schörkhuber et al., 2014).
"""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

import numpy as np

from sori.arrays import Array, constant, fix_length, is_numpy, namespace, pad, spectrogram, waveform
from sori.arrays.constants import settled
from sori.arrays.framing import check_counts
from sori.arrays.kinds import is_torch
from sori.errors import ParameterError
from sori.spectral.constant_q_chain import analysed, largest_gain, synthesised
from sori.spectral.constant_q_kernels import Plan, inverse_gains, plan

__all__ = ["ConstantQ", "cqt", "cqt_magnitude", "icqt", "ivqt", "vqt"]

_WEAKEST = 0.03  # of the strongest: gains that the inverse is as fast for


class ConstantQ(TypedDict, total=False):
    """Which bands a constant-Q transform has, and how they are scaled.

    ``fmin`` (Hz, default C1, 32.70): frequency of the lowest band. ``n_bins`` (default 84): bands.
    ``bins_per_octave`` (default 12). ``tuning`` (default 0): all bands moved by this fraction of a band.
    ``filter_scale`` (default 1): below 1 shorter kernels, sharper in time and broader in frequency.
    ``norm`` (default 1): sum of a kernel's magnitudes is 1; 2: of their squares; ``inf``: their maximum;
    ``None``: the window as it is. ``window`` (default ``"hann"``): a name or ``("kaiser", beta)``.
    ``scale`` (default true): multiply by the square root of a kernel's length; false: by its length.
    """

    fmin: float | None
    n_bins: int
    bins_per_octave: int
    tuning: float
    filter_scale: float
    norm: float | None
    window: str | tuple[str, float]
    scale: bool


def cqt(
    x: Array,
    *,
    sample_rate: float,
    hop_length: int = 512,
    center: bool = True,
    pad_mode: str = "constant",
    **bands: Unpack[ConstantQ],
) -> Array:
    """Return the constant-Q transform.

    Parameters
    ----------
    x : (..., time) real
        The signal.
    sample_rate : float
        Hz.
    hop_length : int
        Samples from one frame to the next: any number. Multiples of a power of two are fastest.
    center : bool
        Frame ``t`` is centred on sample ``t * hop_length``, and there are ``1 + n // hop_length``. Without,
        the first frame is the first whose longest kernel lies within the signal, and so is the last.
    pad_mode : str
        What stands outside the signal: see `sori.spectral.stft.Framing`.
    **bands
        ``n_bins``, ``fmin``, ``bins_per_octave`` and others: see `ConstantQ`.

    Returns
    -------
    (..., n_bins, frames) complex

    Raises
    ------
    ParameterError
        For bands beyond half the sample rate (it says how many fit), counts and lengths that are not
        positive, a window of given samples, and without ``center`` a signal shorter than the longest kernel.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> C = cqt(x, sample_rate=22050)
    >>> C.shape, int(np.abs(C[:, 20]).argmax())  # A4 is 45 semitones above C1
    ((84, 44), 45)
    """
    return vqt(
        x,
        sample_rate=sample_rate,
        hop_length=hop_length,
        gamma=0.0,
        center=center,
        pad_mode=pad_mode,
        **bands,
    )


def vqt(
    x: Array,
    *,
    sample_rate: float,
    hop_length: int = 512,
    gamma: float | None = None,
    center: bool = True,
    pad_mode: str = "constant",
    **bands: Unpack[ConstantQ],
) -> Array:
    """Return the variable-Q transform: all bands ``gamma`` Hz wider, so that low ones are quicker in time.

    Parameters
    ----------
    gamma : float, optional
        Hz. ``None``: bands in proportion to those of the ear (equivalent rectangular bandwidths); 0: `cqt`.
    x, sample_rate, hop_length, center, pad_mode, **bands
        As for `cqt`.

    Returns
    -------
    (..., n_bins, frames) complex

    Raises
    ------
    ParameterError
        As `cqt`.
    """
    real, imaginary = _parts(x, sample_rate, hop_length, gamma, center, pad_mode, bands)
    xp = namespace(real)
    return xp.matrix_transpose(_complex(real, imaginary))


def cqt_magnitude(
    x: Array,
    *,
    sample_rate: float,
    hop_length: int = 512,
    gamma: float | None = 0.0,
    center: bool = True,
    pad_mode: str = "constant",
    **bands: Unpack[ConstantQ],
) -> Array:
    """Return the magnitudes of `vqt` (of `cqt` with ``gamma=0``), ``(..., n_bins, frames)`` real.

    Computed without complex numbers, of real products alone; the gradient at silence is 0.

    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 440 * np.arange(22050) / 22050)
    >>> round(float(cqt_magnitude(x, sample_rate=22050, scale=False)[45, 20] / 868.5), 3)
    0.5
    """
    real, imaginary = _parts(x, sample_rate, hop_length, gamma, center, pad_mode, bands)
    xp = namespace(real)
    power = real * real + imaginary * imaginary
    if is_numpy(power):
        return xp.matrix_transpose(np.sqrt(power))
    heard = power > 0
    size = xp.sqrt(xp.where(heard, power, xp.ones_like(power)))
    return xp.matrix_transpose(xp.where(heard, size, xp.zeros_like(size)))


def icqt(
    C: Array,  # noqa: N803 -- the field's name for a constant-Q transform
    *,
    sample_rate: float,
    hop_length: int = 512,
    length: int | None = None,
    n_iter: int = 20,
    **bands: Unpack[ConstantQ],
) -> Array:
    """Return the signal whose constant-Q transform is nearest to ``C``; see `ivqt`."""
    return ivqt(
        C,
        sample_rate=sample_rate,
        hop_length=hop_length,
        gamma=0.0,
        length=length,
        n_iter=n_iter,
        **bands,
    )


def ivqt(
    C: Array,  # noqa: N803
    *,
    sample_rate: float,
    hop_length: int = 512,
    gamma: float | None = None,
    length: int | None = None,
    n_iter: int = 20,
    **bands: Unpack[ConstantQ],
) -> Array:
    """Return the signal whose variable-Q transform is nearest to ``C``, in the sense of least squares.

    Bands count by what they hold for each sample, whatever their scaling. Each of ``n_iter`` steps transforms
    and transforms back (with the exact adjoint), with the fixed weights of Chebyshev's iteration: the result
    is linear in ``C``. What no band holds (below the lowest, above the highest) comes back as nothing, and
    what falls between frames of short kernels as little: a hop longer than half a kernel loses its band.

    Ten seconds each of five recordings (orchestra, celesta, folk song, jazz, electronic), 84 bands at 22050
    Hz, signal to error between 40 and 3500 Hz, the middle one of the five in dB; ``librosa.icqt`` 0.11 of its
    own transform beside it::

        hop_length    512   256   128    64
        ivqt         15.4  22.2  33.7  61.9
        librosa       8.5  13.9  20.5  24.3

    Parameters
    ----------
    C : (..., n_bins, frames) complex
        As from `vqt` with the same arguments and ``center=True``.
    length : int, optional
        Samples wanted; ``(frames - 1) * hop_length`` if not given.
    n_iter : int
        Steps: the error of what can be brought back halves or better with each.
    sample_rate, hop_length, gamma, **bands
        As given to `vqt`.

    Returns
    -------
    (..., time) real

    Raises
    ------
    ParameterError
        As `vqt`, and where ``n_bins`` is given and ``C`` has another number of bands.
    """
    xp, C = spectrogram(C, name="C", complex_valued=True)
    n_bins, count = C.shape[-2:]
    if bands.get("n_bins", n_bins) != n_bins:
        raise ParameterError(f"C has {n_bins} bands, want n_bins={bands['n_bins']} as given, or leave it out")
    check_counts(n_iter=n_iter, n_bins=n_bins)
    length = max(0, count - 1) * hop_length if length is None else length
    given = _settings(sample_rate, hop_length, gamma, {**bands, "n_bins": n_bins})
    of = {**given, "norm": 1, "scale": None}
    made: Plan = settled(plan, **_kernels_of(of))
    real, imaginary = (xp.matrix_transpose(part(C)) for part in (xp.real, xp.imag))
    if not hasattr(length, "__index__") or length < 0:
        raise ParameterError(f"length={length!r}: want a whole number of at least 0")
    if count == 0 or length == 0:
        return fix_length(xp.sum(real, axis=(-2, -1))[..., None] * 0.0, length)
    n = min(length, count * hop_length)
    before = made.reach[0] * hop_length
    after = (count + 2 * made.reach[0]) * hop_length - before - n

    def back(real: Array, imaginary: Array) -> Array:
        return synthesised(real, imaginary, made, of)[..., before : before + n]

    weights = constant(inverse_gains, like=real, **{k: v for k, v in given.items() if k != "hop_length"})
    rest = back(real * weights, imaginary * weights)
    # Chebyshev's iteration for gains between `least` and `most`: weaker ones follow more slowly.
    most = settled(largest_gain, **of)
    least = _WEAKEST * most
    middle, spread = 0.5 * (most + least), 0.5 * (most - least)
    step = rest / middle
    x = step
    ratio = spread / middle
    for _ in range(n_iter - 1):
        rest = rest - back(*analysed(pad(step, before, after), made, count, of))
        before_it, ratio = ratio, 1 / (2 * middle / spread - ratio)
        step = (ratio * before_it) * step + (2 * ratio / spread) * rest
        x = x + step
    return fix_length(x, length)


def _parts(
    x: Array,
    sample_rate: float,
    hop_length: int,
    gamma: float | None,
    center: bool,
    pad_mode: str,
    bands: ConstantQ,
) -> tuple[Array, Array]:
    """Return the real and the imaginary parts, ``(..., frames, n_bins)``."""
    _, x = waveform(x, squared=True)
    of = _settings(sample_rate, hop_length, gamma, bands)
    made: Plan = settled(plan, **_kernels_of(of))
    n = x.shape[-1]
    if not center and n < 2 * made.half + 1:
        raise ParameterError(
            f"{n} samples are fewer than the {2 * made.half + 1} of the longest kernel: "
            "take center=True, a higher fmin or a smaller filter_scale"
        )
    count = 1 + (n if center else n - 2 * made.half - 1) // hop_length
    before = made.reach[0] * hop_length - (0 if center else made.half)
    after = (count + 2 * made.reach[0]) * hop_length - before - n
    return analysed(pad(x, before, after, mode=pad_mode), made, count, of)


def _settings(sample_rate: float, hop_length: int, gamma: float | None, bands: ConstantQ) -> dict[str, Any]:
    """Return all that a transform's kernels depend on, once it is known to be in order."""
    check_counts(hop_length=hop_length)
    found: dict[str, Any] = {
        "n_bins": 84,
        "fmin": None,
        "bins_per_octave": 12,
        "tuning": 0.0,
        "filter_scale": 1.0,
        "window": "hann",
        "norm": 1,
        "scale": True,
    }
    unknown = set(bands) - set(found)
    if unknown:
        raise ParameterError(f"{', '.join(sorted(unknown))}: want {', '.join(found)}")
    found |= dict(bands)
    if found["norm"] not in (1, 2, np.inf, None):
        raise ParameterError(f"norm={found['norm']!r}: want 1, 2, inf or None")
    return {**found, "sample_rate": sample_rate, "hop_length": hop_length, "gamma": gamma}


def _kernels_of(of: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in of.items() if name not in ("scale", "norm")}


def _complex(real: Array, imaginary: Array) -> Array:
    if is_numpy(real):
        out = np.empty(real.shape, np.result_type(real.dtype, np.complex64))
        out.real, out.imag = real, imaginary
        return out
    if is_torch(real):
        import torch

        return torch.complex(real, imaginary)
    xp = namespace(real)
    kind = xp.complex128 if "64" in str(real.dtype) else xp.complex64
    return xp.astype(real, kind) + 1j * xp.astype(imaginary, kind)

"""Whose sound is it, the magnitude's or the phase's? `exchange_phase` swaps them and lets one hear.

Source: Oppenheim & Lim, "The importance of phase in signals", Proceedings of the IEEE 69(5), 1981; Paliwal &
Alsteris, "On the usefulness of STFT phase spectrum in human listening tests", Speech Communication 45, 2005.
"""

from __future__ import annotations

from typing import Unpack

from sori.arrays import Array, waveform
from sori.errors import ParameterError
from sori.spectral.magnitude import from_polar, magnitude, phase
from sori.spectral.stft import Framing, istft, stft

__all__ = ["exchange_phase"]


def exchange_phase(
    a: Array, b: Array, *, n_fft: int = 2048, hop_length: int | None = None, **framing: Unpack[Framing]
) -> tuple[Array, Array]:
    """Return the magnitudes of ``a`` with the phases of ``b``, and those of ``b`` with the phases of ``a``.

    An experiment for the ear, with two answers. With windows of about 20 to 40 ms (``n_fft=512`` at 16 kHz)
    one hears **who gave the magnitudes**: an ear's own windows are about that long, the magnitudes say how
    the energy moves through time and frequency, and the wrong phases only make it rough. With windows of a
    second and more, or of the whole sound, one hears **who gave the phases**: inside so long a window it is
    the phases that say when something happens, so they carry the words and the rhythm, and the magnitudes
    only colour them. Very short windows (4 ms and less) go to the phases too: with so few bins the signs of
    the samples are in the phases, and they alone make an intelligible voice.

    Parameters
    ----------
    a, b : (..., time) real
        Two signals of one kind and one length: cut or lengthen one, see `sori.arrays.fix_length`.
    n_fft, hop_length, **framing
        See `sori.spectral.stft.stft`.

    Returns
    -------
    (..., time) real, twice
        Of all signals those nearest to the swapped spectra, which are no signal's own: what one measures in
        the results is near to the magnitudes that were put in, and not the same.

    Raises
    ------
    ParameterError
        For signals of different lengths, and as `sori.spectral.stft.stft`.

    Examples
    --------
    >>> import numpy as np
    >>> loud, soft = np.random.default_rng(0).normal(0, [[0.5], [0.01]], (2, 8000))
    >>> like_loud, like_soft = exchange_phase(loud, soft, n_fft=512)
    >>> bool(like_loud.std() > 20 * like_soft.std())
    True
    """
    _, a = waveform(a, name="a")
    _, b = waveform(b, name="b")
    n = a.shape[-1]
    if b.shape[-1] != n:
        raise ParameterError(f"a has {n} samples and b {b.shape[-1]}: want as many, cut the longer one")
    A, B = (stft(x, n_fft=n_fft, hop_length=hop_length, **framing) for x in (a, b))
    first, second = (
        istft(
            from_polar(magnitude(one), phase(other)),
            n_fft=n_fft,
            hop_length=hop_length,
            length=n,
            win_length=framing.get("win_length"),
            window=framing.get("window", "hann"),
            center=framing.get("center", True),
        )
        for one, other in ((A, B), (B, A))
    )
    return first, second

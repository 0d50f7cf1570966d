"""Signals together, and channels: noise at a ratio, mono and stereo, mid and side, surround to stereo, pan.

Channels are the axis before time: ``(..., channels, time)``.

Source: ITU-R BS.775-4 (12/2022), Annex 4, for the downmix of surround sound.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, like, namespace, product, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.edges import fix_length
from sori.signal.level import rms

__all__ = ["downmix_surround", "left_right", "mid_side", "mix_at_snr", "pan", "to_mono", "to_stereo"]

_HALF_POWER = math.sqrt(0.5)
_LOWEST_SNR_DB = -200.0


def mix_at_snr(
    signal: Array,
    noise: Array,
    *,
    snr_db: float | Array,
    linked: bool = False,
    rng: np.random.Generator | None = None,
) -> Array:
    """Return ``signal + gain * noise`` with the noise ``snr_db`` below the signal.

    The ratio is that of the mean squares of each signal and of the noise that falls on it.

    Parameters
    ----------
    signal : (..., time) real
        Its level stays.
    noise : (..., time) real
        Of any length: a shorter one is looped, of a longer one a part is taken. Its leading axes are those of
        the signal, or broadcast with them.
    snr_db : float or array (...)
        dB, one for all or one for each signal.
    linked : bool
        The axis before time holds channels of one signal, and of one noise.
    rng : numpy.random.Generator, optional
        Where in the noise to begin; at its start if not given. A batch shares one beginning.

    Returns
    -------
    As ``signal``
        It may go beyond full scale: nothing is clipped. A silent signal has no ratio to any noise: it stays
        silent. Silent noise adds nothing.

    Raises
    ------
    ParameterError
        For two kinds of arrays or precisions, and for noise of no length.

    Examples
    --------
    >>> import numpy as np
    >>> mix_at_snr(np.array([1.0, -1.0]), np.array([0.5, 0.5]), snr_db=20.0).round(3).tolist()
    [1.1, -0.9]
    """
    xp, signal = waveform(signal, name="signal")
    other, noise = waveform(noise, name="noise")
    if other is not xp or noise.dtype != signal.dtype:
        raise ParameterError(
            f"signal is {signal.dtype}, noise {noise.dtype}: want arrays of one kind and precision"
        )
    for have, other_has in zip(signal.shape[-2::-1], noise.shape[-2::-1], strict=False):
        if have != other_has and 1 not in (have, other_has):
            raise ParameterError(
                f"signal has shape {tuple(signal.shape)}, noise {tuple(noise.shape)}: want leading axes that "
                "agree, or noise (time,) for all"
            )
    n = signal.shape[-1]
    if not noise.shape[-1]:
        raise ParameterError("noise is empty, want at least one sample")
    if not n:
        return signal
    noise = _from(noise, n, rng)
    if linked:
        noise = xp.broadcast_to(noise, xp.broadcast_arrays(signal, noise)[0].shape)
    loud, hiss = rms(signal, linked=linked), rms(noise, linked=linked)
    heard = hiss > 0
    gain = loud * _ratio(snr_db, loud) / xp.where(heard, hiss, xp.ones_like(hiss))
    return signal + xp.reshape(gain, (*gain.shape, *(1,) * (1 + linked))) * noise


def to_mono(x: Array) -> Array:
    """Return the mean of the channels, ``(..., channels, time)`` to ``(..., time)``.

    >>> import numpy as np
    >>> to_mono(np.array([[1.0, 0.0], [0.0, 0.5]])).tolist()
    [0.5, 0.25]
    """
    xp, x = _channels(x, None)
    return xp.mean(x, axis=-2)


def to_stereo(x: Array) -> Array:
    """Return a mono signal on two channels: ``(time,)`` or ``(..., 1, time)`` to ``(..., 2, time)``.

    Stereo stays as it is.
    """
    xp, x = waveform(x)
    if x.ndim == 1:
        return xp.stack([x, x], axis=-2)
    if x.shape[-2] == 2:
        return x
    _channels(x, 1)
    return xp.concat([x, x], axis=-2)


def mid_side(x: Array) -> Array:
    """Return what left and right share and how they differ: ``mid = (L + R) / 2``, ``side = (L - R) / 2``.

    Parameters
    ----------
    x : (..., 2, time) real
        Left and right.

    Returns
    -------
    (..., 2, time) real
        Mid and side; `left_right` gives the signal back.
    """
    xp, x = _channels(x, 2)
    left, right = x[..., 0, :], x[..., 1, :]
    return xp.stack([0.5 * (left + right), 0.5 * (left - right)], axis=-2)


def left_right(x: Array) -> Array:
    """Return left and right of mid and side, ``(..., 2, time)``: ``mid + side`` and ``mid - side``."""
    xp, x = _channels(x, 2)
    mid, side = x[..., 0, :], x[..., 1, :]
    return xp.stack([mid + side, mid - side], axis=-2)


def downmix_surround(x: Array, *, attenuate: bool = True) -> Array:
    """Return stereo from 5.1 or 5.0 surround: centre and surrounds 3 dB down into both sides, no LFE.

    Parameters
    ----------
    x : (..., 6, time) or (..., 5, time) real
        L, R, C, LFE, Ls, Rs, or the same without LFE.
    attenuate : bool
        Lower the result by 7.66 dB, so that no full-scale input can take it beyond full scale. Without,
        it has the loudness that the standard's gains give, and may.

    Returns
    -------
    (..., 2, time) real
    """
    _, x = waveform(x)
    if x.ndim < 2 or x.shape[-2] not in (5, 6):
        raise ParameterError(f"got shape {tuple(x.shape)}, want (..., 5 or 6, time): L, R, C, (LFE,) Ls, Rs")
    return product(constant(_downmix, like=x, channels=x.shape[-2], attenuate=attenuate), x)


def pan(x: Array, *, position: float | Array) -> Array:
    """Return a mono signal placed between two loudspeakers, of the same power wherever it is.

    Parameters
    ----------
    x : (..., time) real
    position : float or array (...)
        -1 left, 0 centre (3 dB down on both sides), 1 right; beyond, as at the end.

    Returns
    -------
    (..., 2, time) real

    Examples
    --------
    >>> import numpy as np
    >>> pan(np.array([1.0]), position=0.0).round(4).tolist()
    [[0.7071], [0.7071]]
    """
    xp, x = waveform(x)
    if isinstance(position, list | tuple):
        position = like(position, x)
    if not hasattr(position, "shape") or isinstance(position, np.generic):
        check_numbers(position=position)
        angle = (min(max(float(position), -1.0), 1.0) + 1) * math.pi / 4
        return xp.stack([math.cos(angle) * x, math.sin(angle) * x], axis=-2)
    # As precise as the signal, so that the result is.
    place = xp.clip(xp.astype(position, x.dtype), -1.0, 1.0)
    angle = xp.reshape((place + 1) * (math.pi / 4), (*place.shape, 1))
    return xp.stack([xp.cos(angle) * x, xp.sin(angle) * x], axis=-2)


def _downmix(*, channels: int, attenuate: bool) -> NDArray[np.float64]:
    h = _HALF_POWER
    left, right = [1.0, 0.0, h, h, 0.0], [0.0, 1.0, h, 0.0, h]
    gains = np.array([left, right])
    if channels == 6:
        gains = np.insert(gains, 3, 0.0, axis=1)
    return gains / gains.sum(axis=1, keepdims=True) if attenuate else gains


def _channels(x: Array, wanted: int | None) -> tuple[Any, Array]:
    xp, x = waveform(x)
    if x.ndim < 2 or (wanted is not None and x.shape[-2] != wanted) or not x.shape[-2]:
        count = "channels" if wanted is None else wanted
        raise ParameterError(f"got shape {tuple(x.shape)}, want (..., {count}, time)")
    return xp, x


def _from(noise: Array, n: int, rng: np.random.Generator | None) -> Array:
    """Return ``n`` samples of the noise, from its start or from where ``rng`` says, going round."""
    have = noise.shape[-1]
    if rng is None:
        return fix_length(noise, n, short="loop")
    if have >= n:
        return fix_length(noise, n, crop="random", rng=rng)
    begin = int(rng.integers(have))
    return fix_length(noise, n + begin, short="loop")[..., begin:]


def _ratio(snr_db: float | Array, level: Array) -> Any:
    """Return the amplitude ratio of noise to signal."""
    if isinstance(snr_db, list | tuple):
        snr_db = like(snr_db, level)
    if not hasattr(snr_db, "shape") or isinstance(snr_db, np.generic):
        if snr_db != math.inf:  # that asks for no noise, and gets none
            check_numbers(snr_db=snr_db)
        if not float(snr_db) >= _LOWEST_SNR_DB:
            raise ParameterError(f"snr_db={snr_db}: want at least {_LOWEST_SNR_DB:g} dB")
        return 10.0 ** (-float(snr_db) / 20)
    xp = namespace(level)
    return xp.astype(10.0 ** (snr_db / -20.0), level.dtype)

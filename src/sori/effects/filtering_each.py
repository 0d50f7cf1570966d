"""Items filtered, each by a filter of its own that was drawn for this once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, waveform
from sori.effects.items import placed
from sori.signal.filtering import Sections, filter_sections
from sori.signal.fir import fir_filter

__all__ = ["drawable_hz", "filter_each"]

_LONG = 1 << 17  # samples from which it pays to prepare the matrices of a filter
_FAINT = 1e-7  # of its beginning: where an impulse response is taken to have ended
_HIGHEST = 0.45  # of the sample rate: higher, and a filter is squeezed against the end of the spectrum


def filter_each(x: Array, sections: Sequence[Sections]) -> Array:
    """Return items ``(items, ..., time)``, each after a cascade of second-order sections of its own.

    NumPy filters one after another, recursively; the others convolve all at once with the impulse responses,
    as far as these are louder than single precision can tell.

    Parameters
    ----------
    x : (items, ..., time) real
    sections : sequence of sections, one for each item
        See `sori.signal.filtering.filter_sections`.

    Returns
    -------
    As ``x``
    """
    _, x = waveform(x)
    if x.shape[-1] == 0:
        return x
    if is_numpy(x):
        out = np.empty_like(x)
        recursive = _whole if x.shape[-1] >= _LONG else _by_sample
        for item, into, own in zip(x, out, sections, strict=True):
            into[...] = recursive(item, own)
        return out
    length = min(x.shape[-1], max(_lasting(own) for own in sections))
    impulse = np.eye(1, length)[0]
    taps = np.stack([filter_sections(impulse, own, again=False) for own in sections])
    return fir_filter(x, placed(taps.reshape(len(sections), *(1,) * (x.ndim - 2), length), x))


def drawable_hz(low_hz: float, high_hz: float, sample_rate: float) -> tuple[float, float]:
    """Return a range of frequencies to draw from, without what the sample rate cannot hold."""
    highest = _HIGHEST * sample_rate
    return min(low_hz, highest), min(high_hz, highest)


def _whole(x: NDArray[Any], sections: Sections) -> NDArray[Any]:
    return np.asarray(filter_sections(x, sections, again=False))


def _by_sample(x: NDArray[Any], sections: Sections) -> NDArray[Any]:
    """Filter sample by sample, in double precision: slower, and ready at once."""
    from scipy.signal import sosfilt  # a second: only for those who filter short sounds

    return np.asarray(sosfilt([[*b, 1.0, *a] for b, a in sections], x))


def _lasting(sections: Sections) -> int:
    """Return after how many samples the impulse response of a cascade has faded."""
    slowest = 0.0
    for _, (a1, a2) in sections:
        squared = a1 * a1 / 4 - a2
        size = math.sqrt(a2) if squared < 0 else abs(a1) / 2 + math.sqrt(squared)
        slowest = max(slowest, size)
    if slowest <= 0:
        return 3 * len(sections)
    fading = math.log(_FAINT) / math.log(min(slowest, 1 - 1e-9))
    # Poles that lie together fade later: a factor of time for each more than the first pair.
    return math.ceil(fading * (1 + 0.25 * (len(sections) - 1))) + 3 * len(sections)

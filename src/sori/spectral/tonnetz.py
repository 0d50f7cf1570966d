"""The tonal centroid: where a frame of chroma lies among fifths and thirds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, constant, product, spectrogram
from sori.arrays.framing import check_counts
from sori.spectral.chroma import scaled_frames

__all__ = ["tonnetz", "tonnetz_circles"]


def tonnetz_circles(*, n_chroma: int = 12) -> NDArray[np.float64]:
    """Return where each pitch class lies on the circles of fifths, minor and major thirds, ``(6, n_chroma)``.

    Sine and cosine for each circle; the one of major thirds has half the radius, as a smaller interval
    has on Chew's spiral.
    """
    check_counts(n_chroma=n_chroma)
    at = 12 * np.arange(n_chroma) / n_chroma  # in semitones
    turns = np.array([7 / 12, 3 / 4, 1 / 3])[:, None] * at  # seven semitones, nine, four: how often around
    radius = np.array([1.0, 1.0, 0.5])[:, None]
    circles = radius * np.stack([np.sin(2 * np.pi * turns), np.cos(2 * np.pi * turns)])
    return np.asarray(circles.transpose(1, 0, 2).reshape(6, n_chroma))


def tonnetz(chroma: Array, *, floor: float = 1e-10) -> Array:
    """Return the tonal centroid: the mean place of what sounds on three circles of pitch classes.

    Chords that share notes lie close together, so its movement shows where harmony changes.

    Parameters
    ----------
    chroma : (..., n_chroma, frames) real
        As from `sori.spectral.chroma.chroma_cqt`, class 0 being C; each frame is made to sum to 1.
    floor : float
        Sums below are taken for this one: silence lies in the middle.

    Returns
    -------
    (..., 6, frames) real
        Sine and cosine on the circle of fifths, of minor thirds and of major thirds.

    Source: Harte, Sandler & Gasser, "Detecting harmonic change in musical audio", AMCMM 2006.

    Examples
    --------
    >>> import numpy as np
    >>> c = np.eye(12)[:, :1]
    >>> tonnetz(c)[:, 0].tolist()
    [0.0, 1.0, 0.0, 1.0, 0.0, 0.5]
    """
    _, chroma = spectrogram(chroma, name="chroma")
    circles = constant(tonnetz_circles, like=chroma, n_chroma=chroma.shape[-2])
    return product(circles, scaled_frames(chroma, norm=1, floor=floor))

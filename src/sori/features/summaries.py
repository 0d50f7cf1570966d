"""Features over time in a few numbers: `summarise`, and the name of each number: `summary_names`.

A recording has as many frames as it is long; to compare recordings, or to classify them, each feature becomes
its mean, its spread, its extremes and percentiles, and those of its movement (deltas). With texture windows
these are taken second by second, and then summarised once more over the recording, which tells what changes
within a second from what changes between them.

Source: Tzanetakis & Cook, "Musical genre classification of audio signals", IEEE Transactions on Speech and
Audio Processing 10(5), 2002 (texture windows).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sori.arrays import Array, at_least, frame, namespace, spectrogram, tiny
from sori.arrays.framing import check_counts
from sori.errors import ParameterError
from sori.spectral.delta import regression_delta

__all__ = ["STATISTICS", "summarise", "summary_names"]

STATISTICS = ("mean", "variance", "std", "min", "max", "median", "p0 to p100")
"""What can be taken of a feature; percentiles by their number, ``"p10"``."""

_PERCENTILE = re.compile(r"p(\d{1,3})\Z")


def summarise(
    features: Array,
    *,
    statistics: Sequence[str] = ("mean", "std"),
    deltas: int = 0,
    texture_frames: int | None = None,
    texture_hop: int | None = None,
    over_textures: Sequence[str] = ("mean", "std"),
) -> Array:
    """Return statistics over time of each feature, one vector of a fixed length.

    Parameters
    ----------
    features : (..., features, time) real
        One row for each feature, at least one frame.
    statistics : sequence of str
        Some of `STATISTICS`, such as ``("mean", "p10", "p90")``; variance divides by the number of frames.
    deltas : int
        Up to which derivative along time the same is taken of, too: 0, 1 or 2.
    texture_frames : int, optional
        Frames in a texture window; a recording that is shorter is one window. Without it the statistics are
        of the whole.
    texture_hop : int, optional
        Frames from one texture window to the next; half a window if not given.
    over_textures : sequence of str
        Statistics of the statistics, over the windows.

    Returns
    -------
    (..., features * (deltas + 1) * len(statistics) [* len(over_textures)]) real
        In the order of `summary_names`.

    Raises
    ------
    ParameterError
        For no frames, an unknown statistic, counts that are not positive.

    Examples
    --------
    >>> import numpy as np
    >>> summarise(np.array([[1.0, 2.0, 3.0], [4.0, 4.0, 4.0]]), statistics=("mean", "max")).tolist()
    [2.0, 3.0, 4.0, 4.0]
    """
    xp, features = spectrogram(features, name="features")
    _check(statistics, deltas)
    if 0 in features.shape[-2:]:
        raise ParameterError(f"features have shape {tuple(features.shape)}: want a feature and a frame")
    orders = [features, *(regression_delta(features, order=order) for order in range(1, deltas + 1))]
    each = []
    for rows in orders:
        if texture_frames is None:
            found = xp.stack([_statistic(rows, name) for name in statistics], axis=-1)
        else:
            _check(over_textures, 0)
            found = _textures(rows, statistics, texture_frames, texture_hop, over_textures)
        each.append(xp.reshape(found, (*found.shape[: rows.ndim - 2], -1)))
    return xp.concat(each, axis=-1)


def summary_names(
    names: Sequence[str],
    *,
    statistics: Sequence[str] = ("mean", "std"),
    deltas: int = 0,
    over_textures: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """Return the name of each number that `summarise` gives; ``over_textures`` only with texture windows.

    >>> summary_names(["pitch"], statistics=("mean", "p90"), deltas=1)
    ('pitch_mean', 'pitch_p90', 'pitch_delta_mean', 'pitch_delta_p90')
    """
    _check(statistics, deltas)
    _check(over_textures or ("mean",), 0)
    moved = ("", "_delta", "_delta2")[: deltas + 1]
    return tuple(
        f"{name}{order}_{statistic}{over}"
        for order in moved
        for name in names
        for statistic in statistics
        for over in ([f"_{over}" for over in over_textures] if over_textures else [""])
    )


def _textures(
    rows: Array, statistics: Sequence[str], length: int, hop: int | None, over: Sequence[str]
) -> Array:
    """Return statistics over windows of statistics in windows: ``(..., features, statistics, over)``."""
    check_counts(texture_frames=length)
    length = min(length, rows.shape[-1])
    hop = max(1, length // 2) if hop is None else hop
    check_counts(texture_hop=hop)
    xp = namespace(rows)
    windows = frame(rows, frame_length=length, hop_length=hop)
    inside = xp.stack([_statistic(windows, name) for name in statistics], axis=-2)
    return xp.stack([_statistic(inside, name) for name in over], axis=-1)


def _statistic(x: Array, name: str) -> Array:
    """Return one statistic of the last axis."""
    xp = namespace(x)
    if name == "mean":
        return xp.mean(x, axis=-1)
    if name in ("min", "max"):
        return xp.min(x, axis=-1) if name == "min" else xp.max(x, axis=-1)
    if name in ("variance", "std"):
        variance = xp.mean((x - xp.mean(x, axis=-1, keepdims=True)) ** 2, axis=-1)
        # What never changes has no spread, and the root of nothing no gradient.
        return variance if name == "variance" else xp.sqrt(at_least(variance, tiny(x)))
    share = 0.5 if name == "median" else int(name[1:]) / 100
    ordered = xp.sort(x, axis=-1)
    at = share * (x.shape[-1] - 1)
    low = min(int(at), x.shape[-1] - 1)
    high = min(low + 1, x.shape[-1] - 1)
    return ordered[..., low] + (at - low) * (ordered[..., high] - ordered[..., low])


def _check(statistics: Sequence[str], deltas: int) -> None:
    if isinstance(statistics, str) or not statistics:
        raise ParameterError(f"statistics={statistics!r}: want a sequence of names, such as ('mean', 'std')")
    for name in statistics:
        percentile = _PERCENTILE.match(str(name))
        if name not in STATISTICS[:-1] and not (percentile and int(percentile[1]) <= 100):
            raise ParameterError(f"statistic {name!r}: want one of {', '.join(STATISTICS)}")
    if deltas not in (0, 1, 2):
        raise ParameterError(f"deltas={deltas}: want 0, 1 or 2")

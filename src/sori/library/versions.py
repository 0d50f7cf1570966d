"""Is this the same recording, or another version of a song? Asked carefully, answered with a question mark.

Two entries of a library can be one recording in two encodings, or two performances of one song. Both are
pointed out and neither is merged: pieces of one instrument by one player are alike in every facet and
still different music, and taking them for one loses it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sori.library.facet_space import FacetSpace, Floats

__all__ = ["SAME_RECORDING", "VERSION", "pairs", "relation", "same_recording"]

SAME_RECORDING = "same recording?"
VERSION = "another version?"

#: Squared facet distance (1 is two random tracks) up to which an encoding may have moved a recording.
_SAME_DISTANCE = 0.02
#: Relative difference in length of one recording, and seconds that padding may add whatever the length.
_SAME_DURATION, _PADDING_S = 0.01, 0.3
#: Two performances: notes this near ...
_VERSION_DISTANCE = 0.06
#: ... in these facets.
_NOTES = ("harmony", "melody")


def same_recording(
    distances: NDArray[np.floating], durations_s: tuple[float, float] | NDArray[np.floating]
) -> bool:
    """Whether two tracks are near enough in *every* facet, and in length, to be one recording.

    Parameters
    ----------
    distances
        (facets,) squared distances, at least two; a facet that only one side has is at 1
        and speaks against it.
    durations_s
        Of the two.
    """
    a, b = float(durations_s[0]), float(durations_s[1])
    near = abs(a - b) <= max(_SAME_DURATION * max(a, b), _PADDING_S)
    return bool(near and len(distances) >= 2 and np.max(distances) <= _SAME_DISTANCE)


def relation(distances: Mapping[str, float], durations_s: tuple[float, float]) -> str | None:
    """Say what two tracks may be to each other beyond alike: one of the two constants here, or ``None``.

    Parameters
    ----------
    distances
        Squared distance in every facet that either track has, 1 where only one does.
    durations_s
        Of the two.
    """
    if same_recording(np.asarray(list(distances.values())), durations_s):
        return SAME_RECORDING
    if all(distances.get(name, 1.0) <= _VERSION_DISTANCE for name in _NOTES):
        return VERSION
    return None


def pairs(space: FacetSpace, rows: Floats, durations_s: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(m, m): which of some tracks, given their (m, width) rows and durations, may be versions of each other.

    One product finds the few pairs that are near enough to be looked at.
    """
    lacking = ~space.present(rows)
    notes = np.array([name in _NOTES for name in space.names], np.float32)
    near = np.zeros((len(rows), len(rows)), bool)
    for weights, most in ((np.ones_like(notes), _SAME_DISTANCE), (notes, _VERSION_DISTANCE)):
        turned, constants = space.turned(rows, weights)
        distance = rows @ turned.T.astype(np.float32) + constants
        distance -= (lacking * weights) @ lacking.T
        if weights.any():
            # Rounding in the product is far below a twentieth of the bound.
            near |= distance <= 1.05 * most * weights.sum()
    found = np.zeros_like(near)
    for i, j in np.argwhere(np.triu(near, 1)):
        apart = space.distances(rows[i], rows[j])
        either = ~(lacking[i] & lacking[j])
        named = {name: float(apart[f]) for f, name in enumerate(space.names) if either[f]}
        if relation(named, (float(durations_s[i]), float(durations_s[j]))):
            found[i, j] = found[j, i] = True
    return found

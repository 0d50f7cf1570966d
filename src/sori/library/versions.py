"""Is this the same recording, or another version of a song? Asked carefully, answered with a question mark.

Two entries of a library can be one recording in two encodings, or two performances of one song. Both are
pointed out and neither is merged: pieces of one instrument by one player are alike in every facet and
still different music, and taking them for one loses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.library.facet_space import FacetSpace, Floats

__all__ = ["SAME_RECORDING", "VERSION", "pairs", "relation", "same_recording"]

SAME_RECORDING = "same recording?"
VERSION = "another version?"

# Measured on music in lossy and lossless encodings: one recording moves by at most 0.05 in every facet
# but the melody, which may jump by 0.4; two recordings differ by at least 0.2 in three or more.
#: Squared facet distance (1 is two random tracks) up to which an encoding may have moved a recording ...
_SAME_DISTANCE = 0.06
#: ... but for one facet, which may be off by so much.
_ONE_OFF = 0.5
#: Relative difference in length of one recording, and seconds that padding may add whatever the length.
_SAME_DURATION, _PADDING_S = 0.01, 0.3
#: Two performances: notes this near, ...
_VERSION_DISTANCE = {"harmony": 0.08, "melody": 0.12}
#: ... or the same title over harmony this near.
_TITLED_DISTANCE = 0.5


def same_recording(
    distances: NDArray[np.floating], durations_s: tuple[float, float] | NDArray[np.floating]
) -> bool:
    """Whether two tracks are near enough in every facet but one, and in length, to be one recording.

    Parameters
    ----------
    distances
        (facets,) squared distances, at least three; a facet that only one side has is at 1
        and speaks against it.
    durations_s
        Of the two.
    """
    a, b = float(durations_s[0]), float(durations_s[1])
    if len(distances) < 3 or not abs(a - b) <= max(_SAME_DURATION * max(a, b), _PADDING_S):
        return False
    ordered = np.sort(distances)
    return bool(ordered[-2] <= _SAME_DISTANCE and ordered[-1] <= _ONE_OFF)


def relation(
    distances: Mapping[str, float],
    durations_s: tuple[float, float],
    titles: tuple[str | None, str | None] = (None, None),
) -> str | None:
    """Say what two tracks may be to each other beyond alike: one of the two constants here, or ``None``.

    Parameters
    ----------
    distances
        Squared distance in every facet that either track has, 1 where only one does.
    durations_s, titles
        Of the two.
    """
    if same_recording(np.asarray(list(distances.values())), durations_s):
        return SAME_RECORDING
    if all(distances.get(name, 1.0) <= most for name, most in _VERSION_DISTANCE.items()):
        return VERSION
    one, other = (_song(title) for title in titles)
    if one and one == other and distances.get("harmony", 1.0) <= _TITLED_DISTANCE:
        return VERSION
    return None


def _song(title: str | None) -> str:
    """Return a title without what is said in brackets or after a dash ("(Live)", " - 2009 Remaster")."""
    plain = re.sub(r"\(.*?\)|\[.*?\]|\s[-–—]\s.*", " ", (title or "").casefold())
    return " ".join(re.findall(r"\w+", plain))


def pairs(
    space: FacetSpace, rows: Floats, durations_s: Sequence[float], titles: Sequence[str | None]
) -> NDArray[np.bool_]:
    """(m, m): which of some tracks may be versions of each other.

    Parameters
    ----------
    rows
        (m, width) rows of ``space``; one product finds the pairs that are near enough to be looked at.
    durations_s, titles
        Of the m tracks.
    """
    lacking = ~space.present(rows)
    notes = np.array([name in _VERSION_DISTANCE for name in space.names], np.float32)
    songs = np.array([_song(title) for title in titles])
    near = (songs[:, None] == songs) & (songs != "")
    even = _SAME_DISTANCE * (len(notes) - 1) + _ONE_OFF
    for weights, most in ((np.ones_like(notes), even), (notes, sum(_VERSION_DISTANCE.values()))):
        turned, constants = space.turned(rows, weights)
        distance = rows @ turned.T.astype(np.float32) + constants
        distance -= (lacking * weights) @ lacking.T
        if weights.any():
            # Rounding in the product is far below a twentieth of the bound.
            near |= distance <= 1.05 * most
    found = np.zeros(near.shape, bool)
    for i, j in np.argwhere(np.triu(near, 1)).tolist():
        apart = space.distances(rows[i], rows[j])
        either = ~(lacking[i] & lacking[j])
        named = {name: float(apart[f]) for f, name in enumerate(space.names) if either[f]}
        if relation(named, (durations_s[i], durations_s[j]), (titles[i], titles[j])):
            found[i, j] = found[j, i] = True
    return found

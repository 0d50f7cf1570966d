"""Is this the same recording, or another version of a song? Asked carefully, answered with a question mark.

Two entries of a library can be one recording in two encodings, or two performances of one song. Both are
pointed out and neither is merged: pieces of one instrument by one player are alike in every facet and
still different music, and taking them for one loses it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.library.facet_space import FacetSpace, Floats

__all__ = ["SAME_RECORDING", "VERSION", "pairs", "relation", "same_recordings"]

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


def same_recordings(
    distances: NDArray[np.floating], ones_s: NDArray[np.floating], others_s: NDArray[np.floating]
) -> NDArray[np.bool_]:
    """Return which pairs are near enough in every facet but one, and in length, to be one recording.

    Parameters
    ----------
    distances
        (n, facets) squared distances; of fewer than three facets nothing is said. A facet that only one side
        has is at 1 and speaks against it.
    ones_s, others_s
        (n,) durations of the two.
    """
    if distances.shape[-1] < 3:
        return np.zeros(len(distances), bool)
    longer = np.maximum(ones_s, others_s)
    as_long = np.abs(ones_s - others_s) <= np.maximum(_SAME_DURATION * longer, _PADDING_S)
    ordered = np.sort(distances, axis=-1)
    return np.asarray(as_long & (ordered[:, -2] <= _SAME_DISTANCE) & (ordered[:, -1] <= _ONE_OFF))


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
    apart, (one_s, other_s) = np.array([list(distances.values())]), np.array(durations_s)[:, None]
    if same_recordings(apart, one_s, other_s)[0]:
        return SAME_RECORDING
    if all(distances.get(name, 1.0) <= most for name, most in _VERSION_DISTANCE.items()):
        return VERSION
    one, other = (_song(title) for title in titles)
    if one and one == other and distances.get("harmony", 1.0) <= _TITLED_DISTANCE:
        return VERSION
    return None


@lru_cache(maxsize=4_096)
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
    candidates = np.argwhere(np.triu(near, 1))
    for (i, j), apart in zip(candidates.tolist(), space.pair_distances(rows, candidates), strict=True):
        either = ~(lacking[i] & lacking[j])
        named = {name: float(apart[f]) for f, name in enumerate(space.names) if either[f]}
        if relation(named, (durations_s[i], durations_s[j]), (titles[i], titles[j])):
            found[i, j] = found[j, i] = True
    return found

"""Why two tracks match, in plain sentences that the data can vouch for.

A reason is only given when it is a likeness, when both sides were measured, and when the measurement
was confident. What was not measured is not claimed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sori.library.compatible import key_relation, tempo_relation
from sori.library.track import Track

__all__ = ["reasons", "sentence"]

#: More than a few reasons are none.
_MOST = 4
#: A tempo or key less sure than this is not spoken of.
CONFIDENT = 0.3
#: Squared facet distance (1 is two random tracks) below which a facet is "similar", and "nearly the same".
_SIMILAR, _NEARLY_SAME = 0.5, 0.1
#: Entries that have a word: facet, what both are when above the collection's median, when below, when close.
SPOKEN = {
    "brightness_mean_octaves": ("timbre", "brighter than most", "darker than most", "similar brightness"),
    "bass_share": (
        "timbre",
        "heavier in bass than most",
        "lighter in bass than most",
        "similar share of bass",
    ),
    "flatness_mean_db": ("timbre", "noisier than most", "purer in tone than most", "similarly noisy"),
    "onsets_per_s": ("rhythm", "busier than most", "sparser than most", "similarly busy"),
    "pulse_clarity": (
        "rhythm",
        "steadier in pulse than most",
        "freer in time than most",
        "similarly clear in pulse",
    ),
    "changes_per_beat": (
        "harmony",
        "quicker to change harmony than most",
        "slower to change harmony than most",
        "similar harmonic rhythm",
    ),
    "register_mean_midi": (
        "melody",
        "higher in melody than most",
        "lower in melody than most",
        "similar register",
    ),
    "attack_db": ("dynamics", "sharper in attack than most", "softer in attack than most", "similar attack"),
}
#: Spreads from the median at which "than most" is said, and between two tracks at which they are close.
_APART, _CLOSE = 0.5, 0.2


def reasons(
    query: Track,
    result: Track,
    shares: Mapping[str, float],
    distances: Mapping[str, float],
    entries: Mapping[str, tuple[float, float]] | None = None,
) -> list[str]:
    """Say what two tracks have in common, what adds most to the match first.

    Parameters
    ----------
    query, result
        The two tracks.
    shares
        Facet to its share of the match, as :class:`~sori.library.similarity.Match` has it.
    distances
        Facet to squared distance; a facet that is not there was not measured on both sides.
    entries
        Entry of :data:`SPOKEN` to its two values, in spreads from the collection's median.

    Returns
    -------
    Phrases such as ``"118 and 121 BPM"`` or ``"both in A minor"``; empty when nothing can be said.
    """
    facts = {
        "rhythm": [_tempo(query, result)],
        "harmony": [_key(query, result), _tuning(query, result)],
        "dynamics": [_range(query, result)] if distances.get("dynamics", 1.0) <= _SIMILAR else [],
    }
    said: list[str] = []
    order = sorted({*facts, *distances}, key=lambda name: (-shares.get(name, 0.0), name))
    for name in order:
        plain = [fact for fact in facts.get(name, []) if fact]
        said += plain or _likeness(name, distances)
        said += [] if distances.get(name, 1.0) > _SIMILAR else _entry(name, entries or {})
    return said[:_MOST]


def sentence(phrases: list[str]) -> str:
    """Join reasons into one sentence; empty for none."""
    text = "; ".join(phrases)
    return text[:1].upper() + text[1:] + "." if text else ""


def _likeness(name: str, distances: Mapping[str, float]) -> list[str]:
    distance = distances.get(name)
    if distance is None or distance > _SIMILAR:
        return []
    return [f"nearly the same {name}" if distance <= _NEARLY_SAME else f"similar {name}"]


def _entry(facet: str, entries: Mapping[str, tuple[float, float]]) -> list[str]:
    """Return what is most telling of the facet's entries: both far to one side, or else close together."""
    best: tuple[float, str] | None = None
    for name, (a, b) in entries.items():
        of, above, below, close = SPOKEN[name]
        if of != facet:
            continue
        side = min(abs(a), abs(b)) if a * b > 0 else 0.0
        if side >= _APART:
            said = (side, f"both {above if a > 0 else below}")
        elif abs(a - b) <= _CLOSE:
            said = (0.0, close)
        else:
            continue
        best = max(best, said) if best else said
    return [best[1]] if best else []


def _tempo(a: Track, b: Track) -> str | None:
    if a.tempo_bpm is None or b.tempo_bpm is None or min(a.tempo_confidence, b.tempo_confidence) < CONFIDENT:
        return None
    how = tempo_relation(a.tempo_bpm, b.tempo_bpm)
    x, y = round(a.tempo_bpm), round(b.tempo_bpm)
    if how == "same":
        return f"both {x} BPM" if x == y else f"{x} and {y} BPM"
    if how is None:
        return None
    return f"{x} and {y} BPM, {how} time"


def _key(a: Track, b: Track) -> str | None:
    if a.key_tonic is None or a.key_mode is None or b.key_tonic is None or b.key_mode is None:
        return None
    if min(a.key_confidence, b.key_confidence) < CONFIDENT:
        return None
    x, y = f"{a.key_tonic} {a.key_mode}", f"{b.key_tonic} {b.key_mode}"
    how = key_relation((a.key_tonic, a.key_mode), (b.key_tonic, b.key_mode))
    if how == "same":
        return f"both in {x}"
    if how == "relative":
        return f"{x} and {y} are relatives"
    return f"{x} and {y} are a fifth apart" if how == "fifth" else None


def _tuning(a: Track, b: Track) -> str | None:
    """Only a tuning that is not the usual one says anything."""
    if a.tuning_hz is None or b.tuning_hz is None:
        return None
    x, y = round(a.tuning_hz), round(b.tuning_hz)
    return f"both tuned to A = {x} Hz" if x == y and abs(x - 440) >= 4 else None


def _range(a: Track, b: Track) -> str | None:
    x, y = _range_lu(a), _range_lu(b)
    if x is None or y is None:
        return None
    word = "steady in loudness" if max(x, y) <= 5.0 else "wide in loudness" if min(x, y) >= 12.0 else None
    return f"both {word} (range {round(x)} and {round(y)} LU)" if word else None


def _range_lu(track: Track) -> float | None:
    loudness: Any = track.results.get("loudness")
    return loudness.get("range_lu") if isinstance(loudness, Mapping) else None

"""Every reason given is true of the two tracks, and none is given on thin evidence."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from collection import DIMS, collection, track
from sori.errors import ParameterError
from sori.features.facets import FACETS
from sori.library.compatible import (
    camelot,
    key_relation,
    keys_compatible,
    parse_key,
    tempo_ratio,
    tempo_relation,
    tempos_near,
)
from sori.library.reasons import CONFIDENT, SPOKEN, reasons, sentence
from sori.library.track import Track

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
KEYS = [(tonic, mode) for tonic in TONICS for mode in ("major", "minor")]
EVEN = dict.fromkeys(DIMS, 0.2)
SEMITONE = {"C": 0, "G": 7, "D": 2, "A": 9, "E": 4, "Bb": 10}


def scale_of(tonic: str, mode: str) -> set[int]:
    steps = (0, 2, 4, 5, 7, 9, 11) if mode == "major" else (0, 2, 3, 5, 7, 8, 10)
    return {(SEMITONE[tonic] + step) % 12 for step in steps}


def is_true(phrase: str, a: Track, b: Track, distances: dict[str, float]) -> bool:
    """Check a phrase against the data by its words alone, by other ways than those it was made by."""
    x, y = (t.results["loudness"]["range_lu"] for t in (a, b))
    if match := re.fullmatch(r"(?:both (\d+)|(\d+) and (\d+)) BPM(?:, (half|double) time)?", phrase):
        same, one, other, how = match.groups()
        assert min(a.tempo_confidence, b.tempo_confidence) >= CONFIDENT
        said = (int(same or one), int(same or other))
        factor = {"half": 0.5, "double": 2.0, None: 1.0}[how]
        near = abs(b.tempo_bpm / (a.tempo_bpm * factor) - 1) < 0.07
        return near and said == (round(a.tempo_bpm), round(b.tempo_bpm))
    if re.search(" (major|minor)", phrase):
        assert min(a.key_confidence, b.key_confidence) >= CONFIDENT
        keys = [(t.key_tonic, t.key_mode) for t in (a, b)]
        assert all(" ".join(key) in phrase for key in keys)
        common = len(scale_of(*keys[0]) & scale_of(*keys[1]))
        if phrase.startswith("both in"):
            return keys[0] == keys[1]
        return common == (7 if "relatives" in phrase else 6) and keys[0] != keys[1]
    if match := re.fullmatch(r"both tuned to A = (\d+) Hz", phrase):
        return all(abs(t.tuning_hz - int(match[1])) <= 0.5 for t in (a, b)) and match[1] != "440"
    if phrase.startswith("both "):
        words = re.fullmatch(r"both (steady|wide) in loudness \(range (\d+) and (\d+) LU\)", phrase)
        assert distances["dynamics"] <= 0.5
        within = max(x, y) <= 5 if words[1] == "steady" else min(x, y) >= 12
        return within and (int(words[2]), int(words[3])) == (round(x), round(y))
    name = phrase.split()[-1]
    return distances[name] <= (0.1 if phrase.startswith("nearly the same ") else 0.5)


def test_no_reason_is_false() -> None:
    tracks, found = collection(120, seed=3)
    rng = np.random.default_rng(0)
    said = set()
    for _ in range(4000):
        a, b = (tracks[found.ids[i]] for i in rng.integers(0, 120, 2))
        distances = {name: float(rng.exponential(0.5)) for name in DIMS}
        for phrase in reasons(a, b, EVEN, distances):
            assert is_true(phrase, a, b, distances), (phrase, a, b)
            said.add(re.sub(r"-?\d+|[A-G]b? (major|minor)", "x", phrase))
    assert len(said) > 15


def test_what_adds_most_to_the_match_comes_first() -> None:
    a = track("a", tempo_bpm=118.2, tempo_confidence=0.9, key_tonic="A", key_mode="minor", key_confidence=0.8)
    b = track("b", tempo_bpm=121.4, tempo_confidence=0.7, key_tonic="C", key_mode="major", key_confidence=0.6)
    distances = {"rhythm": 0.2, "harmony": 0.3, "timbre": 0.05, "melody": 2.0}
    said = reasons(a, b, {"rhythm": 0.5, "harmony": 0.3, "timbre": 0.2, "melody": 0.0}, distances)
    assert said == ["118 and 121 BPM", "A minor and C major are relatives", "nearly the same timbre"]
    assert reasons(a, b, {"harmony": 0.9, "rhythm": 0.1}, distances)[0] == "A minor and C major are relatives"
    assert sentence(said) == "118 and 121 BPM; A minor and C major are relatives; nearly the same timbre."
    assert sentence([]) == ""


def test_what_is_not_known_or_not_sure_is_not_said() -> None:
    a = track("a", tempo_bpm=120.0, tempo_confidence=0.1, key_tonic="A", key_mode="minor", key_confidence=0.1)
    assert reasons(a, a, {}, {}) == []
    assert reasons(track("b"), track("c"), {}, {}) == []
    assert reasons(a, track("b"), EVEN, {"rhythm": 0.9}) == []


def test_loudness_range_is_spoken_of_where_dynamics_are_alike_and_playback_level_never_is() -> None:
    a = track("a", loudness_lufs=-9.2, results={"loudness": {"range_lu": 4.0}})
    b = track("b", loudness_lufs=-10.4, results={"loudness": {"range_lu": 4.9}})
    assert reasons(a, b, {}, {"dynamics": 0.3}) == ["both steady in loudness (range 4 and 5 LU)"]
    assert reasons(a, b, {}, {"dynamics": 0.9}) == []


def test_camelot_names_are_those_that_djs_know() -> None:
    known = {("C", "major"): "8B", ("A", "minor"): "8A", ("G", "major"): "9B", ("F", "major"): "7B"}
    known |= {("F#", "major"): "2B", ("Gb", "major"): "2B", ("D#", "minor"): "2A", ("E", "minor"): "9A"}
    known |= {("G#", "minor"): "1A", ("B", "major"): "1B", ("Db", "major"): "3B", ("C♯", "minor"): "12A"}
    for key, name in known.items():
        assert camelot(*key) == name
        assert camelot(*parse_key(name)) == name
    assert len({camelot(*key) for key in KEYS}) == 24


def test_keys_are_read_as_people_write_them() -> None:
    assert parse_key("Am") == ("A", "minor")
    assert parse_key("bb Major") == ("Bb", "major")
    assert parse_key("F#") == ("F#", "major")
    assert parse_key("C# minor") == ("C#", "minor")
    assert parse_key("8a") == ("A", "minor")
    for wrong in ("H", "", "A dorian", "13A", "0B", "minor"):
        with pytest.raises(ParameterError, match="not known"):
            parse_key(wrong)


def test_key_relations_are_mutual_and_every_key_has_three_friends() -> None:
    for a in KEYS:
        assert key_relation(a, a) == "same"
        friends = [b for b in KEYS if keys_compatible(a, b) and a != b]
        assert len(friends) == 3
        assert all(key_relation(a, b) == key_relation(b, a) for b in KEYS)


def test_tempos_at_half_and_double_time() -> None:
    assert tempo_relation(60, 121) == "double"
    assert tempo_relation(120, 61) == "half"
    assert tempo_relation(118, 121) == "same"
    assert tempo_relation(100, 130) is None
    assert tempo_ratio(60, 120) == pytest.approx(1.0)
    assert tempo_ratio(60, 120, half_double=False) == pytest.approx(2.0)
    assert tempo_ratio(100, 100 * math.sqrt(2)) == pytest.approx(math.sqrt(2))
    assert tempos_near(90, 181)
    assert not tempos_near(90, 181, half_double=False)


def test_entries_are_spoken_of_when_both_stand_out_or_are_close() -> None:
    near, far = {"timbre": 0.2}, {"timbre": 0.9}

    def said(distances: dict[str, float], *values: float) -> list[str]:
        entries = {"brightness_mean_octaves": values}
        return reasons(track("a"), track("b"), EVEN, distances, entries)  # type: ignore[arg-type]

    assert said(near, 1.2, 0.8) == ["similar timbre", "both brighter than most"]
    assert said(near, -1.2, -0.8) == ["similar timbre", "both darker than most"]
    assert said(near, 0.1, -0.05) == ["similar timbre", "similar brightness"]
    assert said(near, 1.2, -0.8) == ["similar timbre"]
    assert said(far, 1.2, 1.2) == []


def test_every_spoken_entry_is_one_of_a_facet() -> None:
    for entry, (facet, *_) in SPOKEN.items():
        assert entry in FACETS[facet].entries

"""Sections of music whose sections are known, and of what has none."""

from __future__ import annotations

import time
from itertools import pairwise

import mir_eval
import numpy as np
import pytest

from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.analysis.structure.labels import labels_of
from sori.analysis.structure.sections import sections
from sori.audio import Audio, blocks
from sori.events import Sections

CHROMA_RATE, MEL_RATE, BEAT_S = 11, 50, 0.5
CHORDS = {
    "A": [0, 9, 5, 7, 0, 9, 2, 7],
    "B": [5, 7, 4, 9, 5, 7, 0, 0],
    "C": [8, 3, 10, 5, 8, 3, 10, 7],
    "I": [0, 0, 0, 0],
}
TRIAD = (0, 4, 7)


def piece(
    form: str,
    *,
    beats: int = 4,
    moved: dict[int, int] | None = None,
    quiet: tuple[int, ...] = (),
    noise: float = 0.15,
    seed: int = 0,
):
    """What `sections` is given for a form such as "AABA", and its boundaries; a bar is a chord."""
    rng = np.random.default_rng(seed)
    bar_s = beats * BEAT_S
    colours = {name: rng.normal(-25, 8, 40) for name in CHORDS}
    roots, bars, edges = [], [], [0.0]
    for k, name in enumerate(form):
        roots += [(root + (moved or {}).get(k, 0)) % 12 for root in CHORDS[name]]
        level = colours[name] - (25 if k in quiet else 0)
        bars += [level] * len(CHORDS[name])
        edges.append(edges[-1] + bar_s * len(CHORDS[name]))
    duration = edges[-1]
    rows = (np.arange(int(duration * CHROMA_RATE)) / CHROMA_RATE / bar_s).astype(int)
    chroma = noise * rng.random((len(rows), 12))
    for step in TRIAD:
        chroma[np.arange(len(rows)), (np.array(roots)[rows] + step) % 12] += 1
    mel_rows = (np.arange(int(duration * MEL_RATE)) / MEL_RATE / bar_s).astype(int)
    mel = np.array(bars)[mel_rows] + rng.normal(0, 4, (len(mel_rows), 40))
    given = {
        "pitch_classes": chroma,
        "mel_level": mel.astype(np.float32),
        "beats_s": np.arange(0, duration, BEAT_S).tolist(),
        "downbeats_s": np.arange(0, duration, bar_s).tolist(),
        "duration_s": duration,
    }
    return given, edges


def starts(found: Sections) -> list[float]:
    return [section.start_s for section in found.sections]


def names(found: Sections) -> str:
    return "".join(section.label for section in found.sections)


def covers(found: Sections, duration: float) -> bool:
    """Whether sections follow each other from 0 to the end and their confidence is a share."""
    spans = found.sections
    return (
        spans[0].start_s == 0
        and abs(spans[-1].end_s - duration) < 2e-3
        and all(a.end_s == b.start_s for a, b in pairwise(spans))
        and all(0 <= section.confidence <= 1 for section in spans)
        and 0 <= found.thumbnail.start_s <= found.thumbnail.end_s <= duration + 2e-3
    )


@pytest.mark.parametrize("form", ["AABA", "ABAB", "ABABCB", "IABABCBB"])
@pytest.mark.parametrize("beats", [3, 4])
def test_forms_are_found_with_their_returns(form: str, beats: int) -> None:
    for seed in range(2):
        given, edges = piece(form, beats=beats, seed=seed)
        found = sections(**given)
        assert covers(found, edges[-1])
        true = np.array(list(pairwise(edges)))
        ours = np.array([(s.start_s, s.end_s) for s in found.sections])
        ours[-1, 1] = edges[-1]
        hit = mir_eval.segment.detection(true, ours, window=0.5, trim=True)[2]
        agree = mir_eval.segment.pairwise(true, list(form), ours, list(names(found)))[2]
        assert hit >= 0.8
        assert agree >= 0.9


def test_of_parts_that_return_the_one_that_fills_most_is_the_chorus() -> None:
    given, edges = piece("IABABCBB")
    chorus = sections(**given).chorus
    assert chorus is not None
    assert any(abs(chorus.start_s - edges[k]) < 0.1 for k in (2, 4, 6, 7))


def test_of_parts_that_return_equally_the_louder_is_the_chorus() -> None:
    given, edges = piece("ABABC")
    for loud in (0, 1):
        level = np.full(500, -20.0)
        at = np.linspace(0, edges[-1], 500)
        for k in (loud, loud + 2):
            level[(at >= edges[k]) & (at < edges[k + 1])] = -8
        chorus = sections(**given, loudness=level).chorus
        assert chorus is not None
        assert any(abs(chorus.start_s - edges[k]) < 0.1 for k in (loud, loud + 2))


def test_a_chorus_lifted_to_another_key_is_the_same_chorus() -> None:
    for semitones in (1, 2, 3):
        given, edges = piece("ABABCB", moved={5: semitones})
        found = sections(**given)
        assert abs(starts(found)[-1] - edges[5]) < 0.1
        assert names(found)[-1] == names(found)[1]


def test_a_quiet_introduction_is_a_section() -> None:
    given, edges = piece("AABAB", quiet=(0,))
    assert any(abs(start - edges[1]) < 0.1 for start in starts(sections(**given)))


def test_a_loop_is_one_label() -> None:
    given, _ = piece("AAAAAA")
    assert set(names(sections(**given))) == {"A"}


def test_without_bars_or_beats_there_are_sections() -> None:
    given, edges = piece("ABABCB")
    for missing in ({"downbeats_s": []}, {"downbeats_s": [], "beats_s": []}):
        found = sections(**given | missing)
        assert covers(found, edges[-1])
        near = [min(abs(edge - start) for start in starts(found)) for edge in edges[1:-1]]
        assert np.mean(np.array(near) <= 3) >= 0.8


def test_what_never_changes_is_one_section() -> None:
    rng = np.random.default_rng(0)
    for duration, sample in (
        (60, 0.1 * rng.standard_normal(60 * 22050)),
        (40, np.zeros(40 * 22050)),
        (1, 0.1 * np.sin(np.arange(22050) / 8)),
    ):
        heard = Listening(condense([Audio(sample[None].astype(np.float32), 22050)]))
        found = heard.sections
        assert names(found) == "A"
        assert covers(found, duration)
        assert found.chorus is None


def test_nothing_has_no_section() -> None:
    empty = np.zeros((0, 12)), np.zeros((0, 40), np.float32)
    found = sections(*empty, beats_s=[], downbeats_s=[], duration_s=0.0)
    assert found.sections == ()
    assert found.chorus is None


def test_likeness_decides_labels() -> None:
    match = np.array([[1, 0, 0.9, 0.1], [0, 1, 0.1, 0.8], [0.9, 0.1, 1, 0.7], [0.1, 0.8, 0.7, 1]])
    assert labels_of(match, np.array([8, 8, 8, 8])) == [0, 1, 0, 1]
    assert labels_of(match, np.array([8, 8, 20, 8])) == [0, 1, 2, 1]


def test_two_hours_take_less_than_a_ten_thousandth_of_their_length() -> None:
    given, edges = piece("ABAC" * 112, beats=4)
    assert edges[-1] > 7000
    began = time.process_time()
    found = sections(**given)
    assert time.process_time() - began < 1e-4 * edges[-1] * 3  # a crowded machine is up to three times slower
    assert covers(found, edges[-1])


def test_a_recording_has_sections_of_sensible_length(data) -> None:
    path = data / "music" / "librosa" / "Karissa_Hobbs_-_Lets_Go_Fishin.ogg"
    heard = Listening(condense(blocks(path)))
    found, duration = heard.sections, heard.material.duration_s
    assert covers(found, duration)
    lengths = [s.end_s - s.start_s for s in found.sections]
    assert 3 <= np.median(lengths) <= 40
    assert len(set(names(found))) < len(found.sections)
    assert found.chorus is not None

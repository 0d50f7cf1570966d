"""Statements about music: what must be heard in sounds whose truth is known exactly."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from sori.analysis.listen import STAGES, Heard, hear, listen, stage_versions
from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.audio import Audio, blocks
from sori.errors import DecodeError, ParameterError
from sori.features.facets import FACETS

RATE = 22050


def heard(x: np.ndarray, rate: int = RATE, block: int = 50_000) -> Heard:
    x = np.atleast_2d(x).astype(np.float32)
    return listen(condense(Audio(x[:, i : i + block], rate) for i in range(0, x.shape[1], block)))


def clicks(
    bpm: float, seconds: float, *, start: float = 0.25, rate: int = RATE
) -> tuple[np.ndarray, np.ndarray]:
    """Short noise bursts on the beat, the first of four stronger."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(round(seconds * rate)) * 1e-4
    times = np.arange(start, seconds - 0.1, 60 / bpm)
    burst = rng.standard_normal(rate // 20) * np.exp(-np.arange(rate // 20) / (rate / 100))
    for i, t in enumerate(times):
        n = round(t * rate)
        x[n : n + len(burst)] += burst * (0.5 if i % 4 == 0 else 0.35)
    return x, times


def chord(notes: list[float], seconds: float, rate: int = RATE, a4: float = 440.0) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    envelope = np.exp(-t * 1.5) * np.minimum(t / 0.01, 1)
    partials = [
        np.sin(2 * np.pi * a4 * 2 ** ((note - 69) / 12) * h * t) / h**1.5
        for note in notes
        for h in range(1, 6)
    ]
    return 0.1 * envelope * np.sum(partials, axis=0)


def triad(tonic: int, mode: str) -> list[float]:
    return [tonic, tonic + (4 if mode == "major" else 3), tonic + 7, tonic - 12]


def cadence(tonic: int, mode: str, a4: float = 440.0) -> np.ndarray:
    """I-IV-V-I with the minor dominant made major, as minor pieces do."""
    steps = [(0, mode), (5, mode), (7, "major"), (0, mode)]
    return np.concatenate([chord(triad(tonic + step, kind), 1.0, a4=a4) for step, kind in steps * 3])


def test_what_is_given_is_not_heard_and_reaches_what_depends_on_it() -> None:
    x = np.concatenate([cadence(0, "major"), cadence(9, "minor")])
    material = condense([Audio(np.atleast_2d(x).astype(np.float32), RATE)])
    by_ear = listen(material).results
    times = [round(0.13 + 0.37 * k, 3) for k in range(64)]
    key = {"tonic": "A", "mode": "minor", "confidence": 1.0, "alternatives": []}
    given = {"beats": {"times_s": times}, "key": key}
    by_hand = listen(material, stages=list(by_ear), given=given).results
    assert by_hand["beats"] == given["beats"]
    assert by_hand["key"] == key
    starts = [chord["start_s"] for chord in by_hand["chords"]["chords"][1:]]
    assert starts
    assert set(starts) <= set(times)
    assert {chord["start_s"] for chord in by_ear["chords"]["chords"][1:]} != set(starts)
    assert set(by_hand["metre"]["downbeats_s"]) <= set(times)
    assert by_hand["tempo"]["bpm"] == pytest.approx(60 / 0.37, abs=0.1)
    assert by_hand["tempo_curve"]["bpm"][5] == pytest.approx(60 / 0.37, abs=0.1)
    boundaries = {section["start_s"] for section in by_hand["sections"]["sections"][1:]}
    assert boundaries <= set(times)
    assert by_hand["loudness"] == by_ear["loudness"]
    assert by_hand["tuning"] == by_ear["tuning"]


@pytest.mark.parametrize("bpm", [72, 90, 100, 118, 126, 140, 160])
def test_tempo_and_beats_of_clicks(bpm: float) -> None:
    x, times = clicks(bpm, 24)
    result = heard(x).results
    assert result["tempo"]["bpm"] == pytest.approx(bpm, rel=0.01)
    assert result["tempo"]["confidence"] > 0.2
    found = np.array(result["beats"]["times_s"])
    error = np.abs(found[:, None] - times[None]).min(axis=1)
    assert np.median(error) < 0.02
    assert np.mean(error < 0.05) > 0.9
    assert len(found) == pytest.approx(len(times), abs=3)


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(60, 72))
def test_key_of_a_cadence(tonic: int, mode: str) -> None:
    names = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
    result = heard(cadence(tonic, mode)).results["key"]
    assert (result["tonic"], result["mode"]) == (names[tonic % 12], mode)
    assert result["confidence"] > max(other["confidence"] for other in result["alternatives"])


@pytest.mark.parametrize("a4", [430.0, 440.0, 446.0])
def test_tuning_is_measured_and_does_not_move_the_key(a4: float) -> None:
    result = heard(cadence(60, "major", a4)).results
    assert result["tuning"]["a4_hz"] == pytest.approx(a4, rel=0.0015)
    assert result["key"]["tonic"] == "C"


def test_everything_but_level_is_independent_of_playback_level() -> None:
    x = cadence(62, "minor")
    x[: len(x) // 2] *= 0.5
    loud, soft = heard(x).results, heard(x * 0.05).results
    for stage in ("tempo", "beats", "key", "tuning", "highlight"):
        assert soft[stage] == loud[stage]
    for name in FACETS:
        np.testing.assert_allclose(soft["facets"][name], loud["facets"][name], rtol=2e-2, atol=2e-2)
    difference = loud["loudness"]["integrated_lufs"] - soft["loudness"]["integrated_lufs"]
    assert difference == pytest.approx(20 * math.log10(20), abs=0.05)


def test_blocks_do_not_matter() -> None:
    x = np.concatenate([cadence(60, "major"), clicks(120, 5)[0]])
    whole, cut = heard(x, block=len(x)), heard(x, block=777)
    assert whole.results["beats"] == cut.results["beats"]
    for name in FACETS:
        np.testing.assert_allclose(
            whole.results["facets"][name], cut.results["facets"][name], rtol=1e-3, atol=1e-3
        )


def test_loudest_and_most_repeated_excerpts() -> None:
    rng = np.random.default_rng(5)
    verse = [np.concatenate([chord(list(rng.integers(55, 75, 3)), 1.0) for _ in range(35)]) for _ in range(3)]
    chorus = np.concatenate([cadence(60, "major")] * 3)  # 36 s
    song = np.concatenate([verse[0], chorus, verse[1], 2 * chorus, verse[2]])
    found = heard(song).results["highlight"]
    assert found["loudest"]["start_s"] == pytest.approx(106, abs=8)
    start = found["most_repeated"]["start_s"]
    assert min(abs(start - 35), abs(start - 106)) < 8
    assert found["most_repeated"]["end_s"] == pytest.approx(start + 30)


@pytest.mark.parametrize("seconds", [0.00005, 0.01, 0.2, 1.0, 3.1])
@pytest.mark.parametrize("kind", ["silence", "noise", "tone"])
def test_defined_on_little_and_on_nothing(kind: str, seconds: float) -> None:
    n = max(1, round(seconds * RATE))
    x = {
        "silence": np.zeros(n),
        "noise": np.random.default_rng(6).standard_normal(n) * 0.1,
        "tone": np.sin(np.arange(n) / 7),
    }[kind]
    result = heard(np.tile(x, (2, 1)))
    plain = {name: value for name, value in result.results.items() if name != "facets"}
    json.dumps(plain, allow_nan=False)
    assert {name: vector.shape for name, vector in result.results["facets"].items()} == {
        name: (len(facet.entries),) for name, facet in FACETS.items()
    }
    if kind == "silence":
        assert plain["tempo"]["bpm"] is None
        assert plain["key"]["tonic"] is None
        assert plain["beats"]["times_s"] == []
        assert all(np.isnan(vector).all() for vector in result.results["facets"].values())


def test_noise_is_no_music() -> None:
    result = heard(np.random.default_rng(7).standard_normal(RATE * 20) * 0.1).results
    assert result["tempo"]["confidence"] < 0.2
    assert result["key"]["confidence"] < 0.3


def test_no_samples_and_nan_are_refused() -> None:
    with pytest.raises(ParameterError, match="without samples"):
        condense([])
    with pytest.raises(ParameterError, match="full scale"):
        heard(np.full(RATE, np.nan))


def test_stages_can_be_chosen_and_are_pure() -> None:
    x, _ = clicks(120, 6)
    material = condense([Audio(x[None].astype(np.float32), RATE)])
    some = listen(material, stages=["key", "loudness"]).results
    assert list(some) == ["loudness", "key"]
    assert some["key"] == Listening(material).key.__dict__ | {"alternatives": some["key"]["alternatives"]}
    assert set(stage_versions(on_demand=True)) == {stage.name for stage in STAGES}
    assert set(stage_versions()) == {stage.name for stage in STAGES if not stage.on_demand}
    with pytest.raises(ParameterError, match="polka"):
        listen(material, stages=["polka"])


def test_entries_are_named_once() -> None:
    for facet in FACETS.values():
        assert len(set(facet.entries)) == len(facet.entries)


def test_real_recordings_with_known_facts(data: Path) -> None:
    music = data / "music" / "librosa"
    plum = hear(music / "Kevin_MacLeod_-_P_I_Tchaikovsky_Dance_of_the_Sugar_Plum_Fairy.ogg").results
    assert (plum["key"]["tonic"], plum["key"]["mode"]) == ("E", "minor")
    vibe = hear(music / "Kevin_MacLeod_-_Vibe_Ace.ogg").results
    assert vibe["tempo"]["bpm"] == pytest.approx(129.5, rel=0.02) or vibe["tempo"]["bpm"] == pytest.approx(
        65, rel=0.02
    )


def test_a_file_that_is_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "노래.mp3"
    path.write_text("not music")
    with pytest.raises(DecodeError):
        hear(path)


def test_condensing_holds_little(data: Path) -> None:
    path = data / "music" / "opensurge" / "menu.ogg"
    material = condense(blocks(path))
    held = (
        sum(a.nbytes for a in (material.mel, material.cells.energy, material.cells.peak, material.peaks.hz))
        + 2 * material.peaks.hz.nbytes
    )
    assert held / material.duration_s < 2**15  # bytes a second: under 350 MB for three hours

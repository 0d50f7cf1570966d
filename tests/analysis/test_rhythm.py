"""Rhythm, in sounds whose truth is known exactly."""

from __future__ import annotations

from pathlib import Path

import mir_eval
import numpy as np
import pytest

from sori.analysis.listening import Listening
from sori.analysis.material import condense
from sori.analysis.rhythm import activation as activations
from sori.analysis.rhythm.corrections import Count, Mended, Step, scaled, shifted, tapped
from sori.analysis.rhythm.curve import tempo_curve
from sori.analysis.rhythm.cycles import cycle
from sori.analysis.rhythm.histogram import beat_histogram
from sori.analysis.rhythm.metre import metre
from sori.analysis.rhythm.onsets import onset_curves, onsets
from sori.analysis.rhythm.tempo import settled, usual
from sori.audio import Audio, blocks
from sori.errors import ParameterError
from sori.events import Beats, Metre, Tempo, TempoCandidate

RATE = 22050


def listening(x: np.ndarray) -> Listening:
    return Listening(condense([Audio(np.atleast_2d(x).astype(np.float32), RATE)]))


def strokes(hits: list[tuple[float, float, str]], seconds: float, seed: int = 0) -> np.ndarray:
    """Strokes of (time, loudness, low or high) on a noise floor, much as a drum with two skins."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(round(seconds * RATE)) * 1e-3
    t = np.arange(RATE // 5) / RATE
    low = np.sin(2 * np.pi * (90 * t + 1.5 * (1 - np.exp(-t * 30)))) * np.exp(-t * 18)
    high = rng.standard_normal(len(t)) * np.exp(-t * 90)
    for time, loudness, kind in hits:
        at = round(time * RATE)
        sound = (low if kind == "low" else high)[: max(0, len(x) - at)]
        x[at : at + len(sound)] += 0.3 * loudness * sound
    return x


def beat_f(truth: np.ndarray, found: tuple[float, ...]) -> float:
    return float(mir_eval.beat.f_measure(np.asarray(truth), np.array(found)))


def test_onsets_are_where_strokes_are() -> None:
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.12, 0.7, 60)) + 0.3
    x = strokes(
        [(t, rng.uniform(0.3, 1.0), "low" if i % 3 else "high") for i, t in enumerate(times)], times[-1] + 1
    )
    found = onsets(listening(x).onset_curves)
    f, _, _ = mir_eval.onset.f_measure(times, np.array(found.times_s), window=0.03)
    assert f > 0.97
    assert max(found.strengths) == 1.0
    assert min(found.strengths) > 0


@pytest.mark.parametrize("n", [0, 1, 3, 500])
def test_nothing_begins_in_silence(n: int) -> None:
    mel = np.zeros((n, 40), np.float32)
    curves = onset_curves(mel, 0.0)
    assert onsets(curves).times_s == ()
    assert cycle(mel, curves).period_pulses is None


def test_beats_follow_a_tempo_that_moves() -> None:
    period = 60 / np.linspace(90, 132, 90)  # an accelerando over a minute and more
    times = 0.4 + np.concatenate([[0], np.cumsum(period)])
    x = strokes([(t, 1.0 - 0.3 * (i % 2), "low") for i, t in enumerate(times)], 52)
    heard = listening(x)
    assert beat_f(times[times < 51.5], heard.beats.times_s) > 0.95
    curve = tempo_curve(heard.beats)
    assert not curve.steady
    assert curve.bpm[5] == pytest.approx(92, rel=0.04)
    assert curve.bpm[-5] == pytest.approx(130, rel=0.04)


def test_curve_of_a_steady_beat() -> None:
    rng = np.random.default_rng(0)
    times = np.arange(64) * 0.5 + rng.normal(0, 0.008, 64)
    curve = tempo_curve(Beats(tuple(times)))
    assert curve.steady
    assert np.abs(np.array(curve.bpm) - 120).max() < 5
    assert tempo_curve(Beats((1.0, 2.0))).bpm == ()


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 7])
def test_metre_counts_bars(count: int) -> None:
    rng = np.random.default_rng(count)
    n = count * 16
    evidence = rng.normal(-1.5, 1.2, n)
    evidence[1::count] += 4
    found = metre(Beats(tuple(np.arange(n) * 0.5)), evidence)
    assert found.beats_per_bar == count
    assert found.positions[1] == 1
    assert len(found.downbeats_s) == 16
    assert found.downbeats_s[0] == 0.5
    assert 0.5 < found.confidence <= 1


def test_metre_may_change() -> None:
    evidence = np.full(96, -2.0)
    evidence[:48:4] = 3
    evidence[48::3] = 3
    found = metre(Beats(tuple(np.arange(96) * 0.5)), evidence)
    assert found.positions[40:44] == (1, 2, 3, 4)
    assert found.positions[90:93] == (1, 2, 3)


def test_metre_without_beats() -> None:
    assert metre(Beats(()), np.zeros(0)) == Metre(None, 0.0, (), (), ())


def test_histogram_peaks_at_the_tempo() -> None:
    x = strokes([(0.3 + 0.5 * i, 1.0, "low") for i in range(60)], 31)
    found = beat_histogram(listening(x).pulse)
    assert sum(found.weights) == pytest.approx(1, abs=1e-3)
    assert min(abs(np.log2(found.bpm[int(np.argmax(found.weights))] / 120 / k)) for k in (0.5, 1, 2)) < 0.04
    assert sum(beat_histogram(listening(np.zeros(RATE * 5)).pulse).weights) == 0


JANGDAN = {  # pulses, and a simplified pattern of the janggu's two skins
    "jungjungmori": (12, "D..T.TK..T.."),
    "gutgeori": (12, "D..t.TK..t.t"),
    "semachi": (9, "D..D.TK.t"),
    "eotmori": (10, "D.T.TK.T.t"),
    "tala of 7": (7, "D..K.k."),
    "tala of 16": (16, "D.kkD.kkD.TTt.kk"),
}
SOUND = {"D": (1.0, "low"), "K": (0.6, "low"), "k": (0.4, "low"), "T": (0.7, "high"), "t": (0.35, "high")}


@pytest.mark.parametrize("name", JANGDAN)
@pytest.mark.parametrize("pulses_a_minute", [170, 260])
def test_cycles_return(name: str, pulses_a_minute: float) -> None:
    count, pattern = JANGDAN[name]
    rng = np.random.default_rng(len(name))
    step, hits, rounds = 60 / pulses_a_minute, [], 14
    for k in range(rounds * count):
        stroke = pattern[k % count]
        if stroke == "." and rng.random() < 0.12:  # the player's own small strokes
            stroke = "t"
        if stroke == "." or rng.random() < 0.04:
            continue
        loudness, kind = SOUND[stroke]
        late = 0.06 * step * (k % 2)  # a little swing
        hits.append((0.5 + k * step + late + rng.normal(0, 0.006), loudness * rng.uniform(0.8, 1.2), kind))
    heard = listening(strokes(hits, 1 + rounds * count * step))
    found = cycle(heard.material.mel, heard.onset_curves)
    assert found.period_pulses == count
    assert found.period_s == pytest.approx(count * step, rel=0.02)
    assert found.confidence > 0.3
    if pattern.count("D") > 1:  # which of two alike is the first cannot be heard
        return
    offset = (np.array(found.starts_s) - 0.5) % (count * step)
    assert np.minimum(offset, count * step - offset).max() < 0.06


def counted(n: int = 33, beats_per_bar: int = 4, first: int = 1) -> Count:
    times = tuple(0.5 * k for k in range(n))
    positions = tuple((k - first) % beats_per_bar + 1 for k in range(n))
    downbeats = tuple(t for t, p in zip(times, positions, strict=True) if p == 1)
    return Count(Tempo(120.0, 0.7, ()), Beats(times), Metre(beats_per_bar, 0.9, downbeats, positions, ()))


@pytest.mark.parametrize(
    ("factor", "beats_per_bar", "bars"),
    [(2.0, 4, 4), (0.5, 4, 2), (1.5, 4, 6), (2 / 3, 6, 4), (2.0, 3, 6), (2 / 3, 3, 2)],
)
def test_scaled_keeps_the_first_bar_line(factor: float, beats_per_bar: int, bars: int) -> None:
    before = counted(beats_per_bar=beats_per_bar)
    after = scaled(before, factor)
    assert after.tempo.bpm == pytest.approx(120 * factor)
    assert np.diff(after.beats.times_s) == pytest.approx(0.5 / factor, abs=2e-3)
    assert before.metre.downbeats_s[0] in after.metre.downbeats_s
    assert after.metre.beats_per_bar == bars
    assert len(after.metre.positions) == len(after.beats.times_s)
    if bars == beats_per_bar * factor:
        assert set(after.metre.downbeats_s) >= set(before.metre.downbeats_s[:-1])


@pytest.mark.parametrize("factor", [2.0, 0.5, 2 / 3, 1.5])
@pytest.mark.parametrize("beats_per_bar", [2, 3, 4, 5, 7])
def test_what_takes_back_one_another_gives_back_what_was_there(factor: float, beats_per_bar: int) -> None:
    before = Mended(counted(beats_per_bar=beats_per_bar, first=2))
    once = before.then(Step(factor))
    assert once.count == scaled(before.origin, factor)
    assert once.then(Step(1 / factor)).count == before.origin
    moved = once.then(Step(seconds=-0.7, beats=1))
    assert moved.count == shifted(once.count, seconds=-0.7, beats=1)
    assert moved.then(Step(seconds=0.7)).then(Step(beats=-1)).count == once.count
    assert moved.then(Step(2.0)).then(Step(0.5)).count == moved.count
    assert moved.then(Step(1 / factor)).count != before.origin  # it was moved in between


@pytest.mark.parametrize(("counted_bpm", "said"), [(120.6, 121.0), (100.0, 100.0)])
def test_the_tempo_is_that_of_the_beats(counted_bpm: float, said: float) -> None:
    times = tuple((60 / counted_bpm * np.arange(20)).tolist())
    rivals = (TempoCandidate(60.5, 0.2, "half"), TempoCandidate(101.0, 0.1, "other"))
    tempo = settled(Tempo(121.0, 0.6, rivals), Beats(times))
    assert tempo.bpm == pytest.approx(said)
    assert tempo.confidence == 0.6
    if said == 100.0:
        assert [(other.bpm, other.relation) for other in tempo.alternatives] == [(60.5, "other")]
    else:
        assert tempo.alternatives == rivals
    nothing = Tempo(None, 0.0, ())
    assert settled(nothing, Beats(())) == settled(Tempo(121.0, 0.6, rivals), Beats((1.0,))) == nothing
    assert settled(Tempo(121.0, 0.6, ()), Beats((1.0, 1.5))).bpm == 121.0  # a frame more or less
    assert settled(Tempo(121.0, 0.6, ()), Beats((1.0, 1.6))).bpm == 100.0


def test_tempos_of_most_recordings_are_usual_ones() -> None:
    most, walk, twice, half = usual(np.array([105.0, 90.0, 180.0, 45.0]))
    assert most == 1
    assert most > walk > twice > half


def test_scaled_by_something_else() -> None:
    with pytest.raises(ParameterError, match="1/2"):
        scaled(counted(), 1.25)


def test_shifted_by_beats_moves_the_bar_lines() -> None:
    after = shifted(counted(), beats=1)
    assert after.beats == counted().beats
    assert after.metre.downbeats_s[0] == 1.0
    assert after.metre.positions[:4] == (3, 4, 1, 2)
    half = shifted(counted(), beats=0.5)
    assert half.beats.times_s[:2] == (0.25, 0.75)
    assert half.metre.downbeats_s[0] == 0.75
    back = shifted(counted(), seconds=-0.6)
    assert back.beats.times_s[0] == pytest.approx(0.4)
    assert len(back.metre.positions) == len(back.beats.times_s)


def test_taps_are_snapped_and_carried_on() -> None:
    times = 0.3 + np.arange(80) * 0.42
    hits = [(t, 1.0, "low") for t in times] + [(t + 0.21, 1.0, "high") for t in times]
    heard = listening(strokes(hits, 35))
    rng = np.random.default_rng(1)
    tempo, found = tapped(times[20:26] + 0.21 + rng.normal(0, 0.02, 6), heard.beat_strength)
    assert tempo.bpm == pytest.approx(60 / 0.42, rel=0.03)
    assert beat_f(times[:-1] + 0.21, found.times_s) > 0.95
    with pytest.raises(ParameterError, match="three"):
        tapped([1.0, 2.0], heard.beat_strength)


def groove(bpm: float, bars: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A drum groove with a bass that changes at the bar: sound, beats, bar lines."""
    step = 60 / bpm
    beats_s = 0.5 + step * np.arange(bars * count)
    hits = [(t, 1.0 if k % count == 0 else 0.5, "low") for k, t in enumerate(beats_s) if k % count != 1]
    hits += [(t, 0.9, "high") for k, t in enumerate(beats_s) if k % count == 1]
    hits += [(t + step / 2, 0.2, "high") for t in beats_s]
    x = strokes(hits, beats_s[-1] + 1)
    t = np.arange(len(x)) / RATE
    bar = np.clip(((t - 0.5) / (step * count)).astype(int), 0, bars - 1)
    semitones = np.array([0, 5, 7, 0])[bar % 4]
    x += 0.1 * np.sin(2 * np.pi * np.cumsum(110 * 2 ** (semitones / 12)) / RATE)
    return x, beats_s, beats_s[::count]


@pytest.mark.parametrize(("bpm", "count"), [(96, 4), (124, 4), (132, 3)])
def test_network_and_onsets_agree_on_a_groove(bpm: float, count: int) -> None:
    x, beats_s, bars_s = groove(bpm, 14, count)
    heard = listening(x)
    assert heard.tempo.bpm == pytest.approx(bpm, rel=0.02)
    assert beat_f(beats_s, heard.beats.times_s) > 0.95
    near = np.abs(np.array(heard.beats.times_s)[:, None] - beats_s[None]).min(axis=1)
    assert np.median(near) < 0.02
    assert heard.metre.beats_per_bar == count
    assert beat_f(bars_s, heard.metre.downbeats_s) > 0.9


def test_activation_of_a_long_recording_is_that_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    mel = rng.gamma(0.3, 1.0, (2501, 40)).astype(np.float32)
    mel[::25] *= 30
    whole = activations.activation(mel, 10.0)
    monkeypatch.setattr(activations, "_CHUNK", 600)
    parts = activations.activation(mel, 10.0)
    assert whole.beat.shape == (2501,)
    assert np.allclose(whole.beat, parts.beat, atol=1e-4)
    assert np.allclose(whole.downbeat, parts.downbeat, atol=1e-4)
    assert not activations.activation(np.zeros((300, 40), np.float32), 0.0).beat.any()


def test_noise_does_not_pulse() -> None:
    rng = np.random.default_rng(4)
    heard = listening(rng.standard_normal(RATE * 30) * 0.1)
    assert heard.tempo == Tempo(None, 0.0, ())
    assert heard.beats.times_s == ()
    assert heard.metre.beats_per_bar is None


def test_a_whale_song_does_not_pulse(data: Path) -> None:
    heard = Listening(condense(blocks(data / "music" / "librosa" / "glacier-bay-humpback.ogg")))
    assert heard.tempo.bpm is None


def test_a_waltz_is_in_three(data: Path) -> None:
    (path,) = (data / "music" / "librosa").glob("*sweet-waltz*.ogg")
    heard = Listening(condense(blocks(path)))
    assert heard.metre.beats_per_bar == 3

"""Scales of sounds whose tuning is known exactly."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from sori import audio
from sori.analysis.material import condense
from sori.analysis.scale.degrees import modes
from sori.analysis.scale.drift import offset_at, tuning_drift
from sori.analysis.scale.histogram import circle, pitch_histogram, smooth
from sori.analysis.scale.nearest import nearest
from sori.analysis.scale.scale import scale
from sori.analysis.scale.sounding import Sounding, sounding, sounding_of_pitch
from sori.audio import Audio
from sori.errors import ParameterError
from sori.events import Pitch, ScaleDegree, as_dict
from sori.spectral.partials import Partials, partials
from sori.theory.scala import parse_scl
from sori.theory.scales import SCALES, TuningScale, equal_temperament

RATE = 22050
BY_NAME = {known.name: known for known in SCALES}


def tone(hz: float, seconds: float, *, cents_per_s: float = 0.0, stiff: float = 0.0) -> np.ndarray:
    """Return a note of ten partials; a stiff string's are stretched."""
    t = np.arange(round(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(hz * 2 ** (cents_per_s * t / 1200)) / RATE
    wave = sum(np.sin(h * np.sqrt(1 + stiff * h * h) * phase + h) / h for h in range(1, 11) if h * hz < 9000)
    return np.asarray(0.1 * wave * np.minimum(1, np.minimum(t, seconds - t) / 0.02))


def tune(
    cents: tuple[float, ...],
    tonic: float,
    *,
    seed: int = 0,
    bass: bool = True,
    drift: float = 0.0,
    stiff: float = 0.0,
) -> np.ndarray:
    """Return eight phrases that walk over a scale and come home, in the last octave of the bass's tonic."""
    rng = np.random.default_rng(seed)
    size, out, at = len(cents), [], 0
    for _ in range(8):
        walk = [*rng.permutation(size).tolist(), *rng.integers(0, size, 3).tolist(), 0]
        line = []
        for index, degree in enumerate(walk):
            length = 0.8 if index == len(walk) - 1 else 0.4
            offset = drift * (at + sum(map(len, line))) / RATE
            line.append(tone(tonic * 2 ** ((cents[degree] + 1200 + offset) / 1200), length, stiff=stiff))
        voice = np.concatenate(line)
        if bass:
            half = len(voice) // 2
            fifth = min(cents, key=lambda note: abs(note - 702))
            for begin, note in ((0, fifth), (half, 0.0)):
                hz = tonic * 2 ** ((note - 1200 + drift * (at + begin) / RATE) / 1200)
                low = 0.4 * tone(hz, half / RATE, stiff=stiff)
                voice[begin : begin + len(low)] += low
        out.append(voice)
        at += len(voice)
    noise = rng.standard_normal(at) * 2e-3
    return np.concatenate(out) + noise


def heard(x: np.ndarray) -> Partials:
    return partials(condense([Audio(np.atleast_2d(x).astype(np.float32), RATE)]).peaks)


@pytest.mark.parametrize(
    "name",
    [
        "19-TET major",
        "22-TET symmetric decatonic",
        "maqam Rast",
        "12-TET Dorian",
        "just major (Ptolemy, intense diatonic)",
        "Pythagorean minor",
        "makam Hicaz",
        "raga Todi",
        "Menari-tori (eastern)",
        "slendro, reported average",
    ],
)
def test_a_scale_is_found_again(name: str) -> None:
    """Whatever the concert pitch: every degree within 5 cents, none besides, the tonic, and its name."""
    known = BY_NAME[name]
    tonic = 200.0 + 9 * len(name)
    found = scale(heard(tune(known.cents, tonic, seed=len(name))))
    assert found.tonic_hz is not None
    assert 261.6 <= found.tonic_hz < 523.3
    octaves = np.log2(found.tonic_hz / tonic)
    assert abs(1200 * (octaves - round(octaves))) < 5
    assert [degree.cents for degree in found.degrees] == pytest.approx(known.cents, abs=5)
    assert sum(degree.weight for degree in found.degrees) == pytest.approx(1, abs=0.01)
    best = BY_NAME[found.nearest[0].name]
    assert best.cents == pytest.approx(known.cents, abs=5)
    assert found.nearest[0].coverage == 1.0
    assert found.drift.total_cents == pytest.approx(0, abs=3)
    json.dumps(as_dict(found), allow_nan=False)


def test_all_24_quarter_tones() -> None:
    cents = equal_temperament(24)
    found = scale(heard(tune(cents, 230.0, bass=False)))
    assert [degree.cents for degree in found.degrees] == pytest.approx(cents, abs=5)
    assert found.nearest[0].name == "24-TET"


def test_overtones_are_not_degrees() -> None:
    """Third and fifth harmonics of two notes lie where no note is played."""
    x = np.concatenate([tone(110.0, 1.0), tone(110.0 * 2 ** (300 / 1200), 1.0)] * 8)
    found = scale(heard(x))
    assert [degree.cents for degree in found.degrees] in (
        pytest.approx([0, 300], abs=3),
        pytest.approx([0, 900], abs=3),
    )


def test_stiff_strings() -> None:
    known = BY_NAME["just natural minor"]
    found = scale(heard(tune(known.cents, 220.0, stiff=4e-4)))
    assert [degree.cents for degree in found.degrees] == pytest.approx(known.cents, abs=5)


@pytest.mark.parametrize("per_s", [1.5, -1.0])
def test_drift_is_followed_and_taken_out(per_s: float) -> None:
    known = BY_NAME["maqam Bayati"]
    x = tune(known.cents, 240.0, drift=per_s)
    found = scale(heard(x))
    times = found.drift.times_s
    assert found.drift.cents[0] == 0.0
    assert found.drift.total_cents == pytest.approx(per_s * (times[-1] - times[0]), abs=4)
    assert [degree.cents for degree in found.degrees] == pytest.approx(known.cents, abs=5)


def test_a_drone_is_heard_as_one() -> None:
    known = BY_NAME["raga Bhupali (Mohanam)"]
    voice = tune(known.cents, 220.0, bass=False)
    still = tone(110.0, len(voice) / RATE)
    found = scale(heard(voice + np.pad(still, (0, len(voice) - len(still)))))
    assert found.drone
    assert found.tonic_hz == pytest.approx(440, rel=0.003)
    assert not scale(heard(voice)).drone


def test_a_scale_of_the_user_takes_part() -> None:
    mine = TuningScale("mine", "own", (0.0, 137.0, 411.0, 655.0, 873.0), "me")
    x = tune(mine.cents, 250.0)
    names = [match.name for match in scale(heard(x), also=[mine]).nearest]
    assert names[0] == "mine"
    assert "mine" not in [match.name for match in scale(heard(x)).nearest]


def test_a_scale_without_octaves_is_refused() -> None:
    bohlen_pierce = parse_scl("Bohlen-Pierce\n2\n5/3\n3/1\n")
    with pytest.raises(ParameterError, match="repeats every 1901"):
        nearest([ScaleDegree(0.0, 1.0, 1.0)], also=[bohlen_pierce])


@pytest.mark.parametrize(
    "name", ["12-TET major (Ionian)", "19-TET", "Pythagorean pentatonic", "slendro, as Ellis heard it"]
)
def test_53_tones_do_not_win_by_their_number(name: str) -> None:
    rng = np.random.default_rng(3)
    known = BY_NAME[name]
    share = 1 / len(known.cents)
    played = [ScaleDegree(note + rng.normal(0, 1.5), share, 5.0) for note in known.cents]
    found = nearest(played)
    assert found[0].name == name
    assert found[0].unused == 0
    assert [match.confidence for match in found] == sorted((m.confidence for m in found), reverse=True)


def test_notes_anywhere_are_of_no_scale() -> None:
    """Speech glides: its modes are broad and lie anywhere."""
    rng = np.random.default_rng(5)
    for _ in range(5):
        places = np.sort(rng.uniform(0, 1200, 14))
        found = nearest([ScaleDegree(float(place), 1 / 14, 30.0) for place in places])
        assert sum(match.confidence for match in found) < 0.9
    exact = nearest([ScaleDegree(100.0 * step, 1 / 7, 3.0) for step in (0, 2, 4, 5, 7, 9, 11)])
    assert exact[0].confidence > 0.5


def test_a_keyboard_temperament_in_any_key() -> None:
    notes = np.array(BY_NAME["Werckmeister III"].cents)
    turned = np.sort((notes - notes[7]) % 1200)
    found = nearest([ScaleDegree(float(note), 1 / 12, 4.0) for note in turned])
    assert found[0].name.startswith("Werckmeister III (")
    assert found[0].error_cents == pytest.approx(0, abs=0.1)


def of_voice(midi: np.ndarray, rate: float = 100.0, **changes: tuple[bool, ...]) -> Pitch:
    n = len(midi)
    hz = tuple((440 * 2 ** ((midi - 69) / 12)).tolist())
    pitch = Pitch(tuple((np.arange(n) / rate).tolist()), hz, (0.9,) * n, (True,) * n)
    return dataclasses.replace(pitch, **changes)


def test_a_single_voice_with_glides_and_vibrato() -> None:
    cents = BY_NAME["maqam Bayati"].cents
    rng = np.random.default_rng(1)
    line: list[float] = []
    for _ in range(12):
        for degree in (*rng.permutation(7).tolist(), 1, 0):
            target = 50.3 + cents[degree] / 100
            if line:
                line += np.linspace(line[-1], target, 8).tolist()
            line += (
                target + 0.25 * np.sin(2 * np.pi * 5.5 * np.arange(40 + 30 * (degree == 0)) / 100)
            ).tolist()
    found = scale(of_voice(np.array(line)))
    assert [degree.cents for degree in found.degrees] == pytest.approx(cents, abs=5)
    assert found.tonic_hz is not None
    assert 12 * np.log2(found.tonic_hz / 440) + 69 == pytest.approx(62.3, abs=0.05)


def test_what_is_not_voiced_does_not_count() -> None:
    midi = np.where(np.arange(2000) % 100 < 50, 60.0, 63.5)
    pitch = of_voice(midi, voiced=tuple((midi < 61).tolist()))
    assert [degree.cents for degree in scale(pitch).degrees] == [0.0]


def test_histogram_of_five_cents() -> None:
    """A at 440 Hz lies 900 cents above C: bin 180; octaves fall together."""
    midi = np.array([69.0, 81.0, 60.05])
    heard = Sounding(3, 1.0, np.arange(3, dtype=np.int32), midi, np.array([1.0, 2.0, 1.0]), np.ones(3, bool))
    weights = pitch_histogram(heard).weights
    assert len(weights) == 240
    assert sum(weights) == pytest.approx(1)
    assert weights[180] == pytest.approx(0.75)
    assert weights[1] == pytest.approx(0.25)


def test_smoothing_goes_round_the_circle() -> None:
    around = smooth(circle(np.array([1199.5]), np.array([1.0])), 10.0)
    assert around.sum() == pytest.approx(1)
    assert around[5] == pytest.approx(around[1194])


def test_modes_on_the_edge_of_the_octave() -> None:
    rng = np.random.default_rng(0)
    cents = np.concatenate([rng.normal(0, 4, 500), rng.normal(50, 4, 300)])
    found = modes(cents % 1200, np.ones(800))
    places = np.sort((found.cents + 100) % 1200 - 100)
    assert places == pytest.approx([0, 50], abs=1)
    assert sorted(found.share) == pytest.approx([0.375, 0.625], abs=0.02)
    assert found.spread == pytest.approx([4, 4], abs=1)


EMPTY = Partials(0, 10.0, np.zeros(0, np.int32), np.zeros(0, np.float32), np.zeros(0, np.float32))


@pytest.mark.parametrize(
    "nothing",
    [
        EMPTY,
        dataclasses.replace(EMPTY, n_frames=50),
        Pitch((), (), (), ()),
        Pitch((0.0,), (440.0,), (1.0,), (True,)),
        Pitch((0.0, 0.1, 0.2), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (False, False, False)),
    ],
)
def test_nothing_pitched(nothing: Partials | Pitch) -> None:
    found = scale(nothing)
    assert found.tonic_hz is None
    assert not found.drone
    assert found.degrees == found.nearest == ()
    assert sum(found.histogram.weights) == 0
    assert found.drift.total_cents == 0
    assert offset_at(found.drift, np.arange(3.0)).tolist() == [0, 0, 0]


@pytest.mark.parametrize("n", [1, 100, 5000])
def test_short_sounds_and_silence(n: int) -> None:
    t = np.arange(n) / RATE
    for x in (np.zeros(n), np.sin(2 * np.pi * 440 * t), np.random.default_rng(0).standard_normal(n) * 0.1):
        json.dumps(as_dict(scale(heard(x))), allow_nan=False)


def test_a_note_is_within_a_cent_of_its_name(data: Path) -> None:
    """The pitch histogram of recorded tones of known frequency."""
    for name, hz in (
        ("sine-440", 440.0),
        ("sine-200", 200.0),
        ("sawtooth-440", 440.0),
        ("sine-1000", 1000.0),
    ):
        material = condense(audio.blocks(data / "pitch" / "freesound" / f"{name}.wav"))
        found = scale(partials(material.peaks))
        assert found.tonic_hz is not None
        octaves = np.log2(found.tonic_hz / hz)
        assert abs(1200 * (octaves - round(octaves))) < 1.0, name


def test_a_folk_song_is_in_its_key(data: Path) -> None:
    """Sung with a guitar tuned to A = 440 Hz: B flat major, degrees near those of twelve steps."""
    path = data / "music" / "librosa" / "Karissa_Hobbs_-_Lets_Go_Fishin.ogg"
    found = scale(partials(condense(audio.blocks(path)).peaks))
    assert found.tonic_hz == pytest.approx(466.16, rel=0.003)
    assert [degree.cents for degree in found.degrees] == pytest.approx(
        [0, 200, 400, 500, 700, 900, 1100], abs=10
    )
    assert abs(found.drift.total_cents) < 5


def test_sounding_keeps_order_and_counts_nothing_twice() -> None:
    found = sounding(heard(tone(220.0, 3.0)))
    assert (np.diff(found.frame) >= 0).all()
    assert found.frame.max() < found.n_frames
    counted = np.bincount(np.rint(found.midi).astype(int) % 12, found.weight, minlength=12)
    assert counted[9] > 0.98 * counted.sum()


def test_a_voice_is_read_at_its_own_rate() -> None:
    found = sounding_of_pitch(of_voice(np.full(400, 57.0), rate=200.0))
    assert found.rate == pytest.approx(200.0)
    assert tuning_drift(found).times_s == ()

"""Presets: the numbers they promise, the pitch and time they show, and that they can be kept with a model."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.features.presets import Preset, Step, preset, presets
from spectral.recorded.make_cepstrum import EVERY, sound

RECORDED = np.load(Path(__file__).parents[1] / "spectral" / "recorded" / "cepstrum.npz")
NAMES = [made.name for made in presets()]


def native(made: Preset) -> int:
    return made.sample_rate or 16000


def test_there_is_one_for_each_task_and_each_program() -> None:
    tasks = {"pitch", "rhythm", "tagging", "emotion", "speech", "environment", "unknown"}
    assert tasks | {"librosa", "torchaudio", "kaldi", "htk"} <= set(NAMES)
    assert len(set(NAMES)) == len(NAMES)
    for made in presets():
        assert preset(made.name) is made
        assert len(made.reason.split()) >= 8


@pytest.mark.parametrize(
    ("name", "rate", "recorded", "tolerance"),
    [
        ("librosa_mfcc", 22050, "librosa_mfcc", 1e-3),
        ("kaldi", 16000, "kaldi_fbank", 2e-3),
        ("kaldi_mfcc", 16000, "kaldi_mfcc", 2e-2),
        ("htk", 16000, "htk_fbank", 2e-3),
    ],
)
def test_the_numbers_are_those_of_the_other_program(
    name: str, rate: int, recorded: str, tolerance: float
) -> None:
    x = sound(rate) + (0.01 if name.startswith(("kaldi", "htk")) else 0.0)
    got = preset(name)(x.astype(np.float32), sample_rate=rate)
    want = RECORDED[recorded]
    assert np.abs(got[:, ::EVERY] - want).max() < tolerance


def test_librosa_and_torchaudio_at_their_defaults() -> None:
    """Powers, compared with the largest."""
    for name, rate in (("librosa", 22050), ("torchaudio", 16000)):
        want = RECORDED[f"{name}_mel"]
        got = preset(name)(sound(rate), sample_rate=rate)
        if got.shape[0] != want.shape[0]:  # what was recorded has 80 bands: the same but for their number
            few = Step.of(preset(name).steps[0].function, **preset(name).options | {"n_mels": want.shape[0]})
            got = dataclasses.replace(preset(name), steps=(few,))(sound(rate), sample_rate=rate)
        assert np.abs(got[:, ::EVERY] - want).max() < 1e-5 * want.max()


def test_pitch_has_three_bands_a_semitone_from_30_hz() -> None:
    rate = 22050
    x = 0.5 * np.sin(2 * np.pi * 440.0 * np.arange(2 * rate) / rate)
    level = preset("pitch")(x, sample_rate=rate)
    assert level.shape[0] == 240
    band = int(level.mean(axis=1).argmax())
    assert 30.0 * 2 ** (band / 36) == pytest.approx(440, rel=2 ** (1 / 72) - 1)
    assert abs(30.0 * 2 ** (239 / 36) - 3000) < 30
    assert level.max() == 0


def test_rhythm_has_fifty_frames_a_second() -> None:
    x = np.zeros(4 * 22050)
    x[2 * 22050] = 1.0
    level = preset("rhythm")(x, sample_rate=22050)
    assert level.shape == (128, 201)
    assert int(level.sum(axis=0).argmax()) == 100
    assert level.min() >= 0


def test_tagging_is_the_middle_of_long_songs_and_fills_short_ones() -> None:
    front = preset("tagging")
    rate, n = 12000, 349440
    assert n / rate == 29.12
    middle = np.random.default_rng(0).standard_normal(n)
    long = np.concatenate([np.zeros(5000), middle, np.zeros(5000)])
    assert np.array_equal(front(long, sample_rate=rate), front(middle, sample_rate=rate))
    short = front(middle[: 5 * rate], sample_rate=rate)
    assert short.shape == (96, 1366)
    assert short[:, -100:].max() == short.min()


def test_emotion_keeps_loud_and_soft_apart() -> None:
    x = np.random.default_rng(0).standard_normal(44100) * 0.1
    loud, soft = (preset("emotion")(gain * x, sample_rate=44100) for gain in (1.0, 0.1))
    assert np.allclose(loud - soft, 20, atol=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_batches_silence_and_json(name: str) -> None:
    made = preset(name)
    rate = native(made)
    x = np.random.default_rng(0).standard_normal((2, 1, rate)).astype(np.float32)
    together = made(x, sample_rate=rate)
    assert together.dtype == np.float32
    alone = made(x[1, 0], sample_rate=rate)
    assert np.allclose(together[1, 0], alone, atol=1e-5 * np.abs(alone).max())
    assert np.isfinite(made(np.zeros(rate, np.float32), sample_rate=rate)).all()
    again = Preset.from_dict(json.loads(json.dumps(made.to_dict())))
    assert again == made
    assert hash(again) == hash(made)


def test_any_rate_will_do() -> None:
    for rate in (44100, 16000):
        x = 0.5 * np.sin(2 * np.pi * 440.0 * np.arange(2 * rate) / rate)
        level = preset("pitch")(x, sample_rate=rate)
        band = int(level.mean(axis=1).argmax())
        assert 30.0 * 2 ** (band / 36) == pytest.approx(440, rel=2 ** (1 / 72) - 1)
        assert level.shape[1] == pytest.approx(2 * 22050 / 256, abs=2)


@pytest.mark.parametrize(
    "function",
    [
        "os.system",
        "sori.audio.write.save",
        "sori.spectral.mel._nothing",
        "sori.spectral.gone.away",
        "sori.signal.",
    ],
)
def test_a_file_cannot_name_a_function_that_is_not_a_transform(function: str) -> None:
    data = preset("speech").to_dict()
    data["steps"][0]["function"] = function
    with pytest.raises(DataError):
        Preset.from_dict(data)


@pytest.mark.parametrize(
    "damage", [{"steps": []}, {"steps": None}, {"speed": 3}, {"steps": [{"options": {}}]}]
)
def test_damaged_data_are_refused(damage: dict[str, object]) -> None:
    with pytest.raises(DataError):
        Preset.from_dict({**preset("speech").to_dict(), **damage})


def test_what_is_unknown_is_refused_with_what_is_known() -> None:
    with pytest.raises(ParameterError, match="tagging"):
        preset("tags")
    with pytest.raises(ParameterError, match="Hz"):
        preset("speech")(np.zeros(9), sample_rate=0)


@pytest.mark.parametrize("rate", ["44100", None, 0, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_refused(rate: object) -> None:
    with pytest.raises(ParameterError, match="sample_rate"):
        preset("tagging")(np.zeros(40000), sample_rate=rate)  # type: ignore[arg-type]


def test_written_rates_and_functions_must_be_such() -> None:
    data = preset("tagging").to_dict()
    for wrong in ({"sample_rate": "x"}, {"steps": [{"function": 5, "options": {}}]}):
        with pytest.raises(DataError):
            Preset.from_dict({**data, **wrong})

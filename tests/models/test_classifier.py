"""Sounds as arrays, the way of scikit-learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("sklearn")
pytest.importorskip("onnxscript")
from sklearn.base import clone

from sori.errors import ModelError, ParameterError
from sori.models.classifier import SoundClassifier

RATE = 8000


def chirps(n: int, seed: int = 0) -> tuple[list[NDArray[np.float32]], list[str]]:
    """Return rising and falling tones in noise, of different lengths."""
    rng = np.random.default_rng(seed)
    sounds, labels = [], []
    for k in range(n):
        t = np.arange(rng.integers(3000, 4000)) / RATE
        slope = rng.uniform(800, 2000) * (1 if k % 2 else -1)
        tone = np.sin(2 * np.pi * ((1800 - slope * t[-1] / 2) * t + slope * t**2 / 2))
        sounds.append((0.1 * tone + 0.01 * rng.standard_normal(len(t))).astype(np.float32))
        labels.append("rises" if k % 2 else "falls")
    return sounds, labels


@pytest.mark.parametrize("model", ["summary", "cnn"])
def test_it_learns_to_tell_sounds_apart(model: str, tmp_path: Path) -> None:
    made = SoundClassifier(sample_rate=RATE, model=model, epochs=12, batch_size=8)
    sounds, labels = chirps(48)
    assert made.fit(sounds, labels) is made
    new, wanted = chirps(20, seed=1)
    assert made.classes_.tolist() == ["falls", "rises"]
    scores = made.predict_proba(new)
    assert scores.shape == (20, 2)
    np.testing.assert_allclose(scores.sum(axis=1), 1, atol=1e-5)
    assert made.score(new, wanted) >= (0.9 if model == "cnn" else 0.5)
    made.save(tmp_path / "x.model")
    again = SoundClassifier.load(tmp_path / "x.model")
    assert np.array_equal(again.predict_proba(new), scores)
    assert again.get_params() == made.get_params()


def test_parameters_are_those_of_scikit_learn() -> None:
    made = SoundClassifier(sample_rate=RATE, model="crnn", seed=3)
    assert clone(made).get_params() == made.get_params()
    assert made.set_params(seed=4, sample_rate=16000).get_params()["seed"] == 4
    assert made.sample_rate == 16000
    with pytest.raises(ParameterError, match="magic"):
        SoundClassifier(sample_rate=RATE, magic=1)
    with pytest.raises(ParameterError, match="seed"):
        made.set_params(seed=-1)
    with pytest.raises(ModelError, match="fit"):
        made.predict([np.zeros(10)])


def test_several_labels_and_another_rate() -> None:
    sounds, labels = chirps(30)
    louder = [2 * sound if k % 3 == 0 else sound for k, sound in enumerate(sounds)]
    y = [[label, "loud"] if k % 3 == 0 else [label] for k, label in enumerate(labels)]
    made = SoundClassifier(sample_rate=44100, model="summary").fit(louder, y)
    assert made.model_ is not None
    assert made.model_.sample_rate == 32000
    assert made.classes_.tolist() == ["falls", "loud", "rises"]
    assert made.predict(louder).shape == (30, 3)
    assert made.score(louder, y) > 0.8


@pytest.mark.parametrize(
    ("sounds", "labels", "groups"),
    [
        ([], [], None),
        ([np.zeros(9)], ["a", "b"], None),
        ([np.zeros((2, 9))], ["a"], None),
        ([np.zeros(9)] * 2, ["a", "b"], [1]),
    ],
)
def test_what_does_not_match_is_refused(
    sounds: list[np.ndarray], labels: list[str], groups: list[int] | None
) -> None:
    with pytest.raises(ParameterError):
        SoundClassifier(sample_rate=RATE).fit(sounds, labels, groups)

"""Copies with effects: drawn once from the seed, learned from beside the recordings, never tested with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnxscript")

from sori.effects import Chain, Gain, Noise, SpecAugment, TimeStretch
from sori.errors import ParameterError
from sori.models.classifier import SoundClassifier
from sori.models.copies import versions_of
from sori.models.front_end import FrontEnd
from sori.models.learning import prepare
from sori.models.options import TrainingOptions

RATE = 8000
FRONT = FrontEnd(sample_rate=RATE, excerpt_samples=4000, n_fft=256, hop_length=80, n_mels=32)
STRETCHED = Chain([TimeStretch(min_rate=0.7, max_rate=0.8, keep_length=False), Noise()]).to_dict()


def sounds(n: int = 6) -> list[np.ndarray]:
    """Return half seconds of low and high tones, and one without any sound."""
    t = np.arange(4000) / RATE
    each = [(0.1 * np.sin(2 * np.pi * (300 + 2000 * (k % 2)) * t)).astype(np.float32) for k in range(n)]
    return [*each, np.zeros(0, np.float32)]


def test_every_recording_comes_first_and_its_copies_after_it() -> None:
    options = TrainingOptions(effect=STRETCHED, copies=2)
    found, again = (list(versions_of(sounds(), options, RATE)) for _ in range(2))
    assert len(found) == 3 * 7
    for number, samples in enumerate(sounds()):
        own, *copies = found[3 * number : 3 * number + 3]
        np.testing.assert_array_equal(own, samples)
        assert all(len(copy) > 1.2 * len(samples) or not len(samples) for copy in copies)
    assert all(np.array_equal(one, other) for one, other in zip(found, again, strict=True))
    assert not np.array_equal(found[1], found[2])
    other_seed = list(versions_of(sounds(), TrainingOptions(effect=STRETCHED, copies=2, seed=1), RATE))
    assert not np.array_equal(found[1], other_seed[1])
    assert [len(one) for one in versions_of(sounds(), TrainingOptions(), RATE)] == [4000] * 6 + [0]


def test_levels_know_whose_copies_they_are(tmp_path: Path) -> None:
    louder = Gain(min_db=12.0, max_db=12.0).to_dict()
    told: list[int] = []
    options = TrainingOptions(model="cnn", effect=louder, copies=3)
    levels = prepare(sounds(), front=FRONT, options=options, folder=tmp_path, report=told.append).levels
    assert (len(levels), told) == (7, list(range(1, 8)))
    numbers, places = np.arange(6), np.zeros(6)
    own = levels.take(numbers, 50, places)
    copies = levels.take(numbers, 50, places, np.array([1, 2, 3, 1, 2, 3]))
    loud = own > own.max() - 30
    np.testing.assert_allclose(copies[loud] - own[loud], 12.0, atol=0.1)
    np.testing.assert_array_equal(levels.take(numbers, 50, places, np.zeros(6, int)), own)


def test_vectors_of_copies_belong_to_their_recording(tmp_path: Path) -> None:
    options = TrainingOptions(model="summary", effect=STRETCHED, copies=2)
    found = prepare(sounds(2)[:2], front=FRONT, options=options, folder=tmp_path)
    assert found.owners is not None
    assert set(found.owners.tolist()) == {0, 1}
    assert (np.diff(found.owners) >= 0).all()
    assert len(found.owners) >= 6


@pytest.mark.parametrize("model", ["summary", "cnn"])
def test_what_is_heard_in_copies_only_is_learned(model: str) -> None:
    """Tones of one level, told apart when they are 30 dB softer and noisy: copies show how that sounds."""
    rng = np.random.default_rng(0)
    soft = Chain([Noise(min_snr_db=0.0, max_snr_db=10.0), Gain(min_db=-30.0, max_db=-20.0)])
    train = [own + 1e-4 * rng.standard_normal(4000).astype(np.float32) for own in sounds(16)[:16]]
    labels = ["low" if k % 2 == 0 else "high" for k in range(16)]
    test = [soft(own[None], sample_rate=RATE, rng=rng)[0] for own in train]
    options = {"epochs": 12, "batch_size": 8, "augment": False, "effect": soft.to_dict(), "copies": 3}
    learned = SoundClassifier(sample_rate=RATE, model=model, **options).fit(train, labels)
    assert learned.score(test, labels) == 1.0
    assert learned.get_params()["copies"] == 3


def test_effects_that_cannot_be_are_refused() -> None:
    for wrong, said in (
        ({"effect": SpecAugment().to_dict()}, "SpecAugment is for spectrograms"),
        ({"effect": {"effect": "Chain", "effects": [SpecAugment().to_dict()]}}, "SpecAugment"),
        ({"effect": {"effect": "Sparkle"}}, "Sparkle"),
        ({"effect": Gain().to_dict(), "copies": 0}, "copies=0: want 1 to 100"),
    ):
        with pytest.raises(ParameterError, match=said):
            TrainingOptions(**wrong)  # type: ignore[arg-type]

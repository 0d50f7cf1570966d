"""A recording is heard in excerpts: the same ones however it comes, to its very end, in little memory."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.models.front_end import FrontEnd, excerpt_starts, excerpts, front_end_for
from sori.models.model import SoundModel

RATE = 1000


def listening(length: int, fill: str = "silence") -> tuple[SoundModel, list[NDArray[np.float32]]]:
    """Return a model that notes every excerpt it is given; its score is the first sample."""
    heard: list[NDArray[np.float32]] = []

    def run(parts: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        heard.extend(parts)
        return parts[:, :2], parts[:, :1]

    model = SoundModel(("a", "b"), False, RATE, length, fill, {}, run)  # type: ignore[arg-type]
    return model, heard


def blocks_of(samples: NDArray[np.float32], rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Return samples cut at random."""
    return np.split(samples, np.sort(rng.integers(0, len(samples) + 1, 5)))


@pytest.mark.parametrize("n", [1, 7, 8, 9, 12, 13, 100, 1001])
@pytest.mark.parametrize("length", [1, 2, 8, 9])
def test_blocks_give_the_excerpts_of_the_whole(n: int, length: int) -> None:
    samples = np.random.default_rng(n).standard_normal(n).astype(np.float32)
    wanted = excerpts(samples, length, "silence")
    for rng in map(np.random.default_rng, range(3)):
        model, heard = listening(length)
        found = model.hear_blocks(blocks_of(samples, rng))
        assert np.array_equal(np.stack(heard), wanted)
        np.testing.assert_allclose(found.scores, wanted[:, :2].mean(axis=0)[:length], atol=1e-6)


@pytest.mark.parametrize("n", range(1, 40))
def test_every_sample_is_heard(n: int) -> None:
    for length in (1, 2, 3, 8, 16):
        starts = excerpt_starts(n, length)
        assert {at for start in starts for at in range(start, start + length)} >= set(range(n))
        assert starts == sorted(set(starts)), "no excerpt is heard twice"
        assert starts[-1] + length == max(n, length)


def test_what_is_shorter_is_filled_up() -> None:
    ones = np.array([1, 2, 3], np.float32)
    assert excerpts(ones, 5, "silence").tolist() == [[1, 2, 3, 0, 0]]
    assert excerpts(ones, 5, "repeat").tolist() == [[1, 2, 3, 1, 2]]


def test_an_hour_is_not_kept() -> None:
    model, heard = listening(RATE)
    listener = model.listener()
    for _ in range(100):
        listener.process(np.ones(RATE, np.float32))
        assert len(listener._kept) <= 3 * RATE
        heard.clear()


@pytest.mark.parametrize("wrong", [np.zeros(0), np.array([np.nan, 0.0])])
def test_what_cannot_be_heard_is_refused(wrong: NDArray[np.float32]) -> None:
    with pytest.raises(ParameterError):
        listening(8)[0].hear(wrong, sample_rate=RATE)
    with pytest.raises(ParameterError, match=r"8000.*1000"):
        listening(8)[0].hear(np.zeros(9), sample_rate=8000)
    with pytest.raises(ParameterError, match="time"):
        listening(8)[0].hear(np.zeros((2, 9)), sample_rate=RATE)


def test_the_front_end_suits_the_sounds() -> None:
    words, clips, songs = (
        front_end_for([0.5] * 9, 8000),
        front_end_for([5.0] * 9, 44100),
        front_end_for([30.0] * 9, 22050),
    )
    assert (words.is_short, clips.is_short, songs.is_short) == (True, False, False)
    assert (words.excerpt_s, clips.excerpt_s, songs.excerpt_s) == (0.5, 5.0, 5.0)
    assert (words.sample_rate, clips.sample_rate, songs.sample_rate) == (8000, 32000, 22050)
    assert round(clips.frames / clips.excerpt_s) == 50
    assert FrontEnd.from_dict(words.to_dict()) == words

"""Words for sounds: found where sounds gather, counted as shares, kept in a file that is whole or refused."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from sori.errors import DataError, ParameterError
from sori.features.codebook import Codebook

CENTRES = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 1000.0], [10.0, 1000.0]])


def seeds(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def clouds(*, each: int = 200, seed: int = 1) -> np.ndarray:
    """Return frames (2, 4 * each) in four clouds, whose features have very different units."""
    rng = seeds(seed)
    points = np.repeat(CENTRES, each, axis=0) + rng.standard_normal((4 * each, 2)) * [0.3, 30.0]
    return rng.permutation(points).T


def sorted_words(book: Codebook) -> np.ndarray:
    raw = book.words * book.deviation + book.mean
    return raw[np.lexsort(np.round(raw / [1, 100]).T)]


@pytest.mark.parametrize("seed", range(5))
def test_words_lie_where_frames_gather_whatever_their_units(seed: int) -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds(seed))
    assert np.allclose(sorted_words(book), CENTRES, atol=[0.1, 10])
    assert book.counts.tolist() == [200] * 4


def test_the_same_generator_learns_the_same() -> None:
    one, other = (Codebook.fit(clouds(), k=7, rng=seeds(3)) for _ in range(2))
    assert np.array_equal(one.words, other.words)


def test_lloyd_has_nothing_left_to_improve() -> None:
    frames = seeds().standard_normal((3, 500))
    book = Codebook.fit(frames, k=8, rng=seeds(1))
    points = (frames.T - book.mean) / book.deviation
    nearest = ((points[:, None] - book.words) ** 2).sum(axis=-1).argmin(axis=1)
    means = np.stack([points[nearest == word].mean(axis=0) for word in range(8)])
    assert np.allclose(means, book.words)


def test_a_stream_is_learned_from_an_even_sample() -> None:
    parts = [clouds(each=50, seed=seed) for seed in range(20)]
    book = Codebook.fit(iter(parts), k=4, rng=seeds(), most_frames=400)
    assert np.allclose(sorted_words(book), CENTRES, atol=[0.2, 20])
    assert book.counts.sum() == 400
    early = [np.zeros((1, 1000)), np.ones((1, 1000))]
    late = Codebook.fit(iter(early), k=2, rng=seeds(), most_frames=500)
    assert abs(late.counts[0] - 250) < 60, "frames at the end count as much as those at the start"


def test_refining_moves_words_to_where_frames_have_gone() -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds())
    moved = clouds(seed=9) + np.array([[1.0], [0.0]])
    after = book.refined(moved)
    assert after.counts.sum() == 1600
    assert np.allclose(sorted_words(after)[:, 0], CENTRES[:, 0] + 0.5, atol=0.1)
    assert np.array_equal(book.words, Codebook.fit(clouds(), k=4, rng=seeds()).words), (
        "the first is as it was"
    )


def test_a_histogram_is_shares_of_the_nearest_words() -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds())
    raw = book.words * book.deviation + book.mean
    frames = raw[[0, 0, 0, 2]].T
    assert book.encode(frames).tolist() == [0.75, 0, 0.25, 0]
    two = book.encode(frames, tau=2)
    assert two.sum() == pytest.approx(1)
    assert sorted(two)[-1] == pytest.approx(0.5)
    assert book.encode(frames, tau=4).tolist() == pytest.approx([0.25] * 4)


def test_brute_force_agrees() -> None:
    frames = seeds(4).standard_normal((5, 300))
    book = Codebook.fit(frames, k=16, rng=seeds())
    other = seeds(5).standard_normal((5, 77))
    points = ((other.T - book.mean) / book.deviation)[:, None]
    squared = ((points - book.words) ** 2).sum(axis=-1)
    order = squared.argsort(axis=1)
    for tau in (1, 3):
        want = np.bincount(order[:, :tau].reshape(-1), minlength=16) / (77 * tau)
        assert np.allclose(book.encode(other, tau=tau), want)
    soft = np.exp(-squared / (2 * 5 * 0.5**2))
    want = (soft / soft.sum(axis=1, keepdims=True)).mean(axis=0)
    assert np.allclose(book.encode(other, softness=0.5), want)


def test_softness_goes_from_counting_to_indifference() -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds())
    frames = clouds(seed=2)[:, :50]
    assert np.allclose(book.encode(frames, softness=0.01), book.encode(frames))
    assert np.allclose(book.encode(frames, softness=1000.0), 0.25, atol=1e-4)


def test_rare_words_weigh_more() -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds())
    histograms = np.array([[0.5, 0.5, 0, 0]] * 9 + [[0, 0.5, 0.5, 0]])
    after = book.weighted(histograms)
    assert after.weights[1] == pytest.approx(1.0), "a word of every recording says nothing"
    assert after.weights[3] > after.weights[2] > after.weights[0] > after.weights[1]
    frames = clouds(seed=2)
    assert np.allclose(after.encode(frames), book.encode(frames) * after.weights)


def test_saved_and_loaded_it_counts_the_same(tmp_path: Path) -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds()).weighted(np.eye(4))
    book.save(tmp_path / "book.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["book.npz"]
    again = Codebook.load(tmp_path / "book.npz")
    assert np.array_equal(again.encode(clouds(seed=2)), book.encode(clouds(seed=2)))


def test_a_damaged_file_is_refused_and_never_trusted(tmp_path: Path) -> None:
    path = tmp_path / "book.npz"
    Codebook.fit(clouds(), k=4, rng=seeds()).save(path)
    whole = path.read_bytes()
    rng = seeds()
    for cut in (0, 3, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(DataError):
            Codebook.load(path)
    for _ in range(100):
        spoiled = bytearray(whole)
        spoiled[rng.integers(len(whole))] ^= 1 << rng.integers(8)
        path.write_bytes(bytes(spoiled))
        try:
            again = Codebook.load(path)
        except DataError:
            continue
        assert np.isfinite(again.encode(clouds())).all()


@pytest.mark.parametrize(
    "change",
    [{"version": 99}, {"words": np.ones((4, 3))}, {"deviation": np.zeros(2)}, {"mean": np.full(2, np.nan)}],
)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    book = Codebook.fit(clouds(), k=4, rng=seeds())
    fields = {name: getattr(book, name) for name in ("words", "counts", "mean", "deviation", "weights")}
    out = io.BytesIO()
    np.savez(out, **{"version": 1, **fields, **change})  # type: ignore[arg-type]
    (tmp_path / "book.npz").write_bytes(out.getvalue())
    with pytest.raises(DataError):
        Codebook.load(tmp_path / "book.npz")


def test_what_cannot_be_learned_says_why() -> None:
    with pytest.raises(ParameterError, match="different frames"):
        Codebook.fit(np.zeros((2, 100)), k=2, rng=seeds())
    with pytest.raises(ParameterError, match="no frames"):
        Codebook.fit(np.zeros((2, 0)), k=1, rng=seeds())
    with pytest.raises(ParameterError, match="NaN"):
        Codebook.fit(np.full((2, 9), np.nan), k=1, rng=seeds())
    with pytest.raises(ParameterError, match="features"):
        Codebook.fit([np.ones((2, 9)), np.ones((3, 9))], k=1, rng=seeds())
    book = Codebook.fit(clouds(), k=4, rng=seeds())
    for frames, options in [
        (np.zeros((3, 9)), {}),
        (np.zeros((2, 0)), {}),
        (np.zeros((2, 9)), {"tau": 5}),
        (np.zeros((2, 9)), {"softness": 0.0}),
        (np.zeros((2, 9)), {"softness": 1.0, "tau": 2}),
    ]:
        with pytest.raises(ParameterError):
            book.encode(frames, **options)  # type: ignore[arg-type]


def test_a_feature_that_never_changes_is_no_obstacle() -> None:
    frames = np.vstack([clouds(), np.full(800, 7.0)])
    book = Codebook.fit(frames, k=4, rng=seeds())
    assert book.counts.tolist() == [200] * 4


def test_complex_words_are_damage(tmp_path: Path) -> None:
    ones = np.ones(2)
    with open(tmp_path / "c.npz", "wb") as file:
        np.savez(
            file,
            version=np.int64(1),
            words=np.ones((2, 2)) * 1j,
            counts=ones,
            mean=ones,
            deviation=ones,
            weights=ones,
        )
    with pytest.raises(DataError, match="damaged"):
        Codebook.load(tmp_path / "c.npz")


@pytest.mark.parametrize("softness", ["a", float("nan"), float("inf"), 0.0])
def test_softness_is_a_number_above_0(softness: float) -> None:
    book = Codebook(np.eye(2), np.ones(2), np.zeros(2), np.ones(2), np.ones(2))
    with pytest.raises(ParameterError, match="softness"):
        book.encode(np.ones((2, 3)), softness=softness)

"""A recording in a few numbers: what they mean, and that each has its name."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.features.summaries import summarise, summary_names

ROWS = np.random.default_rng(0).standard_normal((3, 101)) * [[1], [5], [0.1]] + [[0], [10], [-3]]
SOME = ("mean", "variance", "std", "min", "max", "median", "p10", "p90")


def test_the_numbers_are_those_of_numpy() -> None:
    found = dict(zip(summary_names("abc", statistics=SOME), summarise(ROWS, statistics=SOME), strict=True))
    for name, row in zip("abc", ROWS, strict=True):
        assert found[f"{name}_mean"] == pytest.approx(row.mean())
        assert found[f"{name}_variance"] == pytest.approx(row.var())
        assert found[f"{name}_std"] == pytest.approx(row.std())
        assert (found[f"{name}_min"], found[f"{name}_max"]) == (row.min(), row.max())
        for statistic, share in (("median", 50), ("p10", 10), ("p90", 90)):
            assert found[f"{name}_{statistic}"] == pytest.approx(np.percentile(row, share))


def test_percentiles_of_few_frames() -> None:
    for n in (1, 2, 3, 10):
        got = summarise(ROWS[:, :n], statistics=[f"p{share}" for share in (0, 33, 50, 100)])
        want = np.percentile(ROWS[:, :n], (0, 33, 50, 100), axis=1).T.reshape(-1)
        assert np.allclose(got, want)


def test_order_in_time_is_forgotten_but_not_by_deltas() -> None:
    shuffled = np.random.default_rng(1).permutation(ROWS, axis=1)
    smooth = np.sort(ROWS, axis=1)
    assert np.allclose(summarise(smooth, statistics=SOME), summarise(shuffled, statistics=SOME))
    names = summary_names("abc", statistics=("std",), deltas=1)
    moves = [
        dict(zip(names, summarise(x, statistics=("std",), deltas=1), strict=True)) for x in (smooth, shuffled)
    ]
    assert moves[0]["a_delta_std"] < 0.5 * moves[1]["a_delta_std"]


def test_a_steady_rise_has_its_slope_and_no_bend() -> None:
    rise = 0.25 * np.arange(60.0)[None]
    names = summary_names(["rise"], statistics=("median",), deltas=2)
    assert names == ("rise_median", "rise_delta_median", "rise_delta2_median")
    found = summarise(rise, statistics=("median",), deltas=2)
    assert found.tolist() == pytest.approx([0.25 * 29.5, 0.25, 0.0])


def test_textures_tell_a_tremolo_from_a_change() -> None:
    """The same values, alternating frame by frame or one half after the other."""
    tremolo = np.tile([0.0, 1.0], 50)[None]
    change = np.sort(tremolo, axis=1)
    options = {"statistics": ("std",), "texture_frames": 10, "over_textures": ("mean", "std")}
    names = summary_names(["x"], statistics=("std",), over_textures=("mean", "std"))
    assert names == ("x_std_mean", "x_std_std")
    assert summarise(tremolo, **options).tolist() == pytest.approx([0.5, 0.0])
    within, spread = summarise(change, **options)
    assert within < 0.1
    assert spread > 0.05
    means = summarise(change, statistics=("mean",), texture_frames=10, over_textures=("std",))
    assert means[0] == pytest.approx(0.5, abs=0.02)


def test_textures_longer_than_the_recording_are_the_recording() -> None:
    got = summarise(ROWS, statistics=("mean",), texture_frames=1000, over_textures=("mean",))
    assert np.allclose(got, ROWS.mean(axis=1))


@pytest.mark.parametrize("deltas", [0, 1, 2])
@pytest.mark.parametrize("texture", [None, 7])
def test_every_number_has_a_name_of_its_own(deltas: int, texture: int | None) -> None:
    over = ("mean", "max") if texture else None
    names = summary_names("abc", statistics=SOME, deltas=deltas, over_textures=over)
    values = summarise(
        ROWS, statistics=SOME, deltas=deltas, texture_frames=texture, over_textures=over or ("mean",)
    )
    assert len(set(names)) == len(names) == len(values)


@pytest.mark.parametrize(
    "options",
    [
        {"statistics": ("average",)},
        {"statistics": ("p101",)},
        {"statistics": "mean"},
        {"statistics": ()},
        {"deltas": 3},
        {"texture_frames": 0},
        {"texture_frames": 5, "over_textures": ("modus",)},
    ],
)
def test_what_is_not_known_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        summarise(ROWS, **options)  # type: ignore[arg-type]


def test_no_frames_are_refused() -> None:
    with pytest.raises(ParameterError, match="frame"):
        summarise(ROWS[:, :0])


@pytest.mark.parametrize("name", ["p1\n", "p101", 1])
def test_no_statistic_of_another_name(name: str) -> None:
    with pytest.raises(ParameterError, match="statistic"):
        summarise(np.ones((2, 3)), statistics=(name,))

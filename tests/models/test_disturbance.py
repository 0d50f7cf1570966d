"""What changes a sound while a network learns, and what of it stays."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from sori.models.disturbance import Disturbance, disturb, draw, mix  # noqa: E402
from sori.models.levels import FLOOR_DB  # noqa: E402

N, BANDS, FRAMES = 3, 16, 40


def nothing(**changed: Any) -> Disturbance:
    """Return what leaves everything as it is, but for what is given."""
    zeros = np.zeros(N, np.float32)
    still = Disturbance(
        turn=zeros,
        stretch=np.ones(N, np.float32),
        shift=zeros,
        gain_db=zeros,
        tilt_db=zeros,
        hill_db=zeros,
        hill_at=zeros,
        time_masks=[[[0, 0]]] * N,
        band_masks=[[[0, 0]]] * N,
        partner=np.array([1, 2, 0]),
        share=zeros,
    )
    return dataclasses.replace(still, **changed)


def levels() -> torch.Tensor:
    return torch.tensor(np.random.default_rng(0).uniform(-30, 0, (N, BANDS, FRAMES)), dtype=torch.float32)


def each(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_nothing_drawn_changes_nothing() -> None:
    torch.testing.assert_close(disturb(levels(), nothing()), levels())


def test_gain_is_added_and_silence_stays_silent() -> None:
    quiet = torch.full((N, BANDS, FRAMES), FLOOR_DB)
    found = disturb(levels(), nothing(gain_db=each(3, -3, 0)))
    torch.testing.assert_close(
        found - levels(), torch.tensor([3.0, -3, 0])[:, None, None].expand(N, BANDS, FRAMES)
    )
    assert (disturb(quiet, nothing(gain_db=each(-6, -6, -6))) == FLOOR_DB).all()


def test_a_tilt_turns_about_the_middle() -> None:
    change = (disturb(levels(), nothing(tilt_db=each(4, 4, 4))) - levels()).mean(dim=(0, 2))
    assert change[0] == pytest.approx(-2, abs=1e-4)
    assert change[-1] == pytest.approx(2, abs=1e-4)


def test_bands_move_and_nothing_comes_in() -> None:
    found = disturb(levels(), nothing(shift=each(2 / BANDS, 0, -2 / BANDS)))
    torch.testing.assert_close(found[0, 2:], levels()[0, :-2])
    torch.testing.assert_close(found[2, :-2], levels()[2, 2:])
    assert (found[0, :2] == FLOOR_DB).all()
    assert (found[2, -2:] == FLOOR_DB).all()


def test_turning_loses_nothing() -> None:
    found = disturb(levels(), nothing(turn=each(0.25, 0.5, 0)))
    torch.testing.assert_close(found[0], levels()[0].roll(-FRAMES // 4, dims=1))
    torch.testing.assert_close(found[1], levels()[1].roll(-FRAMES // 2, dims=1))


def test_stretching_keeps_the_middle() -> None:
    ramp = torch.linspace(-40, -10, FRAMES).expand(N, BANDS, FRAMES)
    found = disturb(ramp, nothing(stretch=each(0.5, 1, 1)))
    assert found[0, 0].diff().mean() == pytest.approx(float(ramp[0, 0].diff().mean()) / 2, rel=1e-3)
    assert found[0, 0].mean() == pytest.approx(float(ramp.mean()), abs=0.1)


def test_mixing_keeps_the_sum_of_labels() -> None:
    targets = torch.eye(3)
    drawn = nothing(share=each(0.25, 0, 0.5))
    mixed, wanted = mix(levels(), targets, drawn)
    torch.testing.assert_close(mixed[0], 0.75 * levels()[0] + 0.25 * levels()[1])
    assert wanted.tolist() == [[0.75, 0.25, 0], [0, 1, 0], [0.5, 0, 0.5]]


def test_draws_are_the_generator_s_alone_and_stay_in_bounds() -> None:
    one, same, other = (
        draw(np.random.default_rng(seed), (64, BANDS, FRAMES), turned=True, mixup=0.4) for seed in (0, 0, 1)
    )
    assert all(np.array_equal(getattr(one, f.name), getattr(same, f.name)) for f in dataclasses.fields(one))
    assert not np.array_equal(one.gain_db, other.gain_db)
    assert 0 <= one.share.min() <= one.share.max() <= 0.5, "the excerpt itself is the larger part"
    assert not draw(np.random.default_rng(0), (8, BANDS, FRAMES), turned=False, mixup=0).turn.any()
    found = disturb(torch.rand(64, BANDS, FRAMES) * -30, one)
    assert torch.isfinite(found).all()
    assert found.min() >= FLOOR_DB

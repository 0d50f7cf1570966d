from pathlib import Path

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.decibels import amplitude_to_db, db_to_amplitude, db_to_power, power_to_db

RECORDED = np.load(Path(__file__).parent / "recorded" / "stft.npz")


def test_the_numbers_are_librosas() -> None:
    size = np.abs(RECORDED["stft"])
    np.testing.assert_allclose(power_to_db(size**2, ref="max", top_db=60), RECORDED["power_db"], atol=1e-10)
    np.testing.assert_allclose(
        amplitude_to_db(size, ref=0.5, amin=1e-3), RECORDED["amplitude_db"], atol=1e-10
    )


def test_ten_times_the_power_is_ten_decibels() -> None:
    S = np.random.default_rng(0).random((20, 30)) + 0.1
    np.testing.assert_allclose(power_to_db(10 * S) - power_to_db(S), 10)
    np.testing.assert_allclose(amplitude_to_db(10 * S) - amplitude_to_db(S), 20)
    np.testing.assert_allclose(amplitude_to_db(S, ref=0.3), power_to_db(S**2, ref=0.09))


@pytest.mark.parametrize("ref", [1.0, 2e-5])
def test_there_and_back(ref: float) -> None:
    S = np.random.default_rng(1).random((20, 30)) + 1e-3
    np.testing.assert_allclose(db_to_power(power_to_db(S, ref=ref), ref=ref), S)
    np.testing.assert_allclose(db_to_amplitude(amplitude_to_db(S, ref=ref), ref=ref), S)


def test_silence_has_a_level() -> None:
    assert power_to_db(np.zeros((2, 3))).tolist() == np.full((2, 3), -100.0).tolist()
    # A floor that the dtype cannot hold is its smallest number.
    lowest = power_to_db(np.zeros((2, 3), np.float32), amin=1e-60)
    assert np.isfinite(lowest).all()
    assert power_to_db(np.zeros((2, 3)), ref="max", top_db=80).tolist() == np.zeros((2, 3)).tolist()


def test_the_loudest_of_each_member_of_a_batch_is_its_own() -> None:
    S = np.random.default_rng(2).random((4, 20, 30)) * np.array([1, 1e3, 1e-4, 1e6])[:, None, None]
    level = power_to_db(S, ref="max", top_db=40)
    np.testing.assert_array_equal(level.max(axis=(1, 2)), 0)
    assert level.min() >= -40
    np.testing.assert_array_equal(level[2], power_to_db(S[2], ref="max", top_db=40))


def test_what_is_asked_for_is_checked() -> None:
    for wrong in ({"amin": 0.0}, {"ref": 0.0}, {"ref": "median"}, {"top_db": -1.0}):
        with pytest.raises(ParameterError):
            power_to_db(np.ones((2, 2)), **wrong)
    with pytest.raises(ParameterError, match="complex"):
        power_to_db(np.ones((2, 2), complex))

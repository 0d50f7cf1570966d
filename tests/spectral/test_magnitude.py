import numpy as np

from sori.spectral.magnitude import from_polar, magnitude, phase, power

S = np.random.default_rng(0).standard_normal((2, 33, 20, 2)).view(complex)[..., 0]


def test_size_and_angle_are_all_there_is() -> None:
    np.testing.assert_allclose(from_polar(magnitude(S), phase(S)), S)
    np.testing.assert_allclose(power(S), magnitude(S) ** 2)


def test_power_of_what_is_real_is_its_square() -> None:
    assert power(np.array([-3.0, 2.0])).tolist() == [9.0, 4.0]


def test_the_angle_of_nothing_is_nothing() -> None:
    nothing = np.zeros(4, complex)
    nothing[1] = complex(-0.0, 0.0)
    assert phase(nothing).tolist() == [0, 0, 0, 0]
    quarter_turns = np.array([1, 1j, -1, -1j])
    np.testing.assert_allclose(phase(quarter_turns), np.pi / 2 * np.array([0, 1, 2, -1]))


def test_precision_is_kept() -> None:
    single = S.astype(np.complex64)
    assert {magnitude(single).dtype, power(single).dtype, phase(single).dtype} == {np.dtype("float32")}
    assert from_polar(magnitude(single), phase(single)).dtype == np.complex64

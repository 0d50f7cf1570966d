"""Pre-emphasis and its inverse."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.emphasis import deemphasis, preemphasis


@pytest.mark.parametrize("coefficient", [0.0, 0.5, 0.97, 1.0])
def test_the_inverse_brings_the_signal_back(coefficient: float) -> None:
    x = np.random.default_rng(0).standard_normal((2, 5000))
    raised = preemphasis(x, coefficient=coefficient)
    np.testing.assert_allclose(deemphasis(raised, coefficient=coefficient), x, atol=1e-11)


def test_a_level_is_lowered_and_the_highest_frequency_raised() -> None:
    np.testing.assert_allclose(preemphasis(np.ones(10))[1:], 0.03)
    np.testing.assert_allclose(np.abs(preemphasis((-1.0) ** np.arange(10)))[1:], 1.97)


def test_blocks_make_the_whole_in_both_directions() -> None:
    x = np.random.default_rng(1).standard_normal((2, 1000))
    raised, back, last_in, last_out = [], [], None, None
    for block in np.split(x, [1, 2, 300], axis=-1):
        raised.append(preemphasis(block, previous=last_in))
        back.append(deemphasis(raised[-1], previous=last_out))
        last_in, last_out = block[:, -1:], back[-1][:, -1:]
    np.testing.assert_allclose(np.concatenate(raised, axis=-1), preemphasis(x), atol=1e-14)
    np.testing.assert_allclose(np.concatenate(back, axis=-1), x, atol=1e-12)


@pytest.mark.parametrize("function", [preemphasis, deemphasis])
def test_other_coefficients_are_refused(function: object) -> None:
    for coefficient in (-0.1, 1.1, float("nan")):
        with pytest.raises(ParameterError, match="coefficient"):
            function(np.zeros(5), coefficient=coefficient)  # type: ignore[operator]

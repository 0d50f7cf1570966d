import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.excerpts import centre_excerpt, excerpt, loudest_excerpt

RATE = 1000
X = np.arange(10.0 * RATE)


def test_the_middle_has_as_much_before_as_after() -> None:
    found = centre_excerpt(X, sample_rate=RATE, duration_s=4)
    assert (found[0], found[-1], len(found)) == (3000, 6999, 4000)


def test_a_stretch_from_a_time_on() -> None:
    found = excerpt(X, sample_rate=RATE, start_s=1.5, duration_s=2.25)
    np.testing.assert_array_equal(found, X[1500:3750])
    late = excerpt(X, sample_rate=RATE, start_s=9.5, duration_s=1)
    np.testing.assert_array_equal(late, np.pad(X[9500:], (0, 500)))
    looped = excerpt(X, sample_rate=RATE, start_s=9.5, duration_s=1, short="loop")
    np.testing.assert_array_equal(looped, np.tile(X[9500:], 2))
    with pytest.raises(ParameterError, match="got 500 samples"):
        excerpt(X, sample_rate=RATE, start_s=9.5, duration_s=1, short="error")


def test_nothing_is_asked_for_before_the_start_or_of_no_length() -> None:
    with pytest.raises(ParameterError, match="start_s=-1"):
        excerpt(X, sample_rate=RATE, start_s=-1, duration_s=1)
    for wrong in (0.0, -1.0, 1e-9):
        with pytest.raises(ParameterError, match="at least one sample"):
            centre_excerpt(X, sample_rate=RATE, duration_s=wrong)


@pytest.mark.parametrize("start", [0, 1230, 4000, 7000])
def test_the_loudest_part_is_found_within_a_cell(start: int) -> None:
    rng = np.random.default_rng(start)
    x = 0.01 * rng.standard_normal(10 * RATE)
    x[start : start + 3000] *= 20
    place = loudest_excerpt(np.stack([x, x]), sample_rate=RATE, duration_s=3)
    assert place.shape == (2, 3000)
    at = np.flatnonzero(x == place[0, 0])[0]
    assert abs(at - start) <= 10
    np.testing.assert_array_equal(place[0], x[at : at + 3000])


def test_each_signal_has_its_own_and_channels_keep_together() -> None:
    x = np.zeros((2, 10 * RATE))
    x[0, 2000:3000] = 0.5
    x[1, 6000:7000] = 1.0
    apart = loudest_excerpt(x, sample_rate=RATE, duration_s=1)
    assert (apart == [[0.5], [1.0]]).all()
    together = loudest_excerpt(x, sample_rate=RATE, duration_s=1, linked=True)
    np.testing.assert_array_equal(together, x[:, 6000:7000])


def test_silence_gives_its_beginning_and_short_signals_are_filled() -> None:
    assert loudest_excerpt(np.zeros(5000), sample_rate=RATE, duration_s=1).shape == (1000,)
    assert loudest_excerpt(np.ones(500), sample_rate=RATE, duration_s=1).tolist() == [1.0] * 500 + [0.0] * 500
    assert loudest_excerpt(np.ones(500), sample_rate=RATE, duration_s=1, short="loop").all()
    with pytest.raises(ParameterError, match="linked"):
        loudest_excerpt(X, sample_rate=RATE, duration_s=1, linked=True)

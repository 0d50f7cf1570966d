import numpy as np
import pytest

from sori.errors import ParameterError
from sori.signal.level import rms_level
from sori.signal.mixing import downmix_surround, left_right, mid_side, mix_at_snr, pan, to_mono, to_stereo

RNG = np.random.default_rng(1)
SIGNALS = RNG.standard_normal((3, 8000)) * [[0.3], [0.01], [0.1]]
NOISE = RNG.standard_normal(8000)


@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 30.0])
def test_the_ratio_is_what_was_asked_for_each_signal(snr_db: float) -> None:
    added = mix_at_snr(SIGNALS, NOISE, snr_db=snr_db) - SIGNALS
    np.testing.assert_allclose(rms_level(SIGNALS) - rms_level(added), snr_db, atol=1e-9)


def test_each_signal_can_have_a_ratio_of_its_own() -> None:
    wanted = np.array([0.0, 10.0, 20.0])
    added = mix_at_snr(SIGNALS, NOISE, snr_db=wanted) - SIGNALS
    np.testing.assert_allclose(rms_level(SIGNALS) - rms_level(added), wanted, atol=1e-9)


@pytest.mark.parametrize("length", [1, 100, 3000, 8000, 50000])
def test_noise_of_any_length_is_fitted_and_measured_where_it_falls(length: int) -> None:
    noise = np.concatenate([np.ones(1), np.linspace(0.1, 1, length)[1:]])
    for rng in (None, np.random.default_rng(2)):
        added = mix_at_snr(SIGNALS, noise, snr_db=6.0, rng=rng) - SIGNALS
        np.testing.assert_allclose(rms_level(SIGNALS) - rms_level(added), 6.0, atol=1e-9)


def test_linked_channels_keep_the_balance_of_the_noise() -> None:
    noise = np.stack([NOISE, 0.5 * NOISE])
    added = mix_at_snr(SIGNALS[:2], noise, snr_db=5.0, linked=True) - SIGNALS[:2]
    assert rms_level(SIGNALS[:2], linked=True) - rms_level(added, linked=True) == pytest.approx(5.0)
    np.testing.assert_allclose(added[0], 2 * added[1], atol=1e-12)


def test_silence_stays_silent_and_silent_noise_adds_nothing() -> None:
    assert not mix_at_snr(np.zeros(100), NOISE, snr_db=0.0).any()
    np.testing.assert_array_equal(mix_at_snr(SIGNALS, np.zeros(10), snr_db=0.0), SIGNALS)
    with pytest.raises(ParameterError, match="noise is empty"):
        mix_at_snr(SIGNALS, NOISE[:0], snr_db=0.0)
    with pytest.raises(ParameterError, match="one kind and precision"):
        mix_at_snr(SIGNALS, NOISE.astype(np.float32), snr_db=0.0)


def test_mid_and_side_of_16_bit_sound_give_it_back_exactly() -> None:
    x = np.random.default_rng(3).integers(-32768, 32768, (4, 2, 10000)).astype(np.float32) / 32768
    np.testing.assert_array_equal(left_right(mid_side(x)), x)
    np.testing.assert_array_equal(mid_side(left_right(x)), x)
    np.testing.assert_array_equal(mid_side(x)[:, 0], to_mono(x))


def test_mono_has_no_side() -> None:
    x = to_stereo(SIGNALS[0])
    assert x.shape == (2, 8000)
    mid, side = mid_side(x)
    np.testing.assert_array_equal(mid, SIGNALS[0])
    assert not side.any()
    np.testing.assert_array_equal(to_stereo(x), x)
    assert to_stereo(SIGNALS[:, None]).shape == (3, 2, 8000)


@pytest.mark.parametrize("attenuate", [False, True])
def test_surround_comes_down_by_the_table(attenuate: bool) -> None:
    """BS.775 Annex 4, 3/2 to 2/0: 0.7071 for centre and surrounds; the LFE is not part of it."""
    got = downmix_surround(np.eye(6), attenuate=attenuate)
    h = 0.7071
    want = np.array([[1, 0, h, 0, h, 0], [0, 1, h, 0, 0, h]]) / (1 + 2 * h if attenuate else 1)
    np.testing.assert_allclose(got, want, atol=1e-4)
    five = np.delete(np.eye(6), 3, axis=0)
    np.testing.assert_allclose(downmix_surround(five, attenuate=attenuate), want, atol=1e-4)


def test_attenuated_downmix_cannot_clip() -> None:
    assert np.abs(downmix_surround(np.ones((6, 1)))).max() == pytest.approx(1.0)


@pytest.mark.parametrize("position", [-1.0, -0.4, 0.0, 0.7, 1.0])
def test_panning_keeps_the_power(position: float) -> None:
    y = pan(SIGNALS, position=position)
    np.testing.assert_allclose((y**2).sum(axis=-2), SIGNALS**2, atol=1e-12)
    balance = np.abs(y[..., 1, :]).sum() - np.abs(y[..., 0, :]).sum()
    assert np.sign(round(balance, 9)) == np.sign(position)


def test_positions_may_differ_and_stop_at_the_loudspeakers() -> None:
    y = pan(SIGNALS, position=np.array([-1.0, 0.0, 5.0]))
    np.testing.assert_allclose(y[0], [SIGNALS[0], 0 * SIGNALS[0]], atol=1e-12)
    np.testing.assert_allclose(y[1, 0], y[1, 1])
    np.testing.assert_allclose(y[2, 1], SIGNALS[2], atol=1e-12)
    np.testing.assert_allclose(pan(SIGNALS[2], position=5.0), y[2], atol=1e-12)


def test_channels_that_are_not_there_are_refused() -> None:
    for call in (mid_side, left_right, downmix_surround, to_mono):
        with pytest.raises(ParameterError, match=r"got shape \(8000,\)"):
            call(SIGNALS[0])
    with pytest.raises(ParameterError, match=r"got shape \(3, 8000\), want \(..., 1, time\)"):
        to_stereo(SIGNALS)

"""Cepstra and their motion: cosine transforms, what a coefficient hears, slopes of known curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import fft, signal

from sori.errors import ParameterError
from sori.spectral.cepstrum import dct, idct, lifter, mfcc, mfcc_from_log_mel, unlifter
from sori.spectral.delta import delta, delta_weights, regression_delta
from sori.spectral.log_mel import compressed, expanded, log_mel_spectrogram
from sori.spectral.mel import mel_spectrogram
from spectral.recorded.make_cepstrum import sound

RATE = 22050
NOISE = np.random.default_rng(3).standard_normal((2, 17, 25))


@pytest.mark.parametrize("kind", [1, 2, 3, 4])
@pytest.mark.parametrize("axis", [-1, -2, 0])
class TestCosineTransforms:
    @pytest.mark.parametrize("norm", ["ortho", None])
    def test_are_those_of_scipy(self, kind: int, axis: int, norm: str | None) -> None:
        want = fft.dct(NOISE, type=kind, norm=norm, axis=axis)
        np.testing.assert_allclose(dct(NOISE, kind=kind, norm=norm, axis=axis), want, atol=1e-12)
        want = fft.idct(NOISE, type=kind, norm=norm, axis=axis)
        np.testing.assert_allclose(idct(NOISE, kind=kind, norm=norm, axis=axis), want, atol=1e-12)

    @pytest.mark.parametrize("norm", ["ortho", "htk", None])
    def test_are_undone(self, kind: int, axis: int, norm: str | None) -> None:
        again = idct(dct(NOISE, kind=kind, norm=norm, axis=axis), kind=kind, norm=norm, axis=axis)
        np.testing.assert_allclose(again, NOISE, atol=1e-12)

    def test_keep_lengths_when_orthogonal(self, kind: int, axis: int) -> None:
        np.testing.assert_allclose(
            np.linalg.norm(dct(NOISE, kind=kind, axis=axis), axis=axis), np.linalg.norm(NOISE, axis=axis)
        )


def test_the_first_coefficients_are_the_smoothest_approximation() -> None:
    few = idct(dct(NOISE, n_out=5), n_out=25)
    np.testing.assert_allclose(dct(few)[..., :5], dct(NOISE, n_out=5), atol=1e-12)
    np.testing.assert_allclose(dct(few)[..., 5:], 0, atol=1e-12)


def test_htk_scales_the_first_coefficient_like_the_others() -> None:
    x = np.linspace(1, 2, 26)
    # The HTK Book 3.4, equation 5.14: c_i = sqrt(2 / N) sum_j m_j cos(pi i (j - 1/2) / N), and c_0 likewise.
    j = np.arange(1, 27)
    want = [np.sqrt(2 / 26) * np.sum(x * np.cos(np.pi * i * (j - 0.5) / 26)) for i in range(13)]
    np.testing.assert_allclose(dct(x, n_out=13, norm="htk"), want, atol=1e-12)


def test_a_ripple_over_mels_is_one_coefficient() -> None:
    """A log spectrum that swings 3 and a half times over the bands has all its shape in coefficient 7."""
    ripple = np.cos(np.pi * 7 * (np.arange(40) + 0.5) / 40)[:, None] + np.zeros(6)
    cepstra = mfcc_from_log_mel(ripple, n_mfcc=13)
    assert (np.abs(cepstra).argmax(axis=0) == 7).all()
    np.testing.assert_allclose(np.delete(cepstra, 7, axis=0), 0, atol=1e-12)


def test_gain_moves_only_the_first_coefficient() -> None:
    x = sound(RATE).astype(float)
    moved = mfcc(0.5 * x, sample_rate=RATE) - mfcc(x, sample_rate=RATE)
    np.testing.assert_allclose(moved[0], -20 * np.log10(2) * np.sqrt(128), rtol=1e-9)
    np.testing.assert_allclose(moved[1:], 0, atol=1e-9)


def test_pitch_moves_low_coefficients_less_than_formants_do() -> None:
    """What cepstra are for: the same vowel at two pitches is nearer than two vowels at one pitch."""

    def vowel(hz: float, formants: tuple[float, ...]) -> Any:
        x = signal.sawtooth(2 * np.pi * hz * np.arange(RATE) / RATE)
        for formant in formants:
            b, a = signal.iirpeak(formant, 5, fs=RATE)
            x = 0.1 * x + signal.lfilter(b, a, x)
        return mfcc(x, sample_rate=RATE, n_mfcc=13, n_mels=40).mean(axis=-1)[1:]

    low_a, high_a = vowel(110, (700, 1200, 2600)), vowel(131, (700, 1200, 2600))
    low_i = vowel(110, (280, 2250, 2900))
    assert np.linalg.norm(low_a - high_a) < 0.5 * np.linalg.norm(low_a - low_i)


def test_lifters_count_as_they_are_told_and_are_undone() -> None:
    cepstra = NOISE[0, :13]
    k = np.arange(13)[:, None]
    np.testing.assert_allclose(lifter(cepstra, length=22), cepstra * (1 + 11 * np.sin(np.pi * k / 22)))
    np.testing.assert_array_equal(lifter(cepstra, length=22)[0], cepstra[0])
    from_one = lifter(cepstra, length=22, first=1)
    np.testing.assert_allclose(from_one, cepstra * (1 + 11 * np.sin(np.pi * (k + 1) / 22)))
    np.testing.assert_allclose(unlifter(from_one, length=22, first=1), cepstra)


@pytest.mark.parametrize("compression", ["db", "log", "log1p"])
def test_levels_are_expanded_to_the_powers_they_were(compression: Any) -> None:
    S = 10.0 ** np.linspace(-6, 3, 20).reshape(4, 5)
    for options in ({}, {"ref": 0.01}, {"offset": 0.5}):
        level = compressed(S, compression=compression, **options)
        assert (np.diff(level.reshape(-1)) > 0).all()
        np.testing.assert_allclose(expanded(level, compression=compression, **options), S, rtol=1e-6)


def test_compressions_are_what_their_names_say() -> None:
    S = np.array([[0.0, 1e-3, 1.0, 50.0]])
    np.testing.assert_allclose(compressed(S, compression="log", amin=1e-6), np.log(np.maximum(S, 1e-6)))
    np.testing.assert_allclose(compressed(S, compression="log", offset=1e-6), np.log(S + 1e-6))
    np.testing.assert_allclose(compressed(S, compression="log1p", ref=0.1), np.log1p(S / 0.1), atol=1e-9)
    in_db = compressed(S, ref="max", top_db=40)
    np.testing.assert_allclose(in_db, [[-40, -40, 10 * np.log10(1 / 50), 0]])
    in_nepers = compressed(S, compression="log", ref="max", top_db=40)
    np.testing.assert_allclose(in_nepers, in_db * np.log(10) / 10, atol=1e-12)


def test_a_quiet_sound_beside_a_loud_one_keeps_its_own_reference() -> None:
    x = sound(RATE).astype(float) * np.array([[1.0], [1e-3]])
    for compression in ("db", "log", "log1p"):
        level = log_mel_spectrogram(
            x, sample_rate=RATE, compression=compression, ref="max", top_db=60, amin=1e-15
        )
        np.testing.assert_allclose(level[0], level[1], atol=1e-9)


def test_log_mel_is_the_logarithm_of_mel() -> None:
    x = sound(RATE)
    options: dict[str, Any] = {"sample_rate": RATE, "n_fft": 512, "n_mels": 30, "fmax": 8000.0}
    mel = mel_spectrogram(x, **options)
    np.testing.assert_array_equal(
        log_mel_spectrogram(x, compression="log1p", **options), compressed(mel, compression="log1p")
    )


class TestDeltas:
    @pytest.mark.parametrize("width", [3, 5, 9, 41])
    @pytest.mark.parametrize("order", [1, 2])
    def test_polynomials_have_their_derivatives_up_to_the_ends(self, width: int, order: int) -> None:
        t = np.arange(60.0)
        got = delta(3 + 2 * t - 0.5 * t**2, width=width, order=order, degree=2)
        np.testing.assert_allclose(got, 2 - t if order == 1 else -1 + 0 * t, atol=1e-9)

    @pytest.mark.parametrize(
        ("mode", "theirs"),
        [
            ("interp", "interp"),
            ("edge", "nearest"),
            ("reflect", "mirror"),
            ("wrap", "wrap"),
            ("constant", "constant"),
        ],
    )
    def test_are_those_of_scipy(self, mode: str, theirs: str) -> None:
        for width, order, degree in ((9, 1, 1), (9, 2, 2), (7, 1, 3), (21, 3, 4)):
            want = signal.savgol_filter(NOISE, width, degree, deriv=order, mode=theirs)
            np.testing.assert_allclose(
                delta(NOISE, width=width, order=order, degree=degree, mode=mode), want, atol=1e-12
            )

    def test_the_middle_weights_of_five_are_known(self) -> None:
        # Savitzky & Golay 1964, tables: first derivative by a line, second by a parabola.
        np.testing.assert_allclose(
            delta_weights(width=5, order=1, degree=1)[2] * 10, [-2, -1, 0, 1, 2], atol=1e-12
        )
        np.testing.assert_allclose(delta_weights(width=5, order=2, degree=2)[2] * 7, [2, -1, -2, -1, 2])

    def test_regression_is_the_formula_of_the_htk_book(self) -> None:
        x = NOISE[0]
        for reach in (1, 2, 3):
            wide = np.pad(x, ((0, 0), (reach, reach)), mode="edge")
            n = x.shape[-1]
            want = sum(
                k * (wide[:, reach + k : reach + k + n] - wide[:, reach - k : reach - k + n])
                for k in range(1, reach + 1)
            ) / (2 * sum(k * k for k in range(1, reach + 1)))
            np.testing.assert_allclose(regression_delta(x, reach=reach), want, atol=1e-12)
        twice = regression_delta(regression_delta(x))
        np.testing.assert_array_equal(regression_delta(x, order=2), twice)

    def test_too_few_frames(self) -> None:
        assert delta(np.arange(9.0)).round(9).tolist() == [1.0] * 9
        with pytest.raises(ParameterError, match="mode='edge'"):
            delta(np.arange(8.0))
        assert delta(np.arange(2.0), mode="edge").shape == (2,)
        assert regression_delta(np.array([4.0])).tolist() == [0.0]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: dct(NOISE, kind=5), "want 1, 2, 3 or 4"),
        (lambda: dct(NOISE, norm="slaney"), "want 'ortho'"),
        (lambda: dct(NOISE, n_out=26), "at most 25"),
        (lambda: idct(NOISE, n_out=24), "at most 24"),
        (lambda: dct(np.ones(1), kind=1), "at least 2"),
        (lambda: lifter(NOISE, length=0), "length=0"),
        (lambda: unlifter(NOISE, length=2), "it is lost"),
        (lambda: mfcc(np.ones(4000), sample_rate=RATE, n_mels=12), "at most 12"),
        (lambda: compressed(NOISE**2, compression="ln"), "compression='ln'"),
        (lambda: compressed(NOISE**2, compression="log", ref=0), "ref=0"),
        (lambda: compressed(NOISE**2, compression="log", amin=0), "amin=0"),
        (lambda: compressed(NOISE**2, compression="log", top_db=-1), "top_db=-1"),
        (lambda: compressed(NOISE**2, offset=-1), "offset=-1"),
        (lambda: delta(NOISE, width=8), "odd width"),
        (lambda: delta(NOISE, order=2, degree=1), "at least the order"),
        (lambda: delta(NOISE, width=3, order=3), "above the degree"),
        (lambda: delta(NOISE, mode="mirror"), "mode='mirror'"),
        (lambda: regression_delta(NOISE, reach=0), "reach=0"),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[[], Any], says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        call()

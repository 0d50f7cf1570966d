"""Harmonic-percussive separation: tones and strokes are told apart, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest

from sori.errors import ParameterError
from sori.spectral.separation import hpss, hpss_masks, hpss_waveform, soft_mask
from spectral.test_descriptors import RATE, RECORDED, signal, spectrum


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("hpss", {}),
        ("hpss_margin", {"margin": (1.0, 3.0), "kernel_size": (9, 17), "exponent": 1.0}),
        ("hpss_hard", {"margin": 2.0, "exponent": float("inf")}),
    ],
)
def test_the_numbers_are_librosas(name: str, options: dict[str, object]) -> None:
    parts = hpss(spectrum(), **options)  # type: ignore[arg-type]
    np.testing.assert_allclose(parts.harmonic[::16], RECORDED[f"{name}_harmonic"], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(parts.percussive[::16], RECORDED[f"{name}_percussive"], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("margin", [1.0, (1.0, 2.0), 3.0])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_parts_of_a_signal_add_up_to_it(margin: float, dtype: type) -> None:
    x = signal().astype(dtype)
    parts = hpss_waveform(x, margin=margin)
    assert all(part.shape == x.shape and part.dtype == dtype for part in parts)
    np.testing.assert_allclose(sum(parts), x, atol=4 * np.finfo(dtype).eps)
    if margin == 1.0:
        assert not parts.residual.any()


def test_a_chord_and_strokes_are_told_apart() -> None:
    n = 3 * RATE
    t = np.arange(n) / RATE
    chord = sum(0.3 * np.sin(2 * np.pi * hz * t) for hz in (261.6, 329.6, 392.0))
    strokes = np.zeros(n)
    strokes[RATE // 4 :: RATE // 2] = 5.0
    parts = hpss_waveform(chord + strokes)
    inside = slice(RATE // 2, -RATE // 2)

    def share(part: np.ndarray, of: np.ndarray) -> float:
        return float(np.sum((part - of)[inside] ** 2) / np.sum(of[inside] ** 2))

    assert share(parts.harmonic, chord) < 0.01
    assert share(parts.percussive, strokes) < 0.15


def test_noise_is_residual_when_parts_must_be_clear() -> None:
    x = np.random.default_rng(0).standard_normal(2 * RATE)
    parts = hpss_waveform(x, margin=4.0)
    assert np.sum(parts.residual**2) > 0.7 * np.sum(x**2)


def test_masks_of_margin_1_share_everything() -> None:
    masks = hpss_masks(spectrum(), exponent=3.0)
    np.testing.assert_allclose(masks.harmonic + masks.percussive, 1.0, atol=1e-12)
    hard = hpss_masks(spectrum(), exponent=float("inf"))
    assert set(np.unique(hard.harmonic)) == {0.0, 1.0}


def test_wider_margins_leave_less() -> None:
    narrow, wide = hpss_masks(spectrum(), margin=1.5), hpss_masks(spectrum(), margin=3.0)
    assert (wide.harmonic <= narrow.harmonic).all()
    assert (wide.percussive <= narrow.percussive).all()


def test_the_mask_holds_at_any_scale() -> None:
    a, b = np.float32([1e-30, 1e30, 3.0]), np.float32([1e-30, 1e30, 1.0])
    np.testing.assert_allclose(soft_mask(a, b), [0.5, 0.5, 0.9], rtol=1e-6)
    assert soft_mask(a, b).dtype == np.float32


def test_a_short_signal_is_folded_under_the_kernel() -> None:
    parts = hpss_waveform(np.ones(100))
    np.testing.assert_allclose(sum(parts), 1.0)


@pytest.mark.parametrize(
    "options", [{"kernel_size": 30}, {"margin": 0.5}, {"exponent": 0.0}, {"kernel_size": (3, 5, 7)}]
)
def test_what_makes_no_sense_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        hpss(np.ones((65, 40)), **options)  # type: ignore[arg-type]

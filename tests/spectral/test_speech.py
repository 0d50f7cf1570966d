"""Speech front ends: the numbers of Kaldi, what frames and energies mean, what gain and offsets do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sori.errors import ParameterError
from sori.spectral.speech import htk_fbank, htk_mfcc, kaldi_fbank, kaldi_mfcc, speech_filterbank
from spectral.recorded.make_cepstrum import EVERY, sound

RECORDED = np.load(Path(__file__).parent / "recorded" / "cepstrum.npz")

# Kaldi computes in single precision: natural logarithms agree to 1e-4 where a band holds 1e-9 of the frame,
# and cepstra, each a sum over all bands that the lifter multiplies by up to 12, to some 3e-4.
LOG_TOLERANCE = 3e-4
CEPSTRUM_TOLERANCE = 1e-3


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("name", "call", "options"),
    [
        ("kaldi_fbank", kaldi_fbank, {"n_mels": 80}),
        ("kaldi_fbank_all", kaldi_fbank, {"n_mels": 40, "snip_edges": False}),
        ("kaldi_fbank_8k", kaldi_fbank, {"fmax": 3600, "energy": "first"}),
        ("kaldi_fbank_wet", kaldi_fbank, {"energy": "last", "raw_energy": False, "energy_floor": 1e9}),
        ("kaldi_fbank_unit", kaldi_fbank, {"scale": 1, "window": "hann"}),
        ("kaldi_mfcc", kaldi_mfcc, {}),
        (
            "kaldi_mfcc_c0",
            kaldi_mfcc,
            {"use_energy": False, "n_mfcc": 20, "n_mels": 40, "lifter_length": None},
        ),
        ("htk_fbank", htk_fbank, {}),
        ("htk_mfcc_power", htk_mfcc, {"exponent": 2, "last": "c0"}),
        ("htk_mfcc_power_e", htk_mfcc, {"exponent": 2, "last": "energy"}),
    ],
)
def test_numbers_are_those_of_kaldi(
    name: str, call: Callable[..., NDArray[Any]], options: dict[str, Any], dtype: Any
) -> None:
    rate = 8000 if name.endswith("8k") else 16000
    # An offset of 0.01 shows whether frames lose their mean when they should.
    got = call((sound(rate) + 0.01).astype(dtype), sample_rate=rate, **options)
    assert got.dtype == dtype
    tolerance = CEPSTRUM_TOLERANCE if "mfcc" in name else LOG_TOLERANCE
    np.testing.assert_allclose(got[:, ::EVERY], RECORDED[name], rtol=0, atol=tolerance)


def test_a_tone_is_loudest_in_its_band() -> None:
    centres = np.linspace(*np.log1p(np.array([20, 8000]) / 700), 42)[1:-1]
    for hz in (300, 1000, 4000):
        x = np.sin(2 * np.pi * hz * np.arange(16000) / 16000)
        found = kaldi_fbank(x, sample_rate=16000, n_mels=40).mean(axis=-1).argmax()
        assert abs(found - np.abs(centres - np.log1p(hz / 700)).argmin()) <= 1


def test_an_offset_is_not_heard_and_gain_adds_to_logarithms() -> None:
    x = sound(16000).astype(np.float64)
    plain = kaldi_fbank(x, sample_rate=16000)
    np.testing.assert_allclose(kaldi_fbank(x + 0.3, sample_rate=16000), plain, atol=1e-7)
    np.testing.assert_allclose(kaldi_fbank(0.5 * x, sample_rate=16000), plain - 2 * np.log(2), atol=1e-7)
    with_offset = kaldi_fbank(x + 0.3, sample_rate=16000, remove_dc=False)
    assert np.abs(with_offset - plain).max() > 1


def test_gain_moves_only_the_first_coefficient() -> None:
    x = sound(16000).astype(np.float64)
    moved = kaldi_mfcc(0.25 * x, sample_rate=16000) - kaldi_mfcc(x, sample_rate=16000)
    np.testing.assert_allclose(moved[0], 2 * np.log(0.25), atol=1e-9)
    np.testing.assert_allclose(moved[1:], 0, atol=1e-7)


def test_energy_is_that_of_the_samples() -> None:
    x = np.full(400, 0.5)
    kept = kaldi_fbank(x, sample_rate=16000, energy="first", remove_dc=False)
    assert kept[0, 0] == pytest.approx(np.log(400 * (0.5 * 32768) ** 2))
    silent = kaldi_fbank(np.zeros(400), sample_rate=16000, energy="last", log=False)
    assert silent[-1, 0] == pytest.approx(np.log(2.0**-23))
    assert not silent[:-1].any()


def test_every_hop_has_a_frame_unless_edges_are_snipped() -> None:
    for n in (400, 559, 560, 8000, 16001):
        x = np.ones(n)
        assert kaldi_fbank(x, sample_rate=16000).shape[-1] == 1 + (n - 400) // 160
        assert kaldi_fbank(x, sample_rate=16000, snip_edges=False).shape[-1] == (n + 80) // 160
    # Inside, a frame of one sort is a frame of the other when they start at the same sample.
    x = sound(16000)
    moved = kaldi_fbank(x[40:], sample_rate=16000)  # 160 / 2 - 400 / 2 + 160 = 40
    all_of_it = kaldi_fbank(x, sample_rate=16000, snip_edges=False)
    np.testing.assert_allclose(all_of_it[:, 1:90], moved[:, :89], atol=1e-3)


def test_a_signal_shorter_than_a_frame() -> None:
    with pytest.raises(ParameterError, match="snip_edges=False"):
        kaldi_fbank(np.ones(399), sample_rate=16000)
    # 100 samples, mirrored there and back, are the middle of a longer signal that is its own mirror.
    x = np.random.default_rng(0).standard_normal(100)
    long = np.concatenate([x[::-1], x, x[::-1], x])
    found = kaldi_fbank(x, sample_rate=16000, snip_edges=False)
    np.testing.assert_allclose(found, kaldi_fbank(np.roll(long, 20), sample_rate=16000)[:, :1])
    with pytest.raises(ParameterError, match="no frame"):
        kaldi_fbank(np.ones(79), sample_rate=16000, snip_edges=False)


def test_htk_keeps_its_coefficients_in_its_order() -> None:
    x = sound(16000)
    alone = htk_mfcc(x, sample_rate=16000)
    assert alone.shape[0] == 12
    with_c0 = htk_mfcc(x, sample_rate=16000, last="c0")
    np.testing.assert_array_equal(with_c0[:12], alone)
    bands = htk_fbank(x, sample_rate=16000)
    np.testing.assert_allclose(with_c0[12], np.sqrt(2 / 26) * bands.sum(axis=0), rtol=1e-5)


def test_bands_are_triangles_over_mels() -> None:
    bank = speech_filterbank(sample_rate=16000, n_fft=512, n_mels=23, fmin=20.0)
    assert bank.shape == (23, 257)
    assert bank[:, -1].max() < 1e-12  # nothing of the frequency at half the rate, as Kaldi leaves it out
    mels = 1127 * np.log1p(np.arange(257) * 31.25 / 700)
    edges = np.linspace(1127 * np.log1p(20 / 700), 1127 * np.log1p(8000 / 700), 25)
    rises = np.interp(mels, edges[10:13], [0, 1, 0], left=0, right=0)
    np.testing.assert_allclose(bank[10], rises, atol=1e-9)
    inside = (mels > edges[1]) & (mels < edges[-2])
    np.testing.assert_allclose(bank[:, inside].sum(axis=0), 1, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "options", "says"),
    [
        (kaldi_fbank, {"energy": "middle"}, "want 'first'"),
        (kaldi_fbank, {"n_fft": 256}, "win_length=400"),
        (kaldi_fbank, {"fmax": 9000}, "half the sample rate"),
        (kaldi_mfcc, {"n_mfcc": 24}, "at most 23"),
        (htk_mfcc, {"last": "first"}, "want 'c0'"),
        (htk_fbank, {"window": "triangle"}, "window='triangle'"),
    ],
)
def test_what_cannot_be_is_refused(call: Callable[..., Any], options: dict[str, Any], says: str) -> None:
    with pytest.raises(ParameterError, match=says):
        call(np.ones(1600), sample_rate=16000, **options)

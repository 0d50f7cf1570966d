"""What is given by mistake is refused in one way, and what is given in another form is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sori import spectral
from sori.arrays import real, waveform
from sori.errors import ParameterError

X = np.random.default_rng(0).standard_normal(16000).astype(np.float32)
S = np.random.default_rng(1).random((40, 60)).astype(np.float32)
FULL = np.random.default_rng(2).random((513, 20)).astype(np.float32)


def mel(x: Any = X, **options: Any) -> Any:
    return spectral.mel_spectrogram(x, **{"sample_rate": 16000, "n_fft": 512, **options})


NUMBERS: dict[str, Callable[[Any], Any]] = {
    "sample_rate of mel": lambda v: mel(sample_rate=v),
    "fmin of mel": lambda v: mel(fmin=v),
    "exponent of mel": lambda v: mel(exponent=v),
    "sample_rate of cqt": lambda v: spectral.cqt(X, sample_rate=v),
    "tuning of cqt": lambda v: spectral.cqt(X, sample_rate=16000, n_bins=24, tuning=v),
    "floor of tonnetz": lambda v: spectral.tonnetz(S[:12], floor=v),
    "tuning of chroma": lambda v: spectral.chroma_stft(X, sample_rate=16000, tuning=v),
    "ref of levels": lambda v: spectral.amplitude_to_db(S, ref=v),
    "amin of levels": lambda v: spectral.power_to_db(S, amin=v),
    "top_db of levels": lambda v: spectral.power_to_db(S, top_db=-1.0 if v is None else v),
    "ref of powers": lambda v: spectral.db_to_power(S, ref=v),
    "length of a lifter": lambda v: spectral.lifter(S, length=v),
    "length of a signal": lambda v: spectral.istft(FULL + 0j, length=-1 if v is None else v),
    "length of a constant-Q signal": lambda v: spectral.icqt(
        S[:24] + 0j, sample_rate=16000, length=-1 if v is None else v
    ),
    "energy_floor of Kaldi": lambda v: spectral.kaldi_mfcc(X, sample_rate=16000, energy_floor=v),
    "n_mfcc of HTK": lambda v: spectral.htk_mfcc(X, sample_rate=16000, n_mfcc=v),
    "sample_rate of a centroid": lambda v: spectral.spectral_centroid(FULL, sample_rate=v),
    "margin of hpss": lambda v: spectral.hpss(S, margin=[v, v]),
    "compression of flux": lambda v: spectral.spectral_flux(S, compression=-1.0 if v is None else v),
    "rate of a stretch": lambda v: spectral.time_stretch(X, rate=v),
    "axis of a cosine transform": lambda v: spectral.dct(S, axis=v),
    "n_fft": lambda v: spectral.stft(X, n_fft=v),
}


@pytest.mark.parametrize("wrong", ["16000", None, float("nan"), float("inf"), [1, 2], 1j], ids=repr)
@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_no_number_is_refused(name: str, wrong: Any) -> None:
    with pytest.raises(ParameterError):
        NUMBERS[name](wrong)


def test_a_truth_value_is_no_count() -> None:
    with pytest.raises(ParameterError, match="n_fft=True"):
        spectral.stft(X, n_fft=True)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_signal_whose_spectrum_would_overflow_is_refused(dtype: str) -> None:
    loud = X.astype(dtype) * (1e20 if dtype == "float32" else 1e160)
    with pytest.raises(ParameterError, match="divide by the largest"):
        mel(loud)
    assert np.array_equal(real(loud)[1], loud)  # a number like any other where no energy is asked for


def test_samples_of_32_bits_as_numbers_are_no_overflow() -> None:
    assert np.isfinite(mel(X * 2.0**29)).all()


def test_energies_are_no_levels() -> None:
    with pytest.raises(ParameterError, match="negative"):
        spectral.pcen(-S, sample_rate=16000, hop_length=128)


def test_an_empty_batch_has_no_sound() -> None:
    with pytest.raises(ParameterError, match="shape"):
        spectral.griffin_lim(np.zeros((0, 513, 10)))


@pytest.mark.parametrize("wrong", [None, "a.wav", [[0.0, 1.0], [2.0]], np.ones((4, 4), int), {"x": 1}])
@pytest.mark.parametrize("name", ["magnitude", "power", "phase"])
def test_size_and_angle_are_of_spectra(name: str, wrong: Any) -> None:
    with pytest.raises(ParameterError):
        getattr(spectral, name)(wrong)


def test_lists_are_spectra_too() -> None:
    assert spectral.power([[3 + 4j]]).tolist() == [[25.0]]
    assert spectral.from_polar([[2.0]], [[0.0]]).tolist() == [[2.0]]


def test_bytes_of_another_order_and_extended_precision() -> None:
    want = mel()
    got = mel(X.astype(">f4"))
    assert got.dtype == np.float32
    assert np.array_equal(got, want)
    assert spectral.istft(spectral.stft(X).astype(">c8")).dtype.isnative
    assert waveform(X.astype(np.longdouble))[1].dtype == np.float64


@pytest.mark.parametrize(
    ("name", "given", "options"),
    [
        ("mel_spectrogram", X, {"sample_rate": 16000, "fmin": 50.0}),
        ("cqt", X, {"sample_rate": 16000, "n_bins": 24, "tuning": 0.25}),
        ("htk_mfcc", X, {"sample_rate": 16000}),
        ("spectral_centroid", FULL, {"sample_rate": 16000}),
        ("spectral_contrast", FULL, {"sample_rate": 16000}),
        ("hpss_masks", FULL, {"kernel_size": 7}),
        ("unwrap", S, {}),
    ],
)
@pytest.mark.filterwarnings("ignore:Dynamo detected")
class TestTorch:
    def test_compiled_whole_with_open_sizes(self, name: str, given: Any, options: Any) -> None:
        import torch

        torch._dynamo.reset()
        call = getattr(spectral, name)
        compiled = torch.compile(
            lambda x: call(x, **options), fullgraph=True, backend="aot_eager", dynamic=True
        )
        for x in (given, given[..., :-3]):
            got, want = compiled(torch.from_numpy(x)), call(x, **options)
            for one, other in zip(*((r if isinstance(r, tuple) else (r,)) for r in (got, want)), strict=True):
                assert np.abs(one.numpy() - other).max() <= 1e-5 * np.abs(other).max()

    def test_mapped_and_without_values(self, name: str, given: Any, options: Any) -> None:
        import torch

        def call(x: Any) -> Any:
            found = getattr(spectral, name)(x, **options)
            return found[0] if isinstance(found, tuple) else found

        x = torch.from_numpy(np.stack([given, given[..., ::-1]]))
        mapped = torch.func.vmap(call)(x)
        assert torch.allclose(mapped, call(x), rtol=1e-4, atol=1e-4 * float(mapped.abs().max()))
        assert call(x.to("meta")).shape == mapped.shape

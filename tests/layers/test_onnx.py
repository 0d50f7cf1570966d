"""A model that takes the raw waveform, without PyTorch and without us: exported, it hears the same."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from layers.conftest import needed

needed("torch", "onnx", "onnxscript", "onnxruntime")

import onnxruntime  # noqa: E402 -- only once they are known to be there
import torch  # noqa: E402

from sori.layers import modules as to  # noqa: E402
from sori.layers import signal_modules  # noqa: E402

RATE = 22050
Chain = Callable[[], torch.nn.Module]


class Together(torch.nn.Module):
    """Several descriptions of one spectrogram, one above the other."""

    def __init__(self, *each: torch.nn.Module) -> None:
        super().__init__()
        self.each = torch.nn.ModuleList(each)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.cat([one(x) for one in self.each], dim=-2)


class Reals(torch.nn.Module):
    """What a model returns of a complex spectrogram: its two parts."""

    def forward(self, S: torch.Tensor) -> torch.Tensor:
        return torch.stack([torch.real(S), torch.imag(S)])


def magnitudes() -> tuple[torch.nn.Module, ...]:
    return to.Stft(n_fft=1024), to.Magnitude()


class Network(torch.nn.Module):
    """A small classifier on a log-mel spectrogram, from samples to scores."""

    def __init__(self) -> None:
        super().__init__()
        self.ears = to.LogMelSpectrogram(sample_rate=RATE, n_fft=1024, n_mels=40, ref="max", top_db=80.0)
        self.body = torch.nn.Sequential(
            torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
        )
        self.head = torch.nn.Linear(4, 3)
        self.cepstrum = to.MfccFromLogMel(n_mfcc=13)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.head(self.body((heard := self.ears(x))[:, None] / 80))
        return torch.cat([scores, self.cepstrum(heard).mean(-1)], dim=-1)


def in_turn(*each: torch.nn.Module) -> torch.nn.Module:
    return torch.nn.Sequential(*each)


ANY_LENGTH: dict[str, Chain] = {
    "a network": Network,
    "spectrum": lambda: in_turn(to.Stft(n_fft=1000, window="hamming"), Reals()),
    "kaldi": lambda: to.KaldiFbank(sample_rate=RATE),
    "descriptors": lambda: in_turn(
        *magnitudes(),
        Together(
            *(
                kind(sample_rate=RATE, n_fft=1024)
                for kind in (to.SpectralCentroid, to.SpectralBandwidth, to.SpectralRolloff)
            ),
            to.SpectralFlatness(),
        ),
    ),
    "constant Q": lambda: to.CqtMagnitude(sample_rate=RATE, fmin=110.0, n_bins=48),
    "chroma": lambda: in_turn(to.ChromaStft(sample_rate=RATE), to.Tonnetz()),
    # Not in decibels: those of the valleys of a quiet frame are decibels of rounding.
    "contrast": lambda: in_turn(
        *magnitudes(), to.SpectralContrast(sample_rate=RATE, n_fft=1024, linear=True)
    ),
    "resampled": lambda: signal_modules.Resample(orig_sr=RATE, target_sr=16000),
    "pcen": lambda: in_turn(
        to.MelSpectrogram(sample_rate=RATE, n_mels=40), to.Pcen(sample_rate=RATE, hop_length=512)
    ),
    "filters": lambda: in_turn(
        signal_modules.Preemphasis(),
        # Eight sections: the more states, the sooner an export that goes too few levels deep is wrong.
        signal_modules.BandPass(sample_rate=RATE, low_hz=100.0, high_hz=5000.0, order=8),
    ),
}
ONE_LENGTH: dict[str, Chain] = {
    "there and back": lambda: in_turn(to.Stft(n_fft=512), to.Istft(length=RATE)),
}


def exported(model: torch.nn.Module, x: torch.Tensor, *, any_length: bool) -> Any:
    shapes = ({0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC},) if any_length else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch, of itself
        return torch.onnx.export(
            model.eval(), (x,), dynamo=True, dynamic_shapes=shapes, input_names=["samples"], verbose=False
        )


def close(found: NDArray[Any], wanted: torch.Tensor) -> None:
    expected = wanted.detach().numpy()
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()


@pytest.mark.parametrize("name", [*ANY_LENGTH, *ONE_LENGTH])
def test_an_exported_model_hears_the_same(name: str, music: NDArray[np.float32]) -> None:
    model = {**ANY_LENGTH, **ONE_LENGTH}[name]().eval()
    x = torch.tensor(music[:, :RATE])
    program = exported(model, x, any_length=name in ANY_LENGTH)
    assert {node.domain for node in program.model.graph} == {""}, "only operators of the standard"
    assert not {"DFT", "STFT"} & {node.op_type for node in program.model.graph}, "which few runtimes have"
    session = onnxruntime.InferenceSession(
        program.model_proto.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    close(session.run(None, {"samples": x.numpy()})[0], model(x))
    if name in ANY_LENGTH:
        longer = torch.tensor(np.concatenate([music, music[:1]])[:, ::-1].copy())
        close(session.run(None, {"samples": longer.numpy()})[0], model(longer))


def test_what_export_learns_does_not_stay(music: NDArray[np.float32]) -> None:
    """A constant that is met first inside an export is a tensor like any other afterwards."""
    x = torch.tensor(music[:, :8192])
    model = to.MelSpectrogram(sample_rate=RATE, n_fft=900)
    first = exported(model, x, any_length=False).model_proto.SerializeToString()
    again = exported(model, x, any_length=False).model_proto.SerializeToString()
    assert len(first) == len(again)
    close(model(x).numpy(), to.MelSpectrogram.function(x, sample_rate=RATE, n_fft=900))

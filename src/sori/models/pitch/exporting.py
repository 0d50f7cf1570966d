"""A trained network of pitch as ONNX: constant-Q power in; likelihoods of pitch, and confidence, out.

All that is needed to use it is in its metadata, so that one file is all there is.
"""

from __future__ import annotations

import dataclasses
import io
import json
import warnings
from typing import Any

import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from torch import Tensor, nn

from sori.analysis.melody.pitch_bands import PitchBands
from sori.errors import DataError
from sori.models.pitch.calibration import Calibration
from sori.models.pitch.harmonic_network import CONTEXT
from sori.models.pitch.spice_network import SLICE
from sori.models.pitch.spice_objective import OFFSET, SIGMA

__all__ = ["begin_with", "context_of", "floor_of", "onnx_of", "usable"]


class _Harmonic(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, power: Tensor) -> tuple[Tensor, Tensor]:
        logits, sure = self.network(power)
        return logits.log_softmax(-1), sure.sigmoid()


class _Spice(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, power: Tensor) -> tuple[Tensor, Tensor]:
        x = power[0, :, OFFSET : OFFSET + SLICE].sqrt()
        pitch, sure = self.network(x / (x.amax(-1, keepdim=True) + 1e-6))
        return (pitch / SIGMA).unsqueeze(0), sure.sigmoid().unsqueeze(0)


def usable(network: nn.Module, configuration: str) -> nn.Module:
    """Return a network that turns power ``(1, frames, bands)`` into what is said of it and confidence."""
    return (_Spice(network) if configuration == "spice" else _Harmonic(network)).eval()


def context_of(configuration: str) -> int:
    """Return how many frames a network sees before and after the one that it answers for."""
    return 0 if configuration == "spice" else CONTEXT


def floor_of(configuration: str) -> float:
    """Return what is added to all bands beside the loudest frames, see `sori.analysis.melody.pitch_bands`."""
    return 0.0 if configuration == "spice" else 1e-4


def begin_with(network: nn.Module, onnx_bytes: bytes) -> None:
    """Give a network the weights that `onnx_of` wrote of another one.

    Raises
    ------
    DataError
        They are of a network of another kind or size.
    """
    try:
        stored = onnx.load_from_string(onnx_bytes).graph.initializer
    except DecodeError as why:
        raise DataError(f"what to begin with is no network: {why}") from why
    found = {each.name.removeprefix("network."): onnx.numpy_helper.to_array(each).copy() for each in stored}
    own = network.state_dict()
    if any(name not in found or found[name].shape != tuple(value.shape) for name, value in own.items()):
        raise DataError(
            "the network to begin with is of another kind or width; give the one it was made with"
        )
    network.load_state_dict({name: torch.from_numpy(found[name]) for name in own})


def onnx_of(
    network: nn.Module, configuration: str, bands: PitchBands, found: Calibration, card: dict[str, Any]
) -> bytes:
    """Return an ONNX file's bytes; the same network gives the same bytes."""
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter about itself
        torch.onnx.export(
            usable(network, configuration),
            (torch.ones(1, 64 + 2 * CONTEXT, bands.n_bins),),
            out,  # type: ignore[arg-type]  # a file of any kind will do
            input_names=["power"],
            output_names=["said", "confidence"],
            dynamic_axes={"power": {1: "frames"}, "said": {1: "answers"}, "confidence": {1: "answers"}},
            opset_version=17,
            do_constant_folding=False,  # weights keep their names, see `begin_with`
            dynamo=False,
        )
    model = onnx.load_from_string(out.getvalue())
    told = {
        "bands": dataclasses.asdict(bands),
        "context": context_of(configuration),
        "semitones": found.semitones,
        "lowest_midi": found.lowest_midi,
        "voiced_from": found.voiced_from,
        "floor": floor_of(configuration),
    }
    onnx.helper.set_model_props(
        model, {"sori_pitch": json.dumps(told), "card": json.dumps(card, ensure_ascii=False)}
    )
    return bytes(model.SerializeToString())

"""A module gives its function's numbers, keeps its constants as its own, and trains them when asked."""

from __future__ import annotations

import copy
import importlib
import inspect
import io
import pickle
import pkgutil
import threading
from typing import Any

import numpy as np
import pytest

from layers.conftest import needed
from layers.examples import EXAMPLES, given

needed("torch")

import torch  # noqa: E402 -- only once it is known to be there

import sori.spectral  # noqa: E402
from sori.errors import ParameterError  # noqa: E402
from sori.layers import modules, signal_modules  # noqa: E402
from sori.layers.real_pairs import Pair, WithoutComplex, pair  # noqa: E402
from sori.layers.transform import Transform  # noqa: E402

NAMES = sorted(EXAMPLES)


def made(name: str, **more: Any) -> Transform:
    room = modules if name in modules.__all__ else signal_modules
    return getattr(room, name)(**EXAMPLES[name][0], **more)


def tensors(name: str, *, double: bool = False) -> list[torch.Tensor]:
    found = [torch.tensor(one) for one in given(name)]
    return (
        [one.to(torch.complex128 if one.is_complex() else torch.float64) for one in found]
        if double
        else found
    )


def leaves(found: Any) -> list[torch.Tensor]:
    return [leaf for part in found for leaf in leaves(part)] if isinstance(found, tuple) else [found]


def close(found: Any, wanted: Any, tolerance: float = 1e-6) -> None:
    for one, other in zip(leaves(found), leaves(wanted), strict=True):
        assert one.shape == other.shape
        assert one.dtype == other.dtype
        assert (one - other).abs().max() <= tolerance * other.abs().max()


def test_every_module_has_an_example() -> None:
    assert {*modules.__all__, *signal_modules.__all__} == set(EXAMPLES)


@pytest.mark.parametrize("name", NAMES)
def test_a_module_is_its_function(name: str) -> None:
    xs = tensors(name)
    layer = made(name)
    close(layer(*xs), type(layer).function(*xs, **EXAMPLES[name][0]), 0)


@pytest.mark.parametrize("name", NAMES)
def test_copies_and_saved_modules_give_the_same(name: str) -> None:
    xs = tensors(name)
    layer = made(name)
    wanted = layer(*xs)
    close(copy.deepcopy(layer)(*xs), wanted, 0)
    close(pickle.loads(pickle.dumps(layer))(*xs), wanted, 0)
    saved = io.BytesIO()
    torch.save(layer.state_dict(), saved)
    saved.seek(0)
    other = made(name)
    other.load_state_dict(torch.load(saved, weights_only=True))
    close(other(*xs), wanted, 0)


@pytest.mark.parametrize("name", NAMES)
def test_double_has_all_its_digits(name: str) -> None:
    xs = tensors(name, double=True)
    layer = made(name).double()
    close(layer(*xs), type(layer).function(*xs, **EXAMPLES[name][0]), 1e-12)
    assert all(leaf.dtype in (torch.float64, torch.complex128) for leaf in leaves(layer(*xs)))


@pytest.mark.parametrize("name", NAMES)
def test_without_complex_numbers_it_is_the_same(name: str) -> None:
    """What an export computes, tried without the export."""
    xs = tensors(name, double=True)
    layer = made(name).double()
    wanted = layer(*xs)
    pairs = [pair(x.real.clone(), x.imag.clone()) if x.is_complex() else x for x in xs]
    with WithoutComplex():
        found = leaves(layer(*pairs))
    close(
        tuple(torch.complex(part.re, part.im) if isinstance(part, Pair) else part for part in found),
        wanted,
        1e-9,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_graph_of_it_computes_the_same(name: str) -> None:
    xs = tensors(name)
    layer = made(name)
    exported = torch.export.export(layer, tuple(xs), strict=False)
    close(exported.module()(*xs), layer(*xs))


@pytest.mark.parametrize("name", ["MelSpectrogram", "Istft"])
def test_compiles_as_one_graph(name: str) -> None:
    xs = tensors(name)
    layer = made(name)
    close(torch.compile(layer, fullgraph=True, backend="aot_eager")(*xs), layer(*xs))


def test_half_precision_is_rounded_only_at_the_end() -> None:
    layer = torch.nn.Sequential(made("MelSpectrogram"), made("PowerToDb"))
    x = tensors("MelSpectrogram")[0]
    wanted = layer(x)
    for dtype in (torch.float16, torch.bfloat16):
        assert layer(x.to(dtype)).dtype == torch.float32  # the layer itself was not moved
        moved = copy.deepcopy(layer).to(dtype)
        assert all(values.dtype == torch.float32 for values in moved.state_dict().values())
        found = torch.nn.Sequential(moved[0])(x)
        assert found.dtype == dtype
        back = moved.float()
        close(back(x), wanted, 0)


def test_a_model_of_half_precision_runs_from_end_to_end() -> None:
    model = torch.nn.Sequential(
        made(
            "MelSpectrogram",
        ),
        made("PowerToDb"),
        torch.nn.Conv1d(40, 4, 3),
    ).bfloat16()
    assert model(tensors("MelSpectrogram")[0].bfloat16()).dtype == torch.bfloat16


def test_another_layers_constants_are_refused() -> None:
    layer = modules.MelSpectrogram(sample_rate=22050, n_mels=40)
    other = modules.MelSpectrogram(sample_rate=22050, n_mels=40, fmin=100.0)
    with pytest.raises(RuntimeError, match=r"mel_filterbank .* options it was saved with"):
        layer.load_state_dict(other.state_dict())
    layer.load_state_dict({name: values.half() for name, values in layer.state_dict().items()})


def test_training_reaches_the_filter_bank() -> None:
    layer = modules.MelSpectrogram(sample_rate=22050, n_mels=40, trainable=("mel_filterbank",))
    assert [name for name, _ in layer.named_parameters()] == ["mel_filterbank"]
    layer(tensors("MelSpectrogram")[0]).sum().backward()
    gradient = layer.mel_filterbank.grad
    assert gradient is not None
    assert gradient.abs().max() > 0
    before = layer(tensors("MelSpectrogram")[0])
    torch.optim.SGD(layer.parameters(), lr=1e-6).step()
    assert not torch.equal(layer(tensors("MelSpectrogram")[0]), before)
    again = modules.MelSpectrogram(sample_rate=22050, n_mels=40, trainable=("mel_filterbank",))
    again.load_state_dict(layer.state_dict())
    assert torch.equal(again.mel_filterbank, layer.mel_filterbank)


def test_training_reaches_the_options_of_pcen() -> None:
    layer = modules.Pcen(sample_rate=22050, hop_length=512, trainable=("gain", "bias", "power"))
    x = tensors("Pcen")[0]
    close(layer(x), modules.Pcen(sample_rate=22050, hop_length=512)(x))
    layer(x).sum().backward()
    assert {name for name, value in layer.named_parameters() if value.grad} == {"gain", "bias", "power"}


# What is no layer though it takes an array, and why.
NO_LAYER = {
    "sori.spectral.bands.band_energies": "made of a function, not of options",
    "sori.spectral.bands.raised": "what mel spectrograms are made of",
    "sori.spectral.constant_q_chain": "what constant-Q transforms are made of",
    "sori.spectral.overlap": "what the inverse transform is made of",
    "sori.spectral.peaks": "NumPy only",
    "sori.spectral.partials": "NumPy only",
    "sori.spectral.self_similarity": "of a whole piece, not of a training example: only what compares frames",
    "sori.spectral.stft.framed": "made of a function, not of options",
    "sori.spectral.streaming": "of blocks, one after another",
    "sori.spectral.turns": "what phase is unwrapped with",
    "sori.spectral.most_repeated": "of a whole piece",
    "sori.spectral.magnitude.complex_of": "what from_polar is made of",
}


def test_every_transform_has_a_module() -> None:
    """Found by listing: what takes an array in `sori.spectral` is a module, or is said not to be."""
    of = {getattr(modules, name).function for name in modules.__all__}
    missing = []
    for found in pkgutil.iter_modules(sori.spectral.__path__, "sori.spectral."):
        module = importlib.import_module(found.name)
        for name in module.__all__ if found.name not in NO_LAYER else ():
            function = getattr(module, name)
            if not inspect.isfunction(function) or function in of or f"{found.name}.{name}" in NO_LAYER:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            if first is not None and first.annotation == "Array":
                missing.append(f"{found.name}.{name}")
    assert not missing, "make a class of each in sori.layers, or say in NO_LAYER why not"


def test_only_constants_can_be_trained() -> None:
    with pytest.raises(ParameterError, match="mel_filterbank"):
        modules.MelSpectrogram(sample_rate=22050, trainable=("n_mels",))


def test_silence_has_a_gradient() -> None:
    layer = torch.nn.Sequential(made("MelSpectrogram"), made("PowerToDb"))
    x = torch.zeros(4096, requires_grad=True)
    layer(x).sum().backward()
    assert x.grad is not None
    assert torch.isfinite(x.grad).all()


def test_options_are_shown_and_checked_when_made() -> None:
    assert repr(modules.MelSpectrogram(sample_rate=8000, n_mels=10)) == (
        "MelSpectrogram(sample_rate=8000, n_mels=10)"
    )
    parameters = inspect.signature(modules.MelSpectrogram).parameters
    assert {"sample_rate", "n_mels", "window", "trainable"} <= parameters.keys()
    with pytest.raises(ParameterError, match="fmax"):
        modules.MelSpectrogram(sample_rate=8000, fmax=5000.0)
    with pytest.raises(TypeError, match="n_mel"):
        modules.MelSpectrogram(sample_rate=8000, n_mel=10)


def test_threads_do_not_share_constants() -> None:
    x = tensors("MelSpectrogram")[0]
    layers = [modules.MelSpectrogram(sample_rate=22050, n_mels=40, trainable=True) for _ in range(2)]
    with torch.no_grad():
        layers[1].mel_filterbank *= 2
    wanted = [layer(x) for layer in layers]
    wrong: list[int] = []

    def work(which: int) -> None:
        wrong.extend(which for _ in range(20) if not torch.equal(layers[which](x), wanted[which]))

    threads = [threading.Thread(target=work, args=(n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert np.allclose(wanted[1].detach(), 2 * wanted[0].detach())

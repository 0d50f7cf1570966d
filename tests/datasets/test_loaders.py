"""The same batches in PyTorch, Keras and JAX."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jax
import keras
import numpy as np
import pytest
import torch
from small_sounds import RATE
from torch.utils.data import DataLoader

from sori.datasets import Batches, Store
from sori.datasets.loading.jax_loader import on_device
from sori.datasets.loading.keras_loader import KerasLoader
from sori.datasets.loading.torch_loader import ClipDataset, TorchLoader
from sori.errors import ParameterError


def batches(stores: dict[str, Store], **options: Any) -> Batches:
    return Batches(stores["pcm"], **{"batch_size": 4, "crop_s": 0.25, "targets": "class", **options})


def equal(tensors: Any, arrays: Any) -> bool:
    return all(np.array_equal(np.asarray(one), other) for one, other in zip(tensors, arrays, strict=True))


@pytest.mark.parametrize("workers", [0, 1])
def test_torch_gives_the_same_batches_with_any_workers(stores: dict[str, Store], workers: int) -> None:
    loader, plain = TorchLoader(batches(stores), workers=workers), batches(stores)
    assert len(loader) == 4
    for _ in range(2):
        made = list(loader)
        assert isinstance(made[0].samples, torch.Tensor)
        assert made[0].samples.dtype == torch.float32
        assert made[0].targets.dtype == torch.int64
        assert all(map(equal, made, plain))


def test_torch_goes_on_where_it_was_stopped_though_workers_were_ahead(stores: dict[str, Store]) -> None:
    plain = batches(stores)
    wanted = list(plain) + list(plain)
    loader = TorchLoader(batches(stores), workers=1, ahead=4)
    seen = []
    for made in loader:
        seen.append(made)
        if len(seen) == 2:
            break
    assert loader.state_dict() == {"seed": 0, "epoch": 0, "batch": 2}
    resumed = TorchLoader(batches(stores))
    resumed.load_state_dict(loader.state_dict())
    seen += [*resumed, *resumed]
    assert len(seen) == len(wanted)
    assert all(map(equal, seen, wanted))


def test_a_dataset_for_a_loader_of_ones_own(stores: dict[str, Store]) -> None:
    dataset = ClipDataset(batches(stores))
    assert len(dataset) == len(stores["pcm"])
    samples, _ = dataset[3]
    assert samples.shape == (1, RATE // 4)
    first = [each.clone() for each, _ in (dataset[i] for i in range(len(dataset)))]
    assert all(torch.equal(dataset[i][0], first[i]) for i in range(len(dataset)))
    dataset.set_epoch(1)
    assert not all(torch.equal(dataset[i][0], first[i]) for i in range(len(dataset)))
    samples, targets = next(iter(DataLoader(dataset, batch_size=5)))
    assert samples.shape == (5, 1, RATE // 4)
    assert targets.dtype == torch.int64
    with pytest.raises(IndexError):
        dataset[len(dataset)]


def test_keras_fits_on_it(stores: dict[str, Store]) -> None:
    loader, plain = KerasLoader(batches(stores)), batches(stores)
    for batch, made in enumerate(plain):
        assert equal(loader[batch], (made.samples, made.targets))
    loader.on_epoch_end()
    assert equal(loader[0], plain.make(1, 0)[:2])
    with pytest.raises(ParameterError, match="threads"):
        KerasLoader(batches(stores), use_multiprocessing=True, workers=2)
    model = keras.Sequential(
        [
            keras.layers.Input((1, RATE // 4)),
            keras.layers.Flatten(),
            keras.layers.Dense(2, "softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    loader = KerasLoader(batches(stores))
    history = model.fit(loader, epochs=2, shuffle=False, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert loader.batches.epoch == 2


def test_jax_moves_integers_and_computes_floats(stores: dict[str, Store]) -> None:
    moved, plain = batches(stores, floats=False), batches(stores)
    made = on_device(moved)
    first = next(made)
    assert isinstance(first.samples, jax.Array)
    assert first.samples.dtype == np.float32
    assert moved.state_dict()["batch"] == 1, "the one ahead has not been given"
    assert all(map(equal, [first, *made], plain))
    assert moved.state_dict() == {"seed": 0, "epoch": 1, "batch": 0}
    with pytest.raises(ParameterError, match="floats=False"):
        on_device(batches(stores))


@pytest.mark.parametrize("library", ["torch", "keras", "jax"])
def test_without_the_library_one_line_says_what_to_install(library: str) -> None:
    code = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "import sori.datasets\n"
        f"try: import sori.datasets.loading.{library}_loader\n"
        "except sori.errors.MissingExtra as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"pip install 'sori[{library}]'" in said.stdout


def test_the_room_loads_none_of_them() -> None:
    code = "import sys, sori.datasets; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "keras", "jax", "soundfile", "av"} & set(said.stdout.split())

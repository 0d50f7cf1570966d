"""Try the Keras layers on the backend that KERAS_BACKEND names: as a program, for a backend is for life."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest import mock

import keras
import numpy as np
import pytest

from layers.examples import EXAMPLES, given
from sori.arrays import to_numpy
from sori.errors import ParameterError
from sori.layers import keras_layers, keras_signal_layers


def leaves(found: Any) -> list[Any]:
    return [leaf for part in found for leaf in leaves(part)] if isinstance(found, tuple | list) else [found]


def close(found: Any, wanted: Any, tolerance: float) -> None:
    for one, other in zip(map(to_numpy, leaves(found)), map(to_numpy, leaves(wanted)), strict=True):
        assert one.shape == other.shape, (one.shape, other.shape)
        assert np.abs(one - other).max() <= tolerance * max(np.abs(other).max(), 1e-9)


def each_layer_is_its_function(names: list[str]) -> None:
    for name in names:
        layer = made(name)
        xs = [keras.ops.convert_to_tensor(one) for one in given(name, batch=1)]
        close(layer(*xs), type(layer).function(*xs, **EXAMPLES[name][0]), 0)
        again = type(layer).from_config(layer.get_config())
        close(again(*xs), layer(*xs), 0)
        said = layer.compute_output_spec(
            *(
                keras.KerasTensor(x.shape, dtype=str(one.dtype))
                for x, one in zip(xs, given(name), strict=True)
            )
        )
        assert [part.shape for part in leaves(said)] == [tuple(part.shape) for part in leaves(layer(*xs))], (
            name
        )


def made(name: str) -> Any:
    room = keras_layers if name in keras_layers.__all__ else keras_signal_layers
    return getattr(room, name)(**EXAMPLES[name][0])


def a_saved_model_is_the_same(folder: Path) -> None:
    x = given("LogMelSpectrogram")[0]
    model = keras.Sequential(
        [
            keras.Input((None,)),
            keras_signal_layers.Preemphasis(),
            keras_layers.Stft(n_fft=512, window=("kaiser", 8.0)),
            keras_layers.Magnitude(),
            keras_layers.AmplitudeToDb(ref="max", top_db=60.0),
            keras.layers.GlobalAveragePooling1D(data_format="channels_first"),
            keras.layers.Dense(3),
        ]
    )
    assert model.layers[1].output.shape == (None, 257, None)
    wanted = model.predict(x, verbose=0)
    model.save(folder / "model.keras")
    again = keras.models.load_model(folder / "model.keras")
    close(again.predict(x, verbose=0), wanted, 0)
    close(again.predict(x[:, :6000], verbose=0), model.predict(x[:, :6000], verbose=0), 0)


def training_reaches_a_filter_bank(folder: Path) -> None:
    x = given("LogMelSpectrogram")[0]
    bank = keras_layers.LogMelSpectrogram(sample_rate=22050, n_mels=8, trained=("mel_filterbank",))
    model = keras.Sequential([keras.Input(x.shape[1:]), bank, keras.layers.Flatten(), keras.layers.Dense(1)])
    before = to_numpy(bank.weights[0].value).copy()
    model.compile(loss="mse", optimizer="sgd")
    model.optimizer.learning_rate = 1e-6
    model.fit(x, np.ones((2, 1)), verbose=0)
    assert np.abs(to_numpy(bank.weights[0].value) - before).max() > 0
    model.save(folder / "trained.keras")
    close(
        keras.models.load_model(folder / "trained.keras").predict(x, verbose=0),
        model.predict(x, verbose=0),
        0,
    )


def half_precision_is_rounded_at_the_end() -> None:
    x = given("LogMelSpectrogram")[0]
    full = keras_layers.LogMelSpectrogram(sample_rate=22050)(x)
    layer = keras_layers.LogMelSpectrogram(sample_rate=22050, dtype="mixed_float16")
    assert keras.backend.standardize_dtype(layer(x).dtype) == "float16"
    assert np.abs(to_numpy(layer(x)).astype(np.float32) - to_numpy(full)).max() < 0.1


def another_backend_is_refused() -> None:
    with (
        mock.patch.object(keras.backend, "backend", return_value="tensorflow"),
        pytest.raises(ParameterError, match="want torch, jax, numpy"),
    ):
        keras_layers.Stft()


if __name__ == "__main__":
    print(*keras_layers.__all__, *keras_signal_layers.__all__)
    each_layer_is_its_function(sys.argv[1:])
    with tempfile.TemporaryDirectory() as place:
        a_saved_model_is_the_same(Path(place))
        training_reaches_a_filter_bank(Path(place))
    half_precision_is_rounded_at_the_end()
    another_backend_is_refused()
    print("all is well")

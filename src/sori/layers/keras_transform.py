"""What every Keras layer here is: a function and its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from typing import Any, ClassVar

import numpy as np

from sori.arrays import constants_from
from sori.arrays.matrices import Key, of_numpy
from sori.errors import MissingExtra, ParameterError
from sori.layers.signatures import constant_names, example_of, lasting_constants, options_of

try:
    import keras
except ImportError as absent:
    if absent.name == "keras":
        raise MissingExtra("Keras layers need Keras: pip install 'sori[keras]'") from absent
    raise MissingExtra(
        f"Keras finds no {absent.name} to run on: set the environment variable KERAS_BACKEND to torch or jax"
    ) from absent

__all__ = ["KerasTransform"]

_BACKENDS = ("torch", "jax", "numpy")
_OPEN = {"wave": (3 * 8192, 5 * 8192), "other": (64, 96)}  # two lengths tried for a time axis that is open


class KerasTransform(keras.layers.Layer):  # type: ignore[misc]
    """A function of `sori` as a Keras 3 layer, on the backends ``torch``, ``jax`` and ``numpy``.

    Shapes are those of the function: ``(batch, time)`` gives ``(batch, frequency, frames)``; a convolution of
    images wants a last axis beside: ``keras.layers.Reshape``. A saved model holds the options, from which the
    constants are made anew. Under a policy of half precision the function still computes in float32, and the
    result is rounded.

    Parameters
    ----------
    trained : names
        Which of the constants are weights that training may change, such as ``("mel_filterbank",)``.
    **options
        Those of the function; ``name``, ``dtype`` and ``trainable`` are Keras's.

    Raises
    ------
    ParameterError
        On another backend; for names to train that are no constants; as the function does, when it is called.
    """

    function: ClassVar[Callable[..., Any]]
    takes: ClassVar[str]

    def __init_subclass__(cls, *, of: Callable[..., Any] | None = None, takes: str = "", **rest: Any) -> None:
        """Make a layer of the function ``of``; ``takes`` says what it is given where its name does not."""
        super().__init_subclass__(**rest)
        if of is None:
            return
        cls.function = staticmethod(of)
        cls.takes = takes or example_of(of)
        cls.__doc__ = f"`{of.__module__}.{of.__name__}` as a layer.\n\n{inspect.getdoc(of)}"
        trained = inspect.Parameter("trained", inspect.Parameter.KEYWORD_ONLY, default=())
        cls.__signature__ = inspect.Signature([*options_of(of), trained])
        keras.saving.register_keras_serializable(package="sori")(cls)

    def __init__(self, *, trained: Collection[str] = (), **options: Any) -> None:
        backend = keras.backend.backend()
        if backend not in _BACKENDS:
            raise ParameterError(
                f"Keras runs on {backend} here, want {', '.join(_BACKENDS)}: set the environment variable "
                "KERAS_BACKEND before Keras is imported"
            )
        own = {name: options.pop(name) for name in ("name", "dtype", "trainable") if name in options}
        super().__init__(autocast=False, **own)
        # What is read from a saved model has lists where tuples were.
        self.options = {name: tuple(v) if isinstance(v, list) else v for name, v in options.items()}
        self.trained = tuple(trained)
        self._trained_keys: dict[str, Key] = {}
        if trained:
            self._add_trained()

    def call(self, x: Any, *more: Any) -> Any:
        """Return the function of ``x`` (and ``more``, where it takes more)."""
        table: dict[Key, Any] = {
            key: keras.ops.convert_to_tensor(getattr(self, name)) for name, key in self._trained_keys.items()
        }
        with constants_from(table):
            return self._rounded(type(self).function(x, *more, **self.options))

    def compute_output_spec(self, *given: Any) -> Any:
        """Return the shapes of what `call` will return, found by trying: open axes in, open axes out."""
        lengths = _OPEN["wave" if self.takes == "wave" else "other"]
        first = self._shapes([_closed(one.shape, lengths[0]) for one in given], given)
        open_axes = [set[int]() for _ in first]
        for k, one in enumerate(given):
            for axis, size in enumerate(one.shape):
                if size is None:
                    shapes = [_closed(each.shape, lengths[0]) for each in given]
                    shapes[k][axis] = lengths[1] if axis == len(one.shape) - 1 else shapes[k][axis] + 1
                    for found, (shape, _), (other, _) in zip(
                        open_axes, first, self._shapes(shapes, given), strict=True
                    ):
                        found |= {at for at, size in enumerate(shape) if other[at] != size}
        specs = [
            keras.KerasTensor(
                tuple(None if at in axes else size for at, size in enumerate(shape)),
                dtype=self._rounded_dtype(dtype),
            )
            for (shape, dtype), axes in zip(first, open_axes, strict=True)
        ]
        return specs[0] if len(specs) == 1 else tuple(specs)

    def get_config(self) -> dict[str, Any]:
        """Return the options, and what Keras keeps of every layer."""
        kept = super().get_config()
        return {
            **{name: kept[name] for name in ("name", "dtype", "trainable") if name in kept},
            **dict(self.options),
            "trained": self.trained,
        }

    def _shapes(self, shapes: list[list[int]], given: Any) -> list[tuple[tuple[int, ...], str]]:
        zeros = [np.zeros(shape, one.dtype) for shape, one in zip(shapes, given, strict=True)]
        found = type(self).function(*zeros, **self.options)
        return [(part.shape, str(part.dtype)) for part in (found if isinstance(found, tuple) else (found,))]

    def _add_trained(self) -> None:
        written = lasting_constants(
            type(self).function, self.takes, self.options, convert=keras.ops.convert_to_tensor
        )
        names = constant_names(written, taken=dir(self))
        floats = {name: key for key, name in names.items() if written[key].dtype.kind == "f"}
        for name in self.trained:
            if name not in floats:
                raise ParameterError(
                    f"trained={name!r}: {type(self).__name__} has {', '.join(floats) or 'nothing'} to train"
                )
            values = of_numpy(floats[name], double=False)
            weight = self.add_weight(name=name, shape=values.shape, dtype="float32", autocast=False)
            weight.assign(values)
            self._trained_keys[name] = floats[name]
            setattr(self, name, weight)
        self.built = True

    def _rounded(self, found: Any) -> Any:
        if isinstance(found, tuple):
            return tuple(self._rounded(part) for part in found)
        dtype = keras.backend.standardize_dtype(found.dtype)
        wanted = self._rounded_dtype(dtype)
        return found if dtype == wanted else keras.ops.cast(found, wanted)

    def _rounded_dtype(self, dtype: str) -> str:
        half = self.compute_dtype in ("float16", "bfloat16")
        return str(self.compute_dtype) if half and dtype == "float32" else dtype


def _closed(shape: tuple[int | None, ...], length: int) -> list[int]:
    """Return a shape with numbers for open axes: the last is time, those before are few."""
    last = len(shape) - 1
    return [(length if axis == last else 2) if size is None else size for axis, size in enumerate(shape)]

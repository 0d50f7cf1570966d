"""What every PyTorch module here is: a function, its options, and its constants as buffers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from sori.arrays import constants_from
from sori.arrays.matrices import Key, built
from sori.errors import MissingExtra, ParameterError
from sori.layers.signatures import (
    constant_names,
    example_of,
    lasting_constants,
    numbers_that_may_be_arrays,
    options_of,
    shown,
)

try:
    import torch
    from torch import Tensor, nn
except ImportError as absent:
    raise MissingExtra("PyTorch modules need PyTorch: pip install 'sori[torch]'") from absent

from sori.layers.real_pairs import WithoutComplex, as_pair

__all__ = ["Transform"]

_HALVES = (torch.float16, torch.bfloat16)


class Transform(nn.Module):
    """A function of `sori` as a module: the same numbers, for models that start from samples.

    The constants the function asks for (windows, filter banks, kernels) are learned in one run on silence and
    become buffers: they are in the state dict, follow ``.to(device)`` and go into an export. Complex ones are
    kept as real numbers with a last axis of two.

    Parameters
    ----------
    trainable : bool or names
        What becomes a parameter that training may change: constants, by their names in the state dict, and
        options that may be arrays (``gain`` of `Pcen`, say). ``True``: all that are no whole numbers.
    example : tensor or several, optional
        Something of the frequencies and dtype of what `forward` will be given, where the options do not say.
        Constants that depend on the length, or on the frequencies of an example that is not given, are not
        the module's own: the function makes them when they are met, and keeps them.
    **options
        Those of the function.

    Raises
    ------
    ParameterError
        As the function does, already here; and for names to train that are no constants.

    Notes
    -----
    Precision follows the input, as in the function: float64 gives float64 (call ``.double()`` to have the
    constants exact to its last digit), float16 and bfloat16 are computed in float32, in which the constants
    stay. A module that was itself moved to half precision rounds its result to it, so that what comes next in
    a model of half precision can take it; powers beyond 65504 are infinite there: take decibels.
    """

    function: ClassVar[Callable[..., Any]]
    takes: ClassVar[str]

    def __init_subclass__(cls, *, of: Callable[..., Any] | None = None, takes: str = "", **rest: Any) -> None:
        """Make a module of the function ``of``; ``takes`` says what it is given where its name does not."""
        super().__init_subclass__(**rest)
        if of is None:
            return
        cls.function = staticmethod(of)
        cls.takes = takes or example_of(of)
        cls.__doc__ = f"`{of.__module__}.{of.__name__}` as a module.\n\n{inspect.getdoc(of)}"
        own = list(inspect.signature(Transform.__init__).parameters.values())
        extra = [p for p in own if p.name in ("trainable", "example")]
        cls.__signature__ = inspect.Signature([*options_of(of), *extra])  # type: ignore[attr-defined]

    def __init__(
        self,
        *,
        trainable: bool | Collection[str] = False,
        example: Tensor | Sequence[Tensor] | None = None,
        **options: Any,
    ) -> None:
        super().__init__()
        self.options = options
        # Follows every move of the module, and so tells the precision that was asked for.
        self.register_buffer("_precision", torch.zeros(0), persistent=False)
        self._complex: set[str] = set()
        self._learned: list[str] = []
        given = () if example is None else (example,) if isinstance(example, Tensor) else tuple(example)
        with torch.no_grad():
            asked_for = lasting_constants(
                type(self).function, self.takes, options, convert=torch.from_numpy, example=given
            )
        self._names = constant_names(asked_for, taken=dir(self))
        for key, name in self._names.items():
            values = asked_for[key]
            if values.dtype.kind == "c":
                self._complex.add(name)
            self.register_buffer(name, _tensor(values, double=False))
        self._train(trainable)

    def forward(self, x: Tensor, *more: Tensor) -> Any:
        """Return the function of ``x`` (and ``more``, where it takes more), with this module's constants."""
        options = {**self.options, **{name: getattr(self, name) for name in self._learned}}
        if torch.onnx.is_in_onnx_export():
            with WithoutComplex(), constants_from(self._table(x)):
                found = type(self).function(*map(as_pair, (x, *more)), **options)
        else:
            with constants_from(self._table(x)):
                found = type(self).function(x, *more, **options)
        return self._rounded(found)

    def extra_repr(self) -> str:
        """Return the options, and what is trained."""
        said = [f"{name}={shown(value)}" for name, value in self.options.items()]
        trained = [name for name, _ in self.named_parameters(recurse=False)]
        return ", ".join(said + ([f"trainable={tuple(trained)}"] if trained else []))

    def constants(self) -> dict[str, NDArray[Any]]:
        """Return the constants as they were built, in double precision, by their names in the state dict."""
        return {name: built(key) for key, name in self._names.items()}

    def _train(self, trainable: bool | Collection[str]) -> None:
        learnable = numbers_that_may_be_arrays(type(self).function, self.options)
        constants = [name for name in self._names.values() if getattr(self, name).is_floating_point()]
        possible = [*constants, *learnable]
        wanted = (possible if trainable else []) if isinstance(trainable, bool) else list(trainable)
        for name in wanted:
            if name not in possible:
                has = ", ".join(possible) or "nothing"
                raise ParameterError(f"trainable={name!r}: {type(self).__name__} has {has} to train")
            if name in learnable:
                self._learned.append(name)
                values = torch.tensor(float(learnable[name]))
            else:
                values = self._buffers.pop(name)  # type: ignore[assignment]
            self.register_parameter(name, nn.Parameter(values))

    def _table(self, like: Tensor) -> dict[Key, Any]:
        """Return the constants by key, in the precision in which ``like`` is computed with."""
        wanted = torch.float64 if like.dtype in (torch.float64, torch.complex128) else torch.float32
        table: dict[Key, Any] = {}
        for key, name in self._names.items():
            values = getattr(self, name)
            if values.is_floating_point() and values.dtype != wanted:
                values = values.to(wanted)
            if name in self._complex:
                values = torch.view_as_complex(values.contiguous())
            table[key] = values
        return table

    def _rounded(self, found: Any) -> Any:
        precision = self._precision.dtype
        if precision not in _HALVES:
            return found
        if isinstance(found, tuple):
            parts = [self._rounded(part) for part in found]
            return type(found)(*parts) if hasattr(found, "_fields") else tuple(parts)
        return found.to(precision) if found.is_floating_point() else found

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> Transform:
        """Move the module, as `torch.nn.Module` does, but never round a constant below float32."""
        kept = {name: self._buffers.pop(name) for name in self._names.values() if name in self._buffers}
        super()._apply(fn, recurse)  # type: ignore[no-untyped-call]
        keys = {name: key for key, name in self._names.items()}
        for name, values in kept.items():
            assert values is not None
            moved = fn(values)
            if moved.is_floating_point() and not moved.is_meta:
                if moved.dtype in _HALVES:
                    moved = values.to(moved.device)
                elif moved.dtype != values.dtype:
                    # From the source, so that .double() has all its digits and .half().float() none lost.
                    moved = _tensor(built(keys[name]), double=moved.dtype == torch.float64).to(moved.device)
            self.register_buffer(name, moved)
        return self

    def _load_from_state_dict(
        self,
        state_dict: dict[str, Any],
        prefix: str,
        local_metadata: dict[str, Any],
        strict: bool,
        missing_keys: list[str],
        unexpected_keys: list[str],
        error_msgs: list[str],
    ) -> None:
        """Load, and refuse the constants of other options: the numbers would no longer be what they say."""
        refused = len(error_msgs)
        for key, name in self._names.items():
            given = state_dict.get(prefix + name)
            own = self._buffers.get(name)
            if given is None or own is None or given.is_meta or given.shape != own.shape:
                continue  # trained, or torch itself has a word for it
            if not _same(given, _tensor(built(key), double=True)):
                error_msgs.append(
                    f"{prefix}{name} in the state dict is not that of {type(self).__name__}("
                    f"{self.extra_repr()}): make the module with the options it was saved with"
                )
        if len(error_msgs) > refused:
            return  # leave what is here as it is
        super()._load_from_state_dict(
            state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs
        )


def _tensor(values: NDArray[Any], *, double: bool) -> Tensor:
    if values.dtype.kind == "c":
        values = np.stack([values.real, values.imag], axis=-1)
    found = torch.tensor(np.ascontiguousarray(values))
    return found.to(torch.float64 if double else torch.float32) if found.is_floating_point() else found


def _same(given: Tensor, built_now: Tensor) -> bool:
    """Say whether a saved constant is the one that would be built now, but for its rounding."""
    built_now = built_now.to(given.device)
    if not built_now.is_floating_point():
        return bool((given == built_now).all())
    if given.numel() == 0:
        return True
    slack = 4 * max(torch.finfo(given.dtype).eps, torch.finfo(torch.float32).eps)
    return bool((given.to(torch.float64) - built_now).abs().max() <= slack * built_now.abs().max())

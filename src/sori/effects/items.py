"""The items of a batch: which can be worked on together, and a number for each of them.

Parameters of the functions of this room are numbers, or hold one number for each item of the first axis:
`column` brings both to a form that meets the samples.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, like, namespace
from sori.arrays.framing import check_numbers
from sori.arrays.kinds import is_jax, is_torch
from sori.errors import ParameterError

__all__ = ["Columns", "Numbers", "column", "columns", "gathered", "grouped", "numbered", "placed"]

Numbers = float | Array
"""One number for all items, or an array ``(items,)``."""


class Columns(dict[str, Any]):
    """Values by the name of a parameter; asking for one that was not drawn is an error of the caller's."""

    def __missing__(self, name: str) -> Any:
        raise ParameterError(f"{name} is missing from the parameters: want what this effect's draw returned")


def columns(parameters: Sequence[dict[str, Any]]) -> Columns:
    """Return for each name the values of all items: an array of numbers, or a list of anything else.

    Raises
    ------
    ParameterError
        For what is no dictionary, and items with other names than the first.
    """
    for own in parameters:
        if not isinstance(own, dict):
            raise ParameterError(f"parameters={own!r}: want what draw returned, a dict or None")
        if own.keys() != parameters[0].keys():
            raise ParameterError(
                f"parameters name {sorted(own)} for one item, {sorted(parameters[0])} for another"
            )
    found = Columns()
    for name in parameters[0]:
        values = [own[name] for own in parameters]
        numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
        for value in values if numbers else ():
            check_numbers(**{name: value})
        found[name] = np.array(values) if numbers else values
    return found


def column(values: Numbers, x: Array) -> Numbers:
    """Return a number as it is, and one for each item in the kind of ``x`` and a shape that meets it.

    One number for a single item stays a plain number, which costs a device no copy.
    """
    if isinstance(values, int | float | np.generic):
        return float(values)
    if is_numpy(values):
        values = np.asarray(values)
        if values.shape == (1,):
            return float(values[0])
        values = placed(values, x)
    return namespace(x).reshape(values, (-1, *(1,) * (x.ndim - 1)))


def placed(values: NDArray[Any], x: Array) -> Array:
    """Return ``sori.arrays.like(values, x)``, without making the processor wait for a device."""
    if not is_torch(x) or x.device.type == "cpu":
        return like(values, x)
    import torch

    host = torch.from_numpy(np.ascontiguousarray(values))
    if host.is_floating_point():
        host = host.to(x.dtype)
    if x.device.type == "cuda":
        host = host.pin_memory()
    return host.to(x.device, non_blocking=True)


def numbered(n: int, x: Array) -> Array:
    """Return 0 to ``n - 1``, whole numbers of the kind and on the device of ``x``."""
    xp = namespace(x)
    return xp.arange(n) if is_numpy(x) or is_jax(x) else xp.arange(n, device=x.device)


def grouped(
    parameters: Sequence[dict[str, Any] | None], alike: Sequence[str]
) -> list[tuple[list[int], Columns]]:
    """Return which items go together, those with the same values under the names ``alike``.

    Items without parameters are in no group.
    """
    groups: dict[str, list[int]] = {}
    for at, own in enumerate(parameters):
        if own is not None:
            groups.setdefault(repr([own.get(name) for name in alike]), []).append(at)
    return [(at, columns([_given(parameters[one]) for one in at])) for at in groups.values()]


def _given(parameters: dict[str, Any] | None) -> dict[str, Any]:
    assert parameters is not None  # items without are left out before
    return parameters


def gathered(
    x: Array, groups: Sequence[tuple[list[int], Columns]], work: Callable[[Array, Columns], Array]
) -> Array:
    """Return items ``(items, ..., time)``, each group of them worked on, the others as they are."""
    items = x.shape[0]
    if not groups:
        return x
    if len(groups[0][0]) == items:
        return work(x, groups[0][1])
    if is_numpy(x):
        out = np.array(x)
        for at, own in groups:
            out[at] = _as_long(work(x[at], own), x)
        return out
    xp = namespace(x)
    done = [(at, _as_long(work(xp.take(x, _places(at, x), axis=0), own), x)) for at, own in groups]
    order = [one for at, _ in done for one in at]
    rest = [one for one in range(items) if one not in order]
    parts = [part for _, part in done]
    if rest:
        parts.append(xp.take(x, _places(rest, x), axis=0))
    return xp.take(xp.concat(parts, axis=0), _places(np.argsort(order + rest), x), axis=0)


def _places(at: Sequence[int] | NDArray[Any], x: Array) -> Array:
    return placed(np.asarray(at, np.int64), x)


def _as_long(y: Array, x: Array) -> Array:
    if y.shape[1:] != x.shape[1:]:
        raise ParameterError(
            f"an item came out with shape {tuple(y.shape[1:])}, came in with {tuple(x.shape[1:])}: "
            "a batch wants all alike, keep_length=True"
        )
    return y

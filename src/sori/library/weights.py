"""How much each facet counts when tracks are compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sori.errors import ParameterError

__all__ = ["normalised", "parse_weights"]


def parse_weights(text: str | None, *, names: Sequence[str]) -> dict[str, float]:
    """Read ``"timbre=2,rhythm=0"``: a facet that is not named keeps weight 1.

    ``others=X`` sets every facet that is not named, so ``"timbre=1,others=0"`` is timbre alone.

    Parameters
    ----------
    text
        ``None`` or empty: all facets count 1.
    names
        The facets there are.

    Returns
    -------
    Every name with its weight.

    Raises
    ------
    ParameterError
        An unknown facet, one named twice, a weight that is not a finite number of at least 0, or all zero.
    """
    given: dict[str, float] = {}
    for part in (text or "").split(","):
        if not part.strip():
            continue
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise ParameterError(
                f"weight {part.strip()!r} has no value; write FACET=NUMBER, as in {names[0]}=2"
            )
        if name in given:
            raise ParameterError(f"facet {name!r} has two weights in {text!r}; name it once")
        try:
            given[name] = float(value)
        except ValueError:
            raise ParameterError(
                f"weight {value!r} of facet {name!r} is not a number; write {name}=0.5"
            ) from None
    rest = given.pop("others", 1.0)
    weights = {name: given.get(name, rest) for name in names}
    normalised(given | {"others": rest}, [*names, "others"])
    normalised(weights, names)
    return weights


def normalised(weights: Mapping[str, float] | None, names: Sequence[str]) -> NDArray[np.float32]:
    """Return the weights in the order of ``names``, summing to 1; one that is not named counts 1 before that.

    Raises
    ------
    ParameterError
        As :func:`parse_weights`.
    """
    weights = weights or {}
    unknown = [name for name in weights if name not in names]
    if unknown:
        raise ParameterError(f"facet {unknown[0]!r} is not known; the facets are {', '.join(names)}")
    values = [float(weights.get(name, 1.0)) for name in names]
    for name, value in zip(names, values, strict=True):
        if not math.isfinite(value) or value < 0:
            raise ParameterError(
                f"weight {value:g} of facet {name!r} is not usable; give a number of at least 0"
            )
    total = sum(values)
    if names and total <= 0:
        raise ParameterError("every weight is zero, so nothing would count; set one above 0")
    return np.asarray([value / (total or 1.0) for value in values], np.float32)

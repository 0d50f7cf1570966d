"""What a layer can know of its function without running it, and how it shows options."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sori.arrays import recorded
from sori.arrays.matrices import Key
from sori.errors import ParameterError

__all__ = [
    "constant_names",
    "example_of",
    "lasting_constants",
    "numbers_that_may_be_arrays",
    "options_of",
    "shown",
]

_ARRAYS = ("Array", Any)  # annotations of what is given to a layer, as against what it is made with
_SIZES = (8192, 65536, 524288)  # samples of silence: the first that is long enough for the function


def options_of(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the keyword options of a function, those in ``**framing`` one by one."""
    found = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY or _is_plain(parameter):
            found.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            unpacked = get_args(get_type_hints(function).get(parameter.name)) or ()
            found += [
                inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=..., annotation=kind)
                for typed in unpacked
                for name, kind in typed.__annotations__.items()
            ]
    return found


def _is_plain(parameter: inspect.Parameter) -> bool:
    """Say whether a parameter by position is an option all the same, as the name of a range is."""
    return parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and parameter.annotation not in _ARRAYS


def numbers_that_may_be_arrays(function: Callable[..., Any], options: dict[str, Any]) -> dict[str, float]:
    """Return the options that are numbers here and could be arrays: what can be learned."""
    found = {
        p.name: options.get(p.name, p.default) for p in options_of(function) if "| Array" in str(p.annotation)
    }
    return {name: value for name, value in found.items() if isinstance(value, int | float)}


def example_of(function: Callable[..., Any]) -> str:
    """Return what a function is given, by the name of its first parameter."""
    first = next(iter(inspect.signature(function).parameters))
    return {"x": "wave", "chroma": "chroma"}.get(first, "magnitude")


def _silence(
    function: Callable[..., Any], takes: str, options: dict[str, Any], *, size: int, other_bins: bool = False
) -> list[NDArray[Any]]:
    """Return zeros such as a function with these options is given, one array for each that it takes.

    Parameters
    ----------
    size : int
        Samples of a signal; a spectrogram is as long.
    other_bins : bool
        Of frequencies, take as many as nothing asks for.
    """
    n_fft = (options.get("n_fft") or 2048) + 8 * other_bins
    frames = max(4, size // 512)
    n_bands = getattr(options.get("statistics"), "n_bands", None)
    shape: tuple[int, ...] = {
        "wave": (size,),
        "channels": (2, size),
        "mel": ((options.get("n_mels") or n_bands or 128) + 8 * other_bins, frames),
        "chroma": (12, frames),
        "curve": (frames,),
        "mfcc": (20, frames),
        "cqt": (options.get("n_bins") or 84, frames),
        "cqt_magnitude": (options.get("n_bins") or 84, frames),
        "gansynth": (2, n_fft // 2, frames),
    }.get(takes, (n_fft // 2 + 1, frames))
    zeros = np.zeros(shape, np.complex64 if takes in ("complex", "cqt") else np.float32)
    return [zeros] * sum(p.annotation in _ARRAYS for p in inspect.signature(function).parameters.values())


def lasting_constants(
    function: Callable[..., Any],
    takes: str,
    options: dict[str, Any],
    *,
    convert: Callable[[NDArray[Any]], Any],
    example: Sequence[Any] = (),
) -> dict[Key, NDArray[Any]]:
    """Return the constants that a function asks for whatever the length of what it is given.

    It is run on silence of two lengths, and of two numbers of frequencies where it allows that; what it asks
    for each time is its own. With an ``example`` the number of frequencies is known.

    Raises
    ------
    ParameterError
        As the function does, for what no silence could satisfy.
    """

    def asked_for(given: Sequence[Any]) -> dict[Key, NDArray[Any]]:
        with recorded() as written:
            function(*given, **options)
        return written

    def like_silence(size: int, *, other_bins: bool = False) -> list[Any]:
        return list(map(convert, _silence(function, takes, options, size=size, other_bins=other_bins)))

    if example:
        return _shared(asked_for(example), asked_for([one[..., : one.shape[-1] * 3 // 4] for one in example]))
    for size in _SIZES:
        try:
            found = _shared(asked_for(like_silence(size)), asked_for(like_silence(size * 5 // 4)))
        except ParameterError:
            if size == _SIZES[-1]:
                raise
        else:
            break
    with contextlib.suppress(ParameterError):  # the options may say how many frequencies there are
        found = _shared(found, asked_for(like_silence(size, other_bins=True)))
    return found


def _shared(some: dict[Key, NDArray[Any]], others: dict[Key, NDArray[Any]]) -> dict[Key, NDArray[Any]]:
    return {key: values for key, values in some.items() if key in others}


def constant_names(keys: Iterable[Key], *, taken: Iterable[str]) -> dict[Key, str]:
    """Return a name for each constant: that of its builder, numbered from the second on."""
    names: dict[Key, str] = {}
    used = set(taken)
    for key in keys:
        stem = key[0].__name__.strip("_")
        numbered = (f"{stem}_{n}" for n in range(1, len(used) + 2))
        names[key] = stem if stem not in used else next(name for name in numbered if name not in used)
        used.add(names[key])
    return names


def shown(value: object) -> str:
    """Return an option for a ``repr``: arrays by their shape."""
    shape = getattr(value, "shape", None)
    return repr(value) if shape is None or isinstance(value, np.generic) else f"array{tuple(shape)}"

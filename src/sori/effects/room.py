"""A room of four walls, floor and ceiling, computed reflection by reflection."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array
from sori.effects.drawing import geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.impulse_response import convolve_each, direct_first
from sori.effects.items import Columns
from sori.errors import MissingExtra, ParameterError

__all__ = ["Room", "room_response"]

_FROM_WALLS_M = 0.3  # nobody stands nearer
_MOST_REFLECTIONS = 40
_SLOWEST_WALLS = 0.01  # of the energy, that any wall swallows


@lru_cache(maxsize=256)
def room_response(
    *,
    size_m: tuple[float, float, float],
    source_m: tuple[float, float, float],
    microphone_m: tuple[float, float, float],
    decay_s: float,
    sample_rate: int,
) -> NDArray[np.float64]:
    """Return the impulse response between two places in a box, by the image method.

    Parameters
    ----------
    size_m, source_m, microphone_m : (x, y, height)
        Metres; the places from the corner of the room.
    decay_s : float
        In which its sound falls by 60 dB, as Sabine's formula has it: what cannot be in a room of this size
        (its walls would have to swallow more than all) is as short as can be.
    sample_rate : int
        Hz.

    Raises
    ------
    MissingExtra
        Without ``pyroomacoustics``.

    Source: Allen & Berkley, "Image method for efficiently simulating small-room acoustics", JASA 65, 1979;
    Scheibler, Bezzam & Dokmanić, "Pyroomacoustics", ICASSP 2018.
    """
    try:
        import pyroomacoustics
    except ImportError as error:
        raise MissingExtra("a simulated room needs pyroomacoustics: pip install 'sori[rooms]'") from error
    x, y, height = size_m
    volume, surface = x * y * height, 2 * (x * y + x * height + y * height)
    swallowed = min(max(0.161 * volume / (surface * decay_s), _SLOWEST_WALLS), 0.99)
    # As many reflections as there is time for, across the room's mean free path.
    reflections = min(_MOST_REFLECTIONS, int(np.ceil(decay_s * 343.0 / (4 * volume / surface))))
    room = pyroomacoustics.ShoeBox(
        list(size_m),
        fs=sample_rate,
        materials=pyroomacoustics.Material(swallowed),
        max_order=reflections,
    )
    room.add_source(list(source_m))
    room.add_microphone(list(microphone_m))
    room.compute_rir()
    found = np.asarray(direct_first(np.asarray(room.rir[0][0])), np.float64)
    found.setflags(write=False)
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Room(Effect):
    """A drawn room, with a source and a microphone somewhere in it; needs ``pip install "sori[rooms]"``.

    Parameters
    ----------
    min_side_m, max_side_m : float
        Length and width of the room, metres.
    min_height_m, max_height_m : float
        Its height.
    min_decay_s, max_decay_s : float
        In which its sound falls by 60 dB.
    p : float
        How likely it is to take part.
    """

    min_side_m: float = 3.0
    max_side_m: float = 12.0
    min_height_m: float = 2.4
    max_height_m: float = 5.0
    min_decay_s: float = 0.2
    max_decay_s: float = 0.8
    p: float = 1.0

    _LIMITS = (("side_m", 1.0, 100.0), ("height_m", 1.0, 50.0), ("decay_s", 0.05, 5.0))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        sides = (uniform(rng, self.min_side_m, self.max_side_m) for _ in range(2))
        size = [*sides, uniform(rng, self.min_height_m, self.max_height_m)]
        source, microphone = (
            [uniform(rng, _FROM_WALLS_M, side - _FROM_WALLS_M) for side in size] for _ in range(2)
        )
        return {
            "size_m": size,
            "source_m": source,
            "microphone_m": microphone,
            "decay_s": geometric(rng, self.min_decay_s, self.max_decay_s),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        each = zip(
            drawn["size_m"], drawn["source_m"], drawn["microphone_m"], drawn["decay_s"].tolist(), strict=True
        )
        return convolve_each(
            x,
            [
                room_response(
                    size_m=_place(size, size),
                    source_m=_place(source, size),
                    microphone_m=_place(microphone, size),
                    decay_s=decay_s,
                    sample_rate=int(sample_rate),
                )
                for size, source, microphone, decay_s in each
            ],
        )


def _place(place: list[float], size: list[float]) -> tuple[float, float, float]:
    if len(place) != 3 or not all(0 < at <= most for at, most in zip(place, size, strict=True)):
        raise ParameterError(f"{place}: want three metres within the room {size}")
    return place[0], place[1], place[2]

"""Less difference between loud and soft."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_numbers
from sori.effects.drawing import choice, geometric, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, column
from sori.errors import ParameterError
from sori.signal.dynamics import compressor

__all__ = ["Compression"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Compression(Effect):
    """A compressor with drawn settings, as broadcast and records have one; channels share its gain.

    Parameters
    ----------
    min_threshold_db, max_threshold_db : float
        From which level on, dB of full scale.
    min_ratio, max_ratio : float
        So many dB more come out as 1 dB more.
    min_makeup_db, max_makeup_db : float
        Gain afterwards, dB.
    attacks_s, releases_s : sequence of float
        What is drawn from: how fast the gain falls and comes back, seconds.
    knee_db : float
        Width of the bend at the threshold.
    p : float
        How likely it is to take part.
    """

    min_threshold_db: float = -40.0
    max_threshold_db: float = -15.0
    min_ratio: float = 1.5
    max_ratio: float = 8.0
    min_makeup_db: float = 0.0
    max_makeup_db: float = 6.0
    attacks_s: tuple[float, ...] = (0.001, 0.005, 0.02)
    releases_s: tuple[float, ...] = (0.05, 0.1, 0.3)
    knee_db: float = 6.0
    p: float = 1.0

    _ALIKE = ("attack_s", "release_s")
    _LIMITS = (("threshold_db", -120.0, 0.0), ("ratio", 1.0, 1000.0), ("makeup_db", -60.0, 60.0))

    def __post_init__(self) -> None:
        """Refuse times and a knee that are none."""
        super().__post_init__()
        check_numbers(knee_db=self.knee_db)
        for name in ("attacks_s", "releases_s"):
            values = tuple(getattr(self, name))
            check_numbers(**{f"{name}[{at}]": value for at, value in enumerate(values)})
            if not values or min(values) < 0 or self.knee_db < 0:
                raise ParameterError(
                    f"{name}={values}, knee_db={self.knee_db}: want one or more, none below 0"
                )
            object.__setattr__(self, name, values)

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "threshold_db": uniform(rng, self.min_threshold_db, self.max_threshold_db),
            "ratio": geometric(rng, self.min_ratio, self.max_ratio),
            "makeup_db": uniform(rng, self.min_makeup_db, self.max_makeup_db),
            "attack_s": choice(rng, self.attacks_s),
            "release_s": choice(rng, self.releases_s),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        return compressor(
            x,
            sample_rate=sample_rate,
            threshold_db=column(drawn["threshold_db"], x),
            ratio=column(drawn["ratio"], x),
            makeup_db=column(drawn["makeup_db"], x),
            attack_s=float(drawn["attack_s"][0]),
            release_s=float(drawn["release_s"][0]),
            knee_db=self.knee_db,
            linked=x.ndim > 2,
        )

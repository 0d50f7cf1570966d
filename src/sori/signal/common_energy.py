"""One level for a whole data set: measure every signal once, then apply what all of them share."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sori.arrays import Array, to_numpy, waveform
from sori.errors import DataError, ParameterError
from sori.signal.level import Over, normalize_rms, peak, rms

__all__ = ["CommonEnergy"]

_VERSION = 1


@dataclasses.dataclass
class CommonEnergy:
    """The energy to which all signals of a data set are brought, found in one pass over them.

    A training set whose items differ in level teaches a model about levels. Give each signal once to
    `update`, then bring every signal, of this set or a later one, to the same energy with `apply`. The
    state is four numbers: `to_dict`, `save`; parts measured apart are put together with `merge`.

    ``goal="mean"`` is the mean of the energies. ``goal="highest"`` is the most that no signal of the set
    needs to be clipped for: the one with the highest peak above its RMS then just reaches full scale.
    Silent signals are counted but have no say.

    Examples
    --------
    >>> import numpy as np
    >>> songs = [np.array([0.1, -0.1]), np.array([0.5, 0.0])]
    >>> common = CommonEnergy()
    >>> for song in songs:
    ...     common.update(song)
    >>> round(common.rms(goal="mean"), 4), round(common.rms(goal="highest"), 4)
    (0.2598, 0.7071)
    >>> common.apply(songs[0], goal="highest").round(4).tolist()
    [0.7071, -0.7071]
    """

    signals: int = 0
    silent: int = 0
    energy: float = 0.0
    crest: float = 0.0

    def update(self, x: Array, *, linked: bool = False) -> None:
        """Measure one or more signals ``(..., time)``; ``linked``: the axis before time holds channels.

        Not for use inside a trace: the state is plain numbers.
        """
        _, x = waveform(x)
        level = to_numpy(rms(x, linked=linked)).astype(np.float64).reshape(-1)
        highest = to_numpy(peak(x, linked=linked)).astype(np.float64).reshape(-1)
        heard = level > 0
        self.signals += len(level)
        self.silent += int(len(level) - heard.sum())
        self.energy += float((level[heard] ** 2).sum())
        self.crest = max(self.crest, float((highest[heard] / level[heard]).max(initial=0.0)))

    def merge(self, other: CommonEnergy) -> None:
        """Take in what another one has measured, on other signals."""
        self.signals += other.signals
        self.silent += other.silent
        self.energy += other.energy
        self.crest = max(self.crest, other.crest)

    def rms(self, *, goal: Literal["mean", "highest"] = "mean") -> float:
        """Return the common RMS, full scale being 1.

        Raises
        ------
        ParameterError
            Before anything that sounds has been measured, and for an unknown goal.
        """
        heard = self.signals - self.silent
        if not heard:
            raise ParameterError("nothing that sounds has been measured: call update with each signal first")
        if goal == "mean":
            return math.sqrt(self.energy / heard)
        if goal == "highest":
            return 1 / self.crest
        raise ParameterError(f"goal={goal!r}: want 'mean' or 'highest'")

    def apply(
        self,
        x: Array,
        *,
        goal: Literal["mean", "highest"] = "mean",
        linked: bool = False,
        over: Over = "error",
    ) -> Array:
        """Return signals brought to the common energy; ``over`` as in `sori.signal.level.normalize_rms`."""
        return normalize_rms(x, target_dbfs=20 * math.log10(self.rms(goal=goal)), linked=linked, over=over)

    def to_dict(self) -> dict[str, float]:
        """Return the state as plain numbers."""
        return {"version": _VERSION, **dataclasses.asdict(self)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> CommonEnergy:
        """Return what `to_dict` was called on.

        Raises
        ------
        DataError
            For anything else.
        """
        names = {field.name for field in dataclasses.fields(cls)}
        if (
            not isinstance(state, dict)
            or state.get("version") != _VERSION
            or set(state) != {*names, "version"}
        ):
            raise DataError(f"got {state!r}, want what CommonEnergy.to_dict gave: measure the data set again")
        return cls(**{name: state[name] for name in names})

    def save(self, path: str | Path) -> None:
        """Write the state to a JSON file."""
        Path(path).write_text(json.dumps(self.to_dict()), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> CommonEnergy:
        """Return the state of a file that `save` wrote."""
        try:
            state = json.loads(Path(path).read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise DataError(f"{path} is not JSON ({error}): measure the data set again") from None
        return cls.from_dict(state)

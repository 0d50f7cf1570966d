"""Effects together: all in turn, one of several, some of several."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from sori.arrays import Array
from sori.arrays.framing import check_counts, check_numbers
from sori.effects.drawing import choice
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns
from sori.errors import ParameterError

__all__ = ["Chain", "OneOf", "SomeOf"]


class _Several(Effect):
    """Effects in a row, of which some take part; what was drawn is ``{"effects": [..., None, ...]}``."""

    effects: tuple[Effect, ...]

    def __post_init__(self) -> None:
        """Keep the effects as a tuple, and refuse what is none."""
        super().__post_init__()
        effects = tuple(self.effects) if isinstance(self.effects, Sequence) else ()
        if not effects or not all(isinstance(effect, Effect) for effect in effects):
            raise ParameterError(f"effects={self.effects!r}: want one effect or more, in a list")
        object.__setattr__(self, "effects", effects)

    def _taking_part(self, rng: np.random.Generator) -> set[int]:
        raise NotImplementedError

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        taking_part = self._taking_part(rng)
        one = np.broadcast_to(np.float32(0), shape)
        return {
            "effects": [
                effect.draw(rng, one, sample_rate=sample_rate) if at in taking_part else None
                for at, effect in enumerate(self.effects)
            ]
        }

    def apply(self, samples: Array, parameters: Parameters | None, *, sample_rate: float) -> Array:
        """Return samples with each effect that was drawn done to them, in order; see `Effect.apply`."""
        samples = self._checked(samples)
        for effect, own in zip(self.effects, self._each(parameters), strict=True):
            if own is not None:
                samples = effect.apply(samples, own, sample_rate=sample_rate)
        return samples

    def apply_batch(
        self, samples: Array, parameters: Sequence[Parameters | None], *, sample_rate: float
    ) -> Array:
        """Return a batch with each effect that was drawn done to its items; see `Effect.apply_batch`."""
        samples = self._checked(samples)
        rows = [self._each(own) for own in parameters]
        for at, effect in enumerate(self.effects):
            samples = effect.apply_batch(samples, [row[at] for row in rows], sample_rate=sample_rate)
        return samples

    def _checked(self, samples: Array) -> Array:
        return self.effects[0]._checked(samples)

    def _check_rate(self, sample_rate: float) -> None:
        self.effects[0]._check_rate(sample_rate)

    def _move(self, event: Any, drawn: Columns, duration_s: float) -> Any:
        for effect, own in zip(self.effects, self._each(drawn), strict=True):
            event = effect.move(event, own, duration_s=duration_s)
            duration_s = effect.duration_after(duration_s, own)
        return event

    def duration_after(self, duration_s: float, parameters: Parameters | None) -> float:
        """Return the length after all of them, seconds."""
        for effect, own in zip(self.effects, self._each(parameters), strict=True):
            duration_s = effect.duration_after(duration_s, own)
        return duration_s

    def _each(self, parameters: Parameters | None) -> list[Parameters | None]:
        """Return what was drawn for each effect."""
        if parameters is None:
            return [None] * len(self.effects)
        own = parameters.get("effects") if isinstance(parameters, dict) else None
        if not isinstance(own, list) or len(own) != len(self.effects):
            raise ParameterError(
                f"parameters={parameters!r}: want what draw returned, 'effects' with {len(self.effects)} "
                "entries"
            )
        return own


@dataclasses.dataclass(frozen=True)
class Chain(_Several):
    """One effect after another.

    Parameters
    ----------
    effects : sequence of Effect
    p : float
        How likely it is that any takes part; each then has a probability of its own.

    Examples
    --------
    >>> from sori.effects import Gain, Polarity
    >>> chain = Chain([Gain(min_db=-6.0, max_db=-6.0), Polarity(p=0.0)])
    >>> chain.draw(np.random.default_rng(0), np.zeros((1, 9)), sample_rate=8000)
    {'effects': [{'gain_db': -6.0}, None]}
    """

    effects: Sequence[Effect]  # type: ignore[assignment]
    p: float = 1.0

    def _taking_part(self, rng: np.random.Generator) -> set[int]:
        return set(range(len(self.effects)))


@dataclasses.dataclass(frozen=True)
class OneOf(_Several):
    """One of several effects; ``weights``, if given, say how likely each is beside the others."""

    effects: Sequence[Effect]  # type: ignore[assignment]
    weights: Sequence[float] | None = None
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse weights that are none."""
        super().__post_init__()
        if self.weights is None:
            return
        weights = tuple(self.weights)
        check_numbers(**{f"weights[{at}]": weight for at, weight in enumerate(weights)})
        if len(weights) != len(self.effects) or min(weights) < 0 or not sum(weights) > 0:
            raise ParameterError(
                f"weights={self.weights!r}: want {len(self.effects)} numbers, none below 0 and not all 0"
            )
        object.__setattr__(self, "weights", weights)

    def _taking_part(self, rng: np.random.Generator) -> set[int]:
        return {choice(rng, range(len(self.effects)), self.weights)}


@dataclasses.dataclass(frozen=True)
class SomeOf(_Several):
    """``n`` different ones of several effects, in the order they are given in.

    ``n`` is a number, or a pair: at least and at most so many.
    """

    n: int | tuple[int, int]
    effects: Sequence[Effect]  # type: ignore[assignment]
    p: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a number of effects that there are not."""
        super().__post_init__()
        low, high = self._span()
        check_counts(n=low + 1, most=high)
        if not 0 <= low <= high <= len(self.effects):
            raise ParameterError(f"n={self.n}: want at most the {len(self.effects)} effects there are")
        if not isinstance(self.n, int):
            object.__setattr__(self, "n", (low, high))

    def _span(self) -> tuple[int, int]:
        if isinstance(self.n, int):
            return self.n, self.n
        if not isinstance(self.n, Sequence) or len(self.n) != 2 or not all(type(n) is int for n in self.n):
            raise ParameterError(f"n={self.n!r}: want a whole number, or the least and the most")
        return self.n[0], self.n[1]

    def _taking_part(self, rng: np.random.Generator) -> set[int]:
        low, high = self._span()
        many = int(rng.integers(low, high, endpoint=True))
        return {int(at) for at in rng.permutation(len(self.effects))[:many]}

"""Sources mixed at drawn levels: another mix of the same stems every time."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from sori.arrays import Array, waveform
from sori.arrays.framing import check_numbers
from sori.effects.drawing import uniform
from sori.effects.items import column
from sori.errors import ParameterError

__all__ = ["MixSources"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class MixSources:
    """Stems of one recording, or recordings of anything, at drawn levels together.

    Not an effect on a sound but a way to make one: ``(..., sources, channels, time)`` becomes
    ``(..., channels, time)``.

    Parameters
    ----------
    min_db, max_db : float
        Gain of each source, dB.
    p_silent : float
        How likely a source is to be left out; one always stays.

    Examples
    --------
    >>> stems = np.ones((3, 1, 4))
    >>> MixSources(min_db=0.0, max_db=0.0).apply(stems, {"gains_db": [0.0, 0.0, None]}).tolist()
    [[2.0, 2.0, 2.0, 2.0]]
    """

    min_db: float = -12.0
    max_db: float = 6.0
    p_silent: float = 0.0

    def __post_init__(self) -> None:
        """Refuse ranges that are none."""
        check_numbers(min_db=self.min_db, max_db=self.max_db, p_silent=self.p_silent)
        if not (self.min_db <= self.max_db and 0 <= self.p_silent <= 1):
            raise ParameterError(
                f"min_db={self.min_db}, max_db={self.max_db}, p_silent={self.p_silent}: want the smaller one "
                "first, and a probability"
            )

    def draw(self, rng: np.random.Generator, sources: Array) -> dict[str, list[float | None]]:
        """Return ``{"gains_db": [...]}`` for ``(..., sources, channels, time)``; ``None`` leaves one out."""
        shape = tuple(np.shape(sources))
        if len(shape) < 3 or not shape[-3]:
            raise ParameterError(f"got shape {shape}, want (..., sources, channels, time)")
        stays = int(rng.integers(shape[-3]))
        gains: list[float | None] = []
        for at in range(shape[-3]):
            silent = rng.random() < self.p_silent
            gain = uniform(rng, self.min_db, self.max_db)
            gains.append(None if silent and at != stays else gain)
        return {"gains_db": gains}

    def apply(self, sources: Array, parameters: dict[str, list[float | None]]) -> Array:
        """Return ``(..., channels, time)``: the sources, each with its gain, together."""
        mixed: Array = self.apply_batch(waveform(sources, name="sources")[1][None, ...], [parameters])
        return mixed[0, ...]

    def apply_batch(self, sources: Array, parameters: Sequence[dict[str, list[float | None]]]) -> Array:
        """Return a batch ``(batch, ..., channels, time)`` of ``(batch, ..., sources, channels, time)``."""
        _, x = waveform(sources, name="sources")
        gains = [own["gains_db"] for own in parameters]
        if x.ndim < 4 or len(gains) != x.shape[0] or any(len(own) != x.shape[-3] for own in gains):
            raise ParameterError(
                f"gains for {[len(own) for own in gains]} sources, samples of shape {tuple(x.shape)}: "
                "want one gain for each of (batch, sources, channels, time)"
            )
        factors = [[0.0 if one is None else 10.0 ** (one / 20) for one in own] for own in gains]
        total = None
        for at in range(x.shape[-3]):
            part = column(np.array([own[at] for own in factors]), x[..., at, :, :]) * x[..., at, :, :]
            total = part if total is None else total + part
        return total

    def __call__(self, sources: Array, *, rng: np.random.Generator) -> Array:
        """Draw and apply."""
        return self.apply(sources, self.draw(rng, sources))

"""All options of a training run in one record, which is kept in every checkpoint and model."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Self

from sori.effects import Effect
from sori.errors import DataError, ParameterError

__all__ = ["MODELS", "TrainingOptions"]

MODELS = ("summary", "cnn", "crnn", "compact")
"""What can be trained: a classifier of summary features, or one of three networks."""

_PASSES = 40_000  # excerpts that a network hears by default, twice as many of words and notes ...
_MOST_COPIES = 100
_FEWEST_EPOCHS, _MOST_EPOCHS = 8, 100  # ... within these bounds


@dataclasses.dataclass(frozen=True)
class TrainingOptions:
    """How a network is trained.

    Attributes
    ----------
    model
        One of `MODELS`.
    epochs
        Times that all recordings are heard; ``None``: so many that 40,000 excerpts are (of words and notes
        80,000), from 8 to 100.
    batch_size, learning_rate, weight_decay, dropout
        Of AdamW; the rate rises over the first tenth and falls to nothing along a cosine.
    label_smoothing
        The share of certainty that is spread over all classes.
    balance
        Whether rare classes count as much as frequent ones.
    augment
        Whether excerpts are disturbed (see `sori.models.disturbance`); ``mixup`` is the parameter of that
        part of it, 0 for none.
    effect, copies
        An effect on samples as plain data (`sori.effects.Effect.to_dict`), of which each recording gets so
        many copies to learn from beside itself; ``None``: no copies.
    validation
        The share of the training part, whole groups, that is kept back to say when to stop; 0 for none,
        ``None``: a tenth where there are 2,000 recordings in 20 groups or more; else every recording is
        learned from to the end of the schedule.
    patience
        Epochs without a gain in validation after which training stops, once half of it is done.
    averaging
        How slowly the weights that are kept follow those that learn: the mean of about the last
        ``1 / (1 - averaging)`` steps.
    seed
        The same seed gives the same model on the same machine.
    device
        "cpu", "cuda", "mps" or "auto", the fastest there is.
    mixed_precision
        Whether a GPU multiplies in half precision.
    """

    model: str = "compact"
    epochs: int | None = None
    batch_size: int = 16
    learning_rate: float = 3e-3
    weight_decay: float = 0.03
    dropout: float = 0.2
    label_smoothing: float = 0.1
    balance: bool = True
    augment: bool = True
    mixup: float = 0.4
    effect: dict[str, Any] | None = None
    copies: int = 4
    validation: float | None = None
    patience: int = 12
    averaging: float = 0.99
    seed: int = 0
    device: str = "auto"
    mixed_precision: bool = True

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.model not in MODELS:
            raise ParameterError(f"model={self.model!r}: want one of {', '.join(MODELS)}")
        if self.epochs is not None and self.epochs < 1:
            raise ParameterError(f"epochs={self.epochs}: want at least 1")
        if self.batch_size < 2 or self.patience < 1 or self.seed < 0:
            raise ParameterError(
                f"batch_size={self.batch_size}, patience={self.patience}, seed={self.seed}: want a batch"
                f" of at"
                " least 2, a patience of at least 1 and a seed of at least 0"
            )
        if not 1 <= self.copies <= _MOST_COPIES:
            raise ParameterError(f"copies={self.copies}: want 1 to {_MOST_COPIES}")
        if self.effect is not None:
            Effect.from_dict(self.effect).check_for_samples()
        for name, low, high in (
            ("learning_rate", 1e-9, 1.0),
            ("weight_decay", 0.0, 1.0),
            ("dropout", 0.0, 0.9),
            ("label_smoothing", 0.0, 0.9),
            ("mixup", 0.0, 100.0),
            ("validation", 0.0, 0.5),
            ("averaging", 0.0, 0.9999),
        ):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise ParameterError(f"{name}={value}: want {low:g} to {high:g}")
        if self.device not in ("auto", "cpu", "cuda", "mps"):
            raise ParameterError(f"device={self.device!r}: want 'auto', 'cpu', 'cuda' or 'mps'")

    @property
    def versions(self) -> int:
        """How many versions of each recording are learned from: itself and its copies."""
        return 1 if self.effect is None else 1 + self.copies

    def epochs_for(self, excerpts: int, *, short: bool) -> int:
        """Return how many epochs of ``excerpts`` there are to be; ``short`` ones are words or notes."""
        if self.epochs is not None:
            return self.epochs
        passes = 2 * _PASSES if short else _PASSES
        return min(max(round(passes / max(1, excerpts)), _FEWEST_EPOCHS), _MOST_EPOCHS)

    def to_dict(self) -> dict[str, Any]:
        """Return the options as plain data, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the options that `to_dict` has written down.

        Raises
        ------
        DataError
            When the data are none.
        """
        try:
            return cls(**data)
        except (TypeError, ParameterError) as why:
            raise DataError(f"these are no options of a training run ({why})") from None

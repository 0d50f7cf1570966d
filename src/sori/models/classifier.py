"""A model that is fitted to arrays and asked, the way of scikit-learn: `SoundClassifier`."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sori.errors import ModelError, ParameterError
from sori.models.front_end import front_end_for
from sori.models.learning import Part, learn, prepare
from sori.models.model import SoundModel
from sori.models.model_file import load_model, save_model
from sori.models.options import TrainingOptions

__all__ = ["SoundClassifier"]

_OPTIONS = tuple(field.name for field in dataclasses.fields(TrainingOptions))


class SoundClassifier:
    """Learns to tell sounds apart, and says what they are.

    >>> from sori.models.classifier import SoundClassifier
    >>> SoundClassifier(sample_rate=8000, model="summary").get_params()["model"]
    'summary'

    Parameters
    ----------
    sample_rate : int
        Of all sounds, Hz.
    **options
        Those of `sori.models.options.TrainingOptions`.

    Attributes
    ----------
    classes_ : (labels,) str
        After `fit`, in the order of the columns of `predict_proba`.
    model_ : SoundModel
        After `fit`.

    Raises
    ------
    ParameterError
        For an option that there is not, or that makes no sense.
    """

    def __init__(self, *, sample_rate: int, **options: Any) -> None:
        self.sample_rate = sample_rate
        self._options = _checked(options)
        self.model_: SoundModel | None = None

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return all parameters by name; ``deep`` is scikit-learn's, and changes nothing."""
        return {"sample_rate": self.sample_rate, **self._options.to_dict()}

    def set_params(self, **params: Any) -> Self:
        """Set some parameters by name."""
        self.sample_rate = params.pop("sample_rate", self.sample_rate)
        self._options = _checked({**self._options.to_dict(), **params})
        return self

    def fit(
        self,
        X: Sequence[NDArray[np.floating]] | NDArray[np.floating],
        y: Sequence[str] | Sequence[Sequence[str]],
        groups: Sequence[Any] | None = None,
        *,
        folder: str | os.PathLike[str] | None = None,
        report: Callable[[Any], None] = lambda said: None,
    ) -> Self:
        """Learn from sounds.

        Parameters
        ----------
        X : (n, time) or a sequence of (time,)
            Mono samples.
        y : n labels, or n sequences of labels
            Of the latter each sound may have several, or none.
        groups : n values, optional
            What must stay together when a part is kept back.
        folder : path, optional
            Where checkpoints are kept: the same call goes on from there after an end by force.
        report : function
            Told how it goes, see `sori.models.learning.learn`.

        Raises
        ------
        ParameterError
            For numbers that do not match.
        DataError
            For labels that cannot be told apart, and a ``folder`` of another run.
        """
        sounds = [np.asarray(x, np.float32) for x in X]
        if not sounds or len(sounds) != len(y) or any(x.ndim != 1 or not len(x) for x in sounds):
            raise ParameterError(
                f"got {len(sounds)} sounds and {len(y)} labels: want as many of both, at least one, and"
                f" each sound"
                " mono (time,) with a sample"
            )
        if groups is not None and len(groups) != len(sounds):
            raise ParameterError(f"got {len(groups)} groups for {len(sounds)} sounds")
        several = not isinstance(y[0], str)
        each = [tuple(found) if several else (str(found),) for found in y]
        labels = tuple(sorted({label for found in each for label in found}))
        targets = np.array([[label in found for label in labels] for found in each], np.float32)
        every = np.arange(len(sounds))
        front = front_end_for([len(x) / self.sample_rate for x in sounds], self.sample_rate)
        if front.sample_rate != self.sample_rate:
            import soxr

            sounds = [soxr.resample(x, self.sample_rate, front.sample_rate, quality="HQ") for x in sounds]
        with tempfile.TemporaryDirectory(prefix="sori-") as spare:
            place = Path(folder or spare)
            place.mkdir(parents=True, exist_ok=True)
            material = prepare(sounds, front=front, options=self._options, folder=place)
            about = np.array([f"{k}" for k in every] if groups is None else [str(group) for group in groups])
            part = Part(labels, several, targets, about, every)
            checkpoint = place / "checkpoint.pt"
            self.model_ = learn(material, part, self._options, card={}, checkpoint=checkpoint, report=report)
        self.classes_ = np.array(labels)
        return self

    def predict_proba(self, X: Sequence[NDArray[np.floating]] | NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the scores of sounds, (n, labels)."""
        model = self._fitted()
        sounds = [np.asarray(x, np.float32) for x in X]
        if self.sample_rate != model.sample_rate:
            import soxr

            sounds = [soxr.resample(x, self.sample_rate, model.sample_rate, quality="HQ") for x in sounds]
        found = [model.hear(x, sample_rate=model.sample_rate).scores for x in sounds]
        return np.array(found, np.float32).reshape(len(found), len(model.labels))

    def predict(self, X: Sequence[NDArray[np.floating]] | NDArray[np.floating]) -> NDArray[Any]:
        """Return the label of each sound; of several labels (n, labels) of 0 and 1."""
        scores = self.predict_proba(X)
        if self._fitted().multi_label:
            return (scores > 0.5).astype(np.int64)
        found: NDArray[Any] = self.classes_[scores.argmax(axis=1)]
        return found

    def score(self, X: Sequence[NDArray[np.floating]], y: Sequence[Any]) -> float:
        """Return the share of sounds whose answer is right (of several labels: entirely right)."""
        found = self.predict(X)
        if self._fitted().multi_label:
            wanted = np.array([[label in labels for label in self.classes_] for labels in y])
            return float((found == wanted).all(axis=1).mean())
        return float((found == np.asarray(y)).mean())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what was learned to a model file, for `sori predict` and `SoundClassifier.load`."""
        save_model(self._fitted(), path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return a classifier that is fitted already, from a model file."""
        model = load_model(path)
        made = cls(sample_rate=model.sample_rate, **model.card["options"])
        made.model_, made.classes_ = model, np.array(model.labels)
        return made

    def _fitted(self) -> SoundModel:
        if self.model_ is None:
            raise ModelError("this classifier has learned nothing yet; call fit first")
        return self.model_


def _checked(options: dict[str, Any]) -> TrainingOptions:
    if unknown := sorted(set(options) - set(_OPTIONS)):
        raise ParameterError(f"there is no option {unknown[0]!r}; there are {', '.join(_OPTIONS)}")
    return TrainingOptions(**options)

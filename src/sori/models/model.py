"""A trained model at work: samples in, scores and an embedding out, with neither PyTorch nor scikit-learn.

A recording is heard excerpt by excerpt, and what is said of them is averaged; so an hour needs no more memory
than a minute.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori import audio
from sori.errors import DecodeError, ModelError, ParameterError
from sori.features.recipes import Recipe, feature_vector
from sori.models.decision import Decision
from sori.models.front_end import Fill, filled

__all__ = ["Heard", "Listener", "SoundModel", "network_model", "summary_model"]

Samples = NDArray[np.float32]

_AT_ONCE = 8  # excerpts


@dataclasses.dataclass(frozen=True, eq=False)
class Heard:
    """What a model says of a recording.

    ``scores`` (classes,) are between 0 and 1, and where one label is meant they add up to 1; ``embedding``
    (width,) places it among others: like beside like.
    """

    scores: NDArray[np.float32]
    embedding: NDArray[np.float32]


@dataclasses.dataclass(frozen=True, eq=False)
class SoundModel:
    """A trained model.

    Attributes
    ----------
    labels
        What it tells apart, in the order of the scores.
    multi_label
        Whether several may be meant at once.
    sample_rate
        Of the samples it is given, Hz.
    excerpt_samples, fill
        How much it hears at once, and with what shorter recordings are filled up.
    card
        What it was trained on and how, and how well it does: plain data.
    run
        Excerpts (n, samples) to scores (n, classes) and embeddings (n, width).
    parts
        What a file of it holds beside the card, by name.
    """

    labels: tuple[str, ...]
    multi_label: bool
    sample_rate: int
    excerpt_samples: int
    fill: Fill
    card: Mapping[str, Any]
    run: Callable[[Samples], tuple[NDArray[Any], NDArray[Any]]]
    parts: Mapping[str, bytes] = dataclasses.field(default_factory=dict)

    def hear(self, samples: Samples, *, sample_rate: float) -> Heard:
        """Return what the model says of mono samples ``(time,)``.

        Raises
        ------
        ParameterError
            Another rate than the model's, another shape, or no samples.
        """
        samples = np.asarray(samples, np.float32)
        if sample_rate != self.sample_rate or samples.ndim != 1:
            raise ParameterError(
                f"got samples of shape {samples.shape} at {sample_rate:g} Hz, want (time,) at"
                f" {self.sample_rate}: sori.load(path, sample_rate={self.sample_rate}, mono=True) gives them"
            )
        return self.hear_blocks([samples])

    def hear_file(
        self, path: str | os.PathLike[str], *, start_s: float = 0.0, end_s: float | None = None
    ) -> Heard:
        """Return what the model says of a file, or of a part of it.

        Raises
        ------
        DecodeError
            The file cannot be read, or has no sound in it.
        """
        try:
            if start_s == 0.0 and end_s is None:
                return self.hear_blocks(
                    block.samples for block in audio.blocks(path, sample_rate=self.sample_rate, mono=True)
                )
            part = audio.load(
                path,
                start_s=start_s,
                duration_s=None if end_s is None else end_s - start_s,
                sample_rate=self.sample_rate,
                mono=True,
            )
            return self.hear_blocks([part.samples])
        except ParameterError as error:
            raise DecodeError(f"{os.fspath(path)}: {error}") from error

    def hear_blocks(self, blocks: Iterable[Samples]) -> Heard:
        """Return what the model says of mono samples at its rate that come block by block."""
        listener = self.listener()
        for block in blocks:
            listener.process(block)
        return listener.finish()

    def listener(self) -> Listener:
        """Return what hears one recording block by block."""
        return Listener(self)

    def named(self, scores: NDArray[Any]) -> tuple[str, ...]:
        """Return what scores say: the best label, or all that are rather there than not."""
        if self.multi_label:
            return tuple(label for label, score in zip(self.labels, scores, strict=True) if score > 0.5)
        return (self.labels[int(np.argmax(scores))],)


class Listener:
    """Hears one recording block by block: `process` each, then `finish`."""

    def __init__(self, model: SoundModel) -> None:
        self._model = model
        self._kept: Samples = np.zeros(0, np.float32)
        self._begins = 0  # where in the recording the kept samples begin
        self._next = 0  # where the next excerpt begins
        self._heard_to = 0
        self._waiting: list[Samples] = []
        self._totals: tuple[Any, Any] = (0.0, 0.0)
        self._count = 0

    def process(self, block: Samples) -> None:
        """Hear the next samples ``(time,)`` at the model's rate."""
        if not np.isfinite(block).all():
            raise ParameterError("samples are NaN or infinite; nothing can be heard in them")
        self._kept = np.concatenate([self._kept, block])
        length = self._model.excerpt_samples
        while self._next + length <= self._begins + len(self._kept):
            self._take(self._next)
            self._heard_to = self._next + length
            self._next += max(1, length // 2)
        # The last excerpt may begin half of one before the next would.
        spare = max(0, min(self._next - length, self._begins + len(self._kept) - length) - self._begins)
        self._kept = self._kept[spare:]
        self._begins += spare

    def finish(self) -> Heard:
        """Return what was heard in all of it.

        Raises
        ------
        ParameterError
            There was no sample.
        """
        end = self._begins + len(self._kept)
        if end == 0:
            raise ParameterError("there are no samples in it, want at least one: nothing can be heard")
        if self._heard_to < end:
            self._take(max(0, end - self._model.excerpt_samples))
        self._run()
        scores, embedding = (np.asarray(total / self._count, np.float32) for total in self._totals)
        return Heard(scores, embedding)

    def _take(self, start: int) -> None:
        length = self._model.excerpt_samples
        part = self._kept[start - self._begins : start - self._begins + length]
        self._waiting.append(filled(part, length, self._model.fill))
        if len(self._waiting) == _AT_ONCE:
            self._run()

    def _run(self) -> None:
        if self._waiting:
            scores, embeddings = self._model.run(np.stack(self._waiting))
            self._totals = (
                self._totals[0] + scores.sum(axis=0, dtype=np.float64),
                self._totals[1] + embeddings.sum(axis=0, dtype=np.float64),
            )
            self._count += len(self._waiting)
            self._waiting = []


def network_model(card: Mapping[str, Any], onnx: bytes, parts: Mapping[str, bytes]) -> SoundModel:
    """Return a network that ONNX Runtime runs, on one thread: files are what is heard in parallel.

    Raises
    ------
    ModelError
        The network cannot be run.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
        taken, given = session.get_inputs(), session.get_outputs()
        fits = [each.name for each in taken] == ["samples"] and len(given) == 2
    except Exception as why:  # noqa: BLE001 -- ONNX Runtime's errors have no common class
        raise ModelError(f"its network cannot be run ({str(why).splitlines()[0]}); train it again") from None
    if not fits:
        raise ModelError("its network does not turn samples into scores and embeddings; train it again")

    def run(excerpts: Samples) -> tuple[NDArray[Any], NDArray[Any]]:
        scores, embeddings = session.run(None, {"samples": excerpts})
        return scores, embeddings

    return _model(card, run, parts)


def summary_model(
    card: Mapping[str, Any], decision: Decision, recipe: Recipe, parts: Mapping[str, bytes]
) -> SoundModel:
    """Return a classifier of summary features.

    Raises
    ------
    ModelError
        The classifier is one of other features.
    """
    if len(decision.mean) != len(recipe.names):
        raise ModelError(
            f"its classifier takes {len(decision.mean)} numbers, its recipe makes {len(recipe.names)};"
            f" train it again"
        )

    def run(excerpts: Samples) -> tuple[NDArray[Any], NDArray[Any]]:
        vectors = np.stack(
            [feature_vector(part, sample_rate=recipe.sample_rate, recipe=recipe) for part in excerpts]
        )
        return decision.scores(vectors), decision.reduced(vectors)

    return _model(card, run, parts)


def _model(card: Mapping[str, Any], run: Any, parts: Mapping[str, bytes]) -> SoundModel:
    hears = card["hears"]
    return SoundModel(
        labels=tuple(card["labels"]),
        multi_label=bool(card["multi_label"]),
        sample_rate=int(hears["sample_rate"]),
        excerpt_samples=int(hears["excerpt_samples"]),
        fill=hears["fill"],
        card=card,
        run=run,
        parts=parts,
    )

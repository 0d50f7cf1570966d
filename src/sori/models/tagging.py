"""Trained models as ears of a library: tags and an embedding of each recording, from the one decode there is.

A model becomes a stage, ``tags:NAME``, and a facet, ``learned:NAME``; their version is the model's
checksum, so that another model under the same name is heard anew and vectors of two models are never
compared.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sori import audio
from sori.analysis.listen import STAGES, Heard, listen
from sori.analysis.material import condense
from sori.audio import Audio
from sori.errors import DecodeError, ModelError, ParameterError
from sori.library.ear import Ear
from sori.library.entries import FACETS, TAGS
from sori.models.model import Listener, SoundModel
from sori.models.model_file import checksum, load_model

__all__ = ["FACET", "Tagger", "hear", "tagger", "with_taggers"]

FACET = "learned:"

_BLOCK_FRAMES = 1 << 17
_SHOWN = 10  # tags that are written down, the likeliest


@dataclasses.dataclass(frozen=True)
class Tagger:
    """A model file and the version that its checksum makes."""

    name: str
    path: str
    version: int

    @property
    def stage(self) -> str:
        """The name of the stage that writes its tags down."""
        return f"{TAGS}{self.name}"

    @property
    def facet(self) -> str:
        """The name of its embedding among the facets."""
        return f"{FACET}{self.name}"


def tagger(path: str | os.PathLike[str]) -> Tagger:
    """Return a model file as an ear, named as the file is.

    Raises
    ------
    FileNotFoundError, ModelError
        As `sori.models.model_file.load_model`.
    ParameterError
        The file's name has a comma or an equals sign in it, which mean something in ``--weights``.
    """
    place = Path(path).resolve()
    if set(place.stem) & set(",="):
        raise ParameterError(f"{place.name!r} would name a facet; rename it without comma and equals sign")
    return Tagger(place.stem, str(place), int(checksum(load_model(place))[:7], 16))


def with_taggers(ear: Ear, taggers: Sequence[Tagger]) -> Ear:
    """Return an ear that also hears what these models say."""
    if not taggers:
        return ear
    return dataclasses.replace(
        ear,
        hear=_Hearing(tuple(taggers)),
        stages={**ear.stages, **{each.stage: each.version for each in taggers}},
        facets={**ear.facets, **{each.facet: each.version for each in taggers}},
        preload=(*ear.preload, "sori.models.tagging"),
    )


@dataclasses.dataclass(frozen=True)
class _Hearing:
    """`hear` with its models, which can be sent to a worker."""

    taggers: tuple[Tagger, ...]

    def __call__(self, path: str, *, stages: Sequence[str] | None = None) -> Heard:
        return hear(path, stages=stages, taggers=self.taggers)


def hear(path: str, *, taggers: Sequence[Tagger], stages: Sequence[str] | None = None) -> Heard:
    """Decode a file once and run stages on it, those of models among them.

    Raises
    ------
    DecodeError
        When the file cannot be decoded or holds no sample.
    ModelError
        When a model is no longer what it was.
    """
    asked = [stage for stage in STAGES if (not stage.on_demand if stages is None else stage.name in stages)]
    own = [stage.name for stage in asked]
    wanted = [each for each in taggers if stages is None or each.stage in stages or FACETS in stages]
    models = [_model(each.path, each.version) for each in wanted]
    ears = [_Ear(model) for model in models]
    try:
        blocks = _overheard(audio.blocks(path, block_frames=_BLOCK_FRAMES), ears)
        material = condense(blocks, keep_mono=any(stage.waveform for stage in asked))
        said = [ear.finish() for ear in ears]
    except ParameterError as error:
        raise DecodeError(f"{os.fspath(path)!r}: {error}") from error
    heard = listen(material, stages=own)
    results = dict(heard.results)
    for each, model, found in zip(wanted, models, said, strict=True):
        results[each.stage] = _tags(model, found.scores)
        if FACETS in own:
            results[FACETS] = {**results[FACETS], each.facet: found.embedding.astype(np.float32)}
    return dataclasses.replace(heard, results=results)


@lru_cache(maxsize=8)
def _model(path: str, version: int) -> SoundModel:
    model = load_model(path)
    if int(checksum(model)[:7], 16) != version:
        raise ModelError(f"{path} was changed while it was in use; run again")
    return model


class _Ear:
    """A listener that takes blocks as a file has them: it mixes and resamples as `sori.load` does."""

    def __init__(self, model: SoundModel) -> None:
        self._rate = model.sample_rate
        self._listener: Listener = model.listener()
        self._resampler: Any = None

    def process(self, block: Audio) -> None:
        mono = block.samples.mean(axis=0, dtype=np.float32)
        if block.sample_rate != self._rate:
            import soxr

            if self._resampler is None:
                self._resampler = soxr.ResampleStream(
                    block.sample_rate, self._rate, 1, dtype="float32", quality="HQ"
                )
            mono = self._resampler.resample_chunk(mono)
        if len(mono):
            self._listener.process(mono)

    def finish(self) -> Any:
        if self._resampler is not None:
            rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
            if len(rest):
                self._listener.process(rest)
        return self._listener.finish()


def _overheard(blocks: Iterable[Audio], ears: Sequence[_Ear]) -> Iterator[Audio]:
    for block in blocks:
        for ear in ears:
            ear.process(block)
        yield block


def _tags(model: SoundModel, scores: Any) -> Mapping[str, Any]:
    order = np.argsort(-scores, kind="stable")[:_SHOWN]
    return {
        "labels": list(model.named(scores)),
        "scores": [{"label": model.labels[k], "score": round(float(scores[k]), 4)} for k in order],
    }

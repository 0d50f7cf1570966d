"""How good a model is on what it has not learned from, and how good its recipe is on every part in turn.

- *test*: the model itself, on what was kept from it.
- *folds*: a model is trained anew for each official fold, with the same options, on all others.
- *groups*: the same for each group (speaker, artist): how well voices are heard that were never heard before.

What was said of each recording is written down when it is said: an evaluation that was killed goes on.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, DecodeError, ParameterError
from sori.models.data import LearningData
from sori.models.front_end import FrontEnd
from sori.models.learning import Material, Part, learn, prepare
from sori.models.model import SoundModel
from sori.models.model_file import arrays_of, bytes_of, checksum
from sori.models.options import TrainingOptions
from sori.models.scores import figures
from sori.models.splits import Parts, fold_parts, leak, one_group_out, parts_of
from sori.system.replacing import replacing

__all__ = ["HOW", "Answers", "Evaluation", "evaluate", "evaluate_recipe"]

HOW = ("test", "folds", "groups")
"""What can be asked: the model on what was kept from it, its recipe on each fold or each group in turn."""

_WORST = 12


@dataclasses.dataclass(frozen=True, eq=False)
class Answers:
    """What was said of some clips: their ``numbers`` in the data, and ``scores`` (numbers, labels)."""

    numbers: NDArray[np.intp]
    scores: NDArray[np.float32]


@dataclasses.dataclass(frozen=True, eq=False)
class Evaluation:
    """The result: ``figures`` as plain data for JSON, and the numbers of the worst answered clips."""

    figures: dict[str, Any]
    worst: tuple[int, ...]


def evaluate(
    model: SoundModel,
    data: LearningData,
    *,
    how: str = "test",
    folder: Path,
    report: Callable[[str], None] = lambda said: None,
) -> Evaluation:
    """Evaluate a model, or its recipe.

    Parameters
    ----------
    model, data
        The data with the model's labels (`sori.models.data.learning_data`).
    how
        One of `HOW`.
    folder
        Where answers are kept until all are there; it may be that of an evaluation that was stopped.
    report
        Told in words what is done.

    Raises
    ------
    ParameterError
        Another word, or folds or groups of data that have none.
    DataError
        No recording is left that the model has not learned from.
    """
    if how not in HOW:
        raise ParameterError(f"got {how!r}, want one of {', '.join(HOW)}")
    if how != "test":
        options = TrainingOptions.from_dict(model.card["options"])
        front = FrontEnd.from_dict(model.card["front"])
        return evaluate_recipe(options, front, data, how=how, folder=folder, report=report)
    part = _kept_from(model, data)
    answers = _answers(model, data, part.test, folder / "test.npz", checksum(model), report)
    return _judged(data, [part], [answers], how, part.how)


def evaluate_recipe(
    options: TrainingOptions,
    front: FrontEnd,
    data: LearningData,
    *,
    how: str,
    folder: Path,
    report: Callable[[str], None] = lambda said: None,
) -> Evaluation:
    """Train anew and evaluate: for each fold ("folds") or group ("groups") on all others, or once ("test").

    Parameters as in `evaluate`; ``options`` and ``front`` are those of every training.
    """
    if how == "test":
        parts = [parts_of(data.splits, data.folds, data.targets, data.groups, seed=options.seed)]
    elif how == "groups":
        if not data.grouped:
            raise ParameterError("the data do not say what belongs together; name groups in the manifest")
        parts = one_group_out(data.groups)
    else:
        known = np.unique(data.folds[data.folds >= 0])
        if len(known) < 2:
            raise ParameterError(
                f"{data.name} has no folds; leave groups out (--groups), or test on what was kept"
            )
        parts = [fold_parts(data.folds, int(fold)) for fold in known]
    answers = list(_retrained(options, front, data, parts, folder, report))
    return _judged(data, parts, answers, how, f"trained anew {len(parts)} times: {how} in turn")


def _judged(
    data: LearningData, parts: list[Parts], answers: list[Answers], how: str, said: str
) -> Evaluation:
    """Return the figures of answers, with what must be known to read them."""
    warnings = list(data.warnings)
    heard = np.concatenate([each.numbers for each in answers])
    scores = np.concatenate([each.scores for each in answers])
    if not len(heard):
        raise DataError("no recording of the test could be read; `sori datasets check` says why")
    truth, groups = data.targets[heard], data.groups[heard]
    found = figures(truth, scores, groups, data.labels, multi_label=data.multi_label)
    leaking = sorted({name for part in parts for name in leak(data.groups, part.training, part.test)})
    leaking = leaking if data.grouped else []
    if leaking:
        warnings.append(_about_leak(leaking))
    if any(len(part.training) for part in parts):
        counts = np.min([data.targets[part.training].sum(axis=0) for part in parts], axis=0)
        if unheard := [label for label, count in zip(data.labels, counts, strict=True) if not count]:
            named = ", ".join(unheard)
            warnings.append(f"nothing was learned of {named}: no such recording is in the training part")
    worst = _worst(truth, scores, multi_label=data.multi_label)
    shares = [_accuracy(data, each) for each in answers if len(each.numbers)]
    result = {
        "how": how,
        "said": said,
        "data": data.name,
        "multi_label": data.multi_label,
        **found,
        "parts": [
            {"name": part.name, "recordings": len(each.numbers), "accuracy": _accuracy(data, each)}
            for part, each in zip(parts, answers, strict=True)
            if len(each.numbers)
        ],
        "mean_of_parts": round(float(np.mean(shares)), 4),
        "worst": [_mistake(data, int(heard[row]), scores[row]) for row in worst],
        "leaking_groups": leaking,
        "warnings": warnings,
        "failures": [
            {"id": data.clips[number].id, "path": str(data.path(number)), "reason": reason}
            for number, reason in sorted(data.unreadable.items())
        ],
    }
    return Evaluation(result, tuple(int(heard[row]) for row in worst))


def _kept_from(model: SoundModel, data: LearningData) -> Parts:
    """Return what was kept from a model of these data; of others all of them, or their official test."""
    ids = np.array([clip.id for clip in data.clips])
    about = json.loads(model.parts["recordings.json"])
    same = about["name"] == data.name
    learned = np.isin(ids, about["training"]) & same
    if same and about["test"]:
        test = np.isin(ids, about["test"])
    else:
        test = ~learned & ~(np.isin(ids, about["validation"]) & same)
        if (data.splits == "test").any():
            test &= data.splits == "test"
    if not test.any():
        raise DataError("the model has learned from every one of these recordings; evaluate it on others")
    said = about["how"] if same else "the model has learned from other data"
    return Parts("test", said, np.flatnonzero(learned), None, np.flatnonzero(test))


def _retrained(
    options: TrainingOptions,
    front: FrontEnd,
    data: LearningData,
    parts: list[Parts],
    folder: Path,
    report: Callable[[str], None],
) -> Iterator[Answers]:
    """Train for each part anew and give what is said of its test."""
    stamp = json.dumps([options.to_dict(), front.to_dict(), data.labels], sort_keys=True)
    material: Material | None = None
    for part in parts:
        kept = folder / f"{part.name.replace('/', '_')}.npz"
        if (known := _known(kept, stamp, part.test)) is not None:
            data.unreadable |= {
                int(number): "it could not be read" for number in np.setdiff1d(part.test, known.numbers)
            }
            yield known
            continue
        if material is None:
            report("hearing the recordings")
            material = prepare(data.sounds(front.sample_rate), front=front, options=options, folder=folder)
        report(f"training: {part.name}")
        trained = learn(
            material,
            Part(
                data.labels,
                data.multi_label,
                data.targets,
                data.groups,
                data.readable(part.training),
                None if part.validation is None else data.readable(part.validation),
            ),
            options,
            card={},
            checkpoint=folder / f"{part.name.replace('/', '_')}.pt",
        )
        yield _answers(trained, data, part.test, kept, stamp, report)


def _answers(
    model: SoundModel,
    data: LearningData,
    numbers: NDArray[np.intp],
    kept: Path,
    stamp: str,
    report: Callable[[str], None],
) -> Answers:
    """Return what a model says of clips; those that cannot be read are noted in the data and left out."""
    if (known := _known(kept, stamp, numbers)) is not None and len(known.numbers) == len(numbers):
        return known
    scores, heard = [], []
    for done, number in enumerate(numbers.tolist(), 1):
        try:
            said = _heard(model, data, number)
        except (DecodeError, DataError, OSError) as why:
            data.unreadable[number] = " ".join(str(why).split())
            continue
        scores.append(said)
        heard.append(number)
        if done % 200 == 0:
            report(f"heard {done} of {len(numbers)}")
    found = Answers(
        np.array(heard, np.intp), np.array(scores, np.float32).reshape(len(heard), len(data.labels))
    )
    arrays: dict[str, NDArray[Any]] = {
        "numbers": found.numbers,
        "scores": found.scores,
        "asked": numbers,
        "stamp": np.array(stamp),
    }
    with replacing(kept) as file:
        file.write(bytes_of(arrays))
    return found


def _heard(model: SoundModel, data: LearningData, number: int) -> NDArray[np.float32]:
    """Return what a model says of a clip: a file block by block, of a store the whole at once."""
    clip = data.clips[number]
    if data.store is None:
        return model.hear_file(data.path(number), start_s=clip.start_s, end_s=clip.end_s).scores
    rate = model.sample_rate
    return model.hear(data.load(number, rate), sample_rate=rate).scores


def _known(kept: Path, stamp: str, numbers: NDArray[np.intp]) -> Answers | None:
    """Return answers of the same model to the same question, where an earlier start has written them down."""
    if not kept.exists():
        return None
    found = arrays_of(kept.read_bytes())
    if str(found["stamp"]) != stamp or not np.array_equal(found["asked"], numbers):
        return None
    return Answers(found["numbers"], found["scores"])


def _accuracy(data: LearningData, answers: Answers) -> float:
    wanted = data.targets[answers.numbers] > 0.5
    if data.multi_label:
        return round(float((wanted == (answers.scores > 0.5)).mean()), 4)
    return round(float((wanted.argmax(axis=1) == answers.scores.argmax(axis=1)).mean()), 4)


def _worst(truth: NDArray[Any], scores: NDArray[Any], *, multi_label: bool) -> list[int]:
    """Return the rows of at most a dozen wrong answers, the surest first."""
    wanted = truth > 0.5
    if multi_label:
        sureness = np.where(wanted, 1 - scores, scores).max(axis=1)
        wrong = sureness > 0.5
    else:
        wrong, sureness = wanted.argmax(axis=1) != scores.argmax(axis=1), scores.max(axis=1)
    rows = np.flatnonzero(wrong)
    return [int(row) for row in rows[np.argsort(-sureness[rows], kind="stable")][:_WORST]]


def _mistake(data: LearningData, number: int, scores: NDArray[np.float32]) -> dict[str, Any]:
    clip = data.clips[number]
    said = np.flatnonzero(scores > 0.5) if data.multi_label else [int(scores.argmax())]
    return {
        "id": clip.id,
        "path": str(data.path(number)),
        "start_s": clip.start_s,
        "end_s": clip.end_s,
        "labels": list(clip.labels),
        "said": [{"label": data.labels[k], "score": round(float(scores[k]), 4)} for k in said],
    }


def _about_leak(groups: list[str]) -> str:
    named = ", ".join(groups[:5]) + (", ..." if len(groups) > 5 else "")
    return (
        f"{len(groups)} groups are in the training part and in the test ({named}): the figures say how"
        f" well what is"
        " known is heard, not what is new. --groups leaves whole groups out"
    )

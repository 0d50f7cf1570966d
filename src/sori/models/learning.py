"""From recordings to a model: what is computed of each once, then learned from, part by part.

`prepare` reads every recording once; `learn` trains on some of them, as often as there are folds.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, MissingExtra
from sori.features.recipes import Recipe, feature_vector
from sori.models.copies import versions_of
from sori.models.decision import Floats
from sori.models.front_end import FrontEnd, excerpts
from sori.models.model import SoundModel, network_model, summary_model
from sori.models.model_file import bytes_of
from sori.models.options import TrainingOptions
from sori.models.summary_features import recipe_for

__all__ = ["Material", "Part", "learn", "prepare"]

_FIRST_VALIDATION, _FEWEST_GROUPS = 2000, 20  # from here on a part can be spared to say when to stop
_VALIDATION = 0.1
_LONGEST_S = 600.0  # of a longer recording so much is learned from


@dataclasses.dataclass(frozen=True)
class Material:
    """All recordings as one kind of model learns from them.

    ``levels`` for networks (a `sori.models.levels.Levels`), ``vectors`` and ``owners`` (which recording
    each is of) for summaries.
    """

    front: FrontEnd
    levels: Any = None
    vectors: Floats | None = None
    owners: NDArray[np.intp] | None = None
    recipe: Recipe | None = None


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """What is learned from: labels, ``targets`` (recordings, labels), groups, and who takes part.

    ``validation`` are recordings that say when to stop, where the data say which; ``None`` lets the options
    decide.
    """

    labels: tuple[str, ...]
    multi_label: bool
    targets: NDArray[np.float32]
    groups: NDArray[Any]
    training: NDArray[np.intp]
    validation: NDArray[np.intp] | None = None


def prepare(
    sounds: Iterable[NDArray[np.float32]],
    *,
    front: FrontEnd,
    options: TrainingOptions,
    folder: Path,
    report: Callable[[int], None] = lambda done: None,
) -> Material:
    """Read mono recordings at the front end's rate, each once, into what ``options.model`` learns from.

    ``folder`` holds what is too large for memory.
    """
    every = versions_of(sounds, options, front.sample_rate)
    if options.model != "summary":
        _need_torch()
        from sori.models.levels import Levels

        place = folder / "levels.f16"
        return Material(
            front, levels=Levels.of(every, front, place, versions=options.versions, report=report)
        )
    recipe = recipe_for(front.sample_rate, front.excerpt_s)
    vectors, owners = [], []
    for number, samples in enumerate(every):
        samples = samples[: round(_LONGEST_S * front.sample_rate)]
        for part in excerpts(samples, front.excerpt_samples, front.fill):
            vectors.append(feature_vector(part, sample_rate=front.sample_rate, recipe=recipe))
            owners.append(number // options.versions)
        report((number + 1) // options.versions)
    return Material(
        front, vectors=np.stack(vectors).astype(np.float64), owners=np.array(owners), recipe=recipe
    )


def learn(
    material: Material,
    part: Part,
    options: TrainingOptions,
    *,
    card: Mapping[str, Any],
    checkpoint: Path,
    report: Callable[[Any], None] = lambda said: None,
) -> SoundModel:
    """Train on a part of the material and return the model, with ``card`` and what was found added to it.

    ``report`` is told each epoch of a network, and each candidate of a classifier in words.

    Raises
    ------
    DataError
        Fewer than two labels are left to tell apart, or a checkpoint is that of another run.
    """
    seen = np.flatnonzero(part.targets[part.training].sum(axis=0))
    if len(seen) < 2 and not part.multi_label:
        only = ", ".join(part.labels[k] for k in seen) or "none"
        raise DataError(f"the training part has only one label ({only}); at least two can be told apart")
    about = {
        **card,
        "kind": "summary" if options.model == "summary" else "network",
        "labels": list(part.labels),
        "multi_label": part.multi_label,
        "options": options.to_dict(),
        "front": material.front.to_dict(),
        "hears": {
            name: value
            for name, value in material.front.to_dict().items()
            if name in ("sample_rate", "excerpt_samples", "fill")
        },
    }
    if options.model == "summary":
        return _learn_summary(material, part, options, about, report)
    return _learn_network(material, part, options, about, checkpoint, report)


def _learn_summary(
    material: Material,
    part: Part,
    options: TrainingOptions,
    about: dict[str, Any],
    report: Callable[[Any], None],
) -> SoundModel:
    from sori.models.summary_fit import choose

    assert material.owners is not None
    assert material.vectors is not None
    assert material.recipe is not None
    used = np.flatnonzero(np.isin(material.owners, part.training))
    owners = material.owners[used]
    candidate, accuracy, decision = choose(
        material.vectors[used],
        part.targets[owners],
        part.groups[owners],
        multi_label=part.multi_label,
        seed=options.seed,
        report=report,
    )
    about |= {
        "recipe": material.recipe.to_dict(),
        "training": {"classifier": str(candidate), "cross_validated_recall": round(accuracy, 4)},
    }
    parts = {"decision.npz": bytes_of(decision.to_arrays())}
    return summary_model(about, decision, material.recipe, parts)


def _learn_network(
    material: Material,
    part: Part,
    options: TrainingOptions,
    about: dict[str, Any],
    checkpoint: Path,
    report: Callable[[Any], None],
) -> SoundModel:
    import torch

    from sori.models.exporting import excerpt_network
    from sori.models.network import SoundNetwork
    from sori.models.training import train

    training, validation = _validation(part, options)
    front = material.front
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(options.seed)
        network = SoundNetwork(
            front,
            body=options.model,
            classes=len(part.labels),
            multi_label=part.multi_label,
            dropout=options.dropout,
        )
    network.normalise_by(*material.levels.statistics(training))
    history = train(
        network,
        material.levels,
        part.targets,
        training=training,
        validation=validation,
        frames=front.frames,
        turned=not front.is_short,
        options=options,
        checkpoint=checkpoint,
        stamp=_stamp(about, part, training, validation),
        report=report,
    )
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    parts = {
        "network.onnx": excerpt_network(network, front.excerpt_samples),
        "weights.npz": bytes_of(state),
    }
    last = history[-1]
    about["training"] = {
        "epochs": len(history),
        "loss": round(last.loss, 4),
        "validation_recordings": len(validation),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
    }
    return network_model(about, parts["network.onnx"], parts)


def _validation(part: Part, options: TrainingOptions) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the recordings to learn from and those that say when to stop, groups kept whole."""
    if part.validation is not None:
        return part.training, part.validation
    share = options.validation
    if share is None:
        groups = len(np.unique(part.groups[part.training]))
        can = len(part.training) >= _FIRST_VALIDATION and groups >= _FEWEST_GROUPS
        share = _VALIDATION if can else 0.0
    if share == 0:
        return part.training, np.zeros(0, np.intp)
    from sori.models.splits import grouped_part

    held = grouped_part(part.targets[part.training], part.groups[part.training], share, seed=options.seed)
    return part.training[~held], part.training[held]


def _stamp(about: Mapping[str, Any], part: Part, *numbers: NDArray[np.intp]) -> str:
    """Return what is the same only for the same run: options, front end, labels, recordings."""
    told = {name: about[name] for name in ("options", "front", "labels", "multi_label")}
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for each in (part.targets, *numbers):
        digest.update(np.ascontiguousarray(each).tobytes())
    return digest.hexdigest()


def _need_torch() -> None:
    """Say what is missing before hours of work, not after."""
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
        import torch  # noqa: F401
    except ImportError as absent:
        raise MissingExtra("training a network needs PyTorch and onnx: pip install 'sori[train]'") from absent

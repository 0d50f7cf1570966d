"""Hear a recording: one decode, then every stage of listening.

A stage is a pure function of the condensed recording and of the stages before it, with a version
of its own: when one is improved, only that one is run again.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sori import audio
from sori.analysis.listening import Given, Listening
from sori.analysis.material import Material, condense
from sori.errors import DecodeError, ParameterError
from sori.events import Beats, Chords, Key, LocalKeys, Metre, Tempo, as_dict
from sori.formats.results import event

__all__ = ["FOLLOWS", "STAGES", "Heard", "Stage", "hear", "listen", "stage_versions"]


_BLOCK_FRAMES = 1 << 17  # what comes of a block stays in the second-level cache


@dataclasses.dataclass(frozen=True)
class Heard:
    """What was heard in one recording.

    ``results`` maps a stage's name to plain JSON data; for "facets", to float32 vectors by name.
    """

    duration_s: float
    sample_rate: int
    channels: int
    results: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Stage:
    """One thing that is listened for; raise ``version`` whenever its results change.

    ``on_demand`` stages are left out unless asked for by name: they cost too much for every file of
    a collection. Those that need the ``waveform`` again keep it in memory, 5 MB a minute.
    """

    name: str
    version: int
    run: Callable[[Listening], Any]
    on_demand: bool = False
    waveform: bool = False


STAGES = (
    Stage("loudness", 1, lambda heard: as_dict(heard.loudness)),
    Stage("levels", 1, lambda heard: as_dict(heard.levels)),
    Stage("tempo", 4, lambda heard: as_dict(heard.tempo)),
    Stage("tempo_curve", 3, lambda heard: as_dict(heard.tempo_curve)),
    Stage("beats", 4, lambda heard: as_dict(heard.beats)),
    Stage("metre", 3, lambda heard: as_dict(heard.metre)),
    Stage("tuning", 1, lambda heard: as_dict(heard.tuning)),
    Stage("key", 3, lambda heard: as_dict(heard.key)),
    Stage("local_keys", 3, lambda heard: as_dict(heard.local_keys)),
    Stage("chords", 3, lambda heard: as_dict(heard.chords)),
    Stage("sections", 3, lambda heard: as_dict(heard.sections)),
    Stage("highlight", 1, lambda heard: heard.highlight),
    Stage("facets", 4, lambda heard: heard.facets),
    Stage("free_chords", 1, lambda heard: as_dict(heard.free_chords), on_demand=True),
    Stage("onsets", 1, lambda heard: as_dict(heard.onsets), on_demand=True),
    Stage("beat_histogram", 2, lambda heard: as_dict(heard.beat_histogram), on_demand=True),
    Stage("cycle", 1, lambda heard: as_dict(heard.cycle), on_demand=True),
    Stage("scale", 2, lambda heard: as_dict(heard.scale), on_demand=True),
    Stage("pitch", 1, lambda heard: as_dict(heard.pitch), on_demand=True, waveform=True),
    Stage("notes", 1, lambda heard: as_dict(heard.notes), on_demand=True, waveform=True),
    Stage("contour", 1, lambda heard: as_dict(heard.contour), on_demand=True, waveform=True),
    Stage("melody", 1, lambda heard: as_dict(heard.melody), on_demand=True, waveform=True),
    Stage("melody_notes", 1, lambda heard: as_dict(heard.melody_notes), on_demand=True, waveform=True),
    Stage("expression", 3, lambda heard: as_dict(heard.expression), on_demand=True, waveform=True),
)

FOLLOWS = {
    "chords": ("beats", "key"),
    "free_chords": ("key",),
    "local_keys": ("beats", "key"),
    "sections": ("beats", "metre"),
    "expression": ("beats",),
}
"""Stages that go by others which a person may have corrected; then they are heard anew, by what was said."""

_GIVEN = {
    "tempo": Tempo,
    "beats": Beats,
    "metre": Metre,
    "key": Key,
    "local_keys": LocalKeys,
    "chords": Chords,
}


def stage_versions(*, on_demand: bool = False) -> dict[str, int]:
    """Return the version of every stage by name; with ``on_demand`` also of those left out by default."""
    return {stage.name: stage.version for stage in STAGES if on_demand or not stage.on_demand}


def listen(
    material: Material, *, stages: Sequence[str] | None = None, given: Mapping[str, Any] | None = None
) -> Heard:
    """Run stages (by default all that are not on demand) on a condensed recording.

    ``given`` maps stages to results that a person has put in their place (of tempo, beats, metre, key,
    local_keys and chords): the others go by them.
    """
    wanted = _wanted(stages)
    said: dict[str, Any] = {
        name: event(kind, given[name]) for name, kind in _GIVEN.items() if given and name in given
    }
    listening = Listening(material, Given(**said))
    return Heard(
        duration_s=round(material.duration_s, 3),
        sample_rate=material.sample_rate,
        channels=material.channels,
        results={stage.name: stage.run(listening) for stage in wanted},
    )


def hear(
    path: str | os.PathLike[str],
    *,
    stages: Sequence[str] | None = None,
    given: Mapping[str, Any] | None = None,
) -> Heard:
    """Decode a file once, in blocks, and listen; ``stages`` and ``given`` as for `listen`.

    Raises
    ------
    DecodeError
        When the file cannot be decoded or holds no sample.
    """
    keep_mono = any(stage.waveform for stage in _wanted(stages))
    try:
        material = condense(audio.blocks(path, block_frames=_BLOCK_FRAMES), keep_mono=keep_mono)
    except ParameterError as error:
        raise DecodeError(f"{os.fspath(path)!r}: {error}") from error
    return listen(material, stages=stages, given=given)


def _wanted(names: Sequence[str] | None) -> list[Stage]:
    if names is None:
        return [stage for stage in STAGES if not stage.on_demand]
    if unknown := set(names) - {stage.name for stage in STAGES}:
        known = ", ".join(stage.name for stage in STAGES)
        raise ParameterError(f"got the stages {sorted(unknown)}, want some of {known}")
    return [stage for stage in STAGES if stage.name in names]

"""The scale of a recording beside scales that somebody brings as Scala files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sori.library.track import Track

__all__ = ["check", "compared", "scale_of"]


def check(*, scl: Sequence[str] = (), **_: Any) -> None:
    """Refuse files that hold no scale, and scales that do not repeat at the octave."""
    from sori.analysis.scale.nearest import nearest
    from sori.theory.scala import read_scl

    nearest((), also=[read_scl(path) for path in scl])


def scale_of(track: Track, scl: Sequence[str] = ()) -> dict[str, Any]:
    """Return the scale that was heard; its nearest are searched for among those of Scala files, too."""
    heard: dict[str, Any] = track.results["scale"]
    if not scl:
        return heard
    from sori.analysis.scale.nearest import nearest
    from sori.events import ScaleDegree, as_dict
    from sori.formats.results import event
    from sori.theory.scala import read_scl

    degrees = [event(ScaleDegree, degree) for degree in heard["degrees"]]
    found = nearest(degrees, also=[read_scl(path) for path in scl])
    return {**heard, "nearest": [as_dict(match) for match in found]}


def compared(track: Track, stages: Sequence[str], *, scl: Sequence[str] = (), **_: Any) -> dict[str, Any]:
    """Return these stages for a file, the scale compared with Scala files."""
    return {**{name: track.results[name] for name in stages}, "scale": scale_of(track, scl)}

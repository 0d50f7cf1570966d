"""Which numbers of a track have a field of their own, and which stage each comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["columns"]

_OF_STAGE: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "tempo": lambda r: {"tempo_bpm": r["bpm"], "tempo_confidence": r["confidence"]},
    "key": lambda r: {"key_tonic": r["tonic"], "key_mode": r["mode"], "key_confidence": r["confidence"]},
    "tuning": lambda r: {"tuning_hz": r["a4_hz"]},
    "loudness": lambda r: {"loudness_lufs": r["integrated_lufs"]},
}


def columns(results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the fields of a `sori.library.track.Track` that these results of stages fill."""
    values: dict[str, Any] = {}
    for stage, fields in _OF_STAGE.items():
        if stage in results:
            values |= fields(results[stage])
    return values

"""One voice heard by another method than the usual one, in the place of what the library keeps."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from sori.analysis.melody import contour, notes, pitch
from sori.analysis.melody.pitch import METHODS
from sori.audio import load
from sori.errors import ParameterError
from sori.events.plain import as_dict
from sori.library.track import Track
from sori.signal.resampling import resample

__all__ = ["check_method", "heard_again"]

_SAMPLE_RATE = 22050


def check_method(method: str | None, *, melody: bool) -> None:
    """Refuse a method that is none, or that is not for this question.

    Raises
    ------
    ParameterError
        As said.
    """
    if method is not None and method not in METHODS:
        raise ParameterError(f"--method {method}: want one of {', '.join(METHODS)}")
    if method is not None and melody:
        raise ParameterError("--method is of a single voice; --melody has one way only")


def heard_again(track: Track, method: str) -> Track:
    """Return a track with pitch, notes and contour by a method; nothing is kept."""
    samples, rate = load(track.path)
    mono = np.asarray(samples.mean(axis=0) if samples.ndim > 1 else samples, np.float32)
    mono = np.asarray(resample(mono, orig_sr=rate, target_sr=_SAMPLE_RATE, quality="medium"), np.float32)
    found = pitch(mono, sample_rate=_SAMPLE_RATE, method=method)
    single: Any = track.results["notes"]["single_voice"]
    written = dataclasses.replace(notes(found, mono, sample_rate=_SAMPLE_RATE), single_voice=single)
    heard = {"pitch": as_dict(found), "notes": as_dict(written), "contour": as_dict(contour(found))}
    return dataclasses.replace(track, results={**track.results, **heard})

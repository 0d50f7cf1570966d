"""Pitch by a network that learned it without labels, offline: `learned_pitch`."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.paths import best_path
from sori.analysis.melody.pitch_network import Heard, Listener, PitchNetwork, pitch_network
from sori.events import Pitch
from sori.signal.resampling import resample
from sori.units import midi_to_hz

__all__ = ["followed", "learned_pitch"]

Floats = NDArray[np.float32]

_PART_S = 20.0  # what exists of the transform at once
_LEAP, _SLIDE = 6.0, 1.0  # cost of any leap, and of a semitone a frame of 10 ms ...
_LEAST = np.float32(0.3)  # ... where nothing is sure; it is more where something is
_SWITCH = 3.0  # cost of beginning or ending to sound


def followed(net: PitchNetwork, heard: Heard, *, smooth: bool) -> tuple[Floats, NDArray[np.bool_]]:
    """Return pitch and voicing of every frame: the likeliest path, or each frame for itself."""
    frames = len(heard.midi)
    rows = np.arange(frames)
    if not smooth:
        return heard.midi[:, 0], heard.confidence >= net.voiced_from
    sure = heard.confidence.astype(np.float32)
    slide = np.float32(_SLIDE * 0.01 / net.bands.hop_s)

    def cost(before: slice, after: slice) -> Floats:
        way = np.abs(heard.midi[before][:, :, None] - heard.midi[after][:, None, :]) * slide
        weight = np.maximum(np.minimum(sure[before], sure[after]), _LEAST)[:, None, None]
        return np.asarray(np.minimum(way, np.float32(_LEAP)) * weight)

    path = best_path(heard.likely, cost)
    odds = _log_odds(sure) - _log_odds(np.float32(net.voiced_from))
    states = np.stack([-0.5 * odds, 0.5 * odds], 1).astype(np.float32)
    switch = np.float32(_SWITCH) * (1 - np.eye(2, dtype=np.float32))
    voiced = best_path(
        states, lambda before, after: np.broadcast_to(switch, (after.stop - after.start, 2, 2))
    )
    return heard.midi[rows, path], voiced == 1


def _log_odds(share: Any) -> Any:
    share = np.clip(share, 1e-4, 1 - 1e-4)
    return np.log(share / (1 - share))


def learned_pitch(
    mono: Floats,
    *,
    sample_rate: float,
    fmin: float,
    fmax: float,
    hop_s: float,
    smooth: bool,
    path: str | os.PathLike[str] | None,
) -> Pitch:
    """Return the pitch of a signal, as `sori.analysis.melody.pitch` describes it."""
    net = pitch_network(path)
    moments = 1 + int(len(mono) / sample_rate / hop_s + 1e-9)
    rate = net.bands.sample_rate
    samples = np.asarray(resample(mono, orig_sr=sample_rate, target_sr=rate, quality="medium"), np.float32)
    listener = Listener(net, fmin=fmin, fmax=fmax)
    step = round(_PART_S * rate)
    parts = [
        listener.hear(samples[begin : begin + step], last=begin + step >= len(samples))
        for begin in range(0, len(samples), step)
    ]
    heard = Heard(*map(np.concatenate, zip(*parts, strict=True)))
    midi, voiced = followed(net, heard, smooth=smooth)
    at = np.minimum(np.arange(moments) * (hop_s / net.bands.hop_s), len(midi) - 1)
    near = np.round(at).astype(np.int64)
    midi = midi[near] if abs(hop_s - net.bands.hop_s) < 1e-9 else np.interp(at, np.arange(len(midi)), midi)
    return Pitch(
        tuple((np.arange(moments) * hop_s).round(9).tolist()),
        tuple(np.asarray(midi_to_hz(midi), np.float64).tolist()),
        tuple(heard.confidence[near].astype(np.float64).tolist()),
        tuple(voiced[near].tolist()),
    )

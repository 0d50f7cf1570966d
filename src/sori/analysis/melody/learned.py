"""Pitch by a network that learned it without labels: `PitchNetwork`, and what it says of a signal.

The network answers for each frame from the constant-Q power around it: how likely each of many pitches is (or,
of SPICE's kind, one number), and how sure it is. What its numbers are in Hz was found with synthesised tones
after training and is kept in its file.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.paths import best_path
from sori.analysis.melody.pitch_bands import PitchBands
from sori.errors import ModelError
from sori.events import Pitch
from sori.signal.resampling import resample
from sori.units import midi_to_hz
from sori.weights import network, session_of

__all__ = ["SHIPPED", "Heard", "PitchNetwork", "followed", "hear", "learned_pitch", "pitch_network"]

SHIPPED = "pitch"
"""The network that comes with the package."""

Floats = NDArray[np.float32]

_BLOCK = 64  # frames that the network hears together: what it holds of them stays in the cache
_PART = 2048  # frames whose transform exists together
_CANDIDATES = 5  # peaks of a frame among which a path is sought
_NEAR = 3  # bins to each side of a peak that count for its place
_LEAP, _SLIDE = 4.0, 1.0  # cost of any leap, and of a semitone a frame of 10 ms
_SWITCH = 3.0  # cost of beginning or ending to sound
_NOTHING = np.float32(-30.0)


@dataclasses.dataclass(frozen=True)
class PitchNetwork:
    """A network of pitch and all that is needed to use it.

    ``semitones`` of a bin and ``lowest_midi`` turn its places into pitch; ``context`` are the frames it needs
    on both sides; ``voiced_from`` is the confidence from which a frame counts as voiced.
    """

    session: Any
    bands: PitchBands
    context: int
    semitones: float
    lowest_midi: float
    voiced_from: float

    @classmethod
    def of(cls, session: Any, name: str) -> Self:
        """Read what a session's network says of itself.

        Raises
        ------
        ModelError
            It is no network of pitch.
        """
        try:
            told = json.loads(session.get_modelmeta().custom_metadata_map["sori_pitch"])
            numbers = {key: float(told[key]) for key in ("semitones", "lowest_midi", "voiced_from")}
            return cls(session, PitchBands.from_dict(told["bands"]), int(told["context"]), **numbers)
        except (KeyError, TypeError, ValueError) as why:
            raise ModelError(f"{name} is no network of pitch, from `sori train pitch`") from why

    def answers(self, power: Floats) -> tuple[Floats, Floats]:
        """Return log likelihoods of places (or one place) a frame, and confidence, without the context."""
        said = self.session.run(["said", "confidence"], {"power": power[None]})
        return said[0][0], said[1][0]

    def to_midi(self, place: Floats) -> Floats:
        """Return the pitch of places."""
        return np.asarray(self.lowest_midi + self.semitones * place, np.float32)


@dataclasses.dataclass(frozen=True)
class Heard:
    """What a network says, frame by frame: pitches of the peaks and their log likelihoods, the highest first.

    ``midi`` and ``likely`` are ``(frames, candidates)``, ``confidence`` is ``(frames,)``.
    """

    midi: Floats
    likely: Floats
    confidence: Floats


@lru_cache(maxsize=4)
def pitch_network(path: str | os.PathLike[str] | None = None) -> PitchNetwork:
    """Return the network that comes with the package, or that of a file.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ModelError
        It is no network of pitch, or damaged.
    """
    if path is None:
        return PitchNetwork.of(network(SHIPPED), "the shipped network")
    with open(path, "rb") as file:
        return PitchNetwork.of(session_of(file.read(), os.fspath(path)), os.fspath(path))


def hear(net: PitchNetwork, power: Floats, *, fmin: float, fmax: float) -> Heard:
    """Return what a network says of power ``(frames + 2 context, bands)``, ``frames`` answers."""
    frames = max(0, len(power) - 2 * net.context)
    parts = []
    for begin in range(0, frames, _BLOCK):
        end = min(frames, begin + _BLOCK)
        said, confidence = net.answers(power[begin : end + 2 * net.context])
        if said.ndim == 1:  # one place a frame
            midi = net.to_midi(said)[:, None]
            likely = np.where(_within(midi, fmin, fmax), np.float32(0), _NOTHING)
        else:
            midi, likely = _peaks(net, said, fmin, fmax)
        parts.append((midi, likely, confidence))
    if not parts:
        none = np.zeros((0, 1), np.float32)
        return Heard(none, none, none[:, 0])
    return Heard(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _peaks(net: PitchNetwork, said: Floats, fmin: float, fmax: float) -> tuple[Floats, Floats]:
    """Return the pitches of the highest peaks of each frame within a range, and how likely they are."""
    places = np.arange(said.shape[1], dtype=np.float32)
    said = np.where(_within(net.to_midi(places), fmin, fmax), said, _NOTHING)
    edged = np.pad(said, ((0, 0), (_NEAR, _NEAR)), constant_values=_NOTHING)
    inner = edged[:, _NEAR:-_NEAR]
    top = (inner >= edged[:, _NEAR - 1 : -_NEAR - 1]) & (inner > edged[:, _NEAR + 1 : edged.shape[1] - _NEAR + 1])
    ranked = np.where(top, said, 2 * _NOTHING)
    count = min(_CANDIDATES, said.shape[1])
    best = np.argpartition(-ranked, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(ranked, best, 1), axis=1, kind="stable")
    best = np.take_along_axis(best, order, 1)
    around = np.arange(-_NEAR, _NEAR + 1)
    near = np.exp(np.take_along_axis(edged, (best[..., None] + around + _NEAR).reshape(len(said), -1), 1))
    near = near.reshape(*best.shape, len(around))
    weight = near.sum(-1)
    centre = best + (near * around).sum(-1) / np.maximum(weight, 1e-12)
    likely = np.where(np.take_along_axis(top, best, 1), np.log(np.maximum(weight, 1e-12)), _NOTHING)
    return net.to_midi(centre.astype(np.float32)), np.maximum(likely, _NOTHING).astype(np.float32)


def _within(midi: Floats, fmin: float, fmax: float) -> NDArray[np.bool_]:
    hz = midi_to_hz(midi)
    return np.asarray((hz >= fmin) & (hz <= fmax))


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
        weight = np.minimum(sure[before], sure[after])[:, None, None]
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
    samples = np.asarray(
        resample(mono, orig_sr=sample_rate, target_sr=net.bands.sample_rate, quality="medium"), np.float32
    )
    parts = [hear(net, power, fmin=fmin, fmax=fmax) for power in _powers(net, samples)]
    heard = Heard(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in dataclasses.fields(Heard)))
    midi, voiced = followed(net, heard, smooth=smooth)
    at = np.minimum(np.arange(moments) * (hop_s / net.bands.hop_s), len(midi) - 1)
    near = np.round(at).astype(np.int64)
    if abs(hop_s - net.bands.hop_s) > 1e-9:
        midi = np.interp(at, np.arange(len(midi)), midi).astype(np.float32)
    else:
        midi = midi[near]
    sounding = near < len(voiced)
    hz = np.where(np.isfinite(midi), midi_to_hz(midi), 0.0)
    return Pitch(
        tuple((np.arange(moments) * hop_s).round(9).tolist()),
        tuple(np.asarray(hz, np.float64).tolist()),
        tuple(heard.confidence[near].astype(np.float64).tolist()),
        tuple((voiced[near] & sounding & (hz > 0)).tolist()),
    )


def _powers(net: PitchNetwork, samples: Floats) -> Iterator[Floats]:
    """Yield the power of a signal's frames part by part, each with the network's context of silence or sound."""
    bands, reach, context = net.bands, net.bands.reach, net.context
    frames = 1 + len(samples) // bands.hop_length
    before = reach + context * bands.hop_length
    after = (frames - 1 + 2 * context) * bands.hop_length + 2 * reach + 1 - before - len(samples)
    padded = np.pad(samples, (before, max(0, after)))
    for begin in range(0, frames, _PART):
        end = min(frames, begin + _PART) + 2 * context
        yield bands.power_within(
            padded[begin * bands.hop_length : (end - 1) * bands.hop_length + 2 * reach + 1]
        )

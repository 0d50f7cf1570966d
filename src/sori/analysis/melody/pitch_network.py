"""Networks of pitch, and what they say of a signal as it comes: `PitchNetwork`, `Listener`.

A network answers for each frame from the constant-Q power around it: how likely each of many pitches is (or,
of SPICE's kind, one number), and how sure it is. What its numbers are in Hz was found with synthesised tones
after training and is kept in its file.
"""

from __future__ import annotations

import dataclasses
import json
import os
from functools import lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sori.analysis.melody.partial_peaks import doubted, refined
from sori.analysis.melody.pitch_bands import PitchBands, floored
from sori.errors import ModelError
from sori.units import midi_to_hz
from sori.weights import network, session_of

__all__ = ["SHIPPED", "Heard", "Listener", "PitchNetwork", "pitch_network"]

SHIPPED = "pitch"
"""The network that comes with the package."""

Floats = NDArray[np.float32]

_BLOCK = 64  # frames that the network hears together: what it holds of them stays in the cache
_CANDIDATES = 5  # peaks of a frame among which a path is sought
_NEAR = 3  # bins to each side of a peak that count for its place
_NOTHING = np.float32(-30.0)
_NEAR_S = 0.016  # level is heard this sharply: where a note ends is not blurred by the transform
_DROP_DB, _SOFT_DB = 18.0, 2.5  # a frame so far below its surroundings is not of the note there, more or less
_QUIET = np.float32(1e-10)


@dataclasses.dataclass(frozen=True)
class PitchNetwork:
    """A network of pitch and all that is needed to use it.

    ``semitones`` of a bin and ``lowest_midi`` turn its places into pitch; ``context`` are the frames it needs
    on both sides; ``voiced_from`` is the confidence from which a frame counts as voiced; ``floor`` is what is
    added to all bands, beside the loudest frames.
    """

    session: Any
    bands: PitchBands
    context: int
    semitones: float
    lowest_midi: float
    voiced_from: float
    floor: float

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
            numbers = {key: float(told[key]) for key in ("semitones", "lowest_midi", "voiced_from", "floor")}
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


class Heard(NamedTuple):
    """What a network says, frame by frame: pitches of the peaks and their log likelihoods, the highest first.

    ``midi`` and ``likely`` are ``(frames, candidates)``, ``confidence`` is ``(frames,)``.
    """

    midi: Floats
    likely: Floats
    confidence: Floats


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
    there = os.stat(path)
    return _read(os.fspath(path), there.st_mtime_ns, there.st_size)


@lru_cache(maxsize=4)
def _read(path: str, mtime_ns: int, size: int) -> PitchNetwork:
    """Return the network of a file as it is now; a file that was replaced is read again."""
    with open(path, "rb") as file:
        return PitchNetwork.of(session_of(file.read(), path), path)


class Listener:
    """Hears a signal at the network's rate part by part, with silence before it.

    Whatever the parts, the frames are those of the whole, to rounding.
    """

    def __init__(self, net: PitchNetwork, *, fmin: float, fmax: float) -> None:
        self._net, self._range = net, (fmin, fmax)
        bands = net.bands
        self._samples: Floats = np.zeros(bands.reach + net.context * bands.hop_length, np.float32)
        self._power: Floats = np.zeros((0, bands.n_bins), np.float32)
        self._near: Floats = np.zeros(0, np.float32)
        self._levels: Floats = np.zeros(0, np.float32)
        self._came = self._said = 0

    def hear(self, samples: Floats, *, last: bool = False) -> Heard:
        """Take samples, and return the frames that are certain now; silence follows the ``last``."""
        net, bands = self._net, self._net.bands
        self._came += len(samples)
        most = None
        if last:
            most = (1 + self._came // bands.hop_length if self._came else 0) - self._said
            after = (net.context + 1) * bands.hop_length + bands.reach
            samples = np.concatenate([samples, np.zeros(after, np.float32)])
        self._samples = np.concatenate([self._samples, samples])
        count = 1 + (len(self._samples) - 2 * bands.reach - 1) // bands.hop_length
        if count > 0:
            whole = self._samples[: (count - 1) * bands.hop_length + 2 * bands.reach + 1]
            power, self._levels = floored(bands.power_within(whole), self._levels, floor=net.floor)
            self._power = np.concatenate([self._power, power])
            self._near = np.concatenate([self._near, self._levels_near(whole, count)])
            self._samples = self._samples[count * bands.hop_length :]
        ready = max(0, len(self._power) - 2 * net.context)
        ready = ready if most is None else min(ready, most)
        needed = ready + 2 * net.context
        heard = _heard(net, self._power[:needed], ready, *self._range)
        heard = heard._replace(confidence=heard.confidence * _there(self._near[:needed], net.context))
        self._power, self._near = self._power[ready:], self._near[ready:]
        self._said += ready
        return heard

    def _levels_near(self, samples: Floats, count: int) -> Floats:
        """Return the mean square of the samples close to each frame's moment."""
        bands, half = self._net.bands, round(_NEAR_S / 2 * self._net.bands.sample_rate)
        around = sliding_window_view(samples, 2 * half)[bands.reach - half :: bands.hop_length][:count]
        return np.asarray(np.einsum("ij,ij->i", around, around) / np.float32(2 * half), np.float32)


def _there(near: Floats, context: int) -> Floats:
    """Return how sure it is that a sound is there and not only close: no sudden drop beside it, 0 to 1.

    The transform looks further than a note's end; a level of so few samples does not.
    """
    if len(near) <= 2 * context:
        return np.zeros(0, np.float32)
    loudest = sliding_window_view(near, 2 * context + 1).max(1)
    middle = near[context : len(near) - context]
    drop_db = 10 * np.log10((middle + _QUIET) / (loudest + _QUIET))
    return np.asarray(1 / (1 + np.exp(-(drop_db + _DROP_DB) / _SOFT_DB)), np.float32)


def _heard(net: PitchNetwork, power: Floats, frames: int, fmin: float, fmax: float) -> Heard:
    parts = []
    for begin in range(0, frames, _BLOCK):
        end = min(frames, begin + _BLOCK)
        said, confidence = net.answers(power[begin : end + 2 * net.context])
        if said.ndim == 1:  # one place a frame
            midi = net.to_midi(said)[:, None]
            likely = np.where(_within(midi, fmin, fmax), np.float32(0), _NOTHING)
        else:
            midi, likely = _peaks(net, said, fmin, fmax)
            level = np.log(power[begin + net.context : end + net.context] + _QUIET)
            midi = refined(level, midi, net.bands)
            likely = np.maximum(likely - doubted(level, midi, net.bands), _NOTHING)
            order = np.argsort(-likely, axis=1, kind="stable")
            midi, likely = np.take_along_axis(midi, order, 1), np.take_along_axis(likely, order, 1)
        parts.append((midi, likely, confidence))
    if not parts:
        return Heard(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32), np.zeros(0, np.float32))
    return Heard(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _peaks(net: PitchNetwork, said: Floats, fmin: float, fmax: float) -> tuple[Floats, Floats]:
    """Return the pitches of the highest peaks of each frame within a range, and how likely they are."""
    places = np.arange(said.shape[1], dtype=np.float32)
    said = np.where(_within(net.to_midi(places), fmin, fmax), said, _NOTHING)
    edged = np.pad(said, ((0, 0), (_NEAR, _NEAR)), constant_values=_NOTHING)
    inner = edged[:, _NEAR:-_NEAR]
    top = (inner >= edged[:, _NEAR - 1 : -_NEAR - 1]) & (
        inner > edged[:, _NEAR + 1 : edged.shape[1] - _NEAR + 1]
    )
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

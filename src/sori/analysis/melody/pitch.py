"""The pitch of a single voice: `pitch`."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.evidence import candidate_evidence, voicing_evidence
from sori.analysis.melody.learned import learned_pitch
from sori.analysis.melody.paths import best_path
from sori.analysis.melody.yin import Candidates, frame_length_of, yin_candidates
from sori.arrays import Array, frame, to_numpy, waveform
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.events import Pitch
from sori.signal.resampling import resample

__all__ = ["METHODS", "heard_candidates", "pitch"]

METHODS = ("yin", "learned")
_FRAMES = 64  # in a block: what comes of them stays in the second-level cache
_OVERSAMPLING = 5.25  # of the highest pitch
_LOWEST_RATE = 8000.0
_NEAR_S = 0.016  # level is heard this sharply: where a note ends is not blurred by the frame
_FASTEST_HOP_S, _SLOWEST_HOP_S = 0.001, 0.1

_LEAP, _SLIDE = 5.0, 1.5  # cost of any leap, and of a semitone a hop of 10 ms
_SWITCH = 4.0  # cost of beginning or ending to sound


def pitch(
    samples: Array,
    *,
    sample_rate: float,
    fmin: float = 60.0,
    fmax: float = 2100.0,
    hop_s: float = 0.01,
    method: str = "yin",
    smooth: bool = True,
    network: str | os.PathLike[str] | None = None,
) -> Pitch:
    """Return the fundamental frequency of one voice, moment by moment.

    Every frame has a few candidate periods; a logistic model says how likely each is the pitch, and
    the likeliest path through them, which slides at little and leaps at some cost, is taken.
    It is given for unvoiced frames too, as a guess.

    Parameters
    ----------
    samples : (time,) real
        Mono.
    sample_rate : float
        In Hz; any.
    fmin, fmax : float
        Where the pitch may lie, Hz. Lower ``fmin`` means longer frames: 70 ms for 60 Hz.
    hop_s : float
        Seconds from one value to the next; value ``k`` is about the moment ``k * hop_s``.
    method : "yin" or "learned"
        How it is found: periods of the waveform, or a small network that learned pitch without labels
        (docs/pitch.md); that one hears 33 to 2200 Hz.
    smooth : bool
        Of the network: take the likeliest path through the frames. Without, every frame stands for itself,
        as from `sori.analysis.melody.live_pitch.PitchStream`.
    network : path, optional
        A network from ``sori train pitch`` instead of the one that comes with the package.

    Returns
    -------
    Pitch
        ``hz`` is 0 where no period at all was found, as in silence.

    Raises
    ------
    ParameterError
        For more than one channel, NaN, a range that is none, another method, a network of one's own or no
        smoothing for "yin".
    ModelError
        ``network`` is none.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 220 * np.arange(22050) / 22050)
    >>> found = pitch(x, sample_rate=22050)
    >>> round(found.hz[50], 1), found.voiced[50]
    (220.0, True)
    """
    if method not in METHODS:
        raise ParameterError(f"method={method!r}: want one of {', '.join(METHODS)}")
    if method == "yin" and (network is not None or not smooth):
        raise ParameterError("network and smooth are of method='learned'; method='yin' has neither")
    _, x = waveform(samples, name="samples", squared=True)
    check_numbers(sample_rate=sample_rate, fmin=fmin, fmax=fmax, hop_s=hop_s)
    if x.ndim != 1:
        raise ParameterError(
            f"samples have shape {tuple(x.shape)}, want mono (time,): take the mean of the channels"
        )
    if not 0 < fmin < fmax < sample_rate / 2:
        raise ParameterError(
            f"fmin={fmin}, fmax={fmax} at {sample_rate} Hz: want 0 < fmin < fmax < half the rate"
        )
    if not _FASTEST_HOP_S <= hop_s <= _SLOWEST_HOP_S:
        raise ParameterError(f"hop_s={hop_s}: want {_FASTEST_HOP_S} to {_SLOWEST_HOP_S} seconds")
    mono = np.asarray(to_numpy(x), np.float32)
    if not len(mono):
        return Pitch((), (), (), ())
    if method == "learned":
        return learned_pitch(
            mono,
            sample_rate=sample_rate,
            fmin=fmin,
            fmax=fmax,
            hop_s=hop_s,
            smooth=smooth,
            path=network,
        )
    found, near = heard_candidates(mono, sample_rate=sample_rate, fmin=fmin, fmax=fmax, hop_s=hop_s)
    return _followed(found, near, hop_s)


def heard_candidates(
    mono: NDArray[np.float32], *, sample_rate: float, fmin: float, fmax: float, hop_s: float
) -> tuple[Candidates, NDArray[np.float32]]:
    """Return candidates every ``hop_s``, and the mean square of the 16 ms around each moment.

    Both at a rate no higher than the range of pitch asks for.
    """
    moments = 1 + int(len(mono) / sample_rate / hop_s + 1e-9)
    hop = round(hop_s * max(_LOWEST_RATE, _OVERSAMPLING * fmax))
    rate = hop / hop_s
    mono = np.asarray(resample(mono, orig_sr=sample_rate, target_sr=rate, quality="medium"), np.float32)
    size = frame_length_of(sample_rate=rate, fmin=fmin)
    after = (moments - 1) * hop + size - size // 2 - len(mono)
    mono = np.concatenate([np.zeros(size // 2, np.float32), mono, np.zeros(max(0, after), np.float32)])
    middle, half = size // 2, max(1, round(_NEAR_S / 2 * rate))
    parts, near = [], np.empty(moments, np.float32)
    for begin in range(0, moments, _FRAMES):
        end = min(moments, begin + _FRAMES)
        block = mono[begin * hop : (end - 1) * hop + size]
        parts.append(
            yin_candidates(block, sample_rate=rate, fmin=fmin, fmax=fmax, hop_length=hop, center=False)
        )
        around = frame(block[middle - half :], frame_length=2 * half, hop_length=hop)[: end - begin]
        near[begin:end] = np.einsum("ij,ij->i", around, around) / np.float32(2 * half)
    return Candidates(*(np.concatenate(part) for part in zip(*parts, strict=True))), near


def _followed(found: Candidates, near: NDArray[np.float32], hop_s: float) -> Pitch:
    """Choose one candidate of each frame, and say where it sounds."""
    frames = len(found.hz)
    chance = candidate_evidence(found, near)
    sounding = np.exp(np.minimum(0.0, chance.max(axis=1)))  # what is said by nobody may leap for nothing
    octaves = np.log2(np.maximum(found.hz, 1.0))
    slide = np.float32(12 * _SLIDE * 0.01 / hop_s)

    def cost(before: slice, after: slice) -> NDArray[np.float32]:
        way = np.abs(octaves[before][:, :, None] - octaves[after][:, None, :]) * slide
        weight = np.minimum(sounding[before], sounding[after])[:, None, None]
        return np.asarray(np.minimum(way, np.float32(_LEAP)) * weight)

    path = best_path(chance, cost)
    rows = np.arange(frames)
    hz = found.hz[rows, path]
    voicing, confidence = voicing_evidence(chance, path)
    switch = np.float32(_SWITCH) * (1 - np.eye(2, dtype=np.float32))
    states = best_path(
        voicing, lambda before, after: np.broadcast_to(switch, (after.stop - after.start, 2, 2))
    )
    voiced = (states == 1) & (hz > 0)
    times = (rows * hop_s).round(9)
    return Pitch(
        tuple(times.tolist()),
        tuple(hz.astype(np.float64).tolist()),
        tuple(confidence.tolist()),
        tuple(voiced.tolist()),
    )

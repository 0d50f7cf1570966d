"""The bands that networks of pitch look at: a constant-Q transform of fixed settings, whole or in pieces."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sori.errors import ModelError
from sori.spectral import constant_q_kernels
from sori.spectral.constant_q import cqt_magnitude, vqt

__all__ = ["RECENT", "PitchBands", "floored"]

RECENT = 300
"""Frames that say what is loud."""

Floats = NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class PitchBands:
    """A constant-Q transform: see `sori.spectral.vqt` for what its settings mean.

    Frame ``t`` is centred on sample ``t * hop_length`` at ``sample_rate``.
    """

    sample_rate: int
    hop_length: int
    fmin: float
    n_bins: int
    bins_per_octave: int
    filter_scale: float = 1.0
    gamma: float = 0.0

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Read what `dataclasses.asdict` gave.

        Raises
        ------
        ModelError
            It is something else.
        """
        try:
            return cls(**{field.name: stored[field.name] for field in dataclasses.fields(cls)})
        except (KeyError, TypeError) as why:
            raise ModelError(f"the network's bands are given as {stored!r}; train it again") from why

    @property
    def hop_s(self) -> float:
        """Seconds from one frame to the next."""
        return self.hop_length / self.sample_rate

    @property
    def reach(self) -> int:
        """How many samples a frame sees to either side of its centre."""
        return int(constant_q_kernels.plan(**self._kernels()).half)

    def power(self, mono: Floats) -> Floats:
        """Return the power of a whole signal at the bands' own rate, ``(frames, bands)``."""
        magnitude = cqt_magnitude(mono, sample_rate=self.sample_rate, **self._transform())
        return _squared(magnitude)

    def power_within(self, samples: Floats) -> Floats:
        """Return the power of the frames that lie whole within samples: the first is centred on ``reach``."""
        magnitude = cqt_magnitude(samples, sample_rate=self.sample_rate, center=False, **self._transform())
        return _squared(magnitude)

    def complex(self, mono: Floats) -> NDArray[np.complex64]:
        """Return the transform itself, ``(frames, bands)``: what can be added as sounds can."""
        return np.asarray(vqt(mono, sample_rate=self.sample_rate, **self._transform()).T, np.complex64)

    def _transform(self) -> dict[str, Any]:
        return {
            "hop_length": self.hop_length,
            "fmin": self.fmin,
            "n_bins": self.n_bins,
            "bins_per_octave": self.bins_per_octave,
            "filter_scale": self.filter_scale,
            "gamma": self.gamma,
        }

    def _kernels(self) -> dict[str, Any]:
        return {"tuning": 0.0, "window": "hann", "sample_rate": self.sample_rate, **self._transform()}


def floored(power: Floats, before: Floats, *, floor: float) -> tuple[Floats, Floats]:
    """Return power with what is far below the loudest frames of late drowned, and the levels to go on with.

    To every band is added ``floor`` times the highest mean power of the last `RECENT` frames and the frame
    itself.

    Parameters
    ----------
    power : (frames, bands)
        Of the next frames.
    before : (frames,)
        Mean powers of the frames before them, at most `RECENT`; nothing at the beginning.
    """
    if not len(power):
        return power, before
    levels = np.concatenate([before, power.mean(1)])
    held = np.concatenate([np.zeros(RECENT - len(before), np.float32), levels])
    loudest = sliding_window_view(held, RECENT + 1).max(1)
    return power + np.float32(floor) * loudest[:, None], levels[-RECENT:]


def _squared(magnitude: Any) -> Floats:
    power = np.ascontiguousarray(magnitude.T, np.float32)
    return np.asarray(np.square(power, out=power))

"""Other recordings under the sound: a street, a crowd, music."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, is_numpy, namespace
from sori.effects.drawing import choice, uniform
from sori.effects.effect import Effect, Parameters
from sori.effects.items import Columns, placed
from sori.effects.noise import add_at_snr
from sori.effects.recordings import checked_paths, listed, recording

__all__ = ["Background", "stretch_of"]


def stretch_of(samples: NDArray[np.floating], *, start: float, length: int) -> NDArray[np.floating]:
    """Return so many samples of a recording, from a part of it on (0 to 1), again and again if it is shorter.

    >>> stretch_of(np.array([1.0, 2.0, 3.0]), start=0.5, length=4).tolist()
    [2.0, 3.0, 1.0, 2.0]
    """
    have = len(samples)
    if have >= length:
        begin = int(start * (have - length + 1))
        return samples[min(begin, have - length) :][:length]
    begin = int(start * have)
    return np.resize(np.concatenate([samples[begin:], samples[:begin]]), length)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Background(Effect):
    """A recording drawn from files under the sound, at a drawn ratio: noises, voices, music.

    Parameters
    ----------
    paths : sequence of str
        Recordings, or folders of them; channels are mixed, and all channels of the sound get the same.
    min_snr_db, max_snr_db : float
        How far it lies below the sound, dB by mean squares over all channels.
    p : float
        How likely it is to take part.
    """

    paths: tuple[str, ...]
    min_snr_db: float = 3.0
    max_snr_db: float = 30.0
    p: float = 1.0

    _LIMITS = (("snr_db", -100.0, 200.0),)

    def __post_init__(self) -> None:
        """Keep the paths as strings."""
        super().__post_init__()
        object.__setattr__(self, "paths", checked_paths(self.paths))

    def _draw(self, rng: np.random.Generator, shape: tuple[int, ...], sample_rate: float) -> Parameters:
        return {
            "path": choice(rng, listed(self.paths)),
            "start": uniform(rng, 0.0, 1.0),
            "snr_db": uniform(rng, self.min_snr_db, self.max_snr_db),
        }

    def _apply(self, x: Array, drawn: Columns, sample_rate: float) -> Array:
        n = x.shape[-1]
        each = [
            stretch_of(recording(path, int(sample_rate)), start=float(start), length=n)
            for path, start in zip(drawn["path"], drawn["start"], strict=True)
        ]
        if is_numpy(x):
            return add_at_snr(x, each, snr_db=drawn["snr_db"])
        under = np.stack(each).astype(str(x.dtype).rpartition(".")[2], copy=False)
        other = placed(under.reshape(len(under), *(1,) * (x.ndim - 2), n), x)
        return add_at_snr(x, namespace(x).broadcast_to(other, x.shape), snr_db=drawn["snr_db"])

"""Other versions of every recording to learn from: copies with effects drawn for each.

What `sori.models.disturbance` does to levels costs nothing; what only samples can show (rooms, noise, codecs,
other pitch or speed of a voice) is done here, once, before training, and each epoch hears one version of each
recording. A copy depends on the seed, its number and the recording's place, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from sori.effects import Effect, generator
from sori.models.options import TrainingOptions

__all__ = ["versions_of"]


def versions_of(
    sounds: Iterable[NDArray[np.float32]], options: TrainingOptions, sample_rate: int
) -> Iterator[NDArray[np.float32]]:
    """Give each recording as it is and then ``options.versions - 1`` copies; of silence, silence again."""
    effect = None if options.effect is None else Effect.from_dict(options.effect)
    for number, samples in enumerate(sounds):
        yield samples
        for copy in range(1, options.versions):
            assert effect is not None  # else there is one version
            drawn = generator(options.seed, copy, number)
            made = effect(samples[None], sample_rate=sample_rate, rng=drawn)[0] if len(samples) else samples
            yield np.asarray(made, np.float32)

"""How a network hears: rate, length of an excerpt and mel bands, chosen from what the data are.

A recording is heard in excerpts of one length, half of one apart, and their scores are averaged. The last
excerpt ends with the recording; what is shorter than one is filled up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, ParameterError

__all__ = ["Fill", "FrontEnd", "excerpt_starts", "excerpts", "filled", "front_end_for"]

Fill = Literal["silence", "repeat"]

FLOOR = 1e-6  # power of a mel band below which all is silence; full scale is near 1e3

_HIGHEST_RATE = 32000
_LONGEST_EXCERPT_S, _SHORTEST_EXCERPT_S = 5.0, 0.25
_SHORT_S = 2.0  # excerpts up to here are words and notes: finer frames, and no turning round


@dataclasses.dataclass(frozen=True)
class FrontEnd:
    """The settings of the log-mel spectrogram that a network starts with.

    ``excerpt_samples`` at ``sample_rate`` are heard at once; ``fill`` says with what a shorter recording is
    filled up.
    """

    sample_rate: int
    excerpt_samples: int
    n_fft: int
    hop_length: int
    n_mels: int = 64
    fmin: float = 40.0
    fmax: float | None = None
    fill: Fill = "silence"

    def __post_init__(self) -> None:
        counts = (self.sample_rate, self.excerpt_samples, self.n_fft, self.hop_length, self.n_mels)
        if not all(isinstance(count, int) and count > 0 for count in counts):
            raise ParameterError(f"{self}: want whole numbers above 0 for rate, samples, frames and bands")
        if self.fill not in ("silence", "repeat"):
            raise ParameterError(f"fill={self.fill!r}: want 'silence' or 'repeat'")

    @property
    def frames(self) -> int:
        """How many frames an excerpt has."""
        return 1 + self.excerpt_samples // self.hop_length

    @property
    def excerpt_s(self) -> float:
        """The length of an excerpt."""
        return self.excerpt_samples / self.sample_rate

    @property
    def is_short(self) -> bool:
        """Whether an excerpt is a word or a note, whose end must not come before its beginning."""
        return self.excerpt_s <= _SHORT_S

    @property
    def mel_options(self) -> dict[str, Any]:
        """What `sori.spectral.log_mel.log_mel_spectrogram` is given."""
        return {
            "sample_rate": self.sample_rate,
            "n_fft": self.n_fft,
            "hop_length": self.hop_length,
            "n_mels": self.n_mels,
            "fmin": self.fmin,
            "fmax": self.fmax,
            "amin": FLOOR,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain data, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the settings that `to_dict` has written down.

        Raises
        ------
        DataError
            When the data are none.
        """
        try:
            return cls(**data)
        except (TypeError, ParameterError) as why:
            raise DataError(f"these are no settings of a front end ({why})") from None


def front_end_for(durations_s: Sequence[float], sample_rate: int) -> FrontEnd:
    """Return the front end for recordings of these lengths, most of which are at ``sample_rate``.

    Excerpts are as long as nearly all recordings, up to 5 s. Sounds of up to 2 s (words, notes) are heard in
    frames of 32 ms every 10, longer ones in 46 ms every 20; treble above 16 kHz is left out.

    >>> front_end_for([5.0] * 10, 44100).frames
    251
    >>> front_end_for([0.4, 0.5, 0.7], 8000).excerpt_s
    0.7

    Raises
    ------
    ParameterError
        For no recordings, or a rate that is not positive.
    """
    if not len(durations_s) or not sample_rate > 0:
        raise ParameterError(
            f"{len(durations_s)} recordings at {sample_rate} Hz: want at least one, and a rate"
        )
    rate = min(int(sample_rate), _HIGHEST_RATE)
    long = float(np.quantile(durations_s, 0.95, method="higher"))
    length_s = min(max(long, _SHORTEST_EXCERPT_S), _LONGEST_EXCERPT_S)
    frame_s, hop_s = (0.032, 0.010) if length_s <= _SHORT_S else (0.046, 0.020)
    return FrontEnd(
        sample_rate=rate,
        excerpt_samples=round(length_s * rate),
        n_fft=2 ** round(np.log2(frame_s * rate)),
        hop_length=round(hop_s * rate),
    )


def excerpt_starts(length: int, excerpt: int) -> list[int]:
    """Return where the excerpts of a recording of ``length`` samples begin.

    >>> excerpt_starts(10, 4), excerpt_starts(9, 4), excerpt_starts(3, 4)
    ([0, 2, 4, 6], [0, 2, 4, 5], [0])
    """
    hop, last = max(1, excerpt // 2), max(0, length - excerpt)
    return [min(start, last) for start in range(0, last + hop, hop)]


def excerpts(samples: NDArray[np.float32], excerpt: int, fill: Fill) -> NDArray[np.float32]:
    """Return the excerpts of a recording, (excerpts, samples); of one without samples, none."""
    samples = filled(samples, excerpt, fill)
    return np.stack([samples[start : start + excerpt] for start in excerpt_starts(len(samples), excerpt)])


def filled(samples: NDArray[np.float32], length: int, fill: Fill) -> NDArray[np.float32]:
    """Return a recording of at least ``length`` samples: as it is, or filled up at its end."""
    if len(samples) >= length:
        return samples
    if fill == "repeat" and len(samples):
        return np.resize(samples, length)
    return np.pad(samples, (0, length - len(samples)))

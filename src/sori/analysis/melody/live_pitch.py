"""Pitch of a stream, block by block, as the network hears it in a file: `PitchStream`."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.learned import followed
from sori.analysis.melody.pitch_network import Heard, Listener, pitch_network
from sori.arrays import to_numpy
from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.events import Pitch
from sori.units import midi_to_hz

__all__ = ["PitchStream"]

Floats = NDArray[np.float32]

_NOTHING = np.zeros(0, np.float32)


class PitchStream:
    """The pitch of a signal that is still coming.

    Blocks of any length go in, and the pitch of the moments that are certain comes out. All of it, with what
    `finish` adds, is what ``pitch(..., method="learned", smooth=False)`` says of the whole, to rounding.

    Parameters
    ----------
    sample_rate : float
        Of the blocks, Hz.
    fmin, fmax : float
        Where the pitch may lie, Hz.
    network : path, optional
        A network from ``sori train pitch`` instead of the one that comes with the package.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.sin(2 * np.pi * 220 * np.arange(16000) / 16000)
    >>> stream = PitchStream(sample_rate=16000)
    >>> parts = [stream.process(block) for block in np.split(x, 10)]
    >>> round(parts[5].hz[0])
    220
    """

    def __init__(
        self,
        *,
        sample_rate: float,
        fmin: float = 60.0,
        fmax: float = 2100.0,
        network: str | os.PathLike[str] | None = None,
    ) -> None:
        check_numbers(sample_rate=sample_rate, fmin=fmin, fmax=fmax)
        if not 0 < fmin < fmax < sample_rate / 2:
            raise ParameterError(
                f"fmin={fmin}, fmax={fmax} at {sample_rate} Hz: want 0 < fmin < fmax < half the rate"
            )
        self._net = pitch_network(network)
        self._sample_rate, self._fmin, self._fmax = sample_rate, fmin, fmax
        self.reset()

    @property
    def latency_s(self) -> float:
        """How long after a moment its pitch is certain, beside the time that computing takes.

        What the longest kernel of the transform and the network's context need of what comes after. Where the
        sample rate is another than the network's, its conversion adds a few milliseconds.
        """
        bands = self._net.bands
        return (bands.reach + self._net.context * bands.hop_length) / bands.sample_rate

    def reset(self) -> None:
        """Begin anew, as if nothing had come."""
        import soxr

        bands = self._net.bands
        same = self._sample_rate == bands.sample_rate
        self._resampler: Any = (
            None
            if same
            else soxr.ResampleStream(self._sample_rate, bands.sample_rate, 1, dtype="float32", quality="HQ")
        )
        self._listener = Listener(self._net, fmin=self._fmin, fmax=self._fmax)
        self._samples_in = self._samples = self._said = 0
        self._over = False

    def process(self, block: Any) -> Pitch:
        """Take the next block, mono ``(time,)``, and return the moments that are certain now, maybe none.

        Raises
        ------
        ParameterError
            The block is not mono or holds no numbers, or the stream was finished.
        """
        samples = np.asarray(to_numpy(block), np.float32)
        if samples.ndim != 1:
            raise ParameterError(f"the block has shape {samples.shape}, want mono (time,)")
        if not np.isfinite(samples).all():
            raise ParameterError("the block holds NaN or infinity; want numbers")
        if self._over:
            raise ParameterError("the stream is finished; call reset() to begin another")
        self._samples_in += len(samples)
        return self._told(self._listener.hear(self._at_our_rate(samples, last=False)))

    def finish(self) -> Pitch:
        """Return the moments left, with silence after the last sample."""
        if self._over:
            return Pitch((), (), (), ())
        rest = self._at_our_rate(_NOTHING, last=True)
        self._over = True
        return self._told(self._listener.hear(rest, last=True))

    def _at_our_rate(self, samples: Floats, *, last: bool) -> Floats:
        """Return samples at the network's rate, and count them."""
        if self._resampler is not None:
            samples = np.asarray(self._resampler.resample_chunk(samples, last=last), np.float32)
        if last:
            # A file's last sample is the first at or after its end; here as there.
            rate = self._net.bands.sample_rate
            wanted = -(-round(self._samples_in * rate) // round(self._sample_rate))
            room = max(0, wanted - self._samples)
            samples = np.concatenate([samples[:room], np.zeros(max(0, room - len(samples)), np.float32)])
        self._samples += len(samples)
        return samples

    def _told(self, heard: Heard) -> Pitch:
        midi, voiced = followed(self._net, heard, smooth=False)
        times = ((self._said + np.arange(len(midi))) * self._net.bands.hop_s).round(9)
        self._said += len(midi)
        return Pitch(
            tuple(times.tolist()),
            tuple(np.asarray(midi_to_hz(midi), np.float64).tolist()),
            tuple(heard.confidence.astype(np.float64).tolist()),
            tuple(voiced.tolist()),
        )

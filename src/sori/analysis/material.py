"""One decode, condensed to what every listener needs.

A recording is read once, in blocks, and never held whole: each block goes to the level meter at
its own rate and channels, then, mixed and resampled, to two spectra. The fine one (46 ms
windows, 50 frames a second) hears rhythm and timbre; the long one (0.37 s windows, 11 frames a
second, up to 2.1 kHz) separates neighbouring notes. What remains is about 1 MB a minute.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.audio import Audio
from sori.errors import ParameterError
from sori.signal.meter import Cells, Meter
from sori.spectral.frames import SpectrumStream
from sori.spectral.mel import mel_filterbank
from sori.spectral.peaks import PeakFinder, Peaks

__all__ = ["FMAX_HZ", "FMIN_HZ", "MEL_RATE", "N_MELS", "SAMPLE_RATE", "Material", "condense"]

SAMPLE_RATE = 22050
_FINE_FFT, _FINE_HOP = 1024, 441
MEL_RATE = SAMPLE_RATE / _FINE_HOP  # frames a second
N_MELS, FMIN_HZ, FMAX_HZ = 40, 30.0, 10000.0

_LOWER = 24  # mel bands, up to about 2 kHz

_PITCH_RATE = 5512.5
_PITCH_FFT, _PITCH_HOP = 2048, 512
_PITCH_MIN_HZ, _PITCH_MAX_HZ = 50.0, 2100.0


@dataclasses.dataclass(frozen=True)
class Material:
    """One decoded recording as its listeners see it.

    Attributes
    ----------
    sample_rate, channels, duration_s
        Of the file as decoded.
    cells : Cells
        Energies and peaks every 10 ms, at the file's own rate and channels.
    mel : (frames, N_MELS) float32
        Mel power of the mono mix, MEL_RATE frames a second.
    peaks : Peaks
        Spectral peaks of the mono mix from 50 Hz to 2.1 kHz, about 11 frames a second.
    mono : (time,) float32 or None
        The mono mix at SAMPLE_RATE, where it was asked for.
    """

    sample_rate: int
    channels: int
    duration_s: float
    cells: Cells
    mel: NDArray[np.float32]
    peaks: Peaks
    mono: NDArray[np.float32] | None = None


def condense(blocks: Iterable[Audio], *, keep_mono: bool = False) -> Material:
    """Read blocks of one recording, all of one rate and channel count, to the end.

    With ``keep_mono`` the mono mix stays in memory too, 5 MB a minute.

    Raises
    ------
    ParameterError
        When there is no sample, or samples are NaN, infinite or absurdly large.
    """
    ears: _Ears | None = None
    # Samples that overflow are refused by the meter, with a message; NumPy need not warn before.
    with np.errstate(over="ignore", invalid="ignore"):
        for block in blocks:
            if ears is None:
                ears = _Ears(block.sample_rate, len(block.samples), keep_mono=keep_mono)
            ears.process(block.samples)
        if ears is None:
            raise ParameterError("got a recording without samples, want at least one: nothing can be heard")
        return ears.finish()


class _Ears:
    def __init__(self, sample_rate: int, channels: int, *, keep_mono: bool) -> None:
        import soxr

        self._channels, self._sample_rate = channels, sample_rate
        self._meter = Meter(sample_rate=sample_rate, channels=channels)
        self._resample = _resampler(soxr, sample_rate, SAMPLE_RATE)
        self._lower = _resampler(soxr, SAMPLE_RATE, _PITCH_RATE)
        bank = mel_filterbank(
            sample_rate=SAMPLE_RATE, n_fft=_FINE_FFT, n_mels=N_MELS, fmin=FMIN_HZ, fmax=FMAX_HZ
        )
        # Real and imaginary parts are squared where they lie, so each filter weight appears twice.
        doubled = np.repeat(bank.T, 2, axis=0).astype(np.float32) / np.float32(_FINE_FFT)
        # The lower bands need few bins and the upper ones none of these: two small products.
        self._products = [
            (rows, bands, np.ascontiguousarray(doubled[rows, bands]))
            for bands in (slice(0, _LOWER), slice(_LOWER, N_MELS))
            for rows in [_rows_used(doubled[:, bands])]
        ]
        # A bytearray grows in place; joining a list of small arrays would need the memory twice.
        self._mel = bytearray()
        self._kept = bytearray() if keep_mono else None
        self._fine = SpectrumStream(n_fft=_FINE_FFT, hop_length=_FINE_HOP, consume=self._to_mel)
        self._finder = PeakFinder(
            sample_rate=_PITCH_RATE,
            n_fft=_PITCH_FFT,
            hop_length=_PITCH_HOP,
            fmin=_PITCH_MIN_HZ,
            fmax=_PITCH_MAX_HZ,
        )
        self._long = SpectrumStream(n_fft=_PITCH_FFT, hop_length=_PITCH_HOP, consume=self._finder.consume)

    def process(self, samples: NDArray[np.float32]) -> None:
        self._meter.process(samples)
        self._mono(_mix(samples), last=False)

    def finish(self) -> Material:
        self._mono(np.zeros(0, np.float32), last=True)
        self._fine.finish()
        self._long.finish()
        cells = self._meter.finish()
        return Material(
            sample_rate=self._sample_rate,
            channels=self._channels,
            duration_s=cells.n_samples / self._sample_rate,
            cells=cells,
            mel=np.frombuffer(self._mel, np.float32).reshape(-1, N_MELS),
            peaks=self._finder.finish(),
            mono=None if self._kept is None else np.frombuffer(self._kept, np.float32),
        )

    def _mono(self, mono: NDArray[np.float32], *, last: bool) -> None:
        mono = self._resample(mono, last)
        if self._kept is not None:
            self._kept += mono.tobytes()
        self._fine.process(mono)
        self._long.process(self._lower(mono, last))

    def _to_mel(self, spectrum: NDArray[np.complex64]) -> None:
        parts = spectrum.view(np.float32)
        np.multiply(parts, parts, out=parts)
        mel = np.empty((len(parts), N_MELS), np.float32)
        for rows, bands, bank in self._products:
            np.matmul(parts[:, rows], bank, out=mel[:, bands])
        self._mel += mel.data.cast("B")


def _rows_used(matrix: NDArray[np.float32]) -> slice:
    used = np.flatnonzero(matrix.any(axis=1))
    return slice(int(used[0]), int(used[-1]) + 1)


def _mix(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the channels; two are added as they lie, several times faster than ``mean``."""
    if len(samples) == 1:
        return np.ascontiguousarray(samples[0])
    mono = np.add(samples[0], samples[1])
    for channel in samples[2:]:
        mono += channel
    mono *= np.float32(1 / len(samples))
    return np.asarray(mono)


def _resampler(soxr: Any, source: float, target: float) -> Any:
    if source == target:
        return lambda samples, last: samples
    stream = soxr.ResampleStream(source, target, 1, dtype="float32", quality="MQ")
    return lambda samples, last: stream.resample_chunk(samples, last=last)

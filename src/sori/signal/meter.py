"""One pass over a stream that measures level: K-weighted energy, peaks, silence and clipping.

The stream is cut into cells of about 10 ms. Everything a loudness meter reports (100 ms and
400 ms windows, 3 s windows, gates) is arithmetic on the energies of these cells, so hours of
audio become a few megabytes and no window is ever filtered twice.

Sources: ITU-R BS.1770-5 (weighting, channel gains, true peak); the filter constants for other
sample rates than 48 kHz follow from the analogue prototypes behind the standard's coefficients.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from sori.arrays.framing import check_numbers
from sori.errors import ParameterError
from sori.signal.recursive import RowFilter
from sori.signal.true_peak import CONTEXT, TruePeak

__all__ = ["Cells", "Meter", "channel_gains", "k_weighting"]

Sections = tuple[tuple[tuple[float, float, float], tuple[float, float]], ...]

_PASS_48_KHZ = 1 + 1.99004745483398 + 0.99007225036621  # 1 - a1 + a2 of the standard's high-pass
_CHUNK_CELLS = 400  # about 4 s a step
_CLIP = 0.999  # full scale less the rounding of decoders
_NO_SOUND = 1e4  # 80 dB over full scale; beyond, energies overflow single precision
_CLIP_RUN = 3  # consecutive samples at full scale that make clipping rather than a loud peak


@dataclasses.dataclass(frozen=True)
class Cells:
    """What a stream measured, cell by cell.

    ``energy`` (cells,) is the channel-weighted sum of K-weighted mean squares; ``peak`` (cells,)
    the highest sample magnitude over the channels. A last incomplete cell counts in ``n_samples``,
    the peaks and the clipping, not in ``energy`` (BS.1770 drops incomplete blocks).
    """

    sample_rate: int
    cell: int
    n_samples: int
    energy: NDArray[np.float64]
    peak: NDArray[np.float32]
    true_peak: float
    clipped_samples: int
    clipped_runs: int


def k_weighting(sample_rate: float) -> Sections:
    """Return the two second-order sections of BS.1770's K-weighting for a sample rate in Hz.

    A high shelf of +4 dB above about 1.7 kHz (the head), then a high-pass at 38 Hz. At 48 kHz
    the result equals the standard's table.
    """
    # Below about 3.7 kHz the shelf's corner lies above what the signal can hold: keep it at the edge.
    k = math.tan(math.pi * min(1681.974450955533 / sample_rate, 0.45))
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    shelf = (
        ((high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0, (high - band * k / q + k * k) / a0),
        (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0),
    )
    k, q = math.tan(math.pi * min(38.13547087602444 / sample_rate, 0.45)), 0.5003270373238773
    a0 = 1 + k / q + k * k
    a1, a2 = 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0
    # The standard's numerator (1, -2, 1) passes 0.04 dB more than unity at 48 kHz; other rates
    # are given the same pass-band gain, not the same numerator.
    gain = (1 - a1 + a2) / _PASS_48_KHZ
    return (shelf, ((gain, -2 * gain, gain), (a1, a2)))


def channel_gains(channels: int) -> tuple[float, ...]:
    """Return BS.1770's weights for the usual orders of 1 to 8 channels (surrounds 1.41, LFE 0)."""
    orders = {
        1: (1.0,),
        2: (1.0, 1.0),
        3: (1.0, 1.0, 1.0),
        4: (1.0, 1.0, 1.41, 1.41),
        5: (1.0, 1.0, 1.0, 1.41, 1.41),
        6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
        7: (1.0, 1.0, 1.0, 0.0, 1.0, 1.41, 1.41),
        8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41),
    }
    return orders.get(channels, (1.0,) * channels)


def _cell_and_row(sample_rate: int) -> tuple[int, int]:
    """Choose the cell (about 10 ms) and a row length near 48 that divides it."""
    wanted = max(1, round(sample_rate / 100))
    if wanted <= 96:
        return wanted, wanted
    for cell in (c for distance in range(wanted) for c in (wanted + distance, wanted - distance)):
        rows = [row for row in range(40, 97) if cell % row == 0]
        if rows:
            return cell, min(rows, key=lambda row: abs(row - 48))
    raise AssertionError("every run of 40 numbers holds a multiple of 40")


class Meter:
    """Feed blocks ``(channels, time)`` in any sizes to `process`, then read `finish`."""

    def __init__(self, *, sample_rate: int, channels: int) -> None:
        check_numbers(sample_rate=sample_rate)
        if sample_rate <= 0 or channels <= 0:
            raise ParameterError(f"sample_rate={sample_rate}, channels={channels}: both must be positive")
        self.sample_rate = sample_rate
        self.cell, self._row = _cell_and_row(sample_rate)
        self._gains = np.array(channel_gains(channels))
        self._filter = RowFilter(k_weighting(sample_rate), row=self._row, channels=channels)
        rows = _CHUNK_CELLS * self.cell // self._row
        self._work = self._filter.work(rows)
        self._out = np.empty((channels, rows, self._row), np.float32)
        # The samples not yet measured, preceded by the CONTEXT samples before them.
        self._buffer = np.zeros((channels, CONTEXT + _CHUNK_CELLS * self.cell), np.float32)
        self._scratch = np.empty(_CHUNK_CELLS * self.cell, np.float32)
        self._filled = 0
        self._n_samples = 0
        self._true_peaks = [TruePeak() for _ in range(channels)]
        self._energy: list[NDArray[np.float64]] = []
        self._peak: list[NDArray[np.float32]] = []
        self._clipped = np.zeros(2, np.int64)

    def process(self, block: NDArray[np.float32]) -> None:
        """Measure a block ``(channels, n)`` float32; any ``n``, any memory layout."""
        if block.ndim != 2 or len(block) != len(self._buffer):
            raise ParameterError(
                f"got an array of shape {block.shape}, want ({len(self._buffer)}, time): transpose it"
            )
        self._n_samples += block.shape[1]
        room = self._buffer.shape[1] - CONTEXT
        taken = 0
        while taken < block.shape[1]:
            n = min(room - self._filled, block.shape[1] - taken)
            begin = CONTEXT + self._filled
            self._buffer[:, begin : begin + n] = block[:, taken : taken + n]
            self._filled += n
            taken += n
            if self._filled == room:
                self._measure(_CHUNK_CELLS)

    def finish(self) -> Cells:
        """Measure what is left and return everything."""
        self._measure(self._filled // self.cell)
        if self._filled:  # an incomplete cell: peaks only
            self._measure_peaks(self._buffer[:, : CONTEXT + self._filled], 1)
        peak = np.concatenate(self._peak) if self._peak else np.zeros(0, np.float32)
        return Cells(
            sample_rate=self.sample_rate,
            cell=self.cell,
            n_samples=self._n_samples,
            energy=np.concatenate(self._energy) if self._energy else np.zeros(0),
            peak=peak,
            true_peak=max(true_peak.value for true_peak in self._true_peaks),
            clipped_samples=int(self._clipped[0]),
            clipped_runs=int(self._clipped[1]),
        )

    def _measure(self, cells: int) -> None:
        if not cells:
            return
        n, rows = cells * self.cell, cells * self.cell // self._row
        self._measure_peaks(self._buffer[:, : CONTEXT + n], cells)
        samples = self._buffer[:, CONTEXT : CONTEXT + n]
        work, out = self._work[:, :rows], self._out[:, :rows]
        work[:, :, : self._row] = samples.reshape(len(samples), rows, self._row)
        self._filter.apply(work, out)
        squares = (
            np.einsum("cij,cij->ci", out, out).reshape(len(out), cells, -1).sum(axis=2, dtype=np.float64)
        )
        self._energy.append(self._gains @ squares / self.cell)
        left = self._filled - n
        self._buffer[:, : CONTEXT + left] = self._buffer[:, n : n + CONTEXT + left].copy()
        self._filled = left

    def _measure_peaks(self, padded: NDArray[np.float32], cells: int) -> None:
        peaks = []
        for channel, true_peak in zip(padded, self._true_peaks, strict=True):
            n = len(channel) - CONTEXT
            grid = channel[CONTEXT:].reshape(cells, -1)
            scratch = self._scratch[:n].reshape(cells, -1)
            peak = np.abs(grid, out=scratch).max(axis=1)
            highest = peak.max()
            if not highest <= _NO_SOUND:  # nor is NaN
                raise ParameterError(
                    f"the samples reach {highest:g} times full scale, want finite numbers of at most "
                    f"{_NO_SOUND:g}: this is damage or not sound"
                )
            np.subtract(channel[CONTEXT:], channel[CONTEXT - 1 : -1], out=scratch.reshape(-1))
            true_peak.process(channel, peak, np.abs(scratch, out=scratch).max(axis=1))
            loud = peak >= _CLIP
            if loud.any():
                self._clipped += _clipping(grid[loud])
            peaks.append(peak)
        self._peak.append(np.max(peaks, axis=0))


def _clipping(cells: NDArray[np.float32]) -> NDArray[np.int64]:
    """Count samples in, and number of, runs of at least three equal-sign samples at full scale."""
    totals = np.zeros(2, np.int64)
    for at_rail in (cells >= _CLIP, cells <= -_CLIP):
        edges = np.diff(np.pad(at_rail, ((0, 0), (1, 1))).astype(np.int8).ravel())
        lengths = np.flatnonzero(edges == -1) - np.flatnonzero(edges == 1)
        long = lengths[lengths >= _CLIP_RUN]
        totals += (int(long.sum()), len(long))
    return totals

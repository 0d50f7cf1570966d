"""Short-time spectra of a stream: frames that do not care how the stream was cut into blocks.

Frame ``t`` is centred on sample ``t * hop``: half a window of silence stands before the signal
and after it, so a signal of ``n`` samples has ``1 + n // hop`` frames.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.spectral.windows import window

__all__ = ["SpectrumStream"]

_ROWS = 64  # frames transformed together: window, spectrum and result stay in the second-level cache


class SpectrumStream:
    """Feed mono blocks; every batch of finished frames is handed to ``consume`` as a complex spectrum.

    Parameters
    ----------
    n_fft, hop_length : int
        Window length (Hann) and distance between frames, in samples.
    consume : callable
        Called with ``(frames, n_fft // 2 + 1)`` complex64, in order; it may overwrite the array.
    """

    def __init__(
        self, *, n_fft: int, hop_length: int, consume: Callable[[NDArray[np.complex64]], None]
    ) -> None:
        from scipy import fft  # a third of a second: only for those who transform

        self._rfft: Callable[..., Any] = fft.rfft
        self.n_fft, self.hop_length = n_fft, hop_length
        self._consume = consume
        self._window = window("hann", n_fft).astype(np.float32)
        self._rest = np.zeros(n_fft // 2, np.float32)
        self._scratch = np.empty((_ROWS, n_fft), np.float32)

    def process(self, block: NDArray[np.float32]) -> None:
        """Take mono samples ``(n,)`` float32, any ``n``."""
        signal = np.concatenate([self._rest, block])
        count = (len(signal) - self.n_fft) // self.hop_length + 1
        if count > 0:
            step = signal.itemsize
            # A view of overlapping rows; `sliding_window_view` says the same thirty times slower.
            frames: NDArray[np.float32] = np.ndarray(
                (count, self.n_fft), np.float32, signal, 0, (self.hop_length * step, step)
            )
            for begin in range(0, count, _ROWS):
                part = frames[begin : begin + _ROWS]
                windowed = np.multiply(part, self._window, out=self._scratch[: len(part)])
                self._consume(self._rfft(windowed, axis=-1, overwrite_x=True))
            signal = signal[count * self.hop_length :]
        self._rest = signal

    def finish(self) -> None:
        """Hand out the frames whose windows reach past the end."""
        self.process(np.zeros(self.n_fft // 2, np.float32))

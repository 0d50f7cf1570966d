"""The least that a transform must do: its Fourier transforms, and moving what comes in and goes out."""

from __future__ import annotations

import numpy as np
from scipy import fft

__all__ = ["Floor"]


class Floor:
    """Transforms ``frames`` frames of ``n_fft`` in parts that stay in the cache, and copies ``out_bytes``."""

    def __init__(self, signal: np.ndarray, *, frames: int = 0, n_fft: int = 0, out_bytes: int = 0) -> None:
        self.signal = signal
        self.frames, self.n_fft = frames, n_fft
        self.rows = max(1, (1 << 18) // max(1, 4 * n_fft))
        self.part = np.random.default_rng(0).standard_normal((self.rows, n_fft or 1)).astype(np.float32)
        self.out = np.zeros(max(1, out_bytes // 4), np.float32)
        self.result = np.ones_like(self.out)

    def __call__(self) -> None:
        self.signal.copy()
        for _ in range(-(-self.frames // self.rows) if self.n_fft else 0):
            fft.rfft(self.part, axis=-1)
        np.copyto(self.out, self.result)

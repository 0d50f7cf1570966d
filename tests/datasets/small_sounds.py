"""Short sounds that are quickly made, and a worker that never is."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

RATE = 8000


def tone(seconds: float, hz: float, *, rate: int = RATE, channels: int = 1) -> np.ndarray:
    """Return a quiet tone with a little noise, ``(time, channels)``."""
    time_s = np.arange(round(seconds * rate)) / rate
    rng = np.random.default_rng(round(hz))
    noise = 0.01 * rng.standard_normal((len(time_s), channels))
    return 0.3 * np.sin(2 * np.pi * hz * time_s)[:, None] * np.linspace(1, 0.5, channels) + noise


def never_done(_: Any) -> None:
    """Stand in for the packing of a clip that hangs; worker processes import it by name."""
    time.sleep(600)

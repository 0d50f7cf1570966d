"""What the tests of layers share: the frameworks, and a second of real music."""

from __future__ import annotations

import importlib
import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


def needed(*names: str) -> None:
    """Skip what needs libraries that are not installed; where ``CI`` is set their absence is a failure."""
    absent = [name for name in names if importlib.util.find_spec(name) is None]
    if absent and os.environ.get("CI"):
        pytest.fail(f"{', '.join(absent)} must be installed here", pytrace=False)
    if absent:
        pytest.skip(f"needs {', '.join(absent)}", allow_module_level=True)


@pytest.fixture(scope="session")
def music(data: Path) -> NDArray[np.float32]:
    """Return two seconds of real music at 22050 Hz, two channels as a batch, ``(2, 44100)``."""
    import soundfile
    import soxr

    path = sorted(data.rglob("*.ogg"))[0]
    samples, rate = soundfile.read(path, start=10 * 44100, frames=4 * 44100, dtype="float32", always_2d=True)
    resampled: Any = soxr.resample(samples, rate, 22050)
    return np.ascontiguousarray(np.broadcast_to(resampled[:44100].T, (2, 44100)))

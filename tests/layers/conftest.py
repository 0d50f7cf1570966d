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
    """Return four seconds of real music at 22050 Hz as a batch of two, ``(2, 44100)``."""
    import soundfile
    import soxr

    longest = max((data / "music" / "librosa").glob("*.ogg"), key=lambda path: path.stat().st_size)
    with soundfile.SoundFile(longest) as file:
        rate = file.samplerate
        file.seek(10 * rate)
        samples = file.read(4 * rate + 100, dtype="float32", always_2d=True)[:, 0]
    resampled: Any = soxr.resample(samples, rate, 22050)
    return np.ascontiguousarray(resampled[:88200].reshape(2, 44100), np.float32)

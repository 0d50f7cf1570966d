"""What the tests share: where the real recordings are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")  # Keras's own choice, TensorFlow, is not among ours

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real recordings: ``SORI_TEST_DATA``, or ``../shared/data`` beside the project.

    Where it is absent a test that needs it is skipped; where ``CI`` is set its absence is a failure.
    """
    folder = Path(os.environ.get("SORI_TEST_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        message = f"no test recordings at {folder}: set SORI_TEST_DATA to their folder"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder

"""Where things are, and what is said when something that a test needs is not there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest

__all__ = ["FRONTEND", "ROOT", "SUNG_HZ", "Open", "lacking"]

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
#: What the voice in the pretend microphone sings.
SUNG_HZ = 330.0

Open = Callable[..., Any]


def lacking(what: str, fix: str) -> NoReturn:
    """Skip a test that cannot be done here; where ``CI`` is set that is a failure."""
    message = f"no {what} here: {fix}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)

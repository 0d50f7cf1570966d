"""The array libraries: each is required where ``CI`` is set, and its tests are skipped where it is absent."""

from __future__ import annotations

import importlib.util
import os
import warnings

import pytest


@pytest.fixture(scope="session", autouse=True)
def _libraries() -> None:
    missing = [name for name in ("torch", "jax", "array_api_strict") if not importlib.util.find_spec(name)]
    if missing:
        message = f"the contract needs {', '.join(missing)}: pip install 'sori[torch,jax]' array-api-strict"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def _one_thread(_libraries: None) -> None:
    import torch

    torch.set_num_threads(1)
    warnings.simplefilter("error")

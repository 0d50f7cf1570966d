"""What a case of the contract is, and the sounds and spectrograms it is tried on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

KINDS = ("wave", "short", "magnitude", "power", "complex", "mel", "level_db", "chroma", "unit")


@dataclasses.dataclass(frozen=True, init=False)
class Case:
    """One call of a public function, on inputs of the named kinds.

    ``gradient``, ``batch`` and the tolerances (of the largest value) are only turned down with a ``note``.
    """

    call: Callable[..., Any]
    inputs: tuple[str, ...]
    gradient: bool
    batch: bool
    float32_tolerance: float
    float64_tolerance: float
    note: str

    def __init__(
        self,
        call: Callable[..., Any],
        *inputs: str,
        gradient: bool = True,
        batch: bool = True,
        float32_tolerance: float = 1e-5,
        float64_tolerance: float = 1e-10,
        note: str = "",
    ) -> None:
        unknown = set(inputs) - set(KINDS)
        if unknown or not inputs:
            raise ValueError(f"inputs {inputs}: want some of {KINDS}")
        lowered = not gradient or not batch or float32_tolerance > 1e-5 or float64_tolerance > 1e-10
        if lowered and not note:
            raise ValueError("a case that asks for less must say why in a note")
        for field in dataclasses.fields(self):
            object.__setattr__(self, field.name, locals()[field.name])

    def arrays(self, seed: int, *, dtype: str = "float32", lead: tuple[int, ...] = ()) -> list[np.ndarray]:
        """Return the inputs, each with ``lead`` axes before its own."""
        rng = np.random.default_rng(seed)
        return [_stacked(kind, rng, lead).astype(_like(kind, dtype)) for kind in self.inputs]

    def silent(self, *, dtype: str = "float32") -> list[np.ndarray]:
        """Return inputs of the same shapes that hold nothing at all."""
        return [np.zeros_like(array) for array in self.arrays(0, dtype=dtype)]


def _like(kind: str, dtype: str) -> str:
    return {"float32": "complex64", "float64": "complex128"}[dtype] if kind == "complex" else dtype


def _stacked(kind: str, rng: np.random.Generator, lead: tuple[int, ...]) -> np.ndarray:
    if not lead:
        return _one(kind, rng)
    each = [_one(kind, rng) for _ in range(int(np.prod(lead)))]
    return np.stack(each).reshape(*lead, *each[0].shape)


def _one(kind: str, rng: np.random.Generator) -> np.ndarray:
    if kind in ("wave", "short", "unit"):
        n = 22050 if kind == "wave" else 2048
        t = np.arange(n) / 22050
        tones = sum(0.2 * np.sin(2 * np.pi * hz * t) for hz in rng.uniform(60, 5000, 3))
        x = tones + 0.1 * rng.standard_normal(n)
        return np.clip(x, -1, 1) if kind == "unit" else x
    if kind == "complex":
        size = (513, 40)
        return (rng.standard_normal(size) + 1j * rng.standard_normal(size)) * rng.random(size)
    if kind == "level_db":
        return rng.uniform(-90, 0, (40, 40))
    rows = {"magnitude": 513, "power": 513, "mel": 40, "chroma": 12}[kind]
    # Some zeros: bands that hold nothing are met in every real spectrogram.
    found = rng.random((rows, 40)) ** 2
    found[rng.random((rows, 40)) < 0.02] = 0
    return found

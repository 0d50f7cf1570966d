"""Keras layers give their functions' numbers on each backend, and a saved model is the same when read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from layers.conftest import needed
from layers.examples import EXAMPLES

needed("keras")

# Data, not a plain option: no saved model could hold it. Keras has keras.layers.Normalization.
NOT_IN_KERAS = {"Standardize", "Unstandardize"}
# All of them on one backend, a few on the other: what differs is in the functions' own tests.
SOME = ["ChromaStft", "CqtMagnitude", "Hpss", "Istft", "LowPass", "Mfcc", "Stft"]
# Seconds each, and nothing of them is Keras's.
SLOW = {"Icqt", "Ivqt", "MelToAudio", "MfccToAudio", "TimeStretch"}

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_layers_on(backend: str) -> None:
    needed(backend)
    all_of_them = EXAMPLES.keys() - NOT_IN_KERAS
    names = SOME if backend == "jax" else sorted(all_of_them - SLOW)
    paths = os.pathsep.join(
        [str(TESTS), str(TESTS.parent / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": paths, "TF_CPP_MIN_LOG_LEVEL": "3"}
    program = str(Path(__file__).with_name("keras_trial.py"))
    done = subprocess.run(
        [sys.executable, program, *names],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    listed, _, rest = done.stdout.strip().partition("\n")
    assert rest == "all is well", done.stderr[-3000:]
    assert set(listed.split()) == all_of_them, "the two frameworks have the same layers"

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


def tried(backend: str, code: list[str]) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(
        [str(TESTS), str(TESTS.parent / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
    )
    environment = {**os.environ, "KERAS_BACKEND": backend, "PYTHONPATH": paths, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        [sys.executable, *code], env=environment, capture_output=True, text=True, check=False, timeout=600
    )


@pytest.mark.parametrize("backend", ["torch", "jax"])
def test_layers_on(backend: str) -> None:
    needed(backend)
    names = SOME if backend == "jax" else sorted(EXAMPLES.keys() - NOT_IN_KERAS - SLOW)
    done = tried(backend, [str(Path(__file__).with_name("keras_trial.py")), *names])
    assert done.stdout.strip().endswith("all is well"), done.stderr[-3000:]


def test_the_two_frameworks_have_the_same_layers() -> None:
    code = (
        "from sori.layers import keras_layers, keras_signal_layers;"
        "print(*keras_layers.__all__, *keras_signal_layers.__all__)"
    )
    done = tried("numpy", ["-c", code])
    assert set(done.stdout.split()) == EXAMPLES.keys() - NOT_IN_KERAS, done.stderr[-3000:]


def test_another_backend_is_refused() -> None:
    code = (
        "import keras; keras.backend.backend = lambda: 'tensorflow'\n"
        "from sori.errors import ParameterError\n"
        "from sori.layers.keras_layers import Stft\n"
        "try: Stft()\n"
        "except ParameterError as error: print(error)"
    )
    done = tried("numpy", ["-c", code])
    assert "want torch, jax, numpy" in done.stdout, done.stderr[-3000:]

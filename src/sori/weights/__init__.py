"""Networks that come with the package: each an ONNX file, known by name and checksum.

A card beside each file (``NAME.md``) says what it does, what it was trained on and how well it does.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from sori.errors import ModelError, ParameterError

__all__ = ["CHECKSUMS", "network", "session_of"]

CHECKSUMS: dict[str, str] = {
    "beats": "95c42c52d68a67e02e05d0b24f864763cb6090fe490b7ef74951b6cc1e889999",
    "chords": "6554037c16ef4700223ecc36e69ee267364845f997f16b9a1ebcca633557d9bd",
    "pitch": "b7f21db7a56b85a56071ad9b4ebcd56061b29d5120564d26eabcd6e7ae63869f",
}
"""SHA-256 of every ONNX file in this folder, by its name without the ending."""

_FOLDER = Path(__file__).parent


@lru_cache(maxsize=8)
def network(name: str) -> Any:
    """Return a shipped network as an ``onnxruntime.InferenceSession`` that uses one thread.

    One thread, since files are what is heard in parallel.

    Raises
    ------
    ParameterError
        There is no network of this name.
    ModelError
        Its file is missing or damaged.
    """
    if name not in CHECKSUMS:
        raise ParameterError(f"got the network {name!r}, want one of {', '.join(sorted(CHECKSUMS))}")
    path = _FOLDER / f"{name}.onnx"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); install sori again") from error
    if hashlib.sha256(data).hexdigest() != CHECKSUMS[name]:
        raise ModelError(f"{path} is not the file that was shipped; install sori again")
    return session_of(data, str(path))


def session_of(data: bytes, name: str) -> Any:
    """Return an ``onnxruntime.InferenceSession`` of an ONNX file's bytes, on one thread of the processor.

    Raises
    ------
    ModelError
        They are no network; ``name`` says whose they are.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as why:  # what it raises has no common ancestor below Exception
        raise ModelError(f"{name} is no network that onnxruntime can read: {why}") from why

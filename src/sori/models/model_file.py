"""Model files: a ZIP of a card (JSON), a network (ONNX) or a classifier (arrays), each with its checksum.

A file from a stranger can only hold data: JSON, NumPy arrays without objects, an ONNX graph of standard
operators. Nothing in it is run as code.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.errors import DataError, ModelError
from sori.features.recipes import Recipe
from sori.models.decision import Decision
from sori.models.model import SoundModel, network_model, summary_model
from sori.system.replacing import replacing

__all__ = ["FORMAT", "arrays_of", "bytes_of", "checksum", "load_model", "save_model"]

FORMAT = {"format": "sori model", "version": 1}

_CARD = "card.json"
_LARGEST = 1 << 30  # bytes of a part, unpacked
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)


def save_model(model: SoundModel, path: str | os.PathLike[str]) -> None:
    """Write a model to a file, whole or not at all; the same model gives the same bytes."""
    card = {
        **FORMAT,
        **model.card,
        "checksums": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(model.parts.items())},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        text = json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False).encode()
        for name, data in ((_CARD, text), *sorted(model.parts.items())):
            # Without a time, so that two runs with one seed end with one file.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            file.writestr(entry, data)
    with replacing(Path(path)) as target:
        target.write(buffer.getvalue())


def load_model(path: str | os.PathLike[str]) -> SoundModel:
    """Read a model file.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    ModelError
        It is no model, or damaged, or of a newer version.
    """
    name = os.fspath(path)
    parts: dict[str, bytes] = {}
    try:
        with open(path, "rb") as raw, zipfile.ZipFile(raw) as file:
            card = json.loads(_read(file, _CARD))
            kind, version = card["format"], card["version"]
            if kind == FORMAT["format"] and version == FORMAT["version"]:
                parts = {part: _read(file, part) for part in card["checksums"]}
    except _DAMAGE as why:
        raise ModelError(f"{name!r} is no model file, or is damaged ({why})") from None
    if kind != FORMAT["format"] or version != FORMAT["version"]:
        raise ModelError(
            f"{name!r} is of kind {kind!r}, version {version!r}; this Sori reads version"
            f" {FORMAT['version']} of"
            f" {FORMAT['format']!r}"
        )
    for part, data in parts.items():
        if hashlib.sha256(data).hexdigest() != card["checksums"][part]:
            raise ModelError(f"{name!r} is damaged: {part} is not what was written; get it anew")
    try:
        if card["kind"] == "summary":
            decision = Decision.from_arrays(arrays_of(parts["decision.npz"]))
            return summary_model(card, decision, Recipe.from_dict(card["recipe"]), parts)
        return network_model(card, parts["network.onnx"], parts)
    except (KeyError, TypeError, ValueError, DataError) as why:
        raise ModelError(f"{name!r} lacks what a model must have ({why!r}); train it again") from None
    except ModelError as why:
        raise ModelError(f"{name!r}: {why}") from None


def checksum(model: SoundModel) -> str:
    """Return the SHA-256 of all that a model is: two files have the same only for one model."""
    digest = hashlib.sha256()
    card = {name: value for name, value in model.card.items() if name not in (*FORMAT, "checksums")}
    digest.update(json.dumps(card, sort_keys=True).encode())
    for name, data in sorted(model.parts.items()):
        digest.update(name.encode() + hashlib.sha256(data).digest())
    return digest.hexdigest()


def bytes_of(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as the bytes of an npz file."""
    buffer = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez(buffer, **named)
    return buffer.getvalue()


def arrays_of(data: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of an npz file; one with objects in it is refused."""
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


def _read(file: zipfile.ZipFile, name: str) -> bytes:
    if file.getinfo(name).file_size > _LARGEST:
        raise ValueError(f"{name} claims more than a gigabyte")
    return file.read(name)

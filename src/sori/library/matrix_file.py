"""The searchable matrix kept in one file beside the library.

The file is five ``.npy`` arrays one after the other: a JSON head (as bytes), the ids, the
standardisation, the local scales, and last the matrix, which is mapped and not read. It is written
under another name and moved into place, so a reader sees the old file or the new one and keeps what
it has mapped. A file that is damaged, of another revision or of another format is not an error: it is
built anew.
"""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from sori.library.facet_space import FacetSpace, Floats
from sori.system.parsing import PARSING
from sori.system.replacing import replacing

__all__ = ["Contents", "read", "write"]

_FORMAT = "sori matrix 1"


@dataclasses.dataclass(frozen=True)
class Contents:
    """What is kept: the ids, the standardisation, the (n, width) matrix and the (n, facets) local scales."""

    ids: tuple[str, ...]
    space: FacetSpace
    matrix: Floats
    scales: Floats


def write(path: Path, revision: str, contents: Contents) -> bool:
    """Keep the contents; return whether it worked: a library on a read-only disk can be searched too."""
    space = contents.space
    head = {"format": _FORMAT, "revision": revision, "names": space.names, "dims": space.dims}
    parts = (
        np.frombuffer(json.dumps(head).encode(), np.uint8),
        np.frombuffer("\n".join(contents.ids).encode(), np.uint8),
        np.stack([space.center, space.gain, space.limit]),
        contents.scales,
        contents.matrix,
    )
    try:
        with replacing(path) as file:
            for part in parts:
                npy.write_array(file, np.ascontiguousarray(part), allow_pickle=False)
    except OSError:  # also on Windows while another process has the old file mapped
        return False
    return True


def read(path: Path, revision: str) -> Contents | None:
    """Map the kept contents, or return ``None`` where they are absent, stale or damaged."""
    try:
        with PARSING, path.open("rb") as file:
            head = json.loads(_array(file).tobytes())
            if head["format"] != _FORMAT or head["revision"] != revision:
                return None
            text = _array(file).tobytes().decode()
            center, gain, limit = _array(file)
            scales = _array(file)
            matrix = _mapped(file)
        space = FacetSpace(tuple(head["names"]), tuple(head["dims"]), center, gain, limit)
        ids = tuple(text.split("\n")) if text else ()
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    if matrix.shape != (len(ids), space.width) or scales.shape != (len(ids), len(space.dims)):
        return None
    return Contents(ids, space, matrix, scales)


def _array(file: BinaryIO) -> NDArray[Any]:
    return np.asarray(npy.read_array(file, allow_pickle=False))


def _mapped(file: BinaryIO) -> Floats:
    """Map the matrix of the file that is open, whatever has its name by now."""
    version = npy.read_magic(file)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read_header(file)
    if dtype != np.float32 or fortran:
        raise ValueError("not a row-major float32 matrix")
    if 0 in shape:
        return np.zeros(shape, np.float32)
    start = file.tell()
    if file.seek(0, io.SEEK_END) < start + 4 * shape[0] * shape[1]:
        raise EOFError("the matrix is cut short")
    return np.memmap(file, np.float32, mode="r", offset=start, shape=shape)

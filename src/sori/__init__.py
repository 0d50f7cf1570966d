"""Sori: ears for your computer.

::

    from sori import load, info, blocks, save      read and write audio files
    from sori import hear                          everything Sori can hear in one file
    from sori import SqlCatalog                    a library, to be asked from Python
    sori.errors                                    what can go wrong

Names are loaded when first used: importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sori import errors
    from sori.analysis.listen import hear
    from sori.audio import blocks, identify, info, load, read_tags, save
    from sori.library.catalog import SqlCatalog

__all__ = ["SqlCatalog", "blocks", "errors", "hear", "identify", "info", "load", "read_tags", "save"]

_HOME = {
    "SqlCatalog": "sori.library.catalog",
    "blocks": "sori.audio",
    "hear": "sori.analysis.listen",
    "identify": "sori.audio",
    "info": "sori.audio",
    "load": "sori.audio",
    "read_tags": "sori.audio",
    "save": "sori.audio",
}


def __getattr__(name: str) -> Any:
    if name == "errors":
        return importlib.import_module("sori.errors")
    if name not in _HOME:
        raise AttributeError(f"module 'sori' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

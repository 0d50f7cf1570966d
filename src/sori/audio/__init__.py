"""Files in, samples out."""

from __future__ import annotations

from sori.audio.identity import identify
from sori.audio.stream import blocks, info, load
from sori.audio.tags import read_tags
from sori.audio.types import Audio, Info, Tags

__all__ = ["Audio", "Info", "Tags", "blocks", "identify", "info", "load", "read_tags"]

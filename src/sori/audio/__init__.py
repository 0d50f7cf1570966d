"""Files in, samples out; samples in, files out.

`load`, `blocks` and `info` read any common audio file, whatever it is called; `save` writes one; `identify`
tells
recordings apart without decoding; `read_tags` reads what people wrote on them. The rules for damaged and
hostile files stand in `sori.audio.decode`. Decoders are imported when the first file is opened.
"""

from __future__ import annotations

from sori.audio.identity import identify
from sori.audio.stream import blocks, info, load
from sori.audio.tags import read_tags
from sori.audio.types import Audio, Info, Tags
from sori.audio.write import save

__all__ = ["Audio", "Info", "Tags", "blocks", "identify", "info", "load", "read_tags", "save"]

"""What a recording is, whatever it is called and however it is tagged."""

from __future__ import annotations

import hashlib
import os

from sori.audio.sniff import open_regular, sniff
from sori.errors import DecodeError

__all__ = ["identify"]


def identify(path: str | os.PathLike[str]) -> str:
    """Hash the codec and the audio packets of a file."""
    from sori.audio.ffmpeg import Failure, open_container

    with open_regular(path) as file:
        container, offset = sniff(file)
        if not container:
            raise DecodeError(f"{os.fspath(path)!r} is not an audio file of a known format")
        digest = hashlib.sha256()
        n = 0
        try:
            with open_container(file, container, offset) as source:
                if not source.streams.audio:
                    raise DecodeError("no audio stream in it")
                stream = source.streams.audio[0]
                context = stream.codec_context
                digest.update(f"{context.codec.canonical_name} {context.sample_rate} {context.channels}".encode())
                for packet in source.demux(stream):
                    if packet.size:
                        n += 1
                        digest.update(packet)
        except Failure as error:
            raise DecodeError(f"{os.fspath(path)!r} ({container}) cannot be identified: {error}") from error
    if not n:
        raise DecodeError(f"{os.fspath(path)!r} ({container}) holds no audio packets")
    return digest.hexdigest()[:32]

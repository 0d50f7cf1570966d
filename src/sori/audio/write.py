"""Writing samples to a file, whole or not at all."""

from __future__ import annotations

import io
import os
import secrets
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sori.audio.decode import MAX_SAMPLE_RATE
from sori.audio.types import Samples
from sori.errors import ParameterError

__all__ = ["LOSSY", "lossy_bytes", "lossy_rates", "save"]

_LIBSNDFILE = {
    ".wav": ("WAV", "FLOAT"),
    ".flac": ("FLAC", "PCM_24"),
    ".aiff": ("AIFF", "PCM_24"),
    ".aif": ("AIFF", "PCM_24"),
    ".ogg": ("OGG", "VORBIS"),
}
_FFMPEG = {
    ".mp3": ("mp3", "libmp3lame", "fltp"),
    ".opus": ("ogg", "libopus", "flt"),
    ".m4a": ("ipod", "aac", "fltp"),
    ".mp4": ("mp4", "aac", "fltp"),
}
_RATES = {
    "libmp3lame": (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000),
    "libopus": (8000, 12000, 16000, 24000, 48000),
    "aac": (7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000),
}
_MOST_CHANNELS = {"libmp3lame": 2, "libopus": 8, "aac": 8, "FLAC": 8}
_LAYOUTS = ("mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1")
_CHUNK = 1 << 14
_QUICK = {"libmp3lame": {"compression_level": "7"}}

LOSSY = {"mp3": ".mp3", "opus": ".opus", "aac": ".m4a"}
"""Codecs that leave out what is hard to hear, and the extension of their files."""


def save(
    path: str | os.PathLike[str],
    samples: ArrayLike,
    *,
    sample_rate: int,
    subtype: str | None = None,
    bit_rate_bps: int | None = None,
    clip: bool = False,
) -> None:
    """Write samples to WAV, FLAC, AIFF, Ogg Vorbis, Opus, MP3 or M4A (AAC), as the name's extension says.

    The file appears under its name only when it is complete: it is written beside it and moved there.

    Parameters
    ----------
    path : path whose extension is one of .wav .flac .aiff .aif .ogg .opus .mp3 .m4a .mp4
    samples : array ``(channels, time)`` or ``(time,)``, full scale at ±1
    sample_rate : hertz; nothing is resampled, so it must be one that the codec can store
    subtype : how WAV, FLAC and AIFF store a sample, for example ``"PCM_16"``, ``"PCM_24"`` or ``"FLOAT"``; by
        default WAV keeps float32 as it is, FLAC and AIFF store 24 bits
    bit_rate_bps : for Opus, MP3 and M4A; by default 96 kbit/s for each channel
    clip : cut what lies beyond full scale instead of refusing it (integer formats only; the others can
    store it)

    Raises
    ------
    ParameterError
        An extension, rate, shape or number of channels that cannot be written, NaN or infinity, or samples
        beyond full scale for an integer format.
    OSError
        The disk says no.
    """
    target = Path(path)
    extension = target.suffix.lower()
    if extension not in _LIBSNDFILE and extension not in _FFMPEG:
        known = " ".join((*_LIBSNDFILE, *_FFMPEG))
        raise ParameterError(f"the extension of {os.fspath(path)!r} is {extension!r}; give one of {known}")
    if not (isinstance(sample_rate, (int, np.integer)) and 0 < sample_rate <= MAX_SAMPLE_RATE):
        raise ParameterError(f"sample_rate is {sample_rate!r}; give whole hertz from 1 to {MAX_SAMPLE_RATE}")
    data = _channels_first(samples)
    if extension in _LIBSNDFILE:
        container, default = _LIBSNDFILE[extension]
        codec = subtype or default
        if codec.startswith("PCM"):
            data = _within(data, codec, clip)
        _check_limits(container, data.shape[0], int(sample_rate))
    else:
        if subtype is not None:
            raise ParameterError(
                f"subtype is {subtype!r} for {extension}; leave it out, this format has one only"
            )
        container, codec, _ = _FFMPEG[extension]
        _check_limits(codec, data.shape[0], int(sample_rate))
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        if extension in _LIBSNDFILE:
            _write_libsndfile(beside, data, int(sample_rate), container, codec)
        else:
            with open(beside, "xb+") as file:
                _write_ffmpeg(file, data, int(sample_rate), _FFMPEG[extension], bit_rate_bps)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def lossy_rates(codec: str) -> tuple[int, ...]:
    """Return the sample rates that one of `LOSSY` stores."""
    return _RATES[_FFMPEG[LOSSY[codec]][1]]


def lossy_bytes(samples: ArrayLike, *, sample_rate: int, codec: str, bit_rate_bps: int) -> bytes:
    """Return samples as a file of one of `LOSSY`, in memory; see `save` for the arguments and errors.

    For hearing what a codec leaves: LAME searches quickly (7 of 9), half the time for as many bits.
    """
    if codec not in LOSSY:
        raise ParameterError(f"codec={codec!r}: want one of {', '.join(LOSSY)}")
    how = _FFMPEG[LOSSY[codec]]
    data = _channels_first(samples)
    _check_limits(how[1], data.shape[0], sample_rate)
    file = io.BytesIO()
    _write_ffmpeg(file, data, sample_rate, how, bit_rate_bps, coder=_QUICK.get(how[1]))
    return file.getvalue()


def _channels_first(samples: ArrayLike) -> NDArray[Any]:
    data = np.asarray(samples)
    if data.dtype.kind != "f":
        raise ParameterError(f"samples are {data.dtype}; give floating point with full scale at ±1")
    if data.ndim == 1:
        data = data[np.newaxis]
    if data.ndim != 2 or data.shape[0] == 0:
        raise ParameterError(f"samples have shape {data.shape}; give (channels, time) or (time,)")
    if data.shape[0] > 8 and data.shape[0] > data.shape[1]:
        raise ParameterError(
            f"samples have shape {data.shape}, like (time, channels); give (channels, time): samples.T"
        )
    finite = np.isfinite(data).all(axis=0)
    if not finite.all():
        raise ParameterError(
            f"samples are NaN or infinite first at frame {int(np.argmin(finite))}; repair them"
        )
    return data


def _within(data: NDArray[Any], codec: str, clip: bool) -> NDArray[Any]:
    peak = float(np.abs(data).max(initial=0.0))
    if peak <= 1:
        return data
    if not clip:
        raise ParameterError(
            f"samples reach {peak:.6g}, beyond the full scale of {codec}; lower them, or give clip=True"
        )
    clipped: NDArray[Any] = np.clip(data, -1, 1)
    return clipped


def _check_limits(codec: str, channels: int, sample_rate: int) -> None:
    most = _MOST_CHANNELS.get(codec, 255)
    if channels > most:
        raise ParameterError(f"samples have {channels} channels; {codec} stores at most {most}")
    rates = _RATES.get(codec)
    if rates and sample_rate not in rates:
        raise ParameterError(
            f"sample_rate is {sample_rate}; {codec} stores {', '.join(map(str, rates))}: resample first"
        )


def _write_libsndfile(path: Path, data: NDArray[Any], sample_rate: int, container: str, codec: str) -> None:
    import soundfile

    if not soundfile.check_format(container, codec):
        known = ", ".join(soundfile.available_subtypes(container))
        raise ParameterError(f"subtype is {codec!r}; {container} stores {known}")
    with (
        open(path, "xb+") as file,
        soundfile.SoundFile(file, "w", sample_rate, data.shape[0], codec, format=container) as out,
    ):
        for start in range(0, data.shape[1], _CHUNK):  # libvorbis cannot take long stretches at once
            out.write(np.ascontiguousarray(data[:, start : start + _CHUNK].T))


def _write_ffmpeg(
    file: BinaryIO,
    data: NDArray[Any],
    sample_rate: int,
    how: tuple[str, str, str],
    bit_rate_bps: int | None,
    coder: dict[str, str] | None = None,
) -> None:
    import av

    container, codec, sample_format = how
    layout = _LAYOUTS[data.shape[0] - 1]
    samples: Samples = np.asarray(data, np.float32)
    options = (
        {"movie_timescale": str(sample_rate)} if codec == "aac" else {}
    )  # so that the edit list is exact
    with av.open(file, "w", format=container, options=options) as out:
        stream: Any = out.add_stream(codec, rate=sample_rate, options=coder)
        stream.codec_context.layout = layout
        stream.codec_context.format = sample_format
        stream.bit_rate = bit_rate_bps or 96000 * data.shape[0]
        for start in range(0, samples.shape[1], _CHUNK):
            part = samples[:, start : start + _CHUNK]
            if sample_format == "flt":
                part = part.T.reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(part), format=sample_format, layout=layout
            )
            frame.sample_rate, frame.pts = sample_rate, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))

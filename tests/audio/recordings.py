"""One known recording, and how to write it in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 44100
FRAMES = 60_001


def chirps(rate: int, frames: int = FRAMES, channels: int = 2) -> np.ndarray:
    """Sweeps in every channel, each its own: their correlation peak is one sample wide."""
    t = np.arange(frames) / rate
    noise = np.random.default_rng(1).standard_normal((channels, frames))
    sweeps = [np.sin(2 * np.pi * (200 * (c + 1) * t + 900 * t * t)) for c in range(channels)]
    return (0.4 * np.stack(sweeps) + 0.005 * noise).astype(np.float32)


def encode(
    path: Path, samples: np.ndarray, rate: int, codec: str, sample_format: str, **options: Any
) -> None:
    """Encode with FFmpeg, for what `save` does not write."""
    integer = np.round(samples * 32767).astype(np.int16).T.reshape(1, -1)
    layout = {1: "mono", 2: "stereo"}[samples.shape[0]]
    with av.open(str(path), "w", **options) as out:
        stream: Any = out.add_stream(codec, rate=rate)
        stream.bit_rate = 192000
        stream.codec_context.layout = layout
        stream.codec_context.format = sample_format
        resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
        frame = av.AudioFrame.from_ndarray(integer, format="s16", layout=layout)
        frame.sample_rate = rate
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))


SAVED = ("wav", "flac", "aiff", "ogg", "mp3", "m4a", "opus")
SNDFILE = {
    "u8.wav": ("WAV", "PCM_U8"),
    "16.wav": ("WAV", "PCM_16"),
    "24.wav": ("WAV", "PCM_24"),
    "32.wav": ("WAV", "PCM_32"),
    "double.wav": ("WAV", "DOUBLE"),
    "extensible.wav": ("WAVEX", "PCM_16"),
    "rf64.wav": ("RF64", "PCM_16"),
    "ulaw.wav": ("WAV", "ULAW"),
    "alaw.wav": ("WAV", "ALAW"),
    "ima.wav": ("WAV", "IMA_ADPCM"),
    "ms.wav": ("WAV", "MS_ADPCM"),
    "x.w64": ("W64", "PCM_16"),
    "x.au": ("AU", "PCM_16"),
    "x.caf": ("CAF", "PCM_16"),
    "float.aiff": ("AIFF", "FLOAT"),
}
FFMPEG = {
    "alac.m4a": ("alac", "s16p"),
    "x.wma": ("wmav2", "fltp"),
    "aac.mka": ("aac", "fltp"),
    "pcm.mka": ("pcm_s16le", "s16"),
    "x.aac": ("aac", "fltp"),
    "x.wv": ("wavpack", "s16p"),
    "x.tta": ("tta", "s16"),
    "x.ac3": ("ac3", "fltp"),
}
NAMES = (*SAVED, *SNDFILE, *FFMPEG)
EXACT = (
    *("wav", "flac", "aiff", "16.wav", "24.wav", "32.wav", "double.wav", "extensible.wav", "rf64.wav"),
    *("x.w64", "x.au", "x.caf", "float.aiff", "alac.m4a", "pcm.mka", "x.wv", "x.tta"),
)
#: formats that say how long the recording is, to the frame
GAPLESS = (*EXACT, "ogg", "mp3", "m4a", "opus", "u8.wav", "ulaw.wav", "alaw.wav", "ms.wav")

"""Spectrograms in tiles: a picture of a few seconds at a time, at several zooms, of four kinds."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori import audio
from sori.errors import ParameterError
from sori.system.replacing import replacing
from sori.units import hz_to_mel, mel_to_hz

__all__ = ["KINDS", "TILES_VERSION", "check_tile", "describe_tiles", "draw_tile"]

TILES_VERSION = 1
"""Of the pictures: it grows when they change."""

_RATE = 22_016  # Hz: every number of columns a second below divides it
_WIDTH, _HEIGHT = 512, 256
_COLUMNS_PER_S = (2, 8, 32, 128)  # by zoom
_MOST_FRAMES_PER_S = 32  # below this zoom, several frames make a column; none is passed over
_N_FFT = 2_048
_PER_OCTAVE, _SHORTER = 36, 0.5  # of the constant-Q: bands, and how much shorter than usual its windows are
_C1_HZ = 32.703_195_66
_QUIETEST_TOP_DB, _RANGE_DB, _ABOVE_DB = -30.0, 75.0, 3.0

Floats = NDArray[np.float64]


def _even(low: float, high: float) -> Floats:
    return np.linspace(low, high, _HEIGHT + 1)


EDGES: dict[str, Floats] = {
    "linear": _even(0.0, _RATE / 2),
    "log": np.geomspace(40.0, _RATE / 2, _HEIGHT + 1),
    "mel": np.asarray(mel_to_hz(_even(0.0, float(hz_to_mel(_RATE / 2))))),
    "cqt": _C1_HZ * 2 ** ((np.arange(_HEIGHT + 1) - 0.5) / _PER_OCTAVE),
}
KINDS = tuple(EDGES)
"""The kinds of spectrogram: by how their rows are spaced, and by how they are made (the constant-Q)."""

_TICKS_HZ = {
    "linear": (0, 2_000, 4_000, 6_000, 8_000, 10_000),
    "log": (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000),
    "mel": (0, 250, 500, 1_000, 2_000, 4_000, 8_000),
    "cqt": tuple(_C1_HZ * 2**octave for octave in range(8)),
}


def describe_tiles(duration_s: float, loudness_lufs: float | None) -> dict[str, Any]:
    """Return which tiles a recording has, and how their axes are marked."""
    floor_db, top_db = _levels(loudness_lufs)
    return {
        "duration_s": duration_s,
        "floor_db": floor_db,
        "top_db": top_db,
        "kinds": {
            kind: {
                "lowest_hz": round(float(edges[0]), 3),
                "highest_hz": round(float(edges[-1]), 3),
                "ticks": [_tick(kind, hz) for hz in _TICKS_HZ[kind] if edges[0] <= hz <= edges[-1]],
            }
            for kind, edges in EDGES.items()
        },
        "zooms": [
            {"zoom": zoom, "tile_s": _tile_s(zoom), "tiles": _count(zoom, duration_s)}
            for zoom in range(len(_COLUMNS_PER_S))
        ],
        "tile": {"width": _WIDTH, "height": _HEIGHT},
    }


def check_tile(kind: str, zoom: int, number: int, *, duration_s: float) -> None:
    """Refuse a tile that there is none of.

    Raises
    ------
    ParameterError
        For another kind or zoom, or a number beyond the end.
    """
    if kind not in KINDS or not 0 <= zoom < len(_COLUMNS_PER_S):
        raise ParameterError(f"{kind!r} at zoom {zoom} is no spectrogram; choose {', '.join(KINDS)}")
    if not 0 <= number < _count(zoom, duration_s):
        raise ParameterError(
            f"there is no tile {number}; there are {_count(zoom, duration_s)} at zoom {zoom}"
        )


def draw_tile(path: str, target: str, kind: str, zoom: int, number: int, loudness_lufs: float | None) -> None:
    """Write one tile as a grey PNG: low frequencies at the bottom, white the loudest.

    Levels are dB against a sine of full scale; what is black and white follows the recording's loudness, so
    that its tiles fit together.
    """
    power = _power(path, kind, zoom, number)
    floor_db, top_db = _levels(loudness_lufs)
    level = 10 * np.log10(np.maximum(power, 1e-20))
    grey = np.clip((level - floor_db) * (255 / (top_db - floor_db)), 0, 255)
    with replacing(Path(target)) as file:
        file.write(_png(np.round(grey[::-1]).astype(np.uint8)))


def _power(path: str, kind: str, zoom: int, number: int) -> Floats:
    """(height, width) mean power of every part of a tile; a sine of full scale has 1 at its peak."""
    columns_per_s = _COLUMNS_PER_S[zoom]
    per_column = max(1, _MOST_FRAMES_PER_S // columns_per_s)
    hop = _RATE // (columns_per_s * per_column)
    around = math.ceil((_RATE if kind == "cqt" else _N_FFT) / hop)  # frames whose windows reach into the tile
    first = number * _WIDTH * per_column * hop + hop // 2 - around * hop
    n_frames = _WIDTH * per_column
    samples = _samples(path, first, (n_frames + 2 * around) * hop)
    spectrum = (_cqt if kind == "cqt" else _rows_of_stft(EDGES[kind]))(samples, hop)
    inside = spectrum[:, around : around + n_frames]
    return np.asarray(inside.reshape(_HEIGHT, _WIDTH, per_column).mean(axis=-1))


def _samples(path: str, first: int, count: int) -> NDArray[np.float32]:
    """Return samples of the mono mix from a place that may lie before the beginning, zeros around it."""
    start = max(0, first)
    wanted_s = (first + count - start) / _RATE
    heard = audio.load(path, start_s=start / _RATE, duration_s=wanted_s, sample_rate=_RATE, mono=True).samples
    out = np.zeros(count, np.float32)
    there = heard[: count - (start - first)]
    out[start - first : start - first + len(there)] = there
    return out


def _rows_of_stft(edges: Floats) -> Callable[[NDArray[np.float32], int], Floats]:
    """Return a function that gives the power between two edges each, of the bins and parts of bins there."""

    def rows(samples: NDArray[np.float32], hop: int) -> Floats:
        from sori.spectral.magnitude import power
        from sori.spectral.stft import stft

        bins = np.asarray(power(stft(samples, n_fft=_N_FFT, hop_length=hop)), np.float64) * (4 / _N_FFT) ** 2
        # A bin stands for the stretch around it: a running sum over them, read at every edge.
        sums = np.concatenate([np.zeros((1, bins.shape[1])), np.cumsum(bins, axis=0)])
        at = np.clip(edges / (_RATE / _N_FFT) + 0.5, 0, len(sums) - 1)
        below = np.minimum(at.astype(int), len(sums) - 2)
        read = sums[below] + (at - below)[:, None] * (sums[below + 1] - sums[below])
        width = np.maximum(np.diff(at), 1.0)  # a row narrower than a bin shows the bin
        narrow = np.diff(at) < 1.0
        mean = np.diff(read, axis=0) / width[:, None]
        middle = np.clip(
            np.round((edges[1:] + edges[:-1]) / 2 / (_RATE / _N_FFT)).astype(int), 0, len(bins) - 1
        )
        mean[narrow] = bins[middle[narrow]]
        return np.asarray(mean)

    return rows


def _cqt(samples: NDArray[np.float32], hop: int) -> Floats:
    from sori.spectral.constant_q import ConstantQ, cqt_magnitude

    bands = ConstantQ(fmin=_C1_HZ, n_bins=_HEIGHT, bins_per_octave=_PER_OCTAVE, filter_scale=_SHORTER)
    found = cqt_magnitude(samples, sample_rate=_RATE, hop_length=hop, **bands)
    # A sine of amplitude 1 gives half the root of its kernel's length.
    centre_hz = _C1_HZ * 2 ** (np.arange(_HEIGHT) / _PER_OCTAVE)
    length = _SHORTER / (2 ** (1 / _PER_OCTAVE) - 1) * _RATE / centre_hz
    return np.asarray((np.asarray(found, np.float64) * (2 / np.sqrt(length))[:, None]) ** 2)


def _levels(loudness_lufs: float | None) -> tuple[float, float]:
    top = max(_QUIETEST_TOP_DB, -12.0 if loudness_lufs is None else loudness_lufs) + _ABOVE_DB
    return round(top - _RANGE_DB, 2), round(top, 2)


def _tile_s(zoom: int) -> float:
    return _WIDTH / _COLUMNS_PER_S[zoom]


def _count(zoom: int, duration_s: float) -> int:
    return max(1, math.ceil(duration_s / _tile_s(zoom)))


def _tick(kind: str, hz: float) -> dict[str, Any]:
    edges = EDGES[kind]
    y = float(np.interp(hz, edges, np.linspace(0, 1, _HEIGHT + 1)))
    octave = round(math.log2(hz / _C1_HZ)) + 1 if kind == "cqt" else 0
    label = f"C{octave}" if kind == "cqt" else f"{hz / 1000:g} kHz" if hz >= 1_000 else f"{hz:g} Hz"
    return {"y": round(y, 5), "hz": round(float(hz), 2), "label": label}


def _png(grey: NDArray[np.uint8]) -> bytes:
    """Return a grey picture as PNG (RFC 2083)."""
    height, width = grey.shape
    rows = np.concatenate(
        [np.zeros((height, 1), np.uint8), grey], axis=1
    )  # each begins with its filter: none

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")

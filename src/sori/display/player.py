"""A player for notebooks: the sound in the page, a small waveform, and in words what was done to it."""

from __future__ import annotations

import base64
import html
import io
import math
import wave
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, to_numpy
from sori.arrays import waveform as checked
from sori.audio.types import Audio
from sori.display.axes import clock
from sori.display.waveform import extremes
from sori.errors import ParameterError

__all__ = ["Player", "player"]

_FORMATS = ("wav", "flac")
_MOST_CHANNELS = 8
_COLUMNS = 400
_FULL = 32767.0


@dataclass(frozen=True)
class Player:
    """What `player` returns: a notebook shows it as a player; ``html`` is the same as text.

    ``notes`` says in words what is not as it came: cut, clipped.
    """

    html: str
    notes: tuple[str, ...]
    duration_s: float

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"Player({self.duration_s:.2f} s{''.join('; ' + note for note in self.notes)})"


def player(
    sound: Audio | Array,
    *,
    sample_rate: int | None = None,
    title: str = "",
    limit_s: float = 30.0,
    start_s: float = 0.0,
    format: str = "wav",  # noqa: A002 -- what everybody calls it
) -> Player:
    """Return something that a notebook shows as a player with a picture of the waveform.

    The sound is put into the page itself, 16 bits a sample, so the notebook grows by 120 kB for each second
    of a channel at 44.1 kHz; hence the limit. Nothing is ever made louder or softer: samples beyond
    full scale are clipped, and the page says so.

    Parameters
    ----------
    sound : Audio, or (time,) or (channels, time) real
        What `sori.load` returns, or samples with full scale at ±1, at most 8 channels.
    sample_rate : int
        Hz; needed with samples.
    title : str
        Written above.
    limit_s : float
        At most so many seconds are put into the page; the rest is left out, and the page says so.
    start_s : float
        Where to begin.
    format : "wav" or "flac"
        FLAC needs half the room; every browser of this decade plays it.

    Returns
    -------
    Player

    Raises
    ------
    ParameterError
        For integers, NaN, more channels, a rate that is missing or not a whole number of Hz, or a start that
        lies behind the end.

    Examples
    --------
    >>> player(np.full(8000, 1.5), sample_rate=8000).notes
    ('8000 samples lie beyond full scale (peak +3.5 dBFS) and are clipped here; nothing was rescaled',)
    """
    given: Array = sound.samples if isinstance(sound, Audio) else sound
    if isinstance(sound, Audio) and sample_rate is None:
        sample_rate = sound.sample_rate
    rate = _whole_rate(sample_rate)
    whole = np.atleast_2d(to_numpy(checked(given, name="sound")[1]))
    if whole.ndim != 2 or len(whole) > _MOST_CHANNELS or len(whole) == 0:
        raise ParameterError(
            f"sound has shape {whole.shape}, want (time,) or (channels, time) with at most {_MOST_CHANNELS}"
        )
    if format not in _FORMATS:
        raise ParameterError(f"format={format!r}: want 'wav' or 'flac'")
    if not (limit_s > 0 and start_s >= 0):
        raise ParameterError(f"limit_s={limit_s}, start_s={start_s}: want above 0, and at least 0")
    total = whole.shape[1]
    first = round(start_s * rate)
    if first > total or (first == total and total):
        raise ParameterError(f"start_s={start_s} lies behind the end at {total / rate:.2f} s")
    kept = whole[:, first : first + (total if math.isinf(limit_s) else round(limit_s * rate))]
    notes = [*_cut_note(kept.shape[1], total, first, rate, limit_s), *_level_notes(kept)]
    page = _page(kept, rate, title, notes, format) if kept.size else "<div>no samples</div>"
    return Player(page, tuple(notes), kept.shape[1] / rate)


def _whole_rate(sample_rate: float | None) -> int:
    if sample_rate is None:
        raise ParameterError("no sample_rate: samples alone do not say how fast they are; give Hz")
    if not (sample_rate > 0 and float(sample_rate).is_integer()):
        raise ParameterError(f"sample_rate={sample_rate}: a file stores a whole number of Hz above 0")
    return int(sample_rate)


def _cut_note(kept: int, total: int, first: int, rate: int, limit_s: float) -> list[str]:
    if kept == total:
        return []
    begin, end, whole = (clock(round(n / rate, 1)) for n in (first, first + kept, total))
    return [f"{begin} to {end} of {whole} (limit_s={limit_s:g} keeps the notebook small)"]


def _level_notes(kept: NDArray[Any]) -> list[str]:
    peak = float(np.abs(kept).max(initial=0.0))
    beyond = int((np.abs(kept) > 1).sum())
    if beyond:
        many = f"{beyond} sample{'s lie' if beyond > 1 else ' lies'}"
        verb = "are" if beyond > 1 else "is"
        return [
            f"{many} beyond full scale (peak {20 * math.log10(peak):+.1f} dBFS) and {verb} clipped here; "
            "nothing was rescaled"
        ]
    if kept.size and peak == 0:
        return ["silent: every sample is 0"]
    if 0 < peak < 0.01:
        return [f"very soft: the peak is {20 * math.log10(peak):.1f} dBFS; nothing was rescaled"]
    return []


def _page(kept: NDArray[Any], rate: int, title: str, notes: list[str], kind: str) -> str:
    sound = base64.b64encode(_encoded(kept, rate, kind)).decode("ascii")
    name = html.escape(title) or "sound"
    facts = f"{clock(round(kept.shape[1] / rate, 1))} · {rate:,} Hz · {_channels(len(kept))}"
    remarks = "".join(f'<div role="note">⚠ {html.escape(note)}</div>' for note in notes)
    head = f"<strong>{html.escape(title)}</strong> " if title else ""
    return (
        '<div class="sori-player" style="max-width:42em;font-family:system-ui,sans-serif;font-size:14px">'
        f'<div>{head}<span style="opacity:.7">{facts}</span></div>'
        f"{_picture(kept, name)}"
        f'<audio controls preload="metadata" style="width:100%" aria-label="{name}" '
        f'src="data:audio/{kind};base64,{sound}"></audio>{remarks}</div>'
    )


def _channels(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")


def _encoded(kept: NDArray[Any], rate: int, kind: str) -> bytes:
    codes = np.round(np.clip(kept, -1, 1) * _FULL).astype("<i2").T
    out = io.BytesIO()
    if kind == "flac":
        import soundfile

        try:
            soundfile.write(out, np.ascontiguousarray(codes), rate, format="FLAC", subtype="PCM_16")
        except soundfile.LibsndfileError as error:
            raise ParameterError(f"FLAC cannot hold {rate} Hz ({error}): take format='wav'") from None
        return out.getvalue()
    with wave.open(out, "wb") as file:
        file.setnchannels(len(kept))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(codes.tobytes())
    return out.getvalue()


def _picture(kept: NDArray[Any], name: str) -> str:
    """Return the waveform as SVG: full scale is the height of the picture, what is clipped lies outside."""
    height = 48
    columns = min(_COLUMNS, kept.shape[1])
    low, high = extremes(kept, columns).astype(np.float64).swapaxes(0, 1)  # each (channels, columns)
    lanes = []
    for lane, (bottom, top) in enumerate(zip(low, high, strict=True)):
        middle = (lane + 0.5) * height
        ends = np.clip(np.stack([top, bottom]), -1, 1) * -(height / 2 - 1) + middle
        # A line of no height is invisible: silence is half a pixel thick.
        ends += np.array([[-0.25], [0.25]])
        xs = (np.arange(columns) + 0.5) * (_COLUMNS / columns)
        there = [f"{x:.4g} {y:.4g}" for x, y in zip(xs, ends[0], strict=True)]
        back = [f"{x:.4g} {y:.4g}" for x, y in zip(xs[::-1], ends[1, ::-1], strict=True)]
        lanes.append(f'<path d="M{"L".join(there + back)}Z"/>')
    return (
        f'<svg role="img" aria-label="waveform of {name}" viewBox="0 0 {_COLUMNS} {height * len(kept)}" '
        f'preserveAspectRatio="none" style="width:100%;height:{height * len(kept)}px;display:block">'
        f'<g fill="currentColor" fill-opacity=".65">{"".join(lanes)}</g></svg>'
    )

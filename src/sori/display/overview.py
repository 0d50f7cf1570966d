"""All that was heard in one picture: sections, keys, chords and bars over a spectrogram with its tune."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sori.arrays import Array, to_numpy
from sori.arrays import waveform as checked
from sori.display.axes import axes, check_rate, clock, labelled, seconds
from sori.display.fonts import lettering
from sori.display.lanes import bare, chord_color, key_color, section_colors, spans, thin_out
from sori.display.spectrogram import spectrogram
from sori.errors import ParameterError
from sori.formats.results import Results, bars, key_spans
from sori.formats.text import one_line, sheet_name
from sori.spectral.constant_q import cqt_magnitude
from sori.theory.chords import parse_chord
from sori.theory.keys import parse_key
from sori.theory.spelling import note_pitch_class
from sori.units import midi_to_hz

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["overview"]

_LOW_HZ = 440.0 * 2 ** (-45 / 12)  # C1
_TOP_HZ = 7040.0
_LANE, _CURVES = 0.075, 0.26  # in parts of the spectrogram's height
_SIZE = (13.0, 7.0)  # inches: a song is long
_COLUMNS = 2400
_STRETCH, _MARGIN_S = 1 << 22, 1.0  # samples at once; seconds that the longest bands hear to each side
_GAMMA_HZ = 5.0  # bass bands this much wider: beats stay apart in them
_LINE_PX = 14.0  # lines closer than this hide what they lie on
_LOUDNESS_LU = 33.0
_LEAP_OCTAVES = 2.5 / 12  # further apart two moments are not joined by a line
_MELODY, _PITCH = "#00e5ff", "#7CFC9A"

Floats = NDArray[np.floating[Any]]


def overview(
    x: Array,
    results: Results,
    *,
    sample_rate: float,
    start_s: float = 0.0,
    end_s: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what was heard over a constant-Q spectrogram, of a whole song or of a part of it.

    Lanes above it show sections, keys, chords (neighbours on the circle of fifths in like colours, minor
    darker) and bars; below it are tempo and loudness. What the results do not hold takes no room. Names
    appear where they fit: zoom in, or draw a part, to read all of them.

    Parameters
    ----------
    x : (time,) or (channels, time) real
        The whole recording.
    results : Results
        What was heard in it.
    sample_rate : float
        Hz.
    start_s, end_s : float, optional
        The part to draw; all of it if not given.
    ax : matplotlib Axes, optional
        Where to draw the spectrogram; the lanes lie around it. A new figure without it.

    Returns
    -------
    matplotlib Axes
        Of the spectrogram, with frequencies in Hz.

    Raises
    ------
    ParameterError
        For NaN, more than two axes, no samples, and a part that is not in the recording.
    MissingExtra
        Without matplotlib.
    """
    check_rate(sample_rate)
    samples = _samples(x)
    length = samples.shape[-1] / sample_rate
    end_s = length if end_s is None else min(end_s, length)
    if not 0 <= start_s < end_s:
        raise ParameterError(
            f"start_s={start_s}, end_s={end_s}: want a part of the {length:.3f} s that the recording has"
        )
    if ax is None:
        ax = axes(ax, height=7.0)
        figure: Any = ax.figure
        figure.set_size_inches(*_SIZE)
    above = _lanes(results, start_s, end_s)
    below = _has_curves(results)
    top, curves = _stacked(ax, above, below=below)
    _spectrogram(ax, samples, sample_rate, start_s, end_s)
    lines = _tunes(ax, results, start_s, end_s)
    for draw, beside in zip(above.values(), top, strict=True):
        draw(ax, beside)
    if curves is not None:
        _curves(curves, results, start_s, end_s)
        ax.set_xlabel("")
        ax.tick_params(axis="x", labelbottom=False)
    facts, options = lettering(_summary(results))
    (top[-1] if top else ax).set_title(facts, loc="left", fontsize=11, **options)
    if lines:
        ax.legend(loc="upper right", fontsize=9, framealpha=0.85, ncols=len(lines))
    return ax


def _stacked(ax: Axes, above: dict[str, Any], *, below: bool) -> tuple[list[Axes], Axes | None]:
    """Make room around the spectrogram: axes for lanes from the lowest up, and one for curves below it."""
    place = ax.get_subplotspec()
    figure = ax.figure
    if place is None:
        raise ParameterError("ax lies outside any grid: make it with subplots or add_subplot")
    heights = [_LANE] * len(above) + [1.0] + [_CURVES] * below
    grid = place.subgridspec(len(heights), 1, height_ratios=heights, hspace=0.02)
    ax.set_subplotspec(grid[len(above)])
    lanes = [figure.add_subplot(grid[row], sharex=ax) for row in range(len(above) - 1, -1, -1)]
    for name, beside in zip(above, lanes, strict=True):
        bare(beside, name=name)
    return lanes, figure.add_subplot(grid[len(above) + 1], sharex=ax) if below else None


def _samples(x: Array) -> Floats:
    """Return samples ``(channels, time)``, checked."""
    _, x = checked(x)
    samples = to_numpy(x)
    if samples.ndim > 2 or 0 in samples.shape:
        raise ParameterError(f"x has shape {samples.shape}, want (time,) or (channels, time) with a sample")
    return np.atleast_2d(samples)


def _spectrogram(ax: Axes, samples: Floats, sample_rate: float, start_s: float, end_s: float) -> None:
    """Draw notes over time: octaves from C1 as far as the recording has them."""
    part = samples[:, int(start_s * sample_rate) : max(math.ceil(end_s * sample_rate), 1)]
    octaves = max(int(math.log2(min(_TOP_HZ, 0.45 * sample_rate) / _LOW_HZ)), 1)
    fine = part.shape[1] / _COLUMNS / 2
    hop = min(max(2 ** int(math.log2(max(fine, 1.0))), 256), 1024)
    together = max(1, int(fine / hop))  # frames that share a column
    levels = _levels(part, sample_rate, hop, together, n_bins=24 * octaves)
    spectrogram(
        levels,
        values="magnitude",
        axis="note",
        sample_rate=sample_rate,
        hop_length=hop * together,
        fmin=_LOW_HZ,
        bins_per_octave=24,
        range_db=50.0,
        start_s=start_s,
        color_bar=False,
        ax=ax,
    )
    seconds(ax, start_s, end_s)


def _levels(part: Floats, sample_rate: float, hop: int, together: int, *, n_bins: int) -> Floats:
    """Return magnitudes, the largest of so many neighbouring frames, a stretch at a time: hours fit."""
    length = hop * together * max(1, _STRETCH // (hop * together))
    margin = -(-int(_MARGIN_S * sample_rate) // hop) * hop
    found = []
    for begin in range(0, part.shape[1], length):
        low = max(0, begin - margin)
        mono = part[:, low : begin + length + margin].mean(axis=0, dtype=np.float32)
        magnitudes = cqt_magnitude(
            mono,
            sample_rate=sample_rate,
            hop_length=hop,
            fmin=_LOW_HZ,
            n_bins=n_bins,
            bins_per_octave=24,
            gamma=_GAMMA_HZ,
        )
        first = (begin - low) // hop
        frames = -(-min(length, part.shape[1] - begin) // hop)
        kept = magnitudes[:, first : first + frames]
        kept = np.pad(kept, ((0, 0), (0, -kept.shape[1] % together)))
        found.append(kept.reshape(n_bins, -1, together).max(axis=2))
    return np.concatenate(found, axis=1)


def _tunes(ax: Axes, results: Results, start_s: float, end_s: float) -> list[Any]:
    """Draw notes, melody and pitch; return the lines that need a name."""
    from matplotlib import patheffects

    if results.notes is not None:
        inside = [n for n in results.notes.notes if n.offset_s > start_s and n.onset_s < end_s]
        ax.hlines(
            midi_to_hz([note.pitch_midi for note in inside]),
            [note.onset_s for note in inside],
            [note.offset_s for note in inside],
            colors="white",
            linewidth=5,
            alpha=0.45,
        )
    halo = [patheffects.Stroke(linewidth=3.2, foreground="black", alpha=0.7), patheffects.Normal()]
    found = []
    for name, track, color in (("melody", results.melody, _MELODY), ("pitch", results.pitch, _PITCH)):
        if track is None:
            continue
        at, hz = np.asarray(track.times_s, np.float64), np.asarray(track.hz, np.float64)
        sounding = np.asarray(track.voiced, bool) & (hz > 0)
        kept = (at >= start_s) & (at <= end_s)
        if (sounding & kept).any():
            shown = np.where(sounding, hz, np.nan)[kept]
            leaps = 1 + np.flatnonzero(np.abs(np.diff(np.log2(shown))) > _LEAP_OCTAVES)
            places = np.insert(at[kept], leaps, at[kept][leaps])
            shown = np.insert(shown, leaps, np.nan)
            found += ax.plot(places, shown, color=color, linewidth=1.6, label=name, path_effects=halo)
    return found


def _lanes(results: Results, start_s: float, end_s: float) -> dict[str, Callable[[Axes, Axes], None]]:
    """Return what draws each lane that has something to show, from the lowest up."""
    found: dict[str, Callable[[Axes, Axes], None]] = {}

    def boxes(name: str, shown: Iterable[tuple[float, float, str, str]]) -> None:
        inside = [span for span in shown if span[1] > start_s and span[0] < end_s]
        if inside:
            found[name] = lambda _, beside: spans(beside, inside)

    if results.beats is not None and results.beats.times_s:
        found["bars" if _has_bars(results) else "beats"] = lambda ax, beside: _beats(
            ax, beside, results, start_s, end_s
        )
    chords = results.chords.chords if results.chords is not None else ()
    boxes("chords", ((c.start_s, c.end_s, sheet_name(c.label), _of_chord(c.label)) for c in chords))
    keys = key_spans(results) or ()
    boxes("key", ((k.start_s, k.end_s, f"{k.tonic} {k.mode}", _of_key(k.tonic, k.mode)) for k in keys))
    sections = results.sections.sections if results.sections is not None else ()
    colors = section_colors([section.label for section in sections])
    boxes("sections", ((s.start_s, s.end_s, s.label, c) for s, c in zip(sections, colors, strict=True)))
    return found


def _of_chord(label: str) -> str:
    """Return a chord's colour; a label that is not in Harte's syntax has that of no chord."""
    try:
        chord = parse_chord(label)
    except ParameterError:
        return chord_color(None, minor=False)
    return chord_color(chord.root_pitch_class, minor=3 in chord.chord_tones and 4 not in chord.chord_tones)


def _of_key(tonic: str, mode: str) -> str:
    key = parse_key((tonic, mode))
    return key_color(note_pitch_class(key.tonic), minor=key.is_minor)


def _has_bars(results: Results) -> bool:
    return (
        results.metre is not None
        and results.beats is not None
        and len(results.metre.positions) == len(results.beats.times_s)
        and 1 in results.metre.positions
    )


def _beats(ax: Axes, ticks: Axes, results: Results, start_s: float, end_s: float) -> None:
    """Draw beats as short ticks and downbeats as long ones with their bars' numbers, and lines below them."""
    assert results.beats is not None
    times = np.asarray(results.beats.times_s, np.float64)
    inside = (times >= start_s) & (times <= end_s)
    positions = (
        np.asarray(results.metre.positions)
        if _has_bars(results) and results.metre is not None
        else np.zeros(len(times), int)
    )
    down = inside & (positions == 1)
    weak = inside & (positions != 1)
    width = ax.get_window_extent().width
    room = width / max(inside.sum(), 1)
    if room > 2.5:
        ticks.vlines(times[weak], 0.0, 0.35, color="0.45", linewidth=0.8)
    ticks.vlines(times[down], 0.0, 0.6, color="black", linewidth=1.2)
    for at, strength in ((times[down], 0.55), (times[weak], 0.22)):
        if len(at) and width / len(at) > _LINE_PX * (1 if strength > 0.5 else 2):
            ax.vlines(
                at, 0, 1, transform=ax.get_xaxis_transform(), color="white", alpha=strength, linewidth=0.7
            )
    numbers = np.asarray(bars(tuple(positions.tolist())))[down]
    texts = [
        ticks.text(at, 0.98, str(number), ha="center", va="top", fontsize=8, color="0.25", clip_on=True)
        for at, number in zip(times[down], numbers, strict=True)
    ]
    if texts:
        thin_out(ticks, texts, times[down].tolist())


def _has_curves(results: Results) -> bool:
    return results.expression is not None or bool(results.tempo_curve and results.tempo_curve.times_s)


def _curves(below: Axes, results: Results, start_s: float, end_s: float) -> None:
    """Draw tempo and loudness."""
    tempo = results.tempo_curve if results.tempo_curve is not None and results.tempo_curve.times_s else None
    level = results.expression.dynamics if results.expression is not None else None
    below.grid(axis="x", color="0.5", alpha=0.25, linewidth=0.6)
    if tempo is not None:
        at, bpm = np.asarray(tempo.times_s), np.asarray(tempo.bpm)
        below.plot(at, bpm, color="#b3401f", linewidth=1.6)
        seen = bpm[(at >= start_s) & (at <= end_s)]
        middle = float(np.median(seen)) if len(seen) else float(np.median(bpm))
        reach = max(1.25 * float(np.abs(seen - middle).max(initial=0.0)), 0.08 * middle)
        below.set_ylim(middle - reach, middle + reach)
        labelled(below, y="tempo (BPM)")
        below.yaxis.label.set_color("#b3401f")
        below.tick_params(axis="y", colors="#b3401f")
    if level is not None:
        beside = below.twinx() if tempo is not None else below
        lufs = np.array([np.nan if one is None else one for one in level.level_lufs])
        beside.plot(level.times_s, lufs, color="#1b4f8a", linewidth=1.2)
        if np.isfinite(lufs).any():
            beside.set_ylim(float(np.nanmax(lufs)) - _LOUDNESS_LU, float(np.nanmax(lufs)) + 3.0)
        labelled(beside, y="loudness (LUFS)")
        beside.yaxis.label.set_color("#1b4f8a")
        beside.tick_params(axis="y", colors="#1b4f8a")
    seconds(below, start_s, end_s)


def _summary(results: Results) -> str:
    """Return the facts of the whole in one line."""
    facts = [" – ".join(part for part in (results.artist, results.title) if part)]
    if results.key is not None and results.key.tonic is not None:
        facts.append(f"{results.key.tonic} {results.key.mode}")
    if results.tempo is not None and results.tempo.bpm is not None:
        facts.append(f"{results.tempo.bpm:.0f} BPM")
    if results.metre is not None and results.metre.beats_per_bar is not None:
        facts.append(f"{results.metre.beats_per_bar} beats to the bar")
    if results.tuning is not None and results.tuning.a4_hz is not None:
        facts.append(f"A4 = {results.tuning.a4_hz:.1f} Hz")
    if results.duration_s:
        facts.append(clock(round(results.duration_s)))
    return "  ·  ".join(one_line(fact) for fact in facts if fact)

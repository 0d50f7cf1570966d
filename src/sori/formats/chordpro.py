"""A chord sheet as ChordPro: a grid of bars for each section, with key, tempo and metre."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from sori.errors import ParameterError
from sori.events import Chord, Section
from sori.formats.results import Results, key_spans
from sori.formats.text import one_line, sheet_name
from sori.theory.keys import parse_key

__all__ = ["to_chordpro"]

_BARS_IN_A_LINE = 4
_BRACES = str.maketrans("{}[]\\", "()()/")

Bar = tuple[float, list[str]]  # when it starts, and what stands on its beats


def to_chordpro(results: Results) -> str:
    """Return a sheet of the chords, four bars a line, one cell for each beat; a dot holds the chord.

    A beat shows the chord that sounds through most of it. Without beats the chords stand in their order, each
    in brackets.

    Raises
    ------
    ParameterError
        When the results hold no chords.
    """
    if results.chords is None:
        raise ParameterError("part='chords': the results hold none; run the analysis of chords first")
    chords = results.chords.chords
    grid = list(_bars(results, chords))
    metre = results.metre.beats_per_bar if results.metre is not None else None
    sheet = [*_head(results), ""]
    for label, start, end in _sections(results):
        sheet.append(f"{{comment: {f'{label}  ' if label else ''}{_clock(start)}}}")
        if grid:
            bars = [bar for bar in grid if start <= bar[0] < end]
            sheet += [
                f"{{start_of_grid: {_BARS_IN_A_LINE}x{metre or 4}}}",
                *_lines(bars),
                "{end_of_grid}",
                "",
            ]
        else:
            names = (sheet_name(c.label) for c in chords if start <= c.start_s < end)
            sheet += [" ".join(f"[{_inside(name)}]" for name in names), ""]
    return "\n".join(sheet).rstrip("\n") + "\n"


def _head(results: Results) -> Iterable[str]:
    yield f"{{title: {_inside(results.title) or 'Untitled'}}}"
    if artist := _inside(results.artist):
        yield f"{{artist: {artist}}}"
    if spans := key_spans(results):
        longest = max(spans, key=lambda span: span.end_s - span.start_s)
        key = parse_key((longest.tonic, longest.mode))
        yield f"{{key: {key.tonic}{'m' if key.is_minor else ''}}}"
    if results.tempo is not None and results.tempo.bpm:
        yield f"{{tempo: {results.tempo.bpm:.0f}}}"
    if results.metre is not None and results.metre.beats_per_bar:
        yield f"{{time: {results.metre.beats_per_bar}/4}}"
    if results.duration_s:
        yield f"{{duration: {_clock(results.duration_s)}}}"


def _inside(text: str) -> str:
    """Return text that stays inside a directive."""
    return one_line(text.translate(_BRACES))


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _sections(results: Results) -> Sequence[tuple[str, float, float]]:
    sections: tuple[Section, ...] = results.sections.sections if results.sections is not None else ()
    if not sections:
        return [("", 0.0, float("inf"))]
    starts = [0.0, *(section.start_s for section in sections[1:]), float("inf")]
    labels = [_inside(section.label) for section in sections]
    return [(label, *span) for label, span in zip(labels, itertools.pairwise(starts), strict=True)]


def _bars(results: Results, chords: Sequence[Chord]) -> Iterable[Bar]:
    """Yield bars with a cell for each beat: a chord where it changes and at each bar's start, else a dot."""
    beats = results.beats.times_s if results.beats is not None else ()
    if not beats:
        return
    positions = results.metre.positions if results.metre is not None else ()
    if len(positions) != len(beats):
        positions = tuple(1 + at % 4 for at in range(len(beats)))
    last = beats[-1] + (beats[-1] - beats[-2]) if len(beats) > 1 else results.duration_s
    bar: Bar | None = None
    before, number = "", 0
    for at, until, position in zip(beats, (*beats[1:], last), positions, strict=True):
        while number + 1 < len(chords) and chords[number].end_s <= at:
            number += 1
        name = _most(chords[number:], at, until)
        if position == 1 or bar is None:
            if bar is not None:
                yield bar
            bar = (at, [name])
        else:
            bar[1].append("." if name == before else name)
        before = name
    if bar is not None:
        yield bar


def _most(chords: Sequence[Chord], start: float, end: float) -> str:
    """Return the chord that fills most of a beat."""
    near = itertools.takewhile(lambda chord: chord.start_s < end, chords)
    shares = {chord.label: min(chord.end_s, end) - max(chord.start_s, start) for chord in near}
    label = max(shares, key=lambda name: shares[name], default="N")
    return _inside(sheet_name(label)).replace(" ", "")


def _lines(bars: Sequence[Bar]) -> Iterable[str]:
    for first in range(0, len(bars), _BARS_IN_A_LINE):
        row = bars[first : first + _BARS_IN_A_LINE]
        yield "| " + " | ".join(" ".join(cells) for _, cells in row) + " |"

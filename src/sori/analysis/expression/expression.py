"""Everything about how it is played, together."""

from __future__ import annotations

import bisect
import dataclasses

import numpy as np
from numpy.typing import NDArray

from sori.analysis.expression.articulation import articulation, articulation_word, overlaps, sounding_ends
from sori.analysis.expression.attacks import attacks
from sori.analysis.expression.dynamics import dynamics, note_levels
from sori.analysis.expression.grid import even_grid
from sori.analysis.expression.signals import checked
from sori.analysis.expression.swing import swing
from sori.analysis.expression.timing import lateness, timing
from sori.analysis.expression.tone import tone
from sori.analysis.expression.vibrato import TRACKER_WINDOW_S, note_vibrato, overall_vibrato
from sori.events import Beats, Expression, Note, NoteExpression, Notes, Onsets, Pitch
from sori.signal.meter import Cells

__all__ = ["expression"]

_SAME_S = 0.05  # an attack this near a note's onset is its onset


def expression(
    samples: NDArray[np.float32],
    *,
    sample_rate: int,
    cells: Cells,
    beats: Beats,
    pitch: Pitch,
    notes: Notes,
    single_voice: bool = True,
    pitch_window_s: float = TRACKER_WINDOW_S,
) -> Expression:
    """Return how a recording is played.

    Parameters
    ----------
    samples : (time,) real
        One channel, 22,050 Hz as the other listeners take it.
    sample_rate : int
        Hz.
    cells : Cells
        Energies of the same recording every 10 ms: `sori.analysis.material.Material.cells`.
    beats : Beats
        As found, tapped or given.
    pitch, notes : Pitch, Notes
        Of the voice whose notes are described.
    single_voice : bool
        Whether that voice is all there is. In many voices articulation is heard through the others, and is
        less sure; and nothing is called hollow or full.
    pitch_window_s : float
        What each value of ``pitch`` is the mean of, seconds; that of our tracker if not given.

    Returns
    -------
    Expression
        Swing and timing are of all attacks, the lateness of a note is its own.

    Raises
    ------
    ParameterError
        For more than one channel, NaN, and notes out of order.
    """
    x = checked(samples)
    hits = attacks(x, sample_rate=sample_rate)
    grid = even_grid(beats)
    swung = swing(hits, grid)
    times, places = timing(hits.times_s, grid, swung)
    each = [_from_attack(note, hits) for note in sorted(notes.notes, key=lambda note: note.onset_s)]
    onsets = [note.onset_s for note in each]
    ends = sounding_ends(x, each, sample_rate=sample_rate)
    shares = overlaps(each, ends)
    wavers = [
        note_vibrato(pitch, note, until_s=end, averaged_over_s=pitch_window_s)
        for note, end in zip(each, ends, strict=True)
    ]
    late = lateness(onsets, grid, places)
    levels = note_levels(cells, onsets)
    return Expression(
        dynamics=dynamics(cells, onsets or hits.times_s),
        articulation=articulation(shares),
        vibrato=overall_vibrato(each, wavers),
        swing=swung,
        timing=times,
        tone=tone(x, sample_rate=sample_rate, onsets_s=hits.times_s, pitch=pitch if single_voice else None),
        notes=tuple(
            NoteExpression(round(note.onset_s, 4), share, articulation_word(share), waver, off, level)
            for note, share, waver, off, level in zip(each, shares, wavers, late, levels, strict=True)
        ),
    )


def _from_attack(note: Note, hits: Onsets) -> Note:
    """Return the note with its onset at the attack next to it, which is timed better than pitch can be."""
    after = bisect.bisect_left(hits.times_s, note.onset_s)
    beside = hits.times_s[max(0, after - 1) : after + 1]
    nearest = min(beside, key=lambda time_s: abs(time_s - note.onset_s), default=np.inf)
    if abs(nearest - note.onset_s) > _SAME_S or nearest >= note.offset_s:
        return note
    return dataclasses.replace(note, onset_s=nearest)

"""From a song's specification to every player's notes: the tune laid out in time, in one style."""

from __future__ import annotations

import dataclasses

import numpy as np

from sori.app.demo.compose import Phrase, compose
from sori.app.demo.patches import DRUMS
from sori.app.demo.score import CHORDS, ChordSpan, Note, Span
from sori.app.demo.songs import Song
from sori.app.demo.styles import STYLES, Layer, Style
from sori.units import PITCH_CLASSES

__all__ = ["Arrangement", "arrange"]

_STRENGTH = {"X": 1.0, "x": 0.85, "o": 0.5}
_INTENSITY = {"intro": 0.7, "verse": 0.8, "chorus": 1.0, "bridge": 0.75, "outro": 0.65, "end": 0.75}
_SEVENTHS = {"maj": "maj7", "min": "min7", "5": "5"}


@dataclasses.dataclass(frozen=True)
class Arrangement:
    """What is played: ``parts[i]`` are the notes of ``style.layers[i]`` (a drum's ``midi`` is 0)."""

    beats_s: tuple[float, ...]
    sections: tuple[Span, ...]
    chords: tuple[ChordSpan, ...]
    melody: tuple[Note, ...]
    parts: tuple[tuple[Note, ...], ...]
    end_s: float


@dataclasses.dataclass(frozen=True)
class _Slot:
    """One chord's place in the song: its section, its place in the phrase and its first beat."""

    label: str
    phrase: Phrase
    index: int
    beat: int
    chord: ChordSpan
    last: bool


def arrange(song: Song) -> Arrangement:
    """Lay a song out in time.

    Parameters
    ----------
    song : Song
        What to play.

    Returns
    -------
    Arrangement
        Beats, sections and chords are exact; the players' notes stray from them by the style's
        ``human_s``.
    """
    style = STYLES[song.style]
    rng = np.random.default_rng(song.seed)
    clock = _Clock(float(rng.uniform(0.1, 0.6)), 60.0 / song.tempo_bpm, style.swing)
    slots, sections = _slots(song, style, clock)
    beats = slots[-1].beat + style.beats_per_slot
    melody = _melody(song, style, slots, clock)
    parts = tuple(
        _humanised(_melody_part(layer, melody, slots), style, rng)
        if layer.patterns is None
        else _humanised(_pattern_part(layer, style, slots, clock, rng), style, rng)
        for layer in style.layers
    )
    return Arrangement(
        beats_s=tuple(clock.at(beat) for beat in range(beats)),
        sections=sections,
        chords=tuple(slot.chord for slot in slots),
        melody=melody,
        parts=parts,
        end_s=clock.at(beats),
    )


@dataclasses.dataclass(frozen=True)
class _Clock:
    """Beats to seconds, with the second half of each beat pushed late by swing."""

    start_s: float
    beat_s: float
    swing: float

    def at(self, beat: float) -> float:
        whole, half = divmod(beat, 1.0)
        if half < 0.5:
            part = half * 2 * self.swing
        else:
            part = self.swing + (half - 0.5) * 2 * (1 - self.swing)
        return self.start_s + (whole + part) * self.beat_s


def _slots(song: Song, style: Style, clock: _Clock) -> tuple[list[_Slot], tuple[Span, ...]]:
    tune = compose(song.tune, mode=song.mode, grid=style.grid, pentatonic=style.pentatonic)
    tonic = PITCH_CLASSES.index(song.tonic)
    slots: list[_Slot] = []
    sections: list[Span] = []
    beat = 0
    plan = (*style.plan, ("end", 1)) if style.closes else style.plan
    for label, count in plan:
        sections.append(Span(clock.at(beat), clock.at(beat + count * style.beats_per_slot), label))
        phrase = tune.phrases[label]
        for k in range(count):
            interval, quality = phrase.chords[k % len(phrase.chords)]
            if song.sevenths:
                quality = "7" if interval == 7 and quality == "maj" else _SEVENTHS[quality]
            span = ChordSpan(
                clock.at(beat), clock.at(beat + style.beats_per_slot), (tonic + interval) % 12, quality
            )
            slots.append(_Slot(label, phrase, k % len(phrase.chords), beat, span, k == count - 1))
            beat += style.beats_per_slot
    return slots, tuple(sections)


def _melody(song: Song, style: Style, slots: list[_Slot], clock: _Clock) -> tuple[Note, ...]:
    """Return the tune's melody in this key, its tonic between B3 and A#4, accents on the beat."""
    tonic = 59 + (PITCH_CLASSES.index(song.tonic) - 11) % 12
    step_beats = style.beats_per_slot / style.grid
    notes = []
    for slot in slots:
        for step, steps, semitones in slot.phrase.melody:
            place = step - slot.index * style.grid
            if 0 <= place < style.grid:
                start = slot.beat + place * step_beats
                accent = 1.0 if start % 1 == 0 else 0.82
                notes.append(
                    Note(
                        clock.at(start),
                        clock.at(start + steps * step_beats * 0.95),
                        tonic + semitones,
                        accent * _INTENSITY[slot.label],
                    )
                )
    return tuple(notes)


def _melody_part(layer: Layer, melody: tuple[Note, ...], slots: list[_Slot]) -> list[Note]:
    """Return the melody moved by octaves into the layer's range, where the layer plays."""
    playing = layer.sections.split()
    spans = [(s.chord.start_s, s.chord.end_s) for s in slots if s.label in playing]
    octave = 12 * round((layer.low - 60) / 12)
    starts = np.array([note.start_s for note in melody])
    inside = np.zeros(len(melody), dtype=bool)
    for start, end in spans:
        inside |= (starts >= start - 1e-6) & (starts < end - 1e-6)
    return [note._replace(midi=note.midi + octave) for note, on in zip(melody, inside, strict=True) if on]


def _pattern_part(
    layer: Layer, style: Style, slots: list[_Slot], clock: _Clock, rng: np.random.Generator
) -> list[Note]:
    patterns = layer.patterns or ()
    drawn = patterns[int(rng.integers(len(patterns)))]
    playing = layer.sections.split()
    if style.plan[-1][0] in playing and not layer.fill:
        playing.append("end")
    notes: list[Note] = []
    for slot in slots:
        if slot.label not in playing:
            continue
        pattern = _landing(drawn, layer) if slot.label == "end" else drawn
        tones = _tones(layer, slot.chord)
        bars = style.beats_per_slot // style.beats_per_bar
        for bar in range(bars):
            if layer.fill and not (slot.last and bar == bars - 1):
                continue
            notes += _bar(layer, pattern, tones, slot, slot.beat + bar * style.beats_per_bar, style, clock)
    return notes


def _bar(
    layer: Layer,
    pattern: str,
    tones: tuple[int, ...],
    slot: _Slot,
    first_beat: float,
    style: Style,
    clock: _Clock,
) -> list[Note]:
    """Return one bar of a pattern on the given chord tones."""
    step_beats = style.beats_per_bar / len(pattern)
    notes = []
    for step, token in enumerate(pattern):
        if token in ".-":
            continue
        rest = pattern[step + 1 :]
        start = first_beat + step * step_beats
        end = start + (1 + len(rest) - len(rest.lstrip("-"))) * step_beats * 0.98
        strength = _STRENGTH.get(token, 0.9 if start % 1 == 0 else 0.75)
        struck = tones if token in _STRENGTH else (_tone(tones, int(token)),)
        for number, midi in enumerate(struck):
            lag = number * layer.strum_s
            notes.append(Note(clock.at(start) + lag, clock.at(end), midi, strength * _INTENSITY[slot.label]))
    return notes


def _landing(pattern: str, layer: Layer) -> str:
    """Return what a player of ``pattern`` does in the last bar: land on the first beat and hold."""
    if layer.patch in DRUMS:
        return pattern[0].replace("o", ".") + "."
    return "0---" if layer.voicing == "bass" else "X---"


def _tones(layer: Layer, chord: ChordSpan) -> tuple[int, ...]:
    """Return the chord's MIDI notes as the layer voices them; a drum has one, 0."""
    if layer.patch in DRUMS:
        return (0,)
    intervals = CHORDS[chord.quality]
    root = layer.low + (chord.root - layer.low) % 12
    if layer.voicing == "power":
        return (root, root + 7, root + 12)
    if layer.voicing == "bass":
        return (root, root + 7, root + 12, root + (intervals[1] if intervals[1] < 7 else 12))
    return tuple(sorted(layer.low + (chord.root + interval - layer.low) % 12 for interval in set(intervals)))


def _tone(tones: tuple[int, ...], number: int) -> int:
    octave, index = divmod(number, len(tones))
    return tones[index] + 12 * octave


def _humanised(notes: list[Note], style: Style, rng: np.random.Generator) -> tuple[Note, ...]:
    """Let velocity vary a little, and time too where people play."""
    late = np.clip(rng.normal(0, 1, len(notes)), -2, 2) * style.human_s
    force = rng.uniform(0.88, 1.0, len(notes))
    return tuple(
        Note(max(0.0, n.start_s + float(t)), n.end_s + float(t), n.midi, n.velocity * float(f))
        for n, t, f in zip(notes, late, force, strict=True)
    )

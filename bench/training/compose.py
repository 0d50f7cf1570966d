"""An algorithmic composer: short pieces of many kinds with exact beats, bars, chords, keys and sections.

The same name gives the same piece. Everything is first written in beats; a tempo map that may drift,
breathe, slow down or jump then makes seconds, and players' hands make them a little uneven.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools

import numpy as np

from bench.training import grooves, harmonies, patterns, players
from bench.training.genres import ACCORDION, GENRES, LEADS, PADS, PLUCKED, VOICES, WINDS, Genre
from bench.training.harmonies import Harmony
from bench.training.patterns import Frame, Rng, Stroke
from bench.training.performance import Piece, Score, perform
from bench.training.players import Bar, Motif, Note, Span
from sori.units import PITCH_CLASSES

COMP, PAD, BASS, LEAD, SECOND, DRUMS = 0, 1, 2, 3, 4, 9


@dataclasses.dataclass
class Plan:
    """What is the same wherever a section returns."""

    label: str
    bars: int
    tonic: int
    minor: bool
    keyless: bool
    chords: list[Harmony]
    bars_per_chord: float
    groove: grooves.Groove
    comp: list[list[Stroke]]
    bass: list[list[Stroke]]
    tunes: list[Motif]
    scale: tuple[int, ...]
    layers: set[str]


FORMS = (
    "IABABCBO",
    "IAABAAB",
    "IABCABC",
    "AABA",
    "IABABO",
    "ABACA",
    "AAAA",
    "IABBAB",
    "ABAB",
    "IAAB",
    "ABCABC",
    "AABBAB",
)


def compose(name: str, genre: Genre) -> Piece:
    """Return a piece by its name."""
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big"))
    low, usual, high = np.log(genre.bpm)
    bpm = float(np.exp(rng.triangular(low, usual, high)))
    with_drums = bool(rng.random() < genre.drums)
    score = Score(genre, {channel: [] for channel in (COMP, PAD, BASS, LEAD, SECOND, DRUMS)})
    chosen = _instruments(genre, rng)
    _write(score, bpm, with_drums, chosen, rng)
    return perform(score, name, bpm, with_drums, chosen, rng)


def _instruments(genre: Genre, rng: Rng) -> dict[int, int]:
    wild = rng.random() < 0.12
    anything = [*range(8), 11, 12, *range(16, 32), *range(40, 47), *range(48, 80), *range(104, 109)]
    pick = {
        COMP: genre.comp_programs, PAD: PADS, BASS: genre.bass_programs, LEAD: genre.lead_programs,
        SECOND: WINDS + PLUCKED + VOICES + LEADS + ACCORDION,
    }  # fmt: skip
    programs = {
        channel: int(rng.choice(anything if wild and channel != BASS else p)) for channel, p in pick.items()
    }
    programs[DRUMS] = int(rng.choice(genre.kits))
    return programs


def _write(score: Score, bpm: float, with_drums: bool, programs: dict[int, int], rng: Rng) -> None:
    genre = score.genre
    bar_s = genre.metre * 60 / bpm
    n_bars = max(6, round(rng.uniform(40, 75) / bar_s))
    tonic, minor = int(rng.integers(12)), bool(rng.random() < genre.minor)
    if genre.style.endswith((" major", " minor")):
        minor = genre.style.endswith(" minor")
    form, size = _form(n_bars, bar_s, genre, rng)
    plans: dict[str, Plan] = {}
    lift = int(rng.choice([1, 2, 3])) if rng.random() < 0.1 else 0
    at, pitch = 0.0, 67
    has = {"bass": "none" not in genre.bass.split()[0] or rng.random() < 0.3, "pad": rng.random() < genre.pad}
    has["lead"], has["drums"] = rng.random() < genre.lead, with_drums
    has["second"], has["comp"] = rng.random() < 0.2, True
    if rng.random() < 0.06 and with_drums:
        at = _count_in(score, rng)
    for number, label in enumerate(form):
        if label not in plans:
            plans[label] = _plan(label, size, tonic, minor, genre, has, rng)
        plan = plans[label]
        if lift and number == len(form) - 1 and number > 2:
            plan = _lifted(plan, lift)
        if rng.random() < 0.25:
            plan = dataclasses.replace(plan, layers=_layers(label, has, rng))
        at, pitch = _section(score, plan, at, pitch, last=number == len(form) - 1, rng=rng)
    score.end = at
    _ending(score, plan, rng)
    score.pickup = (
        int(rng.integers(1, genre.metre)) if has["lead"] and genre.metre > 1 and rng.random() < 0.2 else 0
    )
    if score.pickup:
        _anacrusis(score, plans[form[0]], rng)


def _form(n_bars: int, bar_s: float, genre: Genre, rng: Rng) -> tuple[str, int]:
    """Return section letters (I intro, O outro) and how many bars a section has."""
    size = 12 if genre.style == "blues" else 4 if 8 * bar_s > 18 or rng.random() < 0.3 else 8
    if size * bar_s > 34:
        size = max(2, size // 2)
    form = FORMS[int(rng.integers(len(FORMS)))]
    while len(form) * size < n_bars:
        form += form[-4:].replace("I", "A").replace("O", "B")
    return form[: max(2, round(n_bars / size))], size


def _layers(label: str, has: dict[str, bool], rng: Rng) -> set[str]:
    layers = {name for name, there in has.items() if there}
    calm = label in "IO" or rng.random() < 0.15
    for name, chance in (("drums", 0.4), ("bass", 0.3), ("lead", 0.6), ("pad", 0.3), ("second", 0.5)):
        if rng.random() < (chance if calm else {"lead": 0.2, "second": 0.5, "pad": 0.15}.get(name, 0.03)):
            layers.discard(name)
    if calm and "drums" in layers and rng.random() < 0.2:
        layers = {"drums"} if rng.random() < 0.5 else {"drums", "comp"}
    return layers


def _plan(
    label: str, size: int, tonic: int, minor: bool, genre: Genre, has: dict[str, bool], rng: Rng
) -> Plan:
    if label in "CO" and rng.random() < 0.3:  # another key for a while
        relative = rng.random() < 0.5 and not genre.style.endswith((" major", " minor"))
        step = (3 if minor else 9) if relative else int(rng.choice([5, 7, 2, 8]))
        tonic, minor = (tonic + step) % 12, minor != relative
    drone = genre.style == "drone"
    keyless = not drone and rng.random() < 0.1
    colour = 0.0 if drone else float(rng.choice([0.0, 0.06, 0.15, 0.5], p=[0.3, 0.3, 0.25, 0.15]))
    if keyless:
        chords = harmonies.chain(int(rng.choice([4, 4, 8])), tonic, rng)
    else:
        chords = harmonies.progression(genre.style, tonic, minor, rng, colour=colour)
    groove = grooves.GROOVES[str(rng.choice(genre.grooves.split()))]
    if rng.random() < 0.12:
        groove = grooves.made_up(genre.metre, max(2, genre.division), rng)
    frame = Frame(genre.metre, genre.division, patterns.groups_of(genre.metre, rng), rng)
    comp, bass = str(rng.choice(genre.comp.split())), str(rng.choice(genre.bass.split()))
    variants = range(int(rng.choice([1, 2])))
    return Plan(
        label=label,
        bars=size,
        tonic=tonic,
        minor=minor,
        keyless=keyless,
        chords=chords,
        bars_per_chord=float(rng.choice(genre.chord_bars)),
        groove=groove,
        comp=[patterns.comping(comp, frame) for _ in variants] if comp != "none" else [],
        bass=[patterns.bass_line(bass, frame) for _ in variants] if bass != "none" and has["bass"] else [],
        tunes=[players.motif(genre.metre, genre.division, rng) for _ in range(int(rng.choice([1, 2, 2, 4])))],
        scale=harmonies.scale_of(minor, genre.style, rng),
        layers=_layers(label, has, rng),
    )


def _lifted(plan: Plan, by: int) -> Plan:
    chords = [chord._replace(root=(chord.root + by) % 12) for chord in plan.chords]
    return dataclasses.replace(plan, chords=chords, tonic=(plan.tonic + by) % 12)


def _count_in(score: Score, rng: Rng) -> float:
    stick = int(rng.choice([37, 42, 31, 76]))
    score.notes[DRUMS] += [Note(float(b), 0.1, stick, 80) for b in range(score.genre.metre)]
    score.bars.append(0.0)
    score.chords.append((0.0, float(score.genre.metre), "N"))
    return float(score.genre.metre)


def _spans(plan: Plan, bar: int, beats: float) -> list[Span]:
    """Return the chords of a bar of a section."""
    if plan.bars_per_chord >= 1:
        return [Span(0.0, beats, plan.chords[int(bar / plan.bars_per_chord) % len(plan.chords)])]
    count = round(1 / plan.bars_per_chord)
    edges = np.round(np.linspace(0, beats, count + 1)) if beats >= count else np.array([0.0, beats])
    edges = np.unique(edges)
    return [
        Span(float(a), float(b), plan.chords[(bar * count + k) % len(plan.chords)])
        for k, (a, b) in enumerate(itertools.pairwise(edges))
    ]


def _section(score: Score, plan: Plan, at: float, pitch: int, *, last: bool, rng: Rng) -> tuple[float, int]:
    genre, start = score.genre, at
    layers = set(plan.layers)
    if not plan.comp:
        layers.discard("comp")
    centre, size = float(rng.uniform(55, 68)), int(rng.choice([3, 3, 4, 5]))
    strum = (
        float(rng.uniform(0.006, 0.02))
        if genre.name in ("folk", "country", "folk waltz", "rock")
        else float(rng.uniform(0, 0.006))
    )
    silent = plan.bars - 1 if rng.random() < 0.07 and plan.bars > 2 else None  # a break before what follows
    short = genre.metre == 4 and rng.random() < 0.02
    for number in range(plan.bars):
        beats = 2.0 if short and number == plan.bars - 1 else float(genre.metre)
        bar = Bar(at, beats, _spans(plan, number, beats))
        in_break = number == silent
        pitched = layers - {"drums"} if not in_break else set()
        if in_break and "drums" not in layers:
            pitched = layers
        notes = _bar_notes(plan, bar, number, pitched, pitch, (centre, size, strum), rng)
        if notes.get(LEAD):
            pitch = notes[LEAD][-1].pitch
        if "drums" in layers:
            notes[DRUMS] = _drum_bar(score, plan, bar, number, rng)
        for channel, more in notes.items():
            score.notes[channel] += more
        score.bars.append(at)
        chordal = pitched & {"comp", "pad", "bass"}
        for span in bar.spans:
            heard = chordal - {"bass"} or (chordal and not plan.comp)
            score.chords.append((at + span.start, at + span.end, span.chord.label if heard else "N"))
        at += beats
    if not plan.keyless:
        score.keys.append((start, at, PITCH_CLASSES[plan.tonic], "minor" if plan.minor else "major"))
    score.sections.append((start, at, {"I": "intro", "O": "outro"}.get(plan.label, plan.label)))
    if rng.random() < 0.02 and not last:
        score.jumps.append(at)
    return at, pitch


def _bar_notes(
    plan: Plan,
    bar: Bar,
    number: int,
    layers: set[str],
    pitch: int,
    manner: tuple[float, int, float],
    rng: Rng,
) -> dict[int, list[Note]]:
    centre, size, strum = manner
    following = _spans(plan, number + 1, bar.beats)[0].chord
    with_bass = "bass" in layers and bool(plan.bass)
    notes: dict[int, list[Note]] = {}
    if "comp" in layers:
        strokes = plan.comp[number % len(plan.comp)]
        if plan.label == "O" and rng.random() < 0.2:
            strokes = []
        notes[COMP] = players.play_chords(
            strokes, bar, rng, centre=centre, size=size, low_bass=False, strum_s=strum, held=False
        )
        if not with_bass:  # the left hand, so that an inversion is one
            notes[COMP] += players.play_bass([], bar, following, rng, low=40)
    if "pad" in layers:
        notes[PAD] = players.play_chords(
            [], bar, rng, centre=centre + 3, size=4, low_bass=not with_bass, strum_s=0.0, held=True
        )
    if with_bass:
        notes[BASS] = players.play_bass(
            plan.bass[number % len(plan.bass)], bar, following, rng, low=28 if size < 5 else 31
        )
    if "lead" in layers:
        tune = plan.tunes[number % len(plan.tunes)]
        notes[LEAD] = players.play_tune(tune, bar, plan.scale, plan.tonic, rng, start=pitch, top=82)
    if "second" in layers:
        tune = plan.tunes[(number + 1) % len(plan.tunes)]
        notes[SECOND] = players.play_tune(tune, bar, plan.scale, plan.tonic, rng, start=60, top=72)
    return notes


def _drum_bar(score: Score, plan: Plan, bar: Bar, number: int, rng: Rng) -> list[Note]:
    genre = score.genre
    division = 3 if genre.division == 3 else 4
    hits = [h for h in grooves.bar_hits(plan.groove, number, rng) if h.beat < bar.beats]
    fillable = genre.style not in ("drone", "jazz") and genre.name not in ("house", "techno")
    if number == plan.bars - 1 and fillable and rng.random() < 0.55:
        length = float(min(bar.beats, rng.choice([1, 1, 2, bar.beats])))
        hits = [h for h in hits if h.beat < bar.beats - length]
        hits += [h._replace(beat=h.beat + bar.beats - length) for h in grooves.fill(length, division, rng)]
    if number == 0 and fillable and rng.random() < 0.5:
        hits.append(grooves.Hit(0.0, grooves.DRUMS["crash"], 100))
    return [Note(bar.start + h.beat, 0.1, h.drum, h.velocity) for h in hits]


def _ending(score: Score, plan: Plan, rng: Rng) -> None:
    """End on a long tonic chord, mostly."""
    if rng.random() < 0.35:
        return
    chord = Harmony(plan.tonic, "min" if plan.minor else "maj", "")
    beats = float(score.genre.metre)
    if plan.chords[0].quality == "5":
        chord = chord._replace(quality="5")
    bar = Bar(score.end, beats, [Span(0.0, beats, chord)])
    notes = players.play_chords([], bar, rng, centre=60, size=3, low_bass=True, strum_s=0.01, held=True)
    if not plan.comp:
        return
    score.notes[COMP] += notes
    if rng.random() < 0.5 and "drums" in plan.layers:
        score.notes[DRUMS] += [Note(score.end, 0.1, 36, 100), Note(score.end, 0.1, 49, 95)]
    score.bars.append(score.end)
    score.chords.append((score.end, score.end + beats, chord.label))
    score.end += beats


def _anacrusis(score: Score, plan: Plan, rng: Rng) -> None:
    beats = np.arange(-score.pickup, 0, rng.choice([0.5, 1.0]))
    ladder = [p for p in range(55, 80) if (p - plan.tonic) % 12 in plan.scale]
    first = int(rng.integers(0, max(1, len(ladder) - len(beats))))
    for k, beat in enumerate(beats):
        score.notes[LEAD].append(Note(float(beat), 0.45, ladder[min(first + k, len(ladder) - 1)], 85))


def order(n: int, seed: int) -> list[Genre]:
    """Return the genres of n pieces: as often as they weigh, and any first part is a fair sample."""
    weights = np.array([genre.weight for genre in GENRES])
    share, given = weights / weights.sum(), np.random.default_rng(seed).random(len(GENRES))
    chosen = []
    for _ in range(n):
        given += share
        best = int(np.argmax(given))
        given[best] -= 1
        chosen.append(GENRES[best])
    return chosen

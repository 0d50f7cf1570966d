"""Expression that is known, and what is heard of it: ``python -m bench.accuracy.expression``.

Writes its tables into ``docs/accuracy.md``, between its own markers. Seeds are halved by hash: one half was
looked at while thresholds were chosen, the other is the one that is reported first.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np

from bench.accuracy import expression_cases as cases
from bench.accuracy.evaluate import held_out
from bench.accuracy.expression_render import SAMPLE_RATE
from bench.collection import ROOT
from bench.report import table
from sori.analysis.expression.articulation import articulation_word, overlaps, sounding_ends
from sori.analysis.expression.attacks import attacks
from sori.analysis.expression.dynamics import dynamics, note_levels
from sori.analysis.expression.grid import even_grid
from sori.analysis.expression.swing import swing
from sori.analysis.expression.timing import lateness, timing
from sori.analysis.expression.tone import SCALES, measures
from sori.analysis.expression.vibrato import TRACKER_WINDOW_S, note_vibrato
from sori.analysis.listen import Listening
from sori.analysis.material import condense
from sori.analysis.melody.pitch import pitch
from sori.audio import Audio
from sori.events import Beats, Note, Pitch

PAGE = ROOT / "docs" / "accuracy.md"
PEERS = ROOT / "bench" / ".venvs" / "peers" / "bin" / "python"
HEADER = ("", "held out: cases", "median error", "90th percentile", "looked at: median", "90th percentile")

Errors = dict[str, dict[bool, list[float]]]


def collected() -> Errors:
    """Return an empty collection: errors by row, then by whether they are held out."""
    return defaultdict(lambda: {True: [], False: []})


def rows(errors: Errors, form: str) -> list[list[str]]:
    """Return the rows of a table of errors: median and 90th percentile of either half."""
    made = []
    for name, halves in errors.items():
        cells = [name, str(len(halves[True]))]
        for half in (True, False):
            values = np.array(halves[half])
            cells += [form.format(np.quantile(values, q)) if len(values) else "-" for q in (0.5, 0.9)]
        made.append(cells)
    return made


def share(values: Sequence[float]) -> str:
    """Return a mean of yes and no as a percentage."""
    return f"{100 * float(np.mean(values)):.0f} %" if len(values) else "-"


def section_articulation(count: int) -> dict[str, str]:
    """Sounding share of the time to the next note, per note and per phrase, and the word."""
    notes, whole, words = collected(), collected(), collected()
    for seed in range(count):
        half = held_out(f"articulation-{seed}")
        phrase = cases.articulated(seed)
        true = phrase.truth["share"]
        ends = sounding_ends(phrase.samples, phrase.notes, sample_rate=SAMPLE_RATE)
        found = [s for s in overlaps(phrase.notes, ends) if s is not None]
        notes[phrase.kind][half] += [abs(s - true) for s in found]
        whole[phrase.kind][half].append(abs(float(np.median(found)) - true))
        words[phrase.kind][half] += [articulation_word(s) == articulation_word(true) for s in found]
    made = []
    for name in sorted(notes):
        row = rows({name: notes[name]}, "{:.2f}")[0]
        phrase_error = whole[name][True]
        made.append(
            [
                *row[:4],
                f"{np.median(phrase_error):.2f}" if phrase_error else "-",
                share(words[name][True]),
                *row[4:],
            ]
        )
    header = (*HEADER[:4], "phrase, median error", "right word", *HEADER[4:])
    return {"articulation": table(header, made)}


def ask_essentia(contours: list[tuple[np.ndarray, float]]) -> list[tuple[float, float] | None]:
    """Return rate and extent from Essentia for each contour in Hz with its rate."""
    lines = "\n".join(json.dumps({"hz": [float(f) for f in hz], "rate": rate}) for hz, rate in contours)
    script = ROOT / "bench" / "accuracy" / "expression_peers.py"
    done = subprocess.run([str(PEERS), str(script)], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(("[", "null"))]
    return [None if a is None else (a[0], a[1]) for a in answers]


def section_vibrato(count: int) -> dict[str, str]:
    """Rate and extent per note, what is missed, and what is heard where nothing is."""
    made = []
    contours, truths = [], []
    for seed in range(8 * count):
        time, hz, truth = cases.bent_pitch(seed)
        contours.append((time, hz, 100.0))
        truths.append((truth, held_out(f"vibrato-{seed}")))
    made += _vibrato_rows("pitch given", contours, truths, 0.0)
    contours, truths = [], []
    for seed in range(count):
        phrase = cases.wavering(seed)
        heard = pitch(phrase.samples, sample_rate=SAMPLE_RATE)
        times = np.array(heard.times_s)
        for note in phrase.notes:
            inside = (times >= note.onset_s) & (times < note.offset_s)
            hz = np.where(np.array(heard.voiced)[inside], np.array(heard.hz)[inside], 0.0)
            contours.append((times[inside] - note.onset_s, hz, 1 / float(np.median(np.diff(times)))))
            truths.append((phrase.truth, held_out(f"vibrato-{seed}")))
    made += _vibrato_rows("FluidSynth, our pitch", contours, truths, TRACKER_WINDOW_S)
    header = (
        "",
        "half",
        "notes",
        "found",
        "rate, Hz: median",
        "90th",
        "extent: median",
        "90th",
        "false alarms",
    )
    return {"vibrato": table(header, made)}


def _vibrato_rows(name: str, contours: list, truths: list, averaged_over_s: float) -> list[list[str]]:
    ours = []
    for time, hz, _ in contours:
        n = len(time)
        contour = Pitch(tuple(time), tuple(hz), (1.0,) * n, tuple(bool(f > 0) for f in hz))
        end = float(time[-1]) if n else 0.0
        found = note_vibrato(contour, Note(0.0, end, 69.0, 90, 1.0), averaged_over_s=averaged_over_s)
        ours.append(None if found is None else (found.rate_hz, found.extent_cents))
    peer = ask_essentia([(hz, rate) for _, hz, rate in contours])
    made = []
    for program, answers in (("Sori", ours), ("Essentia Vibrato", peer)):
        for half in (True, False):
            wavers = [
                (a, t) for a, (t, h) in zip(answers, truths, strict=True) if h is half and t["extent"] > 0
            ]
            others = [
                a is not None
                for a, (t, h) in zip(answers, truths, strict=True)
                if h is half and not t["extent"]
            ]
            both = [(a, t) for a, t in wavers if a is not None]
            rate = [abs(a[0] - t["rate"]) for a, t in both]
            extent = [100 * abs(a[1] / t["extent"] - 1) for a, t in both]
            made.append(
                [
                    f"{name}: {program}",
                    "held out" if half else "looked at",
                    str(len(wavers)),
                    share([a is not None for a, _ in wavers]),
                    *(f"{np.quantile(rate, q):.2f}" if rate else "-" for q in (0.5, 0.9)),
                    *(f"{np.quantile(extent, q):.0f} %" if extent else "-" for q in (0.5, 0.9)),
                    share(others),
                ]
            )
    return made


def section_swing(count: int) -> dict[str, str]:
    """Swing ratio and deviation of drum parts, with the true beats and with those we find."""
    ratio, deviation = collected(), collected()
    found, right = collected(), collected()
    for seed in range(count):
        half = held_out(f"groove-{seed}")
        groove = cases.groove(seed)
        hits = attacks(groove.samples, sample_rate=SAMPLE_RATE)
        heard = Listening(condense([Audio(groove.samples[None], SAMPLE_RATE)]))
        for source, beats in (("true beats", Beats(tuple(groove.beats_s))), ("our beats", heard.beats)):
            grid = even_grid(beats)
            swung = swing(hits, grid)
            times, _ = timing(hits.times_s, grid, swung)
            kind = "hits within 10 ms" if groove.deviation_s <= 0.01 else "hits straying by 20-30 ms"
            name = f"{source}, {kind}"
            found[name][half].append(swung.ratio is not None)
            if swung.ratio is not None:
                ratio[name][half].append(100 * abs(swung.ratio / groove.ratio - 1))
                right[name][half].append((swung.ratio > 1.15) == (groove.ratio > 1.15))
            if times.deviation_s is not None:
                deviation[name][half].append(1e3 * abs(times.deviation_s - groove.realised_s))
    swings = [
        [*row[:2], share(found[row[0]][True]), share(right[row[0]][True]), *row[2:]]
        for row in rows(ratio, "{:.1f} %")
    ]
    header = (*HEADER[:2], "answered", "swung or straight, right", *HEADER[2:])
    return {"swing": table(header, swings), "deviation": table(HEADER, rows(deviation, "{:.1f} ms"))}


def section_lateness(count: int) -> dict[str, str]:
    """Lateness of one voice against given beats: of the whole, and note by note against the mean."""
    whole = collected()
    for seed in range(count):
        half = held_out(f"late-{seed}")
        phrase, beats = cases.late_line(seed)
        hits = attacks(phrase.samples, sample_rate=SAMPLE_RATE)
        grid = even_grid(Beats(tuple(beats)))
        found, places = timing(hits.times_s, grid, swing(hits, grid))
        if found.mean_s is not None:
            whole[f"mean lateness, {phrase.kind}"][half].append(
                1e3 * abs(found.mean_s - phrase.truth["late"])
            )
        true = lateness([n.onset_s for n in phrase.notes], grid, places)
        times = np.array(hits.times_s)
        onsets = [float(times[np.argmin(np.abs(times - n.onset_s))]) for n in phrase.notes]
        heard = lateness(onsets, grid, places)
        off = np.array(
            [1e3 * (a - b) for a, b in zip(heard, true, strict=True) if a is not None and b is not None]
        )
        whole[f"single notes less their mean, {phrase.kind}"][half] += list(np.abs(off - np.median(off)))
    return {"lateness": table(HEADER, rows(dict(sorted(whole.items())), "{:.1f} ms"))}


def section_dynamics(count: int) -> dict[str, str]:
    """Levels of notes, swells and accents whose gains are known."""
    errors = collected()
    accents: dict[bool, list[tuple[int, int, int]]] = {True: [], False: []}
    swells: dict[bool, list[bool]] = {True: [], False: []}
    strays: dict[bool, list[int]] = {True: [], False: []}
    for seed in range(count):
        half = held_out(f"dynamics-{seed}")
        phrase, gains = cases.graded(seed)
        cells = condense([Audio(phrase.samples[None], SAMPLE_RATE)]).cells
        onsets = [n.onset_s for n in phrase.notes]
        levels = np.array([np.nan if v is None else v for v in note_levels(cells, onsets)])
        off = levels - gains
        errors["level of a note against the others, dB"][half] += list(np.abs(off - np.nanmedian(off)))
        found = dynamics(cells, onsets)
        truth = phrase.truth
        near = [s for s in found.swells if s.start_s < truth["end"] and s.end_s > truth["start"]]
        swells[half].append(bool(near))
        strays[half].append(len(found.swells) - len(near))
        if near:
            best = max(near, key=lambda s: abs(s.change_db))
            errors["change of a swell, dB"][half].append(abs(best.change_db - truth["change"]))
            errors["start of a swell, s"][half].append(abs(best.start_s - truth["start"]))
            errors["end of a swell, s"][half].append(abs(best.end_s - truth["end"]))
        true = [t for name, t in truth.items() if name.startswith("accent")]
        heard = [a.time_s for a in found.accents]
        hit = sum(any(abs(t - a) < 0.06 for a in heard) for t in true)
        accents[half].append((hit, len(true), len(heard)))
    made = []
    for half in (True, False):
        hit, wanted, heard_count = np.sum(accents[half], axis=0)
        made.append(
            [
                "held out" if half else "looked at",
                f"{hit / wanted:.2f}",
                f"{hit / max(heard_count, 1):.2f}",
                share(swells[half]),
                f"{np.mean(strays[half]):.2f}",
            ]
        )
    header = ("", "accents found", "accents right", "swells found", "other swells, a phrase")
    return {"dynamics": table(HEADER, rows(errors, "{:.2f}")), "accents": table(header, made)}


def section_tone(count: int) -> dict[str, str]:
    """How often two neighbours of a known order are put in that order."""
    right: dict[str, dict[bool, list[bool]]] = {scale.name: {True: [], False: []} for scale in SCALES}
    for seed in range(count):
        half = held_out(f"tone-{seed}")
        for name, sounds in cases.shades(seed).items():
            values = []
            for sound in sounds:
                onsets = attacks(sound, sample_rate=SAMPLE_RATE).times_s
                hz = _steady_pitch(seed, len(sound)) if name == "hollow-full" else None
                values.append(measures(sound, sample_rate=SAMPLE_RATE, onsets_s=onsets, pitch=hz)[name])
            known = [v for v in values if v is not None]
            right[name][half] += [b > a for a, b in itertools.pairwise(known)]
    made = [
        [name, str(len(halves[True])), share(halves[True]), share(halves[False])]
        for name, halves in right.items()
    ]
    return {"tone": table(("", "held out: pairs", "in the right order", "looked at"), made)}


def _steady_pitch(seed: int, length: int) -> Pitch:
    rng = np.random.default_rng([7, seed])
    rng.choice([*cases.WINDS.values(), *cases.BOWED.values(), *cases.STRUCK.values()])
    hz = 440 * 2 ** ((float(rng.integers(50, 72, 10)[0]) - 69) / 12)
    n = length // 220
    return Pitch(tuple(0.01 * np.arange(n)), (hz,) * n, (1.0,) * n, (True,) * n)


def write(text: str) -> None:
    """Put the tables between our markers, at the end of the page where there are none yet."""
    block = f"<!-- expression -->\n\n{text.strip()}\n\n<!-- /expression -->"
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(r"<!-- expression -->.*<!-- /expression -->", re.DOTALL)
    page = pattern.sub(lambda _: block, page) if pattern.search(page) else f"{page.rstrip()}\n\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")


ABOUT = """### Expression

Music played in a known way, and what is heard of it: {count} phrases or grooves of each kind, by four sound
fonts and our own synthesis, some in rooms up to 1.8 s. A hash of the case's number halves them; thresholds
were chosen on the half that was looked at. `python -m bench.accuracy.expression` writes this. Renders are
cleaner than recordings: the tables say how far to trust the method, not the answer for a worn tape.

**Articulation**: sounding time over the time to the next note, true from 0.25 to 1; notes' onsets and pitches
are given, their ends hidden. Ensembles and choirs of sound fonts ring on after the key is let go, so that
they do sound longer than was played; there, and for plucked notes in rooms, the answer is poor.

{articulation}

**Vibrato**, per note: of 4 to 8 Hz and 12 to 150 cents to either side. "Pitch given" is a contour with
glides, sag, jitter and octave errors, without sound; the other is FluidSynth with pitch bends, heard by our
tracker, whose values are means over 42 ms: Sori makes up for that in the extent, Essentia's `Vibrato` is not
told. It has the same contours, and the rate of their values as its only parameter; its answer for a note is
the median of all frames in which it hears any. By default it hears none below 25 cents to either side, so
that narrow vibrato is not its business. False alarms are notes without vibrato in which some is heard.

{vibrato}

**Swing**: drum parts of 65 to 210 beats a minute, ratios 1 to 3. An error of 10 % is 2.2 for 2.0. With
our beats a wrong one is usually a wrong level of the beat. Below, the **deviation** of hits from the grid
against the one that was drawn. (Two small sound fonts play no drums here: they cut their samples with a
click, which is heard as one more hit.)

{swing}

{deviation}

**Lateness** against beats that are given, one voice, -30 to 50 ms. A wind's tone begins slowly, and is heard
to begin later than its key is pressed: its error is a bias of about 25 ms, which the second line of it
leaves out. Against beats found in the same music, mean lateness is nothing by construction; a voice late
against others cannot be told in a mix.

{lateness}

**Dynamics**: phrases whose gains are known; three accents of 4 to 9 dB and one swell of 9 to 18 dB each.

{dynamics}

{accents}

**Tone**: five sounds each that go by known steps from the first word to the second (tilt of the spectrum,
shelf at 500 Hz, two tones closer and closer, added noise, faster decay, more even partials); how often a step
goes the right way. These are large steps: the words order sounds, and their ends are only those of the
recordings they were scaled on.

{tone}"""


def main() -> None:
    """Measure everything, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--cases", type=int, default=60, help="of each kind")
    parser.add_argument("--only", default="", help="print one part, write nothing")
    arguments = parser.parse_args()
    sections: dict[str, Callable[[int], dict[str, str]]] = {
        "articulation": section_articulation,
        "vibrato": section_vibrato,
        "swing": section_swing,
        "lateness": section_lateness,
        "dynamics": section_dynamics,
        "tone": section_tone,
    }
    tables: dict[str, str] = {}
    for name, section in sections.items():
        if arguments.only in name:
            tables |= section(arguments.cases)
    if arguments.only:
        print("\n\n".join(tables.values()))
        return
    write(ABOUT.format(count=arguments.cases, **tables))


if __name__ == "__main__":
    main()

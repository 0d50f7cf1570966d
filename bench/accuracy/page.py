"""The tables of ``docs/accuracy.md``, between markers, so that the words around them can be edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench.accuracy.metrics import Mean
from bench.collection import ROOT, made_whole
from bench.report import table

Scores = Mapping[str, Mapping[str, Mean | None]]
Retrieval = Mapping[str, Mapping[str, Mean | None]]

PAGE = ROOT / "docs" / "accuracy.md"
# Best figures in print, on other music than ours: the neighbourhood, not a comparison.
PUBLISHED = {
    "beats, F-measure": "0.891 GTZAN, Beat This! (2024)",
    "tempo, Acc1": "0.730 GiantSteps, Schreiber & Müller (2018)",
    "tempo, Acc2": "0.950 GTZAN, Böck et al. (2015)",
    "chords, major/minor": "0.868 Isophonics, best of MIREX; 0.755, Chordino",
    "key, MIREX weighted": "0.743 GiantSteps, Korzeniowski & Widmer (2017)",
    "average precision": "0.275 Da-TACOS, 2DFTM; 0.507, MOVE (2020)",
}

ABOUT_RENDERS = """### POP909, rendered

{songs} pop songs that took no part in choosing anything (a hash of a song's name decides), the first 90
seconds of each score played by FluidSynth with two sound fonts that took no part either (TimGM6mb and
sf_GMbank): drawn instruments, half of the songs with drums, some up to 40 cents off 440 Hz, rooms up to
1.8 s, noise at -75 to -45 dBFS. Renders are cleaner than recordings, so these numbers say how the programs
compare, not what to expect of a worn tape. Tempo is asked of the {tempos} songs whose beat is steady; key of
the {keys} whose annotated key the score confirms. What we fit or train hears the other half, rendered with
other sound fonts, and music composed by a program: on recordings our lead may be smaller.
Bars are asked of the {bars} songs where POP909's annotations of the score and of the recording agree on them.
POP909's keys, chords and bars were found by programs in the first place, which may favour programs of their
kind. Nobody annotated its sections: they are read off the
score. Bars agree where what is sung, when, and what is played agree; a section begins where a stretch of four
or more bars that returns begins or ends, or where singing starts or pauses, and sections whose bars mostly
agree share a label. That is the form of the score, not the judgement of a listener.
In brackets: 95 % of the means of resampled songs. Published figures are other people's on *other* music, as
we remember them from the literature."""

ABOUT_COMPOSED = """### Composed pieces, many genres and metres

{composed} short pieces by an algorithmic composer (`bench.training.compose`), held out by name and by sound
font: rock, disco, hip-hop, drum and bass, reggae, swing, bossa nova, samba, funk, blues, waltzes, jigs, 5/4,
7/8, metal, folk, salsa, tango, marches, Korean cycles of twelve, string quartets, rubato piano, a quarter of
them without drums. Beats are where dancers would tap. The composer is the one that our networks learn from
(other pieces, other sound fonts, spoiled in other ways), the other programs never heard it: read this table
for where we fail, not for how far ahead we are. Key is asked of pieces that stay in one."""

ABOUT_DEMO = """### The demo library

Our own synthesiser's songs ({count} of the held-out half), whose truth is exact by construction: ten
styles, among them swing, 3/4, 12/8, ambient pads (whose beat is not asked for), and concert pitches from 432
to 446 Hz. "Highlight" is how much of the half minute we call most repeated, or loudest, lies in the section
that is, as a share of the most that any half minute could."""

ABOUT_RETRIEVAL = """### Arrangements finding each other

{count} renders of {songs} held-out songs: each song and up to two of its other arrangements, those in another
key, tempo, instruments and room. Every render asks for its nearest neighbours among all; a song's other
arrangements are the right answers. POP909's arrangements of a song are by the same people and often little
revised, so this is far easier than finding covers by other artists; it shows which facets carry what a song
*is*, whoever plays it, and which carry how it is played."""


def score_table(title: str, scores: Scores, *, published: bool = False) -> str:
    """Return one table of scores for the screen or the page."""
    programs = list(next(iter(scores.values())))
    rows = [
        [metric, *(_shown(by_program[p]) for p in programs), *([PUBLISHED.get(metric, "")] * published)]
        for metric, by_program in scores.items()
        if any(by_program[p] is not None for p in programs)
    ]
    return table([title, *programs, *(["published, other music"] * published)], rows)


def retrieval_table(title: str, found: Retrieval, hubs: tuple[float, float], count: int, songs: int) -> str:
    """Return the table of arrangements finding each other, and the line about hubs."""
    measures = list(next(iter(found.values())))
    rows = [[mix, *(_shown(scores[m]) for m in measures)] for mix, scores in found.items()]
    rows.append(["*published, other music*", *(PUBLISHED.get(m, "") for m in measures)])
    return (
        table([title, *measures], rows)
        + f"\n\nHubs: the skewness of how often each of the {count} renders (of {songs} songs) is among the"
        f" ten nearest of others is {hubs[0]:.2f} by plain distance, {hubs[1]:.2f} as Sori ranks (0 is even)."
    )


def write(tables: Mapping[str, Scores], found: tuple[Any, ...], counts: Mapping[str, int]) -> None:
    """Write the held-out scores into the page, between its markers."""
    parts = [ABOUT_RENDERS.format(**counts), score_table("held-out songs", tables["POP909"], published=True)]
    parts += [ABOUT_COMPOSED.format(composed=_most(tables["composed"]))]
    parts += [score_table("held-out pieces", tables["composed"])]
    demo = tables["demo"]
    parts += [ABOUT_DEMO.format(count=_most(demo)), score_table("held-out songs", demo)]
    parts += [ABOUT_RETRIEVAL.format(count=found[2], songs=found[3]), retrieval_table("by", *found)]
    write_between("scores", "\n\n".join(parts))


def _most(scores: Scores) -> int:
    return max(m.count for by in scores.values() for m in by.values() if m is not None)


def write_between(name: str, body: str) -> None:
    """Replace what stands between two markers of the page; the words around them are left alone."""
    text = PAGE.read_text(encoding="utf-8")
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    if text.count(start) != 1 or text.count(end) != 1:
        raise SystemExit(f"{PAGE} must hold {start} and {end} once each; put them back and run again")
    before, after = text.split(start)[0], text.split(end)[1]
    with made_whole(PAGE) as part:
        part.write_text(f"{before}{start}\n\n{body}\n\n{end}{after}", encoding="utf-8")
    print(f"  wrote {PAGE.relative_to(ROOT)}", flush=True)


def _shown(mean: Mean | None) -> str:
    if mean is None:
        return "-"
    if mean.high > 1.5:
        return f"{mean.value:.1f} ({mean.low:.1f}-{mean.high:.1f})"
    return f"{mean.value:.3f} ({mean.low:.2f}-{mean.high:.2f})"

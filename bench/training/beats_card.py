"""``python -m bench.training.beats_card``: write what `beats.onnx` learnt from and its scores into its card.

Between the markers of ``src/sori/weights/beats.md``; everything else there is written by hand.
"""

from __future__ import annotations

import argparse

import torch

from bench.collection import made_whole
from bench.report import table
from bench.training import beats_rendered, beats_sounds
from bench.training.beats import BATCH, FOLDER, SEED, STEPS, WEIGHTS, all_pieces
from bench.training.beats_evaluate import (
    DEVELOPMENT,
    HELD_FONT,
    SCORES,
    demos,
    excerpts,
    means_of,
    ours,
    renders,
)
from bench.training.beats_pieces import validates

CARD = WEIGHTS / "beats.md"
LEARNT = """- {summed:,} pieces composed by the project's own program (`bench/training/compose.py`): about
  45 kinds of music in bars of 2 to 7 beats and in long cycles, with drift, rubato, swing and uneven hands,
  some with few players or a lead that is loose in time, made as sums of the mel power of single notes.
- {takes} takes of POP909's development songs (Wang et al. 2020, MIT), made in the same way: the half of the
  songs that no reported score is of.
- {rendered} pieces rendered and spoilt as sound (`bench/training/corpus.py`), {songs} of them of those songs.
- Sound fonts: FluidR3 GM (MIT) and MuseScore General (MIT). No recording of music took part.

{choosing} of the {all:,} pieces, by a hash of their tune, only chose the weights: of {steps:,} steps of
{batch} excerpts (seed {seed}) those after {best:,} were best. The pieces, their order and everything drawn
are fixed: the recipe makes the same weights again, up to the rounding of another machine's arithmetic, also
when it was interrupted."""
SHOWN = ("beats F", "bars F", "tempo Acc1", "Acc2")


def learnt() -> str:
    """Return what took part, as counted."""
    names = [*beats_sounds.wanted(), *beats_rendered.wanted()]
    kinds = [name.split("-")[0] for name in names]
    choosing = sum(validates(piece.tune) for piece in all_pieces())
    stored = torch.load(FOLDER / "best.pt")
    return LEARNT.format(
        summed=kinds.count("summed"),
        takes=kinds.count("pop"),
        rendered=kinds.count("corpus"),
        songs=sum(bool(job.song) for job in beats_rendered.wanted().values()),
        choosing=choosing,
        all=len(names),
        steps=STEPS,
        batch=BATCH,
        seed=SEED,
        best=stored["step"],
    )


def scores(held: bool) -> str:
    """Return the table of scores; ``held`` adds the songs that took no part."""
    found = {
        "POP909, development": ours(renders(held=False, most=DEVELOPMENT)),
        "demo library, development": ours(demos()),
        "half minutes of the pieces that chose, harmed as in training": excerpts(),
    }
    if held:
        found = {f"POP909, held out, {HELD_FONT}": ours(renders(held=True, most=60)), **found}
    rows = []
    for name, each in found.items():
        if each:
            means = means_of(each)
            shown = (f"{means[key]:.3f}" if key in means else "-" for key in SCORES)
            rows.append([f"{name} ({len(each)})", *shown])
    return table(["", *SHOWN], rows)


def main() -> None:
    """Write the card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--held-out", action="store_true", help="also the songs that took no part in anything"
    )
    text = CARD.read_text(encoding="utf-8")
    for name, body in (("learnt", learnt()), ("scores", scores(parser.parse_args().held_out))):
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if text.count(start) != 1 or text.count(end) != 1:
            raise SystemExit(f"{CARD} must hold {start} and {end} once each; put them back and run again")
        text = f"{text.split(start)[0]}{start}\n{body}\n{end}{text.split(end)[1]}"
    with made_whole(CARD) as part:
        part.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

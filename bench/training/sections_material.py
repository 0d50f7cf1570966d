"""What the section finder is measured with: songs whose sections are known, and those read from scores.

Composed pieces and the demo library say their sections. POP909 does not: there the tune of the score is
compared with itself, bar by bar; where a run of bars that returns begins or ends is a boundary, and stretches
that are alike share a label. That is less than what an annotator would write, and the same for all methods.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy import pop909
from bench.accuracy.score_form import sections_of_score
from bench.collection import CACHE
from bench.training.corpus import FOLDER, MATERIAL, for_validation, load_material
from bench.training.songs import WINDOW_S
from sori.analysis.listening import Listening
from sori.analysis.material import Material, condense
from sori.audio import blocks
from sori.features.timbre import levels_db

KEPT = FOLDER / "sections"
DEMOS = {"demo-1": "develop", "demo-2": "develop", "demo-3": "validate", "demo-11": "held out"}
_THIN = 4  # mel frames kept as one

Truth = list[tuple[float, float, str]]


@dataclasses.dataclass(frozen=True)
class Song:
    """What `sections` is given, and the truth."""

    name: str
    data: str
    part: str
    given: dict[str, Any]
    truth: Truth
    most_repeated: tuple[str, ...]
    beats_s: list[float]
    downbeats_s: list[float]


def songs(data: str | None = None, part: str | None = None) -> Iterator[Song]:
    """Yield everything there is, in order of name."""
    for path in sorted(KEPT.glob("*.npz")):
        with np.load(path) as kept:
            record = json.loads(str(kept["record"]))
            if data not in (None, record["data"]) or part not in (None, record["part"]):
                continue
            mel = kept["mel"].astype(np.float32)
            chroma, loudness = kept["chroma"].astype(np.float64), kept["loudness"].astype(np.float64)
        given = {
            "pitch_classes": chroma, "mel_level": mel, "loudness": loudness,
            **{key: record[key] for key in ("beats_s", "downbeats_s", "duration_s")},
        }  # fmt: skip
        yield Song(
            path.stem, record["data"], record["part"], given, [(a, b, c) for a, b, c in record["truth"]],
            tuple(record["most_repeated"]), record["true_beats_s"], record["true_downbeats_s"],
        )  # fmt: skip


def keep(name: str, material: Material, record: dict[str, Any]) -> None:
    """Listen to one recording as far as sections need it, and write that."""
    heard = Listening(material)
    level = levels_db(material.mel, heard.reference)
    rows = len(level) // _THIN
    thin = level[: rows * _THIN].reshape(rows, _THIN, -1).mean(axis=1)
    record |= {
        "beats_s": heard.beats.times_s,
        "downbeats_s": heard.metre.downbeats_s,
        "duration_s": material.duration_s,
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    energy = material.cells.energy
    energy = energy[: len(energy) // 20 * 20].reshape(-1, 20).mean(axis=1)
    np.savez(
        KEPT / f"{name}.npz",
        chroma=heard.chroma.astype(np.float16),
        mel=thin.astype(np.float16),
        loudness=(10 * np.log10(np.maximum(energy, 1e-10))).astype(np.float16),
        record=json.dumps(record),
    )


def most_repeated(truth: Truth) -> list[str]:
    """Return the labels that return most often, after the demo library's rule: intro and end never."""
    seconds: dict[str, list[float]] = {}
    for start, end, label in truth:
        if label not in ("intro", "outro", "end", "-"):
            seconds.setdefault(label, []).append(end - start)
    most = max((len(each) for each in seconds.values()), default=0)
    return [label for label, each in seconds.items() if len(each) == most > 1]


def from_training(path: Path) -> None:
    """Keep what is needed of one rendered training piece."""
    truth = json.loads(path.read_text(encoding="utf-8"))
    if truth["kind"] == "POP909":
        spans = sections_of_take(truth["song"], int(path.stem.rsplit("-", 1)[1]))
    else:
        spans = [(a, b, label) for a, b, label in truth["sections"]]
    if len(spans) < 2:
        return
    record = {
        "data": truth["kind"],
        "part": "validate" if for_validation(truth["song"]) else "develop",
        "truth": spans,
        "most_repeated": most_repeated(spans),
        "true_beats_s": truth["beats_s"],
        "true_downbeats_s": truth["downbeats_s"],
    }
    keep(path.stem, load_material(path.with_suffix(".npz")), record)


def from_demo(folder: Path, part: str) -> None:
    """Keep what is needed of a demo library."""
    stored = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["songs"]
    for k, (name, truth) in enumerate(sorted(stored.items())):
        kept = f"{folder.name}-{k:02d}"
        if (KEPT / f"{kept}.npz").exists():
            continue
        record = {
            "data": "demo", "part": part, "truth": truth["sections"],
            "most_repeated": [truth["most_repeated_section"]],
            "true_beats_s": truth["beats_s"], "true_downbeats_s": truth["downbeats_s"],
        }  # fmt: skip
        keep(kept, condense(blocks(folder / name)), record)


def sections_of_take(song: str, take: int) -> Truth:
    """Return the sections of one take of `bench.training.songs.song`, seconds of the take."""
    rng = np.random.default_rng([909, int(song), take, 7])
    _, speed = int(rng.integers(-5, 7)), float(np.exp(rng.uniform(np.log(0.8), np.log(1.25))))
    down = pop909.downbeats(song)
    length = max(n.end_s for n in pop909.read_notes(pop909.folder(song) / f"{song}.mid"))
    latest = [t for t in down if t < length - WINDOW_S * speed] or [0.0]
    start = (
        0.0
        if rng.random() < 0.4
        else max(0.0, latest[int(rng.integers(len(latest)))] - float(rng.uniform(0, 1)))
    )
    end = min(start + WINDOW_S * speed, length)
    return [
        ((max(a, start) - start) / speed, (min(b, end) - start) / speed, label)
        for a, b, label in sections_of_song(song)
        if b > start + 1 and a < end - 1
    ]


def sections_of_song(song: str) -> Truth:
    """Return the form of a song's score."""
    notes = pop909.read_notes(pop909.folder(song) / f"{song}.mid")
    return sections_of_score(notes, pop909.downbeats(song))


def main() -> None:
    """Keep what is missing."""
    paths = [p for p in sorted(MATERIAL.glob("*.json")) if not (KEPT / f"{p.stem}.npz").exists()]
    paths.sort(key=lambda p: p.stem[1:])
    for path in paths:
        from_training(path)
    for name, part in DEMOS.items():
        from_demo(CACHE / "accuracy" / name, part)


if __name__ == "__main__":
    main()

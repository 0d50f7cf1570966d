"""``python -m bench.accuracy.scales``: scales of synthesised music in many tunings, found again.

Pieces are in two halves by a hash of their names: one to develop with (``--develop``, printed), one held out,
whose scores go to ``docs/accuracy.md``. Peaks are kept in ``bench/.cache/scales``.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import numpy as np

from bench.accuracy.evaluate import held_out
from bench.accuracy.page import write_between
from bench.accuracy.scales_music import RATE, TUNINGS, make
from bench.collection import CACHE
from sori.analysis.material import condense
from sori.analysis.scale.scale import scale
from sori.audio import Audio
from sori.events import Scale
from sori.spectral.partials import Partials, partials

VERSION = 4
_FOUND = 15.0  # cents within which a degree counts as found
_RIGHT = 20.0  # cents within which the tonic is right
_ASKED = ("19-TET", "22-TET", "24-TET", "just", "Pythagorean")
_USED = 0.02  # of the time; what sounds less is not asked for


@dataclasses.dataclass(frozen=True)
class Truth:
    """What is asked of a piece."""

    tuning: str
    scale: str
    style: str
    tonic_hz: float
    cents: tuple[float, ...]
    shares: tuple[float, ...]
    drift_cents_per_s: float
    comes_home: bool


@dataclasses.dataclass(frozen=True)
class Score:
    """What was found in a piece."""

    errors: tuple[float, ...]
    wanted: int
    missed: int
    spurious: int
    tonic: bool
    drone: bool
    first: bool
    in_three: bool
    drift_error: float
    comes_home: bool


def piece(seed: int, tuning: str) -> tuple[Truth, Partials]:
    """Return a piece's truth and partials, made once."""
    folder = Path(CACHE) / "scales"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{VERSION}-{tuning}-{seed}.npz"
    if not path.exists():
        made = make(seed, tuning, held=held_out(f"scales-{tuning}-{seed}"))
        found = partials(condense([Audio(made.samples[None], RATE)]).peaks)
        truth = {field.name: getattr(made, field.name) for field in dataclasses.fields(Truth)}
        np.savez(
            path,
            truth=json.dumps(truth),
            counts=np.array([found.n_frames, found.rate]),
            frame=found.frame,
            midi=found.midi,
            weight=found.weight,
        )
    with np.load(path) as data:
        stored = json.loads(str(data["truth"]))
        stored["cents"], stored["shares"] = tuple(stored["cents"]), tuple(stored["shares"])
        n_frames, rate = data["counts"].tolist()
        return Truth(**stored), Partials(int(n_frames), rate, data["frame"], data["midi"], data["weight"])


def score(truth: Truth, found: Scale) -> Score:
    """Compare degrees as pitches, so that a wrong tonic does not spoil them, and tonic, name and drift."""
    wanted = np.array(truth.cents)
    asked = np.array(truth.shares) >= _USED
    if found.tonic_hz is None:
        return Score(
            (), int(asked.sum()), int(asked.sum()), 0, False, False, False, False, 0.0, truth.comes_home
        )
    off = 1200 * np.log2(found.tonic_hz / truth.tonic_hz)
    got = (np.array([degree.cents for degree in found.degrees]) + off) % 1200
    away = (got[:, None] - wanted[None] + 600) % 1200 - 600
    nearest = np.abs(away).argmin(axis=0)
    signed = away[nearest, np.arange(len(wanted))]
    hit = (np.abs(signed) < _FOUND) & asked
    right = bool(abs((off + 600) % 1200 - 600) < _RIGHT)
    # Degrees are cents above the tonic; where that is another note, above what all agree with best.
    errors = signed[hit] - (
        (off + 600) % 1200 - 600 if right else np.median(signed[hit]) if hit.any() else 0.0
    )
    spurious = int((np.abs(away).min(axis=1) >= _FOUND).sum())
    names = [match.name for match in found.nearest]
    accepted = [name for name in names if answers(truth, name)]
    return Score(
        errors=tuple(np.abs(errors).tolist()),
        wanted=int(asked.sum()),
        missed=int(asked.sum() - hit.sum()),
        spurious=spurious,
        tonic=right,
        drone=found.drone == truth.style.startswith("drone"),
        first=bool(names and answers(truth, names[0])),
        in_three=bool(accepted and names.index(accepted[0]) < 3),
        drift_error=abs(found.drift.total_cents - truth.drift_cents_per_s * _followed_s(found)),
        comes_home=truth.comes_home,
    )


def _followed_s(found: Scale) -> float:
    """Seconds between the middles of the first and last stretch whose tuning was followed."""
    times = found.drift.times_s
    return times[-1] - times[0] if times else 0.0


def answers(truth: Truth, name: str) -> bool:
    """Whether a known scale is the true one, or has the very notes of it."""
    from sori.theory.scales import SCALES

    wanted = next(scale for scale in SCALES if scale.name == truth.scale)
    given = next((scale for scale in SCALES if scale.name == name), None)
    if given is None:
        return False
    return given.name == wanted.name or (
        len(given.cents) == len(wanted.cents)
        and max(abs(a - b) for a, b in zip(given.cents, wanted.cents, strict=True)) < 4
    )


def run(seeds: int, *, held: bool) -> dict[str, list[Score]]:
    """Score one half, by tuning."""
    found: dict[str, list[Score]] = {}
    for tuning in TUNINGS:
        for seed in range(seeds):
            if held_out(f"scales-{tuning}-{seed}") == held:
                truth, heard = piece(seed, tuning)
                found.setdefault(tuning, []).append(score(truth, scale(heard)))
    return found


def as_table(scores: dict[str, list[Score]]) -> str:
    """Return the table as Markdown."""
    lines = [
        "| tuning | pieces | degree error, cents, mean | 95 % below | within 5 cents | degrees found | "
        "not of the scale, per piece | tonic | drone or none | scale named first | in the first three | "
        "drift error, cents, mean |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    everything = [one for rows in scores.values() for one in rows]
    asked = [one for name in _ASKED for one in scores.get(name, [])]
    sets = {
        **scores,
        "19-, 22-, 24-TET, just, Pythagorean": asked,
        "ends on the tonic": [one for one in everything if one.comes_home],
        "ends elsewhere, or faded out": [one for one in everything if not one.comes_home],
        "all": everything,
    }
    for name, rows in sets.items():
        if not rows:
            continue
        errors = np.array([error for row in rows for error in row.errors])
        wanted, missed = sum(row.wanted for row in rows), sum(row.missed for row in rows)
        cells = [
            name,
            str(len(rows)),
            f"{errors.mean():.2f}",
            f"{np.quantile(errors, 0.95):.1f}",
            f"{np.mean(errors < 5):.3f}",
            f"{1 - missed / wanted:.3f}",
            f"{np.mean([row.spurious for row in rows]):.2f}",
            *(
                f"{np.mean([getattr(row, key) for row in rows]):.2f}"
                for key in ("tonic", "drone", "first", "in_three")
            ),
            f"{np.mean([row.drift_error for row in rows]):.1f}",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the table of the held-out half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--develop", action="store_true", help="the other half, printed only")
    options = parser.parse_args()
    text = as_table(run(options.seeds, held=not options.develop))
    if options.develop:
        print(text)
    else:
        write_between("scales", text)


if __name__ == "__main__":
    main()

"""``python -m bench.robustness``: thousands of damaged files and fifty kills; writes ``docs/robustness.md``.

Every file of the test recordings' ``flac`` and ``odd`` folders, and 2,000 seeded mutations of real
recordings, are indexed in one run, as a user would. Each file must end as a track or as one failure
with a reason, and the run must finish and exit 1. Then an index run is killed fifty times
(``tests/library/test_kill.py``) and its result compared with an undisturbed one.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.collection import ROOT, test_data
from sori.audio import load, save

SEED = 2026
PAGE = ROOT / "docs" / "robustness.md"
FORMATS = ("wav", "flac", "ogg", "mp3", "opus", "m4a", "aiff")
NAMES = (
    "노래 {}",
    "line\nbreak {}",
    "tab\t{}",
    "[bold]{}[red]",
    "emoji 🎵 {}",
    "é{}",
    "-{}",
    "'quoted' {}",
)


def originals(folder: Path) -> list[Path]:
    """Return short real recordings in every format that is written, two or three seconds each."""
    sources = sorted((test_data() / "pitch" / "freesound").glob("*.wav"))[:6]
    sources += sorted((test_data() / "music" / "librosa").glob("*.ogg"))[:6]
    made = []
    for source in sources:
        for form in FORMATS:
            samples, rate = load(source, duration_s=2.5, sample_rate=48000 if form == "opus" else None)
            samples = samples / max(1.0, float(np.abs(samples).max()))
            path = folder / f"{source.stem[:20]}.{form}"
            save(path, samples, sample_rate=rate)
            made.append(path)
    return made


def mutate(data: bytes, kind: str, rng: np.random.Generator, other: bytes) -> bytes:
    """Return damaged bytes of one kind."""
    n = len(data)
    if kind == "truncated":
        return data[: int(rng.integers(1, n))]
    if kind == "beginning lost":
        return data[int(rng.integers(1, n)) :]
    if kind == "bits flipped":
        changed = bytearray(data)
        for at in rng.integers(0, n, int(rng.integers(1, 40))):
            changed[at] ^= 1 << int(rng.integers(8))
        return bytes(changed)
    if kind == "header damaged":
        changed = bytearray(data)
        for at in rng.integers(0, min(n, 128), int(rng.integers(1, 8))):
            changed[at] = int(rng.integers(256))
        return bytes(changed)
    if kind == "header of another format":
        cut = int(rng.integers(4, 200))
        return other[:cut] + data[cut:]
    if kind == "a hole of zeros":
        start = int(rng.integers(n))
        length = int(rng.integers(1, max(2, n // 3)))
        return data[:start] + bytes(min(length, n - start)) + data[start + length :]
    if kind == "noise inserted":
        at = int(rng.integers(n))
        return data[:at] + rng.bytes(int(rng.integers(1, 5000))) + data[at:]
    if kind == "empty":
        return b""
    if kind == "text":
        return ("la " * int(rng.integers(1, 4000))).encode()
    return data  # the extension alone will be wrong


KINDS = ("truncated", "beginning lost", "bits flipped", "header damaged", "header of another format",
         "a hole of zeros", "noise inserted", "empty", "text", "wrong extension")  # fmt: skip


def write_mutations(folder: Path, sources: list[Path], count: int) -> dict[str, str]:
    """Write mutated files, some deep in folders, some with hostile names; return path to kind."""
    rng = np.random.default_rng(SEED)
    contents = [source.read_bytes() for source in sources]
    written = {}
    for i in range(count):
        kind = KINDS[i % len(KINDS)]
        k = int(rng.integers(len(sources)))
        data = mutate(contents[k], kind, rng, contents[int(rng.integers(len(sources)))])
        suffix = (
            sources[k].suffix if kind != "wrong extension" else f".{FORMATS[int(rng.integers(len(FORMATS)))]}"
        )
        depth = int(rng.integers(1, 30)) if i % 50 == 0 else 1
        place = folder.joinpath(*(f"d{level}" for level in range(depth)), kind)
        place.mkdir(parents=True, exist_ok=True)
        path = place / (NAMES[i % len(NAMES)].format(i) + suffix)
        path.write_bytes(data)
        written[str(path)] = kind
    return written


def sori(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line."""
    return subprocess.run(
        [sys.executable, "-m", "sori", *arguments], capture_output=True, text=True, check=False
    )


def endure(count: int) -> list[str]:
    """Index everything damaged in one run; return the lines of the report. Stop if anything is wrong."""
    with tempfile.TemporaryDirectory(prefix="sori-") as scratch:
        work = Path(scratch)
        (work / "originals").mkdir()
        music = work / "music"
        kinds = write_mutations(music, originals(work / "originals"), count)
        for name in ("flac", "odd"):
            for path in sorted((test_data() / name).rglob("*")):
                if path.is_file():
                    target = music / name / path.relative_to(test_data() / name)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)
                    kinds[str(target)] = name
        library = str(work / "library.db")
        start = time.perf_counter()
        # Every file is named, so that those without a known extension are tried too.
        run = sori("index", "--library", library, "--quiet", *kinds)
        seconds = time.perf_counter() - start
        tracks = json.loads(sori("export", "--library", library).stdout)["tracks"]
        failures = json.loads(sori("failures", "--library", library, "--json").stdout)["failures"]
    heard = {path for track in tracks for path in track["paths"]}
    failed = {failure["path"]: failure for failure in failures}
    lost = set(kinds) - heard - set(failed)
    both = heard & set(failed)
    unclear = [
        f for f in failures if not f["reason"] or "please report" in f["reason"] or f["kind"] == "error"
    ]
    wrong = [f"exit {run.returncode}, want 1"] * (run.returncode != 1)
    wrong += [f"neither heard nor failed: {path!r}" for path in sorted(lost)]
    wrong += [f"heard and failed: {path!r}" for path in sorted(both)]
    wrong += [f"no clear reason: {f['path']!r}: {f['reason']}" for f in unclear]
    if wrong:
        raise SystemExit("\n".join(wrong[:20]) + f"\n{len(wrong)} wrong in all\n{run.stderr[-2000:]}")
    rows = collections.defaultdict(collections.Counter)
    for path, kind in kinds.items():
        rows[kind]["files"] += 1
        rows[kind]["heard" if path in heard else "failed"] += 1
    how = collections.Counter(failure["kind"] for failure in failures)
    return [
        f"{len(kinds):,} files in one run of `sori index`, which finished after {seconds / 60:.1f} minutes "
        "and exited 1.",
        f"Every file ended as a track ({len(heard):,}) or as one failure with a reason ({len(failed):,}: "
        + ", ".join(f"{n} {kind}" for kind, n in how.most_common())
        + ").",
        "",
        "| damage | files | heard | failed, with a reason |",
        "|---|--:|--:|--:|",
        *(f"| {kind} | {row['files']} | {row['heard']} | {row['failed']} |" for kind, row in rows.items()),
    ]


def kill(times: int) -> str:
    """Kill index runs at random moments; return the line of the report."""
    command = [sys.executable, "-m", "pytest", "-q", str(ROOT / "tests" / "library" / "test_kill.py")]
    done = subprocess.run(command, env={**os.environ, "SORI_KILLS": str(times)}, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit("a killed run did not end where an undisturbed one does")
    return (
        f"A run of `sori index` over 39 small files was killed (`SIGKILL`) at {times} random moments, each "
        "followed by another run; the final export, vectors included, equals an undisturbed run's byte for "
        "byte, and no process was left."
    )


def main() -> None:
    """Damage, kill, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.robustness", description=__doc__)
    parser.add_argument("--mutations", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=50)
    options = parser.parse_args()
    damaged = endure(options.mutations)
    lines = [
        "# Robustness",
        "",
        "Made by `make robust`: the same damage each time, by a seed.",
        "",
        "## Damaged files",
        "",
        *damaged,
        "",
        "## Kills",
        "",
        kill(options.kills),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()

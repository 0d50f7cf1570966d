"""What each program says about each file, asked once and kept.

Our own answers are kept per version of our code, the others' per program: they are pinned.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from bench.collection import CACHE, ROOT
from bench.index import peers_python

ANSWERS = CACHE / "accuracy" / "answers"
PROGRAMS = ("Sori", "librosa", "Essentia")
STAGES = (
    "tempo",
    "beats",
    "metre",
    "chords",
    "free_chords",
    "sections",
    "key",
    "tuning",
    "highlight",
    "facets",
)
_VERSION = 2  # of the questions that others are asked: a change makes their old answers stale
Answer = dict[str, Any]


def ours(paths: Sequence[Path], workers: int) -> tuple[list[Answer], list[dict[str, np.ndarray]]]:
    """Return our answers, and our facet vectors, file by file."""
    folder = ANSWERS / f"sori-{listening_hash()}"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [path for path in paths if not (folder / f"{path.stem}.npz").exists()]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for number, _ in enumerate(pool.map(_hear, missing, [folder] * len(missing)), start=1):
            _progress("Sori", number, len(missing))
    answers, vectors = [], []
    for path in paths:
        answers.append(json.loads((folder / f"{path.stem}.json").read_text(encoding="utf-8")))
        with np.load(folder / f"{path.stem}.npz") as kept:
            vectors.append({name: kept[name] for name in kept.files})
    return answers, vectors


def _hear(path: Path, folder: Path) -> None:
    from sori.analysis.listen import hear

    try:
        results = hear(str(path), stages=STAGES).results
    except Exception as error:  # of any kind: the run stops, and must say at which file
        error.add_note(f"while hearing {path}")
        raise
    answer = {
        "tempo_bpm": results["tempo"]["bpm"],
        "beats_s": results["beats"]["times_s"],
        "beats_per_bar": results["metre"]["beats_per_bar"],
        "downbeats_s": results["metre"]["downbeats_s"],
        "chords": [[c["start_s"], c["end_s"], c["label"]] for c in results["chords"]["chords"]],
        "free_chords": [[c["start_s"], c["end_s"], c["label"]] for c in results["free_chords"]["chords"]],
        "sections": [[s["start_s"], s["end_s"], s["label"]] for s in results["sections"]["sections"]],
        "key": results["key"] if results["key"]["tonic"] else None,
        "tuning_hz": results["tuning"]["a4_hz"],
        "highlight": results["highlight"],
    }
    (folder / f"{path.stem}.json").write_text(json.dumps(answer), encoding="utf-8")
    np.savez(folder / f"{path.stem}.npz", **results["facets"])


def theirs(program: str, paths: Sequence[Path], workers: int) -> list[Answer]:
    """Return another program's answers, file by file."""
    script = Path(__file__).with_name("peers.py")
    folder = ANSWERS / f"{program.lower()}-{_VERSION}"
    return asked(lambda: [peers_python(), str(script), program.lower()], paths, workers, folder=folder)


def asked(
    command: Callable[[], Sequence[str]], paths: Sequence[Path], workers: int, *, folder: Path
) -> list[Answer]:
    """Return what a command answers, a line of JSON a path, file by file; asked once and kept in a folder.

    The command is made, and with it its environment, where something is still to be asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [path for path in paths if not (folder / f"{path.stem}.json").exists()]
    if missing:
        parts = [missing[k::workers] for k in range(min(workers, len(missing)))]
        running = [_ask(command(), part) for part in parts]
        number = 0
        for process, part in zip(running, parts, strict=True):
            for path, line in zip(part, _lines(process), strict=True):
                (folder / f"{path.stem}.json").write_text(line, encoding="utf-8")
                number += 1
                _progress(folder.name, number, len(missing))
    return [json.loads((folder / f"{path.stem}.json").read_text(encoding="utf-8")) for path in paths]


def _ask(command: Sequence[str], paths: Sequence[Path]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write("".join(f"{path}\n" for path in paths))
    process.stdin.close()
    return process


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    yield from process.stdout
    if process.wait():
        raise SystemExit(f"{' '.join(map(str, process.args))} failed with exit code {process.returncode}")


def listening_hash() -> str:
    """Return a short hash of all code that listening could depend on: Sori without its library and app."""
    digest = hashlib.sha256()
    source = ROOT / "src" / "sori"
    for path in sorted((*source.rglob("*.py"), *source.rglob("*.onnx"), *source.rglob("*.json"))):
        if path.relative_to(source).parts[0] not in ("library", "app", "__main__.py"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _progress(program: str, number: int, total: int) -> None:
    if number % 20 == 0 or number == total:
        print(f"  {program} heard {number} of {total}", flush=True)

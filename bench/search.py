"""Search among a million tracks beside one bare matrix-vector product over the same memory.

``python -m bench.search`` prints the table. The tracks are made up, the size of a row is the real one.
Every figure is taken in a process of its own, once with one thread and once with as many as NumPy takes.
"""

from __future__ import annotations

import functools
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

from bench.report import Ledger, median_ratio, table
from sori.features.facets import FACETS
from sori.library import hubness
from sori.library.similarity import Neighbours, Query

TRACKS = 1_000_000
HUB_TRACKS = 4_000
ROUNDS = 21
BEST = 20
THREADS = {"one thread": "1", "NumPy's own choice": ""}
MIXES: dict[str, dict[str, float] | None] = {
    "even": None,
    "timbre alone": {name: float(name == "timbre") for name in FACETS},
    "a mix": {"timbre": 2.0, "rhythm": 0.5, "melody": 0.0},
}


def made_up(n: int, *, seed: int = 0) -> Neighbours:
    """Clouds of different density, so that there are hubs, in vectors of the real sizes."""
    rng = np.random.default_rng(seed)
    cloud = rng.integers(0, 200, n)
    spread = np.exp(0.4 * rng.standard_normal((n, 1), np.float32))
    facets = {}
    for name, facet in FACETS.items():
        dim = len(facet.entries)
        raw = rng.standard_normal((n, dim), np.float32)
        raw *= spread
        raw += (0.5 * rng.standard_normal((200, dim), np.float32))[cloud]
        facets[name] = raw
    return Neighbours.build([f"{i:012x}" for i in range(n)], facets)


def brute_force(found: Neighbours, row: int, weights: dict[str, float] | None) -> list[str]:
    """All distances by differences in double precision, sorted."""
    w = np.array([(weights or {}).get(name, 1.0) for name in found.space.names])
    w /= w.sum()
    local = found.scales.astype(np.float64) @ w
    local = np.clip(local, local.mean() / 4, local.mean() * 4)
    distance = np.empty(len(found))
    for start in range(0, len(found), 50_000):
        part = slice(start, start + 50_000)
        distance[part] = found.space.distances(found.matrix[part], found.matrix[row]) @ w
    distance /= np.sqrt(local)
    distance[row] = np.inf
    near = np.argpartition(distance, 2 * BEST)[: 2 * BEST]
    return [found.ids[i] for i in sorted(near, key=lambda i: (distance[i], found.ids[i]))[:BEST]]


def take(check: bool) -> dict[str, float]:
    """Time both in turns; compare the answers with brute force where asked."""
    start = time.perf_counter()
    found = made_up(TRACKS)
    figures = {"build, s": time.perf_counter() - start}
    rng = np.random.default_rng(1)
    vector = rng.standard_normal(found.space.width).astype(np.float32)
    for name, weights in MIXES.items():
        spent: tuple[list[float], list[float]] = [], []
        right = 0
        for i in range(ROUNDS + 1):
            row = int(rng.integers(len(found)))
            clock = time.perf_counter()
            found.matrix @ vector
            middle = time.perf_counter()
            matches = found.search(Query((found.ids[row],)), weights=weights, k=BEST)
            end = time.perf_counter()
            if i:  # the first of each warms up
                spent[0].append(1e3 * (middle - clock))
                spent[1].append(1e3 * (end - middle))
            if check and i < 3:
                right += [m.id for m in matches] == brute_force(found, row, weights)
        figures[f"{name}: product, ms"] = statistics.median(spent[0])
        figures[f"{name}: search, ms"] = statistics.median(spent[1])
        figures[f"{name}: ratio"] = median_ratio(spent[1], spent[0])
        if check:
            figures[f"{name}: equal to brute force"] = right / 3
    return figures


def hubs() -> dict[str, float]:
    """Skewness of the 10-occurrence, and the share of tracks in nobody's ten, before and after."""
    found = made_up(HUB_TRACKS)
    flat = Neighbours(found.ids, found.space, found.matrix, np.ones_like(found.scales), found.index)
    figures = {}
    for name, weights in MIXES.items():
        for when, library in (("before", flat), ("after", found)):
            lists = [
                library.rank(Query((i,)), weights=weights).best(10, hidden=[row])
                for row, i in enumerate(library.ids)
            ]
            count = hubness.k_occurrence(np.array(lists), len(library))
            figures[f"{name}: skewness {when}"] = hubness.k_occurrence_skewness(count)
            figures[f"{name}: in nobody's ten {when}"] = float(np.mean(count == 0))
    return figures


def _in_process(*arguments: str, threads: str = "") -> dict[str, float]:
    settings = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | (dict.fromkeys(settings, threads) if threads else {})
    done = subprocess.run(
        [sys.executable, "-m", "bench.search", *arguments],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
    )
    return dict(json.loads(done.stdout))


def measure_search(ledger: Ledger) -> str:
    """Measure in processes of their own and return what the page says about it."""
    rows = []
    for name, threads in THREADS.items():
        check = ["check"] if threads else []
        taken = ledger.measure(name, functools.partial(_in_process, "time", *check, threads=threads))
        for mix in MIXES:
            product, search = taken[f"{mix}: product, ms"], taken[f"{mix}: search, ms"]
            equal = taken.get(f"{mix}: equal to brute force")
            shown = "" if equal is None else f"{equal:.0%}"
            rows.append(
                [name, mix, f"{product:.0f}", f"{search:.0f}", f"{taken[f'{mix}: ratio']:.2f}", shown]
            )
    even = ledger.measure("hubs", lambda: _in_process("hubs"))
    columns = [f"{what} {when}" for what in ("skewness", "in nobody's ten") for when in ("before", "after")]
    hub_rows = [[mix, *(f"{even[f'{mix}: {column}']:.2f}" for column in columns)] for mix in MIXES]
    header = ["threads", "weights", "product ms", "search ms", "ratio", "answers as brute force"]
    return "\n\n".join(
        [
            f"The {BEST} nearest of {TRACKS:,} tracks, hubs evened out, explained; medians of {ROUNDS}.",
            table(header, rows),
            f"Hubs among {HUB_TRACKS:,} tracks: skewness of the 10-occurrence, and who is in nobody's ten.",
            table(["weights", *columns], hub_rows),
        ]
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["time"]:
        print(json.dumps(take(check="check" in sys.argv)))
    elif sys.argv[1:2] == ["hubs"]:
        print(json.dumps(hubs()))
    else:
        print(measure_search(Ledger("search")))

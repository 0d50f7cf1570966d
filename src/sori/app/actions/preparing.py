"""Data sets made ready: fetched, checked, and packed into a store."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from sori.datasets import check, known_dataset, known_names, manifest_of
from sori.datasets.card import Card
from sori.datasets.checking import Finding
from sori.datasets.fetching import Report, fetch
from sori.datasets.manifest import Manifest
from sori.datasets.opening import recognise
from sori.datasets.store.index import is_store
from sori.datasets.store.packing import Packed
from sori.datasets.store.packing import prepare as pack
from sori.datasets.store.reading import open_store
from sori.datasets.store.verifying import verify as verify_store
from sori.errors import DataError, ParameterError
from sori.system.stopping import processors, stop_on_signals

__all__ = ["Checked", "card_of", "cards", "check_dataset", "fetch_dataset", "prepare", "verify"]


@dataclasses.dataclass(frozen=True)
class Checked:
    """What a data set on disk is, and what is wrong with it.

    ``dataset`` is its name among the known ones, None for others; ``warnings`` are those of its card.
    """

    path: str
    dataset: str | None
    clips: int
    labels: tuple[str, ...]
    splits: dict[str, int]
    folds: tuple[int, ...]
    groups: int
    warnings: tuple[str, ...]
    findings: list[Finding]


def cards() -> list[Card]:
    """Return the cards of all known data sets, by name."""
    return [known_dataset(name).CARD for name in known_names()]


def card_of(name: str) -> Card:
    """Return the card of a known data set.

    Raises
    ------
    ParameterError
        It is not known.
    """
    return known_dataset(name).CARD


def fetch_dataset(
    name: str,
    folder: str,
    *,
    only: str | None = None,
    report: Report = lambda file, done, total: None,
) -> tuple[list[str], Checked]:
    """Fetch what is missing of a known data set, and check what is there then.

    Raises
    ------
    ParameterError, DataError, SoriError
        As `sori.datasets.fetching.fetch`; and when the folder holds something else.
    """
    one = known_dataset(name)
    there = Path(folder).is_dir() and one.recognised(Path(folder))
    fetched = [] if there and only is None else fetch(one.CARD, folder, only=only, report=report)
    if not one.recognised(Path(folder)):
        layout = ", ".join(one.CARD.layout)
        raise DataError(f"{folder} is not laid out as {name}, which has {layout}; see {one.CARD.homepage}")
    return fetched, check_dataset(folder)


def check_dataset(
    path: str,
    *,
    decode: bool = False,
    task: Literal["classify", "tag"] | None = None,
    on_file: Callable[[int, int], None] = lambda done, total: None,
) -> Checked:
    """Look at a data set on disk, or at a store: what it is, and what is wrong with it.

    Raises
    ------
    FileNotFoundError
        Nothing is there.
    DataError
        No data set is there, or its metadata cannot be read.
    """
    place = Path(path)
    if is_store(place):
        return _check_store(place, decode=decode, task=task)
    known = recognise(place) if place.is_dir() else None
    manifest = manifest_of(place)
    findings = check(manifest, files="decoded" if decode else "present", task=task, on_file=on_file)
    of_card = known is not None and manifest.name == known.CARD.name
    return _checked(path, manifest, findings, known.CARD if of_card and known else None)


def _check_store(place: Path, *, decode: bool, task: Literal["classify", "tag"] | None) -> Checked:
    manifest = open_store(place).manifest
    findings = check(manifest, files="unseen", task=task)
    damaged = verify_store(place) if decode else {}
    if damaged:
        first, reason = next(iter(damaged.items()))
        words = (
            f"{len(damaged)} clips are damaged, the first {first!r}: {reason}; prepare again with --verify"
        )
        findings.insert(0, Finding("damaged", True, words, tuple(damaged)))
    return _checked(str(place), manifest, findings, None)


def _checked(path: str, manifest: Manifest, findings: list[Finding], card: Card | None) -> Checked:
    return Checked(
        path=path,
        dataset=card.name if card else None,
        clips=len(manifest),
        labels=manifest.labels,
        splits={split: len(manifest.select(split=split)) for split in manifest.splits},
        folds=manifest.folds,
        groups=len(manifest.groups),
        warnings=card.warnings if card else (),
        findings=findings,
    )


def prepare(
    data: str,
    *,
    out: str,
    jobs: int | None = None,
    report: Callable[[Packed], None] = lambda packed: None,
    **options: Any,
) -> Packed:
    """Pack a data set into a store; options are those of `sori.datasets.prepare`.

    Ctrl-C and SIGTERM end it at once with everything done so far kept; the answer then says ``stopped``.

    Raises
    ------
    ParameterError, DataError
        As `sori.datasets.prepare` and `sori.datasets.manifest_of`.
    """
    for name in ("timeout_s", "memory_mb"):
        if not 0 < options.get(name, 1) < math.inf:
            raise ParameterError(f"{name} is {options[name]}; limits must be numbers above 0")
    manifest = manifest_of(data)
    with stop_on_signals() as stopping:
        return pack(manifest, out, jobs=jobs or processors(), report=report, stopping=stopping, **options)


def verify(store: str) -> tuple[int, dict[str, str]]:
    """Compare every byte of a store with its checksum; return how many clips it has, and the damaged ones.

    Raises
    ------
    DataError
        The folder is no store, or its index is damaged.
    """
    return len(open_store(store)), verify_store(store)

"""Copies of files with drawn effects, for training and for trying out."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sori.audio import load, save
from sori.effects import Effect, chain_preset, generator
from sori.errors import ParameterError, SoriError

__all__ = ["Augmented", "augment", "effect_from"]

_SAME_KIND = {".wav", ".flac", ".aiff", ".aif"}


@dataclasses.dataclass(frozen=True)
class Augmented:
    """What was written, and the files that could not be read or changed, each with its reason."""

    written: tuple[dict[str, Any], ...]
    failures: tuple[dict[str, str], ...]


def effect_from(preset: str | None, chain: str | None) -> Effect:
    """Return the effect of a preset, or of JSON: text, or a file of it. A list of effects is a chain.

    Raises
    ------
    ParameterError
        For neither or both, an unknown preset, what is no JSON, and what is no effect on samples.
    """
    if (preset is None) == (chain is None):
        raise ParameterError("give either --preset or --chain")
    if preset is not None:
        return _of_any_length(chain_preset(preset))
    assert chain is not None  # one of the two
    text = chain if chain.lstrip()[:1] in ("{", "[") else Path(chain).read_text(encoding="utf-8")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ParameterError(f"--chain is no JSON ({error}); give a list of effects, or a file") from None
    effect = Effect.from_dict({"effect": "Chain", "effects": data} if isinstance(data, list) else data)
    effect.check_for_samples()
    return effect


def _of_any_length(effect: Effect) -> Effect:
    """Return the same effects for files, which need not be as long as one another as a batch must be."""
    changed: dict[str, Any] = {}
    if hasattr(effect, "keep_length"):
        changed["keep_length"] = False
    if hasattr(effect, "effects"):
        changed["effects"] = tuple(map(_of_any_length, effect.effects))
    return dataclasses.replace(effect, **changed)  # type: ignore[type-var]


def augment(
    files: Sequence[str],
    *,
    out: str,
    effect: Effect,
    copies: int = 1,
    seed: int = 0,
    form: str | None = None,
    report: Callable[[str, int, int], None] | None = None,
) -> Augmented:
    """Write ``copies`` of each file with what the effect draws, and beside each what was drawn.

    A copy depends on the seed, its number and the name of the file, and on nothing else: the same command
    makes the same files, and more files or copies change none that were there.

    Parameters
    ----------
    files : paths of audio files
    out : the folder to write to, made where it is missing
    effect : what is drawn from
    copies : how many of each file
    seed : a whole number
    form : the extension of what is written; by default that of the file if it is lossless, else ``flac``
    report : called with a file's name, how many are done and how many there are

    Raises
    ------
    ParameterError
        For a number of copies below 1, a form that cannot be written, and two files of one name.
    """
    if copies < 1:
        raise ParameterError(f"--copies is {copies}; give at least 1")
    names = [_stem(path) for path in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ParameterError(
            f"several files are called {', '.join(twice)}: their copies would be one another"
        )
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    sources = {os.path.realpath(path) for path in files}
    targets = (
        _target(folder, name, path, number, copies, form)
        for path, name in zip(files, names, strict=True)
        for number in range(1, copies + 1)
    )
    lost = sorted(str(target) for target in targets if os.path.realpath(target) in sources)
    if lost:
        raise ParameterError(f"{lost[0]} is to be heard and would be written over: choose another --out")
    written: list[dict[str, Any]] = []
    failures: list[dict[str, str]] = []
    for done, (path, name) in enumerate(zip(files, names, strict=True), 1):
        try:
            written += _copies(path, name, folder, effect, copies, seed, form)
        except (SoriError, OSError) as error:
            failures.append({"path": os.fspath(path), "reason": _reason(error)})
        if report is not None:
            report(name, done, len(files))
    return Augmented(tuple(written), tuple(failures))


def _copies(
    path: str, name: str, folder: Path, effect: Effect, copies: int, seed: int, form: str | None
) -> Iterator[dict[str, Any]]:
    samples, sample_rate = load(path)
    for number in range(1, copies + 1):
        rng = generator(seed, number, name)
        parameters = effect.draw(rng, samples, sample_rate=sample_rate)
        heard = np.asarray(effect.apply(samples, parameters, sample_rate=sample_rate), np.float32)
        target = _target(folder, name, path, number, copies, form)
        gain = _save(target, heard, sample_rate)
        record = {
            "path": str(target),
            "source": os.fspath(path),
            "copy": number,
            "seed": seed,
            "sample_rate": sample_rate,
            "effect": effect.to_dict(),
            "parameters": parameters,
            "gain": gain,
        }
        text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        target.with_suffix(".json").write_bytes(text.encode("utf-8", "surrogateescape"))
        yield record


def _target(folder: Path, name: str, path: str, number: int, copies: int, form: str | None) -> Path:
    suffix = Path(path).suffix.lower()
    extension = f".{form.lstrip('.')}" if form else suffix if suffix in _SAME_KIND else ".flac"
    return folder / f"{name}-{number:0{len(str(copies))}}{extension}"


def _save(target: Path, samples: np.ndarray, sample_rate: int) -> float:
    """Write samples, turned down to full scale where they are beyond it and the format ends there."""
    highest = float(np.abs(samples).max(initial=0.0))
    gain = 1.0
    if highest > 1 and target.suffix != ".wav":
        gain = 1.0 / highest
        samples = np.clip(samples * np.float32(gain), -1, 1)
    save(target, samples, sample_rate=sample_rate)
    return gain


def _stem(path: str) -> str:
    """Return the name that copies begin with, short enough for any file system."""
    stem = Path(path).stem
    if len(os.fsencode(stem)) <= 150:
        return stem
    return f"{stem[:60]}-{hashlib.blake2b(os.fsencode(stem), digest_size=4).hexdigest()}"


def _reason(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error).split("\n")[0]

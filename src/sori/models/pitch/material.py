"""What is learned from: audio files as constant-Q transforms in half precision, in one file read as needed.

The transform is kept whole, with its phase: backgrounds can then be added as sound is. Of long collections an
excerpt of each file is kept, all of about one length.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sori.analysis.melody.pitch_bands import PitchBands
from sori.audio import load
from sori.errors import DataError, DecodeError
from sori.library.walk import walk
from sori.signal.noise import brown_noise, pink_noise, white_noise
from sori.signal.resampling import resample
from sori.system.replacing import replacing

__all__ = ["Material", "gather"]

_MOST_FRAMES = 400_000
_LONGEST_S = 120.0  # of one file, however few there are
_KEPT_BACK = 0.08  # share of files that only say when to stop
_NOISE_S = 30.0  # of each colour
_LEVEL = 0.1  # root mean square to which every excerpt is brought: half precision has a range


@dataclasses.dataclass(frozen=True)
class Material:
    """Frames ``(frames, bands, 2)``, and where each excerpt begins and ends.

    ``role`` of an excerpt is 0 to learn from, 1 kept back, 2 background.
    """

    frames: NDArray[np.float16]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    role: NDArray[np.int64]
    files: int
    failures: list[dict[str, str]]

    def draw(
        self, rng: np.random.Generator, count: int, *, length: int, roles: Sequence[int]
    ) -> NDArray[np.float32]:
        """Return stretches ``(count, length, bands, 2)`` of excerpts of roles, from each as it is long."""
        there = np.flatnonzero(np.isin(self.role, roles) & (self.end - self.begin >= length))
        if not len(there):
            raise DataError(f"no file is as long as {length} frames; give longer ones")
        room = self.end[there] - self.begin[there] - length + 1
        which = rng.choice(there, count, p=room / room.sum())
        starts = self.begin[which] + rng.integers(self.end[which] - self.begin[which] - length + 1)
        return np.stack([self.frames[start : start + length] for start in starts]).astype(np.float32)


def gather(
    folders: Sequence[str],
    *,
    bands: PitchBands,
    octaves: bool,
    folder: Path,
    seed: int,
    report: Callable[[str], None],
) -> Material:
    """Hear all audio files in folders, once; what was heard lies in ``folder`` and is found there again.

    Files that cannot be read are listed in ``failures``. With ``octaves``, of every file a part is kept an
    octave higher or lower too, by playing it faster or slower.

    Raises
    ------
    DataError
        There is nothing to learn from.
    """
    data, about = folder / "frames.f16", folder / "frames.json"
    if not about.exists():
        _write(folders, bands, octaves, data, about, seed, report)
    stored: dict[str, Any] = json.loads(about.read_text(encoding="utf-8"))
    excerpts = np.array(stored["excerpts"], np.int64).reshape(-1, 3)
    frames = np.memmap(data, np.float16, mode="r", shape=(int(stored["frames"]), bands.n_bins, 2))
    begin, end, role = excerpts.T
    return Material(frames, begin, end, role, stored["files"], stored["failures"])


def _write(
    folders: Sequence[str],
    bands: PitchBands,
    octaves: bool,
    data: Path,
    about: Path,
    seed: int,
    report: Callable[[str], None],
) -> None:
    found = walk(folders)
    paths = sorted(found.files)
    failures = [{"path": path, "reason": why} for path, why in sorted(found.refused.items())]
    if not paths:
        raise DataError(f"there are no audio files in {', '.join(folders)}")
    rng = np.random.default_rng([seed, 1])
    back = set(rng.permutation(len(paths))[: max(1, round(_KEPT_BACK * len(paths)))].tolist())
    share_s = min(_LONGEST_S, _MOST_FRAMES * bands.hop_s / (1.5 if octaves else 1.0) / len(paths))
    excerpts: list[tuple[int, int, int]] = []
    total = heard = 0
    with replacing(data) as out:

        def keep(samples: NDArray[np.float32], role: int) -> None:
            nonlocal total
            level = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))
            if level > 0:
                both = bands.complex(samples * np.float32(_LEVEL / level))
                parts = np.stack([both.real, both.imag], -1).clip(-6e4, 6e4).astype(np.float16)
                out.write(parts.tobytes())
                excerpts.append((total, total + len(parts), role))
                total += len(parts)

        for number, path in enumerate(paths):
            try:
                samples, rate = load(path)
            except DecodeError as why:
                failures.append({"path": path, "reason": str(why)})
                continue
            mono = np.asarray(samples.mean(axis=0) if samples.ndim > 1 else samples, np.float32)
            length = min(len(mono), round(share_s * rate))
            start = int(rng.integers(len(mono) - length + 1))
            part = mono[start : start + length]
            if not len(part) or not np.isfinite(part).all():
                failures.append({"path": path, "reason": "it holds no samples that are numbers"})
                continue
            heard += 1
            role = int(number in back)
            keep(_at(part, rate, bands.sample_rate), role)
            if octaves and role == 0:
                up = number % 2 == 0
                slower = part[: len(part) // (1 if up else 4)]
                keep(_at(slower, rate * (2.0 if up else 0.5), bands.sample_rate), role)
            if (number + 1) % max(1, len(paths) // 10) == 0:
                report(f"heard {number + 1} of {len(paths)} files")
        for colour in (white_noise, pink_noise, brown_noise):
            keep(np.asarray(colour(_NOISE_S, sample_rate=bands.sample_rate, rng=rng), np.float32), 2)
    if not any(role == 0 for *_, role in excerpts) or not any(role == 1 for *_, role in excerpts):
        raise DataError(f"of {len(paths)} files {heard} could be heard; want at least two with sound")
    with replacing(about) as file:
        told = {"frames": total, "excerpts": excerpts, "files": heard, "failures": failures}
        file.write(json.dumps(told).encode())


def _at(mono: NDArray[np.float32], rate: float, wanted: float) -> NDArray[np.float32]:
    return np.asarray(resample(mono, orig_sr=rate, target_sr=wanted, quality="medium"), np.float32)

"""The floor: what any program must do that hears a file at 22.05 kHz: decode, mix to mono, resample.

``python -m bench.floor FOLDER --workers N`` does only that, to every file of a folder, in the same kind of
worker processes as ``sori index``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sori.library.workers import Done, Workers

SAMPLE_RATE = 22_050


def hear_nothing(path: str) -> int:
    """Decode a file whole, mix it to mono, resample it; return how many samples that gave."""
    import soundfile  # in the workers only: the parent does no work with samples
    import soxr

    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    return len(soxr.resample(samples.mean(axis=1), sample_rate, SAMPLE_RATE))


def hear_all(paths: list[str], *, workers: int) -> float:
    """Do that to every file with a number of workers; return the seconds of sound."""
    samples = 0
    pool: Workers[str] = Workers(workers, timeout_s=600, memory_mb=8_000, preload=("soundfile", "soxr"))
    with pool:
        while paths or pool.busy:
            while paths and pool.free:
                path = paths.pop(0)
                pool.give(path, hear_nothing, path)
            for outcome in pool.collect(1.0):
                if not isinstance(outcome, Done):
                    raise SystemExit(f"{outcome.key}: {outcome.reason}")
                samples += outcome.value
    return samples / SAMPLE_RATE


def main() -> None:
    """Run the floor over a folder and say how much sound there was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    seconds = hear_all(sorted(map(str, arguments.folder.iterdir())), workers=arguments.workers)
    print(f"{seconds:.0f} s of sound")


if __name__ == "__main__":
    main()

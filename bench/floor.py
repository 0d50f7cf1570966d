"""The floor: what any program must do that hears a file at 22.05 kHz: decode, mix to mono, resample.

``python -m bench.floor FOLDER --workers N`` does only that, to every file of a folder, in the same kind of
worker processes as ``sori index``. The strict floor uses Sori's own decoding, block by block; ``--by
libsndfile`` does what a script would: read the file whole, add the channels, resample.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sori.system.workers import Done, Workers

SAMPLE_RATE = 22_050


def by_sori(path: str) -> int:
    """Decode, mix and resample a file block by block; return how many samples that gave."""
    from sori.audio import blocks  # in the workers only: the parent does no work with samples

    return sum(len(block.samples) for block in blocks(path, sample_rate=SAMPLE_RATE, mono=True))


def by_libsndfile(path: str) -> int:
    """Decode a file whole, mix it, resample it; return how many samples that gave."""
    import soundfile
    import soxr

    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples[:, 0].copy()
    for channel in samples.T[1:]:  # several times faster than `mean`
        mono += channel
    return len(soxr.resample(mono / samples.shape[1], sample_rate, SAMPLE_RATE))


WAYS = {"sori": by_sori, "libsndfile": by_libsndfile}


def hear_all(paths: list[str], *, workers: int, by: str) -> float:
    """Do that to every file with a number of workers; return the seconds of sound."""
    samples = 0
    preload = ("soundfile", "soxr", "sori.audio", "av")
    pool: Workers[str] = Workers(workers, timeout_s=600, memory_mb=8_000, preload=preload)
    with pool:
        while paths or pool.busy:
            while paths and pool.free:
                path = paths.pop(0)
                pool.give(path, WAYS[by], path)
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
    parser.add_argument("--by", choices=WAYS, default="sori")
    arguments = parser.parse_args()
    paths = sorted(map(str, arguments.folder.iterdir()))
    seconds = hear_all(paths, workers=arguments.workers, by=arguments.by)
    print(f"{seconds:.0f} s of sound")


if __name__ == "__main__":
    main()

"""Other programs at comparable work, timed from the inside: ``peers.py PROGRAM --workers N FILE...``.

Runs in the peers' own environment, so it imports nothing of ours. Prints JSON: the seconds from the first
file to the last and the largest memory of a worker. The programs' start-up and compilation, which are long,
are left out: every worker first hears the shortest file once.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.synchronize
import os
import resource
import time


def essentia(path: str) -> None:
    """Essentia's own extractor of everything, at its defaults, which writes to no file."""
    import essentia as library
    from essentia.standard import MusicExtractor

    library.log.infoActive = library.log.warningActive = False
    MusicExtractor()(path)


def librosa(path: str) -> None:
    """What Sori hears, asked of librosa, each call as its documentation shows it, on one decode.

    Loudness, which librosa has not, is pyloudnorm's; true peak is SciPy's four-fold resampling. The
    leading line is `piptrack`'s: `pyin`, for one voice only, would take longer than all the rest.
    """
    import librosa as lib
    import numpy as np
    import pyloudnorm
    from scipy.signal import resample_poly

    stereo, rate = lib.load(path, sr=None, mono=False)
    samples = np.atleast_2d(stereo).T
    meter = pyloudnorm.Meter(rate)
    meter.integrated_loudness(samples)
    meter.loudness_range(samples)
    np.abs(resample_poly(samples, 4, 1, axis=0)).max()

    y, sr = lib.resample(lib.to_mono(stereo), orig_sr=rate, target_sr=22050), 22050
    onsets = lib.onset.onset_strength(y=y, sr=sr)
    lib.feature.tempogram(onset_envelope=onsets, sr=sr)
    lib.feature.fourier_tempogram(onset_envelope=onsets, sr=sr)
    lib.beat.beat_track(onset_envelope=onsets, sr=sr)
    tuning = lib.estimate_tuning(y=y, sr=sr)
    chroma = lib.feature.chroma_cqt(y=y, sr=sr, tuning=tuning)
    lib.segment.recurrence_matrix(chroma, sym=True)
    lib.piptrack(y=y, sr=sr)
    lib.feature.delta(lib.feature.mfcc(y=y, sr=sr))
    lib.feature.spectral_centroid(y=y, sr=sr)
    lib.feature.spectral_bandwidth(y=y, sr=sr)
    lib.feature.spectral_flatness(y=y)
    lib.feature.rms(y=y)


PROGRAMS = {"essentia": essentia, "librosa": librosa}


def hear(task: tuple[str, str]) -> float:
    """Run a program on a file; return the most memory this worker ever held, in MiB."""
    program, path = task
    PROGRAMS[program](path)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def wake(barrier: multiprocessing.synchronize.Barrier, program: str, path: str) -> None:
    """Prepare a worker: import, compile, and wait for the others, so that all start at once."""
    hear((program, path))
    barrier.wait()


def main() -> None:
    """Time a program over files with a number of workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(arguments.workers + 1)
    first = min(arguments.files, key=os.path.getsize)
    with spawn.Pool(arguments.workers, wake, (barrier, arguments.program, first)) as pool:
        barrier.wait()
        start = time.perf_counter()
        peaks = pool.map(hear, [(arguments.program, path) for path in arguments.files], chunksize=1)
        seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mib": max(peaks)}))


if __name__ == "__main__":
    main()

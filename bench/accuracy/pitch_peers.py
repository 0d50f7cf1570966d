"""Other programs' pitch: ``pitch_peers.py PROGRAM < paths``, one JSON line for each file (``.npy``, mono).

Runs in the peers' own environment, so it imports nothing of ours. pYIN at its defaults, from C2 to C7 as its
documentation shows, told to keep its guess where it hears no voice; torchcrepe where it is installed.
``cpu_s`` is processor time, after a first call on the same file that compiles what is compiled.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np

SAMPLE_RATE = 22050


def pyin(samples: np.ndarray) -> dict[str, Any]:
    """librosa's probabilistic YIN with Viterbi."""
    import librosa

    fmin, fmax = librosa.note_to_hz("C2"), librosa.note_to_hz("C7")
    hz, voiced, confidence = librosa.pyin(samples, fmin=fmin, fmax=fmax, sr=SAMPLE_RATE, fill_na=None)
    times = librosa.times_like(hz, sr=SAMPLE_RATE)
    return {
        "times_s": times.tolist(),
        "hz": hz.tolist(),
        "voiced": voiced.tolist(),
        "confidence": confidence.tolist(),
    }


def crepe(samples: np.ndarray) -> dict[str, Any]:
    """torchcrepe, the tiny model with Viterbi."""
    import torch
    import torchcrepe

    audio = torch.from_numpy(samples)[None]
    hz, periodicity = torchcrepe.predict(
        audio, SAMPLE_RATE, hop_length=220, fmin=65.0, fmax=1975.0, model="tiny", return_periodicity=True
    )
    confidence = periodicity[0].numpy()
    return {
        "times_s": (np.arange(hz.shape[1]) * 220 / SAMPLE_RATE).tolist(),
        "hz": hz[0].tolist(),
        "voiced": (confidence > 0.5).tolist(),
        "confidence": confidence.tolist(),
    }


def pesto(samples: np.ndarray) -> dict[str, Any]:
    """PESTO's network of its package, at its default."""
    import pesto as library
    import torch

    with torch.inference_mode():
        at, hz, confidence, _ = library.predict(torch.from_numpy(samples), SAMPLE_RATE, step_size=10.0)
    return {
        "times_s": (np.asarray(at) / 1000).tolist(),
        "hz": np.asarray(hz).ravel().tolist(),
        "voiced": (np.asarray(confidence).ravel() > 0.5).tolist(),
        "confidence": np.asarray(confidence).ravel().tolist(),
    }


def swift_f0(samples: np.ndarray) -> dict[str, Any]:
    """SwiftF0's network of its package, at its default."""
    import swift_f0 as library

    found = library.SwiftF0().detect(samples, SAMPLE_RATE)
    return {
        "times_s": found.timestamps.tolist(),
        "hz": found.pitch_hz.tolist(),
        "voiced": (found.confidence >= 0.5).tolist(),
        "confidence": found.confidence.tolist(),
    }


def melodia(samples: np.ndarray) -> dict[str, Any]:
    """Essentia's PredominantPitchMelodia at its defaults."""
    import essentia as library
    from essentia.standard import EqualLoudness, PredominantPitchMelodia, Resample

    library.log.infoActive = library.log.warningActive = False
    audio = Resample(inputSampleRate=SAMPLE_RATE, outputSampleRate=44100)(samples)
    hz, confidence = PredominantPitchMelodia(guessUnvoiced=True)(EqualLoudness()(audio))
    # With guessUnvoiced every frame has a pitch, and the confidence of the guessed ones is negative or none.
    return {
        "times_s": (np.arange(len(hz)) * 128 / 44100).tolist(),
        "hz": np.abs(hz).tolist(),
        "voiced": (confidence > 0).tolist(),
        "confidence": confidence.tolist(),
    }


PROGRAMS = {"crepe": crepe, "melodia": melodia, "pesto": pesto, "pyin": pyin, "swift_f0": swift_f0}


def main() -> None:
    """Answer for every path on standard input, in order."""
    hear = PROGRAMS[sys.argv[1]]
    warm = False
    for line in sys.stdin:
        samples = np.load(line.rstrip("\n"))
        if not warm:
            hear(samples[: 2 * SAMPLE_RATE])
            warm = True
        start = time.process_time()
        answer = hear(samples)
        print(json.dumps(answer | {"cpu_s": time.process_time() - start}), flush=True)


if __name__ == "__main__":
    main()

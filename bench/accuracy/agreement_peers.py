"""What other trackers call the beat: ``agreement_peers.py TRACKER < paths > one line of JSON per file``.

Runs in the trackers' own environment, so it imports nothing of ours. Each is used as its own documentation
shows, at its defaults, on the mono mix at 44.1 kHz.
"""

from __future__ import annotations

import collections
import collections.abc
import json
import sys
from typing import Any

import numpy as np

SAMPLE_RATE = 44_100


def loaded(path: str) -> np.ndarray:
    """Return the mono mix."""
    import librosa

    return np.asarray(librosa.load(path, sr=SAMPLE_RATE, mono=True)[0], dtype=np.float32)


def librosa(path: str) -> tuple[float, Any]:
    """Ellis (2007): dynamic programming around one tempo."""
    import librosa as library

    y, sr = library.load(path, sr=22_050, mono=True)
    tempo, beats = library.beat.beat_track(y=y, sr=sr, units="time")
    return float(np.atleast_1d(tempo)[0]), beats


def essentia(path: str) -> tuple[float, Any]:
    """Zapata et al. (2014): the one of five onset functions whose beats agree with the others' most."""
    return _essentia(path, "multifeature")


def degara(path: str) -> tuple[float, Any]:
    """Degara et al. (2012): a probabilistic model of the complex spectral difference."""
    return _essentia(path, "degara")


def percival(path: str) -> tuple[float, Any]:
    """Percival & Tzanetakis (2014): a tempo, no beats."""
    from essentia.standard import PercivalBpmEstimator

    return float(PercivalBpmEstimator()(loaded(path))), ()


def aubio(path: str) -> tuple[float, Any]:
    """Davies & Plumbley's causal tracker, as aubio has it."""
    import aubio as library

    window, hop = 1024, 512
    samples = loaded(path)
    track = library.tempo("default", window, hop, SAMPLE_RATE)
    beats = [
        track.get_last_s()
        for begin in range(0, len(samples) - hop + 1, hop)
        if track(samples[begin : begin + hop])[0]
    ]
    return float(60 / np.median(np.diff(beats))) if len(beats) > 2 else 0.0, beats


def madmom(path: str) -> tuple[float, Any]:
    """Böck et al. (2014, 2016): recurrent networks and a dynamic Bayesian network."""
    from madmom.audio.signal import Signal
    from madmom.features.beats import DBNBeatTrackingProcessor, RNNBeatProcessor
    from madmom.features.tempo import TempoEstimationProcessor

    samples = loaded(path)
    if len(samples) < SAMPLE_RATE:
        return 0.0, ()
    likely = RNNBeatProcessor()(Signal(samples, sample_rate=SAMPLE_RATE))
    tempi = TempoEstimationProcessor(fps=100)(likely)
    return float(tempi[0][0]) if len(tempi) else 0.0, DBNBeatTrackingProcessor(fps=100)(likely)


def _essentia(path: str, method: str) -> tuple[float, Any]:
    import essentia as library
    from essentia.standard import RhythmExtractor2013

    library.log.infoActive = library.log.warningActive = False
    tempo, beats, *_ = RhythmExtractor2013(method=method)(loaded(path))
    return float(tempo), beats


TRACKERS = {
    "librosa": librosa,
    "essentia": essentia,
    "degara": degara,
    "percival": percival,
    "aubio": aubio,
    "madmom": madmom,
}


def main() -> None:
    """Answer for every path on standard input, in order."""
    # madmom asks for names that NumPy and Python have dropped since.
    for name, kind in {
        "float": float,
        "int": int,
        "bool": bool,
        "object": object,
        "complex": complex,
    }.items():
        setattr(np, name, kind)
    for name in ("Iterable", "Mapping", "MutableSequence"):
        setattr(collections, name, getattr(collections.abc, name))
    hear = TRACKERS[sys.argv[1]]
    for line in sys.stdin:
        tempo, beats = hear(line.rstrip("\n"))
        answer = {"tempo_bpm": tempo or None, "beats_s": [round(float(t), 4) for t in beats]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
